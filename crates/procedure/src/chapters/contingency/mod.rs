//! Outages and the contingency plan: when trouble counts as a disruption (X21), how long
//! recovery may take (X22), who may activate the plan (X24), and how recovery ends (X26).
//!
//! One Incident Commander leads the incident and the recovery; nobody else is appointed here.

mod decide;
mod judge;
mod recovery;

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Who;
use crate::agenda::{Obligation, Owner, Permit};
use crate::at::At;
use crate::entry::{Body, Entry};
use crate::id::AssetId;
use crate::moment::When;
use crate::notice::{Notice, Recipient};
use crate::pulse::Due;
use crate::rule::Rule;
use crate::switch::on;

pub(crate) use decide::{decide, is_active};
pub(crate) use judge::judge;
pub use recovery::{
    ActivateContingency, ContingencyActivated, DeclareRecovered, PlanPostmortem,
    PostmortemPlanned, RecordRecoveryTest, RecoveryDeclared, RecoveryTested, Track,
};

/// A service is down, or works much worse than it should.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BeginOutage {
    /// What is down.
    #[serde(default)]
    pub assets: BTreeSet<AssetId>,
    /// Since when; left out means now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began: Option<When>,
}

/// It works again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EndOutage {
    /// Since when; left out means now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<When>,
}

/// Entry: an outage began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutageBegan {
    /// What is down.
    pub assets: BTreeSet<AssetId>,
    /// Since when.
    pub began: When,
}

/// Entry: the outage ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutageEnded {
    /// Since when.
    pub ended: When,
}

/// Entry: the outage has lasted so long that it counts as a disruption (X21).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutageCounted {
    /// When it fell due; the entry's own time is when it was noticed.
    pub due_at: Timestamp,
}

/// An outage, as far as it was told.
#[derive(Clone, Debug, PartialEq)]
pub struct Outage {
    /// The entry.
    pub seq: u64,
    /// What is down.
    pub assets: BTreeSet<AssetId>,
    /// Since when.
    pub began: When,
    /// When that was written down, and by whom.
    pub told: (Timestamp, Who),
    /// Until when, if it is over: the time, who said so, and the entry.
    pub ended: Option<(Timestamp, Who, u64)>,
    /// It counts as a disruption: since when, noticed when, and the entry.
    pub counted: Option<(Timestamp, Timestamp, u64)>,
}

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Outages in order; at most the last one goes on.
    pub outages: Vec<Outage>,
    /// The recovery track, once the plan was activated.
    pub track: Option<Track>,
}

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        let who = || entry.actor.who.clone();
        match &entry.body {
            Body::OutageBegan(began) => self.outages.push(Outage {
                seq: entry.seq,
                told: (entry.recorded_at, who()),
                assets: began.assets.clone(),
                began: began.began,
                ended: None,
                counted: None,
            }),
            Body::OutageEnded(ended) => {
                if let Some(outage) = self.outages.last_mut() {
                    outage.ended = Some((ended.ended.at, who(), entry.seq));
                }
            }
            Body::OutageCounted(counted) => {
                if let Some(outage) = self.outages.last_mut() {
                    outage.counted = Some((counted.due_at, entry.recorded_at, entry.seq));
                }
            }
            Body::ContingencyDecided(decided) if decided.activate => self.activate(entry),
            Body::ContingencyActivated(_) => self.activate(entry),
            _ => {}
        }
        if let Some(track) = &mut self.track {
            track.apply(entry);
        }
    }

    fn activate(&mut self, entry: &Entry) {
        let who = entry.actor.who.clone();
        self.track.get_or_insert_with(|| Track::begin(entry.seq, entry.recorded_at, who));
    }

    /// The outage that goes on now.
    #[must_use]
    pub fn ongoing(&self) -> Option<&Outage> {
        self.outages.last().filter(|outage| outage.ended.is_none())
    }
}

/// An outage that goes on wants an end within the limit (X22); a recovery, its next step (X26).
pub(crate) fn owes(at: At, out: &mut Vec<Obligation>) {
    if !at.case.is_active() {
        return;
    }
    let state = &at.case.part.contingency;
    if let Some(outage) = state.ongoing()
        && let Some(breach) = at.under(outage.seq).playbook().outage.breach_at(outage.began.at)
        && on(Rule::X22)
    {
        let key = alloc::format!("outage:{}", outage.seq);
        let what = "Bring it back within the limit, or say that it works again.";
        let owed = Obligation::owed(Rule::X22, key, Owner::Ic, outage.began.at, what);
        out.push(owed.by(breach).settled_by("end_outage"));
    }
    out.extend(state.track.as_ref().and_then(Track::next_step));
}

/// The outage clock: in daytime sooner than at night.
pub(crate) fn dues(at: At, out: &mut Vec<Due>) {
    let Some(outage) = at.case.part.contingency.ongoing().filter(|o| o.counted.is_none()) else {
        return;
    };
    let calendar = &at.project().calendar;
    let counts_at = at.under(outage.seq).playbook().outage.disruption_at(calendar, outage.began.at);
    if let Some(due_at) = counts_at.filter(|_| on(Rule::X21) && at.case.is_active()) {
        let body = Body::OutageCounted(OutageCounted { due_at });
        out.push(Due { at: due_at, body });
    }
}

pub(crate) fn permits(_: At, _: &mut Vec<Permit>) {}

/// Those who decide about the plan hear of a disruption; everyone hears of the recovery.
pub(crate) fn tell(at: At, entry: &Entry, out: &mut Vec<Notice>) {
    let mut people: BTreeSet<_> = BTreeSet::new();
    match &entry.body {
        Body::OutageCounted(_) | Body::ContingencyActivated(_) => {
            people.extend(at.people(&Owner::Ic));
            people.extend(at.people(&Owner::Deciders));
        }
        Body::ContingencyDecided(decided) if decided.activate => {
            people.extend(at.people(&Owner::Deciders));
        }
        Body::RecoveryDeclared(_) => {
            for owner in [Owner::Responders, Owner::Team, Owner::Deciders] {
                people.extend(at.people(&owner));
            }
            let told = at.project().stakeholders.iter().filter(|s| s.ceiling >= at.case.marking());
            out.extend(told.map(|s| Notice::entry(Recipient::Stakeholder(s.id.clone()))));
        }
        _ => return,
    }
    let others = people.into_iter().filter(|person| entry.actor.as_person() != Some(person));
    out.extend(others.map(|person| Notice::entry(Recipient::Person(person))));
}
