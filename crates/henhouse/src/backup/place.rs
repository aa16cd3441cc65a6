//! Where backups lie: a folder with one folder for each backup, and one for all exhibits.
//!
//! `NAME/rows`, then the exhibits that are not there yet, then `NAME/manifest`: what has no manifest is not
//! whole. A file gets its name only when it is on disk. Exhibits never change, so all backups share them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::error::{BackupError, Result};
use crate::vault::Exhibits;
use crate::vault::durable::{make_folder, sync_folder_of};

/// The rows of a backup.
pub(super) const ROWS: &str = "rows";
/// What it says of itself.
pub(super) const MANIFEST: &str = "manifest";
/// The folder of all exhibits.
const EXHIBITS: &str = "exhibits";
/// What is being written.
const PART: &str = "part";

/// A folder of backups.
#[derive(Debug, Clone)]
pub struct Place {
    folder: PathBuf,
}

/// A backup that lies there, by its folder's name, which begins with its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The name.
    pub name: String,
    /// Whether it came to its end.
    pub whole: bool,
}

impl Place {
    /// The place in this folder, which need not be there.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        Self { folder }
    }

    /// As people know it.
    #[must_use]
    pub fn shown(&self) -> String {
        self.folder.display().to_string()
    }

    /// The exhibits of all backups.
    #[must_use]
    pub fn exhibits(&self) -> Exhibits {
        Exhibits::lying_in(&self.folder.join(EXHIBITS))
    }

    /// Every backup, oldest first.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn backups(&self) -> Result<Vec<Found>> {
        let failed = |cause| BackupError::file(&self.folder, "read", cause);
        let mut found = Vec::new();
        let all = match fs::read_dir(&self.folder) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(found),
            all => all.map_err(failed)?,
        };
        for one in all {
            let name = one.map_err(failed)?.file_name();
            let Some(name) = name.to_str().filter(|name| is_a_backup(name)) else {
                continue;
            };
            found.push(Found {
                name: name.to_owned(),
                whole: self.path(name, MANIFEST).exists(),
            });
        }
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    /// Writes a file of a backup; it has its name when this returns, and lasts.
    ///
    /// # Errors
    /// What `write` or the file system says; nothing has the name then.
    pub(super) fn put(
        &self,
        name: &str,
        file: &str,
        write: impl FnOnce(&mut BufWriter<File>) -> Result<()>,
    ) -> Result<u64> {
        let path = self.path(name, file);
        let failed = |cause| BackupError::file(&path, "written", cause);
        let folder = self.folder.join(name);
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(&folder).map_err(failed)?;
        let part = path.with_extension(PART);
        write_whole(&part, write)?;
        fs::rename(&part, &path).map_err(failed)?;
        sync_folder_of(&path).map_err(failed)?;
        sync_folder_of(&folder).map_err(failed)?;
        Ok(fs::metadata(&path).map_err(failed)?.len())
    }

    /// Copies an exhibit's file as it lies, into the exhibits of a place or of an installation.
    ///
    /// # Errors
    /// What the file system says, a missing source included.
    pub(super) fn copy(from: &Path, to: &Path) -> io::Result<()> {
        let source = File::open(from)?;
        let mut above: Vec<&Path> = to.ancestors().skip(1).take_while(|f| !f.exists()).collect();
        while let Some(folder) = above.pop() {
            make_folder(folder)?;
        }
        let part = to.with_extension(PART);
        let _ = fs::remove_file(&part);
        let mut target = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o400)
            .open(&part)?;
        io::copy(&mut &source, &mut target)?;
        target.sync_all()?;
        fs::rename(&part, to)?;
        sync_folder_of(to)
    }

    /// Opens a file of a backup.
    ///
    /// # Errors
    /// It is not there, or cannot be read.
    pub(super) fn open(&self, name: &str, file: &str) -> Result<File> {
        let path = self.path(name, file);
        File::open(&path).map_err(|cause| BackupError::file(&path, "read", cause))
    }

    /// Removes a backup, its manifest first.
    ///
    /// # Errors
    /// What the file system says.
    pub(super) fn remove(&self, name: &str) -> Result<()> {
        let manifest = self.path(name, MANIFEST);
        let folder = self.folder.join(name);
        let gone = match fs::remove_file(&manifest) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cause),
            _ => sync_folder_of(&manifest).and_then(|()| fs::remove_dir_all(&folder)),
        };
        gone.map_err(|cause| BackupError::file(&folder, "removed", cause))
    }

    /// Where a file of a backup lies.
    pub(super) fn path(&self, name: &str, file: &str) -> PathBuf {
        self.folder.join(name).join(file)
    }

    /// The folder of all exhibits.
    pub(super) fn exhibits_folder(&self) -> PathBuf {
        self.folder.join(EXHIBITS)
    }
}

fn write_whole(part: &Path, write: impl FnOnce(&mut BufWriter<File>) -> Result<()>) -> Result<()> {
    let failed = |cause| BackupError::file(part, "written", cause);
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(part)
        .map_err(failed)?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    write(&mut out)?;
    out.flush().map_err(failed)?;
    let file = out
        .into_inner()
        .map_err(|error| failed(error.into_error()))?;
    file.sync_all().map_err(failed)
}

/// Names look like `20261122T091500123Z-3f9c21ab`.
fn is_a_backup(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.len() == 28 && bytes[8] == b'T' && bytes[18] == b'Z' && bytes[19] == b'-'
}
