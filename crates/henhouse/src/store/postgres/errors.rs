//! What PostgreSQL's errors mean to the callers.

use std::error::Error as _;

use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::store::error::StoreError;

/// Whether the connection is of no more use after this.
pub(super) fn ends_the_connection(error: &Error) -> bool {
    match error.code() {
        Some(code) => {
            let class = &code.code()[..2];
            class == "08"
                || class == "57" && *code != SqlState::QUERY_CANCELED
                || class == "25" && *code != SqlState::IN_FAILED_SQL_TRANSACTION
        }
        None => error.is_closed() || is_transport(error),
    }
}

/// Whether it came from the wire and not from a value that does not fit its column.
fn is_transport(error: &Error) -> bool {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if inner.is::<std::io::Error>() {
            return true;
        }
        cause = inner.source();
    }
    false
}

/// The store's error behind PostgreSQL's.
pub(super) fn meaning(error: &Error) -> StoreError {
    let Some(told) = error.as_db_error() else {
        return if ends_the_connection(error) {
            StoreError::Away(error.to_string())
        } else {
            StoreError::Corrupt(with_cause(error))
        };
    };
    let words = format!("{} ({})", told.message(), told.code().code());
    let code = told.code();
    match &code.code()[..2] {
        _ if *code == SqlState::DISK_FULL => StoreError::Full,
        _ if *code == SqlState::UNIQUE_VIOLATION => {
            StoreError::Conflict(format!("taken already: {words}"))
        }
        _ if *code == SqlState::FOREIGN_KEY_VIOLATION => StoreError::unknown_journal(),
        _ if *code == SqlState::QUERY_CANCELED => {
            StoreError::Busy("this lasted too long".to_owned())
        }
        _ if *code == SqlState::IN_FAILED_SQL_TRANSACTION => StoreError::Invalid(words),
        "08" | "57" | "25" => StoreError::Away(words),
        "40" | "53" | "55" => StoreError::Busy(words),
        "58" => StoreError::Io(words),
        "XX" => StoreError::Corrupt(words),
        "28" | "3D" | "3F" | "42" => StoreError::Schema(words),
        _ => StoreError::Invalid(words),
    }
}

/// The sentence with the one behind it, which says what did not fit.
fn with_cause(error: &Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
