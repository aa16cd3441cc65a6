//! Which status may follow which (R3), and reopening (X37).

use super::payload::{Reopen, Reopened};
use crate::case::{Stand, Status};
use crate::decide::{Decision, Gate, Refusal};
use crate::rule::Rule;

/// Whether a status may follow another: the whole matrix of transitions (R3, X37).
#[must_use]
pub const fn may_become(from: Status, to: Status) -> bool {
    use Status::{Closed, Confirmed, FalseAlarm, Investigating, ReadyForQa};
    matches!(
        (from, to),
        (Investigating, Confirmed | FalseAlarm)
            | (Confirmed, FalseAlarm | ReadyForQa)
            | (ReadyForQa, Closed | Confirmed)
            | (FalseAlarm, Investigating | Confirmed)
            | (Closed, Confirmed)
    )
}

/// Passes if the case may take that status now; no waiver jumps a phase (R3).
pub(super) fn step_to(d: &mut Decision, to: Status, yes_when: &str) -> Result<(), Refusal> {
    let kept = may_become(d.case().status(), to);
    d.gate(Gate::Firm, kept, || {
        Refusal::rule(Rule::R3, "That is not the next phase of this case.", yes_when)
    })
}

/// The status that a reopened case gets: what it was before it came to rest.
fn before_rest(d: &Decision) -> Option<Status> {
    match d.case().status() {
        Status::Investigating | Status::Confirmed => None,
        Status::ReadyForQa | Status::Closed => Some(Status::Confirmed),
        Status::FalseAlarm => {
            let confirmed = Stand::Status(Status::Confirmed);
            let was = d.case().history.iter().any(|turn| turn.what == confirmed);
            Some(if was { Status::Confirmed } else { Status::Investigating })
        }
    }
}

/// Same number, history kept, clocks resumed; it needs a reason (X37).
pub(super) fn reopen(d: &mut Decision, command: &Reopen) -> Result<(), Refusal> {
    d.person()?;
    let Some(to) = before_rest(d) else {
        return Err(Refusal::conflict("This case is open.", "There is nothing to do."));
    };
    step_to(d, to, "Follow the order of the phases.")?;
    d.gate(Gate::Firm, command.reason.is_some(), || {
        Refusal::rule(
            Rule::X37,
            "Reopening a case needs a reason.",
            "Say in a sentence what makes you think that it is not over.",
        )
    })?;
    let from = d.case().status();
    d.record(Reopened { from, to, reason: command.reason.clone() });
    Ok(())
}
