//! Starting a step: the gates that stand before it.

use alloc::format;
use alloc::vec::Vec;

use super::payload::{DecideDestruction, DestructionDecided, StartStep, StepStarted};
use super::step::{self, Step};
use crate::access;
use crate::at::At;
use crate::chapters::{commander, disruption, evidence};
use crate::decide::{Decision, Gate, Refusal};
use crate::id::AssetId;
use crate::playbook::StepKind;
use crate::rule::Rule;

/// What stands before this step now, whatever the severity.
pub(super) fn obstacles(at: At, step: &Step) -> Vec<Refusal> {
    let mut out = Vec::new();
    if step.kind.changes() && !evidence::kept_before(at, step.asset.as_ref(), at.now) {
        out.push(evidence_first(at, step));
    }
    if step.kind.destroys() && step.destruction.is_none() {
        out.push(Refusal::rule(
            Rule::R56,
            format!("{} can destroy traces, and the IC has not decided it.", step.id),
            "Isolate instead and leave it running, or let the IC decide with a reason.",
        )
        .settled_by("decide_destruction", Some(&step.id)));
    }
    out
}

fn evidence_first(at: At, step: &Step) -> Refusal {
    let class = step.asset.as_ref().map(|asset| evidence::class_of(at, asset));
    let about = class.map(|class| format!("capture:{class}"));
    Refusal::rule(
        Rule::R13,
        format!("Something is suspicious, and nothing was captured before {}.", step.id),
        "Capture a dump, snapshot, log or screen of it first and name the asset, or say why it is impossible.",
    )
    .settled_by("record_evidence_item", about.as_deref())
}

fn lifting(step: &Step) -> Refusal {
    Refusal::rule(
        Rule::R56,
        format!("{} lifts an isolation, and that is the IC's to decide.", step.id),
        "Let the IC begin it, or say who decided it and why.",
    )
}

pub(super) fn start(d: &mut Decision, command: &StartStep) -> Result<(), Refusal> {
    let person = d.person()?.clone();
    let step = step::open(d, &command.step)?;
    access::only_theirs(d, step.owner.as_ref())?;
    if !step.starts.is_empty() {
        return Err(Refusal::conflict(
            format!("{} is in work already.", step.id),
            "Go on, or assign it to somebody else.",
        ));
    }
    for obstacle in obstacles(d.at, step) {
        // To destroy is the IC's decision, and so is passing over that decision (R56).
        let others = obstacle.rule == Some(Rule::R56) && !d.by_ic();
        d.gate(if others { Gate::Decided } else { Gate::Act }, false, || obstacle)?;
    }
    let lifts = step.kind == StepKind::Lift;
    // An authority of the IC, at every severity (M7, M9).
    d.gate(Gate::Closing, !lifts || d.by_ic(), || lifting(step))?;
    disruption::gate_step(d, step)?;
    match &step.owner {
        None => step::give(d, step.id.clone(), step.kind, Some(person), None)?,
        Some(owner) if *owner != person && step.kind.technical() && !lifts => {
            commander::guard_step(d, &person)?;
        }
        Some(_) => {}
    }
    let severity = d.at.severity();
    d.record(StepStarted { step: step.id.clone(), severity });
    Ok(())
}

/// Contain, do not destroy: the IC decides, with a reason (R56), knowing the loss (R120).
pub(super) fn decide_destruction(
    d: &mut Decision,
    command: &DecideDestruction,
) -> Result<(), Refusal> {
    let step = step::open(d, &command.step)?;
    if !step.kind.destroys() {
        return Err(Refusal::invalid(
            format!("{} destroys nothing.", step.id),
            "It needs no such decision: begin it.",
        ));
    }
    d.only_ic(Rule::R56)?;
    let knows = command.loss_acknowledged || !loses(d.at, step.kind, step.asset.as_ref());
    d.gate(Gate::Act, knows, || {
        Refusal::rule(
            Rule::R120,
            "What is in memory and on temporary disks will be lost for good.",
            "Say that you know what is lost, or isolate it instead.",
        )
    })?;
    let (step, reason) = (command.step.clone(), command.reason.clone());
    d.record(DestructionDecided { step, reason, loss_acknowledged: command.loss_acknowledged });
    Ok(())
}

/// Whether the act loses for good what is not on a disk.
pub(super) fn loses(at: At, kind: StepKind, asset: Option<&AssetId>) -> bool {
    let Some(asset) = asset.and_then(|id| at.project().asset(id)) else {
        return kind.destroys();
    };
    let list = at.playbook().evidence.iter().find(|list| list.class == asset.class);
    asset.volatile || list.is_some_and(|list| list.volatile)
}
