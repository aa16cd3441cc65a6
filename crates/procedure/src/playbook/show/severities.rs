//! The severities side by side, and what leads to each.

use super::amounts::{cadence, capital, consent, minutes, response};
use super::page::Page;
use crate::playbook::{Playbook, Severity};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

pub(super) fn write(playbook: &Playbook, page: &mut Page) {
    page.section("Severities");
    page.paragraph(
        "Until somebody has chosen a severity it is unknown, which is not Low: an unknown case is worked on like High.",
    );
    let row = |name: &str, cell: &dyn Fn(Severity) -> String| {
        let [high, medium, low] = Severity::CHOSEN.map(cell);
        [name.into(), high, medium, low]
    };
    let policy = |severity| playbook.severities.policy(severity);
    page.table(
        ["", "1 - High", "2 - Medium", "3 - Low"],
        [
            row("Work", &|s| capital(response(policy(s).response))),
            row("Once contained", &|s| {
                capital(response(policy(s).response_after_contained))
            }),
            row("Sitrep", &|s| capital(&cadence(&policy(s).cadence))),
            row(
                "Sitrep once contained",
                &|s| match policy(s).after_contained_cadence_of {
                    Some(other) => format!("May follow the cadence of {}", other.word()),
                    None => "The same".into(),
                },
            ),
            row("Sitrep reminder", &|s| {
                format!("{} before", minutes(policy(s).reminder_before_minutes))
            }),
            row("Deputy is told", &|s| {
                format!("{} after", minutes(policy(s).escalation_after_minutes))
            }),
            row("Disruption", &|s| capital(consent(policy(s).disruption))),
            row("A step is due in", &|s| {
                format!(
                    "{}, {}",
                    minutes(policy(s).step_due_minutes),
                    response(policy(s).response)
                )
            }),
        ],
    );
    for severity in Severity::CHOSEN {
        one(playbook, severity, page);
    }
    sizes(playbook, page);
}

fn one(playbook: &Playbook, severity: Severity, page: &mut Page) {
    let policy = playbook.severities.policy(severity);
    let assessment = &playbook.assessment;
    page.subsection(severity.word());
    page.paragraph(&policy.meaning);
    page.paragraph(&policy.conduct);
    let criteria: Vec<_> = assessment
        .criteria
        .iter()
        .filter(|c| c.yes_suggests == severity)
        .collect();
    if criteria.is_empty() {
        page.paragraph("Suggested when every criterion was answered with no.");
    } else {
        page.paragraph("Suggested by a yes to any of these:");
        page.list(criteria.iter().map(|criterion| &criterion.question));
    }
    page.paragraph("Examples:");
    page.list(
        assessment
            .picks
            .iter()
            .filter(|pick| pick.suggests == severity)
            .map(|pick| {
                let mut notes = Vec::new();
                if pick.raises_suspicion {
                    notes.push("raises suspicion");
                }
                if pick.restricts {
                    notes.push("restricted to those who need to know");
                }
                match notes.as_slice() {
                    [] => pick.label.clone(),
                    notes => format!("{} ({})", pick.label, notes.join(", ")),
                }
            }),
    );
}

fn sizes(playbook: &Playbook, page: &mut Page) {
    let assessment = &playbook.assessment;
    let thresholds = &assessment.thresholds;
    page.subsection("What the words mean");
    page.list([
        format!(
            "\"A large number of customers\": {} % or more. \"Limited\": {} % or more.",
            thresholds.large_customers_percent, thresholds.limited_customers_percent
        ),
        format!(
            "\"Significant\" loss: {currency} {} or more. \"Limited\": {currency} {} or more.",
            thresholds.significant_loss_amount,
            thresholds.limited_loss_amount,
            currency = thresholds.currency
        ),
        format!(
            "Nobody knows about sensitive data: {} is suggested. A project that holds none: {} is expected.",
            assessment.when_sensitive_data_unknown.word(),
            assessment.expected_without_sensitive_data.word()
        ),
        format!(
            "Anybody on the team may raise it; only the IC lowers it, with a reason. Lowering within {} hours of a disruption under High is looked at in the retrospective.",
            assessment.lowering_after_disruption_hours
        ),
    ]);
}
