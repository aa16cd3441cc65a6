//! What can go wrong in the store, as the callers may treat it.

use std::path::PathBuf;

/// The store's answer to something that it could not do.
///
/// After every one of these except `Closed` the store can be used again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Somebody else was first: the head has moved, or the key is taken. Load again and decide again.
    #[error("{0}")]
    Conflict(String),
    /// The lease was given to somebody else meanwhile; its outcome is theirs to write.
    #[error("this delivery was leased to somebody else meanwhile")]
    StaleFence,
    /// What was asked breaks a promise of the store: a bug of the caller.
    #[error("{0}")]
    Invalid(String),
    /// The disk is full. Nothing of the write was kept.
    #[error("the disk is full: nothing was written")]
    Full,
    /// The disk failed. Nothing of the write is promised to have been kept.
    #[error("the disk failed: {0}")]
    Io(String),
    /// What was read is not what was written.
    #[error("the database is damaged, or its disk cannot be read: {0}")]
    Corrupt(String),
    /// The database cannot be used by this program; the sentence says what to do.
    #[error("{0}")]
    Schema(String),
    /// Another process serves this data directory.
    #[error("the data directory {} is in use by another Henhouse process", .0.display())]
    DataDirInUse(PathBuf),
    /// Too much to do, or a read that lasted too long. Try again.
    #[error("the store is busy: {0}")]
    Busy(String),
    /// The database cannot be reached. Nothing of the write was kept.
    #[error("the database cannot be reached: {0}")]
    Away(String),
    /// The database went away between the commit and its answer: the write may be there, and only asking
    /// again under the same idempotency key can tell.
    #[error("the database went away while it was writing this; it may be written")]
    Unknown,
    /// The job panicked; nothing of it was kept.
    #[error("a store job stopped with a bug; nothing of it was kept")]
    Panicked,
    /// The store is shut down.
    #[error("the store is shut down")]
    Closed,
}

impl StoreError {
    /// Whether the whole write is spoilt even if the job goes on as if nothing had happened.
    pub(crate) fn spoils_the_write(&self) -> bool {
        matches!(
            self,
            Self::Full | Self::Io(_) | Self::Corrupt(_) | Self::Busy(_) | Self::Away(_)
        )
    }

    /// Whether it is about what one write asked for, so that a write for another case may succeed.
    pub(crate) fn is_of_one_case(&self) -> bool {
        matches!(
            self,
            Self::Conflict(_) | Self::Invalid(_) | Self::StaleFence | Self::Panicked
        )
    }
}

/// The store's result.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Sentences that both backends use.
impl StoreError {
    pub(crate) fn head_moved(head: u64, offered: u64) -> Self {
        Self::Conflict(format!(
            "the journal stands at entry {head}, so entry {offered} cannot be the next"
        ))
    }

    pub(crate) fn basis_differs() -> Self {
        Self::Invalid("a basis with this hash and other bytes is kept".to_owned())
    }

    pub(crate) fn unknown_journal() -> Self {
        Self::Invalid("this names a journal that was never created".to_owned())
    }

    pub(crate) fn readable_restricted() -> Self {
        Self::Invalid("a restricted case has no readable text in the index".to_owned())
    }

    pub(crate) fn cursor_of_another_order() -> Self {
        Self::Invalid("this place is of a list in another order".to_owned())
    }

    pub(crate) fn not_queued() -> Self {
        Self::Invalid("a delivery enters the outbox as queued".to_owned())
    }

    pub(crate) fn notice_known() -> Self {
        Self::Conflict("this notice is in the outbox already".to_owned())
    }

    pub(crate) fn login_taken() -> Self {
        Self::Conflict("another account has this login".to_owned())
    }

    pub(crate) fn key_used() -> Self {
        Self::Conflict("this idempotency key is used".to_owned())
    }
}
