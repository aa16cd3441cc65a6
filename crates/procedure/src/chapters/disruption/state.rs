//! Disruptions as they stand.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;

use super::payload::{Answer, DisruptionRequested, Outcome, Route, Scope};
use crate::actor::Who;
use crate::entry::{Body, Entry};
use crate::id::{AssetId, PersonId};
use crate::playbook::Severity;
use crate::rule::Rule;
use crate::text::Text;

/// One attempt to reach a decider.
#[derive(Clone, Debug, PartialEq)]
pub struct Contact {
    /// The entry.
    pub seq: u64,
    /// When, as was said; never before it was asked for.
    pub at: Timestamp,
    /// When it was written down.
    pub recorded_at: Timestamp,
    /// By whom.
    pub by: Who,
    /// Whom.
    pub decider: PersonId,
    /// By which way.
    pub route: Route,
}

/// What a decider said.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub decider: PersonId,
    /// What.
    pub answer: Answer,
    /// Why; a dissent stays on record (M4).
    pub reason: Option<Text>,
    /// Somebody else wrote it down in their name.
    pub reported: bool,
}

/// What a responder thinks of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Vote {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub person: PersonId,
    /// For it.
    pub agree: bool,
    /// Why, or why not.
    pub reason: Option<Text>,
}

/// How the IC decided a split.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Go ahead, or not.
    pub go: bool,
}

/// How it began.
#[derive(Clone, Debug, PartialEq)]
pub struct Began {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Who,
    /// Under which severity (M8).
    pub severity: Severity,
    /// The rule that allowed it, if one did.
    pub allowed_by: Option<Rule>,
    /// Nobody else of the team had said yes (M16).
    pub one_person: bool,
    /// Who decided about disruptions at that instant.
    pub deciders: Option<BTreeSet<PersonId>>,
}

/// A disruption as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Disruption {
    /// Its number in the case, such as `D-1`.
    pub id: String,
    /// The entry that asked for it.
    pub seq: u64,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// When the case was reopened while it waited: what was said and tried before counts no more.
    pub asked_anew: Option<Timestamp>,
    /// By whom.
    pub by: Who,
    /// The severity at that instant (R59).
    pub severity: Severity,
    /// What is to be done.
    pub text: Text,
    /// How much of the service.
    pub scope: Scope,
    /// How long it is expected to last.
    pub expected_minutes: Option<u32>,
    /// What may go wrong if it is done.
    pub risk_of_acting: Option<Text>,
    /// What may go wrong if it is not.
    pub risk_of_waiting: Option<Text>,
    /// People outside the team notice it (X20).
    pub project_impact: bool,
    /// What is disrupted.
    pub assets: BTreeSet<AssetId>,
    /// Steps that cause it.
    pub steps: BTreeSet<String>,
    /// Every attempt to reach a decider.
    pub contacts: Vec<Contact>,
    /// Every reply of a decider.
    pub replies: Vec<Reply>,
    /// What responders think.
    pub votes: Vec<Vote>,
    /// How the IC decided a split.
    pub settled: Option<Settled>,
    /// How it began.
    pub began: Option<Began>,
    /// When it ended, by which entry.
    pub ended: Option<(Timestamp, u64)>,
    /// When it was withdrawn, by which entry.
    pub withdrawn: Option<(Timestamp, u64)>,
    /// Notices about it that left nobody out: when, by whom, which entry.
    pub notices: Vec<(Timestamp, Who, u64)>,
}

impl Disruption {
    pub(super) fn new(entry: &Entry, requested: &DisruptionRequested) -> Self {
        let requested = requested.clone();
        Self {
            id: requested.disruption,
            seq: entry.seq,
            requested_at: entry.recorded_at,
            asked_anew: None,
            by: entry.actor.who.clone(),
            severity: requested.severity,
            text: requested.text,
            scope: requested.scope,
            expected_minutes: requested.expected_minutes,
            risk_of_acting: requested.risk_of_acting,
            risk_of_waiting: requested.risk_of_waiting,
            project_impact: requested.project_impact,
            assets: requested.assets,
            steps: requested.steps,
            contacts: Vec::new(),
            replies: Vec::new(),
            votes: Vec::new(),
            settled: None,
            began: None,
            ended: None,
            withdrawn: None,
            notices: Vec::new(),
        }
    }

