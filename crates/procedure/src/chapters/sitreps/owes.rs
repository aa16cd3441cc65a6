//! Sitreps owed: reminded before, overdue aloud, past the IC to the deputy (R34, R76, M19).
//!
//! One reminder serves R34 and R76: once sitreps are due, each of them keeps the record
//! current as well, so R34 speaks for itself only until then.

use alloc::format;
use alloc::vec::Vec;

use jiff::Timestamp;

use super::{Next, Sitrep, clock};
use crate::agenda::{Obligation, Owner};
use crate::at::{At, after, minutes};
use crate::case::Status;
use crate::chapters::assess::{self, StatusChange};
use crate::playbook::Response;
use crate::rule::Rule;
use crate::switch::on;

pub(crate) fn owes(at: At, out: &mut Vec<Obligation>) {
    // What is part of another case is told by that one's sitreps (R29).
    if at.case.is_merged() {
        return;
    }
    if at.case.ic().is_none() && at.case.status() != Status::ReadyForQa {
        return;
    }
    let sitreps = &at.case.part.sitreps;
    let number = sitreps.sitreps.len() + 1;
    if let Some(next) = closing(at) {
        let what = "Send the final sitrep to everyone who ever got one.";
        let key = format!("sitrep:{number}:final");
        out.push(owed(at, Rule::R74, key, &next, what).settled_by("publish_sitrep"));
    } else if let Some(next) = clock::next(at) {
        let (rule, what) = if sitreps.has_initial() {
            (Rule::R76, format!("Send sitrep {number}, or \"no change\"."))
        } else {
            let noun = at.case.noun();
            (Rule::R11, format!("Send the initial sitrep of this {noun}, or call it a false alarm."))
        };
        let key = format!("sitrep:{number}");
        out.push(owed(at, rule, key, &next, &what).audibly().settled_by("publish_sitrep"));
    } else if let Some((seq, next)) = update(at) {
        let what = "Keep the record current: say how it stands, even if nothing is new.";
        out.push(owed(at, Rule::R34, format!("record:{seq}"), &next, what).settled_by("record_fact"));
    }
}

/// The final sitrep that stands: none has come since, and the case was not reopened (X37).
pub(super) fn farewell(at: At<'_>) -> Option<&Sitrep> {
    let active = |change: &&StatusChange| {
        matches!(change.status, Status::Investigating | Status::Confirmed)
    };
    let resumed = at.case.part.assess.statuses.iter().rfind(active).map(|change| change.mark.seq);
    let last = at.case.part.sitreps.last();
    last.filter(|sitrep| sitrep.said.is_final && Some(sitrep.mark.seq) > resumed)
}

/// The final sitrep, once the case is Ready for QA (R74).
pub(super) fn closing(at: At) -> Option<Next> {
    let ready = at.case.status() == Status::ReadyForQa && !at.case.is_merged() && on(Rule::R74);
    let since = at.case.part.assess.since().filter(|_| ready)?.at;
    if farewell(at).is_some() {
        return None;
    }
    let limit = at.when(since).playbook().closing.final_sitrep_due_minutes;
    let due = after(since, minutes(limit));
    Some(Next { due, since, severity: at.case.part.assess.severity })
}

/// The next sign of life in the record, while no sitrep is due yet (R34).
fn update(at: At) -> Option<(u64, Next)> {
    let last = at.case.part.sitreps.updates.last().filter(|_| on(Rule::R34));
    let (seq, since) = *last.filter(|_| at.case.is_active())?;
    let due = due_after_update(at, seq, since)?;
    farewell(at).is_none().then_some((seq, Next { due, since, severity: at.case.part.assess.severity }))
}

/// When the update after the one of that entry is due: on the cadence then in force, the one
/// that the IC chose included (R34, M19).
pub(super) fn due_after_update(at: At, seq: u64, last: Timestamp) -> Option<Timestamp> {
    let at = at.under(seq);
    let severity = at.case.part.assess.severity_at(seq);
    clock::after_one(at, severity, clock::choice_at(at, seq), last)
}

/// Reminder before, overdue, past the IC to the deputy; at Medium and Low in business hours (M11).
fn owed(at: At, rule: Rule, key: alloc::string::String, next: &Next, what: &str) -> Obligation {
    let at = at.when(next.since);
    let policy = assess::policy_of(at, next.severity);
    let calendar = &at.project().calendar;
    let hours = clock::hours(at, next.severity);
    let held = |time: Timestamp| match hours {
        Response::AroundTheClock => time,
        Response::BusinessHours => calendar.next_opening(time).unwrap_or(time),
    };
    let before = after(next.due, -minutes(policy.reminder_before_minutes)).max(next.since);
    let late = calendar.deadline(next.due, policy.escalation_after_minutes, hours);
    let owed = Obligation::owed(rule, key, Owner::Ic, next.since, what).by(next.due);
    let owed = if on(Rule::R34) { owed.remind(held(before).min(next.due)) } else { owed };
    let owed = match late {
        Some(late) if on(Rule::R34) => owed.escalate(late, Owner::Deputy),
        _ => owed,
    };
    let pause = minutes(policy.escalation_after_minutes.max(60));
    owed.again_when(at, |last| calendar.deadline(last, pause_minutes(pause), hours))
}

fn pause_minutes(pause: jiff::SignedDuration) -> u32 {
    u32::try_from(pause.as_mins()).unwrap_or(u32::MAX)
}
