//! Values for triage: first minutes, questions, criteria, example picks.

use super::{Choice, Severity};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// From acknowledgement to a severity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// Time to think (X2).
    pub triage: Triage,
    /// The questions that every assessment answers: did it happen, how severe, a
    /// dependency, a system failure (R8, R9, R10, X12). The values are the ids
    /// `happened`, `severity`, `dependency`, `system_failure`.
    pub questions: Vec<Choice>,
    /// Questions whose answers suggest a severity (R90, R95, R100).
    pub criteria: Vec<Criterion>,
    /// Examples that answer criteria (R91, R96, R101).
    pub picks: Vec<Pick>,
    /// What "large", "significant" and "limited" mean here (M8).
    pub thresholds: Thresholds,
    /// Suggested when only the profile can tell: a project with neither high-value
    /// assets nor sensitive PII (R89).
    pub expected_without_sensitive_data: Severity,
    /// Suggested when a question about sensitive PII is answered "unknown", unless the
    /// project holds none (M8).
    pub when_sensitive_data_unknown: Severity,
    /// A lowering this soon after a disruption that went ahead under High is flagged and
    /// needs a reason before Ready for QA (M8).
    pub lowering_after_disruption_hours: u32,
}

/// The first minutes (X2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Triage {
    /// This long after acknowledgement: one prompt to decide between potential incident
    /// and false alarm. Nothing is decided by itself.
    pub prompt_minutes: u32,
}

/// The answer to a criterion (M8).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Asked and not known, or not asked.
    #[default]
    Unknown,
}

/// A yes/no/unknown question that suggests a severity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Stable id.
    pub id: String,
    /// The question.
    pub question: String,
    /// Suggested by a yes.
    pub yes_suggests: Severity,
    /// True for a question about sensitive PII, whose "unknown" suggests
    /// `when_sensitive_data_unknown` (M8).
    #[serde(default)]
    pub sensitive_data: bool,
    /// The rule behind it.
    pub rule: String,
}

/// An example that answers criteria when it is picked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pick {
    /// Stable id.
    pub id: String,
    /// The example in words.
    pub label: String,
    /// The severity it stands under.
    pub suggests: Severity,
    /// The criteria it answers.
    pub answers: BTreeMap<String, Answer>,
    /// True: picking it raises the suspicion flag (R13, R122).
    #[serde(default)]
    pub raises_suspicion: bool,
    /// True: the case becomes restricted, because it is about a person (R101, M23).
    #[serde(default)]
    pub restricts: bool,
    /// The rule behind it.
    pub rule: String,
}

/// What a reporter may notice, in plain words (R122, R123).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    /// Stable id.
    pub id: String,
    /// In the reporter's words.
    pub label: String,
    /// The property it touches.
    pub property: Property,
    /// True: it may hint at something deeper and raises the suspicion flag (R122, R13).
    #[serde(default)]
    pub raises_suspicion: bool,
    /// True: only counts in production; elsewhere Low or no incident is suggested, and
    /// the report is taken all the same (R123).
    #[serde(default)]
    pub production_only: bool,
    /// True: restricted from its first second, because it is about a person (R101, M23).
    #[serde(default)]
    pub restricts: bool,
}

/// What an incident harms (R121, X13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Property {
    /// Secrets stay secret.
    Confidentiality,
    /// Things are as they should be.
    Integrity,
    /// Things run.
    Availability,
    /// People's data is used as they may expect (X13).
    Privacy,
}

/// What the words of size mean (M8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// "A large number of customers": from this share of them, in percent.
    pub large_customers_percent: u8,
    /// "Significant financial impact": from this amount, in whole units of `currency`.
    pub significant_loss_amount: u32,
    /// "Limited": anything above nothing and from this share of customers, in percent.
    pub limited_customers_percent: u8,
    /// "Limited": from this amount.
    pub limited_loss_amount: u32,
    /// ISO 4217 code.
    pub currency: String,
}
