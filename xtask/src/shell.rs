//! Starting other programs: always from the top of the repository, never with stdin.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, ensure};

/// The top folder of the repository.
///
/// # Errors
/// If the command was started neither by cargo nor from inside the repository.
pub fn root() -> Result<PathBuf> {
    if let Some(own) = std::env::var_os("CARGO_MANIFEST_DIR") {
        let own = PathBuf::from(own);
        return Ok(own
            .parent()
            .context("xtask lies in a folder of the workspace")?
            .to_path_buf());
    }
    let here = std::env::current_dir()?;
    let top = here
        .ancestors()
        .find(|folder| folder.join("Cargo.lock").is_file());
    Ok(top
        .context("start this inside the repository")?
        .to_path_buf())
}

/// A program with its words, to be started from the top folder without stdin.
///
/// # Errors
/// If the top folder cannot be found, or `words` is empty.
pub fn command(words: &[&str]) -> Result<Command> {
    let (program, rest) = words.split_first().context("no program named")?;
    let mut command = Command::new(program);
    command.args(rest).current_dir(root()?).stdin(Stdio::null());
    Ok(command)
}

/// Runs a program with its output shown.
///
/// # Errors
/// If it cannot be started or ends with a failure.
pub fn run(words: &[&str]) -> Result<()> {
    let line = words.join(" ");
    let status = command(words)?
        .status()
        .with_context(|| format!("cannot start `{line}`"))?;
    ensure!(status.success(), "`{line}` failed ({status})");
    Ok(())
}

/// Whether a program can be started and ends well; its output is dropped.
pub fn works(words: &[&str]) -> bool {
    let Ok(mut command) = command(words) else {
        return false;
    };
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Runs a program and returns what it wrote to stdout; stderr is shown.
///
/// # Errors
/// If it cannot be started, fails, or does not write UTF-8.
pub fn read(words: &[&str]) -> Result<String> {
    let line = words.join(" ");
    let output = command(words)?
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start `{line}`"))?;
    ensure!(
        output.status.success(),
        "`{line}` failed ({})",
        output.status
    );
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` did not write UTF-8"))
}

/// Runs a program, shows each line as it comes, and also returns the lines of both streams.
///
/// # Errors
/// If it cannot be started. A failing end is not an error here: see the status.
pub fn watch(mut command: Command) -> Result<(ExitStatus, Vec<String>)> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    let kept = Arc::new(Mutex::new(Vec::new()));
    let out = child.stdout.take().context("stdout was asked for")?;
    let err = child.stderr.take().context("stderr was asked for")?;
    let other = Arc::clone(&kept);
    let reader = std::thread::spawn(move || copy_lines(err, &other));
    copy_lines(out, &kept);
    reader.join().ok().context("the reader of stderr stopped")?;
    let status = child.wait()?;
    let lines = std::mem::take(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner));
    Ok((status, lines))
}

fn copy_lines(from: impl Read, kept: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    while reader
        .read_until(b'\n', &mut line)
        .is_ok_and(|read| read > 0)
    {
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        line.clear();
        // A closed terminal must not lose the tally.
        drop(writeln!(std::io::stdout(), "{text}"));
        kept.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(text);
    }
}
