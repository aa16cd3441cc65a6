//! Values for being in command: working alone, handing over, being prompted.

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Being in command: working alone, handing over, being prompted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandLimits {
    /// Alone for this long: a prompt to call others in (X3).
    pub solo_prompt_minutes: u32,
    /// Alone for this long: a decision is due, to recruit or to stay alone (X3).
    pub solo_decision_minutes: u32,
    /// The second person of a rule who does not answer this many attempts ... (M16)
    pub one_person_attempts: u32,
    /// ... lets the same person confirm with a reason after this long (M16).
    pub one_person_confirm_minutes: u32,
    /// The IC has done nothing on an audible prompt at High for this long: the team is
    /// offered the take-over (X35).
    pub take_over_offer_minutes: u32,
    /// Who has to approve what customers are told has not answered for this long: the IC and a second named person may
    /// send it (M12).
    #[serde(default = "an_hour")]
    pub approver_limit_minutes: u32,
    /// Handing a role over (R28, X4).
    pub handover: Handover,
    /// How often people are prompted aloud (M20).
    pub prompts: Prompts,
}

const fn an_hour() -> u32 {
    60
}

/// Handing a role over (R28, X4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handover {
    /// An offered handover not accepted within this long is offered aloud again and the
    /// old holder is told (X4, M20).
    pub accept_minutes: u32,
    /// The old holder stays at least this long after the role has moved (X4).
    pub overlap_min_minutes: u32,
    /// ... and is free after this long (X4). Overlap does not count as shift time (M18).
    pub overlap_max_minutes: u32,
    /// The briefing, block by block.
    pub blocks: Vec<Block>,
}

/// One block of a briefing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// Stable id.
    pub id: String,
    /// Heading.
    pub title: String,
    /// What belongs in it.
    pub prompt: String,
    /// Whether the briefing is complete without it.
    pub required: bool,
}

/// The prompt budget (M20). Never applied to first pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prompts {
    /// At most one audible prompt for each person within this long; more are bundled.
    pub budget_minutes: u32,
}
