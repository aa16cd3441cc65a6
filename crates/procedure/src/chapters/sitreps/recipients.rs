//! Who gets a sitrep (R74, R77, X18, M23).

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::payload::{
    AddStakeholder, Audience, RemoveStakeholder, StakeholderAdded, StakeholderRemoved,
};
use crate::access::may_see;
use crate::actor::{Actor, How};
use crate::at::At;
use crate::basis::{Marking, Role};
use crate::decide::{Decision, Refusal};
use crate::id::{PersonId, StakeholderId};
use crate::notice::Recipient;
use crate::playbook::RoleName;
use crate::rule::Rule;
use crate::switch::on;

/// Who gets a sitrep, and who would and may not.
pub(super) struct Addressed {
    pub to: Vec<Recipient>,
    pub withheld: Vec<Recipient>,
}

/// What decides about the recipients of one sitrep.
pub(super) struct Wanted<'a> {
    /// Empty means everyone.
    pub audiences: &'a BTreeSet<Audience>,
    /// Everyone who ever got one, too (R74).
    pub is_final: bool,
    pub marking: Marking,
    /// The writer may write to outsiders (X5).
    pub speaks_outside: bool,
}

pub(super) fn address(at: At, wanted: &Wanted) -> Addressed {
    let mut all = current(at);
    if wanted.is_final && on(Rule::R74) {
        all.extend(at.case.part.sitreps.reached().into_iter().cloned());
    }
    let sitreps = &at.case.part.sitreps;
    all.retain(|who| !sitreps.removed.contains(who) && may_know(at, who));
    let everyone = wanted.is_final || wanted.audiences.is_empty();
    all.retain(|who| everyone || wanted.audiences.contains(&audience(at, who)));
    let reachable = |who: &Recipient| {
        let outside = audience(at, who) == Audience::Outside;
        ceiling(at, who) >= wanted.marking && (wanted.speaks_outside || !outside)
    };
    let (to, withheld) = all.into_iter().partition(reachable);
    Addressed { to, withheld }
}

/// Who outside the organisation gets the sitreps as they stand now.
#[must_use]
pub fn outsiders(at: At) -> Vec<Recipient> {
    let sitreps = &at.case.part.sitreps;
    let mut all = current(at);
    all.retain(|who| !sitreps.removed.contains(who) && may_know(at, who));
    all.retain(|who| audience(at, who) == Audience::Outside);
    all.into_iter().collect()
}

/// Team, standing recipients, and those found on the way.
fn current(at: At) -> BTreeSet<Recipient> {
    let standing = at.playbook().sitreps.standing_recipients.iter().filter_map(role);
    let members = standing.flat_map(|role| at.project().with_role(role));
    let team = at.case.part.commander.responders.keys();
    let people = team.chain(members.map(|member| &member.person));
    let mut all: BTreeSet<Recipient> = people.cloned().map(Recipient::Person).collect();
    let stakeholders = at.project().stakeholders.iter().filter(|stakeholder| stakeholder.standing);
    all.extend(stakeholders.map(|stakeholder| Recipient::Stakeholder(stakeholder.id.clone())));
    if on(Rule::R77) {
        all.extend(at.case.part.sitreps.added.keys().cloned());
    }
    all
}

fn role(name: &RoleName) -> Option<Role> {
    match name {
        RoleName::ProjectManager => Some(Role::ProjectManager),
        RoleName::ProductOwner => Some(Role::ProductOwner),
        RoleName::SecurityTeam => Some(Role::Security),
        RoleName::Decider => Some(Role::Decider),
        RoleName::CommunicationsOfficer => Some(Role::Communications),
        RoleName::OutsideReviewer => Some(Role::Reviewer),
        _ => None,
    }
}

/// A person for whom the case does not exist hears nothing of it (M23).
fn may_know(at: At, who: &Recipient) -> bool {
    match who {
        Recipient::Person(person) => {
            may_see(at.case, at.basis, &Actor::person(person, How::Session))
        }
        Recipient::Stakeholder(id) => at.project().stakeholders.iter().any(|known| &known.id == id),
        Recipient::Reporter(_) | Recipient::Pager => false,
    }
}

/// The strictest marking that somebody may receive; people who see the case see all of it.
fn ceiling(at: At, who: &Recipient) -> Marking {
    let Recipient::Stakeholder(id) = who else { return Marking::Red };
    let known = at.project().stakeholders.iter().find(|known| &known.id == id);
    known.map_or(Marking::Clear, |known| known.ceiling)
}

/// To which group somebody belongs.
#[must_use]
pub fn audience(at: At, who: &Recipient) -> Audience {
    match who {
        Recipient::Person(person) if at.case.part.commander.responders.contains_key(person) => {
            Audience::Team
        }
        Recipient::Stakeholder(id) => {
            let known = at.project().stakeholders.iter().find(|known| &known.id == id);
            if known.is_some_and(|known| !known.outside) { Audience::Inside } else { Audience::Outside }
        }
        _ => Audience::Inside,
    }
}

pub(super) fn add(d: &mut Decision, command: &AddStakeholder) -> Result<(), Refusal> {
    d.person()?;
    let who = named(d, command.stakeholder.as_ref(), command.person.as_ref())?;
    if d.case().part.sitreps.added.contains_key(&who) {
        return Err(Refusal::conflict("They get the sitreps already.", "There is nothing to do."));
    }
    d.record(StakeholderAdded { who, reason: command.reason.clone() });
    Ok(())
}

pub(super) fn remove(d: &mut Decision, command: &RemoveStakeholder) -> Result<(), Refusal> {
    d.person()?;
    let who = named(d, command.stakeholder.as_ref(), command.person.as_ref())?;
    if d.case().part.sitreps.removed.contains(&who) {
        return Err(Refusal::conflict("They get no sitreps.", "There is nothing to do."));
    }
    let RemoveStakeholder { misaddressed, reason, .. } = command.clone();
    d.record(StakeholderRemoved { who, misaddressed, reason });
    Ok(())
}

fn named(
    d: &Decision,
    stakeholder: Option<&StakeholderId>,
    person: Option<&PersonId>,
) -> Result<Recipient, Refusal> {
    let project = d.at.project();
    match (stakeholder, person) {
        (Some(id), None) if project.stakeholders.iter().any(|known| &known.id == id) => {
            Ok(Recipient::Stakeholder(id.clone()))
        }
        (None, Some(id)) if project.member(id).is_some() => Ok(Recipient::Person(id.clone())),
        (Some(_), Some(_)) | (None, None) => Err(Refusal::invalid(
            "Name one: a stakeholder or a person.",
            "Leave the other one out.",
        )),
        _ => Err(Refusal::invalid(
            "The project does not know them.",
            "Add them to the project first, with their address and marking limit.",
        )),
    }
}
