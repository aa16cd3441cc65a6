//! Opening the data directory: its lock, its file, its connections.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::errors::meaning;
use super::migrate::migrate;
use super::session::{Age, Session};
use crate::store::dir_lock::{disk, private_file};
use crate::store::error::Result;
use crate::store::judge::Judge;

/// How long a connection waits for another one's lock. The writer has no rival, so only closing and
/// checkpointing ever wait.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Settings of every connection. Nothing temporary is written to disk, and nothing deleted stays in a
/// freed page.
const SETTINGS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA recursive_triggers = ON;
    PRAGMA secure_delete = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -8192;
    PRAGMA journal_size_limit = 4194304;
";

/// Brings the directory's database to this program's schema; gives its file.
pub(super) fn prepare(dir: &Path) -> Result<PathBuf> {
    let path = dir.join("henhouse.db");
    drop(private_file(&path)?);
    let mut conn = connect(&path)?;
    migrate(&mut conn)?;
    // The names of the new files must outlive a power cut too.
    File::open(dir)
        .and_then(|dir| dir.sync_all())
        .map_err(|error| disk(&error))?;
    Ok(path)
}

/// A connection with every setting.
pub(super) fn connect(path: &Path) -> Result<Connection> {
    let conn = Connection::open(path).map_err(meaning)?;
    let set = || {
        conn.busy_timeout(BUSY_TIMEOUT)?;
        conn.execute_batch(SETTINGS)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        // A plan never depends on a value: otherwise some statements are compiled at each use.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .map(drop)
    };
    set().map_err(meaning)?;
    Ok(conn)
}

/// A session that can only read.
pub(super) fn reader(path: &Path, age: &Age, judge: &Judge) -> Result<Session> {
    let conn = connect(path)?;
    conn.pragma_update(None, "query_only", true)
        .map_err(meaning)?;
    Ok(Session::new(conn, age.clone(), judge.clone()))
}
