//! One connection with its transaction, as the jobs see it.
//!
//! Writes are held back to the end of their job and then sent without waiting: a job that is refused has
//! written nothing and needs no savepoint. A question that the held-back writes could change sends them
//! first, behind a savepoint. What the store checks before a write (that a number is free, that a journal
//! is there) it checks by asking, because an error of the database spoils the whole transaction.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use super::address::Address;
use super::known::Known;
use super::line::Line;
use super::statements;
use super::values::Value;
use crate::store::batch::Wishes;
use crate::store::error::{Result, StoreError};
use crate::store::judge::Judge;
use crate::store::model::JournalId;
use crate::store::seam::{BatchTx, View};

statements! {
    BEGIN_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    ROLLBACK = "ROLLBACK";
    SAVEPOINT = "SAVEPOINT job";
    RELEASE = "RELEASE SAVEPOINT job";
    UNDO = "ROLLBACK TO SAVEPOINT job";
}

/// A job that writes more does not hold it all back, so that the database hears of it in time.
const HELD: usize = 512;
const HELD_BYTES: usize = 1 << 20;

/// A connection and what the running job asked for.
pub(super) struct Session {
    pub(super) line: RefCell<Line>,
    pub(super) known: RefCell<Known>,
    /// Whether rows are remembered: by the writer, not by a read, which may go through everything.
    pub(super) remembers: bool,
    pub(super) wishes: Wishes,
    pub(super) job: RefCell<Job>,
    /// The journals that the kept jobs of the batch lengthened.
    pub(super) appended: RefCell<BTreeMap<JournalId, u64>>,
    pub(super) judge: Judge,
    /// When the running write transaction got its turn, by the database's clock.
    pub(super) began: Cell<Option<Timestamp>>,
    /// A read was begun and not ended; after a panic it is ended by the next one.
    reading: bool,
}

/// Where the running job stands.
#[derive(Default)]
pub(super) struct Job {
    /// Writes that were not sent yet.
    held: Vec<(&'static str, Vec<Value>)>,
    held_bytes: usize,
    /// Whether rows of cases may be among them.
    pub(super) cases_held: bool,
    /// Whether it can be undone by the database.
    savepoint: bool,
    /// What the database said when it spoilt the transaction.
    pub(super) failed: Option<StoreError>,
    /// The error that spoils the job even if it goes on.
    pub(super) spoilt: Option<StoreError>,
    /// The journals that it lengthened, and to which entry.
    pub(super) appended: BTreeMap<JournalId, u64>,
    /// A read that has asked nothing yet: it may still begin on another connection.
    fresh_read: bool,
}

impl Session {
    /// A session that only reads.
    pub(super) fn reader(address: &Arc<Address>, judge: &Judge) -> Result<Self> {
        Self::new(address, judge, false)
    }

    /// The session of the writer.
    pub(super) fn writer(address: &Arc<Address>, judge: &Judge) -> Result<Self> {
        Self::new(address, judge, true)
    }

    fn new(address: &Arc<Address>, judge: &Judge, remembers: bool) -> Result<Self> {
        Ok(Self {
            line: RefCell::new(Line::new(address)?),
            known: RefCell::default(),
            remembers,
            wishes: Wishes::default(),
            job: RefCell::default(),
            appended: RefCell::default(),
            judge: judge.clone(),
            began: Cell::default(),
            reading: false,
        })
    }

    /// Writes at the end of the job. What is asked later in the same job must not depend on it, or must
    /// know of it by [`Known`], or must be asked by [`Self::many`].
    pub(super) fn put(&self, sql: &'static str, values: Vec<Value>) -> Result<()> {
        self.still_whole()?;
        for value in &values {
            value.check()?;
        }
        let mut job = self.job.borrow_mut();
        job.held_bytes += values.iter().map(Value::len).sum::<usize>();
        job.held.push((sql, values));
        let many = job.held.len() >= HELD || job.held_bytes >= HELD_BYTES;
        drop(job);
        if !many {
            return Ok(());
        }
        self.save()?;
        self.send_held()?;
        let settled = self.line.borrow_mut().settle();
        self.noted(settled)
    }

    /// Writes now; says how many rows were touched.
    pub(super) fn run(&self, sql: &str, values: Vec<Value>) -> Result<u64> {
        for value in &values {
            value.check()?;
        }
        self.save()?;
        self.send_held()?;
        let touched = self.line.borrow_mut().run(sql, values);
        self.noted(touched)
    }

    /// The rows of a query, which sees what the job has written.
    pub(super) fn many<T>(
        &self,
        sql: &str,
        values: Vec<Value>,
        row: impl FnMut(&Got) -> Result<T>,
    ) -> Result<Vec<T>> {
        if !self.job.borrow().held.is_empty() {
            self.save()?;
            self.send_held()?;
        }
        self.peek(sql, values, row)
    }

    /// The rows of a query that nothing the job has written can change.
    pub(super) fn peek<T>(
        &self,
        sql: &str,
        values: Vec<Value>,
        mut row: impl FnMut(&Got) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.still_whole()?;
        let mut answer = self.line.borrow_mut().ask(sql, values.clone());
        let fresh = std::mem::take(&mut self.job.borrow_mut().fresh_read);
        if fresh && matches!(answer, Err(StoreError::Away(_))) {
            // The connection had died while nobody used it; nothing was read yet.
            answer = self.begin_read().and_then(|()| {
                self.job.borrow_mut().fresh_read = false;
                self.line.borrow_mut().ask(sql, values)
            });
        }
        let rows = self.noted(answer)?;
        let read: Result<Vec<T>> = rows.iter().map(|found| row(&Got(found))).collect();
        // A row that cannot be read spoils the job, not the transaction.
        if let Err(error) = &read {
            self.spoil(error);
        }
        read
    }

