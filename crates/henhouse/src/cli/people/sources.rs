//! The alert sources of a project on the command line.

use reqwest::Method;
use serde_json::Value;

use super::super::Asked;
use super::super::failure::{Failure, Outcome};
use super::super::report::words;
use super::Which;

/// What may send.
pub(super) const SENDERS: [&str; 9] = [
    "alertmanager",
    "opsgenie",
    "pagerduty",
    "slack",
    "grafana",
    "eventbridge",
    "webhook",
    "sns",
    "sqs",
];

/// Where they are in the API.
pub(super) fn path(which: &Which) -> String {
    format!("/api/v1/projects/{}/sources", which.project)
}

/// The live one of this name or id.
pub(super) async fn live(asked: &Asked, which: &Which, source: &str) -> Outcome<Value> {
    let answer = asked.client.get(&path(which)).await?;
    let mut all = answer["sources"].as_array().into_iter().flatten();
    let meant = |row: &&Value| {
        row["withdrawn_at"].is_null() && (row["name"] == source || row["id"] == source)
    };
    all.find(meant).cloned().ok_or_else(|| {
        Failure::Usage(format!(
            "There is no live alert source {source} here. See: henhouse project sources --project {}",
            which.project
        ))
    })
}

/// Withdraws the live one of this name or id.
pub(super) async fn withdraw(asked: &Asked, which: &Which, source: &str) -> Outcome {
    let row = live(asked, which, source).await?;
    let id = words(&row["id"]);
    let at = format!("{}/{id}", path(which));
    let gone = asked.client.call(Method::DELETE, &at, None, None);
    gone.await?;
    asked.print(&row, |row| {
        format!("{} opens nothing any more.", words(&row["name"]))
    });
    Ok(())
}

pub(super) fn list(answer: &Value) -> String {
    let rows = answer["sources"].as_array().cloned().unwrap_or_default();
    let row = |row: &Value| {
        let [id, name, sender] = ["id", "name", "sender"].map(|field| words(&row[field]));
        let state = match row["withdrawn_at"].as_str() {
            Some(at) => format!("withdrawn {at}"),
            None => match row["shadow_until"].as_str() {
                Some(until) => format!("{} firing, calls nobody until {until}", row["live_alerts"]),
                None => format!("{} firing", row["live_alerts"]),
            },
        };
        let mut line = format!("{id}  {name:16} {sender:14} {state}");
        for topic in row["topics"].as_array().into_iter().flatten() {
            let state = match topic["runs"].as_bool() {
                Some(true) => "confirmed",
                Some(false) => "ended in Amazon SNS",
                None => "not confirmed yet",
            };
            line.push_str(&format!("\n    {}  {state}", words(&topic["arn"])));
        }
        line
    };
    match rows.is_empty() {
        true => {
            "None. Next: henhouse project add-source prometheus --sender alertmanager".to_owned()
        }
        false => rows.iter().map(row).collect::<Vec<_>>().join("\n"),
    }
}

/// Where the rules over alerts are in the API.
pub(super) fn rules_path(which: &Which) -> String {
    format!("/api/v1/projects/{}/alert-rules", which.project)
}

/// The rules, and what they held back.
pub(super) fn rules(answer: &Value) -> String {
    let rules = answer["rules"].as_array().cloned().unwrap_or_default();
    let mut lines: Vec<String> = rules
        .iter()
        .map(|rule| {
            let name = words(&rule["name"]);
            let held = answer["held"][&name].as_u64().unwrap_or(0);
            format!("{name:20} {:8} held back {held}", words(&rule["then"]))
        })
        .collect();
    if lines.is_empty() {
        lines.push(
            "No rules: each alert joins the event that its source opened last, or opens one."
                .to_owned(),
        );
    }
    for held in answer["last"].as_array().into_iter().flatten() {
        let [at, rule, title] = ["at", "rule", "title"].map(|field| words(&held[field]));
        let by = match held["route"].as_str() {
            Some(route) => format!("route {}", words(&route.into())),
            None => rule,
        };
        lines.push(format!("{at}  {by}: {title}"));
    }
    lines.join("\n")
}

