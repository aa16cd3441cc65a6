//! What people say in a retrospective, and the entries it leaves.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::case::Turn;
use crate::id::PersonId;
use crate::rule::Rule;
use crate::text::Text;

/// Name who leads the retrospective (R79).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AppointLeader {
    /// Who.
    pub person: PersonId,
}

/// Add a line to the timeline, tied to the entries that show it (R80).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddTimelineLine {
    /// Entries of the journal, by seq.
    pub entries: BTreeSet<u64>,
    /// The line; left out: what the first entry says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
}

/// Leave a line out of the timeline. Its entries stay in the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RemoveTimelineLine {
    /// Which, such as `T-3`.
    pub line: String,
}

/// Write a section of the report in words. What can be drawn from the log is drawn from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WriteReportSection {
    /// One of the playbook's sections, such as `causes`.
    pub section: String,
    /// The words.
    pub text: Text,
}

/// What a cause was found by, or is (R83).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CauseKind {
    /// How it came to be.
    #[default]
    How,
    /// Why it came to be.
    Why,
    /// A control that should have held, and why it did not.
    Control,
    /// A condition that had to be there.
    Condition,
    /// A weakness that was used.
    Vulnerability,
}

/// Add a cause to the graph, or change one. A cause has as many parents as it needs:
/// branches are wanted (R83, M14).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddCause {
    /// An earlier cause to change, such as `C-1`; left out: a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// In a sentence.
    pub text: Text,
    /// How or why it came to be, a control, a condition, a weakness.
    #[serde(default)]
    pub kind: CauseKind,
    /// What it brought about: earlier causes by number; empty for what showed itself.
    #[serde(default)]
    pub parents: BTreeSet<String>,
}

/// Choose a method of cause analysis (R83).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ChooseMethod {
    /// One of the playbook's methods, such as `infinite_hows`.
    pub method: String,
}

/// Put something on one of the outcome lists (R83).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddOutcome {
    /// One of the playbook's lists: `causes`, `prevention`, `response`.
    pub list: String,
    /// In a sentence.
    pub text: Text,
    /// The causes it follows from, by number.
    #[serde(default)]
    pub from: BTreeSet<String>,
}

/// Add a lesson, tied to the entries that teach it (R78).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddLesson {
    /// What was learned.
    pub text: Text,
    /// Entries of the journal, by seq.
    #[serde(default)]
    pub entries: BTreeSet<u64>,
}

/// Add a follow-up with an owner and a date (R18).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddFollowUp {
    /// What is to be done.
    pub text: Text,
    /// By whom.
    pub owner: PersonId,
    /// By when.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub due: Timestamp,
}

/// A follow-up is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DoneFollowUp {
    /// Which, such as `F-1`.
    pub follow_up: String,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

/// Say how it was discovered (R84).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetDiscoveryMethod {
    /// A value of the playbook's list; "unknown" is one.
    pub value: String,
    /// In words, if the value does not say it all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

/// Say what the actor did (R87).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetThreatActions {
    /// Values of the playbook's list.
    #[serde(default)]
    pub values: BTreeSet<String>,
    /// Nobody did anything: it was no attack.
    #[serde(default)]
    pub none: bool,
    /// Techniques of MITRE ATT&CK, such as `T1566` or `T1566.001`.
    #[serde(default)]
    pub attack: BTreeSet<String>,
}

/// Do without a retrospective (M7: a false alarm may, anything else needs a named waiver).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SkipRetrospective {
    /// Why.
    pub reason: Text,
}

/// Publish the report. Again, if something was missing: the edition counts up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PublishReport {
    /// The short form, for a case of low severity that was no attack: the cause in one
    /// line; the metrics are filled in from the record (M14).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_cause: Option<Text>,
}

/// Entry: who leads the retrospective.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeaderAppointed {
    /// Who.
    pub person: PersonId,
}

/// Entry: a line was added to the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimelineLineAdded {
    /// Its number.
    pub line: String,
    /// The entries that show it.
    pub entries: BTreeSet<u64>,
    /// The line, if it is not what the entry says.
    #[serde(default)]
    pub text: Option<Text>,
}

/// Entry: a line was left out of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimelineLineRemoved {
    /// Which.
    pub line: String,
}

/// Entry: a section of the report was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SectionWritten {
    /// Which.
    pub section: String,
    /// The words.
    pub text: Text,
}

/// Entry: a cause was added or changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CauseRecorded {
    /// Its number.
    pub id: String,
    /// In a sentence.
    pub text: Text,
    /// What it is.
    #[serde(default)]
    pub kind: CauseKind,
    /// What it brought about.
    #[serde(default)]
    pub parents: BTreeSet<String>,
}

/// Entry: a method of cause analysis was chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MethodChosen {
    /// Which.
    pub method: String,
}

/// Entry: something was put on an outcome list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutcomeAdded {
    /// Which list.
    pub list: String,
    /// In a sentence.
    pub text: Text,
    /// The causes it follows from.
    #[serde(default)]
    pub from: BTreeSet<String>,
}

/// Entry: a lesson was drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LessonAdded {
    /// What was learned.
    pub text: Text,
    /// Entries that teach it.
    #[serde(default)]
    pub entries: BTreeSet<u64>,
}

/// Entry: a follow-up was agreed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FollowUpAdded {
    /// Its number.
    pub follow_up: String,
    /// What is to be done.
    pub text: Text,
    /// By whom.
    pub owner: PersonId,
    /// By when.
    pub due: Timestamp,
}

/// Entry: a follow-up is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FollowUpDone {
    /// Which.
    pub follow_up: String,
    /// What came of it.
    #[serde(default)]
    pub note: Option<Text>,
}

/// Entry: how it was discovered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiscoveryMethodSet {
    /// The value.
    pub value: String,
    /// In words.
    #[serde(default)]
    pub note: Option<Text>,
}

/// Entry: what the actor did; no values means that nobody did anything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThreatActionsSet {
    /// Values of the playbook's list.
    #[serde(default)]
    pub values: BTreeSet<String>,
    /// Techniques of MITRE ATT&CK.
    #[serde(default)]
    pub attack: BTreeSet<String>,
}

/// Entry: there is no retrospective.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RetrospectiveSkipped {
    /// Why.
    pub reason: Text,
}

/// Entry: the report was published. It shows the journal up to this entry, which never
/// changes, so nothing of it is copied here but the history that it prints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportPublished {
    /// Which edition, from 1.
    pub edition: u32,
    /// The short form (M14).
    #[serde(default)]
    pub short: bool,
    /// History of phase, severity, IC and status (R81).
    #[serde(default)]
    pub progress: Vec<Turn>,
    /// The timeline's lines, by number (R80).
    #[serde(default)]
    pub timeline: Vec<String>,
    /// Deferred steps that it carries over, by number (R55).
    #[serde(default)]
    pub carried_over: Vec<String>,
    /// Rules that it is thin on: said, not refused (R78, R83).
    #[serde(default)]
    pub warnings: Vec<Rule>,
}
