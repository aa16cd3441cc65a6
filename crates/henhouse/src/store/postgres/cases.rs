//! Cases, members, exhibits, projects and counters in PostgreSQL. Lists are in `lists`, search in `search`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::known::Arrivals;
use super::lists::{Part, Query, key};
use super::session::{Got, Session};
use super::statements;
use super::values::{Count, Hashed, Micros, Value, bound, count, values};
use crate::store::error::{Result, StoreError};
use crate::store::fold::folded;
use crate::store::model::{
    CaseFilter, CaseNumber, CasePage, CaseRow, Cursor, ExhibitRow, FiguresRow, Hash, JournalId,
    PersonId, ProjectRow, SearchAnswer, SearchDocument, SearchQuery, Title, Viewer, whole_micros,
};
use crate::store::seam::{CaseTx, CaseView};

/// The columns of [`case_row`], of the table `c`.
macro_rules! case_columns {
    () => {
        "c.journal, c.prefix, c.n, c.project, c.title, c.readable, c.status, c.phase, c.severity, \
         c.restricted, c.kind, c.opened_at, c.updated_at, c.next_wake, c.seq, c.ic, c.open, \
         c.arrival, c.tags::text, c.figures"
    };
}
pub(super) use case_columns;

/// How many they are.
pub(super) const CASE_COLUMNS: usize = 20;

/// The sort of arrival that is never counted, as in the index over the others.
const KNOWN: &str = "known";

statements! {
    CASE = concat!("SELECT ", case_columns!(), " FROM case_index c WHERE c.journal = $1");
    BY_NUMBER = concat!("SELECT ", case_columns!(),
        " FROM case_index c WHERE c.prefix = $1 AND c.n = $2");
    DUE = concat!("SELECT ", case_columns!(), " FROM case_index c
        WHERE c.next_wake <= $1 ORDER BY c.next_wake, c.journal LIMIT $2");
    ARRIVALS = "SELECT opened_at FROM case_index
        WHERE project = $1 AND arrival = $2 AND arrival <> 'known' AND opened_at > $3
        ORDER BY opened_at DESC LIMIT $4";
    EARLIEST_WAKE = "SELECT next_wake FROM case_index
        WHERE next_wake IS NOT NULL ORDER BY next_wake LIMIT 1";
    HAS_NUMBER = "SELECT journal FROM case_index WHERE prefix = $1 AND n = $2";
    LAST_NUMBER = "SELECT n FROM case_index WHERE prefix = $1 ORDER BY n DESC LIMIT 1";
    PUT_CASE = "INSERT INTO case_index (journal, prefix, n, project, title, readable, status, phase,
            severity, restricted, kind, opened_at, updated_at, next_wake, seq, ic, open, number_key,
            title_key, arrival, tags, figures)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
            $19, $20, $21::text::jsonb, $22)
        ON CONFLICT (journal) DO UPDATE SET prefix = excluded.prefix, n = excluded.n,
            project = excluded.project, title = excluded.title, readable = excluded.readable,
            status = excluded.status, phase = excluded.phase, severity = excluded.severity,
            restricted = excluded.restricted, kind = excluded.kind, opened_at = excluded.opened_at,
            updated_at = excluded.updated_at, next_wake = excluded.next_wake, seq = excluded.seq,
            ic = excluded.ic, open = excluded.open, number_key = excluded.number_key,
            title_key = excluded.title_key, arrival = excluded.arrival, tags = excluded.tags,
            figures = excluded.figures";
    MEMBERS = "SELECT person FROM member WHERE journal = $1";
    IS_MEMBER = "SELECT 1 FROM member WHERE journal = $1 AND person = $2";
    DROP_MEMBERS = "DELETE FROM member WHERE journal = $1";
    ADD_MEMBERS = "INSERT INTO member (journal, person) SELECT $1, p FROM unnest($2::text[]) p";
    COUNTERS = "SELECT name, value FROM counter";
    COUNTER = "SELECT value FROM counter WHERE name = $1";
    PUT_COUNTER = "INSERT INTO counter (name, value) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    EXHIBITS = "SELECT journal, id, seq, sha256, size, kind, erased, at FROM exhibit_index
        WHERE journal = $1 ORDER BY seq, id";
    EXHIBIT = "SELECT journal, id, seq, sha256, size, kind, erased, at FROM exhibit_index
        WHERE journal = $1 AND id = $2";
    EXHIBITS_WITH = "SELECT journal, id, seq, sha256, size, kind, erased, at FROM exhibit_index
        WHERE sha256 = $1 ORDER BY journal, id";
    ERASED_EXHIBITS = "SELECT journal, id, seq, sha256, size, kind, erased, at FROM exhibit_index
        WHERE erased ORDER BY journal, id";
    PUT_EXHIBIT = "INSERT INTO exhibit_index (journal, id, seq, sha256, size, kind, erased, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (journal, id) DO UPDATE SET seq = excluded.seq, sha256 = excluded.sha256,
            size = excluded.size, kind = excluded.kind, erased = excluded.erased, at = excluded.at";
    PROJECT = "SELECT journal, slug, name, prefix, basis, archived, seq FROM project_index
        WHERE journal = $1";
    PROJECT_BY_SLUG = "SELECT journal, slug, name, prefix, basis, archived, seq FROM project_index
        WHERE slug = $1";
    PROJECTS = "SELECT journal, slug, name, prefix, basis, archived, seq FROM project_index
        ORDER BY slug";
    PUT_PROJECT = "INSERT INTO project_index (journal, slug, name, prefix, basis, archived, seq)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (journal) DO UPDATE SET slug = excluded.slug, name = excluded.name,
            prefix = excluded.prefix, basis = excluded.basis, archived = excluded.archived,
            seq = excluded.seq";
    CLEAR_CASES = "DELETE FROM case_index";
    CLEAR_MEMBERS = "DELETE FROM member";
    CLEAR_EXHIBITS = "DELETE FROM exhibit_index";
    CLEAR_PROJECTS = "DELETE FROM project_index";
    CLEAR_ALERTS = "DELETE FROM alert_index";
    CLEAR_COUNTERS = "DELETE FROM counter";
    CLEAR_DOCUMENTS = "DELETE FROM search_document";
}

