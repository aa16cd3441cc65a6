//! States that a run must reach somewhere, else it does not wander far enough: every kind of
//! entry that there is, and what is more than a kind.

use procedure::{Body, Entry, Status};

use crate::stage::Stage;

/// Kinds of entry that the desk leaves by itself, with no command and no time.
const OF_THE_DESK: &[&str] = &["numbered", "alert_noted"];

type Reached = fn(&Stage) -> bool;

fn any(stage: &Stage, of: impl Fn(&Entry) -> bool) -> bool {
    stage.entries.iter().any(of)
}

/// States that are more than a kind of entry.
const STATES: &[(&str, Reached)] = &[
    ("round 3 of the sheet", |s| {
        any(
            s,
            |e| matches!(&e.body, Body::Called(called) if called.round == 3),
        )
    }),
    ("a silent IC is replaced by who answers", |s| {
        any(
            s,
            |e| matches!(&e.body, Body::Acknowledged(ack) if ack.take_over),
        )
    }),
    ("a reporter of the team commands at once", |s| {
        any(
            s,
            |e| matches!(&e.body, Body::Acknowledged(ack) if ack.reporter),
        )
    }),
    ("a gate opened by itself at High", |s| {
        any(
            s,
            |e| matches!(&e.body, Body::Waived(waived) if waived.automatic),
        )
    }),
    ("a gate yielded to a name", |s| {
        any(
            s,
            |e| matches!(&e.body, Body::Waived(waived) if !waived.automatic),
        )
    }),
    ("prompts were missed and counted", |s| {
        any(
            s,
            |e| matches!(&e.body, Body::Prompted(prompted) if prompted.missed > 0),
        )
    }),
    ("one person did and verified", |s| {
        any(
            s,
            |e| matches!(&e.body, Body::StepVerified(verified) if verified.one_person),
        )
    }),
    ("two commanded in turn", |s| {
        s.case.part.commander.intervals.len() >= 2
    }),
    ("a final sitrep", |s| {
        any(
            s,
            |e| matches!(&e.body, Body::SitrepPublished(sitrep) if sitrep.is_final),
        )
    }),
    ("a case about somebody", |s| {
        s.case.part.secrecy.subject.is_some()
    }),
    ("a false alarm", |s| s.case.status() == Status::FalseAlarm),
    ("a severity lowered", |s| {
        s.case
            .part
            .assess
            .severities
            .iter()
            .any(|change| change.lowered())
    }),
];

/// A word by which the scenarios that lead there can be told: of a kind or a command its name.
pub fn word(name: &str) -> &str {
    match name {
        "a silent IC is replaced by who answers" => "went_silent",
        "one person did and verified" => "one_person",
        _ => name.rsplit(' ').next().unwrap_or(name),
    }
}

/// The names of what this walk has reached.
pub fn reached(stage: &Stage) -> impl Iterator<Item = String> + '_ {
    let kinds = stage
        .entries
        .iter()
        .map(|entry| format!("an entry {}", entry.body.kind()));
    let states = STATES
        .iter()
        .filter(|(_, is)| is(stage))
        .map(|(name, _)| (*name).to_string());
    kinds.chain(states)
}

/// Everything that a run must reach: each kind of entry, and each of the states above.
pub fn wanted() -> impl Iterator<Item = String> {
    let kinds = Body::KINDS
        .iter()
        .filter(|kind| !OF_THE_DESK.contains(kind));
    let kinds = kinds.map(|kind| format!("an entry {kind}"));
    kinds.chain(STATES.iter().map(|(name, _)| (*name).to_string()))
}
