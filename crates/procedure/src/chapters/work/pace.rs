//! When a step is due: the severity sets the pace (R15).

use alloc::vec::Vec;

use jiff::Timestamp;

use super::Step;
use crate::at::At;
use crate::chapters::assess;
use crate::chapters::milestones::Milestone;
use crate::playbook::{Response, StepClass};
use crate::rule::Rule;
use crate::switch::on;

/// By when a step is to be done: the time somebody gave; else for an immediate one the
/// severity's pace, counted anew when the severity changes. `None` for a deferred step
/// without a date.
#[must_use]
pub fn due(at: At, step: &Step) -> Option<Timestamp> {
    if step.due.is_some() || step.class == StepClass::Deferred || !on(Rule::R15) {
        return step.due;
    }
    paced(at.under(step.seq), step.added_at)
}

/// By when a step was to be done, as the severities were up to `end`: the first time that passed before the severity
/// changed, else the last one.
pub(super) fn due_up_to(at: At, step: &Step, end: Timestamp) -> Option<Timestamp> {
    let changes = at.case.part.assess.severities.iter().map(|change| change.mark.at);
    let later = changes.filter(|change| step.added_at < *change && *change < end);
    let from: Vec<Timestamp> = core::iter::once(step.added_at).chain(later).collect();
    let ends = from.iter().skip(1).copied().chain([end]);
    let mut last = None;
    for (from, end) in from.iter().zip(ends) {
        last = due(at.as_of(*from), step);
        if last.is_some_and(|due| due < end) {
            return last;
        }
    }
    last
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
