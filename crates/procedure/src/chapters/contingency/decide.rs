//! Outage and recovery: what may be said when, and by whom.

use super::{
    ActivateContingency, BeginOutage, ContingencyActivated, DeclareRecovered, EndOutage,
    OutageBegan, OutageEnded, PlanPostmortem, PostmortemPlanned, RecordRecoveryTest,
    RecoveryDeclared, RecoveryTested, Track,
};
use crate::basis::Role;
use crate::command::Command;
use crate::decide::{Decision, Gate, Refusal};
use crate::id::PersonId;
use crate::moment::When;
use crate::rule::Rule;

pub(crate) fn decide(d: &mut Decision, command: &Command) -> Option<Result<(), Refusal>> {
    Some(match command {
        Command::BeginOutage(begin) => begin_outage(d, begin),
        Command::EndOutage(end) => end_outage(d, end),
        Command::ActivateContingency(activate) => self::activate(d, activate),
        Command::RecordRecoveryTest(test) => record_test(d, test),
        Command::DeclareRecovered(declare) => declare_recovered(d, declare),
        Command::PlanPostmortem(plan) => plan_postmortem(d, plan),
        _ => return None,
    })
}

fn begin_outage(d: &mut Decision, command: &BeginOutage) -> Result<(), Refusal> {
    d.person()?;
    if d.case().part.contingency.ongoing().is_some() {
        return Err(Refusal::conflict(
            "An outage is going on already.",
            "End that one first, or write down what else is down.",
        ));
    }
    let began = command.began.unwrap_or(When::exact(d.time()));
    past(d, began)?;
    d.record(OutageBegan { assets: command.assets.clone(), began });
    Ok(())
}

fn end_outage(d: &mut Decision, command: &EndOutage) -> Result<(), Refusal> {
    d.person()?;
    let Some(outage) = d.case().part.contingency.ongoing() else {
        return Err(Refusal::conflict(
            "No outage is going on.",
            "Write down when one began first, if there was one.",
        )
        .settled_by("begin_outage", None));
    };
    let ended = command.ended.unwrap_or(When::exact(d.time()));
    past(d, ended)?;
    if ended.at < outage.began.at {
        return Err(Refusal::invalid(
            "It cannot have ended before it began.",
            "Give a time after the outage began.",
        ));
    }
    d.record(OutageEnded { ended });
    Ok(())
}

fn past(d: &Decision, when: When) -> Result<(), Refusal> {
    if when.at <= d.at.now {
        return Ok(());
    }
    Err(Refusal::invalid("The time given lies in the future.", "Give the time when it happened."))
}

/// Those authorised: the IC, the deciders, project manager and product owner (X24).
fn activate(d: &mut Decision, command: &ActivateContingency) -> Result<(), Refusal> {
    let person = d.person()?;
    let allowed = authorised(d, person);
    d.gate(Gate::Firm, allowed, || {
        Refusal::forbidden(
            Some(Rule::X24),
            "Only those authorised can activate the contingency plan.",
            "Ask the IC, a decider, the project manager or the product owner.",
        )
    })?;
    if d.case().part.contingency.track.is_some() {
        return Err(is_active());
    }
    d.record(ContingencyActivated { reason: command.reason.clone() });
    Ok(())
}

/// The plan was activated, so that has its answer; what is active ends with its recovery (X26).
pub(crate) fn is_active() -> Refusal {
    Refusal::conflict(
        "The contingency plan is active already.",
        "There is nothing to decide: it ends when the recovery is tested and declared.",
    )
}

fn authorised(d: &Decision, person: &PersonId) -> bool {
    let project = d.at.project();
    d.by_ic()
        || project.deciders().contains(&person)
        || project.has_role(person, Role::ProjectManager)
        || project.has_role(person, Role::ProductOwner)
}

fn record_test(d: &mut Decision, command: &RecordRecoveryTest) -> Result<(), Refusal> {
    d.person()?;
    track(d)?;
    let RecordRecoveryTest { passed, how } = command.clone();
    d.record(RecoveryTested { passed, how });
    Ok(())
}

fn declare_recovered(d: &mut Decision, command: &DeclareRecovered) -> Result<(), Refusal> {
    let tested = track(d)?.tested.is_some();
    d.only_ic(Rule::X26)?;
    d.gate(Gate::Closing, tested, || {
        Refusal::rule(
            Rule::X26,
            "Nobody has tested that it works again.",
            "Have somebody test it and record how.",
        )
        .settled_by("record_recovery_test", None)
    })?;
    d.record(RecoveryDeclared { note: command.note.clone() });
    Ok(())
}

fn plan_postmortem(d: &mut Decision, command: &PlanPostmortem) -> Result<(), Refusal> {
    d.person()?;
    let declared = track(d)?.declared.is_some();
    d.gate(Gate::Closing, declared, || {
        Refusal::rule(
            Rule::X26,
            "The recovery is not declared complete yet.",
            "Test, declare, then plan the postmortem.",
        )
    })?;
    d.record(PostmortemPlanned { at: command.at });
    Ok(())
}

fn track<'a>(d: &Decision<'a>) -> Result<&'a Track, Refusal> {
    d.case().part.contingency.track.as_ref().ok_or_else(|| {
        Refusal::conflict(
            "The contingency plan is not active.",
            "Activate it first.",
        )
        .settled_by("activate_contingency", None)
    })
}
