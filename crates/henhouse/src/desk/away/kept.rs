//! What a node keeps in its spool. These names are a stored format: what an older version kept is read by every newer one.

use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::ack::Press;
use super::super::open::OpenReport;
use crate::store::AttemptOutcome;

/// Something in the spool.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Item {
    /// A report, to be a case.
    Report(Box<KeptReport>),
    /// What somebody pressed on the page of their link.
    Press(KeptPress),
    /// An attempt to send a notice of a report that waits was made from here.
    #[serde(rename = "sent")]
    Tried(KeptTry),
}

/// A report that waits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct KeptReport {
    /// The journal of the case that it will be.
    pub(super) case: Uuid,
    /// When it was kept: the time of its first entry (R26).
    pub(super) at: Timestamp,
    pub(super) open: OpenReport,
    /// Where it came from, for its share of the spool and nothing else: no case ever says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<IpAddr>,
}

/// A tap that waits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct KeptPress {
    /// The link's token: it names case and person.
    pub(super) token: String,
    pub(super) press: Press,
    pub(super) at: Timestamp,
}

/// An attempt that was made from here. A notice that arrived is not to be sent again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct KeptTry {
    pub(super) case: Uuid,
    pub(super) notice: Uuid,
    pub(super) seq: u64,
    pub(super) person: Option<String>,
    pub(super) recipient: Option<String>,
    pub(super) route: String,
    pub(super) page: bool,
    pub(super) at: Timestamp,
    pub(super) receipt: Option<String>,
    /// The how-manieth of its notice, from 1. What was kept before that was said is the last one.
    #[serde(default = "only")]
    pub(super) n: u32,
    #[serde(default)]
    pub(super) outcome: Ended,
}

fn only() -> u32 {
    u32::MAX
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ended {
    #[default]
    Sent,
    Failed,
    Uncertain,
}

impl From<AttemptOutcome> for Ended {
    fn from(outcome: AttemptOutcome) -> Self {
        match outcome {
            AttemptOutcome::Sent => Self::Sent,
            AttemptOutcome::Failed => Self::Failed,
            AttemptOutcome::Uncertain => Self::Uncertain,
        }
    }
}

impl From<Ended> for AttemptOutcome {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Sent => Self::Sent,
            Ended::Failed => Self::Failed,
            Ended::Uncertain => Self::Uncertain,
        }
    }
}

impl Item {
    /// Since when it waits; nothing for what waits only along with something else.
    pub(super) fn at(&self) -> Option<Timestamp> {
        match self {
            Self::Report(report) => Some(report.at),
            Self::Press(press) => Some(press.at),
            Self::Tried(_) => None,
        }
    }
}
