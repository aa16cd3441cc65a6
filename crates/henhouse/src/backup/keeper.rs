//! Making a backup of an installation while it is served: one snapshot of the rows, encrypted as it is
//! read, then the exhibits that the place does not have yet, then the manifest; then it is read again.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::check::{self, Depth};
use super::error::{BackupError, Result};
use super::gather::gather;
use super::manifest::{FORMAT, Manifest, Piece};
use super::place::{Place, ROWS, exhibit};
use super::plan::Plan;
use super::row::Row;
use super::schedule::Standing;
use super::tally::{Sum, Tally};
use crate::clock::Clock;
use crate::ids::Ids;
use crate::store::{JournalId, Store};
use crate::vault::{BackupKey, BackupPart, CannotRead, Exhibits, JournalKey, RootKey};

/// The setting that tells of the last backup of this copy.
pub(super) const LAST: &str = "copy.last_backup";
/// What was erased while it was being copied: it is begun again so often.
const TRIES: usize = 3;
/// Backups that did not come to their end are removed after so many hours.
const UNFINISHED_HOURS: i64 = 24;

/// Who makes the backups of an installation.
pub struct Keeper {
    pub(super) store: Store,
    root: RootKey,
    exhibits: Exhibits,
    ids: Ids,
    clock: Clock,
    settings: PathBuf,
    busy: Mutex<()>,
    pub(super) plan: Mutex<Option<Plan>>,
    pub(super) stopping: AtomicBool,
    /// How it stood when somebody looked last.
    pub(super) seen: Mutex<Option<Standing>>,
    /// Why the last try by plan failed.
    pub(super) failed: Mutex<Option<String>>,
}

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The moment that it shows.
    pub at: Timestamp,
    /// Its name.
    pub name: String,
    /// Where it lies.
    pub place: String,
    /// How many entries it holds.
    pub entries: u64,
    /// How many exhibits belong to it.
    pub exhibits: u64,
    /// How many of them were copied now.
    pub copied: u64,
    /// How long the rows are, encrypted, in bytes.
    pub bytes: u64,
    /// How long it took.
    pub milliseconds: u64,
    /// What is wrong with the installation itself: damage is kept as it is.
    pub findings: Vec<String>,
}

/// What was read while the rows were written.
#[derive(Default)]
struct Seen {
    keys: BTreeMap<JournalId, Vec<u8>>,
    pieces: BTreeSet<Piece>,
}

impl Keeper {
    /// For an installation with this store, these exhibits and this settings file.
    #[must_use]
    pub fn new(
        store: Store,
        root: RootKey,
        exhibits: Exhibits,
        (ids, clock): (Ids, Clock),
        settings: PathBuf,
    ) -> Self {
        Self {
            store,
            root,
            exhibits,
            ids,
            clock,
            settings,
            busy: Mutex::new(()),
            plan: Mutex::default(),
            stopping: AtomicBool::new(false),
            seen: Mutex::default(),
            failed: Mutex::default(),
        }
    }

