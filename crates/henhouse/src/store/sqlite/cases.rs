//! Cases, members, exhibits, projects and counters in SQLite. Lists are in `lists`, search in `search`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::lists::{Part, Query};
use super::session::Session;
use super::statements;
use super::values::{Count, Micros, bound};
use crate::store::error::{Result, StoreError};
use crate::store::fold::folded;
use crate::store::model::{
    CaseFilter, CaseNumber, CasePage, CaseRow, Cursor, ExhibitRow, FiguresRow, Hash, JournalId,
    PersonId, ProjectRow, SearchAnswer, SearchDocument, SearchQuery, Title, Viewer,
};
use crate::store::seam::{CaseTx, CaseView};

/// The columns of [`case_row`], of the table `c`.
macro_rules! case_columns {
    () => {
        "c.journal, c.prefix, c.n, c.project, c.title, c.status, c.phase, c.severity, \
         c.restricted, c.kind, c.opened_at, c.updated_at, c.next_wake, c.seq, c.ic, c.open, \
         c.arrival, c.tags, c.figures"
    };
}
pub(super) use case_columns;

statements! {
    CASE = concat!("SELECT ", case_columns!(), " FROM case_index c WHERE c.journal = ?1");
    RESTRICTED = "SELECT c.restricted FROM journal j LEFT JOIN case_index c ON c.journal = j.id
        WHERE j.id = ?1";
    BY_NUMBER = concat!("SELECT ", case_columns!(),
        " FROM case_index c WHERE c.prefix = ?1 AND c.n = ?2");
    DUE = concat!("SELECT ", case_columns!(), " FROM case_index c
        WHERE c.next_wake <= ?1 ORDER BY c.next_wake, c.journal LIMIT ?2");
    ARRIVALS = "SELECT count(*) FROM (SELECT 1 FROM case_index
        WHERE project = ?1 AND arrival = ?2 AND arrival <> 'known' AND opened_at > ?3 LIMIT ?4)";
    EARLIEST_WAKE = "SELECT next_wake FROM case_index
        WHERE next_wake IS NOT NULL ORDER BY next_wake LIMIT 1";
    PUT_CASE = "INSERT INTO case_index (journal, prefix, n, project, title, status, phase, severity,
            restricted, kind, opened_at, updated_at, next_wake, seq, ic, open, number_key, title_key,
            arrival, tags, figures)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
            ?19, ?20, ?21)
        ON CONFLICT (journal) DO UPDATE SET prefix = excluded.prefix, n = excluded.n,
            project = excluded.project, title = excluded.title, status = excluded.status,
            phase = excluded.phase, severity = excluded.severity, restricted = excluded.restricted,
            kind = excluded.kind, opened_at = excluded.opened_at, updated_at = excluded.updated_at,
            next_wake = excluded.next_wake, seq = excluded.seq, ic = excluded.ic,
            open = excluded.open, number_key = excluded.number_key, title_key = excluded.title_key,
            arrival = excluded.arrival, tags = excluded.tags, figures = excluded.figures";
    MEMBERS = "SELECT person FROM member WHERE journal = ?1";
    MEMBERS_IF_ANY = "SELECT m.person FROM journal j LEFT JOIN member m ON m.journal = j.id
        WHERE j.id = ?1";
    IS_MEMBER = "SELECT 1 FROM member WHERE journal = ?1 AND person = ?2";
    DROP_MEMBERS = "DELETE FROM member WHERE journal = ?1";
    ADD_MEMBER = "INSERT INTO member (journal, person) VALUES (?1, ?2)";
    COUNTERS = "SELECT name, value FROM counter";
    COUNTER = "SELECT value FROM counter WHERE name = ?1";
    RAISE_COUNTER = "INSERT INTO counter (name, value) VALUES (?1, ?2)
        ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)";
    EXHIBITS = "SELECT journal, id, seq, sha256, size, kind, erased, at FROM exhibit_index
        WHERE journal = ?1 ORDER BY seq, id";
    EXHIBIT = "SELECT journal, id, seq, sha256, size, kind, erased, at FROM exhibit_index
        WHERE journal = ?1 AND id = ?2";
    EXHIBITS_WITH = "SELECT journal, id, seq, sha256, size, kind, erased, at FROM exhibit_index
        WHERE sha256 = ?1 ORDER BY journal, id";
    ERASED_EXHIBITS = "SELECT journal, id, seq, sha256, size, kind, erased, at FROM exhibit_index
        WHERE erased = 1 ORDER BY journal, id";
    PUT_EXHIBIT = "INSERT INTO exhibit_index (journal, id, seq, sha256, size, kind, erased, at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (journal, id) DO UPDATE SET seq = excluded.seq, sha256 = excluded.sha256,
            size = excluded.size, kind = excluded.kind, erased = excluded.erased, at = excluded.at";
    PROJECT = "SELECT journal, slug, name, prefix, basis, archived, seq FROM project_index
        WHERE journal = ?1";
    PROJECT_BY_SLUG = "SELECT journal, slug, name, prefix, basis, archived, seq FROM project_index
        WHERE slug = ?1";
    PROJECTS = "SELECT journal, slug, name, prefix, basis, archived, seq FROM project_index
        ORDER BY slug";
    PUT_PROJECT = "INSERT INTO project_index (journal, slug, name, prefix, basis, archived, seq)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT (journal) DO UPDATE SET slug = excluded.slug, name = excluded.name,
            prefix = excluded.prefix, basis = excluded.basis, archived = excluded.archived,
            seq = excluded.seq";
    CLEAR_CASES = "DELETE FROM case_index";
    CLEAR_MEMBERS = "DELETE FROM member";
    CLEAR_EXHIBITS = "DELETE FROM exhibit_index";
    CLEAR_PROJECTS = "DELETE FROM project_index";
    CLEAR_ALERTS = "DELETE FROM alert_index";
    CLEAR_COUNTERS = "DELETE FROM counter";
    CLEAR_TEXTS = "DELETE FROM search";
    CLEAR_DOCUMENTS = "DELETE FROM search_document";
}

