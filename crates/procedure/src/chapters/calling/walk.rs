//! The walk through the contact sheet: whom to call next, and when.

use alloc::vec::Vec;

use jiff::Timestamp;

use super::{Called, RoundEnded, policy, team};
use crate::at::{At, after, minutes};
use crate::chapters::endurance;
use crate::entry::Body;
use crate::id::PersonId;
use crate::notice::paging_is_over;
use crate::playbook::{Channel, Route, RouteStart};
use crate::pulse::Due;
use crate::rule::Rule;
use crate::switch::on;

/// Whether people are being called now: nobody commands, or the IC went silent.
pub(crate) fn is_on(at: At) -> bool {
    let commander = &at.case.part.commander;
    !paging_is_over(at.case) && (commander.ic().is_none() || commander.silent_since.is_some())
}

/// The next call, or the end of a round.
pub(crate) fn dues(at: At, out: &mut Vec<Due>) {
    if !is_on(at) {
        return;
    }
    if let Some(due) = policy::of(at).and_then(|policy| policy::next(at, policy)) {
        out.push(due);
        return;
    }
    let order = order(at);
    let Some(due_at) = next_at(at).filter(|_| !order.is_empty()) else {
        return;
    };
    let calling = &at.case.part.calling;
    let round = calling.round;
    if round > 1 && !on(Rule::R27) {
        return;
    }
    let called = |person: &&PersonId| {
        let walk = calling.walk().iter();
        walk.filter(|call| call.round == round)
            .any(|call| call.person == **person)
    };
    let next = (1_u32..).zip(&order).find(|(_, person)| !called(person));
    let body = match next {
        Some((position, person)) => Body::Called(Called {
            person: person.clone(),
            round,
            position,
            of: u32::try_from(order.len()).unwrap_or(u32::MAX),
            due_at,
            step: None,
        }),
        None => Body::RoundEnded(RoundEnded { round, due_at }),
    };
    out.push(Due { at: due_at, body });
}

/// The sheet as it stands now, without an IC who has gone silent. Those who are in the
/// response already come first: they are awake. People off shift are left asleep until
/// all on shift failed to answer (M18).
pub(crate) fn order(at: At) -> Vec<PersonId> {
    let commander = &at.case.part.commander;
    let mut order = team(at);
    order.retain(|person| Some(person) != commander.ic());
    order.sort_by_key(|person| !commander.responders.contains_key(person));
    let calling = &at.case.part.calling;
    let rounds = calling.round.saturating_sub(calling.walk_round);
    if rounds >= at.playbook().alarm.off_shift_after_rounds {
        return order;
    }
    endurance::awake(at, order)
}

/// When the next step of the walk falls due. It never waits for the send before it.
fn next_at(at: At) -> Option<Timestamp> {
    let alarm = &at.playbook().alarm;
    let calling = &at.case.part.calling;
    if let Some(passed_at) = calling.passed_at {
        return Some(passed_at);
    }
    let last_call = calling.walk().last().map(|call| call.at);
    let ended = calling.round_ended_at;
    if let Some(ended) = ended.filter(|ended| Some(*ended) >= last_call) {
        if calling.walk().last().is_some_and(|call| call.step.is_some()) {
            // The sheet comes right behind the project's own policy.
            return Some(ended);
        }
        return Some(after(ended, minutes(alarm.sheet_round_pause_minutes)));
    }
    if let Some(last) = last_call {
        return Some(after(last, minutes(alarm.sheet_step_minutes)));
    }
    if let Some(silent) = at.case.part.commander.silent_since {
        return Some(silent);
    }
    first_at(at).filter(|_| on(Rule::R26))
}

/// When the next person is called if nobody answers, or the sheet begins again; nothing where nobody is being called.
/// This is what Henhouse does next, not when an answer is owed: that is [`super::answer_due`].
#[must_use]
pub fn next_call_at(at: At) -> Option<Timestamp> {
    if let Some(next) = policy::next_at(at) {
        return Some(next);
    }
    if !is_on(at) || order(at).is_empty() {
        return None;
    }
    let next = next_at(at)?;
    let calling = &at.case.part.calling;
    let order = order(at);
    let called = |person: &PersonId| {
        let mut walk = calling.walk().iter();
        walk.any(|call| call.round == calling.round && call.person == *person)
    };
    if !calling.walk().is_empty() && order.iter().all(called) {
        let pause = minutes(at.playbook().alarm.sheet_round_pause_minutes);
        return Some(after(next, pause));
    }
    Some(next)
}

/// The sheet is called after the limit (R26); at once if nobody is on call, or when the
/// last of the first routes has failed (M17).
fn first_at(at: At) -> Option<Timestamp> {
    let alarm = &at.playbook().alarm;
    let reported_at = at.case.part.intake.reported_at()?;
    let sheet = |route: &&Route| route.channel == Channel::ContactSheet;
    let route = at.playbook().routes.order.iter().find(sheet);
    let with_report = route.is_some_and(|route| route.start == RouteStart::AtOnce);
    if with_report {
        return Some(reported_at);
    }
    let limit = after(reported_at, minutes(alarm.ack_limit_minutes));
    Some(nobody_left_at(at).map_or(limit, |left| left.min(limit)))
}

/// Since when nobody of the first routes is left to answer: nobody was on call, or the last of them has failed (M17).
pub(super) fn nobody_left_at(at: At) -> Option<Timestamp> {
    let calling = &at.case.part.calling;
    let nobody_asked = calling.paged.is_empty() && !calling.pager;
    let left = match nobody_asked {
        true => at.case.part.intake.reported_at(),
        false => calling.first_routes_failed_at(),
    };
    left.filter(|_| at.playbook().alarm.sheet_at_once_when_nobody_on_call)
}
