//! When the database is away: reports and taps are kept on this node's disk, people are called from here, and all of it
//! is carried out once the database is back.
//!
//! A report's case has its id before anything is written. The id gives the receipt's address and the ids of its notices,
//! so they are the same whether a case was written at once, was written by a commit whose answer was lost, or waited
//! here; and what is there already is found by it. `docs/decisions/when-the-database-is-away.md` says why.

mod calls;
mod keep;
mod knows;
mod press;
mod replay;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use uuid::Uuid;

use super::ack::Press;
use super::answers::OneUse;
use super::error::{DeskError, Result};
use super::open::OpenReport;
use super::{Desk, Inner};
use crate::spool::{Found, Spool, Writes};
use crate::store::{CaseNumber, CaseRow, JournalId, Store, StoreError, View};
use crate::vault::SpoolKey;

/// Whoever reports or answers waits so long for the database; then their words go to this node's disk.
pub(crate) const PATIENCE: Duration = Duration::from_secs(4);

/// The letter with which the number of a receipt begins that was given without the database.
const LETTER: &str = "R";

/// What is known and kept beside the database.
pub(crate) struct Away {
    spool: Spool,
    /// Since when the database is away.
    since: Mutex<Option<Timestamp>>,
    waiting: Mutex<BTreeMap<u64, Item>>,
    /// A desk over what this node knows of the projects, in memory.
    knows: Desk,
    nudge: Arc<Notify>,
    kept: AtomicU64,
    settled: AtomicU64,
}

/// Something in the spool.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Item {
    /// A report, to be a case.
    Report(Box<KeptReport>),
    /// What somebody pressed on the page of their link.
    Press(KeptPress),
    /// A notice of a report that waits was sent from here.
    Sent(KeptSent),
}

/// A report that waits.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct KeptReport {
    /// The journal of the case that it will be.
    case: Uuid,
    /// When it was kept: the time of its first entry (R26).
    at: Timestamp,
    open: OpenReport,
}

/// A tap that waits.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct KeptPress {
    /// The link's token: it names case and person.
    token: String,
    press: Press,
    at: Timestamp,
}

/// A notice that was sent from here, and is not to be sent again.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct KeptSent {
    case: Uuid,
    notice: Uuid,
    seq: u64,
    person: Option<String>,
    recipient: Option<String>,
    route: String,
    page: bool,
    at: Timestamp,
    receipt: Option<String>,
}

impl Item {
    /// Since when it waits; nothing for what waits only along with something else.
    fn at(&self) -> Option<Timestamp> {
        match self {
            Self::Report(report) => Some(report.at),
            Self::Press(press) => Some(press.at),
            Self::Sent(_) => None,
        }
    }

    fn report(&self) -> Option<&KeptReport> {
        match self {
            Self::Report(report) => Some(report),
            _ => None,
        }
    }

    fn press(&self) -> Option<&KeptPress> {
        match self {
            Self::Press(press) => Some(press),
            _ => None,
        }
    }

    fn sent(&self) -> Option<&KeptSent> {
        match self {
            Self::Sent(sent) => Some(sent),
            _ => None,
        }
    }
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
}

impl Desk {
    /// Keeps reports and taps in this folder from now on while the database is away. Once for a desk.
    ///
    /// # Errors
    /// The folder cannot be used; the store's.
    pub async fn spool_into(&self, folder: &Path) -> Result<()> {
        self.spool(folder, Writes::Apart).await
    }

    /// As [`Self::spool_into`], everything on the caller's thread: for the simulation.
    ///
    /// # Errors
    /// As [`Self::spool_into`].
    pub async fn spool_here(&self, folder: &Path) -> Result<()> {
        self.spool(folder, Writes::Here).await
    }

