//! Random walks over the pure engine: whatever people and time do, the invariants hold.
//!
//! `HENHOUSE_SEEDS=10000` walks more seeds, `HENHOUSE_SEED=17` one, and prints its lines.
//! A failure prints the seed and the shortest script that still breaks the invariant.

#![expect(clippy::print_stderr, reason = "a test may fail loudly")]

mod stage;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use procedure::Command;
use stage::script;

/// Seeds walked when nobody says how many.
const SEEDS: u64 = 220;

/// Steps of one walk after its beginning.
const STEPS: usize = 60;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn every_command_has_a_generator() {
    let missing: Vec<&&str> = Command::NAMES
        .iter()
        .filter(|name| !walk::commands::is_planned(name))
        .collect();
    assert!(
        missing.is_empty(),
        "tests/walk/commands.rs does not know {missing:?}"
    );
}

#[test]
fn whatever_happens_the_invariants_hold() {
    std::panic::set_hook(Box::new(|_| {}));
    let scenarios = script::all();
    let one = number("HENHOUSE_SEED");
    let seeds = one.map_or(0..number("HENHOUSE_SEEDS").unwrap_or(SEEDS), |seed| {
        seed..seed + 1
    });
    let mut reached = BTreeSet::new();
    let mut accepted: BTreeMap<String, u32> = BTreeMap::new();
    let mut broken: BTreeMap<&str, String> = BTreeMap::new();
    for seed in seeds {
        let (walked, held) = walk::walk(seed, STEPS, &scenarios);
        if one.is_some() {
            eprintln!("{}", walked.lines.join("\n"));
        }
        reached.extend(walk::sometimes::reached(walked.stage()));
        for (name, times) in &walked.accepted {
            *accepted.entry(name.clone()).or_default() += times;
        }
        if let Err(why) = held
            && !broken.contains_key(why.invariant)
        {
            let invariant = why.invariant;
            broken.insert(invariant, tell(seed, walked.lines, why));
        }
    }
    let _ = std::panic::take_hook();
    let told: Vec<String> = broken.into_values().collect();
    assert!(told.is_empty(), "\n{}", told.join("\n"));
    if one.is_none() {
        far_enough(&reached, &accepted);
    }
}

/// What broke, and the script that shows it. Time settles after each line, as at the desk.
fn tell(seed: u64, lines: Vec<String>, broken: walk::Broken) -> String {
    let (script, how) = walk::shrink(lines, broken);
    let mut told = format!("seed {seed}: {how}\n== {}\n", how.invariant);
    for line in script {
        told.push_str(&line);
        told.push('\n');
        if line.contains(": ") {
            told.push_str("+0s\n");
        }
    }
    told
}

fn far_enough(reached: &BTreeSet<String>, accepted: &BTreeMap<String, u32>) {
    let never: Vec<&&str> = Command::NAMES
        .iter()
        .filter(|name| !accepted.contains_key(**name))
        .collect();
    eprintln!("never accepted: {never:?}");
    let missed: Vec<String> = walk::sometimes::wanted()
        .filter(|name| !reached.contains(name))
        .collect();
    assert!(missed.is_empty(), "no walk reached {missed:?}");
}
