//! Calling people until somebody answers (R5, R25-R27), and calling in a team (R7).
//!
//! The walk through the contact sheet is not stored anywhere as a timer: who is called
//! next, and when, follows from the calls made so far and the sheet as it stands now.

mod call_in;
mod judge;
mod payload;
mod policy;
mod reporters;
mod tell;
mod walk;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;

use crate::agenda::{Obligation, Owner, Permit};
use crate::at::{At, after, minutes};
use crate::command::Command;
use crate::decide::{Decision, Refusal};
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::notice::Recipient;
use crate::on_call::Target;
use crate::project::{RouteTo, Routed};
use crate::rule::Rule;
use crate::switch::on;

pub use call_in::Invitation;
pub(crate) use judge::judge;
pub use payload::{
    AnswerCallIn, CallIn, CallInAnswered, Called, CalledIn, NoteUndelivered, PassOn, PassedOn,
    ReporterTold, RoundEnded, TellReporter, Undelivered,
};
pub(crate) use tell::tell;
pub(crate) use walk::dues;
pub use walk::next_call_at;

/// One call of the contact sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The entry.
    pub seq: u64,
    /// Who.
    pub person: PersonId,
    /// When it was made.
    pub at: Timestamp,
    /// In which round.
    pub round: u32,
    /// By which step of the project's own policy, from 0.
    pub step: Option<u32>,
}

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Who was paged at once because they were on call.
    pub paged: Vec<PersonId>,
    /// The pager address was used.
    pub pager: bool,
    /// Whom its alert's route calls first.
    pub routed_to: RouteTo,
    /// Every call of the sheet, in order.
    pub calls: Vec<Call>,
    /// The round that is being called, from 1.
    pub round: u32,
    /// When the last round ended unanswered.
    pub round_ended_at: Option<Timestamp>,
    /// Who passed it on; they are not skipped in the next round.
    pub passed: BTreeSet<PersonId>,
    /// When the last call was passed on or failed, which calls the next at once.
    pub passed_at: Option<Timestamp>,
    /// Where the calls of the present walk begin in `calls`.
    pub walk_from: usize,
    /// The first round of the present walk.
    pub walk_round: u32,
    /// Who could be reached by no route, since when.
    pub unreached: BTreeMap<Recipient, (u64, Timestamp)>,
    /// Reporters who were told in another way, by the number of their report, with the entry.
    pub told: BTreeMap<u32, u64>,
    /// Everybody who was asked into the response.
    pub invitations: Vec<Invitation>,
    /// Skills that were needed besides the playbook's (X7).
    pub needs: BTreeSet<String>,
}

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        match &entry.body {
            Body::Reported(reported) if self.round == 0 => {
                self.paged.clone_from(&reported.paged);
                self.pager = reported.pager;
                let routed = reported.routed.as_ref();
                self.routed_to = routed.map(|routed| routed.to.clone()).unwrap_or_default();
                self.round = 1;
                self.walk_round = 1;
            }
            Body::Called(called) => {
                self.round = called.round;
                self.passed_at = None;
                self.unreached
                    .remove(&Recipient::Person(called.person.clone()));
                self.calls.push(Call {
                    seq: entry.seq,
                    person: called.person.clone(),
                    at: entry.recorded_at,
                    round: called.round,
                    step: called.step,
                });
            }
            Body::RoundEnded(ended) => {
                self.round = ended.round + 1;
                self.round_ended_at = Some(entry.recorded_at);
                self.passed_at = None;
            }
            Body::Acknowledged(_) | Body::Joined(_) => self.reached(entry),
            Body::PassedOn(_) => {
                self.reached(entry);
                self.passed.extend(entry.actor.as_person().cloned());
                self.passed_at = Some(entry.recorded_at);
            }
            Body::WentSilent(_) => {
                self.walk_from = self.calls.len();
                self.round += 1;
                self.walk_round = self.round;
                self.round_ended_at = None;
                self.passed_at = None;
            }
            Body::Undelivered(undelivered) => self.fail(undelivered, entry),
            Body::ReporterTold(told) => {
                self.told.insert(told.report, entry.seq);
            }
            _ => {}
        }
        self.invite(entry);
    }

    /// Whoever answers was reached after all.
    fn reached(&mut self, entry: &Entry) {
        if let Some(person) = entry.actor.as_person() {
            self.unreached.remove(&Recipient::Person(person.clone()));
        }
    }

    /// A call that reached nobody calls the next at once.
    fn fail(&mut self, undelivered: &Undelivered, entry: &Entry) {
        if undelivered.more_routes {
            return;
        }
        let to = undelivered.to.clone();
        let last = self
            .walk()
            .last()
            .map(|call| Recipient::Person(call.person.clone()));
        if last.as_ref() == Some(&to) && self.round_ended_at.is_none_or(|at| at < self.last_at()) {
            self.passed_at = Some(entry.recorded_at);
        }
        self.unreached
            .entry(to)
            .or_insert((entry.seq, entry.recorded_at));
    }

    fn last_at(&self) -> Timestamp {
        self.walk().last().map_or(Timestamp::MIN, |call| call.at)
    }

    /// The calls of the walk that is going on.
    #[must_use]
    pub fn walk(&self) -> &[Call] {
        self.calls.get(self.walk_from..).unwrap_or_default()
    }

    /// When the last of the first routes failed, if all of them did (M17).
    #[must_use]
    pub fn first_routes_failed_at(&self) -> Option<Timestamp> {
        let people = self.paged.iter().cloned().map(Recipient::Person);
        let all = people.chain(self.pager.then_some(Recipient::Pager));
        let mut latest = None;
        for recipient in all {
            let (_, failed_at) = self.unreached.get(&recipient)?;
            latest = latest.max(Some(*failed_at));
        }
        latest
    }
}

