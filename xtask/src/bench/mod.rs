//! `cargo xtask bench`: how fast we are, beside how fast this machine can be.
//!
//! A figure alone says little: a limit that no program on this machine can pass is
//! measured in the same run, and the ratio is printed. Every figure is the median of
//! five, with the smallest and the largest. Nothing here fails a build: no test asserts
//! on a duration.
//!
//! To add a row: one file below `rows/` with a `pub const ROW: Row`, and its name in
//! [`rows::ROWS`]. A row that needs the product starts its release binary itself.

mod limits;
mod row;
mod rows;
mod scratch;

use anyhow::Result;

use crate::shell;
use row::{Measured, Row};

/// Measures the rows whose names hold one of the chosen words; all, if none is chosen.
///
/// # Errors
/// If a row cannot be measured. A row whose product part is not there says so instead.
pub fn main(chosen: &[&str]) -> Result<()> {
    if cfg!(debug_assertions) {
        let words = [
            "cargo",
            "run",
            "--quiet",
            "--locked",
            "--release",
            "-p",
            "xtask",
            "--",
            "bench",
        ];
        return shell::run(&[&words, chosen].concat());
    }
    println!("{}", row::HEAD);
    for row in rows::ROWS {
        if chosen.is_empty() || chosen.iter().any(|word| row.figure.contains(word)) {
            println!("{}", line(row)?);
        }
    }
    Ok(())
}

fn line(row: &Row) -> Result<String> {
    let measured = (row.measure)()?;
    let limit = row.limit.map(Measured::five).transpose()?;
    Ok(row.line(&measured, limit.as_ref()))
}
