//! The hours in which a rotation is in force: times of day, times of the week, holidays.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use super::{Holidays, Rotation, Window};
use crate::calendar::{Day, Zone};

impl Window {
    /// The window that begins on this local date, if one does.
    fn on(&self, zone: &Zone, date: Date) -> Option<(Timestamp, Timestamp)> {
        let (from, to, days) = match *self {
            Self::Day { from, to } => (from, to, i64::from(to <= from)),
            Self::Week {
                from_day,
                from,
                to_day,
                to,
            } => {
                if Day::from(date.weekday()) != from_day {
                    return None;
                }
                let apart = (to_day as i64 - from_day as i64).rem_euclid(7);
                let days = if apart == 0 && to <= from { 7 } else { apart };
                (from, to, days)
            }
        };
        let end = date
            .checked_add(jiff::Span::new().try_days(days).ok()?)
            .ok()?;
        let span = (
            zone.instant(date.to_datetime(from))?,
            zone.instant(end.to_datetime(to))?,
        );
        (span.0 < span.1).then_some(span)
    }

    /// The days on which one may begin that holds this local date. Where the clock is put back across midnight a date
    /// comes twice, so the day after is looked at too.
    fn near(&self, date: Date) -> impl Iterator<Item = Date> + use<> {
        let back = match self {
            Self::Day { .. } => 1,
            Self::Week { .. } => 7,
        };
        let day = move |n: i64| {
            let span = jiff::Span::new().try_days(n).ok()?;
            date.checked_add(span).ok()
        };
        (-back..=1).filter_map(day)
    }

    /// Whether an instant lies in it, by the rules of its zone.
    pub(crate) fn holds(&self, zone: &Zone, at: Timestamp) -> bool {
        let date = zone.local(at).date();
        let spans = self.near(date).filter_map(|date| self.on(zone, date));
        spans.into_iter().any(|(from, to)| from <= at && at < to)
    }
}

/// Whether an instant lies on a holiday.
fn is_holiday(zone: &Zone, holidays: &BTreeSet<Date>, at: Timestamp) -> bool {
    if holidays.is_empty() {
        return false;
    }
    let date = zone.local(at).date();
    let begins = |date: Date| zone.instant(date.to_datetime(Time::midnight()));
    let tomorrow = date.tomorrow().ok();
    let late = tomorrow.filter(|next| begins(*next).is_some_and(|midnight| midnight <= at));
    holidays.contains(&late.unwrap_or(date))
}

/// Why a rotation is not in force at an instant, apart from its turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Off {
    Hours,
    Holiday,
    NoHoliday,
}

impl Rotation {
    pub(super) fn off_at(
        &self,
        zone: &Zone,
        holidays: &BTreeSet<Date>,
        at: Timestamp,
    ) -> Option<Off> {
        match (self.holidays, is_holiday(zone, holidays, at)) {
            (Holidays::Off, true) => return Some(Off::Holiday),
            (Holidays::Only, false) => return Some(Off::NoHoliday),
            _ => {}
        }
        let open = self.hours.is_empty() || self.hours.iter().any(|one| one.holds(zone, at));
        (!open).then_some(Off::Hours)
    }

    /// Every instant in a span at which its hours or holidays may begin or end.
    pub(super) fn edges(
        &self,
        zone: &Zone,
        holidays: &BTreeSet<Date>,
        (from, until): (Timestamp, Timestamp),
        out: &mut Vec<Timestamp>,
    ) {
        if !self.hours.is_empty() {
            let first = zone.local(from).date();
            let back = jiff::Span::new().try_days(8).ok();
            let first = back
                .and_then(|back| first.checked_sub(back).ok())
                .unwrap_or(first);
            let last = zone.local(until).date();
            let last = last.tomorrow().unwrap_or(last);
            let dates = core::iter::successors(Some(first), |date| date.tomorrow().ok());
            for date in dates.take_while(|date| *date <= last) {
                let spans = self.hours.iter().filter_map(|one| one.on(zone, date));
                out.extend(spans.flat_map(|(from, to)| [from, to]));
            }
        }
        if self.holidays != Holidays::AsAnyDay {
            for date in holidays {
                let ends = [Some(*date), date.tomorrow().ok()];
                let midnights = ends.into_iter().flatten();
                let instant = |date: Date| zone.instant(date.to_datetime(Time::midnight()));
                out.extend(midnights.filter_map(instant));
            }
        }
    }
}
