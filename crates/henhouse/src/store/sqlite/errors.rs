//! What SQLite's errors mean to the callers.

use rusqlite::{Error, ErrorCode, ffi};

use crate::store::error::StoreError;

/// The store's error behind SQLite's.
pub(super) fn meaning(error: Error) -> StoreError {
    match error {
        Error::SqliteFailure(failure, words) => failed(failure, words),
        Error::FromSqlConversionFailure(..)
        | Error::InvalidColumnType(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::Utf8Error(..) => StoreError::Corrupt(error.to_string()),
        other => StoreError::Invalid(other.to_string()),
    }
}

fn failed(failure: ffi::Error, words: Option<String>) -> StoreError {
    let words = words.unwrap_or_else(|| failure.to_string());
    match failure.code {
        ErrorCode::DiskFull => StoreError::Full,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Corrupt(words),
        ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::FileLockingProtocolFailed
        | ErrorCode::OperationInterrupted => StoreError::Busy(words),
        ErrorCode::ConstraintViolation => broken_promise(failure.extended_code, words),
        ErrorCode::TypeMismatch | ErrorCode::TooBig | ErrorCode::Unknown => {
            StoreError::Invalid(words)
        }
        _ => StoreError::Io(words),
    }
}

fn broken_promise(code: i32, words: String) -> StoreError {
    match code {
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => StoreError::unknown_journal(),
        ffi::SQLITE_CONSTRAINT_UNIQUE
        | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
        | ffi::SQLITE_CONSTRAINT_ROWID => StoreError::Conflict(format!("taken already: {words}")),
        _ => StoreError::Invalid(words),
    }
}
