//! When the database is away: reports and taps are kept on this node's disk, people are called from here, and all of it
//! is carried out once the database is back.
//!
//! A report's case has its id before anything is written. The id gives the receipt's address and the ids of its notices,
//! so they are the same whether a case was written at once, was written by a commit whose answer was lost, or waited
//! here; and what is there already is found by it. `docs/decisions/when-the-database-is-away.md` says why.

mod calls;
mod copy;
mod index;
mod joining;
mod keep;
mod kept;
mod knows;
mod opening;
mod press;
mod replay;
mod shares;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use super::error::{DeskError, Result};
use super::{Desk, Inner};
use crate::spool::Spool;
use crate::store::{CaseNumber, CaseRow, JournalId, StoreError, View};

use self::index::Index;
use self::kept::{Item, KeptPress, KeptReport, KeptTry};

pub use self::joining::Joining;
pub use self::opening::has_copy;

/// Whoever reports or answers waits so long for the database; then their words go to this node's disk.
pub(crate) const PATIENCE: Duration = Duration::from_secs(4);

/// The letter with which the number of a receipt begins that was given without the database.
const LETTER: &str = "R";

/// What is known and kept beside the database.
pub(crate) struct Away {
    spool: Spool,
    /// Since when the database is away.
    since: Mutex<Option<Timestamp>>,
    index: Mutex<Index>,
    /// Whether everything that was in the spool at the start has been looked at.
    looked_back: watch::Sender<bool>,
    /// A desk over what this node knows of the projects, in memory.
    knows: Desk,
    /// When that was last seen to be so, and when the copy of it on disk was.
    known_at: Mutex<Option<Timestamp>>,
    /// One copies at a time.
    learning: tokio::sync::Mutex<()>,
    written_at: Mutex<Option<Timestamp>>,
    folder: PathBuf,
    joining: watch::Sender<Joining>,
    /// The cases that were made in memory and are not the database's yet.
    in_memory: Mutex<BTreeSet<Uuid>>,
    /// Up to here people were called for what waits.
    called_to: AtomicU64,
    /// Up to here what waits was tried to be carried out, in the present round.
    carried_to: AtomicU64,
    /// Whether they were called, or the database was there, once since the start.
    caught_up: watch::Sender<bool>,
    held: Mutex<calls::Held>,
    nudge: Arc<Notify>,
    kept: AtomicU64,
    settled: AtomicU64,
}

/// How things stand with the database and what waits for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AwayFigures {
    /// Since when the database is away; nothing while it answers.
    pub since: Option<Timestamp>,
    /// What waits on this node's disk.
    pub waiting: usize,
    /// Since when the oldest of it waits.
    pub oldest: Option<Timestamp>,
    /// Kept since the start.
    pub kept: u64,
    /// Carried out since the start.
    pub settled: u64,
    /// Reports for which nobody was called from here, while the database is away: there are too many, or they were found
    /// at the start and are being gone through.
    pub uncalled: usize,
    /// What was in the spool at the start is still being looked at.
    pub looking_back: bool,
}

impl Desk {
    /// Whether the database is known to be away.
    #[must_use]
    pub fn is_away(&self) -> bool {
        self.away_figures().since.is_some()
    }

    /// How things stand.
    #[must_use]
    pub fn away_figures(&self) -> AwayFigures {
        let away = self.inner.away.get();
        away.map(Away::figures).unwrap_or_default()
    }

    /// The desk over what this node knows, which calls people while the database is away; nothing for a desk that
    /// keeps nothing beside its store.
    #[must_use]
    pub fn without_database(&self) -> Option<Self> {
        Some(self.inner.away.get()?.knows.clone())
    }

    /// Rings when there is something to carry out, or when the database has gone.
    #[must_use]
    pub fn away_nudge(&self) -> Option<Arc<Notify>> {
        Some(Arc::clone(&self.inner.away.get()?.nudge))
    }
}

impl Inner {
    /// The journal of a case that is about to be opened. Its last bytes name this node.
    pub(super) fn new_case(&self, now: Timestamp) -> JournalId {
        let mut bytes = self.ids.uuid_v7(now).into_bytes();
        if let Some(away) = self.away.get() {
            bytes[14..].copy_from_slice(&away.spool.node().to_be_bytes());
        }
        JournalId(Uuid::from_bytes(bytes))
    }
}

impl Away {
    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_memory(&self) -> MutexGuard<'_, BTreeSet<Uuid>> {
        self.in_memory
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn since(&self) -> MutexGuard<'_, Option<Timestamp>> {
        self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_gone(&self) -> bool {
        self.since().is_some()
    }

    /// The database did not answer.
    fn goes(&self, now: Timestamp, why: &str) {
        let mut since = self.since();
        if since.is_none() {
            *since = Some(now);
            tracing::error!(
                why,
                "the database is away: reports and taps are kept on this node's disk"
            );
            self.nudge.notify_one();
        }
    }

