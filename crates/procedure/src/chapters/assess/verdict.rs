//! It really happened, or it did not (R8, R38, R41).

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

use super::impact::{self, Impact};
use super::payload::{Confirm, Confirmed, FalseAlarm, FalseAlarmCalled};
use super::severity;
use super::suggest::suggested;
use crate::case::Status;
use crate::chapters::closeout::second_look;
use crate::decide::{Decision, Gate, Refusal};
use crate::id::PersonId;
use crate::playbook::Severity;
use crate::rule::Rule;
use crate::text::Text;

pub(super) fn confirm(d: &mut Decision, command: &Confirm) -> Result<(), Refusal> {
    d.person()?;
    taken(d)?;
    if d.case().status() == Status::Confirmed {
        return Err(Refusal::conflict(
            "It is confirmed already.",
            "Nothing: go on. To say how severe it is, assess it again.",
        ));
    }
    let investigating = d.case().status() == Status::Investigating;
    d.gate(Gate::Firm, investigating, || {
        Refusal::rule(
            Rule::R30,
            "Only what is still investigated can be confirmed.",
            "Reopen the case with a reason.",
        )
    })?;
    reasoned(d, command.reason.as_ref())?;
    d.gate(Gate::Firm, command.severity != Severity::Unknown, || {
        Refusal::rule(
            Rule::R41,
            "Confirming names a severity: High, Medium or Low.",
            "Choose one. Quickly is fine, it may change.",
        )
    })?;
    severity::lowers(d, command.severity, command.reason.as_ref())?;
    let supporting = supporting(d, &command.supporting)?;
    if let Some(said) = &command.impact {
        impact::known(d.at, said)?;
    }
    let said = command.impact.as_ref().or(d.case().part.assess.impact());
    d.gate(Gate::Closing, said.is_some_and(Impact::is_whole), || {
        Refusal::rule(
            Rule::R37,
            "Nobody has said yet what is harmed.",
            "Say for confidentiality, integrity and availability: none, potential or actual.",
        )
        .settled_by("assess_impact", None)
    })?;
    let joined = newcomers(d, &command.responders)?;
    let already = d.case().part.commander.responders.keys();
    d.record(Confirmed {
        severity: command.severity,
        suggested: suggested(d.at),
        reason: command.reason.clone(),
        supporting,
        impact: command.impact.clone(),
        responders: already.chain(&joined).cloned().collect(),
        joined,
    });
    Ok(())
}

pub(super) fn false_alarm(d: &mut Decision, command: &FalseAlarm) -> Result<(), Refusal> {
    d.person()?;
    taken(d)?;
    d.only_ic(Rule::R38)?;
    let active = d.case().is_active();
    d.gate(Gate::Firm, active, || {
        Refusal::rule(
            Rule::R30,
            "Only what is investigated or confirmed can turn out to be a false alarm.",
            "Reopen the case with a reason first.",
        )
    })?;
    reasoned(d, command.reason.as_ref())?;
    let supporting = supporting(d, &command.supporting)?;
    let second = second_look::asked(d);
    d.record(FalseAlarmCalled { reason: command.reason.clone(), supporting, second });
    Ok(())
}

/// Somebody has to have it before it is assessed: phases come in order.
fn taken(d: &mut Decision) -> Result<(), Refusal> {
    let taken = d.case().ic().is_some();
    d.gate(Gate::Firm, taken, || {
        Refusal::rule(
            Rule::R3,
            "Nobody has taken this yet.",
            "Acknowledge it first: one tap, and you are the Incident Commander.",
        )
        .settled_by("acknowledge", None)
    })
}

/// A verdict says why (R8).
fn reasoned(d: &mut Decision, reason: Option<&Text>) -> Result<(), Refusal> {
    d.gate(Gate::Firm, reason.is_some(), || {
        Refusal::rule(
            Rule::R8,
            "Saying whether it really happened needs a reason.",
            "Say in a sentence how you know. Nothing is lost meanwhile.",
        )
    })
}

/// What shows it: the entries named, else the reports (R8).
fn supporting(d: &Decision, named: &BTreeSet<u64>) -> Result<BTreeSet<u64>, Refusal> {
    if let Some(seq) = named.iter().find(|seq| **seq == 0 || **seq > d.case().seq) {
        return Err(Refusal::invalid(
            format!("There is no entry {seq} in this case."),
            "Name entries of the timeline, or leave them out.",
        ));
    }
    if named.is_empty() {
        let reports = &d.case().part.intake.reports;
        return Ok(reports.iter().map(|report| report.seq).collect());
    }
    Ok(named.clone())
}

/// Those named who are not in the response yet (R41).
fn newcomers(d: &Decision, named: &BTreeSet<PersonId>) -> Result<Vec<PersonId>, Refusal> {
    let commander = &d.case().part.commander;
    let subject = d.case().part.secrecy.subject.as_ref();
    let new = named.iter().filter(|person| !commander.responders.contains_key(*person));
    let new: Vec<PersonId> = new.cloned().collect();
    let unknown = |person: &&PersonId| {
        d.at.project().member(person).is_none() || Some(*person) == subject
    };
    if let Some(person) = new.iter().find(unknown) {
        return Err(Refusal::invalid(
            format!("{person} cannot respond to this case."),
            "Name people of the contact sheet.",
        ));
    }
    Ok(new)
}
