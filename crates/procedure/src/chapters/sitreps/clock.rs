//! When the next sitrep is due (R42, R76, R94, R99, R103, M19).
//!
//! Nothing is stored: the time follows from what happened since the last sitrep that a
//! person wrote. What is overdue stays overdue whatever the severity becomes.

use alloc::vec::Vec;

use jiff::Timestamp;

use super::state::{Choice, Sitrep};
use crate::at::At;
use crate::case::Status;
use crate::chapters::assess::{self, SeverityChange};
use crate::mark::Mark;
use crate::playbook::{Cadence, Response, Severity};
use crate::rule::Rule;
use crate::switch::on;

/// A sitrep that is owed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Next {
    /// By when.
    pub due: Timestamp,
    /// What made it due.
    pub since: Timestamp,
    /// The severity whose policy asks for it.
    pub severity: Severity,
}

/// Something that moves the clock.
enum Turn<'a> {
    Severity(&'a SeverityChange),
    Status(Status),
    Cadence(&'a Choice),
    Sitrep(&'a Sitrep),
    /// It became part of another case (R29).
    Merged,
}

/// The next sitrep that is owed on the cadence, or nothing while none is.
#[must_use]
pub fn next(at: At) -> Option<Next> {
    let mut clock = Clock::new(at);
    let start = at.case.part.sitreps.last().map_or(0, |sitrep| sitrep.mark.seq);
    for (seq, when, turn) in turns(at) {
        clock.at = at.under(seq);
        clock.turn(seq >= start, when, &turn);
    }
    clock.next()
}

/// A sitrep that was overdue when the response came to rest, and did not come any more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Missed {
    /// What was owed.
    pub next: Next,
    /// When the response came to rest.
    pub until: Timestamp,
    /// The entry by which it did.
    pub seq: u64,
}

/// Every sitrep that was overdue when the response came to rest (R76).
#[must_use]
pub fn missed(at: At) -> Vec<Missed> {
    let mut clock = Clock::new(at);
    let mut missed = Vec::new();
    for (seq, when, turn) in turns(at) {
        let owed = clock.next().filter(|next| next.due < when);
        clock.turn(true, when, &turn);
        let rests = matches!(turn, Turn::Status(_) | Turn::Merged) && !clock.runs();
        missed.extend(owed.filter(|_| rests).map(|next| Missed { next, until: when, seq }));
    }
    missed
}

/// Everything that moves the clock, in order; a severity before the status it came with.
fn turns<'a>(at: At<'a>) -> Vec<(u64, Timestamp, Turn<'a>)> {
    let assess = &at.case.part.assess;
    let sitreps = &at.case.part.sitreps;
    let mut turns: Vec<_> = Vec::new();
    turns.extend(assess.severities.iter().map(|c| (c.mark.seq, c.mark.at, Turn::Severity(c))));
    turns.extend(assess.statuses.iter().map(|c| (c.mark.seq, c.mark.at, Turn::Status(c.status))));
    turns.extend(sitreps.cadences.iter().map(|c| (c.mark.seq, c.mark.at, Turn::Cadence(c))));
    let counted = sitreps.sitreps.iter().filter(|sitrep| sitrep.counts());
    turns.extend(counted.map(|s| (s.mark.seq, s.mark.at, Turn::Sitrep(s))));
    let merged = at.case.part.intake.merged_into.iter();
    turns.extend(merged.map(|(mark, _)| (mark.seq, mark.at, Turn::Merged)));
    turns.sort_by_key(|(seq, _, _)| *seq);
    turns
}

struct Clock<'a> {
    at: At<'a>,
    severity: Severity,
    status: Status,
    merged: bool,
    choice: Option<&'a Choice>,
    /// The last sitrep that counts.
    last: Option<Timestamp>,
    due: Option<Timestamp>,
    since: Timestamp,
}

impl<'a> Clock<'a> {
    fn new(at: At<'a>) -> Self {
        Self {
            at,
            severity: Severity::Unknown,
            status: Status::Investigating,
            merged: false,
            choice: None,
            last: None,
            due: None,
            since: at.case.opened_at,
        }
    }

    /// What is owed after the turns so far.
    fn next(&self) -> Option<Next> {
        let (severity, since) = (self.severity, self.since);
        self.due.map(|due| Next { due, since, severity })
    }

