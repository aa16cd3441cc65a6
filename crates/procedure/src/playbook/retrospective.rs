//! Values for the retrospective and its report.

use super::{Choice, Severity};
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The retrospective and its report (R78-R88).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retrospective {
    /// Due this many business days after Ready for QA (X44).
    pub due_business_days: u32,
    /// An overdue one is reminded of this often (X44).
    pub overdue_reminder_days: u32,
    /// True: a false alarm may do without, with a reason (X19).
    pub optional_for_false_alarm: bool,
    /// At or below this severity an operational case may use the short form (M14).
    pub short_form_up_to: Severity,
    /// The parts of the report: `timeline`, `progress`, `causes`, `metrics`, `lessons`,
    /// `follow_ups` (R18, R80-R87).
    pub report_sections: Vec<Choice>,
    /// Methods of cause analysis; the first is offered first (R83, M14).
    pub methods: Vec<CauseMethod>,
    /// The outcome lists: `causes`, `prevention`, `response` (R83).
    pub outcomes: Vec<Choice>,
    /// How it was discovered: VERIS value names (R84).
    pub discovery_methods: Vec<Choice>,
    /// What the actor did: VERIS value names as `category.variety`, and `none` (R87).
    pub threat_actions: Vec<Choice>,
}

/// A method of cause analysis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseMethod {
    /// Stable id: `infinite_hows`, `five_whys`.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What it is good for.
    pub summary: String,
    /// The guided questions, in order. A "how" comes first (M14).
    pub questions: Vec<CauseQuestion>,
}

/// One guided question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseQuestion {
    /// The question.
    pub question: String,
    /// Which outcome list its answer feeds; empty for the cause graph.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub feeds: String,
}
