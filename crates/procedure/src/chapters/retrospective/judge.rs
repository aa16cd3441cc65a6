//! How the rules of the retrospective are judged.

use super::state::Published;
use super::{led_at, owes, report};
use crate::actor::Who;
use crate::at::At;
use crate::case::Status;
use crate::mark::Mark;
use crate::chapters::milestones::Milestone;
use crate::conformance::Judged;
use crate::rule::Rule;

pub(crate) fn judge(rule: Rule, at: At) -> Option<Judged> {
    let state = &at.case.part.retrospective;
    let judged = match rule {
        Rule::R18 => held(at),
        Rule::R78 => {
            let tied = state.lessons.iter().rfind(|lesson| !lesson.entries.is_empty());
            part(at, tied.map(|lesson| &lesson.mark), "No lesson is tied to what happened.")
        }
        Rule::R79 => led(at),
        Rule::R80 => timeline(at),
        Rule::R81 => progress(at),
        Rule::R82 => causes(at),
        Rule::R83 => asked(at),
        Rule::R84 => {
            let said = state.discovery.as_ref().map(|chosen| &chosen.mark);
            part(at, said, "How it was discovered is not said.")
        }
        Rule::R85 => noted(at, Milestone::Started, "When it began is not said."),
        Rule::R86 => noted(at, Milestone::Contained, "When it was contained is not said."),
        Rule::R87 => {
            let said = state.threats.as_ref().map(|threats| &threats.mark);
            part(at, said, "What the actor did is not said.")
        }
        Rule::X44 => in_time(at),
        _ => return None,
    };
    Some(judged)
}

/// No retrospective is needed, or none was held by a decision: the fact that says so.
fn without(at: At) -> Option<Judged> {
    let retrospective = &at.case.part.retrospective;
    if report::current(at).is_some() {
        return None;
    }
    if let Some(skipped) = &retrospective.skipped {
        return Some(Judged::not_applicable("The retrospective was skipped.").shown_by(skipped.seq));
    }
    let optional = at.playbook().retrospective.optional_for_false_alarm;
    (at.case.status() == Status::FalseAlarm && optional)
        .then(|| Judged::not_applicable("A false alarm may do without a retrospective."))
}

/// Not said yet: open while the report can still say it, missing once it went out without.
fn unsaid(at: At, because: &str) -> Judged {
    if let Some(without) = without(at) {
        return without;
    }
    match (report::current(at), &at.case.part.closeout.closed) {
        (Some(report), _) if report.short => {
            Judged::not_applicable("The short form does not ask for it.").shown_by(report.mark.seq)
        }
        (Some(report), _) => Judged::missing(because).shown_by(report.mark.seq),
        (None, Some(closed)) => Judged::missing(because).shown_by(closed.seq),
        (None, None) => Judged::open(owes::due(at)),
    }
}

fn part(at: At, said: Option<&Mark>, because: &str) -> Judged {
    said.map_or_else(|| unsaid(at, because), Mark::done)
}

/// A line is enough in the short form (M14).
fn causes(at: At) -> Judged {
    let state = &at.case.part.retrospective;
    let short = report::current(at).is_some_and(|report| report.short);
    let said = state.causes.last().filter(|_| short || report::analysed(state));
    let because = match state.causes.is_empty() {
        true => "No cause is named.",
        false => "One cause is named, and nothing behind it.",
    };
    part(at, said.map(|cause| &cause.mark), because)
}

fn noted(at: At, which: Milestone, because: &str) -> Judged {
    let milestones = &at.case.part.milestones;
    let said = match which {
        Milestone::Contained => milestones.said(which),
        _ => milestones.last(which),
    };
    match said {
        Some(noted) => Judged::done(noted.recorded_at, &noted.by, noted.seq),
        None => unsaid(at, because),
    }
}

/// Whatever the report itself shows.
fn published(at: At, shows: impl FnOnce(&Published) -> bool, because: &str) -> Judged {
    match report::current(at) {
        Some(report) if shows(report) => report.mark.done(),
        _ => unsaid(at, because),
    }
}

fn held(at: At) -> Judged {
    if let Some(without) = without(at) {
        return without;
    }
    match (report::not_held(at), report::current(at), &at.case.part.closeout.closed) {
        (None, Some(report), _) => report.mark.done(),
        (Some(lacks), _, Some(closed)) => Judged::missing(lacks.sentence).shown_by(closed.seq),
        _ => Judged::open(owes::due(at)),
    }
}

fn led(at: At) -> Judged {
    let by_leader = |report: &Published| match &report.mark.by {
        Who::Person(person) => led_at(at.case, person, report.mark.seq),
        _ => false,
    };
    published(at, by_leader, "Whoever published the report did not lead.")
}

/// Each line of the published timeline still resolves to entries of the journal.
fn timeline(at: At) -> Judged {
    let resolves = |report: &Published| {
        let lines = &at.case.part.retrospective.timeline;
        let resolves = |id: &alloc::string::String| {
            let line = lines.iter().find(|line| line.id == *id);
            line.is_some_and(|line| {
                !line.entries.is_empty() && line.entries.iter().all(|seq| *seq <= report.mark.seq)
            })
        };
        !report.timeline.is_empty() && report.timeline.iter().all(resolves)
    };
    published(at, resolves, "The report has no timeline.")
}

/// The history that the report prints equals the log's.
fn progress(at: At) -> Judged {
    let equals = |report: &Published| {
        let before = at.case.history.iter().filter(|turn| turn.seq < report.mark.seq);
        !report.progress.is_empty() && before.eq(report.progress.iter())
    };
    published(at, equals, "The report lacks the history of status, phase, severity and IC.")
}

fn asked(at: At) -> Judged {
    let state = &at.case.part.retrospective;
    let method = state.method.as_ref().map(|method| &method.mark);
    let last = state.outcomes.last().map(|outcome| &outcome.mark);
    match (report::asked(at), last.or(method)) {
        (true, Some(mark)) => mark.done(),
        _ => unsaid(at, "No method was followed to causes, prevention and a better response."),
    }
}

fn in_time(at: At) -> Judged {
    if let Some(without) = without(at) {
        return without;
    }
    let report = report::current(at).map(|report| &report.mark);
    let done = report.map(|mark| (mark.at, &mark.by, mark.seq));
    match owes::due(at) {
        Some(due) if done.is_some() || at.until_closed() >= due || !at.case.is_over() => {
            Judged::against(due, done, at.until_closed())
        }
        Some(_) => Judged::missing("It was closed before one was held."),
        None => Judged::open(None),
    }
}
