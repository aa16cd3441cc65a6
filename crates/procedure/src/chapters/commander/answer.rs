//! Answering for a case: the first one commands, a silent one can be replaced.

use alloc::format;
use alloc::vec::Vec;

use super::{Acknowledge, Acknowledged, Joined, Left, WentSilent};
use crate::at::{At, after, minutes};
use crate::basis::Role;
use crate::case::{Phase, Status};
use crate::decide::{Decision, Refusal};
use crate::entry::Body;
use crate::pulse::Due;
use crate::rule::Rule;
use crate::switch::on;

/// An atomic claim: the writer asks this with the head of the journal in hand (R6).
pub(super) fn acknowledge(d: &mut Decision, ack: &Acknowledge) -> Result<(), Refusal> {
    let person = d.person()?;
    let on_team = d.at.project().has_role(person, Role::Responder);
    if !on_team && on(Rule::R6) {
        return Err(Refusal::forbidden(
            Some(Rule::R6),
            "Only members of the response team can take a case.",
            "Ask an admin to put you on the contact sheet.",
        ));
    }
    if d.case().is_over() {
        return Err(over());
    }
    let commander = &d.case().part.commander;
    match commander.ic() {
        None => d.record(Acknowledged { reporter: false, take_over: false }),
        Some(ic) if ic == person => {
            if commander.silent_since.is_none() {
                return Err(Refusal::conflict("You have it already.", "Nothing: go on."));
            }
            d.record(Joined {});
        }
        Some(_) if commander.silent_since.is_some() || !on(Rule::R6) => {
            d.record(Acknowledged { reporter: false, take_over: true });
        }
        Some(ic) if ack.only_command => {
            return Err(Refusal::conflict(
                format!("{ic} has it already."),
                "Join as responder, or take command with a reason.",
            ));
        }
        Some(_) => return join(d),
    }
    Ok(())
}

pub(super) fn join(d: &mut Decision) -> Result<(), Refusal> {
    let person = d.person()?;
    if d.case().is_over() {
        return Err(over());
    }
    if d.case().part.commander.responders.contains_key(person) {
        return Err(Refusal::conflict("You are in the response already.", "Nothing: go on."));
    }
    d.record(Joined {});
    Ok(())
}

pub(super) fn leave(d: &mut Decision) -> Result<(), Refusal> {
    let person = d.person()?;
    if Some(person) == d.case().ic() && on(Rule::R28) {
        return Err(Refusal::rule(
            Rule::R28,
            "The Incident Commander cannot leave: there is never none.",
            "Hand over first.",
        ));
    }
    d.record(Left {});
    Ok(())
}

fn over() -> Refusal {
    Refusal::conflict("This case is over.", "Reopen it with a reason if it is not.")
}

/// An IC who answered and then did nothing is marked silent, and the walk resumes.
pub(crate) fn dues(at: At, out: &mut Vec<Due>) {
    let commander = &at.case.part.commander;
    let unassessed = at.case.phase() == Phase::Assess && at.case.status() == Status::Investigating;
    let Some(ic) = commander.ic().filter(|_| unassessed && commander.silent_since.is_none()) else {
        return;
    };
    let Some(since) = at.case.acted_at.get(ic).copied() else { return };
    let due_at = after(since, minutes(at.playbook().alarm.silence_limit_minutes));
    let body = Body::WentSilent(WentSilent { ic: ic.clone(), since, due_at });
    out.push(Due { at: due_at, body });
}
