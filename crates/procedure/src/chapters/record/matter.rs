//! What of a changed project matters to a case that is under way: who can be called and asked, in
//! which order, and the hours by which its times are counted. Everything else goes by in silence.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::basis::{Member, Project};
use crate::id::PersonId;

/// One change that matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// Somebody came onto the contact sheet.
    Joined(PersonId),
    /// Somebody is no longer on it.
    Left(PersonId),
    /// Somebody is something else to the project, or is reached in another way.
    Differs(PersonId),
    /// People are called in another order.
    Order,
    /// Other people are on call, or at other times.
    OnCall,
    /// Business hours, holidays or the time zone.
    Hours,
}

/// What matters of a change, people first.
#[must_use]
pub fn matters(before: &Project, after: &Project) -> Vec<Matter> {
    let by_id = |project: &Project| -> BTreeMap<PersonId, Member> {
        let roster = project.roster.iter();
        roster.map(|member| (member.person.clone(), member.clone())).collect()
    };
    let (was, is) = (by_id(before), by_id(after));
    let mut found = Vec::new();
    for member in &after.roster {
        let id = || member.person.clone();
        match was.get(&member.person) {
            None => found.push(Matter::Joined(id())),
            Some(known) if known != member => found.push(Matter::Differs(id())),
            Some(_) => {}
        }
    }
    let left = before.roster.iter().filter(|member| !is.contains_key(&member.person));
    found.extend(left.map(|member| Matter::Left(member.person.clone())));
    let order = |project: &Project, other: &BTreeMap<PersonId, Member>| -> Vec<PersonId> {
        let people = project.roster.iter().map(|member| &member.person);
        people.filter(|person| other.contains_key(*person)).cloned().collect()
    };
    if order(before, &is) != order(after, &was) || before.second_chain != after.second_chain {
        found.push(Matter::Order);
    }
    if before.on_call != after.on_call || before.schedules != after.schedules {
        found.push(Matter::OnCall);
    }
    if before.calendar != after.calendar {
        found.push(Matter::Hours);
    }
    found
}
