//! What people say about a disruption, and the entries it leaves.

use alloc::collections::BTreeSet;
use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::id::{AssetId, PersonId};
use crate::playbook::Severity;
use crate::rule::Rule;
use crate::text::Text;

/// Ask to disrupt a service (R59).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RequestDisruption {
    /// What is to be done.
    pub text: Text,
    /// A part of the service, or all of it.
    #[serde(default)]
    pub scope: Scope,
    /// How long it is expected to last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_minutes: Option<u32>,
    /// What may go wrong if it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk_of_acting: Option<Text>,
    /// What may go wrong if it is not done yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk_of_waiting: Option<Text>,
    /// People outside the team notice it, so the deciders are asked too (X20). All of
    /// something that serves people is always noticed.
    #[serde(default = "yes")]
    pub project_impact: bool,
    /// What is disrupted.
    #[serde(default)]
    pub assets: BTreeSet<AssetId>,
    /// Steps that cause it; they wait for the consent.
    #[serde(default)]
    pub steps: BTreeSet<String>,
}

/// How much of a service is disrupted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// A part, or it runs worse.
    #[default]
    Partial,
    /// All of it is down (R93).
    Complete,
}

/// Somebody tried to reach a decider (R62, R63).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordContact {
    /// About which disruption, such as `D-1`.
    pub disruption: String,
    /// Whom.
    pub decider: PersonId,
    /// By which way.
    pub route: Route,
    /// What came of it.
    #[serde(default)]
    pub outcome: Outcome,
    /// What they said, such as why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// A way to reach a decider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// A chat message.
    Chat,
    /// A mail.
    Mail,
    /// The telephone.
    Phone,
}

/// What came of an attempt to reach a decider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing yet.
    #[default]
    NoAnswer,
    /// They answered without deciding: the hour starts again (M3).
    Reached,
    /// They said yes.
    Agreed,
    /// They said no.
    Declined,
}

/// A decider answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerDisruption {
    /// Which.
    pub disruption: String,
    /// Yes, no, or not now.
    pub answer: Answer,
    /// Why; at Medium a no needs it (M4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// A decider's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Go ahead.
    Yes,
    /// Do not.
    No,
    /// A reply without a decision: the hour starts again (M3).
    Later,
}

/// A responder says what they think (X20).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TeamVote {
    /// Which.
    pub disruption: String,
    /// For it.
    pub agree: bool,
    /// Why, or why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// The IC decides where the deciders are split (M4).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SettleDisruption {
    /// Which.
    pub disruption: String,
    /// Go ahead, or not.
    pub go: bool,
    /// Why.
    pub reason: Text,
}

/// Begin a disruption. Permission is judged at this instant (M8).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StartDisruption {
    /// Which.
    pub disruption: String,
    /// Why it begins although something that it touches is under a hold, or not captured yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// The service runs again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EndDisruption {
    /// Which.
    pub disruption: String,
    /// How it went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Text>,
}

/// It is not wanted any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WithdrawDisruption {
    /// Which.
    pub disruption: String,
    /// Why.
    pub reason: Text,
}

/// Tell people about a disruption (R61).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SendDisruptionNotice {
    /// Which.
    pub disruption: String,
    /// What they read.
    pub text: Text,
}

/// Entry: a disruption was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DisruptionRequested {
    /// Its number in the case.
    pub disruption: String,
    /// The severity at that instant (R59).
    pub severity: Severity,
    /// What is to be done.
    pub text: Text,
    /// How much of the service.
    #[serde(default)]
    pub scope: Scope,
    /// How long.
    #[serde(default)]
    pub expected_minutes: Option<u32>,
    /// What may go wrong if it is done.
    #[serde(default)]
    pub risk_of_acting: Option<Text>,
    /// What may go wrong if it is not.
    #[serde(default)]
    pub risk_of_waiting: Option<Text>,
    /// People outside the team notice it.
    pub project_impact: bool,
    /// What is disrupted.
    #[serde(default)]
    pub assets: BTreeSet<AssetId>,
    /// Steps that cause it.
    #[serde(default)]
    pub steps: BTreeSet<String>,
    /// The fact by which it became known, if it went ahead and nobody asked (M15).
    #[serde(default)]
    pub fact: Option<String>,
}

/// Entry: somebody tried to reach a decider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeciderContacted {
    /// About which disruption.
    pub disruption: String,
    /// Whom.
    pub decider: PersonId,
    /// By which way.
    pub route: Route,
    /// What came of it.
    #[serde(default)]
    pub outcome: Outcome,
    /// What they said.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// Entry: a decider answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DisruptionAnswered {
    /// Which disruption.
    pub disruption: String,
    /// Yes, no, or not now.
    pub answer: Answer,
    /// Why.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// Entry: a responder said what they think.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TeamVoted {
    /// Which disruption.
    pub disruption: String,
    /// For it.
    pub agree: bool,
    /// Why.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// Entry: the IC decided a split.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DisruptionSettled {
    /// Which disruption.
    pub disruption: String,
    /// Go ahead, or not.
    pub go: bool,
    /// Why.
    pub reason: Text,
}

/// Entry: the disruption began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DisruptionStarted {
    /// Which.
    pub disruption: String,
    /// The severity at that instant (M8).
    pub severity: Severity,
    /// The rule that allowed it; `None`: none did, it happened all the same (M15).
    #[serde(default)]
    pub allowed_by: Option<Rule>,
    /// The fact by which it became known, if it was not announced.
    #[serde(default)]
    pub fact: Option<String>,
    /// Nobody else of the team had said yes (M16).
    #[serde(default)]
    pub one_person: bool,
    /// Who decided about disruptions at that instant: whoever comes later was not asked.
    #[serde(default)]
    pub deciders: Option<BTreeSet<PersonId>>,
    /// Why it began although something that it touches was under a hold, or not captured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// Entry: the service runs again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DisruptionEnded {
    /// Which.
    pub disruption: String,
    /// How it went.
    #[serde(default)]
    pub result: Option<Text>,
}

/// Entry: the disruption is not wanted any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DisruptionWithdrawn {
    /// Which.
    pub disruption: String,
    /// Why.
    pub reason: Text,
}

/// Entry: people were told about a disruption.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DisruptionNoticeSent {
    /// Which.
    pub disruption: String,
    /// What they read.
    pub text: Text,
    /// Nobody is left out: the writer speaks to the outside, so outsiders get it too (X5), or
    /// there is nobody outside.
    #[serde(default)]
    pub outside: bool,
}

fn yes() -> bool {
    true
}
