//! Routes, criteria, evidence, templates, checklists: nothing empty, nothing twice, nothing
//! that names what is not there.

use super::findings::Findings;
use crate::playbook::{Answer, Channel, Playbook, RouteStart, Severity};
use alloc::collections::BTreeSet;
use alloc::format;

pub(super) fn check(playbook: &Playbook, findings: &mut Findings) {
    routes(playbook, findings);
    criteria(playbook, findings);
    picks(playbook, findings);
    evidence(playbook, findings);
    checklists(playbook, findings);
    cause_methods(playbook, findings);
    retrospective(playbook, findings);
    let signs = playbook.intake.signs.iter().map(|sign| sign.id.as_str());
    unique("intake.signs", signs, findings);
    let blocks = playbook.command.handover.blocks.iter();
    unique(
        "command.handover.blocks",
        blocks.map(|block| block.id.as_str()),
        findings,
    );
}

/// Complains of ids that come twice, and of a list without any.
fn unique<'a>(place: &str, ids: impl Iterator<Item = &'a str>, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            findings.error(
                place,
                format!("{id:?} stands twice."),
                "Give each its own name.",
            );
        }
    }
    if seen.is_empty() {
        findings.error(
            place,
            format!("{place} is empty."),
            "Add at least one, or keep the handbook's.",
        );
    }
}

fn routes(playbook: &Playbook, findings: &mut Findings) {
    let order = &playbook.routes.order;
    if !order.iter().any(|route| route.start == RouteStart::AtOnce) {
        findings.error(
            "routes.order",
            "No route starts with the report, so nobody hears of it (R5).",
            "Let chat and pager start at_once.",
        );
    }
    if !order
        .iter()
        .any(|route| route.channel == Channel::ContactSheet)
    {
        findings.error(
            "routes.order",
            "The contact sheet is no route, so an unanswered report stays unanswered (R26).",
            "Add contact_sheet with start = \"after_ack_limit\".",
        );
    }
    let channels: BTreeSet<_> = order.iter().map(|route| route.channel).collect();
    if channels.len() < order.len() {
        findings.warning("routes.order", "A route stands twice.", "Keep the first.");
    }
    for channel in &channels {
        if !playbook.routes.fallbacks.contains_key(channel) {
            findings.warning(
                "routes.fallbacks",
                format!("Nothing replaces {channel:?} when it is down (X27)."),
                "Name at least one channel to use instead.",
            );
        }
    }
    for (channel, instead) in &playbook.routes.fallbacks {
        if instead.is_empty() || instead.contains(channel) {
            findings.error(
                "routes.fallbacks",
                format!("What replaces {channel:?} must be some other channel (X27)."),
                "Name another channel.",
            );
        }
    }
    if playbook.roles.may_send_outside.is_empty() {
        findings.error(
            "roles.may_send_outside",
            "Nobody may speak to the outside (X5).",
            "Name incident_commander, communications_officer or both.",
        );
    }
}

fn criteria(playbook: &Playbook, findings: &mut Findings) {
    let criteria = &playbook.assessment.criteria;
    let place = "assessment.criteria";
    unique(
        place,
        criteria.iter().map(|criterion| criterion.id.as_str()),
        findings,
    );
    for criterion in criteria {
        if criterion.yes_suggests == Severity::Unknown {
            findings.error(
                place,
                format!("A yes to {:?} suggests nothing (M8).", criterion.id),
                "Let it suggest high, medium or low.",
            );
        }
    }
    for severity in [Severity::High, Severity::Medium] {
        if !criteria
            .iter()
            .any(|criterion| criterion.yes_suggests == severity)
        {
            findings.warning(
                place,
                format!("No criterion suggests {} (R90, R95).", severity.word()),
                "Add one, or keep the handbook's.",
            );
        }
    }
    if !criteria.iter().any(|criterion| criterion.sensitive_data) {
        findings.warning(
            place,
            "No criterion asks about sensitive personal data (M8).",
            "Mark the one that does with sensitive_data = true.",
        );
    }
}

fn picks(playbook: &Playbook, findings: &mut Findings) {
    let place = "assessment.picks";
    let picks = &playbook.assessment.picks;
    unique(place, picks.iter().map(|pick| pick.id.as_str()), findings);
    for pick in picks {
        if pick.suggests == Severity::Unknown {
            findings.error(
                place,
                format!("{:?} suggests nothing (M8).", pick.id),
                "Let it suggest high, medium or low.",
            );
        }
        for (id, answer) in &pick.answers {
            let mut criteria = playbook.assessment.criteria.iter();
            match criteria.find(|criterion| criterion.id == *id) {
                None => findings.error(
                    place,
                    format!("{:?} answers {id:?}, which is no criterion.", pick.id),
                    "Name a criterion by its id.",
                ),
                Some(criterion)
                    if *answer == Answer::Yes && criterion.yes_suggests > pick.suggests =>
                {
                    findings.warning(
                        place,
                        format!(
                            "{:?} stands under {} and answers {id:?}, which suggests {}.",
                            pick.id,
                            pick.suggests.word(),
                            criterion.yes_suggests.word()
                        ),
                        "Let both say the same.",
                    );
                }
                Some(_) => {}
            }
        }
    }
}

