//! The open spans of a calendar as instants, in order, each once.

use super::Calendar;
use alloc::vec::{self, Vec};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};

/// A calendar that stays closed for more days in a row than this never opens again.
const CLOSED_DAYS_LIMIT: u32 = 1000;

/// A span of time in which the project is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// Opens.
    pub from: Timestamp,
    /// Closes; not part of the span.
    pub to: Timestamp,
}

/// The open spans from an instant on, as [`Calendar::openings`] gives them.
#[derive(Clone, Debug)]
pub struct Openings<'a> {
    calendar: &'a Calendar,
    at: Timestamp,
    date: Option<Date>,
    closed_days: u32,
    today: vec::IntoIter<Open>,
}

impl Iterator for Openings<'_> {
    type Item = Open;

    fn next(&mut self) -> Option<Open> {
        loop {
            if let Some(open) = self.today.next() {
                if open.to > self.at {
                    return Some(open);
                }
                continue;
            }
            let date = self.date?;
            if self.closed_days > CLOSED_DAYS_LIMIT {
                return None;
            }
            let spans = self.calendar.open_on(date);
            self.closed_days = if spans.is_empty() {
                self.closed_days + 1
            } else {
                0
            };
            self.date = date.tomorrow().ok();
            self.today = spans.into_iter();
        }
    }
}

impl Calendar {
    /// The open spans that end after `at`, in order; the first may have begun before it.
    /// Ends when the calendar stays closed for some years.
    #[must_use]
    pub fn openings(&self, at: Timestamp) -> Openings<'_> {
        Openings {
            calendar: self,
            at,
            date: Some(self.day_before(at)),
            closed_days: 0,
            today: Vec::new().into_iter(),
        }
    }

    /// The open spans of a local date, in order; none on a closed day.
    #[must_use]
    pub fn open_on(&self, date: Date) -> Vec<Open> {
        if self.holidays.contains(&date) {
            return Vec::new();
        }
        let hours = self.business_hours.get(&date.weekday().into());
        hours
            .into_iter()
            .flatten()
            .filter_map(|hours| {
                let end = if hours.to == Time::midnight() {
                    date.tomorrow().ok()?
                } else {
                    date
                };
                let open = Open {
                    from: self.instant(date.to_datetime(hours.from))?,
                    to: self.instant(end.to_datetime(hours.to))?,
                };
                (open.from < open.to).then_some(open)
            })
            .collect()
    }

    /// The local date of an instant.
    #[must_use]
    pub fn date(&self, at: Timestamp) -> Date {
        self.rules.to_datetime(at).date()
    }

    /// The date to begin a search with. Where the clock is put back across midnight a
    /// date comes twice, so the day before is looked at too.
    pub(super) fn day_before(&self, at: Timestamp) -> Date {
        let date = self.date(at);
        date.yesterday().unwrap_or(date)
    }

    /// The instant of a local time, by [`instant_in`].
    pub(super) fn instant(&self, local: DateTime) -> Option<Timestamp> {
        instant_in(&self.rules, local)
    }
}

/// The instant of a local time. A time that comes twice is its first; a time that
/// the clock skips is the instant of the jump. So a later local time is never an
/// earlier instant, and spans that do not overlap on the wall do not overlap at all.
pub(crate) fn instant_in(rules: &TimeZone, local: DateTime) -> Option<Timestamp> {
    match rules.to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(local).ok(),
        AmbiguousOffset::Fold { before, .. } => before.to_timestamp(local).ok(),
        AmbiguousOffset::Gap { after, .. } => {
            let before_jump = after.to_timestamp(local).ok()?;
            let mut jumps = rules.following(before_jump);
            jumps.next().map(|jump| jump.timestamp())
        }
    }
}
