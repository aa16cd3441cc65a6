//! How the rules of calling are judged.

use crate::at::{At, after, minutes};
use crate::conformance::Judged;
use crate::rule::Rule;

pub(crate) fn judge(rule: Rule, at: At) -> Option<Judged> {
    let judged = match rule {
        Rule::R26 => acknowledged_within_the_limit(at),
        Rule::R27 => called_until_answered(at),
        _ => return None,
    };
    Some(judged)
}

fn acknowledged_within_the_limit(at: At) -> Judged {
    let Some(reported_at) = at.case.part.intake.reported_at() else {
        return Judged::missing("Nothing was reported.");
    };
    let due = after(reported_at, minutes(at.playbook().alarm.ack_limit_minutes));
    let first = at.case.part.commander.intervals.first();
    let who = first.map(|interval| crate::actor::Who::Person(interval.ic.clone()));
    let done = first.zip(who.as_ref()).map(|(i, who)| (i.from, who, i.seq));
    Judged::against(due, done, at.now)
}

fn called_until_answered(at: At) -> Judged {
    let calling = &at.case.part.calling;
    let answered = at.case.part.commander.intervals.first();
    match (calling.calls.first(), answered) {
        (None, Some(_)) => Judged::not_applicable("Somebody answered before the sheet was needed."),
        (None, None) => Judged::open(None),
        (Some(_), None) => Judged::open(None),
        (Some(call), Some(answer)) => {
            Judged::done(answer.from, &crate::actor::Who::System, call.seq).shown_by(answer.seq)
        }
    }
}
