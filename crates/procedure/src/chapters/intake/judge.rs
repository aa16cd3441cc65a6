//! How the rules of reporting are judged.

use jiff::Timestamp;

use crate::actor::Who;
use crate::at::At;
use crate::case::Status;
use crate::chapters::closeout::second_look;
use crate::chapters::intake::{Kind, Received, Route, mail, phish, warning, wider};
use crate::chapters::milestones::Milestone;
use crate::conformance::{Judged, Outcome};
use crate::rule::Rule;
use crate::switch::on;

pub(crate) fn judge(rule: Rule, at: At) -> Option<Judged> {
    let first = at.case.part.intake.reports.first()?;
    let judged = match rule {
        Rule::R1 => its_kind_was_said(at),
        Rule::R4 => route_and_reporter_are_named(first),
        Rule::R22 => the_times_are_kept_apart(at),
        Rule::R23 => taken_though_it_fits_nothing(first),
        Rule::R24 => planned_maintenance(at, first),
        Rule::R29 => the_procedure_was_followed_through(at),
        Rule::R104 => reported_without_login(first),
        Rule::R105 => nobody_is_in_trouble(at, first),
        Rule::R106 => the_team_decided(at),
        Rule::R110 => warning::judge(at),
        Rule::R113 => reported_at_once(at, first),
        Rule::R114 => mail::judge_the_subject(at),
        Rule::R115 => mail::judge_what_is_kept(at),
        Rule::R116 => the_reporter_can_be_reached(at),
        Rule::R118 => wider::judge(at, first),
        Rule::R124 => the_reporter_was_thanked(at),
        Rule::X14 => the_template_was_read(at),
        rule => return phish::judge(rule, at),
    };
    Some(judged)
}

fn done(received: &Received) -> Judged {
    Judged::done(received.at, &received.by, received.seq)
}

fn its_kind_was_said(at: At) -> Judged {
    let intake = &at.case.part.intake;
    match intake.kinds.last() {
        Some((mark, kind)) if *kind != Kind::Unknown => Judged::done(mark.at, &mark.by, mark.seq),
        _ if at.case.status() == Status::FalseAlarm => {
            Judged::not_applicable("It was a false alarm.")
        }
        // Nobody had it whom the board could have asked.
        _ if at.case.part.commander.intervals.is_empty() => Judged::open(None),
        _ if at.case.is_over() => {
            Judged::missing("Nobody said whether it was security or a disruption without.")
        }
        _ => Judged::open(None),
    }
}

fn route_and_reporter_are_named(first: &Received) -> Judged {
    if first.by == Who::Reporter && first.report.name.is_none() {
        return Judged::not_applicable("The reporter left no name, which is allowed.");
    }
    done(first)
}

/// Started, aware, reported and acknowledged stand apart, each said or said to be unknown.
fn the_times_are_kept_apart(at: At) -> Judged {
    let milestones = &at.case.part.milestones;
    let [started, aware, acknowledged] =
        [Milestone::Started, Milestone::Aware, Milestone::Acknowledged]
            .map(|which| milestones.last(which));
    match (started, aware, acknowledged) {
        (Some(started), Some(_), Some(answered)) => {
            let last = if started.seq > answered.seq { started } else { answered };
            Judged::done(last.recorded_at, &last.by, last.seq)
        }
        _ if at.case.status() == Status::FalseAlarm => {
            Judged::not_applicable("It was a false alarm.")
        }
        _ if at.case.is_over() => Judged::missing("Nobody said when it began, or that it is unknown."),
        _ => Judged::open(None),
    }
}

fn taken_though_it_fits_nothing(first: &Received) -> Judged {
    if first.report.kind == Kind::Unknown && first.report.signs.is_empty() {
        return done(first);
    }
    Judged::not_applicable("It fitted the definition anyway.")
}

fn planned_maintenance(at: At, first: &Received) -> Judged {
    if at.case.part.intake.maintenance.is_empty() {
        return Judged::not_applicable("No maintenance was planned at that time.");
    }
    done(first)
}

/// Somebody took it up; what was reported twice is in one place.
fn the_procedure_was_followed_through(at: At) -> Judged {
    let intake = &at.case.part.intake;
    let moved = |judged: Judged| {
        intake.merged_from.iter().fold(judged, |judged, (mark, _)| judged.shown_by(mark.seq))
    };
    match (&intake.merged_into, at.case.part.commander.intervals.first()) {
        (Some((mark, _)), _) => Judged::done(mark.at, &mark.by, mark.seq),
        (None, Some(first)) => {
            moved(Judged::done(first.from, &Who::Person(first.ic.clone()), first.seq))
        }
        (None, None) if at.case.is_over() => Judged::missing("Nobody ever took it up."),
        (None, None) => Judged::open(None),
    }
}

fn reported_without_login(first: &Received) -> Judged {
    if first.by == Who::Reporter && matches!(first.report.route, Route::Form | Route::Mail) {
        return done(first);
    }
    Judged::not_applicable("It was reported by another way.")
}

/// Nobody reports and finds the case to be about themselves.
fn nobody_is_in_trouble(at: At, first: &Received) -> Judged {
    let subject = at.case.part.secrecy.subject.as_ref();
    match subject.filter(|subject| at.case.part.intake.is_reporter(subject)) {
        Some(_) => Judged::missing("The case was turned against the person who reported it."),
        None => done(first),
    }
}

fn the_team_decided(at: At) -> Judged {
    let intake = &at.case.part.intake;
    let Some(ended) = &intake.ended else {
        return Judged::open(None);
    };
    if let Some(judged) = second_look::judged(at) {
        return judged.shown_by(ended.seq);
    }
    let judged = match &ended.by {
        Who::Person(_) => Judged::done(ended.at, &ended.by, ended.seq),
        _ => Judged::missing("It was not ended by a member of the team.").shown_by(ended.seq),
    };
    intake.disagreed.iter().fold(judged, |judged, mark| judged.shown_by(mark.seq))
}

/// From becoming aware to the report; a minute is at once.
fn reported_at_once(at: At, first: &Received) -> Judged {
    let aware = at.case.part.milestones.when(Milestone::Aware);
    let waited = |aware: Timestamp| first.at.duration_since(aware).as_secs().max(0);
    let waited = aware.map_or(0, |when| waited(when.at));
    if waited <= 60 || !on(Rule::R113) {
        return done(first);
    }
    let minutes = u64::try_from((waited + 59) / 60).unwrap_or(0);
    Judged::from(Outcome::Late { at: Some(first.at), minutes }).shown_by(first.seq)
}

fn the_reporter_can_be_reached(at: At) -> Judged {
    let reachable = |received: &&Received| {
        let report = &received.report;
        received.by != Who::Reporter || report.contact.is_some() || report.phone.is_some()
    };
    match at.case.part.intake.reports.iter().find(reachable) {
        Some(received) => done(received),
        None => Judged::not_applicable("The reporter left no way to be reached, which is allowed."),
    }
}

/// A drill is judged like anything else: it is how people practise.
fn the_reporter_was_thanked(at: At) -> Judged {
    let intake = &at.case.part.intake;
    match &intake.ended {
        Some(ended) if intake.ended_without_words => {
            Judged::missing("The reporter was thanked, and nobody said what came of it.")
                .shown_by(ended.seq)
        }
        Some(ended) => Judged::done(ended.at, &Who::System, ended.seq),
        None => Judged::open(None),
    }
}

fn the_template_was_read(at: At) -> Judged {
    match at.case.part.intake.reports.iter().find(|received| received.report.template) {
        Some(received) => done(received),
        None => Judged::not_applicable("Nobody used the template."),
    }
}
