//! Shadow: another pager still calls people for a source's alerts, and Henhouse works out whom it would have called. Its
//! events open, gather and call by the same rules as any; what they tell is kept and leaves by no channel. Nobody can
//! take one, so time alone never ends it: it calls for a few hours at most, and goes on for a day.

use jiff::{SignedDuration, Timestamp};

use super::payload::{Report, Route};
use crate::actor::Who;
use crate::at::after;
use crate::case::Case;
use crate::decide::{Decision, Refusal};

/// So long it is worked out who would be called, where nothing is heard of it: somebody would have had it by then.
const CALLS: SignedDuration = SignedDuration::from_hours(4);
/// So long what is sent again is counted. After that it is a new alert, as it is after people ended an event.
const GOES_ON: SignedDuration = SignedDuration::from_hours(24);

/// Whether a report opens in shadow: an alert, by a program. What a person reports never does.
pub(super) fn begins(d: &Decision, report: &Report) -> bool {
    let by_program = matches!(d.actor.who, Who::Service(_));
    d.in_shadow() && by_program && report.route == Route::Alert
}

/// Until when calls are worked out; nothing for what is not in shadow. They end once each alert of it is over where it
/// came from, or somebody took note of it there.
#[must_use]
pub fn calls_until(case: &Case) -> Option<Timestamp> {
    if !case.part.intake.shadow {
        return None;
    }
    let alerts = &case.part.intake.alerts;
    let stopped = !alerts.is_empty() && alerts.values().all(|one| one.over || one.acknowledged);
    match stopped {
        true => Some(Timestamp::MIN),
        false => Some(after(case.opened_at, CALLS)),
    }
}

/// Until when alerts are counted in what was opened in shadow then.
#[must_use]
pub fn goes_on_until(opened_at: Timestamp) -> Timestamp {
    after(opened_at, GOES_ON)
}

/// Nobody acts on what stands in shadow, and nothing real becomes part of it.
pub(crate) fn refuses(case: &Case) -> Option<Refusal> {
    let no = || {
        Refusal::conflict(
            "This stands in shadow: it shows whom Henhouse would have called, and nobody was.",
            "Act where you are called today. If somebody is needed by Henhouse, report it: that opens an event that calls.",
        )
    };
    case.part.intake.shadow.then(no)
}
