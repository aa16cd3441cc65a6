//! Who may see a case and who may command what. The one place where access is decided,
//! for pages, API, search, feeds and mail alike.

use alloc::vec::Vec;

use crate::actor::{Actor, Who};
use crate::basis::{Basis, Role};
use crate::case::Case;
use crate::chapters::closeout::second_look;
use crate::chapters::intake::shadow;
use crate::chapters::retrospective;
use crate::decide::{Decision, Refusal};
use crate::id::PersonId;
use crate::rule::Rule;
use crate::switch::on;

/// Whether an actor may do something.
#[derive(Clone, Debug, PartialEq)]
pub enum Permission {
    /// They may.
    Yes,
    /// They may see the case, not do this.
    No(Refusal),
}

/// Commands that anybody may give who knows the case, the reporter with a receipt included.
const FOR_ANYBODY: &[&str] = &["report", "add_details", "disagree"];

/// Commands given by the clock or a channel, never by a person.
const FOR_SYSTEM: &[&str] = &[
    "note_undelivered",
    "note_delivered",
    "change_basis",
    "receive_merged",
];

/// Commands that a role gives without being a responder.
const FOR_ROLES: &[(&str, &[Role])] = &[
    (
        "answer_disruption",
        &[Role::Decider, Role::ProjectManager, Role::ProductOwner],
    ),
    ("approve_customer_notice", &[Role::ProductOwner]),
    // Whether more than the project is hit; the other questions are the response's own (R118).
    ("answer_question", &[Role::Security]),
    (
        "activate_contingency",
        &[Role::Decider, Role::ProjectManager, Role::ProductOwner],
    ),
    (
        "acknowledge_hold",
        &[Role::Observer, Role::ProjectManager, Role::ProductOwner],
    ),
    (
        "accept_qa",
        &[Role::Reviewer, Role::ProductOwner, Role::ProjectManager],
    ),
    (
        "send_back_qa",
        &[Role::Reviewer, Role::ProductOwner, Role::ProjectManager],
    ),
    ("verify_step", &[Role::Reviewer]),
    (
        "second_redaction",
        &[Role::Reviewer, Role::Security, Role::ProjectManager],
    ),
];

/// Whether this actor may see the case at all. If not, it does not exist for them.
#[must_use]
pub fn may_see(case: &Case, basis: &Basis, actor: &Actor) -> bool {
    match &actor.who {
        Who::System => true,
        Who::Reporter => false,
        Who::Service(_) => !case.part.secrecy.restricted,
        Who::Person(person) => sees(case, basis, person),
    }
}

/// Whether a person may see the case.
pub(crate) fn sees(case: &Case, basis: &Basis, person: &PersonId) -> bool {
    let secrecy = &case.part.secrecy;
    if secrecy.subject.as_ref() == Some(person) {
        return false;
    }
    let takes_part = secrecy.members.contains(person);
    takes_part || (!secrecy.restricted && basis.project.member(person).is_some())
}

/// Whether the actor may read an entry of a case that they see. The restricted annex is
/// for those who take part (R21); whom the case is about reads nothing.
#[must_use]
pub fn may_read(case: &Case, basis: &Basis, actor: &Actor, seq: u64) -> bool {
    let takes_part = match &actor.who {
        Who::System => true,
        Who::Person(person) => case.part.secrecy.members.contains(person),
        Who::Reporter | Who::Service(_) => false,
    };
    may_see(case, basis, actor) && (takes_part || !case.part.secrecy.is_annexed(seq))
}

/// Whether the actor belongs to those who respond: the team, whoever responds to this
/// case, and the organisation's security team.
#[must_use]
pub fn is_on_team(case: &Case, basis: &Basis, actor: &Actor) -> bool {
    match &actor.who {
        Who::System => true,
        Who::Person(person) => {
            let responds = responds(case, basis, person);
            sees(case, basis, person)
                && (responds || basis.project.has_role(person, Role::Security))
        }
        Who::Reporter | Who::Service(_) => false,
    }
}

