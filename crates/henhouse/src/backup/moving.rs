//! Moving an installation from one store to the other. The old one stays as it was, marked as left, so
//! that nobody serves both.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::error::{BackupError, Result};
use super::fill::{UNPROVEN, fill, is_empty, release};
use super::gather::gather;
use super::tally::Sum;
use crate::store::{JournalId, Store, View};
use crate::vault::{JournalKey, RootKey};

/// Marks a store whose installation lives elsewhere now; it says where.
pub const MOVED: &str = "copy.moved";

/// What was moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// What both stores hold.
    pub sum: Sum,
}

/// Why a store must not be served, in a sentence; nothing if it may be.
///
/// # Errors
/// The store's.
pub fn not_to_be_served(view: &dyn View) -> Result<Option<String>> {
    if let Some(place) = view.setting(MOVED)? {
        let place = String::from_utf8_lossy(&place).into_owned();
        return Ok(Some(format!(
            "this installation was moved to {place}: serve it from there (`database` in the settings, \
             --database); what is here is the copy that was left"
        )));
    }
    let unproven = view.setting(UNPROVEN)?;
    Ok(unproven.map(|_| {
        "a move or a restore into this store did not come to its end; begin it again".to_owned()
    }))
}

/// Makes sure that no node serves a store, as far as the store knows of them.
///
/// # Errors
/// Somebody does, or the store cannot be read.
fn at_rest(store: &Store) -> Result<()> {
    match store.serving()? {
        0 => Ok(()),
        nodes => Err(BackupError::Refused(format!(
            "{} is being served (nodes: {nodes}); stop every one of them first",
            store.shared().unwrap_or_else(|| "the store".to_owned())
        ))),
    }
}

/// Makes sure that a store holds an installation at rest, and that this is its root key: without it nothing
/// that is moved could be read.
///
/// # Errors
/// It holds none, is being served, or has another root key.
pub fn may_leave(source: &Store, root: &RootKey) -> Result<()> {
    at_rest(source)?;
    let refused = |what: &str| Err(BackupError::Refused(what.to_owned()));
    let (empty, keys) =
        source.read_inline(|view| Ok::<_, BackupError>((is_empty(view)?, view.journal_keys()?)))?;
    if empty || keys.is_empty() {
        return refused("there is no installation to move: is this the right place?");
    }
    let opens = |(journal, wrapped): &(JournalId, Vec<u8>)| {
        JournalKey::unwrap(root, journal.0, wrapped).is_ok()
    };
    match keys.iter().any(opens) {
        true => Ok(()),
        false => refused(
            "the root key in the data directory is another installation's: put the right one there first",
        ),
    }
}

/// Moves everything from one store to another, empty one. `place` says to people where the new one is.
///
/// # Errors
/// Somebody serves either, the target is not empty, a chain does not hold, or either store failed. The
/// source is as it was then.
pub fn transfer(source: &Store, target: &Store, root: &RootKey, place: &str) -> Result<Moved> {
    may_leave(source, root)?;
    at_rest(target)?;
    let unproven = target.read_inline(|view| view.setting(UNPROVEN))?.is_some();
    let left = source.read_inline(|view| view.setting(MOVED))?;
    // A move that died between its last two steps is brought to its end.
    let comes_to_its_end = unproven && left.as_deref() == Some(place.as_bytes());
    if let Some(why) = source.read_inline(not_to_be_served)?
        && !comes_to_its_end
    {
        return Err(BackupError::Refused(why));
    }
    if target.read_inline(|view| view.setting(MOVED))?.is_some() {
        return Err(BackupError::Refused(
            "the target holds an installation that was moved away from it: give it an empty database"
                .to_owned(),
        ));
    }
    let (sum, findings) = fill(target, |hand_over| {
        let mut tally = super::tally::Tally::default();
        source.read_inline(|view| {
            gather(view, &mut |row| {
                tally.take(&row)?;
                hand_over(row)
            })
        })?;
        sound(&tally.finish().1)
    })?;
    sound(&findings)?;
    if source.serving()? > 0 {
        return Err(BackupError::Refused(
            "the source was served meanwhile: stop every node, empty the target and begin again"
                .to_owned(),
        ));
    }
    let place = place.as_bytes().to_vec();
    // The old one first: at no moment can both be served.
    source.write_inline(move |tx| Ok::<_, BackupError>(tx.put_setting(MOVED, &place)?))?;
    release(target)?;
    Ok(Moved { sum })
}

/// A chain that does not hold is not carried further.
fn sound(findings: &[String]) -> Result<()> {
    match findings.first() {
        None => Ok(()),
        Some(finding) => Err(BackupError::Damaged(format!(
            "{finding}. Nothing was moved: look at it with `henhouse verify`, or restore a backup"
        ))),
    }
}

/// Renames the database file of a data directory whose installation lives elsewhere, so that it can come
/// back into this directory; answers the new name. The directory must not be in use.
///
/// # Errors
/// What the file system said.
pub fn set_aside(data: &Path, file: &str, now: Timestamp) -> Result<PathBuf> {
    let stamp = now.strftime("%Y%m%dT%H%M%SZ");
    let aside = data.join(format!("{file}.left-{stamp}"));
    for end in ["", "-wal", "-shm"] {
        let from = data.join(format!("{file}{end}"));
        if !from.exists() {
            continue;
        }
        let mut to = aside.clone().into_os_string();
        to.push(end);
        std::fs::rename(&from, PathBuf::from(to))
            .map_err(|cause| BackupError::file(&from, "renamed", cause))?;
    }
    Ok(aside)
}
