//! The seam: what may be asked of the store, in domain words. Both backends answer all of it alike,
//! which the suite shows.
//!
//! Every operation is synchronous and runs inside a job (see [`super::Store::write`] and
//! [`super::Store::read`]); a [`Tx`] sees what its own job and the earlier jobs of its batch wrote.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use uuid::Uuid;

use super::error::Result;
use super::model::{
    Account, AlertRow, Attempt, BasisRow, CaseFilter, CaseNumber, CasePage, CaseRow, ChallengeRow,
    Cursor, EntryRow, ExhibitRow, FiguresRow, Hash, Head, IdempotencyRow, JournalId, JournalKind,
    JournalRow, Lane, Lease, Message, NoticeId, OutboxRow, OutboxState, PasskeyRow, PersonId,
    ProjectRow, Record, SealedRow, SearchAnswer, SearchDocument, SearchQuery, SessionRow, TokenRow,
    Try, Viewer,
};

/// Everything that can be read.
pub trait View: JournalView + CaseView + AlertView + OutboxView + AccessView {}
impl<T: JournalView + CaseView + AlertView + OutboxView + AccessView + ?Sized> View for T {}

/// Everything that can be written, and everything that can be read.
pub trait Tx: View + JournalTx + CaseTx + AlertTx + OutboxTx + AccessTx + BatchTx {}
impl<T: View + JournalTx + CaseTx + AlertTx + OutboxTx + AccessTx + BatchTx + ?Sized> Tx for T {}

/// Reading journals and what is kept beside them.
pub trait JournalView {
    /// The journal's own row.
    fn journal(&self, journal: JournalId) -> Result<Option<JournalRow>>;
    /// Every journal of a kind, by id.
    fn journals(&self, kind: JournalKind) -> Result<Vec<JournalRow>>;
    /// The last entry, or [`Head::EMPTY`]. Also for a journal that nobody created.
    fn head(&self, journal: JournalId) -> Result<Head>;
    /// At most `limit` entries after `after_seq`, in order.
    fn entries(&self, journal: JournalId, after_seq: u64, limit: u32) -> Result<Vec<EntryRow>>;
    /// The cipher of one sealed value, unless it was erased.
    fn sealed(&self, journal: JournalId, commitment: Hash) -> Result<Option<Vec<u8>>>;
    /// The sealed values that the entries after `after_seq` up to `last_seq` brought, by entry and
    /// commitment.
    fn sealed_between(
        &self,
        journal: JournalId,
        after_seq: u64,
        last_seq: u64,
    ) -> Result<Vec<SealedRow>>;
    /// The journal's key as wrapped by the root key.
    fn journal_key(&self, journal: JournalId) -> Result<Option<Vec<u8>>>;
    /// Every journal that has a key, with the wrapped key (for a change of the root key).
    fn journal_keys(&self) -> Result<Vec<(JournalId, Vec<u8>)>>;
    /// Whether a basis is kept.
    fn has_basis(&self, hash: Hash) -> Result<bool>;
    /// Every basis that is kept, by hash.
    fn bases(&self) -> Result<Vec<Hash>>;
    /// The bytes of a basis.
    fn basis(&self, hash: Hash) -> Result<Option<Vec<u8>>>;
}

