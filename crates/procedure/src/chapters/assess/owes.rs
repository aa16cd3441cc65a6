//! What the assessment owes: decisions within minutes, answers on the IC's board.

use alloc::format;
use alloc::vec::Vec;

use super::payload::Question;
use super::{severity, suggested};
use crate::agenda::{Obligation, Owner};
use crate::at::{At, after, minutes};
use crate::case::Status;
use crate::playbook::{Answer, Severity};
use crate::rule::Rule;
use crate::switch::on;

pub(crate) fn owes(at: At, out: &mut Vec<Obligation>) {
    let Some(taken) = at.case.part.commander.intervals.first() else { return };
    if !at.case.is_active() {
        return;
    }
    let assess = &at.case.part.assess;
    let mut ask = |rule: Rule, key: &str, what: &str, with: &'static str| {
        if on(rule) {
            let owed = Obligation::owed(rule, key, Owner::Ic, taken.from, what);
            out.push(owed.settled_by(with));
        }
    };
    if assess.answer(Question::Dependency).is_none() {
        let what = "Could a service of somebody else be the trigger? Yes, no or unknown.";
        ask(Rule::R10, "question:dependency", what, "answer_question");
    }
    match assess.answer(Question::SystemFailure) {
        None => {
            let what = "Could it be a plain failure of our own system? Yes, no or unknown.";
            ask(Rule::X12, "question:system_failure", what, "answer_question");
        }
        Some(answered) if !answered.is_shown() => {
            let (key, what) = match answered.answer {
                Answer::Yes => (
                    "question:system_failure:yes",
                    "Say what shows that our own system failed, in a few words.",
                ),
                _ => (
                    "question:system_failure:no",
                    "Say what shows that our own system did not fail, in a few words.",
                ),
            };
            ask(Rule::X12, key, what, "answer_question");
        }
        Some(_) => {}
    }
    if assess.guided().is_none() && !by_the_guide(at) {
        let what = "Answer the criteria, so that a severity is suggested; unknown is an answer too.";
        ask(Rule::R39, "criteria", what, "answer_criteria");
    }
    if assess.plan.is_empty() && at.case.part.contingency.track.is_none() {
        let what = "Decide whether the contingency plan is activated too, and say why.";
        ask(Rule::R12, "contingency", what, "decide_contingency");
    }
    match assess.impact() {
        None => {
            let what = "Say what is harmed: confidentiality, integrity, availability, privacy.";
            ask(Rule::R37, "impact", what, "assess_impact");
        }
        Some(impact) => {
            if impact.privacy.is_none() {
                let what = "Say whether people's privacy is harmed.";
                ask(Rule::X13, "impact:privacy", what, "assess_impact");
            }
            if impact.harms_something() && impact.whose.is_empty() {
                let what = "Say whose it is: ours, or which client's.";
                ask(Rule::R121, "impact:whose", what, "assess_impact");
            }
        }
    }
    out.extend(triage(at));
    out.extend(explanations(at));
}

/// A severity was chosen after something suggested one, or something suggests it now.
fn by_the_guide(at: At) -> bool {
    let choices = &at.case.part.assess.severities;
    let known = |severity| severity != Severity::Unknown;
    choices.iter().any(|choice| known(choice.suggested)) || choices.is_empty() && known(suggested(at))
}

/// Five minutes to say: could this be an incident? Nothing is decided by itself (X2).
fn triage(at: At) -> Option<Obligation> {
    let taken = at.case.part.commander.intervals.first()?;
    let undecided = at.case.status() == Status::Investigating
        && at.case.part.assess.answer(Question::Happened).is_none();
    if !undecided || !on(Rule::X2) {
        return None;
    }
    let since = at.case.part.closeout.resumed(taken.from);
    let due = after(since, minutes(at.when(since).playbook().assessment.triage.prompt_minutes));
    let what = "Decide: could this be an incident, or is it a false alarm? Keep looking is fine, say so.";
    Some(Obligation::owed(Rule::X2, "triage", Owner::Ic, since, what).by(due).settled_by("answer_question"))
}

/// Lowered soon after a disruption that High allowed: why? (M8)
fn explanations(at: At) -> Vec<Obligation> {
    let owed = |change: &super::state::SeverityChange| {
        let key = format!("lowering:{}", change.mark.seq);
        let what = "Say why the severity was lowered so soon after a disruption.";
        Obligation::owed(Rule::R40, key, Owner::Ic, change.mark.at, what).settled_by("explain_lowering")
    };
    severity::unexplained(at).into_iter().map(owed).collect()
}
