//! Who commands and who responds. There is exactly one IC of record at each instant
//! from the first acknowledgement to the close (invariant 1).

mod answer;
mod ceremony;
mod handover;
mod judge;
mod moved;
mod posts;
mod silence;
mod solo;
mod takeover;
mod tell;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use jiff::Timestamp;

use crate::agenda::{Obligation, Permit};
use crate::at::At;
use crate::command::Command;
use crate::decide::{Decision, Refusal};
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::pulse::Due;
use crate::rule::Rule;

pub use answer::{Acknowledge, Acknowledged, Join, Joined, Leave, Left};
pub use handover::{
    AcceptHandover, BriefHandover, DeclineHandover, Handover, HandoverAccepted, HandoverBriefed,
    HandoverDeclined, HandoverLapsed, HandoverOffered, HandoverReadBack, HandoverWithdrawn,
    OfferHandover, OverlapEnded, ReadBack, Stage, WithdrawHandover,
};
pub(crate) use judge::judge;
pub(crate) use moved::moved_since;
pub use posts::{
    AssignRole, Held, IcWarned, Post, ReleaseRole, RoleAssigned, RoleReleased, StepOnIc,
    guard_step, may_speak_outside, note_step, only_voice_outside, step_on_ic,
};
pub use silence::{SayStillHere, StillHere, WentSilent};
pub use solo::{Alone, StayAlone, StaysAlone};
pub use takeover::{Asked, ConfirmTakeOver, TakeOver, TakeOverAsked, TakeOverOffered, TookOver};
pub(crate) use tell::{rung, tell};

/// A span of time in which one person was IC of record.
#[derive(Clone, Debug, PartialEq)]
pub struct Interval {
    /// The entry that began it.
    pub seq: u64,
    /// Who.
    pub ic: PersonId,
    /// From this instant on.
    pub from: Timestamp,
    /// Up to, not including; `None` while it lasts.
    pub until: Option<Timestamp>,
    /// How it began.
    pub how: Began,
}

/// How somebody came to command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Began {
    /// Answered first (R6).
    Answered,
    /// Answered after an IC who went silent.
    AfterSilence,
    /// Was handed command (X4).
    HandedOver,
    /// Took command, in two steps with a reason (X35).
    TookOver,
}

/// Somebody in the response.
#[derive(Clone, Debug, PartialEq)]
pub struct Responder {
    /// The entry that brought them in.
    pub seq: u64,
    /// Since when.
    pub since: Timestamp,
}

