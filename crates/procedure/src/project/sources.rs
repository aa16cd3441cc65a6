//! Alert sources: programs that may send alerts to the project. Each has a key of its own, of which only a hash is known
//! here. A source is no person: what it sends opens an event, and never decides anything about one.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::check::{bad_name, short_name};
use super::{ProjectBody, ProjectState, Shadow};
use crate::decide::Refusal;

/// A project has at most so many sources that are not withdrawn.
const MOST: usize = 200;
/// Alerts of one source are gathered into one event for at most so long.
const LONGEST_GATHERING_MINUTES: u32 = 24 * 60;

/// A source listens to at most so many topics.
const MOST_TOPICS: usize = 20;

/// What sort of program sends the alerts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Sender {
    /// Prometheus Alertmanager, by its webhook.
    #[default]
    Alertmanager,
    /// Whatever speaks Opsgenie's Alert API.
    Opsgenie,
    /// Whatever speaks PagerDuty's Events API.
    Pagerduty,
    /// Whatever writes to a channel of Slack's by its incoming webhook.
    Slack,
    /// Grafana, by its webhook.
    Grafana,
    /// Amazon EventBridge, by an API destination: alarms of CloudWatch, findings of GuardDuty and Security Hub.
    Eventbridge,
    /// Whatever sends JSON; signed as Standard Webhooks has it, or with the key.
    Webhook,
    /// Topics of Amazon SNS, which sign what they send: alarms of CloudWatch, events of EventBridge, or words.
    Sns,
    /// A queue of Amazon SQS, which this server asks; nothing is sent to it.
    Sqs,
}

impl Sender {
    /// Whether it can sign what it sends.
    #[must_use]
    pub const fn signs(self) -> bool {
        matches!(self, Self::Webhook)
    }

    /// Whether it shows the key of its source.
    #[must_use]
    pub const fn has_key(self) -> bool {
        !matches!(self, Self::Sns | Self::Sqs)
    }

    /// Whether its source says to which topics it listens.
    #[must_use]
    pub const fn has_topics(self) -> bool {
        matches!(self, Self::Sns)
    }
}

/// An alert source as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertSource {
    /// Its public id, under which it acts.
    pub id: String,
    /// Its short name.
    pub name: String,
    /// What sends.
    pub sender: Sender,
    /// The hash of its key, 64 hexadecimal digits.
    pub key: String,
    /// So long after it opened an event, its other alerts join that event; with 0 each opens one of its own.
    pub gather_minutes: u32,
    /// The topics of Amazon SNS that it listens to, each with what is known of its subscription.
    pub topics: BTreeMap<String, Option<Subscription>>,
    /// Whom its alerts would call is worked out, and nobody is called; when the time has passed it stays said.
    pub shadow: Option<Shadow>,
    /// When it was made.
    pub added_at: Timestamp,
    /// Since when its key opens nothing.
    pub withdrawn_at: Option<Timestamp>,
}

/// What was last heard of the subscription to a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// It runs; otherwise it was ended.
    pub runs: bool,
    /// Since when.
    pub since: Timestamp,
}

/// Add an alert source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddSource {
    /// Its public id.
    pub id: String,
    /// Its short name: small letters, digits and hyphens.
    pub name: String,
    /// What sends.
    pub sender: Sender,
    /// The hash of its key, 64 hexadecimal digits.
    pub key: String,
    /// So long after it opened an event, its other alerts join that event.
    pub gather_minutes: u32,
    /// The topics of Amazon SNS that it listens to, by their ARNs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
}

/// Entry: an alert source was added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceAdded {
    /// Its public id.
    pub id: String,
    /// Its short name.
    pub name: String,
    /// What sends.
    pub sender: Sender,
    /// The hash of its key.
    pub key: String,
    /// So long after it opened an event, its other alerts join that event.
    pub gather_minutes: u32,
    /// The topics of Amazon SNS that it listens to, by their ARNs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
}

/// Entry: the key of an alert source opens nothing any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceWithdrawn {
    /// Which, by its public id.
    pub id: String,
}

/// Entry: the subscription of a source to one of its topics was confirmed, or was ended where the topic is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicHeard {
    /// Which source, by its public id.
    pub id: String,
    /// The topic, by its ARN.
    pub topic: String,
    /// The subscription runs; otherwise it was ended.
    pub runs: bool,
}

pub(super) fn add(state: &ProjectState, add: &AddSource) -> Result<Vec<ProjectBody>, Refusal> {
    let in_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !short_name(&add.name, 40, in_name) || add.name.starts_with('-') {
        let allowed = "Use small letters, digits and hyphens, at most 40.";
        return Err(bad_name("The name of an alert source", &add.name, allowed));
    }
    let is_digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    if add.key.len() != 64 || !add.key.chars().all(is_digit) || add.id.is_empty() {
        let fix = "Let the server make its key.";
        return Err(Refusal::invalid(
            "An alert source needs an id and the hash of a key.",
            fix,
        ));
    }
    if add.gather_minutes > LONGEST_GATHERING_MINUTES {
        return Err(Refusal::invalid(
            format!("Alerts are gathered for at most {LONGEST_GATHERING_MINUTES} minutes."),
            "Give fewer minutes; with 0 each alert opens an event of its own.",
        ));
    }
    topics_fit(add)?;
    if state.sources.contains_key(&add.id) || state.live_sources().any(|s| s.name == add.name) {
        return Err(Refusal::conflict(
            format!("This project has an alert source {} already.", add.name),
            "Choose another name, or withdraw that one first.",
        ));
    }
    if state.live_sources().count() >= MOST {
        return Err(Refusal::conflict(
            format!("A project has at most {MOST} alert sources."),
            "Withdraw one that sends nothing any more.",
        ));
    }
    let add = add.clone();
    Ok(alloc::vec![ProjectBody::SourceAdded(SourceAdded {
        id: add.id,
        name: add.name,
        sender: add.sender,
        key: add.key,
        gather_minutes: add.gather_minutes,
        topics: add.topics,
    })])
}

