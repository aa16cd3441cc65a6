//! Spinning an incident down: what has to be so before it counts as over (R54, R71, X16, X40).

use alloc::format;
use alloc::vec::Vec;

use super::payload::{NormalAgainRecorded, NormalCheck, ReadyForQa, RecordNormalAgain, SpunDown};
use super::{matrix, qa};
use crate::agenda::Permit;
use crate::at::At;
use crate::case::{Phase, Status};
use crate::chapters::assess;
use crate::chapters::milestones::{Milestone, Noted};
use crate::chapters::work;
use crate::decide::{Decision, Gate, Refusal};
use crate::rule::Rule;
use crate::switch::on;

pub(super) fn ready(d: &mut Decision, command: &ReadyForQa) -> Result<(), Refusal> {
    d.person()?;
    d.only_ic(Rule::R71)?;
    let order = "Confirm it first, with a severity; a false alarm closes by itself.";
    matrix::step_to(d, Status::ReadyForQa, order).map_err(|no| match d.case().status() {
        Status::Investigating => no.settled_by("confirm", None),
        _ => no,
    })?;
    d.gates(Gate::Closing, in_the_way(d.at))?;
    qa::fit_to_review(d, command.reviewer.as_ref())?;
    if on(Rule::R73) {
        let (reviewer, reason) = (command.reviewer.clone(), command.reason.clone());
        d.record(SpunDown { reviewer, reason });
    }
    Ok(())
}

/// What still stands between a confirmed incident and its spin-down, each with its rule.
pub fn in_the_way(at: At) -> Vec<Refusal> {
    let order = (at.case.phase() != Phase::Remediate).then(|| {
        Refusal::rule(
            Rule::R3,
            "The initial sitrep has not gone out, so the assessment is not finished.",
            "Publish it; two sentences are enough.",
        )
        .settled_by("publish_sitrep", None)
    });
    let over = [order, not_contained(at), no_time(at)];
    let work = [open_steps(at), not_normal(at), lowered(at)];
    over.into_iter().chain(work).flatten().collect()
}

/// Contained or resolved was recorded, and no reopening took it back (X40).
pub(super) fn ends(at: At<'_>) -> Option<&Noted> {
    let milestones = &at.case.part.milestones;
    let contained = || milestones.said(Milestone::Contained);
    milestones.said(Milestone::Resolved).or_else(contained)
}

fn not_contained(at: At) -> Option<Refusal> {
    ends(at).is_none().then(|| {
        Refusal::rule(
            Rule::X40,
            "Nobody has recorded that it is contained or resolved.",
            "Record either, with its time and how you know.",
        )
        .settled_by("record_milestone", Some("contained"))
    })
}

fn no_time(at: At) -> Option<Refusal> {
    let unknown = ends(at).is_some() && !at.case.part.milestones.is_calm();
    unknown.then(|| {
        Refusal::rule(
            Rule::R71,
            "Nobody knows when it was contained or resolved.",
            "Give a time as well as you know it; \"about\" is fine.",
        )
        .settled_by("record_milestone", Some("contained"))
    })
}

/// Immediate steps that nobody has verified (R54).
fn open_steps(at: At) -> Option<Refusal> {
    let open: Vec<&str> = work::open_immediate(at).iter().map(|step| step.id.as_str()).collect();
    (!open.is_empty()).then(|| {
        Refusal::rule(
            Rule::R54,
            format!("Immediate steps are not verified: {}.", open.join(", ")),
            "Finish and verify them, or let the IC defer them with a reason.",
        )
        .settled_by("verify_step", open.first().copied())
    })
}

/// What is down still, or was never tested (X16).
fn not_normal(at: At) -> Option<Refusal> {
    let disruptions = at.case.part.disruption.disruptions.iter();
    let mut lasts = disruptions.filter(|found| found.began.is_some() && found.ended.is_none());
    let down = match (at.case.part.contingency.ongoing(), lasts.next()) {
        (Some(_), _) => Some(("An outage still goes on.".into(), "end_outage", None)),
        (None, Some(found)) => {
            let sentence = format!("Disruption {} still goes on.", found.id);
            Some((sentence, "end_disruption", Some(found.id.as_str())))
        }
        (None, None) => None,
    };
    if let Some((sentence, command, about)) = down {
        let yes_when = "Say when it was over, or waive it with a reason.";
        return Some(Refusal::rule(Rule::X16, sentence, yes_when).settled_by(command, about));
    }
    at.case.part.closeout.normal.is_none().then(|| {
        Refusal::rule(
            Rule::X16,
            "Nobody has tested that operation is normal again.",
            "Let somebody test it, or record that it does not apply or will be tested later.",
        )
        .settled_by("record_normal_again", None)
    })
}

/// Lowered soon after a disruption that High had allowed: why? (M8)
fn lowered(at: At) -> Option<Refusal> {
    (!assess::unexplained(at).is_empty()).then(|| {
        Refusal::rule(
            Rule::R40,
            "The severity was lowered soon after a disruption that High had allowed.",
            "Say why it was lowered; the retrospective lists it.",
        )
        .settled_by("explain_lowering", None)
    })
}

/// The permit to spin down, or everything in its way.
pub(super) fn permit(at: At) -> Permit {
    let mut left = in_the_way(at);
    left.retain(|refusal| refusal.rule.is_none_or(on));
    let refused = Refusal::together(left);
    let allowed = refused.is_none();
    Permit {
        command: "ready_for_qa",
        on: None,
        rule: refused.as_ref().and_then(|refusal| refusal.rule).unwrap_or(Rule::R71),
        allowed: allowed.then(|| "It is over: the IC can spin it down.".into()),
        refused: refused.map(|refusal| Refusal { waivable: true, ..refusal }),
    }
}

/// Tested by a person, or a reason why not (X16, X40).
pub(super) fn normal_again(d: &mut Decision, said: &RecordNormalAgain) -> Result<(), Refusal> {
    let person = d.person()?;
    let tested = said.outcome == NormalCheck::Tested;
    let tester = said.tested_by.as_ref().unwrap_or(person);
    if d.at.project().member(tester).is_none() {
        return Err(Refusal::invalid(
            format!("{tester} is not on the contact sheet."),
            "Name somebody who is.",
        ));
    }
    if said.outcome == NormalCheck::Deferred && said.due.is_none() {
        return Err(Refusal::invalid(
            "A test that comes later has a date.",
            "Say by when it is tested (due).",
        ));
    }
    let explained = if tested { said.how.is_some() } else { said.reason.is_some() };
    d.gate(Gate::Firm, explained, || {
        Refusal::rule(
            Rule::X16,
            "How it was tested, or why not, is missing.",
            "Say in a sentence how you know that it runs as it should, or why nobody tests it now.",
        )
        .settled_by("record_normal_again", None)
    })?;
    if !tested {
        d.only_ic(Rule::X40)?;
    }
    d.record(NormalAgainRecorded {
        outcome: said.outcome,
        tested_by: tested.then(|| tester.clone()),
        how: said.how.clone(),
        reason: said.reason.clone(),
        due: said.due,
    });
    Ok(())
}
