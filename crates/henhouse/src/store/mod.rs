//! The store: journals, the index over them, the outbox, and who may come in.
//!
//! One enum over the backends; what can be asked is in [`seam`], in domain words, and both backends
//! answer alike (the suite runs on each). No SQL, row or connection type leaves its folder, and the
//! store reads no clock but to judge leases ([`judge`]), makes no id, decides no rule. It must not import desk, delivery or web.
//!
//! A write is a synchronous closure. On a database many closures share one commit, each in a savepoint
//! of its own; they are answered after the commit and not before.

mod batch;
mod dir_lock;
mod dump;
pub mod error;
pub mod fault;
mod figures;
mod fold;
mod judge;
mod lanes;
mod memory;
pub mod model;
mod postgres;
#[cfg(test)]
mod releases;
pub mod seam;
mod sqlite;
#[cfg(test)]
mod suite;

#[cfg(test)]
pub(crate) use postgres::tests as postgres_scratch;
#[cfg(test)]
use sqlite::tests::upgrade as sqlite_upgrade;

use std::path::Path;

use jiff::Timestamp;

use crate::clock::Clock;
pub use dump::dump_index;
pub use error::{Result, StoreError};
pub use fault::{Fault, FaultPoint};
pub use figures::Figures;
pub use memory::MemoryStore;
pub use model::*;
pub use postgres::{PostgresOptions, PostgresStore};
pub use seam::{
    AccessTx, AccessView, AlertTx, AlertView, BatchTx, CaseTx, CaseView, JournalTx, JournalView,
    OutboxTx, OutboxView, Tx, View,
};
pub use sqlite::{SqliteOptions, SqliteStore};

/// The store. Clones share what they hold.
#[derive(Clone)]
pub enum Store {
    /// In memory, for simulation and tests.
    Memory(MemoryStore),
    /// In one file of a data directory.
    Sqlite(SqliteStore),
    /// In a database that several nodes share.
    Postgres(PostgresStore),
}

impl Store {
    /// An empty store in memory.
    #[must_use]
    pub fn memory() -> Self {
        Self::Memory(MemoryStore::default())
    }

    /// The store of a data directory; see [`SqliteStore::open`].
    ///
    /// # Errors
    /// As [`SqliteStore::open`].
    pub fn sqlite(dir: &Path, options: SqliteOptions) -> Result<Self> {
        SqliteStore::open(dir, options).map(Self::Sqlite)
    }

    /// The store in a PostgreSQL database; see [`PostgresStore::open`].
    ///
    /// # Errors
    /// As [`PostgresStore::open`].
    pub fn postgres(options: &PostgresOptions) -> Result<Self> {
        PostgresStore::open(options).map(Self::Postgres)
    }

    /// The same in a database that may be away; see [`PostgresStore::open_unseen`].
    ///
    /// # Errors
    /// As [`PostgresStore::open_unseen`].
    pub fn postgres_unseen(options: &PostgresOptions) -> Result<Self> {
        PostgresStore::open_unseen(options).map(Self::Postgres)
    }

    /// Looks at a database that was opened unseen; as soon as it answers. Blocks. Any other store is there already.
    ///
    /// # Errors
    /// What `admit` says of the installation that is there; the store's.
    pub fn join<E: From<StoreError> + Send>(
        &self,
        admit: impl FnOnce(&dyn View) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        match self {
            Self::Memory(_) | Self::Sqlite(_) => Ok(()),
            Self::Postgres(store) => store.join(admit),
        }
    }

    /// Says of a database that was opened unseen and not joined that it is away.
    pub fn stays_out(&self, why: &str) {
        match self {
            Self::Memory(_) | Self::Sqlite(_) => {}
            Self::Postgres(store) => store.stays_out(why),
        }
    }

    /// What keeps its rows.
    #[must_use]
    pub fn backend(&self) -> &'static str {
        match self {
            Self::Memory(_) => "memory",
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// The database that other nodes may use too, for people; nothing if this process has the store alone.
    #[must_use]
    pub fn shared(&self) -> Option<String> {
        match self {
            Self::Memory(_) | Self::Sqlite(_) => None,
            Self::Postgres(store) => Some(store.shown()),
        }
    }

    /// How many nodes serve this store now, as far as the store knows of them; a data directory's lock
    /// knows of the others.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn serving(&self) -> Result<u64> {
        match self {
            Self::Memory(_) | Self::Sqlite(_) => Ok(0),
            Self::Postgres(store) => store.serving(),
        }
    }

    /// Leases are judged by this clock from now on: for a store that this process has for itself. Nobody tells a database
    /// what time it is, but in its own tests.
    #[must_use]
    pub fn judged_by(self, clock: &Clock) -> Self {
        let clock = clock.clone();
        self.judge_by(move || clock.wall());
        self
    }

    pub(crate) fn judge_by(&self, shows: impl Fn() -> Timestamp + Send + Sync + 'static) {
        match self {
            Self::Memory(store) => store.judge().set(shows),
            Self::Sqlite(store) => store.judge().set(shows),
            #[cfg(test)]
            Self::Postgres(store) => store.judge().set(shows),
            #[cfg(not(test))]
            Self::Postgres(_) => {}
        }
    }

