//! What is owed about leads and steps: a name, a time, a check, and what is left over.

use alloc::format;
use alloc::vec::Vec;

use jiff::{SignedDuration, Timestamp};

use super::step::{Step, StepState};
use super::{Lead, LeadState, pace, verify};
use crate::actor::Who;
use crate::agenda::{Level, Obligation, Owner, Prompt};
use crate::at::{At, after, minutes};
use crate::case::Status;
use crate::id::PersonId;
use crate::playbook::StepClass;
use crate::rule::Rule;
use crate::switch::on;

pub(crate) fn owes(at: At, out: &mut Vec<Obligation>) {
    if at.case.status() == Status::FalseAlarm {
        return;
    }
    let work = &at.case.part.work;
    let active = at.case.is_active();
    for lead in work.leads.iter().filter(|lead| lead.is_open()) {
        if active { lead_owed(lead, out) } else { leftover_lead(at, lead, out) }
    }
    for step in work.steps.iter().filter(|step| !step.is_settled()) {
        match step.state {
            StepState::Done => out.push(to_verify(at, step)),
            _ if active => step_owed(at, step, out),
            _ => leftover_step(at, step, out),
        }
    }
}

/// A lead without a name waits for the IC; one in work for its finding (R50).
fn lead_owed(lead: &Lead, out: &mut Vec<Obligation>) {
    let owed = match (&lead.owner, lead.state) {
        (None, _) => Obligation::owed(
            Rule::R50,
            format!("assign:{}", lead.id),
            Owner::Ic,
            lead.added_at,
            format!("Name somebody to follow {}.", lead.id),
        )
        .settled_by("assign_lead"),
        (Some(owner), state) => Obligation::owed(
            Rule::R50,
            format!("lead:{}", lead.id),
            Owner::Person(owner.clone()),
            lead.added_at,
            format!("Follow {} and say what came of it.", lead.id),
        )
        .settled_by(if state == LeadState::Open { "start_lead" } else { "finish_lead" }),
    };
    out.extend(on(Rule::R50).then_some(owed));
}

/// Each step has a name and a time; who is late hears it, and so does the IC (R52).
fn step_owed(at: At, step: &Step, out: &mut Vec<Obligation>) {
    if !on(Rule::R52) {
        return;
    }
    let Some(owner) = &step.owner else {
        let key = format!("assign:{}", step.id);
        let what = format!("Give {} to somebody.", step.id);
        let owed = Obligation::owed(Rule::R52, key, Owner::Ic, step.added_at, what);
        out.push(owed.settled_by("assign_step"));
        return;
    };
    let to = Owner::Person(owner.clone());
    let what = format!("Do {} and say when it is done.", step.id);
    let owed = Obligation::owed(Rule::R52, format!("step:{}", step.id), to, step.added_at, what);
    let owed = owed.settled_by(if step.starts.is_empty() { "start_step" } else { "finish_step" });
    let Some(due) = pace::due(at, step) else {
        out.push(owed);
        return;
    };
    out.push(reminded(at, owed, due));
    if due <= at.now && Some(owner) != at.case.ic() {
        out.push(follow_up(at, step, owner, due));
    }
}

/// Follows up an overdue step: the IC's own duty (R52).
fn follow_up(at: At, step: &Step, owner: &PersonId, due: Timestamp) -> Obligation {
    let key = format!("overdue:{}", step.id);
    let what = format!("{} is overdue with {owner}: follow it up.", step.id);
    let owed = Obligation::owed(Rule::R52, key, Owner::Ic, due, what).settled_by("assign_step");
    reminded(at, owed, due)
}

/// Due then, and again while it is not done; in business hours where the severity says so.
fn reminded(at: At, owed: Obligation, due: Timestamp) -> Obligation {
    let every = at.playbook().steps.overdue_reminder_minutes;
    let mut owed = owed.by(due);
    // A date that somebody gave may lie on a closed day: the prompt waits for the opening (M11).
    let rings = pace::opening(at, due);
    owed.prompts.iter_mut().filter(|prompt| prompt.at == due).for_each(|prompt| prompt.at = rings);
    owed.again_when(at, |last| pace::paced_by(at, last, every))
}

