//! The page: somebody is woken and has one choice, take it or pass it on.

use jiff::Timestamp;
use procedure::Body as Entry;
use procedure::at::{At, after, minutes};
use procedure::chapters::calling;
use procedure::playbook::Severity;

use super::body::{self, Body};
use super::defang::defanged;
use super::people::{self, public_lines};
use super::subject::{self, Ask};
use super::time::nth;
use super::{Scene, Words};

/// The most of a report that a page repeats, in characters.
const REPORT_LIMIT: usize = 600;

/// Asks somebody to take the case. `position` 0 is somebody on call, else a place on the sheet.
pub(super) fn words(scene: &Scene, position: u32, round: u32) -> Words {
    let by = deadline(scene);
    let short = by.map(|by| format!("by {}", scene.times().short(by)));
    let by_words = short.as_deref().unwrap_or("now");
    let ask = |long, short| Ask {
        long,
        short,
        by: by_words,
    };
    let subject = subject::ringing(scene, &ask("please take it", "take it"));
    let bare_subject = subject::glance(scene, &ask("needs you", "needs you"));
    let (what, link) = match &scene.links.act {
        Some(link) => ("Take it, or pass it on (no sign-in needed)", link),
        None => ("Sign in and take it, or pass it on", &scene.links.case),
    };
    let text = Body::new(scene)
        .say(severity_line(scene.case.part.assess.severity))
        .say(asked(scene, position, round))
        .say(wanted(scene, by))
        .link(what, link)
        .maybe(instead(scene))
        .maybe(named(scene))
        .maybe(reported(scene))
        .maybe(done_with_the_mail(scene))
        .say(
            "Taking it means that you coordinate. You need not repair anything yourself, and you \
             can hand over later. Please stop or delete nothing before it has been looked at.",
        );
    let bare = body::bare(scene, &bare_subject, &bare_words(scene, by), link);
    text.finish(subject, bare)
}

/// What helps where the link does not open: the numbers that anybody may call.
pub(super) fn instead(scene: &Scene) -> Option<String> {
    let lines = public_lines(scene.directory, &scene.basis.playbook).into_iter();
    let numbers: Vec<String> = lines
        .map(|(label, number)| format!("{number} ({label})"))
        .collect();
    (!numbers.is_empty())
        .then(|| format!("If the link does not open, call {}.", numbers.join(" or ")))
}

/// What it is called, if the report has a name of its own; else the report says it below.
fn named(scene: &Scene) -> Option<String> {
    let has_name = scene.case.part.intake.title.is_some();
    let title = has_name.then(|| super::title(scene.case)).flatten()?;
    Some(format!(
        "Reported as:\n{}",
        body::quote(&defanged(&title), REPORT_LIMIT)
    ))
}

/// By when the team owes an answer (R26). Nothing once that has passed, or where somebody took it and went silent: then
/// it is now.
fn deadline(scene: &Scene) -> Option<Timestamp> {
    let sent_at = scene.entry.recorded_at;
    let due = calling::answer_due(At::new(scene.case, scene.basis, sent_at))?;
    (due.duration_since(sent_at).as_secs() >= 60).then_some(due)
}

/// When Henhouse goes on calling, and whom.
fn next_call(scene: &Scene) -> Option<String> {
    let alarm = &scene.basis.playbook.alarm;
    let at = |wait: u32| {
        scene
            .times()
            .at(after(scene.entry.recorded_at, minutes(wait)))
    };
    match &scene.entry.body {
        Entry::Reported(_) => {
            Some("After that we call the contact sheet, one person after the other.".to_owned())
        }
        Entry::Called(called) if called.position >= called.of => Some(format!(
            "At {} we begin the sheet again.",
            at(alarm.sheet_step_minutes + alarm.sheet_round_pause_minutes)
        )),
        Entry::Called(_) => Some(format!(
            "At {} we call the next person too.",
            at(alarm.sheet_step_minutes)
        )),
        _ => None,
    }
}

