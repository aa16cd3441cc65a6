//! An exhibit on its way in: encrypted and hashed as it arrives, named only when it is whole and on disk.

use std::fmt;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use casefile::ExhibitHash;

use super::durable::{make_folder, sync_folder_of};
use super::exhibits::{CannotRead, Exhibits};
use super::journal_key::JournalKey;
use super::stream::Encoder;
use crate::ids::Ids;

/// Why an exhibit was not kept. Nothing of it is left on disk.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    /// Larger than an exhibit may be.
    #[error(
        "the file is larger than the {limit} bytes that an exhibit may have; keep it elsewhere and record a reference to it"
    )]
    TooLarge {
        /// The most bytes allowed.
        limit: u64,
    },
    /// The disk is full, or a quota is used up.
    #[error(
        "there is no room left on the disk, and nothing was kept; make room where exhibits are stored, then send it again"
    )]
    NoRoom,
    /// There is room, and it is kept for the journals.
    #[error(
        "the disk has so little room left that files from people who are not signed in are not kept; make room where \
         exhibits are stored"
    )]
    Reserved,
    /// An earlier error ended it.
    #[error("receiving this file was given up after an earlier error; send it again")]
    GivenUp,
    /// The same bytes were kept before, and what is on disk is damaged. It is not overwritten.
    #[error("this file was kept before, and {0}")]
    Before(#[from] CannotRead),
    /// The sender stopped, or its connection broke.
    #[error("the file did not arrive whole ({0}), and nothing was kept; send it again")]
    Source(io::Error),
    /// The file system said no.
    #[error(
        "the file could not be stored ({0}), and nothing was kept; see that the disk is sound, then send it again"
    )]
    Io(io::Error),
}

impl From<io::Error> for NotKept {
    fn from(cause: io::Error) -> Self {
        match cause.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::NoRoom,
            _ => Self::Io(cause),
        }
    }
}

/// An exhibit that is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// SHA-256 of its bytes: its name from now on.
    pub hash: ExhibitHash,
    /// How many bytes it has.
    pub size: u64,
    /// Whether the same bytes had been kept in this journal before.
    pub before: bool,
}

/// An exhibit that is arriving. Dropped before [`Incoming::finish`], nothing of it stays.
pub struct Incoming {
    exhibits: Exhibits,
    key: JournalKey,
    limit: u64,
    /// `None` after an error: half a file must never be taken for a whole one.
    encoder: Option<Encoder<File>>,
    aside: Aside,
    /// After so many bytes the disk is looked at again; never for those who may use all of it.
    look_at: Option<u64>,
}

/// The disk is looked at each so many bytes.
const LOOK_EVERY: u64 = 4 * 1024 * 1024;

impl Incoming {
    pub(super) fn leaving_reserve(mut self) -> Self {
        self.look_at = Some(LOOK_EVERY);
        self
    }

    pub(super) fn begin(
        exhibits: Exhibits,
        key: JournalKey,
        limit: u64,
        ids: &Ids,
    ) -> Result<Self, NotKept> {
        let aside = Aside(exhibits.incoming().join(ids.token()));
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&aside.0)?;
        let encoder = Some(Encoder::new(file, &key, ids.nonce())?);
        Ok(Self {
            exhibits,
            key,
            limit,
            encoder,
            aside,
            look_at: None,
        })
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`NotKept`]; from then on every call answers [`NotKept::GivenUp`].
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), NotKept> {
        let mut encoder = self.encoder.take().ok_or(NotKept::GivenUp)?;
        if bytes.len() as u64 > self.limit - encoder.size() {
            return Err(NotKept::TooLarge { limit: self.limit });
        }
        if self.look_at.is_some_and(|at| encoder.size() >= at) {
            self.exhibits.leaves_reserve()?;
            self.look_at = Some(encoder.size() + LOOK_EVERY);
        }
        encoder.write(bytes)?;
        self.encoder = Some(encoder);
        Ok(())
    }

    /// Ends the exhibit and gives it its name, once its bytes, and then its name, are on disk. What is kept is never
    /// overwritten: if the same bytes are there already they are read to the end, so that the answer is true.
    ///
    /// # Errors
    /// [`NotKept`].
    pub fn finish(mut self) -> Result<Kept, NotKept> {
        let encoder = self.encoder.take().ok_or(NotKept::GivenUp)?;
        let (file, hash, size) = encoder.finish()?;
        file.set_permissions(Permissions::from_mode(0o400))?;
        file.sync_all()?;
        let path = self.exhibits.path(self.key.journal(), &hash);
        let before = self.give_name(&path)?;
        if before {
            self.exhibits.verify(&self.key, &hash)?;
        }
        Ok(Kept { hash, size, before })
    }

    /// Links the file to its name, which unlike a rename never replaces one. Answers whether the name was taken.
    fn give_name(&self, path: &Path) -> io::Result<bool> {
        make_folder(&self.exhibits.shelves(self.key.journal()))?;
        if let Some(shelf) = path.parent() {
            make_folder(shelf)?;
        }
        let before = match fs::hard_link(&self.aside.0, path) {
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => true,
            linked => linked.map(|()| false)?,
        };
        // Also when the name was taken: another thread may have linked it a moment ago and not synced yet.
        sync_folder_of(path)?;
        Ok(before)
    }
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Incoming({:?}, ..)", self.key)
    }
}

/// The name under which a file arrives, removed when it is no longer needed.
struct Aside(PathBuf);

impl Drop for Aside {
    fn drop(&mut self) {
        // What cannot be removed now is removed at the next start.
        let _ = fs::remove_file(&self.0);
    }
}
