//! The index over cases and projects in memory.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Memory, at_most, whole};
use crate::store::error::{Result, StoreError};
use crate::store::fold::folded;
use crate::store::model::{
    CaseFilter, CaseNumber, CasePage, CaseRow, Cursor, ExhibitRow, FiguresRow, Hash, JournalId,
    PersonId, ProjectRow, SHADOW, Scope, SearchAnswer, SearchDocument, SearchQuery, Title, Viewer,
    whole_micros,
};
use crate::store::seam::{CaseTx, CaseView};

impl Memory {
    pub(super) fn may_see(&self, case: &CaseRow, viewer: &Viewer) -> bool {
        let Viewer::Person { person, projects } = viewer else {
            return true;
        };
        let in_scope = match projects {
            Scope::All => true,
            Scope::Only(projects) => projects.contains(&case.project),
        };
        (!case.restricted && in_scope) || self.belongs(case.journal, person)
    }

    pub(super) fn belongs(&self, journal: JournalId, person: &str) -> bool {
        self.members.get(&(journal, person.to_owned())).is_some()
    }

    fn passes(&self, case: &CaseRow, filter: &CaseFilter) -> bool {
        let one_of = |wanted: &[String], word: Option<&String>| {
            wanted.is_empty() || word.is_some_and(|word| wanted.contains(word))
        };
        (!filter.status.is_empty() || case.status != SHADOW)
            && one_of(&filter.status, Some(&case.status))
            && one_of(&filter.phase, Some(&case.phase))
            && one_of(&filter.severity, case.severity.as_ref())
            && filter.project.is_none_or(|project| project == case.project)
            && filter.takes(&case.tags)
            && filter.open.is_none_or(|open| open == case.open)
            && filter
                .ic
                .as_ref()
                .is_none_or(|ic| Some(ic) == case.ic.as_ref())
            && filter
                .member
                .as_ref()
                .is_none_or(|person| self.belongs(case.journal, person))
            && filter
                .text
                .as_ref()
                .is_none_or(|text| begins_with(case, &folded(text)))
    }

    fn listed<'a>(
        &'a self,
        filter: &'a CaseFilter,
        viewer: &'a Viewer,
    ) -> impl Iterator<Item = &'a CaseRow> {
        self.cases
            .values()
            .filter(move |case| self.passes(case, filter) && self.may_see(case, viewer))
    }
}

fn begins_with(case: &CaseRow, text: &str) -> bool {
    folded(&case.number.to_string()).starts_with(text)
        || matches!(&case.title, Title::Plain(title) if folded(title).starts_with(text))
}

impl CaseView for Memory {
    fn case(&self, journal: JournalId) -> Result<Option<CaseRow>> {
        Ok(self.cases.get(&journal).cloned())
    }

    fn case_by_number(&self, number: &CaseNumber) -> Result<Option<CaseRow>> {
        Ok(self
            .numbers
            .get(number)
            .and_then(|journal| self.cases.get(journal))
            .cloned())
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
        let place = |case: &CaseRow| (Cursor::key_of(case, order), case.journal);
        let mut cases: Vec<&CaseRow> = self
            .listed(filter, viewer)
            .filter(|case| cursor.is_none_or(|c| place(case) < (c.key, c.journal)))
            .collect();
        cases.sort_by_key(|case| std::cmp::Reverse(place(case)));
        let rows = at_most(limit.max(1), cases.iter().map(|case| (*case).clone()));
        let more = cases.len() > rows.len();
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
        let counts = |case: &&CaseRow| {
            case.project == project && case.arrival == arrival && case.arrival != "known"
        };
        let cases = self.cases.values().filter(counts);
        let since = whole_micros(since);
        let late = cases.filter(|case| case.opened_at > since);
        Ok(u32::try_from(late.take(limit as usize).count()).unwrap_or(u32::MAX))
    }

