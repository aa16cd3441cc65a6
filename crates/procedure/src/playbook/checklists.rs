//! The checklists that accompany each phase.

use super::RoleName;
use crate::case::Status;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The short, printable companion of the procedure (R2, X1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checklists {
    /// Stands above all: breathe, nobody is in danger, write things down (X1).
    pub header: Vec<String>,
    /// Phase 1.
    pub initiate: Vec<ChecklistItem>,
    /// Phase 2.
    pub assess: Vec<ChecklistItem>,
    /// Phase 3.
    pub remediate: Vec<ChecklistItem>,
    /// Phase 4.
    pub retrospective: Vec<ChecklistItem>,
}

impl Checklists {
    /// The four phases in order, each with its title and items (R3).
    #[must_use]
    pub fn phases(&self) -> [(&'static str, &[ChecklistItem]); 4] {
        [
            ("Initiate", &self.initiate),
            ("Assess", &self.assess),
            ("Remediate", &self.remediate),
            ("Retrospective", &self.retrospective),
        ]
    }

    /// The item with this id, in any phase.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&ChecklistItem> {
        self.phases()
            .into_iter()
            .flat_map(|(_, items)| items)
            .find(|item| item.id == id)
    }
}

/// One line that a person ticks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChecklistItem {
    /// Stable id, unique over all phases.
    pub id: String,
    /// What to do, one line.
    pub text: String,
    /// Whose line it is.
    pub role: RoleName,
    /// The rules behind it, e.g. `R26`.
    pub rules: Vec<String>,
    /// It is for cases that end in this status; a case that has another one is not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<Status>,
}
