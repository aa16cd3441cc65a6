//! Opening the data directory: its lock, its file, its connections.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::errors::meaning;
use super::migrate::migrate;
use super::session::{Age, Session};
use crate::store::error::{Result, StoreError};

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

/// Says that this process serves the directory, until dropped.
pub(super) struct DirLock(#[expect(dead_code, reason = "held for its lock")] File);

impl DirLock {
    /// Makes the directory if need be, and locks it.
    pub(super) fn take(dir: &Path) -> Result<Self> {
        let mut builder = DirBuilder::new();
        builder
            .recursive(true)
            .mode(0o700)
            .create(dir)
            .map_err(|error| disk(&error))?;
        let file = private_file(&dir.join("henhouse.lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(StoreError::DataDirInUse(dir.to_owned())),
            Err(TryLockError::Error(error)) => Err(disk(&error)),
        }
    }
}

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
pub(super) fn reader(path: &Path, age: &Age) -> Result<Session> {
    let conn = connect(path)?;
    conn.pragma_update(None, "query_only", true)
        .map_err(meaning)?;
    Ok(Session::new(conn, age.clone()))
}

fn private_file(path: &Path) -> Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(|error| disk(&error))
}

/// What an error of the file system means to the callers.
pub(super) fn disk(error: &std::io::Error) -> StoreError {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => StoreError::Full,
        _ => StoreError::Io(error.to_string()),
    }
}
