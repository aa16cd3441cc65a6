//! Making the index anew from the journals, which alone are the truth.

use std::sync::Arc;

use procedure::chapters::intake::Arrival;
use procedure::{Body, Case};

use super::cases::{self, Folded};
use super::error::{DeskError, Result};
use super::{Desk, Inner, alerts, index, journal, projects};
use crate::store::{CaseNumber, CaseRow, JournalKind, JournalRow, Title, Tx};

/// What was made anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Cases.
    pub cases: u64,
    /// Projects.
    pub projects: u64,
    /// Entries read.
    pub entries: u64,
}

impl Desk {
    /// Drops the index and makes it anew, in one transaction.
    ///
    /// # Errors
    /// A damaged journal stops it, and the old index stays.
    pub async fn rebuild(&self) -> Result<Rebuilt> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| rebuild(&inner, tx)).await
    }
}

fn rebuild(inner: &Inner, tx: &mut dyn Tx) -> Result<Rebuilt> {
    let mut rebuilt = Rebuilt::default();
    let counted = alerts::counted(tx)?;
    tx.clear_index()?;
    for installation in tx.journals(JournalKind::Installation)? {
        inner.index_queue(tx, installation.id)?;
    }
    for project in tx.journals(JournalKind::Project)? {
        let state = inner.project(tx, project.id)?.state;
        projects::index(tx, project.id, &state)?;
        alerts::held(inner, tx, project.id, &counted)?;
        rebuilt.projects += 1;
        rebuilt.entries += state.seq;
    }
    for case in tx.journals(JournalKind::Case)? {
        rebuilt.entries += rebuild_case(inner, tx, &case, &counted)?;
        rebuilt.cases += 1;
    }
    Ok(rebuilt)
}

fn rebuild_case(
    inner: &Inner,
    tx: &mut dyn Tx,
    row: &JournalRow,
    counted: &alerts::Counted,
) -> Result<u64> {
    let key = journal::key(tx, &inner.root, row.id)?;
    let mut folded = Folded::empty(row.id);
    let (mut words, mut exhibits) = (Vec::new(), Vec::new());
    journal::read(tx, &key, &mut folded.chain, |envelope| {
        words.push((envelope.seq, index::words(&envelope.body)));
        let entry = cases::entry(envelope)?;
        Arc::make_mut(&mut folded.case).apply(&entry);
        if matches!(entry.body, Body::ExhibitAdded(_)) {
            exhibits.push(entry);
        }
        Ok(())
    })?;
    let case = &folded.case;
    let basis = inner.basis_of(tx, case)?;
    let mut index_row = new_row(row, case)?;
    tx.raise_counter(&counter(&index_row.number), index_row.number.n)?;
    index::write(tx, &mut index_row, case, &basis)?;
    for entry in &exhibits {
        index::exhibit(tx, &folded, entry)?;
    }
    for (seq, texts) in words {
        index::search(tx, &folded, seq, &texts)?;
    }
    alerts::index(tx, row.id, &folded.case.part.intake.alerts, counted)?;
    Ok(folded.case.seq)
}

/// A case's row before anything but its number is known.
pub(super) fn new_row(row: &JournalRow, case: &Case) -> Result<CaseRow> {
    let damaged = |what: &str| DeskError::Damaged(format!("journal {}: {what}", row.id));
    let number = case
        .part
        .record
        .number
        .as_deref()
        .ok_or_else(|| damaged("it has no number"))?;
    let number: CaseNumber = number.parse().map_err(|_| damaged("its number is none"))?;
    let project = row
        .parent
        .ok_or_else(|| damaged("it belongs to no project"))?;
    Ok(blank_row(row.id, number, project, case.opened_at))
}

/// A row that says nothing yet.
pub(super) fn blank_row(
    journal: crate::store::JournalId,
    number: CaseNumber,
    project: crate::store::JournalId,
    at: jiff::Timestamp,
) -> CaseRow {
    CaseRow {
        journal,
        number,
        project,
        title: Title::None,
        status: String::new(),
        phase: String::new(),
        severity: None,
        restricted: false,
        kind: String::new(),
        arrival: Arrival::Known.word().to_owned(),
        tags: Vec::new(),
        opened_at: at,
        updated_at: at,
        next_wake: None,
        seq: 0,
        ic: None,
        open: true,
        figures: None,
    }
}

/// The counter that gives a project's case numbers.
pub(super) fn counter(number: &CaseNumber) -> String {
    format!("case {}", number.prefix)
}

#[cfg(test)]
impl Desk {
    /// The whole index as text.
    pub(crate) async fn index_lines(&self) -> Vec<String> {
        let read = |view: &dyn crate::store::View| crate::store::dump_index(view);
        self.inner.store.read(read).await.unwrap_or_default()
    }
}
