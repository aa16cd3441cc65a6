//! Values for situation reports beyond the cadence of the severity.

use super::RoleName;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Situation reports beyond the cadence of the severity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sitreps {
    /// The first sitrep is due this long after confirmation (R11, R42).
    pub initial_due_minutes: u32,
    /// After a raise of severity a sitrep is due within this long (M19).
    pub after_raise_minutes: u32,
    /// A sitrep "no change" may be sent in one tap this often in a row; then one with
    /// words is wanted (R34, R76).
    pub no_change_limit: u32,
    /// Who always receives them (X18).
    pub standing_recipients: Vec<RoleName>,
}
