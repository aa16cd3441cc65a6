//! Asking before a service is disrupted.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;

use crate::agenda::{Obligation, Permit};
use crate::at::At;
use crate::command::Command;
use crate::conformance::Judged;
use crate::decide::{Decision, Refusal};
use crate::entry::Entry;
use crate::notice::Notice;
use crate::pulse::Due;
use crate::rule::Rule;

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {}

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, _entry: &Entry) {}

    /// When disruptions began that High alone allowed; a lowering soon after is flagged (M8).
    #[must_use]
    pub fn begun_under_high(&self) -> Vec<Timestamp> {
        Vec::new()
    }

    /// The disruption of that number, such as `D-1`.
    #[must_use]
    pub fn find(&self, _id: &str) -> Option<&()> {
        None
    }
}

pub(crate) fn gate_step(_: &mut Decision, _: &str) -> Result<(), Refusal> {
    Ok(())
}

pub(crate) fn step_refusal(_: At, _: &str) -> Option<Refusal> {
    None
}

pub(crate) fn happened(_: &mut Decision, _: &str, _: &BTreeSet<String>) {}

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