/// Whom it would call, a line each.
fn would_call(answer: &Value) -> Vec<String> {
    let all = answer["would_call"].as_array().into_iter().flatten();
    let line = |call: &Value| {
        let when = match call["after_minutes"].as_i64() {
            Some(0) | None => "at once".to_owned(),
            Some(n) => format!("after {n} min"),
        };
        let who = match (&call["name"], &call["person"]) {
            (Value::Null, Value::Null) => "the project's pager".to_owned(),
            (Value::Null, person) => words(person),
            (name, _) => words(name),
        };
        let because = match call["because"].as_str() {
            Some("policy") => format!(" (policy, step {}, round {})", call["step"], call["round"]),
            Some("sheet") => format!(
                " (contact sheet, place {}, round {})",
                call["step"], call["round"]
            ),
            _ => String::new(),
        };
        format!("  {when}: {who}{because}")
    };
    let lines: Vec<String> = all.map(line).collect();
    let lead = match answer["shadow_until"].is_string() {
        true => "Without shadow it would call within the hour, while nobody answers:",
        false => "It would call within the hour, while nobody answers:",
    };
    let lead = (!lines.is_empty()).then(|| lead.to_owned());
    lead.into_iter().chain(lines).collect()
}

/// What would become of an alert.
pub(super) fn tried(answer: &Value) -> String {
    let case = words(&answer["case"]);
    let would = match answer["would"].as_str() {
        Some("opens") if answer["shadow_until"].is_string() => format!(
            "It would open an event in shadow: nobody is called until {}.",
            words(&answer["shadow_until"])
        ),
        Some("opens") => "It would open an event and call people.".to_owned(),
        Some("joins") => format!("It would join {case}."),
        Some("held") if answer["waits_for"].is_string() => {
            "It would be held back until the planned work is over.".to_owned()
        }
        Some("held") => "It would be kept and counted, and open nothing.".to_owned(),
        _ => format!(
            "It goes on already and was sent {} times: it would be counted.",
            answer["sent"]
        ),
    };
    let rule = match answer["rule"].as_str() {
        Some(rule) => format!("By the rule {}.", words(&rule.into())),
        None => "No rule fits it.".to_owned(),
    };
    let route = match answer["route"].as_str() {
        Some(route) => format!(" By the route {}.", words(&route.into())),
        None => String::new(),
    };
    let mut lines = vec![format!("{would} {rule}{route}")];
    lines.extend(would_call(answer));
    for field in ["title", "alias", "gravity"] {
        lines.push(format!("{field}: {}", words(&answer[field])));
    }
    for (name, word) in answer["fields"].as_object().into_iter().flatten() {
        lines.push(format!("{}: {}", words(&name.as_str().into()), words(word)));
    }
    lines.join("\n")
}

pub(super) fn added(answer: &Value) -> String {
    let source = &answer["source"];
    let [name, address, id] = ["name", "address", "id"].map(|field| words(&source[field]));
    let key = words(&answer["key"]);
    match source["sender"].as_str() {
        Some("sns") => {
            return format!("{name} needs no key. Subscribe {address} to its topics, by HTTPS.");
        }
        Some("sqs") => {
            return format!(
                "{name} needs no key. Its id goes into [sqs.{name}] of the settings: {id}"
            );
        }
        _ => {}
    }
    let mut said =
        format!("{key}\nThis is the key of {name}. It is not shown again. It sends to {address}");
    if answer["signing_secret"].is_string() {
        let secret = words(&answer["signing_secret"]);
        said.push_str(&format!(
            "\nOr it signs with {secret} and sends to {address}/{id}"
        ));
    }
    said
}
