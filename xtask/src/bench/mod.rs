//! `cargo xtask bench`: figures beside the limits of this machine.

use anyhow::{Result, bail};

/// Measures.
///
/// # Errors
/// Always: it is not written yet.
pub fn main(_: &[&str]) -> Result<()> {
    bail!("bench is not written yet")
}
