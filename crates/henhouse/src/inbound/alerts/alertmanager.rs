//! Prometheus Alertmanager's webhook, version 4. One body speaks of one group of alerts; its key stays the same from the
//! first sending until everything in it is resolved. It signs nothing: the key of the source comes as a bearer token.

use std::fmt::Write as _;

use procedure::chapters::intake::Gravity;
use serde_json::{Map, Value};

use super::{clean, digest, fields, gravity, unknown};
use crate::desk::{Alert, Member, Sent};

/// So many alerts of a group are told in words; the body holds them all.
const TOLD: usize = 20;

/// Where more is seen of one alert; Grafana says so.
const PLACES: [(&str, &str); 3] = [
    ("panelURL", "panel"),
    ("dashboardURL", "dashboard"),
    ("silenceURL", "silence"),
];

/// Reads a body.
#[must_use]
pub fn read(raw: &[u8]) -> Alert {
    let body: Option<Value> = serde_json::from_slice(raw).ok();
    body.and_then(|body| group("Alertmanager", &body, raw))
        .unwrap_or_else(|| unknown("Alertmanager", raw))
}

/// Reads a group of somebody's who says it as Alertmanager does.
pub(super) fn group(who: &str, body: &Value, raw: &[u8]) -> Option<Alert> {
    let key = body["groupKey"].as_str()?;
    let over = body["status"] == "resolved";
    Some(Alert {
        sent: if over { Sent::Over } else { Sent::Fires },
        // As Alertmanager itself names the group to Opsgenie and PagerDuty.
        alias: digest(key.as_bytes()),
        title: clean(&title(body)),
        words: clean(&words(who, body, over)),
        gravity: gravest(body),
        members: members(body),
        fields: fields([
            &body["commonAnnotations"],
            &body["alerts"][0]["labels"],
            &body["commonLabels"],
            &body["groupLabels"],
        ]),
        raw: raw.to_vec(),
        ..Alert::default()
    })
}

/// The gravest word that its alerts have in their label `severity`.
fn gravest(body: &Value) -> Option<Gravity> {
    let alerts = body["alerts"].as_array().into_iter().flatten();
    let firing = alerts.filter(|alert| alert["status"] != "resolved");
    let said = |alert: &Value| gravity(alert["labels"]["severity"].as_str()?);
    firing.filter_map(said).max()
}

/// Each that fires, by its own key: one that joins a group that fires already is told of by its own words.
fn members(body: &Value) -> Vec<Member> {
    let alerts = body["alerts"].as_array().into_iter().flatten();
    let firing = alerts.filter(|alert| alert["status"] != "resolved");
    let member = |alert: &Value| Member {
        key: match alert["fingerprint"].as_str() {
            Some(key) if key.len() <= 64 => clean(key),
            _ => digest(alert["labels"].to_string().as_bytes()),
        },
        words: clean(&one(alert)),
    };
    firing.map(member).collect()
}

/// What its author wrote as a summary, or the name of its rule with what else the group has in common.
fn title(body: &Value) -> String {
    for said in ["summary", "title"] {
        if let Some(said) = body["commonAnnotations"][said].as_str() {
            return said.to_owned();
        }
    }
    let labels = body["commonLabels"].as_object();
    let labels = labels.or(body["groupLabels"].as_object());
    let name = body["commonLabels"]["alertname"].as_str();
    let others = labels.map(|labels| pairs(labels, &["alertname"]));
    match (name, others.filter(|others| !others.is_empty())) {
        (Some(name), Some(others)) => format!("{name} ({others})"),
        (Some(name), None) => name.to_owned(),
        (None, Some(others)) => format!("Alerts ({others})"),
        (None, None) => "Alerts".to_owned(),
    }
}

fn words(who: &str, body: &Value, over: bool) -> String {
    let none = Vec::new();
    let alerts = body["alerts"].as_array().unwrap_or(&none);
    let firing = alerts
        .iter()
        .filter(|alert| alert["status"] != "resolved")
        .count();
    let mut said = match over {
        true => format!("{who} says that this is resolved.\n"),
        false => format!("{who} says: {firing} firing of {}.\n", alerts.len()),
    };
    for alert in alerts.iter().take(TOLD) {
        let _ = writeln!(said, "\n{}", one(alert));
    }
    let more = body["truncatedAlerts"].as_u64().unwrap_or(0) as usize;
    let more = more.saturating_add(alerts.len().saturating_sub(TOLD));
    if more > 0 {
        let _ = writeln!(said, "\n... and {more} more.");
    }
    if let Some(url) = body["externalURL"].as_str() {
        let _ = writeln!(said, "\n{who}: {url}");
    }
    said
}

fn one(alert: &Value) -> String {
    let mut said = String::new();
    let status = alert["status"].as_str().unwrap_or("firing");
    if let Some(labels) = alert["labels"].as_object() {
        let _ = writeln!(said, "{status}: {}", pairs(labels, &[]));
    }
    for (name, value) in alert["annotations"].as_object().into_iter().flatten() {
        let _ = writeln!(said, "{name}: {}", value.as_str().unwrap_or_default());
    }
    for (name, value) in alert["values"].as_object().into_iter().flatten() {
        let _ = writeln!(said, "{name}: {value}");
    }
    if let Some(at) = alert["startsAt"].as_str() {
        let _ = writeln!(said, "since {at}");
    }
    for (field, name) in PLACES {
        if let Some(url) = alert[field].as_str().filter(|url| !url.is_empty()) {
            let _ = writeln!(said, "{name}: {url}");
        }
    }
    said.trim_end().to_owned()
}

fn pairs(labels: &Map<String, Value>, without: &[&str]) -> String {
    let told = labels
        .iter()
        .filter(|(name, _)| !without.contains(&name.as_str()));
    let pair = |(name, value): (&String, &Value)| match value.as_str() {
        Some(value) => format!("{name}={value}"),
        None => format!("{name}={value}"),
    };
    told.map(pair).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_group_is_one_alert_until_it_is_resolved() {
        let mut body = json!({
            "version": "4", "groupKey": "{}:{alertname=\"Door\"}", "status": "firing", "truncatedAlerts": 2,
            "commonLabels": { "alertname": "Door", "coop": "north" }, "externalURL": "http://am:9093",
            "alerts": [{ "status": "firing", "labels": { "alertname": "Door" }, "annotations": { "what": "open" } }],
        });
        let fires = read(body.to_string().as_bytes());
        assert_eq!(fires.sent, Sent::Fires);
        assert_eq!(fires.title, "Door (coop=north)");
        for said in [
            "1 firing of 1",
            "what: open",
            "and 2 more",
            "http://am:9093",
        ] {
            assert!(fires.words.contains(said), "{said}: {}", fires.words);
        }
        body["status"] = json!("resolved");
        body["alerts"][0]["status"] = json!("resolved");
        let over = read(body.to_string().as_bytes());
        assert_eq!((over.sent, over.alias), (Sent::Over, fires.alias));
    }

    #[test]
    fn what_is_not_understood_is_an_alert_all_the_same() {
        for raw in [&b"\xff\0"[..], b"[]", b"{\"status\": \"resolved\"}"] {
            let alert = read(raw);
            assert_eq!((alert.sent, &*alert.title), (Sent::Fires, "Unknown alert"));
            assert_eq!(alert.raw, raw);
            assert!(!alert.words.contains('\0'));
        }
        assert_ne!(read(b"a").alias, read(b"b").alias);
    }
}
