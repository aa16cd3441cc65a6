//! How the domain's values stand in columns.

use std::error::Error;

use bytes::BytesMut;
use jiff::Timestamp;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};
use uuid::Uuid;

use crate::store::error::{Result, StoreError};
use crate::store::model::{
    AttemptOutcome, JournalId, JournalKind, Lane, NoticeId, OutboxState, PersonId,
};

/// What stands in a column of a `btree` index has to fit on a page of it three times.
const LONGEST_WORD: usize = 2_000;

/// A value on its way to the database. Owned, because it may be sent after the call that gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(i64),
    Id(Uuid),
    /// An id, a name or a key: it may stand in an index.
    Word(String),
    Words(Vec<String>),
    /// Of any length; it stands in no index.
    Text(String),
    Bytes(Vec<u8>),
}

impl Value {
    /// Fails for a word that PostgreSQL cannot keep: with a NUL character, or too long for an index. It is
    /// refused here, for its own job alone, before anything of it is sent.
    pub(super) fn check(&self) -> Result<()> {
        let words = match self {
            Self::Word(word) | Self::Text(word) => std::slice::from_ref(word),
            Self::Words(words) => words.as_slice(),
            _ => return Ok(()),
        };
        if words.iter().any(|word| word.contains('\0')) {
            let sentence = "a word with a NUL character cannot be kept";
            return Err(StoreError::Invalid(sentence.to_owned()));
        }
        let in_index = !matches!(self, Self::Text(_));
        if in_index && words.iter().any(|word| word.len() > LONGEST_WORD) {
            let sentence = format!("a word of more than {LONGEST_WORD} bytes cannot be kept");
            return Err(StoreError::Invalid(sentence));
        }
        Ok(())
    }

    /// About how many bytes it is.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Null | Self::Bool(_) => 1,
            Self::Number(_) => 8,
            Self::Id(_) => 16,
            Self::Word(word) | Self::Text(word) => word.len(),
            Self::Words(words) => words.iter().map(|word| word.len() + 4).sum(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }
}

type Sent = std::result::Result<IsNull, Box<dyn Error + Sync + Send>>;

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Sent {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Bool(value) => value.to_sql_checked(ty, out),
            Self::Number(number) if *ty == Type::INT2 => {
                i16::try_from(*number)?.to_sql_checked(ty, out)
            }
            Self::Number(number) if *ty == Type::INT4 => {
                i32::try_from(*number)?.to_sql_checked(ty, out)
            }
            Self::Number(number) => number.to_sql_checked(ty, out),
            Self::Id(id) => id.to_sql_checked(ty, out),
            Self::Word(word) | Self::Text(word) => word.to_sql_checked(ty, out),
            Self::Words(words) => words.to_sql_checked(ty, out),
            Self::Bytes(bytes) => bytes.to_sql_checked(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

macro_rules! becomes {
    ($($from:ty => |$it:ident| $value:expr;)+) => {
        $(impl From<$from> for Value {
            fn from($it: $from) -> Self {
                $value
            }
        })+
    };
}

becomes! {
    bool => |it| Self::Bool(it);
    u32 => |it| Self::Number(it.into());
    i64 => |it| Self::Number(it);
    &str => |it| Self::Word(it.to_owned());
    String => |it| Self::Word(it);
    &String => |it| Self::Word(it.clone());
    Vec<String> => |it| Self::Words(it);
    [u8; 32] => |it| Self::Bytes(it.to_vec());
    &[u8] => |it| Self::Bytes(it.to_vec());
    &Vec<u8> => |it| Self::Bytes(it.clone());
    Vec<u8> => |it| Self::Bytes(it);
    Uuid => |it| Self::Id(it);
    JournalId => |it| Self::Id(it.0);
    NoticeId => |it| Self::Id(it.0);
    Timestamp => |it| Self::Number(it.as_microsecond());
    JournalKind => |it| it.word().into();
    OutboxState => |it| it.word().into();
    AttemptOutcome => |it| it.word().into();
    Lane => |it| Self::Number(match it {
        Lane::Urgent => 0,
        Lane::Ordinary => 1,
    });
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<&Option<PersonId>> for Value {
    fn from(person: &Option<PersonId>) -> Self {
        person.as_ref().into()
    }
}

/// A row of values.
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        vec![$($crate::store::postgres::values::Value::from($value)),*]
    };
}
pub(super) use values;

/// A number after which nothing can come: a bound that is too large for a column is the largest one.
pub(super) fn bound(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A count to be kept.
///
/// # Errors
/// `Invalid` above 2^63 - 1, which no column can hold.
pub(super) fn count(count: u64) -> Result<i64> {
    i64::try_from(count).map_err(|error| StoreError::Invalid(error.to_string()))
}

type Read<T> = std::result::Result<T, Box<dyn Error + Sync + Send>>;

/// A count from a column.
pub(super) struct Count(pub(super) u64);

impl<'a> FromSql<'a> for Count {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Read<Self> {
        Ok(Self(u64::try_from(i64::from_sql(ty, raw)?)?))
    }

    accepts!(INT8);
}

/// A small count from a column.
pub(super) struct Few(pub(super) u32);

impl<'a> FromSql<'a> for Few {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Read<Self> {
        Ok(Self(u32::try_from(i64::from_sql(ty, raw)?)?))
    }

    accepts!(INT8);
}

/// A time from a column of whole microseconds.
pub(super) struct Micros(pub(super) Timestamp);

impl<'a> FromSql<'a> for Micros {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Read<Self> {
        let micros = i64::from_sql(ty, raw)?;
        Ok(Self(Timestamp::from_microsecond(micros)?))
    }

    accepts!(INT8);
}

/// A hash from a column.
pub(super) struct Hashed(pub(super) [u8; 32]);

impl<'a> FromSql<'a> for Hashed {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Read<Self> {
        Ok(Self(<&[u8]>::from_sql(ty, raw)?.try_into()?))
    }

    accepts!(BYTEA);
}

macro_rules! id_column {
    ($($id:ident),+) => {
        $(impl<'a> FromSql<'a> for $id {
            fn from_sql(ty: &Type, raw: &'a [u8]) -> Read<Self> {
                Uuid::from_sql(ty, raw).map(Self)
            }

            accepts!(UUID);
        })+
    };
}

id_column!(JournalId, NoticeId);

macro_rules! word_column {
    ($($kind:ident),+) => {
        $(impl<'a> FromSql<'a> for $kind {
            fn from_sql(ty: &Type, raw: &'a [u8]) -> Read<Self> {
                let word = <&str>::from_sql(ty, raw)?;
                Self::from_word(word).ok_or_else(|| format!("{word:?} is an unknown word").into())
            }

            accepts!(TEXT);
        })+
    };
}

word_column!(JournalKind, OutboxState, AttemptOutcome);

impl<'a> FromSql<'a> for Lane {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Read<Self> {
        match i16::from_sql(ty, raw)? {
            0 => Ok(Self::Urgent),
            1 => Ok(Self::Ordinary),
            other => Err(format!("there is no lane {other}").into()),
        }
    }

    accepts!(INT2);
}
