//! Catch me up: where things stand on one page, in the order of an incident briefing:
//! situation, objectives, actions, organisation, resources (X1). Printed, it alone lets a
//! stranger take over.

use std::collections::BTreeSet;

use procedure::chapters::milestones::Milestone;
use procedure::chapters::sitreps;
use procedure::{Entry, Obligation, Text, agenda};

use super::actions::{self, short};
use super::sheet::{Sheet, section};
use super::timeline::Log;
use super::timeline::closing::status_word;
use super::{text, time};

/// So many entries of the log are enough to see what is going on.
const RECENT: usize = 10;

/// A part of the briefing.
pub struct Part {
    /// Its heading.
    pub title: &'static str,
    /// What it says, line by line.
    pub lines: Vec<String>,
    /// What stands there where there is nothing.
    pub empty: &'static str,
}

/// What whoever reads may read.
struct Reads(BTreeSet<u64>);

impl Reads {
    fn may(&self, seq: u64) -> bool {
        self.0.contains(&seq)
    }
}

/// The briefing, part by part. `entries` are those that the reader may read, in order: what another one
/// says is left out.
#[must_use]
pub fn parts(sheet: &Sheet, entries: &[Entry]) -> [Part; 6] {
    let reads = Reads(entries.iter().map(|entry| entry.seq).collect());
    [
        situation(sheet, &reads),
        objectives(sheet),
        actions(sheet, &reads),
        organisation(sheet),
        resources(sheet, &reads),
        recent(sheet, entries),
    ]
}

/// The briefing as Markdown.
#[must_use]
pub fn document(sheet: &Sheet, entries: &[Entry]) -> String {
    let mut out = sheet.heading("Briefing");
    for part in parts(sheet, entries) {
        out.push_str(&section(part.title, &part.lines, part.empty));
    }
    out.push_str(&sheet.footer());
    out
}

fn part(title: &'static str, lines: Vec<String>, empty: &'static str) -> Part {
    Part {
        title,
        lines,
        empty,
    }
}

fn situation(sheet: &Sheet, reads: &Reads) -> Part {
    let (case, times) = (sheet.case, sheet.times());
    let mut lines = vec![format!(
        "It is an {}, {}, severity {}.",
        case.noun(),
        status_word(case.status()),
        super::severity(case.part.assess.severity)
    )];
    for (milestone, word) in [
        (Milestone::Started, "It began"),
        (Milestone::Aware, "Somebody noticed it"),
        (Milestone::Reported, "It was reported"),
        (Milestone::Contained, "It was contained"),
        (Milestone::Resolved, "It was resolved"),
    ] {
        if let Some(when) = case.part.milestones.when(milestone) {
            lines.push(format!("{word} {}.", times.claimed(&when)));
        }
    }
    let first = case.part.intake.reports.first();
    if let Some(report) = first.filter(|report| reads.may(report.seq)) {
        lines.push(format!(
            "The first report: \"{}\"",
            one_line(&report.report.text)
        ));
    }
    let last = case.part.sitreps.sitreps.last();
    if let Some(last) = last.filter(|last| reads.may(last.mark.seq)) {
        let parts = [
            ("", &last.said.summary),
            ("", &last.said.known),
            ("Doing: ", &last.said.doing),
            ("Needed: ", &last.said.need),
        ];
        let sentence = |(head, words): (&str, &Option<Text>)| {
            let words = one_line(words.as_ref()?);
            let end = if words.ends_with(['.', '!', '?']) {
                ""
            } else {
                "."
            };
            Some(format!("{head}{words}{end}"))
        };
        let words: Vec<String> = parts.into_iter().filter_map(sentence).collect();
        let words = if words.is_empty() {
            "no change".to_owned()
        } else {
            words.join(" ")
        };
        let at = times.both(last.mark.at);
        lines.push(format!("Sitrep {}, {at}: {words}", last.said.number));
    }
    part("Situation", lines, "")
}

fn objectives(sheet: &Sheet) -> Part {
    let (names, times) = (sheet.names(), sheet.times());
    let owed = agenda(sheet.case, sheet.basis, sheet.now).obligations;
    let line = |owed: &Obligation| {
        let due = match owed.due {
            Some(due) if owed.overdue => format!("OVERDUE since {}", times.at(due)),
            Some(due) => format!("by {}", times.both(due)),
            None => "no fixed time".to_owned(),
        };
        format!(
            "{} ({}, {due})",
            names.in_words(&owed.what),
            names.owner(&owed.owner)
        )
    };
    let lines: Vec<String> = owed.iter().map(line).collect();
    part("What is to be done next", lines, "Nothing is owed.")
}

