//! One value of a list that people choose from.

use alloc::string::String;
use serde::{Deserialize, Serialize};

/// One value of a list that people choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The value that is stored and exported, e.g. a VERIS value name.
    pub value: String,
    /// The group it is shown under; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// What people read.
    pub label: String,
}
