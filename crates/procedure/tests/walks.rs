//! Random walks over the pure engine: whatever people and time do, the invariants hold.
//!
//! `HENHOUSE_SEEDS=10000` walks more seeds, `HENHOUSE_SEED=17` one, and prints its lines.
//! A failure prints the seed and the shortest script that still breaks the invariant.
//!
//! A run must also get about: every state of `sometimes` is to be reached, every command to be taken. What chance
//! leaves out is looked for on a tour of the scenarios, so that the run depends on no single one of them.

#![expect(clippy::print_stderr, reason = "a test may fail loudly")]

mod stage;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use procedure::Command;
use stage::script;

/// Seeds walked when nobody says how many.
const SEEDS: u64 = 100;

/// Steps of one walk after its beginning.
const STEPS: usize = 35;

/// Steps of a walk on the tour, after its scenario.
const TOUR_STEPS: usize = 3;

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
    let mut seen = Seen::default();
    let one = number("HENHOUSE_SEED");
    let count = number("HENHOUSE_SEEDS").unwrap_or(SEEDS);
    for seed in one.map_or(0..count, |seed| seed..seed + 1) {
        let (walked, held) = walk::walk(seed, STEPS, &scenarios);
        if one.is_some() {
            eprintln!("{}", walked.lines.join("\n"));
        }
        seen.add(&format!("seed {seed}"), walked, held);
    }
    let mut left: Vec<&script::Scenario> = scenarios.iter().collect();
    while one.is_none() && !left.is_empty() && !seen.missed().is_empty() {
        let next = left.remove(seen.promising(&left));
        let (walked, held) = walk::tour(next, TOUR_STEPS);
        seen.add(&next.place, walked, held);
    }
    let _ = std::panic::take_hook();
    let told: Vec<&str> = seen.broken.values().map(String::as_str).collect();
    assert!(told.is_empty(), "\n{}", told.join("\n"));
    let toured = scenarios.len() - left.len();
    eprintln!("{count} seeds, and {toured} scenarios for what they left out");
    let missed = seen.missed();
    assert!(
        one.is_some() || missed.is_empty(),
        "no walk reached {missed:?}"
    );
}

/// What the walks of a run have seen.
#[derive(Default)]
struct Seen {
    /// The states that were reached and the commands that were taken.
    reached: BTreeSet<String>,
    /// The first walk that broke an invariant, by invariant.
    broken: BTreeMap<&'static str, String>,
}

impl Seen {
    fn add(&mut self, origin: &str, walked: walk::Walk, held: Result<(), walk::Broken>) {
        let states = walk::sometimes::reached(walked.stage());
        let taken = walked.accepted.keys().map(|name| command(name));
        self.reached.extend(states.chain(taken));
        if let Err(why) = held
            && !self.broken.contains_key(why.invariant)
        {
            let invariant = why.invariant;
            self.broken
                .insert(invariant, tell(origin, walked.lines, why));
        }
    }

    fn wanted() -> impl Iterator<Item = String> {
        let commands = Command::NAMES.iter().map(|name| command(name));
        walk::sometimes::wanted().chain(commands)
    }

    /// What no walk has reached.
    fn missed(&self) -> Vec<String> {
        Self::wanted()
            .filter(|name| !self.reached.contains(name))
            .collect()
    }

    /// The first of these scenarios that speaks of something which no walk has reached yet, else the first.
    fn promising(&self, left: &[&script::Scenario]) -> usize {
        let missed = self.missed();
        let words: Vec<&str> = missed
            .iter()
            .map(|name| walk::sometimes::word(name))
            .collect();
        let speaks = |step: &String| words.iter().any(|word| step.contains(word));
        let speaks =
            |scenario: &&script::Scenario| scenario.steps.iter().any(|(_, step)| speaks(step));
        left.iter().position(speaks).unwrap_or(0)
    }
}

fn command(name: &str) -> String {
    format!("a command {name}")
}

/// What broke, and the script that shows it. Time settles after each line, as at the desk.
fn tell(origin: &str, lines: Vec<String>, broken: walk::Broken) -> String {
    let (script, how) = walk::shrink(lines, broken);
    let mut told = format!("{origin}: {how}\n== {}\n", how.invariant);
    for line in script {
        told.push_str(&line);
        told.push('\n');
        if line.contains(": ") {
            told.push_str("+0s\n");
        }
    }
    told
}
