//! The disk by itself: the limit of everything that is durable.

use crate::bench::limits;
use crate::bench::row::{Measured, Outcome, Row};

/// Appends with fdatasync.
pub const ROW: Row = Row {
    figure: "limit: 4 KiB append with fdatasync",
    unit: "writes/s",
    goal: "",
    measure: || Measured::five(limits::synced_writes).map(Outcome::Done),
    limit: None,
};