/// Who is paged with the report: whoever is on call at that instant, and the pager
/// address (R5, R25). A restricted case goes to the second chain instead, never to a
/// shared address and never to the one it is about (M23).
///
/// Where an alert's route calls by a schedule, whoever is on call in that one is paged instead; where it calls by a policy,
/// its first step is called, which waits for nobody where nobody else was asked (M17).
#[must_use]
pub fn first_pages(
    at: At,
    routed: Option<&Routed>,
    restricted: bool,
    subject: Option<&PersonId>,
) -> (Vec<PersonId>, bool) {
    let chain = chain(at, restricted, subject);
    let project = at.project();
    let on_call = match routed.map(|routed| &routed.to).filter(|_| !restricted) {
        Some(RouteTo::Policy(id)) if project.schedules.policies.contains_key(id) => {
            return (Vec::new(), false);
        }
        Some(RouteTo::Schedule(id)) if project.schedules.all.contains_key(id) => {
            let mut people = Target::Schedule(id.clone()).people(project, at.now);
            people.retain(|person| Some(person) != subject);
            return (people, false);
        }
        _ if !on(Rule::R25) => Vec::new(),
        _ => project.on_call_at(at.now),
    };
    let callable = |person: &&PersonId| {
        Some(*person) != subject && (chain.is_empty() || chain.contains(person))
    };
    let mut paged: Vec<PersonId> = on_call.into_iter().filter(callable).cloned().collect();
    if paged.is_empty() {
        paged.extend(chain.first().cloned());
    }
    (paged, project.pager && !restricted)
}

/// The second chain of a restricted case, without the one it is about.
fn chain(at: At, restricted: bool, subject: Option<&PersonId>) -> Vec<PersonId> {
    let mut chain = at.basis.project.second_chain.clone();
    chain.retain(|person| restricted && Some(person) != subject);
    chain
}

/// The contact sheet as it stands now: responders in order, or the second chain of a
/// restricted case; never the one it is about, and others where that leaves nobody (M23).
#[must_use]
pub fn team(at: At) -> Vec<PersonId> {
    let secrecy = &at.case.part.secrecy;
    let subject = secrecy.subject.as_ref();
    at.project().call_order(secrecy.restricted, subject)
}

pub(crate) fn decide(d: &mut Decision, command: &Command) -> Option<Result<(), Refusal>> {
    Some(match command {
        Command::PassOn(_) => pass_on(d),
        Command::TellReporter(told) => reporters::told(d, told),
        Command::CallIn(call) => call_in::call_in(d, call),
        Command::AnswerCallIn(answer) => call_in::answer(d, answer),
        Command::NoteUndelivered(note) => {
            d.record(Undelivered {
                to: note.to.clone(),
                route: note.route,
                more_routes: note.more_routes,
            });
            Ok(())
        }
        _ => return None,
    })
}

fn pass_on(d: &mut Decision) -> Result<(), Refusal> {
    d.person()?;
    if !walk::is_on(d.at) {
        return Err(Refusal::conflict(
            "Somebody has it already.",
            "There is nothing to pass on; join as responder if you can help.",
        ));
    }
    d.record(PassedOn {});
    Ok(())
}

/// By when the team owes an answer, as long as nobody gave one: so many minutes after the report was recorded, however
/// the calls go meanwhile (R26, M17).
#[must_use]
pub fn answer_due(at: At) -> Option<Timestamp> {
    let unanswered = at.case.ic().is_none() && at.case.is_active();
    let reported_at = at.case.part.intake.reported_at().filter(|_| unanswered)?;
    Some(after(reported_at, minutes(at.playbook().alarm.ack_limit_minutes)))
}

/// Until somebody answers, the whole team owes an answer (R26); so does whoever is asked in.
pub(crate) fn owes(at: At, out: &mut Vec<Obligation>) {
    if let Some(reported_at) = at.case.part.intake.reported_at()
        && let Some(due) = answer_due(at)
        && on(Rule::R26)
    {
        let mut owed = Obligation::owed(
            Rule::R26,
            "acknowledge",
            Owner::Team,
            reported_at,
            "Take it, or pass it on.",
        )
        .settled_by("acknowledge");
        owed.due = Some(due);
        out.push(owed);
    }
    call_in::owes(at, out);
    reporters::owes(at, out);
}

pub(crate) fn permits(_: At, _: &mut Vec<Permit>) {}
