//! The library of Standard Webhooks for JavaScript, which signs what the server takes.

use std::path::PathBuf;

use anyhow::Result;

use crate::npm::Package;
use crate::shell;

const LIBRARY: Package = Package {
    name: "standardwebhooks",
    version: "1.1.1",
    file: "dist/index.js",
    needs: &[("@stablelib/base64", "1.0.1"), ("fast-sha256", "1.3.0")],
};
/// The name under which tests are told.
pub const VARIABLE: &str = "HENHOUSE_TEST_STANDARDWEBHOOKS";

/// Its file, if it is there.
pub fn file() -> Option<PathBuf> {
    LIBRARY.file()
}

/// Why nothing can be signed with it here; nothing if it can.
pub fn why_not() -> Option<String> {
    let no_node = !shell::works(&["node", "--version"]);
    let no_node =
        no_node.then(|| "there is no node here (Debian: apt-get install nodejs)".to_owned());
    no_node.or_else(|| LIBRARY.why_not())
}

/// Fetches it, once.
///
/// # Errors
/// There is no npm, or it reaches nothing.
pub fn fetch() -> Result<()> {
    LIBRARY.fetch()
}
