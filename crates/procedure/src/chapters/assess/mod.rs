//! Is it real, what does it harm, how severe is it?

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::agenda::{Obligation, Permit};
use crate::at::At;
use crate::case::Status;
use crate::command::Command;
use crate::conformance::Judged;
use crate::decide::{Decision, Refusal};
use crate::entry::Entry;
use crate::notice::Notice;
use crate::pulse::Due;
use crate::rule::Rule;

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The status (R30).
    pub status: Status,
    /// The severity in force; `None` is unknown, which is not Low (R33).
    pub severity: Option<Severity>,
}

/// How bad it is (R9), worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// 1: sensitive data hit, many customers down, or large loss.
    High,
    /// 2: attempts, or limited harm. "Med" is taken too (M10).
    #[serde(alias = "med")]
    Medium,
    /// 3: no sensitive data, no availability, no money touched.
    Low,
}

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, _entry: &Entry) {}

    /// Nothing stands before an act of containment: High, or not yet assessed (M7).
    #[must_use]
    pub fn acts_freely(&self) -> bool {
        matches!(self.severity, None | Some(Severity::High))
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
