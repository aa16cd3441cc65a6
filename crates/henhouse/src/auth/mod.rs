//! Who somebody is and how that was proven. It must not decide what they may do: that is the
//! procedure's answer.
//!
//! Passwords are hashed with argon2id, everything else that opens a door (sessions, tokens, the
//! set-up link) is 256 bits of chance of which only the SHA-256 is kept. No secret is logged.

#[cfg(test)]
mod alike;
pub mod break_glass;
pub mod dead;
pub mod factors;
pub mod gate;
mod hashing;
pub mod issue;
pub mod known;
pub mod link;
pub mod own;
pub mod passkeys;
pub mod password;
pub mod second;
pub mod secret;
pub mod signature;
pub mod tries;
pub mod vapid;
pub mod waiting;

pub use dead::DeadToken;
pub use gate::{Entered, Gate, LoginRefused};
pub use issue::{NewAccount, NewToken};
pub use known::{Known, Proof, Role, Scope};
