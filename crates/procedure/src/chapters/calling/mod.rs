//! Calling people until somebody answers (R5, R25-R27), and calling in a team (R7).
//!
//! The walk through the contact sheet is not stored anywhere as a timer: who is called
//! next, and when, follows from the calls made so far and the sheet as it stands now.

mod judge;
mod walk;

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::agenda::{Obligation, Owner, Permit};
use crate::at::{At, after, minutes};
use crate::command::Command;
use crate::decide::{Decision, Refusal};
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::notice::{Notice, Recipient, Telling};
use crate::rule::Rule;
use crate::switch::on;

pub(crate) use judge::judge;
pub(crate) use walk::dues;

/// Pass a call on to the next person, without taking it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PassOn {}

/// Entry: somebody was called by the contact sheet (R27).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Called {
    /// Who.
    pub person: PersonId,
    /// Which round, from 1.
    pub round: u32,
    /// Place in this round, from 1.
    pub position: u32,
    /// How many are on the sheet.
    pub of: u32,
    /// When the call fell due; the entry's own time is when it was made.
    pub due_at: Timestamp,
}

/// Entry: everybody on the sheet was called in this round and nobody answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoundEnded {
    /// Which round.
    pub round: u32,
    /// When it fell due.
    pub due_at: Timestamp,
}

/// Entry: whoever was called passed it on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PassedOn {}

/// One call of the contact sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The entry.
    pub seq: u64,
    /// Who.
    pub person: PersonId,
    /// When it was made.
    pub at: Timestamp,
    /// In which round.
    pub round: u32,
}

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Who was paged at once because they were on call.
    pub paged: Vec<PersonId>,
    /// The pager address was used.
    pub pager: bool,
    /// Every call of the sheet, in order.
    pub calls: Vec<Call>,
    /// The round that is being called, from 1.
    pub round: u32,
    /// When the last round ended unanswered.
    pub round_ended_at: Option<Timestamp>,
    /// Who passed it on; they are not skipped in the next round.
    pub passed: BTreeSet<PersonId>,
    /// When the last call was passed on, which calls the next at once.
    pub passed_at: Option<Timestamp>,
    /// Where the calls of the present walk begin in `calls`.
    pub walk_from: usize,
}

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        match &entry.body {
            Body::Reported(reported) => {
                self.paged.clone_from(&reported.paged);
                self.pager = reported.pager;
                self.round = 1;
            }
            Body::Called(called) => {
                self.round = called.round;
                self.passed_at = None;
                self.calls.push(Call {
                    seq: entry.seq,
                    person: called.person.clone(),
                    at: entry.recorded_at,
                    round: called.round,
                });
            }
            Body::RoundEnded(ended) => {
                self.round = ended.round + 1;
                self.round_ended_at = Some(entry.recorded_at);
                self.passed_at = None;
            }
            Body::PassedOn(_) => {
                self.passed.extend(entry.actor.as_person().cloned());
                self.passed_at = Some(entry.recorded_at);
            }
            Body::WentSilent(_) => {
                self.walk_from = self.calls.len();
                self.round += 1;
                self.round_ended_at = None;
                self.passed_at = None;
            }
            _ => {}
        }
    }

    /// The calls of the walk that is going on.
    #[must_use]
    pub fn walk(&self) -> &[Call] {
        self.calls.get(self.walk_from..).unwrap_or_default()
    }
}

pub(crate) fn decide(d: &mut Decision, command: &Command) -> Option<Result<(), Refusal>> {
    match command {
        Command::PassOn(_) => Some(pass_on(d)),
        _ => None,
    }
}

fn pass_on(d: &mut Decision) -> Result<(), Refusal> {
    d.person()?;
    if !walk::is_on(d.at) {
        return Err(Refusal::conflict(
            "Somebody has it already.",
            "There is nothing to pass on; join as responder if you can help.",
        ));
    }
    d.record(PassedOn {});
    Ok(())
}

/// Until somebody answers, the whole team owes an answer (R26).
pub(crate) fn owes(at: At, out: &mut Vec<Obligation>) {
    let limit = minutes(at.playbook().alarm.ack_limit_minutes);
    let unanswered = at.case.ic().is_none() && !at.case.is_over();
    if let Some(reported_at) = at.case.part.intake.reported_at()
        && unanswered
        && on(Rule::R26)
    {
        let mut owed = Obligation::owed(
            Rule::R26,
            "acknowledge",
            Owner::Team,
            reported_at,
            "Take it, or pass it on.",
        )
        .settled_by("acknowledge");
        owed.due = Some(after(reported_at, limit));
        out.push(owed);
    }
}

pub(crate) fn permits(_: At, _: &mut Vec<Permit>) {}

/// Calls go out as pages; when somebody has it, everyone else is told to stand down.
pub(crate) fn tell(at: At, entry: &Entry, out: &mut Vec<Notice>) {
    match &entry.body {
        Body::Reported(reported) => {
            if reported.pager {
                out.push(Notice::page(Recipient::Pager, 0, 0));
            }
            let page = |person: &PersonId| Notice::page(Recipient::Person(person.clone()), 0, 0);
            out.extend(reported.paged.iter().map(page));
        }
        Body::Called(called) => {
            let to = Recipient::Person(called.person.clone());
            out.push(Notice::page(to, called.position, called.round));
        }
        Body::Acknowledged(_) => out.extend(stand_down(at, entry)),
        _ => {}
    }
}

fn stand_down(at: At, entry: &Entry) -> Vec<Notice> {
    let calling = &at.case.part.calling;
    let called = calling.calls.iter().map(|call| &call.person);
    let all: BTreeSet<&PersonId> = calling.paged.iter().chain(called).collect();
    let others = all.into_iter().filter(|person| entry.actor.as_person() != Some(*person));
    let told = |person: &PersonId| {
        Notice::say(Recipient::Person(person.clone()), Telling::StandDown)
    };
    others.map(told).collect()
}
