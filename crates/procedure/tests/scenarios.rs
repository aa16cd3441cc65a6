//! Plays every scenario of the procedure.

mod stage;

use std::collections::BTreeSet;

use procedure::{Agenda, Case, Outcome, agenda, conformance};
use stage::script;

#[test]
fn every_scenario_comes_true() {
    let scenarios = script::all();
    assert!(!scenarios.is_empty(), "there are scenarios");
    let only = std::env::var("SCENARIO").unwrap_or_default();
    let chosen = scenarios
        .iter()
        .filter(|scenario| scenario.title.contains(&only));
    let failed: Vec<String> = chosen
        .filter_map(|scenario| script::play(scenario).err())
        .collect();
    assert!(
        failed.is_empty(),
        "\n{}\n{} failed",
        failed.join("\n"),
        failed.len()
    );
}

/// Rules that no board can ask for: what was done went against them, also when a gate said so and
/// somebody passed it; or nobody can do anything, as when no route reaches a reporter.
const ACTS: [&str; 22] = [
    "R16", "R45", "R48", "R66", "R71", "R77", "R90", "R91", "R92", "R95", "R96", "R98", "R102",
    "R105", "R106", "X1", "X6", "X20", "X23", "X29", "X30", "X36",
];

/// Rules that the board asks for under the name of another.
const UNDER: [(&str, &str); 17] = [
    ("R36", "X11"),
    ("R47", "R52"),
    ("R68", "R67"),
    ("R79", "X44"),
    ("R80", "X44"),
    ("R81", "X44"),
    ("R82", "X44"),
    ("R83", "X44"),
    ("R84", "X44"),
    ("R85", "X44"),
    ("R86", "X44"),
    ("R87", "X44"),
    ("R109", "R52"),
    ("R121", "R37"),
    ("R124", "R3"),
    ("X13", "R37"),
    ("X15", "R14"),
];

/// Nobody is told at the end that they owed what they could not have seen.
#[test]
fn what_is_missing_at_the_end_stood_on_a_board() {
    let mut unseen = Vec::new();
    for scenario in script::all() {
        if !scenario.place.contains("stories/") {
            continue;
        }
        let stage = script::play(&scenario).unwrap_or_else(|why| panic!("{why}"));
        let mut shown: BTreeSet<&str> = ACTS.into();
        let mut case = Case::default();
        for entry in &stage.entries {
            case.apply(entry);
            shown.extend(rules(&agenda(&case, &stage.basis, entry.recorded_at)));
        }
        let under = UNDER.iter().filter(|(_, other)| shown.contains(other));
        let under: Vec<&str> = under.map(|(rule, _)| *rule).collect();
        shown.extend(under);
        for finding in conformance(&stage.case, &stage.basis, stage.now) {
            let missing = matches!(finding.outcome, Outcome::Missing { .. });
            if missing && !shown.contains(finding.rule.id()) {
                unseen.push(format!("{}: {:?}", scenario.place, finding.outcome));
            }
        }
    }
    assert!(unseen.is_empty(), "\n{}", unseen.join("\n"));
}

fn rules(agenda: &Agenda) -> Vec<&'static str> {
    let owed = agenda.obligations.iter().map(|owed| owed.rule.id());
    let may = agenda.permits.iter().map(|permit| permit.rule.id());
    owed.chain(may).collect()
}
