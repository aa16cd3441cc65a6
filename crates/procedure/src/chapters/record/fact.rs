//! Facts: what happened can always be recorded, in any state and severity (M15), and a
//! theory is never shown as a fact (X9).

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::deviation;
use crate::actor::Who;
use crate::chapters::{disruption, work};
use crate::decide::{Decision, Gate, Refusal};
use crate::entry::Entry;
use crate::id::{AssetId, PersonId};
use crate::playbook::StepKind;
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

/// Write down what happened. Nothing stands before it (M15).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordFact {
    /// What happened.
    pub text: Text,
    /// What sort of statement it is; left out: an action if a deed is named, else an
    /// observation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<FactKind>,
    /// What it is about.
    #[serde(default)]
    pub concerns: Concerns,
    /// What was done, if something was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deed: Option<Deed>,
    /// Who did it, if it was somebody else than who writes it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// What sort of statement a fact is (X9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// Somebody saw or measured it.
    #[default]
    Observation,
    /// Somebody thinks so. Never shown as a fact.
    Hypothesis,
    /// Somebody did it.
    Action,
    /// Somebody decided it.
    Decision,
    /// It came of an action.
    Result,
}

/// What a fact is about.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Concerns {
    /// Assets of the project.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub assets: BTreeSet<AssetId>,
    /// Steps; with a deed they are done by it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub steps: BTreeSet<String>,
    /// Leads.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub leads: BTreeSet<String>,
    /// Disruptions; with the deed `disrupt` they began by it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub disruptions: BTreeSet<String>,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// State was captured.
    Capture,
    /// Something was cut off and left running.
    Isolate,
    /// An isolation was lifted.
    Lift,
    /// Something was changed.
    Change,
    /// Something was stopped or restarted.
    Stop,
    /// Something was ended for good.
    Terminate,
    /// Something was wiped or reinstalled.
    Wipe,
    /// Something was deleted.
    Delete,
    /// Something was brought back.
    Restore,
    /// A service was disturbed.
    Disrupt,
}

impl Deed {
    /// The same as a kind of step; a disruption is judged by its own chapter.
    #[must_use]
    pub const fn step_kind(self) -> Option<StepKind> {
        Some(match self {
            Deed::Capture => StepKind::Capture,
            Deed::Isolate => StepKind::Isolate,
            Deed::Lift => StepKind::Lift,
            Deed::Change => StepKind::Change,
            Deed::Stop => StepKind::Stop,
            Deed::Terminate => StepKind::Terminate,
            Deed::Wipe => StepKind::Wipe,
            Deed::Delete => StepKind::Delete,
            Deed::Restore => StepKind::Restore,
            Deed::Disrupt => return None,
        })
    }
}

/// Entry: something happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactRecorded {
    /// Its number in the case.
    pub fact: String,
    /// What happened.
    pub text: Text,
    /// What sort of statement it is.
    pub kind: FactKind,
    /// What it is about.
    #[serde(default)]
    pub concerns: Concerns,
    /// What was done.
    #[serde(default)]
    pub deed: Option<Deed>,
    /// Who did it, if it was somebody else.
    #[serde(default)]
    pub by: Option<PersonId>,
}

/// A fact as it was written down.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Its number in the case, such as `F-1`.
    pub id: String,
    /// The entry.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it, or wrote it down.
    pub by: Who,
    /// What happened.
    pub text: Text,
    /// What sort of statement it is.
    pub kind: FactKind,
    /// What it is about.
    pub concerns: Concerns,
    /// What was done.
    pub deed: Option<Deed>,
}

impl Fact {
    pub(super) fn new(entry: &Entry, recorded: &FactRecorded) -> Self {
        let by = recorded.by.clone().map(Who::Person);
        Self {
            id: recorded.fact.clone(),
            seq: entry.seq,
            at: entry.time(),
            by: by.unwrap_or_else(|| entry.actor.who.clone()),
            text: recorded.text.clone(),
            kind: recorded.kind,
            concerns: recorded.concerns.clone(),
            deed: recorded.deed,
        }
    }
}

/// Accepted whatever the state; a gate that it broke becomes a deviation (M15).
pub(super) fn record(d: &mut Decision, command: &RecordFact) -> Result<(), Refusal> {
    let RecordFact { text, kind, concerns, deed, by } = command;
    let implied = if deed.is_some() { FactKind::Action } else { FactKind::Observation };
    let kind = kind.unwrap_or(implied);
    d.gate(Gate::Firm, kind != FactKind::Hypothesis || deed.is_none(), || {
        Refusal::rule(
            Rule::X9,
            "A theory does not say that something was done.",
            "Call it an action if it was done, or leave the deed out.",
        )
    })?;
    check(d, concerns)?;
    if let Some(by) = by {
        work::step::known_person(d, by)?;
    }
    let fact = format!("F-{}", d.case().part.record.facts.len() + 1);
    d.record(FactRecorded {
        fact: fact.clone(),
        text: text.clone(),
        kind,
        concerns: concerns.clone(),
        deed: *deed,
        by: by.clone(),
    });
    match deed.map(|deed| deed.step_kind()) {
        None => {}
        Some(None) => disruption::happened(d, &fact, text, concerns),
        Some(Some(kind)) => done(d, &fact, kind, command),
    }
    Ok(())
}

/// What it is about must exist.
fn check(d: &Decision, concerns: &Concerns) -> Result<(), Refusal> {
    for asset in &concerns.assets {
        work::step::known_asset(d, asset)?;
    }
    let part = &d.case().part;
    let step = concerns.steps.iter().find(|id| part.work.step(id).is_none());
    let lead = concerns.leads.iter().find(|id| part.work.lead(id).is_none());
    let outage = concerns.disruptions.iter().find(|id| part.disruption.find(id).is_none());
    match step.or(lead).or(outage) {
        None => Ok(()),
        Some(id) => Err(Refusal::invalid(
            format!("There is no {id} in this case."),
            "Leave it out, or name one that there is.",
        )),
    }
}

/// One log: a deed about a step also says that the step is done (R47). What it was done to
/// besides is looked at like any other act.
fn done(d: &mut Decision, fact: &str, kind: StepKind, command: &RecordFact) {
    let RecordFact { concerns, by, .. } = command;
    let case = d.case();
    let steps: Vec<_> = concerns.steps.iter().filter_map(|id| case.part.work.step(id)).collect();
    let open: Vec<_> = steps.into_iter().filter(|step| step.is_open()).collect();
    if on(Rule::R47) {
        for step in &open {
            work::finish_as_fact(d, step, by.as_ref(), None);
            if step.kind != kind {
                let asset = step.asset.as_ref();
                deviation::note(d, fact, &deviation::Done { kind, asset, step: Some(step), text: &command.text });
            }
        }
    }
    let of_step = |asset: &&AssetId| open.iter().any(|step| step.asset.as_ref() == Some(*asset));
    let besides: Vec<_> = concerns.assets.iter().filter(|asset| !of_step(asset)).map(Some).collect();
    let whole = if open.is_empty() && besides.is_empty() { Some(None) } else { None };
    let step = open.iter().find(|step| step.asset.is_none()).copied();
    for asset in besides.into_iter().chain(whole) {
        deviation::note(d, fact, &deviation::Done { kind, asset, step, text: &command.text });
    }
}
