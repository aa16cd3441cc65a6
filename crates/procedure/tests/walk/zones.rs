//! The zones in which tests play, and when their clocks are changed.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// By a whole hour, half an hour, at midnight, during Ramadan, on other weekdays, from one side of UTC, or never.
pub const ZONES: [&str; 20] = [
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

/// Every change of a zone's clocks from 2024 to 2030.
pub fn changes(zone: &str) -> Vec<Timestamp> {
    let rules = TimeZone::get(zone).unwrap();
    let [from, to] = ["2024-01-01T00:00:00Z", "2031-01-01T00:00:00Z"].map(|at| at.parse().unwrap());
    let found = rules.following(from).map(|change| change.timestamp());
    found.take_while(|at| *at < to).collect()
}
