//! When an outage counts as a disruption, and when recovery is late.

use crate::calendar::Day;
use alloc::string::String;
use alloc::vec::Vec;
use jiff::civil::Time;
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
