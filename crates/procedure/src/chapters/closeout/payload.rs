//! What people say when it is over, and the entries it leaves.

use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::case::Status;
use crate::id::PersonId;
use crate::text::Text;

/// It is no longer active: spin it down and hand it to a reviewer (R71, R73, X38).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReadyForQa {
    /// Who reviews it: somebody other than whoever spins it down, where there is anybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewer: Option<PersonId>,
    /// Why it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// How the check that operation is normal again ended (X16, X40).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NormalCheck {
    /// Somebody tested it and it is.
    #[default]
    Tested,
    /// There was no operation to bring back, as after a leak.
    NotApplicable,
    /// It will be tested later; it stays owed.
    Deferred,
}

/// Record whether operation is normal again, and who tested it (X16).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordNormalAgain {
    /// Tested, not applicable or deferred.
    #[serde(default)]
    pub outcome: NormalCheck,
    /// Who tested; left out: whoever says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tested_by: Option<PersonId>,
    /// How it was tested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<Text>,
    /// Why it does not apply, or is deferred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
    /// By when a deferred test is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub due: Option<Timestamp>,
}

/// Accept the work of the response (X38).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AcceptQa {
    /// Needed only from whoever spun it down: why nobody else looks (M16).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// Send it back: immediate steps reopen and the response goes on (X38).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SendBackQa {
    /// What is not right yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
    /// Which immediate steps reopen, such as `S-2`; left out: all of them.
    #[serde(default)]
    pub steps: Vec<String>,
}

/// Thank everyone who took part, the reporter included (R75).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SendThanks {
    /// The words; the playbook has a draft.
    pub text: Text,
}

/// Close the case: the report is published and the work accepted, and the reporter is told what
/// came of it (`outcome`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Close {
    /// The outcome in a sentence, for the reporter; without one it is refused unless R124 is
    /// waived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Text>,
}

/// Reopen the case under its number; history stays, clocks resume (X37).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Reopen {
    /// Why it is not over after all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// What becomes of something that is still in force after a false alarm (X42).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// It ends now.
    Lift,
    /// It stays, for a reason.
    Keep,
}

/// Lift or keep something that is still in force after a false alarm (X42).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Settle {
    /// Which, such as `H-1`.
    pub what: String,
    /// Lift or keep.
    pub choice: Choice,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// Entry: spun down; the status is Ready for QA.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpunDown {
    /// Who reviews it.
    #[serde(default)]
    pub reviewer: Option<PersonId>,
    /// Why it is over.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// Entry: whether operation is normal again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NormalAgainRecorded {
    /// How the check ended.
    pub outcome: NormalCheck,
    /// Who tested.
    #[serde(default)]
    pub tested_by: Option<PersonId>,
    /// How it was tested.
    #[serde(default)]
    pub how: Option<Text>,
    /// Why it does not apply, or is deferred.
    #[serde(default)]
    pub reason: Option<Text>,
    /// By when a deferred test is done.
    #[serde(default)]
    pub due: Option<Timestamp>,
}

/// Entry: the reviewer accepted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QaAccepted {
    /// Whoever spun it down accepted it too, because nobody else could (M16).
    #[serde(default)]
    pub one_person: bool,
    /// Why one person did both.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// Entry: the reviewer sent it back; the response goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QaSentBack {
    /// What is not right yet.
    #[serde(default)]
    pub reason: Option<Text>,
    /// Which immediate steps reopen; empty means all of them.
    #[serde(default)]
    pub steps: Vec<String>,
}

/// Entry: everyone was thanked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thanked {
    /// The words.
    pub text: Text,
    /// Everyone with a name who took part.
    pub to: Vec<PersonId>,
    /// How many reports; each reporter is thanked by the way they left.
    #[serde(default)]
    pub reports: u32,
}

/// Entry: the case was closed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Closed {
    /// The outcome in a sentence, for the reporter.
    #[serde(default)]
    pub outcome: Option<Text>,
}

/// Entry: the case was reopened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reopened {
    /// The status it had.
    pub from: Status,
    /// The status it has now.
    pub to: Status,
    /// Why.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// Entry: something in force after a false alarm was lifted or kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settled {
    /// Which.
    pub what: String,
    /// Lifted or kept.
    pub choice: Choice,
    /// Why.
    #[serde(default)]
    pub reason: Option<Text>,
}
