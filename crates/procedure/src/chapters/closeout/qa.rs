//! Review by a second person, and the close (X38, R18).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::{SignedDuration, Timestamp};

use super::payload::{AcceptQa, Close, Closed, QaAccepted, QaSentBack, SendBackQa};
use super::{Ready, matrix};
use crate::access::{self, may_see};
use crate::actor::{Actor, How};
use crate::agenda::Permit;
use crate::at::{At, after, minutes};
use crate::basis::Role;
use crate::case::Status;
use crate::chapters::retrospective;
use crate::chapters::work::StepState;
use crate::decide::{Decision, Gate, Refusal};
use crate::id::PersonId;
use crate::rule::Rule;
use crate::switch::on;

/// Whether anybody but this person could review: another responder, or a reviewer (M16).
fn somebody_else(at: At, person: &PersonId) -> bool {
    let roles = [Role::Responder, Role::Reviewer];
    let mut others = roles.into_iter().flat_map(|role| at.project().with_role(role));
    let subject = at.case.part.secrecy.subject.as_ref();
    others.any(|member| member.person != *person && Some(&member.person) != subject)
}

/// The reviewer is named, may see the case, and is not whoever spins it down (X38).
pub(super) fn fit_to_review(d: &mut Decision, reviewer: Option<&PersonId>) -> Result<(), Refusal> {
    let own = d.person()?;
    if let Some(named) = reviewer {
        let actor = Actor::person(named, How::Session);
        let member = d.at.project().member(named).is_some();
        if !member || !may_see(d.case(), d.at.basis, &actor) {
            return Err(Refusal::invalid(
                format!("{named} cannot see this case."),
                "Name somebody of the project who can.",
            ));
        }
    }
    let other = reviewer.is_some_and(|named| named != own);
    let kept = other || !somebody_else(d.at, own);
    d.gate(Gate::Closing, kept, || {
        Refusal::rule(
            Rule::X38,
            "Somebody other than you looks at the work before it is done.",
            "Name a reviewer: any other responder, or a reviewer of the project.",
        )
    })
}

/// Names the review of this spin-down; a later one is asked for anew.
pub(super) fn key(ready: &Ready) -> String {
    format!("qa:{}", ready.mark.seq)
}

/// When the reviewer is asked again: the spin-down itself was the first attempt (M16).
pub(super) fn attempts(at: At, from: Timestamp) -> Vec<Timestamp> {
    let limits = &at.when(from).playbook().command;
    let count = limits.one_person_attempts.max(1);
    let step = minutes(limits.one_person_confirm_minutes).as_secs() / i64::from(count);
    let ask = |n: u32| after(from, SignedDuration::from_secs(step * i64::from(n)));
    (1..count).map(ask).collect()
}

/// Nobody answered the attempts in time (M16).
fn unanswered(at: At, ready: &Ready) -> bool {
    let limits = &at.under(ready.mark.seq).playbook().command;
    let waited = after(ready.mark.at, minutes(limits.one_person_confirm_minutes));
    let asked = at.case.prompts.get(&key(ready)).map_or(0, |count| count.next);
    at.now >= waited && asked + 1 >= limits.one_person_attempts
}

pub(super) fn accept(d: &mut Decision, command: &AcceptQa) -> Result<(), Refusal> {
    d.person()?;
    let ready = under_review(d)?;
    if d.case().part.closeout.accepted.is_some() {
        return Err(Refusal::conflict("It is accepted already.", "There is nothing to do."));
    }
    waits_for_the_reviewer(d, &ready)?;
    let own = ready.mark.by == d.actor.who;
    let alone = own && unanswered(d.at, &ready) && command.reason.is_some();
    let wait = d.at.playbook().command.one_person_confirm_minutes;
    d.gate(Gate::Firm, !own || alone, || {
        Refusal::rule(
            Rule::X38,
            "Whoever spun it down does not accept it too.",
            format!(
                "Let the reviewer look. If nobody does within {wait} minutes, accept it with a reason."
            ),
        )
    })?;
    d.record(QaAccepted { one_person: own, reason: command.reason.clone() });
    Ok(())
}

