//! What this node knows of the projects without the database: their journals, names and people, copied into memory. For
//! taking reports and calling people, never for deciding anything that the database must agree to.

use procedure::project::ProjectState;
use std::sync::Arc;

use super::super::error::{DeskError, Result};
use super::super::{Desk, projects};
use crate::store::{
    EntryRow, Head, JournalId, JournalKind, JournalRow, PersonId, ProjectRow, Record, SealedRow,
    Tx, View,
};

/// Entries are copied in portions of so many.
const PORTION: u32 = 1_000;

/// What has come to a project since it was copied last.
struct Copy {
    journal: JournalRow,
    row: ProjectRow,
    key: Vec<u8>,
    people: std::collections::BTreeSet<PersonId>,
    entries: Vec<EntryRow>,
    sealed: Vec<SealedRow>,
}

impl Desk {
    /// Copies what has changed in the projects.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn learn(&self) -> Result<()> {
        let Some(away) = self.inner.away.get() else {
            return Ok(());
        };
        let own = away.knows.inner.store.clone();
        let heads = own.read_inline(|view| {
            let known = view.journals(JournalKind::Project)?;
            let heads = known
                .iter()
                .map(|journal| Ok((journal.id, view.head(journal.id)?)));
            heads.collect::<Result<Vec<_>>>()
        })?;
        let copies = self
            .inner
            .store
            .read(move |view| changed(view, &heads))
            .await?;
        own.write_inline(|tx| copies.iter().try_for_each(|copy| take(tx, copy)))
    }

    /// Asks the database, or what this node knows where that is away or silent.
    pub(in crate::desk) async fn read_or_know<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Desk, &dyn View) -> Result<T> + Clone + Send + 'static,
    ) -> Result<T> {
        let (desk, asked) = (self.clone(), look.clone());
        let read = self.inner.store.read(move |view| asked(&desk, view));
        let Some(away) = self.inner.away.get() else {
            return read.await;
        };
        if !away.is_gone() {
            match tokio::time::timeout(super::PATIENCE, read).await {
                Ok(Err(error)) if super::is_away(&error) => {
                    away.goes(self.now(), &error.to_string());
                }
                Ok(done) => return done,
                Err(_) => away.goes(self.now(), "it is silent"),
            }
        }
        let knows = away.knows.clone();
        away.knows
            .inner
            .store
            .read_inline(|view| look(&knows, view))
    }

    /// A project by its short name, or the one that takes what names none, with what can be known of it.
    ///
    /// # Errors
    /// Not found; the store's where even this node knows nothing.
    pub async fn project_for_reports(
        &self,
        slug: Option<String>,
    ) -> Result<(ProjectRow, Arc<ProjectState>)> {
        self.read_or_know(move |desk, view| {
            let row = projects::find(view, slug.as_deref())?;
            let state = desk.inner.project_as_it_is(view, row.journal)?.state;
            Ok((row, state))
        })
        .await
    }
}

fn changed(view: &dyn View, known: &[(JournalId, Head)]) -> Result<Vec<Copy>> {
    let mut copies = Vec::new();
    let journals = view.journals(JournalKind::Project)?;
    for row in view.projects()? {
        let head = view.head(row.journal)?;
        let before = known.iter().find(|(id, _)| *id == row.journal);
        let before = before.map_or(Head::EMPTY, |(_, head)| *head);
        if before == head {
            continue;
        }
        let journal = journals.iter().find(|journal| journal.id == row.journal);
        let (Some(journal), Some(key)) = (journal, view.journal_key(row.journal)?) else {
            continue;
        };
        let mut entries: Vec<EntryRow> = Vec::new();
        loop {
            let last = entries.last().map_or(before.seq, |entry| entry.seq);
            let more = view.entries(row.journal, last, PORTION)?;
            let end = more.len() < PORTION as usize;
            entries.extend(more);
            if end {
                break;
            }
        }
        copies.push(Copy {
            sealed: view.sealed_between(row.journal, before.seq, head.seq)?,
            people: view.members(row.journal)?,
            journal: journal.clone(),
            row,
            key,
            entries,
        });
    }
    Ok(copies)
}

fn take(tx: &mut dyn Tx, copy: &Copy) -> Result<()> {
    let id = copy.journal.id;
    if tx.journal(id)?.is_none() {
        tx.create_journal(&copy.journal)?;
    }
    tx.put_journal_key(id, &copy.key)?;
    for entry in &copy.entries {
        let sealed = copy.sealed.iter().filter(|sealed| sealed.seq == entry.seq);
        tx.append(&Record {
            journal: id,
            seq: entry.seq,
            recorded_at: entry.recorded_at,
            kind: entry.kind.clone(),
            hash: entry.hash,
            bytes: entry.bytes.clone(),
            sealed: sealed
                .map(|sealed| (sealed.commitment, sealed.cipher.clone()))
                .collect(),
        })?;
    }
    tx.put_project(&copy.row)?;
    tx.set_members(id, &copy.people)?;
    Ok::<_, DeskError>(())
}
