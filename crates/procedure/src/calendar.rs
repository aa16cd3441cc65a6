//! Business hours, holidays and the zone of a project (M11).
//!
//! Pure: the zone's rules come in as bytes, so that the same journal gives the same
//! answers on every machine, whatever its zone database says. Every search is bounded:
//! a calendar that never opens answers `None`, never loops.

mod business;
mod day;
mod open;
mod slots;
mod wire;
mod zone;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

pub use day::Day;
pub(crate) use open::instant_in;
pub use open::{Open, Openings};
pub use zone::Zone;

/// Business hours, holidays and zone of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "wire::CalendarWire", into = "wire::CalendarWire")]
pub struct Calendar {
    zone: String,
    zone_rules: Vec<u8>,
    rules: TimeZone,
    business_hours: BTreeMap<Day, Vec<Hours>>,
    holidays: BTreeSet<Date>,
}

/// An open part of a day, in the zone's local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// Opens.
    pub from: Time,
    /// Closes; `00:00` means the midnight at the day's end.
    pub to: Time,
}

/// Why a calendar is not one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalendarError {
    /// The zone's rules are not TZif bytes; why.
    ZoneRules(String),
    /// The hours of this day end before they begin, overlap, or are out of order.
    Hours(Day),
}

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CalendarError::ZoneRules(why) => {
                write!(f, "the time zone's rules cannot be read: {why}")
            }
            CalendarError::Hours(day) => write!(
                f,
                "the hours of {day} must end after they begin, in order, without overlap"
            ),
        }
    }
}

impl core::error::Error for CalendarError {}

impl Calendar {
    /// A calendar of the zone `zone`, whose rules are the TZif bytes `zone_rules`.
    ///
    /// # Errors
    /// When the rules cannot be read, or the hours of a day are not in order.
    pub fn new(
        zone: &str,
        zone_rules: Vec<u8>,
        business_hours: BTreeMap<Day, Vec<Hours>>,
        holidays: BTreeSet<Date>,
    ) -> Result<Self, CalendarError> {
        let rules = TimeZone::tzif(zone, &zone_rules)
            .map_err(|error| CalendarError::ZoneRules(alloc::format!("{error}")))?;
        for (day, hours) in &business_hours {
            let ends = |hours: &Hours| hours.to == Time::midnight() || hours.from < hours.to;
            let apart = hours
                .windows(2)
                .all(|pair| pair[0].to != Time::midnight() && pair[0].to <= pair[1].from);
            if !hours.iter().all(ends) || !apart {
                return Err(CalendarError::Hours(*day));
            }
        }
        Ok(Self {
            zone: zone.into(),
            zone_rules,
            rules,
            business_hours,
            holidays,
        })
    }

    /// The name of the zone, e.g. `America/New_York`.
    #[must_use]
    pub fn zone(&self) -> &str {
        &self.zone
    }

    /// The zone itself.
    #[must_use]
    pub fn rules(&self) -> &TimeZone {
        &self.rules
    }

    /// The open parts of each day of the week.
    #[must_use]
    pub fn business_hours(&self) -> &BTreeMap<Day, Vec<Hours>> {
        &self.business_hours
    }

    /// Days on which the project is closed all day.
    #[must_use]
    pub fn holidays(&self) -> &BTreeSet<Date> {
        &self.holidays
    }
}
