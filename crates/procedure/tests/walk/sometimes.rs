//! States that a run must reach somewhere, else it does not wander far enough. The list
//! grows as chapters land; a line about a kind of entry counts from when that kind exists.

use procedure::{Body, Entry, Status};

use crate::stage::Stage;

/// Kinds of entry, each of which some walk must leave.
const KINDS: &[&str] = &[
    "round_ended",
    "passed_on",
    "went_silent",
    "confirmed",
    "false_alarm",
    "severity_set",
    "sitrep_published",
    "cadence_changed",
    "suspicion_raised",
    "suspicion_cleared",
    "hold_placed",
    "hold_acknowledged",
    "hold_released",
    "lead_finished",
    "step_verified",
    "deviated",
    "deviation_explained",
    "waived",
    "prompted",
    "restricted",
    "unrestricted",
    "merged_into",
    "merged_from",
    "redaction_proposed",
    "handover_accepted",
    "took_over",
    "disruption_requested",
    "disruption_started",
    "reopened",
    "ready_for_qa",
    "qa_accepted",
    "report_published",
    "closed",
];

/// What the walks do not reach yet: the commands need circumstances that chance seldom makes.
/// Scenarios reach each of them. This list must shrink to nothing.
const NOT_YET: &[&str] = &[
    "an entry passed_on",
    "an entry merged_from",
    "a silent IC is replaced by who answers",
    "one person did and verified",
];

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

/// Everything that a run must reach.
pub fn wanted() -> impl Iterator<Item = String> {
    let kinds = KINDS
        .iter()
        .filter(|kind| Body::KINDS.contains(kind))
        .map(|kind| format!("an entry {kind}"));
    let all = kinds.chain(STATES.iter().map(|(name, _)| (*name).to_string()));
    all.filter(|name| !NOT_YET.contains(&name.as_str()))
}
