//! The response metrics of a case. Unknown is a value of its own, never nought.

mod group;

use jiff::Timestamp;
use serde::Serialize;

use crate::case::Case;
use crate::moment::Certainty;

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

/// The metrics of one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Metrics {
    /// From report to acknowledgement.
    pub time_to_acknowledge: Span,
}

/// The metrics as the case tells them so far.
#[must_use]
pub fn metrics(case: &Case) -> Metrics {
    let acknowledged = case
        .part
        .commander
        .intervals
        .first()
        .map(|interval| interval.from);
    let reported = case.exists().then_some(case.opened_at);
    Metrics {
        time_to_acknowledge: between(reported, acknowledged),
    }
}

fn between(from: Option<Timestamp>, to: Option<Timestamp>) -> Span {
    match (from, to) {
        (Some(from), Some(to)) => {
            let seconds = to.duration_since(from).as_secs();
            Span::Seconds {
                seconds,
                certainty: Certainty::Exact,
            }
        }
        _ => Span::Unknown,
    }
}
