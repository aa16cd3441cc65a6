//! The one statement that is put together from parts: the list of cases.
//!
//! Every part is a constant; only which of them stand in the statement depends on the question. In a part
//! `?1` is the first of its own values.

use jiff::Timestamp;

use super::cases::case_columns;
use super::values::{Value, bound, values};
use crate::store::fold::folded;
use crate::store::model::{CaseFilter, CaseOrder, Cursor, JournalId, Scope, Viewer};

const ROWS: &str = concat!("SELECT ", case_columns!());
const COUNT: &str = "SELECT count(*)";
const OPENED: &str = "SELECT c.prefix, c.n, c.project, c.severity, c.opened_at, c.seq, c.figures
    FROM case_index c WHERE c.opened_at >= $1 AND c.opened_at < $2";
const BY_OPENING: &str = " ORDER BY c.opened_at DESC, c.journal DESC LIMIT ?1";
const FROM: &str = " FROM case_index c WHERE true";

const STATUS_IN: &str = " AND c.status = ANY(?1)";
const NOT_IN_SHADOW: &str = " AND c.status <> 'shadow'";
const PHASE_IN: &str = " AND c.phase = ANY(?1)";
const SEVERITY_IN: &str = " AND c.severity = ANY(?1)";
const PROJECT_IS: &str = " AND c.project = ?1";
const TAGGED: &str = " AND EXISTS (SELECT 1 FROM jsonb_array_elements(c.tags) t WHERE true";
const OF_PROPERTY: &str = " AND t.value ->> 0 = ANY(?1)";
const OF_CLIENT: &str = " AND t.value ->> 1 = ?1";
const IS_OPEN: &str = " AND c.open";
const IS_NOT_OPEN: &str = " AND NOT c.open";
const IC_IS: &str = " AND c.ic = ?1";
const MEMBER_IS: &str = " AND c.journal IN (SELECT m.journal FROM member m WHERE m.person = ?1)";
const TEXT_BEGINS: &str =
    " AND (starts_with(c.number_key, ?1) OR coalesce(starts_with(c.title_key, ?1), false))";

/// Who may see a case of any project. Used by the search too.
const SEEN_BY: &str = " AND (NOT c.restricted
    OR EXISTS (SELECT 1 FROM member s WHERE s.journal = c.journal AND s.person = ?1))";
/// Who may see a case of these projects.
const SEEN_BY_IN: &str = " AND ((NOT c.restricted
        AND c.project IN (SELECT p::uuid FROM unnest(?2::text[]) p))
    OR EXISTS (SELECT 1 FROM member s WHERE s.journal = c.journal AND s.person = ?1))";

const AFTER_UPDATED: &str = " AND (c.updated_at, c.journal) < (?1, ?2)";
const AFTER_NUMBER: &str = " AND (c.n, c.journal) < (?1, ?2)";
const BY_UPDATED: &str = " ORDER BY c.updated_at DESC, c.journal DESC LIMIT ?1";
const BY_NUMBER: &str = " ORDER BY c.n DESC, c.journal DESC LIMIT ?1";

/// What the statement answers.
pub(super) enum Part {
    Rows,
    Count,
}

/// A statement in the making, with its values.
#[derive(Default)]
pub(super) struct Query {
    text: String,
    values: Vec<Value>,
}

impl Query {
    /// A statement that begins so and goes on behind these values.
    pub(super) fn begun(text: &str, values: Vec<Value>) -> Self {
        Self {
            text: text.to_owned(),
            values,
        }
    }

    pub(super) fn of(part: &Part, filter: &CaseFilter, viewer: &Viewer) -> Self {
        let what = match part {
            Part::Rows => ROWS,
            Part::Count => COUNT,
        };
        let mut query = Self::begun(&[what, FROM].concat(), Vec::new());
        for (condition, words) in [
            (STATUS_IN, &filter.status),
            (PHASE_IN, &filter.phase),
            (SEVERITY_IN, &filter.severity),
        ] {
            if !words.is_empty() {
                query.add(condition, values![words.clone()]);
            }
        }
        if filter.status.is_empty() {
            query.add(NOT_IN_SHADOW, Vec::new());
        }
        if let Some(project) = filter.project {
            query.add(PROJECT_IS, values![project]);
        }
        query.tagged(filter);
        if let Some(open) = filter.open {
            query.add(if open { IS_OPEN } else { IS_NOT_OPEN }, Vec::new());
        }
        if let Some(ic) = &filter.ic {
            query.add(IC_IS, values![ic]);
        }
        if let Some(member) = &filter.member {
            query.add(MEMBER_IS, values![member]);
        }
        let text = filter.text.as_deref().map(folded);
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            query.add(TEXT_BEGINS, values![key(&text)]);
        }
        query.seen_by(viewer);
        query
    }

    /// What counts of the cases that were opened between two times.
    pub(super) fn opened(
        project: Option<JournalId>,
        viewer: &Viewer,
        (from, until): (Timestamp, Timestamp),
        limit: u32,
    ) -> Self {
        let mut query = Self::begun(OPENED, values![from, until]);
        if let Some(project) = project {
            query.add(PROJECT_IS, values![project]);
        }
        query.seen_by(viewer);
        query.add(BY_OPENING, values![limit]);
        query
    }

    /// Property and client stand in one and the same tag.
    fn tagged(&mut self, filter: &CaseFilter) {
        if filter.property.is_empty() && filter.client.is_none() {
            return;
        }
        self.text.push_str(TAGGED);
        if !filter.property.is_empty() {
            self.add(OF_PROPERTY, values![filter.property.clone()]);
        }
        if let Some(client) = &filter.client {
            self.add(OF_CLIENT, values![client]);
        }
        self.text.push(')');
    }

    /// Nothing but what `viewer` may see; the program itself sees everything.
    pub(super) fn seen_by(&mut self, viewer: &Viewer) {
        match viewer {
            Viewer::System => {}
            Viewer::Person {
                person,
                projects: Scope::All,
            } => self.add(SEEN_BY, values![person]),
            Viewer::Person {
                person,
                projects: Scope::Only(projects),
            } => {
                let ids: Vec<String> = projects.iter().map(ToString::to_string).collect();
                self.add(SEEN_BY_IN, values![person, ids]);
            }
        }
    }

    /// One page in this order.
    pub(super) fn page(mut self, order: CaseOrder, cursor: Option<&Cursor>, limit: usize) -> Self {
        let (after, by) = match order {
            CaseOrder::Updated => (AFTER_UPDATED, BY_UPDATED),
            CaseOrder::Number => (AFTER_NUMBER, BY_NUMBER),
        };
        if let Some(cursor) = cursor {
            self.add(after, values![cursor.key, cursor.journal]);
        }
        self.add(by, values![bound(limit as u64)]);
        self
    }

    /// Adds a part with its own values.
    pub(super) fn add(&mut self, part: &str, values: Vec<Value>) {
        let mut part = part.to_owned();
        for n in (1..=values.len()).rev() {
            part = part.replace(&format!("?{n}"), &format!("${}", self.values.len() + n));
        }
        self.text.push_str(&part);
        self.values.extend(values);
    }

    /// The statement and its values.
    pub(super) fn done(self) -> (String, Vec<Value>) {
        (self.text, self.values)
    }
}

/// A folded text as a column for comparisons holds it, which takes no NUL.
pub(super) fn key(folded: &str) -> Value {
    Value::Text(folded.replace('\0', "\u{fffd}"))
}
