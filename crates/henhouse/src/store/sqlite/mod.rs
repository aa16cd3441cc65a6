//! The store on SQLite: one file, one writer with group commit, a few readers.
//!
//! All SQL of the program stands in this folder, as named constants (`statements!`); a test prepares
//! every one of them. SQLite runs in WAL mode with `synchronous=FULL`: with less, a power cut could
//! lose a commit that somebody was already told of.

mod access;
mod alerts;
mod cases;
mod errors;
mod journal;
mod lists;
mod log;
mod migrate;
mod open;
mod outbox;
mod readers;
mod search;
mod session;
#[cfg(test)]
pub(in crate::store) mod tests;
mod texts;
mod values;
mod writer;

use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

#[cfg(test)]
pub(super) use self::migrate::STEPS;
use self::readers::ReadJob;
use self::session::{Age, Session};
use self::writer::Writer;
use super::batch::{self, Job};
use super::dir_lock::DirLock;
use super::error::{Result, StoreError};
use super::fault::Fault;
use super::figures::Figures;
use super::judge::Judge;
use super::lanes::{Lanes, lanes};
use super::model::Lane;
use super::seam::{Tx, View};

/// Names statements. They are listed too, so that a test can prepare them all.
macro_rules! statements {
    ($($name:ident = $sql:expr;)+) => {
        $(const $name: &str = $sql;)+

        #[cfg(test)]
        pub(super) const STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}
use statements;

/// So many reads may wait; whoever comes then waits to be let in.
const QUEUE: usize = 1024;

/// How a store is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqliteOptions {
    /// Reader connections, each with a thread; 0 runs every job on the caller's thread, writes too,
    /// for a simulation that must be repeatable.
    pub readers: usize,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self { readers: 4 }
    }
}

/// The store on one data directory. Clones share it; the last one to go closes it.
#[derive(Clone)]
pub struct SqliteStore(Arc<Open>);

struct Open {
    core: Arc<Core>,
    /// Nothing if jobs run on the caller's thread.
    queues: Option<Queues>,
    threads: Vec<JoinHandle<()>>,
    /// Held as long as the directory is served.
    _lock: DirLock,
}

struct Queues {
    writes: Lanes,
    reads: mpsc::Sender<ReadJob>,
}

/// What the threads share.
struct Core {
    /// The database's file.
    file: std::path::PathBuf,
    writer: Mutex<Writer>,
    /// For reads on the caller's thread.
    reader: Mutex<Session>,
    judge: Judge,
    figures: Figures,
    fault: Fault,
}

impl SqliteStore {
    /// Opens the store of a data directory; makes both if they are not there.
    ///
    /// # Errors
    /// `DataDirInUse` if another process has it, `Schema` if this program cannot use it, else what the
    /// disk says.
    pub fn open(dir: &Path, options: SqliteOptions) -> Result<Self> {
        let lock = DirLock::take(dir)?;
        let file = open::prepare(dir)?;
        let age: Age = Arc::new(AtomicU64::new(0));
        let judge = Judge::default();
        let core = Arc::new(Core {
            writer: Mutex::new(Writer::open(&file, &age, &judge)?),
            reader: Mutex::new(open::reader(&file, &age, &judge)?),
            figures: Figures::default(),
            fault: Fault::default(),
            judge,
            file: file.clone(),
        });
        let mut threads = Vec::new();
        let mut queues = None;
        if options.readers > 0 {
            let (writes, waiting) = lanes()?;
            threads.push(writer::spawn(Arc::clone(&core), waiting)?);
            let (reads, waiting) = mpsc::channel(QUEUE);
            let waiting = Arc::new(Mutex::new(waiting));
            for _ in 0..options.readers {
                let session = open::reader(&file, &age, &core.judge)?;
                threads.push(readers::spawn(session, Arc::clone(&waiting))?);
            }
            queues = Some(Queues { writes, reads });
        }
        Ok(Self(Arc::new(Open {
            core,
            queues,
            threads,
            _lock: lock,
        })))
    }

    /// The clock by which leases are judged.
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
        let mut jobs = jobs.into_iter();
        while let Some(first) = jobs.next() {
            self.0.core.write(first, || jobs.next());
        }
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

    pub(super) fn read_inline<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&dyn View) -> Result<T, E>,
    ) -> Result<T, E> {
        self.0
            .core
            .reader
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .read(work)
    }
}

impl SqliteStore {
    /// A read on a connection of its own, which is not made to end when the log is to be emptied: the log
    /// is emptied after it.
    pub(super) fn read_at_length<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&dyn View) -> Result<T, E>,
    ) -> Result<T, E> {
        let alone: Age = Arc::default();
        open::reader(&self.0.core.file, &alone, &self.0.core.judge)?.read(work)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        // The threads end when their queues do; the directory is given free only after them.
        self.queues = None;
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