    /// What time it is, for ages.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.wall()
    }

    /// The last backup that was made of this installation by whichever node.
    ///
    /// # Errors
    /// The store's.
    pub fn last(&self) -> Result<Option<Made>> {
        let last = self.store.read_inline(|view| view.setting(LAST))?;
        Ok(last.and_then(|json| serde_json::from_slice(&json).ok()))
    }

    /// Makes a backup at a place, reads it again, and then keeps the `keep` newest ones there.
    /// Blocking.
    ///
    /// # Errors
    /// One is being made, or it could not be written or read again. What was begun has no manifest then.
    pub fn make(&self, place: &Place, keep: Option<usize>) -> Result<Made> {
        let _busy = match self.busy.try_lock() {
            Err(std::sync::TryLockError::WouldBlock) => {
                let sentence = "a backup is being made already; wait for its end";
                return Err(BackupError::Refused(sentence.to_owned()));
            }
            Err(std::sync::TryLockError::Poisoned(held)) => held.into_inner(),
            Ok(held) => held,
        };
        for _ in 0..TRIES {
            if let Some(made) = self.try_once(place)? {
                let json = serde_json::to_vec(&made)
                    .map_err(|error| BackupError::Damaged(error.to_string()))?;
                let note = self.store.write_inline(|tx| tx.put_setting(LAST, &json));
                note?;
                if let Some(keep) = keep {
                    prune(place, &self.root, keep.max(1), self.now())?;
                }
                return Ok(made);
            }
        }
        Err(BackupError::Refused(
            "evidence was erased each time it was being copied; try again later".to_owned(),
        ))
    }

    /// Nothing if an exhibit was erased while this went on, so that it has to be begun again.
    fn try_once(&self, place: &Place) -> Result<Option<Made>> {
        let (began, at) = (self.clock.steady(), self.now());
        let key = BackupKey::create(self.ids.uuid_v7(at), &self.root, &self.ids);
        let id = key.id().simple().to_string();
        let name = format!("{}-{}", stamp(at), &id[24..]);
        let (rows, findings, seen, rows_bytes) = self.write_rows(place, &name, &key)?;
        let (copied, missing) = self.copy_exhibits(place, &seen)?;
        if self.were_erased(&missing)? {
            place.remove(&name)?;
            return Ok(None);
        }
        let exhibits: Vec<Piece> = seen.pieces.difference(&missing).cloned().collect();
        let manifest = Manifest {
            format: FORMAT,
            id: key.id(),
            made_at: at,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            backend: self.store.backend().to_owned(),
            rows,
            rows_bytes,
            exhibits,
            missing: missing.into_iter().collect(),
            findings,
            settings: self.settings()?,
        };
        let wrote = manifest.write(place, &name, &key, &self.ids);
        if let Err(trouble) = wrote.and_then(|()| self.reads_again(place, &name)) {
            // What was not read again is no backup, even if it should be whole.
            let _ = place.remove(&name);
            return Err(trouble);
        }
        let lost = manifest.missing.iter().map(|piece| {
            format!(
                "exhibit {} of journal {} is missing or damaged",
                piece.hash(),
                piece.journal
            )
        });
        Ok(Some(Made {
            at,
            name,
            place: place.shown(),
            entries: rows.counts.entries,
            exhibits: manifest.exhibits.len() as u64,
            copied,
            bytes: rows_bytes,
            milliseconds: u64::try_from((self.clock.steady() - began).as_millis())
                .unwrap_or(u64::MAX),
            findings: manifest.findings.iter().cloned().chain(lost).collect(),
        }))
    }

    fn write_rows(
        &self,
        place: &Place,
        name: &str,
        key: &BackupKey,
    ) -> Result<(Sum, Vec<String>, Seen, u64)> {
        let failed = |cause| place.failed(&format!("{name}/{ROWS}"), "written", cause);
        let (mut tally, mut seen) = (Tally::default(), Seen::default());
        let bytes = place.put(name, ROWS, |out| {
            let mut closing = key
                .close(out, BackupPart::Rows, &self.ids)
                .map_err(failed)?;
            self.store.read_at_length(|view| {
                gather(view, &mut |row| {
                    self.goes_on()?;
                    let mut json = tally.take(&row)?;
                    json.push(b'\n');
                    seen.note(row);
                    closing.write_all(&json).map_err(failed)
                })
            })?;
            closing.finish().map(drop).map_err(failed)
        })?;
        let (sum, findings) = tally.finish();
        Ok((sum, findings, seen, bytes))
    }

    /// Answers how many were copied, and which are not there or not whole.
    fn copy_exhibits(&self, place: &Place, seen: &Seen) -> Result<(u64, BTreeSet<Piece>)> {
        let (mut copied, mut missing) = (0, BTreeSet::new());
        let there = place.exhibits()?;
        for piece in &seen.pieces {
            self.goes_on()?;
            let from = self.exhibits.file(piece.journal, &piece.hash());
            let length = match std::fs::metadata(&from) {
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                    missing.insert(piece.clone());
                    continue;
                }
                file => file
                    .map_err(|cause| BackupError::file(&from, "read", cause))?
                    .len(),
            };
            if there.get(piece) == Some(&length) {
                continue;
            }
            let failed = |act, cause| place.failed(&exhibit(piece), act, cause);
            place
                .put_exhibit(piece, &from)
                .map_err(|cause| failed("written", cause))?;
            // Read again from where it lies now: what is damaged is not taken for a copy.
            match self
                .key_of(seen, piece)
                .map(|key| check::verify(place, piece, &key))
            {
                Some(Ok(_)) => copied += 1,
                Some(Err(CannotRead::Io { cause, .. })) => return Err(failed("read", cause)),
                Some(Err(_)) | None => {
                    missing.insert(piece.clone());
                    place.remove_exhibit(piece)?;
                }
            }
        }
        Ok((copied, missing))
    }

    fn reads_again(&self, place: &Place, name: &str) -> Result<()> {
        let checked = check::check(place, name, &self.root, Depth::Rows)?;
        checked.problems.first().map_or(Ok(()), |problem| {
            Err(BackupError::Damaged(format!(
                "what was written does not read as what was meant: {problem}"
            )))
        })
    }

    fn goes_on(&self) -> Result<()> {
        match self.stopping.load(Ordering::Relaxed) {
            true => Err(BackupError::BrokenOff),
            false => Ok(()),
        }
    }

    fn key_of(&self, seen: &Seen, piece: &Piece) -> Option<JournalKey> {
        let wrapped = seen.keys.get(&JournalId(piece.journal))?;
        JournalKey::unwrap(&self.root, piece.journal, wrapped).ok()
    }

    /// Whether one of these was erased since the rows were read.
    fn were_erased(&self, missing: &BTreeSet<Piece>) -> Result<bool> {
        let erased = self.store.read_inline(|view| view.erased_exhibits())?;
        Ok(erased.iter().any(|row| {
            row.sha256.is_some_and(|sha256| {
                let journal = row.journal.0;
                missing.contains(&Piece { journal, sha256 })
            })
        }))
    }

    fn settings(&self) -> Result<Option<String>> {
        match std::fs::read_to_string(&self.settings) {
            Ok(text) => Ok(Some(text)),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(BackupError::file(&self.settings, "read", cause)),
        }
    }
}

