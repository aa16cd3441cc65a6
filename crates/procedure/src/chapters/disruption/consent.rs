//! May it begin now? The severity in force at that instant decides whom to ask (M3, M4, M8).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;

use super::contact;
use super::payload::{Answer, Route, Scope};
use super::state::{Disruption, Reply};
use super::team;
use crate::at::{At, after, minutes};
use crate::decide::Refusal;
use crate::id::PersonId;
use crate::playbook::{DisruptionPolicy, Severity};
use crate::rule::Rule;
use crate::switch::on;

/// Whether a disruption may begin, by which rule, and what would make it a yes.
#[derive(Clone, Debug, PartialEq)]
pub struct Consent {
    /// The rule that says so.
    pub rule: Rule,
    /// It may begin.
    pub go: bool,
    /// Somebody's no stopped it; waiting does not help.
    pub stopped: bool,
    /// Why, in one sentence.
    pub sentence: String,
    /// What would make it a yes.
    pub yes_when: String,
    /// When time alone will allow it, if nobody says anything until then (R65).
    pub unlocks_at: Option<Timestamp>,
}

impl Consent {
    fn go(rule: Rule, sentence: impl Into<String>) -> Self {
        let (sentence, yes_when) = (sentence.into(), String::new());
        Self { rule, go: true, stopped: false, sentence, yes_when, unlocks_at: None }
    }

    pub(super) fn wait(rule: Rule, sentence: impl Into<String>, yes_when: impl Into<String>) -> Self {
        let (sentence, yes_when) = (sentence.into(), yes_when.into());
        Self { rule, go: false, stopped: false, sentence, yes_when, unlocks_at: None }
    }

    pub(super) fn stop(rule: Rule, sentence: impl Into<String>) -> Self {
        let yes_when = "Isolate instead, ask again when the facts have changed, or escalate: if this \
                        is High, raise the severity and act.";
        Self { stopped: true, ..Self::wait(rule, sentence, yes_when) }
    }

    pub(super) fn until(self, at: Timestamp) -> Self {
        Self { unlocks_at: Some(at), ..self }
    }

    /// The same as a refusal: at Medium and Low "this is High, act now" is always offered (M7),
    /// and what those who are asked would give.
    #[must_use]
    pub fn refusal(&self, disruption: &str) -> Refusal {
        let refusal = Refusal::rule(self.rule, self.sentence.clone(), self.yes_when.clone());
        let refusal = Refusal { high_would_allow: true, ..refusal };
        let with = match self.rule {
            _ if self.stopped => return refusal,
            Rule::X20 => "team_vote",
            Rule::R62 | Rule::R63 | Rule::R65 => "record_contact",
            _ => "answer_disruption",
        };
        refusal.settled_by(with, Some(disruption))
    }
}

/// The policy for a disruption under a severity. Each rule acts at one place, here.
pub(super) fn policy(at: At, scope: Scope, severity: Severity) -> DisruptionPolicy {
    let policy = at.playbook().severities.policy(severity).disruption;
    match policy {
        DisruptionPolicy::Free if !on(Rule::R60) => DisruptionPolicy::Consult,
        DisruptionPolicy::Free if scope == Scope::Complete && !on(Rule::R93) => {
            DisruptionPolicy::Consult
        }
        DisruptionPolicy::Consult if !on(Rule::R98) => DisruptionPolicy::Free,
        DisruptionPolicy::Agree if !on(Rule::R102) => DisruptionPolicy::Free,
        DisruptionPolicy::Agree if !on(Rule::R66) => DisruptionPolicy::Consult,
        policy => policy,
    }
}

/// Whether the disruption may begin at `when` under that severity.
#[must_use]
pub fn consent(at: At, d: &Disruption, severity: Severity, when: Timestamp) -> Consent {
    let policy = policy(at, d.scope, severity);
    if policy == DisruptionPolicy::Free {
        let rule = if d.scope == Scope::Complete { Rule::R93 } else { Rule::R60 };
        return Consent::go(rule, match severity {
            Severity::Unknown => "Allowed: the severity is not assessed yet. Act, then tell.",
            _ => "Allowed: High. Act, then tell.",
        });
    }
    let low = policy == DisruptionPolicy::Agree;
    if team::is_asked(at, policy) {
        if let Some(waits) = team::agrees(at, d, low, when) {
            return waits;
        }
        if !d.project_impact {
            return Consent::go(Rule::X20, "The team agrees, and nobody outside it notices.");
        }
    }
    let stances = Stances::of(at, d, low, when);
    if low { agreed(&stances) } else { consulted(at, d, &stances, when) }
}

