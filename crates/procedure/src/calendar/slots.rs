//! The sitrep slots of a business day (R99, R103, M11).

use super::{Calendar, Open};
use crate::playbook::{Cadence, DaySlots, Response};
use alloc::vec::Vec;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// A calendar that has no slot for more days in a row than this has none.
const DAYS_LIMIT: usize = 1000;

impl Calendar {
    /// When the sitrep after the one at `last` is due (R76). A sitrep shortly before a
    /// slot counts for it, see [`DaySlots::tolerance_minutes`]. `None` when the calendar
    /// never opens again.
    #[must_use]
    pub fn sitrep_due(
        &self,
        last: Timestamp,
        cadence: &Cadence,
        response: Response,
    ) -> Option<Timestamp> {
        match cadence {
            Cadence::Every { minutes } => self.deadline(last, *minutes, response),
            Cadence::BusinessDay(slots) => {
                let early = SignedDuration::from_mins(slots.tolerance_minutes.into());
                self.next_slot(last.checked_add(early).ok()?, slots)
            }
        }
    }

    /// The first slot after `after`.
    #[must_use]
    pub fn next_slot(&self, after: Timestamp, slots: &DaySlots) -> Option<Timestamp> {
        let first = self.day_before(after);
        let dates = core::iter::successors(Some(first), |date| date.tomorrow().ok());
        dates
            .take(DAYS_LIMIT)
            .flat_map(|date| self.slots_on(date, slots))
            .find(|slot| *slot > after)
    }

    /// The slots of a local date, in order; none on a closed day. After a closed day the
    /// opening stands for what was moved and for the first slot, if the slots say so.
    #[must_use]
    pub fn slots_on(&self, date: Date, slots: &DaySlots) -> Vec<Timestamp> {
        let spans = self.open_on(date);
        let Some(opening) = spans.first().map(|open| open.from) else {
            return Vec::new();
        };
        let mut times: Vec<Timestamp> = slots
            .percent_of_day
            .iter()
            .filter_map(|percent| part_of_day(&spans, *percent))
            .collect();
        times.sort_unstable();
        let after_closed_day = date
            .yesterday()
            .is_ok_and(|yesterday| self.open_on(yesterday).is_empty());
        if slots.closed_days_move_to_opening
            && after_closed_day
            && let Some(first) = times.first_mut()
        {
            *first = opening;
        }
        times.dedup();
        times
    }
}

/// The instant at which `percent` of the open time of a day has passed.
fn part_of_day(spans: &[Open], percent: u8) -> Option<Timestamp> {
    let lengths = spans.iter().map(|open| open.to.duration_since(open.from));
    let open_seconds: i64 = lengths.map(|length| length.as_secs()).sum();
    let mut left = SignedDuration::from_secs(open_seconds * i64::from(percent.min(100)) / 100);
    for open in spans {
        let length = open.to.duration_since(open.from);
        if left <= length {
            return open.from.checked_add(left).ok();
        }
        left = left.saturating_sub(length);
    }
    spans.last().map(|open| open.to)
}
