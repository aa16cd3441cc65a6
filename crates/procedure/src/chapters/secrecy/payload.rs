//! Restricting, marking and membership: what is asked, and what it leaves.

use serde::{Deserialize, Serialize};

use crate::basis::Marking;
use crate::id::PersonId;
use crate::text::Text;

/// Make the case one that exists only for its members (M23).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Restrict {
    /// Why.
    pub reason: Text,
    /// Whom it is about: they are shown nothing and called for nothing from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about_person: Option<PersonId>,
}

/// Open a restricted case to its project again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Unrestrict {
    /// Why.
    pub reason: Text,
}

/// Say how far the words of the case may travel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetMarking {
    /// So far; red restricts the case.
    pub marking: Marking,
    /// Why; needed to let them travel further than before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// Let somebody see the case while it is restricted, and its restricted entries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddMember {
    /// Whom.
    pub person: PersonId,
}

/// Take somebody out of those who see the case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RemoveMember {
    /// Whom.
    pub person: PersonId,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// Put an entry into the restricted annex: from now on it leaves by no connector (R21).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RestrictEntry {
    /// Which, by seq.
    pub entry: u64,
}

/// Entry: the case exists only for its members from now on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Restricted {
    /// Why.
    pub reason: Text,
    /// Whom it is about.
    #[serde(default)]
    pub about_person: Option<PersonId>,
}

/// Entry: the case is open to its project again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unrestricted {
    /// Why.
    pub reason: Text,
}

/// Entry: how far the words of the case may travel was said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MarkingSet {
    /// So far.
    pub marking: Marking,
    /// Before.
    pub was: Marking,
    /// Why.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// Entry: somebody may see the case while it is restricted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberAdded {
    /// Who.
    pub person: PersonId,
}

/// Entry: somebody may not see it any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberRemoved {
    /// Who.
    pub person: PersonId,
    /// Why.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// Entry: an entry belongs to the restricted annex.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntryRestricted {
    /// Which, by seq.
    pub entry: u64,
}
