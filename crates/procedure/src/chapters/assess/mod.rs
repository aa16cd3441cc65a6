//! Is it real, what does it harm, how severe is it?

use alloc::vec::Vec;

use crate::agenda::{Obligation, Permit};
use crate::at::At;
use crate::case::Status;
use crate::command::Command;
use crate::conformance::Judged;
use crate::decide::{Decision, Refusal};
use crate::entry::Entry;
use crate::notice::Notice;
use crate::playbook::Severity;
use crate::pulse::Due;
use crate::rule::Rule;

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The status (R30).
    pub status: Status,
    /// The severity in force; unknown is not Low (R33).
    pub severity: Severity,
}

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, _entry: &Entry) {}

    /// Nothing stands before an act of containment: High, or not yet assessed (M7).
    #[must_use]
    pub fn acts_freely(&self) -> bool {
        self.severity.acts_first()
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
