//! Notes, calls, redaction, checklists: the record itself, and the entries that every
//! chapter shares.

use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::agenda::{Level, Obligation, Permit};
use crate::at::At;
use crate::command::Command;
use crate::conformance::Judged;
use crate::decide::{Decision, Refusal};
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::notice::{Notice, Recipient, Telling};
use crate::pulse::Due;
use crate::rule::Rule;
use crate::text::Text;

/// Entry: a gate was passed without what it asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waived {
    /// Which rule.
    pub rule: Rule,
    /// Because the severity was High or not yet assessed (M7).
    pub automatic: bool,
    /// Why. An automatic waiver is asked about in the retrospective.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// Entry: time reminded somebody of an obligation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prompted {
    /// The rule that demands it.
    pub rule: Rule,
    /// The obligation's key.
    pub key: String,
    /// Which prompt about it, from 0.
    pub occurrence: u32,
    /// How pressing.
    pub level: Level,
    /// Whom it reached.
    pub to: Vec<PersonId>,
    /// When it fell due; the entry's own time is when it fired.
    pub due_at: Timestamp,
    /// How many before it were missed while nobody was running.
    pub missed: u32,
    /// What is owed, in a sentence of the engine's.
    pub what: String,
    /// Whether it may ring (M20).
    pub audible: bool,
}

/// Entry: the case was given its number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Numbered {
    /// The number that people say, such as `HH-142`.
    pub number: String,
}

/// Entry: the project, its roster or its calendar was revised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BasisChanged {
    /// SHA-256 of the new basis, hex.
    pub basis: String,
    /// Revision of its project part.
    pub revision: u64,
}

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Hash of the basis in force, hex.
    pub basis: Option<String>,
    /// The number that people say.
    pub number: Option<String>,
}

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        match &entry.body {
            Body::BasisChanged(changed) => self.basis = Some(changed.basis.clone()),
            Body::Numbered(numbered) => self.number = Some(numbered.number.clone()),
            _ => {}
        }
    }
}

pub(crate) fn decide(_: &mut Decision, _: &Command) -> Option<Result<(), Refusal>> {
    None
}

pub(crate) fn owes(_: At, _: &mut Vec<Obligation>) {}

pub(crate) fn dues(_: At, _: &mut Vec<Due>) {}

pub(crate) fn permits(_: At, _: &mut Vec<Permit>) {}

/// Whoever is prompted hears it.
pub(crate) fn tell(_: At, entry: &Entry, out: &mut Vec<Notice>) {
    if let Body::Prompted(prompted) = &entry.body {
        out.extend(prompted.to.iter().map(|person| {
            let (rule, what, level) = (prompted.rule, prompted.what.clone(), prompted.level);
            let to = Recipient::Person(person.clone());
            Notice::say(to, Telling::Prompt { rule, what, level })
        }));
    }
}

pub(crate) fn judge(_: Rule, _: At) -> Option<Judged> {
    None
}
