//! Catch me up: where things stand on one page, in the order of an incident briefing:
//! situation, objectives, actions, organisation, resources (X1). Printed, it alone lets a
//! stranger take over.

use procedure::chapters::milestones::Milestone;
use procedure::chapters::sitreps;
use procedure::{Entry, Obligation, Text, agenda};

use super::actions::{self, short};
use super::sheet::{Sheet, section};
use super::subject::severity_word;
use super::timeline::Log;
use super::timeline::closing::status_word;
use super::{text, time};

/// So many entries of the log are enough to see what is going on.
const RECENT: usize = 10;

/// The briefing. `entries` are those that the reader may read, in order.
#[must_use]
pub fn document(sheet: &Sheet, entries: &[Entry]) -> String {
    let mut out = sheet.heading("Briefing");
    out.push_str(&situation(sheet));
    out.push_str(&objectives(sheet));
    out.push_str(&actions(sheet));
    out.push_str(&organisation(sheet));
    out.push_str(&resources(sheet));
    out.push_str(&recent(sheet, entries));
    out.push_str(&sheet.footer());
    out
}

fn situation(sheet: &Sheet) -> String {
    let (case, times) = (sheet.case, sheet.times());
    let mut lines = vec![format!(
        "It is an {}, {}, severity {}.",
        case.noun(),
        status_word(case.status()),
        severity_word(case.part.assess.severity)
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
    if let Some(report) = case.part.intake.reports.first() {
        lines.push(format!(
            "The first report: \"{}\"",
            one_line(&report.report.text)
        ));
    }
    if let Some(last) = case.part.sitreps.sitreps.last() {
        let words = [
            &last.said.summary,
            &last.said.known,
            &last.said.doing,
            &last.said.need,
        ];
        let words: Vec<String> = words.into_iter().flatten().map(one_line).collect();
        let words = if words.is_empty() {
            "no change".to_owned()
        } else {
            words.join(" ")
        };
        let at = times.both(last.mark.at);
        lines.push(format!("Sitrep {}, {at}: {words}", last.said.number));
    }
    section("Situation", &lines, "")
}

fn objectives(sheet: &Sheet) -> String {
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
    section("What is to be done next", &lines, "Nothing is owed.")
}

fn actions(sheet: &Sheet) -> String {
    let (case, names, times) = (sheet.case, sheet.names(), sheet.times());
    let all = actions::steps(case, names, &times).into_iter();
    let all = all.chain(actions::leads(case, names));
    let all = all.chain(actions::disruptions(case));
    let lines: Vec<String> = all.map(|action| action.line()).collect();
    section("Actions", &lines, "No steps or leads yet.")
}

fn organisation(sheet: &Sheet) -> String {
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
    section("Who", &lines, "")
}

fn resources(sheet: &Sheet) -> String {
    let (names, evidence) = (sheet.names(), &sheet.case.part.evidence);
    let mut lines = Vec::new();
    for exhibit in &evidence.exhibits {
        lines.push(format!("Exhibit {}: {}", exhibit.id, short(&exhibit.label)));
    }
    for hold in evidence.holds.iter().filter(|hold| hold.released.is_none()) {
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
    section(
        "Evidence, holds and places",
        &lines,
        "Nothing captured. Snapshot before you change anything.",
    )
}

fn recent(sheet: &Sheet, entries: &[Entry]) -> String {
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
    section("What happened last", &lines, "Nothing yet.")
}

fn one_line(words: &Text) -> String {
    text(words).split_whitespace().collect::<Vec<_>>().join(" ")
}
