//! What else Opsgenie's clients do with an alert: they list, say more, and change what it is called. What is said there of
//! people and teams is written down and decides nothing: who is called stands in this project.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::opsgenie::{OF_NOTHING, key, known, meant, shown, spoken};
use super::{body, later, sending, take};
use crate::desk::{Alert, KnownAlert, Sending, Sent};
use crate::inbound::alerts::opsgenie::{noted, priority, tags_of};
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json as answer};

/// So many of the last alerts of a source are looked at for a list.
const LOOKED_AT: u32 = 1_000;
/// At most so many are shown at once, as at Opsgenie.
const PAGE: usize = 100;
/// So many tags and details an alert has.
const MOST: usize = 100;

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident = $run:expr;)+) => {
        $($(#[$doc])* pub(super) async fn $name(call: Call) -> Answer {
            spoken(act(call, $run).await)
        })+
    };
}

acts! {
    /// Nobody takes note of it there any more.
    unacknowledge = |_, alert, _| alert.sent = Sent::Unacknowledged;
    /// It is over there; nothing is deleted here.
    delete = |_, alert, _| alert.sent = Sent::Over;
    /// Notes until when nobody is reminded of it there.
    snooze = |body, alert, _| put(alert, "snoozedUntil", &body["endTime"]);
    /// Notes that others are called there.
    escalate = |body, alert, _| put(alert, "escalation", &body["escalation"]);
    /// Notes whose it is there.
    assign = |body, alert, _| put(alert, "owner", &body["owner"]);
    /// Notes who is to respond there.
    responders = |body, alert, _| put(alert, "responder", &body["responder"]);
    /// Notes which team it was given to there.
    teams = |body, alert, _| put(alert, "team", &body["team"]);
    /// Notes an action of its sender's.
    action = |_, _, _| ();
    /// Gives it more tags.
    add_tags = |body, alert, before| {
        let mut tags = tags_of(&Value::Object(before.clone()));
        for tag in tags_of(body) {
            if tags.len() < MOST && !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        put(alert, "tags", &json!(tags));
    };
    /// Gives it more details.
    add_details = |body, alert, before| {
        let mut details = before.get("details").and_then(Value::as_object).cloned().unwrap_or_default();
        let more = body["details"].as_object().cloned().unwrap_or_default();
        details.extend(more.into_iter().take(MOST));
        put(alert, "details", &json!(details));
    };
    /// Calls it otherwise.
    message = |body, alert, _| put(alert, "message", &body["message"]);
    /// Describes it otherwise.
    description = |body, alert, _| put(alert, "description", &body["description"]);
    /// Says how pressing it is.
    set_priority = |body, alert, _| {
        alert.gravity = body["priority"].as_str().map(priority);
        put(alert, "priority", &body["priority"]);
    };
}

/// Takes tags off.
pub(super) async fn take_tags(call: Call) -> Answer {
    let query = call.page_query();
    let gone = words(query.get("tags"));
    let less = move |_: &Value, alert: &mut Alert, before: &Map<String, Value>| {
        let mut tags = tags_of(&Value::Object(before.clone()));
        tags.retain(|tag| !gone.contains(tag));
        put(alert, "tags", &json!(tags));
    };
    spoken(act(call, less).await)
}

/// Takes details off.
pub(super) async fn take_details(call: Call) -> Answer {
    let query = call.page_query();
    let gone = words(query.get("keys"));
    let less = move |_: &Value, alert: &mut Alert, before: &Map<String, Value>| {
        let mut details = before
            .get("details")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        details.retain(|name, _| !gone.contains(name));
        put(alert, "details", &json!(details));
    };
    spoken(act(call, less).await)
}

/// Lists alerts, newest first.
pub(super) async fn list(call: Call) -> Answer {
    spoken(lists(call).await)
}

/// Everything that was said of one.
pub(super) async fn logs(call: Call) -> Answer {
    spoken(said(call, false).await)
}

/// The notes of one.
pub(super) async fn notes(call: Call) -> Answer {
    spoken(said(call, true).await)
}

/// Whom it was sent to there: nobody, because people are called by their case.
pub(super) async fn recipients(call: Call) -> Answer {
    let recipients = async {
        let from = sending(&call, key(&call.headers)).await?;
        let found = known(&call, &from, meant(&call)?).await?;
        found.ok_or_else(|| Problem::not_found("alert"))?;
        shown(json!([]))
    };
    spoken(recipients.await)
}

async fn act(mut call: Call, does: impl FnOnce(&Value, &mut Alert, &Map<String, Value>)) -> Answer {
    let from = sending(&call, key(&call.headers)).await?;
    let what = call
        .uri
        .path()
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_owned();
    let (raw, _room) = body(&mut call).await?;
    let by = meant(&call)?;
    let alert = known(&call, &from, by).await?.filter(|alert| !alert.over);
    let Some(alert) = alert else {
        return super::opsgenie::accepted(None);
    };
    let body: Value = serde_json::from_slice(&raw).unwrap_or_default();
    let mut said = noted(Sent::Noted, alert.alias.clone(), &raw);
    does(&body, &mut said, &alert.facts);
    if said.sent == Sent::Noted {
        let mut words = format!("{what}\n");
        for (name, value) in &said.facts {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            words.push_str(&format!("{name}: {value}\n"));
        }
        said.words.insert_str(0, &words.replace('\0', " "));
    }
    let received = take(&call, &from, said).await?;
    super::opsgenie::accepted(received.id)
}

/// Keeps a value, if one was sent.
fn put(alert: &mut Alert, name: &str, value: &Value) {
    if !value.is_null() {
        alert.facts.insert(name.to_owned(), value.clone());
    }
}

fn words(list: Option<&str>) -> Vec<String> {
    let words = list.unwrap_or_default().split(',').map(str::trim);
    words
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

async fn lists(call: Call) -> Answer {
    let from = sending(&call, key(&call.headers)).await?;
    let query = call.page_query();
    let number = |name, otherwise: usize| {
        let said = query.get(name).map_or(Ok(otherwise), str::parse);
        said.map_err(|_| Problem::field(name, "Give a number."))
    };
    let (limit, offset) = (number("limit", 20)?.min(PAGE), number("offset", 0)?);
    let wanted = asked(query.get("query").unwrap_or_default())?;
    let all = call.app.desk.last_alerts(&from, LOOKED_AT).await;
    let mut all = all.map_err(|error| later(&error))?;
    all.retain(|alert| wanted.iter().all(|(field, word)| is(alert, field, word)));
    if query.get("order") == Some("asc") {
        all.reverse();
    }
    let page = all.iter().skip(offset).take(limit);
    shown(Value::Array(page.map(|alert| told(&from, alert)).collect()))
}

/// The terms of a query that are understood here: `status:open AND tag:north`. What is not understood is refused: a wrong list
/// would be believed.
fn asked(query: &str) -> Result<Vec<(String, String)>, Problem> {
    const FIELDS: [&str; 7] = [
        "status",
        "alias",
        "tag",
        "priority",
        "acknowledged",
        "message",
        "entity",
    ];
    let mut terms = Vec::new();
    for term in query
        .split(" AND ")
        .flat_map(|terms| terms.split(" and "))
        .map(str::trim)
    {
        if term.is_empty() {
            continue;
        }
        let (field, word) = term.split_once([':', '=']).unwrap_or((term, ""));
        let (field, word) = (
            field.trim().to_lowercase(),
            word.trim().trim_matches('"').to_owned(),
        );
        if !FIELDS.contains(&field.as_str()) || word.is_empty() || word.contains(" OR ") {
            let fix = "Here a query has terms such as status:open, joined by AND, over status, alias, tag, priority, \
                       acknowledged, message, entity.";
            return Err(Problem::field("query", fix));
        }
        terms.push((field, word));
    }
    Ok(terms)
}

fn is(alert: &KnownAlert, field: &str, word: &str) -> bool {
    let fact = |name: &str| {
        alert
            .facts
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    match field {
        "status" => (word == "closed") == alert.over,
        "alias" => alert.alias == word,
        "tag" => tags_of(&Value::Object(alert.facts.clone()))
            .iter()
            .any(|tag| tag == word),
        "priority" => fact("priority") == word,
        "acknowledged" => (word == "true") == alert.acknowledged,
        "entity" => fact("entity") == word,
        _ => name_of(alert).to_lowercase().contains(&word.to_lowercase()),
    }
}

fn name_of(alert: &KnownAlert) -> &str {
    let said = alert.facts.get("message").and_then(Value::as_str);
    said.unwrap_or(&alert.title)
}

/// An alert as Opsgenie shows it.
pub(super) fn told(from: &Sending, alert: &KnownAlert) -> Value {
    let fact = |name: &str| alert.facts.get(name).cloned().unwrap_or(Value::Null);
    let facts = Value::Object(alert.facts.clone());
    json!({
        "id": alert.id.to_string(),
        "tinyId": alert.id.simple().to_string()[24..],
        "alias": alert.alias,
        "message": name_of(alert),
        "status": if alert.over { "closed" } else { "open" },
        "acknowledged": alert.acknowledged,
        "isSeen": alert.acknowledged,
        "tags": tags_of(&facts),
        "details": facts["details"].as_object().cloned().unwrap_or_default(),
        "description": fact("description"),
        "entity": fact("entity"),
        "priority": facts["priority"].as_str().unwrap_or("P3"),
        "source": fact("source"),
        "snoozed": facts["snoozedUntil"].is_string(),
        "snoozedUntil": fact("snoozedUntil"),
        "count": alert.times,
        "createdAt": alert.at.to_string(),
        "updatedAt": alert.last_at.to_string(),
        "lastOccurredAt": alert.last_at.to_string(),
        "responders": [], "teams": [],
        "integration": { "id": from.source.id, "name": from.source.name, "type": "API" },
    })
}

async fn said(call: Call, notes: bool) -> Answer {
    let from = sending(&call, key(&call.headers)).await?;
    let found = known(&call, &from, meant(&call)?).await?;
    let alert = found.ok_or_else(|| Problem::not_found("alert"))?;
    let all = call.app.desk.said_of_alert(&from, alert.id).await;
    let all = all.map_err(|error| later(&error))?;
    use procedure::chapters::intake::AlertStep;
    let lines = all.iter().enumerate();
    let lines = lines.filter(|(_, said)| !notes || said.step == AlertStep::Noted);
    let line = |(n, said): (usize, &crate::desk::SaidOfAlert)| {
        let words = if said.words.is_empty() {
            "-"
        } else {
            &said.words
        };
        let name = if notes { "note" } else { "log" };
        json!({ name: words, "type": "alert", "owner": from.source.name, "createdAt": said.at.to_string(),
            "offset": format!("{n}") })
    };
    shown(Value::Array(lines.map(line).collect()))
}

/// Says how many alerts a query finds.
pub(super) async fn count(call: Call) -> Answer {
    let counts = async {
        let from = sending(&call, key(&call.headers)).await?;
        let query = call.page_query();
        let wanted = asked(query.get("query").unwrap_or("status:open"))?;
        if wanted == [("status".to_owned(), "open".to_owned())] {
            let count = call.app.desk.live_alerts(from.source.id.clone()).await;
            return shown(json!({ "count": count.map_err(|error| later(&error))? }));
        }
        let all = call.app.desk.last_alerts(&from, LOOKED_AT).await;
        let all = all.map_err(|error| later(&error))?;
        let found = all
            .iter()
            .filter(|alert| wanted.iter().all(|(field, word)| is(alert, field, word)));
        shown(json!({ "count": found.count() }))
    };
    spoken(counts.await)
}

/// Shows one.
pub(super) async fn show(call: Call) -> Answer {
    let one = async {
        let from = sending(&call, key(&call.headers)).await?;
        let found: Option<KnownAlert> = known(&call, &from, meant(&call)?).await?;
        let alert = found.ok_or_else(|| Problem::not_found("alert"))?;
        shown(told(&from, &alert))
    };
    spoken(one.await)
}

/// What was accepted, with these words.
pub(super) fn done(words: &str) -> Answer {
    answer::answer(
        StatusCode::ACCEPTED,
        &json!({ "result": words, "took": 0.0, "requestId": OF_NOTHING.to_string() }),
    )
}
