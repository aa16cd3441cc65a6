//! Every kind of entry has words: in the log, and as a mail to whoever is told of it.

use std::collections::BTreeSet;

use procedure::{Body, Draft, Notice, Recipient};

use super::farm::{Farm, actor, farm, show};
use super::golden::check;
use super::samples;
use crate::report::SUBJECT_LIMIT;

fn played() -> Farm {
    let mut farm = farm();
    for (who, body) in samples::all() {
        let entry = Draft {
            happened_at: None,
            actor: actor(who),
            body,
        };
        farm.append(entry);
    }
    farm
}

#[test]
fn every_kind_has_a_sentence() {
    let farm = played();
    let log = farm.log();
    let told: BTreeSet<&str> = farm
        .entries
        .iter()
        .filter(|entry| log.known(entry).is_some())
        .map(|entry| entry.body.kind())
        .collect();
    let missing: Vec<&&str> = Body::KINDS
        .iter()
        .filter(|kind| !told.contains(**kind))
        .collect();
    assert!(
        missing.is_empty(),
        "no words for {missing:?}: write a sentence in report/timeline and a sample in \
         report/tests/samples.rs"
    );
    let line = |entry| {
        let sentence = log.sentence(entry);
        assert!(
            sentence.ends_with(['.', '"', ')', '…', '?', '!']),
            "{sentence}"
        );
        assert!(
            !sentence.contains("..") && !sentence.contains("  "),
            "{sentence}"
        );
        format!("{}\n  {sentence}\n", entry.body.kind())
    };
    let all: String = farm.entries.iter().map(line).collect();
    check("kinds.txt", &all);
}

#[test]
fn every_kind_can_be_told_to_anybody() {
    let farm = played();
    let recipients = [
        Recipient::Person("dave".into()),
        Recipient::Stakeholder("dairy".into()),
        Recipient::Reporter(1),
    ];
    for entry in &farm.entries {
        for to in recipients.clone() {
            let words = farm.mail(entry, &Notice::entry(to.clone()));
            let shown = show(&words);
            assert!(words.subject.chars().count() <= SUBJECT_LIMIT, "{shown}");
            // Outsiders cannot open the case: no link that they get asks for a sign-in.
            let links = usize::from(!matches!(to, Recipient::Stakeholder(_)));
            for text in [&words.text, &words.bare.text] {
                assert_eq!(
                    text.matches("https://hen.example").count(),
                    links,
                    "{shown}"
                );
            }
            let bare = format!("{:?}", words.bare);
            for content in [
                "hen,", "hens", "fox", "fence", "road", "hicken", "Jane", "Spot",
            ] {
                assert!(!bare.contains(content), "{content}: {shown}");
            }
            if matches!(to, Recipient::Reporter(_)) {
                for name in ["Jane", "Spot", "Dave", "Mabel"] {
                    assert!(!words.text.contains(name), "{shown}");
                }
            }
        }
    }
}

/// The news that asks something of its reader, to whom it goes.
const ASKING: &[(&str, &str)] = &[
    ("details_added", "jane"),
    ("step_assigned", "dave"),
    ("lead_assigned", "spot"),
    ("step_finished", "jane"),
    ("step_verified", "dave"),
    ("suspicion_raised", "dave"),
    ("capture_assigned", "dave"),
    ("hold_placed", "mabel"),
    ("hold_released", "mabel"),
    ("disruption_requested", "mabel"),
    ("disruption_requested", "spot"),
    ("decider_contacted", "mabel"),
    ("disruption_answered", "dave"),
    ("disruption_notice_sent", "dairy"),
    ("customer_notice_drafted", "mabel"),
    ("customer_notice_declined", "jane"),
    ("customer_notice_sent", "dairy"),
    ("customer_notice_sent", "spot"),
    ("recovery_declared", "dairy"),
    ("redaction_proposed", "mabel"),
    ("spun_down", "mabel"),
    ("thanked", "dave"),
    ("thanked", "reporter"),
    ("closed", "reporter"),
    ("leader_appointed", "mabel"),
    ("follow_up_added", "dave"),
    ("called_in", "dave"),
    ("call_in_answered", "jane"),
    ("undelivered", "jane"),
    ("handover_offered", "spot"),
    ("handover_briefed", "spot"),
    ("handover_read_back", "jane"),
    ("handover_accepted", "jane"),
    ("handover_accepted", "dave"),
    ("handover_declined", "jane"),
    ("handover_withdrawn", "spot"),
    ("handover_lapsed", "jane"),
    ("overlap_ended", "jane"),
    ("take_over_asked", "jane"),
    ("took_over", "jane"),
    ("took_over", "dave"),
    ("take_over_offered", "dave"),
    ("went_silent", "dave"),
    ("role_assigned", "mabel"),
    ("role_assigned", "dave"),
    ("role_released", "mabel"),
    ("plan_opened", "jane"),
    ("long_planned", "dave"),
    ("shift_planned", "spot"),
    ("shift_cancelled", "spot"),
    ("sent_home", "dave"),
    ("colleagues_warned", "dave"),
];

#[test]
fn news_that_asks_something_says_what() {
    let mut farm = farm();
    let mut said = String::new();
    for (who, body) in samples::all() {
        let actor = actor(who);
        farm.append(Draft {
            happened_at: None,
            actor,
            body,
        });
        let entry = farm.entries.last().unwrap();
        let kind = entry.body.kind();
        for (_, to) in ASKING.iter().filter(|(asking, _)| *asking == kind) {
            let notice = Notice::entry(match *to {
                "reporter" => Recipient::Reporter(1),
                "dairy" => Recipient::Stakeholder("dairy".into()),
                person => Recipient::Person(person.into()),
            });
            let words = farm.mail(entry, &notice);
            let (subject, text) = (words.subject, words.text);
            said += &format!("#### {kind}, to {to}\nSubject: {subject}\n\n{text}\n");
        }
    }
    check("news.txt", &said);
}