    /// The first row of a query, as [`Self::many`].
    pub(super) fn one<T>(
        &self,
        sql: &str,
        values: Vec<Value>,
        row: impl FnMut(&Got) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.many(sql, values, row)?.into_iter().next())
    }

    /// The first row of a query, as [`Self::peek`].
    pub(super) fn peek_one<T>(
        &self,
        sql: &str,
        values: Vec<Value>,
        row: impl FnMut(&Got) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.peek(sql, values, row)?.into_iter().next())
    }

    /// Remembers what was read.
    pub(super) fn learn(&self, what: impl FnOnce(&mut Known)) {
        if self.remembers {
            what(&mut self.known.borrow_mut());
        }
    }

    /// Notes about how much is being written.
    pub(super) fn writes(&mut self, bytes: usize) {
        self.wishes.bytes += bytes;
    }

    /// Runs a read in a transaction of its own, which is still open afterwards: see [`Self::end_read`].
    pub(super) fn read<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&dyn View) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.reading {
            self.end_read();
        }
        self.reading = true;
        self.begin_read()?;
        work(self)
    }

    /// Ends a read's transaction, whatever became of it.
    pub(super) fn end_read(&mut self) {
        self.reading = false;
        *self.job.borrow_mut() = Job::default();
        let mut line = self.line.borrow_mut();
        if line.is_connected() && line.run(ROLLBACK, Vec::new()).is_err() {
            line.hang_up();
        }
    }

    fn begin_read(&self) -> Result<()> {
        let mut line = self.line.borrow_mut();
        let begun = line
            .connect()
            .and_then(|()| line.send(BEGIN_READ, Vec::new()));
        let begun = begun.or_else(|_| {
            line.hang_up();
            line.connect()?;
            line.send(BEGIN_READ, Vec::new())
        });
        *self.job.borrow_mut() = Job {
            fresh_read: true,
            ..Job::default()
        };
        begun
    }

    /// The job is kept: what it held back goes on its way.
    pub(super) fn keep(&self) -> Result<()> {
        self.send_held()?;
        let mut job = self.job.borrow_mut();
        self.appended.borrow_mut().append(&mut job.appended);
        let savepoint = std::mem::take(&mut job.savepoint);
        drop(job);
        if savepoint {
            self.send(RELEASE, Vec::new())?;
        }
        Ok(())
    }

    /// The job is undone. Fails if the whole transaction is lost.
    pub(super) fn undo(&self) -> Result<()> {
        let Job {
            savepoint, failed, ..
        } = std::mem::take(&mut *self.job.borrow_mut());
        self.known.borrow_mut().forget();
        if !savepoint {
            return failed.map_or(Ok(()), Err);
        }
        let mut line = self.line.borrow_mut();
        // Its own errors end with it; that of an earlier job shows again in these two.
        let _its_own = line.settle();
        line.run(UNDO, Vec::new())?;
        line.run(RELEASE, Vec::new()).map(drop)
    }

    /// Makes sure that the database can undo this job.
    fn save(&self) -> Result<()> {
        if !self.job.borrow().savepoint {
            self.send(SAVEPOINT, Vec::new())?;
            self.job.borrow_mut().savepoint = true;
        }
        Ok(())
    }

    fn send_held(&self) -> Result<()> {
        let held = {
            let mut job = self.job.borrow_mut();
            job.held_bytes = 0;
            std::mem::take(&mut job.held)
        };
        for (sql, values) in held {
            self.send(sql, values)?;
        }
        Ok(())
    }

    pub(super) fn send(&self, sql: &str, values: Vec<Value>) -> Result<()> {
        self.still_whole()?;
        let sent = self.line.borrow_mut().send(sql, values);
        self.noted(sent)
    }

    fn still_whole(&self) -> Result<()> {
        self.job.borrow().failed.clone().map_or(Ok(()), Err)
    }

    /// Every error of the database spoils the transaction, and so the job.
    fn noted<T>(&self, answer: Result<T>) -> Result<T> {
        if let Err(error) = &answer {
            self.spoil(error);
            self.job
                .borrow_mut()
                .failed
                .get_or_insert_with(|| error.clone());
        }
        answer
    }

    fn spoil(&self, error: &StoreError) {
        self.job
            .borrow_mut()
            .spoilt
            .get_or_insert_with(|| error.clone());
    }
}

/// A row as it came.
pub(super) struct Got<'a>(&'a Row);

impl Got<'_> {
    /// A column by its place.
    ///
    /// # Errors
    /// `Corrupt` if it is not what it should be.
    pub(super) fn get<'a, T: FromSql<'a>>(&'a self, column: usize) -> Result<T> {
        self.0.try_get(column).map_err(|error| {
            let cause = std::error::Error::source(&error);
            let cause = cause.map_or_else(String::new, |cause| format!(": {cause}"));
            StoreError::Corrupt(format!("{error}{cause}"))
        })
    }
}

impl BatchTx for Session {
    fn batch(&self) -> u64 {
        self.wishes.batch
    }

    fn after_commit(&mut self, act: Box<dyn FnOnce() + Send>) {
        self.wishes.acts.push(act);
    }

    fn scrub_log(&mut self) {
        self.wishes.scrub = true;
    }
}
