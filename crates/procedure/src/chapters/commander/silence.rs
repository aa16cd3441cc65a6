//! When an IC is not heard of.
//!
//! Nobody who works quietly is disturbed: silence counts only from something that rang
//! and was not answered, and any entry by the IC is an answer. The one thing that rings
//! for this alone comes once, to an IC who tapped "I have it" and then wrote nothing.

use alloc::format;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::State;
use crate::agenda::{Obligation, Owner};
use crate::at::{At, after, minutes};
use crate::case::Status;
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::playbook::Severity;
use crate::pulse::Due;
use crate::rule::Rule;
use crate::switch::on;

/// Say that you are on it. Any other entry says the same.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SayStillHere {}

/// Entry: the IC is on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StillHere {}

/// Entry: the IC was not heard of since something rang.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WentSilent {
    /// The IC of record, who stays so until somebody else answers.
    pub ic: PersonId,
    /// When it rang.
    pub since: Timestamp,
    /// When this fell due.
    pub due_at: Timestamp,
}

impl State {
    /// Any entry by the IC is a sign of life.
    pub(super) fn hear(&mut self, entry: &Entry) {
        if entry.actor.as_person().is_some() && entry.actor.as_person() == self.ic() {
            self.back_seq = self.silent_since.map(|_| entry.seq).or(self.back_seq);
            self.silent_since = None;
            self.unanswered_since = None;
            self.offered_rounds = 0;
            self.heard_from_ic = true;
        }
        if let Body::Prompted(prompted) = &entry.body
            && prompted.audible
            && self.ic().is_some_and(|ic| prompted.to.contains(ic))
        {
            self.unanswered_since.get_or_insert(entry.recorded_at);
        }
    }
}

/// Before anybody has said how bad it is, an acknowledger may have fallen asleep again.
fn unassessed(at: At) -> bool {
    at.case.status() == Status::Investigating
        && at.case.part.assess.severity == Severity::Unknown
        && at.case.is_active()
}

/// One question, that rings, to an IC who acknowledged and then did nothing at all.
pub(super) fn owes(at: At, out: &mut Vec<Obligation>) {
    let commander = &at.case.part.commander;
    let Some(interval) = commander.intervals.last() else {
        return;
    };
    if !unassessed(at) || commander.heard_from_ic || !on(Rule::R27) {
        return;
    }
    let due = after(
        interval.from,
        minutes(at.under(interval.seq).playbook().alarm.silence_limit_minutes),
    );
    let key = format!("sign_of_life:{}", interval.seq);
    let what = match at.now < due {
        true => "Write a first line, so that everybody knows you are on it: any entry will do.",
        false => "Are you on it? Any entry will do, or one tap.",
    };
    // The tap answers what rang; before that it says nothing that a line would not say better.
    let with = if commander.is_waited_for() { "still_here" } else { "add_note" };
    out.push(
        Obligation::owed(Rule::R27, key, Owner::Ic, interval.from, what)
            .by(due)
            .audibly()
            .settled_by(with),
    );
}

/// Nothing came after it rang: marked silent, and the walk through the sheet resumes.
pub(super) fn dues(at: At, out: &mut Vec<Due>) {
    let commander = &at.case.part.commander;
    let quiet = commander.silent_since.is_none() && unassessed(at);
    let unanswered = commander.unanswered_since.filter(|_| quiet);
    let (Some(ic), Some(since)) = (commander.ic(), unanswered) else {
        return;
    };
    let due_at = after(since, minutes(at.playbook().alarm.silence_limit_minutes));
    let ic = ic.clone();
    let body = Body::WentSilent(WentSilent { ic, since, due_at });
    out.push(Due { at: due_at, body });
}
