//! Hashing by itself: the limit of taking in evidence.

use crate::bench::limits;
use crate::bench::row::{Measured, Outcome, Row};

/// SHA-256 of a file.
pub const ROW: Row = Row {
    figure: "limit: SHA-256 of a 64 MB file",
    unit: "MB/s",
    goal: "",
    measure: || Measured::five(limits::hashed_file).map(Outcome::Done),
    limit: None,
};
