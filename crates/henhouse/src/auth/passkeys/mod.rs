//! Passkeys (WebAuthn): a device signs what the server asks, once whoever holds it has shown the device that it is them.
//! That is both factors in one, and nothing that is typed can be stolen. The password goes on beside it.

mod gate;
mod party;

#[cfg(test)]
pub(crate) mod device;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use gate::Asked;
pub use party::{AskedAny, AskedNew, Key, Options, Party, Shown, Unfit};

/// Nobody has more passkeys than so many.
pub const MOST: usize = 20;
/// A question waits so long for its answer, in minutes.
pub const ASKED_MINUTES: i64 = 5;
/// How a session by a passkey is called.
pub const METHOD: &str = "passkey";

/// A passkey as it is kept.
#[derive(Clone, Serialize, Deserialize)]
pub struct Kept {
    /// What its person calls it.
    pub name: String,
    /// Whom the device holds it for: chance, the same in all passkeys of a person.
    pub handle: Uuid,
    /// When it was made.
    pub since: Timestamp,
    /// When it signed somebody in last.
    pub used: Option<Timestamp>,
    /// What it signs with.
    pub key: Key,
}
