//! `cargo xtask chaos intake`: reports pour in over HTTP and the node dies by SIGKILL again and again, thousands of times;
//! everything that was said to be kept is there, whole and once. On SQLite and on PostgreSQL.

mod chance;
mod house;
mod plan;

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Result, ensure};

use self::house::{Counted, House};
pub use self::plan::Plan;
use self::plan::{Built, StoreKind};
use crate::bench::server;
use crate::bench::sink::Sink;
use crate::stopwatch::Stopwatch;
use crate::{postgres, shell};

/// Runs it and prints the figures.
///
/// # Errors
/// It cannot be run here, or a promise was not kept.
pub fn main(words: &[&str]) -> Result<()> {
    let plan = Plan::from_words(words)?;
    match plan.built {
        Built::Optimised if cfg!(debug_assertions) => {
            let again = "cargo run --quiet --locked --release -p xtask -- chaos intake";
            let again: Vec<&str> = again.split(' ').chain(words.iter().copied()).collect();
            return shell::run(&again);
        }
        Built::Optimised => server::build("release")?,
        Built::Plain => {
            // As the tests have it, so that nothing is built a second time.
            let built = "cargo test --quiet --locked --workspace --no-run --test away";
            shell::run(&built.split(' ').collect::<Vec<_>>())?;
        }
        Built::Already => {}
    }
    let cluster = match plan.store {
        StoreKind::File => None,
        StoreKind::Postgres => Some(postgres::Cluster::start()?),
    };
    let counted = kill(&plan, cluster.as_ref())?;
    ensure!(counted.is_kept(), "a promise was not kept");
    Ok(())
}

/// Kills as often as planned, in several houses at once, each of which dies some hundred times.
fn kill(plan: &Plan, cluster: Option<&postgres::Cluster>) -> Result<Counted> {
    let (watch, sink) = (Stopwatch::start(), Sink::open()?);
    let houses: Mutex<VecDeque<(usize, u32)>> = Mutex::new(plan.houses());
    let all = Mutex::new(Counted::default());
    let done: Vec<Result<()>> = thread::scope(|scope| {
        let workers = (0..plan.at_once).map(|_| {
            scope.spawn(|| -> Result<()> {
                loop {
                    let next = lock(&houses).pop_front();
                    let Some((n, kills)) = next else {
                        return Ok(());
                    };
                    let database = cluster.map(|cluster| cluster.database(&format!("house{n}")));
                    let house = House::found(n, plan, database.transpose()?, sink.port)?;
                    let counted = house.dies(kills)?;
                    let mut all = lock(&all);
                    all.add(&counted);
                    println!("{:.0} s: {all}", watch.read().as_secs_f64());
                }
            })
        });
        let workers: Vec<_> = workers.collect();
        let ended = workers.into_iter().map(|worker| worker.join());
        ended
            .map(|ended| ended.unwrap_or_else(|_| Err(anyhow::anyhow!("a worker stopped"))))
            .collect()
    });
    done.into_iter().collect::<Result<Vec<()>>>()?;
    let all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    println!(
        "{}, seed {}: {all}; {} mails; {:.0} s",
        plan.store,
        plan.seed,
        sink.count(),
        watch.read().as_secs_f64()
    );
    Ok(all)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
