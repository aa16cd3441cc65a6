//! What a false alarm leaves standing is lifted or kept, with a reason (X42).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::payload::{Choice, Settle, Settled};
use super::second_look;
use crate::at::At;
use crate::case::Status;
use crate::chapters::endurance::{Shift, ShiftCancelled};
use crate::chapters::evidence::hold::{self, ReleaseHold};
use crate::chapters::work::step::Deed;
use crate::chapters::work::{Step, StepState};
use crate::decide::{Decision, Gate, Refusal};
use crate::id::AssetId;
use crate::mark::Mark;
use crate::playbook::StepKind;
use crate::rule::Rule;

/// What sort of thing is still in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An order not to delete or change.
    Hold,
    /// Something that was cut off.
    Isolation,
    /// Somebody's shift.
    Shift,
}

/// Something that is still in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its number in the case, such as `H-1`, `S-2` or `shift-1`.
    pub id: String,
    /// What sort of thing.
    pub kind: Kind,
}

/// What is still in force: holds, isolations, shifts.
#[must_use]
pub fn in_force(at: At) -> Vec<Standing> {
    let standing = |id: &String, kind: Kind| Standing { id: id.clone(), kind };
    let holds = at.case.part.evidence.holds_in_force();
    let holds = holds.map(|hold| standing(&hold.id, Kind::Hold));
    let steps = &at.case.part.work.steps;
    let isolations = steps.iter().filter(|step| is_isolated(step, steps));
    let isolations = isolations.map(|step| standing(&step.id, Kind::Isolation));
    let shifts = to_come(at).map(|(number, _)| Standing {
        id: format!("shift-{number}"),
        kind: Kind::Shift,
    });
    holds.chain(isolations).chain(shifts).collect()
}

/// Shifts that are going on or to come, by number.
fn to_come(at: At<'_>) -> impl Iterator<Item = (u32, &Shift)> {
    let shifts = (1..).zip(&at.case.part.endurance.shifts);
    shifts.filter(move |(_, shift)| !shift.cancelled && shift.until > at.now)
}

/// A shift that was planned when the alarm was called, and ended without anybody dealing with it.
pub(super) fn ran_out<'a>(at: At<'a>, called: &Mark) -> Option<(String, &'a Shift)> {
    let shifts = (1..).zip(&at.case.part.endurance.shifts);
    let named = shifts.map(|(number, shift): (u32, _)| (format!("shift-{number}"), shift));
    let settled = &at.case.part.closeout.settled;
    let mut over = named.filter(|(id, shift)| {
        let stood = shift.seq < called.seq && called.at < shift.until && !shift.cancelled;
        stood && shift.until <= at.now && !settled.contains_key(id)
    });
    over.next()
}

/// It was cut off, and no later step lifted that.
fn is_isolated(step: &Step, steps: &[Step]) -> bool {
    let acts = |step: &Step, kind: StepKind| {
        step.kind == kind && step.state != StepState::Dropped && step.acted().is_some()
    };
    let lifts = |later: &Step| {
        acts(later, StepKind::Lift) && later.asset == step.asset && later.seq > step.seq
    };
    acts(step, StepKind::Isolate) && !steps.iter().any(lifts)
}

/// Steps that lifted, after the alarm was called, what had been cut off before.
pub(super) fn lifted_since<'a>(at: At<'a>, called: &'a Mark) -> impl Iterator<Item = &'a Deed> {
    let steps = &at.case.part.work.steps;
    let acts = |step: &Step, kind: StepKind| step.kind == kind && step.state != StepState::Dropped;
    let lifts = steps.iter().filter(move |step| acts(step, StepKind::Lift));
    let deeds = lifts.filter_map(|step| step.acted().map(|deed| (step, deed)));
    let since = deeds.filter(move |(lift, deed)| {
        let cut_off = |step: &Step| {
            let acted = step.acted().is_some_and(|acted| acted.seq < called.seq);
            acts(step, StepKind::Isolate) && acted && step.asset == lift.asset
        };
        deed.seq > called.seq && steps.iter().any(cut_off)
    });
    since.map(|(_, deed)| deed)
}

/// Whether the asset was cut off and nothing lifted that.
#[must_use]
pub(crate) fn is_cut_off(at: At, asset: &AssetId) -> bool {
    let steps = &at.case.part.work.steps;
    let mut of_it = steps.iter().filter(|step| step.asset.as_ref() == Some(asset));
    of_it.any(|step| is_isolated(step, steps))
}

/// What a false alarm left in force and nobody has dealt with.
pub(super) fn unsettled(at: At) -> Vec<Standing> {
    let settled = &at.case.part.closeout.settled;
    let standing = in_force(at).into_iter();
    standing.filter(|standing| !settled.contains_key(&standing.id)).collect()
}

pub(super) fn settle(d: &mut Decision, command: &Settle) -> Result<(), Refusal> {
    d.person()?;
    if d.case().status() != Status::FalseAlarm {
        return Err(Refusal::conflict(
            "This is for what a false alarm leaves standing.",
            "While the case goes on, release or lift it where it was made.",
        ));
    }
    if command.what == second_look::FALSE_ALARM {
        return second_look::keep(d, command);
    }
    let named = in_force(d.at).into_iter().find(|standing| standing.id == command.what);
    let Some(standing) = named else {
        return Err(Refusal::invalid(
            format!("{} is not in force.", command.what),
            "Name something of the list.",
        ));
    };
    d.gate(Gate::Firm, command.reason.is_some(), || {
        Refusal::rule(
            Rule::X42,
            "Lifting or keeping it needs a reason.",
            "Say in a sentence why it may end, or why it stays.",
        )
    })?;
    let (what, choice, reason) = (command.what.clone(), command.choice, command.reason.clone());
    d.record(Settled { what: what.clone(), choice, reason: reason.clone() });
    match (choice, standing.kind, reason) {
        (Choice::Lift, Kind::Hold, Some(reason)) => {
            let release = ReleaseHold { hold: what, reason };
            hold::release(d, &release)?;
        }
        (Choice::Lift, Kind::Shift, _) => {
            let named = to_come(d.at).find(|(number, _)| format!("shift-{number}") == what);
            if let Some((shift, found)) = named {
                let person = found.person.clone();
                d.record(ShiftCancelled { shift, person });
            }
        }
        _ => {}
    }
    Ok(())
}
