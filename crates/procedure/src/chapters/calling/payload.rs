//! What people and channels say about calls, and what the journal keeps of it.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::PersonId;
use crate::notice::Recipient;
use crate::playbook::Channel;
use crate::text::Text;

/// Pass a call on to the next person, without taking it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PassOn {}

/// Ask somebody into the response by a direct message (R7).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CallIn {
    /// Who; anybody on the contact sheet.
    pub person: PersonId,
    /// What they are needed for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Text>,
    /// Skills that are needed now, by their tags (X7).
    #[serde(default)]
    pub needs: BTreeSet<String>,
}

/// Answer whether you come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerCallIn {
    /// Yes or no.
    pub accept: bool,
    /// Why not, if you want to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// A channel could not deliver (M17). Given by the program, never by a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NoteUndelivered {
    /// Who was not reached.
    pub to: Recipient,
    /// By which route.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<Channel>,
    /// Another route to the same recipient is being tried.
    #[serde(default)]
    pub more_routes: bool,
}

/// Note that a reporter whom messages do not reach was told in another way (X36).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TellReporter {
    /// Which report, from 1.
    pub report: u32,
    /// By which route.
    pub route: Channel,
}

/// Entry: a reporter whom messages did not reach was told in another way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReporterTold {
    /// Which report, from 1.
    pub report: u32,
    /// By which route.
    pub route: Channel,
}

/// Entry: somebody was called by the contact sheet (R27).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Called {
    /// Who.
    pub person: PersonId,
    /// Which round, from 1.
    pub round: u32,
    /// Place in this round, from 1.
    pub position: u32,
    /// How many are on the sheet.
    pub of: u32,
    /// When the call fell due; the entry's own time is when it was made.
    pub due_at: Timestamp,
    /// By which step of the project's own escalation policy, from 0; nothing: by the contact sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
}

/// Entry: everybody on the sheet was called in this round and nobody answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoundEnded {
    /// Which round.
    pub round: u32,
    /// When it fell due.
    pub due_at: Timestamp,
}

/// Entry: whoever was called passed it on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PassedOn {}

/// Entry: somebody was asked into the response (R7).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalledIn {
    /// Who.
    pub person: PersonId,
    /// What for.
    #[serde(default)]
    pub message: Option<Text>,
    /// Skills that were needed besides the playbook's.
    #[serde(default)]
    pub needs: BTreeSet<String>,
    /// Skills that the team will lack even with this person (X7).
    #[serde(default)]
    pub lacking: Vec<String>,
}

/// Entry: whoever was asked comes, or does not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallInAnswered {
    /// Comes.
    pub accept: bool,
    /// Why not.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// Entry: a channel could not deliver.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Undelivered {
    /// Who was not reached.
    pub to: Recipient,
    /// By which route.
    #[serde(default)]
    pub route: Option<Channel>,
    /// Another route is being tried.
    #[serde(default)]
    pub more_routes: bool,
}
