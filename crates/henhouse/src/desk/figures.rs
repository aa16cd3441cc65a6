//! What counts of many cases, as far as whoever looks may see them: read from what is kept beside each
//! case, never from journals, so that a quarter with many cases is counted in one statement.

use std::sync::Arc;

use jiff::Timestamp;
use procedure::metrics::Figures;

use super::Desk;
use super::error::{DeskError, Result};
use super::views::{Onlooker, viewer};
use crate::store::{CaseNumber, FiguresRow, JournalId, ProjectRow, Scope, View, Viewer};

/// So many cases are looked into at once, the newest.
const LIMIT: u32 = 50_000;

/// A case that counts.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The number that people say.
    pub number: CaseNumber,
    /// Its project.
    pub project: JournalId,
    /// The severity, in the procedure's words.
    pub severity: Option<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// What counts of it.
    pub figures: Figures,
}

/// The cases of a span of time.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Those that count, the newest first.
    pub cases: Vec<Counted>,
    /// Those of which nothing is kept yet: an older version wrote them last.
    pub unread: usize,
    /// There are more cases than were looked into.
    pub more: bool,
}

impl Desk {
    /// What counts of the cases of a project, or of all, that were opened from one time on and before
    /// another, as far as whoever looks may see them.
    ///
    /// # Errors
    /// The store's.
    pub async fn count_figures(
        &self,
        onlooker: &Onlooker,
        project: Option<JournalId>,
        span: (Timestamp, Timestamp),
    ) -> Result<Tally> {
        let (onlooker, inner) = (onlooker.clone(), Arc::clone(&self.inner));
        let read = move |view: &dyn View| {
            let viewer = viewer(view, &onlooker)?;
            Ok::<_, DeskError>(view.figures(project, &viewer, span, LIMIT + 1)?)
        };
        let rows = inner.store.read(read).await?;
        Ok(tally(rows))
    }

    /// The projects into which whoever looks may look, by name.
    ///
    /// # Errors
    /// The store's.
    pub async fn projects_of(&self, onlooker: &Onlooker) -> Result<Vec<ProjectRow>> {
        let onlooker = onlooker.clone();
        let read = move |view: &dyn View| {
            let scope = match viewer(view, &onlooker)? {
                Viewer::Person { projects, .. } => projects,
                Viewer::System => Scope::All,
            };
            let mut rows = view.projects()?;
            rows.retain(|row| match &scope {
                Scope::All => true,
                Scope::Only(projects) => projects.contains(&row.journal),
            });
            Ok::<_, DeskError>(rows)
        };
        self.inner.store.read(read).await
    }
}

fn tally(mut rows: Vec<FiguresRow>) -> Tally {
    let limit = LIMIT as usize;
    let mut tally = Tally {
        more: rows.len() > limit,
        ..Tally::default()
    };
    rows.truncate(limit);
    for row in rows {
        let kept = row.figures.as_deref().map(|kept| match kept {
            "" => Ok(None),
            kept => serde_json::from_str::<Figures>(kept).map(Some),
        });
        match kept {
            Some(Ok(None)) => {}
            Some(Ok(Some(figures))) if figures.stand_at(row.seq) => tally.cases.push(Counted {
                number: row.number,
                project: row.project,
                severity: row.severity,
                opened_at: row.opened_at,
                figures,
            }),
            _ => tally.unread += 1,
        }
    }
    tally
}
