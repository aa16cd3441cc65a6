//! Bursts: when many reports of unknown people come at once, those after the first few share
//! their pages (M24). None is dropped: each keeps its case, its clock and its own walk, and only
//! what is *sent* because of it while nobody has it is sent together with the others.

use jiff::Timestamp;

use super::payload::Report;
use super::state::State;
use crate::actor::Who;
use crate::at::{after, minutes};
use crate::case::Case;
use crate::notice::Telling;
use crate::playbook::Playbook;

/// How a report came in, as far as bursts care. Each sort is counted by itself, so that a flood
/// of idle reports cannot drown one that says that a link was clicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Arrival {
    /// From somebody who is signed in, or from a program with a token: never bundled.
    Known,
    /// From somebody unknown.
    Unknown,
    /// From somebody unknown who clicked, opened or entered something (R108).
    Pressing,
}

impl Arrival {
    /// The sort of this report from this reporter.
    #[must_use]
    pub fn of(reporter: &Who, report: &Report) -> Self {
        match reporter {
            Who::Reporter if report.phish.acted_upon() => Self::Pressing,
            Who::Reporter => Self::Unknown,
            Who::Person(_) | Who::Service(_) | Who::System => Self::Known,
        }
    }

    /// The word under which it is stored.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Unknown => "unknown",
            Self::Pressing => "pressing",
        }
    }
}

/// From when on earlier reports count towards a burst.
#[must_use]
pub fn counts_from(playbook: &Playbook, now: Timestamp) -> Timestamp {
    after(now, -minutes(playbook.intake.burst_window_minutes))
}

/// Whether a report that comes after `earlier` others of its sort, counted from
/// [`counts_from`], shares its pages. The first never does.
#[must_use]
pub fn is_bundled(playbook: &Playbook, arrival: Arrival, earlier: u32) -> bool {
    arrival != Arrival::Known && earlier >= playbook.intake.burst_after_reports.max(1)
}

/// When what is bundled at `now` leaves: at the end of the span that it falls into. Everything
/// of one span leaves together, and no span waits for another.
#[must_use]
pub fn leaves_at(playbook: &Playbook, now: Timestamp) -> Timestamp {
    let span = i64::from(playbook.intake.burst_gather_seconds);
    if span == 0 {
        return now;
    }
    let into = now.as_second().rem_euclid(span);
    let end = now.as_second().saturating_add(span - into);
    Timestamp::from_second(end).unwrap_or(now)
}

/// Whether this is sent together with what is told of other cases: while nobody has the case,
/// the calls for it and what its reporter hears.
pub(crate) fn shares(case: &Case, what: &Telling) -> bool {
    let State { bundled, .. } = case.part.intake;
    let waits = case.part.commander.intervals.is_empty();
    let repeats = matches!(
        what,
        Telling::Page { .. } | Telling::Received | Telling::RoundEnded { .. }
    );
    bundled && waits && repeats
}
