//! Whole nodes under one seeded scheduler: desk, waker and delivery are driven step by step on one thread, in a zone that
//! is about to change its clocks. Peers answer as badly as mail servers do; people read their pages twice and out of order;
//! commits fail, are slow, or their answer is lost; nodes are cut off from their store, are suspended, have clocks that are
//! off or set, and crash with a torn end of their spool.
//!
//! `cargo xtask chaos simulate --seeds 2000` simulates more seeds on every core, `--seed 17` one, and prints what it did. A
//! failure prints the acts up to it, and how to see its seed again.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

#[path = "../../procedure/tests/walk/chance.rs"]
mod chance;
#[path = "simulation/deeds.rs"]
mod deeds;
mod farm;
#[path = "simulation/faults.rs"]
mod faults;
#[path = "simulation/ledger.rs"]
mod ledger;
#[path = "simulation/node.rs"]
mod node;
#[path = "simulation/promises.rs"]
mod promises;
#[path = "simulation/protocol.rs"]
mod protocol;
#[path = "simulation/sabotage.rs"]
mod sabotage;
#[path = "simulation/scheduler.rs"]
mod scheduler;
#[path = "simulation/seasons.rs"]
mod seasons;
#[path = "simulation/times.rs"]
mod times;
#[path = "simulation/troubles.rs"]
mod troubles;
#[path = "../../procedure/tests/walk/zones.rs"]
mod zones;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use henhouse::clock::Clock;
use node::Backend;
use sabotage::Sabotage;
use scheduler::Length;

/// What a run must reach somewhere, else it does not try hard enough.
const SOMETIMES: &[&str] = &[
    "a commit failed",
    "an answer was lost",
    "a crash between steps",
    "a crash while a peer was thinking",
    "a lease ran out while a peer was thinking",
    "a peer was silent for longer than a lease lasts",
    "a node was cut off while a peer was thinking",
    "a mail was sent twice under one id",
    "a delivery was given up",
    "a pointless page was dropped",
    "a key was used again",
    "pages were shared",
    "time passed while nothing was running",
    "a page was read after a later one",
    "the clocks were changed",
    "somebody was told of a restricted case",
];

/// And where several programs share a store.
const SHARED: &[&str] = &[
    "another one acted",
    "one died and another went on",
    "one started while another was sending",
    "a node was cut off from the store",
    "a report waited on a node's disk",
    "what had waited was carried out",
    "people were called from a node without its store",
    "a node stood still",
    "a fence refused whoever came back",
    "a tap waited on a node's disk",
];

/// What a few seeds may leave out, and many must reach.
const RARELY: &[&str] = &[
    "a page was read twice",
    "the store was slow",
    "a clock ran ahead",
    "a clock was behind",
    "a clock was set back",
];

/// And where a node is alone, with no clock but its own.
const RARELY_ALONE: &[&str] = &["a program's clock went slowly"];

/// And where several programs share a store.
const RARELY_SHARED: &[&str] = &[
    "the store committed nothing",
    "the store was back",
    "a report waited that was committed already",
    "a key was answered with a number and with a receipt's",
    "a node died with something on its disk",
    "a node started without its store",
    "the end of a spool was torn",
];

/// How much is simulated of each seed, unless something else was asked for.
const SHORT: Length = Length {
    acts: 40,
    longest: 14_400,
    broken: None,
};

