//! Events of Amazon EventBridge: alarms of CloudWatch, findings of GuardDuty and of Security Hub (in its own format and in
//! OCSF), and whatever else a rule there sends. Each service has its own key for one and the same thing.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use procedure::chapters::intake::Gravity;
use serde_json::Value;

use super::{clean, digest, fields, gravity, unknown};
use crate::desk::{Alert, Sent};

/// So many findings of one event are told in words; the body holds them all.
const TOLD: usize = 20;

/// Reads an event.
#[must_use]
pub fn read(raw: &[u8]) -> Alert {
    let event: Option<Value> = serde_json::from_slice(raw).ok();
    event
        .and_then(|event| self::event(&event, raw))
        .unwrap_or_else(|| unknown("EventBridge", raw))
}

/// What a service says of one thing.
struct Said {
    sent: Sent,
    key: String,
    title: String,
    words: String,
    gravity: Option<Gravity>,
}

/// An event, if it is one.
pub(super) fn event(event: &Value, raw: &[u8]) -> Option<Alert> {
    let (source, kind) = (event["source"].as_str()?, event["detail-type"].as_str()?);
    let detail = &event["detail"];
    let said = match (source, kind) {
        ("aws.cloudwatch", "CloudWatch Alarm State Change") => alarm(detail),
        ("aws.guardduty", "GuardDuty Finding") => finding_of_guardduty(detail),
        ("aws.securityhub", _) => findings(detail),
        _ => None,
    };
    let said = said.unwrap_or_else(|| other(event, kind));
    let place = |name: &str| event[name].as_str().unwrap_or_default();
    let (account, region) = (place("account"), place("region"));
    let mut words = format!("{}\n\n{kind} of {source}", said.words.trim_end());
    let _ = writeln!(words, ", account {account}, {region}, {}", place("time"));
    let mut facts: BTreeMap<String, String> = fields([detail]);
    facts.extend(
        ["source", "detail-type", "account", "region"]
            .map(|name| (name.to_owned(), clean(place(name)))),
    );
    Some(Alert {
        sent: said.sent,
        alias: alias(source, account, region, &said.key),
        title: clean(&said.title),
        words: clean(&words),
        gravity: said.gravity,
        fields: facts,
        raw: raw.to_vec(),
        ..Alert::default()
    })
}

/// What tells an alert apart: an alarm is called alike in every account and region.
pub(super) fn alias(source: &str, account: &str, region: &str, key: &str) -> String {
    let all = format!("{source}\n{account}\n{region}\n{key}");
    format!("eventbridge {}", digest(all.as_bytes()))
}

/// What the state of an alarm says. Without data it is no more known how things are: that is told, and decides nothing.
pub(super) fn sent(state: &str) -> Sent {
    match state {
        "OK" => Sent::Over,
        "INSUFFICIENT_DATA" => Sent::Noted,
        _ => Sent::Fires,
    }
}

/// An alarm that changed its state.
fn alarm(detail: &Value) -> Option<Said> {
    let name = detail["alarmName"].as_str()?;
    let state = detail["state"]["value"].as_str()?;
    let reason = detail["state"]["reason"].as_str().unwrap_or_default();
    let about = detail["configuration"]["description"]
        .as_str()
        .unwrap_or_default();
    Some(Said {
        sent: sent(state),
        key: name.to_owned(),
        title: name.to_owned(),
        words: format!("{name} is {state}.\n{reason}\n{about}"),
        gravity: None,
    })
}

fn finding_of_guardduty(detail: &Value) -> Option<Said> {
    let word = |name: &str| detail[name].as_str().unwrap_or_default();
    Some(Said {
        sent: if detail["service"]["archived"] == true {
            Sent::Over
        } else {
            Sent::Fires
        },
        key: detail["id"].as_str()?.to_owned(),
        title: detail["title"].as_str()?.to_owned(),
        words: format!(
            "{}\n{}\n{}",
            word("title"),
            word("description"),
            word("type")
        ),
        gravity: detail["severity"].as_f64().map(of_guardduty),
    })
}

/// By GuardDuty's own bounds: low from 1, medium from 4, high from 7, critical from 9.
fn of_guardduty(severity: f64) -> Gravity {
    match severity {
        9.0.. => Gravity::Critical,
        7.0..9.0 => Gravity::Error,
        4.0..7.0 => Gravity::Warning,
        _ => Gravity::Info,
    }
}

/// The findings of an event: mostly one; those that somebody picked by hand may be several, and are over together.
fn findings(detail: &Value) -> Option<Said> {
    let findings = detail["findings"].as_array()?;
    let first = findings.first()?;
    let title = title_of(first)?;
    let mut words = String::new();
    for finding in findings.iter().take(TOLD) {
        let about = [&finding["Description"], &finding["finding_info"]["desc"]];
        let about = about
            .into_iter()
            .find_map(Value::as_str)
            .unwrap_or_default();
        let _ = writeln!(
            words,
            "{}\n{about}\n",
            title_of(finding).unwrap_or_default()
        );
    }
    if findings.len() > TOLD {
        let _ = writeln!(words, "... and {} more.", findings.len() - TOLD);
    }
    Some(Said {
        sent: if findings.iter().all(is_over) {
            Sent::Over
        } else {
            Sent::Fires
        },
        key: findings
            .iter()
            .map(key_of)
            .collect::<Option<Vec<_>>>()?
            .join("\n"),
        title: match findings.len() {
            1 => title.to_owned(),
            several => format!("{title}, and {} more", several - 1),
        },
        words,
        gravity: findings.iter().filter_map(gravity_of).max(),
    })
}