/// Reading the index over cases and projects.
pub trait CaseView {
    /// A case by its journal.
    fn case(&self, journal: JournalId) -> Result<Option<CaseRow>>;
    /// A case by the number that people say.
    fn case_by_number(&self, number: &CaseNumber) -> Result<Option<CaseRow>>;
    /// One page of at most `limit` cases that `viewer` may see, behind `cursor`.
    fn list_cases(
        &self,
        filter: &CaseFilter,
        viewer: &Viewer,
        cursor: Option<&Cursor>,
        limit: u32,
    ) -> Result<CasePage>;
    /// How many cases of a project came in thus after `since`; nobody asks beyond `limit`.
    fn arrivals(
        &self,
        project: JournalId,
        arrival: &str,
        since: Timestamp,
        limit: u32,
    ) -> Result<u32>;
    /// What counts of the cases that were opened from `from` on and before `until` and that `viewer` may
    /// see, the newest first, at most `limit`.
    fn figures(
        &self,
        project: Option<JournalId>,
        viewer: &Viewer,
        span: (Timestamp, Timestamp),
        limit: u32,
    ) -> Result<Vec<FiguresRow>>;
    /// How many cases the whole list has.
    fn count_cases(&self, filter: &CaseFilter, viewer: &Viewer) -> Result<u64>;
    /// At most `limit` cases whose time has come, by due time.
    fn due_cases(&self, now: Timestamp, limit: u32) -> Result<Vec<CaseRow>>;
    /// The earliest time at which some case is owed something.
    fn earliest_wake(&self) -> Result<Option<Timestamp>>;
    /// Who belongs to a case, or to a project.
    fn members(&self, journal: JournalId) -> Result<BTreeSet<PersonId>>;
    /// Whether that person belongs to it.
    fn is_member(&self, journal: JournalId, person: &str) -> Result<bool>;
    /// Searches the indexed texts. Restricted cases are never in them.
    fn search(&self, query: &SearchQuery) -> Result<SearchAnswer>;
    /// The indexed texts of a case, by entry.
    fn search_documents(&self, journal: JournalId) -> Result<Vec<SearchDocument>>;
    /// The exhibits of a case, in the order they came.
    fn exhibits(&self, journal: JournalId) -> Result<Vec<ExhibitRow>>;
    /// One exhibit.
    fn exhibit(&self, journal: JournalId, id: &str) -> Result<Option<ExhibitRow>>;
    /// Every exhibit, of any case, with these bytes.
    fn exhibits_with_bytes(&self, sha256: Hash) -> Result<Vec<ExhibitRow>>;
    /// Every exhibit, of any case, whose bytes were erased.
    fn erased_exhibits(&self) -> Result<Vec<ExhibitRow>>;
    /// A project by its journal.
    fn project(&self, journal: JournalId) -> Result<Option<ProjectRow>>;
    /// A project by its short name.
    fn project_by_slug(&self, slug: &str) -> Result<Option<ProjectRow>>;
    /// Every project, by short name.
    fn projects(&self) -> Result<Vec<ProjectRow>>;
    /// Every counter with the number given last.
    fn counters(&self) -> Result<BTreeMap<String, u64>>;
}

/// Reading the index over alerts.
pub trait AlertView {
    /// An alert by its id.
    fn alert(&self, id: Uuid) -> Result<Option<AlertRow>>;
    /// The newest alert of a source under this key.
    fn alert_by_key(&self, source: &str, key: Hash) -> Result<Option<AlertRow>>;
    /// At most `limit` alerts of a source, the newest first.
    fn alerts_of_source(&self, source: &str, limit: u32) -> Result<Vec<AlertRow>>;
    /// How many alerts of a source are not over.
    fn live_alerts(&self, source: &str) -> Result<u64>;
    /// The alerts of a case, by id.
    fn alerts_of(&self, journal: JournalId) -> Result<Vec<AlertRow>>;
    /// Every alert, by id.
    fn alerts(&self) -> Result<Vec<AlertRow>>;
}

/// Reading the outbox.
pub trait OutboxView {
    /// One delivery.
    fn delivery(&self, notice: NoticeId) -> Result<Option<OutboxRow>>;
    /// The deliveries that a journal caused, by entry and notice.
    fn deliveries_of(&self, journal: JournalId) -> Result<Vec<OutboxRow>>;
    /// The attempts of one delivery, in order.
    fn attempts(&self, notice: NoticeId) -> Result<Vec<Attempt>>;
    /// The attempts of every delivery that a journal caused, by notice and in order.
    fn attempts_of(&self, journal: JournalId) -> Result<Vec<Attempt>>;
    /// When the next delivery of the lanes down to `lowest` can be leased: a try that is due, or a lease
    /// that runs out.
    fn earliest_delivery(&self, lowest: Lane, now: Timestamp) -> Result<Option<Timestamp>>;
    /// What the store's own clock shows, by which leases are judged: a database's, which all its nodes follow.
    fn time(&self) -> Result<Timestamp>;
    /// How many deliveries stand in each state; states without any are left out.
    fn outbox_counts(&self) -> Result<BTreeMap<OutboxState, u64>>;
}