fn length(usual: Length) -> Length {
    Length {
        acts: number("HENHOUSE_ACTS").map_or(usual.acts, |acts| acts as usize),
        longest: number("HENHOUSE_DAYS").map_or(usual.longest, |days| days as i64 * 86_400),
        ..usual
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// How to see this seed again.
fn again(seed: u64, Length { acts, longest, .. }: Length) -> String {
    let days = longest / 86_400;
    let days = match number("HENHOUSE_DAYS") {
        Some(_) => format!(" --days {days}"),
        None => String::new(),
    };
    format!("again: cargo xtask chaos simulate --seed {seed} --acts {acts}{days}")
}

/// What all runs of one backend came to.
#[derive(Default)]
struct Sum {
    seeds: u64,
    hours: f64,
    reached: BTreeMap<&'static str, u64>,
    broken: Option<String>,
}

impl Sum {
    fn simulate(&mut self, backend: Backend, seed: u64, length: Length) {
        let run = scheduler::run(backend, seed, length);
        if number("HENHOUSE_SEED").is_some() {
            eprintln!("{}", run.acts.join("\n"));
        }
        self.seeds += 1;
        self.hours += run.hours;
        for (name, times) in run.reached {
            *self.reached.entry(name).or_default() += times;
        }
        if let Err(broken) = run.held {
            let acts = run.acts.join("\n");
            let told = format!("{backend:?}: {broken}\n{acts}\n{}", again(seed, length));
            self.broken.get_or_insert(told);
        }
    }

    fn add(&mut self, other: Self) {
        self.seeds += other.seeds;
        self.hours += other.hours;
        for (name, times) in other.reached {
            *self.reached.entry(name).or_default() += times;
        }
        self.broken = self.broken.take().or(other.broken);
    }

    fn missed(&self, backend: Backend) -> Vec<&'static str> {
        let (shared, many) = (
            backend == Backend::Shared,
            number("HENHOUSE_SEEDS").is_some(),
        );
        let lists = [
            (true, SOMETIMES),
            (shared, SHARED),
            (many, RARELY),
            (many && shared, RARELY_SHARED),
            (many && !shared, RARELY_ALONE),
        ];
        let wanted = lists.iter().filter(|(wanted, _)| *wanted);
        let wanted = wanted.flat_map(|(_, list)| *list);
        let never = |name: &&&str| !self.reached.contains_key(**name);
        wanted.filter(never).copied().collect()
    }

    fn held(&self, backend: Backend) {
        let Self { seeds, hours, .. } = self;
        eprintln!("{backend:?}: {seeds} seeds, {hours:.0} simulated hours");
        for (name, times) in &self.reached {
            eprintln!("{times:>10}  {name}");
        }
        if let Some(broken) = &self.broken {
            panic!("{broken}");
        }
    }
}

/// Runs so many seeds, or those that were asked for: these on every core.
fn simulate(backend: Backend, usual: u64, length: Length) -> Sum {
    let length = self::length(length);
    let mut sum = Sum::default();
    if let Some(seed) = number("HENHOUSE_SEED") {
        sum.simulate(backend, seed, length);
        return sum;
    }
    let Some(seeds) = number("HENHOUSE_SEEDS") else {
        (0..usual).for_each(|seed| sum.simulate(backend, seed, length));
        return sum;
    };
    // A long run may be told in parts.
    let first = number("HENHOUSE_FIRST").unwrap_or(0);
    let (next, seeds) = (AtomicU64::new(first), first + seeds);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let cores = number("HENHOUSE_THREADS").map_or(cores, |threads| threads as usize);
    let (told, hours) = (Clock::real(), AtomicU64::new(0));
    let began = told.steady();
    let work = || {
        let mut sum = Sum::default();
        while sum.broken.is_none() {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds {
                break;
            }
            let before = sum.hours;
            sum.simulate(backend, seed, length);
            let more = (sum.hours - before) as u64;
            let hours = hours.fetch_add(more, Ordering::Relaxed) + more;
            let done = seed + 1 - first;
            if done.is_multiple_of(100) {
                let minutes = (told.steady() - began).as_secs_f64() / 60.0;
                eprintln!("{backend:?}: {done} seeds, {hours} hours in {minutes:.1} min");
            }
        }
        sum
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .for_each(|thread| sum.add(thread.join().unwrap()));
    });
    sum
}

/// A few seeds, and more until all was reached that must be.
fn until_all_was_reached(backend: Backend) {
    const USUAL: u64 = 3;
    const AT_MOST: u64 = 20;
    let mut sum = simulate(backend, USUAL, SHORT);
    let mut seed = USUAL;
    // What few seeds leave out the next ones reach.
    let more = number("HENHOUSE_SEED")
        .or(number("HENHOUSE_SEEDS"))
        .is_none();
    while more && seed < AT_MOST && sum.broken.is_none() && !sum.missed(backend).is_empty() {
        sum.simulate(backend, seed, SHORT);
        seed += 1;
    }
    sum.held(backend);
    let missed = sum.missed(backend);
    let one = number("HENHOUSE_SEED").is_some();
    assert!(one || missed.is_empty(), "no simulation reached {missed:?}");
}

#[test]
fn a_node_in_memory_keeps_its_promises() {
    until_all_was_reached(Backend::Memory);
}

#[test]
fn two_nodes_on_one_store_keep_their_promises() {
    until_all_was_reached(Backend::Shared);
}

#[test]
fn a_node_on_sqlite_keeps_its_promises() {
    let few = Length { acts: 25, ..SHORT };
    simulate(Backend::Sqlite, 3, few).held(Backend::Sqlite);
}

/// In the short form only what was long not found.
#[test]
fn what_is_broken_on_purpose_is_found() {
    const AT_MOST: u64 = 200;
    let long = number("HENHOUSE_SEEDS").is_some();
    let all = match long {
        true => &Sabotage::ALL[..],
        false => &[Sabotage::ForgetsTaps],
    };
    for broken in all {
        let length = Length {
            broken: Some(*broken),
            ..SHORT
        };
        let found = (0..AT_MOST).find_map(|seed| {
            let run = scheduler::run(Backend::Shared, seed, length);
            Some((seed, run.held.err()?))
        });
        let (seed, why) = found.unwrap_or_else(|| panic!("{broken:?} is never found"));
        let why: String = why.chars().take(200).collect();
        eprintln!("{broken:?}: seed {seed}: {why}");
    }
}

#[test]
fn a_seed_repeats_itself() {
    let few = Length { acts: 15, ..SHORT };
    let [first, again] = [(); 2].map(|()| scheduler::run(Backend::Sqlite, 7, few));
    assert_eq!(first.acts, again.acts);
}
