//! Who commands and who responds. There is exactly one IC of record at each instant
//! from the first acknowledgement to the close (invariant 1).

mod answer;
mod judge;

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::agenda::{Obligation, Permit};
use crate::at::At;
use crate::command::Command;
use crate::decide::{Decision, Refusal};
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::notice::Notice;

pub(crate) use answer::dues;
pub(crate) use judge::judge;

/// Answer for the case. The first becomes IC (R6); whoever answers after a silent IC
/// takes over; anybody later is told who has it and joins as responder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Acknowledge {
    /// If somebody else has it already: refuse, instead of joining as responder.
    #[serde(default)]
    pub only_command: bool,
}

/// Join as responder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Join {}

/// Leave the response. The IC hands over first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Leave {}

/// Entry: somebody answered and is IC from now on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// They reported it themselves.
    #[serde(default)]
    pub reporter: bool,
    /// They took over from an IC who went silent.
    #[serde(default)]
    pub take_over: bool,
}

/// Entry: the IC was not heard of since.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WentSilent {
    /// The IC of record, who stays so until somebody else answers.
    pub ic: PersonId,
    /// When the last sign came.
    pub since: Timestamp,
    /// When this fell due.
    pub due_at: Timestamp,
}

/// Entry: somebody joined as responder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Joined {}

/// Entry: somebody left the response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Left {}

/// A span of time in which one person was IC of record.
#[derive(Clone, Debug, PartialEq)]
pub struct Interval {
    /// The entry that began it.
    pub seq: u64,
    /// Who.
    pub ic: PersonId,
    /// From this instant on.
    pub from: Timestamp,
    /// Up to, not including; `None` while it lasts.
    pub until: Option<Timestamp>,
}

/// Somebody in the response.
#[derive(Clone, Debug, PartialEq)]
pub struct Responder {
    /// The entry that brought them in.
    pub seq: u64,
    /// Since when.
    pub since: Timestamp,
}

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Who was IC when: without gap or overlap (R28).
    pub intervals: Vec<Interval>,
    /// The IC of record has not been heard of since.
    pub silent_since: Option<Timestamp>,
    /// Who is in the response now, the IC included.
    pub responders: BTreeMap<PersonId, Responder>,
}

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        self.hear(entry);
        let actor = entry.actor.as_person();
        match (&entry.body, actor) {
            (Body::Acknowledged(_), Some(person)) => self.command_passes(person, entry),
            (Body::Joined(_), Some(person)) => self.join(person, entry),
            (Body::Confirmed(confirmed), _) => {
                confirmed.joined.iter().for_each(|person| self.join(person, entry));
            }
            (Body::Left(_), Some(person)) => {
                self.responders.remove(person);
            }
            (Body::WentSilent(silent), _) => self.silent_since = Some(silent.due_at),
            _ => {}
        }
    }

    /// Any act of a silent IC is a sign of life.
    fn hear(&mut self, entry: &Entry) {
        if self.silent_since.is_some() && entry.actor.as_person() == self.ic() {
            self.silent_since = None;
        }
    }

    /// One entry ends one interval and starts the next (R28).
    fn command_passes(&mut self, to: &PersonId, entry: &Entry) {
        if let Some(last) = self.intervals.last_mut() {
            last.until = Some(entry.recorded_at);
        }
        self.intervals.push(Interval {
            seq: entry.seq,
            ic: to.clone(),
            from: entry.recorded_at,
            until: None,
        });
        self.silent_since = None;
        self.join(to, entry);
    }

    fn join(&mut self, person: &PersonId, entry: &Entry) {
        let (seq, since) = (entry.seq, entry.recorded_at);
        self.responders.entry(person.clone()).or_insert(Responder { seq, since });
    }

    /// The IC of record now.
    #[must_use]
    pub fn ic(&self) -> Option<&PersonId> {
        self.intervals.last().filter(|i| i.until.is_none()).map(|i| &i.ic)
    }

    /// Who stands in for the IC: the longest-serving other responder (M19).
    #[must_use]
    pub fn deputy(&self) -> Option<&PersonId> {
        let others = self.responders.iter().filter(|(person, _)| Some(*person) != self.ic());
        others.min_by_key(|(_, responder)| responder.seq).map(|(person, _)| person)
    }
}

pub(crate) fn decide(d: &mut Decision, command: &Command) -> Option<Result<(), Refusal>> {
    match command {
        Command::Acknowledge(ack) => Some(answer::acknowledge(d, ack)),
        Command::Join(_) => Some(answer::join(d)),
        Command::Leave(_) => Some(answer::leave(d)),
        _ => None,
    }
}

pub(crate) fn owes(_: At, _: &mut Vec<Obligation>) {}

pub(crate) fn permits(_: At, _: &mut Vec<Permit>) {}

pub(crate) fn tell(_: At, _: &Entry, _: &mut Vec<Notice>) {}
