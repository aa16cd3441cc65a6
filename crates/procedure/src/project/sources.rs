//! Alert sources: programs that may send alerts to the project. Each has a key of its own, of which only a hash is known
//! here. A source is no person: what it sends opens an event, and never decides anything about one.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::check::{bad_name, short_name};
use super::{ProjectBody, ProjectState};
use crate::decide::Refusal;

/// A project has at most so many sources that are not withdrawn.
const MOST: usize = 200;
/// Alerts of one source are gathered into one event for at most so long.
const LONGEST_GATHERING_MINUTES: u32 = 24 * 60;

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
}

impl Sender {
    /// Whether it can sign what it sends.
    #[must_use]
    pub const fn signs(self) -> bool {
        matches!(self, Self::Webhook)
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
    /// When it was made.
    pub added_at: Timestamp,
    /// Since when its key opens nothing.
    pub withdrawn_at: Option<Timestamp>,
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
}

/// Entry: the key of an alert source opens nothing any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceWithdrawn {
    /// Which, by its public id.
    pub id: String,
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
    })])
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
        } = added.clone();
        let source = AlertSource {
            id: id.clone(),
            name,
            sender,
            key,
            gather_minutes,
            added_at: at,
            withdrawn_at: None,
        };
        self.sources.insert(id, source);
    }

    pub(super) fn withdraw_source(&mut self, id: &str, at: Timestamp) {
        if let Some(source) = self.sources.get_mut(id) {
            source.withdrawn_at.get_or_insert(at);
        }
    }
}
