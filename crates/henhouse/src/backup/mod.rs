//! Carrying a whole installation elsewhere: from one store to the other, into a backup, and back.
//!
//! One stream of rows ([`Row`]) serves all of it. It is read in one order on every backend, hashed as a
//! whole, and every chain in it is checked as it goes by. This folder writes no entry and decides
//! nothing; it must not import desk, delivery or web.

mod error;
mod fill;
mod gather;
mod moving;
mod row;
mod tally;
#[cfg(test)]
mod tests;
mod wire;

pub use error::{BackupError, Result};
pub use moving::{MOVED, Moved, at_rest, not_to_be_served, set_aside, transfer};
pub use row::Row;
pub use tally::{Counts, Sum};
