//! The whole index as text, to compare a rebuilt one with the live one.

use super::error::Result;
use super::model::{CaseFilter, JournalKind, SHADOW, Viewer};
use super::seam::View;

const PAGE: u32 = 500;

/// Every index row as one line, in an order that does not depend on how they came about.
///
/// # Errors
/// If the store cannot be read.
pub fn dump_index(view: &dyn View) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for status in [Vec::new(), vec![SHADOW.to_owned()]] {
        let filter = CaseFilter {
            status,
            ..CaseFilter::default()
        };
        let mut cursor = None;
        loop {
            let page = view.list_cases(&filter, &Viewer::System, cursor.as_ref(), PAGE)?;
            lines.extend(page.rows.iter().map(|row| format!("case {row:?}")));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
    }
    for kind in [
        JournalKind::Case,
        JournalKind::Project,
        JournalKind::Installation,
    ] {
        for journal in view.journals(kind)? {
            let id = journal.id;
            lines.extend(
                view.members(id)?
                    .iter()
                    .map(|person| format!("member {id} {person:?}")),
            );
            lines.extend(
                view.search_documents(id)?
                    .iter()
                    .map(|doc| format!("text {doc:?}")),
            );
            lines.extend(
                view.exhibits(id)?
                    .iter()
                    .map(|row| format!("exhibit {row:?}")),
            );
        }
    }
    lines.extend(
        view.projects()?
            .iter()
            .map(|row| format!("project {row:?}")),
    );
    lines.extend(view.alerts()?.iter().map(|row| format!("alert {row:?}")));
    lines.extend(
        view.counters()?
            .iter()
            .map(|(name, n)| format!("counter {name:?} {n}")),
    );
    lines.sort();
    Ok(lines)
}
