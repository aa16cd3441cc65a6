//! Keeping the write-ahead log small.
//!
//! SQLite moves the log into the database by itself after every 1,000 pages, but starts it anew only
//! when no read still needs it; one read that never ends lets it grow without bound. So its file is
//! measured after every batch: above the budget, reads that began long ago are made to fail and the
//! log is emptied. Budget and batch size together stay below 64 MiB.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use rusqlite::Connection;

use super::errors::meaning;
use super::session::Age;
use super::statements;
use crate::store::error::Result;

/// Above so many bytes the log is emptied.
const BUDGET: u64 = 24 << 20;

statements! {
    EMPTY_LOG = "PRAGMA wal_checkpoint(TRUNCATE)";
}

/// The log of one database.
pub(super) struct Log {
    file: PathBuf,
    age: Age,
    budget: u64,
    /// A job asked for an empty log, and a read was in the way.
    owed: bool,
}

impl Log {
    pub(super) fn of(database: &Path, age: &Age) -> Self {
        let mut file = database.as_os_str().to_owned();
        file.push("-wal");
        Self {
            file: file.into(),
            age: age.clone(),
            budget: BUDGET,
            owed: false,
        }
    }

    /// How long the log's file is.
    pub(super) fn bytes(&self) -> u64 {
        std::fs::metadata(&self.file).map_or(0, |file| file.len())
    }

    #[cfg(test)]
    pub(super) fn set_budget(&mut self, bytes: u64) {
        self.budget = bytes;
    }

    /// After a batch: empties the log if a job wished it or the budget is spent.
    pub(super) fn after_batch(&mut self, conn: &Connection, scrub: bool) {
        self.owed |= scrub;
        if !self.owed && self.bytes() <= self.budget {
            return;
        }
        match self.empty(conn) {
            Ok(true) => self.owed = false,
            Ok(false) => tracing::warn!(bytes = self.bytes(), "a read keeps the log from emptying"),
            Err(error) => tracing::error!(%error, "the log could not be emptied"),
        }
    }

    /// First politely, then after old reads were told to end. Says whether it is empty.
    fn empty(&self, conn: &Connection) -> Result<bool> {
        for patience in [Duration::from_millis(20), Duration::from_secs(2)] {
            conn.busy_timeout(patience).map_err(meaning)?;
            let busy: i64 = conn
                .query_row(EMPTY_LOG, [], |row| row.get(0))
                .map_err(meaning)?;
            if busy == 0 {
                return Ok(true);
            }
            self.age.fetch_add(1, Ordering::SeqCst);
        }
        Ok(false)
    }
}
