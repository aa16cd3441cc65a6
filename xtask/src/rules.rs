//! `cargo xtask rules`: each rule of the procedure with its scenarios.

use anyhow::{Result, bail};

/// Prints each rule with its scenarios.
///
/// # Errors
/// Always: it is not written yet.
pub fn main() -> Result<()> {
    bail!("rules is not written yet")
}

/// Switches each rule off and sees its scenarios fail.
///
/// # Errors
/// Always: it is not written yet.
pub fn prove() -> Result<()> {
    bail!("rules --prove is not written yet")
}
