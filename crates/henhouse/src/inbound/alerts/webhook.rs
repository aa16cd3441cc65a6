//! JSON of any sender's: what it is called, which alert it means and whether that is over stand under names that many
//! programs use. Where a body has a `type` and `data`, as Standard Webhooks advises, both are looked at.

use std::fmt::Write as _;

use serde_json::Value;

use super::{clean, digest, fields, gravity, unknown};
use crate::desk::{Alert, Sent};

const TITLES: [&str; 10] = [
    "title",
    "summary",
    "subject",
    "message",
    "name",
    "alert_name",
    "alertname",
    "type",
    "event",
    "text",
];
const KEYS: [&str; 9] = [
    "alias",
    "dedup_key",
    "dedupKey",
    "incident_key",
    "fingerprint",
    "key",
    "alert_id",
    "alertId",
    "id",
];
const STATES: [&str; 7] = [
    "status",
    "state",
    "alert_state",
    "current_state",
    "action",
    "event_action",
    "type",
];
const GRAVITIES: [&str; 5] = ["severity", "priority", "level", "urgency", "gravity"];
/// So many fields are told in words; the body holds them all.
const TOLD: usize = 60;

/// Reads a body.
#[must_use]
pub fn read(raw: &[u8]) -> Alert {
    let body: Option<Value> = serde_json::from_slice(raw).ok();
    body.and_then(|body| alert(&body, raw))
        .unwrap_or_else(|| unknown("A webhook", raw))
}

fn alert(body: &Value, raw: &[u8]) -> Option<Alert> {
    // What stands in `data` says more than what stands around it.
    let places = [&body["data"], body];
    let title = clean(first(&places, &TITLES)?);
    let alias = match first(&places, &KEYS) {
        Some(key) => format!("webhook {}", clean(key)),
        None => format!("webhook {}", digest(title.as_bytes())),
    };
    let fields = fields([body, &body["data"]]);
    let mut words = format!("{title}\n\n");
    for (name, word) in fields.iter().filter(|(name, _)| *name != "data").take(TOLD) {
        let _ = writeln!(words, "{name}: {word}");
    }
    Some(Alert {
        sent: first(&places, &STATES).map_or(Sent::Fires, state),
        alias,
        title,
        words,
        gravity: first(&places, &GRAVITIES).and_then(gravity),
        fields,
        raw: raw.to_vec(),
        ..Alert::default()
    })
}

/// The first of these names that has a word, in the first place that has one.
fn first<'a>(places: &[&'a Value], names: &[&str]) -> Option<&'a str> {
    let words = places
        .iter()
        .flat_map(|place| names.iter().map(move |name| &place[*name]));
    let mut words = words.filter_map(Value::as_str).map(str::trim);
    words.find(|word| !word.is_empty())
}

/// Whether this word, or its last part (`alert.resolved`), says that it is over, or that somebody took note of it.
fn state(word: &str) -> Sent {
    let last = word.rsplit(['.', ':', '/']).next().unwrap_or(word);
    match last.to_ascii_lowercase().as_str() {
        "ok" | "resolved" | "resolve" | "closed" | "close" | "up" | "recovered" | "recovery"
        | "normal" | "inactive" | "cleared" | "clear" => Sent::Over,
        "acknowledged" | "acknowledge" | "ack" => Sent::Acknowledged,
        _ => Sent::Fires,
    }
}

#[cfg(test)]
mod tests {
    use procedure::chapters::intake::Gravity;
    use serde_json::json;

    use super::*;

    fn reads(body: Value) -> Alert {
        read(body.to_string().as_bytes())
    }

    #[test]
    fn the_names_that_programs_use_are_understood() {
        let fires = reads(
            json!({ "name": "Door open", "dedup_key": "door", "state": "DOWN", "level": "crit", "coop": 3 }),
        );
        assert_eq!(
            (fires.sent, &*fires.title, &*fires.alias),
            (Sent::Fires, "Door open", "webhook door")
        );
        assert_eq!(fires.gravity, Some(Gravity::Critical));
        assert!(fires.words.contains("coop: 3"), "{}", fires.words);
        let over = reads(json!({ "summary": "Door shut", "key": "door", "status": " Resolved " }));
        assert_eq!((over.sent, over.alias), (Sent::Over, fires.alias));
        let taken = reads(json!({ "title": "Door", "action": "acknowledge" }));
        assert_eq!(taken.sent, Sent::Acknowledged);
    }

    #[test]
    fn a_type_with_data_is_understood() {
        let body = |kind: &str| json!({ "type": kind, "timestamp": "2026-11-23T12:00:00Z", "data": { "id": "7", "title": "Door" } });
        let (fires, over) = (reads(body("alert.created")), reads(body("alert.resolved")));
        assert_eq!((fires.sent, over.sent), (Sent::Fires, Sent::Over));
        assert_eq!((&*fires.title, &fires.alias), ("Door", &over.alias));
    }

    #[test]
    fn what_says_nothing_is_an_alert_all_the_same() {
        for raw in [&b"\xff\0"[..], b"[]", b"{}", b"{\"title\": \" \"}", b"3"] {
            let alert = read(raw);
            assert_eq!((alert.sent, &*alert.title), (Sent::Fires, "Unknown alert"));
            assert!(!alert.words.contains('\0'));
        }
        assert_eq!(reads(json!({ "text": "hello\u{0}" })).title, "hello ");
    }
}