/// A time that somebody was in the response and then left it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stint {
    /// Who.
    pub person: PersonId,
    /// Since when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Who was IC when: without gap or overlap (R28).
    pub intervals: Vec<Interval>,
    /// The IC of record was not heard of since something rang; others are being called.
    pub silent_since: Option<Timestamp>,
    /// Something rang for the IC then, and no entry by them came after it.
    pub unanswered_since: Option<Timestamp>,
    /// How often the team was offered the take-over since then (X35).
    pub offered_rounds: u32,
    /// The IC did something since command came to them.
    pub heard_from_ic: bool,
    /// The entry with which a silent IC came back last.
    pub back_seq: Option<u64>,
    /// Who is in the response now, the IC included.
    pub responders: BTreeMap<PersonId, Responder>,
    /// Times in it that have ended, in order.
    pub stints: Vec<Stint>,
    /// Who was ever in it.
    pub ever: BTreeSet<PersonId>,
    /// Every hand-over, in order of the offers.
    pub handovers: Vec<Handover>,
    /// First steps of take-overs from the present IC.
    pub take_over_asked: Vec<Asked>,
    /// Who holds which other role.
    pub posts: Vec<Held>,
    /// Every naming for a role, by entry.
    pub named: Vec<Held>,
    /// When somebody was alone in the response (X3).
    pub alone: Vec<Alone>,
    /// Technical steps that were given to the IC (R16), by entry.
    pub ic_warned: Vec<(u64, Timestamp, IcWarned)>,
}

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        let at = entry.recorded_at;
        self.hear(entry);
        if let Some(person) = entry.actor.as_person() {
            self.act(person, entry);
        }
        match &entry.body {
            Body::WentSilent(silent) => self.silent_since = Some(silent.due_at),
            Body::TakeOverOffered(offered) => self.offered_rounds = offered.round,
            Body::HandoverLapsed(lapsed) => self.fail(lapsed.offer, Stage::Lapsed),
            Body::OverlapEnded(ended) => self.end_overlap(ended, entry),
            Body::RoleReleased(r) => self.lay_down(&r.person, Some(r.role)),
            Body::SentHome(sent) => self.part(&sent.person, at),
            Body::Restricted(restricted) => self.exclude(restricted.about_person.as_ref(), at),
            Body::ReportAdded(added) => self.exclude(added.report.about_person.as_ref(), at),
            Body::MergedFrom(merged) => self.exclude(merged.subject(), at),
            Body::IcWarned(warned) => {
                self.ic_warned
                    .push((entry.seq, entry.recorded_at, warned.clone()));
            }
            _ => {}
        }
        self.count(entry);
    }

    /// Whether the IC's answer is waited for: something rang for them, or they went silent.
    #[must_use]
    pub fn is_waited_for(&self) -> bool {
        self.silent_since.is_some() || self.unanswered_since.is_some()
    }

    /// What a person's entry does.
    fn act(&mut self, person: &PersonId, entry: &Entry) {
        let (seq, at) = (entry.seq, entry.recorded_at);
        match &entry.body {
            Body::Acknowledged(ack) if ack.take_over => {
                self.command_passes(person, Began::AfterSilence, entry);
            }
            Body::Acknowledged(_) => self.command_passes(person, Began::Answered, entry),
            Body::TookOver(_) => self.command_passes(person, Began::TookOver, entry),
            Body::Joined(_) => self.join(person, entry),
            Body::CallInAnswered(answer) if answer.accept => self.join(person, entry),
            Body::Confirmed(confirmed) => {
                for joined in &confirmed.joined {
                    self.join(joined, entry);
                }
            }
            Body::Left(_) => self.part(person, at),
            Body::HandoverOffered(offered) => {
                self.settle(person, offered.role);
                self.handovers
                    .push(Handover::offered(seq, at, person, offered));
            }
            Body::HandoverBriefed(briefed) => {
                if let Some(handover) = self.handover(briefed.offer) {
                    handover.blocks.extend(briefed.briefing.keys().cloned());
                }
            }
            Body::HandoverReadBack(read) => {
                if let Some(handover) = self.handover(read.offer) {
                    handover.read_back_at = Some(at);
                }
            }
            Body::HandoverAccepted(accepted) => self.accept(person, accepted, entry),
            Body::HandoverDeclined(declined) => self.fail(declined.offer, Stage::Declined),
            Body::HandoverWithdrawn(withdrawn) => self.withdraw(withdrawn.offer),
            Body::TakeOverAsked(_) => {
                let by = person.clone();
                self.take_over_asked.push(Asked { seq, by, at });
            }
            Body::RoleAssigned(assigned) => {
                let held = Held {
                    seq,
                    person: assigned.person.clone(),
                    role: assigned.role,
                    scope: assigned.scope.clone(),
                    since: at,
                };
                self.named.push(held.clone());
                self.give(held);
            }
            _ => {}
        }
    }

    /// One entry ends one interval and starts the next (R28).
    fn command_passes(&mut self, to: &PersonId, how: Began, entry: &Entry) {
        if let Some(last) = self.intervals.last_mut() {
            last.until = Some(entry.recorded_at);
        }
        self.intervals.push(Interval {
            seq: entry.seq,
            ic: to.clone(),
            from: entry.recorded_at,
            until: None,
            how,
        });
        self.silent_since = None;
        self.unanswered_since = None;
        self.offered_rounds = 0;
        self.heard_from_ic = how == Began::HandedOver || how == Began::TookOver;
        self.take_over_asked.clear();
        for handover in &mut self.handovers {
            if handover.role == Post::IncidentCommander {
                if handover.is_pending() {
                    handover.failed = Some(Stage::Overtaken);
                }
                handover.settled = true;
            }
        }
        self.lay_down(to, Some(Post::Deputy));
        self.join(to, entry);
    }

    fn join(&mut self, person: &PersonId, entry: &Entry) {
        let (seq, since) = (entry.seq, entry.recorded_at);
        self.ever.insert(person.clone());
        self.responders
            .entry(person.clone())
            .or_insert(Responder { seq, since });
    }

    /// Somebody is no longer in the response, and lays down what they had.
    fn part(&mut self, person: &PersonId, until: Timestamp) {
        if let Some(Responder { since: from, .. }) = self.responders.remove(person) {
            let person = person.clone();
            self.stints.push(Stint { person, from, until });
        }
        self.lay_down(person, None);
    }

    /// Whom the case turns out to be about is out of it at once (M23). The IC never is: that
    /// was refused.
    fn exclude(&mut self, subject: Option<&PersonId>, at: Timestamp) {
        let Some(subject) = subject.filter(|subject| Some(*subject) != self.ic()).cloned() else {
            return;
        };
        self.part(&subject, at);
        for handover in self.handovers.iter_mut().filter(|handover| handover.is_pending()) {
            if handover.to == subject || handover.from == subject {
                handover.failed = Some(Stage::Overtaken);
                handover.settled = true;
            }
        }
    }

    fn lay_down(&mut self, person: &PersonId, role: Option<Post>) {
        let gone =
            |held: &Held| &held.person == person && role.is_none_or(|role| held.role == role);
        self.posts.retain(|held| !gone(held));
    }

    fn handover(&mut self, offer: u64) -> Option<&mut Handover> {
        self.handovers.iter_mut().find(|h| h.seq == offer)
    }

    /// An older offer that failed is settled by a new one.
    fn settle(&mut self, from: &PersonId, role: Post) {
        for handover in &mut self.handovers {
            handover.settled |= &handover.from == from && handover.role == role;
        }
    }

    fn fail(&mut self, offer: u64, how: Stage) {
        if let Some(handover) = self.handover(offer) {
            handover.failed = Some(how);
        }
    }

    fn withdraw(&mut self, offer: u64) {
        if let Some(handover) = self.handover(offer) {
            handover.failed.get_or_insert(Stage::Withdrawn);
            handover.settled = true;
        }
    }

    /// The role moves, and the overlap begins.
    fn accept(&mut self, to: &PersonId, accepted: &HandoverAccepted, entry: &Entry) {
        if let Some(handover) = self.handover(accepted.offer) {
            handover.accepted = Some((entry.seq, entry.recorded_at));
        }
        match accepted.role {
            Post::IncidentCommander => self.command_passes(to, Began::HandedOver, entry),
            role => {
                self.join(to, entry);
                if role != Post::Responder {
                    let held = Held {
                        seq: entry.seq,
                        person: to.clone(),
                        role,
                        scope: None,
                        since: entry.recorded_at,
                    };
                    self.named.push(held.clone());
                    self.give(held);
                }
            }
        }
    }

    /// The old holder is free; one who gave their own part away goes home.
    fn end_overlap(&mut self, ended: &OverlapEnded, entry: &Entry) {
        let Some(handover) = self.handover(ended.offer) else {
            return;
        };
        handover.overlap_until = Some(entry.recorded_at);
        if handover.role == Post::Responder && self.ic() != Some(&ended.from) {
            self.part(&ended.from, entry.recorded_at);
        }
    }

    /// The IC of record now.
    #[must_use]
    pub fn ic(&self) -> Option<&PersonId> {
        self.intervals
            .last()
            .filter(|i| i.until.is_none())
            .map(|i| &i.ic)
    }
}