/// The reviewer who was named looks first; others stand in when they did not answer in time (M16).
fn waits_for_the_reviewer(d: &mut Decision, ready: &Ready) -> Result<(), Refusal> {
    let named = ready.reviewer.clone();
    let theirs = named.is_none() || named.as_ref() == d.actor.as_person();
    let gone = || named.as_ref().is_some_and(|person| !access::sees(d.case(), d.at.basis, person));
    let kept = theirs || gone() || ready.mark.by == d.actor.who || unanswered(d.at, ready);
    let wait = d.at.playbook().command.one_person_confirm_minutes;
    d.gate(Gate::Firm, kept, || {
        let name = named.map(|person| person.0).unwrap_or_default();
        Refusal::rule(
            Rule::X38,
            format!("{name} was named to look at the work."),
            format!("Let {name} look. If they do not within {wait} minutes, anybody else does."),
        )
    })
}

pub(super) fn send_back(d: &mut Decision, command: &SendBackQa) -> Result<(), Refusal> {
    d.person()?;
    under_review(d)?;
    d.gate(Gate::Firm, command.reason.is_some(), || {
        Refusal::rule(
            Rule::X38,
            "Sending it back needs a reason.",
            "Say what is not right yet, so that the team knows where to go on.",
        )
    })?;
    let reopens = |id: &String| {
        let step = d.case().part.work.step(id);
        step.is_some_and(|step| step.is_immediate() && step.state != StepState::Dropped)
    };
    if let Some(id) = command.steps.iter().find(|id| !reopens(id)) {
        return Err(Refusal::invalid(
            format!("{id} is no immediate step that can be done again."),
            "Name immediate steps of the list, or none for all of them.",
        ));
    }
    let (reason, steps) = (command.reason.clone(), command.steps.clone());
    d.record(QaSentBack { reason, steps });
    Ok(())
}

fn under_review(d: &mut Decision) -> Result<Ready, Refusal> {
    let ready = d.case().part.closeout.ready.clone();
    ready.filter(|_| d.case().status() == Status::ReadyForQa).ok_or_else(|| {
        Refusal::rule(
            Rule::R3,
            "There is nothing to review: it is not Ready for QA.",
            "The IC spins it down first.",
        )
        .settled_by("ready_for_qa", None)
    })
}

/// The report stands, the work is accepted and somebody says for the reporter what came of it,
/// before it closes (R18, X38, R124, and M7: a named waiver at most).
pub(super) fn close(d: &mut Decision, command: &Close) -> Result<(), Refusal> {
    retrospective::only_leaders(d)?;
    let order = "Spin it down first, then publish the report; a false alarm is closed already.";
    matrix::step_to(d, Status::Closed, order).map_err(|no| match d.case().is_active() {
        true => no.settled_by("ready_for_qa", None),
        false => no,
    })?;
    let words = command.outcome.is_none().then(without_words);
    d.gates(Gate::Closing, in_the_way(d.at).into_iter().chain(words).collect())?;
    d.record(Closed { outcome: command.outcome.clone() });
    Ok(())
}

/// The reporter is told nothing more after the close (R124).
fn without_words() -> Refusal {
    Refusal::rule(
        Rule::R124,
        "Nobody says what came of it, and the reporter is told nothing more afterwards.",
        "Say in a sentence for the reporter what came of it.",
    )
    .settled_by("close", None)
}

fn in_the_way(at: At) -> Vec<Refusal> {
    let closeout = &at.case.part.closeout;
    let named = closeout.ready.as_ref().and_then(|ready| ready.reviewer.as_ref());
    let review = closeout.accepted.is_none().then(|| {
        Refusal::rule(
            Rule::X38,
            "The review has not accepted the work yet.",
            match named {
                Some(reviewer) => format!("Ask {reviewer} to accept it or to send it back."),
                None => "Ask the reviewer to accept it or to send it back.".into(),
            },
        )
        .settled_by("accept_qa", None)
    });
    let calls = crate::chapters::record::lost_calls(at);
    review.into_iter().chain(calls).chain(retrospective::not_held(at)).collect()
}

/// The permit to close, or everything in its way.
pub(super) fn permit(at: At) -> Permit {
    let mut left = in_the_way(at);
    left.retain(|refusal| refusal.rule.is_none_or(on));
    let refused = Refusal::together(left);
    Permit {
        command: "close",
        on: None,
        rule: refused.as_ref().and_then(|refusal| refusal.rule).unwrap_or(Rule::R3),
        allowed: refused.is_none().then(|| "All is done: it can be closed.".into()),
        refused: refused.map(|refusal| Refusal { waivable: true, ..refusal }),
    }
}