    pub(super) fn apply(&mut self, entry: &Entry) {
        let (seq, at, by) = (entry.seq, entry.recorded_at, entry.actor.who.clone());
        match &entry.body {
            Body::DeciderContacted(contacted) => {
                let (decider, route) = (contacted.decider.clone(), contacted.route);
                let tried = entry.time().max(self.asked_anew.unwrap_or(self.requested_at));
                let contact = Contact { seq, at: tried, recorded_at: at, by, decider: decider.clone(), route };
                self.contacts.push(contact);
                let answer = match contacted.outcome {
                    Outcome::NoAnswer => return,
                    Outcome::Reached => Answer::Later,
                    Outcome::Agreed => Answer::Yes,
                    Outcome::Declined => Answer::No,
                };
                let reason = contacted.reason.clone();
                self.replies.push(Reply { seq, at, decider, answer, reason, reported: true });
            }
            Body::DisruptionAnswered(answered) => {
                let (answer, reason) = (answered.answer, answered.reason.clone());
                let person = entry.actor.as_person().cloned();
                let reply = person.map(|decider| Reply { seq, at, decider, answer, reason, reported: false });
                self.replies.extend(reply);
            }
            Body::TeamVoted(voted) => {
                let (agree, reason) = (voted.agree, voted.reason.clone());
                let person = entry.actor.as_person().cloned();
                self.votes.extend(person.map(|person| Vote { seq, at, person, agree, reason }));
            }
            Body::DisruptionSettled(settled) => {
                self.settled = Some(Settled { seq, at, go: settled.go });
            }
            Body::DisruptionStarted(started) => {
                let at = if started.fact.is_some() { entry.time() } else { at };
                self.began = Some(Began {
                    seq,
                    at,
                    by,
                    severity: started.severity,
                    allowed_by: started.allowed_by,
                    one_person: started.one_person,
                    deciders: started.deciders.clone(),
                });
            }
            Body::DisruptionEnded(_) => self.ended = Some((entry.time(), seq)),
            Body::DisruptionWithdrawn(_) => self.withdrawn = Some((at, seq)),
            Body::DisruptionNoticeSent(sent) if sent.outside => self.notices.push((at, by, seq)),
            _ => {}
        }
    }

    /// The case was reopened while it waited: everybody is asked again (X37).
    pub(super) fn ask_anew(&mut self, entry: &Entry) {
        self.asked_anew = Some(entry.recorded_at);
        self.contacts.clear();
        self.replies.clear();
        self.votes.clear();
        self.settled = None;
    }

    /// Whether it was asked for and waits to begin.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.began.is_none() && self.withdrawn.is_none()
    }

    /// Whether it began and is not over.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        self.began.is_some() && self.ended.is_none()
    }

    /// Who asked for it, if a person did.
    #[must_use]
    pub fn requester(&self) -> Option<&PersonId> {
        match &self.by {
            Who::Person(person) => Some(person),
            _ => None,
        }
    }
}

/// The disruption that an entry is about.
pub(super) fn named(body: &Body) -> Option<&str> {
    match body {
        Body::DeciderContacted(contacted) => Some(&contacted.disruption),
        Body::DisruptionAnswered(answered) => Some(&answered.disruption),
        Body::TeamVoted(voted) => Some(&voted.disruption),
        Body::DisruptionSettled(settled) => Some(&settled.disruption),
        Body::DisruptionStarted(started) => Some(&started.disruption),
        Body::DisruptionEnded(ended) => Some(&ended.disruption),
        Body::DisruptionWithdrawn(withdrawn) => Some(&withdrawn.disruption),
        Body::DisruptionNoticeSent(sent) => Some(&sent.disruption),
        _ => None,
    }
}
