//! How the rules of reporting are judged.

use crate::at::At;
use crate::conformance::Judged;
use crate::rule::Rule;
use crate::switch::on;

pub(crate) fn judge(rule: Rule, at: At) -> Option<Judged> {
    let judged = match rule {
        Rule::R24 => planned_maintenance(at),
        _ => return None,
    };
    Some(judged)
}

fn planned_maintenance(at: At) -> Judged {
    let intake = &at.case.part.intake;
    match intake.reports.first() {
        Some(first) if !intake.maintenance.is_empty() && on(Rule::R24) => {
            Judged::done(first.at, &first.by, first.seq)
        }
        _ => Judged::not_applicable("No maintenance was planned at that time."),
    }
}
