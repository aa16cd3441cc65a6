//! Messages of Amazon SNS, by HTTPS or out of a queue of Amazon SQS: alarms of CloudWatch, events of EventBridge, and words.
//! Which topic a message is of is part of what tells its alert apart.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use super::{clean, digest, eventbridge, fields, unknown};
use crate::desk::{Alert, Sent};

/// So much of a text is taken for what it is called where it has no subject, in characters.
const TITLE: usize = 120;

/// Reads what a queue holds or a topic sends: a message in its envelope, or one that stands alone.
#[must_use]
pub fn read(raw: &[u8]) -> Alert {
    let body: Option<Value> = serde_json::from_slice(raw).ok();
    let Some(body) = body else {
        return match std::str::from_utf8(raw) {
            Ok(words) if !words.trim().is_empty() => text("", None, words, raw),
            _ => unknown("Amazon", raw),
        };
    };
    let word = |name: &str| body[name].as_str();
    match (word("Type"), word("TopicArn"), word("Message")) {
        (Some("Notification"), Some(topic), Some(message)) => {
            notification(topic, word("Subject"), message, raw)
        }
        _ => direct(&body, raw).unwrap_or_else(|| unknown("Amazon", raw)),
    }
}

/// The id that SNS gave to the message in this envelope, where it is one.
#[must_use]
pub fn message_id(raw: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(raw).ok()?;
    let is_one = body["Type"] == "Notification" && body["TopicArn"].is_string();
    let id = body["MessageId"].as_str().filter(|_| is_one)?;
    Some(clean(id))
}

/// What somebody published to a topic.
fn notification(topic: &str, subject: Option<&str>, message: &str, raw: &[u8]) -> Alert {
    let body: Option<Value> = serde_json::from_str(message).ok();
    let alert = body.and_then(|body| direct(&body, raw));
    let mut alert = alert.unwrap_or_else(|| text(topic, subject, message, raw));
    alert.fields.insert("topic".to_owned(), clean(topic));
    if let Some(subject) = subject {
        alert.fields.insert("subject".to_owned(), clean(subject));
    }
    alert
}

/// What says by its shape who made it.
fn direct(body: &Value, raw: &[u8]) -> Option<Alert> {
    alarm(body, raw).or_else(|| eventbridge::event(body, raw))
}

/// An alarm of CloudWatch, as it sends it to a topic; a composite one too. Told apart as the same alarm by EventBridge is.
fn alarm(body: &Value, raw: &[u8]) -> Option<Alert> {
    let word = |name: &str| body[name].as_str().unwrap_or_default();
    let (name, state) = (body["AlarmName"].as_str()?, body["NewStateValue"].as_str()?);
    // arn:aws:cloudwatch:REGION:ACCOUNT:alarm:NAME; `Region` beside it is a name for people.
    let of_arn = word("AlarmArn").split(':').nth(3);
    let region = of_arn.unwrap_or_else(|| word("Region"));
    let account = word("AWSAccountId");
    let mut words = format!("{name} is {state}.\n");
    for said in ["NewStateReason", "AlarmDescription", "AlarmRule"] {
        let said = word(said);
        if !said.is_empty() {
            let _ = writeln!(words, "{said}");
        }
    }
    let at = word("StateChangeTime");
    let _ = writeln!(words, "\nCloudWatch, account {account}, {region}, {at}");
    let mut facts: BTreeMap<String, String> = fields([&body["Trigger"], body]);
    facts.insert("account".to_owned(), clean(account));
    facts.insert("region".to_owned(), clean(region));
    Some(Alert {
        sent: eventbridge::sent(state),
        alias: eventbridge::alias("aws.cloudwatch", account, region, name),
        title: clean(name),
        words: clean(&words),
        fields: facts,
        raw: raw.to_vec(),
        ..Alert::default()
    })
}

/// Words. What has the same subject is the same again; without one, what says the same.
fn text(topic: &str, subject: Option<&str>, message: &str, raw: &[u8]) -> Alert {
    let subject = subject.map(str::trim).filter(|subject| !subject.is_empty());
    let first = message.trim().lines().next().unwrap_or_default();
    let begin: String = first.chars().take(TITLE).collect();
    let title = match subject.unwrap_or(&begin) {
        "" => "A message without words",
        title => title,
    };
    let key = format!("{topic}\n{}", subject.unwrap_or(message));
    let from = match topic.rsplit(':').next() {
        Some(name) if !name.is_empty() => format!("\n\nBy the topic {name} of Amazon SNS."),
        _ => String::new(),
    };
    Alert {
        sent: Sent::Fires,
        alias: format!("sns {}", digest(key.as_bytes())),
        title: clean(title),
        words: clean(&format!("{message}{from}")),
        raw: raw.to_vec(),
        ..Alert::default()
    }
}
