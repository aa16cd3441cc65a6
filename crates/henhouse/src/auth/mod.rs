//! Who somebody is and how that was proven. It must not decide what they may do: that is the
//! procedure's answer.
//!
//! Passwords are hashed with argon2id, everything else that opens a door (sessions, tokens, the
//! set-up link) is 256 bits of chance of which only the SHA-256 is kept. No secret is logged.

pub mod dead;
pub mod gate;
mod hashing;
pub mod issue;
pub mod known;
pub mod link;
pub mod password;
pub mod secret;
pub mod tries;

pub use dead::DeadToken;
pub use gate::{Gate, LoginRefused};
pub use issue::{NewAccount, NewToken};
pub use known::{Known, Proof, Role, Scope};
