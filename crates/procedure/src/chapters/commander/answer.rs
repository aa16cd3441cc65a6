//! Answering for a case: the first one commands, everybody later joins.

use alloc::format;

use serde::{Deserialize, Serialize};

use super::{ceremony, may_command, over};
use crate::decide::{Decision, Refusal};
use crate::id::PersonId;
use crate::rule::Rule;
use crate::switch::on;

/// Answer for the case. The first becomes IC (R6); whoever answers after a silent IC
/// takes over; anybody later is told who has it and joins as responder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Acknowledge {
    /// If somebody else has it already: refuse, instead of joining as responder.
    #[serde(default)]
    pub only_command: bool,
}

/// Join as responder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Join {}

/// Leave the response. The IC hands over first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Leave {}

/// Entry: somebody answered and is IC from now on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// They reported it themselves.
    #[serde(default)]
    pub reporter: bool,
    /// They took over from an IC who went silent.
    #[serde(default)]
    pub take_over: bool,
}

/// Entry: somebody joined as responder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Joined {}

/// Entry: somebody left the response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Left {}

/// An atomic claim: the writer asks this with the head of the journal in hand (R6).
pub(super) fn acknowledge(d: &mut Decision, ack: &Acknowledge) -> Result<(), Refusal> {
    let person = d.person()?;
    if !may_command(d.at, person) && on(Rule::R6) {
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
        None => d.record(Acknowledged {
            reporter: false,
            take_over: false,
        }),
        // A second tap of whoever has it says nothing new, and is no mistake either.
        Some(ic) if ic == person && !commander.is_waited_for() => {}
        Some(ic) if ic == person => return still_here(d),
        Some(_) if commander.silent_since.is_some() || !on(Rule::R6) => {
            d.record(Acknowledged {
                reporter: false,
                take_over: true,
            });
        }
        Some(ic) if ack.only_command || commander.responders.contains_key(person) => {
            return Err(has_it(d, ic));
        }
        Some(_) => return join(d),
    }
    Ok(())
}

/// A late tap: who has it since when.
fn has_it(d: &Decision, ic: &PersonId) -> Refusal {
    let last = d.case().part.commander.intervals.last();
    let since = last.map_or(d.at.now, |interval| interval.from);
    Refusal::conflict(
        format!("{ic} has it since {}.", crate::moment::said(since)),
        how_to_come_in(d),
    )
}

/// What is left to somebody who does not command.
fn how_to_come_in(d: &Decision) -> &'static str {
    let responders = &d.case().part.commander.responders;
    let responds = d.person().is_ok_and(|person| responders.contains_key(person));
    match responds {
        true => "You are in the response already; take command only with a reason.",
        false => "Join as responder, or take command with a reason.",
    }
}

/// The IC answers what rang, or taps again.
pub(super) fn still_here(d: &mut Decision) -> Result<(), Refusal> {
    let person = d.person()?;
    let commander = &d.case().part.commander;
    if commander.ic() != Some(person) {
        return Err(match commander.ic() {
            Some(ic) => Refusal::conflict(
                format!("You are not the IC; {ic} is."),
                how_to_come_in(d),
            ),
            None => Refusal::conflict(
                "You are not the IC; nobody is yet.",
                "Take it, and you are.",
            )
            .settled_by("acknowledge", None),
        });
    }
    if !commander.is_waited_for() {
        return Err(Refusal::conflict("You have it already.", "There is nothing to do."));
    }
    d.record(super::StillHere {});
    Ok(())
}

pub(super) fn join(d: &mut Decision) -> Result<(), Refusal> {
    let person = d.person()?;
    if d.case().is_over() {
        return Err(over());
    }
    if d.case().part.commander.responders.contains_key(person) {
        return Err(Refusal::conflict(
            "You are in the response already.",
            "There is nothing to do.",
        ));
    }
    d.record(Joined {});
    Ok(())
}

pub(super) fn leave(d: &mut Decision) -> Result<(), Refusal> {
    let person = d.person()?;
    if Some(person) == d.case().ic() && on(Rule::R28) {
        return Err(Refusal::rule(
            Rule::R28,
            "The Incident Commander cannot leave: somebody commands at each moment.",
            "Hand over first.",
        ));
    }
    if !d.case().part.commander.responders.contains_key(person) {
        return Err(Refusal::conflict(
            "You are not in the response.",
            "Rest: there is nothing to do.",
        ));
    }
    ceremony::stays_for_overlap(d, person)?;
    d.record(Left {});
    Ok(())
}
