//! How the rules of disruption are judged.

use alloc::format;
use alloc::vec::Vec;

use jiff::Timestamp;

use super::consent::consent;
use super::contact::{counts_from, has_phone};
use super::owes::{notice_due, told_afterwards};
use super::payload::{Answer, Route};
use super::state::{Began, Contact, Disruption, Reply, Vote};
use crate::actor::Who;
use crate::at::{At, after, minutes};
use crate::conformance::{Judged, Outcome};
use crate::id::PersonId;
use crate::playbook::Severity;
use crate::rule::Rule;

pub(crate) fn judge(rule: Rule, at: At) -> Option<Judged> {
    let judged = match rule {
        Rule::R59 => asked_for(at),
        Rule::R60 => high_acts_at_once(at),
        Rule::R61 => high_tells_afterwards(at),
        Rule::R62 => deciders_are_told(at),
        Rule::R63 => deciders_are_telephoned(at),
        Rule::R64 => leans_to_disruption(at),
        Rule::R65 => waits_one_hour(at),
        Rule::R66 => low_waits_for_agreement(at),
        Rule::R93 => high_may_stop_everything(at),
        Rule::R98 => medium_consults_first(at),
        Rule::R102 => low_avoids_degradation(at),
        Rule::X20 => team_agrees_first(at),
        _ => return None,
    };
    Some(judged)
}

fn all<'a>(at: At<'a>) -> impl Iterator<Item = &'a Disruption> {
    at.case.part.disruption.disruptions.iter()
}

/// The severity that counts for it: that of its beginning, while it waits the present one (M8).
fn severity(at: At, d: &Disruption) -> Severity {
    match &d.began {
        Some(began) => began.severity,
        None if d.withdrawn.is_some() => d.severity,
        None => at.severity(),
    }
}

fn under(at: At<'_>, of: Severity) -> impl Iterator<Item = &Disruption> {
    all(at).filter(move |d| severity(at, d) == of)
}

fn begun(began: &Began) -> Judged {
    Judged::done(began.at, &began.by, began.seq)
}

/// A disruption of that severity which nothing allowed.
fn against(at: At<'_>, of: Severity) -> Option<&Began> {
    let mut began = under(at, of).filter_map(|d| d.began.as_ref());
    began.find(|began| began.allowed_by.is_none())
}

fn deviated(at: At, rule: Rule, because: &str) -> Option<Judged> {
    at.case.part.record.deviation(rule).map(|deviation| deviation.judged(because))
}

fn asked_for(at: At) -> Judged {
    if let Some(judged) = deviated(at, Rule::R59, "A service was disrupted and nobody had asked.") {
        return judged;
    }
    let bare = |d: &&Disruption| {
        d.expected_minutes.is_none() || d.risk_of_acting.is_none() || d.risk_of_waiting.is_none()
    };
    match (all(at).find(bare), all(at).next()) {
        (Some(d), _) => Judged::missing(format!("{} does not say its length and both risks.", d.id))
            .shown_by(d.seq),
        (None, Some(d)) => Judged::done(d.requested_at, &d.by, d.seq),
        (None, None) => Judged::not_applicable("No disruption was needed."),
    }
}

fn allowed_by(at: At<'_>, rules: &[Rule]) -> Option<Judged> {
    let mut began = all(at).filter_map(|d| d.began.as_ref());
    began.find(|began| began.allowed_by.is_some_and(|rule| rules.contains(&rule))).map(begun)
}

fn high_acts_at_once(at: At) -> Judged {
    let judged = allowed_by(at, &[Rule::R60, Rule::R93]);
    judged.unwrap_or_else(|| Judged::not_applicable("Nothing was disrupted under High."))
}

fn high_may_stop_everything(at: At) -> Judged {
    let judged = allowed_by(at, &[Rule::R93]);
    judged.unwrap_or_else(|| Judged::not_applicable("No service was stopped altogether under High."))
}

/// The longest delay counts.
fn high_tells_afterwards(at: At) -> Judged {
    let mut worst: Option<(u64, Judged)> = None;
    for d in all(at) {
        let Some(began) = told_afterwards(d) else { continue };
        let first = d.notices.first();
        if first.is_none() && at.case.is_over() {
            return Judged::missing(format!("Nobody was told of {}.", d.id)).shown_by(d.seq);
        }
        let done = first.map(|(when, by, seq)| (*when, by, *seq));
        let judged = Judged::against(notice_due(at, began), done, at.now);
        let delay = match &judged.outcome {
            Outcome::Late { minutes, .. } => *minutes + 1,
            Outcome::Open { .. } => 1,
            _ => 0,
        };
        if worst.as_ref().is_none_or(|(known, _)| delay > *known) {
            worst = Some((delay, judged));
        }
    }
    match worst {
        Some((_, judged)) => judged,
        None => Judged::not_applicable("Nothing was disrupted under High."),
    }
}

