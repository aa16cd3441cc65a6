//! Leads: actionable facts, each with a source, a marking, a name and a finding (R49, R50).

use alloc::format;
use alloc::string::String;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::step::can_be_asked;
use crate::access;
use crate::actor::Who;
use crate::basis::Marking;
use crate::decide::{Decision, Gate, Refusal};
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::rule::Rule;
use crate::text::Text;

/// Write down a lead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddLead {
    /// What it is.
    pub text: Text,
    /// Where it comes from; "unknown" is an answer (R49).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Text>,
    /// How far it may travel.
    #[serde(default)]
    pub marking: Marking,
    /// Who follows it, if already known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PersonId>,
}

/// Give a lead to somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignLead {
    /// Which, such as `L-1`.
    pub lead: String,
    /// To whom.
    pub owner: PersonId,
}

/// Begin to follow a lead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StartLead {
    /// Which.
    pub lead: String,
}

/// A lead is done; its finding says what came of it (R50).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FinishLead {
    /// Which.
    pub lead: String,
    /// What came of it; "nothing" is a finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<Text>,
}

/// Give a lead up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DropLead {
    /// Which.
    pub lead: String,
    /// Why.
    pub reason: Text,
}

/// Entry: a lead was written down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeadAdded {
    /// Its number in the case.
    pub lead: String,
    /// What it is.
    pub text: Text,
    /// Where it comes from.
    #[serde(default)]
    pub source: Option<Text>,
    /// How far it may travel.
    #[serde(default)]
    pub marking: Marking,
}

/// Entry: a lead was given to somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeadAssigned {
    /// Which.
    pub lead: String,
    /// To whom.
    pub owner: PersonId,
}

/// Entry: somebody began to follow a lead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeadStarted {
    /// Which.
    pub lead: String,
}

/// Entry: a lead is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeadFinished {
    /// Which.
    pub lead: String,
    /// What came of it.
    #[serde(default)]
    pub finding: Option<Text>,
}

/// Entry: a lead was given up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeadDropped {
    /// Which.
    pub lead: String,
    /// Why.
    pub reason: Text,
}

/// Where a lead stands (R49).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LeadState {
    /// Nobody has begun.
    #[default]
    Open,
    /// Somebody follows it.
    InWork,
    /// Done, with a finding.
    Done,
    /// Given up, with a reason.
    Dropped,
}

/// A lead as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Lead {
    /// Its number in the case, such as `L-1`.
    pub id: String,
    /// The entry that began it.
    pub seq: u64,
    /// When it was written down.
    pub added_at: Timestamp,
    /// By whom.
    pub by: Who,
    /// What it is.
    pub text: Text,
    /// Where it comes from.
    pub source: Option<Text>,
    /// How far it may travel.
    pub marking: Marking,
    /// Where it stands.
    pub state: LeadState,
    /// Who follows it.
    pub owner: Option<PersonId>,
    /// What came of it.
    pub finding: Option<Text>,
    /// Why it was given up.
    pub dropped_because: Option<Text>,
    /// The entry that touched it last, when, and by whom.
    pub last: (u64, Timestamp, Who),
}

impl Lead {
    pub(super) fn new(entry: &Entry, added: &LeadAdded) -> Self {
        Self {
            id: added.lead.clone(),
            seq: entry.seq,
            added_at: entry.recorded_at,
            by: entry.actor.who.clone(),
            text: added.text.clone(),
            source: added.source.clone(),
            marking: added.marking,
            state: LeadState::Open,
            owner: None,
            finding: None,
            dropped_because: None,
            last: (entry.seq, entry.time(), entry.actor.who.clone()),
        }
    }

    pub(super) fn apply(&mut self, entry: &Entry) {
        self.last = (entry.seq, entry.time(), entry.actor.who.clone());
        match &entry.body {
            Body::LeadAssigned(assigned) => self.owner = Some(assigned.owner.clone()),
            Body::LeadStarted(_) => self.state = LeadState::InWork,
            Body::LeadFinished(finished) => {
                self.state = LeadState::Done;
                self.finding.clone_from(&finished.finding);
            }
            Body::LeadDropped(dropped) => {
                self.state = LeadState::Dropped;
                self.dropped_because = Some(dropped.reason.clone());
            }
            _ => {}
        }
    }