/// Whether the actor may give a command of this name to the case.
#[must_use]
pub fn may(case: &Case, basis: &Basis, actor: &Actor, command: &str) -> Permission {
    if actor.who != Who::System
        && let Some(refusal) = shadow::refuses(case)
    {
        return Permission::No(refusal);
    }
    let allowed = match &actor.who {
        Who::System => true,
        _ if FOR_SYSTEM.contains(&command) => false,
        _ if FOR_ANYBODY.contains(&command) && on(Rule::R104) => true,
        // What a reporter sends with their report, such as the mail itself, is kept (M1, R115).
        Who::Reporter => command == "add_exhibit",
        Who::Service(_) => matches!(command, "record_fact" | "add_note" | "add_report"),
        Who::Person(person) => {
            sees(case, basis, person)
                && (responds(case, basis, person)
                    || by_role(case, basis, person, command)
                    || second_look::allows(case, person, command)
                    || retrospective::allows(case, person, command))
        }
    };
    if allowed {
        return Permission::Yes;
    }
    if command == "false_alarm" && on(Rule::R106) {
        return Permission::No(Refusal::forbidden(
            Some(Rule::R106),
            "Whether it is a false alarm is decided by the response team.",
            "Say that you disagree, and why: it is noted.",
        ));
    }
    if matches!(actor.who, Who::Service(_)) {
        return Permission::No(Refusal::forbidden(
            None,
            "This token belongs to no person, and this is done in somebody's name.",
            "Use a token that was made for a person: henhouse admin token --name laptop --person jane.",
        ));
    }
    Permission::No(Refusal::forbidden(
        None,
        "You may read this case, not change it so.",
        "Ask the IC to add you to the response, or to do it.",
    ))
}

/// Whether a person responds: on the team, called to a restricted case, or taken into this one.
pub(crate) fn responds(case: &Case, basis: &Basis, person: &PersonId) -> bool {
    let (project, secrecy) = (&basis.project, &case.part.secrecy);
    let called = || project.call_order(true, secrecy.subject.as_ref());
    project.has_role(person, Role::Responder)
        || (secrecy.restricted && project.second_chain.contains(person))
        || (secrecy.restricted && called().contains(person))
        || case.part.commander.responders.contains_key(person)
}

/// Somebody who was asked in, or offered a role, may answer.
fn invited(case: &Case, person: &PersonId, command: &str) -> bool {
    let handovers = &case.part.commander.handovers;
    match command {
        "answer_call_in" | "join" => case.part.calling.is_invited(person),
        "read_back" | "accept_handover" | "decline_handover" => {
            handovers.iter().any(|h| h.is_pending() && &h.to == person)
        }
        _ => false,
    }
}

fn by_role(case: &Case, basis: &Basis, person: &PersonId, command: &str) -> bool {
    let roles: Vec<Role> = FOR_ROLES
        .iter()
        .filter(|(name, _)| *name == command)
        .flat_map(|(_, r)| r.to_vec())
        .collect();
    roles
        .iter()
        .any(|role| basis.project.has_role(person, *role))
        || invited(case, person, command)
        || (command == "answer_disruption" && basis.project.deciders().contains(&person))
        || (command == "acknowledge_hold" && held(case, person))
        || owns_work(case, person, command)
}

/// Whoever was given a step, a lead or a capture may do it. Which one, the command itself looks
/// at: see [`only_theirs`].
fn owns_work(case: &Case, person: &PersonId, command: &str) -> bool {
    let work = &case.part.work;
    let owns = |owner: &Option<PersonId>| owner.as_ref() == Some(person);
    match command {
        "start_step" | "finish_step" => work
            .steps
            .iter()
            .any(|step| step.is_open() && owns(&step.owner)),
        "start_lead" | "finish_lead" => work
            .leads
            .iter()
            .any(|lead| lead.is_open() && owns(&lead.owner)),
        "add_exhibit" | "record_evidence_item" => case
            .part
            .evidence
            .capturers
            .values()
            .any(|owner| owner == person),
        _ => false,
    }
}

/// Somebody who does not respond does what was given to them, and nothing that is another's.
///
/// # Errors
/// Refused for everything else.
pub(crate) fn only_theirs(d: &Decision, owner: Option<&PersonId>) -> Result<(), Refusal> {
    let person = d.actor.as_person();
    let outsider = person.filter(|person| !responds(d.case(), d.at.basis, person));
    if outsider.is_none() || outsider == owner {
        return Ok(());
    }
    Err(Refusal::forbidden(
        None,
        "This was not given to you.",
        "Do what was, or ask the IC to give it to you.",
    ))
}

/// Whoever a hold asks may say that they heard it (X43).
fn held(case: &Case, person: &PersonId) -> bool {
    let mut holds = case.part.evidence.holds.iter();
    holds.any(|hold| hold.people.contains(person))
}
