//! The store in memory: for simulation and tests. Ordered maps only, so that the same calls give the
//! same answers in the same order; `write` and `read` run at once, on the caller's thread.
//!
//! It passes the suite of the databases, and is their oracle in it.

mod access;
mod alerts;
mod cases;
mod journal;
mod outbox;
mod search;
mod table;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use uuid::Uuid;

use self::table::Table;
use super::batch::{self, Ground, Job, Wishes};
use super::error::{Result, StoreError};
use super::fault::Fault;
use super::figures::Figures;
use super::judge::Judge;
use super::model::{
    Account, AlertRow, Attempt, CaseNumber, CaseRow, ChallengeRow, EntryRow, ExhibitRow, Hash,
    IdempotencyRow, JournalId, JournalRow, NoticeId, OutboxRow, PasskeyRow, PersonId, ProjectRow,
    SealedRow, SearchDocument, SessionRow, TokenRow, whole_micros,
};
use super::seam::{BatchTx, Tx, View};

/// Everything the memory store holds.
#[derive(Default)]
pub(crate) struct Memory {
    journals: Table<JournalId, JournalRow>,
    entries: Table<(JournalId, u64), EntryRow>,
    sealed: Table<(JournalId, Hash), SealedRow>,
    keys: Table<JournalId, Vec<u8>>,
    bases: Table<Hash, Vec<u8>>,
    cases: Table<JournalId, CaseRow>,
    numbers: Table<CaseNumber, JournalId>,
    members: Table<(JournalId, PersonId), ()>,
    counters: Table<String, u64>,
    documents: Table<u64, SearchDocument>,
    document_of: Table<(JournalId, u64), u64>,
    exhibits: Table<(JournalId, String), ExhibitRow>,
    projects: Table<JournalId, ProjectRow>,
    alerts: Table<Uuid, AlertRow>,
    outbox: Table<NoticeId, OutboxRow>,
    /// Of them, what waits in the queue or is being sent.
    open: Table<NoticeId, ()>,
    /// The deliveries of each journal.
    told: Table<(JournalId, NoticeId), ()>,
    attempts: Table<(NoticeId, u32), Attempt>,
    accounts: Table<PersonId, Account>,
    tokens: Table<Hash, TokenRow>,
    sessions: Table<Hash, SessionRow>,
    challenges: Table<Hash, ChallengeRow>,
    passkeys: Table<Hash, PasskeyRow>,
    answers: Table<(String, String), IdempotencyRow>,
    settings: Table<String, Vec<u8>>,
    judge: Judge,
    wishes: Wishes,
}

macro_rules! every_table {
    ($memory:expr, $call:ident) => {{
        let memory = $memory;
        memory.journals.$call();
        memory.entries.$call();
        memory.sealed.$call();
        memory.keys.$call();
        memory.bases.$call();
        memory.cases.$call();
        memory.numbers.$call();
        memory.members.$call();
        memory.counters.$call();
        memory.documents.$call();
        memory.document_of.$call();
        memory.exhibits.$call();
        memory.projects.$call();
        memory.alerts.$call();
        memory.outbox.$call();
        memory.open.$call();
        memory.told.$call();
        memory.attempts.$call();
        memory.accounts.$call();
        memory.tokens.$call();
        memory.sessions.$call();
        memory.challenges.$call();
        memory.passkeys.$call();
        memory.answers.$call();
        memory.settings.$call();
    }};
}

impl Memory {
    fn must_exist(&self, journal: JournalId) -> Result<()> {
        match self.journals.get(&journal) {
            Some(_) => Ok(()),
            None => Err(StoreError::unknown_journal()),
        }
    }

