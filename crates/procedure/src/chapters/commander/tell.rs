//! Who hears of what happens to command and roles.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::{Post, ceremony};
use crate::agenda::Owner;
use crate::at::At;
use crate::basis::Role;
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::notice::{Notice, Recipient};

/// An offer rings (M20); everything else is told once, without ringing.
pub(crate) fn tell(at: At, entry: &Entry, out: &mut Vec<Notice>) {
    let mut told = people(at, entry);
    told.extend(ceremony::others_told(at, &entry.body));
    if let Some(actor) = entry.actor.as_person() {
        told.remove(actor);
    }
    let rings = rung(&entry.body).is_some();
    out.extend(told.into_iter().map(|person| {
        let mut notice = Notice::entry(Recipient::Person(person));
        notice.page = rings;
        notice
    }));
}

/// Whom an offer rings for, if it does: not twice within the prompt budget (M20).
pub(crate) fn rung(body: &Body) -> Option<&PersonId> {
    match body {
        Body::HandoverOffered(offered) if !offered.quiet => Some(&offered.to),
        Body::TakeOverAsked(asked) if !asked.quiet => Some(&asked.from),
        _ => None,
    }
}

/// The people whom the entry is about.
fn people(at: At, entry: &Entry) -> BTreeSet<PersonId> {
    let commander = &at.case.part.commander;
    let both = |offer: u64| {
        let handover = commander.handovers.iter().find(|h| h.seq == offer);
        handover.map(|h| [h.from.clone(), h.to.clone()])
    };
    let of_offer = |offer: u64| both(offer).into_iter().flatten().collect();
    match &entry.body {
        Body::HandoverOffered(offered) => [offered.to.clone()].into(),
        Body::HandoverBriefed(briefed) => of_offer(briefed.offer),
        Body::HandoverReadBack(read) => of_offer(read.offer),
        Body::HandoverAccepted(accepted) => of_offer(accepted.offer),
        Body::HandoverDeclined(declined) => of_offer(declined.offer),
        Body::HandoverWithdrawn(withdrawn) => of_offer(withdrawn.offer),
        Body::HandoverLapsed(lapsed) => [lapsed.from.clone(), lapsed.to.clone()].into(),
        Body::OverlapEnded(ended) => [ended.from.clone()].into(),
        Body::TakeOverAsked(asked) => [asked.from.clone()].into(),
        Body::TookOver(took) => command_taken(at, &took.from),
        Body::Acknowledged(ack) if ack.take_over => {
            let before = commander.intervals.iter().rev().nth(1);
            before.map_or_else(BTreeSet::new, |before| command_taken(at, &before.ic))
        }
        Body::TakeOverOffered(offered) => {
            let to = [Owner::Responders, Owner::Team][usize::from(offered.round > 1)].clone();
            let mut people: BTreeSet<PersonId> = at.people(&to).into_iter().collect();
            people.remove(&offered.ic);
            people
        }
        Body::WentSilent(_) => at.people(&Owner::Responders).into_iter().collect(),
        Body::RoleAssigned(assigned) => role_moved(at, &assigned.person, assigned.role),
        Body::RoleReleased(released) => role_moved(at, &released.person, released.role),
        _ => BTreeSet::new(),
    }
}

/// The old IC, the team and the project manager hear that command was taken (X35).
fn command_taken(at: At, from: &PersonId) -> BTreeSet<PersonId> {
    let owners = [Owner::Responders, Owner::Role(Role::ProjectManager)];
    let mut people: BTreeSet<PersonId> = owners.iter().flat_map(|owner| at.people(owner)).collect();
    people.insert(from.clone());
    people
}

/// Everyone in the response hears who speaks to the outside; else only the person.
fn role_moved(at: At, person: &PersonId, role: Post) -> BTreeSet<PersonId> {
    let mut people = match role {
        Post::Communications => at.people(&Owner::Responders).into_iter().collect(),
        _ => BTreeSet::new(),
    };
    people.insert(person.clone());
    people
}
