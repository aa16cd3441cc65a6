//! How long somebody works without a rest: shifts that touch are one stretch (R69, M18).

use alloc::vec::Vec;

use jiff::Timestamp;

use super::whole_minutes;
use crate::at::{At, after, minutes};
use crate::id::PersonId;
use crate::rule::Rule;
use crate::switch::on;

/// Shifts of one person with no rest between them.
pub(super) struct Stretch {
    /// When the first began.
    pub from: Timestamp,
    /// When the last ends.
    pub until: Timestamp,
    /// Minutes worked in it.
    pub worked: u32,
}

impl Stretch {
    /// Minutes beyond the playbook's length; the overlap of a hand-over does not count (M18).
    pub fn over_minutes(&self, at: At) -> u32 {
        let overlap = at.playbook().command.handover.overlap_max_minutes;
        let limit = at.playbook().long_haul.shift_minutes;
        if self.worked <= limit.saturating_add(overlap) || !on(Rule::R69) {
            return 0;
        }
        self.worked - limit
    }
}

/// A person's stretches of work up to an instant.
pub(super) fn stretches(at: At, person: &PersonId, end: Timestamp) -> Vec<Stretch> {
    joined(at, shifts(at, person), end)
}

/// How many minutes too long another shift makes what the person works.
pub(super) fn over_with(at: At, person: &PersonId, shift: (Timestamp, Timestamp)) -> u32 {
    let over = |spans| {
        let stretches = joined(at, spans, Timestamp::MAX);
        stretches.iter().fold(0_u32, |sum, one| sum.saturating_add(one.over_minutes(at)))
    };
    let mut with = shifts(at, person);
    with.push(shift);
    over(with).saturating_sub(over(shifts(at, person)))
}

/// Since when somebody is in the response without a rest, having come in last at `since`.
pub(super) fn came_in(at: At, person: &PersonId, since: Timestamp) -> Timestamp {
    let stints = at.case.part.commander.stints.iter().rev();
    let theirs = stints.filter(|stint| &stint.person == person);
    theirs.fold(since, |since, stint| {
        if rests(at, stint.until, since) { since } else { stint.from }
    })
}

fn shifts(at: At, person: &PersonId) -> Vec<(Timestamp, Timestamp)> {
    let shifts = at.case.part.endurance.shifts.iter();
    let theirs = shifts.filter(|shift| !shift.cancelled && &shift.person == person);
    theirs.map(|shift| (shift.from, shift.until)).collect()
}

fn joined(at: At, mut spans: Vec<(Timestamp, Timestamp)>, end: Timestamp) -> Vec<Stretch> {
    spans.retain(|(from, _)| *from < end);
    spans.sort_unstable();
    let mut out: Vec<Stretch> = Vec::new();
    for (from, until) in spans {
        let until = until.min(end);
        match out.last_mut().filter(|last| !rests(at, last.until, from)) {
            Some(last) => {
                let more = whole_minutes(from.max(last.until), until);
                last.worked = last.worked.saturating_add(more);
                last.until = last.until.max(until);
            }
            None => out.push(Stretch { from, until, worked: whole_minutes(from, until) }),
        }
    }
    out
}

/// A break shorter than half a shift is no rest.
fn rests(at: At, until: Timestamp, from: Timestamp) -> bool {
    from >= after(until, minutes(at.playbook().long_haul.shift_minutes / 2))
}