/// A moment as the name of a backup begins with it: names are in the order of their times.
fn stamp(at: Timestamp) -> String {
    let thousandth = at.subsec_millisecond();
    format!("{}{thousandth:03}Z", at.strftime("%Y%m%dT%H%M%S"))
}

impl Seen {
    fn note(&mut self, row: Row) {
        match row {
            Row::Key { journal, wrapped } => {
                self.keys.insert(journal, wrapped);
            }
            Row::Exhibit(row) if !row.erased => {
                let journal = row.journal.0;
                let piece = row.sha256.map(|sha256| Piece { journal, sha256 });
                self.pieces.extend(piece);
            }
            _ => {}
        }
    }
}

/// Keeps the newest backups that are whole, and of the exhibits those that one of them names. A backup
/// whose manifest cannot be read keeps everything: nobody knows what belongs to it.
fn prune(place: &Place, root: &RootKey, keep: usize, now: Timestamp) -> Result<()> {
    let all = place.backups()?;
    let whole: Vec<_> = all.iter().filter(|found| found.whole).collect();
    let old = whole.len().saturating_sub(keep);
    let long_ago = now - jiff::SignedDuration::from_hours(UNFINISHED_HOURS);
    let long_ago = stamp(long_ago);
    let unfinished = all.iter().filter(|f| !f.whole && f.name < long_ago);
    let goes: BTreeSet<&str> = whole[..old]
        .iter()
        .copied()
        .chain(unfinished)
        .map(|found| found.name.as_str())
        .collect();
    for name in &goes {
        place.remove(name)?;
    }
    if goes.is_empty() {
        return Ok(());
    }
    let mut named = BTreeSet::new();
    for found in whole.iter().filter(|found| !goes.contains(&*found.name)) {
        named.extend(Manifest::read(place, &found.name, root)?.exhibits);
    }
    forget_exhibits(place, &named)
}

fn forget_exhibits(place: &Place, named: &BTreeSet<Piece>) -> Result<()> {
    for piece in place.exhibits()?.keys() {
        if !named.contains(piece) {
            place.remove_exhibit(piece)?;
        }
    }
    Ok(())
}

impl std::fmt::Debug for Keeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let busy = matches!(
            self.busy.try_lock(),
            Err(std::sync::TryLockError::WouldBlock)
        );
        f.debug_struct("Keeper")
            .field("busy", &busy)
            .finish_non_exhaustive()
    }
}
