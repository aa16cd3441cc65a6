//! The store on PostgreSQL 15 or newer: several nodes over one database.
//!
//! All SQL for PostgreSQL stands in this folder, as named constants (`statements!`); a test prepares every
//! one of them. The writer of each node takes what waits into one transaction, as on SQLite; an advisory
//! lock makes the transactions of all nodes follow one another. Nothing is read from a replica.

mod access;
mod address;
mod alerts;
mod cases;
mod errors;
mod gate;
mod hosts;
mod journal;
mod known;
mod line;
mod lists;
mod migrate;
mod news;
mod outbox;
mod readers;
mod search;
mod session;
#[cfg(test)]
pub(crate) mod tests;
mod values;
mod writer;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot, watch};
use uuid::Uuid;

use self::address::Address;
use self::line::Line;
#[cfg(test)]
pub(super) use self::migrate::STEPS;
use self::readers::ReadJob;
use self::session::Session;
use self::writer::Writer;
use super::batch::{self, Job};
use super::dir_lock::DirLock;
use super::error::{Result, StoreError};
use super::fault::Fault;
use super::figures::Figures;
use super::judge::Judge;
use super::lanes::{Lanes, lanes};
use super::model::{JournalId, Lane};
use super::seam::{Tx, View};

/// Names statements. They are listed too, so that a test can prepare them all.
macro_rules! statements {
    ($($(#[$note:meta])* $name:ident = $sql:expr;)+) => {
        $($(#[$note])* const $name: &str = $sql;)+

        #[cfg(test)]
        pub(super) const STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}
use statements;

/// So many reads may wait; whoever comes then waits to be let in.
const QUEUE: usize = 1024;

/// How a store is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostgresOptions {
    /// Where the database is: `postgres://user:password@host:port/database`.
    pub address: String,
    /// This process among those that write into the database: a new id for each start.
    pub node: Uuid,
    /// Reader connections, each with a thread; 0 runs every job on the caller's thread, writes too.
    pub readers: usize,
    /// The data directory that belongs to this process as long as the store is open.
    pub held: Option<PathBuf>,
}

/// The store in one schema of a database. Clones share it; the last one to go closes it.
#[derive(Clone)]
pub struct PostgresStore(Arc<Open>);

struct Open {
    core: Arc<Core>,
    /// Nothing if jobs run on the caller's thread.
    queues: Option<Queues>,
    threads: Vec<JoinHandle<()>>,
    /// Those who hear what other nodes write, until this is gone.
    followers: Mutex<Vec<JoinHandle<()>>>,
    following: Option<watch::Sender<()>>,
    /// Held as long as the directory is served.
    _lock: Option<DirLock>,
}

struct Queues {
    writes: Lanes,
    reads: mpsc::Sender<ReadJob>,
}

/// What the threads share.
struct Core {
    address: Arc<Address>,
    node: Uuid,
    writer: Mutex<Writer>,
    /// For reads on the caller's thread.
    reader: Mutex<Session>,
    /// Given in tests only.
    judge: Judge,
    figures: Figures,
    fault: Fault,
}

impl PostgresStore {
    /// Opens the store in a database; makes its tables if they are not there.
    ///
    /// # Errors
    /// `Away` if nobody answers, `Schema` if this program cannot use what is there.
    pub fn open(options: &PostgresOptions) -> Result<Self> {
        let address: Arc<Address> = Arc::new(options.address.parse()?);
        let lock = options.held.as_deref().map(DirLock::take).transpose()?;
        apart(|| migrate::migrate(&mut Line::new(&address)?))?;
        Self::over(options, address, lock)
    }

    /// The store in a database that may be away. Whatever is asked of it waits until [`Self::join`] has come to an end,
    /// and after one that failed is answered that the database is away.
    ///
    /// # Errors
    /// The address cannot be read, or the directory is in use; never the database's.
    pub fn open_unseen(options: &PostgresOptions) -> Result<Self> {
        let address: Address = options.address.parse()?;
        let lock = options.held.as_deref().map(DirLock::take).transpose()?;
        Self::over(options, Arc::new(address.gated()), lock)
    }

    /// Looks at the database for the first time: that it holds an installation, what `admit` says of that one, and that
    /// its schema is this program's. From then on the store can be used. An empty database is left as it is.
    ///
    /// # Errors
    /// What `admit` says; `Away` if nobody answers, `Schema` if this program cannot use what is there. The store stays
    /// out of the database.
    pub(super) fn join<E: From<StoreError> + Send>(
        &self,
        admit: impl FnOnce(&dyn View) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        let address = Arc::new(self.0.core.address.past_the_gate());
        apart(|| {
            migrate::must_be_there(&mut Line::new(&address)?)?;
            let mut session = Session::reader(&address, &self.0.core.judge)?;
            let admitted = session.read(admit);
            session.end_read();
            admitted?;
            Ok::<_, E>(migrate::migrate(&mut Line::new(&address)?)?)
        })?;
        self.0.core.address.gate().unlock();
        Ok(())
    }

    /// Answers whoever asks or waits that the database is away, until the next look at it succeeds.
    pub(super) fn stays_out(&self, why: &str) {
        self.0.core.address.gate().shut(why);
    }

    fn over(
        options: &PostgresOptions,
        address: Arc<Address>,
        lock: Option<DirLock>,
    ) -> Result<Self> {
        let judge = Judge::default();
        let core = Arc::new(Core {
            writer: Mutex::new(Writer::new(&address, &judge, options.node)?),
            reader: Mutex::new(Session::reader(&address, &judge)?),
            judge,
            figures: Figures::default(),
            fault: Fault::default(),
            node: options.node,
            address,
        });
        let mut threads = Vec::new();
        let mut queues = None;
        if options.readers > 0 {
            let (writes, waiting) = lanes()?;
            threads.push(writer::spawn(Arc::clone(&core), waiting)?);
            let (reads, waiting) = mpsc::channel(QUEUE);
            let waiting = Arc::new(Mutex::new(waiting));
            for _ in 0..options.readers {
                let session = Session::reader(&core.address, &core.judge)?;
                threads.push(readers::spawn(session, Arc::clone(&waiting))?);
            }
            queues = Some(Queues { writes, reads });
        }
        Ok(Self(Arc::new(Open {
            core,
            queues,
            threads,
            followers: Mutex::default(),
            following: Some(watch::Sender::new(())),
            _lock: lock,
        })))
    }

    /// The database as people know it, without its password.
    pub(super) fn shown(&self) -> String {
        self.0.core.address.shown()
    }

    /// How many nodes serve this store now.
    pub(super) fn serving(&self) -> Result<u64> {
        apart(|| {
            let reader = self.0.core.reader.lock();
            let mut session = reader.unwrap_or_else(PoisonError::into_inner);
            session.read(|_| Ok::<_, StoreError>(()))?;
            let serving = news::serving(&session);
            session.end_read();
            serving
        })
    }

    /// Tells what other nodes write from now on, until the store is closed.
    ///
    /// # Errors
    /// No thread can be started.
    pub(super) fn follow(
        &self,
        tell: impl Fn(Option<(JournalId, u64)>) + Send + 'static,
    ) -> Result<()> {
        let Some(following) = &self.0.following else {
            return Err(StoreError::Closed);
        };
        let core = &self.0.core;
        let stop = following.subscribe();
        let follower = news::spawn(Arc::clone(&core.address), core.node, stop, tell)?;
        let mut followers = self
            .0
            .followers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        followers.push(follower);
        Ok(())
    }

    /// In a test time is given.
    #[cfg(test)]
    pub(super) fn judge(&self) -> &Judge {
        &self.0.core.judge
    }

    pub(super) fn figures(&self) -> &Figures {
        &self.0.core.figures
    }

    pub(super) fn fault(&self) -> &Fault {
        &self.0.core.fault
    }

    pub(super) async fn write<T, E>(
        &self,
        lane: Lane,
        work: impl FnOnce(&mut dyn Tx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = batch::job(work, move |done| drop(reply.send(done)));
        match &self.0.queues {
            Some(queues) => queues.writes.send(lane, job).await?,
            None => self.write_batch(vec![job]),
        }
        answer
            .await
            .unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    pub(super) fn write_batch<'a>(&self, jobs: Vec<Box<dyn Job + 'a>>) {
        apart(|| {
            let mut jobs = jobs.into_iter();
            while let Some(first) = jobs.next() {
                self.0.core.write(first, || jobs.next());
            }
        });
    }

    pub(super) async fn read<T, E>(
        &self,
        work: impl FnOnce(&dyn View) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let Some(queues) = &self.0.queues else {
            return self.read_inline(work);
        };
        let (reply, answer) = oneshot::channel();
        let job: ReadJob = Box::new(move |session| drop(reply.send(session.read(work))));
        queues
            .reads
            .send(job)
            .await
            .map_err(|_| StoreError::Closed)?;
        // A job that panicked drops its reply.
        answer
            .await
            .unwrap_or_else(|_| Err(StoreError::Panicked.into()))
    }

    pub(super) fn read_inline<T: Send, E: From<StoreError> + Send>(
        &self,
        work: impl FnOnce(&dyn View) -> Result<T, E> + Send,
    ) -> Result<T, E> {
        apart(|| {
            let mut session = self
                .0
                .core
                .reader
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let answer = session.read(work);
            session.end_read();
            answer
        })
    }
}

impl PostgresStore {
    /// A read on a connection of its own.
    pub(super) fn read_at_length<T: Send, E: From<StoreError> + Send>(
        &self,
        work: impl FnOnce(&dyn View) -> Result<T, E> + Send,
    ) -> Result<T, E> {
        apart(|| {
            let mut session = Session::reader(&self.0.core.address, &self.0.core.judge)?;
            let answer = session.read(work);
            session.end_read();
            answer
        })
    }
}

/// Runs `work` where it may wait: on a thread of its own if this one belongs to a runtime.
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if tokio::runtime::Handle::try_current().is_err() {
        return work();
    }
    std::thread::scope(|scope| match scope.spawn(work).join() {
        Ok(done) => done,
        Err(bug) => std::panic::resume_unwind(bug),
    })
}

impl Drop for Open {
    fn drop(&mut self) {
        // The threads end when their queues do.
        self.queues = None;
        self.following = None;
        let followers = self
            .followers
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        self.threads.append(followers);
        let own = std::thread::current().id();
        for thread in self
            .threads
            .drain(..)
            .filter(|thread| thread.thread().id() != own)
        {
            if thread.join().is_err() {
                tracing::error!("a store thread stopped with a bug");
            }
        }
    }
}
