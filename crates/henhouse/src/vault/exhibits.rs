//! Exhibits on disk: each written once, named by the SHA-256 of its bytes, encrypted under its journal's key.
//!
//! `FOLDER/<journal>/<first two digits>/<64 digits>`, mode 0400. No name ever comes from a client. What arrives is
//! written to `FOLDER/incoming/` first and gets its name when it is whole and on disk (see [`Incoming`]); whatever a
//! crash left there is removed at the next start.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use casefile::ExhibitHash;
use uuid::Uuid;

use super::durable::{make_folder, sync_folder_of};
use super::incoming::{Incoming, NotKept};
use super::journal_key::JournalKey;
use super::stream::{self, Decoder};
use crate::ids::Ids;

/// The folder of all exhibits of an installation.
#[derive(Debug, Clone)]
pub struct Exhibits {
    folder: PathBuf,
    room: Room,
}

/// Says how many bytes the disk of a folder has, and how many of them are free.
type Room = fn(&Path) -> io::Result<(u64, u64)>;

/// What people unknown leave free at most.
const RESERVE_BYTES: u64 = 1 << 30;

fn room_of_the_disk(folder: &Path) -> io::Result<(u64, u64)> {
    let disk = rustix::fs::statvfs(folder)?;
    let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
    Ok((bytes(disk.f_blocks), bytes(disk.f_bavail)))
}

#[cfg(test)]
impl Exhibits {
    /// The same on a disk of which this is said.
    pub(crate) fn on_a_disk(mut self, room: Room) -> Self {
        self.room = room;
        self
    }
}

/// Why an exhibit cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CannotRead {
    /// It is not there.
    #[error(
        "exhibit {hash} of journal {journal} is not there: it was erased, or its file was removed; \
         if no entry says that it was erased, restore it from a backup"
    )]
    Missing {
        /// Whose exhibit.
        journal: Uuid,
        /// Which one.
        hash: ExhibitHash,
    },
    /// It is not what was kept.
    #[error("exhibit {hash} of journal {journal} is damaged: {what}; restore it from a backup")]
    Damaged {
        /// Whose exhibit.
        journal: Uuid,
        /// Which one.
        hash: ExhibitHash,
        /// What is wrong with it.
        what: String,
    },
    /// The file system said no.
    #[error("exhibit {hash} of journal {journal} cannot be read now: {cause}")]
    Io {
        /// Whose exhibit.
        journal: Uuid,
        /// Which one.
        hash: ExhibitHash,
        /// What the file system said.
        cause: io::Error,
    },
}

impl CannotRead {
    fn new(journal: Uuid, hash: ExhibitHash, cause: io::Error) -> Self {
        match cause.kind() {
            io::ErrorKind::NotFound => Self::Missing { journal, hash },
            io::ErrorKind::InvalidData => Self::Damaged {
                journal,
                hash,
                what: cause.to_string(),
            },
            _ => Self::Io {
                journal,
                hash,
                cause,
            },
        }
    }
}

