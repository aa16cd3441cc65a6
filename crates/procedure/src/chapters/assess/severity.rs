//! Choosing a severity, and the one set of policies that it switches on (R9, R33, R40, M8).

use alloc::vec::Vec;

use jiff::{SignedDuration, Timestamp};

use super::payload::{ExplainLowering, LoweringExplained, SetSeverity, SeveritySet};
use super::state::SeverityChange;
use super::suggest::suggested;
use crate::at::{At, after};
use crate::decide::{Decision, Gate, Refusal};
use crate::playbook::{Response, Severity, SeverityPolicy};
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

/// The policy set in force: cadence, hours, disruption and step times switch together (R9).
#[must_use]
pub fn policy(at: At<'_>) -> &SeverityPolicy {
    policy_of(at, at.severity())
}

/// The policy set of a severity; unknown is treated like High (M7, M17).
pub(crate) fn policy_of(at: At<'_>, severity: Severity) -> &SeverityPolicy {
    let severity = if on(Rule::R9) { severity } else { Severity::Unknown };
    at.playbook().severities.policy(severity)
}

/// Which hours the severity asks for: day and night at High until contained (R92), business
/// hours at Medium and Low (R97, R102). The long-haul plan may decide otherwise (R68).
#[must_use]
pub fn response(at: At<'_>) -> Response {
    let contained = at.case.part.milestones.is_calm();
    let policy = policy(at);
    let hours = if contained { policy.response_after_contained } else { policy.response };
    within_rules(at.case.part.assess.severity, hours)
}

/// The hours of a severity, unless the rule behind them is switched off in a test.
pub(crate) fn within_rules(severity: Severity, hours: Response) -> Response {
    match severity {
        Severity::High if !on(Rule::R92) => Response::BusinessHours,
        Severity::Medium if !on(Rule::R97) => Response::AroundTheClock,
        _ => hours,
    }
}

pub(super) fn set(d: &mut Decision, command: &SetSeverity) -> Result<(), Refusal> {
    d.person()?;
    let SetSeverity { severity, reason } = command;
    d.gate(Gate::Firm, *severity != Severity::Unknown, || {
        Refusal::rule(
            Rule::R33,
            "Unknown is where a case starts; it cannot be chosen.",
            "Choose High, Medium or Low, or leave it as it is.",
        )
    })?;
    let from = d.case().part.assess.severity;
    if d.case().is_over() {
        return Err(Refusal::conflict("This case is over.", "Reopen it with a reason if it is not."));
    }
    if *severity == from {
        return Err(Refusal::conflict("It has that severity already.", "There is nothing to do."));
    }
    lowers(d, *severity, reason.as_ref())?;
    let suggested = suggested(d.at);
    d.record(SeveritySet { severity: *severity, from, suggested, reason: reason.clone() });
    Ok(())
}

/// Anybody raises, without a reason; only the IC lowers, with one (R40, M8).
pub(super) fn lowers(d: &mut Decision, to: Severity, reason: Option<&Text>) -> Result<(), Refusal> {
    if to >= d.case().part.assess.severity {
        return Ok(());
    }
    d.only_ic(Rule::R40)?;
    d.gate(Gate::Firm, reason.is_some(), || {
        Refusal::rule(
            Rule::R40,
            "Lowering the severity needs a reason.",
            "Say in a sentence why it is less grave than it seemed.",
        )
    })
}

pub(super) fn explain(d: &mut Decision, command: &ExplainLowering) -> Result<(), Refusal> {
    d.person()?;
    let waiting = match command.entry {
        Some(_) => flagged(d.at),
        None => unexplained(d.at),
    };
    let meant = |change: &&SeverityChange| command.entry.is_none_or(|seq| seq == change.mark.seq);
    let Some(entry) = waiting.into_iter().find(meant).map(|change| change.mark.seq) else {
        return Err(match command.entry {
            Some(_) => Refusal::invalid(
                "That did not lower the severity soon after a disruption.",
                "Name one of the lowerings that ask for a reason.",
            ),
            None => Refusal::conflict(
                "No lowering of the severity asks for a reason.",
                "There is nothing to do.",
            ),
        });
    };
    d.record(LoweringExplained { entry, reason: command.reason.clone() });
    Ok(())
}

/// Lowerings within the playbook's hours after a disruption that High had allowed (M8).
/// They are listed in the retrospective.
#[must_use]
pub fn flagged(at: At<'_>) -> Vec<&SeverityChange> {
    let hours = at.playbook().assessment.lowering_after_disruption_hours;
    let window = SignedDuration::from_hours(i64::from(hours));
    let begun = at.case.part.disruption.begun_under_high();
    let soon_after = |lowered: Timestamp| {
        begun.iter().any(|begun| *begun <= lowered && lowered <= after(*begun, window))
    };
    let changes = at.case.part.assess.severities.iter();
    changes
        .filter(|change| change.lowered() && change.from == Severity::High)
        .filter(|change| soon_after(change.mark.at))
        .collect()
}

/// Those of them that nobody has explained; a reason is needed before Ready for QA (M8).
#[must_use]
pub fn unexplained(at: At<'_>) -> Vec<&SeverityChange> {
    let explained = &at.case.part.assess.explained;
    flagged(at).into_iter().filter(|change| !explained.contains(&change.mark.seq)).collect()
}
