//! What people say in and about sitreps, and the entries it leaves.

use alloc::collections::BTreeSet;
#[cfg(feature = "schema")]
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::panel::Panel;
use crate::basis::Marking;
use crate::case::Status;
use crate::chapters::commander::Post;
use crate::id::{PersonId, StakeholderId};
use crate::notice::Recipient;
use crate::playbook::Severity;
use crate::text::Text;

/// Publish a situation report. It never changes afterwards; a correction is a new one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PublishSitrep {
    /// What is going on, in prose (R42, R43).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Text>,
    /// What is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Text>,
    /// What is being done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doing: Option<Text>,
    /// What is needed, and of whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need: Option<Text>,
    /// What people outside read of it (R77): the one part that they get. Left out: they read how it stands and
    /// when they hear more, and no words of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside: Option<Text>,
    /// Nothing has changed: one tap, and not often in a row (R34, R76).
    #[serde(default)]
    pub no_change: bool,
    /// The last one, at close-out (R74).
    #[serde(default, rename = "final")]
    pub is_final: bool,
    /// It corrects that earlier sitrep, which stays as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction_of: Option<u32>,
    /// Who gets it; left out: everyone. The final one always goes to everyone.
    #[serde(default)]
    pub audiences: BTreeSet<Audience>,
    /// A stricter marking than the case's, for this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marking: Option<Marking>,
    /// When the next one is promised, if sooner than the cadence asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub next: Option<Timestamp>,
}

/// A group of recipients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Those in the response.
    Team,
    /// Managers, security team and others of the organisation.
    Inside,
    /// Clients and other outsiders.
    Outside,
}

/// Add somebody who gets the sitreps from now on (R77). Name one of the two.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddStakeholder {
    /// A stakeholder of the project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stakeholder: Option<StakeholderId>,
    /// Or somebody of the contact sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Why they need to know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// Stop sending them sitreps. Name one of the two.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RemoveStakeholder {
    /// A stakeholder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stakeholder: Option<StakeholderId>,
    /// Or a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// They got it by mistake and should never have (M23).
    #[serde(default)]
    pub misaddressed: bool,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// Change how often sitreps are due in this case. Shorter is free; longer only by a named
/// waiver (R94), or once contained, as far as the playbook offers (M19).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeCadence {
    /// Every so many minutes, in the time that counts for the severity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// As if the case had this severity. With neither: back to the severity's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub like: Option<Severity>,
}

/// Entry: a sitrep, as it went out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SitrepPublished {
    /// Which, from 1.
    pub number: u32,
    /// The first one (R42).
    #[serde(default)]
    pub initial: bool,
    /// The last one (R74).
    #[serde(default, rename = "final")]
    pub is_final: bool,
    /// Nothing has changed.
    #[serde(default)]
    pub no_change: bool,
    /// It corrects that earlier one.
    #[serde(default)]
    pub correction_of: Option<u32>,
    /// What is going on.
    #[serde(default)]
    pub summary: Option<Text>,
    /// What is known.
    #[serde(default)]
    pub known: Option<Text>,
    /// What is being done.
    #[serde(default)]
    pub doing: Option<Text>,
    /// What is needed.
    #[serde(default)]
    pub need: Option<Text>,
    /// What people outside read of it; without it they read no words of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside: Option<Text>,
    /// Status at that moment.
    pub status: Status,
    /// Severity at that moment (R43).
    pub severity: Severity,
    /// The IC at that moment (R42, R43).
    pub ic: PersonId,
    /// The other responders at that moment (R43).
    #[serde(default)]
    pub responders: Vec<PersonId>,
    /// Roles that moved since the sitrep before (X4).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<Moved>,
    /// Members with roles, leads, steps and shifts at that moment (X17).
    #[serde(default)]
    pub panel: Panel,
    /// When it was due.
    #[serde(default)]
    pub due: Option<Timestamp>,
    /// When the next one is promised.
    #[serde(default)]
    pub next: Option<Timestamp>,
    /// How far it may travel.
    pub marking: Marking,
    /// Who gets it.
    #[serde(default)]
    pub recipients: Vec<Recipient>,
    /// Who would get it and may not: their marking limit, or only IC and Communications
    /// Officer may write to them (X5).
    #[serde(default)]
    pub withheld: Vec<Recipient>,
}

/// A role that outsiders know passed from one person to another (X4, X35).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Which role: command, or the Communications Officer's.
    pub role: Post,
    /// Who had it.
    pub from: PersonId,
    /// Who has it.
    pub to: PersonId,
}

/// Entry: somebody gets the sitreps from now on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StakeholderAdded {
    /// Who.
    pub who: Recipient,
    /// Why they need to know.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// Entry: somebody gets no more sitreps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StakeholderRemoved {
    /// Who.
    pub who: Recipient,
    /// They should never have got any.
    #[serde(default)]
    pub misaddressed: bool,
    /// Why.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// Entry: how often sitreps are due in this case was changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CadenceChanged {
    /// Every so many minutes.
    #[serde(default)]
    pub minutes: Option<u32>,
    /// As if the case had this severity.
    #[serde(default)]
    pub like: Option<Severity>,
}
