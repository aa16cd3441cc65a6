//! The handbook's playbook, read from its file.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use procedure::playbook::{Cadence, DisruptionPolicy, Overrides, Playbook, Severity};

const HANDBOOK: &str = include_str!("../../../playbooks/handbook.toml");

fn handbook() -> Playbook {
    toml::from_str(HANDBOOK).unwrap()
}

#[test]
fn the_handbook_parses_and_survives_json() {
    let playbook = handbook();
    let json = serde_json::to_string(&playbook).unwrap();
    assert_eq!(serde_json::from_str::<Playbook>(&json).unwrap(), playbook);
}

#[test]
fn an_unknown_field_is_refused() {
    let text = HANDBOOK.replace(
        "ack_limit_minutes = 10",
        "ack_limit_minutes = 10\nack_limit = 9",
    );
    let error = toml::from_str::<Playbook>(&text).unwrap_err().to_string();
    assert!(error.contains("ack_limit"), "{error}");
}

#[test]
fn the_numbers_are_the_handbooks() {
    let playbook = handbook();
    assert_eq!(playbook.alarm.ack_limit_minutes, 10, "R26");
    assert_eq!(playbook.disruption.consult_limit_minutes, 60, "R65 and R98");
    assert_eq!(playbook.long_haul.plan_after_minutes, 180, "R67");
    assert_eq!(playbook.long_haul.shift_minutes, 180, "R69");
    assert_eq!(playbook.long_haul.ic_minutes, 180, "R70");
    assert_eq!(
        playbook.severities.high.cadence,
        Cadence::Every { minutes: 60 },
        "R94"
    );
    assert_eq!(playbook.assessment.triage.prompt_minutes, 5, "X2");
    assert_eq!(playbook.retrospective.due_business_days, 5, "X44");
}

#[test]
fn an_unassessed_case_has_the_policy_of_high() {
    let severities = handbook().severities;
    assert_eq!(
        severities.policy(Severity::Unknown),
        &severities.high,
        "M17"
    );
    assert_eq!(
        severities.policy(Severity::Low).disruption,
        DisruptionPolicy::Agree
    );
}

#[test]
fn med_is_accepted_for_medium() {
    assert_eq!(
        serde_json::from_str::<Severity>("\"med\"").unwrap(),
        Severity::Medium,
        "M10"
    );
}

#[test]
fn overrides_hold_only_what_differs() {
    let text = "base = 'handbook'\nbase_edition = 1\nreason = 'two clients'\n\
                [changes.alarm]\nack_limit_minutes = 5\n";
    let overrides: Overrides = toml::from_str(text).unwrap();
    assert_eq!(
        serde_json::to_string(&overrides.changes).unwrap(),
        r#"{"alarm":{"ack_limit_minutes":5}}"#
    );
}

/// What journals hold from before there were translations says, byte for byte, what it said.
#[test]
fn a_playbook_without_translations_is_written_as_it_always_was() {
    let mut playbook = handbook();
    playbook.translations.clear();
    let json = serde_json::to_value(&playbook).unwrap();
    assert!(json.get("translations").is_none());
    assert_eq!(serde_json::from_value::<Playbook>(json).unwrap(), playbook);
}

#[test]
fn a_text_that_is_changed_is_no_longer_translated_and_what_a_project_translates_itself_stays() {
    let (base, mut own) = (handbook(), handbook());
    let was = own.intake.signs[0].label.clone();
    assert!(own.translated("de", &was).is_some());
    own.intake.signs[0].label = "A hen is out".into();
    let german = own.translations.get_mut("de").unwrap();
    german.insert("A hen is out".into(), "Eine Henne ist draußen".into());
    own.forget_translations_of(&base);
    assert_eq!(own.translated("de", &was), None);
    assert_eq!(
        own.translated("de", "A hen is out"),
        Some("Eine Henne ist draußen")
    );
    assert!(own.translated("fr", "A hen is out").is_none());
    let advice = &base.intake.phishing_advice[0];
    assert_eq!(own.translated("de", advice), base.translated("de", advice));
}

/// A basis is named by the hash of what it says: what an older edition does not say stays unsaid, and asks nothing.
#[test]
fn an_edition_from_before_is_written_as_it_was_read() {
    let mut old = serde_json::to_value(handbook()).unwrap();
    let intake = old["intake"].as_object_mut().unwrap();
    for later in ["warn_colleagues", "wider_impact_limit_minutes"] {
        assert!(intake.remove(later).is_some(), "{later}");
    }
    let read: Playbook = serde_json::from_value(old.clone()).unwrap();
    assert_eq!(read.intake.warn_colleagues, None);
    assert_eq!(read.intake.wider_impact_limit_minutes, None);
    assert_eq!(serde_json::to_value(&read).unwrap(), old);
}
