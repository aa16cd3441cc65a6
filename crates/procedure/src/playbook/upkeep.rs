//! Values for keeping people and plans ready.

use serde::{Deserialize, Serialize};

/// Keeping people and plans ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upkeep {
    /// The playbook is reviewed at least this often (X30).
    pub review_interval_days: u32,
    /// A change needs a reviewer who is not its author (X30).
    pub review_by_another: bool,
    /// First training within this long after taking a role (X31).
    pub training_within_days: u32,
    /// The contingency part of it within this long (X31).
    pub contingency_training_within_days: u32,
    /// Training again after this long (X31).
    pub training_interval_days: u32,
    /// A report from outside is answered within this many business days (X31).
    pub outside_report_answer_business_days: u32,
    /// Response time of a service whose plan names none (X32).
    pub default_response_minutes: u32,
    /// Everyone on call tests their route at least this often (X32).
    pub page_test_interval_days: u32,
    /// True: an hour with nobody on call raises an alarm (X33).
    pub always_somebody_on_call: bool,
}