/// Where one of those who decide stands, for whoever waits for them.
#[derive(Clone, Debug, PartialEq)]
pub struct Stand {
    /// Who.
    pub person: PersonId,
    /// What they said last, if anything.
    pub reply: Option<Reply>,
    /// They are the IC, or asked for it: that counts as a yes (M4).
    pub involved: bool,
    /// When they were written to first.
    pub written: Option<Timestamp>,
    /// When they were telephoned first.
    pub called: Option<Timestamp>,
    /// There is a number to telephone.
    pub has_phone: bool,
}

/// Where everybody who decides stands now; nobody where nobody is asked.
#[must_use]
pub fn stands(at: At, d: &Disruption) -> Vec<Stand> {
    if policy(at, d.scope, at.severity()) == DisruptionPolicy::Free || !d.project_impact {
        return Vec::new();
    }
    let subject = at.case.part.secrecy.subject.as_ref();
    let deciders = at.project().deciders().into_iter();
    let stand = |person: &PersonId| {
        let tried = |phone: bool| {
            let theirs = d.contacts.iter().filter(|c| &c.decider == person);
            let by = theirs.filter(|c| (c.route == Route::Phone) == phone);
            by.map(|c| contact::counts_from(at, d, c)).min()
        };
        Stand {
            person: person.clone(),
            reply: last_reply(d, person, at.now).cloned(),
            involved: Some(person) == d.requester() || Some(person) == at.case.ic(),
            written: tried(false),
            called: tried(true),
            has_phone: contact::has_phone(at, person),
        }
    };
    deciders.filter(|person| Some(*person) != subject).map(stand).collect()
}

/// Whom a severity asks before a disruption of that scope.
#[must_use]
pub fn asks_whom(at: At, scope: Scope) -> DisruptionPolicy {
    policy(at, scope, at.severity())
}

/// What each decider stands for at an instant.
struct Stances {
    all: Vec<PersonId>,
    yes: Vec<PersonId>,
    no: Vec<PersonId>,
    /// Replied without deciding, and until when that counts (M3).
    later: Vec<(PersonId, Timestamp)>,
    silent: Vec<PersonId>,
}

impl Stances {
    fn of(at: At, d: &Disruption, low: bool, when: Timestamp) -> Self {
        let subject = at.case.part.secrecy.subject.as_ref();
        let deciders = at.project().deciders().into_iter();
        let all: Vec<PersonId> =
            deciders.filter(|person| Some(*person) != subject).cloned().collect();
        let mut stances = Self {
            all: all.clone(),
            yes: Vec::new(),
            no: Vec::new(),
            later: Vec::new(),
            silent: Vec::new(),
        };
        let limit = minutes(at.under(d.seq).playbook().disruption.consult_limit_minutes);
        for person in all {
            let involved = Some(&person) == d.requester() || Some(&person) == at.case.ic();
            match last_reply(d, &person, when) {
                Some(reply) if reply.answer == Answer::Yes => stances.yes.push(person),
                Some(reply) if reply.answer == Answer::No => stances.no.push(person),
                Some(reply) if low || when < after(reply.at, limit) => {
                    stances.later.push((person, after(reply.at, limit)));
                }
                Some(_) => stances.silent.push(person),
                None if involved => stances.yes.push(person),
                None => stances.silent.push(person),
            }
        }
        stances
    }
}

/// What a decider said last. A yes that somebody else wrote down does not outweigh the
/// decider's own no: they take that back themselves.
fn last_reply<'a>(d: &'a Disruption, person: &PersonId, when: Timestamp) -> Option<&'a Reply> {
    let theirs = || d.replies.iter().rev().filter(|r| &r.decider == person && r.at <= when);
    let own = theirs().find(|reply| !reply.reported);
    let refuses = own.is_some_and(|reply| reply.answer == Answer::No);
    theirs().find(|reply| !(refuses && reply.reported && reply.answer == Answer::Yes))
}

/// Low: everybody agrees, or nothing is done, however long it takes (R66).
fn agreed(stances: &Stances) -> Consent {
    if stances.all.is_empty() {
        let yes_when = "Name in the project who decides; time alone changes nothing.";
        return Consent::wait(Rule::R66, "Nobody is named to decide.", yes_when);
    }
    if let Some(person) = stances.no.first() {
        return Consent::stop(Rule::R66, format!("{person} said no."));
    }
    let waiting = stances.later.iter().map(|(person, _)| person).chain(&stances.silent).next();
    match waiting {
        Some(person) => Consent::wait(
            Rule::R66,
            format!("{person} has not agreed, and at Low nothing is done without."),
            "Wait for the agreement of everybody asked; time alone changes nothing.",
        ),
        None => Consent::go(Rule::R66, "Everybody asked has agreed."),
    }
}

