//! Words that must be there, and subjects that mail filters rely on.

use super::findings::Findings;
use crate::playbook::Playbook;
use alloc::format;

const PLACEHOLDERS: [&str; 3] = ["{noun}", "{number}", "{title}"];

pub(super) fn check(playbook: &Playbook, findings: &mut Findings) {
    let messages = &playbook.messages;
    for (place, words, why) in [
        (
            "name",
            &playbook.name,
            "a record could not say which procedure it followed (X29)",
        ),
        ("title", &playbook.title, "pages would have no heading"),
        (
            "intake.definition",
            &playbook.intake.definition,
            "a reporter would not know what counts (R23)",
        ),
        (
            "intake.reassurance",
            &playbook.intake.reassurance,
            "a reporter would not know that nobody is in trouble (R105)",
        ),
        (
            "intake.do_not_delete",
            &playbook.intake.do_not_delete,
            "a reporter might destroy traces (R119)",
        ),
        (
            "messages.report_subject",
            &messages.report_subject,
            "every mail would count as a report (R114)",
        ),
        (
            "messages.chat_mention",
            &messages.chat_mention,
            "no mention could open an event (R117)",
        ),
        (
            "closing.thanks",
            &playbook.closing.thanks,
            "nobody would be thanked (R75)",
        ),
    ] {
        if words.trim().is_empty() {
            findings.error(
                place,
                format!("{place} is empty: {why}."),
                "Write a sentence.",
            );
        }
    }
    let questions = &playbook.intake.phishing_questions;
    for value in ["clicked", "opened", "entered"] {
        if !questions.iter().any(|question| question.value == value) {
            findings.error(
                "intake.phishing_questions",
                format!("The question {value:?} is missing (R107)."),
                "Ask all three: clicked, opened, entered.",
            );
        }
    }
    subjects(playbook, findings);
}

fn subjects(playbook: &Playbook, findings: &mut Findings) {
    let subjects = &playbook.messages.subjects;
    for (place, subject) in [
        ("messages.subjects.sitrep", &subjects.sitrep),
        ("messages.subjects.final_sitrep", &subjects.final_sitrep),
    ] {
        if !subject.starts_with("[sitrep]") {
            findings.error(
                place,
                "The subject of a sitrep begins with [sitrep] (R43).",
                "Put [sitrep] at its beginning.",
            );
        }
    }
    for (place, subject) in subjects.all() {
        let rest = PLACEHOLDERS
            .iter()
            .fold(subject.clone(), |rest, placeholder| {
                rest.replace(placeholder, "")
            });
        if rest.contains(['{', '}']) {
            findings.error(
                &format!("messages.subjects.{place}"),
                format!("{subject:?} has a placeholder that nothing fills."),
                "Use only {noun}, {number} and {title}.",
            );
        }
        if subject.trim().is_empty() || subject.contains(['\r', '\n']) {
            findings.error(
                &format!("messages.subjects.{place}"),
                "A subject is one line and not empty.",
                "Write one line.",
            );
        }
    }
}
