//! Who may come in: accounts, tokens, sessions, and the answers kept for repeated requests.
//! Plain tables; secrets arrive here already hashed or encrypted, and `Debug` does not show them.

use std::fmt;

use jiff::Timestamp;

use super::{Hash, PersonId};

/// A person's account.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Who; the key.
    pub person: PersonId,
    /// The name to log in with; unique whatever its case.
    pub login: String,
    /// The name shown.
    pub name: String,
    /// The address for mail.
    pub email: Option<String>,
    /// The role in the installation.
    pub role: String,
    /// The password's hash in PHC form.
    pub password: Option<String>,
    /// The second factor's secret, encrypted.
    pub second_factor: Option<Vec<u8>>,
    /// Whether it is locked out.
    pub disabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("person", &self.person)
            .finish_non_exhaustive()
    }
}

/// A token for the API. Only its hash is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// The hash of the token; the key.
    pub hash: Hash,
    /// What its owner calls it.
    pub name: String,
    /// Whose it is.
    pub person: PersonId,
    /// With which role it acts.
    pub role: String,
    /// What it may be used for.
    pub scopes: Vec<String>,
    /// When it was issued.
    pub created_at: Timestamp,
    /// From when it is worthless.
    pub expires_at: Option<Timestamp>,
    /// Since when it is revoked.
    pub revoked_at: Option<Timestamp>,
}

impl fmt::Debug for TokenRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRow")
            .field("name", &self.name)
            .field("person", &self.person)
            .finish_non_exhaustive()
    }
}

/// A browser's session. Only the hash of its cookie is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// The hash of the cookie; the key.
    pub hash: Hash,
    /// Whose it is.
    pub person: PersonId,
    /// How the person proved who they are, in the journal's words.
    pub method: String,
    /// The device, as the person would recognise it.
    pub device: String,
    /// The address that it began from; empty where it is not known.
    pub address: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub seen_at: Timestamp,
    /// From when it is worthless.
    pub expires_at: Timestamp,
}

impl fmt::Debug for SessionRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionRow")
            .field("person", &self.person)
            .finish_non_exhaustive()
    }
}

/// The answer given to a request that may be repeated under the same key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyRow {
    /// Who asked; keys of two actors never meet.
    pub actor: String,
    /// The key they sent.
    pub key: String,
    /// The hash of the command: another command under the same key is refused.
    pub command: Hash,
    /// The answer's bytes.
    pub answer: Vec<u8>,
    /// When it was given.
    pub at: Timestamp,
}

/// Something begun that waits for its second half, for minutes: a sign-in for its code, a new app for its first one.
/// Only the hash of the secret that names it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct ChallengeRow {
    /// The hash of the secret; the key.
    pub hash: Hash,
    /// What is waited for.
    pub state: Vec<u8>,
    /// From when it is worthless.
    pub expires_at: Timestamp,
}

/// A passkey of a person.
#[derive(Clone, PartialEq, Eq)]
pub struct PasskeyRow {
    /// The hash of the id that its device calls it by; the key.
    pub hash: Hash,
    /// Whose it is.
    pub person: PersonId,
    /// What it signs with and what it is called, encrypted.
    pub state: Vec<u8>,
}

impl fmt::Debug for PasskeyRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasskeyRow")
            .field("person", &self.person)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ChallengeRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChallengeRow").finish_non_exhaustive()
    }
}
