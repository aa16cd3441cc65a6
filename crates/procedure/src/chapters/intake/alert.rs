//! Alerts that programs send: what one opened or joined, and what its sender said of it since. An alert decides nothing:
//! it opens a case as any report does, and only people take, end or close one.

use alloc::collections::BTreeMap;
use alloc::string::String;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::entry::Entry;
use crate::text::Text;

/// What an alert did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertStep {
    /// It opened the case.
    Opened,
    /// It joined the case.
    Joined,
    /// Somebody took note of it where it came from, which takes no case.
    Acknowledged,
    /// Its sender said more.
    Noted,
    /// Its sender says that it is over, which closes no case.
    Over,
}

/// Entry: an alert did something. Written by the desk, which keeps alerts apart by their sender's key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertNoted {
    /// Which alert source of the project, by its public id.
    pub source: String,
    /// Which alert: one from its first sending until it is over.
    pub alert: String,
    /// What it did.
    pub step: AlertStep,
    /// How often it had been sent by then.
    pub times: u64,
    /// The key by which its sender means the same one again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<Text>,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// What was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Text>,
}

/// An alert of the case, folded.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Of which source.
    pub source: String,
    /// It opened the case.
    pub opened: bool,
    /// When it was sent first.
    pub at: Timestamp,
    /// When its sender last said something that is written down.
    pub last_at: Timestamp,
    /// How often it had been sent when that was.
    pub times: u64,
    /// Somebody took note of it where it came from.
    pub acknowledged: bool,
    /// Its sender says that it is over.
    pub over: bool,
    /// The key by which its sender means it.
    pub alias: Option<Text>,
    /// What it is called.
    pub title: Option<Text>,
}

/// Every alert of a case, by id.
pub type Alerts = BTreeMap<String, Alert>;

/// Folds one entry in.
pub(super) fn apply(alerts: &mut Alerts, entry: &Entry, noted: &AlertNoted) {
    let at = entry.recorded_at;
    let begun = || Alert {
        source: noted.source.clone(),
        opened: noted.step == AlertStep::Opened,
        at,
        last_at: at,
        times: noted.times,
        acknowledged: false,
        over: false,
        alias: noted.alias.clone(),
        title: noted.title.clone(),
    };
    let alert = alerts.entry(noted.alert.clone()).or_insert_with(begun);
    alert.last_at = at;
    alert.times = alert.times.max(noted.times);
    alert.acknowledged |= noted.step == AlertStep::Acknowledged;
    alert.over |= noted.step == AlertStep::Over;
}
