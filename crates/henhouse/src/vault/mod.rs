//! What is kept secret: the root key, the key of each journal, sealed texts, and the bytes of exhibits.
//!
//! The vault knows keys and ciphers, and where exhibits lie on disk. It knows no rule, no database and no web; wrapped
//! keys and sealed texts are handed to whoever stores them. The formats are described in `docs/formats/vault.md`.
//!
//! One key each: the root key (a file, see [`RootKey`]) wraps the key of each journal (see [`JournalKey`]), and that
//! key encrypts the journal's sealed texts and exhibits. Without the root key nothing can be read, with it everything.

mod backup_key;
mod cipher;
pub(crate) mod durable;
mod exhibits;
mod incoming;
mod journal_key;
mod root_key;
mod sealing;
mod spooling;
mod stream;

pub use backup_key::{BackupKey, BackupPart, Closing, open_backup};
pub use exhibits::{CannotRead, Exhibits, Reading, verify};
pub use incoming::{Incoming, Kept, NotKept};
pub use journal_key::{JournalKey, WrongKey};
pub use root_key::{NoRootKey, RootKey};
pub use sealing::CannotOpen;
pub use spooling::SpoolKey;