/// Reading accounts, tokens, sessions, kept answers and settings.
pub trait AccessView {
    /// An account by person.
    fn account(&self, person: &str) -> Result<Option<Account>>;
    /// An account by the name to log in with, whatever its case.
    fn account_by_login(&self, login: &str) -> Result<Option<Account>>;
    /// Every account, by person.
    fn accounts(&self) -> Result<Vec<Account>>;
    /// A token by its hash, expired and revoked ones included: the caller judges.
    fn token(&self, hash: Hash) -> Result<Option<TokenRow>>;
    /// Every token, expired and revoked ones included, by hash.
    fn tokens(&self) -> Result<Vec<TokenRow>>;
    /// A person's tokens, oldest first.
    fn tokens_of(&self, person: &str) -> Result<Vec<TokenRow>>;
    /// A session by its hash, expired ones included: the caller judges.
    fn session(&self, hash: Hash) -> Result<Option<SessionRow>>;
    /// Every session, expired ones included, by hash.
    fn sessions(&self) -> Result<Vec<SessionRow>>;
    /// A person's sessions, oldest first.
    fn sessions_of(&self, person: &str) -> Result<Vec<SessionRow>>;
    /// What waits under this hash, expired or not: the caller judges.
    fn challenge(&self, hash: Hash) -> Result<Option<ChallengeRow>>;
    /// A passkey by the hash of its id.
    fn passkey(&self, hash: Hash) -> Result<Option<PasskeyRow>>;
    /// Every passkey, by hash.
    fn passkeys(&self) -> Result<Vec<PasskeyRow>>;
    /// A person's passkeys, by hash.
    fn passkeys_of(&self, person: &str) -> Result<Vec<PasskeyRow>>;
    /// The answer kept for this actor and key.
    fn idempotency(&self, actor: &str, key: &str) -> Result<Option<IdempotencyRow>>;
    /// Every kept answer, by actor and key.
    fn answers(&self) -> Result<Vec<IdempotencyRow>>;
    /// Every setting that stands in no journal.
    fn settings(&self) -> Result<BTreeMap<String, Vec<u8>>>;
    /// A setting that stands in no journal.
    fn setting(&self, name: &str) -> Result<Option<Vec<u8>>>;
}

/// Writing journals and what is kept beside them.
pub trait JournalTx {
    /// Begins a journal. `Conflict` if it exists.
    fn create_journal(&mut self, row: &JournalRow) -> Result<()>;
    /// Appends an entry with its sealed values. `Conflict` unless its number is the head's plus one;
    /// `Invalid` for a journal that nobody created.
    fn append(&mut self, record: &Record) -> Result<()>;
    /// Destroys one sealed value and, after the commit, its traces in the log. Says whether it was there.
    fn erase_sealed(&mut self, journal: JournalId, commitment: Hash) -> Result<bool>;
    /// Keeps, or replaces, the wrapped key of a journal.
    fn put_journal_key(&mut self, journal: JournalId, wrapped: &[u8]) -> Result<()>;
    /// Keeps a basis. Once kept it never changes; the same bytes again are fine.
    fn put_basis(&mut self, basis: &BasisRow) -> Result<()>;
}