pub(super) fn case_row(row: &Row<'_>) -> rusqlite::Result<CaseRow> {
    Ok(CaseRow {
        journal: row.get(0)?,
        number: CaseNumber {
            prefix: row.get(1)?,
            n: row.get::<_, Count>(2)?.0,
        },
        project: row.get(3)?,
        title: match row.get_ref(4)? {
            rusqlite::types::ValueRef::Null => Title::None,
            rusqlite::types::ValueRef::Blob(cipher) => Title::Cipher(cipher.to_vec()),
            text => Title::Plain(text.as_str()?.to_owned()),
        },
        status: row.get(5)?,
        phase: row.get(6)?,
        severity: row.get(7)?,
        restricted: row.get(8)?,
        kind: row.get(9)?,
        opened_at: row.get::<_, Micros>(10)?.0,
        updated_at: row.get::<_, Micros>(11)?.0,
        next_wake: row.get::<_, Option<Micros>>(12)?.map(|time| time.0),
        seq: row.get::<_, Count>(13)?.0,
        ic: row.get(14)?,
        open: row.get(15)?,
        arrival: row.get(16)?,
        tags: serde_json::from_str(row.get_ref(17)?.as_str()?).unwrap_or_default(),
        figures: row.get(18)?,
    })
}

fn figures_row(row: &Row<'_>) -> rusqlite::Result<FiguresRow> {
    Ok(FiguresRow {
        number: CaseNumber {
            prefix: row.get(0)?,
            n: row.get::<_, Count>(1)?.0,
        },
        project: row.get(2)?,
        severity: row.get(3)?,
        opened_at: row.get::<_, Micros>(4)?.0,
        seq: row.get::<_, Count>(5)?.0,
        figures: row.get(6)?,
    })
}

fn exhibit_row(row: &Row<'_>) -> rusqlite::Result<ExhibitRow> {
    Ok(ExhibitRow {
        journal: row.get(0)?,
        id: row.get(1)?,
        seq: row.get::<_, Count>(2)?.0,
        sha256: row.get(3)?,
        size: row.get::<_, Count>(4)?.0,
        kind: row.get(5)?,
        erased: row.get(6)?,
        at: row.get::<_, Micros>(7)?.0,
    })
}

fn project_row(row: &Row<'_>) -> rusqlite::Result<ProjectRow> {
    Ok(ProjectRow {
        journal: row.get(0)?,
        slug: row.get(1)?,
        name: row.get(2)?,
        prefix: row.get(3)?,
        basis: row.get(4)?,
        archived: row.get(5)?,
        seq: row.get::<_, Count>(6)?.0,
    })
}

