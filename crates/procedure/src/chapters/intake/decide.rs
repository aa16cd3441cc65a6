//! Reporting: nothing that is said can make it fail.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::{Report, Reported};
use crate::basis::{Maintenance, Role};
use crate::chapters::commander::Acknowledged;
use crate::chapters::evidence;
use crate::command::Command;
use crate::decide::{Decision, Refusal};
use crate::id::{PersonId, WindowId};
use crate::rule::Rule;
use crate::switch::on;

pub(crate) fn decide(d: &mut Decision, command: &Command) -> Option<Result<(), Refusal>> {
    match command {
        Command::Report(report) => Some(self::report(d, report)),
        _ => None,
    }
}

/// Opens the case. A reporter who is on the team commands it from that moment (R6, M17).
fn report(d: &mut Decision, report: &Report) -> Result<(), Refusal> {
    let project = d.at.project();
    let reporter = d.actor.as_person().cloned();
    let subject = report.about_person.clone();
    let not_subject = |person: &&PersonId| Some(*person) != subject.as_ref();
    let paged: Vec<_> = project.on_call_at(d.at.now).filter(not_subject).cloned().collect();
    let commands = on(Rule::R6)
        && reporter.as_ref().filter(not_subject).is_some_and(|p| project.has_role(p, Role::Responder));
    d.record(Reported {
        maintenance: maintenance(d, report),
        report: report.clone(),
        reporter,
        paged,
        pager: project.pager,
    });
    evidence::raise_by_signs(d, &report.signs, &report.assets);
    if commands {
        d.record(Acknowledged { reporter: true, take_over: false });
    }
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
    d.at.project().maintenance.iter().filter(falls_into).map(|w| w.id.clone()).collect()
}
