//! Seeded random walks over the engine. A walk is a list of lines of the scenario
//! language, so that a failing one can be read, shrunk, and kept as a scenario.

pub mod chance;
pub mod commands;
mod guess;
mod refusals;
pub mod sometimes;
mod wander;
mod watch;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use procedure::{Actor, Command, Order, decide};
use serde_json::Value;

use crate::stage::{Stage, line::Player, project, script};
pub use watch::Broken;

/// A walk under way.
pub struct Walk {
    player: Player,
    watch: watch::Watch,
    /// The lines so far.
    pub lines: Vec<String>,
    /// How often each command was accepted.
    pub accepted: BTreeMap<String, u32>,
}

impl Walk {
    /// Before the first line.
    pub fn new() -> Self {
        let start = "2026-03-02T03:00Z".parse().expect("a time");
        Self {
            player: Player::new(Stage::new(project::basis(), start)),
            watch: watch::Watch::default(),
            lines: Vec::new(),
            accepted: BTreeMap::new(),
        }
    }

    /// Where the case stands.
    pub fn stage(&self) -> &Stage {
        &self.player.stage
    }

    /// Plays a line and looks at everything.
    pub fn step(&mut self, line: &str, thoroughly: bool) -> Result<(), Broken> {
        self.lines.push(line.into());
        let played = catch_unwind(AssertUnwindSafe(|| self.play(line, thoroughly)));
        played.unwrap_or_else(|panic| {
            let said = panic.downcast_ref::<String>().cloned();
            let said = said.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_string()));
            Err(Broken {
                invariant: "nothing panics",
                why: said.unwrap_or_else(|| "a panic without words".into()),
            })
        })
    }

    fn play(&mut self, line: &str, thoroughly: bool) -> Result<(), Broken> {
        let asked = order(line);
        if let Some((actor, order)) = &asked {
            self.watch.asks_blind(&self.player.stage, |case, stage| {
                decide(case, &stage.basis, stage.now, actor, order).is_ok()
            })?;
        }
        let before = self.player.stage.case.seq;
        let played = self.player.play(line);
        played.map_err(|why| Broken {
            invariant: "every line can be played",
            why,
        })?;
        let refusal = self.player.take_refusal();
        if let Some((actor, order)) = &asked {
            match &refusal {
                Some(refusal) => refusals::check(&self.player.stage, actor, order, refusal)?,
                None => {
                    *self
                        .accepted
                        .entry(order.command.name().into())
                        .or_default() += 1
                }
            }
        }
        if refusal.is_some() && self.player.stage.case.seq != before {
            return Err(Broken {
                invariant: "a refusal leaves the case unchanged",
                why: line.into(),
            });
        }
        self.player.stage.settle();
        self.watch.look(&self.player.stage, thoroughly)
    }
}

/// The order of a line, if it is one that says when nothing happened (the player reads the rest).
fn order(line: &str) -> Option<(Actor, Order)> {
    let (who, rest) = line.split_once(": ")?;
    if who.contains([' ', '=']) {
        return None;
    }
    let (name, fields) = rest.split_once(' ').unwrap_or((rest, ""));
    let mut fields = crate::stage::fields::fields_of(fields, |_| None).ok()?;
    let waive = fields
        .remove("waive")
        .and_then(|waive| serde_json::from_value(waive).ok());
    fields.insert("command".into(), name.into());
    let command: Command = serde_json::from_value(Value::Object(fields)).ok()?;
    let order = Order {
        waive: waive.unwrap_or_default(),
        ..Order::from(command)
    };
    Some((crate::stage::actor(who), order))
}

/// Walks a seed to its end.
pub fn walk(seed: u64, steps: usize, scenarios: &[script::Scenario]) -> (Walk, Result<(), Broken>) {
    let mut wanderer = wander::Wanderer::of(seed, scenarios);
    let beginning = wanderer.beginning();
    wander(wanderer, beginning, steps)
}

/// Plays a whole scenario, and wanders on from there.
pub fn tour(scenario: &script::Scenario, steps: usize) -> (Walk, Result<(), Broken>) {
    wander(wander::Wanderer::of(0, &[]), wander::acts(scenario), steps)
}

fn wander(
    mut wanderer: wander::Wanderer,
    beginning: Vec<String>,
    steps: usize,
) -> (Walk, Result<(), Broken>) {
    let mut walk = Walk::new();
    for line in beginning {
        if let Err(broken) = walk.step(&line, false) {
            return (walk, Err(broken));
        }
    }
    for n in 1..=steps {
        let line = wanderer.next(&walk.player.stage, &walk.watch.said);
        if let Err(broken) = walk.step(&line, n % 10 == 0 || n == steps) {
            return (walk, Err(broken));
        }
    }
    (walk, Ok(()))
}

/// Plays lines again: how this invariant breaks, if it does.
fn replay(lines: &[String], invariant: &str) -> Option<Broken> {
    let mut walk = Walk::new();
    let mut broken = lines.iter().filter_map(|line| walk.step(line, true).err());
    broken.find(|broken| broken.invariant == invariant)
}

/// Drops lines as long as the same invariant breaks; answers what is left and how it breaks.
pub fn shrink(mut lines: Vec<String>, broken: Broken) -> (Vec<String>, Broken) {
    let mut how = broken;
    let mut size = lines.len();
    while size > 0 {
        let mut from = 0;
        while from < lines.len() {
            let to = (from + size).min(lines.len());
            let rest: Vec<String> = [&lines[..from], &lines[to..]].concat();
            match replay(&rest, how.invariant) {
                Some(again) => (lines, how) = (rest, again),
                None => from = to,
            }
        }
        size /= 2;
    }
    (lines, how)
}
