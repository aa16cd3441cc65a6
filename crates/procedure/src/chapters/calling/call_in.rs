//! Forming the team by direct messages (R7), and seeing what it cannot do (X7).

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;

use super::{AnswerCallIn, CallIn, CallInAnswered, CalledIn, State};
use crate::agenda::{Obligation, Owner};
use crate::at::{At, after, minutes};
use crate::decide::{Decision, Refusal};
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::rule::Rule;
use crate::switch::on;

/// Somebody who was asked into the response.
#[derive(Clone, Debug, PartialEq)]
pub struct Invitation {
    /// The entry.
    pub seq: u64,
    /// Who was asked.
    pub person: PersonId,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// The answer, with its entry and time: comes or does not.
    pub answer: Option<(u64, Timestamp, bool)>,
}

impl State {
    /// Invitations and their answers. Whoever joins by another way has come too.
    pub(super) fn invite(&mut self, entry: &Entry) {
        let Some(actor) = entry.actor.as_person() else {
            return;
        };
        let (seq, at) = (entry.seq, entry.recorded_at);
        let comes = match &entry.body {
            Body::CalledIn(called) => {
                self.invitations
                    .retain(|old| old.person != called.person || old.answer.is_some());
                self.needs.extend(called.needs.iter().cloned());
                self.invitations.push(Invitation {
                    seq,
                    person: called.person.clone(),
                    by: actor.clone(),
                    at,
                    answer: None,
                });
                return;
            }
            Body::CallInAnswered(answer) => answer.accept,
            Body::Joined(_) | Body::Acknowledged(_) | Body::HandoverAccepted(_) => true,
            _ => return,
        };
        let theirs = self.invitations.iter_mut().rev();
        let mut open = theirs.filter(|i| &i.person == actor && i.answer.is_none());
        if let Some(invitation) = open.next() {
            invitation.answer = Some((seq, at, comes));
        }
    }

    /// Whether the person was asked and has not answered.
    #[must_use]
    pub fn is_invited(&self, person: &PersonId) -> bool {
        let open = |i: &Invitation| &i.person == person && i.answer.is_none();
        self.invitations.iter().any(open)
    }
}

pub(super) fn call_in(d: &mut Decision, call: &CallIn) -> Result<(), Refusal> {
    let caller = d.person()?;
    if !d.case().is_active() {
        return Err(Refusal::conflict(
            "The response is over.",
            "Reopen the case if it is not.",
        ));
    }
    if !d.case().part.commander.coordinates(caller) {
        d.only_ic(Rule::R7)?;
    }
    let CallIn {
        person,
        message,
        needs,
    } = call;
    let subject = d.case().part.secrecy.subject.as_ref();
    if d.at.project().member(person).is_none() || subject == Some(person) {
        return Err(Refusal::invalid(
            format!("{person} cannot be called in here."),
            "Name somebody on the contact sheet.",
        ));
    }
    if d.case().part.commander.responders.contains_key(person) {
        return Err(Refusal::conflict(
            format!("{person} is in the response already."),
            "Talk to them.",
        ));
    }
    known_skills(d.at, needs)?;
    let mut team: BTreeSet<PersonId> = d.case().part.commander.responders.keys().cloned().collect();
    team.insert(person.clone());
    let mut wanted = wanted(d.at);
    wanted.extend(needs.iter().cloned());
    d.record(CalledIn {
        person: person.clone(),
        message: message.clone(),
        needs: needs.clone(),
        lacking: lacking(d.at, &team, &wanted),
    });
    Ok(())
}

/// A need is a tag of the playbook or of the contact sheet, never free text.
fn known_skills(at: At, needs: &BTreeSet<String>) -> Result<(), Refusal> {
    let known = |skill: &String| {
        let mut members = at.project().roster.iter();
        at.playbook().roles.skills.contains(skill)
            || members.any(|member| member.skills.contains(skill))
    };
    match needs.iter().find(|skill| !known(skill)) {
        None => Ok(()),
        Some(skill) => {
            let roster = at.project().roster.iter().flat_map(|member| member.skills.iter());
            let known: BTreeSet<&str> =
                at.playbook().roles.skills.iter().chain(roster).map(String::as_str).collect();
            let sentence = format!(
                "The playbook and the contact sheet know no skill {skill}; say it in the message."
            );
            Err(Refusal::not_among(sentence, known))
        }
    }
}

pub(super) fn answer(d: &mut Decision, answer: &AnswerCallIn) -> Result<(), Refusal> {
    let person = d.person()?;
    if !d.case().part.calling.is_invited(person) {
        return Err(Refusal::conflict(
            "Nobody is waiting for your answer.",
            "Join as responder if you can help.",
        ));
    }
    d.record(CallInAnswered {
        accept: answer.accept,
        reason: answer.reason.clone(),
    });
    Ok(())
}

/// The skills that the team should have together: the playbook's, and what was asked for.
/// A project that keeps no skills on its sheet is not asked for any but the latter.
fn wanted(at: At) -> BTreeSet<String> {
    let kept = at
        .project()
        .roster
        .iter()
        .any(|member| !member.skills.is_empty());
    let general = at.playbook().roles.skills.iter().filter(|_| kept);
    let needs = at.case.part.calling.needs.iter();
    general.chain(needs).cloned().collect()
}

fn lacking(at: At, people: &BTreeSet<PersonId>, wanted: &BTreeSet<String>) -> Vec<String> {
    let members = || {
        people
            .iter()
            .filter_map(|person| at.project().member(person))
    };
    let has = |skill: &String| members().any(|member| member.skills.contains(skill));
    wanted
        .iter()
        .filter(|skill| !has(skill) && on(Rule::X7))
        .cloned()
        .collect()
}

/// What the response lacks now, once somebody was called in (X7).
pub(super) fn gap(at: At, people: impl Iterator<Item = PersonId>) -> Vec<String> {
    lacking(at, &people.collect(), &wanted(at))
}

/// Whoever was asked owes an answer; a skill that is missing stands on the IC's board.
pub(super) fn owes(at: At, out: &mut Vec<Obligation>) {
    if !at.case.is_active() {
        return;
    }
    let calling = &at.case.part.calling;
    let pages = at.case.part.assess.severity.acts_first();
    for invitation in calling.invitations.iter().filter(|i| i.answer.is_none()) {
        let (key, since) = (format!("call_in:{}", invitation.seq), invitation.at);
        let owner = Owner::Person(invitation.person.clone());
        let what = "You are called in: say whether you come.";
        let due = answer_due(at, since);
        let owed = Obligation::owed(Rule::R7, key, owner, since, what).by(due);
        let owed = if pages { owed.audibly() } else { owed };
        let step = minutes(at.playbook().alarm.sheet_step_minutes);
        let owed = owed.escalate(after(due, step), Owner::Ic);
        out.push(owed.settled_by("answer_call_in"));
    }
    let Some(first) = calling.invitations.first() else {
        return;
    };
    let missing = gap(at, at.case.part.commander.responders.keys().cloned());
    if !missing.is_empty() {
        let what = format!("Nobody in the response has: {}.", missing.join(", "));
        let owed = Obligation::owed(Rule::X7, "skills", Owner::Ic, first.at, what);
        out.push(owed.settled_by("call_in"));
    }
}

pub(super) fn answer_due(at: At, since: Timestamp) -> Timestamp {
    after(since, minutes(at.when(since).playbook().alarm.ack_limit_minutes))
}
