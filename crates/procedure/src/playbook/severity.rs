//! The severities and the policy set that each one switches on.

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// How severe a case is (R9, R33). `Unknown` is a real value and not Low.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Not assessed yet. Pages like High, and nothing stands before containment (M7, M17).
    #[default]
    Unknown,
    /// 3 - Low (R100-R103).
    Low,
    /// 2 - Medium (R95-R99). "Med" is accepted as input (M10).
    #[serde(alias = "med", alias = "Med")]
    Medium,
    /// 1 - High (R90-R94).
    High,
}

impl Severity {
    /// The three that a human chooses from, the gravest first.
    pub const CHOSEN: [Severity; 3] = [Severity::High, Severity::Medium, Severity::Low];

    /// The word people read.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Severity::Unknown => "unknown",
            Severity::Low => "Low",
            Severity::Medium => "Medium",
            Severity::High => "High",
        }
    }

    /// True when nothing may stand before an act of containment: at High and while the
    /// severity is not yet assessed (M7).
    #[must_use]
    pub const fn acts_first(self) -> bool {
        matches!(self, Severity::High | Severity::Unknown)
    }
}

/// The three policy sets. Changing the severity switches the whole set at once (R9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Severities {
    /// 1 - High.
    pub high: SeverityPolicy,
    /// 2 - Medium.
    pub medium: SeverityPolicy,
    /// 3 - Low.
    pub low: SeverityPolicy,
}

impl Severities {
    /// The policy set of `severity`; an unassessed case is treated like High (M7, M17).
    #[must_use]
    pub const fn policy(&self, severity: Severity) -> &SeverityPolicy {
        match severity {
            Severity::High | Severity::Unknown => &self.high,
            Severity::Medium => &self.medium,
            Severity::Low => &self.low,
        }
    }
}

/// What one severity means for the response (R9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeverityPolicy {
    /// What this severity is, in one sentence (R90, R95, R100).
    pub meaning: String,
    /// How the team works, in one or two sentences (R92-R94, R97-R99, R102, R103).
    pub conduct: String,
    /// Work around the clock or in business hours, until contained (R92, R97, R102).
    pub response: Response,
    /// The same once contained (R92, M19).
    pub response_after_contained: Response,
    /// When sitreps are due (R76, R94, R99, R103). It may be shortened in a case, not
    /// lengthened without a waiver.
    pub cadence: Cadence,
    /// The severity whose cadence the IC is offered, without a waiver, once the case is
    /// contained (M19). Absent: nothing is offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_contained_cadence_of: Option<Severity>,
    /// A reminder leaves this long before a sitrep is due (R34, R76).
    pub reminder_before_minutes: u32,
    /// A sitrep this long overdue is told to the deputy as well (R34, R76, M19).
    pub escalation_after_minutes: u32,
    /// What disruption needs before it may begin (R60, R62, R66).
    pub disruption: DisruptionPolicy,
    /// A new remediation step is due after this long, in the time of `response` (R15).
    pub step_due_minutes: u32,
}

/// Which time counts (R92, R97, R102, M6, M11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// 24/7: every minute counts.
    AroundTheClock,
    /// Only the project's business hours count.
    BusinessHours,
}

/// What a disruption needs before it may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DisruptionPolicy {
    /// Nothing: act, then tell (R60, R61, R93).
    Free,
    /// Ask the deciders; after a limit without any answer, act (R62-R65, R98).
    Consult,
    /// Wait until all have agreed, however long (R66, R102).
    Agree,
}

/// When sitreps are due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Cadence {
    /// Every so many minutes, in the time that counts for the response (R94).
    Every {
        /// Minutes from one sitrep to the next.
        minutes: u32,
    },
    /// Fixed slots of each business day (R99, R103, M11).
    BusinessDay(DaySlots),
}

/// The slots of a business day (M11).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DaySlots {
    /// Where the slots lie, in percent of the day's open time, rising: `[50, 100]` is the
    /// middle and the end of the day.
    pub percent_of_day: Vec<u8>,
    /// A sitrep up to this many minutes before a slot already counts for it ("about
    /// twice a day").
    pub tolerance_minutes: u32,
    /// What becomes of slots on closed days. True: they move to the next opening, where
    /// one sitrep stands for all of them and for the first slot of that day, so that
    /// Friday evening is followed by Monday morning (R99, M11). False: they are skipped
    /// (R103).
    pub closed_days_move_to_opening: bool,
}
