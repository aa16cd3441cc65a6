//! One connection with its transaction, as the jobs see it.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::{Connection, Params, Row};

use super::errors::meaning;
use super::statements;
use super::texts::Texts;
use crate::store::batch::{Ground, Wishes};
use crate::store::error::{Result, StoreError};
use crate::store::judge::Judge;
use crate::store::seam::{BatchTx, Tx, View};

statements! {
    BEGIN_WRITE = "BEGIN IMMEDIATE";
    BEGIN_READ = "BEGIN";
    COMMIT = "COMMIT";
    ROLLBACK = "ROLLBACK";
    SAVEPOINT = "SAVEPOINT job";
    RELEASE = "RELEASE job";
    UNDO = "ROLLBACK TO job";
}

/// The age of reads: those begun in an earlier age must end, so that the log can be emptied.
pub(super) type Age = Arc<AtomicU64>;

/// A connection and what the running job asked for.
pub(super) struct Session {
    pub(super) conn: Connection,
    wishes: Wishes,
    spoilt: RefCell<Option<StoreError>>,
    pub(super) texts: RefCell<Texts>,
    age: Age,
    pub(super) judge: Judge,
    /// The age in which the running read began; nothing for a writer, which never grows old.
    began: Option<u64>,
}

impl Session {
    pub(super) fn new(conn: Connection, age: Age, judge: Judge) -> Self {
        conn.set_prepared_statement_cache_capacity(256);
        Self {
            conn,
            wishes: Wishes::default(),
            spoilt: RefCell::default(),
            texts: RefCell::default(),
            age,
            judge,
            began: None,
        }
    }

    /// The rows of a query.
    pub(super) fn many<T>(
        &self,
        sql: &str,
        params: impl Params,
        mut row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut all = Vec::new();
        self.each(sql, params, |r| {
            all.push(row(r)?);
            Ok(true)
        })?;
        Ok(all)
    }

    /// The first row of a query.
    pub(super) fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        row: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        let (mut found, mut row) = (None, Some(row));
        self.each(sql, params, |r| {
            if let Some(row) = row.take() {
                found = Some(row(r)?);
            }
            Ok(false)
        })?;
        Ok(found)
    }

    /// Goes through the rows of a query as long as `row` says true.
    pub(super) fn each(
        &self,
        sql: &str,
        params: impl Params,
        mut row: impl FnMut(&Row<'_>) -> rusqlite::Result<bool>,
    ) -> Result<()> {
        self.still_young()?;
        let through = || {
            let mut statement = self.conn.prepare_cached(sql)?;
            let mut rows = statement.query(params)?;
            while let Some(found) = rows.next()? {
                if !row(found)? {
                    break;
                }
            }
            Ok(())
        };
        self.noted(through())
    }

    /// Carries out a statement; says how many rows it touched.
    pub(super) fn run(&self, sql: &str, params: impl Params) -> Result<u64> {
        self.still_young()?;
        let touched = self
            .conn
            .prepare_cached(sql)
            .and_then(|mut s| s.execute(params));
        self.noted(touched).map(|rows| rows as u64)
    }

    /// Notes about how much is being written.
    pub(super) fn writes(&mut self, bytes: usize) {
        self.wishes.bytes += bytes;
    }

    /// Runs a read in a transaction of its own.
    pub(super) fn read<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&dyn View) -> Result<T, E>,
    ) -> Result<T, E> {
        self.began = Some(self.age.load(Ordering::SeqCst));
        self.run(BEGIN_READ, [])?;
        let ended = EndOfRead(self);
        let session: &Self = ended.0;
        work(session)
    }

    fn still_young(&self) -> Result<()> {
        match self.began {
            Some(began) if began < self.age.load(Ordering::SeqCst) => {
                Err(StoreError::Busy("this read lasted too long".to_owned()))
            }
            _ => Ok(()),
        }
    }

    fn noted<T>(&self, answer: rusqlite::Result<T>) -> Result<T> {
        answer.map_err(|error| {
            let error = meaning(error);
            if error.spoils_the_write() {
                self.spoilt
                    .borrow_mut()
                    .get_or_insert_with(|| error.clone());
            }
            error
        })
    }
}

/// Ends a read's transaction, also when the job panics.
struct EndOfRead<'a>(&'a mut Session);

impl Drop for EndOfRead<'_> {
    fn drop(&mut self) {
        self.0.began = None;
        if let Err(error) = self.0.run(ROLLBACK, []) {
            tracing::error!(%error, "a read could not be ended");
        }
    }
}

impl Ground for Session {
    fn tx(&mut self) -> &mut dyn Tx {
        self
    }

    fn wishes(&mut self) -> &mut Wishes {
        &mut self.wishes
    }

    fn spoilt(&mut self) -> Option<StoreError> {
        self.spoilt.take()
    }

    fn begin(&mut self) -> Result<()> {
        self.run(BEGIN_WRITE, []).map(drop)
    }

    fn savepoint(&mut self) -> Result<()> {
        self.texts.get_mut().mark();
        self.run(SAVEPOINT, []).map(drop)
    }

    fn keep_savepoint(&mut self) -> Result<()> {
        self.run(RELEASE, []).map(drop)
    }

    fn undo_savepoint(&mut self) -> Result<()> {
        self.texts.get_mut().undo();
        self.run(UNDO, [])?;
        self.run(RELEASE, []).map(drop)
    }

    fn commit(&mut self) -> Result<()> {
        self.write_texts()?;
        self.run(COMMIT, [])?;
        self.texts.get_mut().clear();
        Ok(())
    }

    fn abandon(&mut self) {
        if !self.conn.is_autocommit()
            && let Err(error) = self.run(ROLLBACK, [])
        {
            tracing::error!(%error, "a failed batch could not be rolled back");
        }
        self.spoilt.take();
        self.texts.get_mut().clear();
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
