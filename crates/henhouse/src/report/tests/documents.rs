//! The documents of a case, word for word.

use procedure::chapters::intake::template;
use serde_json::json;

use super::farm::{Farm, HEAD, farm};
use super::golden::check;
use crate::report::{Sheet, briefing, checklist, conformance, report_form, retrospective};

fn story() -> Farm {
    let mut farm = farm();
    farm.reported()
        .later(6)
        .does("jane", "acknowledge", json!({}));
    for person in ["spot", "dave"] {
        farm.does(person, "join", json!({}));
    }
    farm.does("jane", "confirm", json!({
        "severity": "low", "reason": "Spot counted eleven hens on the road.",
        "impact": { "confidentiality": "none", "integrity": "none", "availability": "actual", "assets": ["run"] },
    }));
    farm.later(20).does(
        "jane",
        "publish_sitrep",
        json!({ "summary": "Eleven hens are out." }),
    );
    farm.does(
        "dave",
        "add_step",
        json!({ "text": "Fix the fence", "kind": "organise", "class": "immediate" }),
    );
    farm.does(
        "spot",
        "add_lead",
        json!({ "text": "A fox was seen", "source": "the dairy" }),
    );
    farm
}

fn sheet(farm: &Farm) -> Sheet<'_> {
    Sheet {
        number: "HH-142",
        drill: farm.drill,
        case: &farm.case,
        basis: &farm.basis,
        directory: &farm.directory,
        now: farm.now,
        link: "https://hen.example/cases/HH-142",
        head: HEAD,
    }
}

#[test]
fn a_stranger_can_take_over_from_the_briefing() {
    let farm = story();
    let said = briefing::document(&sheet(&farm), &farm.entries);
    for fact in [
        "HH-142",
        "The chickens are escaping",
        "confirmed",
        "severity Low",
        "Farmer Jane",
        "Spot the Dog",
        "Next sitrep",
        "Fix the fence",
        "A fox was seen",
        "TLP:AMBER",
        "https://hen.example",
    ] {
        assert!(said.contains(fact), "{fact} is missing:\n{said}");
    }
    check("briefing.txt", &said);
}

#[test]
fn the_checklist_shows_who_ticked_what() {
    let mut farm = story();
    farm.does("spot", "tick_item", json!({ "item": "call_in" }));
    let said = checklist::document(&sheet(&farm));
    assert!(
        said.contains("[x] Call in the people you need") && said.contains("Spot the Dog, "),
        "{said}"
    );
    assert_eq!(
        said.matches("[x]").count(),
        1,
        "nothing is ticked by inference"
    );
    check("checklist.txt", &said);
}

#[test]
fn the_report_form_is_read_back_as_it_was_written() {
    let farm = story();
    let said = report_form::document(&sheet(&farm));
    let read = template::read(&said);
    assert_eq!(
        read.description.as_deref(),
        Some("The chickens are escaping")
    );
    assert_eq!(read.status.as_deref(), Some("confirmed"));
    assert_eq!(read.severity.as_deref(), Some("low"));
    assert_eq!(read.ic.as_deref(), Some("Farmer Jane"));
    assert_eq!(read.responders, ["Farmer Dave", "Spot the Dog"]);
    assert!(
        !said.contains("neighbour@") && !said.contains("0177"),
        "{said}"
    );
    check("report_form.txt", &said);
}

#[test]
fn conformance_says_every_rule_once() {
    let farm = story();
    let said = conformance::document(&sheet(&farm));
    for rule in procedure::Rule::ALL {
        assert_eq!(said.matches(&format!("\n- {rule} ")).count(), 1, "{rule}");
    }
    assert!(
        said.contains("**Done at ")
            && said.contains("**Not applicable: ")
            && said.contains("**Open")
    );
    assert!(!said.contains("by jane."), "people have names");
}

#[test]
fn the_incident_report_has_its_sections_and_says_unknown() {
    let farm = story();
    let said = retrospective::document(&sheet(&farm), &farm.entries);
    for label in [
        "Timeline",
        "How it went",
        "Causes and weaknesses",
        "Numbers",
    ] {
        assert!(said.contains(&format!("\n## {label}\n")), "{label}");
    }
    assert!(said.contains("From start to discovery: unknown"), "{said}");
    assert!(
        !said.contains("## Lessons") && !said.contains("## Follow-ups"),
        "what it need not have is no empty chapter: {said}"
    );
    check("incident_report.txt", &said);
}

#[test]
fn the_mail_about_the_report_leads_to_the_report() {
    let mut farm = story();
    for (command, fields) in [
        ("false_alarm", json!({ "reason": "It was the wind" })),
        ("add_timeline_line", json!({ "entries": [1] })),
        ("add_cause", json!({ "text": "The latch is worn" })),
        (
            "add_cause",
            json!({ "text": "Nobody oils it", "parents": ["C-1"] }),
        ),
        ("set_discovery_method", json!({ "value": "unknown" })),
        ("set_threat_actions", json!({ "none": true })),
        (
            "record_milestone",
            json!({ "milestone": "started", "unknown": true }),
        ),
        (
            "record_milestone",
            json!({ "milestone": "contained", "reason": "Shut" }),
        ),
        ("publish_report", json!({})),
    ] {
        farm.does("jane", command, fields);
    }
    let mail = &farm.last_to("spot").text;
    let link = "The report:\nhttps://hen.example/cases/HH-142/report\n";
    assert!(mail.contains(link), "{mail}");
}

#[test]
fn a_drill_is_said_first_on_paper_too() {
    let mut farm = story();
    farm.drill = true;
    let sheet = sheet(&farm);
    let all = [
        briefing::document(&sheet, &farm.entries),
        checklist::document(&sheet),
        conformance::document(&sheet),
        report_form::document(&sheet),
        retrospective::document(&sheet, &farm.entries),
    ];
    for said in all {
        assert!(said.starts_with("DRILL"), "{said}");
    }
}
