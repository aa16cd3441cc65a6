//! When a step is due: the severity sets the pace (R15).

use alloc::vec::Vec;

use jiff::Timestamp;

use super::Step;
use super::step::Stretch;
use crate::actor::Who;
use crate::at::At;
use crate::chapters::assess;
use crate::chapters::milestones::Milestone;
use crate::conformance::{Judged, Outcome};
use crate::mark::Mark;
use crate::playbook::{Response, StepClass};
use crate::rule::Rule;
use crate::switch::on;

/// By when a step is to be done: the time somebody gave; else for an immediate one the
/// severity's pace, counted anew when the severity changes or the step is taken up again. `None`
/// for a deferred step without a date.
#[must_use]
pub fn due(at: At, step: &Step) -> Option<Timestamp> {
    due_as_of(at, step, step.stretch(), at.now)
}

/// What was said by then about a step's time and class counts, under the severity of then.
fn due_as_of(at: At, step: &Step, stretch: &Stretch, when: Timestamp) -> Option<Timestamp> {
    let given = stretch.dues.iter().rfind(|(said, _)| *said <= when).map(|(_, due)| *due);
    if given.is_some() || step.class_at(when) == StepClass::Deferred || !on(Rule::R15) {
        return given;
    }
    paced(at.under(step.seq).as_of(when), stretch.from)
}

/// When work that came up at `from` is due by the severity's pace (R15).
pub(crate) fn paced(at: At, from: Timestamp) -> Option<Timestamp> {
    let from = at.severity_since().map_or(from, |since| since.max(from));
    let policy = assess::policy(at);
    paced_by(at, from, policy.step_due_minutes)
}

/// So many minutes after `from`, in the time that counts for the response.
pub(crate) fn paced_by(at: At, from: Timestamp, minutes: u32) -> Option<Timestamp> {
    at.project().calendar.deadline(from, minutes, response(at, from))
}

/// Which time counts for work that began at `from` (R92, R97, R102).
pub(super) fn response(at: At, from: Timestamp) -> Response {
    let policy = assess::policy(at);
    let contained = at.case.part.milestones.when(Milestone::Contained);
    let calm = contained.is_some_and(|contained| contained.at <= from);
    let hours = if calm { policy.response_after_contained } else { policy.response };
    assess::within_rules(at.severity(), hours)
}

/// How a step stands to its times, in each stretch in which it was to be done: a time that had
/// passed before it was moved, or before the severity was lowered, stays missed. `None` if it
/// never had one, or if the response was over before it.
pub(super) fn judged(at: At, step: &Step) -> Option<Judged> {
    let of_one = |stretch: &Stretch| {
        let over = stretch.until.is_some() && stretch.ended.is_none();
        let carried = |when| over && step.class_at(when) == StepClass::Deferred;
        let due = |when| due_as_of(at, step, stretch, when).filter(|_| !carried(when));
        let moved = stretch.dues.iter().map(|(said, _)| *said);
        let moved = moved.chain(step.classes.iter().map(|(mark, _)| mark.at));
        let now = stretch.until.unwrap_or(at.until_rest());
        let judged = against(at, stretch.from, moved, due, stretch.ended.as_ref(), now)?;
        let unreached = over && matches!(judged.outcome, Outcome::Open { .. });
        (!unreached).then_some(judged)
    };
    step.stretches.iter().filter_map(of_one).max_by_key(late_minutes)
}

/// How work that came up at `from` stands to the pace of the severity, up to `now` or its end.
pub(crate) fn judged_since(
    at: At,
    from: Timestamp,
    ended: Option<&Mark>,
    now: Timestamp,
) -> Option<Judged> {
    against(at, from, core::iter::empty(), |when| paced(at.as_of(when), from), ended, now)
}

fn against(
    at: At,
    from: Timestamp,
    moved: impl Iterator<Item = Timestamp>,
    due: impl Fn(Timestamp) -> Option<Timestamp>,
    ended: Option<&Mark>,
    now: Timestamp,
) -> Option<Judged> {
    let end = ended.map_or(now, |mark| mark.at);
    let changed = at.case.part.assess.severities.iter().map(|change| change.mark.at);
    let mut instants: Vec<Timestamp> =
        moved.chain(changed).filter(|when| *when > from && *when < end).collect();
    instants.push(from);
    instants.sort();
    instants.dedup();
    let done = ended.map(|mark| (mark.at, &mark.by, mark.seq));
    let next = instants.iter().skip(1).map(|next| Some(*next)).chain([None]);
    let of_one = |(when, next): (&Timestamp, Option<Timestamp>)| {
        let due = due(*when)?;
        match next {
            None => Some(Judged::against(due, done, now)),
            Some(next) => missed(Judged::against(due, None, next), done),
        }
    };
    let each = instants.iter().zip(next).filter_map(of_one);
    each.max_by_key(late_minutes)
}

/// It was late before it was moved, whenever it was done at last.
fn missed(judged: Judged, done: Option<(Timestamp, &Who, u64)>) -> Option<Judged> {
    let Outcome::Late { minutes, .. } = judged.outcome else { return None };
    let at = done.map(|(at, ..)| at);
    let judged = Judged::from(Outcome::Late { at, minutes });
    Some(done.into_iter().fold(judged, |judged, (.., seq)| judged.shown_by(seq)))
}

/// How late it was; open counts for more than done.
pub(super) fn late_minutes(judged: &Judged) -> u64 {
    match judged.outcome {
        Outcome::Late { minutes, .. } => minutes.saturating_add(1),
        Outcome::Open { .. } => 1,
        _ => 0,
    }
}

/// That time, or in business hours the next opening after it (M11).
pub(super) fn opening(at: At, when: Timestamp) -> Timestamp {
    match response(at, when) {
        Response::AroundTheClock => when,
        Response::BusinessHours => at.project().calendar.next_opening(when).unwrap_or(when),
    }
}
