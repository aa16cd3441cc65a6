//! A project's changes to a playbook: only what differs.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// A project's changes to a playbook: only what differs (X29). They are merged outside
/// this crate, table by table, where a list replaces the whole list; the result is parsed
/// as a [`Playbook`](super::Playbook) and checked again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overrides {
    /// Name of the playbook that is changed.
    pub base: String,
    /// Its edition when the changes were written.
    pub base_edition: u32,
    /// Why this project differs.
    pub reason: String,
    /// The changes, in the shape of the playbook.
    pub changes: BTreeMap<String, Setting>,
}

/// What a merged edition says otherwise than its base, kept with it (X29).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overridden {
    /// Name of the playbook that was changed.
    pub base: String,
    /// Its edition.
    pub base_edition: u32,
    /// Each value that differs.
    pub differences: Vec<Difference>,
}

/// One value that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// Where, e.g. `alarm.ack_limit_minutes`.
    pub place: String,
    /// What the base says; nothing if it has no such value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<Setting>,
    /// What this project says.
    pub now: Setting,
}

/// A value of any kind in [`Overrides`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Setting {
    /// A switch.
    Flag(bool),
    /// A number.
    Number(i64),
    /// Words.
    Text(String),
    /// A list; replaces the list it stands for.
    List(Vec<Setting>),
    /// A table; merged key by key.
    Table(BTreeMap<String, Setting>),
}