pub(super) fn case_row(row: &Got) -> Result<CaseRow> {
    let title: Option<Vec<u8>> = row.get(4)?;
    let damaged = |error: &dyn std::fmt::Display| StoreError::Corrupt(error.to_string());
    Ok(CaseRow {
        journal: row.get(0)?,
        number: CaseNumber {
            prefix: row.get(1)?,
            n: row.get::<Count>(2)?.0,
        },
        project: row.get(3)?,
        title: match title {
            None => Title::None,
            Some(text) if row.get(5)? => {
                Title::Plain(String::from_utf8(text).map_err(|error| damaged(&error))?)
            }
            Some(cipher) => Title::Cipher(cipher),
        },
        status: row.get(6)?,
        phase: row.get(7)?,
        severity: row.get(8)?,
        restricted: row.get(9)?,
        kind: row.get(10)?,
        opened_at: row.get::<Micros>(11)?.0,
        updated_at: row.get::<Micros>(12)?.0,
        next_wake: row.get::<Option<Micros>>(13)?.map(|time| time.0),
        seq: row.get::<Count>(14)?.0,
        ic: row.get(15)?,
        open: row.get(16)?,
        arrival: row.get(17)?,
        tags: serde_json::from_str(row.get(18)?).map_err(|error| damaged(&error))?,
        figures: row.get(19)?,
    })
}

fn figures_row(row: &Got) -> Result<FiguresRow> {
    Ok(FiguresRow {
        number: CaseNumber {
            prefix: row.get(0)?,
            n: row.get::<Count>(1)?.0,
        },
        project: row.get(2)?,
        severity: row.get(3)?,
        opened_at: row.get::<Micros>(4)?.0,
        seq: row.get::<Count>(5)?.0,
        figures: row.get(6)?,
    })
}

fn exhibit_row(row: &Got) -> Result<ExhibitRow> {
    Ok(ExhibitRow {
        journal: row.get(0)?,
        id: row.get(1)?,
        seq: row.get::<Count>(2)?.0,
        sha256: row.get::<Option<Hashed>>(3)?.map(|hash| hash.0),
        size: row.get::<Count>(4)?.0,
        kind: row.get(5)?,
        erased: row.get(6)?,
        at: row.get::<Micros>(7)?.0,
    })
}

fn project_row(row: &Got) -> Result<ProjectRow> {
    Ok(ProjectRow {
        journal: row.get(0)?,
        slug: row.get(1)?,
        name: row.get(2)?,
        prefix: row.get(3)?,
        basis: row.get::<Option<Hashed>>(4)?.map(|hash| hash.0),
        archived: row.get(5)?,
        seq: row.get::<Count>(6)?.0,
    })
}

