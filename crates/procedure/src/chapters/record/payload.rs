//! Notes, ticks, calls, documents, redactions: what is asked, and what it leaves.

use alloc::collections::BTreeSet;
use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::basis::Review;
use crate::id::PersonId;
use crate::text::Text;

/// Leave a note (R35). When it happened goes with any command (`happened_at`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddNote {
    /// The note.
    pub text: Text,
    /// It holds sensitive data: for members only, and it leaves by no connector (R21).
    #[serde(default)]
    pub restricted: bool,
}

/// Correct a note. The first one remains beside the correction (R35).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CorrectNote {
    /// The note's entry, by seq.
    pub note: u64,
    /// How it should have read.
    pub text: Text,
    /// The correction holds sensitive data, even if the note did not (R21).
    #[serde(default)]
    pub restricted: bool,
}

/// Tick a line of the checklist (R2). Nothing else ever ticks it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TickItem {
    /// The line, by its id in the playbook.
    pub item: String,
    /// How it was seen to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Text>,
}

/// Take a tick back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UntickItem {
    /// The line, by its id in the playbook.
    pub item: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// Open a call for talk that belongs neither into chat nor into the ticket (R36).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenCall {
    /// Where it is.
    pub link: Text,
    /// Who takes part.
    #[serde(default)]
    pub participants: BTreeSet<PersonId>,
    /// It is being recorded.
    #[serde(default)]
    pub recording: bool,
}

/// Say that a call is over, and where its content is kept (X11). Given again, it adds
/// what was missing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CloseCall {
    /// Which, from 1.
    pub call: u32,
    /// There is a recording.
    #[serde(default)]
    pub recorded: bool,
    /// What was said and decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Text>,
    /// Who else took part.
    #[serde(default)]
    pub participants: BTreeSet<PersonId>,
}

/// Open a document for what belongs neither into chat nor into the ticket (R36).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenDocument {
    /// Where it is.
    pub link: Text,
    /// Who may write in it.
    #[serde(default)]
    pub participants: BTreeSet<PersonId>,
}

/// Ask for a text to be erased that was pasted by mistake (X39).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ProposeRedaction {
    /// The entry, by seq.
    pub entry: u64,
    /// Its field, such as `text` or `report.contact`.
    pub field: String,
    /// Why.
    pub reason: Text,
}

/// Agree to a redaction as the second person, or turn it down (X39).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SecondRedaction {
    /// Which, from 1.
    pub redaction: u32,
    /// It stays as it is.
    #[serde(default)]
    pub declined: bool,
    /// Why; needed to turn it down, and to agree to one's own (M16).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// The project was revised. Given by the desk to every open case, never by a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeBasis {
    /// SHA-256 of the new basis, hex.
    pub basis: String,
    /// Revision of its project part.
    pub revision: u64,
}

/// Move the case to a newer, reviewed edition of the playbook, from now on (X30).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AdoptPlaybook {
    /// Which edition.
    pub edition: u32,
    /// Why now.
    pub reason: Text,
}

/// Entry: a note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteAdded {
    /// The note.
    pub text: Text,
    /// It belongs to the restricted annex.
    #[serde(default)]
    pub restricted: bool,
}

/// Entry: a note was corrected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteCorrected {
    /// The note's entry, by seq.
    pub note: u64,
    /// How it should have read.
    pub text: Text,
    /// It belongs to the restricted annex.
    #[serde(default)]
    pub restricted: bool,
}

/// Entry: a line of the checklist was ticked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemTicked {
    /// The line.
    pub item: String,
    /// How it was seen to be done.
    #[serde(default)]
    pub proof: Option<Text>,
}

/// Entry: a tick was taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemUnticked {
    /// The line.
    pub item: String,
    /// Why.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// Entry: a call was opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallOpened {
    /// Which, from 1.
    pub call: u32,
    /// Where it is.
    pub link: Text,
    /// Who takes part.
    #[serde(default)]
    pub participants: BTreeSet<PersonId>,
    /// It is being recorded.
    #[serde(default)]
    pub recording: bool,
}

/// Entry: a call is over, or its record was completed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallClosed {
    /// Which, from 1.
    pub call: u32,
    /// There is a recording.
    #[serde(default)]
    pub recorded: bool,
    /// What was said and decided.
    #[serde(default)]
    pub summary: Option<Text>,
    /// Who else took part.
    #[serde(default)]
    pub participants: BTreeSet<PersonId>,
}

/// Entry: a document was opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentOpened {
    /// Which, from 1.
    pub document: u32,
    /// Where it is.
    pub link: Text,
    /// Who may write in it.
    #[serde(default)]
    pub participants: BTreeSet<PersonId>,
}

/// Entry: somebody asks for a text to be erased.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RedactionProposed {
    /// Which redaction, from 1.
    pub redaction: u32,
    /// The entry whose text it is.
    pub entry: u64,
    /// Its field.
    pub field: String,
    /// Why.
    pub reason: Text,
}

/// Entry: a second person answered. If it is not declined, the desk destroys the text
/// and its salt with this entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Redacted {
    /// Which redaction, from 1.
    pub redaction: u32,
    /// The entry whose text it is.
    pub entry: u64,
    /// Its field.
    pub field: String,
    /// By the person who asked for it, because nobody else answered (M16).
    #[serde(default)]
    pub one_person: bool,
    /// Why.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// Entry: a second person turned a redaction down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RedactionDeclined {
    /// Which redaction, from 1.
    pub redaction: u32,
    /// Why.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// Entry: the case follows another edition of the playbook from now on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaybookAdopted {
    /// The playbook's name.
    pub name: String,
    /// Its edition.
    pub edition: u32,
    /// Who looked at that edition before it came into force.
    pub review: Review,
    /// Why now.
    pub reason: Text,
}
