//! The lines that settle what stands on a board.

use serde_json::json;

use super::farm::{Farm, farm};
use crate::report::by_hand::Hand;

/// The lines of the board for this rule.
fn lines(farm: &Farm, rule: &str) -> Vec<String> {
    let agenda = procedure::agenda(&farm.case, &farm.basis, farm.now);
    let of_rule = agenda
        .obligations
        .iter()
        .filter(|owed| owed.rule.id() == rule);
    let hand = Hand {
        number: "HH-142",
        case: &farm.case,
        basis: &farm.basis,
        now: farm.now,
        person: None,
    };
    let line = |owed| hand.settle(owed);
    of_rule.filter_map(line).collect()
}

#[test]
fn each_line_on_the_board_is_about_what_is_open() {
    let mut farm = farm();
    farm.reported().does("jane", "acknowledge", json!({}));
    assert_eq!(
        lines(&farm, "R1"),
        ["henhouse case do HH-142 set_kind kind=security   # or kind=operational"]
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
    let nothing_said = "confidentiality=potential integrity=potential availability=potential";
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
            "availability=potential privacy=actual ",
            r#"whose='["ours"]' assets='["coop"]' data='["personal"]' people=7   "#,
            r#"# each is none, potential or actual, or whose='[{"client":"dairy"}]'"#
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

#[test]
fn a_copied_line_confirms_nothing_that_only_a_human_can_say() {
    use crate::report::by_hand::{EXAMPLES, line, printed};
    for (act, says) in [
        ("set_threat_actions", "none=\"<true|false>\""),
        ("decide_destruction", "loss_acknowledged=\"<true|false>\""),
        ("verify_step", "works=\"<true|false>\""),
        ("answer_question", "answer=\"<yes|no|unknown>\""),
    ] {
        let line = line("HH-142", act);
        assert!(line.contains(says), "{line}");
    }
    // No example says yes or no by itself; what has to be so for the act to be that act is no answer.
    let itself = ["publish_sitrep"];
    for (act, fields) in EXAMPLES.iter().filter(|(act, _)| !itself.contains(act)) {
        let said = printed(act, fields);
        let mut words = said.split(' ');
        let answers = ["=true", "=false", "=yes", "=no", "=none"];
        let found = words.find(|word| answers.iter().any(|end| word.ends_with(end)));
        assert_eq!(found, None, "{act} {said}");
        assert!(!said.contains(":\"no"), "{act} {said}");
    }
}
