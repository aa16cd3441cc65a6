//! The recovery track: activated, tested, declared, told, and a postmortem planned, in that order.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Who;
use crate::agenda::{Obligation, Owner};
use crate::entry::{Body, Entry};
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

/// Activate the contingency plan (X24).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ActivateContingency {
    /// Why.
    pub reason: Text,
}

/// Record that operation was tested after recovery.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordRecoveryTest {
    /// It works as it should.
    pub passed: bool,
    /// What was tested, and how.
    pub how: Text,
}

/// Declare the recovery complete (X26). Everyone hears it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeclareRecovered {
    /// What people should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

/// Plan when the postmortem of the recovery is held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanPostmortem {
    /// When (RFC 3339).
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub at: Timestamp,
}

/// Entry: the contingency plan was activated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContingencyActivated {
    /// Why.
    pub reason: Text,
}

/// Entry: operation was tested.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecoveryTested {
    /// It works as it should.
    pub passed: bool,
    /// What was tested, and how.
    pub how: Text,
}

/// Entry: the IC declared the recovery complete.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecoveryDeclared {
    /// What people should know.
    #[serde(default)]
    pub note: Option<Text>,
}

/// Entry: the postmortem has a date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PostmortemPlanned {
    /// When.
    pub at: Timestamp,
}

/// A recovery, as far as it got.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// The entry that activated the plan.
    pub seq: u64,
    /// When.
    pub since: Timestamp,
    /// By whom.
    pub by: Who,
    /// The entry of the last test, if it passed.
    pub tested: Option<u64>,
    /// When the IC declared it complete, and the entry.
    pub declared: Option<(Timestamp, Who, u64)>,
    /// When the postmortem is held, and the entry.
    pub postmortem: Option<(Timestamp, u64)>,
}

impl Track {
    pub(super) fn begin(seq: u64, since: Timestamp, by: Who) -> Self {
        Self { seq, since, by, tested: None, declared: None, postmortem: None }
    }

    pub(super) fn apply(&mut self, entry: &Entry) {
        match &entry.body {
            Body::RecoveryTested(tested) if tested.passed => self.tested = Some(entry.seq),
            // What does not work is not recovered, whatever was declared before.
            Body::RecoveryTested(_) => (self.tested, self.declared) = (None, None),
            Body::RecoveryDeclared(_) => {
                self.declared = Some((entry.recorded_at, entry.actor.who.clone(), entry.seq));
            }
            Body::PostmortemPlanned(planned) => self.postmortem = Some((planned.at, entry.seq)),
            _ => {}
        }
    }

    /// What comes next, in the order that the plan asks for.
    pub(super) fn next_step(&self) -> Option<Obligation> {
        let (key, what, command) = if self.tested.is_none() {
            ("recovery:test", "Have operation tested, and say how.", "record_recovery_test")
        } else if self.declared.is_none() {
            ("recovery:declare", "Declare the recovery complete.", "declare_recovered")
        } else if self.postmortem.is_none() {
            ("recovery:postmortem", "Plan the postmortem of the recovery.", "plan_postmortem")
        } else {
            return None;
        };
        let owed = Obligation::owed(Rule::X26, key, Owner::Ic, self.since, what);
        on(Rule::X26).then(|| owed.settled_by(command))
    }
}
