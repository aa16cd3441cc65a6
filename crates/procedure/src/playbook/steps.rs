//! Templates of remediation steps: offered, never a fixed script.

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Remediation steps: never a fixed script, only offered templates (R46).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Steps {
    /// An overdue step is reminded of this often while the case is active (R52).
    pub overdue_reminder_minutes: u32,
    /// A completed step is put before a verifier again after this long (R53).
    pub verify_reminder_minutes: u32,
    /// An isolation not confirmed within this long is tried again with an alarm (M9).
    pub isolation_confirm_seconds: u32,
    /// A hold order not acknowledged within this long is sent again (X43).
    pub hold_ack_minutes: u32,
    /// Templates.
    pub templates: Vec<StepTemplate>,
}

/// A step that is offered, filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepTemplate {
    /// Stable id.
    pub id: String,
    /// The step in words.
    pub title: String,
    /// What kind of act it is.
    pub kind: StepKind,
    /// Immediate or deferred (R54, R55).
    pub class: StepClass,
    /// The classes of asset it fits, as the evidence lists name them; empty for all.
    #[serde(default)]
    pub assets: Vec<String>,
    /// How it is done, line by line.
    #[serde(default)]
    pub guidance: Vec<String>,
    /// Said before it starts, e.g. what will be lost (R120).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub caution: String,
    /// The rule behind it.
    pub rule: String,
}

/// What kind of act a step is; decides which gates it meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Looks, changes nothing.
    Investigate,
    /// Captures evidence (R13, R14).
    Capture,
    /// Cuts something off while it keeps running (R58, M9).
    Isolate,
    /// Lifts an isolation (R58).
    Lift,
    /// Changes an asset: patch, configure, rotate (R13).
    Change,
    /// Stops or restarts a machine or app (R56, R120).
    Stop,
    /// Ends a machine or app for good (R56).
    Terminate,
    /// Wipes or reinstalls (R56).
    Wipe,
    /// Deletes data or evidence (R56, R119).
    Delete,
    /// Brings back, e.g. from a backup.
    Restore,
    /// Rebuilds elsewhere; needs the Authorizing Official (X28).
    RebuildElsewhere,
    /// Checks that something works or is safe (X16, R109).
    Check,
    /// Tells, asks, writes, plans: nothing technical.
    Organise,
}

impl StepKind {
    /// True for an act that can destroy traces: it needs the IC's decision with a reason
    /// (R56).
    #[must_use]
    pub const fn destroys(self) -> bool {
        matches!(
            self,
            StepKind::Stop | StepKind::Terminate | StepKind::Wipe | StepKind::Delete
        )
    }

    /// True for an act that changes an asset and so wants evidence first (R13). An
    /// isolation keeps the machine running and wants none (M9).
    #[must_use]
    pub const fn changes(self) -> bool {
        self.destroys()
            || matches!(
                self,
                StepKind::Change | StepKind::Restore | StepKind::RebuildElsewhere
            )
    }

    /// True for technical work, which the IC leaves to others (R16, X6).
    #[must_use]
    pub const fn technical(self) -> bool {
        !matches!(self, StepKind::Organise)
    }
}

/// When a step must be finished (R54, R55).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepClass {
    /// Before Ready for QA (R54).
    Immediate,
    /// May wait for the retrospective and after (R55).
    Deferred,
}
