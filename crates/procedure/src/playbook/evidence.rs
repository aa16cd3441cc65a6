//! What to capture of each class of asset before it is changed.

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// What to capture of one class of asset before it is changed (R13, R14, M21).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceList {
    /// The class of asset, e.g. `host`; an asset of the project names it.
    pub class: String,
    /// The class in words.
    pub label: String,
    /// Said first, e.g. what is lost for good when it stops (R120).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub caution: String,
    /// True: state that stopping loses for good (R120).
    pub volatile: bool,
    /// Each is captured, impossible, or not relevant.
    pub items: Vec<EvidenceItem>,
}

/// One thing to capture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceItem {
    /// Stable id, unique within its list.
    pub id: String,
    /// What to capture, in words.
    pub label: String,
    /// Its kind.
    pub kind: EvidenceKind,
}

/// A kind of evidence (R13, X15).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// A dump of a database.
    #[serde(alias = "dump")]
    DatabaseDump,
    /// A snapshot of a disk or volume (R57).
    #[serde(alias = "snapshot")]
    DiskSnapshot,
    /// A screen capture.
    #[serde(alias = "screen")]
    ScreenCapture,
    /// Logs (X15).
    Log,
    /// Memory and running state.
    Memory,
    /// A mail as it arrived (R115).
    Mail,
    /// Settings, permissions, rules as they are.
    Configuration,
    /// A document or a copy of files.
    File,
    /// Something held elsewhere, named by its id.
    Reference,
    /// Anything else.
    Other,
}
