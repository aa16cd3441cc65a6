//! A project's report is the organisation's, too: its security team says whether more than the project is hit (R118).

use alloc::vec::Vec;

use jiff::Timestamp;

use super::phish::is_past;
use super::state::Received;
use crate::access::sees;
use crate::agenda::{Obligation, Owner};
use crate::at::{At, after, minutes};
use crate::basis::Role;
use crate::chapters::assess::Question;
use crate::conformance::{Judged, Outcome};
use crate::rule::Rule;
use crate::switch::on;

/// By when the answer is owed; nothing where the playbook does not ask.
fn due(at: At, reported_at: Timestamp) -> Option<Timestamp> {
    let limit = at.when(reported_at).playbook().intake.wider_impact_limit_minutes?;
    Some(after(reported_at, minutes(limit)))
}

/// Whether anybody of the organisation's security team may see the case.
fn is_there(at: At) -> bool {
    let mut team = at.project().with_role(Role::Security);
    team.any(|member| sees(at.case, at.basis, &member.person))
}

/// They are asked with the report, and the IC asks them in person once the time is up.
pub(super) fn owes(at: At, out: &mut Vec<Obligation>) {
    let Some(reported_at) = at.case.part.intake.reported_at() else { return };
    let answered = at.case.part.assess.answer(Question::WiderImpact).is_some();
    let Some(due) = due(at, reported_at).filter(|_| !answered && at.case.is_active()) else { return };
    if !is_there(at) || !on(Rule::R118) {
        return;
    }
    let what = "Say whether more of the organisation is hit than this project: yes, no or unknown.";
    let team = Owner::Role(Role::Security);
    let owed = Obligation::owed(Rule::R118, "question:wider_impact", team, reported_at, what);
    let owed = owed.remind(reported_at).by(due).escalate(due, Owner::Ic);
    out.push(owed.settled_by("answer_question"));
}

/// Answered in time. Whatever else came in about it stands in the same record, by whichever way it came.
pub(super) fn judge(at: At, first: &Received) -> Judged {
    let Some(due) = due(at, first.at) else {
        return Judged::not_applicable("This edition of the playbook does not ask the organisation's security team.");
    };
    let answered = at.case.part.assess.answers.get(&Question::WiderImpact);
    let answered = answered.and_then(|answers| answers.first()).map(|answered| &answered.mark);
    if answered.is_none() && !is_there(at) {
        return Judged::not_applicable("Nobody of the organisation's security team stands on the contact sheet and may see it.");
    }
    let done = answered.map(|mark| (mark.at, &mark.by, mark.seq));
    let judged = Judged::against(due, done, at.until_rest());
    let others = at.case.part.intake.reports.iter().skip(1);
    let judged = others.fold(judged, |judged, other| judged.shown_by(other.seq));
    match judged.outcome {
        Outcome::Open { .. } if is_past(at) => {
            Judged::not_applicable("It was over before an answer was due.")
        }
        _ => judged,
    }
}
