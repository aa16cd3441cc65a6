//! What is owed at the end: the spin-down, the review, the thanks, the close.

use alloc::format;
use alloc::vec::Vec;

use super::payload::NormalCheck;
use super::{qa, second_look, settle, thanks};
use crate::agenda::{Obligation, Owner};
use crate::at::At;
use crate::case::Status;
use crate::chapters::retrospective;
use crate::rule::Rule;
use crate::switch::on;

pub(crate) fn owes(at: At, out: &mut Vec<Obligation>) {
    if at.case.is_merged() {
        return;
    }
    match at.case.status() {
        Status::Confirmed => out.extend(spin_down(at)),
        Status::ReadyForQa => {
            out.extend(review(at));
            out.extend(close(at));
        }
        Status::FalseAlarm => {
            out.extend(second_look::owed(at));
            settling(at, out);
        }
        _ => {}
    }
    out.extend(thanking(at));
    out.extend(normal_test(at));
}

/// Contained or fixed: the IC looks whether it is over (R71).
fn spin_down(at: At) -> Option<Obligation> {
    let calm = at.case.part.milestones.is_calm() && on(Rule::R71);
    let end = super::spin_down::ends(at).filter(|_| calm)?;
    let what = "It is contained or fixed: when it is no longer active, spin it down.";
    let owed = Obligation::owed(Rule::R71, "spin_down", Owner::Ic, end.recorded_at, what);
    Some(owed.settled_by("ready_for_qa"))
}

/// The reviewer looks, within the playbook's business days (X38).
fn review(at: At) -> Option<Obligation> {
    let closeout = &at.case.part.closeout;
    let ready = closeout.ready.as_ref().filter(|_| closeout.accepted.is_none() && on(Rule::X38))?;
    let owner = ready.reviewer.clone().map_or(Owner::Ic, Owner::Person);
    let what = "Look at the work of this response: accept it, or send it back with a reason.";
    let mut owed = Obligation::owed(Rule::X38, qa::key(ready), owner, ready.mark.at, what);
    for attempt in qa::attempts(at, ready.mark.at) {
        owed = owed.remind(attempt);
    }
    let days = at.under(ready.mark.seq).playbook().closing.review_reminder_business_days;
    if let Some(due) = at.project().calendar.add_business_days(ready.mark.at, days) {
        owed = owed.by(due).again_when(at, |last| at.project().calendar.add_business_days(last, days));
    }
    Some(owed.settled_by("accept_qa"))
}

/// Accepted and reported: nothing is left but to close it.
fn close(at: At) -> Option<Obligation> {
    let accepted = at.case.part.closeout.accepted.as_ref()?;
    if retrospective::not_held(at).is_some() {
        return None;
    }
    let what = "The report is out and the work accepted: close the case, and say for the reporter what came of it.";
    let leader = retrospective::leader(at);
    Some(Obligation::owed(Rule::R3, "close", leader, accepted.mark.at, what).settled_by("close"))
}

/// Everyone is thanked at close-out; the agenda names them (R75).
fn thanking(at: At) -> Option<Obligation> {
    let closeout = &at.case.part.closeout;
    let ready = closeout.ready.as_ref().filter(|_| on(Rule::R75))?;
    if closeout.thanked.as_ref().is_some_and(|thanked| thanked.seq > ready.mark.seq) {
        return None;
    }
    let names: Vec<_> = thanks::participants(at).into_iter().map(|person| person.0).collect();
    let what = format!("Thank everyone: {} and whoever reported it.", names.join(", "));
    let owed = Obligation::owed(Rule::R75, "thanks", Owner::Ic, ready.mark.at, what);
    Some(owed.settled_by("send_thanks"))
}

/// A test that was put off is still owed, after the close too (X16).
fn normal_test(at: At) -> Option<Obligation> {
    let normal = at.case.part.closeout.normal.as_ref()?;
    if normal.outcome != NormalCheck::Deferred || at.case.status() == Status::FalseAlarm {
        return None;
    }
    let what = "Test that operation is normal again: it was put off.";
    let owed = Obligation::owed(Rule::X16, "normal_again", Owner::Ic, normal.mark.at, what);
    let owed = owed.settled_by("record_normal_again");
    Some(match normal.due {
        Some(due) => owed.by(at.project().calendar.next_opening(due).unwrap_or(due)),
        None => owed,
    })
}

/// Each thing that a false alarm leaves in force is lifted or kept (X42).
fn settling(at: At, out: &mut Vec<Obligation>) {
    let Some(called) = at.case.part.closeout.false_alarm.as_ref().filter(|_| on(Rule::X42)) else {
        return;
    };
    out.extend(settle::unsettled(at).into_iter().map(|standing| {
        let what = format!("{} is still in force: lift it, or keep it with a reason.", standing.id);
        let key = format!("settle:{}", standing.id);
        Obligation::owed(Rule::X42, key, Owner::Ic, called.at, what).settled_by("settle")
    }));
}
