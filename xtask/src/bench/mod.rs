//! `cargo xtask bench`: how fast we are, beside how fast this machine can be.
//!
//! A figure alone says little: a limit that no program on this machine can pass is
//! measured in the same run, and the ratio is printed. The server is the release binary,
//! spoken to over HTTP; its own CPU time stands beside what it answered, because that is
//! the steadiest number on a noisy machine. Nothing here fails a build: no test asserts
//! on a duration.
//!
//! `--runs 5` measures every group five times and prints the median with the least and the most;
//! `--postgres` measures everything on a PostgreSQL that the bench starts itself, on the same disk.
//!
//! To add a row: a function below `rows/` that puts it into the [`table::Table`], and its
//! name in [`rows::ROWS`].

pub mod client;
mod data;
mod ground;
mod limits;
mod load;
mod rows;
mod scratch;
pub mod server;
pub mod sink;
mod table;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result, bail};

use crate::postgres::Cluster;
use crate::shell;
use crate::stopwatch::Stopwatch;
use data::Data;
use limits::Limits;
use table::Table;

/// What every row is given.
pub struct Bench {
    /// Where rows go.
    pub table: Table,
    /// Smaller numbers and shorter runs.
    pub short: bool,
    /// What this machine can do, each measured once in a run, when first asked for.
    pub limits: Limits,
    /// Where the server under test keeps its rows; none for SQLite.
    pub cluster: Option<Arc<Cluster>>,
    prepared: BTreeMap<String, Data>,
}

impl Bench {
    /// The long number, or the short one in a short run.
    pub fn pick<T>(&self, long: T, short: T) -> T {
        if self.short { short } else { long }
    }

    /// An empty data directory on the store that is measured. Mail leaves for this port, if there is one.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn data(&self, name: &str, mail_port: Option<u16>) -> Result<Data> {
        Data::on(self.cluster.as_ref(), name, mail_port)
    }

    /// A copy of a data directory that takes long to fill, and therefore is filled only once.
    ///
    /// # Errors
    /// What filling says.
    pub fn prepared(
        &mut self,
        name: &str,
        mail_port: Option<u16>,
        fill: impl FnOnce(&Data) -> Result<()>,
    ) -> Result<Data> {
        if !self.prepared.contains_key(name) {
            let data = self.data(&format!("{name}-prepared"), None)?;
            fill(&data)?;
            self.prepared.insert(name.to_owned(), data);
        }
        self.prepared[name].copy(name, mail_port)
    }

    /// What is asked of writes: PostgreSQL is to reach three tenths of what SQLite is asked for.
    pub fn of_writes(&self, goal: f64) -> f64 {
        if self.cluster.is_some() {
            goal * 0.3
        } else {
            goal
        }
    }

    /// Writes a second of somebody who does nothing but commit, one after the other.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn single_commits(&self) -> Result<f64> {
        match &self.cluster {
            Some(cluster) => Ok(cluster.commits(COMMITTED)?.0),
            None => Ok(self.limits.synced()?.rate),
        }
    }
}

/// About what one report writes, in bytes.
const COMMITTED: usize = 4096;

/// A PostgreSQL on the same disk as everything else here.
///
/// # Errors
/// None is installed, or it does not start.
pub fn cluster() -> Result<Cluster> {
    let folder = format!("target/bench/postgres-{}", std::process::id());
    Cluster::lasting(shell::root()?.join(folder))
}

const USAGE: &str = "usage: cargo xtask bench [--short] [--built] [--profile NAME] [--runs N] [--postgres] [--list] [--only WORD]...";

/// Measures the rows whose names begin with one of the chosen words; all, if none is chosen.
/// `--built` takes the server that was built last as it is; `--profile profiling` one that is built
/// quickly and whose functions a profiler can name.
///
/// # Errors
/// If a row could not be measured; the others are.
pub fn main(words: &[&str]) -> Result<()> {
    let (mut short, mut built, mut profile) = (false, false, "release");
    let (mut runs, mut postgres) = (1_usize, false);
    let mut chosen = Vec::<&str>::new();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        match *word {
            "--short" => short = true,
            "--built" => built = true,
            "--postgres" => postgres = true,
            "--runs" => runs = rest.next().and_then(|n| n.parse().ok()).context(USAGE)?,
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
    said_before(runs);
    let mut bench = Bench {
        table: Table::begin(runs),
        short,
        limits: Limits::default(),
        cluster: postgres.then(cluster).transpose()?.map(Arc::new),
        prepared: BTreeMap::new(),
    };
    for (name, measure) in rows::ROWS {
        let wanted = chosen.is_empty() || chosen.iter().any(|word| name.starts_with(word));
        for _ in 0..if wanted { runs } else { 0 } {
            bench.table.run();
            bench.limits = Limits::default();
            if let Err(trouble) = measure(&mut bench) {
                bench.table.failed(name, &trouble);
            }
        }
        bench.table.group_ends();
        bench.prepared.clear();
    }
    bench.table.end(watch.read())
}

/// Where the figures were taken: they mean little without it.
fn said_before(runs: usize) {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("?");
    let commit = shell::read(&["git", "describe", "--always", "--dirty"]).unwrap_or_default();
    println!(
        "{cores} cores, load {load} before; commit {}; runs: {runs}",
        commit.trim()
    );
}