    /// One turn; before the last sitrep only the regime matters (`counts` is false).
    fn turn(&mut self, counts: bool, when: Timestamp, turn: &Turn<'a>) {
        let before = (self.due, self.status);
        match turn {
            Turn::Severity(change) => {
                self.severity = change.to;
                self.choice = None;
                if counts && change.raised() && change.from != Severity::Unknown && self.runs() {
                    let minutes = self.at.playbook().sitreps.after_raise_minutes;
                    let due = self.deadline(when, minutes).filter(|_| on(Rule::R76));
                    self.sooner(due);
                } else if counts {
                    self.anew(when);
                }
            }
            Turn::Cadence(choice) => {
                self.choice = Some(choice);
                if counts {
                    self.anew(when);
                }
            }
            Turn::Status(status) => {
                self.status = *status;
                if !self.runs() {
                    self.due = None;
                } else if counts && before.1 != *status && *status == Status::Confirmed {
                    let due = if self.last.is_some() { self.cadence(when) } else { self.initial(when) };
                    self.sooner(due);
                }
            }
            Turn::Merged => {
                self.merged = true;
                self.due = None;
            }
            Turn::Sitrep(sitrep) => {
                self.last = Some(when);
                self.due = None;
                if counts && !sitrep.said.is_final && self.runs() {
                    self.due = self.cadence(when);
                    self.sooner(sitrep.said.next);
                }
            }
        }
        if self.due != before.0 {
            self.since = when;
        }
    }

    fn runs(&self) -> bool {
        !self.merged && matches!(self.status, Status::Investigating | Status::Confirmed)
    }

    fn sooner(&mut self, due: Option<Timestamp>) {
        self.due = self.due.into_iter().chain(due).min();
    }

    /// The regime changed: what is not overdue yet is counted anew, from the last sitrep,
    /// or from the change where that would lie in the past (R40).
    fn anew(&mut self, when: Timestamp) {
        if self.due.is_none_or(|due| due <= when) {
            return;
        }
        self.due = match self.last {
            None => self.initial(when),
            Some(last) => self
                .cadence(last)
                .filter(|due| *due > when)
                .or_else(|| self.cadence(when)),
        };
    }

    fn initial(&self, when: Timestamp) -> Option<Timestamp> {
        let minutes = self.at.playbook().sitreps.initial_due_minutes;
        self.deadline(when, minutes).filter(|_| on(Rule::R11))
    }

    fn cadence(&self, last: Timestamp) -> Option<Timestamp> {
        due_after(self.at, self.severity, self.choice, last)
    }

    fn deadline(&self, when: Timestamp, minutes: u32) -> Option<Timestamp> {
        let hours = hours(self.at, self.severity);
        self.at.project().calendar.deadline(when, minutes, hours)
    }
}

/// The hours in which the cadence of a severity counts. At High it stays around the clock
/// after containment too, until the IC takes the gentler cadence that is offered (M19).
pub(super) fn hours(at: At, severity: Severity) -> Response {
    assess::within_rules(severity, assess::policy_of(at, severity).response)
}

/// When the sitrep after the one at `last` is due under a severity and a choice.
pub(super) fn due_after(
    at: At,
    severity: Severity,
    choice: Option<&Choice>,
    last: Timestamp,
) -> Option<Timestamp> {
    if !on(Rule::R76) || !on(rule_of(severity)) {
        return None;
    }
    after_one(at, severity, choice, last)
}

/// The same for anything that comes on the cadence in force, such as a sign of life (R34).
pub(super) fn after_one(
    at: At,
    severity: Severity,
    choice: Option<&Choice>,
    last: Timestamp,
) -> Option<Timestamp> {
    let severity = choice.and_then(|choice| choice.like).unwrap_or(severity);
    let every = choice.and_then(|choice| choice.minutes).map(|minutes| Cadence::Every { minutes });
    let cadence = every.as_ref().unwrap_or(&assess::policy_of(at, severity).cadence);
    at.project().calendar.sitrep_due(last, cadence, hours(at, severity))
}

/// The rule that sets the cadence of a severity.
#[must_use]
pub fn rule_of(severity: Severity) -> Rule {
    match severity {
        Severity::High | Severity::Unknown => Rule::R94,
        Severity::Medium => Rule::R99,
        Severity::Low => Rule::R103,
    }
}

/// The choice of cadence in force: a new severity ends it.
#[must_use]
pub fn choice<'a>(at: At<'a>) -> Option<&'a Choice> {
    choice_at(at, at.case.seq)
}

/// The choice of cadence that was in force with that entry.
pub(super) fn choice_at<'a>(at: At<'a>, seq: u64) -> Option<&'a Choice> {
    let until = |mark: &Mark| mark.seq <= seq;
    let mut changes = at.case.part.assess.severities.iter();
    let changed = changes.rfind(|change| until(&change.mark)).map_or(0, |change| change.mark.seq);
    let last = at.case.part.sitreps.cadences.iter().rfind(|choice| until(&choice.mark));
    last.filter(|choice| choice.mark.seq > changed)
}