    fn figures(
        &self,
        project: Option<JournalId>,
        viewer: &Viewer,
        (from, until): (Timestamp, Timestamp),
        limit: u32,
    ) -> Result<Vec<FiguresRow>> {
        let span = whole_micros(from)..whole_micros(until);
        let counts = |case: &&CaseRow| {
            project.is_none_or(|project| project == case.project)
                && span.contains(&case.opened_at)
                && self.may_see(case, viewer)
        };
        let mut cases: Vec<&CaseRow> = self.cases.values().filter(counts).collect();
        cases.sort_by_key(|case| std::cmp::Reverse((case.opened_at, case.journal)));
        let row = |case: &CaseRow| FiguresRow {
            number: case.number.clone(),
            project: case.project,
            severity: case.severity.clone(),
            opened_at: case.opened_at,
            seq: case.seq,
            figures: case.figures.clone(),
        };
        Ok(at_most(limit, cases.into_iter().map(row)))
    }

    fn count_cases(&self, filter: &CaseFilter, viewer: &Viewer) -> Result<u64> {
        Ok(self.listed(filter, viewer).count() as u64)
    }

    fn due_cases(&self, now: Timestamp, limit: u32) -> Result<Vec<CaseRow>> {
        let now = whole_micros(now);
        let due = |case: &&CaseRow| case.next_wake.is_some_and(|wake| wake <= now);
        let mut cases: Vec<&CaseRow> = self.cases.values().filter(due).collect();
        cases.sort_by_key(|case| (case.next_wake, case.journal));
        Ok(at_most(limit, cases.into_iter().cloned()))
    }

    fn earliest_wake(&self) -> Result<Option<Timestamp>> {
        Ok(self.cases.values().filter_map(|case| case.next_wake).min())
    }

    fn members(&self, journal: JournalId) -> Result<BTreeSet<PersonId>> {
        let members = self.members.range((journal, String::new())..);
        Ok(members
            .take_while(|(k, ())| k.0 == journal)
            .map(|(k, ())| k.1.clone())
            .collect())
    }

    fn is_member(&self, journal: JournalId, person: &str) -> Result<bool> {
        Ok(self.belongs(journal, person))
    }

    fn search(&self, query: &SearchQuery) -> Result<SearchAnswer> {
        Ok(self.find(query))
    }

    fn search_documents(&self, journal: JournalId) -> Result<Vec<SearchDocument>> {
        let of_it = self.document_of.range((journal, 0)..=(journal, u64::MAX));
        Ok(of_it
            .filter_map(|(_, number)| self.documents.get(number))
            .cloned()
            .collect())
    }

    fn exhibits(&self, journal: JournalId) -> Result<Vec<ExhibitRow>> {
        let mut rows: Vec<ExhibitRow> = self
            .exhibits
            .values()
            .filter(|row| row.journal == journal)
            .cloned()
            .collect();
        rows.sort_by(|a, b| (a.seq, &a.id).cmp(&(b.seq, &b.id)));
        Ok(rows)
    }

    fn exhibit(&self, journal: JournalId, id: &str) -> Result<Option<ExhibitRow>> {
        Ok(self.exhibits.get(&(journal, id.to_owned())).cloned())
    }

    fn exhibits_with_bytes(&self, sha256: Hash) -> Result<Vec<ExhibitRow>> {
        Ok(self
            .exhibits
            .values()
            .filter(|row| row.sha256 == Some(sha256))
            .cloned()
            .collect())
    }

    fn erased_exhibits(&self) -> Result<Vec<ExhibitRow>> {
        let erased = self.exhibits.values().filter(|row| row.erased);
        Ok(erased.cloned().collect())
    }

    fn project(&self, journal: JournalId) -> Result<Option<ProjectRow>> {
        Ok(self.projects.get(&journal).cloned())
    }

    fn project_by_slug(&self, slug: &str) -> Result<Option<ProjectRow>> {
        Ok(self.projects.values().find(|row| row.slug == slug).cloned())
    }

    fn projects(&self) -> Result<Vec<ProjectRow>> {
        let mut rows: Vec<ProjectRow> = self.projects.values().cloned().collect();
        rows.sort_by(|a, b| a.slug.cmp(&b.slug));
        Ok(rows)
    }

    fn counters(&self) -> Result<BTreeMap<String, u64>> {
        Ok(self
            .counters
            .iter()
            .map(|(name, value)| (name.clone(), *value))
            .collect())
    }
}