fn evidence(playbook: &Playbook, findings: &mut Findings) {
    let classes = playbook.evidence.iter().map(|list| list.class.as_str());
    unique("evidence", classes.clone(), findings);
    let classes: BTreeSet<_> = classes.collect();
    if !classes.contains("other") {
        findings.error(
            "evidence",
            "There is no list for assets of no other class (M21).",
            "Add a list with class = \"other\".",
        );
    }
    for list in &playbook.evidence {
        let place = format!("evidence.{}", list.class);
        unique(
            &place,
            list.items.iter().map(|item| item.id.as_str()),
            findings,
        );
    }
    let templates = &playbook.steps.templates;
    let mut seen = BTreeSet::new();
    for template in templates {
        let place = format!("steps.templates.{}", template.id);
        if !seen.insert(&template.id) {
            findings.error(
                &place,
                "The template stands twice.",
                "Give each its own name.",
            );
        }
        for class in &template.assets {
            if !classes.contains(class.as_str()) {
                findings.error(
                    &place,
                    format!("It fits assets of the class {class:?}, which has no evidence list."),
                    "Name a class of the evidence lists.",
                );
            }
        }
    }
}

fn checklists(playbook: &Playbook, findings: &mut Findings) {
    let checklists = &playbook.checklists;
    for (phase, items) in checklists.phases() {
        if items.is_empty() {
            findings.error(
                "checklists",
                format!("The checklist of {phase} has no items (R2)."),
                "Add at least one.",
            );
        }
    }
    let items = checklists.phases().into_iter().flat_map(|(_, items)| items);
    unique("checklists", items.map(|item| item.id.as_str()), findings);
    if checklists.header.is_empty() {
        findings.warning(
            "checklists.header",
            "Nothing calm stands above the checklist (X1).",
            "Add a line.",
        );
    }
}

fn cause_methods(playbook: &Playbook, findings: &mut Findings) {
    let retrospective = &playbook.retrospective;
    let outcomes: BTreeSet<_> = retrospective
        .outcomes
        .iter()
        .map(|c| c.value.as_str())
        .collect();
    let place = "retrospective.methods";
    unique(
        place,
        retrospective
            .methods
            .iter()
            .map(|method| method.id.as_str()),
        findings,
    );
    for method in &retrospective.methods {
        let first = method.questions.first();
        if !first.is_some_and(|first| first.question.starts_with("How")) {
            findings.warning(
                place,
                format!("{} does not begin by asking \"how\" (M14).", method.title),
                "Begin with a question that starts with How.",
            );
        }
        for question in &method.questions {
            if !question.feeds.is_empty() && !outcomes.contains(question.feeds.as_str()) {
                findings.error(
                    place,
                    format!(
                        "A question feeds {:?}, which is no outcome list (R83).",
                        question.feeds
                    ),
                    "Name one of retrospective.outcomes.",
                );
            }
        }
    }
}

fn retrospective(playbook: &Playbook, findings: &mut Findings) {
    let retrospective = &playbook.retrospective;
    let sections: BTreeSet<_> = retrospective
        .report_sections
        .iter()
        .map(|c| c.value.as_str())
        .collect();
    for (section, rule) in [
        ("timeline", "R80"),
        ("progress", "R81"),
        ("causes", "R82"),
        ("metrics", "R84"),
        ("lessons", "R78"),
        ("follow_ups", "R18"),
    ] {
        if !sections.contains(section) {
            findings.error(
                "retrospective.report_sections",
                format!("The report has no part {section:?} ({rule})."),
                "Add it.",
            );
        }
    }
    let methods = retrospective
        .discovery_methods
        .iter()
        .map(|c| c.value.as_str());
    unique("retrospective.discovery_methods", methods, findings);
    let actions = retrospective
        .threat_actions
        .iter()
        .map(|c| c.value.as_str());
    unique("retrospective.threat_actions", actions.clone(), findings);
    if !actions.into_iter().any(|value| value == "none") {
        findings.error(
            "retrospective.threat_actions",
            "A case without an actor has no value to choose (R87).",
            "Add the value \"none\".",
        );
    }
}
