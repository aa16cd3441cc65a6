//! Alerts that programs send: what one opened or joined, and what its sender said of it since. An alert decides nothing:
//! it opens a case as any report does, and only people take, end or close one.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::at::{At, after, minutes};
use crate::entry::Entry;
use crate::id::PersonId;
use crate::notice::{Notice, Recipient};
use crate::project::Routed;
use crate::text::Text;

/// How grave its sender calls an alert. It is no severity of the case: that is for people to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Gravity {
    /// For the record.
    Info,
    /// Somebody should look at it.
    Warning,
    /// Something does not work.
    Error,
    /// Somebody is needed now.
    Critical,
}

/// What an alert did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertStep {
    /// It opened the case.
    Opened,
    /// It joined the case.
    Joined,
    /// It is a group of its sender's, and others joined it there; or it is graver than it was.
    Grew,
    /// Somebody took note of it where it came from, which takes no case.
    Acknowledged,
    /// Nobody takes note of it there any more.
    Unacknowledged,
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
    /// How grave its sender calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gravity: Option<Gravity>,
    /// Where it is a group of its sender's: the keys of those in it that are told of here for the first time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Text>,
    /// The alert rule that fitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What those that join one event by that rule have in common.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Text>,
    /// The route that decided whom its event calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routed: Option<Routed>,
    /// What its sender keeps of it besides, as a JSON object: a later one adds to those before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<Text>,
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
    /// The gravest that its sender called it.
    pub gravity: Option<Gravity>,
    /// Where it is a group of its sender's: the keys of those in it, in the order in which they were told of.
    pub members: Vec<Text>,
    /// The alert rule that fitted.
    pub rule: Option<String>,
    /// What those that join one event by that rule have in common.
    pub group: Option<Text>,
    /// The route that decided whom its event calls.
    pub routed: Option<Routed>,
    /// What its sender keeps of it besides, in the order in which it was said.
    pub facts: Vec<Text>,
}

/// Every alert of a case, by id.
pub type Alerts = BTreeMap<String, Alert>;

/// Who was told how much of what joined the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Joining {
    /// So many entries told of alerts that joined.
    pub joined: u64,
    /// The gravest of all.
    pub gravest: Option<Gravity>,
    /// The entry of which those on the case were last told, when it was written, and how many it was then.
    pub told: Option<(u64, Timestamp, u64)>,
    /// That entry is graver than all before it.
    pub graver: bool,
}

/// Those on the case hear of what joins it: of the first, then whenever their number has doubled or this long has passed
/// since they were told. The case itself shows each. A flood is so told of a few times and not ten thousand times.
const QUIET_MINUTES: u32 = 15;

impl Joining {
    /// Folds one entry in.
    pub(super) fn apply(&mut self, entry: &Entry, noted: &AlertNoted) {
        let graver = noted.gravity > self.gravest && noted.gravity >= Some(Gravity::Error);
        self.gravest = self.gravest.max(noted.gravity);
        if !matches!(noted.step, AlertStep::Joined | AlertStep::Grew) {
            return;
        }
        self.joined += 1;
        let is_time = self.told.is_none_or(|(_, at, joined)| {
            let again = after(at, minutes(QUIET_MINUTES));
            self.joined >= joined.saturating_mul(2) || entry.recorded_at >= again
        });
        if is_time || graver {
            self.told = Some((entry.seq, entry.recorded_at, self.joined));
            self.graver = graver;
        }
    }
}

/// Those on the case hear that something joined it. What is graver than all before it wakes the IC.
pub(super) fn tell(at: At, entry: &Entry) -> Vec<Notice> {
    let joining = &at.case.part.intake.joining;
    if joining.told.is_none_or(|(seq, ..)| seq != entry.seq) {
        return Vec::new();
    }
    let commander = &at.case.part.commander;
    let people: BTreeSet<&PersonId> = commander.responders.keys().chain(commander.ic()).collect();
    let notice = |person: &PersonId| {
        let mut notice = Notice::entry(Recipient::Person(person.clone()));
        notice.page = joining.graver && commander.ic() == Some(person);
        notice
    };
    people.into_iter().map(notice).collect()
}

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
        gravity: None,
        members: Vec::new(),
        rule: noted.rule.clone(),
        group: noted.group.clone(),
        routed: noted.routed.clone(),
        facts: Vec::new(),
    };
    let alert = alerts.entry(noted.alert.clone()).or_insert_with(begun);
    alert.last_at = at;
    alert.times = alert.times.max(noted.times);
    match noted.step {
        AlertStep::Acknowledged => alert.acknowledged = true,
        AlertStep::Unacknowledged => alert.acknowledged = false,
        _ => {}
    }
    alert.facts.extend(noted.facts.iter().cloned());
    alert.over |= noted.step == AlertStep::Over;
    alert.gravity = alert.gravity.max(noted.gravity);
    alert.members.extend(noted.members.iter().cloned());
}
