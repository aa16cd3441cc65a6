//! Putting a backup back, into an empty data directory and an empty store.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::check;
use super::error::{BackupError, Result};
use super::fill::{fill, release, reserve};
use super::folder;
use super::manifest::Manifest;
use super::place::{Place, exhibit};
use super::tally::Tally;
use crate::store::Store;
use crate::vault::{Exhibits, JournalKey, RootKey};

/// The settings that came with a backup, beside the data: they are not used until somebody has looked.
const SETTINGS: &str = "henhouse.toml.from-backup";

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What the backup said of itself; the store holds the same rows, by their hash.
    pub manifest: Manifest,
    /// Exhibits that were copied and read to their end.
    pub exhibits: u64,
    /// Where the settings lie, if there were any.
    pub settings: Option<PathBuf>,
}

/// Restores the exhibits, then the rows, all of them or none. What broke off can be begun again.
///
/// # Errors
/// The store is not empty, the backup is not what was written, or a place cannot be written.
pub fn restore(
    (place, name): (&Place, &str),
    root: &RootKey,
    data: &Path,
    target: &Store,
) -> Result<Restored> {
    reserve(target)?;
    let manifest = Manifest::read(place, name, root)?;
    let mut keys = std::collections::BTreeMap::new();
    check::rows(place, name, &manifest, root, &mut |row| {
        if let super::Row::Key { journal, wrapped } = row {
            keys.insert(journal.0, wrapped);
        }
        Ok(())
    })?;
    let to = Exhibits::lying_in(&data.join("exhibits"));
    for piece in &manifest.exhibits {
        let hash = piece.hash();
        let wrapped = keys.get(&piece.journal);
        let key = wrapped.and_then(|key| JournalKey::unwrap(root, piece.journal, key).ok());
        let key = key.ok_or_else(|| {
            BackupError::Damaged(format!("exhibit {hash}: the backup has no key for it"))
        })?;
        if to.verify(&key, &hash).is_err() {
            let copied = place
                .open_exhibit(piece)
                .and_then(|mut lies| folder::keep(&mut lies, &to.file(piece.journal, &hash)));
            copied.map_err(|cause| place.failed(&exhibit(piece), "copied", cause))?;
            to.verify(&key, &hash)
                .map_err(|error| BackupError::Damaged(error.to_string()))?;
        }
    }
    let settings = keep_settings(data, manifest.settings.as_deref())?;
    fill(target, |take| {
        let mut tally = Tally::default();
        check::rows(place, name, &manifest, root, &mut |row| {
            tally.take(&row)?;
            take(row)
        })?;
        if tally.finish().0 == manifest.rows {
            return Ok(());
        }
        let what = "the rows of the backup are not the ones that its manifest names";
        Err(BackupError::Damaged(what.to_owned()))
    })?;
    release(target)?;
    Ok(Restored {
        exhibits: manifest.exhibits.len() as u64,
        settings,
        manifest,
    })
}

fn keep_settings(data: &Path, text: Option<&str>) -> Result<Option<PathBuf>> {
    let Some(text) = text else {
        return Ok(None);
    };
    let path = data.join(SETTINGS);
    let _ = fs::remove_file(&path);
    let write = || {
        let mut options = OpenOptions::new();
        let mut file = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(|cause| BackupError::file(&path, "written", cause))?;
    Ok(Some(path))
}
