//! What every mail keeps to.

use procedure::Recipient;
use serde_json::json;

use super::farm::{Farm, farm, name_of};

/// Every mail of a story that touches all sorts.
fn story(drill: bool, restricted: bool) -> Farm {
    let mut farm = farm();
    farm.drill = drill;
    farm.does("reporter", "report", json!({
        "text": "The chickens are escaping, all of them, and they are running over the road to the dairy",
        "contact": "neighbour@example.org", "phone": "+1 555 0177", "restricted": restricted,
    }));
    farm.later(40).does("spot", "acknowledge", json!({}));
    farm.later(400);
    farm.does(
        "spot",
        "false_alarm",
        json!({ "reason": "A birthday party." }),
    );
    farm
}

#[test]
fn subjects_fit() {
    for farm in [story(false, false), story(true, false), story(false, true)] {
        for told in &farm.told {
            for subject in [&told.words.subject, &told.words.bare.subject] {
                let length = subject.chars().count();
                assert!(length <= 78, "{length}: {subject}");
                assert!(!subject.contains('\n'));
            }
        }
    }
}

#[test]
fn a_page_says_all_in_its_first_characters() {
    for farm in [story(false, false), story(true, false)] {
        let number = if farm.drill { "DR-142" } else { "HH-142" };
        let pages = farm.told.iter().filter(|told| told.kind == "called");
        for told in pages {
            let seen: String = told.words.subject.chars().take(45).collect();
            let severity = seen.contains("not assessed") || seen.contains("unassessed");
            let by = seen.contains("take it by ") && seen.contains(" UTC");
            // Once the answer is overdue, the sheet is asked for it now.
            let when = by || seen.contains("take it now");
            assert!(seen.contains(number) && severity && when, "{seen}");
        }
    }
}

#[test]
fn a_drill_is_said_first_in_everything() {
    for told in &story(true, false).told {
        let words = &told.words;
        for said in [
            &words.subject,
            &words.text,
            &words.bare.subject,
            &words.bare.text,
        ] {
            assert!(said.starts_with("DRILL"), "{said}");
        }
    }
}

#[test]
fn an_anonymous_reporter_hears_no_name_and_the_reporter_s_contact_is_told_to_nobody() {
    let farm = story(false, false);
    for told in &farm.told {
        let said = format!("{:?}", told.words);
        assert!(
            !said.contains("neighbour@") && !said.contains("0177"),
            "{said}"
        );
        if matches!(told.to, Recipient::Reporter(_)) {
            for name in ["Jane", "Spot", "Dave", "Mabel", "birthday", "everity"] {
                assert!(!said.contains(name), "{name}: {said}");
            }
        }
    }
}

#[test]
fn without_content_nothing_is_said_of_what_it_is_about() {
    for farm in [story(false, false), story(false, true)] {
        for told in &farm.told {
            let bare = format!("{:?}", told.words.bare);
            for content in ["chicken", "road", "Spot", "Jane", "birthday"] {
                assert!(!bare.contains(content), "{} {bare}", name_of(&told.to));
            }
        }
    }
}

#[test]
fn a_restricted_case_has_no_title_in_a_subject() {
    for told in &story(false, true).told {
        assert!(
            !told.words.subject.contains("chicken"),
            "{}",
            told.words.subject
        );
    }
}

#[test]
fn every_mail_has_one_link_and_ends_with_a_line() {
    for told in &story(false, false).told {
        for text in [&told.words.text, &told.words.bare.text] {
            assert_eq!(text.matches("https://").count(), 1, "{text}");
            assert!(text.ends_with('\n') && !text.contains("\n\n\n"), "{text}");
        }
    }
}

#[test]
fn one_sort_of_mail_keeps_one_subject() {
    let farm = story(false, false);
    let of_reporter = farm
        .told
        .iter()
        .filter(|told| matches!(told.to, Recipient::Reporter(_)));
    for told in of_reporter {
        assert_eq!(told.words.subject, "Your report HH-142");
    }
}

#[test]
fn signed_in_staff_hear_who_has_their_report() {
    let mut farm = farm();
    farm.does(
        "mabel",
        "report",
        json!({ "text": "The chickens are escaping" }),
    );
    farm.does("spot", "acknowledge", json!({}));
    assert!(
        farm.last_to("reporter")
            .text
            .starts_with("Spot the Dog has your report")
    );
}
