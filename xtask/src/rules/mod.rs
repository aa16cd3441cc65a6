//! `cargo xtask rules`: each rule of the procedure with the scenarios that show it kept
//! and broken. A rule without both must stand in `xtask/rules-missing.txt`, and a rule
//! with both must not: that list only ever gets shorter.
//!
//! The rules come from the engine itself, the scenarios from its text files; no rule is
//! repeated here.

mod ratchet;
mod scenario;
mod scope;

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail};

use crate::shell;
use ratchet::Missing;
use scenario::{Scenario, Shows};

const MISSING: &str = "xtask/rules-missing.txt";
const SCENARIOS: &str = "crates/procedure/scenarios";

/// A rule as the engine prints it.
struct Rule {
    id: String,
    name: String,
    section: String,
}

/// Prints each rule with its scenarios.
///
/// # Errors
/// Lists what is missing, and what is listed as missing but is not.
pub fn main() -> Result<()> {
    let (rules, scenarios) = (register()?, scenario::read(&shell::root()?, SCENARIOS)?);
    for rule in &rules {
        print!("{}", paragraph(rule, &scenarios));
    }
    let missing = listed()?;
    let findings = check(&rules, &scenarios, &missing);
    if !findings.is_empty() {
        bail!(
            "rules: {} findings\n  {}",
            findings.len(),
            findings.join("\n  ")
        );
    }
    println!(
        "rules: {} in scope, {} without scenarios (see {MISSING}), {} scenarios",
        scope::ids().len(),
        missing.ids().len(),
        scenarios.len()
    );
    Ok(())
}

/// Takes the rules that have their scenarios off the list; it never adds one.
///
/// # Errors
/// If the rules, the scenarios or the list cannot be read or written.
pub fn shorten() -> Result<()> {
    let scenarios = scenario::read(&shell::root()?, SCENARIOS)?;
    let missing = listed()?;
    let rest = missing.without(|id| gap(id, &scenarios).is_none());
    println!(
        "rules: {} taken off the list",
        missing.ids().len() - rest.ids().len()
    );
    fs::write(shell::root()?.join(MISSING), rest.to_string()).context("the list cannot be written")
}

/// Switches each rule off in turn and sees its scenarios fail.
///
/// # Errors
/// If a rule can be switched off unnoticed.
pub fn prove() -> Result<()> {
    let line = prove_line();
    shell::run(&line.split_whitespace().collect::<Vec<&str>>())
}

/// The command that switches each rule off.
pub fn prove_line() -> String {
    let runner = if has_nextest() {
        "nextest run --no-fail-fast"
    } else {
        "test"
    };
    format!("cargo {runner} --locked -p procedure --features prove --test prove")
}

/// Whether tests can be run by cargo-nextest.
pub fn has_nextest() -> bool {
    shell::works(&["cargo", "nextest", "--version"])
}

fn register() -> Result<Vec<Rule>> {
    let table = shell::read(&[
        "cargo",
        "run",
        "--quiet",
        "--locked",
        "-p",
        "procedure",
        "--example",
        "rules",
    ])?;
    table
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(row)
        .collect()
}

fn row(line: &str) -> Result<Rule> {
    let mut cells = line.split('\t').map(str::to_owned);
    let mut cell = || {
        cells
            .next()
            .with_context(|| format!("the engine printed `{line}`: id, name, section wanted"))
    };
    Ok(Rule {
        id: cell()?,
        name: cell()?,
        section: cell()?,
    })
}

fn listed() -> Result<Missing> {
    Missing::read(&fs::read_to_string(shell::root()?.join(MISSING))?)
}

fn paragraph(rule: &Rule, scenarios: &[Scenario]) -> String {
    let mut text = format!("{:<5}{} ({})\n", rule.id, rule.name, rule.section);
    for one in scenarios.iter().filter(|one| one.rules.contains(&rule.id)) {
        text += &format!(
            "       {:<7}{}:{}  {}\n",
            one.shows.word(),
            one.path,
            one.line,
            one.sentence
        );
    }
    text
}