impl CaseView for Session {
    fn case(&self, journal: JournalId) -> Result<Option<CaseRow>> {
        self.one(CASE, [journal], case_row)
    }

    fn case_by_number(&self, number: &CaseNumber) -> Result<Option<CaseRow>> {
        self.one(BY_NUMBER, (&number.prefix, bound(number.n)), case_row)
    }

    fn list_cases(
        &self,
        filter: &CaseFilter,
        viewer: &Viewer,
        cursor: Option<&Cursor>,
        limit: u32,
    ) -> Result<CasePage> {
        let order = filter.order;
        if cursor.is_some_and(|cursor| cursor.order != order) {
            return Err(StoreError::cursor_of_another_order());
        }
        let limit = limit.max(1) as usize;
        let query = self.chosen(filter, viewer)?;
        let query = query.page(order, cursor, limit + 1);
        let mut rows = self.many(&query.text(Part::Rows), &*query.values(), case_row)?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows
            .last()
            .filter(|_| more)
            .map(|row| Cursor::behind(row, order));
        Ok(CasePage { rows, next })
    }

    fn arrivals(
        &self,
        project: JournalId,
        arrival: &str,
        since: Timestamp,
        limit: u32,
    ) -> Result<u32> {
        let values = (project, arrival, Micros(since), limit);
        let count = self.one(ARRIVALS, values, |row| row.get(0))?;
        Ok(count.unwrap_or(0))
    }

    fn figures(
        &self,
        project: Option<JournalId>,
        viewer: &Viewer,
        span: (Timestamp, Timestamp),
        limit: u32,
    ) -> Result<Vec<FiguresRow>> {
        let query = Query::opened(project, viewer, span, limit);
        self.many(&query.text(Part::Figures), &*query.values(), figures_row)
    }

    fn count_cases(&self, filter: &CaseFilter, viewer: &Viewer) -> Result<u64> {
        let query = self.chosen(filter, viewer)?;
        let count = self.one(&query.text(Part::Count), &*query.values(), |row| row.get(0))?;
        Ok(count.map_or(0, |count: Count| count.0))
    }

    fn due_cases(&self, now: Timestamp, limit: u32) -> Result<Vec<CaseRow>> {
        self.many(DUE, (Micros(now), limit), case_row)
    }

    fn earliest_wake(&self) -> Result<Option<Timestamp>> {
        self.one(EARLIEST_WAKE, [], |row| Ok(row.get::<_, Micros>(0)?.0))
    }

    fn members(&self, journal: JournalId) -> Result<BTreeSet<PersonId>> {
        Ok(self
            .many(MEMBERS, [journal], |row| row.get(0))?
            .into_iter()
            .collect())
    }

    fn is_member(&self, journal: JournalId, person: &str) -> Result<bool> {
        Ok(self
            .one(IS_MEMBER, (journal, person), |_| Ok(()))?
            .is_some())
    }

    fn search(&self, query: &SearchQuery) -> Result<SearchAnswer> {
        self.find(query)
    }

    fn search_documents(&self, journal: JournalId) -> Result<Vec<SearchDocument>> {
        self.documents(journal)
    }

    fn exhibits(&self, journal: JournalId) -> Result<Vec<ExhibitRow>> {
        self.many(EXHIBITS, [journal], exhibit_row)
    }

    fn exhibit(&self, journal: JournalId, id: &str) -> Result<Option<ExhibitRow>> {
        self.one(EXHIBIT, (journal, id), exhibit_row)
    }

    fn exhibits_with_bytes(&self, sha256: Hash) -> Result<Vec<ExhibitRow>> {
        self.many(EXHIBITS_WITH, [sha256], exhibit_row)
    }

    fn erased_exhibits(&self) -> Result<Vec<ExhibitRow>> {
        self.many(ERASED_EXHIBITS, [], exhibit_row)
    }

    fn project(&self, journal: JournalId) -> Result<Option<ProjectRow>> {
        self.one(PROJECT, [journal], project_row)
    }

    fn project_by_slug(&self, slug: &str) -> Result<Option<ProjectRow>> {
        self.one(PROJECT_BY_SLUG, [slug], project_row)
    }

    fn projects(&self) -> Result<Vec<ProjectRow>> {
        self.many(PROJECTS, [], project_row)
    }

    fn counters(&self) -> Result<BTreeMap<String, u64>> {
        let rows = self.many(COUNTERS, [], |row| {
            Ok((row.get(0)?, row.get::<_, Count>(1)?.0))
        })?;
        Ok(rows.into_iter().collect())
    }
}

