//! Whoever calls a false alarm does not judge alone whether it was one (R106): where nobody else saw a restricted case, or
//! the reporter disagrees, somebody else looks, keeps it with a reason or reopens the case.

use alloc::format;
use alloc::vec::Vec;

use super::payload::{Choice, Settle, Settled};
use crate::access;
use crate::actor::Who;
use crate::agenda::{Obligation, Owner};
use crate::at::At;
use crate::basis::Role;
use crate::case::Status;
use crate::chapters::calling;
use crate::conformance::{Judged, Outcome};
use crate::decide::{Decision, Gate, Refusal};
use crate::id::PersonId;
use crate::mark::Mark;
use crate::rule::Rule;
use crate::switch::on;

/// What `settle` names to keep the false alarm itself.
pub const FALSE_ALARM: &str = "false-alarm";

/// Who looks as well at the false alarm that this decision calls: nobody while others respond, or may see it anyway.
pub(crate) fn asked(d: &Decision) -> Option<PersonId> {
    let caller = d.actor.as_person();
    let others = |people: Vec<PersonId>| people.into_iter().find(|p| may_look(d.at, caller, p));
    let case = d.case();
    let responders = case.part.commander.responders.keys().cloned().collect();
    if !case.part.secrecy.restricted || !on(Rule::R106) || others(responders).is_some() {
        return None;
    }
    let calling = &case.part.calling;
    let called = calling.calls.iter().map(|call| call.person.clone());
    let heard = calling.paged.iter().cloned().chain(called).collect();
    others(heard).or_else(|| others(who_answer(d.at)))
}

/// Who answers for the project, those first who are called to such a case.
fn who_answer(at: At) -> Vec<PersonId> {
    let project = at.project();
    let mut people = calling::team(at);
    use Role::{Decider, ProductOwner, ProjectManager, Responder, Security};
    for role in [ProjectManager, Security, Decider, ProductOwner, Responder] {
        people.extend(project.with_role(role).map(|member| member.person.clone()));
    }
    people
}

/// Neither the one who called it, nor whom it is about, nor who reported it.
fn may_look(at: At, caller: Option<&PersonId>, person: &PersonId) -> bool {
    let about = at.case.part.secrecy.subject.as_ref();
    let knows = at.case.part.intake.is_reporter(person);
    Some(person) != caller && Some(person) != about && !knows
}

/// Who hears what is said after the false alarm, and looks at it again.
pub(crate) fn reader(at: At) -> Option<PersonId> {
    let closeout = &at.case.part.closeout;
    let called = closeout.false_alarm.as_ref()?;
    let caller = match &called.by {
        Who::Person(person) => Some(person),
        _ => None,
    };
    let last = at.case.part.commander.intervals.last().map(|interval| &interval.ic);
    let second = closeout.second.iter().cloned();
    let responders = at.case.part.commander.responders.keys().cloned();
    let mut people = second.chain(responders).chain(calling::team(at));
    people.find(|person| {
        may_look(at, caller, person)
            && Some(person) != last
            && access::sees(at.case, at.basis, person)
    })
}

/// Since when somebody else is to look: since nobody but its caller had seen it, or the reporter disagreed.
fn pending(at: At<'_>) -> Option<&Mark> {
    let closeout = &at.case.part.closeout;
    let called = closeout.false_alarm.as_ref().filter(|_| on(Rule::R106))?;
    if at.case.status() != Status::FalseAlarm {
        return None;
    }
    let alone = closeout.second.as_ref().map(|_| called);
    let disagreed = at.case.part.intake.disagreed.last();
    let asked = disagreed.filter(|mark| mark.seq > called.seq).or(alone)?;
    let looked = closeout.settled.get(FALSE_ALARM);
    looked.is_none_or(|looked| looked.mark.seq < asked.seq).then_some(asked)
}

/// It stands with somebody else; in a team of one with whoever called it (M16).
pub(super) fn owed(at: At) -> Option<Obligation> {
    let asked = pending(at)?;
    let owner = reader(at).map_or(Owner::Ic, Owner::Person);
    let what = if at.case.part.intake.disagreed.iter().any(|mark| mark.seq == asked.seq) {
        "Who reported it disagrees that it was a false alarm: look whether it was one. Keep it with a reason, or reopen it."
    } else {
        "It was called a false alarm, and nobody else has seen it: look whether it was one. Keep it with a reason, or reopen it."
    };
    let owed = Obligation::owed(Rule::R106, format!("look:{}", asked.seq), owner, asked.at, what);
    let owed = owed.settled_by("settle");
    let days = at.playbook().closing.review_reminder_business_days;
    Some(match at.project().calendar.add_business_days(asked.at, days) {
        Some(due) => owed.by(due).again_when(at, |last| at.project().calendar.add_business_days(last, days)),
        None => owed,
    })
}

/// Keeps the false alarm: it was one indeed.
pub(super) fn keep(d: &mut Decision, command: &Settle) -> Result<(), Refusal> {
    if pending(d.at).is_none() {
        return Err(Refusal::conflict(
            "Nobody is asked to look at this false alarm.",
            "If it was none, reopen the case with a reason.",
        ));
    }
    if command.choice == Choice::Lift {
        return Err(Refusal::invalid(
            "A false alarm is not lifted.",
            "If it was none, reopen the case with a reason.",
        ));
    }
    let caller = d.case().part.closeout.false_alarm.as_ref().map(|called| called.by.clone());
    let alone = reader(d.at).is_none();
    let another = alone || caller.as_ref() != Some(&d.actor.who);
    d.gate(Gate::Firm, another, || {
        Refusal::rule(
            Rule::R106,
            "Whoever called the false alarm does not judge alone whether it was one.",
            "Somebody else looks at it, and keeps it or reopens the case.",
        )
    })?;
    d.gate(Gate::Firm, command.reason.is_some(), || {
        Refusal::rule(
            Rule::R106,
            "Keeping it needs a reason.",
            "Say in a sentence how you know that it was a false alarm.",
        )
    })?;
    let reason = command.reason.clone();
    d.record(Settled { what: command.what.clone(), choice: command.choice, reason });
    Ok(())
}

/// How the second look stands, if one was asked for.
pub(crate) fn judged(at: At) -> Option<Judged> {
    if let Some(asked) = pending(at) {
        let due = owed(at).and_then(|owed| owed.due);
        let late = due.map(|due| at.now.duration_since(due).as_secs()).filter(|late| *late > 0);
        let outcome = match late {
            Some(late) => Outcome::Late {
                at: None,
                minutes: u64::try_from((late + 59) / 60).unwrap_or(0),
            },
            None => Outcome::Open { until: due },
        };
        return Some(Judged::from(outcome).shown_by(asked.seq));
    }
    let looked = at.case.part.closeout.settled.get(FALSE_ALARM)?;
    Some(looked.mark.done())
}

/// What the one who is asked may do besides reading, whatever they are to the project.
pub(crate) fn allows(at_case: &crate::case::Case, person: &PersonId, command: &str) -> bool {
    let may = ["settle", "reopen", "join", "add_note"];
    at_case.part.closeout.second.as_ref() == Some(person) && may.contains(&command)
}