/// When a decider first heard of it, by whom, and the entry.
fn heard(at: At, d: &Disruption, person: &PersonId) -> Option<(Timestamp, Who, u64)> {
    let contacts = d.contacts.iter().filter(|contact| &contact.decider == person);
    let contacts = contacts.map(|contact| (counts_from(at, d, contact), contact.by.clone(), contact.seq));
    let replies = d.replies.iter().filter(|reply| &reply.decider == person);
    let replies = replies.map(|reply| (reply.at, Who::Person(person.clone()), reply.seq));
    contacts.chain(replies).min_by_key(|(_, _, seq)| *seq)
}

fn asked<'a>(at: At<'a>, d: &'a Disruption) -> Vec<&'a PersonId> {
    // Whoever commanded when it began knew of it, whoever commands now.
    let mut intervals = at.case.part.commander.intervals.iter();
    let then = d.began.as_ref().and_then(|began| intervals.rfind(|i| i.seq < began.seq));
    let ic = then.map(|interval| &interval.ic).or(at.case.ic());
    let involved = |person: &&PersonId| Some(*person) == ic || Some(*person) == d.requester();
    let then = d.began.as_ref().and_then(|began| began.deciders.as_ref());
    let deciders = match then {
        Some(then) => then.iter().collect(),
        None => at.project().deciders(),
    };
    deciders.into_iter().filter(|person| !involved(person)).collect()
}

fn deciders_are_told(at: At) -> Judged {
    let mut last = None;
    for d in under(at, Severity::Medium).filter(|d| d.project_impact) {
        for person in asked(at, d) {
            match heard(at, d, person) {
                Some(heard) if d.began.as_ref().is_none_or(|began| heard.0 <= began.at) => {
                    last = last.max(Some(heard));
                }
                None if d.is_waiting() => return Judged::open(None).shown_by(d.seq),
                None if d.began.is_none() => {}
                _ => {
                    let because = format!("{person} was not told before {} began.", d.id);
                    return Judged::missing(because).shown_by(d.seq);
                }
            }
        }
    }
    match last {
        Some((when, by, seq)) => Judged::done(when, &by, seq),
        None => Judged::not_applicable("No decider had to be asked at Medium."),
    }
}

/// A message without answer is followed by a call within the playbook's minutes.
fn deciders_are_telephoned(at: At) -> Judged {
    let mut calls: Vec<Judged> = Vec::new();
    for d in under(at, Severity::Medium).filter(|d| d.project_impact) {
        let within = minutes(at.under(d.seq).playbook().disruption.phone_within_minutes);
        for person in asked(at, d).into_iter().filter(|person| has_phone(at, person)) {
            let theirs = || d.contacts.iter().filter(|contact| &contact.decider == person);
            let Some(message) = theirs().find(|contact| contact.route != Route::Phone) else {
                continue;
            };
            let from = |contact: &Contact| counts_from(at, d, contact);
            let due = after(from(message), within);
            let replied = d.replies.iter().any(|r| &r.decider == person && r.at <= due);
            let settled = d.began.as_ref().map(|began| began.at).or(d.withdrawn.map(|w| w.0));
            let call = theirs().find(|c| c.route == Route::Phone && from(c) >= from(message));
            let done = call.map(|call| (from(call), &call.by, call.seq));
            if call.is_some() || (!replied && settled.is_none_or(|settled| settled > due)) {
                calls.push(Judged::against(due, done, at.now).shown_by(message.seq));
            }
        }
    }
    let rank = |judged: &Judged| match &judged.outcome {
        Outcome::Late { minutes, .. } => *minutes + 1,
        Outcome::Open { .. } => 1,
        _ => 0,
    };
    let worst = calls.into_iter().max_by_key(rank);
    worst.unwrap_or_else(|| Judged::not_applicable("Nobody asked was silent for that long."))
}

fn decided(d: &Disruption) -> Option<&Reply> {
    d.replies.iter().rev().find(|reply| reply.answer != Answer::Later)
}

/// Shows what each decider said, also where somebody else wrote it down in their name.
fn with_answers(judged: Judged, d: &Disruption) -> Judged {
    let said = d.replies.iter().filter(|reply| reply.answer != Answer::Later);
    said.fold(judged, |judged, reply| judged.shown_by(reply.seq))
}

