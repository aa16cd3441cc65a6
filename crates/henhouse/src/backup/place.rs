//! Where backups lie: a folder, or a bucket of a store that speaks S3. Either way each backup has a name of its own,
//! and all of them share their exhibits.
//!
//! `NAME/rows`, then the exhibits that are not there yet, then `NAME/manifest`: what has no manifest is not
//! whole. Exhibits never change, so all backups share them.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::bucket::{Bucket, S3Settings};
use super::error::{BackupError, Result};
use super::folder::Folder;
use super::manifest::Piece;

/// The rows of a backup.
pub(super) const ROWS: &str = "rows";
/// What it says of itself.
pub(super) const MANIFEST: &str = "manifest";
/// Where the exhibits of all backups lie.
pub(super) const EXHIBITS: &str = "exhibits";

/// A place with backups.
#[derive(Debug, Clone)]
pub struct Place(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Folder(Folder),
    Bucket(Bucket),
}

/// A backup that lies there, by its name, which begins with its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The name.
    pub name: String,
    /// Whether it came to its end.
    pub whole: bool,
}

impl Place {
    /// The place that is meant by a folder's path, or by `s3://bucket/prefix` and the settings that belong to it.
    /// Nobody is asked yet. Blocking, and not to be called where blocking is not allowed.
    ///
    /// # Errors
    /// The bucket's address, keys or certificates cannot be used.
    pub fn of(to: &str, settings: &S3Settings) -> Result<Self> {
        Ok(Self(match to.strip_prefix("s3://") {
            Some(rest) => Kind::Bucket(Bucket::new(rest, settings)?),
            None => Kind::Folder(Folder::at(Path::new(to))),
        }))
    }

    /// The place in this folder, which need not be there.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self(Kind::Folder(Folder::at(folder)))
    }

    /// As people know it.
    #[must_use]
    pub fn shown(&self) -> String {
        match &self.0 {
            Kind::Folder(folder) => folder.shown(),
            Kind::Bucket(bucket) => bucket.shown(),
        }
    }

    /// Every backup, oldest first.
    ///
    /// # Errors
    /// The place cannot be read.
    pub fn backups(&self) -> Result<Vec<Found>> {
        let found = match &self.0 {
            Kind::Folder(folder) => folder.backups(),
            Kind::Bucket(bucket) => bucket.backups(),
        };
        let mut found = found.map_err(|cause| self.failed("", "read", cause))?;
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    /// Writes a file of a backup; it has its name when this returns, and lasts. Answers its length in bytes.
    ///
    /// # Errors
    /// What `write` or the place says; nothing has the name then.
    pub(super) fn put(
        &self,
        name: &str,
        file: &str,
        write: impl FnOnce(&mut (dyn Write + Send)) -> Result<()>,
    ) -> Result<u64> {
        let failed = |cause| self.failed(&format!("{name}/{file}"), "written", cause);
        match &self.0 {
            Kind::Folder(folder) => folder.put(name, file, write, failed),
            Kind::Bucket(bucket) => bucket.put(&format!("{name}/{file}"), write, failed),
        }
    }

    /// Opens a file of a backup.
    ///
    /// # Errors
    /// It is not there, or cannot be read.
    pub(super) fn open(&self, name: &str, file: &str) -> Result<Box<dyn Read>> {
        let inside = format!("{name}/{file}");
        self.read(&inside)
            .map_err(|cause| self.failed(&inside, "read", cause))
    }

    /// Removes a backup, its manifest first.
    ///
    /// # Errors
    /// What the place says.
    pub(super) fn remove(&self, name: &str) -> Result<()> {
        let gone = match &self.0 {
            Kind::Folder(folder) => folder.remove(name),
            Kind::Bucket(bucket) => [MANIFEST, ROWS]
                .iter()
                .try_for_each(|file| bucket.remove(&format!("{name}/{file}"))),
        };
        gone.map_err(|cause| self.failed(name, "removed", cause))
    }

    /// Every exhibit that lies there, and how long its file is.
    ///
    /// # Errors
    /// The place cannot be read.
    pub(super) fn exhibits(&self) -> Result<BTreeMap<Piece, u64>> {
        let all = match &self.0 {
            Kind::Folder(folder) => folder.exhibits(),
            Kind::Bucket(bucket) => bucket.exhibits(),
        };
        all.map_err(|cause| self.failed(EXHIBITS, "read", cause))
    }

    /// Copies an exhibit's file as it lies. What lay there under its name is replaced.
    ///
    /// # Errors
    /// What the source says (`NotFound` if it is not there) or the place.
    pub(super) fn put_exhibit(&self, piece: &Piece, from: &Path) -> io::Result<()> {
        let mut source = std::fs::File::open(from)?;
        match &self.0 {
            Kind::Folder(folder) => super::folder::keep(&mut source, &folder.exhibit(piece)),
            Kind::Bucket(bucket) => bucket.put_exhibit(&exhibit(piece), &mut source),
        }
    }

    /// Opens an exhibit's file.
    ///
    /// # Errors
    /// What the place says; `NotFound` if it is not there.
    pub(super) fn open_exhibit(&self, piece: &Piece) -> io::Result<Box<dyn Read>> {
        self.read(&exhibit(piece))
    }

    /// Removes an exhibit's file.
    ///
    /// # Errors
    /// What the place says.
    pub(super) fn remove_exhibit(&self, piece: &Piece) -> Result<()> {
        let inside = exhibit(piece);
        let gone = match &self.0 {
            Kind::Folder(folder) => folder.remove_exhibit(piece),
            Kind::Bucket(bucket) => bucket.remove(&inside),
        };
        gone.map_err(|cause| self.failed(&inside, "removed", cause))
    }

    /// What is told of something that lies in here.
    pub(super) fn path(&self, inside: &str) -> PathBuf {
        match inside {
            "" => PathBuf::from(self.shown()),
            _ => PathBuf::from(format!("{}/{inside}", self.shown())),
        }
    }

    /// What the place said about something in it.
    pub(super) fn failed(&self, inside: &str, act: &'static str, cause: io::Error) -> BackupError {
        BackupError::file(&self.path(inside), act, cause)
    }

    fn read(&self, inside: &str) -> io::Result<Box<dyn Read>> {
        Ok(match &self.0 {
            Kind::Folder(folder) => Box::new(folder.open(inside)?),
            Kind::Bucket(bucket) => Box::new(bucket.open(inside)?),
        })
    }
}

/// Where an exhibit's file lies in a place.
pub(super) fn exhibit(piece: &Piece) -> String {
    let hash = piece.hash().to_string();
    format!("{EXHIBITS}/{}/{}/{hash}", piece.journal, &hash[..2])
}

/// Names look like `20261122T091500123Z-3f9c21ab`.
pub(super) fn is_a_backup(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.len() == 28 && bytes[8] == b'T' && bytes[18] == b'Z' && bytes[19] == b'-'
}
