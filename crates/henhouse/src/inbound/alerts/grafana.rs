//! Grafana's webhook. Its own alerting (since version 9) says what Alertmanager says, and more; what came before that
//! spoke of one rule at a time.

use serde_json::Value;

use super::{alertmanager, clean, digest, fields, unknown};
use crate::desk::{Alert, Sent};

/// Reads a body.
#[must_use]
pub fn read(raw: &[u8]) -> Alert {
    let body: Option<Value> = serde_json::from_slice(raw).ok();
    let read =
        |body: Value| alertmanager::group("Grafana", &body, raw).or_else(|| rule(&body, raw));
    body.and_then(read)
        .unwrap_or_else(|| unknown("Grafana", raw))
}

/// One rule, as versions up to 8 have it.
fn rule(body: &Value, raw: &[u8]) -> Option<Alert> {
    let name = clean(body["ruleName"].as_str()?);
    let state = body["state"].as_str().unwrap_or("alerting");
    let id = body["ruleId"].to_string();
    let told = ["message", "ruleUrl"].map(|field| body[field].as_str().unwrap_or_default());
    let words = format!("Grafana says: {state}.\n\n{name}\n{}", told.join("\n"));
    Some(Alert {
        sent: match state {
            "ok" | "paused" => Sent::Over,
            // It waits to see whether it lasts.
            "pending" => Sent::Noted,
            _ => Sent::Fires,
        },
        alias: format!("grafana rule {}", digest(format!("{id} {name}").as_bytes())),
        title: name,
        words: clean(words.trim_end()),
        fields: fields([&body["tags"]]),
        raw: raw.to_vec(),
        ..Alert::default()
    })
}

#[cfg(test)]
mod tests {
    use procedure::chapters::intake::Gravity;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_group_is_read_with_what_grafana_adds() {
        let body = |status: &str| {
            let body = json!({
                "receiver": "henhouse", "status": status, "orgId": 1, "groupKey": "{}:{alertname=\"Door\"}", "version": "1",
                "title": "[FIRING:1] Door (north)", "state": "alerting", "message": "**Firing**",
                "commonLabels": { "alertname": "Door", "severity": "critical" }, "truncatedAlerts": 0,
                "alerts": [{ "status": status, "labels": { "alertname": "Door", "severity": "critical" }, "annotations": {},
                    "values": { "A": 21.5 }, "fingerprint": "c6eadffa33fcdf37", "silenceURL": "https://g.example/silence",
                    "dashboardURL": "", "panelURL": "https://g.example/panel" }],
            });
            read(body.to_string().as_bytes())
        };
        let (fires, over) = (body("firing"), body("resolved"));
        assert_eq!((fires.sent, over.sent), (Sent::Fires, Sent::Over));
        assert_eq!(
            (&fires.alias, fires.gravity),
            (&over.alias, Some(Gravity::Critical))
        );
        for said in [
            "Grafana says: 1 firing of 1",
            "A: 21.5",
            "panel: https://g.example/panel",
            "silence: https",
        ] {
            assert!(fires.words.contains(said), "{said}: {}", fires.words);
        }
        assert!(!fires.words.contains("dashboard"), "{}", fires.words);
    }

    #[test]
    fn one_rule_of_an_older_version_is_read_too() {
        let body = |state: &str| {
            let body = json!({ "title": "[Alerting] Door", "ruleId": 4, "ruleName": "Door", "state": state, "message": "open" });
            read(body.to_string().as_bytes())
        };
        let (fires, over) = (body("alerting"), body("ok"));
        assert_eq!((fires.sent, over.sent), (Sent::Fires, Sent::Over));
        assert_eq!((&*fires.title, &fires.alias), ("Door", &over.alias));
        assert_eq!(read(b"{}").title, "Unknown alert");
    }
}
