//! The other half of the bench, which links what xtask must not: `crates/henhouse/benches/ground`.
//! It serves a bare handler, measures the engine by itself, and fills a data directory's index.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::shell;

/// Builds it and says where it is.
fn build() -> Result<PathBuf> {
    let words =
        "cargo bench --quiet --locked -p henhouse --bench ground --no-run --message-format json";
    let words: Vec<&str> = words.split(' ').collect();
    let said = shell::read(&words)?;
    let built = said.lines().rev().find_map(|line| {
        let line: Value = serde_json::from_str(line).ok()?;
        let ours = line["target"]["name"] == "ground";
        ours.then(|| line["executable"].as_str().map(PathBuf::from))?
    });
    built.context("cargo did not say where it put the bench")
}

/// Runs one of its commands and gives the lines it printed.
///
/// # Errors
/// It does not build, or it failed.
pub fn run(words: &[&str]) -> Result<Vec<String>> {
    let output = Command::new(build()?)
        .args(words)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "the bench's own {words:?} failed");
    let said = String::from_utf8(output.stdout)?;
    Ok(said.lines().map(str::to_owned).collect())
}

/// A bare handler in a process of its own. Killed when dropped.
pub struct Bare {
    process: Child,
    /// Where it listens.
    pub port: u16,
}

impl Bare {
    /// Starts it.
    ///
    /// # Errors
    /// It does not build or start.
    pub fn start() -> Result<Bare> {
        let mut process = Command::new(build()?)
            .arg("bare")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let out = process.stdout.take().context("stdout was asked for")?;
        BufReader::new(out).read_line(&mut line)?;
        let port = line
            .trim()
            .parse()
            .context("the bare handler does not listen")?;
        Ok(Bare { process, port })
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        // It never ends by itself.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
