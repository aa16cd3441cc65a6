//! The other half of the bench, which links what xtask must not: `crates/henhouse/benches/ground`.
//! It serves a bare handler, measures the engine by itself, and fills a data directory's index.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::server::{beside_ours, memory_mib};

/// Where cargo put it: the newest of its name.
fn binary() -> Result<PathBuf> {
    let built = fs::read_dir(beside_ours()?.join("deps"))?;
    let ours = built.filter_map(|file| {
        let path = file.ok()?.path();
        let name = path.file_name()?.to_str()?;
        let ours = name.starts_with("ground-") && !name.contains('.');
        ours.then(|| Some((fs::metadata(&path).ok()?.modified().ok()?, path.clone())))?
    });
    let newest = ours.max_by_key(|(made, _)| *made);
    newest
        .map(|(_, path)| path)
        .context("the bench's other half is not built")
}

/// Runs one of its commands and gives the lines it printed.
///
/// # Errors
/// It is not built, or it failed.
pub fn run(words: &[&str]) -> Result<Vec<String>> {
    let output = Command::new(binary()?)
        .args(words)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "the bench's own {words:?} failed");
    let said = String::from_utf8(output.stdout)?;
    Ok(said.lines().map(str::to_owned).collect())
}

/// One of its commands that says something half-way, and waits until it is told to go on.
pub struct Halfway {
    process: Child,
    said: BufReader<ChildStdout>,
}

impl Halfway {
    /// Runs it until it says something.
    ///
    /// # Errors
    /// It is not built, or it failed.
    pub fn start(words: &[&str]) -> Result<Halfway> {
        let mut process = Command::new(binary()?)
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let out = process.stdout.take().context("stdout was asked for")?;
        let mut said = BufReader::new(out);
        let mut line = String::new();
        said.read_line(&mut line)?;
        ensure!(!line.is_empty(), "the bench's own {} failed", words[0]);
        Ok(Halfway { process, said })
    }

    /// Lets it go on to its end, and gives the figures that it prints.
    ///
    /// # Errors
    /// It failed.
    pub fn go_on(mut self) -> Result<BTreeMap<String, f64>> {
        let mut pipe = self.process.stdin.take().context("stdin was asked for")?;
        writeln!(pipe, "go")?;
        let mut figures = BTreeMap::new();
        for line in self.said.by_ref().lines() {
            let line = line?;
            if let Some((name, value)) = line.split_once(' ') {
                figures.insert(name.to_owned(), value.parse()?);
            }
        }
        ensure!(
            self.process.wait()?.success(),
            "the bench's own half failed"
        );
        Ok(figures)
    }
}

impl Drop for Halfway {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
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
    /// It is not built or does not start.
    pub fn start() -> Result<Bare> {
        let mut process = Command::new(binary()?)
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

    /// Memory in use, in MiB.
    ///
    /// # Errors
    /// The kernel does not say.
    pub fn memory_mib(&self) -> Result<f64> {
        memory_mib(self.process.id())
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        // It never ends by itself.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
