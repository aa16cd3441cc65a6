//! The procedure's chapters. Each holds the payloads of its commands and entries, its
//! part of the case, its decisions, what is owed, what time does, what is told, and
//! how its rules are judged. A chapter reads other chapters' parts and never writes them.
//!
//! A chapter's face:
//! - `State` with `apply(&mut self, &Entry)`: its part of the case;
//! - `decide`: its commands, `None` for everybody else's;
//! - `owes`, `dues`, `permits`, `tell`: what it adds to the agenda, the pulse and the notices;
//! - `judge`: its rules, `None` for everybody else's.

use alloc::vec::Vec;

use crate::agenda::{Obligation, Permit};
use crate::at::At;
use crate::command::Command;
use crate::conformance::Judged;
use crate::decide::{Decision, Refusal};
use crate::entry::Entry;
use crate::notice::Notice;
use crate::pulse::Due;
use crate::rule::Rule;

macro_rules! chapters {
    ($($(#[$doc:meta])* $chapter:ident,)+) => {
        $($(#[$doc])* pub mod $chapter;)+

        /// The chapters' parts of a case.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Parts {
            $($(#[$doc])* pub $chapter: $chapter::State,)+
        }

        impl Parts {
            /// Folds one entry into every part.
            pub fn apply(&mut self, entry: &Entry) {
                $(self.$chapter.apply(entry);)+
            }
        }

        /// Carries a command out in the chapter that it belongs to.
        pub(crate) fn decide(decision: &mut Decision, command: &Command) -> Result<(), Refusal> {
            $(if let Some(decided) = $chapter::decide(decision, command) {
                return decided;
            })+
            Err(Refusal::invalid("Nothing carries this command out.", "Report this as a fault."))
        }

        pub(crate) fn owes(at: At) -> Vec<Obligation> {
            let mut out = Vec::new();
            if at.case.exists() {
                $($chapter::owes(at, &mut out);)+
            }
            out
        }

        pub(crate) fn dues(at: At) -> Vec<Due> {
            let mut out = Vec::new();
            if at.case.exists() {
                $($chapter::dues(at, &mut out);)+
            }
            out
        }

        pub(crate) fn permits(at: At) -> Vec<Permit> {
            let mut out = Vec::new();
            if at.case.exists() {
                $($chapter::permits(at, &mut out);)+
            }
            out
        }

        pub(crate) fn tell(at: At, entry: &Entry) -> Vec<Notice> {
            let mut out = Vec::new();
            $($chapter::tell(at, entry, &mut out);)+
            out
        }

        pub(crate) fn judge(rule: Rule, at: At) -> Option<Judged> {
            $(if let Some(judged) = $chapter::judge(rule, at) {
                return Some(judged);
            })+
            None
        }
    };
}

chapters! {
    /// Reports: what was noticed, by whom, when, and how to reach them.
    intake,
    /// When it began, was noticed, contained, resolved.
    milestones,
    /// Who may see the case, and how far its words may travel.
    secrecy,
    /// Calling people until somebody answers, and calling in a team.
    calling,
    /// Who commands and who responds: acknowledgement, hand-over, take-over, roles.
    commander,
    /// Is it real, what does it harm, how severe is it?
    assess,
    /// Situation reports and their cadence.
    sitreps,
    /// Suspicion, exhibits, holds: evidence before change.
    evidence,
    /// Leads and remediation steps.
    work,
    /// Asking before a service is disrupted.
    disruption,
    /// When it takes long: hours, shifts, rotation.
    endurance,
    /// The contingency plan, outages and what depends on others.
    contingency,
    /// What customers and other outsiders are told.
    outside,
    /// Spinning down, review, false alarm, reopening.
    closeout,
    /// What was learned, the metrics and the report.
    retrospective,
    /// Notes, calls, redaction, checklists: the record itself.
    record,
}
