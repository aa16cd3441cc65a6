//! The walk by the project's own escalation policy, while there is one and it is not through.

use alloc::vec::Vec;

use jiff::Timestamp;

use super::{Called, RoundEnded, walk};
use crate::at::{At, after, minutes};
use crate::entry::Body;
use crate::id::PersonId;
use crate::on_call::Policy;
use crate::project::RouteTo;
use crate::pulse::Due;

/// The policy by which this walk goes, the one of its alert's route before the project's: only before anybody answered for the first time, never in a restricted case (M23).
pub(super) fn of(at: At<'_>) -> Option<&Policy> {
    let calling = &at.case.part.calling;
    let first = calling.walk_from == 0 && calling.round_ended_at.is_none();
    let silent = at.case.part.commander.silent_since.is_some();
    if !first || silent || at.case.part.secrecy.restricted {
        return None;
    }
    let schedules = &at.basis.project.schedules;
    match &calling.routed_to {
        RouteTo::Policy(id) if schedules.policies.contains_key(id) => schedules.policies.get(id),
        // Whoever is on call there was paged; the contact sheet comes behind them.
        RouteTo::Schedule(_) => None,
        _ => schedules.policies.get(schedules.policy.as_ref()?),
    }
}

/// The next call of the policy, or its end, behind which the contact sheet begins. Nothing where it calls nobody at all.
pub(super) fn next(at: At, policy: &Policy) -> Option<Due> {
    let reported_at = at.case.part.intake.reported_at()?;
    let calling = &at.case.part.calling;
    let last = calling.walk().last();
    let mut number = last.and_then(|call| call.step).unwrap_or(0);
    let mut due = last.map_or(reported_at, |call| call.at);
    let mut hurried = calling.passed_at;
    if last.is_none() {
        // The first step waits for nobody: where nobody was asked, or all who were are out of reach (M17).
        hurried = hurried.into_iter().chain(walk::nobody_left_at(at)).min();
    }
    while let Some((step, time, planned)) = policy.step(number, reported_at) {
        let again = last.is_some_and(|call| call.step == Some(number));
        due = match hurried {
            _ if again => due,
            Some(hurried) => hurried.min(planned.max(due)),
            None => planned.max(due),
        };
        let people = left(at, (step.people(at.project(), due), number), planned == reported_at);
        if let Some((position, of, person)) = people {
            let body = Body::Called(Called {
                person,
                round: time.saturating_add(1),
                position,
                of,
                due_at: due,
                step: Some(number),
            });
            return Some(Due { at: due, body });
        }
        if !again && !anybody(at, step.people(at.project(), due)) {
            // Nobody is there: the next is called at once, and so is the sheet where nobody is left.
            hurried = Some(hurried.map_or(due, |hurried| hurried.min(due)));
        }
        number += 1;
    }
    let last = last?;
    let wait = after(last.at, minutes(at.playbook().alarm.sheet_step_minutes));
    let due_at = hurried.unwrap_or(wait).max(last.at);
    let round = calling.round;
    Some(Due {
        at: due_at,
        body: Body::RoundEnded(RoundEnded { round, due_at }),
    })
}

/// Who of a step was not called yet: the place, of how many, and who. Whoever was paged with the report is not called by a
/// step that is due with it.
fn left(
    at: At,
    (people, number): (Vec<PersonId>, u32),
    with_report: bool,
) -> Option<(u32, u32, PersonId)> {
    let calling = &at.case.part.calling;
    let of = u32::try_from(people.len()).unwrap_or(u32::MAX);
    let called = |person: &PersonId| {
        let mut walk = calling.walk().iter();
        let paged = with_report && calling.paged.contains(person);
        paged || walk.any(|call| call.step == Some(number) && call.person == *person)
    };
    let ours = (1..).zip(people).filter(|(_, person)| callable(at, person));
    let mut left = ours.filter(|(_, person)| !called(person));
    left.next().map(|(position, person)| (position, of, person))
}

fn anybody(at: At, people: Vec<PersonId>) -> bool {
    people.iter().any(|person| callable(at, person))
}

/// Not the one it is about.
fn callable(at: At, person: &PersonId) -> bool {
    at.case.part.secrecy.subject.as_ref() != Some(person)
}

/// When the next step of the policy is due.
pub(super) fn next_at(at: At) -> Option<Timestamp> {
    let policy = of(at).filter(|_| walk::is_on(at))?;
    next(at, policy).map(|due| due.at)
}
