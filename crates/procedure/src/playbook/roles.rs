//! What each role does, and who may speak for the team.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// What each role does, and who may speak for the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roles {
    /// Each role in words.
    pub described: BTreeMap<RoleName, RoleText>,
    /// Who may send to the outside (X5).
    pub may_send_outside: Vec<RoleName>,
    /// True: a technical step cannot be given to the IC. False: it is given and a warning
    /// is stored (R16, X6).
    pub strict_ic: bool,
    /// Skills that a team should have together; a missing one is flagged (X7).
    pub skills: Vec<String>,
}

/// A role of the procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RoleName {
    /// Whoever noticed it and said so (R4).
    Reporter,
    /// Leads the response (R6, R16).
    IncidentCommander,
    /// Stands in for the IC when reminded (M19).
    Deputy,
    /// Helps the IC with a named part (X25).
    AssistantCommander,
    /// Contains, investigates, repairs (X7).
    Responder,
    /// Talks to the outside (X5).
    CommunicationsOfficer,
    /// Has a say in disruptions: "the leads" of the handbook (M5).
    Decider,
    /// Speaks for the customer; approves notices to customers (R17).
    ProductOwner,
    /// Leads the project; stands in as decider (M5).
    ProjectManager,
    /// The company's security team, a standing stakeholder (R118, X18).
    SecurityTeam,
    /// Approves a rebuild elsewhere (X28).
    AuthorizingOfficial,
    /// Somebody outside the team who may be the second person (M16).
    OutsideReviewer,
    /// Anyone who is kept informed (R77).
    Stakeholder,
}

/// A role in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleText {
    /// The role's title.
    pub title: String,
    /// What the role is for, one sentence.
    pub purpose: String,
    /// What it does.
    #[serde(default)]
    pub duties: Vec<String>,
}
