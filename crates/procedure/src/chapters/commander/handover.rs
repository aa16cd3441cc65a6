//! The hand-over: brief, read back, accept, write it down; the old holder stays a while
//! (X4). The role moves with one entry, on acceptance and never before (R28).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::posts::Post;
use crate::id::PersonId;
use crate::text::Text;

/// Offer your role to somebody, with a briefing by the playbook's blocks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OfferHandover {
    /// To whom.
    pub to: PersonId,
    /// Which role: command, the Communications Officer's, or your own part as responder.
    #[serde(default = "command")]
    pub role: Post,
    /// The briefing, by id of block.
    #[serde(default)]
    pub briefing: BTreeMap<String, Text>,
}

fn command() -> Post {
    Post::IncidentCommander
}

/// Add blocks to the briefing of your offer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BriefHandover {
    /// Which offer, if you made several.
    #[serde(default)]
    pub role: Option<Post>,
    /// The blocks, by id.
    pub briefing: BTreeMap<String, Text>,
}

/// Say in your own words what you are taking over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReadBack {
    /// Which offer, if there are several to you.
    #[serde(default)]
    pub role: Option<Post>,
    /// What you understood.
    pub text: Text,
}

/// Take the role that was offered to you.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AcceptHandover {
    /// Which offer, if there are several to you.
    #[serde(default)]
    pub role: Option<Post>,
}

/// Say no to the role that was offered to you. No reason is needed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeclineHandover {
    /// Which offer, if there are several to you.
    #[serde(default)]
    pub role: Option<Post>,
    /// Why, if you want to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// Take your offer back, or keep the role after an offer that nobody accepted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WithdrawHandover {
    /// Which offer, if you made several.
    #[serde(default)]
    pub role: Option<Post>,
}

/// Entry: a role was offered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandoverOffered {
    /// Which role.
    pub role: Post,
    /// To whom. The actor offers it.
    pub to: PersonId,
    /// The briefing, by id of block.
    #[serde(default)]
    pub briefing: BTreeMap<String, Text>,
    /// Something rang for them a moment ago, so this does not (M20).
    #[serde(default)]
    pub quiet: bool,
}

/// Entry: the briefing grew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandoverBriefed {
    /// The entry that offered it.
    pub offer: u64,
    /// What was added, by id of block.
    pub briefing: BTreeMap<String, Text>,
}

/// Entry: the successor said what they understood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandoverReadBack {
    /// The entry that offered it.
    pub offer: u64,
    /// In their words.
    pub text: Text,
}

/// Entry: the successor has the role from now on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandoverAccepted {
    /// The entry that offered it.
    pub offer: u64,
    /// Which role.
    pub role: Post,
    /// Who had it until now.
    pub from: PersonId,
}

/// Entry: the successor said no.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandoverDeclined {
    /// The entry that offered it.
    pub offer: u64,
    /// Why.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// Entry: the holder took the offer back, or stays after one that lapsed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandoverWithdrawn {
    /// The entry that offered it.
    pub offer: u64,
}

/// Entry: nobody accepted in time; the role stays where it was and others hear of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandoverLapsed {
    /// The entry that offered it.
    pub offer: u64,
    /// Who keeps the role.
    pub from: PersonId,
    /// Who did not answer.
    pub to: PersonId,
    /// When it fell due.
    pub due_at: Timestamp,
}

/// Entry: the old holder has stayed long enough and is free.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OverlapEnded {
    /// The entry that offered it.
    pub offer: u64,
    /// Who is free now.
    pub from: PersonId,
    /// When it fell due.
    pub due_at: Timestamp,
}

/// Where a hand-over stands. The five states of the ceremony, and how it may end otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Offered, the briefing not complete.
    Offered,
    /// Offered with a complete briefing.
    Briefed,
    /// The successor said what they understood.
    ReadBack,
    /// Accepted: the role has moved, the old holder is still there.
    Overlap,
    /// The old holder is free.
    Complete,
    /// The successor said no.
    Declined,
    /// The holder took it back.
    Withdrawn,
    /// Nobody accepted in time.
    Lapsed,
    /// Command passed in another way meanwhile.
    Overtaken,
}

/// One hand-over, from its offer on.
#[derive(Clone, Debug, PartialEq)]
pub struct Handover {
    /// The entry that offered it.
    pub seq: u64,
    /// Which role.
    pub role: Post,
    /// Who gives.
    pub from: PersonId,
    /// Who takes.
    pub to: PersonId,
    /// When it was offered.
    pub offered_at: Timestamp,
    /// The blocks of the briefing that are there.
    pub blocks: BTreeSet<String>,
    /// When it was read back.
    pub read_back_at: Option<Timestamp>,
    /// When it was accepted, with the entry.
    pub accepted: Option<(u64, Timestamp)>,
    /// Until when the old holder stayed, once they are free.
    pub overlap_until: Option<Timestamp>,
    /// How it ended without moving the role.
    pub failed: Option<Stage>,
    /// The holder reacted to an offer that lapsed: offered again, or stays.
    pub settled: bool,
}

impl Handover {
    pub(super) fn offered(seq: u64, at: Timestamp, from: &PersonId, o: &HandoverOffered) -> Self {
        Self {
            seq,
            role: o.role,
            from: from.clone(),
            to: o.to.clone(),
            offered_at: at,
            blocks: o.briefing.keys().cloned().collect(),
            read_back_at: None,
            accepted: None,
            overlap_until: None,
            failed: None,
            settled: false,
        }
    }

    /// Neither accepted nor ended otherwise.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.accepted.is_none() && self.failed.is_none()
    }

    /// Accepted, and the old holder still stays.
    #[must_use]
    pub fn in_overlap(&self) -> bool {
        self.accepted.is_some() && self.overlap_until.is_none()
    }

    /// Where it stands; `complete` says whether the briefing has every required block.
    #[must_use]
    pub fn stage(&self, complete: bool) -> Stage {
        match (self.failed, self.accepted) {
            (Some(failed), _) => failed,
            (None, Some(_)) if self.overlap_until.is_some() => Stage::Complete,
            (None, Some(_)) => Stage::Overlap,
            (None, None) if self.read_back_at.is_some() => Stage::ReadBack,
            (None, None) if complete => Stage::Briefed,
            (None, None) => Stage::Offered,
        }
    }
}