/// Writing the index over cases and projects.
pub trait CaseTx {
    /// Writes a case's row. A restricted case with a readable title is refused (`Invalid`); a case that
    /// becomes restricted loses its search texts. `Conflict` if another case has the number.
    fn put_index(&mut self, row: &CaseRow) -> Result<()>;
    /// Replaces the members of a case or project.
    fn set_members(&mut self, journal: JournalId, members: &BTreeSet<PersonId>) -> Result<()>;
    /// The next number of a counter, from 1.
    fn next_number(&mut self, counter: &str) -> Result<u64>;
    /// Sees to it that the next number will be above `at_least` (for a rebuild).
    fn raise_counter(&mut self, counter: &str, at_least: u64) -> Result<()>;
    /// Indexes a text, in place of the one under the same entry. Refused for a restricted case.
    fn search_index_put(&mut self, document: &SearchDocument) -> Result<()>;
    /// Removes the text of one entry, or of the whole case, and after the commit its traces in the log.
    fn search_index_erase(&mut self, journal: JournalId, seq: Option<u64>) -> Result<()>;
    /// Writes an exhibit's row.
    fn put_exhibit(&mut self, row: &ExhibitRow) -> Result<()>;
    /// Writes a project's row. `Conflict` if another project has the short name.
    fn put_project(&mut self, row: &ProjectRow) -> Result<()>;
    /// Drops the whole index: cases, members, search texts, exhibits, projects, alerts, counters. Never an
    /// entry, a sealed value, a key, a basis or a plain table.
    fn clear_index(&mut self) -> Result<()>;
}

/// Writing the index over alerts.
pub trait AlertTx {
    /// Writes an alert's row.
    fn put_alert(&mut self, row: &AlertRow) -> Result<()>;
}

/// Writing the outbox.
pub trait OutboxTx {
    /// Puts a delivery into the outbox. False if the notice was there already: nothing is changed then.
    fn enqueue(&mut self, row: &OutboxRow) -> Result<bool>;
    /// Keeps a delivery that is over already, closed as its one attempt ended: one that cannot even be
    /// tried, or that was sent without the store. False if the notice was there already: nothing is
    /// changed then.
    fn enqueue_closed(&mut self, row: &OutboxRow, attempt: &Try) -> Result<bool>;
    /// Keeps a delivery as it stood elsewhere, whatever its state, with its attempts: for a whole
    /// installation that is moved or restored. `Conflict` if the notice is there already.
    fn keep_delivery(&mut self, row: &OutboxRow, attempts: &[Attempt]) -> Result<()>;
    /// Leases at most `limit` deliveries that are due, of the lanes down to `lowest` and the urgent lane
    /// first, for at most 15 seconds; of a bundle everything that is due, beyond the limit too. With [`Lane::Urgent`] a flood of ordinary mail is passed over. A
    /// lease that ran out is given anew, and an uncertain attempt is noted for it. What waits is due by `now`, the clock of
    /// whoever asks; a lease ends by the store's own, so that nobody whose clock is off takes away what another one holds.
    fn lease_deliveries(
        &mut self,
        lowest: Lane,
        now: Timestamp,
        limit: u32,
        seconds: u32,
    ) -> Result<Vec<Lease>>;
    /// Lengthens a lease to at most 15 seconds from now.
    fn renew(&mut self, notice: NoticeId, fence: u64, seconds: u32) -> Result<()>;
    /// Ends every lease now: whoever held one is gone.
    fn end_leases(&mut self) -> Result<()>;
    /// Notes the attempt and closes the delivery: done if it was sent, else failed for good.
    fn finish(&mut self, notice: NoticeId, fence: u64, attempt: &Try) -> Result<()>;
    /// Notes the attempt and queues the delivery for `next_try`.
    fn reschedule(
        &mut self,
        notice: NoticeId,
        fence: u64,
        attempt: &Try,
        next_try: Timestamp,
    ) -> Result<()>;
    /// Closes a leased delivery that has become pointless, unsent.
    fn drop_delivery(&mut self, notice: NoticeId, fence: u64) -> Result<()>;
    /// Makes a delivery due that waits and was never tried. False if there is no such one.
    fn hasten(&mut self, notice: NoticeId, at: Timestamp) -> Result<bool>;
    /// Lets a delivery that waits and was never tried wait until then. False if there is none that would leave before.
    fn put_off(&mut self, notice: NoticeId, at: Timestamp) -> Result<bool>;
    /// Gives a lease back before anything was tried: the delivery waits until then.
    fn hand_back(&mut self, notice: NoticeId, fence: u64, at: Timestamp) -> Result<()>;
    /// Notes what the peer says later of a delivery that it was handed: it arrived, or it did not. With a time it is looked
    /// at again then; without it is closed. Whoever is sending it meanwhile is too late. False, and nothing is noted, of one
    /// that is closed already, unless what was done turns out not to have arrived.
    fn conclude(
        &mut self,
        notice: NoticeId,
        attempt: &Try,
        again: Option<Timestamp>,
    ) -> Result<bool>;
    /// Closes a delivery that waits in the queue, unsent. False if it does not wait there.
    fn withdraw(&mut self, notice: NoticeId) -> Result<bool>;
    /// Puts other words into a delivery that is not closed yet; an attempt under way goes on with
    /// the old ones. False if it is closed, erased or unknown.
    fn reword(&mut self, notice: NoticeId, message: &Message) -> Result<bool>;
    /// Destroys the frozen text of a delivery. Says whether there was one.
    fn erase_message(&mut self, notice: NoticeId) -> Result<bool>;
}

