//! Whether the project has the people and hours that the playbook counts on.

use super::findings::Findings;
use super::{ProjectFacts, Review};
use crate::playbook::{Cadence, Playbook, Response, Severity};
use alloc::format;

pub(super) fn check(playbook: &Playbook, project: &ProjectFacts<'_>, findings: &mut Findings) {
    deciders(project, findings);
    people(project, findings);
    hours(playbook, project, findings);
    for class in &project.asset_classes {
        if playbook.evidence.iter().all(|list| list.class != *class) {
            findings.warning(
                "project.assets",
                format!("No evidence list fits assets of the class {class:?}; the list `other` is used (M21)."),
                "Add a list for the class, or give the asset a class that has one.",
            );
        }
    }
    match project.review {
        Review::ByAnother => {}
        // Who is alone has nobody else to ask (M16).
        Review::ByAuthor if project.people_to_call <= 1 => findings.warning(
            "project.playbook.review",
            "This edition was reviewed by its own author, who is alone (X30, M16).",
            "Ask an outside reviewer.",
        ),
        Review::ByAuthor => findings.error(
            "project.playbook.review",
            "This edition was reviewed by its own author (X30).",
            "Have somebody else review it.",
        ),
        Review::Missing => findings.warning(
            "project.playbook.review",
            "Nobody has reviewed this edition yet (X30).",
            "Ask somebody other than its author to review it.",
        ),
    }
}

fn deciders(project: &ProjectFacts<'_>, findings: &mut Findings) {
    let stand_ins = project.has_project_manager || project.has_product_owner;
    if project.deciders == 0 && stand_ins {
        findings.warning(
            "project.deciders",
            "No deciders are named, so the project manager and product owner are asked (M5).",
            "Name those who decide about disruptions.",
        );
    }
    if project.deciders == 0 && !stand_ins {
        findings.error(
            "project.deciders",
            "Nobody can be asked about a disruption: no decider, project manager or product owner (M5).",
            "Name at least one decider.",
        );
    }
    if project.deciders_without_number > 0 {
        findings.error(
            "project.deciders",
            format!(
                "{} of those who decide cannot be telephoned (R63, M3).",
                project.deciders_without_number
            ),
            "Give each of them a telephone number.",
        );
    }
    if !project.has_product_owner {
        findings.warning(
            "project.roster",
            "No product owner is on the roster, so nobody can approve a notice to customers (R17).",
            "Name the product owner.",
        );
    }
}

fn people(project: &ProjectFacts<'_>, findings: &mut Findings) {
    match project.people_to_call {
        0 => findings.error(
            "project.roster",
            "The contact sheet has nobody to call, so an unanswered report stays unanswered (R26).",
            "Put people on the roster, in the order in which they are called.",
        ),
        1 => findings.warning(
            "project.roster",
            "The contact sheet has a single person; whatever needs two waits and is marked \"one person\" (M16).",
            "Add a second person or an outside reviewer.",
        ),
        _ => {}
    }
    if project.people_without_contact > 0 {
        findings.error(
            "project.roster",
            format!(
                "{} people on the contact sheet have neither a number nor an address (R26).",
                project.people_without_contact
            ),
            "Give each of them one, or take them off the sheet.",
        );
    }
    if let Some(from) = project.nobody_on_call_from {
        findings.warning(
            "project.on_call",
            format!(
                "From {} on nobody is on call for a while (X33).",
                crate::moment::said(from)
            ),
            "Plan somebody for that time.",
        );
    }
    if !project.somebody_on_call {
        findings.warning(
            "project.on_call",
            "Nobody is planned to be on call; each report calls the contact sheet right away, one after the other (M17, X33).",
            "Plan who is on call.",
        );
    }
}

fn hours(playbook: &Playbook, project: &ProjectFacts<'_>, findings: &mut Findings) {
    let week = project.calendar.business_hours();
    if week.values().any(|hours| !hours.is_empty()) {
        return;
    }
    let needed = Severity::CHOSEN.into_iter().any(|severity| {
        let policy = playbook.severities.policy(severity);
        policy.response == Response::BusinessHours
            || policy.response_after_contained == Response::BusinessHours
            || matches!(policy.cadence, Cadence::BusinessDay(_))
    });
    if needed {
        findings.error(
            "project.calendar.business_hours",
            "The business week is empty, so whatever waits for business hours waits for ever (M11).",
            "Enter the hours of at least one day.",
        );
    }
}
