//! Who is on call and why, drawn from a project for whoever asks.

use jiff::Timestamp;
use procedure::Text;
use procedure::id::{PolicyId, RotationId, ScheduleId};
use procedure::on_call::{Absent, OnCall, Policy, Reading, Why};
use procedure::project::{ProjectState, Time};

use super::wire::{Absence, Holder, OnCallAnswer, Piece, PolicyLine, ScheduleNow, SwapLine};
use super::{TOLD, facts};
use crate::report::Names;
use crate::web::Problem;

/// Who is on call at an instant.
///
/// # Errors
/// The project is not set up.
pub(in crate::web) fn now_of(
    state: &ProjectState,
    at: Timestamp,
    now: Timestamp,
) -> Result<OnCallAnswer, Problem> {
    let facts = facts(state)?;
    let ends = at.checked_add(TOLD).unwrap_or(Timestamp::MAX);
    let ids = facts.schedules.all.keys();
    let schedules = ids.filter_map(|id| Some(schedule_now(state, id, &facts.reading(id)?, at)));
    let swap = |(number, swap): (&u64, &procedure::project::Swap)| SwapLine {
        swap: *number,
        schedule: swap.offer.schedule.0.clone(),
        by: swap.offer.by.0.clone(),
        to: swap.offer.to.0.clone(),
        gives: piece(swap.offer.gives),
        takes: swap.offer.takes.map(piece),
    };
    Ok(OnCallAnswer {
        at: at.to_string(),
        as_of: now.to_string(),
        zone: facts.calendar.zone().to_owned(),
        paged: facts
            .on_call_at(at)
            .into_iter()
            .map(|person| person.0.clone())
            .collect(),
        schedules: schedules.collect(),
        gaps: pieces(&facts.on_call_gaps(at, ends)),
        swaps: state.swaps.iter().map(swap).collect(),
        policy: facts.schedules.policy.as_ref().map(|id| id.0.clone()),
        policies: facts
            .schedules
            .policies
            .iter()
            .map(|one| policy_line(state, one))
            .collect(),
    })
}

fn policy_line(state: &ProjectState, (id, policy): (&PolicyId, &Policy)) -> PolicyLine {
    let title = state.directory.policies.get(id).and_then(Text::plain);
    PolicyLine {
        id: id.0.clone(),
        title: title.unwrap_or(&id.0).to_owned(),
        policy: policy.clone(),
    }
}

fn schedule_now(
    state: &ProjectState,
    id: &ScheduleId,
    reading: &Reading<'_>,
    at: Timestamp,
) -> ScheduleNow {
    let names = Names::new(&state.directory);
    let ends = at.checked_add(TOLD).unwrap_or(Timestamp::MAX);
    let spans = reading.spans(at, ends);
    let answer = reading.on_call_at(at);
    let next = spans.get(1);
    ScheduleNow {
        id: id.0.clone(),
        title: title(state, id),
        zone: reading.schedule.zone.clone(),
        called: reading.schedule.called,
        on_call: holders(names, &answer),
        nobody: missing(&answer),
        changes_at: next.map(|span| span.from.to_string()),
        next: next
            .map(|span| holders(names, &span.on_call))
            .unwrap_or_default(),
        gaps: pieces(&reading.gaps(at, ends)),
    }
}

/// What people call a schedule.
pub(in crate::web) fn title(state: &ProjectState, id: &ScheduleId) -> String {
    let title = state.directory.schedules.get(id).and_then(Text::plain);
    title.unwrap_or(&id.0).to_owned()
}

pub(super) fn holders(names: Names<'_>, answer: &OnCall<'_>) -> Vec<Holder> {
    let holder = |standing: &procedure::on_call::Standing<'_>| Holder {
        person: standing.person.0.clone(),
        name: names.person(standing.person),
        rotation: standing.because.rotation.map(|rotation| rotation.0.clone()),
        cover: match standing.because.why {
            Why::Cover(id) => Some(id.0.clone()),
            Why::Turn(_) => None,
        },
        from: standing.because.from.to_string(),
        until: standing.because.until.to_string(),
    };
    answer.people.iter().map(holder).collect()
}

pub(super) fn missing(answer: &OnCall<'_>) -> Vec<Absence> {
    let one = |(rotation, why): &(Option<&RotationId>, Absent)| Absence {
        rotation: rotation.map(|rotation| rotation.0.clone()),
        why: why_not(*why),
    };
    answer.absent.iter().map(one).collect()
}

/// The word for why nobody is on call.
const fn why_not(why: Absent) -> &'static str {
    match why {
        Absent::NotRunning => "not_running",
        Absent::OutsideItsHours => "outside_its_hours",
        Absent::Holiday => "holiday",
        Absent::NoHoliday => "no_holiday",
        Absent::EmptyTurn => "empty_turn",
        Absent::CoveredByNobody => "covered_by_nobody",
    }
}

pub(super) fn pieces(all: &[(Timestamp, Timestamp)]) -> Vec<Piece> {
    let one = |(from, until): &(Timestamp, Timestamp)| Piece {
        from: from.to_string(),
        until: until.to_string(),
    };
    all.iter().map(one).collect()
}

fn piece(time: Time) -> Piece {
    Piece {
        from: time.from.to_string(),
        until: time.until.to_string(),
    }
}
