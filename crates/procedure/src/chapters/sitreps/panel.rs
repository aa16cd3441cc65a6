//! Who works on what, frozen into each sitrep (X17).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::at::At;
use crate::chapters::commander::Post;
use crate::chapters::endurance::{self, ShiftAs};
use crate::id::PersonId;
use crate::rule::Rule;
use crate::switch::on;

/// The state of the work at one moment: ids and numbers, no words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Panel {
    /// Everyone in the response with what they are in it.
    #[serde(default)]
    pub team: BTreeMap<PersonId, Part>,
    /// Who speaks for the team, assists the IC or writes things down.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub posts: BTreeMap<PersonId, BTreeSet<Post>>,
    /// Open leads.
    #[serde(default)]
    pub leads: Vec<Line>,
    /// Steps that are not settled.
    #[serde(default)]
    pub steps: Vec<Line>,
    /// Shifts that go on or come, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shifts: Vec<Shift>,
}

/// A shift in one line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shift {
    /// Who works.
    pub person: PersonId,
    /// From this instant on.
    pub from: Timestamp,
    /// Up to, not including.
    pub until: Timestamp,
    /// As what.
    pub duty: ShiftAs,
}

/// What somebody is in the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The Incident Commander.
    IncidentCommander,
    /// Stands in for the IC.
    Deputy,
    /// A responder.
    Responder,
}

/// A lead or a step in one line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Its number, such as `S-1`.
    pub id: String,
    /// Who has it.
    #[serde(default)]
    pub owner: Option<PersonId>,
}

/// The panel as it is now.
pub(super) fn now(at: At) -> Panel {
    if !on(Rule::X17) {
        return Panel::default();
    }
    let commander = &at.case.part.commander;
    let part = |person: &PersonId| match person {
        _ if Some(person) == commander.ic() => Part::IncidentCommander,
        _ if Some(person) == commander.deputy() => Part::Deputy,
        _ => Part::Responder,
    };
    let people = commander.responders.keys();
    let work = &at.case.part.work;
    let leads = work.leads.iter().filter(|lead| lead.is_open());
    let steps = work.steps.iter().filter(|step| !step.is_settled());
    Panel {
        posts: posts(at),
        shifts: shifts(at),
        team: people.map(|person| (person.clone(), part(person))).collect(),
        leads: leads.map(|lead| line(&lead.id, lead.owner.as_ref())).collect(),
        steps: steps.map(|step| line(&step.id, step.owner.as_ref())).collect(),
    }
}

/// The deputy stands in the team's own list.
fn posts(at: At) -> BTreeMap<PersonId, BTreeSet<Post>> {
    let mut posts: BTreeMap<PersonId, BTreeSet<Post>> = BTreeMap::new();
    let held = at.case.part.commander.posts.iter().filter(|held| held.role != Post::Deputy);
    for held in held {
        posts.entry(held.person.clone()).or_default().insert(held.role);
    }
    posts
}

fn shifts(at: At) -> Vec<Shift> {
    let ahead = |shift: &&endurance::Shift| !shift.cancelled && shift.until > at.now;
    let shifts = at.case.part.endurance.shifts.iter().filter(ahead);
    let mut shifts: Vec<Shift> = shifts
        .map(|shift| Shift {
            person: shift.person.clone(),
            from: shift.from,
            until: shift.until,
            duty: shift.duty,
        })
        .collect();
    shifts.sort_by_key(|shift| (shift.from, shift.until));
    shifts
}

fn line(id: &str, owner: Option<&PersonId>) -> Line {
    Line { id: id.into(), owner: owner.cloned() }
}
