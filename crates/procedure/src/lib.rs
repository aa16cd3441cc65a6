#![no_std]
//! The procedure as pure code. A case is a journal of entries; this crate turns
//! journal + basis + now into who owes what by when and who may do what.
//!
//! Total and deterministic: no I/O, no clock, no chance, no hash maps. It must
//! never read the words of a [`Text`]: erasing them later would change a replay.
//!
//! The procedure is cut into chapters ([`chapters`]); each holds the payloads of its
//! commands and entries, its part of the case, its gates, what is owed, and how its
//! rules are judged. This level holds only what all chapters share.

extern crate alloc;

pub mod access;
pub mod actor;
pub mod agenda;
pub mod at;
pub mod basis;
pub mod calendar;
pub mod case;
pub mod chapters;
pub mod command;
pub mod conformance;
pub mod decide;
pub mod entry;
pub mod id;
pub mod mark;
pub mod metrics;
pub mod moment;
pub mod notice;
pub mod on_call;
pub mod playbook;
pub mod project;
pub mod pulse;
pub mod review;
pub mod rule;
pub mod switch;
pub mod text;

pub use access::{Permission, may, may_read, may_see};
pub use actor::{Actor, How, Who};
pub use agenda::{Agenda, Obligation, Outlook, Owner, Permit, agenda, outlook};
pub use basis::Basis;
pub use case::{Case, Phase, Stand, Status, Turn, fold};
pub use command::{Command, Order, Waive};
pub use conformance::{Finding, Outcome, conformance};
pub use decide::{Missing, Refusal, RefusalKind, decide};
pub use entry::{Body, Draft, Entry};
pub use id::PersonId;
pub use metrics::{Metrics, metrics};
pub use moment::{Certainty, When};
pub use notice::{Notice, Recipient, Telling, notices};
pub use project::{
    ProjectBody, ProjectCommand, ProjectEntry, ProjectState, decide_project, fold_project,
};
pub use pulse::pulse;
pub use rule::Rule;
pub use text::Text;

/// The version of these rules. A case keeps the version it was opened under.
pub const RULES_VERSION: u32 = 1;
