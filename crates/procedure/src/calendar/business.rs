//! Counting in business time (M11).

use super::Calendar;
use crate::playbook::{OutageWindow, Response};
use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};

impl Calendar {
    /// Whether the project is open at this instant.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.openings(at).next().is_some_and(|open| open.from <= at)
    }

    /// The first instant from `at` on at which the project is open: `at` itself when it
    /// is. `None` when it never opens.
    #[must_use]
    pub fn next_opening(&self, at: Timestamp) -> Option<Timestamp> {
        self.openings(at).next().map(|open| open.from.max(at))
    }

    /// The open time between two instants; zero when `to` is not after `from`.
    #[must_use]
    pub fn business_time_between(&self, from: Timestamp, to: Timestamp) -> SignedDuration {
        self.openings(from)
            .take_while(|open| open.from < to)
            .map(|open| open.to.min(to).duration_since(open.from.max(from)))
            .filter(SignedDuration::is_positive)
            .fold(SignedDuration::ZERO, SignedDuration::saturating_add)
    }

    /// The instant at which `time` of open time has passed since `at`. With no time to
    /// pass, or a negative one, it is the next opening. `None` when that never comes.
    #[must_use]
    pub fn add_business(&self, at: Timestamp, time: SignedDuration) -> Option<Timestamp> {
        let mut left = time.max(SignedDuration::ZERO);
        for open in self.openings(at) {
            let from = open.from.max(at);
            let length = open.to.duration_since(from);
            if left <= length {
                return from.checked_add(left).ok();
            }
            left = left.saturating_sub(length);
        }
        None
    }

    /// The close of the `days`-th business day after the local date of `at` (X44). For
    /// zero days: the close of that date, or of the next business day when it is over.
    #[must_use]
    pub fn add_business_days(&self, at: Timestamp, days: u32) -> Option<Timestamp> {
        let today = self.date(at);
        let mut counted = 0;
        let mut last = None;
        for open in self.openings(at) {
            let date = self.date(open.from);
            if (date == today && days > 0) || last == Some(date) {
                continue;
            }
            last = Some(date);
            counted += 1;
            if counted >= days {
                return self.open_on(date).last().map(|open| open.to);
            }
        }
        None
    }

    /// When something that takes `minutes` from `at` is due, in the time that counts for
    /// the response (R92, R97, R102). `None` when business time never comes.
    #[must_use]
    pub fn deadline(&self, at: Timestamp, minutes: u32, response: Response) -> Option<Timestamp> {
        let time = SignedDuration::from_mins(minutes.into());
        match response {
            Response::AroundTheClock => at.checked_add(time).ok(),
            Response::BusinessHours => self.add_business(at, time),
        }
    }

    /// How long ago `from` is at `to`, in the time that counts for the response; zero
    /// when it lies ahead (M6).
    #[must_use]
    pub fn elapsed(&self, from: Timestamp, to: Timestamp, response: Response) -> SignedDuration {
        match response {
            Response::AroundTheClock => to.duration_since(from).max(SignedDuration::ZERO),
            Response::BusinessHours => self.business_time_between(from, to),
        }
    }

    /// Whether an instant lies in these hours of the week, holidays or not (X21).
    #[must_use]
    pub fn is_within(&self, at: Timestamp, window: &OutageWindow) -> bool {
        let local = self.rules.to_datetime(at);
        let open_end = window.to == Time::midnight();
        window.days.contains(&local.date().weekday().into())
            && window.from <= local.time()
            && (open_end || local.time() < window.to)
    }
}
