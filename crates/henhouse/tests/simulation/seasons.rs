//! Where and when a simulation plays: zones that change their clocks, just before they do.

use jiff::{SignedDuration, Timestamp};

use super::zones::{self, ZONES};

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
    let changes = zones::changes(zone);
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
