//! Names, numbers and addresses: everything about a project that is sealed.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::id::{AssetId, DependencyId, PersonId, StakeholderId, WindowId};
use crate::text::Text;

/// What the ids of a project mean. People who left stay in it, so that old cases can
/// still be read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Directory {
    /// Everyone on the contact sheet, and those who once were.
    #[serde(default)]
    pub people: BTreeMap<PersonId, Contact>,
    /// Those who hear of incidents without responding.
    #[serde(default)]
    pub stakeholders: BTreeMap<StakeholderId, Contact>,
    /// Services of others, with what to do when they fail (R10, X27).
    #[serde(default)]
    pub dependencies: BTreeMap<DependencyId, Dependency>,
    /// What each asset is called.
    #[serde(default)]
    pub assets: BTreeMap<AssetId, Text>,
    /// What is done in each maintenance window.
    #[serde(default)]
    pub maintenance: BTreeMap<WindowId, Text>,
    /// The project's own address that wakes whoever is on call (R5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pager: Option<Text>,
    /// Numbers that anybody may be shown (R26); never a person's (M24).
    #[serde(default)]
    pub public_numbers: Vec<PublicNumber>,
    /// Where the team talks and where the ticket is, by the name that the project gives
    /// the place (R45).
    #[serde(default)]
    pub places: BTreeMap<String, Text>,
}

/// How to reach somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// What they are called.
    pub name: Text,
    /// Where mail reaches them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<Text>,
    /// Where they can be telephoned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Text>,
}

/// A service of others that the project needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dependency {
    /// What it is called.
    pub name: Text,
    /// Where it says how it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_page: Option<Text>,
    /// What fails here when it fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Text>,
    /// What to use meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<Text>,
}

/// A telephone number that anybody may be shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicNumber {
    /// What the line is, without a person's name.
    pub label: Text,
    /// The number as it is dialled.
    pub number: Text,
}
