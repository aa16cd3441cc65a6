//! The root key: 32 bytes in a file that only the service may read, never in the database or the environment.
//!
//! A database or a backup of it is unreadable without this file. So is everything when the file is lost: whoever runs an
//! installation keeps a copy of it somewhere else.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::ids::Ids;

const KEY_BYTES: usize = 32;

/// The key that wraps every journal's key. Wiped from memory when dropped, never printed.
#[derive(Clone)]
pub struct RootKey(Zeroizing<[u8; KEY_BYTES]>);

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootKey(..)")
    }
}

/// Why there is no root key. Each sentence says what to do.
#[derive(Debug, thiserror::Error)]
pub enum NoRootKey {
    /// The installation has data, and the file is gone.
    #[error(
        "the root key {path} is missing, and without it nothing of this installation can be read; \
         put the copy of it back, readable by the service alone (chmod 600)"
    )]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A file is there already, so that none is made.
    #[error(
        "the root key {path} exists already and is never replaced; start without making a new one"
    )]
    Exists {
        /// Where it is.
        path: PathBuf,
    },
    /// Others may read or write it.
    #[error(
        "the root key {path} can be used by others than its owner (mode {mode:04o}); run: chmod 600 {path}"
    )]
    Mode {
        /// Where it is.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It is no key.
    #[error(
        "the root key {path} has {length} bytes where a key has {KEY_BYTES}; it was damaged or is another file: \
         put the copy of it back"
    )]
    Length {
        /// Where it is.
        path: PathBuf,
        /// How many bytes it has; for a file that is far too long, at least so many.
        length: usize,
    },
    /// The file system said no.
    #[error("the root key {path} cannot be {act}: {cause}; check that the service owns its folder")]
    Io {
        /// Where it is.
        path: PathBuf,
        /// What was attempted: "read" or "written".
        act: &'static str,
        /// What the file system said.
        cause: io::Error,
    },
}

impl RootKey {
    /// Reads the key at `path`. On the first start of an installation, and only then, a new one is made if there is
    /// none: made later it would open nothing of what is there.
    ///
    /// # Errors
    /// [`NoRootKey`], whose sentence says what to do.
    pub fn open(path: &Path, first_start: bool, ids: &Ids) -> Result<Self, NoRootKey> {
        match Self::read(path) {
            Err(NoRootKey::Missing { .. }) if first_start => Self::create(path, ids),
            read => read,
        }
    }

    /// Reads the key at `path`.
    ///
    /// # Errors
    /// [`NoRootKey`] when it is missing, usable by others, not 32 bytes long, or not readable.
    pub fn read(path: &Path) -> Result<Self, NoRootKey> {
        let failed = |cause| failed(path, "read", cause);
        let mut file = match File::open(path) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                return Err(NoRootKey::Missing { path: path.into() });
            }
            opened => opened.map_err(failed)?,
        };
        let mode = file.metadata().map_err(failed)?.mode() & 0o7777;
        if mode & 0o077 != 0 {
            let path = path.into();
            return Err(NoRootKey::Mode { path, mode });
        }
        // One byte more than a key, so that a file that is too long shows.
        let mut bytes = Zeroizing::new([0; KEY_BYTES + 1]);
        let length = fill(&mut file, bytes.as_mut_slice()).map_err(failed)?;
        if length != KEY_BYTES {
            let path = path.into();
            return Err(NoRootKey::Length { path, length });
        }
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        key.copy_from_slice(&bytes[..KEY_BYTES]);
        Ok(Self(key))
    }

    /// Makes a new key at `path`, with mode 0600, on disk before this returns; never replaces one.
    ///
    /// # Errors
    /// [`NoRootKey::Exists`], or [`NoRootKey::Io`].
    pub fn create(path: &Path, ids: &Ids) -> Result<Self, NoRootKey> {
        let key = Self(ids.key());
        key.keep_at(path, ids)?;
        Ok(key)
    }

    /// Writes this key to `path`, with mode 0600, on disk before this returns; never replaces one.
    ///
    /// # Errors
    /// [`NoRootKey::Exists`], or [`NoRootKey::Io`].
    pub fn keep_at(&self, path: &Path, ids: &Ids) -> Result<(), NoRootKey> {
        // Written aside and then linked, so that a crash leaves no half key and no race replaces a whole one.
        let aside = path.with_extension(format!("new-{}", ids.human_code()));
        let written =
            write_aside(&aside, self.0.as_slice()).and_then(|()| fs::hard_link(&aside, path));
        let removed = fs::remove_file(&aside);
        match written {
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {
                return Err(NoRootKey::Exists { path: path.into() });
            }
            written => written
                .and(removed)
                .and_then(|()| super::durable::sync_folder_of(path))
                .map_err(|cause| failed(path, "written", cause))?,
        }
        Ok(())
    }

    /// Whether two are the same key.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        subtle::ConstantTimeEq::ct_eq(self.0.as_slice(), other.0.as_slice()).into()
    }

    /// A key for one purpose outside the vault: HMAC-SHA-256 of `label` under the root key, so that whoever learns it
    /// learns nothing of the root key or of another purpose's. A label is never used for a second purpose.
    pub fn derived(&self, label: &'static str) -> Zeroizing<[u8; KEY_BYTES]> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(self.bytes()).expect("HMAC takes a key of any length");
        mac.update(label.as_bytes());
        Zeroizing::new(mac.finalize().into_bytes().into())
    }

    pub(super) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

