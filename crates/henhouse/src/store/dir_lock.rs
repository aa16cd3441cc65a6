//! A data directory serves one process: its lock, and what its files allow.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use super::error::{Result, StoreError};

/// Says that this process serves the directory, until dropped.
pub(super) struct DirLock(#[expect(dead_code, reason = "held for its lock")] File);

impl DirLock {
    /// Makes the directory if need be, and locks it.
    ///
    /// # Errors
    /// `DataDirInUse` if another process has it, else what the disk says.
    pub(super) fn take(dir: &Path) -> Result<Self> {
        let mut builder = DirBuilder::new();
        builder
            .recursive(true)
            .mode(0o700)
            .create(dir)
            .map_err(|error| disk(&error))?;
        let file = private_file(&dir.join("henhouse.lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(StoreError::DataDirInUse(dir.to_owned())),
            Err(TryLockError::Error(error)) => Err(disk(&error)),
        }
    }
}

/// A file of the directory that its owner alone may use.
pub(super) fn private_file(path: &Path) -> Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(|error| disk(&error))
}

/// What an error of the file system means to the callers.
pub(super) fn disk(error: &std::io::Error) -> StoreError {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => StoreError::Full,
        _ => StoreError::Io(error.to_string()),
    }
}
