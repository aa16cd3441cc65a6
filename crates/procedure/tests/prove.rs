//! Switches each rule off in turn: its scenarios must notice.
#![cfg(feature = "prove")]

mod stage;

use procedure::{Rule, switch::switch_off};
use stage::script;

/// One test, because the switch is one for the whole process.
#[test]
fn a_rule_switched_off_fails_its_scenarios() {
    std::panic::set_hook(Box::new(|_| {}));
    let scenarios = script::all();
    let mut unnoticed = Vec::new();
    for &rule in Rule::ALL {
        let mut of_rule = scenarios
            .iter()
            .filter(|s| s.rules().contains(&rule.id()))
            .peekable();
        if of_rule.peek().is_none() {
            continue;
        }
        switch_off(Some(rule));
        let noticed = of_rule.any(|scenario| script::play(scenario).is_err());
        switch_off(None);
        if !noticed {
            unnoticed.push(rule.id());
        }
    }
    let _ = std::panic::take_hook();
    assert!(
        unnoticed.is_empty(),
        "switched off and nobody noticed: {}",
        unnoticed.join(" ")
    );
}