    fn let_go(&mut self, id: JournalId) {
        let (first, none) = (Hash::default(), NoticeId(uuid::Uuid::nil()));
        self.journals.remove(&id);
        self.keys.remove(&id);
        self.projects.remove(&id);
        self.entries.remove_from((id, 0), |(of, _)| *of == id);
        self.sealed.remove_from((id, first), |(of, _)| *of == id);
        self.members
            .remove_from((id, PersonId::new()), |(of, _)| *of == id);
        self.exhibits
            .remove_from((id, String::new()), |(of, _)| *of == id);
        self.alerts.remove_where(|_, row| row.journal == id);
        if let Some(row) = self.cases.get(&id).cloned() {
            self.numbers.remove(&row.number);
            self.cases.remove(&id);
        }
        for (_, document) in self.document_of.remove_from((id, 0), |(of, _)| *of == id) {
            self.documents.remove(&document);
        }
        for ((_, notice), ()) in self.told.remove_from((id, none), |(of, _)| *of == id) {
            self.outbox.remove(&notice);
            self.open.remove(&notice);
            self.attempts
                .remove_from((notice, 0), |(of, _)| *of == notice);
        }
    }
}

impl Ground for Memory {
    fn tx(&mut self) -> &mut dyn Tx {
        self
    }

    fn wishes(&mut self) -> &mut Wishes {
        &mut self.wishes
    }

    fn spoilt(&mut self) -> Option<StoreError> {
        None
    }

    fn begin(&mut self) -> Result<()> {
        Ok(())
    }

    fn savepoint(&mut self) -> Result<()> {
        every_table!(self, set_savepoint);
        Ok(())
    }

    fn keep_savepoint(&mut self) -> Result<()> {
        Ok(())
    }

    fn undo_savepoint(&mut self) -> Result<()> {
        every_table!(self, undo_savepoint);
        Ok(())
    }

    fn commit(&mut self) -> Result<()> {
        every_table!(self, settle);
        Ok(())
    }

    fn abandon(&mut self) {
        every_table!(self, undo_all);
    }
}

impl BatchTx for Memory {
    fn batch(&self) -> u64 {
        self.wishes.batch
    }

    fn after_commit(&mut self, act: Box<dyn FnOnce() + Send>) {
        self.wishes.acts.push(act);
    }

    fn scrub_log(&mut self) {}
}

fn whole(time: Option<Timestamp>) -> Option<Timestamp> {
    time.map(whole_micros)
}

fn at_most<T: Clone>(limit: u32, rows: impl Iterator<Item = T>) -> Vec<T> {
    rows.take(usize::try_from(limit).unwrap_or(usize::MAX))
        .collect()
}

/// A [`Memory`] that many may hold.
#[derive(Clone)]
pub struct MemoryStore {
    memory: Arc<Mutex<Memory>>,
    judge: Judge,
    own: Arc<Own>,
}

impl Default for MemoryStore {
    fn default() -> Self {
        let judge = Judge::default();
        let memory = Memory {
            judge: judge.clone(),
            ..Memory::default()
        };
        Self {
            memory: Arc::new(Mutex::new(memory)),
            judge,
            own: Arc::default(),
        }
    }
}

/// What each way to the memory has for itself.
#[derive(Default)]
struct Own {
    figures: Figures,
    fault: Fault,
}

impl MemoryStore {
    /// Another way to the same rows, as of another node: what goes wrong on the one does not on the other.
    #[must_use]
    pub fn beside(&self) -> Self {
        Self {
            memory: Arc::clone(&self.memory),
            judge: self.judge.clone(),
            own: Arc::default(),
        }
    }

    /// Lets go of a journal and of everything beside it: what is here is a copy, and is kept elsewhere.
    pub(super) fn let_go(&self, journal: JournalId) {
        let mut memory = self.lock();
        memory.let_go(journal);
        every_table!(&mut *memory, settle);
    }

    /// The clock by which leases are judged, over every way to these rows.
    pub(super) fn judge(&self) -> &Judge {
        &self.judge
    }

    pub(super) fn figures(&self) -> &Figures {
        &self.own.figures
    }

    pub(super) fn fault(&self) -> &Fault {
        &self.own.fault
    }

    pub(super) fn read<T>(&self, work: impl FnOnce(&dyn View) -> T) -> T {
        work(&*self.lock())
    }

    pub(super) fn write<'a>(&self, jobs: Vec<Box<dyn Job + 'a>>) {
        let mut jobs = jobs.into_iter();
        while let Some(first) = jobs.next() {
            let number = self.own.figures.next_batch();
            let mut memory = self.lock();
            let fault = &self.own.fault;
            let (end, answers) = batch::run(&mut *memory, fault, number, first, || jobs.next());
            drop(memory);
            self.own.figures.count(end);
            answers.give();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
