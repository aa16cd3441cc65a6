//! Values for the time from a report to its acknowledgement.

use serde::{Deserialize, Serialize};

/// From the report to the acknowledgement: no report is left without an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alarm {
    /// Without acknowledgement this long after receipt, the contact sheet is called
    /// (R26, M17). Never held back by business hours (M11).
    pub ack_limit_minutes: u32,
    /// From one person of the contact sheet to the next (R27).
    pub sheet_step_minutes: u32,
    /// From the last person of a round to the first of the next; rounds go on until
    /// somebody acknowledges (R27).
    pub sheet_round_pause_minutes: u32,
    /// After this many rounds without an answer the people off shift are called too (M18).
    pub off_shift_after_rounds: u32,
    /// True: when no pager route works or nobody is on call, the sheet is called at once
    /// instead of after the limit (M17).
    pub sheet_at_once_when_nobody_on_call: bool,
    /// An acknowledger or IC who does nothing for this long on an audible prompt is
    /// marked silent: before the assessment the walk resumes, and the team is offered
    /// the take-over, never automatically (X35).
    pub silence_limit_minutes: u32,
    /// True: the reporter is told when a round of the sheet ended unanswered (X36).
    pub tell_reporter_each_round: bool,
}
