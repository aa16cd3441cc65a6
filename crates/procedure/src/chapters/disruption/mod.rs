//! Asking before a service is disrupted (R59-R66, R93, R98, R102, X20).
//!
//! At High, and while the severity is not assessed, nobody is asked and everybody is told.
//! At Medium the team agrees, then the deciders; the joint decision leans to acting, and an
//! hour of silence is enough. At Low nothing is done without agreement.

pub mod consent;
mod contact;
mod decide;
mod judge;
mod owes;
pub mod payload;
pub(crate) mod production;
mod state;
mod team;

use alloc::vec::Vec;

use jiff::{SignedDuration, Timestamp};

use crate::access::may_see;
use crate::actor::{Actor, How};
use crate::agenda::Permit;
use crate::at::{At, after};
use crate::basis::Stakeholder;
use crate::command::Command;
use crate::decide::{Decision, Refusal};
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::notice::{Notice, Recipient};
use crate::playbook::{DisruptionPolicy, Severity};
use crate::pulse::Due;
use crate::rule::Rule;
use crate::switch::on;

pub use consent::{Consent, Stand, asks_whom, consent, stands};
pub use team::{is_asked as team_is_asked, in_response as others_in_response};
pub use state::{Began, Contact, Disruption, Reply, Settled, Vote};

pub(crate) use decide::{begun_by, gate_step, happened, step_refusal};
pub(crate) use judge::judge;
pub(crate) use owes::owes;

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Disruptions asked for, in order.
    pub disruptions: Vec<Disruption>,
}

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        if let Body::DisruptionRequested(requested) = &entry.body {
            self.disruptions.push(Disruption::new(entry, requested));
        } else if let Body::Reopened(_) = &entry.body {
            let waiting = self.disruptions.iter_mut().filter(|found| found.is_waiting());
            waiting.for_each(|found| found.ask_anew(entry));
        } else if let Some(id) = state::named(&entry.body) {
            let found = self.disruptions.iter_mut().find(|found| found.id == id);
            found.into_iter().for_each(|found| found.apply(entry));
        }
    }

    /// The disruption of that number, such as `D-1`.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Disruption> {
        self.disruptions.iter().find(|found| found.id == id)
    }

    /// When disruptions began that High alone allowed; a lowering soon after is flagged (M8).
    #[must_use]
    pub fn begun_under_high(&self) -> Vec<Timestamp> {
        self.under_high().filter_map(|found| found.began.as_ref()).map(|began| began.at).collect()
    }

    /// Disruptions that High alone allowed; the retrospective lists them (M8).
    pub fn under_high(&self) -> impl Iterator<Item = &Disruption> {
        let high = |began: &Began| began.severity == Severity::High;
        self.disruptions.iter().filter(move |found| found.began.as_ref().is_some_and(high))
    }
}

/// Disruptions that began under High within the playbook's hours before now (M8).
#[must_use]
pub fn recent_under_high(at: At<'_>) -> Vec<&Disruption> {
    let hours = i64::from(at.playbook().assessment.lowering_after_disruption_hours);
    let window = SignedDuration::from_hours(hours);
    let recent = |found: &&Disruption| {
        found.began.as_ref().is_some_and(|began| at.now <= after(began.at, window))
    };
    at.case.part.disruption.under_high().filter(recent).collect()
}

pub(crate) fn decide(d: &mut Decision, command: &Command) -> Option<Result<(), Refusal>> {
    let decided = match command {
        Command::RequestDisruption(command) => decide::request(d, command),
        Command::RecordContact(command) => decide::contact(d, command),
        Command::AnswerDisruption(command) => decide::answer(d, command),
        Command::TeamVote(command) => decide::vote(d, command),
        Command::SettleDisruption(command) => decide::settle(d, command),
        Command::StartDisruption(command) => decide::start(d, command),
        Command::EndDisruption(command) => decide::end(d, command),
        Command::WithdrawDisruption(command) => decide::withdraw(d, command),
        Command::SendDisruptionNotice(command) => decide::notify(d, command),
        _ => return None,
    };
    Some(decided)
}