/// How severe it is, and what that means before anybody has looked.
pub(super) fn severity_line(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "Severity: High.",
        Severity::Medium => "Severity: Medium.",
        Severity::Low => "Severity: Low.",
        Severity::Unknown => "Severity: not assessed yet, so treat it like High.",
    }
}

/// Who else was asked, and whether anybody has it.
fn asked(scene: &Scene, position: u32, round: u32) -> String {
    let place = match &scene.entry.body {
        Entry::Called(called) if called.round > 1 => format!(
            "Everyone on the contact sheet was called before and nobody answered. We call them all \
             for the {} time now, and you are the {} of {}.",
            nth(called.round),
            nth(called.position),
            called.of
        ),
        Entry::Called(called) => turn(called.position, called.of),
        _ if position > 0 && round > 1 => format!(
            "You are the {} on the contact sheet, which we call for the {} time now.",
            nth(position),
            nth(round)
        ),
        _ if position > 0 => format!("You are the {} on the contact sheet.", nth(position)),
        _ => "You are asked because you are on call.".to_owned(),
    };
    let commander = &scene.case.part.commander;
    match (commander.ic(), commander.silent_since) {
        (Some(ic), Some(_)) => {
            let (ic, acted) = (scene.names().person(ic), scene.case.acted_at.get(ic));
            let since = acted.map(|at| format!(" since {}", scene.times().at(*at)));
            format!(
                "{ic} took it and was not heard of{}. {place}",
                since.unwrap_or_default()
            )
        }
        (Some(ic), None) => format!("{} has it. {place}", scene.names().person(ic)),
        (None, _) => format!("Nobody has it yet. {place}"),
    }
}

/// Whose turn it is among those who are called one after the other.
fn turn(position: u32, of: u32) -> String {
    match of {
        0 | 1 => "You are the only one on the contact sheet.".to_owned(),
        of => format!(
            "You are the {} of {of} people whom we call one after the other.",
            nth(position)
        ),
    }
}

fn wanted(scene: &Scene, by: Option<Timestamp>) -> String {
    let next = next_call(scene).map_or_else(String::new, |next| format!(" {next}"));
    match by {
        Some(by) => {
            let by = scene.times().deadline(by);
            format!("Please take it by {by}, or pass it on.{next}")
        }
        None => format!("Please take it now, or pass it on.{next}"),
    }
}

fn bare_words(scene: &Scene, by: Option<Timestamp>) -> String {
    let severity = severity_line(scene.case.part.assess.severity);
    let by = by.map(|by| format!(" by {}", scene.times().deadline(by)));
    let by = by.unwrap_or_else(|| " now".to_owned());
    format!(
        "{} needs you{by}. {severity} Please take it, or pass it on.{}",
        scene.number,
        instead(scene).map_or_else(String::new, |instead| format!(" {instead}"))
    )
}

/// What was reported, and when.
fn reported(scene: &Scene) -> Option<String> {
    let first = scene.case.part.intake.reports.first()?;
    let words = first.report.text.plain()?;
    let at = scene.times().at(first.at);
    Some(format!(
        "Reported at {at}:\n{}",
        body::quote(&defanged(words), REPORT_LIMIT)
    ))
}

/// What whoever reported did with a suspicious mail: it says how soon somebody has to look.
fn done_with_the_mail(scene: &Scene) -> Option<String> {
    let phish = scene.case.part.intake.reports.first()?.report.phish;
    let all = [
        (phish.clicked, "clicked a link"),
        (phish.opened, "opened a file"),
        (phish.entered, "typed something in"),
    ];
    let all = all.into_iter().filter(|(did, _)| *did);
    let all: Vec<String> = all.map(|(_, what)| what.to_owned()).collect();
    (!all.is_empty()).then(|| format!("They {}.", people::list(&all)))
}
