//! What is to leave the process, and every attempt to send it.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{JournalId, PersonId, whole_micros};

/// A notice to one person by one route. It stays the same over all attempts, so that a peer that can
/// tell doubles does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoticeId(pub Uuid);

impl NoticeId {
    /// So long one route may say nothing at all before the next one is tried beside it (P6).
    pub const SILENCE: SignedDuration = SignedDuration::from_secs(60);

    /// The same notice by the person's next route: the same id on every machine, so that the deliveries of one notice know
    /// each other without a word.
    #[must_use]
    pub fn by_next_route(self) -> Self {
        let hash = Sha256::new()
            .chain_update(b"henhouse/next-route/v1\0")
            .chain_update(self.0.as_bytes())
            .finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

impl std::fmt::Display for NoticeId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// Two lanes, in the outbox and before the writer, so that a flood of what can wait never holds up
/// what cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// Pages and what else cannot wait: always leased first, always written first.
    Urgent,
    /// Everything else.
    Ordinary,
}

/// The text as it was frozen when its cause was written; retries send the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Readable.
    Plain(Vec<u8>),
    /// Encrypted under the journal's key: the case is restricted.
    Cipher(Vec<u8>),
    /// Erased by an entry, or never written because it could be sent to nobody.
    Erased,
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutboxState {
    /// Waits for its next try.
    Queued,
    /// Somebody is sending it.
    Leased,
    /// The peer took it.
    Done,
    /// It had become pointless and was not sent.
    Dropped,
    /// Given up; a person must know.
    Failed,
}

impl OutboxState {
    /// Every state.
    pub const ALL: [Self; 5] = [
        Self::Queued,
        Self::Leased,
        Self::Done,
        Self::Dropped,
        Self::Failed,
    ];

    /// The word under which it is stored.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Leased => "leased",
            Self::Done => "done",
            Self::Dropped => "dropped",
            Self::Failed => "failed",
        }
    }

    /// The state behind a stored word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// One delivery in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Which notice, to whom, by which route.
    pub notice: NoticeId,
    /// The journal of its cause.
    pub journal: JournalId,
    /// The entry that caused it.
    pub seq: u64,
    /// Whom it is for, when it is for a person.
    pub person: Option<PersonId>,
    /// Whom it is for in the procedure's words, also where it is no person.
    pub recipient: Option<String>,
    /// Everything due with the same bundle is leased together and leaves in one message.
    pub bundle: Option<Uuid>,
    /// By what: `mail`, `slack`, ...
    pub route: String,
    /// Which lane it waits in.
    pub lane: Lane,
    /// What is sent.
    pub message: Message,
    /// Where it stands. `enqueue` takes only `Queued`.
    pub state: OutboxState,
    /// Attempts so far, the uncertain ones included.
    pub attempts: u32,
    /// Not before this time.
    pub next_try: Timestamp,
    /// While leased: until when.
    pub lease_until: Option<Timestamp>,
    /// Grows with every lease; an older one is refused.
    pub fence: u64,
}

impl OutboxRow {
    /// A new delivery that has not been tried.
    #[must_use]
    pub fn queued(
        notice: NoticeId,
        cause: (JournalId, u64),
        route: &str,
        lane: Lane,
        message: Message,
        next_try: Timestamp,
    ) -> Self {
        Self {
            notice,
            journal: cause.0,
            seq: cause.1,
            person: None,
            recipient: None,
            bundle: None,
            route: route.to_owned(),
            lane,
            message,
            state: OutboxState::Queued,
            attempts: 0,
            next_try,
            lease_until: None,
            fence: 0,
        }
    }
}

impl OutboxRow {
    /// Whether it still matters that its peer says this later.
    #[must_use]
    pub fn hears(&self, outcome: AttemptOutcome) -> bool {
        match self.state {
            OutboxState::Queued | OutboxState::Leased => true,
            OutboxState::Done => outcome == AttemptOutcome::Failed,
            OutboxState::Dropped | OutboxState::Failed => false,
        }
    }
}

