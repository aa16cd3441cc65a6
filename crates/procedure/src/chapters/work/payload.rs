//! What people say about steps, and the entries it leaves.

use alloc::collections::BTreeSet;
use alloc::string::String;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{AssetId, PersonId};
use crate::playbook::{Severity, StepClass, StepKind};
use crate::text::Text;

/// Add a remediation step. Templates help and never bind (R46).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddStep {
    /// What is to be done.
    pub text: Text,
    /// Before Ready for QA, or later (R54, R55); left out, as the template has it, else before,
    /// or once the response is over later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<StepClass>,
    /// What kind of act it is; it decides which gates stand before it. Left out, as the template
    /// has it, else a change where an asset is named, and nothing technical where none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<StepKind>,
    /// What it is done to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset: Option<AssetId>,
    /// Who does it, if already known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PersonId>,
    /// By when; left out, the severity says (R15).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub due: Option<Timestamp>,
    /// The playbook's template it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// Give a step to somebody, or another time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignStep {
    /// Which, such as `S-1`.
    pub step: String,
    /// To whom; left out, the owner stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PersonId>,
    /// By when; left out, the time stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub due: Option<Timestamp>,
}

/// Begin a step: here its gates stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StartStep {
    /// Which.
    pub step: String,
}

/// A step is done. It is not yet verified (R53).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FinishStep {
    /// Which.
    pub step: String,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Text>,
    /// Who did it, if it was somebody else (M15).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Say whether a finished step works. Not by who did it (R53).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct VerifyStep {
    /// Which.
    pub step: String,
    /// It works; `false` gives it back to its owner.
    #[serde(default = "yes")]
    pub works: bool,
    /// How it was checked, or why nobody else could (M16).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// Move a step between immediate and deferred (X40).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReclassifyStep {
    /// Which.
    pub step: String,
    /// Its new class.
    pub class: StepClass,
    /// Why; required to defer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// Give a step up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DropStep {
    /// Which.
    pub step: String,
    /// Why.
    pub reason: Text,
}

/// The IC decides that something is stopped, ended, wiped or deleted (R56).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DecideDestruction {
    /// Which step.
    pub step: String,
    /// Why isolation is not enough.
    pub reason: Text,
    /// The IC knows what is lost for good; required where something is.
    #[serde(default)]
    pub loss_acknowledged: bool,
}

/// Entry: a step was added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepAdded {
    /// Its number in the case.
    pub step: String,
    /// What is to be done.
    pub text: Text,
    /// Immediate or deferred.
    pub class: StepClass,
    /// What kind of act.
    pub kind: StepKind,
    /// What it is done to.
    #[serde(default)]
    pub asset: Option<AssetId>,
    /// By when, if somebody said.
    #[serde(default)]
    pub due: Option<Timestamp>,
    /// The template it was made from.
    #[serde(default)]
    pub template: Option<String>,
}

/// Entry: a step was given to somebody, or another time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepAssigned {
    /// Which.
    pub step: String,
    /// To whom, if that changed.
    #[serde(default)]
    pub owner: Option<PersonId>,
    /// By when, if that changed.
    #[serde(default)]
    pub due: Option<Timestamp>,
}

/// Entry: somebody began a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepStarted {
    /// Which.
    pub step: String,
    /// The severity at that instant: permission is judged by it (M8).
    pub severity: Severity,
}

/// Entry: a step is done, not yet verified.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepFinished {
    /// Which.
    pub step: String,
    /// What came of it.
    #[serde(default)]
    pub result: Option<Text>,
    /// Who did it, if it was somebody else than who wrote it down.
    #[serde(default)]
    pub by: Option<PersonId>,
    /// The severity at that instant.
    pub severity: Severity,
}

/// Entry: somebody checked a finished step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepVerified {
    /// Which.
    pub step: String,
    /// It works; else it went back.
    pub works: bool,
    /// How it was checked.
    #[serde(default)]
    pub reason: Option<Text>,
    /// One person did and verified it, since nobody else answered (M16).
    #[serde(default)]
    pub one_person: bool,
    /// For whom it rings, as it was a containment that failed (M20).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub rings: BTreeSet<PersonId>,
}

/// Entry: a step changed its class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepReclassified {
    /// Which.
    pub step: String,
    /// Its new class.
    pub class: StepClass,
    /// Why.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// Entry: a step was given up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepDropped {
    /// Which.
    pub step: String,
    /// Why.
    pub reason: Text,
}

/// Entry: the IC decided for destruction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DestructionDecided {
    /// Which step.
    pub step: String,
    /// Why.
    pub reason: Text,
    /// The IC knows what is lost.
    #[serde(default)]
    pub loss_acknowledged: bool,
}

fn yes() -> bool {
    true
}
