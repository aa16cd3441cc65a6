//! Somebody who is known: who they are, by what proof, and how far that proof reaches.

use procedure::{Actor, How, Who};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::desk::Onlooker;

/// What an account or token is to the installation. What a person is to a project stands in
/// its roster.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads what their projects show them, and changes nothing.
    Observer,
    /// Does what their projects let them do.
    Member,
    /// Manages accounts and projects. Does not open restricted cases.
    Admin,
}

/// How far a token reaches; each includes those before it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Reading.
    Read,
    /// Reading and commanding.
    Write,
    /// Everything that its role may do.
    Admin,
}

impl Role {
    /// The stored word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Observer => "observer",
            Self::Member => "member",
            Self::Admin => "admin",
        }
    }

    /// The role behind a stored word; what is not known may only look.
    #[must_use]
    pub fn of_word(word: &str) -> Self {
        match word {
            "admin" => Self::Admin,
            "member" => Self::Member,
            _ => Self::Observer,
        }
    }

    /// How far a session of somebody with this role reaches.
    #[must_use]
    pub const fn reach(self) -> Scope {
        match self {
            Self::Observer => Scope::Read,
            Self::Member => Scope::Write,
            Self::Admin => Scope::Admin,
        }
    }
}

impl Scope {
    /// The stored word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    /// The farthest of stored words; nothing readable reaches nothing but reading.
    #[must_use]
    pub fn of_words(words: &[String]) -> Self {
        let known = |word: &String| match word.as_str() {
            "admin" => Some(Self::Admin),
            "write" => Some(Self::Write),
            _ => None,
        };
        words.iter().filter_map(known).max().unwrap_or(Self::Read)
    }
}

/// By what they are known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    /// A browser's session. The form token is the proof that a form came from our own page.
    Session {
        /// The hash under which the session is kept.
        hash: [u8; 32],
        /// What every form of this session carries.
        form_token: String,
    },
    /// A token.
    Token {
        /// Its public id.
        id: String,
        /// The hash under which it is kept.
        hash: [u8; 32],
    },
    /// The socket in the data directory, which only its owner can open.
    LocalSocket,
}

/// Somebody who is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Known {
    /// Who; nothing for a program with a token of its own.
    pub person: Option<String>,
    /// What they are called.
    pub name: String,
    /// What they are to the installation.
    pub role: Role,
    /// How far the proof reaches.
    pub scope: Scope,
    /// By what they are known.
    pub proof: Proof,
}

impl Known {
    /// The owner of the data directory: an admin who is no person.
    #[must_use]
    pub fn owner() -> Self {
        Self {
            person: None,
            name: "owner of the data directory".to_owned(),
            role: Role::Admin,
            scope: Scope::Admin,
            proof: Proof::LocalSocket,
        }
    }

    /// Who acts, for the journal.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let who = match &self.person {
            Some(person) => Who::Person(person.as_str().into()),
            None => Who::Service(self.name.clone()),
        };
        let how = match &self.proof {
            Proof::Session { .. } => How::Session,
            Proof::Token { id, .. } => How::Token(id.clone()),
            Proof::LocalSocket => How::LocalSocket,
        };
        Actor { who, how }
    }

    /// How the desk sees them.
    #[must_use]
    pub fn onlooker(&self) -> Onlooker {
        Onlooker {
            actor: self.actor(),
            admin: self.is_admin(),
        }
    }

    /// Whether they may manage the installation.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.role == Role::Admin && self.scope == Scope::Admin
    }

    /// Whether they may change anything at all.
    #[must_use]
    pub fn may_write(&self) -> bool {
        self.role > Role::Observer && self.scope >= Scope::Write
    }
}
