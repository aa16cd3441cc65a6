//! Values for work that takes longer than one shift.

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Work that takes longer than one shift (R67-R70, M6, M18).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LongHaul {
    /// Unresolved for more than this long after acknowledgement: the plan opens (R67,
    /// M6). A forecast above it opens the plan at once (X25).
    pub plan_after_minutes: u32,
    /// The opened plan is due within this long (R67).
    pub plan_due_minutes: u32,
    /// A shift is about this long; longer is warned of and recorded (R69, M18).
    pub shift_minutes: u32,
    /// An IC is in command at most about this long before handing over (R70).
    pub ic_minutes: u32,
    /// The IC and the successor are reminded this long before the end (R70).
    pub ic_reminder_before_minutes: u32,
    /// Less rest than this between two shifts is shown (M18).
    pub rest_minutes: u32,
    /// What the plan answers: hours or 24/7, shifts, next IC (R68).
    pub plan_questions: Vec<String>,
}
