//! Two cases about one thing become one, without loss (R29).
//!
//! The case that ends keeps its journal; the case that goes on takes copies of every
//! report with its reporter, so that each of them goes on hearing.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{phish, shadow};
use super::payload::{MergeCase, MergedFrom, MergedInto, MergedReport, ReceiveMerged};
use crate::at::At;
use crate::chapters::secrecy;
use crate::decide::{Decision, Gate, Refusal};
use crate::entry::Entry;
use crate::id::PersonId;
use crate::notice::{Notice, Recipient, Telling};
use crate::rule::Rule;
use crate::switch::on;

/// Ends this case as part of another.
pub(super) fn into(d: &mut Decision, merge: &MergeCase) -> Result<(), Refusal> {
    d.person()?;
    if d.case().is_over() {
        return Err(Refusal::conflict(
            "This case is over.",
            "Add its number to the other case in a note.",
        ));
    }
    let left = left_behind(d.at);
    let kept = left.is_empty() && d.case().status().is_active();
    d.gate(Gate::Closing, kept, || match left.as_slice() {
        [] => Refusal::rule(
            Rule::R29,
            "This case waits for its review; it does not end as part of another.",
            "Finish it here, or send it back first.",
        ),
        _ => Refusal::rule(
            Rule::R29,
            format!("Only the reports go over, and this is still open here: {}.", left.join(", ")),
            "Finish it or write it down there and give it up here; or merge the other way round.",
        ),
    })?;
    let MergeCase { other, reason } = merge.clone();
    d.record(MergedInto { other, reason });
    Ok(())
}

/// What a merged case would leave behind: open work, holds, disruptions that wait or go on.
fn left_behind(at: At<'_>) -> Vec<&str> {
    let part = &at.case.part;
    let steps = part.work.steps.iter().filter(|step| !step.is_settled() && !phish::goes_along(at, step));
    let steps = steps.map(|step| &step.id);
    let leads = part.work.leads.iter().filter(|lead| lead.is_open()).map(|lead| &lead.id);
    let holds = part.evidence.holds_in_force().map(|hold| &hold.id);
    let disruptions = part.disruption.disruptions.iter();
    let disruptions = disruptions.filter(|found| found.is_waiting() || found.goes_on());
    let disruptions = disruptions.map(|found| &found.id);
    steps.chain(leads).chain(holds).chain(disruptions).map(String::as_str).collect()
}

/// Takes over what another case knew.
pub(super) fn from(d: &mut Decision, merged: &ReceiveMerged) -> Result<(), Refusal> {
    let case = d.case();
    if case.part.intake.merged_from.iter().any(|(_, other)| *other == merged.other) {
        return Err(Refusal::conflict("Its reports are here already.", "There is nothing to do."));
    }
    if case.is_over() {
        return Err(Refusal::conflict(
            "The case that is to go on is over.",
            "Reopen it first, or merge the other way round.",
        ));
    }
    if let Some(refusal) = shadow::refuses(case) {
        return Err(refusal);
    }
    if merged.restricted && !case.part.secrecy.restricted && on(Rule::R21) {
        return Err(Refusal::rule(
            Rule::R21,
            "A restricted case cannot become part of one that everybody sees.",
            "Merge the other way round, or restrict this case first.",
        ));
    }
    let is_other = |one: &MergedReport| one.report.drill != case.part.intake.drill;
    if merged.reports.iter().any(is_other) && on(Rule::R124) {
        return Err(Refusal::rule(
            Rule::R124,
            "An exercise and something real do not become one case: whoever is told of it would take it for the other.",
            "Leave both as they are, and write the number of the other into a note.",
        ));
    }
    let ReceiveMerged { other, by, mut reports, about_person, .. } = merged.clone();
    if !on(Rule::R29) {
        reports.truncate(1);
    }
    let received = MergedFrom { other, by, about_person, reports };
    about_one_person(d, received.subject())?;
    d.record(received.clone());
    phish::verify_their_devices(d, received.reports.iter().map(|merged| &merged.report));
    Ok(())
}

/// Whom a case is about reads nothing of it: that is one person, and never the IC (M23).
pub(super) fn about_one_person(d: &Decision, subject: Option<&PersonId>) -> Result<(), Refusal> {
    secrecy::not_about_the_ic(d, subject)?;
    let known = d.case().part.secrecy.subject.as_ref();
    match (known, subject) {
        (Some(known), Some(other)) if known != other && on(Rule::R101) => Err(Refusal::rule(
            Rule::R101,
            format!("This case is about {known}, and that one about {other}."),
            "Keep them apart, so that neither reads about the other.",
        )),
        _ => Ok(()),
    }
}

/// Whoever was called for the case that ended need not come; the other case calls.
pub(super) fn stand_down(at: At, entry: &Entry) -> Vec<Notice> {
    let calling = &at.case.part.calling;
    let called = calling.calls.iter().map(|call| &call.person);
    let all: BTreeSet<&PersonId> = calling.paged.iter().chain(called).collect();
    let others = all.into_iter().filter(|person| entry.actor.as_person() != Some(*person));
    let told = |person: &PersonId| {
        Notice::say(Recipient::Person(person.clone()), Telling::StandDown)
    };
    others.map(told).collect()
}
