//! The incident report: timeline, how it went, causes, numbers, lessons, follow-ups
//! (R80-R87). It looks for causes, not for somebody to blame.

use procedure::case::{Stand, Turn};
use procedure::chapters::retrospective::{Line, Published};
use procedure::metrics::Span;
use procedure::playbook::{Choice, Severity};
use procedure::{Body, Case, Certainty, Entry, Phase, Status, fold, metrics};

use super::sheet::{Sheet, section};
use super::timeline::retrospective::cause_word;
use super::{Names, Times, text, time};

/// What the report answers (R80-R87): these sections stand also where a waiver let it go out without. The others
/// are left out where nothing is in them.
const ANSWERED: [&str; 4] = ["timeline", "progress", "causes", "metrics"];

/// What stands where one of these has nothing.
pub const EMPTY: &str = "Nothing is written here.";

/// A section of the report.
pub struct Part {
    /// Its id in the playbook.
    pub value: String,
    /// Its heading.
    pub label: String,
    /// What the record says, line by line.
    pub lines: Vec<String>,
    /// What the team wrote.
    pub words: Option<String>,
}

/// The case as an edition of the report shows it: its journal up to the entry that published it. What is
/// not for whoever reads (R21) is left out of what the team gathered.
#[must_use]
pub fn as_published<'a>(entries: &'a [Entry], is_for_reader: impl Fn(u64) -> bool) -> Case {
    let is_shown = |entry: &&'a Entry| is_for_reader(entry.seq) || !is_gathered(&entry.body);
    fold(entries.iter().filter(is_shown))
}

/// What the report prints in somebody's words.
fn is_gathered(body: &Body) -> bool {
    matches!(
        body,
        Body::TimelineLineAdded(_)
            | Body::SectionWritten(_)
            | Body::CauseRecorded(_)
            | Body::OutcomeAdded(_)
            | Body::LessonAdded(_)
            | Body::FollowUpAdded(_)
            | Body::StepAdded(_)
    )
}

/// The report, section by section as the playbook orders them. `entries` are those that the reader may
/// read; `history` is what an edition printed of it, or for a draft the case's own.
#[must_use]
pub fn parts(sheet: &Sheet, entries: &[Entry], history: &[Turn]) -> Vec<Part> {
    let sections = sheet.basis.playbook.retrospective.report_sections.iter();
    let part = |Choice { value, label, .. }: &Choice| {
        let lines = match value.as_str() {
            "timeline" => timeline(sheet, entries),
            "progress" => progress(sheet, history),
            "causes" => causes(sheet),
            "metrics" => numbers(sheet),
            "lessons" => lessons(sheet),
            "follow_ups" => follow_ups(sheet),
            _ => Vec::new(),
        };
        let written = sheet.case.part.retrospective.sections.get(value);
        Part {
            value: value.clone(),
            label: label.clone(),
            lines,
            words: written.map(|words| text(words).to_owned()),
        }
    };
    let has = |part: &Part| !part.lines.is_empty() || part.words.is_some();
    let stands = |part: &Part| has(part) || ANSWERED.contains(&part.value.as_str());
    sections.map(part).filter(stands).collect()
}

/// Who published an edition, and when.
#[must_use]
pub fn issued(names: Names, times: &Times, report: &Published) -> String {
    let short = if report.short {
        ", the short form,"
    } else {
        ""
    };
    format!(
        "Edition {}{short} published by {}, {}",
        report.edition,
        names.who(&report.mark.by),
        times.dated(report.mark.at)
    )
}

/// The report as Markdown. `entries` are those that the reader may read.
#[must_use]
pub fn document(sheet: &Sheet, entries: &[Entry]) -> String {
    let mut out = sheet.heading("Incident report");
    let published = sheet.case.part.retrospective.reports.last();
    let history = published.map_or(&[][..], |report| &report.progress);
    for part in parts(sheet, entries, history) {
        out.push_str(&section(&part.label, &part.lines, EMPTY));
        if let Some(words) = part.words {
            out.push_str(&format!("\n{words}\n"));
        }
    }
    out.push_str(&sheet.footer());
    out
}

/// Each line stands on its entries; they follow each other in time, whenever somebody added them.
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
        let said = format!("{at} {said} (entry {})", shown.join(", "));
        let when = first.map_or(jiff::Timestamp::MAX, Entry::time);
        (when, said.trim_start().to_owned())
    };
    let mut lines: Vec<_> = sheet.case.part.retrospective.shown().map(line).collect();
    lines.sort_by_key(|(when, _)| *when);
    lines.into_iter().map(|(_, said)| said).collect()
}

/// Status, phase, severity and IC, as they were (R81): what one entry brought is one sentence.
fn progress(sheet: &Sheet, history: &[Turn]) -> Vec<String> {
    let (names, times) = (sheet.names(), sheet.times());
    let of_one = history.chunk_by(|one, next| one.seq == next.seq);
    let line = |turns: &[Turn]| {
        let turn = turns.first()?;
        let said: Vec<String> = turns.iter().map(|turn| became(names, &turn.what)).collect();
        let mut said = said.join(", ");
        // What somebody is called stays as it is.
        let named = matches!(turn.what, Stand::Ic(_));
        if let Some(first) = said.get_mut(..1).filter(|_| !named) {
            first.make_ascii_uppercase();
        }
        let (at, who) = (times.stamp(turn.at), names.who(&turn.by));
        Some(format!("{at} {said} ({who}, entry {}).", turn.seq))
    };
    of_one.filter_map(line).collect()
}

/// What it was from then on, in the middle of a sentence.
fn became(names: Names, what: &Stand) -> String {
    match what {
        Stand::Status(Status::Investigating) => "it is being looked into".to_owned(),
        Stand::Status(Status::Confirmed) => "it is confirmed as an incident".to_owned(),
        Stand::Status(Status::FalseAlarm) => "it was a false alarm".to_owned(),
        Stand::Status(Status::ReadyForQa) => "it is ready for the second look (QA)".to_owned(),
        Stand::Status(Status::Closed) => "it is closed".to_owned(),
        Stand::Phase(Phase::Initiate) => "the phase Initiate begins".to_owned(),
        Stand::Phase(Phase::Assess) => "the phase Assess begins".to_owned(),
        Stand::Phase(Phase::Remediate) => "the phase Remediate begins".to_owned(),
        Stand::Phase(Phase::Retrospective) => "the retrospective begins".to_owned(),
        Stand::Phase(Phase::Done) => "the work on it is over".to_owned(),
        Stand::Severity(Severity::Unknown) => "its severity is not assessed".to_owned(),
        Stand::Severity(severity) => format!("its severity is {}", severity.word()),
        Stand::Ic(ic) => format!("{} has command", names.person(ic)),
    }
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

/// What the metrics say of one case (R84-R87).
#[must_use]
pub fn numbers(sheet: &Sheet) -> Vec<String> {
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