impl CaseView for Session {
    fn case(&self, journal: JournalId) -> Result<Option<CaseRow>> {
        if let Some(known) = self.known.borrow().cases.get(&journal) {
            return Ok(known.clone());
        }
        let row = self.peek_one(CASE, values![journal], case_row)?;
        self.learn(|known| _ = known.cases.insert(journal, row.clone()));
        Ok(row)
    }

    fn case_by_number(&self, number: &CaseNumber) -> Result<Option<CaseRow>> {
        if self.remembers {
            // What the job holds back of numbers is known, so it need not be sent before this is asked.
            let owner = self.owner_of(number)?;
            return owner.map_or(Ok(None), |journal| self.case(journal));
        }
        let asked = values![&number.prefix, bound(number.n)];
        self.one(BY_NUMBER, asked, case_row)
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
        let query = Query::of(&Part::Rows, filter, viewer);
        let (sql, asked) = query.page(order, cursor, limit + 1).done();
        let mut rows = self.many(&sql, asked, case_row)?;
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
        if arrival == KNOWN {
            return Ok(0);
        }
        let of = (project, arrival.to_owned());
        let most = limit as usize;
        let told = self
            .known
            .borrow()
            .arrivals
            .get(&of)
            .and_then(|known| known.since(since, most));
        if let Some(told) = told {
            return Ok(u32::try_from(told).unwrap_or(u32::MAX));
        }
        let asked = values![project, arrival, since, limit];
        let time = |row: &Got| Ok(row.get::<Micros>(0)?.0);
        let newest_first = if self.job.borrow().cases_held {
            self.many(ARRIVALS, asked, time)?
        } else {
            self.peek(ARRIVALS, asked, time)?
        };
        let counted = u32::try_from(newest_first.len()).unwrap_or(u32::MAX);
        let arrivals = Arrivals {
            limit: most,
            from: since,
            times: newest_first.into_iter().rev().collect(),
        };
        self.learn(|known| _ = known.arrivals.insert(of, arrivals));
        Ok(counted)
    }

    fn figures(
        &self,
        project: Option<JournalId>,
        viewer: &Viewer,
        span: (Timestamp, Timestamp),
        limit: u32,
    ) -> Result<Vec<FiguresRow>> {
        let (sql, asked) = Query::opened(project, viewer, span, limit).done();
        self.many(&sql, asked, figures_row)
    }

    fn count_cases(&self, filter: &CaseFilter, viewer: &Viewer) -> Result<u64> {
        let (sql, asked) = Query::of(&Part::Count, filter, viewer).done();
        let counted = self.one(&sql, asked, |row| Ok(row.get::<Count>(0)?.0))?;
        Ok(counted.unwrap_or(0))
    }

    fn due_cases(&self, now: Timestamp, limit: u32) -> Result<Vec<CaseRow>> {
        self.many(DUE, values![now, limit], case_row)
    }

    fn earliest_wake(&self) -> Result<Option<Timestamp>> {
        self.one(EARLIEST_WAKE, values![], |row| Ok(row.get::<Micros>(0)?.0))
    }

    fn members(&self, journal: JournalId) -> Result<BTreeSet<PersonId>> {
        if let Some(known) = self.known.borrow().members.get(&journal) {
            return Ok(known.clone());
        }
        let members = self.peek(MEMBERS, values![journal], |row| row.get(0))?;
        let members: BTreeSet<PersonId> = members.into_iter().collect();
        self.learn(|known| _ = known.members.insert(journal, members.clone()));
        Ok(members)
    }

    fn is_member(&self, journal: JournalId, person: &str) -> Result<bool> {
        let found = self.one(IS_MEMBER, values![journal, person], |_| Ok(()))?;
        Ok(found.is_some())
    }

    fn search(&self, query: &SearchQuery) -> Result<SearchAnswer> {
        self.find(query)
    }

    fn search_documents(&self, journal: JournalId) -> Result<Vec<SearchDocument>> {
        self.documents(journal)
    }

    fn exhibits(&self, journal: JournalId) -> Result<Vec<ExhibitRow>> {
        self.many(EXHIBITS, values![journal], exhibit_row)
    }

    fn exhibit(&self, journal: JournalId, id: &str) -> Result<Option<ExhibitRow>> {
        self.one(EXHIBIT, values![journal, id], exhibit_row)
    }

    fn exhibits_with_bytes(&self, sha256: Hash) -> Result<Vec<ExhibitRow>> {
        self.many(EXHIBITS_WITH, values![sha256], exhibit_row)
    }

