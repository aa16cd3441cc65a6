//! What people say about a case while they assess it, and the entries it leaves.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::impact::Impact;
use crate::id::{DependencyId, PersonId};
use crate::playbook::{Answer, Severity};
use crate::text::Text;

/// It really happened: status, severity and responders in one act (R8, R41).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// High, medium or low; choosing quickly is fine, it may change (R39).
    #[serde(default)]
    pub severity: Severity,
    /// Why the team thinks so (R8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
    /// Entries that show it, by seq; left out: the reports themselves.
    #[serde(default)]
    pub supporting: BTreeSet<u64>,
    /// What is harmed, if it was not said before (R37).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<Impact>,
    /// Who is in the response from now on besides those who are already (R41).
    #[serde(default)]
    pub responders: BTreeSet<PersonId>,
}

/// It did not happen: sets the status and closes in one act (R38).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FalseAlarm {
    /// What it was instead (R8, R38).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
    /// Entries that show it, by seq; left out: the reports themselves.
    #[serde(default)]
    pub supporting: BTreeSet<u64>,
}

/// Choose a severity. Anybody in the response raises; only the IC lowers, with a reason (R40).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetSeverity {
    /// High, medium or low.
    pub severity: Severity,
    /// Why; needed to lower it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// Say why the severity was lowered soon after a disruption that High allowed (M8).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExplainLowering {
    /// The entry that lowered it, by seq; left out: the first that nobody explained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<u64>,
    /// Why.
    pub reason: Text,
}

/// A question that every assessment answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Did it really happen? (R8)
    Happened,
    /// Is a service of somebody else the trigger? (R10)
    Dependency,
    /// Is a failure of our own system the cause? (X12)
    SystemFailure,
    /// Is sensitive personal data involved? (M8)
    SensitiveData,
    /// Is more of the organisation hit than this project? (R118)
    WiderImpact,
}

/// Answer a question of the assessment; "unknown" is an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerQuestion {
    /// Which.
    pub question: Question,
    /// Yes, no or unknown.
    pub answer: Answer,
    /// For a dependency: which of the register (R10).
    #[serde(default)]
    pub which: BTreeSet<DependencyId>,
    /// What shows it, or which one if it is not in the register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

/// Answer criteria of severity and pick examples that fit (R90, R91, R95, R96, R100, R101).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerCriteria {
    /// Criteria of the playbook by id; what is left out stays as it was.
    #[serde(default)]
    pub answers: BTreeMap<String, Answer>,
    /// Examples of the playbook that fit, by id.
    #[serde(default)]
    pub picks: BTreeSet<String>,
    /// Examples picked before that do not fit after all.
    #[serde(default)]
    pub unpicked: BTreeSet<String>,
}

/// Decide whether the contingency plan is activated too (R12).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DecideContingency {
    /// Activate it.
    pub activate: bool,
    /// Why, or why not.
    pub reason: Text,
}

/// Entry: it was confirmed as an incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Confirmed {
    /// The severity chosen.
    pub severity: Severity,
    /// What the criteria suggested (R39).
    #[serde(default)]
    pub suggested: Severity,
    /// Why.
    pub reason: Option<Text>,
    /// Entries that show it.
    #[serde(default)]
    pub supporting: BTreeSet<u64>,
    /// What is harmed, if it was said with the confirmation.
    #[serde(default)]
    pub impact: Option<Impact>,
    /// Everyone in the response from this moment on.
    #[serde(default)]
    pub responders: Vec<PersonId>,
    /// Those of them who were not in it before.
    #[serde(default)]
    pub joined: Vec<PersonId>,
}

/// Entry: it was a false alarm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FalseAlarmCalled {
    /// What it was instead.
    pub reason: Option<Text>,
    /// Entries that show it.
    #[serde(default)]
    pub supporting: BTreeSet<u64>,
    /// Who looks at it too: nobody but whoever calls it has seen the case (R106).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<PersonId>,
}

/// Entry: a severity was chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeveritySet {
    /// Chosen.
    pub severity: Severity,
    /// In force before.
    #[serde(default)]
    pub from: Severity,
    /// What the criteria suggested (R39).
    #[serde(default)]
    pub suggested: Severity,
    /// Why.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// Entry: why the severity was lowered soon after a disruption.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoweringExplained {
    /// The entry that lowered it.
    pub entry: u64,
    /// Why.
    pub reason: Text,
}

/// Entry: a question was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionAnswered {
    /// Which.
    pub question: Question,
    /// The answer.
    pub answer: Answer,
    /// Which dependencies.
    #[serde(default)]
    pub which: BTreeSet<DependencyId>,
    /// What shows it.
    #[serde(default)]
    pub note: Option<Text>,
}

/// Entry: criteria were answered, or examples picked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CriteriaAnswered {
    /// Criteria by id.
    #[serde(default)]
    pub answers: BTreeMap<String, Answer>,
    /// Examples that fit.
    #[serde(default)]
    pub picks: BTreeSet<String>,
    /// Examples that do not fit after all.
    #[serde(default)]
    pub unpicked: BTreeSet<String>,
    /// One of the examples raises the suspicion flag (R13).
    #[serde(default)]
    pub raises_suspicion: bool,
    /// One of the examples restricts the case (R101).
    #[serde(default)]
    pub restricts: bool,
}

/// Entry: whether the contingency plan is activated was decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContingencyDecided {
    /// It is.
    pub activate: bool,
    /// Why, or why not.
    pub reason: Text,
}
