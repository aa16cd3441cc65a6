//! What the store keeps, as plain values in domain words.
//!
//! No database type crosses this border, and nothing here reads a clock or makes an id: both come in
//! from the caller. Times are [`Timestamp`]s outside and whole microseconds inside, so a time that
//! comes back may have lost its nanoseconds ([`whole_micros`]).
//!
//! Plain tables, that is rows that are neither an entry nor rebuildable from one: accounts, tokens,
//! sessions, idempotency keys, settings, the outbox with its attempts, wrapped journal keys.
//! Everything else beside the journals is an *index*: cases, members, search documents, exhibits,
//! projects, alerts and counters; `clear_index` drops it and a rebuild makes it again. Of alerts a rebuild takes over how
//! often and when they were sent again, which stands in no journal.

mod access;
mod alert;
mod case;
mod outbox;

use jiff::Timestamp;
use uuid::Uuid;

pub use access::{Account, ChallengeRow, IdempotencyRow, PasskeyRow, SessionRow, TokenRow};
pub use alert::AlertRow;
pub use case::{
    CaseFilter, CaseNumber, CaseOrder, CasePage, CaseRow, CaseTag, Cursor, CursorUnreadable,
    ExhibitRow, FiguresRow, ProjectRow, SHADOW, Scope, SearchAnswer, SearchDocument, SearchHit,
    SearchQuery, Title, Viewer,
};
pub(crate) use outbox::Earliest;
pub use outbox::{
    Attempt, AttemptOutcome, LAST_TAKEN, Lane, Lease, Message, NoticeId, OutboxRow, OutboxState,
    Try, last_taken,
};

/// A SHA-256 hash, whatever it is the hash of.
pub type Hash = [u8; 32];

/// A person, by an opaque id that says nothing about them.
pub type PersonId = String;

/// The id of a journal; it is also the id of the case or project whose journal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JournalId(pub Uuid);

impl std::fmt::Display for JournalId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// What a journal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum JournalKind {
    /// One case, from the report to the closed retrospective.
    Case,
    /// Revisions of a project's roster, shifts, calendar, deciders and playbook.
    Project,
    /// Accounts, tokens issued, break-glass, backups, test pages.
    Installation,
}

impl JournalKind {
    /// The word under which it is stored.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Project => "project",
            Self::Installation => "installation",
        }
    }

    /// The kind behind a stored word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Case, Self::Project, Self::Installation]
            .into_iter()
            .find(|kind| kind.word() == word)
    }
}

/// A journal's own row. It never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalRow {
    /// Its id.
    pub id: JournalId,
    /// What it is about.
    pub kind: JournalKind,
    /// The project of a case; nothing for the others.
    pub parent: Option<JournalId>,
    /// When it was begun.
    pub created_at: Timestamp,
}

/// The last entry of a journal, as far as the next one must know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its number; 0 for a journal without entries.
    pub seq: u64,
    /// Its hash; zeros for a journal without entries.
    pub hash: Hash,
}

impl Head {
    /// The head of a journal without entries.
    pub const EMPTY: Self = Self {
        seq: 0,
        hash: [0; 32],
    };
}

/// One entry as it is stored: the chained bytes and what is needed to find them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    /// The journal it stands in.
    pub journal: JournalId,
    /// Its number, from 1 without a gap.
    pub seq: u64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Its kind, as in the envelope.
    pub kind: String,
    /// The hash of its canonical bytes and its predecessor's hash.
    pub hash: Hash,
    /// The canonical bytes.
    pub bytes: Vec<u8>,
}

/// An entry about to be appended, with the sealed values that its bytes commit to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The journal it goes to.
    pub journal: JournalId,
    /// The head's number plus one.
    pub seq: u64,
    /// When it is recorded.
    pub recorded_at: Timestamp,
    /// Its kind, as in the envelope.
    pub kind: String,
    /// The hash of its canonical bytes and its predecessor's hash.
    pub hash: Hash,
    /// The canonical bytes.
    pub bytes: Vec<u8>,
    /// Commitment and cipher of every sealed field.
    pub sealed: Vec<(Hash, Vec<u8>)>,
}

impl Record {
    /// The part that goes into the journal itself.
    #[must_use]
    pub fn entry(&self) -> EntryRow {
        EntryRow {
            journal: self.journal,
            seq: self.seq,
            recorded_at: whole_micros(self.recorded_at),
            kind: self.kind.clone(),
            hash: self.hash,
            bytes: self.bytes.clone(),
        }
    }
}

/// A sealed value: text and salt under the journal's key, found by its commitment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRow {
    /// The entry that first brought it.
    pub seq: u64,
    /// The commitment that the chain holds.
    pub commitment: Hash,
    /// Salt and text, encrypted.
    pub cipher: Vec<u8>,
}

/// A basis: everything that a rule may look at besides the case, named by its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasisRow {
    /// The hash of the bytes.
    pub hash: Hash,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// The time without its part below a microsecond: what the store gives back.
#[must_use]
pub fn whole_micros(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond())
        .expect("the microseconds of a timestamp are in a timestamp's range")
}
