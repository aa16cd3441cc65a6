//! Carrying a whole installation elsewhere: from one store to the other, into a backup, and back.
//!
//! One stream of rows ([`Row`]) serves all of it. It is read in one order on every backend, hashed as a
//! whole, and every chain in it is checked as it goes by. This folder writes no entry and decides
//! nothing; it must not import desk, delivery or web.

mod bucket;
mod check;
mod error;
mod fill;
mod folder;
mod gather;
mod keeper;
mod manifest;
mod moving;
mod place;
mod plan;
mod restore;
mod row;
mod schedule;
mod tally;
#[cfg(test)]
mod tests;
mod wire;

pub use bucket::S3Settings;
pub use check::{Checked, Depth, check, choose};
pub use error::{BackupError, Result};
pub use fill::{reserve, sum_of};
pub use keeper::{Keeper, Made};
pub use manifest::{Manifest, Piece};
pub use moving::{MOVED, Moved, may_leave, not_to_be_served, set_aside, transfer};
pub use place::{Found, Place};
pub use plan::Plan;
pub use restore::{Restored, restore};
pub use row::Row;
pub use schedule::Standing;
pub use tally::{Counts, Sum};
