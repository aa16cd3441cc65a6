//! Where and when a simulation plays: zones that change their clocks, just before they do.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Changes at midnight, by half an hour, by more than a day long ago, during Ramadan, on other weekdays, or never.
const ZONES: [&str; 20] = [
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Lisbon",
    "Europe/Chisinau",
    "America/New_York",
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Havana",
    "America/Santiago",
    "America/Asuncion",
    "America/Nuuk",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
];

/// Where and when.
pub struct Season {
    pub zone: &'static str,
    pub begins: Timestamp,
    /// When the zone changes its clocks, if it does.
    pub changes: Option<Timestamp>,
}

/// The season of a seed: some hours before a change between 2024 and 2030, or before a leap day.
pub fn of(seed: u64) -> Season {
    let zone = ZONES[(seed % 20) as usize];
    let rules = TimeZone::get(zone).unwrap();
    let from: Timestamp = "2024-01-01T00:00:00Z".parse().unwrap();
    let to: Timestamp = "2031-01-01T00:00:00Z".parse().unwrap();
    let changes: Vec<Timestamp> = rules
        .following(from)
        .map(|change| change.timestamp())
        .take_while(|at| *at < to)
        .collect();
    let turn = (seed / 20) as usize;
    let changes = (!changes.is_empty()).then(|| changes[turn % changes.len()]);
    let leap = ["2024-02-28T22:00:00Z", "2028-02-28T22:00:00Z"][turn % 2];
    let at = changes.unwrap_or_else(|| leap.parse().unwrap());
    let hours = SignedDuration::from_hours((turn % 11) as i64);
    Season {
        zone,
        begins: at - hours - SignedDuration::from_mins(7),
        changes,
    }
}
