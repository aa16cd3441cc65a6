//! How the rules of command are judged.

use crate::actor::Who;
use crate::at::At;
use crate::conformance::Judged;
use crate::rule::Rule;

pub(crate) fn judge(rule: Rule, at: At) -> Option<Judged> {
    let judged = match rule {
        Rule::R6 => first_to_answer_commands(at),
        _ => return None,
    };
    Some(judged)
}

fn first_to_answer_commands(at: At) -> Judged {
    match at.case.part.commander.intervals.first() {
        Some(first) => Judged::done(first.from, &Who::Person(first.ic.clone()), first.seq),
        None if at.case.is_over() => Judged::missing("It was closed and nobody ever took it."),
        None => Judged::open(None),
    }
}
