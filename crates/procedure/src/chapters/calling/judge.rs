//! How the rules of calling are judged.

use alloc::format;

use super::{Invitation, call_in, reporters};
use crate::actor::Who;
use crate::at::{At, after, minutes};
use crate::conformance::{Judged, Outcome};
use crate::project::RouteTo;
use crate::rule::Rule;

pub(crate) fn judge(rule: Rule, at: At) -> Option<Judged> {
    let judged = match rule {
        Rule::R7 => team_is_called_in(at),
        Rule::R25 => whoever_is_on_call_is_paged(at),
        Rule::R26 => acknowledged_within_the_limit(at),
        Rule::R27 => called_until_answered(at),
        Rule::X7 => skills_cover_the_need(at),
        Rule::X36 => reporters::judge(at),
        _ => return None,
    };
    Some(judged)
}

/// Paged with the report: whoever was on call at that instant, and the pager's address (R25).
fn whoever_is_on_call_is_paged(at: At) -> Judged {
    let calling = &at.case.part.calling;
    let Some(first) = at.case.part.intake.reports.first() else {
        return Judged::missing("Nothing was reported.");
    };
    let (schedules, duties) = (&at.project().schedules.all, &at.project().on_call);
    let anybody = !duties.is_empty() || schedules.values().any(|schedule| schedule.called);
    match &calling.routed_to {
        _ if at.case.part.intake.shadow => {
            Judged::not_applicable("It stands in shadow: nobody is called.")
        }
        _ if calling.pager || !calling.paged.is_empty() => {
            Judged::done(first.at, &Who::System, first.seq)
        }
        RouteTo::Nobody => Judged::not_applicable("The route of its alert calls nobody."),
        RouteTo::Policy(_) => Judged::not_applicable("The route of its alert calls by a policy."),
        _ if anybody => {
            let nobody = "Nobody was on call when it came in: the contact sheet was called at once.";
            Judged::missing(nobody).shown_by(first.seq)
        }
        _ => Judged::not_applicable("Nobody is ever on call here: the contact sheet is called at once."),
    }
}

fn acknowledged_within_the_limit(at: At) -> Judged {
    let Some(reported_at) = at.case.part.intake.reported_at() else {
        return Judged::missing("Nothing was reported.");
    };
    let limit = at.when(reported_at).playbook().alarm.ack_limit_minutes;
    let due = after(reported_at, minutes(limit));
    let first = at.case.part.commander.intervals.first();
    let who = first.map(|interval| Who::Person(interval.ic.clone()));
    let done = first.zip(who.as_ref()).map(|(i, who)| (i.from, who, i.seq));
    Judged::against(due, done, at.until_rest())
}

fn called_until_answered(at: At) -> Judged {
    let calling = &at.case.part.calling;
    let answered = at.case.part.commander.intervals.first();
    match (calling.calls.first(), answered) {
        (None, Some(_)) => Judged::not_applicable("Somebody answered before the sheet was needed."),
        (None | Some(_), None) => Judged::open(None),
        (Some(call), Some(answer)) => {
            Judged::done(answer.from, &Who::System, call.seq).shown_by(answer.seq)
        }
    }
}

/// Everybody who was asked has answered; the slowest decides.
fn team_is_called_in(at: At) -> Judged {
    let invitations = &at.case.part.calling.invitations;
    let judged = |i: &Invitation| {
        let who = Who::Person(i.person.clone());
        let done = i.answer.map(|(seq, when, _)| (when, &who, seq));
        Judged::against(call_in::answer_due(at, i.at), done, at.until_rest()).shown_by(i.seq)
    };
    let slowest = invitations.iter().max_by_key(|i| match i.answer {
        None => (true, at.now.duration_since(i.at)),
        Some((_, when, _)) => (false, when.duration_since(i.at)),
    });
    let judged = slowest.map_or_else(
        || Judged::not_applicable("Nobody had to be called in."),
        judged,
    );
    match judged.outcome {
        Outcome::Open { .. } if !at.case.is_active() => {
            Judged::not_applicable("It was over before an answer was due.")
        }
        _ => judged,
    }
}

/// Judged by everybody who ever took part.
fn skills_cover_the_need(at: At) -> Judged {
    let Some(first) = at.case.part.calling.invitations.first() else {
        return Judged::not_applicable("Nobody had to be called in.");
    };
    let commander = &at.case.part.commander;
    let missing = call_in::gap(at, commander.ever.iter().cloned());
    if missing.is_empty() {
        let answered = first.answer.map_or(first.at, |(_, when, _)| when);
        return Judged::done(answered, &Who::Person(first.by.clone()), first.seq);
    }
    Judged::missing(format!(
        "Nobody in the response has: {}.",
        missing.join(", ")
    ))
    .shown_by(first.seq)
}
