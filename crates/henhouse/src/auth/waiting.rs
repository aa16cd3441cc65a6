//! What waits for its second half: a sign-in for its code, a new app for its first one, a passkey for its answer. The server keeps
//! it, sealed and for minutes; the browser has a secret that names it, and nothing else of it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::passkeys::{AskedAny, AskedNew};

/// So long a sign-in waits for its code, in minutes.
pub const HALF_MINUTES: i64 = 5;
/// So long a new app waits for its first code, in minutes: it has to be installed meanwhile.
pub const APP_MINUTES: i64 = 20;
/// So many wrong codes end a sign-in that waits.
pub const WRONG_CODES: u8 = 5;

/// What waits. What was begun as one of these ends as no other.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Waiting {
    /// A sign-in whose password was right.
    Half(Half),
    /// The break-glass account, of which both halves were right.
    BreakGlass {
        /// The hash of what they were held against: other halves end it.
        secret: String,
    },
    /// An app whose first code is to come.
    NewApp {
        /// Whose.
        person: String,
        /// What the app shows codes of, in base 32.
        secret: String,
    },
    /// A new passkey that a device was asked for.
    NewPasskey {
        /// Whose.
        person: String,
        /// What they call it.
        name: String,
        /// Whom the device is to hold it for.
        handle: Uuid,
        /// What was asked.
        asked: AskedNew,
    },
    /// A sign-in by a passkey, whosever.
    AnyPasskey {
        /// What was asked.
        asked: AskedAny,
    },
}

/// A sign-in whose password was right.
#[derive(Clone, Serialize, Deserialize)]
pub struct Half {
    /// Whose.
    pub person: String,
    /// The hash of the password's hash: another password ends it.
    pub password: Option<String>,
    /// So many wrong codes came.
    pub wrong: u8,
}