impl Session {
    /// Whether a case is for its members only; nothing for what has no row yet. Fails for a journal
    /// that nobody created.
    fn restricted(&self, journal: JournalId) -> Result<Option<bool>> {
        self.one(RESTRICTED, [journal], |row| row.get(0))?
            .ok_or_else(StoreError::unknown_journal)
    }
}

impl CaseTx for Session {
    fn put_index(&mut self, row: &CaseRow) -> Result<()> {
        let before = self.restricted(row.journal)?;
        let title_key = match &row.title {
            Title::Plain(_) if row.restricted => return Err(StoreError::readable_restricted()),
            Title::Plain(title) => Some(folded(title)),
            Title::None | Title::Cipher(_) => None,
        };
        let title: Option<&dyn rusqlite::ToSql> = match &row.title {
            Title::None => None,
            Title::Plain(title) => Some(title),
            Title::Cipher(cipher) => Some(cipher),
        };
        self.run(
            PUT_CASE,
            params![
                row.journal,
                row.number.prefix,
                Count(row.number.n),
                row.project,
                title,
                row.status,
                row.phase,
                row.severity,
                row.restricted,
                row.kind,
                Micros(row.opened_at),
                Micros(row.updated_at),
                row.next_wake.map(Micros),
                Count(row.seq),
                row.ic,
                row.open,
                folded(&row.number.to_string()),
                title_key,
                row.arrival,
                serde_json::json!(row.tags).to_string(),
                row.figures,
            ],
        )?;
        if row.restricted && before != Some(true) {
            self.erase_documents(row.journal, None)?;
        }
        Ok(())
    }

    fn set_members(&mut self, journal: JournalId, members: &BTreeSet<PersonId>) -> Result<()> {
        let found: Vec<Option<PersonId>> =
            self.many(MEMBERS_IF_ANY, [journal], |row| row.get(0))?;
        if found.is_empty() {
            return Err(StoreError::unknown_journal());
        }
        if found.iter().flatten().eq(members) {
            return Ok(());
        }
        self.run(DROP_MEMBERS, [journal])?;
        for person in members {
            self.run(ADD_MEMBER, (journal, person))?;
        }
        Ok(())
    }

    fn next_number(&mut self, counter: &str) -> Result<u64> {
        // Nobody else writes: what is read here is still so when the next one is written.
        let last = self.one(COUNTER, [counter], |row| Ok(row.get::<_, Count>(0)?.0))?;
        let next = last.unwrap_or(0) + 1;
        self.raise_counter(counter, next)?;
        Ok(next)
    }

    fn raise_counter(&mut self, counter: &str, at_least: u64) -> Result<()> {
        self.run(RAISE_COUNTER, (counter, Count(at_least)))
            .map(drop)
    }

    fn search_index_put(&mut self, document: &SearchDocument) -> Result<()> {
        if self.restricted(document.journal)? == Some(true) {
            return Err(StoreError::readable_restricted());
        }
        self.put_document(document)
    }

    fn search_index_erase(&mut self, journal: JournalId, seq: Option<u64>) -> Result<()> {
        self.erase_documents(journal, seq)
    }

    fn put_exhibit(&mut self, row: &ExhibitRow) -> Result<()> {
        self.run(
            PUT_EXHIBIT,
            (
                row.journal,
                &row.id,
                Count(row.seq),
                row.sha256,
                Count(row.size),
                &row.kind,
                row.erased,
                Micros(row.at),
            ),
        )
        .map(drop)
    }

    fn put_project(&mut self, row: &ProjectRow) -> Result<()> {
        self.run(
            PUT_PROJECT,
            (
                row.journal,
                &row.slug,
                &row.name,
                &row.prefix,
                row.basis,
                row.archived,
                Count(row.seq),
            ),
        )
        .map(drop)
    }

    fn clear_index(&mut self) -> Result<()> {
        self.write_texts()?;
        for sql in [
            CLEAR_CASES,
            CLEAR_MEMBERS,
            CLEAR_EXHIBITS,
            CLEAR_PROJECTS,
            CLEAR_ALERTS,
            CLEAR_COUNTERS,
            CLEAR_TEXTS,
            CLEAR_DOCUMENTS,
        ] {
            self.run(sql, [])?;
        }
        Ok(())
    }
}
