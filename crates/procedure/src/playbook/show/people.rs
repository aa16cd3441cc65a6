//! Who does what, and how people are reached.

use super::amounts::{and, channel, minutes, role};
use super::page::Page;
use crate::playbook::{Playbook, RouteStart};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

pub(super) fn write(playbook: &Playbook, page: &mut Page) {
    let roles = &playbook.roles;
    page.section("Who does what");
    for described in roles.described.values() {
        page.subsection(&described.title);
        page.paragraph(&described.purpose);
        page.list(&described.duties);
    }
    page.subsection("Rules about people");
    let outside: Vec<String> = roles
        .may_send_outside
        .iter()
        .map(|r| role(roles, *r))
        .collect();
    page.list([
        format!("Only these send to the outside: {}.", and(&outside)),
        if roles.strict_ic {
            "A technical step cannot be given to the IC.".into()
        } else {
            "A technical step given to the IC is warned of and recorded.".into()
        },
        format!(
            "A team should have these skills together: {}.",
            and(&roles.skills)
        ),
    ]);
    command(playbook, page);
    routes(playbook, page);
}

fn command(playbook: &Playbook, page: &mut Page) {
    let command = &playbook.command;
    let handover = &command.handover;
    page.subsection("In command");
    page.list([
        format!(
            "Alone for {}: you are asked to call others in. Alone for {}: decide whether to recruit or go on alone.",
            minutes(command.solo_prompt_minutes),
            minutes(command.solo_decision_minutes)
        ),
        format!(
            "Where a second person is needed and none answers {} attempts, the same person may confirm with a reason after {}; the report says \"one person\".",
            command.one_person_attempts,
            minutes(command.one_person_confirm_minutes)
        ),
        format!(
            "An IC who stays silent for {} on an audible prompt at High: the team is offered to take over.",
            minutes(command.take_over_offer_minutes)
        ),
        format!(
            "Who approves what customers are told and does not answer for {} stops nothing: the IC and a second named person may send it.",
            minutes(command.approver_limit_minutes)
        ),
        format!(
            "At most one audible prompt for each person in {}; first pages are never held back.",
            minutes(command.prompts.budget_minutes)
        ),
        format!(
            "A handover is accepted within {}; the old holder stays at least {} and at most {} more.",
            minutes(handover.accept_minutes),
            minutes(handover.overlap_min_minutes),
            minutes(handover.overlap_max_minutes)
        ),
    ]);
    page.paragraph("A handover brief says:");
    page.list(handover.blocks.iter().map(|block| {
        let optional = if block.required { "" } else { " (if any)" };
        format!("**{}**{optional}: {}", block.title, block.prompt)
    }));
}

fn routes(playbook: &Playbook, page: &mut Page) {
    page.subsection("How people are reached");
    page.table(
        ["Order", "Route", "When", "If it is down"],
        playbook.routes.order.iter().enumerate().map(|(at, route)| {
            let fallbacks = playbook.routes.fallbacks.get(&route.channel);
            let instead: Vec<&str> = fallbacks
                .into_iter()
                .flatten()
                .map(|instead| channel(*instead))
                .collect();
            let start = match route.start {
                RouteStart::AtOnce => "at once".into(),
                RouteStart::AfterAckLimit => format!(
                    "after {} without acknowledgement",
                    minutes(playbook.alarm.ack_limit_minutes)
                ),
            };
            [
                format!("{}", at + 1),
                route.label.clone(),
                start,
                instead.join(", "),
            ]
        }),
    );
    page.paragraph(&format!(
        "A person who does not answer there is tried by {} as well.",
        channel(playbook.routes.second_route)
    ));
}
