//! Backups in a folder: one folder for each backup, and one for all exhibits. A file gets its name only when it is on
//! disk.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::error::{BackupError, Result};
use super::manifest::Piece;
use super::place::{EXHIBITS, Found, MANIFEST, is_a_backup};
use crate::vault::Exhibits;
use crate::vault::durable::{make_folder, sync_folder_of};

/// What is being written.
const PART: &str = "part";

/// A folder of backups.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    folder: PathBuf,
}

impl Folder {
    pub(super) fn at(folder: &Path) -> Self {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        Self { folder }
    }

    pub(super) fn shown(&self) -> String {
        self.folder.display().to_string()
    }

    pub(super) fn backups(&self) -> io::Result<Vec<Found>> {
        let mut found = Vec::new();
        for name in names(&self.folder)? {
            if is_a_backup(&name) {
                let whole = self.folder.join(&name).join(MANIFEST).exists();
                found.push(Found { name, whole });
            }
        }
        Ok(found)
    }

    pub(super) fn put(
        &self,
        name: &str,
        file: &str,
        write: impl FnOnce(&mut (dyn Write + Send)) -> Result<()>,
        failed: impl Fn(io::Error) -> BackupError,
    ) -> Result<u64> {
        let folder = self.folder.join(name);
        let path = folder.join(file);
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(&folder).map_err(&failed)?;
        let part = path.with_extension(PART);
        write_whole(&part, write, &failed)?;
        let named = || {
            fs::rename(&part, &path)?;
            sync_folder_of(&path)?;
            sync_folder_of(&folder)?;
            Ok(fs::metadata(&path)?.len())
        };
        named().map_err(failed)
    }

    pub(super) fn open(&self, inside: &str) -> io::Result<File> {
        File::open(self.folder.join(inside))
    }

    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        let folder = self.folder.join(name);
        let manifest = folder.join(MANIFEST);
        match fs::remove_file(&manifest) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cause),
            _ => sync_folder_of(&manifest).and_then(|()| fs::remove_dir_all(&folder)),
        }
    }

    pub(super) fn exhibits(&self) -> io::Result<BTreeMap<Piece, u64>> {
        let (lying, mut all) = (self.lying(), BTreeMap::new());
        for name in names(&self.folder.join(EXHIBITS))? {
            let Ok(journal) = name.parse() else {
                continue;
            };
            for hash in lying.list(journal)? {
                let sha256 = *hash.as_bytes();
                let length = fs::metadata(lying.file(journal, &hash))?.len();
                all.insert(Piece { journal, sha256 }, length);
            }
        }
        Ok(all)
    }

    /// Where an exhibit's file lies.
    pub(super) fn exhibit(&self, piece: &Piece) -> PathBuf {
        self.lying().file(piece.journal, &piece.hash())
    }

    pub(super) fn remove_exhibit(&self, piece: &Piece) -> io::Result<()> {
        let gone = self.lying().destroy(piece.journal, &piece.hash());
        gone.map(drop)
    }

    fn lying(&self) -> Exhibits {
        Exhibits::lying_in(&self.folder.join(EXHIBITS))
    }
}

/// Keeps an exhibit's file, in a folder of backups or in an installation; it has its name when it is on disk.
///
/// # Errors
/// What the source or the file system says.
pub(super) fn keep(source: &mut dyn Read, to: &Path) -> io::Result<()> {
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
    io::copy(source, &mut target)?;
    target.sync_all()?;
    fs::rename(&part, to)?;
    sync_folder_of(to)
}

/// What lies in a folder; nothing if it is not there.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let all = match fs::read_dir(folder) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        all => all?,
    };
    let mut names = Vec::new();
    for one in all {
        names.extend(one?.file_name().into_string());
    }
    Ok(names)
}

fn write_whole(
    part: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<()>,
    failed: impl Fn(io::Error) -> BackupError,
) -> Result<()> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(part)
        .map_err(&failed)?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    write(&mut out)?;
    out.flush().map_err(&failed)?;
    let file = out
        .into_inner()
        .map_err(|error| failed(error.into_error()))?;
    file.sync_all().map_err(failed)
}