    async fn spool(&self, folder: &Path, writes: Writes) -> Result<()> {
        let inner = &self.inner;
        let key = SpoolKey::derive(&inner.root);
        let opened = Spool::open(folder, key, inner.ids.clone(), writes);
        let (spool, found) = opened.map_err(|error| {
            let folder = folder.display();
            StoreError::Io(format!("the spool {folder} cannot be used: {error}"))
        })?;
        told(&found);
        let waiting = found.waiting.iter().filter_map(|kept| {
            let read = serde_json::from_slice(&kept.content);
            let read = read.inspect_err(|error| {
                tracing::error!(%error, n = kept.n, "something in the spool cannot be read by this version; it stays there");
            });
            Some((kept.n, read.ok()?))
        });
        let knows = Self::new(
            Store::memory(),
            inner.root.clone(),
            inner.clock.clone(),
            inner.ids.clone(),
            inner.site.clone(),
        );
        if inner.outside.load(Ordering::Relaxed) {
            knows.drills_write_outside();
        }
        let away = Away {
            spool,
            since: Mutex::default(),
            waiting: Mutex::new(waiting.collect()),
            knows,
            nudge: Arc::default(),
            kept: AtomicU64::new(0),
            settled: AtomicU64::new(0),
        };
        inner
            .away
            .set(away)
            .map_err(|_| DeskError::bug("two spools for one desk"))?;
        self.learn().await
    }

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

fn told(found: &Found) {
    let (waiting, torn, damaged) = (found.waiting.len(), found.torn_bytes, found.damaged_bytes);
    if waiting > 0 {
        tracing::warn!(
            waiting,
            "what was kept while the database was away is carried out now"
        );
    }
    if torn > 0 {
        tracing::warn!(
            torn,
            "the spool ended in the middle of a record, which nobody was told is kept"
        );
    }
    if damaged > 0 {
        tracing::error!(
            damaged,
            "a part of the spool cannot be read and was put aside; look at its disk"
        );
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
    fn waiting(&self) -> MutexGuard<'_, BTreeMap<u64, Item>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn since(&self) -> MutexGuard<'_, Option<Timestamp>> {
        self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_gone(&self) -> bool {
        self.since().is_some()
    }

    /// The database did not answer.
    fn goes(&self, now: Timestamp, why: &str) {
        if self.since().replace(now).is_none() {
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

    async fn keep(&self, item: Item) -> Result<u64> {
        let content = serde_json::to_vec(&item).map_err(DeskError::bug)?;
        let n = self.spool.keep(content).await.map_err(not_kept)?;
        if item.at().is_some() {
            self.kept.fetch_add(1, Ordering::Relaxed);
            self.nudge.notify_one();
        }
        self.waiting().insert(n, item);
        Ok(n)
    }

    async fn settle(&self, n: u64) {
        if let Err(error) = self.spool.settle(n).await {
            tracing::error!(%error, n, "the spool cannot be written; what is carried out is found again at the next start");
        }
        let item = self.waiting().remove(&n);
        if item.is_some_and(|item| item.at().is_some()) {
            self.settled.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn figures(&self) -> AwayFigures {
        let waiting = self.waiting();
        AwayFigures {
            since: *self.since(),
            waiting: waiting.values().filter_map(Item::at).count(),
            oldest: waiting.values().filter_map(Item::at).min(),
            kept: self.kept.load(Ordering::Relaxed),
            settled: self.settled.load(Ordering::Relaxed),
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

/// Where the store keeps which case the number of a receipt became.
fn name_of_number(number: &CaseNumber) -> String {
    format!("receipt number {number}")
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
    format!("receipt of {case}")
}

/// Whether it says that the database, and not what was asked of it, is the trouble.
fn is_away(error: &DeskError) -> bool {
    matches!(
        error,
        DeskError::Store(
            StoreError::Away(_)
                | StoreError::Unknown
                | StoreError::Busy(_)
                | StoreError::Full
                | StoreError::Io(_)
        )
    )
}

/// Two keys are the same if they are the same actor's.
fn same_key(a: Option<&OneUse>, b: Option<&OneUse>) -> bool {
    a.is_some() && a == b
}
