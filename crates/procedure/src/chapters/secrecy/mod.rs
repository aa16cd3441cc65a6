//! Who may see the case, and how far its words may travel (R21, R101, M23).
//!
//! A restricted case exists only for its members. It is restricted from its first
//! second, not when somebody finds the time.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::agenda::{Obligation, Permit};
use crate::at::At;
use crate::basis::Marking;
use crate::command::Command;
use crate::conformance::Judged;
use crate::decide::{Decision, Refusal};
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::notice::Notice;
use crate::pulse::Due;
use crate::rule::Rule;

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The case exists only for its members.
    pub restricted: bool,
    /// How far its words may travel.
    pub marking: Marking,
    /// Who sees it while it is restricted.
    pub members: BTreeSet<PersonId>,
    /// Whom it is about: neither called nor shown it (M23).
    pub subject: Option<PersonId>,
}

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        match &entry.body {
            Body::Reported(reported) => {
                let report = &reported.report;
                self.subject = report.about_person.clone();
                self.restricted = report.restricted || report.about_employee || self.subject.is_some();
                self.members.extend(reported.reporter.clone());
                self.members.extend(reported.paged.iter().cloned());
            }
            Body::Called(called) => {
                self.members.insert(called.person.clone());
            }
            Body::Acknowledged(_) | Body::Joined(_) => {
                self.members.extend(entry.actor.as_person().cloned());
            }
            Body::Confirmed(confirmed) => self.members.extend(confirmed.joined.iter().cloned()),
            Body::CriteriaAnswered(answered) if answered.restricts => self.restricted = true,
            _ => {}
        }
        if let Some(subject) = &self.subject {
            self.members.remove(subject);
        }
    }
}

pub(crate) fn decide(_: &mut Decision, _: &Command) -> Option<Result<(), Refusal>> {
    None
}

pub(crate) fn owes(_: At, _: &mut Vec<Obligation>) {}

pub(crate) fn dues(_: At, _: &mut Vec<Due>) {}

pub(crate) fn permits(_: At, _: &mut Vec<Permit>) {}

pub(crate) fn tell(_: At, _: &Entry, _: &mut Vec<Notice>) {}

pub(crate) fn judge(_: Rule, _: At) -> Option<Judged> {
    None
}
