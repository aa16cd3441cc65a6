//! How the rules of the end are judged.

use alloc::format;

use super::payload::NormalCheck;
use super::{matrix, second_look, settle, spin_down};
use crate::at::At;
use crate::case::{Phase, Stand, Status};
use crate::chapters::assess::Harm;
use crate::conformance::{Judged, Outcome};
use crate::mark::Mark;
use crate::rule::Rule;

pub(crate) fn judge(rule: Rule, at: At) -> Option<Judged> {
    let judged = match rule {
        Rule::R3 => phases_in_order(at),
        Rule::R71 => spun_down(at),
        Rule::R72 => rest_afterwards(at),
        Rule::R73 => ready_for_qa(at),
        Rule::R75 => thanked(at),
        Rule::X16 => normal_again(at),
        Rule::X37 => reopened(at),
        Rule::X38 => accepted(at),
        Rule::X40 => contained_before_the_end(at),
        Rule::X42 => settled(at),
        _ => return None,
    };
    Some(judged)
}

const NOTHING: &str = "It was a false alarm.";

fn is_false_alarm(at: At) -> bool {
    at.case.status() == Status::FalseAlarm
}

/// No status and no phase was jumped, as the history shows (R3).
fn phases_in_order(at: At) -> Judged {
    let history = &at.case.history;
    let statuses = history.iter().filter_map(|turn| match turn.what {
        Stand::Status(status) => Some((turn, status)),
        _ => None,
    });
    let mut last: Option<Status> = None;
    for (turn, status) in statuses {
        if last.is_some_and(|last| !matrix::may_become(last, status)) {
            return Judged::missing("A status was jumped.").shown_by(turn.seq);
        }
        last = Some(status);
    }
    let phases = history.iter().filter_map(|turn| match turn.what {
        Stand::Phase(phase) => Some((turn, phase)),
        _ => None,
    });
    let mut reached = Phase::Initiate;
    let mut latest = None;
    for (turn, phase) in phases {
        let jumped = phase as u8 > reached as u8 + 1;
        let alarm = Stand::Status(Status::FalseAlarm);
        let at_once = history.iter().any(|other| other.seq == turn.seq && other.what == alarm);
        let ended = at_once || at.case.is_merged();
        if jumped && !(phase == Phase::Done && ended) {
            return Judged::missing("A phase was jumped.").shown_by(turn.seq);
        }
        (reached, latest) = (phase, Some(turn));
    }
    match latest {
        Some(turn) if reached == Phase::Done => Judged::done(turn.at, &turn.by, turn.seq),
        _ => Judged::open(None),
    }
}

fn spun_down(at: At) -> Judged {
    let closeout = &at.case.part.closeout;
    match (&closeout.ready, spin_down::ends(at)) {
        _ if is_false_alarm(at) => Judged::not_applicable(NOTHING),
        (Some(ready), Some(end)) if at.case.part.milestones.is_calm() => {
            ready.mark.done().shown_by(end.seq)
        }
        (Some(ready), _) => {
            Judged::missing("It was spun down without a time for its end.").shown_by(ready.mark.seq)
        }
        (None, _) => Judged::open(None),
    }
}

/// Nobody was called or reminded of the response after its end (R72).
fn rest_afterwards(at: At) -> Judged {
    let closeout = &at.case.part.closeout;
    match (closeout.disturbed.first(), closeout.rest()) {
        (Some(disturbed), _) => {
            Judged::missing("Somebody was called or reminded after it was over.")
                .shown_by(disturbed.seq)
        }
        (None, Some(rest)) => rest.done(),
        (None, None) => Judged::open(None),
    }
}

fn ready_for_qa(at: At) -> Judged {
    match &at.case.part.closeout.ready {
        _ if is_false_alarm(at) => Judged::not_applicable(NOTHING),
        Some(ready) => ready.mark.done(),
        None => Judged::open(None),
    }
}

fn thanked(at: At) -> Judged {
    let closeout = &at.case.part.closeout;
    let thanks = closeout.thanked.as_ref();
    let of_this_end = |rest: &Mark| thanks.filter(|thanked| thanked.seq > rest.seq);
    match (closeout.rest().and_then(of_this_end), &closeout.closed) {
        (Some(thanked), _) => thanked.done(),
        _ if is_false_alarm(at) => Judged::not_applicable(NOTHING),
        (None, Some(closed)) => Judged::missing("Nobody was thanked.").shown_by(closed.seq),
        (None, None) => Judged::open(None),
    }
}

