//! The index over alerts: what is sent again is found here, without a look into any journal.

use jiff::Timestamp;
use uuid::Uuid;

use super::{Hash, JournalId};

/// An alert, from its first sending until it is over. Which case it is of and whether it is over stands in that case's
/// journal; only how often and when it was sent again is counted here alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRow {
    /// Its id; later ones sort behind.
    pub id: Uuid,
    /// Which source sent it.
    pub source: String,
    /// The hash of the key by which its sender means the same one again.
    pub key: Hash,
    /// The case that it opened or joined.
    pub journal: JournalId,
    /// It opened that case.
    pub opened: bool,
    /// Its sender did not say yet that it is over.
    pub live: bool,
    /// How often it was sent.
    pub times: u64,
    /// When it was sent last.
    pub last_at: Timestamp,
}
