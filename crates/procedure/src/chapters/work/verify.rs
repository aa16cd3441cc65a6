//! Done is not verified: who did a step, or began it, does not verify it (R53), and a team of one is
//! never stuck (M16).

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::{SignedDuration, Timestamp};

use super::payload::{StepVerified, VerifyStep};
use super::step::{self, Step, StepState};
use crate::at::{At, after, minutes};
use crate::basis::Role;
use crate::decide::{Decision, Gate, Refusal};
use crate::id::PersonId;
use crate::playbook::StepKind;
use crate::rule::Rule;
use crate::switch::on;

/// Everybody who could verify the step: other responders, and reviewers.
pub(super) fn others(at: At, step: &Step) -> Vec<PersonId> {
    let mut people: Vec<PersonId> = at.case.part.commander.responders.keys().cloned().collect();
    if people.iter().all(|person| step.did(person)) {
        people = at.project().with_role(Role::Responder).map(|m| m.person.clone()).collect();
    }
    people.extend(at.project().with_role(Role::Reviewer).map(|m| m.person.clone()));
    let subject = at.case.part.secrecy.subject.as_ref();
    people.retain(|person| !step.did(person) && Some(person) != subject);
    people.sort();
    people.dedup();
    people
}

/// The key of the obligation to verify; a step done again is asked about anew.
pub(super) fn key(step: &Step) -> String {
    let seq = step.finished.as_ref().map_or(0, |mark| mark.seq);
    format!("verify:{}:{seq}", step.id)
}

/// When the others are asked again: the finish itself was the first attempt.
pub(crate) fn attempts(at: At, finished: Timestamp) -> Vec<Timestamp> {
    let limits = &at.playbook().command;
    let count = limits.one_person_attempts.max(1);
    let step = minutes(limits.one_person_confirm_minutes).as_secs() / i64::from(count);
    let ask = |n: u32| after(finished, SignedDuration::from_secs(step * i64::from(n)));
    (1..count).map(ask).collect()
}

/// Whether who did it may verify it: nobody else answered the attempts in time (M16).
fn may_alone(at: At, step: &Step) -> bool {
    let Some(finished) = &step.finished else { return false };
    let limits = &at.playbook().command;
    let waited = after(finished.recorded_at, minutes(limits.one_person_confirm_minutes));
    let asked = at.case.prompts.get(&key(step)).map_or(0, |count| count.next);
    at.now >= waited && asked + 1 >= limits.one_person_attempts
}

pub(super) fn verify(d: &mut Decision, command: &VerifyStep) -> Result<(), Refusal> {
    let person = d.person()?.clone();
    let step = step::find(d, &command.step)?;
    if step.state != StepState::Done {
        let no = Refusal::conflict(
            format!("{} is not waiting to be verified.", step.id),
            "Finish it first.",
        );
        // Whoever else has it says so: nobody does another's step to be able to verify it.
        let theirs = step.owner.as_ref().is_none_or(|owner| *owner == person);
        let with = if step.starts.is_empty() { "start_step" } else { "finish_step" };
        return Err(match theirs && step.is_open() {
            true => no.settled_by(with, Some(&step.id)),
            false => no,
        });
    }
    let alone = step.did(&person) && command.works;
    let allowed = !alone || (may_alone(d.at, step) && command.reason.is_some());
    let wait = d.at.playbook().command.one_person_confirm_minutes;
    d.gate(Gate::Firm, allowed, || {
        Refusal::rule(
            Rule::R53,
            format!("Who did {} does not verify it.", step.id),
            format!(
                "Let somebody else look. If nobody answers within {wait} minutes of the finish, \
                 confirm it yourself with a reason."
            ),
        )
    })?;
    let rings = if command.works { BTreeSet::new() } else { rung(d, step, &person) };
    d.record(StepVerified {
        step: command.step.clone(),
        works: command.works,
        reason: command.reason.clone(),
        one_person: alone && allowed,
        rings,
    });
    Ok(())
}

/// A containment that failed rings for its owner and the IC, within the prompt budget (M20).
fn rung(d: &Decision, step: &Step, actor: &PersonId) -> BTreeSet<PersonId> {
    if step.kind != StepKind::Isolate || !on(Rule::R53) {
        return BTreeSet::new();
    }
    let people = step.owner.iter().chain(d.case().ic());
    let free = |person: &&PersonId| *person != actor && !d.at.heard_lately(person);
    people.filter(free).cloned().collect()
}
