//! The playbook: the procedure as data. Every number, cadence, route order, checklist,
//! criterion, example, list and switch that a rule needs stands here, each with its rule.
//!
//! A case pins the playbook it was opened under, so a field is never given another
//! meaning: a new meaning is a new field. Units stand last in a name
//! (`ack_limit_minutes`). Numbers are whole, so that canonical JSON has one spelling.
//! What a project *is* (people, assets, calendar, dependencies) is not playbook.

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

mod alarm;
mod assessment;
pub mod check;
mod checklists;
mod choice;
mod closing;
mod command;
mod disruption;
mod evidence;
mod intake;
mod long_haul;
mod messages;
mod outage;
mod overrides;
mod retrospective;
mod roles;
mod routes;
mod severity;
pub mod show;
mod sitreps;
mod steps;
mod translations;
mod upkeep;

pub use alarm::Alarm;
pub use assessment::{Answer, Assessment, Criterion, Pick, Property, Sign, Thresholds, Triage};
pub use checklists::{ChecklistItem, Checklists};
pub use choice::Choice;
pub use closing::Closing;
pub use command::{Block, CommandLimits, Handover, Prompts};
pub use disruption::Disruption;
pub use evidence::{EvidenceItem, EvidenceKind, EvidenceList};
pub use intake::{Intake, PublicNumber};
pub use long_haul::LongHaul;
pub use messages::{Messages, Subjects};
pub use outage::{Outage, OutageWindow};
pub use overrides::{Difference, Overridden, Overrides, Setting};
pub use retrospective::{CauseMethod, CauseQuestion, Retrospective};
pub use roles::{RoleName, RoleText, Roles};
pub use routes::{Channel, Route, RouteStart, Routes};
pub use severity::{
    Cadence, DaySlots, DisruptionPolicy, Response, Severities, Severity, SeverityPolicy,
};
pub use sitreps::Sitreps;
pub use steps::{StepClass, StepKind, StepTemplate, Steps};
pub use translations::Translations;
pub use upkeep::Upkeep;

/// The whole procedure of a project as data. Written in TOML, kept as canonical JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Playbook {
    /// Short name of the playbook, e.g. `handbook`. A client's own procedure has another
    /// name, which the record shows (X29).
    pub name: String,
    /// What the playbook is called on pages.
    pub title: String,
    /// Which edition this is: raised with every reviewed change (X30).
    pub edition: u32,
    /// One or two sentences for somebody who reads it for the first time.
    pub summary: String,
    /// Where the procedure comes from, with its licence.
    pub source: String,
    /// Reports coming in (R4, R23, R104-R119, M1, M24).
    pub intake: Intake,
    /// From the report to somebody's acknowledgement (R5, R26, R27, M17, M18).
    pub alarm: Alarm,
    /// Who is told, by which route, in which order (R5, X27).
    pub routes: Routes,
    /// What each role does (R6, R16, X5-X7).
    pub roles: Roles,
    /// Working in command: solo time, handover, prompts (R28, X3, X4, X35, M20).
    pub command: CommandLimits,
    /// Questions, criteria and examples that lead to a severity (R8-R10, R89-R101, X2).
    pub assessment: Assessment,
    /// One policy set for each severity (R9, R15, R92-R103).
    pub severities: Severities,
    /// Consent to disruption (R59-R66, R98, M3, M4).
    pub disruption: Disruption,
    /// What to capture before a change, per class of asset (R13, R14, M21).
    pub evidence: Vec<EvidenceList>,
    /// Remediation steps: templates and verifying (R46-R58, M16).
    pub steps: Steps,
    /// Situation reports (R42-R44, R74-R77, M19).
    pub sitreps: Sitreps,
    /// Work that takes longer (R67-R70, X25, M6).
    pub long_haul: LongHaul,
    /// Outages and recovery (X21, X22).
    pub outage: Outage,
    /// Spin-down, close-out and what goes on after it (R71-R75, X38, X41).
    pub closing: Closing,
    /// The retrospective and its report (R78-R88, X44).
    pub retrospective: Retrospective,
    /// The short checklist of each phase (R2).
    pub checklists: Checklists,
    /// Fixed words of messages (R43, R114).
    pub messages: Messages,
    /// Training, review and dependencies' defaults (X30-X33).
    pub upkeep: Upkeep,
    /// What reporters read, briefings and checklists in other languages; absent where there is one.
    #[serde(default, skip_serializing_if = "Translations::is_empty")]
    pub translations: Translations,
}
