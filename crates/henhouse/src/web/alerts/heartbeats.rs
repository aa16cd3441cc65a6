//! Opsgenie's Heartbeat API, below `/v2/heartbeats` and below `/jsm/ops/integration/v2/heartbeats`.

use axum::http::StatusCode;
use procedure::Text;
use procedure::project::Heartbeat;
use serde_json::{Map, Value, json};

use super::opsgenie::{key, shown, spoken};
use super::opsgenie_acts::done;
use super::{body, later, sending};
use crate::desk::{Beat, Sending};
use crate::inbound::alerts::opsgenie::{priority, tags_of};
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json as answer};

/// Says that it is there.
pub(super) async fn ping(call: Call) -> Answer {
    let pinged = async {
        let from = sending(&call, key(&call.headers)).await?;
        let heard = call.app.desk.beat(&from, call.param("name")).await;
        match heard.map_err(|error| later(&error))? {
            true => done("PONG - Heartbeat received"),
            false => Err(Problem::not_found("heartbeat")),
        }
    };
    spoken(pinged.await)
}

/// Listens for one.
pub(super) async fn create(call: Call) -> Answer {
    spoken(set(call, None).await)
}

/// Changes one.
pub(super) async fn update(call: Call) -> Answer {
    let name = call.param("name").to_owned();
    spoken(set(call, Some(name)).await)
}

/// Listens for it again.
pub(super) async fn enable(call: Call) -> Answer {
    spoken(change(call, |beat| beat.enabled = true).await)
}

/// Listens for it no more.
pub(super) async fn disable(call: Call) -> Answer {
    spoken(change(call, |beat| beat.enabled = false).await)
}

/// Takes it off.
pub(super) async fn delete(call: Call) -> Answer {
    spoken(change(call, |beat| beat.gone = true).await)
}

/// Shows one.
pub(super) async fn show(call: Call) -> Answer {
    let one = async {
        let from = sending(&call, key(&call.headers)).await?;
        shown(told(&found(&call, &from, call.param("name")).await?))
    };
    spoken(one.await)
}

/// Lists them.
pub(super) async fn list(call: Call) -> Answer {
    let all = async {
        let from = sending(&call, key(&call.headers)).await?;
        let all = call
            .app
            .desk
            .beats(&from)
            .await
            .map_err(|error| later(&error))?;
        let all: Vec<Value> = all.iter().map(told).collect();
        shown(json!({ "heartbeats": all }))
    };
    spoken(all.await)
}

async fn found(call: &Call, from: &Sending, name: &str) -> Result<Beat, Problem> {
    let all = call
        .app
        .desk
        .beats(from)
        .await
        .map_err(|error| later(&error))?;
    let found = all.into_iter().find(|beat| beat.set.name == name);
    found.ok_or_else(|| Problem::not_found("heartbeat"))
}

async fn set(mut call: Call, name: Option<String>) -> Answer {
    let from = sending(&call, key(&call.headers)).await?;
    let (raw, _room) = body(&mut call).await?;
    let said: Value =
        serde_json::from_slice(&raw).map_err(|_| Problem::field("body", "Send a JSON object."))?;
    let new = name.is_none();
    let name = name.or_else(|| said["name"].as_str().map(str::to_owned));
    let name = name.ok_or_else(|| Problem::field("name", "Give it a name."))?;
    let before = match new {
        true => None,
        false => Some(found(&call, &from, &name).await?.set),
    };
    let beat = changed(&from, name, before, &said)?;
    call.app.desk.set_beat(&from, beat.clone()).await?;
    let beat = found(&call, &from, &beat.name).await?;
    let status = if new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    answer::answer(
        status,
        &json!({ "data": told(&beat), "took": 0.0, "requestId": from.source.id }),
    )
}

async fn change(call: Call, does: impl FnOnce(&mut Heartbeat)) -> Answer {
    let from = sending(&call, key(&call.headers)).await?;
    let mut beat = found(&call, &from, call.param("name")).await?.set;
    does(&mut beat);
    let told = told(&Beat {
        set: beat.clone(),
        last: None,
        expired: false,
    });
    call.app.desk.set_beat(&from, beat).await?;
    shown(told)
}

/// What was set, where a value is not said again.
fn changed(
    from: &Sending,
    name: String,
    before: Option<Heartbeat>,
    said: &Value,
) -> Result<Heartbeat, Problem> {
    let mut beat = before.unwrap_or(Heartbeat {
        source: from.source.id.clone(),
        name,
        interval_minutes: 10,
        enabled: true,
        title: None,
        facts: None,
        gravity: None,
        gone: false,
    });
    if let Some(interval) = said["interval"].as_u64() {
        let unit = match said["intervalUnit"].as_str().unwrap_or("minutes") {
            "hours" => 60,
            "days" => 24 * 60,
            _ => 1,
        };
        let minutes = u32::try_from(interval.saturating_mul(unit));
        beat.interval_minutes =
            minutes.map_err(|_| Problem::field("interval", "Give a shorter one."))?;
    }
    beat.enabled = said["enabled"].as_bool().unwrap_or(beat.enabled);
    if let Some(title) = said["alertMessage"]
        .as_str()
        .filter(|title| !title.trim().is_empty())
    {
        let title: String = title.chars().take(200).collect();
        beat.title = Some(Text::from(title.replace('\0', " ").as_str()));
    }
    if let Some(word) = said["alertPriority"].as_str() {
        beat.gravity = Some(priority(word));
    }
    let mut facts = facts(&beat);
    for name in ["description", "alertPriority"] {
        if let Some(word) = said[name].as_str() {
            facts.insert(
                name.to_owned(),
                json!(word.chars().take(1_000).collect::<String>()),
            );
        }
    }
    if said["alertTags"].is_array() {
        facts.insert(
            "alertTags".to_owned(),
            json!(tags_of(&json!({ "tags": said["alertTags"] }))),
        );
    }
    let facts = Value::Object(facts).to_string();
    beat.facts = Some(Text::from(facts.as_str()));
    Ok(beat)
}

fn facts(beat: &Heartbeat) -> Map<String, Value> {
    let said = beat.facts.as_ref().and_then(Text::plain).unwrap_or("{}");
    serde_json::from_str(said).unwrap_or_default()
}

fn told(beat: &Beat) -> Value {
    let facts = Value::Object(facts(&beat.set));
    let title = beat.set.title.as_ref().and_then(Text::plain);
    json!({
        "name": beat.set.name,
        "description": facts["description"].as_str().unwrap_or_default(),
        "interval": beat.set.interval_minutes,
        "intervalUnit": "minutes",
        "enabled": beat.set.enabled,
        "expired": beat.expired,
        "lastPingTime": beat.last.map(|at| at.to_string()),
        "alertMessage": title.unwrap_or_default(),
        "alertTags": facts["alertTags"].as_array().cloned().unwrap_or_default(),
        "alertPriority": facts["alertPriority"].as_str().unwrap_or("P3"),
    })
}
