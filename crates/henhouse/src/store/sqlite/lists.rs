//! The one statement that is put together from parts: the list of cases.
//!
//! Every part is a constant; only which of them stand in the statement depends on the question. One
//! value is compared directly, so that its index serves; several are checked row by row (`+`), because
//! they mostly cover much of the table and the order is then the better guide.

use jiff::Timestamp;
use rusqlite::types::ToSql;

use super::cases::case_columns;
use super::session::Session;
use super::statements;
use super::values::{Micros, bound};
use crate::store::error::Result;
use crate::store::fold::folded;
use crate::store::model::{CaseFilter, CaseOrder, Cursor, JournalId, Scope, Viewer};

const ROWS: &str = concat!("SELECT ", case_columns!());
const COUNT: &str = "SELECT count(*)";
const FIGURES: &str = "SELECT c.prefix, c.n, c.project, c.severity, c.opened_at, c.seq, c.figures";
const FROM: &str = " FROM case_index c WHERE true";

const STATUS_IS: &str = " AND c.status = :status";
const STATUS_IN: &str = " AND +c.status IN (SELECT value FROM json_each(:status))";
const NOT_IN_SHADOW: &str = " AND +c.status <> 'shadow'";
const PHASE_IN: &str = " AND c.phase IN (SELECT value FROM json_each(:phase))";
const SEVERITY_IN: &str = " AND c.severity IN (SELECT value FROM json_each(:severity))";
const PROJECT_IS: &str = " AND c.project = :project";
const TAGGED: &str = " AND c.tags <> '[]' AND EXISTS (SELECT 1 FROM json_each(c.tags) t WHERE true";
const OF_PROPERTY: &str = " AND t.value ->> 0 IN (SELECT value FROM json_each(:property))";
const OF_CLIENT: &str = " AND t.value ->> 1 = :client";
const IS_OPEN: &str = " AND c.open = 1";
const IS_NOT_OPEN: &str = " AND c.open = 0";
const IC_IS: &str = " AND c.ic = :ic";
const MEMBER_IS: &str =
    " AND c.journal IN (SELECT m.journal FROM member m WHERE m.person = :member)";
/// Many begin so: one of the next rows in the list's order will. No index is to tempt the planner.
const TEXT_BEGINS: &str = " AND ((+c.number_key >= :text AND +c.number_key < :beyond)
    OR (+c.title_key >= :text AND +c.title_key < :beyond))";
/// Few begin so: they are fetched and put in order.
const TEXT_BEGINS_RARELY: &str = " AND c.rowid IN (
    SELECT b.rowid FROM case_index b WHERE b.number_key >= :text AND b.number_key < :beyond
    UNION ALL
    SELECT b.rowid FROM case_index b WHERE b.title_key >= :text AND b.title_key < :beyond)";
/// With fewer that begin so it is quicker to fetch them than to look for them in the list's order.
const FEW: u32 = 500;

statements! {
    BEGINNING_SO = "SELECT count(*) FROM (
        SELECT 1 FROM case_index WHERE number_key >= ?1 AND number_key < ?2
        UNION ALL
        SELECT 1 FROM case_index WHERE title_key >= ?1 AND title_key < ?2
        LIMIT ?3)";
}

/// Who may see a case of any project. Used by the search too, with the same names.
pub(super) const SEEN_BY: &str = " AND (c.restricted = 0
    OR EXISTS (SELECT 1 FROM member s WHERE s.journal = c.journal AND s.person = :viewer))";
/// Who may see a case of these projects.
pub(super) const SEEN_BY_IN: &str = " AND ((c.restricted = 0
        AND c.project IN (SELECT unhex(value) FROM json_each(:projects)))
    OR EXISTS (SELECT 1 FROM member s WHERE s.journal = c.journal AND s.person = :viewer))";

const OPENED: &str = " AND c.opened_at >= :from AND c.opened_at < :until";
/// No index of the projects is to tempt the planner away from the one of the openings.
const OF_PROJECT: &str = " AND +c.project = :project";
const BY_OPENING: &str = " ORDER BY c.opened_at DESC, c.journal DESC LIMIT :limit";
const AFTER_UPDATED: &str = " AND (c.updated_at, c.journal) < (:key, :behind)";
const AFTER_NUMBER: &str = " AND (c.n, c.journal) < (:key, :behind)";
const BY_UPDATED: &str = " ORDER BY c.updated_at DESC, c.journal DESC LIMIT :limit";
const BY_NUMBER: &str = " ORDER BY c.n DESC, c.journal DESC LIMIT :limit";

/// What the statement answers.
pub(super) enum Part {
    Rows,
    Count,
    Figures,
}

