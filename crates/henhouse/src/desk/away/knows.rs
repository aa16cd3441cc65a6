//! What this node knows of the projects without the database: their journals, names and people, copied into memory and onto its
//! disk. For
//! taking reports and calling people, never for deciding anything that the database must agree to.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use procedure::project::ProjectState;

use super::super::error::{DeskError, Result};
use super::super::{Desk, projects};
use super::Away;
use super::copy::{self, Copy};
use crate::store::{EntryRow, Head, JournalId, JournalKind, ProjectRow, Record, Tx, View};

/// Entries are copied in portions of so many.
const PORTION: u32 = 1_000;

/// The copy on disk is replaced after so long also where nothing has changed, so that its age can be told.
const FRESH: SignedDuration = SignedDuration::from_mins(15);

/// What is not any more as it was copied.
struct News {
    copies: Vec<Copy>,
    /// Not there, or other than what was copied of it: the database was put back.
    gone: Vec<JournalId>,
}

impl Desk {
    /// Copies what has changed in the projects, into memory and onto this node's disk.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn learn(&self) -> Result<()> {
        let Some(away) = self.inner.away.get() else {
            return Ok(());
        };
        let _alone = away.learning.lock().await;
        let own = away.knows.inner.store.clone();
        let heads = own.read_inline(|view| {
            let known = view.journals(JournalKind::Project)?;
            let heads = known
                .iter()
                .map(|journal| Ok((journal.id, view.head(journal.id)?)));
            heads.collect::<Result<Vec<_>>>()
        })?;
        let news = self
            .inner
            .store
            .read(move |view| changed(view, &heads))
            .await?;
        news.gone.iter().for_each(|id| own.let_go(*id));
        away.knows.take_copies(&news.copies)?;
        let changed = !news.copies.is_empty() || !news.gone.is_empty();
        away.keep_copy(self.now(), changed);
        Ok(())
    }

    /// Copies at once what was just written here to a project, so that this node knows it if it loses its database the next
    /// moment. Where that does not succeed it is copied later: what was written stands.
    pub(in crate::desk) async fn learn_at_once(&self) {
        let learnt = tokio::time::timeout(super::PATIENCE, self.learn()).await;
        if let Ok(Err(error)) = learnt {
            tracing::warn!(%error, "a change of a project is not yet in this node's copy");
        }
    }

    /// Takes in what was copied; all of it or nothing.
    pub(super) fn take_copies(&self, copies: &[Copy]) -> Result<()> {
        let store = &self.inner.store;
        store.write_inline(|tx| copies.iter().try_for_each(|copy| take(tx, copy)))
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

impl Away {
    /// Notes that what this node knows is so, and puts it on disk if that says otherwise or says so since long ago.
    fn keep_copy(&self, now: Timestamp, changed: bool) {
        let set = |time: &Mutex<Option<Timestamp>>| {
            *time.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        };
        set(&self.known_at);
        let written = *self
            .written_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !changed && written.is_some_and(|at| now.duration_since(at) < FRESH) {
            return;
        }
        let inner = &self.knows.inner;
        let all = inner.store.read_inline(|view| self::changed(view, &[]));
        let kept = all.map_err(|error| error.to_string()).and_then(|news| {
            copy::write(&self.folder, &inner.root, &inner.ids, now, news.copies)
                .map_err(|error| error.to_string())
        });
        match kept {
            Ok(()) => set(&self.written_at),
            Err(error) => tracing::error!(
                error,
                "the copy of the projects on this node's disk is old: it may not start while the database is away"
            ),
        }
    }
}

fn changed(view: &dyn View, known: &[(JournalId, Head)]) -> Result<News> {
    let journals = view.journals(JournalKind::Project)?;
    let mut news = News {
        copies: Vec::new(),
        gone: Vec::new(),
    };
    let is_there = |id: JournalId| journals.iter().any(|journal| journal.id == id);
    let gone = known.iter().filter(|(id, _)| !is_there(*id));
    news.gone.extend(gone.map(|(id, _)| *id));
    for row in view.projects()? {
        let head = view.head(row.journal)?;
        let before = known.iter().find(|(id, _)| *id == row.journal);
        let mut before = before.map_or(Head::EMPTY, |(_, head)| *head);
        if before == head {
            continue;
        }
        if !goes_on_from(view, row.journal, before)? {
            news.gone.push(row.journal);
            before = Head::EMPTY;
        }
        let journal = journals.iter().find(|journal| journal.id == row.journal);
        let (Some(journal), Some(key)) = (journal, view.journal_key(row.journal)?) else {
            continue;
        };
        news.copies.push(Copy {
            entries: entries(view, row.journal, before.seq)?,
            sealed: view.sealed_between(row.journal, before.seq, head.seq)?,
            people: view.members(row.journal)?,
            journal: journal.clone(),
            row,
            key,
        });
    }
    Ok(news)
}

/// Whether a journal still holds the entry at which the copy of it ends.
fn goes_on_from(view: &dyn View, id: JournalId, before: Head) -> Result<bool> {
    let Some(last) = before.seq.checked_sub(1) else {
        return Ok(true);
    };
    let entry = view.entries(id, last, 1)?.pop();
    Ok(entry.is_some_and(|entry| entry.hash == before.hash))
}

fn entries(view: &dyn View, id: JournalId, after: u64) -> Result<Vec<EntryRow>> {
    let mut entries: Vec<EntryRow> = Vec::new();
    loop {
        let last = entries.last().map_or(after, |entry| entry.seq);
        let more = view.entries(id, last, PORTION)?;
        let end = more.len() < PORTION as usize;
        entries.extend(more);
        if end {
            return Ok(entries);
        }
    }
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
