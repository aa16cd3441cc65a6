//! Who did something, and how we know it was them.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::id::PersonId;

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// A person with an account.
    Person(PersonId),
    /// A reporter without an account, known only by the receipt they hold.
    Reporter,
    /// A program with a token of its own. It never becomes IC (M17).
    Service(String),
    /// Henhouse itself, because time passed.
    System,
}

/// How the actor was authenticated.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Nobody checked: the public form.
    Open,
    /// The unguessable address of a receipt.
    ReceiptLink,
    /// A signed one-use link, confirmed by POST.
    SignedLink,
    /// A signed-in session.
    Session,
    /// An API token, by its public id.
    Token(String),
    /// The local socket of the data directory's owner.
    LocalSocket,
    /// The clock of the engine.
    Clock,
    /// A drill: one person plays several parts.
    Drill,
}

/// Who acts, and how they were authenticated.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Actor {
    /// Who acts.
    pub who: Who,
    /// How that is known.
    pub how: How,
}

impl Actor {
    /// A person, authenticated thus.
    #[must_use]
    pub fn person(id: &PersonId, how: How) -> Self {
        Self {
            who: Who::Person(id.clone()),
            how,
        }
    }

    /// Henhouse itself.
    #[must_use]
    pub fn system() -> Self {
        Self {
            who: Who::System,
            how: How::Clock,
        }
    }

    /// The person behind this actor, if it is one.
    #[must_use]
    pub fn as_person(&self) -> Option<&PersonId> {
        match &self.who {
            Who::Person(id) => Some(id),
            Who::Reporter | Who::Service(_) | Who::System => None,
        }
    }
}