impl Exhibits {
    /// Opens the folder, makes it if it is not there, and removes what was left half arrived. Only for the one server
    /// that holds the data directory: it would remove what another is just receiving.
    ///
    /// # Errors
    /// What the file system said.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let exhibits = Self {
            folder: folder.into(),
            room: room_of_the_disk,
        };
        make_folder(&exhibits.folder)?;
        make_folder(&exhibits.incoming())?;
        for left in fs::read_dir(exhibits.incoming())? {
            fs::remove_file(left?.path())?;
        }
        Ok(exhibits)
    }

    /// The exhibits that lie in a folder which nobody receives into, such as a backup's.
    #[must_use]
    pub fn lying_in(folder: &Path) -> Self {
        Self {
            folder: folder.into(),
            room: room_of_the_disk,
        }
    }

    /// The file that holds an exhibit, encrypted; it may not be there.
    #[must_use]
    pub fn file(&self, journal: Uuid, hash: &ExhibitHash) -> PathBuf {
        self.path(journal, hash)
    }

    /// Begins to receive an exhibit of the key's journal, of at most `limit` bytes. Blocking, like everything here:
    /// an async caller puts each call on a blocking thread.
    ///
    /// # Errors
    /// [`NotKept`].
    pub fn receive(&self, key: &JournalKey, limit: u64, ids: &Ids) -> Result<Incoming, NotKept> {
        Incoming::begin(self.clone(), key.clone(), limit, ids)
    }

    /// The same from somebody unknown, who must leave room on the disk for the journals to go on.
    ///
    /// # Errors
    /// [`NotKept`]; without the reserve [`NotKept::Reserved`].
    pub fn receive_from_anybody(
        &self,
        key: &JournalKey,
        limit: u64,
        ids: &Ids,
    ) -> Result<Incoming, NotKept> {
        self.leaves_reserve()?;
        Ok(self.receive(key, limit, ids)?.leaving_reserve())
    }

    /// Whether the disk has more room than what is kept for the journals: a twentieth of it, at most a gigabyte.
    pub(super) fn leaves_reserve(&self) -> Result<(), NotKept> {
        let (whole, free) = (self.room)(&self.folder)?;
        let reserve = (whole / 20).min(RESERVE_BYTES);
        (free > reserve).then_some(()).ok_or(NotKept::Reserved)
    }

    /// Keeps everything that `from` gives, at most `limit` bytes of it.
    ///
    /// # Errors
    /// [`NotKept`]; nothing was kept then.
    pub fn keep(
        &self,
        key: &JournalKey,
        mut from: impl Read,
        limit: u64,
        ids: &Ids,
    ) -> Result<super::Kept, NotKept> {
        let mut incoming = self.receive(key, limit, ids)?;
        let mut buffer = zeroize::Zeroizing::new(vec![0; stream::CHUNK_BYTES]);
        loop {
            match from.read(&mut buffer) {
                Ok(0) => return incoming.finish(),
                Ok(count) => incoming.write(&buffer[..count])?,
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                Err(cause) => return Err(NotKept::Source(cause)),
            }
        }
    }

    /// Opens an exhibit. Every byte is checked before it is answered; the end only comes if the whole is what was kept.
    ///
    /// # Errors
    /// [`CannotRead`] when it is not there or its beginning is damaged.
    pub fn read(&self, key: &JournalKey, hash: &ExhibitHash) -> Result<Reading, CannotRead> {
        self.reading(key, hash)
            .map_err(|cause| CannotRead::new(key.journal(), *hash, cause))
    }

    /// Reads an exhibit to its end and answers its size in bytes.
    ///
    /// # Errors
    /// [`CannotRead`] when any bit of it is not what was kept.
    pub fn verify(&self, key: &JournalKey, hash: &ExhibitHash) -> Result<u64, CannotRead> {
        self.reading(key, hash)
            .and_then(|mut reading| io::copy(&mut reading, &mut io::sink()))
            .map_err(|cause| CannotRead::new(key.journal(), *hash, cause))
    }

    /// Destroys an exhibit's bytes for good, name and all. False if they were not there.
    ///
    /// # Errors
    /// What the file system said.
    pub fn destroy(&self, journal: Uuid, hash: &ExhibitHash) -> io::Result<bool> {
        let path = self.path(journal, hash);
        match fs::remove_file(&path) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(false),
            removed => removed?,
        }
        sync_folder_of(&path)?;
        Ok(true)
    }

    /// Every exhibit of a journal that is on disk, sorted; for checking and for backups.
    ///
    /// # Errors
    /// What the file system said.
    pub fn list(&self, journal: Uuid) -> io::Result<Vec<ExhibitHash>> {
        let mut found = Vec::new();
        let shelves = match fs::read_dir(self.shelves(journal)) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(found),
            shelves => shelves?,
        };
        for shelf in shelves {
            for file in fs::read_dir(shelf?.path())? {
                let name = file?.file_name();
                found.extend(
                    name.to_str()
                        .and_then(|name| name.parse::<ExhibitHash>().ok()),
                );
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    fn reading(&self, key: &JournalKey, hash: &ExhibitHash) -> io::Result<Reading> {
        let file = File::open(self.path(key.journal(), hash))?;
        let length = file.metadata()?.len();
        let decoder = Decoder::new(file, key, *hash)?;
        let size = stream::plain_size(length)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "it was cut off"))?;
        Ok(Reading { decoder, size })
    }

    pub(super) fn incoming(&self) -> PathBuf {
        self.folder.join("incoming")
    }

    pub(super) fn shelves(&self, journal: Uuid) -> PathBuf {
        self.folder.join(journal.to_string())
    }

    pub(super) fn path(&self, journal: Uuid, hash: &ExhibitHash) -> PathBuf {
        let name = hash.to_string();
        self.shelves(journal).join(&name[..2]).join(name)
    }
}

/// Reads an exhibit that lies elsewhere to its end and answers its size in bytes.
///
/// # Errors
/// [`CannotRead`] when any bit of it is not what was kept, or it could not be opened.
pub fn verify(
    opened: io::Result<impl Read>,
    key: &JournalKey,
    hash: &ExhibitHash,
) -> Result<u64, CannotRead> {
    opened
        .and_then(|file| Decoder::new(file, key, *hash))
        .and_then(|mut reading| io::copy(&mut reading, &mut io::sink()))
        .map_err(|cause| CannotRead::new(key.journal(), *hash, cause))
}

/// An exhibit while it is read. An error means that what was read so far is not the exhibit: throw it away.
pub struct Reading {
    decoder: Decoder<File>,
    size: u64,
}

impl Reading {
    /// How many bytes will be read, if it is whole.
    pub fn size(&self) -> u64 {
        self.size
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reading({} bytes)", self.size)
    }
}

impl Read for Reading {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.decoder.read(into)
    }
}

#[cfg(test)]
mod tests;