/// What a rule still lacks; `None` if it has both kinds of scenario.
fn gap(id: &str, scenarios: &[Scenario]) -> Option<&'static str> {
    let has = |shows| {
        scenarios
            .iter()
            .any(|one| one.shows == shows && one.rules.iter().any(|rule| rule == id))
    };
    match (has(Shows::Kept), has(Shows::Broken)) {
        (true, true) => None,
        (true, false) => Some("no scenario shows it broken"),
        (false, true) => Some("no scenario shows it kept"),
        (false, false) => Some("no scenario"),
    }
}

fn check(rules: &[Rule], scenarios: &[Scenario], missing: &Missing) -> Vec<String> {
    let known: BTreeMap<&str, &Rule> = rules.iter().map(|rule| (rule.id.as_str(), rule)).collect();
    let scope = scope::ids();
    let mut findings = Vec::new();
    for id in &scope {
        let listed = missing.ids().contains(id);
        if !known.contains_key(id.as_str()) {
            findings.push(format!("{id}: the engine does not know it"));
            continue;
        }
        match (gap(id, scenarios), listed) {
            (Some(gap), false) => findings.push(format!("{id}: {gap}")),
            (None, true) => findings.push(format!(
                "{id} has its scenarios: take it off {MISSING} (cargo xtask rules --shorten)"
            )),
            _ => {}
        }
    }
    for id in missing.ids().iter().filter(|id| !scope.contains(id)) {
        findings.push(format!("{id} stands in {MISSING}, but is not in scope"));
    }
    for one in scenarios {
        for id in one
            .rules
            .iter()
            .filter(|id| !known.contains_key(id.as_str()))
        {
            findings.push(format!(
                "{}:{}: the engine knows no rule {id}",
                one.path, one.line
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at once")]

    use super::*;

    fn rules(ids: &[String]) -> Vec<Rule> {
        ids.iter()
            .map(|id| row(&format!("{id}\tname\tsection")).unwrap())
            .collect()
    }

    fn of(text: &str) -> Vec<Scenario> {
        scenario::in_file("a.txt", text).unwrap()
    }

    fn all_but(id: &str) -> Missing {
        Missing::read(&scope::ids().join("\n"))
            .unwrap()
            .without(|one| one == id)
    }

    #[test]
    fn a_rule_needs_both_kinds_of_scenario() {
        assert_eq!(
            gap("R26", &of("== R26 kept: a\n")),
            Some("no scenario shows it broken")
        );
        assert_eq!(
            gap("R26", &of("== R26 broken: a\n")),
            Some("no scenario shows it kept")
        );
        assert_eq!(gap("R26", &of("== R27 broken: a\n")), Some("no scenario"));
        assert_eq!(gap("R26", &of("== R26 kept: a\n== R26 broken: b\n")), None);
    }

    #[test]
    fn an_unlisted_rule_without_scenarios_fails() {
        let findings = check(&rules(&scope::ids()), &[], &all_but("R26"));
        assert_eq!(findings, ["R26: no scenario"]);
    }

    #[test]
    fn a_listed_rule_with_its_scenarios_fails_until_it_is_taken_off() {
        let both = of("== R26 kept: a\n== R26 broken: b\n");
        let findings = check(&rules(&scope::ids()), &both, &all_but("none"));
        assert_eq!(findings.len(), 1);
        assert!(findings[0].contains("take it off"));
        assert!(check(&rules(&scope::ids()), &both, &all_but("R26")).is_empty());
    }

    #[test]
    fn a_rule_that_the_engine_does_not_know_fails_listed_or_not() {
        let known: Vec<String> = scope::ids().into_iter().filter(|id| id != "R26").collect();
        for missing in [all_but("R26"), all_but("none")] {
            let findings = check(&rules(&known), &of("== R26 kept: a\n"), &missing);
            assert_eq!(
                findings,
                [
                    "R26: the engine does not know it",
                    "a.txt:1: the engine knows no rule R26"
                ]
            );
        }
    }

    #[test]
    fn a_listed_rule_outside_the_scope_fails() {
        let missing = Missing::read(&format!("{}\nR5\n", scope::ids().join("\n"))).unwrap();
        assert_eq!(check(&rules(&scope::ids()), &[], &missing).len(), 1);
    }

    #[test]
    fn the_list_of_missing_rules_names_only_rules_in_scope() {
        let scope = scope::ids();
        assert!(listed().unwrap().ids().iter().all(|id| scope.contains(id)));
    }
}
