//! Thanks to everyone, and who hears of the end (R75, R124).

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::payload::{SendThanks, Thanked};
use crate::access::may_see;
use crate::actor::{Actor, How};
use crate::at::At;
use crate::decide::{Decision, Refusal};
use crate::entry::Entry;
use crate::id::PersonId;
use crate::notice::{Notice, Recipient};
use crate::rule::Rule;

/// Everyone with a name who took part: whoever did anything at all here, one note
/// included, everyone in the response, reporters and reviewers (R75).
#[must_use]
pub fn participants(at: At) -> Vec<PersonId> {
    let acted = at.case.acted_at.keys();
    let responders = at.case.part.commander.responders.keys();
    let commanders = at.case.part.commander.intervals.iter().map(|interval| &interval.ic);
    let reviewer = at.case.part.closeout.ready.iter().flat_map(|ready| &ready.reviewer);
    let all: BTreeSet<&PersonId> =
        acted.chain(responders).chain(commanders).chain(reviewer).collect();
    all.into_iter().cloned().collect()
}

pub(super) fn send(d: &mut Decision, command: &SendThanks) -> Result<(), Refusal> {
    d.only_ic(Rule::R75)?;
    if !d.case().part.closeout.at_rest() {
        return Err(Refusal::rule(
            Rule::R75,
            "It is not over yet.",
            "Spin it down first; a kind word in a note is welcome at any time.",
        )
        .settled_by("ready_for_qa", None));
    }
    let reports = u32::try_from(d.case().part.intake.reports.len()).unwrap_or(u32::MAX);
    let (to, text) = (participants(d.at), command.text.clone());
    d.record(Thanked { text, to, reports });
    Ok(())
}

/// Each reporter, by the way they left.
pub(super) fn reporters(at: At) -> impl Iterator<Item = Recipient> {
    (1..).zip(&at.case.part.intake.reports).map(|(number, _)| Recipient::Reporter(number))
}

/// Everyone in the response.
pub(super) fn team(at: At<'_>) -> impl Iterator<Item = PersonId> {
    at.case.part.commander.responders.keys().cloned()
}

/// One notice each, except to whoever did it, and to those for whom the case does not exist.
pub(super) fn to_people(
    at: At,
    entry: &Entry,
    people: impl IntoIterator<Item = PersonId>,
) -> Vec<Notice> {
    let sees = |person: &PersonId| {
        let actor = Actor::person(person, How::Session);
        entry.actor.as_person() != Some(person) && may_see(at.case, at.basis, &actor)
    };
    let once: BTreeSet<PersonId> = people.into_iter().filter(sees).collect();
    once.into_iter().map(|person| Notice::entry(Recipient::Person(person))).collect()
}
