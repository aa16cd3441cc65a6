//! In which order what is owed is taken up.

use alloc::vec::Vec;

use super::{Agenda, Obligation};
use crate::at::At;

impl Agenda {
    /// What is owed in the order in which it is taken up: soonest first. While it is High, or nobody has said that it is
    /// not, and nothing is contained yet, what captures, contains and tells of it comes before planning how long the work
    /// goes on (R13, R60, R69, M7).
    #[must_use]
    pub fn as_taken_up(&self, at: At) -> Vec<&Obligation> {
        let hot = at.severity().acts_first() && !at.case.part.milestones.is_calm();
        let plans = self.obligations.iter().position(Obligation::plans_ahead);
        let (first, later) = match plans.filter(|_| hot) {
            Some(place) => self.obligations.split_at(place),
            None => (self.obligations.as_slice(), [].as_slice()),
        };
        let (now, then): (Vec<_>, Vec<_>) = later.iter().partition(|owed| owed.cannot_wait());
        first.iter().chain(now).chain(then).collect()
    }
}

impl Obligation {
    /// It is about the hours to come.
    fn plans_ahead(&self) -> bool {
        matches!(
            self.settle_with,
            Some("plan_shift" | "plan_long_remediation")
        )
    }

    /// It captures, contains, or tells whoever is hit by that.
    fn cannot_wait(&self) -> bool {
        let with = [
            "record_evidence_item",
            "assign_step",
            "start_step",
            "finish_step",
            "start_disruption",
            "send_disruption_notice",
        ];
        self.settle_with.is_some_and(|act| with.contains(&act))
    }
}
