//! The team agrees first (X20), and nobody is stuck for want of a second person (M16).

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;

use super::consent::Consent;
use super::state::{Disruption, Vote};
use crate::at::{At, after, minutes};
use crate::chapters::calling;
use crate::id::PersonId;
use crate::playbook::DisruptionPolicy;
use crate::rule::Rule;
use crate::switch::on;

/// Whether the team is asked at all under this policy.
#[must_use]
pub fn is_asked(at: At, policy: DisruptionPolicy) -> bool {
    policy != DisruptionPolicy::Free && at.playbook().disruption.team_agrees_first && on(Rule::X20)
}

/// Who could agree besides whoever asked: the others in the response, and while nobody
/// else is in it, everybody who is called to such a case.
pub(super) fn others(at: At, d: &Disruption) -> Vec<PersonId> {
    let mut people = in_response(at, d);
    if people.is_empty() {
        people = calling::team(at);
        people.retain(|person| Some(person) != d.requester());
    }
    people
}

/// The others who are in the response already.
#[must_use]
pub fn in_response(at: At, d: &Disruption) -> Vec<PersonId> {
    let responders = at.case.part.commander.responders.keys();
    responders.filter(|person| Some(*person) != d.requester()).cloned().collect()
}

/// Nobody but whoever asked has said yes.
pub(super) fn alone(d: &Disruption, when: Timestamp) -> bool {
    !opinions(d, when).iter().any(|(person, vote)| vote.agree && Some(*person) != d.requester())
}

/// What each of them said last by that instant.
fn opinions(d: &Disruption, when: Timestamp) -> BTreeMap<&PersonId, &Vote> {
    let votes = d.votes.iter().filter(|vote| vote.at <= when);
    votes.map(|vote| (&vote.person, vote)).collect()
}

/// Whose word is there already, and of whom nothing more is asked. Whoever asked for it says yes by asking; once the
/// others were asked in vain their word is wanted again, with a reason (M16).
pub(super) fn heard(at: At, d: &Disruption) -> Vec<PersonId> {
    let until = patience_ends(at, d);
    let counts = |person: &PersonId, vote: &Vote| {
        let confirms = vote.at >= until && vote.reason.is_some();
        Some(person) != d.requester() || at.now < until || confirms
    };
    let heard = opinions(d, at.now).into_iter().filter(|(person, vote)| counts(person, vote));
    heard.map(|(person, _)| person.clone()).collect()
}

/// Since when people are asked: since the request, or since the severity stopped allowing
/// it without asking (M8).
pub(super) fn asked_since(at: At, d: &Disruption) -> Timestamp {
    let lowered = at.severity_since().filter(|_| d.severity.acts_first());
    let asked = d.asked_anew.unwrap_or(d.requested_at);
    lowered.map_or(asked, |lowered| lowered.max(asked))
}

/// The key of the obligation to say yes or no.
pub(super) fn key(d: &Disruption) -> String {
    format!("agree:{}", d.id)
}

/// From when on one person is enough, if nobody answers (M16).
pub(super) fn patience_ends(at: At, d: &Disruption) -> Timestamp {
    after(asked_since(at, d), minutes(at.playbook().command.one_person_confirm_minutes))
}

/// `None` once the team agrees; its no stops it. Where deciders are asked as well, silence in
/// the team does not hold it up for long at Medium; else whoever asked confirms it with a
/// reason once the others have been asked in vain.
pub(super) fn agrees(at: At, d: &Disruption, low: bool, when: Timestamp) -> Option<Consent> {
    let opinions = opinions(d, when);
    let own = d.requester().and_then(|person| opinions.get(person).copied());
    let no = opinions.values().filter(|vote| !vote.agree).count();
    let yes = opinions.len() - no + usize::from(own.is_none());
    if (low && no > 0) || no > yes {
        return Some(Consent::stop(Rule::X20, "The team said no."));
    }
    if !alone(d, when) || others(at, d).is_empty() {
        return None;
    }
    let limits = &at.playbook().command;
    let until = patience_ends(at, d);
    let asked = at.case.prompts.get(&key(d)).map_or(0, |count| count.next);
    let in_vain = when >= until && asked + 1 >= limits.one_person_attempts;
    let time_is_enough = !low && d.project_impact;
    let confirmed = own.is_some_and(|vote| vote.at >= until && vote.reason.is_some());
    if in_vain && (time_is_enough || confirmed) {
        return None;
    }
    let waits = Consent::wait(
        Rule::X20,
        "The team has not agreed yet.",
        format!(
            "Let another responder say yes; if nobody answers within {} minutes, whoever asked \
             confirms it with a reason.",
            limits.one_person_confirm_minutes
        ),
    );
    Some(if time_is_enough { waits.until(until) } else { waits })
}