pub(crate) fn dues(_: At, _: &mut Vec<Due>) {}

/// For each disruption that waits: may it begin, by which rule?
pub(crate) fn permits(at: At, out: &mut Vec<Permit>) {
    let waiting = at.case.part.disruption.disruptions.iter().filter(|found| found.is_waiting());
    for found in waiting.filter(|_| !at.case.is_over()) {
        let consent = consent(at, found, at.severity(), at.now);
        out.push(Permit {
            command: "start_disruption",
            on: Some(found.id.clone()),
            rule: consent.rule,
            allowed: consent.go.then(|| consent.sentence.clone()),
            refused: (!consent.go).then(|| consent.refusal(&found.id)),
        });
    }
}

/// Who is asked, who answered, who is told.
pub(crate) fn tell(at: At, entry: &Entry, out: &mut Vec<Notice>) {
    let Some(id) = state::named(&entry.body).or(match &entry.body {
        Body::DisruptionRequested(requested) => Some(requested.disruption.as_str()),
        _ => None,
    }) else {
        return;
    };
    let Some(found) = at.case.part.disruption.find(id) else { return };
    let mut people: Vec<PersonId> = Vec::new();
    let deciders = || at.project().deciders().into_iter().cloned();
    let team = || at.case.part.commander.responders.keys().cloned();
    match &entry.body {
        Body::DisruptionRequested(requested) if requested.fact.is_none() => {
            people.extend(team());
            let policy = consent::policy(at, found.scope, at.severity());
            people.extend(team::others(at, found).into_iter().filter(|_| team::is_asked(at, policy)));
            people.extend(deciders().filter(|_| asks(at, found)));
        }
        Body::DeciderContacted(contacted) if contacted.outcome != payload::Outcome::NoAnswer => {
            people.push(contacted.decider.clone());
        }
        Body::DisruptionAnswered(_) | Body::TeamVoted(_) => {
            people.extend(found.requester().cloned());
            people.extend(at.case.ic().cloned());
        }
        Body::DisruptionStarted(_) | Body::DisruptionEnded(_) | Body::DisruptionSettled(_) => {
            people.extend(team());
            people.extend(deciders());
        }
        Body::DisruptionNoticeSent(sent) => {
            people.extend(team());
            people.extend(at.project().roster.iter().map(|member| member.person.clone()));
            out.extend(stakeholders(at, sent.outside));
        }
        _ => {}
    }
    let sees = |person: &PersonId| may_see(at.case, at.basis, &Actor::person(person, How::Session));
    people.retain(|person| entry.actor.as_person() != Some(person) && sees(person));
    people.sort();
    people.dedup();
    out.extend(people.into_iter().map(|person| Notice::entry(Recipient::Person(person))));
}

/// Whether the deciders are asked (R62, R66): not at High, and not where only the team
/// notices (X20).
fn asks(at: At, found: &Disruption) -> bool {
    let asked = match consent::policy(at, found.scope, at.severity()) {
        DisruptionPolicy::Free => false,
        DisruptionPolicy::Consult => on(Rule::R62),
        DisruptionPolicy::Agree => true,
    };
    asked && (found.project_impact || !on(Rule::X20))
}

/// Stakeholders who may read it; outsiders only from who speaks to them (X5).
fn stakeholders(at: At<'_>, outside: bool) -> impl Iterator<Item = Notice> {
    let may = hearers(at).filter(move |s| outside || !s.outside);
    may.map(|stakeholder| Notice::entry(Recipient::Stakeholder(stakeholder.id.clone())))
}

/// Stakeholders from outside who may hear of it.
fn outsiders<'a>(at: At<'a>) -> impl Iterator<Item = &'a Stakeholder> {
    hearers(at).filter(|stakeholder| stakeholder.outside)
}

/// Stakeholders whose limit allows the case's marking.
fn hearers<'a>(at: At<'a>) -> impl Iterator<Item = &'a Stakeholder> {
    let marking = at.case.marking();
    at.project().stakeholders.iter().filter(move |stakeholder| stakeholder.ceiling >= marking)
}
