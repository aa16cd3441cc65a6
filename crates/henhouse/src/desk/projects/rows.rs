//! What the index keeps of projects, and which project is meant.

use std::collections::{BTreeMap, BTreeSet};

use procedure::project::ProjectState;

use crate::desk::error::{DeskError, Result};
use crate::store::{JournalId, JournalKind, PersonId, ProjectRow, Tx, View};

/// The project of that short name; without a name, the installation's first.
pub(in crate::desk) fn find(view: &dyn View, slug: Option<&str>) -> Result<ProjectRow> {
    let found = match slug {
        Some(slug) => view.project_by_slug(slug)?,
        None => first(view)?,
    };
    found.ok_or(DeskError::NotFound("project"))
}

/// The oldest project that takes cases, so that founding another one never takes a report away
/// from those who had it before; of those with nobody on the contact sheet only if all are such.
fn first(view: &dyn View) -> Result<Option<ProjectRow>> {
    let mut projects = view.projects()?;
    projects.retain(|project| !project.archived);
    if projects.len() < 2 {
        return Ok(projects.pop());
    }
    let mut founded = BTreeMap::new();
    for journal in view.journals(JournalKind::Project)? {
        founded.insert(journal.id, journal.created_at);
    }
    projects.sort_by_key(|project| (founded.get(&project.journal).copied(), project.journal));
    for project in &projects {
        if !view.members(project.journal)?.is_empty() {
            return Ok(Some(project.clone()));
        }
    }
    Ok(projects.into_iter().next())
}

/// Writes a project's row and its people.
pub(in crate::desk) fn index(tx: &mut dyn Tx, id: JournalId, state: &ProjectState) -> Result<()> {
    let (row, people) = made_of(id, state);
    tx.put_project(&row)?;
    Ok(tx.set_members(id, &people)?)
}

/// A project's row and its people, as its journal makes them.
pub(in crate::desk) fn made_of(
    id: JournalId,
    state: &ProjectState,
) -> (ProjectRow, BTreeSet<PersonId>) {
    let name = state.name.as_ref().and_then(|name| name.plain());
    let row = ProjectRow {
        journal: id,
        slug: state.slug.clone(),
        name: name.unwrap_or(&state.slug).to_owned(),
        prefix: state.prefix.clone(),
        basis: None,
        archived: false,
        seq: state.seq,
    };
    let people = state.project().map(|project| {
        project
            .roster
            .iter()
            .map(|member| member.person.to_string())
            .collect()
    });
    (row, people.unwrap_or_default())
}
