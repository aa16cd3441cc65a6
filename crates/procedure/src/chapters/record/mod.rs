//! Notes, calls, redaction, checklists: the record itself, and the entries that every
//! chapter shares.

pub mod checklist;
mod decide;
pub mod deviation;
pub mod fact;
mod judge;
mod matter;
mod owes;
mod payload;
mod redaction;
mod state;
mod versions;
pub mod views;

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::access;
use crate::agenda::{Level, Owner, Permit};
use crate::at::At;
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::notice::{Notice, Recipient, Telling};
use crate::pulse::Due;
use crate::rule::Rule;
use crate::text::Text;

pub use deviation::Deviation;
pub use fact::{Fact, FactKind};
pub use matter::{Matter, matters};
pub use payload::{
    AddNote, AdoptPlaybook, CallClosed, CallOpened, ChangeBasis, CloseCall, CorrectNote,
    DocumentOpened, ItemTicked, ItemUnticked, NoteAdded, NoteCorrected, OpenCall, OpenDocument,
    PlaybookAdopted, ProposeRedaction, Redacted, RedactionDeclined, RedactionProposed,
    SecondRedaction, TickItem, UntickItem,
};
pub use state::{
    Arrival, Call, Document, Note, Redaction, RedactionAnswer, State, is_substantive,
};

pub(crate) use decide::decide;
pub(crate) use judge::judge;
pub(crate) use owes::{lost_calls, owes};

/// Entry: a gate was passed without what it asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waived {
    /// Which rule.
    pub rule: Rule,
    /// Because the severity was High or not yet assessed (M7).
    pub automatic: bool,
    /// Why. An automatic waiver is asked about in the retrospective.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// Entry: time reminded somebody of an obligation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prompted {
    /// The rule that demands it.
    pub rule: Rule,
    /// The obligation's key.
    pub key: String,
    /// Which prompt about it, from 0.
    pub occurrence: u32,
    /// How pressing.
    pub level: Level,
    /// Whom it reached.
    pub to: Vec<PersonId>,
    /// When it fell due; the entry's own time is when it fired.
    pub due_at: Timestamp,
    /// How many before it were missed while nobody was running.
    pub missed: u32,
    /// What is owed, in a sentence of the engine's.
    pub what: String,
    /// Whether it may ring (M20).
    pub audible: bool,
}

/// Entry: the case was given its number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Numbered {
    /// The number that people say, such as `HH-142`.
    pub number: String,
}

/// Entry: the project, its roster or its calendar was revised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BasisChanged {
    /// SHA-256 of the new basis, hex.
    pub basis: String,
    /// Revision of its project part.
    pub revision: u64,
    /// What of it matters to the case; empty for a change that does not, and for the first basis.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matters: Vec<Matter>,
}

pub(crate) fn dues(_: At, _: &mut Vec<Due>) {}

pub(crate) fn permits(at: At, out: &mut Vec<Permit>) {
    checklist::permits(at, out);
}

/// Whoever is prompted hears it; who is asked to a call or a document, or to be the
/// second person; everybody who may hold a copy of what was redacted, so that they destroy it (X39).
pub(crate) fn tell(at: At, entry: &Entry, out: &mut Vec<Notice>) {
    if let Body::Prompted(prompted) = &entry.body {
        out.extend(prompted.to.iter().map(|person| {
            let (rule, what, level) = (prompted.rule, prompted.what.clone(), prompted.level);
            let to = Recipient::Person(person.clone());
            let mut notice = Notice::say(to, Telling::Prompt { rule, what, level });
            notice.page = prompted.audible;
            notice
        }));
    }
    let people: BTreeSet<PersonId> = match &entry.body {
        Body::CallOpened(opened) => opened.participants.clone(),
        Body::DocumentOpened(opened) => opened.participants.clone(),
        Body::RedactionProposed(_) => redaction::seconds(at),
        Body::Redacted(_) => at.case.part.secrecy.members.clone(),
        Body::PlaybookAdopted(_) => at.people(&Owner::Responders).into_iter().collect(),
        _ => BTreeSet::new(),
    };
    let actor = entry.actor.as_person();
    let others = people.into_iter().filter(|p| actor != Some(p) && access::sees(at.case, at.basis, p));
    out.extend(others.map(|person| Notice::entry(Recipient::Person(person))));
}
