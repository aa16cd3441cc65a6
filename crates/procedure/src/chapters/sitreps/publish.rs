//! Publishing a sitrep. What went out never changes; a correction is a new one.

use alloc::format;

use jiff::Timestamp;

use super::payload::{Audience, PublishSitrep, SitrepPublished};
use super::recipients::{Addressed, Wanted, address};
use super::{clock, panel};
use crate::basis::Marking;
use crate::case::Status;
use crate::chapters::commander::{moved_since, may_speak_outside, only_voice_outside};
use crate::decide::{Decision, Gate, Refusal};
use crate::rule::Rule;

pub(super) fn publish(d: &mut Decision, command: &PublishSitrep) -> Result<(), Refusal> {
    d.person()?;
    if command.audiences.contains(&Audience::Outside) || command.outside.is_some() {
        only_voice_outside(d)?;
    }
    let corrects = command.correction_of.is_some();
    if d.case().is_over() && !corrects {
        return Err(Refusal::conflict("This case is over.", "Correct an earlier sitrep, or reopen the case."));
    }
    let initial = !d.case().part.sitreps.has_initial() && !corrects;
    known(d, command)?;
    has_words(d, command, initial)?;
    closes(d, command)?;
    promised(d, command.next)?;
    let Some(ic) = d.case().part.commander.intervals.last().map(|interval| interval.ic.clone()) else {
        return Err(Refusal::rule(
            Rule::R42,
            "A sitrep names the Incident Commander, and there is none yet.",
            "Acknowledge the case first.",
        ));
    };
    let marking = command.marking.unwrap_or(Marking::Clear).max(d.case().marking());
    let wanted = Wanted {
        audiences: &command.audiences,
        is_final: command.is_final,
        marking,
        speaks_outside: may_speak_outside(d.at, d.person()?),
    };
    let Addressed { to, withheld } = address(d.at, &wanted);
    let last = d.case().part.sitreps.last().map_or(0, |sitrep| sitrep.mark.seq);
    let others = d.case().part.commander.responders.keys().filter(|person| **person != ic);
    let PublishSitrep { summary, known, doing, need, outside, .. } = command.clone();
    d.record(SitrepPublished {
        number: u32::try_from(d.case().part.sitreps.sitreps.len() + 1).unwrap_or(u32::MAX),
        initial,
        is_final: command.is_final,
        no_change: command.no_change,
        correction_of: command.correction_of,
        summary,
        known,
        doing,
        need,
        outside,
        status: d.case().status(),
        severity: d.case().part.assess.severity,
        responders: others.cloned().collect(),
        ic,
        moved: moved_since(d.at, last),
        panel: panel::now(d.at),
        due: super::due(d.at).map(|next| next.due).filter(|_| !corrects),
        next: command.next,
        marking,
        recipients: to,
        withheld,
    });
    Ok(())
}

/// A correction names a sitrep that there is.
fn known(d: &Decision, command: &PublishSitrep) -> Result<(), Refusal> {
    let Some(number) = command.correction_of else { return Ok(()) };
    let count = d.case().part.sitreps.sitreps.len();
    if number == 0 || number as usize > count {
        return Err(Refusal::invalid(
            format!("There is no sitrep {number}."),
            "Name the number of an earlier one.",
        ));
    }
    Ok(())
}

/// A summary in prose, or "no change" and not too often in a row (R42, R43, R76).
fn has_words(d: &mut Decision, command: &PublishSitrep, initial: bool) -> Result<(), Refusal> {
    let limit = d.at.playbook().sitreps.no_change_limit;
    let in_a_row = d.case().part.sitreps.unchanged_in_a_row();
    let plain = command.no_change && !initial && !command.is_final && command.correction_of.is_none();
    d.gate(Gate::Firm, !initial || command.summary.is_some(), || {
        Refusal::rule(
            Rule::R42,
            "The initial sitrep needs a summary.",
            "Say in a sentence or two what is going on. IC and link are there already.",
        )
    })?;
    d.gate(Gate::Firm, initial || plain || command.summary.is_some(), || {
        Refusal::rule(
            Rule::R43,
            "A sitrep needs a summary in prose.",
            "Say in a sentence or two how it stands, or send \"no change\".",
        )
    })?;
    let too_often = plain && command.summary.is_none() && in_a_row >= limit as usize;
    d.gate(Gate::Firm, !too_often, || {
        Refusal::rule(
            Rule::R76,
            format!("\"No change\" was sent {in_a_row} times in a row."),
            "Say in a sentence how it stands now.",
        )
    })
}

/// The final sitrep is the IC's, at close-out (R74).
fn closes(d: &mut Decision, command: &PublishSitrep) -> Result<(), Refusal> {
    if !command.is_final {
        return Ok(());
    }
    d.only_ic(Rule::R74)?;
    let calm = d.case().status() == Status::ReadyForQa || d.case().part.milestones.is_calm();
    d.gate(Gate::Closing, calm, || {
        Refusal::rule(
            Rule::R74,
            "The final sitrep comes when it is over.",
            "Record when it was contained or resolved first.",
        )
    })
}

/// A promise may be sooner than the cadence, not later without a waiver (R94, R99, R103).
fn promised(d: &mut Decision, next: Option<Timestamp>) -> Result<(), Refusal> {
    let Some(next) = next else { return Ok(()) };
    if next <= d.at.now {
        return Err(Refusal::invalid(
            "The next sitrep is promised for a time that has passed.",
            "Give a time to come, or leave it out.",
        ));
    }
    let severity = d.case().part.assess.severity;
    let due = clock::due_after(d.at, severity, clock::choice(d.at), d.at.now);
    d.gate(Gate::Closing, due.is_none_or(|due| next <= due), || {
        Refusal::rule(
            clock::rule_of(severity),
            "The next sitrep would come later than the severity allows.",
            "Promise an earlier time, or waive the rule with a reason.",
        )
    })
}