impl CaseTx for Memory {
    fn put_index(&mut self, row: &CaseRow) -> Result<()> {
        self.must_exist(row.journal)?;
        if row.restricted && matches!(row.title, Title::Plain(_)) {
            return Err(StoreError::readable_restricted());
        }
        if self
            .numbers
            .get(&row.number)
            .is_some_and(|journal| *journal != row.journal)
        {
            return Err(StoreError::Conflict(format!(
                "the number {} is taken",
                row.number
            )));
        }
        let before = self
            .cases
            .get(&row.journal)
            .map(|before| before.number.clone());
        if let Some(number) = before {
            self.numbers.remove(&number);
        }
        if row.restricted {
            self.search_index_erase(row.journal, None)?;
        }
        self.numbers.put(row.number.clone(), row.journal);
        let row = CaseRow {
            opened_at: whole_micros(row.opened_at),
            updated_at: whole_micros(row.updated_at),
            next_wake: whole(row.next_wake),
            ..row.clone()
        };
        self.cases.put(row.journal, row);
        Ok(())
    }

    fn set_members(&mut self, journal: JournalId, members: &BTreeSet<PersonId>) -> Result<()> {
        self.must_exist(journal)?;
        self.members.remove_where(|key, ()| key.0 == journal);
        for person in members {
            self.members.put((journal, person.clone()), ());
        }
        Ok(())
    }

    fn next_number(&mut self, counter: &str) -> Result<u64> {
        let next = self.counters.get(counter).copied().unwrap_or(0) + 1;
        self.counters.put(counter.to_owned(), next);
        Ok(next)
    }

    fn raise_counter(&mut self, counter: &str, at_least: u64) -> Result<()> {
        let now = self.counters.get(counter).copied().unwrap_or(0);
        self.counters.put(counter.to_owned(), now.max(at_least));
        Ok(())
    }

    fn search_index_put(&mut self, document: &SearchDocument) -> Result<()> {
        self.must_exist(document.journal)?;
        if self
            .cases
            .get(&document.journal)
            .is_some_and(|case| case.restricted)
        {
            return Err(StoreError::readable_restricted());
        }
        let key = (document.journal, document.seq);
        self.search_index_erase(document.journal, Some(document.seq))?;
        let newest = self
            .documents
            .iter()
            .next_back()
            .map_or(0, |(number, _)| *number);
        self.documents.put(newest + 1, document.clone());
        self.document_of.put(key, newest + 1);
        Ok(())
    }

    fn search_index_erase(&mut self, journal: JournalId, seq: Option<u64>) -> Result<()> {
        let seqs = seq.unwrap_or(0)..=seq.unwrap_or(u64::MAX);
        let keys = (journal, *seqs.start())..=(journal, *seqs.end());
        let gone: Vec<_> = self
            .document_of
            .range(keys)
            .map(|(k, n)| (*k, *n))
            .collect();
        for (key, number) in gone {
            self.document_of.remove(&key);
            self.documents.remove(&number);
        }
        Ok(())
    }

    fn put_exhibit(&mut self, row: &ExhibitRow) -> Result<()> {
        self.must_exist(row.journal)?;
        let row = ExhibitRow {
            at: whole_micros(row.at),
            ..row.clone()
        };
        self.exhibits.put((row.journal, row.id.clone()), row);
        Ok(())
    }

    fn put_project(&mut self, row: &ProjectRow) -> Result<()> {
        self.must_exist(row.journal)?;
        if self
            .projects
            .values()
            .any(|p| p.slug == row.slug && p.journal != row.journal)
        {
            return Err(StoreError::Conflict(format!(
                "the project name {} is taken",
                row.slug
            )));
        }
        self.projects.put(row.journal, row.clone());
        Ok(())
    }

    fn clear_index(&mut self) -> Result<()> {
        self.cases.remove_where(|_, _| true);
        self.numbers.remove_where(|_, _| true);
        self.members.remove_where(|_, ()| true);
        self.documents.remove_where(|_, _| true);
        self.document_of.remove_where(|_, _| true);
        self.exhibits.remove_where(|_, _| true);
        self.projects.remove_where(|_, _| true);
        self.alerts.remove_where(|_, _| true);
        self.counters.remove_where(|_, _| true);
        Ok(())
    }
}
