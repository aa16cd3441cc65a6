//! Every kind of entry has words: in the log, and as a mail to whoever is told of it.

use std::collections::BTreeSet;

use procedure::{Body, Draft, Notice, Recipient};

use super::farm::{Farm, actor, farm, show};
use super::golden::check;
use super::samples;
use crate::report::SUBJECT_LIMIT;

/// Kinds that wait for words, while their chapters land. Empty in the end.
const WITHOUT_WORDS: &[&str] = &[
    "called_in",
    "call_in_answered",
    "undelivered",
    "still_here",
    "handover_offered",
    "handover_briefed",
    "handover_read_back",
    "handover_accepted",
    "handover_declined",
    "handover_withdrawn",
    "handover_lapsed",
    "overlap_ended",
    "take_over_asked",
    "took_over",
    "take_over_offered",
    "role_assigned",
    "role_released",
    "stays_alone",
    "ic_warned",
    "forecast_recorded",
    "plan_opened",
    "long_planned",
    "shift_planned",
    "shift_cancelled",
    "sent_home",
    "spun_down",
    "normal_again_recorded",
    "qa_accepted",
    "qa_sent_back",
    "thanked",
    "closed",
    "reopened",
    "settled",
    "leader_appointed",
    "timeline_line_added",
    "timeline_line_removed",
    "section_written",
    "cause_recorded",
    "method_chosen",
    "outcome_added",
    "lesson_added",
    "follow_up_added",
    "follow_up_done",
    "discovery_method_set",
    "threat_actions_set",
    "retrospective_skipped",
    "report_published",
];

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
        .filter(|kind| !told.contains(**kind) && !WITHOUT_WORDS.contains(kind))
        .collect();
    assert!(
        missing.is_empty(),
        "no words for {missing:?}: write a sentence in report/timeline and a sample in \
         report/tests/samples.rs, or name the kind in WITHOUT_WORDS for now"
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
            assert_eq!(
                words.text.matches("https://hen.example").count(),
                1,
                "{shown}"
            );
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