fn failed(path: &Path, act: &'static str, cause: io::Error) -> NoRootKey {
    let path = path.into();
    NoRootKey::Io { path, act, cause }
}

fn write_aside(aside: &Path, key: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(aside)?;
    file.write_all(key)?;
    file.sync_all()
}

/// Reads until `bytes` is full or the file ends; answers how many were read.
fn fill(file: &mut File, bytes: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < bytes.len() {
        match file.read(&mut bytes[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(cause) => return Err(cause),
        }
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn place() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("root.key");
        (folder, path)
    }

    #[test]
    fn the_first_start_makes_a_key_that_later_starts_read() {
        let (folder, path) = place();
        let made = RootKey::open(&path, true, &Ids::seeded(1)).unwrap();
        let read = RootKey::open(&path, false, &Ids::seeded(2)).unwrap();
        assert_eq!(made.bytes(), read.bytes());
        let again = RootKey::open(&path, true, &Ids::seeded(3)).unwrap();
        assert_eq!(made.bytes(), again.bytes());

        let file = fs::metadata(&path).unwrap();
        assert_eq!((file.mode() & 0o7777, file.len()), (0o600, 32));
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "nothing is left aside"
        );
    }

    #[test]
    fn a_missing_key_of_an_installation_with_data_is_not_made_anew() {
        let (_folder, path) = place();
        let refusal = RootKey::open(&path, false, &Ids::seeded(1)).unwrap_err();
        assert!(
            refusal
                .to_string()
                .ends_with("put the copy of it back, readable by the service alone (chmod 600)")
        );
        assert!(!path.exists());
    }

    #[test]
    fn a_key_that_others_may_read_is_refused_with_the_command_that_helps() {
        let (_folder, path) = place();
        RootKey::create(&path, &Ids::seeded(1)).unwrap();
        for mode in [0o640, 0o604, 0o620, 0o666] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let refusal = RootKey::read(&path).unwrap_err().to_string();
            assert!(refusal.contains(&format!("(mode {mode:04o})")), "{refusal}");
            assert!(
                refusal.ends_with(&format!("run: chmod 600 {}", path.display())),
                "{refusal}"
            );
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        assert!(RootKey::read(&path).is_ok());
    }

    #[test]
    fn a_key_of_another_length_is_refused() {
        let (_folder, path) = place();
        for length in [0, 31, 33, 5000] {
            let _ = fs::remove_file(&path);
            write_aside(&path, &vec![7; length]).unwrap();
            assert!(matches!(
                RootKey::read(&path),
                Err(NoRootKey::Length { length: said, .. }) if said == length.min(33)
            ));
        }
    }

    #[test]
    fn a_key_is_never_replaced() {
        let (folder, path) = place();
        let made = RootKey::create(&path, &Ids::seeded(1)).unwrap();
        assert!(matches!(
            RootKey::create(&path, &Ids::seeded(2)),
            Err(NoRootKey::Exists { .. })
        ));
        assert_eq!(RootKey::read(&path).unwrap().bytes(), made.bytes());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_is_not_there_is_said() {
        let (folder, _) = place();
        let path = folder.path().join("nowhere/root.key");
        let refusal = RootKey::open(&path, true, &Ids::seeded(1))
            .unwrap_err()
            .to_string();
        assert!(refusal.contains("cannot be written"), "{refusal}");
    }

    #[test]
    fn debug_output_keeps_the_key_to_itself() {
        let (_folder, path) = place();
        let key = RootKey::create(&path, &Ids::seeded(1)).unwrap();
        assert_eq!(format!("{key:?}"), "RootKey(..)");
    }
}