/// The right to send one delivery, for at most 15 seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The delivery, as leased.
    pub row: OutboxRow,
    /// The number to show when its outcome is written.
    pub fence: u64,
    /// An earlier lease ran out without an answer, so the peer may already have it: reconcile where
    /// the peer can be asked, else send again under the same id.
    pub uncertain: bool,
}

impl Lease {
    /// No lease lasts longer.
    pub const LIMIT_SECONDS: u32 = 15;

    /// Whether a lease that ends then has run out by the store's clock. One that would last longer than any lease does was
    /// given by a clock that has been set back since, and holds nobody up.
    #[must_use]
    pub fn is_over(until: Timestamp, now: Timestamp) -> bool {
        until <= now || until > Self::end(now, Self::LIMIT_SECONDS)
    }

    /// When a lease of so many seconds ends that is given at `now`.
    #[must_use]
    pub fn end(now: Timestamp, seconds: u32) -> Timestamp {
        let length = SignedDuration::from_secs(i64::from(seconds.min(Self::LIMIT_SECONDS)));
        whole_micros(now.saturating_add(length).unwrap_or(Timestamp::MAX))
    }
}

/// What has to be known to say when the next delivery can be leased.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Earliest {
    /// The earliest that waits, by the clock of whoever put it there.
    pub(crate) queued: Option<Timestamp>,
    /// The leases that end first and last, by the store's clock.
    pub(crate) leased: Option<(Timestamp, Timestamp)>,
}

impl Earliest {
    /// When that is, by the clock of whoever asks: it shows `theirs` when the store's shows `own`. Earlier than that if it
    /// has been so for a while.
    pub(crate) fn seen_by(self, theirs: Timestamp, own: Timestamp) -> Option<Timestamp> {
        let ends = self
            .leased
            .map(|(first, last)| match Lease::is_over(last, own) {
                true => first.min(own),
                false => first,
            });
        let left = ends.map(|ends| ends.duration_since(own));
        let lost = left.map(|left| theirs.saturating_add(left).unwrap_or(theirs));
        self.queued.into_iter().chain(lost).min()
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AttemptOutcome {
    /// The peer took it.
    Sent,
    /// The peer, or the way to it, said no.
    Failed,
    /// Nobody knows: the sender went away before the answer.
    Uncertain,
}

impl AttemptOutcome {
    /// The word under which it is stored.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Uncertain => "uncertain",
        }
    }

    /// Where a delivery stands if this was its last attempt.
    #[must_use]
    pub const fn final_state(self) -> OutboxState {
        match self {
            Self::Sent => OutboxState::Done,
            Self::Failed | Self::Uncertain => OutboxState::Failed,
        }
    }

    /// Where it stands if it is looked at again at that time, or never.
    #[must_use]
    pub const fn state_until(self, again: Option<Timestamp>) -> OutboxState {
        match again {
            Some(_) => OutboxState::Queued,
            None => self.final_state(),
        }
    }

    /// The outcome behind a stored word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Sent, Self::Failed, Self::Uncertain]
            .into_iter()
            .find(|o| o.word() == word)
    }
}

/// What the names of these settings begin with.
pub const LAST_TAKEN: &str = "taken.";

/// The setting that says when a route last took a page, or a test, for a person: its time in microseconds.
#[must_use]
pub fn last_taken(person: &str, route: &str) -> String {
    format!("{LAST_TAKEN}{route}.{person}")
}

/// What a sender reports of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Try {
    /// When it ended.
    pub at: Timestamp,
    /// How it ended.
    pub outcome: AttemptOutcome,
    /// The peer's receipt, or what it said. Never an address and never a secret.
    pub receipt: Option<String>,
}

/// One attempt, as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Of which delivery.
    pub notice: NoticeId,
    /// The how-manieth, from 1.
    pub n: u32,
    /// When it ended (for an uncertain one: when its lease ran out).
    pub at: Timestamp,
    /// How it ended.
    pub outcome: AttemptOutcome,
    /// The peer's receipt, or what it said.
    pub receipt: Option<String>,
}
