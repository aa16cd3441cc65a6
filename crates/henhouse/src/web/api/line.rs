//! A case as one line of a list.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::desk::{CaseRow, Desk, JournalId, Title};
use crate::web::Problem;

/// A case in a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Line {
    /// The number that people say.
    pub number: String,
    /// The short name of its project.
    pub project: String,
    /// What it is called: event until confirmed, then incident.
    pub noun: &'static str,
    /// Its title; of a restricted case for its members alone.
    pub title: Option<String>,
    /// Its status.
    pub status: String,
    /// Its phase.
    pub phase: String,
    /// Its severity, where there is one.
    pub severity: Option<String>,
    /// What sort of thing it is.
    pub kind: String,
    /// It exists only for its members.
    pub restricted: bool,
    /// It is not over.
    pub open: bool,
    /// The Incident Commander of record.
    pub ic: Option<String>,
    /// When it was opened (RFC 3339).
    pub opened_at: String,
    /// When its newest entry was recorded.
    pub updated_at: String,
    /// A drill.
    pub drill: bool,
}

/// Makes lines of rows.
pub struct Lines {
    slugs: BTreeMap<JournalId, String>,
    drill: bool,
}

impl Lines {
    /// Knows the names of the projects.
    ///
    /// # Errors
    /// The store's.
    pub async fn new(desk: &Desk) -> Result<Self, Problem> {
        let projects = desk.projects().await?;
        let slugs = projects
            .into_iter()
            .map(|project| (project.journal, project.slug));
        Ok(Self {
            slugs: slugs.collect(),
            drill: desk.site().drill,
        })
    }

    /// The short name of a project.
    #[must_use]
    pub fn slug(&self, project: JournalId) -> String {
        self.slugs.get(&project).cloned().unwrap_or_default()
    }

    /// One line.
    #[must_use]
    pub fn line(&self, row: &CaseRow) -> Line {
        Line {
            number: row.number.to_string(),
            project: self.slug(row.project),
            noun: noun(&row.status),
            title: match &row.title {
                Title::Plain(title) => Some(title.clone()),
                Title::None | Title::Cipher(_) => None,
            },
            status: row.status.clone(),
            phase: row.phase.clone(),
            severity: row.severity.clone().filter(|severity| !severity.is_empty()),
            kind: row.kind.clone(),
            restricted: row.restricted,
            open: row.open,
            ic: row.ic.clone(),
            opened_at: row.opened_at.to_string(),
            updated_at: row.updated_at.to_string(),
            drill: self.drill,
        }
    }
}

/// An event until confirmed, an incident from then on (R31).
pub(super) fn noun(status: &str) -> &'static str {
    match status {
        "investigating" | "false_alarm" => "event",
        _ => "incident",
    }
}