/// Whether the person may command: on the response team, or called instead of it to a
/// restricted case; never the one it is about (R6, M23).
#[must_use]
pub fn may_command(at: At, person: &PersonId) -> bool {
    let secrecy = &at.case.part.secrecy;
    let chain = &at.basis.project.second_chain;
    let stands_in = || crate::chapters::calling::team(at).contains(person);
    secrecy.subject.as_ref() != Some(person)
        && (at.project().has_role(person, crate::basis::Role::Responder)
            || (secrecy.restricted && (chain.contains(person) || stands_in())))
}

/// Who else could be called to this case, besides those who are in it.
pub(crate) fn others(at: At) -> Vec<PersonId> {
    let responders = &at.case.part.commander.responders;
    let mut team = crate::chapters::calling::team(at);
    team.retain(|person| !responders.contains_key(person));
    team
}

fn over() -> Refusal {
    Refusal::conflict(
        "This case is over.",
        "Reopen it with a reason if it is not.",
    )
}

pub(crate) fn decide(d: &mut Decision, command: &Command) -> Option<Result<(), Refusal>> {
    Some(match command {
        Command::Acknowledge(ack) => answer::acknowledge(d, ack),
        Command::Join(_) => answer::join(d),
        Command::Leave(_) => answer::leave(d),
        Command::StillHere(_) => answer::still_here(d),
        Command::OfferHandover(offer) => ceremony::offer(d, offer),
        Command::BriefHandover(brief) => ceremony::brief(d, brief),
        Command::ReadBack(read) => ceremony::read_back(d, read),
        Command::AcceptHandover(accept) => ceremony::accept(d, accept),
        Command::DeclineHandover(decline) => ceremony::decline(d, decline),
        Command::WithdrawHandover(withdraw) => ceremony::withdraw(d, withdraw),
        Command::TakeOver(take) => takeover::ask(d, take),
        Command::ConfirmTakeOver(_) => takeover::confirm(d),
        Command::AssignRole(assign) => posts::assign(d, assign),
        Command::ReleaseRole(release) => posts::release(d, release),
        Command::StayAlone(stay) => solo::stay_alone(d, stay),
        _ => return None,
    })
}

pub(crate) fn owes(at: At, out: &mut Vec<Obligation>) {
    silence::owes(at, out);
    solo::owes(at, out);
    ceremony::owes(at, out);
    moved::owes(at, out);
}

pub(crate) fn dues(at: At, out: &mut Vec<Due>) {
    silence::dues(at, out);
    takeover::dues(at, out);
    ceremony::dues(at, out);
}

/// Everybody sees whether command can be taken from the IC, and how.
pub(crate) fn permits(at: At, out: &mut Vec<Permit>) {
    let commander = &at.case.part.commander;
    let Some(last) = commander.intervals.last().filter(|_| !at.case.is_over()) else {
        return;
    };
    let quiet = commander.silent_since.or(commander.unanswered_since);
    let allowed = match quiet {
        Some(since) => {
            let since = crate::moment::said(since);
            alloc::format!("{} was not heard of since {since}.", last.ic)
        }
        None => alloc::format!(
            "{} has it since {}; taking it needs a reason.",
            last.ic,
            crate::moment::said(last.from)
        ),
    };
    out.push(Permit {
        command: "take_over",
        on: None,
        rule: Rule::X35,
        allowed: Some(allowed),
        refused: None,
    });
}