/// A finished step waits for somebody else's look (R53, M16).
fn to_verify(at: At, step: &Step) -> Obligation {
    let finished = step.finished.as_ref().map_or(step.added_at, |mark| mark.recorded_at);
    let others = verify::others(at, step);
    let ic = at.case.ic().filter(|ic| others.contains(ic));
    let owner = ic.or(others.first()).cloned();
    let doer = step.finished.as_ref().and_then(|mark| match &mark.by {
        Who::Person(person) => Some(person.clone()),
        _ => None,
    });
    let owner = owner.or(doer).map_or(Owner::Ic, Owner::Person);
    let what = format!("See whether {} works, and verify it.", step.id);
    let every = at.playbook().steps.verify_reminder_minutes;
    let mut owed = Obligation::owed(Rule::R53, verify::key(step), owner, finished, what)
        .settled_by("verify_step");
    for ask in verify::attempts(at, finished) {
        let to = Owner::Responders;
        owed = owed.prompt(Prompt { at: ask, level: Level::Reminder, to, audible: false });
    }
    owed.remind(after(finished, minutes(every)))
        .again_when(at, |last| if at.case.is_active() {
            pace::paced_by(at, last, every)
        } else {
            later(at, last)
        })
}

/// After the close an open lead keeps its owner, and reminders at business pace (X41).
fn leftover_lead(at: At, lead: &Lead, out: &mut Vec<Obligation>) {
    let owner = lead.owner.clone().map_or_else(|| at.last_ic(), Owner::Person);
    let what = format!("{} is still open: follow it, or drop it with a reason.", lead.id);
    let since = since_rest(at, lead.added_at);
    let owed = Obligation::owed(Rule::X41, format!("left:{}", lead.id), owner, since, what);
    out.extend(on(Rule::X41).then(|| at_leisure(at, owed).settled_by("finish_lead")));
}

/// After the close a deferred step keeps owner and date (R55), and reminders (X41).
fn leftover_step(at: At, step: &Step, out: &mut Vec<Obligation>) {
    let due = step.due;
    if step.class == StepClass::Deferred
        && (step.owner.is_none() || due.is_none())
        && on(Rule::R55)
    {
        let what = format!("Give {} an owner and a date.", step.id);
        let key = format!("carry:{}", step.id);
        let owed = Obligation::owed(Rule::R55, key, at.last_ic(), step.added_at, what);
        out.push(owed.settled_by("assign_step"));
    }
    let owner = step.owner.clone().map_or_else(|| at.last_ic(), Owner::Person);
    let what = format!("{} was left for later: do it, or give it up with a reason.", step.id);
    let since = since_rest(at, step.added_at);
    let owed = Obligation::owed(Rule::X41, format!("left:{}", step.id), owner, since, what);
    let mut owed = at_leisure(at, owed).settled_by("finish_step");
    owed.due = due;
    out.extend(on(Rule::X41).then_some(owed));
}

/// Since when it is left over: since the response ended, if it is not newer.
fn since_rest(at: At, added: Timestamp) -> Timestamp {
    at.case.part.closeout.rest().map_or(added, |rest| rest.at.max(added))
}

/// Reminders every few days, when the project is open.
fn at_leisure(at: At, owed: Obligation) -> Obligation {
    match later(at, owed.since) {
        Some(first) => owed.remind(first).again_when(at, |last| later(at, last)),
        None => owed,
    }
}

/// A few days later, when the project is open (R72).
fn later(at: At, from: Timestamp) -> Option<Timestamp> {
    let days = i64::from(at.playbook().closing.follow_up_reminder_days);
    at.project().calendar.next_opening(after(from, SignedDuration::from_hours(24 * days)))
}
