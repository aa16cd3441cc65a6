//! Plays every scenario of the procedure.

mod stage;

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
