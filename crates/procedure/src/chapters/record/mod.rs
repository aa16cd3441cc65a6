//! Notes, calls, redaction, checklists: the record itself, and the entries that every
//! chapter shares.

pub mod deviation;
pub mod fact;

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

pub use deviation::Deviation;
pub use fact::{Fact, FactKind};

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
    /// What happened, in the order it was written down (M15).
    pub facts: Vec<Fact>,
    /// What went ahead against a rule (M15).
    pub deviations: Vec<Deviation>,
}

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        match &entry.body {
            Body::BasisChanged(changed) => self.basis = Some(changed.basis.clone()),
            Body::Numbered(numbered) => self.number = Some(numbered.number.clone()),
            Body::FactRecorded(recorded) => self.facts.push(Fact::new(entry, recorded)),
            _ => deviation::apply(&mut self.deviations, entry),
        }
    }

    /// The first deviation from a rule.
    #[must_use]
    pub fn deviation(&self, rule: Rule) -> Option<&Deviation> {
        self.deviations.iter().find(|deviation| deviation.rule == rule)
    }

    /// What happened as far as anybody knows: theories are not among it (X9).
    pub fn happenings(&self) -> impl Iterator<Item = &Fact> {
        self.facts.iter().filter(|fact| fact.kind != FactKind::Hypothesis)
    }
}

pub(crate) fn decide(d: &mut Decision, command: &Command) -> Option<Result<(), Refusal>> {
    match command {
        Command::RecordFact(command) => Some(fact::record(d, command)),
        Command::ExplainDeviation(command) => Some(deviation::explain(d, command)),
        _ => None,
    }
}

pub(crate) fn owes(at: At, out: &mut Vec<Obligation>) {
    deviation::owes(at, out);
}

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

pub(crate) fn judge(rule: Rule, at: At) -> Option<Judged> {
    match rule {
        Rule::X9 => Some(theory_is_not_fact(at)),
        _ => None,
    }
}

fn theory_is_not_fact(at: At) -> Judged {
    match at.case.part.record.facts.first() {
        Some(fact) => Judged::done(fact.at, &fact.by, fact.seq),
        None => Judged::not_applicable("No fact was written down."),
    }
}
