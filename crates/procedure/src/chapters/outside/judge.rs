//! How the rule about customers is judged.

use super::State;
use crate::at::At;
use crate::case::Status;
use crate::conformance::Judged;
use crate::rule::Rule;

pub(crate) fn judge(rule: Rule, at: At) -> Option<Judged> {
    (rule == Rule::R17).then(|| customers_are_considered(at))
}

fn customers_are_considered(at: At) -> Judged {
    let outside = &at.case.part.outside;
    let over = !at.case.is_active();
    match (outside.decisions.last(), at.case.status()) {
        (_, Status::FalseAlarm) => Judged::not_applicable("It was a false alarm."),
        (None, _) if outside.drafts.iter().any(|draft| draft.sent.is_some()) => told(outside),
        (None, _) if at.case.part.commander.intervals.is_empty() => Judged::open(None),
        (None, _) if over => Judged::missing("Nobody decided whether customers are told."),
        (None, _) => Judged::open(None),
        (Some(_), _) if outside.is_waiting() && over => {
            Judged::missing("Customers were to be told, and nothing was sent.")
        }
        (Some(_), _) if outside.is_waiting() => Judged::open(None),
        (Some(decided), _) => {
            let judged = Judged::done(decided.at, &decided.by, decided.seq);
            outside.drafts.iter().filter_map(|draft| draft.sent).fold(judged, Judged::shown_by)
        }
    }
}

/// Words that went out are a decision, also where none was written down before.
fn told(outside: &State) -> Judged {
    let first = outside.drafts.iter().find_map(|draft| {
        let (seq, at, by) = (draft.sent?, draft.sent_at?, draft.sent_by.as_ref()?);
        Some(Judged::done(at, by, seq))
    });
    let later = outside.drafts.iter().filter_map(|draft| draft.sent);
    first.map_or_else(|| Judged::open(None), |judged| later.fold(judged, Judged::shown_by))
}
