//! How the domain's values stand in columns.

use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use uuid::Uuid;

use crate::store::model::{AttemptOutcome, JournalId, JournalKind, Lane, NoticeId, OutboxState};

fn unreadable(what: &'static str) -> FromSqlError {
    FromSqlError::Other(what.into())
}

macro_rules! id_column {
    ($id:ident) => {
        impl ToSql for $id {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::Borrowed(ValueRef::Blob(self.0.as_bytes())))
            }
        }

        impl FromSql for $id {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                <[u8; 16]>::column_result(value).map(|bytes| Self(Uuid::from_bytes(bytes)))
            }
        }
    };
}

id_column!(JournalId);
id_column!(NoticeId);

macro_rules! word_column {
    ($kind:ident) => {
        impl ToSql for $kind {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.word().into())
            }
        }

        impl FromSql for $kind {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                Self::from_word(value.as_str()?).ok_or_else(|| unreadable("an unknown word"))
            }
        }
    };
}

word_column!(JournalKind);
word_column!(OutboxState);
word_column!(AttemptOutcome);

impl ToSql for Lane {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Urgent => 0,
            Self::Ordinary => 1,
        }
        .into())
    }
}

impl FromSql for Lane {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_i64()? {
            0 => Ok(Self::Urgent),
            1 => Ok(Self::Ordinary),
            other => Err(FromSqlError::OutOfRange(other)),
        }
    }
}

/// A time as whole microseconds.
pub(super) struct Micros(pub(super) Timestamp);

impl ToSql for Micros {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.as_microsecond().into())
    }
}

impl FromSql for Micros {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let micros = value.as_i64()?;
        let time = Timestamp::from_microsecond(micros);
        time.map(Self).map_err(|_| FromSqlError::OutOfRange(micros))
    }
}

/// A count, which a column can hold up to 2^63 - 1.
pub(super) struct Count(pub(super) u64);

impl ToSql for Count {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let count = i64::try_from(self.0);
        count
            .map(Into::into)
            .map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))
    }
}

impl FromSql for Count {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let count = value.as_i64()?;
        u64::try_from(count)
            .map(Self)
            .map_err(|_| FromSqlError::OutOfRange(count))
    }
}

/// A number after which nothing can come: a bound that is too large for a column is the largest one.
pub(super) fn bound(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