fn actions(sheet: &Sheet, reads: &Reads) -> Part {
    let (case, names, times) = (sheet.case, sheet.names(), sheet.times());
    let all = actions::steps(case, names, &times).into_iter();
    let all = all.chain(actions::leads(case, names));
    let all = all.chain(actions::disruptions(case));
    let readable = all.filter(|action| reads.may(action.seq));
    let line = |action: actions::Action| match begun(sheet, &action.id) {
        Some(begun) => format!("{} ({begun})", action.line()),
        None => action.line(),
    };
    part(
        "Actions",
        readable.map(line).collect(),
        "No steps or leads yet.",
    )
}

/// When a step was begun and done.
fn begun(sheet: &Sheet, id: &str) -> Option<String> {
    let (step, times) = (sheet.case.part.work.step(id)?, sheet.times());
    let begun = step.starts.first()?;
    let done = step.finished.as_ref();
    let done = done.map_or_else(String::new, |done| format!(", done {}", times.at(done.at)));
    Some(format!("begun {}{done}", times.at(begun.at)))
}

fn organisation(sheet: &Sheet) -> Part {
    let (names, commander) = (sheet.names(), &sheet.case.part.commander);
    let mut lines = Vec::new();
    match (commander.ic(), commander.intervals.last()) {
        (Some(ic), Some(last)) => {
            let long = time::span(sheet.now.duration_since(last.from));
            lines.push(format!(
                "Incident Commander: {}, for {long}",
                names.person(ic)
            ));
        }
        _ => lines.push("Incident Commander: nobody".to_owned()),
    }
    if let Some(deputy) = commander.deputy() {
        lines.push(format!("Deputy: {}", names.person(deputy)));
    }
    let others = commander
        .responders
        .keys()
        .filter(|person| Some(*person) != commander.ic());
    let others = names.people(others);
    let others = if others.is_empty() {
        "nobody else".to_owned()
    } else {
        others
    };
    lines.push(format!("Responders: {others}"));
    let deciders = names.people(sheet.basis.project.deciders());
    if !deciders.is_empty() {
        lines.push(format!("Asked before a disruption: {deciders}"));
    }
    if let Some(next) = sitreps::due(sheet.at()) {
        lines.push(format!("Next sitrep: {}", sheet.times().both(next.due)));
    }
    part("Who", lines, "")
}

fn resources(sheet: &Sheet, reads: &Reads) -> Part {
    let (names, evidence) = (sheet.names(), &sheet.case.part.evidence);
    let mut lines = Vec::new();
    let exhibits = evidence.exhibits.iter();
    for exhibit in exhibits.filter(|exhibit| reads.may(exhibit.seq)) {
        lines.push(format!("Exhibit {}: {}", exhibit.id, short(&exhibit.label)));
    }
    let holds = evidence.holds.iter().filter(|hold| hold.released.is_none());
    for hold in holds.filter(|hold| reads.may(hold.seq)) {
        lines.push(format!(
            "Hold {} on {}: leave it as it is",
            hold.id,
            names.assets(&hold.assets)
        ));
    }
    for place in &sheet.case.part.record.places {
        let words = sheet.directory.places.get(place);
        lines.push(format!("{place}: {}", words.map_or("(no address)", text)));
    }
    part(
        "Evidence, holds and places",
        lines,
        "Nothing captured. Snapshot before you change anything.",
    )
}

fn recent(sheet: &Sheet, entries: &[Entry]) -> Part {
    let log = sheet.log();
    let aside = |entry: &Entry| {
        matches!(entry.body.kind(), "prompted" | "numbered") || Log::goes_without_saying(entry)
    };
    let told = entries.iter().filter(|entry| !aside(entry));
    let told: Vec<&Entry> = told.collect();
    let from = told.len().saturating_sub(RECENT);
    let lines: Vec<String> = told
        .iter()
        .skip(from)
        .map(|entry| log.line(entry))
        .collect();
    part("What happened last", lines, "Nothing yet.")
}

fn one_line(words: &Text) -> String {
    text(words).split_whitespace().collect::<Vec<_>>().join(" ")
}
