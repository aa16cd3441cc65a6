//! Lists that other chapters ask for, and the three views of one log (R47).

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Lead, Step};
use crate::at::At;
use crate::chapters::record::Fact;
use crate::id::PersonId;
use crate::playbook::StepClass;

/// Immediate steps that are not verified: while there are any, the incident is not over (R54).
#[must_use]
pub fn open_immediate(at: At<'_>) -> Vec<&Step> {
    let steps = at.case.part.work.steps.iter();
    steps.filter(|step| step.is_immediate() && !step.is_settled()).collect()
}

/// Deferred steps that are not settled, for the retrospective (R55).
#[must_use]
pub fn deferred(at: At<'_>) -> Vec<&Step> {
    let steps = at.case.part.work.steps.iter();
    steps.filter(|step| step.class == StepClass::Deferred && !step.is_settled()).collect()
}

/// Leads that nobody finished (X41).
#[must_use]
pub fn leftover_leads(at: At<'_>) -> Vec<&Lead> {
    at.case.part.work.leads.iter().filter(|lead| lead.is_open()).collect()
}

/// One log seen in three ways: what happened, how it is fixed, who does what (R47).
#[derive(Clone, Debug, PartialEq)]
pub struct Views<'a> {
    /// What happened; theories are not among it (X9).
    pub happenings: Vec<&'a Fact>,
    /// How it is fixed.
    pub actions: Vec<&'a Step>,
    /// Open steps and leads of each person, by number.
    pub people: BTreeMap<&'a PersonId, Vec<&'a String>>,
}

/// The three views of the case.
#[must_use]
pub fn views(at: At<'_>) -> Views<'_> {
    let work = &at.case.part.work;
    let steps = work.steps.iter().filter(|step| step.is_open());
    let leads = work.leads.iter().filter(|lead| lead.is_open());
    let owned = steps.map(|step| (&step.owner, &step.id));
    let mut people: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (owner, id) in owned.chain(leads.map(|lead| (&lead.owner, &lead.id))) {
        if let Some(owner) = owner {
            people.entry(owner).or_default().push(id);
        }
    }
    Views {
        happenings: at.case.part.record.happenings().collect(),
        actions: work.steps.iter().collect(),
        people,
    }
}
