//! PagerDuty's events: version 2, version 1 ("generic") and changes. The key of the source stands in the body. What is
//! resolved or acknowledged is meant by its `dedup_key`; a trigger without one is always a new alert.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use super::{clean, fields, gravity, unknown};
use crate::desk::{Alert, Sent};

/// An event, and the key that it shows.
#[derive(Debug)]
pub struct Event {
    /// The key of the source.
    pub key: String,
    /// The alert. Nothing where it says to what it belongs not at all.
    pub alert: Option<Alert>,
}

/// Which of its bodies it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// Events API version 2.
    Two,
    /// Events API version 1.
    One,
    /// A change event, which wakes nobody.
    Change,
}

/// Reads a body. `unnamed` becomes the key of a trigger that has none. Nothing where no key of a source stands in it.
#[must_use]
pub fn read(raw: &[u8], version: Version, unnamed: &str) -> Option<Event> {
    let body: Value = serde_json::from_slice(raw).ok()?;
    let key = body["routing_key"]
        .as_str()
        .or(body["service_key"].as_str())?;
    Some(Event {
        key: key.to_owned(),
        alert: alert(&body, raw, version, unnamed),
    })
}

/// What a source of this sort would send, whatever key stands in it.
#[must_use]
pub fn trial(raw: &[u8]) -> Alert {
    let body: Option<Value> = serde_json::from_slice(raw).ok();
    let version = |body: &Value| match body["service_key"].is_null() && body["event_type"].is_null()
    {
        true => Version::Two,
        false => Version::One,
    };
    body.and_then(|body| alert(&body, raw, version(&body), "unnamed"))
        .unwrap_or_else(|| unknown("PagerDuty's API", raw))
}

fn alert(body: &Value, raw: &[u8], version: Version, unnamed: &str) -> Option<Alert> {
    let one = version == Version::One;
    let (action, named) = match one {
        true => (&body["event_type"], &body["incident_key"]),
        false => (&body["event_action"], &body["dedup_key"]),
    };
    let sent = match (version, action.as_str()) {
        (Version::Change, _) => Sent::Changed,
        (_, Some("acknowledge")) => Sent::Acknowledged,
        (_, Some("resolve")) => Sent::Over,
        _ => Sent::Fires,
    };
    let named = named.as_str().map(clean).filter(|key| !key.is_empty());
    let alias = match (named, sent) {
        (Some(key), _) => key,
        (None, Sent::Fires | Sent::Changed) => unnamed.to_owned(),
        (None, _) => return None,
    };
    let said = if one {
        &body["description"]
    } else {
        &body["payload"]["summary"]
    };
    let Some(title) = said
        .as_str()
        .map(clean)
        .filter(|said| !said.trim().is_empty())
    else {
        return match sent {
            Sent::Fires => Some(Alert {
                alias,
                ..unknown("PagerDuty's API", raw)
            }),
            Sent::Changed => None,
            _ => Some(told(sent, alias, String::new(), body, raw)),
        };
    };
    Some(told(sent, alias, title, body, raw))
}

fn told(sent: Sent, alias: String, title: String, body: &Value, raw: &[u8]) -> Alert {
    let details = [&body["payload"]["custom_details"], &body["details"]];
    let mut facts = fields(details);
    for field in ["source", "component", "group", "class", "severity"] {
        let word = body["payload"][field].as_str();
        facts.extend(word.map(|word| (field.to_owned(), clean(word))));
    }
    Alert {
        sent,
        alias,
        words: words(&title, body, &facts),
        title,
        gravity: body["payload"]["severity"].as_str().and_then(gravity),
        fields: facts,
        raw: raw.to_vec(),
        ..Alert::default()
    }
}

fn words(title: &str, body: &Value, facts: &BTreeMap<String, String>) -> String {
    let mut said = format!("{title}\n\n");
    for (name, word) in facts {
        let _ = writeln!(said, "{name}: {word}");
    }
    for field in ["client", "client_url"] {
        if let Some(word) = body[field].as_str() {
            let _ = writeln!(said, "{field}: {}", clean(word));
        }
    }
    let links = body["links"].as_array().into_iter().flatten().take(20);
    for link in links.filter_map(|link| link["href"].as_str()) {
        let _ = writeln!(said, "link: {}", clean(link));
    }
    said
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use procedure::chapters::intake::Gravity;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_event_of_each_version_is_meant_by_its_key() {
        let two = json!({ "routing_key": "k", "event_action": "trigger", "dedup_key": "coop/door", "payload": {
            "summary": "The coop is open", "source": "door-1", "severity": "critical", "custom_details": { "hens": 12 } } });
        let event = read(two.to_string().as_bytes(), Version::Two, "x").unwrap();
        let alert = event.alert.unwrap();
        assert_eq!(
            (&*event.key, &*alert.alias, alert.gravity),
            ("k", "coop/door", Some(Gravity::Critical))
        );
        assert!(
            alert.words.contains("hens: 12") && alert.words.contains("source: door-1"),
            "{}",
            alert.words
        );
        let one =
            json!({ "service_key": "k", "event_type": "resolve", "incident_key": "coop/door" });
        let over = read(one.to_string().as_bytes(), Version::One, "x")
            .unwrap()
            .alert
            .unwrap();
        assert_eq!((over.sent, &*over.alias), (Sent::Over, "coop/door"));
        let nothing = json!({ "routing_key": "k", "event_action": "resolve" });
        assert!(
            read(nothing.to_string().as_bytes(), Version::Two, "x")
                .unwrap()
                .alert
                .is_none()
        );
        let unnamed =
            json!({ "routing_key": "k", "event_action": "trigger", "payload": { "summary": "s" } });
        assert_eq!(
            read(unnamed.to_string().as_bytes(), Version::Two, "x")
                .unwrap()
                .alert
                .unwrap()
                .alias,
            "x"
        );
        assert!(read(b"{}", Version::Two, "x").is_none());
        let odd = json!({ "routing_key": "k", "event_action": "trigger", "payload": 3 });
        assert_eq!(
            read(odd.to_string().as_bytes(), Version::Two, "x")
                .unwrap()
                .alert
                .unwrap()
                .title,
            "Unknown alert"
        );
    }
}