fn key_of(finding: &Value) -> Option<&str> {
    let keys = [&finding["Id"], &finding["finding_info"]["uid"]];
    keys.into_iter().find_map(Value::as_str)
}

fn title_of(finding: &Value) -> Option<&str> {
    let titles = [&finding["Title"], &finding["finding_info"]["title"]];
    titles.into_iter().find_map(Value::as_str)
}

fn gravity_of(finding: &Value) -> Option<Gravity> {
    let words = [&finding["Severity"]["Label"], &finding["severity"]];
    words.into_iter().find_map(Value::as_str).and_then(gravity)
}

/// Resolved, suppressed or archived there.
fn is_over(finding: &Value) -> bool {
    let states = [
        &finding["Workflow"]["Status"],
        &finding["RecordState"],
        &finding["status"],
    ];
    let mut states = states.into_iter().filter_map(Value::as_str);
    states.any(|state| {
        ["resolved", "suppressed", "archived"].contains(&state.to_ascii_lowercase().as_str())
    })
}

/// What no service of the above says: by what it is about.
fn other(event: &Value, kind: &str) -> Said {
    let about = event["resources"][0].as_str().or(event["id"].as_str());
    let detail = event["detail"].to_string();
    Said {
        sent: Sent::Fires,
        key: format!("{kind}\n{}", about.unwrap_or(&detail)),
        title: kind.to_owned(),
        words: format!("{kind}\n{}\n{detail}", about.unwrap_or_default()),
        gravity: None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(source: &str, kind: &str, detail: Value) -> Alert {
        let event = json!({
            "version": "0", "id": "7bf73129-1428-4cd3-a780-95db273d1602", "detail-type": kind, "source": source,
            "account": "123456789012", "time": "2026-11-23T12:00:00Z", "region": "eu-central-1", "resources": [],
            "detail": detail,
        });
        read(event.to_string().as_bytes())
    }

    #[test]
    fn an_alarm_is_one_alert_until_it_is_ok() {
        let alarm = |state: &str| {
            let detail = json!({ "alarmName": "Doors", "state": { "value": state, "reason": "Threshold Crossed" } });
            event("aws.cloudwatch", "CloudWatch Alarm State Change", detail)
        };
        let [fires, over, silent] = ["ALARM", "OK", "INSUFFICIENT_DATA"].map(alarm);
        assert_eq!(
            [fires.sent, over.sent, silent.sent],
            [Sent::Fires, Sent::Over, Sent::Noted]
        );
        assert_eq!((&*fires.title, &fires.alias), ("Doors", &over.alias));
        for said in ["Threshold Crossed", "account 123456789012", "eu-central-1"] {
            assert!(fires.words.contains(said), "{said}: {}", fires.words);
        }
    }

    #[test]
    fn a_finding_of_guardduty_has_its_gravity_by_number() {
        let finding = |severity: f64| {
            let detail = json!({ "id": "f1", "title": "Somebody digs", "description": "below the fence",
                "type": "CryptoCurrency:EC2/BitcoinTool.B", "severity": severity, "service": { "archived": false } });
            event("aws.guardduty", "GuardDuty Finding", detail)
        };
        let bounds = [
            (1.0, Gravity::Info),
            (4.0, Gravity::Warning),
            (7.0, Gravity::Error),
            (9.0, Gravity::Critical),
        ];
        for (severity, gravity) in bounds {
            assert_eq!(finding(severity).gravity, Some(gravity), "{severity}");
        }
        assert_eq!(finding(2.0).alias, finding(8.0).alias);
    }

    #[test]
    fn findings_of_security_hub_are_read_in_both_formats() {
        let asff = |status: &str| {
            let finding = json!({ "Id": "arn:1", "Title": "Bucket is public", "Description": "b",
                "Severity": { "Label": "HIGH" }, "Workflow": { "Status": status }, "RecordState": "ACTIVE" });
            event(
                "aws.securityhub",
                "Security Hub Findings - Imported",
                json!({ "findings": [finding] }),
            )
        };
        let (fires, over) = (asff("NEW"), asff("RESOLVED"));
        assert_eq!((fires.sent, over.sent), (Sent::Fires, Sent::Over));
        assert_eq!(
            (&fires.alias, fires.gravity),
            (&over.alias, Some(Gravity::Error))
        );
        let ocsf = json!({ "finding_info": { "uid": "u1", "title": "Key is old", "desc": "d" }, "severity": "Critical", "status": "New" });
        let ocsf = event(
            "aws.securityhub",
            "Findings Imported V2",
            json!({ "findings": [ocsf.clone(), ocsf] }),
        );
        assert_eq!(
            (&*ocsf.title, ocsf.gravity),
            ("Key is old, and 1 more", Some(Gravity::Critical))
        );
    }

    #[test]
    fn another_event_and_no_event_are_alerts_all_the_same() {
        let other = event("farm.coop", "Door", json!({ "open": true }));
        assert_eq!((other.sent, &*other.title), (Sent::Fires, "Door"));
        assert_eq!(
            event("aws.securityhub", "Insight", json!({})).title,
            "Insight"
        );
        for raw in [&b"{}"[..], b"\xff", b"{\"source\": 3}"] {
            assert_eq!(read(raw).title, "Unknown alert");
        }
    }
}
