//! The rows of the table, one file each.

mod disk;
mod sha256;

use super::row::Row;

/// Every row, in the order of the table.
pub const ROWS: &[Row] = &[disk::ROW, sha256::ROW];
