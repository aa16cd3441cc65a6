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
#[path = "clocks/wall.rs"]
mod wall;

use chance::Chance;

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_falls_due_while_the_process_is_suspended_happens_when_it_goes_on() {
    let (freezes, seed) = (asked("HENHOUSE_FREEZES", 1), asked("HENHOUSE_SEED", 1));
    eprintln!("one node: {}", freezes::alone(freezes, seed as u64).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
async fn postgres_a_node_that_was_suspended_does_nothing_a_second_time() {
    let (freezes, seed) = (asked("HENHOUSE_FREEZES", 1), asked("HENHOUSE_SEED", 1));
    eprintln!("two nodes: {}", freezes::of_two(freezes, seed as u64).await);
}
