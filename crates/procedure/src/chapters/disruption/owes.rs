//! What is owed about a disruption: asking, telephoning, answering, telling, ending.

use alloc::format;
use alloc::vec::Vec;

use jiff::Timestamp;

use super::consent::{consent, policy};
use super::contact::{counts_from, has_phone};
use super::payload::Route;
use super::state::{Contact, Disruption};
use super::team;
use crate::agenda::{Level, Obligation, Owner, Prompt};
use crate::at::{At, after, minutes};
use crate::chapters::work::attempts;
use crate::id::PersonId;
use crate::playbook::{DisruptionPolicy, Severity};
use crate::rule::Rule;
use crate::switch::on;

pub(crate) fn owes(at: At, out: &mut Vec<Obligation>) {
    for d in &at.case.part.disruption.disruptions {
        if d.is_waiting() && at.case.is_active() {
            agreeing(at, d, out);
            asking(at, d, out);
            unlocking(at, d, out);
        }
        if d.began.is_some() {
            telling(at, d, out);
            ending(at, d, out);
        }
    }
}

/// The team is asked first (X20); whoever asked hears when one person is enough (M16).
fn agreeing(at: At, d: &Disruption, out: &mut Vec<Obligation>) {
    let consent = consent(at, d, at.severity(), at.now);
    if consent.rule != Rule::X20 || consent.go || consent.stopped {
        return;
    }
    let called_in = !team::in_response(at, d).is_empty();
    let owner = if called_in { Owner::Responders } else { Owner::Team };
    let since = team::asked_since(at, d);
    let what = format!("Say whether you agree to {}.", d.id);
    let mut owed = Obligation::owed(Rule::X20, team::key(d), owner.clone(), since, what);
    for ask in attempts(at, since) {
        let (level, to) = (Level::Reminder, owner.clone());
        owed = owed.prompt(Prompt { at: ask, level, to, audible: false });
    }
    let (level, to) = (Level::Reminder, d.requester().cloned().map_or(Owner::Ic, Owner::Person));
    let ends = team::patience_ends(at, d);
    let owed = owed.prompt(Prompt { at: ends, level, to, audible: false });
    out.push(owed.done_by(team::heard(at, d)).settled_by("team_vote"));
}

/// Deciders are written to, then telephoned, and owe an answer. Never held back by
/// business hours (M11).
fn asking(at: At, d: &Disruption, out: &mut Vec<Obligation>) {
    let policy = policy(at, d.scope, at.severity());
    let asked = d.project_impact || !on(Rule::X20);
    if policy == DisruptionPolicy::Free || !asked || consent(at, d, at.severity(), at.now).stopped {
        return;
    }
    let rule = if policy == DisruptionPolicy::Consult { Rule::R62 } else { Rule::R66 };
    let within = minutes(at.under(d.seq).playbook().disruption.phone_within_minutes);
    let since = team::asked_since(at, d);
    for person in unanswered(at, d) {
        let id = &d.id;
        let theirs: Vec<_> = d.contacts.iter().filter(|c| c.decider == *person).collect();
        if theirs.is_empty() && on(rule) {
            let what = format!("Tell {person} the plan of {id} and both risks.");
            let key = format!("ask:{id}:{person}");
            let owed = Obligation::owed(rule, key, Owner::Ic, since, what);
            out.push(owed.by(after(since, within)).settled_by("record_contact"));
        }
        let from = |contact: &Contact| counts_from(at, d, contact);
        let messages = theirs.iter().filter(|contact| contact.route != Route::Phone);
        let message = messages.map(|contact| from(contact)).min();
        let called = theirs.iter().any(|contact| contact.route == Route::Phone);
        if let Some(message) = message.filter(|_| !called && has_phone(at, person) && on(Rule::R63)) {
            let what = format!("Telephone {person} about {id}: no answer so far.");
            let key = format!("phone:{id}:{person}");
            let owed = Obligation::owed(Rule::R63, key, Owner::Ic, message, what);
            out.push(owed.by(after(message, within)).settled_by("record_contact"));
        }
        if !on(rule) {
            continue;
        }
        let what = format!("Say yes or no to {id}, with a reason.");
        let owner = Owner::Person(person.clone());
        let owed = Obligation::owed(rule, format!("answer:{id}:{person}"), owner, since, what);
        // Whoever was not asked when it was asked for hears of it now.
        let owed = if since > d.requested_at { owed.remind(since) } else { owed };
        out.push(owed.settled_by("answer_disruption"));
    }
}

/// The IC hears when silence has lasted for long enough (R65).
fn unlocking(at: At, d: &Disruption, out: &mut Vec<Obligation>) {
    let consent = consent(at, d, at.severity(), at.now);
    let silence = consent.rule == Rule::R65 && on(Rule::R65);
    let Some(unlocks) = consent.unlocks_at.filter(|_| silence) else {
        return;
    };
    let what = format!("{} may begin if nobody has said no by now: look at it again.", d.id);
    let key = format!("unlock:{}:{}", d.id, unlocks.as_second());
    let limit = minutes(at.under(d.seq).playbook().disruption.consult_limit_minutes);
    let since = after(unlocks, -limit).max(d.requested_at);
    let owed = Obligation::owed(consent.rule, key, Owner::Ic, since, what);
    out.push(owed.remind(unlocks).settled_by("start_disruption"));
}

/// Deciders who have said neither yes nor no.
fn unanswered<'a>(at: At<'a>, d: &'a Disruption) -> impl Iterator<Item = &'a PersonId> {
    let ic = at.case.ic();
    let silent = move |person: &&PersonId| {
        let replied = d.replies.iter().any(|reply| &reply.decider == *person);
        !replied && Some(*person) != ic && Some(*person) != d.requester()
    };
    at.project().deciders().into_iter().filter(silent)
}

/// By when a disruption under High is to be told (R61).
pub(super) fn notice_due(at: At, began: Timestamp) -> Timestamp {
    after(began, minutes(at.when(began).playbook().disruption.notice_due_minutes))
}

/// Whether it began without asking anybody, so that it is told afterwards (R61).
pub(super) fn told_afterwards(d: &Disruption) -> Option<Timestamp> {
    let began = d.began.as_ref()?;
    let free = matches!(began.severity, Severity::High | Severity::Unknown);
    free.then_some(began.at)
}

fn telling(at: At, d: &Disruption, out: &mut Vec<Obligation>) {
    let Some(began) = told_afterwards(d).filter(|_| d.notices.is_empty() && on(Rule::R61)) else {
        return;
    };
    if at.case.is_over() {
        return;
    }
    let what = format!("Tell people about {}, as soon as you can.", d.id);
    let owed = Obligation::owed(Rule::R61, format!("notice:{}", d.id), Owner::Ic, began, what);
    out.push(owed.by(notice_due(at, began)).settled_by("send_disruption_notice"));
}

/// It lasts longer than was said.
fn ending(at: At, d: &Disruption, out: &mut Vec<Obligation>) {
    let expected = d.expected_minutes.filter(|_| d.ended.is_none() && at.case.is_active());
    let Some((began, expected)) = d.began.as_ref().zip(expected) else { return };
    let what = format!("Say when {} is over, or how long it still lasts.", d.id);
    let owed = Obligation::owed(Rule::R59, format!("end:{}", d.id), Owner::Ic, began.at, what);
    out.push(owed.by(after(began.at, minutes(expected))).settled_by("end_disruption"));
}
