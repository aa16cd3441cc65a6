//! A proposal for who works when: the hours that nobody has yet, in shifts of the playbook's length, each given to
//! whoever will have rested longest. It is an offer; each shift is planned by a command (R69, M18).

use alloc::vec::Vec;

use jiff::{SignedDuration, Timestamp};

use super::{PlanShift, ShiftAs, shifts, working};
use crate::at::{At, after, minutes};
use crate::id::PersonId;

const HOUR: i64 = 3_600;

/// Shifts for these people, in the order in which they should be asked, that leave no gap from `from` to `until`;
/// none without people.
#[must_use]
pub fn rota(
    at: At,
    people: &[PersonId],
    (from, until): (Timestamp, Timestamp),
    duty: ShiftAs,
) -> Vec<PlanShift> {
    let length = minutes(at.playbook().long_haul.shift_minutes);
    if people.is_empty() || length <= SignedDuration::ZERO {
        return Vec::new();
    }
    let brief = SignedDuration::from_secs(length.as_secs() / 4);
    let mut taken = taken(at);
    let mut out = Vec::new();
    for (begins, ends) in shifts::gaps(at, from, until) {
        let mut begins = begins;
        while begins < ends {
            // Nobody comes in for a quarter of a shift at the far end; the next look fills it.
            if ends >= until && ends.duration_since(begins) < brief && !out.is_empty() {
                break;
            }
            let ends = end_of_shift(begins, length).min(ends);
            let Some(person) = rested_longest(people, &taken, begins, ends) else {
                return out;
            };
            taken.push((person.clone(), begins, ends));
            out.push(PlanShift { person: person.clone(), from: begins, until: ends, duty });
            begins = ends;
        }
    }
    out
}

/// So many people can take turns around the clock so that nobody works longer, or rests less, than the playbook asks.
#[must_use]
pub fn people_for_a_rota(at: At) -> usize {
    let long_haul = &at.playbook().long_haul;
    let others = long_haul.rest_minutes.div_ceil(long_haul.shift_minutes.max(1));
    usize::try_from(others.max(1)).unwrap_or(usize::MAX).saturating_add(1)
}

/// Shifts end with the hour, so that people remember them, if that leaves them long enough.
fn end_of_shift(begins: Timestamp, length: SignedDuration) -> Timestamp {
    let whole = after(begins, length);
    let beyond = whole.as_second().rem_euclid(HOUR);
    let even = after(whole, -SignedDuration::from_secs(beyond));
    let half = SignedDuration::from_secs(length.as_secs() / 2);
    if even >= after(begins, half) { even } else { whole }
}

type Taken = Vec<(PersonId, Timestamp, Timestamp)>;

/// When people work: their shifts, and what they have worked until now.
fn taken(at: At) -> Taken {
    let planned = at.case.part.endurance.shifts.iter().filter(|shift| !shift.cancelled);
    let planned = planned.map(|shift| (shift.person.clone(), shift.from, shift.until));
    let now = working(at).into_iter().map(|one| (one.person, one.since, at.now));
    planned.chain(now).collect()
}

/// Whoever has the longest rest before and after such a shift; among equals the first.
fn rested_longest<'a>(
    people: &'a [PersonId],
    taken: &Taken,
    from: Timestamp,
    until: Timestamp,
) -> Option<&'a PersonId> {
    let rest = |person: &PersonId| {
        let theirs = taken.iter().filter(|(who, ..)| who == person);
        let rests = theirs.map(|(_, begins, ends)| {
            if *ends <= from {
                from.duration_since(*ends)
            } else if *begins >= until {
                begins.duration_since(until)
            } else {
                SignedDuration::from_secs(-1)
            }
        });
        rests.min().unwrap_or(SignedDuration::MAX)
    };
    let mut best: Option<(&PersonId, SignedDuration)> = None;
    for person in people {
        let rest = rest(person);
        if best.is_none_or(|(_, so_far)| rest > so_far) {
            best = Some((person, rest));
        }
    }
    best.filter(|(_, rest)| *rest >= SignedDuration::ZERO).map(|(person, _)| person)
}
