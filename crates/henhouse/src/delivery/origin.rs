//! What delivery asks of those who wrote the outbox, and what it tells them. The desk fills this in:
//! delivery knows no case, no rule and no key.

use crate::store::{JournalId, NoticeId, OutboxRow, PersonId};

/// What became of a delivery, for those whose procedure cares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The peer took it; its receipt.
    Delivered(String),
    /// This person cannot be reached by this route: refused for good, given up, or withheld because of
    /// its marking. The reason.
    Unreachable(String),
    /// A page has failed twice and goes on being tried: the next route is due (R26).
    Struggling,
    /// It had become pointless and was not sent.
    Dropped,
}

/// One delivery and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// The notice.
    pub notice: NoticeId,
    /// The journal of its cause.
    pub journal: JournalId,
    /// The entry that caused it.
    pub seq: u64,
    /// Whom it was for.
    pub person: Option<PersonId>,
    /// Whom it was for in the procedure's words, also where it is no person.
    pub recipient: Option<String>,
    /// By what.
    pub route: String,
    /// What became of it.
    pub fate: Fate,
    /// The same notice goes on by a later route of the person.
    pub another_route: bool,
}

impl Happened {
    pub(super) fn to(row: &OutboxRow, fate: Fate, another_route: bool) -> Self {
        Self {
            notice: row.notice,
            journal: row.journal,
            seq: row.seq,
            person: row.person.clone(),
            recipient: row.recipient.clone(),
            route: row.route.clone(),
            fate,
            another_route,
        }
    }
}

/// Those who wrote the outbox.
pub trait Origin: Send + Sync + 'static {
    /// Whether it still makes sense to send this: asked at every lease. If in doubt, yes: one page too
    /// many does less harm than one too few.
    fn still_wanted(&self, row: &OutboxRow) -> impl Future<Output = bool> + Send;

    /// Opens a frozen message that was encrypted under its journal's key; `None` if that cannot be done.
    fn unseal(
        &self,
        row: &OutboxRow,
        cipher: &[u8],
    ) -> impl Future<Output = Option<Vec<u8>>> + Send;

    /// Takes what became of a delivery, before the outbox closes it: after a crash it is told again, so
    /// taking it twice must do no more than once. [`Fate::Dropped`] is not told: they said so.
    fn happened(&self, happened: &Happened) -> impl Future<Output = ()> + Send;
}