    /// Whether something is still to be done about it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.state, LeadState::Open | LeadState::InWork)
    }
}

/// The lead that an entry is about.
pub(super) fn named(body: &Body) -> Option<&str> {
    match body {
        Body::LeadAssigned(assigned) => Some(&assigned.lead),
        Body::LeadStarted(started) => Some(&started.lead),
        Body::LeadFinished(finished) => Some(&finished.lead),
        Body::LeadDropped(dropped) => Some(&dropped.lead),
        _ => None,
    }
}

pub(super) fn add(d: &mut Decision, command: &AddLead) -> Result<(), Refusal> {
    let AddLead { text, source, marking, owner } = command;
    d.gate(Gate::Firm, source.is_some(), || {
        Refusal::rule(
            Rule::R49,
            "A lead says where it comes from.",
            "Name the source; \"unknown\" is an answer.",
        )
    })?;
    if let Some(owner) = owner {
        can_be_asked(d, owner)?;
    }
    let lead = format!("L-{}", d.case().part.work.leads.len() + 1);
    let (text, source) = (text.clone(), source.clone());
    d.record(LeadAdded { lead: lead.clone(), text, source, marking: *marking });
    if let Some(owner) = owner.clone() {
        d.record(LeadAssigned { lead, owner });
    }
    Ok(())
}

pub(super) fn assign(d: &mut Decision, command: &AssignLead) -> Result<(), Refusal> {
    let lead = open(d, &command.lead)?.id.clone();
    can_be_asked(d, &command.owner)?;
    d.record(LeadAssigned { lead, owner: command.owner.clone() });
    Ok(())
}

/// A lead in work has a name (R50).
pub(super) fn start(d: &mut Decision, command: &StartLead) -> Result<(), Refusal> {
    let lead = open(d, &command.lead)?;
    access::only_theirs(d, lead.owner.as_ref())?;
    if lead.state == LeadState::InWork {
        return Err(Refusal::conflict(
            format!("{} is in work already.", lead.id),
            "Go on, or assign it to somebody else.",
        ));
    }
    let has_name = lead.owner.is_some();
    d.gate(Gate::Firm, has_name, || {
        Refusal::rule(
            Rule::R50,
            format!("Nobody is named to follow {}.", command.lead),
            "Assign it to somebody first; to yourself, if you take it.",
        )
    })?;
    d.record(LeadStarted { lead: command.lead.clone() });
    Ok(())
}

/// A lead done has a finding (R50).
pub(super) fn finish(d: &mut Decision, command: &FinishLead) -> Result<(), Refusal> {
    let owner = &open(d, &command.lead)?.owner;
    access::only_theirs(d, owner.as_ref())?;
    let unnamed = owner.is_none();
    d.gate(Gate::Firm, command.finding.is_some(), || {
        Refusal::rule(
            Rule::R50,
            format!("{} has no finding yet.", command.lead),
            "Say what came of it; \"nothing\" is a finding.",
        )
    })?;
    let lead = command.lead.clone();
    if let Some(owner) = d.actor.as_person().filter(|_| unnamed).cloned() {
        d.record(LeadAssigned { lead: lead.clone(), owner });
    }
    d.record(LeadFinished { lead, finding: command.finding.clone() });
    Ok(())
}

pub(super) fn drop(d: &mut Decision, command: &DropLead) -> Result<(), Refusal> {
    open(d, &command.lead)?;
    d.record(LeadDropped { lead: command.lead.clone(), reason: command.reason.clone() });
    Ok(())
}

fn open<'a>(d: &Decision<'a>, id: &str) -> Result<&'a Lead, Refusal> {
    let lead = d.case().part.work.lead(id);
    let lead = lead.ok_or_else(|| {
        Refusal::invalid(format!("There is no lead {id}."), "Name one from the list of leads.")
    })?;
    if lead.is_open() {
        return Ok(lead);
    }
    Err(Refusal::conflict(
        format!("{id} is over already."),
        "Add a new lead if there is more to it.",
    ))
}
