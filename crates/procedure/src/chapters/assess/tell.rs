//! Who hears of an assessment.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::access::may_see;
use crate::actor::{Actor, How};
use crate::at::At;
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::notice::{Notice, Recipient};
use crate::playbook::Severity;
use crate::rule::Rule;
use crate::switch::on;

pub(crate) fn tell(at: At, entry: &Entry, out: &mut Vec<Notice>) {
    match &entry.body {
        Body::Confirmed(confirmed) => {
            let mut people = team(at);
            if confirmed.severity == Severity::High {
                people.extend(at.project().deciders().into_iter().cloned());
            }
            out.extend(to_people(at, entry, people));
        }
        Body::SeveritySet(set) => {
            let raised = at.case.part.assess.severities.last().is_some_and(|last| last.raised());
            let mut people = team(at);
            if (raised || set.severity == Severity::High) && on(Rule::R40) {
                people.extend(at.project().deciders().into_iter().cloned());
            }
            out.extend(to_people(at, entry, people));
        }
        Body::FalseAlarmCalled(called) => {
            false_alarm(at, entry, called.second.as_ref(), out);
        }
        _ => {}
    }
}

/// Whoever was told of it hears that it was nothing: team, recipients of sitreps, reporters (R38).
fn false_alarm(at: At, entry: &Entry, second: Option<&PersonId>, out: &mut Vec<Notice>) {
    let mut people = team(at);
    people.extend(second.cloned());
    let calling = &at.case.part.calling;
    people.extend(calling.paged.iter().cloned());
    people.extend(calling.calls.iter().map(|call| call.person.clone()));
    let mut others = BTreeSet::new();
    for recipient in at.case.part.sitreps.reached() {
        match recipient {
            Recipient::Person(person) => {
                people.insert(person.clone());
            }
            other if may_still_hear(at, other) => {
                others.insert(other.clone());
            }
            _ => {}
        }
    }
    out.extend(to_people(at, entry, people));
    out.extend(others.into_iter().map(Notice::entry));
    let reports = (1..).zip(&at.case.part.intake.reports);
    out.extend(reports.map(|(number, _)| Notice::entry(Recipient::Reporter(number))));
}

/// Neither taken off the list nor, by now, below the marking of the case (M23).
fn may_still_hear(at: At, who: &Recipient) -> bool {
    let Recipient::Stakeholder(id) = who else { return true };
    let mut known = at.project().stakeholders.iter();
    let within = known.any(|known| &known.id == id && known.ceiling >= at.case.marking());
    within && !at.case.part.sitreps.removed.contains(who)
}

fn team(at: At) -> BTreeSet<PersonId> {
    at.case.part.commander.responders.keys().cloned().collect()
}

/// One notice each, except to whoever did it, and to those for whom the case does not exist.
fn to_people(at: At, entry: &Entry, people: BTreeSet<PersonId>) -> Vec<Notice> {
    let sees = |person: &PersonId| {
        let actor = Actor::person(person, How::Session);
        entry.actor.as_person() != Some(person) && may_see(at.case, at.basis, &actor)
    };
    let told = people.into_iter().filter(sees);
    told.map(|person| Notice::entry(Recipient::Person(person))).collect()
}
