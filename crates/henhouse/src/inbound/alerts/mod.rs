//! What the programs that send alerts say, each in its own words, read into one shape. What is not understood is an alert
//! all the same: somebody has to look at it.

pub mod alertmanager;
pub mod eventbridge;
pub mod grafana;
pub mod opsgenie;
pub mod pagerduty;
pub mod slack;
pub mod sns;
pub mod webhook;

use std::collections::BTreeMap;

use procedure::chapters::intake::Gravity;
use procedure::project::Sender;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::desk::{Alert, Sent};

/// Reads what a sender of this sort says when something fires.
#[must_use]
pub fn read(sender: Sender, raw: &[u8]) -> Alert {
    match sender {
        Sender::Alertmanager => alertmanager::read(raw),
        Sender::Opsgenie => opsgenie::create(raw, "unnamed"),
        Sender::Pagerduty => pagerduty::trial(raw),
        Sender::Slack => slack::read(raw),
        Sender::Grafana => grafana::read(raw),
        Sender::Eventbridge => eventbridge::read(raw),
        Sender::Webhook => webhook::read(raw),
        Sender::Sns | Sender::Sqs => sns::read(raw),
    }
}

/// A body that nobody understands. Sent again as it is, it is the same one.
#[must_use]
pub fn unknown(sender: &str, raw: &[u8]) -> Alert {
    let said = String::from_utf8_lossy(raw).replace('\0', " ");
    Alert {
        sent: Sent::Fires,
        alias: format!("unknown {}", digest(raw)),
        title: "Unknown alert".to_owned(),
        words: format!(
            "{sender} sent something that is not understood. It is kept as it came.\n\n{said}"
        ),
        raw: raw.to_vec(),
        ..Alert::default()
    }
}

/// How grave it is, in the words that monitoring has for it.
fn gravity(word: &str) -> Option<Gravity> {
    Some(match word.to_ascii_lowercase().as_str() {
        "critical" | "crit" | "fatal" | "emergency" | "disaster" | "page" => Gravity::Critical,
        "error" | "err" | "major" | "high" | "alert" => Gravity::Error,
        "warning" | "warn" | "minor" | "medium" | "average" => Gravity::Warning,
        "info" | "information" | "informational" | "notice" | "low" | "none" | "debug" => {
            Gravity::Info
        }
        _ => return None,
    })
}

/// So many fields of a sender's are there for rules.
const MOST_FIELDS: usize = 200;

/// The fields of an object, in words, for the project's rules.
fn fields<'a>(objects: impl IntoIterator<Item = &'a Value>) -> BTreeMap<String, String> {
    let pairs = objects.into_iter().filter_map(Value::as_object).flatten();
    let word = |value: &Value| match value {
        Value::String(word) => clean(word),
        other => clean(&other.to_string()),
    };
    let pairs = pairs.map(|(name, value)| (clean(name), word(value)));
    pairs.take(MOST_FIELDS).collect()
}

/// No store keeps a NUL.
fn clean(said: &str) -> String {
    said.replace('\0', " ")
}

/// SHA-256 as hexadecimal digits.
pub(super) fn digest(bytes: &[u8]) -> String {
    let hash: [u8; 32] = Sha256::digest(bytes).into();
    casefile::Hash::from(hash).to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const SENDERS: [Sender; 9] = [
        Sender::Alertmanager,
        Sender::Opsgenie,
        Sender::Pagerduty,
        Sender::Slack,
        Sender::Grafana,
        Sender::Eventbridge,
        Sender::Webhook,
        Sender::Sns,
        Sender::Sqs,
    ];
    /// Names that some sender has a meaning for.
    const NAMES: &str = "alerts|status|groupKey|labels|annotations|fingerprint|commonLabels|message|alias|tags|details|\
        priority|payload|summary|severity|event_action|dedup_key|routing_key|attachments|title|text|fields|links|source|detail-type|\
        detail|findings|data|state|Type|TopicArn|Message|MessageId|Subject|AlarmName|NewStateValue|AlarmArn|Trigger|Id|Title";

    fn reads(raw: &[u8]) -> Vec<Alert> {
        for version in [
            pagerduty::Version::One,
            pagerduty::Version::Two,
            pagerduty::Version::Change,
        ] {
            drop(pagerduty::read(raw, version, "unnamed"));
        }
        SENDERS.map(|sender| read(sender, raw)).into()
    }

    /// JSON of any shape, made of names that mean something.
    fn shapes() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,20}".prop_map(Value::from),
            "resolved|firing|critical|trigger|resolve|P1|Notification|OK|aws\\.cloudwatch|aws\\.securityhub|\\[[A-Z:1]{0,9}\\] x"
                .prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            let pairs = proptest::collection::vec((NAMES, inner.clone()), 0..6);
            prop_oneof![
                proptest::collection::vec(inner, 0..5).prop_map(Value::from),
                pairs.prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_bytes_come_they_are_an_alert(raw in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(reads(&raw).iter().all(|alert| !alert.title.contains('\0') && !alert.words.contains('\0')));
        }

        /// What stands in an envelope of SNS is read as it would be without one.
        #[test]
        fn an_envelope_hides_nothing_and_is_kept_whole(body in shapes(), subject in proptest::option::of(".{0,20}")) {
            let envelope = json!({ "Type": "Notification", "TopicArn": "arn:aws:sns:x:1:t", "MessageId": "m",
                "Message": body.to_string(), "Subject": subject }).to_string();
            let alert = sns::read(envelope.as_bytes());
            prop_assert_eq!(&alert.raw, envelope.as_bytes());
            prop_assert!(!alert.title.is_empty() || body["AlarmName"] == "" || body["detail-type"] == "");
            let alone = sns::read(body.to_string().as_bytes());
            if alone.title != "Unknown alert" && body["Type"] != "Notification" {
                prop_assert_eq!((alert.sent, alert.alias, alert.words), (alone.sent, alone.alias, alone.words));
            }
        }

        #[test]
        fn whatever_shape_comes_it_is_an_alert_without_a_nul(body in shapes()) {
            for alert in reads(json!(body).to_string().as_bytes()) {
                let told = [&alert.title, &alert.words, &alert.alias];
                prop_assert!(told.iter().all(|said| !said.contains('\0')), "{alert:?}");
                prop_assert!(alert.members.iter().all(|member| !member.key.contains('\0') && !member.words.contains('\0')));
            }
        }
    }
}
