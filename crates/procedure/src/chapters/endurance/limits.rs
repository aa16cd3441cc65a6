//! Around the clock nobody works much longer than three hours, the IC included (R69, R70).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;

use super::{around_the_clock, has_others, stretch, successor};
use crate::agenda::{Obligation, Owner};
use crate::at::{At, after, minutes};
use crate::case::PromptCount;
use crate::chapters::commander::Post;
use crate::id::PersonId;
use crate::rule::Rule;
use crate::switch::on;

/// How often a limit that has passed is said again.
const AGAIN_MINUTES: u32 = 30;

pub(super) fn owes(at: At, out: &mut Vec<Obligation>) {
    if !around_the_clock(at) || !has_others(at) {
        return;
    }
    rotate(at, out);
    rest(at, out);
}

/// The IC is reminded before the limit, and so is whoever is next (R70).
fn rotate(at: At, out: &mut Vec<Obligation>) {
    let commander = &at.case.part.commander;
    let Some(interval) = commander.intervals.last().filter(|_| on(Rule::R70)) else {
        return;
    };
    let offered = commander.handovers.iter();
    let mut offered = offered.filter(|h| h.is_pending() && h.role == Post::IncidentCommander);
    if offered.next().is_some() {
        return;
    }
    let long_haul = &at.under(interval.seq).playbook().long_haul;
    let from = at.case.part.closeout.resumed(interval.from);
    let due = after(from, minutes(long_haul.ic_minutes));
    let early = after(due, -minutes(long_haul.ic_reminder_before_minutes));
    let late = after(due, minutes(long_haul.ic_reminder_before_minutes));
    let long = span(long_haul.ic_minutes);
    let what = format!("Hand over command after about {long}, and rest.");
    out.push(
        Obligation::owed(
            Rule::R70,
            ic_key(interval.seq),
            Owner::Ic,
            from,
            what,
        )
        .remind(early)
        .by(due)
        .escalate(late, Owner::Deputy)
        .again_every(minutes(AGAIN_MINUTES))
        .settled_by("offer_handover"),
    );
    if let Some(next) = successor(at) {
        let key = format!("ic_successor:{}", interval.seq);
        let what = "Be ready to take command as the next IC.";
        let owner = Owner::Person(next);
        out.push(
            Obligation::owed(Rule::R70, key, owner, from, what)
                .remind(early)
                .by(due),
        );
    }
}

/// `3 hours`, `90 minutes`: true from the first minute on, to whoever reads it.
fn span(minutes: u32) -> String {
    match (minutes % 60, minutes / 60) {
        (0, 1) => "an hour".into(),
        (0, hours @ 2..) => format!("{hours} hours"),
        _ => format!("{minutes} minutes"),
    }
}

/// Reminder, due, and the first time that it was said again.
const SAID_AGAIN: u32 = 3;

/// Names the limit of one interval of command.
pub(super) fn ic_key(interval_seq: u64) -> String {
    format!("ic_limit:{interval_seq}")
}

/// Names the limits of those who respond.
pub(super) const REST_KEY: &str = "send_home:";

/// The IC is told whom to send home (R69).
fn rest(at: At, out: &mut Vec<Obligation>) {
    let commander = &at.case.part.commander;
    for (person, responder) in &commander.responders {
        if commander.ic() == Some(person) || !on(Rule::R69) {
            continue;
        }
        let came_in = stretch::came_in(at, person, responder.since);
        let joined = at.case.part.closeout.resumed(came_in);
        let Some(since) = works_since(at, person, joined) else {
            continue;
        };
        let at = at.when(since);
        let limit = after(since, minutes(at.playbook().long_haul.shift_minutes));
        let due = limit.max(overlap_until(at, person).unwrap_or(limit));
        let early = after(
            due,
            -minutes(at.playbook().long_haul.ic_reminder_before_minutes),
        );
        let key = format!("{REST_KEY}{person}:{since}");
        let long = span(at.playbook().long_haul.shift_minutes);
        let what = format!("Send {person} home after about {long} of work.");
        out.push(
            Obligation::owed(Rule::R69, key, Owner::Ic, since, what)
                .remind(early)
                .by(due)
                .again_every(minutes(AGAIN_MINUTES))
                .settled_by("send_home"),
        );
    }
}

/// How many people worked on for half an hour beyond their time before `end`: reminded, due,
/// and said again.
pub(super) fn overtime(at: At, end: Timestamp) -> usize {
    let said_again = |(key, count): &(&String, &PromptCount)| {
        let since = count.next.checked_sub(SAID_AGAIN)?;
        let first = after(count.last_due, -minutes(AGAIN_MINUTES.saturating_mul(since)));
        (key.starts_with(REST_KEY) && first <= end).then_some(())
    };
    at.case.prompts.iter().filter(|prompt| said_again(prompt).is_some()).count()
}

/// Since when somebody works without rest: since they joined, or their shift began.
/// Nobody who has shifts and is off shift is working.
fn works_since(at: At, person: &PersonId, joined: Timestamp) -> Option<Timestamp> {
    let shifts = at.case.part.endurance.shifts.iter();
    let theirs = shifts.filter(|shift| !shift.cancelled && &shift.person == person);
    if !theirs.clone().any(|shift| shift.covers(at.now)) {
        let rested = theirs.map(|shift| shift.until).any(|until| until <= at.now);
        return (!rested).then_some(joined);
    }
    let stretches = stretch::stretches(at, person, Timestamp::MAX);
    let now = stretches.iter().find(|stretch| stretch.from <= at.now && at.now < stretch.until);
    now.map(|now| joined.max(now.from))
}

/// Somebody who works now, and for how long they should.
#[derive(Clone, Debug, PartialEq)]
pub struct Working {
    /// Who.
    pub person: PersonId,
    /// Since when without a rest.
    pub since: Timestamp,
    /// Until when they should at most.
    pub until: Timestamp,
}

/// Who works now, the longest first: the IC since they command, whoever responds since they came in or their shift
/// began (R69, R70). Whoever is off shift does not work.
#[must_use]
pub fn working(at: At) -> Vec<Working> {
    let commander = &at.case.part.commander;
    let long_haul = &at.playbook().long_haul;
    let mut all = Vec::new();
    for (person, responder) in &commander.responders {
        let began = commander.intervals.last().filter(|_| commander.ic() == Some(person));
        let (since, limit) = match began {
            Some(began) => (
                Some(at.case.part.closeout.resumed(began.from)),
                long_haul.ic_minutes,
            ),
            None => {
                let came_in = stretch::came_in(at, person, responder.since);
                let joined = at.case.part.closeout.resumed(came_in);
                (works_since(at, person, joined), long_haul.shift_minutes)
            }
        };
        all.extend(since.map(|since| Working {
            person: person.clone(),
            since,
            until: after(since, minutes(limit)),
        }));
    }
    all.sort_by_key(|one| one.since);
    all
}

/// The overlap of a hand-over does not count (M18).
fn overlap_until(at: At, person: &PersonId) -> Option<Timestamp> {
    let overlap = minutes(at.playbook().command.handover.overlap_max_minutes);
    let handovers = at.case.part.commander.handovers.iter();
    let given = handovers.filter(|h| &h.from == person && h.in_overlap());
    given
        .filter_map(|h| h.accepted)
        .map(|(_, when)| after(when, overlap))
        .max()
}
