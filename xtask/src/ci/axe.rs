//! axe-core, which audits the pages: from npm, for the tests alone, into `target/`. Nothing of it is kept in
//! the repository, and a build needs neither it nor Node.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::shell;

/// Which one.
const PACKAGE: &str = "axe-core@4.14.1";
/// Where it lies, below the top folder; its version is part of it, so that another one is fetched anew.
const FOLDER: &str = "target/ci/axe-core-4.14.1";
/// The file that a test reads, below that.
const FILE: &str = "package/axe.min.js";
/// The name under which tests are told.
pub const VARIABLE: &str = "HENHOUSE_TEST_AXE";

/// The file, if it is there.
pub fn file() -> Option<PathBuf> {
    let file = shell::root().ok()?.join(FOLDER).join(FILE);
    file.is_file().then_some(file)
}

/// Why no page can be audited here; nothing if it can.
pub fn why_not() -> Option<String> {
    let there = file().is_some();
    (!there).then(|| format!("{PACKAGE} is not here, and npm could not fetch it"))
}

/// Fetches it, once.
///
/// # Errors
/// There is no npm, or it reaches nothing.
pub fn fetch() -> Result<()> {
    if file().is_some() {
        return Ok(());
    }
    fs::create_dir_all(shell::root()?.join(FOLDER))?;
    let pack = [
        "npm",
        "pack",
        PACKAGE,
        "--silent",
        "--pack-destination",
        FOLDER,
    ];
    shell::run(&pack).context("npm reaches no registry (Debian: apt-get install npm)")?;
    let packed = format!("{FOLDER}/{}.tgz", PACKAGE.replace('@', "-"));
    shell::run(&["tar", "-xzf", &packed, "-C", FOLDER])
}
