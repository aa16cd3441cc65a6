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
fn digest(bytes: &[u8]) -> String {
    let hash: [u8; 32] = Sha256::digest(bytes).into();
    casefile::Hash::from(hash).to_string()
}
