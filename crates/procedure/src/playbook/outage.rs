//! When an outage counts as a disruption, and when recovery is late.

use crate::calendar::{Calendar, Day};
use crate::playbook::Response;
use alloc::string::String;
use alloc::vec::Vec;
use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// When an outage counts as a disruption, and when recovery is late (X21, X22).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outage {
    /// The hours in which the shorter limit holds, in the project's zone (X21).
    pub daytime: OutageWindow,
    /// Longer than this in daytime is a disruption (X21).
    pub disruption_daytime_minutes: u32,
    /// Longer than this at other times is a disruption (X21).
    pub disruption_otherwise_minutes: u32,
    /// Recovery is aimed at within this long; longer is a breach (X22).
    pub recovery_limit_minutes: u32,
    /// What the contingency decision asks (R12, X24).
    pub contingency_question: String,
}

impl Outage {
    /// When an outage that began at `began` and still goes on becomes a disruption: after
    /// the longer limit, or as soon as the shorter one has passed and it is daytime (X21).
    /// `None` only at the end of time.
    #[must_use]
    pub fn disruption_at(&self, calendar: &Calendar, began: Timestamp) -> Option<Timestamp> {
        let after = |minutes: u32| {
            let limit = SignedDuration::from_mins(minutes.into());
            began.checked_add(limit).ok()
        };
        let late = after(self.disruption_otherwise_minutes)?;
        let early = after(self.disruption_daytime_minutes)?.min(late);
        if calendar.is_within(early, &self.daytime) {
            return Some(early);
        }
        let dawns = [early, late].map(|at| {
            let dawn = calendar.date(at).to_datetime(self.daytime.from);
            calendar
                .rules()
                .to_ambiguous_timestamp(dawn)
                .compatible()
                .ok()
        });
        let dawn = dawns
            .into_iter()
            .flatten()
            .find(|dawn| (early..late).contains(dawn) && calendar.is_within(*dawn, &self.daytime));
        Some(dawn.unwrap_or(late))
    }

    /// By when recovery from it is aimed at (X22).
    #[must_use]
    pub fn breach_at(&self, began: Timestamp) -> Option<Timestamp> {
        let limit = SignedDuration::from_mins(self.recovery_limit_minutes.into());
        began.checked_add(limit).ok()
    }

    /// When it has lasted longer than is bearable: only the hours of business count (X22).
    #[must_use]
    pub fn unbearable_at(&self, calendar: &Calendar, began: Timestamp) -> Option<Timestamp> {
        calendar.deadline(began, self.recovery_limit_minutes, Response::BusinessHours)
    }
}

/// Hours of some days of the week, in the project's zone (X21).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutageWindow {
    /// Which days. A holiday counts like any other day here.
    pub days: Vec<Day>,
    /// First minute of the window.
    pub from: Time,
    /// The window ends before this.
    pub to: Time,
}
