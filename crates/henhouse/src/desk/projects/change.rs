//! Carrying out what changes a project, down to its open cases.

use std::sync::Arc;

use procedure::chapters::intake::shadow;
use procedure::chapters::record::{BasisChanged, matters};
use procedure::project::{ProjectBody, ProjectCommand, ProjectEntry, ProjectState, decide_project};
use procedure::{Actor, Body, Draft, Refusal};
use serde_json::Value;

use super::FoldedProject;
use crate::desk::alerts::patterns;
use crate::desk::error::{DeskError, Result};
use crate::desk::{Inner, journal, take};
use crate::store::{CaseFilter, CaseOrder, CaseRow, JournalId, SHADOW, Tx, Viewer};
use crate::vault::JournalKey;

/// Open cases of a project are revised in portions of so many.
const PORTION: u32 = 200;

/// Whether the short name is still free, and the letters of the case numbers: of two projects that
/// share them nobody could tell from a number which is meant.
pub(super) fn free(tx: &dyn Tx, commands: &[ProjectCommand]) -> Result<()> {
    for command in commands {
        let ProjectCommand::Create { slug, prefix, .. } = command else {
            continue;
        };
        if tx.project_by_slug(slug)?.is_some() {
            let taken = "Another project has this short name.";
            return Err(Refusal::conflict(taken, "Choose another one.").into());
        }
        if let Some(other) = tx.projects()?.iter().find(|other| other.prefix == *prefix) {
            let taken = format!(
                "The cases of {} are numbered {prefix}-1, {prefix}-2 already.",
                other.name
            );
            return Err(Refusal::conflict(taken, "Choose other letters.").into());
        }
    }
    Ok(())
}

/// Decides a command and writes what follows from it.
pub(super) fn carry_out(
    inner: &Inner,
    tx: &mut dyn Tx,
    key: &JournalKey,
    project: FoldedProject,
    actor: &Actor,
    command: &ProjectCommand,
) -> Result<FoldedProject> {
    patterns::sound(command)?;
    let now = inner.clock.now();
    let FoldedProject {
        state, mut chain, ..
    } = project;
    let mut state = Arc::unwrap_or_clone(state);
    for body in decide_project(&state, now, actor, command)? {
        let saying = saying(actor, &body)?;
        let written = journal::append(tx, key, &inner.ids, &mut chain, now, saying)?;
        let (seq, recorded_at) = (written.seq, written.recorded_at);
        state.apply(&ProjectEntry {
            seq,
            recorded_at,
            actor: actor.clone(),
            body,
        });
    }
    Ok(FoldedProject::new(state, chain))
}

fn saying(actor: &Actor, body: &ProjectBody) -> Result<journal::Saying> {
    let Value::Object(mut tagged) = serde_json::to_value(body).map_err(DeskError::bug)? else {
        return Err(DeskError::bug("a project entry is not an object"));
    };
    Ok(journal::Saying {
        actor: serde_json::to_value(actor).map_err(DeskError::bug)?,
        happened_at: Value::Null,
        kind: body.kind().to_owned(),
        body: tagged.remove("body").unwrap_or_default(),
    })
}

/// What goes on in shadow: nobody's board has it, and its calls follow the project all the same.
fn in_shadow(inner: &Inner, tx: &mut dyn Tx, project: JournalId) -> Result<Vec<JournalId>> {
    let filter = CaseFilter {
        project: Some(project),
        status: vec![SHADOW.to_owned()],
        order: CaseOrder::Number,
        ..CaseFilter::default()
    };
    let (now, mut all, mut cursor) = (inner.clock.now(), Vec::new(), None);
    loop {
        let page = tx.list_cases(&filter, &Viewer::System, cursor.as_ref(), PORTION)?;
        let goes_on = |row: &&CaseRow| now < shadow::goes_on_until(row.opened_at);
        let found = page.rows.iter().take_while(goes_on);
        let before = all.len();
        all.extend(found.map(|row| row.journal));
        cursor = page.next.filter(|_| all.len() - before == page.rows.len());
        if cursor.is_none() {
            return Ok(all);
        }
    }
}

/// Every open case goes on with the project as it is now and the playbook that it pinned.
pub(super) fn revise_cases(
    inner: &Arc<Inner>,
    tx: &mut dyn Tx,
    project: JournalId,
    state: &ProjectState,
) -> Result<()> {
    let Some(facts) = state.project() else {
        return Ok(());
    };
    let filter = CaseFilter {
        project: Some(project),
        open: Some(true),
        ..CaseFilter::default()
    };
    let mut open = in_shadow(inner, tx, project)?;
    let mut cursor = None;
    loop {
        let page = tx.list_cases(&filter, &Viewer::System, cursor.as_ref(), PORTION)?;
        open.extend(page.rows.into_iter().map(|row| row.journal));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    for id in open {
        take::on_case(inner, tx, id, |bench| {
            let basis = bench.basis.with_project(facts.clone());
            let changed = BasisChanged {
                matters: matters(&bench.basis.project, &basis.project),
                ..inner.keep_basis(bench.tx, &basis)?
            };
            bench.basis = Arc::new(basis);
            let body = Body::BasisChanged(changed);
            bench.append(vec![Draft {
                happened_at: None,
                actor: Actor::system(),
                body,
            }])
        })?;
    }
    Ok(())
}
