//! What was promised to whom.

use std::collections::{BTreeMap, BTreeSet};

use henhouse::desk::{Answer, Opened, Press};
use henhouse::store::{Hash, JournalId};
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
    /// Links of pages on which somebody pressed, and was told that it counts or is noted.
    pub pressed: BTreeMap<String, Press>,
    /// Notices that left from a node without its store.
    pub beside: BTreeSet<String>,
    /// And how often they did so without arriving.
    pub tried_beside: BTreeMap<String, usize>,
    /// The cases of reports of which a commit was not answered.
    pub doubtful: BTreeSet<JournalId>,
    /// The hashes of every entry that was seen.
    pub entries: BTreeMap<JournalId, Vec<Hash>>,
    /// Mails that somebody has read, by their place.
    pub read: BTreeSet<usize>,
    keys: u32,
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
