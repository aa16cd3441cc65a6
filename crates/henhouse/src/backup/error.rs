//! Why something was not moved, kept or restored, in a sentence that says what to do.

use std::io;
use std::path::{Path, PathBuf};

use crate::store::StoreError;

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was read is not what was once written.
    #[error("{0}")]
    Damaged(String),
    /// It cannot be done as things are; the sentence says what to change.
    #[error("{0}")]
    Refused(String),
    /// A file could not be read or written.
    #[error("{} cannot be {act}: {cause}", .path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What was attempted.
        act: &'static str,
        /// What the system said.
        cause: io::Error,
    },
    /// The other end of a stream went away first; it has the cause.
    #[error("it was broken off")]
    BrokenOff,
}

impl BackupError {
    /// What the file system said about `path`.
    pub(super) fn file(path: &Path, act: &'static str, cause: io::Error) -> Self {
        let path = path.to_owned();
        Self::File { path, act, cause }
    }
}

/// The result of moving, keeping or restoring.
pub type Result<T, E = BackupError> = std::result::Result<T, E>;