/// Something was down, so that there was an operation to bring back.
fn was_down(at: At) -> bool {
    let part = &at.case.part;
    let disrupted = part.disruption.disruptions.iter().any(|found| found.began.is_some());
    let harmed = part.assess.impact().and_then(|impact| impact.availability) == Some(Harm::Actual);
    disrupted || harmed || !part.contingency.outages.is_empty()
}

fn normal_again(at: At) -> Judged {
    let closeout = &at.case.part.closeout;
    match (&closeout.normal, closeout.rest()) {
        _ if is_false_alarm(at) => Judged::not_applicable(NOTHING),
        (Some(normal), _) => match (normal.outcome, normal.due) {
            (NormalCheck::Tested, None) => normal.mark.done(),
            (NormalCheck::Tested, Some(due)) => {
                let mark = &normal.mark;
                Judged::against(due, Some((mark.at, &mark.by, mark.seq)), at.now)
            }
            (NormalCheck::NotApplicable, _) if was_down(at) => {
                let (at, by) = (normal.mark.at, normal.mark.by.clone());
                let (automatic, reason) = (false, normal.reason.clone());
                Judged::from(Outcome::Waived { at, by, automatic, reason }).shown_by(normal.mark.seq)
            }
            (NormalCheck::NotApplicable, _) => {
                Judged::not_applicable("There was no operation to bring back.")
                    .shown_by(normal.mark.seq)
            }
            (NormalCheck::Deferred, Some(due)) => Judged::against(due, None, at.now),
            (NormalCheck::Deferred, None) => Judged::open(None),
        },
        (None, Some(rest)) => Judged::missing("Nobody tested it.").shown_by(rest.seq),
        (None, None) => Judged::open(None),
    }
}

fn reopened(at: At) -> Judged {
    match at.case.part.closeout.reopened.last() {
        Some(reopening) => reopening.mark.done(),
        None => Judged::not_applicable("It was never reopened."),
    }
}

fn accepted(at: At) -> Judged {
    let closeout = &at.case.part.closeout;
    match (&closeout.accepted, &closeout.closed) {
        _ if is_false_alarm(at) => Judged::not_applicable(NOTHING),
        (Some(accepted), _) if accepted.one_person => accepted.mark.by_one_person(),
        (Some(accepted), _) => accepted.mark.done(),
        (None, Some(closed)) => Judged::missing("Nobody reviewed it.").shown_by(closed.seq),
        (None, None) => Judged::open(None),
    }
}

fn contained_before_the_end(at: At) -> Judged {
    let closeout = &at.case.part.closeout;
    let judged = match (&closeout.ready, spin_down::ends(at)) {
        _ if is_false_alarm(at) => Judged::not_applicable(NOTHING),
        (Some(ready), Some(end)) => {
            Judged::done(end.recorded_at, &end.by, end.seq).shown_by(ready.mark.seq)
        }
        (Some(ready), None) => {
            let because = "It was spun down and neither contained nor resolved.";
            Judged::missing(because).shown_by(ready.mark.seq)
        }
        (None, _) => Judged::open(None),
    };
    // What was put off instead of done is part of how it ended.
    let put_off = at.case.part.work.deferrals();
    put_off.iter().fold(judged, |judged, (_, mark)| judged.shown_by(mark.seq))
}

/// What stood at the alarm was lifted or kept by somebody; a shift that ran out meanwhile was not.
fn settled(at: At) -> Judged {
    let closeout = &at.case.part.closeout;
    let Some(called) = &closeout.false_alarm else {
        return Judged::not_applicable("It was no false alarm.");
    };
    if !settle::unsettled(at).is_empty() {
        return Judged::open(None);
    }
    if let Some((id, shift)) = settle::ran_out(at, called) {
        let because = format!("{id} ended before anybody said whether it stays.");
        return Judged::missing(because).shown_by(shift.seq);
    }
    let stood = closeout.settled.iter().filter(|(what, _)| *what != second_look::FALSE_ALARM);
    let settled = stood.map(|(_, dealt)| (dealt.mark.at, &dealt.mark.by, dealt.mark.seq));
    let released = at.case.part.evidence.holds.iter().filter_map(|hold| hold.released.as_ref());
    let released = released.map(|(when, who, seq)| (*when, who, *seq));
    let after = released.filter(|(.., seq)| *seq > called.seq);
    let lifted = settle::lifted_since(at, called).map(|deed| (deed.at, &deed.by, deed.seq));
    match settled.chain(after).chain(lifted).max_by_key(|(.., seq)| *seq) {
        Some((when, who, seq)) => Judged::done(when, who, seq),
        None => Judged::not_applicable("Nothing was in force."),
    }
}
