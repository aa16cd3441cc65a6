//! Values for spin-down, close-out and what goes on after it.

use alloc::string::String;
use serde::{Deserialize, Serialize};

/// Spin-down, close-out and what goes on after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// The final sitrep is due this long after Ready for QA (R74).
    pub final_sitrep_due_minutes: u32,
    /// The named reviewer is reminded after this many business days (X38).
    pub review_reminder_business_days: u32,
    /// Open leads and deferred steps are reminded of this often after the close, at
    /// business pace (R72, X41).
    pub follow_up_reminder_days: u32,
    /// True: a call needs a recording or a written summary before the close (X11).
    pub calls_need_record: bool,
    /// The thanks to everyone, a draft (R75).
    pub thanks: String,
}
