//! What was promised to whom.

use std::collections::{BTreeMap, BTreeSet};

use henhouse::desk::{Answer, Opened, Press};
use henhouse::store::{Hash, JournalId};
use jiff::Timestamp;
use procedure::Actor;
use serde_json::Value;

/// What was promised, by the key or the link under which it was asked.
#[derive(Default)]
pub struct Ledger {
    /// Reports that were answered.
    pub accepted: BTreeMap<String, Taken>,
    /// Reports whose answer never came: each may or may not be there.
    pub unanswered: BTreeMap<String, Value>,
    /// Commands that were answered.
    pub answered: BTreeMap<String, (JournalId, Actor, Value, Answer)>,
    /// What somebody pressed on a page, and was told that it counts or is noted.
    pub taps: Vec<Tap>,
    /// Notices that left from a node without its store.
    pub beside: BTreeSet<String>,
    /// The cases of reports of which a commit was not answered.
    pub doubtful: BTreeSet<JournalId>,
    /// The hashes of every entry that was seen.
    pub entries: BTreeMap<JournalId, Vec<Hash>>,
    /// Mails that somebody has read, by their place.
    pub read: BTreeSet<usize>,
    keys: u32,
}

/// What somebody pressed.
#[derive(Clone, Debug)]
pub struct Tap {
    /// The notice of the page.
    pub notice: String,
    /// What they pressed.
    pub press: Press,
    /// When.
    pub at: Timestamp,
    /// The node that has only noted it, as long as it may be there still.
    pub waits_on: Option<usize>,
    /// When it was carried out at the latest.
    pub by: Timestamp,
}

/// A report that was taken.
#[derive(Clone)]
pub struct Taken {
    /// What it says.
    pub report: Value,
    /// Every answer that it was given, by different nodes perhaps.
    pub answers: Vec<Opened>,
    /// It waited on a node, and may have been committed there before without an answer.
    pub doubtful: bool,
}

impl Ledger {
    /// A key that nobody has used.
    pub fn key(&mut self) -> String {
        self.keys += 1;
        format!("k{}", self.keys)
    }
}
