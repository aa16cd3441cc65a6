//! The journal as an outsider can check it: envelope, canonical bytes, hash chain, sealed fields.
//!
//! This crate reads no network, no database and no clock, so that whoever checks a journal needs nothing of the
//! installation that wrote it. The format is described in `docs/formats/journal.md`, well enough to be written a
//! second time; the golden tests of this crate are that page's test vectors.

pub mod canonical;
pub mod chain;
pub mod envelope;
mod hash;
mod hex;
pub mod sealed;

pub use chain::{Chain, Fault, Finding, Head, Stored};
pub use envelope::Envelope;
pub use hash::{ExhibitHash, Hash};
pub use sealed::{Commitment, Opened};
