//! The disk under the program loses what was not made to last, fails, or is full: at any call.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

#[path = "../../procedure/tests/walk/chance.rs"]
mod chance;
#[path = "faults/cuts.rs"]
mod cuts;
#[path = "faults/disk.rs"]
mod disk;
#[path = "faults/errors.rs"]
mod errors;
mod farm;
#[path = "faults/founding.rs"]
mod founding;
#[path = "faults/house.rs"]
mod house;
#[path = "faults/ledger.rs"]
mod ledger;
#[path = "faults/mount.rs"]
mod mount;
#[path = "faults/ops.rs"]
mod ops;
mod served;
#[path = "faults/spools.rs"]
mod spools;

/// A number that the long form was given.
fn asked(name: &str, usual: usize) -> usize {
    let given = std::env::var(name).ok();
    given.and_then(|given| given.parse().ok()).unwrap_or(usual)
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    henhouse::tls::install_provider();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.unwrap().block_on(work)
}

#[test]
#[ignore = "not run, because it mounts a file system of its own; cargo xtask ci does where it may"]
fn what_was_acknowledged_outlives_a_power_cut_at_any_call() {
    let (cuts, seed) = (asked("HENHOUSE_CUTS", 24), asked("HENHOUSE_SEED", 1));
    let figures = block_on(cuts::run(cuts, seed as u64));
    eprintln!("{figures}");
}

#[test]
#[ignore = "not run, because it mounts a file system of its own; cargo xtask ci does where it may"]
fn a_disk_that_fails_at_any_call_loses_nothing_that_was_acknowledged() {
    fails(mount::Trouble::Broken);
}

#[test]
#[ignore = "not run, because it mounts a file system of its own; cargo xtask ci does where it may"]
fn a_disk_that_is_full_at_any_call_loses_nothing_that_was_acknowledged() {
    fails(mount::Trouble::Full);
}

fn fails(trouble: mount::Trouble) {
    let (errors, seed) = (asked("HENHOUSE_ERRORS", 16), asked("HENHOUSE_SEED", 1));
    let figures = block_on(errors::run(errors, 2_000, seed as u64, trouble));
    eprintln!("{figures}");
}

#[test]
#[ignore = "not run, because it mounts a file system of its own; cargo xtask ci does where it may"]
fn a_first_start_can_be_repeated_after_a_power_cut_at_any_call() {
    let (cuts, seed) = (asked("HENHOUSE_CUTS", 12), asked("HENHOUSE_SEED", 1));
    let kept = block_on(founding::run(cuts, seed as u64));
    eprintln!("power cuts of a first start: {cuts}, {kept} things acknowledged after it, 0 lost");
}

#[test]
#[ignore = "not run, because it mounts a file system of its own; cargo xtask ci does where it may"]
fn what_the_spool_keeps_outlives_whatever_the_disk_does() {
    let (times, seed) = (asked("HENHOUSE_ERRORS", 150), asked("HENHOUSE_SEED", 1));
    let kept = block_on(spools::run(times, seed as u64));
    eprintln!("spools: {times} lives gone wrong, {kept} things kept, 0 lost");
}
