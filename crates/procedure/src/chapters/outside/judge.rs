//! How the rule about customers is judged.

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
