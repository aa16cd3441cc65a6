//! The mails of a story, word for word.

use serde_json::json;

use super::farm::{farm, show};
use super::golden::check;

#[test]
fn a_page_asks_for_one_choice() {
    let mut farm = farm();
    farm.basis.project.on_call.push(duty("jane"));
    farm.reported();
    check("page.txt", &show(farm.last_to("jane")));
    farm.later(10);
    check("page_from_the_sheet.txt", &show(farm.last_to("jane")));
    farm.later(25);
    check("page_in_the_second_round.txt", &show(farm.last_to("jane")));
}

#[test]
fn a_drill_says_so_first() {
    let mut farm = farm();
    farm.drill = true;
    farm.reported();
    check("page_in_a_drill.txt", &show(farm.last_to("jane")));
}

#[test]
fn whoever_was_called_may_stand_down() {
    let mut farm = farm();
    farm.reported()
        .later(6)
        .does("spot", "acknowledge", json!({}));
    check("stand_down.txt", &show(farm.last_to("jane")));
}

#[test]
fn the_reporter_hears() {
    let mut farm = farm();
    farm.basis.project.on_call.push(duty("jane"));
    farm.reported();
    check("reporter_received.txt", &show(farm.last_to("reporter")));
    farm.later(25);
    check("reporter_round_ended.txt", &show(farm.last_to("reporter")));
    farm.does("jane", "acknowledge", json!({}));
    check("reporter_taken.txt", &show(farm.last_to("reporter")));
    farm.does(
        "jane",
        "false_alarm",
        json!({ "reason": "They were let out on purpose by Dave." }),
    );
    check("reporter_false_alarm.txt", &show(farm.last_to("reporter")));
    check("false_alarm.txt", &show(farm.last_to("dave")));
}

#[test]
fn a_responder_who_reports_hears_that_they_command() {
    let calling = ["We are calling", "We are asking", "Nobody has taken it"];
    let command = "You are Incident Commander: you reported it, and you are on the team.";
    let report = json!({ "text": "A fox.", "contact": "jane@farm.example", "route": "cli" });
    let mut alone = farm();
    alone.does("jane", "report", report.clone());
    let text = &alone.last_to("reporter").text;
    assert!(
        text.contains(command) && text.contains("Nobody else is called"),
        "{text}"
    );
    assert!(!calling.iter().any(|words| text.contains(words)), "{text}");
    let mut with_duty = farm();
    with_duty.basis.project.on_call = vec![duty("jane"), duty("spot")];
    with_duty.does("jane", "report", report.clone());
    let text = &with_duty.last_to("reporter").text;
    assert!(
        text.contains(command) && text.contains("One other person is being alerted too."),
        "{text}"
    );
    let mut about = report;
    about["about_person"] = "jane".into();
    about["about_employee"] = true.into();
    let mut herself = farm();
    herself.does("jane", "report", about);
    let text = &herself.last_to("reporter").text;
    assert!(!text.contains("Incident Commander"), "{text}");
}

#[test]
fn the_sitrep_has_the_form_of_the_example() {
    let mut farm = farm();
    farm.reported().does("jane", "acknowledge", json!({}));
    for person in ["spot", "dave"] {
        farm.does(person, "join", json!({}));
    }
    farm.does(
        "spot",
        "confirm",
        json!({
            "severity": "low", "reason": "Spot counted eleven hens on the road.",
            "impact": { "confidentiality": "none", "integrity": "none", "availability": "actual", "assets": ["run"] },
        }),
    );
    check("confirmed.txt", &show(farm.last_to("jane")));
    farm.later(20).does("jane", "publish_sitrep", json!({
        "summary": "We've confirmed reports of escaped chickens. Looks like a fox may have \
                    tunneled into the run. Dave is working to fix the fence, Spot is tracking the fox.",
        "known": "Eleven hens are out, none is hurt. A fox is suspected, not confirmed.",
        "doing": "Farmer Dave: the fence, by noon. Spot the Dog: the fox.",
        "need": "Please keep the gate to the road shut.",
    }));
    check("sitrep.txt", &show(farm.last_to("dave")));
    farm.does(
        "jane",
        "add_stakeholder",
        json!({ "stakeholder": "dairy", "reason": "Their road." }),
    );
    farm.later(3 * 24 * 60);
    check("prompt_sitrep_overdue.txt", &show(farm.last_to("jane")));
    farm.does("jane", "publish_sitrep", json!({ "no_change": true }));
    check("sitrep_no_change.txt", &show(farm.last_to("dairy")));
    farm.does(
        "jane",
        "publish_sitrep",
        json!({ "summary": "Ten hens are home.", "outside": "Your road is free again." }),
    );
    check("sitrep_outside.txt", &show(farm.last_to("dairy")));
}

/// What somebody did with a suspicious mail is said to whoever is called, and nowhere where content may not go.
#[test]
fn a_page_says_what_was_done_with_a_suspicious_mail() {
    let mut farm = farm();
    farm.basis.project.on_call.push(duty("jane"));
    farm.does(
        "reporter",
        "report",
        json!({ "text": "A strange mail", "phish": { "clicked": true, "entered": true } }),
    );
    let words = farm.last_to("jane");
    assert!(
        words
            .text
            .contains("They clicked a link and typed something in."),
        "{}",
        words.text
    );
    assert!(!words.bare.text.contains("clicked"), "{}", words.bare.text);
}

/// Nobody outside reads the reporter's words, whatever the news is.
#[test]
fn the_title_of_a_case_stays_inside() {
    let mut farm = farm();
    farm.basis.project.on_call.push(duty("jane"));
    farm.does("reporter", "report", json!({ "text": "zebra crossing" }))
        .does("jane", "acknowledge", json!({}))
        .does(
            "jane",
            "add_stakeholder",
            json!({ "stakeholder": "dairy", "reason": "Their road." }),
        )
        .does(
            "jane",
            "publish_sitrep",
            json!({ "summary": "zebra seen", "known": "zebra" }),
        )
        .does("jane", "false_alarm", json!({ "reason": "zebra is ours" }));
    let all = farm.told.iter();
    let outside = all.filter(|told| matches!(&told.to, procedure::Recipient::Stakeholder(_)));
    let all: Vec<_> = outside.collect();
    assert_eq!(all.len(), 2, "a sitrep and the false alarm");
    for told in all {
        let said = show(&told.words);
        assert!(!said.contains("zebra"), "{said}");
    }
}

fn duty(person: &str) -> procedure::basis::Duty {
    procedure::basis::Duty {
        person: person.into(),
        from: "2026-11-20T00:00:00Z".parse().unwrap(),
        until: "2026-11-22T00:00:00Z".parse().unwrap(),
    }
}
