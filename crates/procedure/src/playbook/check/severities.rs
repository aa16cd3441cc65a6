//! The policy sets: cadences, consent and hours that the rules ask for.

use super::findings::Findings;
use crate::playbook::{Cadence, DisruptionPolicy, Playbook, Response, Severity, SeverityPolicy};
use alloc::format;

/// The longest cadence at High, in minutes (R94).
const HIGH_CADENCE_MINUTES: u32 = 60;

pub(super) fn check(playbook: &Playbook, findings: &mut Findings) {
    for severity in Severity::CHOSEN {
        let policy = playbook.severities.policy(severity);
        cadence(severity, policy, findings);
        consent(severity, policy, findings);
        if policy.step_due_minutes == 0 {
            findings.error(
                &format!("{}.step_due_minutes", place(severity)),
                "A step would be due at the moment it is written down (R15).",
                "Give it at least 1.",
            );
        }
    }
    let (high, medium, low) = (
        &playbook.severities.high,
        &playbook.severities.medium,
        &playbook.severities.low,
    );
    if high.response == Response::BusinessHours {
        findings.warning(
            "severities.high.response",
            "A case of High severity would rest at night (R92).",
            "Set it to around_the_clock.",
        );
    }
    if high.step_due_minutes > medium.step_due_minutes
        || medium.step_due_minutes > low.step_due_minutes
    {
        findings.warning(
            "severities",
            "Steps of a graver case would have more time than those of a lesser one (R15).",
            "Let step_due_minutes grow from high to medium to low.",
        );
    }
}

fn place(severity: Severity) -> &'static str {
    match severity {
        Severity::High | Severity::Unknown => "severities.high",
        Severity::Medium => "severities.medium",
        Severity::Low => "severities.low",
    }
}

fn cadence(severity: Severity, policy: &SeverityPolicy, findings: &mut Findings) {
    let at = format!("{}.cadence", place(severity));
    match &policy.cadence {
        Cadence::Every { minutes: 0 } => {
            findings.error(
                &at,
                "Sitreps would be due without end.",
                "Give it at least 1 minute.",
            );
        }
        Cadence::Every { minutes } => {
            if severity == Severity::High && *minutes > HIGH_CADENCE_MINUTES {
                findings.error(
                    &at,
                    format!("A sitrep every {minutes} minutes is too seldom for High (R94)."),
                    "Set it to 60 minutes or less.",
                );
            }
            if policy.reminder_before_minutes >= *minutes {
                findings.warning(
                    &at,
                    "The reminder of the next sitrep leaves before the last one was sent.",
                    "Make reminder_before_minutes shorter than the cadence.",
                );
            }
        }
        Cadence::BusinessDay(slots) => day_slots(severity, &at, &slots.percent_of_day, findings),
    }
    if policy.after_contained_cadence_of == Some(Severity::Unknown) {
        findings.error(
            &format!("{}.after_contained_cadence_of", place(severity)),
            "An unknown severity has no cadence of its own (M19).",
            "Name high, medium or low, or leave it out.",
        );
    }
}

fn day_slots(severity: Severity, at: &str, percents: &[u8], findings: &mut Findings) {
    if severity == Severity::High {
        findings.error(
            at,
            "At High a sitrep is due every hour, also at night (R94).",
            "Use { every = { minutes = 60 } }.",
        );
    }
    if percents.is_empty() {
        findings.error(
            at,
            "No sitrep would ever be due (R76).",
            "Name at least one slot, such as [100] for the end of the day.",
        );
    } else if severity == Severity::Medium && percents.len() < 2 {
        findings.warning(
            at,
            "Medium has sitreps about twice a day (R99).",
            "Name two slots, such as [50, 100].",
        );
    }
    let rising = percents.windows(2).all(|pair| pair[0] < pair[1]);
    if !rising || percents.iter().any(|percent| *percent > 100) {
        findings.error(
            at,
            "The slots must rise from 0 to 100 percent of the day.",
            "Put them in order, each once.",
        );
    }
}

fn consent(severity: Severity, policy: &SeverityPolicy, findings: &mut Findings) {
    let at = format!("{}.disruption", place(severity));
    match (severity, policy.disruption) {
        (Severity::High, DisruptionPolicy::Consult | DisruptionPolicy::Agree) => findings.error(
            &at,
            "At High nothing stands before containment (R60, M7).",
            "Set it to free.",
        ),
        (Severity::Medium, DisruptionPolicy::Free) => findings.warning(
            &at,
            "At Medium the deciders are asked before a disruption (R62).",
            "Set it to consult.",
        ),
        (Severity::Low, DisruptionPolicy::Free | DisruptionPolicy::Consult) => findings.warning(
            &at,
            "At Low nothing is disrupted before all agree (R66).",
            "Set it to agree.",
        ),
        _ => {}
    }
}
