//! Which Patroni keeps the cluster up: version 4 from the Python package index, fetched once, or the one that is installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::ci::prepare;
use crate::{postgres, shell};

/// The version that is tried, with what it needs to speak to etcd and to PostgreSQL.
const PACKAGES: [&str; 2] = ["patroni[etcd3]==4.1.5", "psycopg[binary]==3.3.9"];
/// Where they are kept, below the top folder.
const KEPT: &str = "target/ci/patroni-4.1.5";
/// The system's Python first: the user that PostgreSQL runs as may not reach another one.
const PYTHONS: [&str; 2] = ["/usr/bin/python3", "python3"];

/// Which one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Version 4.
    Four,
    /// What stands on the path as `patroni`: 3.0.2 on Debian 12.
    Installed,
}

/// How it is started.
pub struct Patroni {
    words: String,
    /// Its packages, if they are not where Python looks by itself.
    packages: Option<PathBuf>,
}

impl Patroni {
    /// Makes it ready, with a copy of its packages in this folder, where the user that PostgreSQL runs as can read them.
    ///
    /// # Errors
    /// It cannot be fetched or run.
    pub fn ready(which: Which, folder: &Path) -> Result<Self> {
        let packages = folder.join("patroni");
        let patroni = match which {
            Which::Installed => Self {
                words: "patroni".to_owned(),
                packages: None,
            },
            Which::Four => {
                let python = fetch()?;
                let kept = shell::root()?.join(KEPT);
                let [from, to] = [&kept, &packages].map(|path| path.display().to_string());
                shell::run(&["cp", "-r", &from, &to])?;
                Self {
                    words: format!("{python} -m patroni"),
                    packages: Some(packages),
                }
            }
        };
        let version = patroni.command("--version")?.output()?;
        ensure!(
            version.status.success(),
            "Patroni cannot be run as the user of PostgreSQL"
        );
        let version = String::from_utf8_lossy(&version.stdout);
        println!(
            "Patroni {}",
            version.split_whitespace().last().unwrap_or_default()
        );
        Ok(patroni)
    }

    /// Runs it with these words, as the user that PostgreSQL runs as.
    ///
    /// # Errors
    /// The system does not say who we are.
    pub fn command(&self, words: &str) -> Result<Command> {
        let mut command = as_postgres(&format!("{} {words}", self.words))?;
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        if let Some(packages) = &self.packages {
            command.env("PYTHONPATH", packages);
        }
        Ok(command)
    }
}

/// Fetches version 4 if it is not there; returns the Python that runs it.
///
/// # Errors
/// There is no Python, or the package index is out of reach.
pub fn fetch() -> Result<&'static str> {
    let runs = |python: &&&str| {
        let says = as_postgres(&format!("{python} --version")).and_then(|mut it| Ok(it.output()?));
        says.is_ok_and(|said| said.status.success())
    };
    let python = PYTHONS.iter().find(runs);
    let python = python.context("Python is missing, or out of reach for the user of PostgreSQL")?;
    let kept = shell::root()?.join(KEPT);
    if !kept.join("patroni/__main__.py").is_file() {
        // What was fetched in part is no Patroni: it gets its name when it is whole.
        let part = shell::root()?.join(format!("{KEPT}.part"));
        drop(fs::remove_dir_all(&part));
        let folder = part.display().to_string();
        let mut words = vec![
            "install",
            "--quiet",
            "--root-user-action=ignore",
            "--target",
            &folder,
        ];
        words.extend(PACKAGES);
        prepare::pip(python, &words).context("Patroni 4 cannot be fetched")?;
        fs::rename(&part, &kept)?;
    }
    Ok(python)
}

/// A program with its words, run as the user that PostgreSQL runs as, in a folder that this user can read.
///
/// # Errors
/// The system does not say who we are.
pub fn as_postgres(line: &str) -> Result<Command> {
    let setpriv = "setpriv --reuid=postgres --regid=postgres --clear-groups";
    let root = if postgres::is_root()? { setpriv } else { "" };
    let words: Vec<&str> = root
        .split(' ')
        .chain(line.split(' '))
        .filter(|word| !word.is_empty())
        .collect();
    let mut command = shell::command(&words)?;
    command.current_dir(std::env::temp_dir());
    Ok(command)
}
