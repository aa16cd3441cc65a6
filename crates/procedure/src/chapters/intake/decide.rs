//! Reporting: nothing that is said can make it fail.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::burst::{self, Arrival};
use super::{merge, phish, shadow, warning};
use super::payload::{
    AddReport, DetailsAdded, Disagreed, Kind, KindSet, Phish, Pinned, Report, ReportAdded, Reported,
    SetKind, SetTags, TagsSet, TitleSet,
};
use crate::actor::Who;
use crate::basis::{Maintenance, Project, Role};
use crate::chapters::calling::first_pages;
use crate::chapters::commander::Acknowledged;
use crate::chapters::evidence;
use crate::command::Command;
use crate::decide::{Decision, Refusal};
use crate::id::{PersonId, WindowId};
use crate::rule::Rule;
use crate::switch::on;

pub(crate) fn decide(d: &mut Decision, command: &Command) -> Option<Result<(), Refusal>> {
    let decided = match command {
        Command::Report(report) => self::report(d, report),
        Command::AddReport(added) => add_report(d, added),
        Command::AddDetails(details) => {
            let text = details.text.clone();
            d.record(DetailsAdded { text });
            Ok(())
        }
        Command::Disagree(disagree) => {
            let text = disagree.text.clone();
            if on(Rule::R106) {
                d.record(Disagreed { text });
            }
            Ok(())
        }
        Command::SetKind(set) => set_kind(d, set),
        Command::SetTitle(set) => {
            let title = set.title.clone();
            d.record(TitleSet { title });
            Ok(())
        }
        Command::SetTags(set) => set_tags(d, set),
        Command::WarnColleagues(warn) => warning::warn(d, warn),
        Command::SkipWarning(skip) => warning::skip(d, skip),
        Command::MergeCase(merge) => merge::into(d, merge),
        Command::ReceiveMerged(merged) => merge::from(d, merged),
        _ => return None,
    };
    Some(decided)
}

/// Opens the case. A reporter who is on the team commands it from that moment (R6, M17).
fn report(d: &mut Decision, report: &Report) -> Result<(), Refusal> {
    if !on(Rule::R4) || !on(Rule::R104) {
        d.person()?;
    }
    if d.at.project().known_reporters_only && d.actor.who == Who::Reporter {
        return Err(Refusal::forbidden(
            None,
            "This project takes reports only from people who are signed in.",
            "Sign in and send it again, or telephone.",
        ));
    }
    let report = &taken(d, report);
    phish::needs_an_event(report)?;
    let project = d.at.project();
    let reporter = d.actor.as_person().cloned();
    let subject = report.about_person.clone();
    let fits = report.kind != Kind::Unknown || !report.signs.is_empty();
    let welcome = (on(Rule::R1) || report.kind != Kind::Operational) && (on(Rule::R23) || fits);
    let restricted = restricts(d, report);
    let routed = d.routed().cloned();
    let (paged, pager) = match first_pages(d.at, routed.as_ref(), restricted, subject.as_ref()) {
        pages if welcome => pages,
        _ => (Vec::new(), false),
    };
    let commands = reporter.as_ref().is_some_and(|p| commands(project, p, subject.as_ref()));
    d.record(Reported {
        maintenance: maintenance(d, report),
        restricted,
        bundled: burst::is_bundled(d.at.playbook(), Arrival::of(&d.actor.who, report), d.beside()),
        reporter,
        paged,
        pager,
        places: if on(Rule::R45) { project.places.clone() } else { Vec::new() },
        playbook: pinned(d),
        client_procedure: project.client_procedure.clone().filter(|_| on(Rule::X29)),
        routed,
        mailed: d.mailed().cloned(),
        report: report.clone(),
        shadow: shadow::begins(d, report),
    });
    evidence::raise_by_signs(d, &report.signs, &report.assets);
    phish::verify_their_devices(d, [report]);
    if commands {
        d.record(Acknowledged { reporter: true, take_over: false });
    }
    Ok(())
}

/// Whether somebody who reports commands the case from that moment: a responder, unless it is about them (R6, M17).
#[must_use]
pub fn commands(project: &Project, reporter: &PersonId, subject: Option<&PersonId>) -> bool {
    on(Rule::R6) && Some(reporter) != subject && project.has_role(reporter, Role::Responder)
}

/// The report as it came, without what cannot be: a time that has not come yet, and a
/// drill called from outside, which would keep it out of the metrics (R124).
fn taken(d: &Decision, report: &Report) -> Report {
    let mut report = report.clone();
    report.aware = report.aware.filter(|when| when.at <= d.at.now && on(Rule::R22));
    report.started = report.started.filter(|when| when.at <= d.at.now);
    if !on(Rule::R107) {
        report.phish = Phish::default();
    }
    report.drill = report.drill && d.actor.who != Who::Reporter && on(Rule::R124);
    report
}

/// Restricted from its first second: ticked, or about a person by itself (R101, M23).
fn restricts(d: &Decision, report: &Report) -> bool {
    let signs = d.at.playbook().intake.signs.iter();
    let mut picked = signs.filter(|sign| report.signs.contains(&sign.id));
    let about_somebody = report.about_employee
        || report.about_person.is_some()
        || picked.any(|sign| sign.restricts);
    report.restricted || (about_somebody && on(Rule::R101))
}

fn pinned(d: &Decision) -> Pinned {
    let playbook = d.at.playbook();
    Pinned {
        name: playbook.name.clone(),
        edition: playbook.edition,
        review: d.at.project().review_of(playbook.edition),
    }
}

fn add_report(d: &mut Decision, added: &AddReport) -> Result<(), Refusal> {
    let report = taken(d, &added.report);
    merge::about_one_person(d, report.about_person.as_ref())?;
    d.record(ReportAdded {
        restricted: restricts(d, &report),
        reporter: added.reporter.clone(),
        mailed: d.mailed().cloned(),
        report: report.clone(),
    });
    phish::verify_their_devices(d, [&report]);
    Ok(())
}

/// What sort of thing it is may change; what was said before remains (R1).
fn set_kind(d: &mut Decision, set: &SetKind) -> Result<(), Refusal> {
    let (kind, was) = (set.kind, d.case().part.intake.kind);
    if kind == was {
        return Err(Refusal::conflict("It is that already.", "There is nothing to do."));
    }
    d.record(KindSet { kind, was });
    Ok(())
}

fn set_tags(d: &mut Decision, set: &SetTags) -> Result<(), Refusal> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let fits = |tag: &String| !tag.is_empty() && tag.len() <= 40 && tag.chars().all(allowed);
    if !set.tags.iter().all(fits) {
        return Err(Refusal::invalid(
            "A tag has small letters, digits and hyphens, at most 40.",
            "Write what is more than a word into a note, where it can be sealed.",
        ));
    }
    let tags = set.tags.clone();
    d.record(TagsSet { tags });
    Ok(())
}

/// Planned maintenance that this report falls into. It is shown and never stops a report (R24).
fn maintenance(d: &Decision, report: &Report) -> BTreeSet<WindowId> {
    let aware = report.aware.map_or(d.time(), |when| when.at);
    let falls_into = |window: &&Maintenance| {
        let touches = window.assets.is_empty()
            || report.assets.is_empty()
            || !window.assets.is_disjoint(&report.assets);
        window.from <= aware && aware < window.until && touches
    };
    if !on(Rule::R24) {
        return BTreeSet::new();
    }
    let windows = d.at.project().maintenance.iter();
    windows.filter(falls_into).map(|window| window.id.clone()).collect()
}