    /// Tells, until the store is closed, which journals other nodes lengthen and to which entry; nothing in
    /// place of that if too much happened while nobody could look. Its own writes it does not tell, and a
    /// store that no other node uses tells nothing. `tell` must be short and must not use the store.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn follow(&self, tell: impl Fn(Option<(JournalId, u64)>) + Send + 'static) -> Result<()> {
        match self {
            Self::Memory(_) | Self::Sqlite(_) => Ok(()),
            Self::Postgres(store) => store.follow(tell),
        }
    }

    /// Runs `work` in a write transaction and answers after its commit.
    ///
    /// What `work` refuses with an error is undone for it alone. Once the future was polled with room
    /// in the queue, dropping it does not cancel the write. `work` must not use the store itself.
    ///
    /// # Errors
    /// What `work` answers, or the store's own error if the commit failed, the job panicked or the
    /// store is shut down.
    pub async fn write<T, E>(
        &self,
        work: impl FnOnce(&mut dyn Tx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.write_in(Lane::Ordinary, work).await
    }

    /// Runs `work` as [`Self::write`] does, before whatever waits there: for people who act, for
    /// time that has come and for what is being sent, which must not stand in line behind a flood
    /// of reports.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub async fn write_urgent<T, E>(
        &self,
        work: impl FnOnce(&mut dyn Tx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.write_in(Lane::Urgent, work).await
    }

    async fn write_in<T, E>(
        &self,
        lane: Lane,
        work: impl FnOnce(&mut dyn Tx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match self {
            Self::Memory(_) => self.write_inline(work),
            Self::Sqlite(store) => store.write(lane, work).await,
            Self::Postgres(store) => store.write(lane, work).await,
        }
    }

    /// Runs `work` as [`Self::write`] does, on this thread and in a batch of its own: for the
    /// simulation, for tests and for commands that run before the server.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn write_inline<T, E>(
        &self,
        work: impl FnOnce(&mut dyn Tx) -> Result<T, E> + Send,
    ) -> Result<T, E>
    where
        T: Send,
        E: From<StoreError> + Send,
    {
        let mut answer = None;
        self.write_batch(vec![batch::job(work, |done| answer = Some(done))]);
        answer.unwrap_or_else(|| Err(StoreError::Closed.into()))
    }

    fn write_batch<'a>(&self, jobs: Vec<Box<dyn batch::Job + 'a>>) {
        match self {
            Self::Memory(store) => store.write(jobs),
            Self::Sqlite(store) => store.write_batch(jobs),
            Self::Postgres(store) => store.write_batch(jobs),
        }
    }

    /// Runs `work` on a consistent view of what is committed.
    ///
    /// # Errors
    /// What `work` answers, or the store's own error if it could not be run.
    pub async fn read<T, E>(
        &self,
        work: impl FnOnce(&dyn View) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.fault().ask(FaultPoint::Read)?;
        match self {
            Self::Memory(_) => self.read_inline(work),
            Self::Sqlite(store) => store.read(work).await,
            Self::Postgres(store) => store.read(work).await,
        }
    }

    /// Runs `work` as [`Self::read`] does, on this thread.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_inline<T, E>(
        &self,
        work: impl FnOnce(&dyn View) -> Result<T, E> + Send,
    ) -> Result<T, E>
    where
        T: Send,
        E: From<StoreError> + Send,
    {
        self.fault().ask(FaultPoint::Read)?;
        match self {
            Self::Memory(store) => store.read(work),
            Self::Sqlite(store) => store.read_inline(work),
            Self::Postgres(store) => store.read_inline(work),
        }
    }

    /// Runs `work` on a consistent view, on this thread and on a connection of its own, for as long as it
    /// takes: for a backup. While it lasts a SQLite database's log cannot be emptied and grows.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_at_length<T, E>(
        &self,
        work: impl FnOnce(&dyn View) -> Result<T, E> + Send,
    ) -> Result<T, E>
    where
        T: Send,
        E: From<StoreError> + Send,
    {
        self.fault().ask(FaultPoint::Read)?;
        match self {
            Self::Memory(store) => store.read(work),
            Self::Sqlite(store) => store.read_at_length(work),
            Self::Postgres(store) => store.read_at_length(work),
        }
    }

    /// Lets go of a journal that is here as a copy and is kept elsewhere, with everything beside it. Only a store in
    /// memory does: no other one ever loses an entry.
    pub(crate) fn let_go(&self, journal: JournalId) {
        match self {
            Self::Memory(store) => store.let_go(journal),
            Self::Sqlite(_) | Self::Postgres(_) => {}
        }
    }

    /// Counts since the store was opened.
    #[must_use]
    pub fn figures(&self) -> &Figures {
        match self {
            Self::Memory(store) => store.figures(),
            Self::Sqlite(store) => store.figures(),
            Self::Postgres(store) => store.figures(),
        }
    }

    /// Where a test can make commits go wrong.
    #[must_use]
    pub fn fault(&self) -> &Fault {
        match self {
            Self::Memory(store) => store.fault(),
            Self::Sqlite(store) => store.fault(),
            Self::Postgres(store) => store.fault(),
        }
    }
}
