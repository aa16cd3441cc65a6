//! The index over cases: rows, lists, search. Rebuildable from the journals.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Hash, JournalId, PersonId};

/// The number that people say: `HH-142`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CaseNumber {
    /// The project's letters.
    pub prefix: String,
    /// The count within that prefix, from 1.
    pub n: u64,
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.prefix, self.n)
    }
}

impl FromStr for CaseNumber {
    type Err = CursorUnreadable;

    /// Reads `HH-142`; the last hyphen parts letters and count.
    fn from_str(text: &str) -> Result<Self, CursorUnreadable> {
        let (prefix, n) = text.rsplit_once('-').ok_or(CursorUnreadable)?;
        let n = n.parse().map_err(|_| CursorUnreadable)?;
        if prefix.is_empty() {
            return Err(CursorUnreadable);
        }
        Ok(Self {
            prefix: prefix.to_owned(),
            n,
        })
    }
}

/// The text of a number or cursor is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a number or a place in a list")]
pub struct CursorUnreadable;

/// A case's title as the index may hold it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Title {
    /// There is none (not given, or erased).
    #[default]
    None,
    /// Readable: only for a case that is not restricted.
    Plain(String),
    /// Encrypted under the case's key.
    Cipher(Vec<u8>),
}

/// One case in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// The case, by its journal.
    pub journal: JournalId,
    /// The number that people say; unique.
    pub number: CaseNumber,
    /// The project it belongs to.
    pub project: JournalId,
    /// Its title. `Plain` is refused while the case is restricted.
    pub title: Title,
    /// Event or incident, closed or not, in the procedure's words.
    pub status: String,
    /// The phase, in the procedure's words.
    pub phase: String,
    /// The severity, once there is one.
    pub severity: Option<String>,
    /// Whether it exists only for its members.
    pub restricted: bool,
    /// What kind of case it is, in the procedure's words.
    pub kind: String,
    /// How it came in, in the procedure's words; what is not `known` counts towards a burst.
    pub arrival: String,
    /// What it harms and whose that is, in the procedure's words (R121).
    pub tags: Vec<CaseTag>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When its newest entry was recorded.
    pub updated_at: Timestamp,
    /// When time alone next owes it something.
    pub next_wake: Option<Timestamp>,
    /// The entry up to which this row speaks.
    pub seq: u64,
    /// The incident commander of record.
    pub ic: Option<PersonId>,
    /// Whether anything may still happen to it.
    pub open: bool,
    /// What of it counts among other cases, in the procedure's words; empty where it does not count,
    /// `None` where it was not worked out yet.
    pub figures: Option<String>,
}

/// What of a case counts among others, as it is kept beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiguresRow {
    /// The number that people say.
    pub number: CaseNumber,
    /// The project it belongs to.
    pub project: JournalId,
    /// The severity, once there is one.
    pub severity: Option<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// The entry up to which the row speaks.
    pub seq: u64,
    /// As in [`CaseRow::figures`].
    pub figures: Option<String>,
}

/// Something that a case harms or may harm.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CaseTag(
    /// The property, in the procedure's words.
    pub String,
    /// Whose: `ours`, or a client by its id; nothing if nobody has said.
    pub Option<String>,
);

/// The projects that a viewer may look into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every project.
    All,
    /// These and no others.
    Only(BTreeSet<JournalId>),
}

/// Who looks. A person sees the unrestricted cases of their projects and every case, restricted or
/// not, of which they are a member (R21).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Viewer {
    /// The program itself: sees everything. Never for an answer to a person.
    System,
    /// A person.
    Person {
        /// Who.
        person: PersonId,
        /// The projects they may look into.
        projects: Scope,
    },
}

/// The order of a list of cases, newest first in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CaseOrder {
    /// By the time of the newest entry.
    #[default]
    Updated,
    /// By the count in the number.
    Number,
}

/// A place in a list of cases, just behind the row it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The order of the list it belongs to.
    pub order: CaseOrder,
    /// The row's updated time in microseconds, or its number's count.
    pub key: i64,
    /// The row's journal, which tells equal keys apart.
    pub journal: JournalId,
}

impl Cursor {
    /// The place just behind `row`.
    #[must_use]
    pub fn behind(row: &CaseRow, order: CaseOrder) -> Self {
        Self {
            order,
            key: Self::key_of(row, order),
            journal: row.journal,
        }
    }

