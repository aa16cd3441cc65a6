//! The wall clock of the real program jumps, and its process stands still for a while as on a suspended machine.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

#[path = "../../procedure/tests/walk/chance.rs"]
#[expect(dead_code, reason = "the walks use more of it")]
mod chance;
mod farm;
#[path = "clocks/freezes.rs"]
mod freezes;
#[path = "clocks/house.rs"]
mod house;
#[path = "clocks/jumps.rs"]
mod jumps;
#[path = "kills/past.rs"]
#[expect(dead_code, reason = "the kills use more of it")]
mod past;
mod peers;
#[path = "clocks/seen.rs"]
mod seen;
mod served;
#[path = "clocks/skews.rs"]
mod skews;
#[path = "clocks/wall.rs"]
mod wall;

use chance::Chance;
use freezes::{Figures, Lane};

/// A number that the long form was given.
fn asked(name: &str, usual: usize) -> usize {
    let given = std::env::var(name).ok();
    given.and_then(|given| given.parse().ok()).unwrap_or(usual)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "not run, because it needs libfaketime; cargo xtask ci installs it where it may"]
async fn nothing_is_early_and_nothing_late_when_the_wall_clock_jumps() {
    let mut chance = Chance::of(asked("HENHOUSE_SEED", 1) as u64);
    let mut runs = jumps::Run::named();
    runs.extend((0..asked("HENHOUSE_JUMPS", 1)).map(|_| jumps::Run::any(&mut chance)));
    let mut figures = jumps::Figures::default();
    for some in runs.chunks(4) {
        let mut at_once: tokio::task::JoinSet<_> = some.iter().cloned().map(jumps::run).collect();
        while let Some(done) = at_once.join_next().await {
            figures = figures.and(&done.unwrap());
        }
    }
    eprintln!(
        "wall clock: {} runs, {} jumps, {} things done by time, 0 early, latest {:.2} s",
        figures.runs, figures.jumps, figures.by_time, figures.late
    );
}

/// As many lanes as there is work for, at most this many.
const LANES: usize = 4;

/// The freezes that are asked for, shared out.
fn lanes() -> Vec<Lane> {
    let freezes = asked("HENHOUSE_FREEZES", 1);
    let (longest, seed) = (asked("HENHOUSE_LONGEST", 5), asked("HENHOUSE_SEED", 1));
    let share = |lane: usize| freezes / LANES + usize::from(lane < freezes % LANES);
    let lanes = (0..LANES).filter(|lane| share(*lane) > 0);
    lanes
        .map(|lane| Lane {
            freezes: share(lane),
            longest,
            seed: (seed * LANES + lane) as u64,
        })
        .collect()
}

/// All lanes side by side.
async fn together<F>(one: impl Fn(Lane) -> F) -> Figures
where
    F: Future<Output = Figures> + Send + 'static,
{
    let mut lanes: tokio::task::JoinSet<Figures> = lanes().into_iter().map(one).collect();
    let mut figures = Figures::default();
    while let Some(done) = lanes.join_next().await {
        figures = figures.and(&done.unwrap());
    }
    figures
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_falls_due_while_the_process_is_suspended_happens_when_it_goes_on() {
    eprintln!("one node: {}", together(freezes::alone).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
async fn postgres_a_node_that_was_suspended_does_nothing_a_second_time() {
    eprintln!("two nodes: {}", together(freezes::of_two).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "not run, because it needs a PostgreSQL and libfaketime; cargo xtask ci sees to both where it may"]
async fn postgres_nodes_whose_clocks_are_wrong_are_neither_early_nor_late_and_take_nothing_from_each_other()
 {
    let Some(library) = wall::library() else {
        eprintln!("wrong clocks: not run, because libfaketime is not installed");
        return;
    };
    let skews: &[i64] = match std::env::var_os("HENHOUSE_FREEZES") {
        Some(_) => &[60, 3_600, 86_400],
        None => &[3_600],
    };
    eprintln!("two nodes: {}", skews::nodes_with(skews, &library).await);
}
