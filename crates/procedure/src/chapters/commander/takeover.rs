//! Taking command from an IC who is asleep, gone or the suspect: two steps and a reason
//! (X35). It is offered by time, and never done by time.

use alloc::format;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{may_command, over};
use crate::at::{At, after, minutes};
use crate::decide::{Decision, Refusal};
use crate::entry::Body;
use crate::id::PersonId;
use crate::playbook::Severity;
use crate::pulse::Due;
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

/// First step of taking command. Nothing moves yet; the IC hears of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TakeOver {
    /// Why you take it.
    pub reason: Text,
}

/// Second step: command is yours from now on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmTakeOver {}

/// Entry: somebody is about to take command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TakeOverAsked {
    /// From whom.
    pub from: PersonId,
    /// Why.
    pub reason: Text,
    /// Something rang for the IC a moment ago, so this does not (M20).
    #[serde(default)]
    pub quiet: bool,
}

/// Entry: somebody took command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TookOver {
    /// From whom.
    pub from: PersonId,
    /// The entry with the reason.
    pub asked: u64,
}

/// Entry: the IC did not react to what rang; the team may take command if it wants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TakeOverOffered {
    /// Who did not react, and stays IC of record.
    pub ic: PersonId,
    /// Since when.
    pub since: Timestamp,
    /// 1: offered to those in the response; 2: to the whole team.
    pub round: u32,
    /// When it fell due.
    pub due_at: Timestamp,
}

/// A first step that waits for its second.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The entry.
    pub seq: u64,
    /// Who asks.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

pub(super) fn ask(d: &mut Decision, take: &TakeOver) -> Result<(), Refusal> {
    let person = d.person()?;
    let from = takes_from(d, person)?.clone();
    let commander = &d.case().part.commander;
    let since = commander.intervals.last().map_or(0, |interval| interval.seq);
    if asked_by(d.at, person).is_some_and(|asked| asked.seq > since) {
        return Err(Refusal::conflict(
            "You have said already why you take it, and nothing has changed since.",
            "Take it with the second step.",
        )
        .settled_by("confirm_take_over", None));
    }
    let quiet = d.at.heard_lately(&from);
    d.record(TakeOverAsked {
        from,
        reason: take.reason.clone(),
        quiet,
    });
    Ok(())
}

/// Whom this person would take command from, if they may.
fn takes_from<'a>(d: &Decision<'a>, person: &PersonId) -> Result<&'a PersonId, Refusal> {
    if d.case().is_over() {
        return Err(over());
    }
    if !may_command(d.at, person) {
        return Err(Refusal::forbidden(
            Some(Rule::X35),
            "Only members of the response team can take command.",
            "Tell somebody on the contact sheet.",
        ));
    }
    match d.case().ic() {
        None => Err(Refusal::conflict(
            "Nobody has command yet.",
            "Acknowledge: the first to answer commands.",
        )),
        Some(ic) if ic == person => Err(Refusal::conflict("You have command.", "There is nothing to do.")),
        Some(ic) => Ok(ic),
    }
}

/// The first step that this person took and that still waits for its second: it is good for as long as an offered
/// hand-over is.
fn asked_by<'a>(at: At<'a>, person: &PersonId) -> Option<&'a Asked> {
    let stands = minutes(at.playbook().command.handover.accept_minutes);
    let mut asked = at.case.part.commander.take_over_asked.iter().rev();
    asked.find(|asked| &asked.by == person && at.now <= after(asked.at, stands))
}

/// Command moves where its reason was given a moment ago.
pub(super) fn confirm(d: &mut Decision) -> Result<(), Refusal> {
    let person = d.person()?;
    let from = takes_from(d, person)?.clone();
    let Some(asked) = asked_by(d.at, person) else {
        let last = d.case().part.commander.intervals.last();
        let since = crate::moment::said(last.map_or(d.at.now, |interval| interval.from));
        return Err(Refusal::rule(
            Rule::X35,
            format!("{from} has command since {since}, and you have not said why you take it."),
            "Say why first, then confirm.",
        ));
    };
    let asked = asked.seq;
    d.record(TookOver { from, asked });
    Ok(())
}

/// At High an IC who does not react to what rang makes the team an offer, first those in
/// the response, then everybody. Nothing moves by itself.
pub(super) fn dues(at: At, out: &mut Vec<Due>) {
    let commander = &at.case.part.commander;
    let high = at.case.is_active() && at.case.part.assess.severity == Severity::High;
    let unanswered = commander.unanswered_since.filter(|_| high && on(Rule::X35));
    let (Some(ic), Some(since)) = (commander.ic(), unanswered) else {
        return;
    };
    let round = commander.offered_rounds + 1;
    if round > 2 {
        return;
    }
    let wait = minutes(at.playbook().command.take_over_offer_minutes * round);
    let due_at = after(since, wait);
    let ic = ic.clone();
    let offered = TakeOverOffered {
        ic,
        since,
        round,
        due_at,
    };
    out.push(Due {
        at: due_at,
        body: Body::TakeOverOffered(offered),
    });
}