/// A source of Amazon SNS says to which topics it listens, and no other does.
fn topics_fit(add: &AddSource) -> Result<(), Refusal> {
    if !add.sender.has_topics() {
        return match add.topics.is_empty() {
            true => Ok(()),
            false => Err(Refusal::invalid(
                "Only a source of Amazon SNS listens to topics.",
                "Leave the topics out, or let Amazon SNS send.",
            )),
        };
    }
    if add.topics.is_empty() || add.topics.len() > MOST_TOPICS {
        return Err(Refusal::invalid(
            format!(
                "A source of Amazon SNS listens to one topic at least, and to {MOST_TOPICS} at most."
            ),
            "Name them by their ARNs, such as arn:aws:sns:eu-central-1:123456789012:alarms.",
        ));
    }
    match add
        .topics
        .iter()
        .find(|topic| TopicArn::read(topic).is_none())
    {
        None => Ok(()),
        Some(odd) => Err(Refusal::invalid(
            format!("{odd:?} is no topic of Amazon SNS."),
            "Write its ARN, such as arn:aws:sns:eu-central-1:123456789012:alarms.",
        )),
    }
}

/// The parts of a topic's ARN that say where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopicArn<'a> {
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub partition: &'a str,
    /// Such as `eu-central-1`.
    pub region: &'a str,
}

impl<'a> TopicArn<'a> {
    /// Reads one; none where it is no topic's.
    #[must_use]
    pub fn read(arn: &'a str) -> Option<Self> {
        let mut parts = arn.split(':');
        let mut next = || parts.next();
        let (arn, partition, service) = (next()?, next()?, next()?);
        let (region, account, name) = (next()?, next()?, next()?);
        let in_region = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let in_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let fits = arn == "arn"
            && service == "sns"
            && ["aws", "aws-cn", "aws-us-gov"].contains(&partition)
            && short_name(region, 32, in_region)
            && !region.starts_with('-')
            && account.len() == 12
            && account.chars().all(|c| c.is_ascii_digit())
            && short_name(name, 256, in_name)
            && next().is_none();
        fits.then_some(Self { partition, region })
    }
}

/// Notes what was heard of a subscription; nothing where that is known.
pub(super) fn hear(state: &ProjectState, heard: &TopicHeard) -> Result<Vec<ProjectBody>, Refusal> {
    let source = state.live_sources().find(|source| source.id == heard.id);
    let Some(known) = source.and_then(|source| source.topics.get(&heard.topic)) else {
        return Err(Refusal::conflict(
            "No source of this project listens to this topic.",
            "Look at the list of the project's sources.",
        ));
    };
    Ok(match known.is_some_and(|known| known.runs == heard.runs) {
        true => Vec::new(),
        false => alloc::vec![ProjectBody::TopicHeard(heard.clone())],
    })
}

pub(super) fn withdraw(state: &ProjectState, id: &str) -> Result<Vec<ProjectBody>, Refusal> {
    if !state.live_sources().any(|source| source.id == id) {
        return Err(Refusal::conflict(
            "There is no such alert source, or it was withdrawn before.",
            "Look at the list of the project's sources.",
        ));
    }
    Ok(alloc::vec![ProjectBody::SourceWithdrawn(SourceWithdrawn {
        id: id.into()
    })])
}

impl ProjectState {
    /// The sources whose keys open something, by id.
    pub fn live_sources(&self) -> impl Iterator<Item = &AlertSource> {
        self.sources
            .values()
            .filter(|source| source.withdrawn_at.is_none())
    }

    pub(super) fn add_source(&mut self, added: &SourceAdded, at: Timestamp) {
        let SourceAdded {
            id,
            name,
            sender,
            key,
            gather_minutes,
            topics,
        } = added.clone();
        let source = AlertSource {
            id: id.clone(),
            name,
            sender,
            key,
            gather_minutes,
            topics: topics.into_iter().map(|topic| (topic, None)).collect(),
            shadow: None,
            added_at: at,
            withdrawn_at: None,
        };
        self.sources.insert(id, source);
    }

    pub(super) fn hear_topic(&mut self, heard: &TopicHeard, at: Timestamp) {
        let source = self.sources.get_mut(&heard.id);
        if let Some(known) = source.and_then(|source| source.topics.get_mut(&heard.topic)) {
            *known = Some(Subscription {
                runs: heard.runs,
                since: at,
            });
        }
    }

    pub(super) fn withdraw_source(&mut self, id: &str, at: Timestamp) {
        if let Some(source) = self.sources.get_mut(id) {
            source.withdrawn_at.get_or_insert(at);
        }
    }
}