/// A statement in the making, with its values by name.
pub(super) struct Query {
    conditions: String,
    order: &'static str,
    values: Vec<(&'static str, Box<dyn ToSql>)>,
}

impl Query {
    pub(super) fn of(filter: &CaseFilter, viewer: &Viewer, beginning: Option<&Beginning>) -> Self {
        let mut query = Self {
            conditions: String::new(),
            order: "",
            values: Vec::new(),
        };
        match filter.status.as_slice() {
            [] => query.conditions.push_str(NOT_IN_SHADOW),
            [status] => query.add(STATUS_IS, ":status", status.clone()),
            several => query.add(STATUS_IN, ":status", json(several)),
        }
        if !filter.phase.is_empty() {
            query.add(PHASE_IN, ":phase", json(&filter.phase));
        }
        if !filter.severity.is_empty() {
            query.add(SEVERITY_IN, ":severity", json(&filter.severity));
        }
        if let Some(project) = filter.project {
            query.add(PROJECT_IS, ":project", project);
        }
        query.tagged(filter);
        if let Some(open) = filter.open {
            query
                .conditions
                .push_str(if open { IS_OPEN } else { IS_NOT_OPEN });
        }
        if let Some(ic) = &filter.ic {
            query.add(IC_IS, ":ic", ic.clone());
        }
        if let Some(member) = &filter.member {
            query.add(MEMBER_IS, ":member", member.clone());
        }
        if let Some(Beginning { text, beyond, few }) = beginning {
            let begins = if *few {
                TEXT_BEGINS_RARELY
            } else {
                TEXT_BEGINS
            };
            query.add(begins, ":text", text.clone());
            query.values.push((":beyond", Box::new(beyond.clone())));
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
        let mut query = Self {
            conditions: String::new(),
            order: BY_OPENING,
            values: Vec::new(),
        };
        query.add(OPENED, ":from", Micros(from));
        query.values.push((":until", Box::new(Micros(until))));
        if let Some(project) = project {
            query.add(OF_PROJECT, ":project", project);
        }
        query.seen_by(viewer);
        query.values.push((":limit", Box::new(limit)));
        query
    }

    /// Property and client stand in one and the same tag.
    fn tagged(&mut self, filter: &CaseFilter) {
        if filter.property.is_empty() && filter.client.is_none() {
            return;
        }
        self.conditions.push_str(TAGGED);
        if !filter.property.is_empty() {
            self.add(OF_PROPERTY, ":property", json(&filter.property));
        }
        if let Some(client) = &filter.client {
            self.add(OF_CLIENT, ":client", client.clone());
        }
        self.conditions.push(')');
    }

    /// Nothing but what `viewer` may see.
    fn seen_by(&mut self, viewer: &Viewer) {
        if let Some((condition, values)) = seen_by(viewer) {
            self.conditions.push_str(condition);
            self.values.extend(values);
        }
    }

    /// One page in this order.
    pub(super) fn page(mut self, order: CaseOrder, cursor: Option<&Cursor>, limit: usize) -> Self {
        let (after, by) = match order {
            CaseOrder::Updated => (AFTER_UPDATED, BY_UPDATED),
            CaseOrder::Number => (AFTER_NUMBER, BY_NUMBER),
        };
        if let Some(cursor) = cursor {
            self.add(after, ":key", cursor.key);
            self.values.push((":behind", Box::new(cursor.journal)));
        }
        self.order = by;
        self.values.push((":limit", Box::new(bound(limit as u64))));
        self
    }

    pub(super) fn text(&self, part: Part) -> String {
        let what = match part {
            Part::Rows => ROWS,
            Part::Count => COUNT,
            Part::Figures => FIGURES,
        };
        [what, FROM, &self.conditions, self.order].concat()
    }

    pub(super) fn values(&self) -> Vec<(&'static str, &dyn ToSql)> {
        self.values
            .iter()
            .map(|(name, value)| (*name, value.as_ref()))
            .collect()
    }

    fn add(&mut self, condition: &'static str, name: &'static str, value: impl ToSql + 'static) {
        self.conditions.push_str(condition);
        self.values.push((name, Box::new(value)));
    }
}

/// How a number or a title begins: from `text` up to `beyond`.
pub(super) struct Beginning {
    pub(super) text: String,
    pub(super) beyond: String,
    pub(super) few: bool,
}

impl Session {
    /// The cases that the filter chooses and `viewer` may see.
    pub(super) fn chosen(&self, filter: &CaseFilter, viewer: &Viewer) -> Result<Query> {
        let text = filter.text.as_deref().map(folded);
        let text = text.filter(|text| !text.is_empty());
        let beginning = text.map(|text| self.beginning(text)).transpose()?;
        Ok(Query::of(filter, viewer, beginning.as_ref()))
    }

    fn beginning(&self, text: String) -> Result<Beginning> {
        let beyond = format!("{text}{}", char::MAX);
        let count = |row: &rusqlite::Row<'_>| row.get(0);
        let many: Option<u32> = self.one(BEGINNING_SO, (&text, &beyond, FEW), count)?;
        let few = many.is_none_or(|many| many < FEW);
        Ok(Beginning { text, beyond, few })
    }
}

type Values = Vec<(&'static str, Box<dyn ToSql>)>;

/// The condition that keeps what `viewer` must not see out; nothing for the program itself.
pub(super) fn seen_by(viewer: &Viewer) -> Option<(&'static str, Values)> {
    let Viewer::Person { person, projects } = viewer else {
        return None;
    };
    let mut values: Values = vec![(":viewer", Box::new(person.clone()))];
    Some(match projects {
        Scope::All => (SEEN_BY, values),
        Scope::Only(projects) => {
            let ids: Vec<String> = projects
                .iter()
                .map(|id| id.0.simple().to_string())
                .collect();
            values.push((":projects", Box::new(json(&ids))));
            (SEEN_BY_IN, values)
        }
    })
}

fn json(words: &[String]) -> String {
    serde_json::Value::from(words).to_string()
}