    fn erased_exhibits(&self) -> Result<Vec<ExhibitRow>> {
        self.many(ERASED_EXHIBITS, values![], exhibit_row)
    }

    fn project(&self, journal: JournalId) -> Result<Option<ProjectRow>> {
        if let Some(known) = self.known.borrow().projects.get(&journal) {
            return Ok(known.clone());
        }
        let row = self.peek_one(PROJECT, values![journal], project_row)?;
        self.learn(|known| _ = known.projects.insert(journal, row.clone()));
        Ok(row)
    }

    fn project_by_slug(&self, slug: &str) -> Result<Option<ProjectRow>> {
        self.one(PROJECT_BY_SLUG, values![slug], project_row)
    }

    fn projects(&self) -> Result<Vec<ProjectRow>> {
        if let Some(known) = &self.known.borrow().all_projects {
            return Ok(known.clone());
        }
        let rows = self.many(PROJECTS, values![], project_row)?;
        self.learn(|known| known.all_projects = Some(rows.clone()));
        Ok(rows)
    }

    fn counters(&self) -> Result<BTreeMap<String, u64>> {
        let rows = self.many(COUNTERS, values![], |row| {
            Ok((row.get(0)?, row.get::<Count>(1)?.0))
        })?;
        Ok(rows.into_iter().collect())
    }
}

impl Session {
    /// Whose number that is.
    fn owner_of(&self, number: &CaseNumber) -> Result<Option<JournalId>> {
        if let Some(known) = self.known.borrow().numbers.get(number) {
            return Ok(*known);
        }
        if number.n > self.last_number(&number.prefix)? {
            return Ok(None);
        }
        let asked = values![&number.prefix, bound(number.n)];
        let owner = self.peek_one(HAS_NUMBER, asked, |row| row.get(0))?;
        let mut known = self.known.borrow_mut();
        known.numbers.insert(number.clone(), owner);
        Ok(owner)
    }

    /// The highest number with this prefix, but for those that are known.
    fn last_number(&self, prefix: &str) -> Result<u64> {
        if let Some(last) = self.known.borrow().last_numbers.get(prefix) {
            return Ok(*last);
        }
        let asked = values![prefix];
        let last = self.peek_one(LAST_NUMBER, asked, |row| Ok(row.get::<Count>(0)?.0))?;
        let last = last.unwrap_or(0);
        self.learn(|known| _ = known.last_numbers.insert(prefix.to_owned(), last));
        Ok(last)
    }

    fn counter(&self, name: &str) -> Result<u64> {
        if let Some(known) = self.known.borrow().counters.get(name) {
            return Ok(*known);
        }
        let asked = values![name];
        let value = self.peek_one(COUNTER, asked, |row| Ok(row.get::<Count>(0)?.0))?;
        Ok(value.unwrap_or(0))
    }

    fn put_counter(&self, name: &str, value: u64) -> Result<()> {
        self.put(PUT_COUNTER, values![name, count(value)?])?;
        let mut known = self.known.borrow_mut();
        known.counters.insert(name.to_owned(), value);
        Ok(())
    }

    fn put_row(&self, row: &CaseRow) -> Result<()> {
        let (title, title_key) = match &row.title {
            Title::None => (Value::Null, Value::Null),
            Title::Plain(title) => (title.as_bytes().into(), key(&folded(title))),
            Title::Cipher(cipher) => (cipher.into(), Value::Null),
        };
        let tags = serde_json::json!(row.tags).to_string();
        if tags.contains("\\u0000") {
            let sentence = "a tag with a NUL character cannot be kept";
            return Err(StoreError::Invalid(sentence.to_owned()));
        }
        self.job.borrow_mut().cases_held = true;
        self.put(
            PUT_CASE,
            values![
                row.journal,
                &row.number.prefix,
                count(row.number.n)?,
                row.project,
                title,
                matches!(row.title, Title::Plain(_)),
                &row.status,
                &row.phase,
                &row.severity,
                row.restricted,
                &row.kind,
                row.opened_at,
                row.updated_at,
                row.next_wake,
                count(row.seq)?,
                &row.ic,
                row.open,
                key(&folded(&row.number.to_string())),
                title_key,
                &row.arrival,
                Value::Text(tags),
                &row.figures,
            ],
        )
    }
}

