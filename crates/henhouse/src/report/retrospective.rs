//! The incident report: timeline, how it went, causes, numbers, lessons, follow-ups
//! (R80-R87). It looks for causes, not for somebody to blame.

use procedure::case::Stand;
use procedure::chapters::retrospective::Line;
use procedure::metrics::Span;
use procedure::playbook::Choice;
use procedure::{Certainty, Entry, Phase, metrics};

use super::sheet::{Sheet, section};
use super::subject::severity_word;
use super::timeline::closing::status_word;
use super::timeline::retrospective::cause_word;
use super::{text, time};

/// The report as Markdown. `entries` are those that the reader may read.
#[must_use]
pub fn document(sheet: &Sheet, entries: &[Entry]) -> String {
    let mut out = sheet.heading("Incident report");
    let sections = &sheet.basis.playbook.retrospective.report_sections;
    for Choice { value, label, .. } in sections {
        let lines = match value.as_str() {
            "timeline" => timeline(sheet, entries),
            "progress" => progress(sheet),
            "causes" => causes(sheet),
            "metrics" => numbers(sheet),
            "lessons" => lessons(sheet),
            "follow_ups" => follow_ups(sheet),
            _ => Vec::new(),
        };
        out.push_str(&section(label, &lines, "Nothing is written here."));
        if let Some(words) = sheet.case.part.retrospective.sections.get(value) {
            out.push_str(&format!("\n{}\n", text(words)));
        }
    }
    out.push_str(&sheet.footer());
    out
}

/// Each line stands on its entries.
fn timeline(sheet: &Sheet, entries: &[Entry]) -> Vec<String> {
    let (log, times) = (sheet.log(), sheet.times());
    let line = |line: &Line| {
        let first = entries
            .iter()
            .find(|entry| line.entries.contains(&entry.seq));
        let at = first.map_or(String::new(), |entry| times.stamp(entry.time()));
        let said = match (&line.text, first) {
            (Some(words), _) => text(words).to_owned(),
            (None, Some(entry)) => log.sentence(entry),
            (None, None) => "(withheld)".to_owned(),
        };
        let shown: Vec<String> = line.entries.iter().map(u64::to_string).collect();
        format!("{at} {said} (entry {})", shown.join(", "))
            .trim_start()
            .to_owned()
    };
    sheet.case.part.retrospective.shown().map(line).collect()
}

/// Status, phase, severity and IC, as they were (R81).
fn progress(sheet: &Sheet) -> Vec<String> {
    let (names, times) = (sheet.names(), sheet.times());
    let published = sheet.case.part.retrospective.reports.last();
    let turns = published
        .map(|report| report.progress.as_slice())
        .unwrap_or_default();
    let line = |turn: &procedure::case::Turn| {
        let what = match &turn.what {
            Stand::Status(status) => format!("status {}", status_word(*status)),
            Stand::Phase(phase) => format!("phase {}", phase_word(*phase)),
            Stand::Severity(severity) => {
                format!("severity {}", severity_word(*severity).to_lowercase())
            }
            Stand::Ic(ic) => format!("IC {}", names.person(ic)),
        };
        format!(
            "{} {what} (by {}, entry {})",
            times.stamp(turn.at),
            names.who(&turn.by),
            turn.seq
        )
    };
    turns.iter().map(line).collect()
}

fn causes(sheet: &Sheet) -> Vec<String> {
    let (state, lists) = (
        &sheet.case.part.retrospective,
        &sheet.basis.playbook.retrospective,
    );
    let cause = state.causes.iter().map(|cause| {
        let led_to: Vec<&str> = cause.parents.iter().map(String::as_str).collect();
        let led_to = if led_to.is_empty() {
            String::new()
        } else {
            format!("; led to {}", led_to.join(", "))
        };
        format!(
            "{} ({}{led_to}): {}",
            cause.id,
            cause_word(cause.kind),
            text(&cause.text)
        )
    });
    let outcome = state.outcomes.iter().map(|item| {
        format!(
            "{}: {}",
            label(&lists.outcomes, &item.list),
            text(&item.text)
        )
    });
    cause.chain(outcome).collect()
}

fn numbers(sheet: &Sheet) -> Vec<String> {
    let (found, lists) = (metrics(sheet.case), &sheet.basis.playbook.retrospective);
    let how = found.discovery_method.as_deref();
    let did = match &found.threat_actions {
        None => "not said".to_owned(),
        Some(none) if none.is_empty() => "none".to_owned(),
        Some(some) => {
            let words: Vec<String> = some
                .iter()
                .map(|v| label(&lists.threat_actions, v))
                .collect();
            words.join(", ")
        }
    };
    let how = how.map_or("not said".to_owned(), |how| {
        label(&lists.discovery_methods, how)
    });
    vec![
        format!("How it was discovered: {how}"),
        format!(
            "From start to discovery: {}",
            span(&found.time_to_discovery)
        ),
        format!(
            "From discovery to containment: {}",
            span(&found.time_to_containment)
        ),
        format!("What the actor did: {did}"),
        format!(
            "From report to acknowledgement: {}",
            span(&found.time_to_acknowledge)
        ),
        format!("To the first sitrep: {}", span(&found.time_to_first_sitrep)),
        format!(
            "Sitreps on time: {}, late: {}",
            found.sitreps_on_time, found.sitreps_late
        ),
    ]
}

/// Unknown is a value of its own, never nought (R85).
fn span(span: &Span) -> String {
    match span {
        Span::Unknown => "unknown".to_owned(),
        Span::Seconds { seconds, certainty } => {
            let long = time::span(jiff::SignedDuration::from_secs(*seconds));
            let about = if *certainty == Certainty::Exact {
                ""
            } else {
                "about "
            };
            format!("{about}{long}")
        }
    }
}

fn lessons(sheet: &Sheet) -> Vec<String> {
    let lessons = sheet.case.part.retrospective.lessons.iter();
    lessons
        .map(|lesson| text(&lesson.text).to_owned())
        .collect()
}

fn follow_ups(sheet: &Sheet) -> Vec<String> {
    let (names, times) = (sheet.names(), sheet.times());
    let agreed = sheet.case.part.retrospective.follow_ups.iter().map(|item| {
        let state = if item.done.is_some() { "done" } else { "open" };
        let (owner, due) = (names.person(&item.owner), times.dated(item.due));
        format!(
            "{} {} ({owner}, by {due}, {state})",
            item.id,
            text(&item.text)
        )
    });
    let deferred = procedure::chapters::work::deferred(sheet.at())
        .into_iter()
        .map(|step| {
            let owner = step
                .owner
                .as_ref()
                .map_or("nobody yet".to_owned(), |owner| names.person(owner));
            format!("{} {} ({owner}, deferred step)", step.id, text(&step.text))
        });
    agreed.chain(deferred).collect()
}

fn label(list: &[Choice], value: &str) -> String {
    let known = list.iter().find(|choice| choice.value == value);
    known.map_or_else(|| value.replace('_', " "), |choice| choice.label.clone())
}

fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Initiate => "Initiate",
        Phase::Assess => "Assess",
        Phase::Remediate => "Remediate",
        Phase::Retrospective => "Retrospective",
        Phase::Done => "done",
    }
}
