//! The response metrics of a case. Unknown is a value of its own, never nought.

mod figures;
mod group;

use alloc::collections::BTreeSet;
use alloc::string::String;

use serde::Serialize;

use crate::case::Case;
use crate::chapters::milestones::Milestone;
use crate::moment::{Certainty, When};

pub use figures::{Figures, Spread};
pub use group::{GroupBy, counts, group_by};

/// A length of time between two milestones, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Both ends are known.
    Seconds {
        /// Whole seconds from the first to the second.
        seconds: i64,
        /// The less sure of the two ends.
        certainty: Certainty,
    },
    /// Somebody has to say when, or said that nobody knows.
    Unknown,
}

/// The metrics of one case. Nobody who reported is among them, and nobody else (R105).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Metrics {
    /// It counts: it is neither an exercise nor part of another case (R124).
    pub counts: bool,
    /// It is an exercise.
    pub drill: bool,
    /// From start to awareness (R85).
    pub time_to_discovery: Span,
    /// From awareness to contained; a correction counts anew. Nought if it was contained before
    /// anybody was aware (R86).
    pub time_to_containment: Span,
    /// How it was discovered, a VERIS value name; `None` until somebody said so (R84).
    pub discovery_method: Option<String>,
    /// What the actor did; `None` until somebody said so, empty for nothing (R87).
    pub threat_actions: Option<BTreeSet<String>>,
    /// Techniques of MITRE ATT&CK (R87).
    pub attack_techniques: BTreeSet<String>,
    /// From awareness to report (R113).
    pub time_to_report: Span,
    /// From report to acknowledgement (R26).
    pub time_to_acknowledge: Span,
    /// From report to the first IC (R6).
    pub time_to_ic: Span,
    /// From report to the first sitrep.
    pub time_to_first_sitrep: Span,
    /// Sitreps that went out by their time (R76).
    pub sitreps_on_time: u32,
    /// Sitreps that went out after it.
    pub sitreps_late: u32,
    /// Minutes beyond the playbook's length of a shift, over all shifts planned (R69).
    pub minutes_over_shifts: u32,
    /// How often the sheet was called, or somebody beside the owner of a duty.
    pub escalations: u32,
}

/// The metrics as the case tells them so far.
#[must_use]
pub fn metrics(case: &Case) -> Metrics {
    let part = &case.part;
    let retrospective = &part.retrospective;
    let milestone = |which| part.milestones.when(which);
    let reported = milestone(Milestone::Reported);
    let aware = milestone(Milestone::Aware);
    let first_ic = part
        .commander
        .intervals
        .first()
        .map(|first| When::exact(first.from));
    let first_sitrep = part
        .sitreps
        .sitreps
        .first()
        .map(|first| When::exact(first.mark.at));
    let timed = || {
        part.sitreps
            .sitreps
            .iter()
            .filter_map(|s| Some((s.mark.at, s.said.due?)))
    };
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Metrics {
        counts: counts(case) && !retrospective.drill,
        drill: part.intake.drill || retrospective.drill,
        time_to_discovery: between(milestone(Milestone::Started), aware),
        time_to_containment: between(aware, milestone(Milestone::Contained)),
        discovery_method: retrospective
            .discovery
            .as_ref()
            .map(|said| said.value.clone()),
        threat_actions: retrospective
            .threats
            .as_ref()
            .map(|said| said.values.clone()),
        attack_techniques: retrospective
            .threats
            .iter()
            .flat_map(|said| said.attack.iter().cloned())
            .collect(),
        time_to_report: between(aware, reported),
        time_to_acknowledge: between(reported, milestone(Milestone::Acknowledged)),
        time_to_ic: between(reported, first_ic),
        time_to_first_sitrep: between(reported, first_sitrep),
        sitreps_on_time: count(timed().filter(|(sent, due)| sent <= due).count()),
        sitreps_late: count(timed().filter(|(sent, due)| sent > due).count()),
        minutes_over_shifts: part
            .endurance
            .shifts
            .iter()
            .filter(|shift| !shift.cancelled)
            .fold(0, |sum, shift| sum.saturating_add(shift.over_minutes)),
        escalations: retrospective.escalations,
    }
}

/// From one time to another, as sure as the less sure of the two; nought if they came the other
/// way round.
fn between(from: Option<When>, to: Option<When>) -> Span {
    match (from, to) {
        (Some(from), Some(to)) => Span::Seconds {
            seconds: to.at.duration_since(from.at).as_secs().max(0),
            certainty: from.certainty.max(to.certainty),
        },
        _ => Span::Unknown,
    }
}