impl CaseTx for Session {
    fn put_index(&mut self, row: &CaseRow) -> Result<()> {
        let before = self.case(row.journal)?;
        if before.is_none() {
            self.must_exist(row.journal)?;
        }
        if row.restricted && matches!(row.title, Title::Plain(_)) {
            return Err(StoreError::readable_restricted());
        }
        if before
            .as_ref()
            .is_none_or(|before| before.number != row.number)
            && self.owner_of(&row.number)?.is_some()
        {
            return Err(StoreError::Conflict(
                "another case has the number".to_owned(),
            ));
        }
        self.put_row(row)?;
        let was_restricted = before.as_ref().is_some_and(|before| before.restricted);
        let mut known = self.known.borrow_mut();
        known.arrived(before.as_ref(), row);
        if let Some(before) = before {
            known.numbers.insert(before.number, None);
        }
        known.numbers.insert(row.number.clone(), Some(row.journal));
        let kept = CaseRow {
            opened_at: whole_micros(row.opened_at),
            updated_at: whole_micros(row.updated_at),
            next_wake: row.next_wake.map(whole_micros),
            ..row.clone()
        };
        known.cases.insert(row.journal, Some(kept));
        drop(known);
        if row.restricted && !was_restricted {
            self.erase_documents(row.journal, None)?;
        }
        Ok(())
    }

    fn set_members(&mut self, journal: JournalId, members: &BTreeSet<PersonId>) -> Result<()> {
        self.must_exist(journal)?;
        let before = self.members(journal)?;
        if before == *members {
            return Ok(());
        }
        if !before.is_empty() {
            self.put(DROP_MEMBERS, values![journal])?;
        }
        if !members.is_empty() {
            let all: Vec<String> = members.iter().cloned().collect();
            self.put(ADD_MEMBERS, values![journal, all])?;
        }
        let kept = members.clone();
        self.known.borrow_mut().members.insert(journal, kept);
        Ok(())
    }

    fn next_number(&mut self, counter: &str) -> Result<u64> {
        let next = self.counter(counter)? + 1;
        self.put_counter(counter, next)?;
        Ok(next)
    }

    fn raise_counter(&mut self, counter: &str, at_least: u64) -> Result<()> {
        let asked = values![counter];
        let before = match self.known.borrow().counters.get(counter) {
            Some(known) => Some(*known),
            None => self.peek_one(COUNTER, asked, |row| Ok(row.get::<Count>(0)?.0))?,
        };
        if before.is_some_and(|before| before >= at_least) {
            return Ok(());
        }
        self.put_counter(counter, at_least)
    }

    fn search_index_put(&mut self, document: &SearchDocument) -> Result<()> {
        self.must_exist(document.journal)?;
        if self
            .case(document.journal)?
            .is_some_and(|case| case.restricted)
        {
            return Err(StoreError::readable_restricted());
        }
        self.put_document(document)
    }

    fn search_index_erase(&mut self, journal: JournalId, seq: Option<u64>) -> Result<()> {
        self.erase_documents(journal, seq)
    }

    fn put_exhibit(&mut self, row: &ExhibitRow) -> Result<()> {
        self.must_exist(row.journal)?;
        self.put(
            PUT_EXHIBIT,
            values![
                row.journal,
                &row.id,
                count(row.seq)?,
                row.sha256,
                count(row.size)?,
                &row.kind,
                row.erased,
                row.at,
            ],
        )
    }

    fn put_project(&mut self, row: &ProjectRow) -> Result<()> {
        self.must_exist(row.journal)?;
        if self
            .project_by_slug(&row.slug)?
            .is_some_and(|other| other.journal != row.journal)
        {
            return Err(StoreError::Conflict(
                "another project has the short name".to_owned(),
            ));
        }
        self.put(
            PUT_PROJECT,
            values![
                row.journal,
                &row.slug,
                Value::Text(row.name.clone()),
                &row.prefix,
                row.basis,
                row.archived,
                count(row.seq)?,
            ],
        )?;
        let mut known = self.known.borrow_mut();
        known.projects.insert(row.journal, Some(row.clone()));
        known.all_projects = None;
        Ok(())
    }

    fn clear_index(&mut self) -> Result<()> {
        for sql in [
            CLEAR_CASES,
            CLEAR_MEMBERS,
            CLEAR_EXHIBITS,
            CLEAR_PROJECTS,
            CLEAR_ALERTS,
            CLEAR_COUNTERS,
            CLEAR_DOCUMENTS,
        ] {
            self.run(sql, values![])?;
        }
        // Nothing is held back here, so nothing is answered for by what is forgotten.
        self.known.borrow_mut().forget();
        Ok(())
    }
}
