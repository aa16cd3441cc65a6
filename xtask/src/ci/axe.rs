//! axe-core, which audits the pages.

use std::path::PathBuf;

use anyhow::Result;

use crate::npm::Package;

const AXE: Package = Package {
    name: "axe-core",
    version: "4.14.1",
    file: "axe.min.js",
    needs: &[],
};
/// The name under which tests are told.
pub const VARIABLE: &str = "HENHOUSE_TEST_AXE";

/// The file, if it is there.
pub fn file() -> Option<PathBuf> {
    AXE.file()
}

/// Why no page can be audited here; nothing if it can.
pub fn why_not() -> Option<String> {
    AXE.why_not()
}

/// Fetches it, once.
///
/// # Errors
/// There is no npm, or it reaches nothing.
pub fn fetch() -> Result<()> {
    AXE.fetch()
}
