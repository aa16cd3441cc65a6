//! Values for asking before a disruption.

use serde::{Deserialize, Serialize};

/// Asking before a disruption (R59-R66, R98, M3, M4). Which severity asks at all is in
/// its policy set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disruption {
    /// Under `consult`: after this long without any answer the team may act without the
    /// deciders. One setting for "one hour" and "reasonable time" (R65, R98, M3). It
    /// starts at the first contact attempt; a reply without a decision starts it again.
    pub consult_limit_minutes: u32,
    /// Whoever does not answer in chat is telephoned within this long; the limit above
    /// opens nothing unless each decider was tried by both (R63, M3).
    pub phone_within_minutes: u32,
    /// True: a tie, or silence of some once the reachable have answered, leans to go
    /// (R64, M4).
    pub bias_to_go: bool,
    /// After a disruption under High the notice to stakeholders is due within this long;
    /// a missing one shows in the report (R61).
    pub notice_due_minutes: u32,
    /// True: at Medium and Low the team agrees first, and the deciders are asked only
    /// when the project is affected (X20).
    pub team_agrees_first: bool,
}
