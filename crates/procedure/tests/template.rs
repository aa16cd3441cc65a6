//! The report template, read back from whatever people made of it (R32, X14).

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use procedure::chapters::intake::Route;
use procedure::chapters::intake::template::{Pasted, read};

fn chickens() -> Pasted {
    Pasted {
        description: Some("The chickens are escaping".into()),
        status: Some("investigating".into()),
        severity: Some("unknown".into()),
        reporter: Some("Farmer Dave".into()),
        ic: Some("Farmer Jane".into()),
        responders: vec!["Spot the Dog".into(), "Farmer Dave".into()],
        details: "A fox was seen at the run.\nTwo are on the roof.".into(),
        ..Pasted::default()
    }
}

#[test]
fn the_template_as_the_handbook_prints_it() {
    let pasted = "The chickens are escaping\n\n* **Status**: investigating\n\
        * **Severity**: unknown\n* **Reporter**: Farmer Dave\n* **IC**: Farmer Jane\n\
        * **Responders**: Spot the Dog, Farmer Dave\n\n\
        A fox was seen at the run.\nTwo are on the roof.\n";
    assert_eq!(read(pasted), chickens());
}

#[test]
fn any_order_quoting_and_marks_say_the_same() {
    let pasted = "> - responders : Spot the Dog; Farmer Dave\r\n> *IC:* Farmer Jane\r\n\
        The chickens are escaping\r\nREPORTED BY: Farmer Dave\r\n\
        A fox was seen at the run.\r\n__Severity__: unknown\r\n\
        Two are on the roof.\r\nstatus: investigating\r\n";
    assert_eq!(read(pasted), chickens());
}

#[test]
fn nothing_is_lost_that_is_no_field_or_is_said_twice() {
    let read = read("It is down\nStatus: investigating\nURL: https://x.example\nStatus: red");
    assert_eq!(read.details, "URL: https://x.example\nStatus: red");
    assert_eq!(read.status.as_deref(), Some("investigating"));
    assert!(!read.is_template(), "one field alone is no template");
}

#[test]
fn what_the_team_decides_is_kept_as_words() {
    let read = read("It is down\nSeverity: High\nIC: Jane\nReporter: Dave\nPhone: 555 0100");
    assert!(read.is_template());
    let report = read.into_report(Route::Mail).unwrap();
    assert_eq!(report.text.plain(), Some("Severity: High\nIC: Jane"));
    assert_eq!(report.title.unwrap().plain(), Some("It is down"));
    assert_eq!(report.name.unwrap().plain(), Some("Dave"));
    assert_eq!(report.phone.unwrap().plain(), Some("555 0100"));
    assert!(report.template);
}

#[test]
fn a_sentence_is_a_report_and_silence_is_none() {
    let report = read("  The chickens are escaping  ")
        .into_report(Route::Chat)
        .unwrap();
    assert_eq!(report.text.plain(), Some("The chickens are escaping"));
    assert_eq!(report.title, None);
    assert!(read(" \n\t\n").into_report(Route::Chat).is_none());
    assert!(read(&"x".repeat(70_000)).into_report(Route::Chat).is_none());
}

proptest::proptest! {
    #[test]
    fn whatever_is_pasted_is_read(pasted in ".{0,200}", more in "(\\PC{0,20}:\\PC{0,20}\n){0,4}") {
        let whole = format!("{pasted}\n{more}");
        let read = read(&whole);
        let words = whole.chars().any(|c| !c.is_whitespace());
        let report = read.clone().into_report(Route::Mail);
        proptest::prop_assert!(report.is_some() || !words || read.description.is_none());
    }
}
