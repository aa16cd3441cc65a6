//! The walk through the contact sheet: whom to call next, and when.

use alloc::vec::Vec;

use jiff::Timestamp;

use super::{Called, RoundEnded};
use crate::at::{At, after, minutes};
use crate::basis::Role;
use crate::entry::Body;
use crate::id::PersonId;
use crate::pulse::Due;
use crate::rule::Rule;
use crate::switch::on;

/// Whether people are being called now: nobody commands, or the IC went silent.
pub(crate) fn is_on(at: At) -> bool {
    let commander = &at.case.part.commander;
    at.case.is_active() && (commander.ic().is_none() || commander.silent_since.is_some())
}

/// The next call, or the end of a round.
pub(crate) fn dues(at: At, out: &mut Vec<Due>) {
    if !is_on(at) {
        return;
    }
    let order = order(at);
    let Some(due_at) = next_at(at).filter(|_| !order.is_empty()) else { return };
    let calling = &at.case.part.calling;
    let round = calling.round;
    if round > 1 && !on(Rule::R27) {
        return;
    }
    let called = |person: &&PersonId| {
        calling.walk().iter().any(|call| call.round == round && call.person == **person)
    };
    let next = (1_u32..).zip(&order).find(|(_, person)| !called(person));
    let body = match next {
        Some((position, person)) => Body::Called(Called {
            person: person.clone(),
            round,
            position,
            of: u32::try_from(order.len()).unwrap_or(u32::MAX),
            due_at,
        }),
        None => Body::RoundEnded(RoundEnded { round, due_at }),
    };
    out.push(Due { at: due_at, body });
}

/// The sheet as it stands now: responders in order, without the subject of the case
/// (M23) and without an IC who has gone silent.
pub(crate) fn order(at: At) -> Vec<PersonId> {
    let subject = at.case.part.secrecy.subject.as_ref();
    let callable = |person: &&PersonId| Some(*person) != subject && Some(*person) != at.case.ic();
    let team = at.project().with_role(Role::Responder).map(|member| &member.person);
    team.filter(callable).cloned().collect()
}

/// When the next step of the walk falls due. It never waits for the send before it.
fn next_at(at: At) -> Option<Timestamp> {
    let alarm = &at.playbook().alarm;
    let calling = &at.case.part.calling;
    if let Some(passed_at) = calling.passed_at {
        return Some(passed_at);
    }
    let last_call = calling.walk().last().map(|call| call.at);
    if let Some(ended) = calling.round_ended_at.filter(|ended| Some(*ended) >= last_call) {
        return Some(after(ended, minutes(alarm.sheet_round_pause_minutes)));
    }
    if let Some(last) = last_call {
        return Some(after(last, minutes(alarm.sheet_step_minutes)));
    }
    if let Some(silent) = at.case.part.commander.silent_since {
        return Some(silent);
    }
    let reported_at = at.case.part.intake.reported_at()?;
    let nobody_asked = calling.paged.is_empty() && !calling.pager;
    let wait = if nobody_asked && alarm.sheet_at_once_when_nobody_on_call {
        0
    } else {
        alarm.ack_limit_minutes
    };
    on(Rule::R26).then(|| after(reported_at, minutes(wait)))
}
