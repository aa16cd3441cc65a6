//! `cargo xtask bench`: how fast we are, beside how fast this machine can be.
//!
//! A figure alone says little: a limit that no program on this machine can pass is
//! measured in the same run, and the ratio is printed. The server is the release binary,
//! spoken to over HTTP; its own CPU time stands beside what it answered, because that is
//! the steadiest number on a noisy machine. Nothing here fails a build: no test asserts
//! on a duration.
//!
//! To add a row: a function below `rows/` that puts it into the [`table::Table`], and its
//! name in [`rows::ROWS`].

pub mod client;
mod ground;
mod limits;
mod load;
mod rows;
mod scratch;
pub mod server;
pub mod sink;
mod table;

use anyhow::{Result, bail};

use crate::shell;
use crate::stopwatch::Stopwatch;
use limits::Limits;
use table::Table;

/// What every row is given.
pub struct Bench {
    /// Where rows go.
    pub table: Table,
    /// Smaller numbers and shorter runs.
    pub short: bool,
    /// What this machine can do, each measured once, when first asked for.
    pub limits: Limits,
}

impl Bench {
    /// The long number, or the short one in a short run.
    pub fn pick<T>(&self, long: T, short: T) -> T {
        if self.short { short } else { long }
    }
}

const USAGE: &str =
    "usage: cargo xtask bench [--short] [--built] [--profile NAME] [--list] [--only WORD]...";

/// Measures the rows whose names begin with one of the chosen words; all, if none is chosen.
/// `--built` takes the server that was built last as it is; `--profile profiling` one that is built
/// quickly and whose functions a profiler can name.
///
/// # Errors
/// If a row could not be measured; the others are.
pub fn main(words: &[&str]) -> Result<()> {
    let (mut short, mut built, mut profile) = (false, false, "release");
    let mut chosen = Vec::<&str>::new();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        match *word {
            "--short" => short = true,
            "--built" => built = true,
            "--list" => {
                rows::ROWS.iter().for_each(|(name, _)| println!("{name}"));
                return Ok(());
            }
            "--profile" => profile = rest.next().copied().unwrap_or_default(),
            "--only" => chosen.extend(rest.next().copied()),
            _ => bail!("{USAGE}"),
        }
    }
    if cfg!(debug_assertions) {
        let again = format!("cargo run --quiet --locked --profile {profile} -p xtask -- bench");
        let again: Vec<&str> = again.split(' ').chain(words.iter().copied()).collect();
        return shell::run(&again);
    }
    if !built {
        server::build(profile)?;
    }
    let watch = Stopwatch::start();
    let mut bench = Bench {
        table: Table::begin(),
        short,
        limits: Limits::default(),
    };
    for (name, measure) in rows::ROWS {
        let wanted = chosen.is_empty() || chosen.iter().any(|word| name.starts_with(word));
        if wanted && let Err(trouble) = measure(&mut bench) {
            bench.table.failed(name, &trouble);
        }
    }
    bench.table.end(watch.read())
}