    /// It answers again.
    fn comes_back(&self, now: Timestamp) {
        if let Some(since) = self.since().take() {
            let seconds = now.duration_since(since).as_secs();
            tracing::warn!(seconds, "the database is back");
        }
    }

    async fn keep(&self, item: Item) -> Result<()> {
        let content = serde_json::to_vec(&item).map_err(DeskError::bug)?;
        let placed = self.spool.keep(content).await.map_err(not_kept)?;
        if item.at().is_some() {
            self.kept.fetch_add(1, Ordering::Relaxed);
            self.nudge.notify_one();
        }
        self.index().add(placed, &item, |press| self.link_of(press));
        Ok(())
    }

    /// What waits at this place; nothing if it does not wait any more.
    fn item(&self, n: u64) -> Result<Option<Item>> {
        let Some(span) = self.index().span(n) else {
            return Ok(None);
        };
        let content = self.spool.read(span);
        let content = content.map_err(|error| StoreError::Io(error.to_string()))?;
        serde_json::from_slice(&content)
            .map(Some)
            .map_err(DeskError::bug)
    }

    /// Lets go of what was carried out; answers how many reports and taps it was.
    async fn settle(&self, places: &[u64]) -> usize {
        let waited = {
            // First: its place in the file may be another one's as soon as it is settled.
            let mut index = self.index();
            places.iter().filter_map(|n| index.remove(*n)).count()
        };
        if let Err(error) = self.spool.settle(places).await {
            tracing::error!(%error, "the spool cannot be written; what is carried out is found again at the next start");
        }
        self.settled.fetch_add(waited as u64, Ordering::Relaxed);
        waited
    }

    fn link_of(&self, press: &KeptPress) -> Option<Uuid> {
        let link = self.knows.act_link_at(&press.token, press.at);
        link.ok().map(|link| link.id)
    }

    fn figures(&self) -> AwayFigures {
        let in_memory = self.in_memory().len();
        let (index, since) = (self.index(), *self.since());
        let uncalled = index.reports().saturating_sub(in_memory);
        AwayFigures {
            since,
            waiting: index.count(),
            oldest: index.oldest(),
            kept: self.kept.load(Ordering::Relaxed),
            settled: self.settled.load(Ordering::Relaxed),
            uncalled: since.map_or(0, |_| uncalled),
            looking_back: !*self.looked_back.borrow(),
        }
    }
}

fn not_kept(error: std::io::Error) -> DeskError {
    tracing::error!(%error, "the database is away and this node's disk takes nothing either");
    match error.kind() {
        std::io::ErrorKind::StorageFull => StoreError::Full,
        std::io::ErrorKind::QuotaExceeded => {
            StoreError::Busy("too much waits for the database already".to_owned())
        }
        _ => StoreError::Io(error.to_string()),
    }
    .into()
}

/// The number of a receipt that was given without the database: the node, and forty bits of chance.
pub(super) fn receipt_number(case: JournalId) -> CaseNumber {
    let bytes = case.0.as_bytes();
    let n = bytes[9..14]
        .iter()
        .fold(0, |n, byte| n << 8 | u64::from(*byte));
    CaseNumber {
        prefix: format!("{LETTER}-{:02X}{:02X}", bytes[14], bytes[15]),
        n,
    }
}

/// How the settings begin that lead from the number of a receipt to its case.
pub(super) const NUMBER: &str = "receipt number ";
/// How those begin that lead from a receipt to a case that stands for its own.
pub(super) const STANDS_FOR: &str = "receipt of ";

/// Where the store keeps which case the number of a receipt became.
fn name_of_number(number: &CaseNumber) -> String {
    format!("{NUMBER}{number}")
}

/// Whether it was given to a receipt without the database.
pub(super) fn is_of_a_receipt(number: &CaseNumber) -> bool {
    number.prefix.split('-').next() == Some(LETTER) && number.prefix.contains('-')
}

/// The case that the report became whose receipt has this number.
pub(super) fn case_of_receipt(view: &dyn View, number: &CaseNumber) -> Result<Option<CaseRow>> {
    let kept = view.setting(&name_of_number(number))?;
    let journal = kept.and_then(|bytes| Uuid::from_slice(&bytes).ok());
    match journal {
        Some(journal) => Ok(view.case(JournalId(journal))?),
        None => Ok(None),
    }
}

/// Where the store keeps which case stands for one that another node wrote first under the same key.
pub(super) fn name_of_case(case: JournalId) -> String {
    format!("{STANDS_FOR}{case}")
}

/// Whether it says that the database, and not what was asked of it, is the trouble: also where it answers and cannot be
/// used, because a report is never refused.
fn is_away(error: &DeskError) -> bool {
    matches!(
        error,
        DeskError::Store(
            StoreError::Away(_)
                | StoreError::Unknown
                | StoreError::Busy(_)
                | StoreError::Full
                | StoreError::Io(_)
                | StoreError::Schema(_)
        )
    )
}