/// Writing accounts, tokens, sessions, kept answers and settings.
pub trait AccessTx {
    /// Writes an account. `Conflict` if another one has the login.
    fn put_account(&mut self, account: &Account) -> Result<()>;
    /// Writes a token.
    fn put_token(&mut self, token: &TokenRow) -> Result<()>;
    /// Revokes a token; the first time counts. False if there is none.
    fn revoke_token(&mut self, hash: Hash, at: Timestamp) -> Result<bool>;
    /// Writes a session.
    fn put_session(&mut self, session: &SessionRow) -> Result<()>;
    /// Ends one session. False if there is none.
    fn end_session(&mut self, hash: Hash) -> Result<bool>;
    /// Ends every session of a person; says how many.
    fn end_sessions_of(&mut self, person: &str) -> Result<u64>;
    /// Removes the sessions that are worthless at `now`; says how many.
    fn purge_sessions(&mut self, now: Timestamp) -> Result<u64>;
    /// Keeps, or replaces, what waits for its second half.
    fn put_challenge(&mut self, challenge: &ChallengeRow) -> Result<()>;
    /// Ends what waits. False if there is none: somebody else ended it.
    fn end_challenge(&mut self, hash: Hash) -> Result<bool>;
    /// Removes what is worthless at `now`; says how much.
    fn purge_challenges(&mut self, now: Timestamp) -> Result<u64>;
    /// Keeps, or replaces, a passkey.
    fn put_passkey(&mut self, passkey: &PasskeyRow) -> Result<()>;
    /// Ends one passkey. False if there is none.
    fn end_passkey(&mut self, hash: Hash) -> Result<bool>;
    /// Keeps an answer. `Conflict` if the actor has used the key.
    fn put_idempotency(&mut self, row: &IdempotencyRow) -> Result<()>;
    /// Forgets the answers given before `before`; says how many.
    fn purge_idempotency(&mut self, before: Timestamp) -> Result<u64>;
    /// Keeps, or replaces, a setting that stands in no journal.
    fn put_setting(&mut self, name: &str, value: &[u8]) -> Result<()>;
    /// Forgets a setting. Says whether it was there.
    fn forget_setting(&mut self, name: &str) -> Result<bool>;
}

/// What a job may know and ask of the batch that carries it.
pub trait BatchTx {
    /// The number of this batch: jobs with the same number are committed, or lost, together.
    fn batch(&self) -> u64;
    /// Runs `act` once this job is committed, before its answer is given; never if it is not. For
    /// publishing into caches; it must be short and must not use the store.
    fn after_commit(&mut self, act: Box<dyn FnOnce() + Send>);
    /// After the commit, empties the write-ahead log, so that nothing destroyed stays readable there.
    fn scrub_log(&mut self);
}
