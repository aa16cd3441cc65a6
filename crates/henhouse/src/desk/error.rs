//! Why the desk did not do what it was asked. Nothing was written.

use procedure::Refusal;

use crate::store::StoreError;

/// The desk's answer to something that it could not do.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// A rule, an access right or a fact says no; the refusal names it and the way to a yes.
    #[error("{}", .0.sentence)]
    Refused(Box<Refusal>),
    /// It does not exist, or not for this actor.
    #[error("There is no such {0}, or it is not open to you.")]
    NotFound(&'static str),
    /// What was sent cannot be read; the field and the fix.
    #[error("{field}: {sentence}")]
    BadInput {
        /// Which field.
        field: String,
        /// What is wrong and what would be right.
        sentence: String,
    },
    /// The idempotency key was used before, with another command.
    #[error("This idempotency key was used for another command; use a new key.")]
    KeyReused,
    /// A journal does not check out. It is not served until somebody has looked.
    #[error("The record is damaged and is not shown: {0}. Run `henhouse verify`.")]
    Damaged(String),
    /// A journal is sound and says something that only a newer version of this program understands. A node that runs it
    /// shows and writes it; see `docs/operate/upgrade.md`.
    #[error(
        "This record is sound, and only a newer version of Henhouse understands it: {0}. Ask again: a node that has the newer \
         version answers."
    )]
    Newer(String),
    /// The store could not do it.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The database is away, and as much waits for it from this address already as this node keeps for one.
    #[error(
        "so much of what was reported from this address waits already that no more of it can be kept just now"
    )]
    ShareTaken,
    /// A promise between our own parts was broken.
    #[error("A fault in Henhouse: {0}")]
    Bug(String),
}

/// The desk's result.
pub type Result<T, E = DeskError> = std::result::Result<T, E>;

impl From<Refusal> for DeskError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl DeskError {
    /// An entry of a kind that this version does not know. Its chain was found to hold before.
    pub(super) fn newer(seq: u64, kind: &str) -> Self {
        Self::Newer(format!("entry {seq} is of the kind `{kind}`"))
    }

    /// A fault of ours, told with what was being done.
    pub(crate) fn bug(what: impl std::fmt::Display) -> Self {
        Self::Bug(what.to_string())
    }
}
