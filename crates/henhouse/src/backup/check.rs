//! Reading a backup whole: whether it is what was written, how old it is, and what is in it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};

use jiff::Timestamp;

use super::error::{BackupError, Result};
use super::manifest::{Manifest, Piece};
use super::place::{Found, Place, ROWS};
use super::row::{Row, Take};
use super::tally::Tally;
use crate::store::JournalId;
use crate::vault::{self, BackupPart, CannotRead, JournalKey, RootKey, open_backup};

/// How far a check goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Manifest and rows.
    Rows,
    /// Every byte of every exhibit too.
    Everything,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// Exhibits that were read to their end.
    pub exhibits: u64,
    /// One sentence for everything that is not as it was written; empty if it can be restored.
    pub problems: Vec<String>,
}

impl Checked {
    /// How old it is, in whole seconds.
    #[must_use]
    pub fn age_seconds(&self, now: Timestamp) -> i64 {
        now.duration_since(self.manifest.made_at).as_secs().max(0)
    }
}

/// The backup of that name, or the newest one that is whole.
///
/// # Errors
/// There is none.
pub fn choose(place: &Place, name: Option<&str>) -> Result<String> {
    let all = place.backups()?;
    let missing = |what: &str| {
        let shown = place.shown();
        BackupError::Refused(format!("{shown} holds {what}"))
    };
    match name {
        Some(name) => match all.iter().find(|found| found.name == name) {
            Some(Found { whole: true, .. }) => Ok(name.to_owned()),
            Some(_) => Err(missing("this backup, but it did not come to its end")),
            None => Err(missing("no backup of this name")),
        },
        None => {
            let newest = all.iter().rev().find(|found| found.whole);
            let newest = newest.map(|found| found.name.clone());
            newest.ok_or_else(|| {
                missing(match all.is_empty() {
                    true => "no backup",
                    false => "no backup that came to its end",
                })
            })
        }
    }
}

/// Reads a backup.
///
/// # Errors
/// Its manifest cannot be read: it did not come to its end, was changed, or belongs to another root key.
/// Everything else that is wrong stands in the answer.
pub fn check(place: &Place, name: &str, root: &RootKey, depth: Depth) -> Result<Checked> {
    let manifest = Manifest::read(place, name, root)?;
    let mut problems = Vec::new();
    let mut keys = BTreeMap::new();
    let mut tally = Tally::default();
    let read = rows(place, name, &manifest, root, &mut |row| {
        tally.take(&row)?;
        if let Row::Key { journal, wrapped } = row {
            keys.insert(journal, wrapped);
        }
        Ok(())
    });
    problems.extend(read.err().map(|error| error.to_string()));
    if problems.is_empty() && tally.finish().0 != manifest.rows {
        problems.push("its rows are not the ones that were written".to_owned());
    }
    let mut exhibits = 0;
    let lying = place.exhibits()?;
    for piece in &manifest.exhibits {
        let hash = piece.hash();
        if depth == Depth::Rows {
            if !lying.contains_key(piece) {
                problems.push(format!("exhibit {hash} is not there"));
            }
            continue;
        }
        let wrapped = keys.get(&JournalId(piece.journal));
        let key = wrapped.and_then(|key| JournalKey::unwrap(root, piece.journal, key).ok());
        match key.map(|key| verify(place, piece, &key)) {
            Some(Ok(_)) => exhibits += 1,
            Some(Err(error)) => problems.push(error.to_string()),
            None => problems.push(format!("exhibit {hash}: there is no key for it")),
        }
    }
    Ok(Checked {
        manifest,
        exhibits,
        problems,
    })
}

/// Reads an exhibit of a place to its end.
///
/// # Errors
/// Any bit of it is not what was kept, or it is not there.
pub(super) fn verify(place: &Place, piece: &Piece, key: &JournalKey) -> Result<u64, CannotRead> {
    let opened = place.open_exhibit(piece);
    vault::verify(opened, key, &piece.hash())
}

/// Hands over the rows of a backup. The last one has come only if this ends without an error.
///
/// # Errors
/// They were changed or cut off, or what `take` answers.
pub(super) fn rows(
    place: &Place,
    name: &str,
    manifest: &Manifest,
    root: &RootKey,
    take: &mut Take<'_>,
) -> Result<()> {
    let path = place.path(&format!("{name}/{ROWS}"));
    let damaged = |what: String| BackupError::Damaged(format!("{}: {what}", path.display()));
    let file = place.open(name, ROWS)?;
    let (id, opened) =
        open_backup(file, BackupPart::Rows, root).map_err(|cause| damaged(cause.to_string()))?;
    if id != manifest.id {
        return Err(damaged("it belongs to another backup".to_owned()));
    }
    let mut lines = BufReader::with_capacity(1 << 16, opened);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = lines.read_until(b'\n', &mut line);
        if read.map_err(|cause| damaged(cause.to_string()))? == 0 {
            return Ok(());
        }
        let row = serde_json::from_slice(&line)
            .map_err(|error| damaged(format!("a row cannot be understood: {error}")))?;
        take(row)?;
    }
}