fn leans_to_disruption(at: At) -> Judged {
    if let Some(judged) = deviated(at, Rule::R64, "It began although the deciders had not agreed.") {
        return judged;
    }
    let Some((d, reply)) = under(at, Severity::Medium).find_map(|d| Some((d, decided(d)?))) else {
        return Judged::not_applicable("No decider answered at Medium.");
    };
    match &d.began {
        Some(began) => with_answers(begun(began), d),
        None if d.withdrawn.is_some() || consent(at, d, Severity::Medium, at.now).stopped => {
            Judged::done(reply.at, &Who::Person(reply.decider.clone()), reply.seq)
        }
        None => Judged::open(None).shown_by(reply.seq),
    }
}

fn waits_one_hour(at: At) -> Judged {
    if let Some(judged) = deviated(at, Rule::R65, "It began before the time of waiting was over.") {
        return judged;
    }
    if let Some(judged) = allowed_by(at, &[Rule::R65]) {
        return judged;
    }
    let waiting = under(at, Severity::Medium).find(|d| d.is_waiting() && decided(d).is_none());
    match waiting {
        Some(d) if d.project_impact => {
            Judged::open(consent(at, d, Severity::Medium, at.now).unlocks_at).shown_by(d.seq)
        }
        _ => Judged::not_applicable("Nobody had to wait for silent deciders."),
    }
}

/// How a disruption at this severity went: agreed before it began, or not.
fn agreed(at: At, of: Severity, against_it: &str) -> Judged {
    if let Some(began) = against(at, of) {
        return Judged::missing(against_it).shown_by(began.seq);
    }
    let began = under(at, of).find_map(|d| Some((d, d.began.as_ref()?)));
    match (began, under(at, of).find(|d| d.is_waiting())) {
        (Some((d, began)), _) => with_answers(begun(began), d),
        (None, Some(d)) => Judged::open(None).shown_by(d.seq),
        (None, None) => Judged::not_applicable(format!("Nothing was disrupted at {}.", of.word())),
    }
}

fn low_waits_for_agreement(at: At) -> Judged {
    agreed(at, Severity::Low, "It began without agreement.")
}

/// An unasked disruption at Low breaks this too.
fn low_avoids_degradation(at: At) -> Judged {
    match unasked(at, Severity::Low) {
        Some(seq) => Judged::missing("The service was disturbed and nobody had agreed.").shown_by(seq),
        None => agreed(at, Severity::Low, "The service was disturbed and nobody had agreed."),
    }
}

fn medium_consults_first(at: At) -> Judged {
    match unasked(at, Severity::Medium) {
        Some(seq) => Judged::missing("Downtime came and nobody had been asked.").shown_by(seq),
        None => agreed(at, Severity::Medium, "Downtime came before those who decide had been asked."),
    }
}

/// A fact of a disruption that was never asked for, at that severity.
fn unasked(at: At, of: Severity) -> Option<u64> {
    let facts = at.case.part.record.facts.iter();
    let mut disrupted = facts.filter(|fact| {
        let disrupts = fact.deed.is_some_and(|deed| deed.step_kind().is_none());
        disrupts && fact.concerns.disruptions.is_empty() && at.severity_at(fact.at) == of
    });
    disrupted.next().map(|fact| fact.seq)
}

fn team_agrees_first(at: At) -> Judged {
    if let Some(judged) = deviated(at, Rule::X20, "It began before the team had agreed.") {
        return judged;
    }
    let asks = |d: &&Disruption| matches!(severity(at, d), Severity::Medium | Severity::Low);
    let alone = all(at).find_map(|d| Some((d, d.began.as_ref().filter(|began| began.one_person)?)));
    if let Some((d, began)) = alone {
        return one_person(d, began);
    }
    let Some(d) = all(at).find(asks) else {
        return Judged::not_applicable("Nothing was to be disrupted at Medium or Low.");
    };
    let other = |vote: &&Vote| vote.agree && Some(&vote.person) != d.requester();
    let vote = d.votes.iter().find(other);
    match (vote, &d.began) {
        (Some(vote), _) => Judged::done(vote.at, &Who::Person(vote.person.clone()), vote.seq),
        (None, Some(began)) => begun(began),
        (None, None) if consent(at, d, severity(at, d), at.now).rule != Rule::X20 => {
            Judged::done(d.requested_at, &d.by, d.seq)
        }
        (None, None) => Judged::open(None).shown_by(d.seq),
    }
}

/// Nobody else of the team said yes, in time or at all (M16).
fn one_person(d: &Disruption, began: &Began) -> Judged {
    let own = d.votes.iter().rev().find(|vote| Some(&vote.person) == d.requester());
    let reason = own.and_then(|vote| vote.reason.clone());
    let (at, by) = (began.at, began.by.clone());
    let waived = Judged::from(Outcome::Waived { at, by, automatic: false, reason });
    own.into_iter().fold(waived.shown_by(began.seq), |judged, vote| judged.shown_by(vote.seq))
}