    /// The value by which `order` sorts `row`.
    #[must_use]
    pub fn key_of(row: &CaseRow, order: CaseOrder) -> i64 {
        match order {
            CaseOrder::Updated => row.updated_at.as_microsecond(),
            CaseOrder::Number => i64::try_from(row.number.n).unwrap_or(i64::MAX),
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let order = match self.order {
            CaseOrder::Updated => 'u',
            CaseOrder::Number => 'n',
        };
        write!(f, "{order}.{}.{}", self.key, self.journal.0.simple())
    }
}

impl FromStr for Cursor {
    type Err = CursorUnreadable;

    fn from_str(text: &str) -> Result<Self, CursorUnreadable> {
        let mut parts = text.splitn(3, '.');
        let order = match parts.next() {
            Some("u") => CaseOrder::Updated,
            Some("n") => CaseOrder::Number,
            _ => return Err(CursorUnreadable),
        };
        let key = parts
            .next()
            .and_then(|key| key.parse().ok())
            .ok_or(CursorUnreadable)?;
        let journal = parts
            .next()
            .and_then(|id| Uuid::parse_str(id).ok())
            .ok_or(CursorUnreadable)?;
        Ok(Self {
            order,
            key,
            journal: JournalId(journal),
        })
    }
}

/// The status of a case that stands in shadow: no list has it that does not ask for it.
pub const SHADOW: &str = "shadow";

/// Which cases a list shows. An empty list or nothing means "any".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CaseFilter {
    /// One of these; if empty any but [`SHADOW`].
    pub status: Vec<String>,
    /// One of these.
    pub phase: Vec<String>,
    /// One of these.
    pub severity: Vec<String>,
    /// Of this project.
    pub project: Option<JournalId>,
    /// Open, or not.
    pub open: Option<bool>,
    /// With this incident commander of record.
    pub ic: Option<PersonId>,
    /// Of which this person is a member.
    pub member: Option<PersonId>,
    /// With harm to one of these properties.
    pub property: Vec<String>,
    /// With harm to this client; `ours` is our own. Together with `property`: in one and the same tag.
    pub client: Option<String>,
    /// The number, or the readable title, begins with this (case and accents do not count).
    pub text: Option<String>,
    /// Newest first by what.
    pub order: CaseOrder,
}

impl CaseFilter {
    /// Whether some tag is what is asked for, if any is.
    #[must_use]
    pub fn takes(&self, tags: &[CaseTag]) -> bool {
        let anything = self.property.is_empty() && self.client.is_none();
        let fits = |CaseTag(property, client): &CaseTag| {
            let harmed = self.property.is_empty() || self.property.contains(property);
            harmed && (self.client.is_none() || self.client == *client)
        };
        anything || tags.iter().any(fits)
    }
}

/// One page of a list of cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasePage {
    /// The rows.
    pub rows: Vec<CaseRow>,
    /// Where the next page begins; nothing on the last page.
    pub next: Option<Cursor>,
}

/// A search over the text of unrestricted cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    /// What was typed. All its words must stand in one indexed text.
    pub words: String,
    /// Whether the last word may go on.
    pub prefix: bool,
    /// Only this project.
    pub project: Option<JournalId>,
    /// Who searches.
    pub viewer: Viewer,
    /// At most so many cases.
    pub limit: u32,
}

/// A case in which the words were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchHit {
    /// The case.
    pub case: CaseRow,
    /// The entry of the newest indexed text with all the words.
    pub seq: u64,
}

/// What a search found, and what it did not look into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchAnswer {
    /// Newest text first, each case once.
    pub hits: Vec<SearchHit>,
    /// Restricted cases that the viewer could open but that no search looks into.
    pub not_searched: u64,
}

/// One indexed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchDocument {
    /// The case.
    pub journal: JournalId,
    /// The entry the text is from.
    pub seq: u64,
    /// The text.
    pub text: String,
}

/// A piece of evidence in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExhibitRow {
    /// The case.
    pub journal: JournalId,
    /// Its id within the case.
    pub id: String,
    /// The entry that brought it.
    pub seq: u64,
    /// The hash of its bytes, when we hold them.
    pub sha256: Option<Hash>,
    /// Their length in bytes.
    pub size: u64,
    /// What it is, in the procedure's words.
    pub kind: String,
    /// Whether its bytes were erased.
    pub erased: bool,
    /// When it was taken in.
    pub at: Timestamp,
}

/// A project in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectRow {
    /// The project, by its journal.
    pub journal: JournalId,
    /// The short name in addresses; unique.
    pub slug: String,
    /// The name.
    pub name: String,
    /// The letters of its case numbers.
    pub prefix: String,
    /// The basis that new decisions use.
    pub basis: Option<Hash>,
    /// Whether it takes no new cases.
    pub archived: bool,
    /// The entry up to which this row speaks.
    pub seq: u64,
}
