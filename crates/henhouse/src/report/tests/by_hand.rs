//! The lines that settle what stands on a board.

use serde_json::json;

use super::farm::{Farm, farm};
use crate::report::by_hand;

/// The lines of the board for this rule.
fn lines(farm: &Farm, rule: &str) -> Vec<String> {
    let agenda = procedure::agenda(&farm.case, &farm.basis, farm.now);
    let of_rule = agenda
        .obligations
        .iter()
        .filter(|owed| owed.rule.id() == rule);
    let line = |owed| by_hand::settle("HH-142", &farm.case, &farm.basis, owed);
    of_rule.filter_map(line).collect()
}

#[test]
fn each_line_on_the_board_is_about_what_is_open() {
    let mut farm = farm();
    farm.reported().does("jane", "acknowledge", json!({}));
    assert_eq!(
        lines(&farm, "R1"),
        ["henhouse case do HH-142 set_kind kind='security|operational'"]
    );
    assert_eq!(
        lines(&farm, "R2"),
        ["henhouse case do HH-142 tick_item item=check_expected"]
    );
    farm.does("jane", "tick_item", json!({ "item": "check_expected" }));
    assert_eq!(
        lines(&farm, "R2"),
        ["henhouse case do HH-142 tick_item item=report"]
    );
    let criteria = lines(&farm, "R39").concat();
    for criterion in &farm.basis.playbook.assessment.criteria {
        assert!(
            criteria.contains(&format!("\"{}\":\"unknown\"", criterion.id)),
            "{criteria}"
        );
    }
}

#[test]
fn the_line_for_the_final_sitrep_sends_the_final_one() {
    let mut farm = farm();
    let impact =
        json!({ "confidentiality": "none", "integrity": "none", "availability": "actual" });
    farm.reported()
        .does("jane", "acknowledge", json!({}))
        .does(
            "jane",
            "confirm",
            json!({ "severity": "low", "reason": "Seen.", "impact": impact }),
        )
        .does("jane", "publish_sitrep", json!({ "summary": "Hens out." }))
        .does(
            "jane",
            "record_milestone",
            json!({ "milestone": "resolved", "reason": "All are home." }),
        )
        .does("jane", "record_normal_again", json!({ "how": "Counted." }))
        .does("jane", "ready_for_qa", json!({ "reviewer": "dave" }));
    let line = lines(&farm, "R74").concat();
    assert!(line.ends_with(" final=true"), "{line}");
    farm.does(
        "jane",
        "publish_sitrep",
        json!({ "summary": "Over.", "final": true }),
    );
    assert!(lines(&farm, "R74").is_empty());
}

#[test]
fn the_line_for_the_harm_carries_what_was_said_before() {
    let mut farm = farm();
    farm.reported().does("jane", "acknowledge", json!({}));
    let nothing_said = "confidentiality='none|potential|actual' integrity='none|potential|actual'";
    let line = lines(&farm, "R37").concat();
    assert!(line.contains(nothing_said), "{line}");
    farm.does(
        "jane",
        "assess_impact",
        json!({
            "confidentiality": "actual", "integrity": "none", "privacy": "actual",
            "assets": ["coop"], "data": ["personal"], "people": 7
        }),
    );
    assert_eq!(
        lines(&farm, "R121"),
        [concat!(
            "henhouse case do HH-142 assess_impact confidentiality=actual integrity=none ",
            "availability='none|potential|actual' privacy=actual ",
            r#"whose='["ours"] or [{"client":"dairy"}]' assets='["coop"]' data='["personal"]' people=7"#
        )]
    );
}

#[test]
fn the_line_that_sends_home_names_who_is_meant() {
    let mut farm = farm();
    farm.reported()
        .does("dave", "acknowledge", json!({}))
        .does("jane", "acknowledge", json!({}));
    assert_eq!(
        lines(&farm, "R69"),
        ["henhouse case do HH-142 send_home person=jane"]
    );
}
