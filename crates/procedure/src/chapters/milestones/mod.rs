//! Milestones: times with a certainty and a reason (M2, R22). "Nobody knows" is a value.
//!
//! A later correction is a new entry; the last one counts and the earlier ones remain.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Who;
use crate::agenda::{Obligation, Permit};
use crate::at::At;
use crate::command::Command;
use crate::conformance::Judged;
use crate::decide::{Decision, Refusal};
use crate::entry::{Body, Entry};
use crate::moment::When;
use crate::notice::Notice;
use crate::pulse::Due;
use crate::rule::Rule;
use crate::text::Text;

/// A point in the life of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Milestone {
    /// It began.
    Started,
    /// Somebody became aware; the incident begins for us (R22).
    Aware,
    /// It was reported.
    Reported,
    /// Somebody answered.
    Acknowledged,
    /// It was confirmed as an incident.
    Confirmed,
    /// It can do no further harm.
    Contained,
    /// It is fixed.
    Resolved,
}

/// Record when a milestone was reached, or correct it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordMilestone {
    /// Which.
    pub milestone: Milestone,
    /// When, with its certainty; left out means now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// Nobody knows when.
    #[serde(default)]
    pub unknown: bool,
    /// How we know; required for contained and resolved (R71).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// Entry: a milestone was recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MilestoneRecorded {
    /// Which.
    pub milestone: Milestone,
    /// When; `None` is "nobody knows".
    pub when: Option<When>,
    /// How we know.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// A milestone as somebody recorded it.
#[derive(Clone, Debug, PartialEq)]
pub struct Noted {
    /// The entry.
    pub seq: u64,
    /// When; `None` is "nobody knows".
    pub when: Option<When>,
    /// How we know.
    pub reason: Option<Text>,
    /// Who recorded it.
    pub by: Who,
    /// When it was written down.
    pub recorded_at: Timestamp,
}

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Everything recorded about each milestone, in order.
    pub noted: BTreeMap<Milestone, Vec<Noted>>,
}

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        let now = When::exact(entry.time());
        match &entry.body {
            Body::Reported(reported) => {
                let report = &reported.report;
                self.note(entry, Milestone::Reported, Some(When::exact(entry.recorded_at)), None);
                self.note(entry, Milestone::Aware, Some(report.aware.unwrap_or(now)), None);
                if report.started.is_some() {
                    self.note(entry, Milestone::Started, report.started, None);
                }
            }
            Body::Acknowledged(_) if self.last(Milestone::Acknowledged).is_none() => {
                self.note(entry, Milestone::Acknowledged, Some(When::exact(entry.recorded_at)), None);
            }
            Body::Confirmed(_) => self.note(entry, Milestone::Confirmed, Some(now), None),
            // It was not over after all: contained and resolved are to be said anew (X37).
            Body::Reopened(_) => {
                for which in [Milestone::Contained, Milestone::Resolved] {
                    if self.last(which).is_some() {
                        self.note(entry, which, None, None);
                    }
                }
            }
            Body::MilestoneRecorded(recorded) => {
                self.note(entry, recorded.milestone, recorded.when, recorded.reason.clone());
            }
            _ => {}
        }
    }

    fn note(&mut self, entry: &Entry, which: Milestone, when: Option<When>, reason: Option<Text>) {
        self.noted.entry(which).or_default().push(Noted {
            seq: entry.seq,
            when,
            reason,
            by: entry.actor.who.clone(),
            recorded_at: entry.recorded_at,
        });
    }

    /// What counts about a milestone: what was recorded last.
    #[must_use]
    pub fn last(&self, which: Milestone) -> Option<&Noted> {
        self.noted.get(&which).and_then(|noted| noted.last())
    }

    /// What a person said about it last; a reopening only takes it back.
    #[must_use]
    pub fn said(&self, which: Milestone) -> Option<&Noted> {
        self.last(which).filter(|noted| noted.when.is_some() || noted.reason.is_some())
    }

    /// When a milestone was reached, as far as anybody knows.
    #[must_use]
    pub fn when(&self, which: Milestone) -> Option<When> {
        self.last(which).and_then(|noted| noted.when)
    }

    /// Since when it is contained or resolved, whichever came first.
    #[must_use]
    pub fn calm_since(&self) -> Option<Timestamp> {
        let ends = [Milestone::Contained, Milestone::Resolved];
        ends.iter().filter_map(|end| self.when(*end)).map(|when| when.at).min()
    }

    /// Whether it was contained or resolved: the incident is no longer active (R71, X40).
    #[must_use]
    pub fn is_calm(&self) -> bool {
        self.when(Milestone::Contained).is_some() || self.when(Milestone::Resolved).is_some()
    }
}

pub(crate) fn decide(d: &mut Decision, command: &Command) -> Option<Result<(), Refusal>> {
    match command {
        Command::RecordMilestone(milestone) => Some(record(d, milestone)),
        _ => None,
    }
}

fn record(d: &mut Decision, command: &RecordMilestone) -> Result<(), Refusal> {
    let RecordMilestone { milestone, when, unknown, reason } = command;
    if matches!(milestone, Milestone::Reported | Milestone::Acknowledged | Milestone::Confirmed) {
        return Err(Refusal::invalid(
            "That time was written down by Henhouse as it happened.",
            "Give the time of started, aware, contained or resolved.",
        ));
    }
    if when.is_some_and(|when| when.at > d.at.now) {
        return Err(Refusal::invalid(
            "The time given lies in the future.",
            "Give the time when it happened.",
        ));
    }
    let ends = matches!(milestone, Milestone::Contained | Milestone::Resolved);
    if ends && reason.is_none() {
        let which = if *milestone == Milestone::Contained { "contained" } else { "resolved" };
        return Err(Refusal::rule(
            Rule::R71,
            "Contained or resolved needs a reason.",
            "Say how you know that it can do no further harm.",
        )
        .settled_by("record_milestone", Some(which)));
    }
    let when = if *unknown { None } else { Some(when.unwrap_or(When::exact(d.time()))) };
    in_order(d, *milestone, when)?;
    d.record(MilestoneRecorded { milestone: *milestone, when, reason: reason.clone() });
    Ok(())
}

/// Nothing is noticed, contained or resolved before it began. That it was contained before
/// anybody noticed can be.
fn in_order(d: &Decision, milestone: Milestone, when: Option<When>) -> Result<(), Refusal> {
    let later = [Milestone::Aware, Milestone::Contained, Milestone::Resolved];
    let known = &d.case().part.milestones;
    let (began, next) = match milestone {
        Milestone::Started => {
            let next = later.iter().filter_map(|which| known.when(*which));
            (when, next.min_by_key(|when| when.at))
        }
        _ => (known.when(Milestone::Started), when),
    };
    match (began, next) {
        (Some(began), Some(next)) if next.at < began.at => Err(Refusal::invalid(
            "It would have been noticed or over before it began.",
            "Look at both times; correct the other one first if that is the wrong one.",
        )),
        _ => Ok(()),
    }
}

pub(crate) fn owes(_: At, _: &mut Vec<Obligation>) {}

pub(crate) fn dues(_: At, _: &mut Vec<Due>) {}

pub(crate) fn permits(_: At, _: &mut Vec<Permit>) {}

pub(crate) fn tell(_: At, _: &Entry, _: &mut Vec<Notice>) {}

pub(crate) fn judge(_: Rule, _: At) -> Option<Judged> {
    None
}