/// Medium: a joint decision that leans to acting (R64), or an hour of silence (R65).
fn consulted(at: At, d: &Disruption, stances: &Stances, when: Timestamp) -> Consent {
    let Stances { yes, no, later, .. } = stances;
    if yes.is_empty() && !no.is_empty() {
        return Consent::stop(Rule::R64, "Everybody who decided said no.");
    }
    if yes.is_empty() {
        return unanswered(at, d, stances, when);
    }
    if let Some((person, until)) = later.first() {
        let waits = Consent::wait(
            Rule::R64,
            format!("{person} replied and has not decided."),
            "Help them weigh it; without a decision it goes on in an hour from the reply.",
        );
        return waits.until(*until);
    }
    if let Some(untried) = stances.silent.iter().find(|person| !tried(at, d, person, when)) {
        return ask(at, d, untried, when);
    }
    joint(at, d, stances, when)
}

/// The reachable have answered, one of them with yes.
fn joint(at: At, d: &Disruption, stances: &Stances, when: Timestamp) -> Consent {
    let unanimous = stances.no.is_empty() && stances.silent.is_empty();
    if unanimous {
        return Consent::go(Rule::R64, "The deciders said yes.");
    }
    let settled = d.settled.as_ref().filter(|settled| settled.at <= when);
    match settled {
        Some(settled) if settled.go => Consent::go(Rule::R64, "The IC decided to go ahead."),
        Some(_) => Consent::stop(Rule::R64, "The IC decided against it."),
        None if at.playbook().disruption.bias_to_go && on(Rule::R64) => Consent::go(
            Rule::R64,
            if stances.no.is_empty() {
                "Those who can be reached said yes; the silence of the others leans to acting (bias)."
            } else {
                "The deciders are split, which leans to acting (bias); the IC may decide otherwise."
            },
        ),
        None => Consent::wait(
            Rule::R64,
            "The deciders are not of one mind.",
            "Let the IC decide.",
        ),
    }
}

/// Nobody has decided: an hour after everybody was tried by two routes it may go on (R65).
fn unanswered(at: At, d: &Disruption, stances: &Stances, when: Timestamp) -> Consent {
    let limit = minutes(at.under(d.seq).playbook().disruption.consult_limit_minutes);
    let untried = stances.silent.iter().find(|person| !tried(at, d, person, when));
    if let Some(person) = untried {
        return ask(at, d, person, when);
    }
    let silent = stances.silent.iter().filter_map(|person| hour_from(at, d, person, when));
    let replied = stances.later.iter().map(|(_, until)| *until);
    let unlocks = silent.map(|from| after(from, limit)).chain(replied).max();
    let unlocks = unlocks.unwrap_or_else(|| after(team::asked_since(at, d), limit));
    if when >= unlocks && on(Rule::R65) {
        let sentence = "Nobody could be reached for the time agreed.";
        return Consent::go(Rule::R65, sentence).until(unlocks);
    }
    let waits = if stances.all.is_empty() {
        Consent::wait(
            Rule::R65,
            "Nobody is named to decide.",
            "Name deciders in the project; else the time of waiting has to pass.",
        )
    } else {
        Consent::wait(
            Rule::R65,
            "No decider has decided, and the time of waiting is not over.",
            "Go on trying; once it is over the team may act without them.",
        )
    };
    waits.until(unlocks)
}

/// When the hour of a silent decider began: at the attempts, or anew at a reply (M3).
fn hour_from(at: At, d: &Disruption, person: &PersonId, when: Timestamp) -> Option<Timestamp> {
    let reply = d.replies.iter().filter(|r| &r.decider == person && r.at <= when);
    let reply = reply.map(|reply| reply.at).max();
    contact::hour_from(at, d, person, when).max(reply)
}

/// A decider who replied once was reached, and needs no second route.
fn tried(at: At, d: &Disruption, person: &PersonId, when: Timestamp) -> bool {
    hour_from(at, d, person, when).is_some()
}

/// Somebody was not tried by two routes.
fn ask(at: At, d: &Disruption, person: &PersonId, when: Timestamp) -> Consent {
    let within = at.under(d.seq).playbook().disruption.phone_within_minutes;
    let messaged = d.contacts.iter().any(|c| &c.decider == person && contact::counts_from(at, d, c) <= when);
    if messaged {
        return Consent::wait(
            Rule::R63,
            format!("{person} was not tried by message and telephone within {within} minutes."),
            format!("Write and telephone {person}; silence counts only after both."),
        );
    }
    Consent::wait(
        Rule::R62,
        format!("{person} has not heard of the plan."),
        format!("Write to {person}, and telephone within {within} minutes."),
    )
}
