//! Search in SQLite: FTS5, inside the same transaction as the entries.

use std::collections::BTreeSet;

use rusqlite::types::ToSql;

use super::cases::{case_columns, case_row};
use super::lists::seen_by;
use super::session::Session;
use super::statements;
use super::values::{Count, bound};
use crate::store::error::{Result, StoreError};
use crate::store::fold::split;
use crate::store::model::{
    JournalId, SearchAnswer, SearchDocument, SearchHit, SearchQuery, Viewer,
};
use crate::store::seam::{BatchTx, JournalView};

/// The newest text first, which is the order in which the index is read anyway.
const NEWEST_FIRST: &str = " ORDER BY search.rowid DESC";

statements! {
    FIND = concat!("SELECT ", case_columns!(), ", d.seq AS found
        FROM search
        CROSS JOIN search_document d ON d.number = search.rowid
        CROSS JOIN case_index c ON c.journal = d.journal
        WHERE search MATCH :words AND c.restricted = 0
            AND (:project IS NULL OR c.project = :project)");
    NOT_SEARCHED = "SELECT count(*) FROM case_index c
        WHERE c.restricted = 1 AND (?1 IS NULL OR c.project = ?1)";
    NOT_SEARCHED_OF = "SELECT count(*) FROM member m
        JOIN case_index c INDEXED BY case_restricted ON c.journal = m.journal
        WHERE c.restricted = 1 AND (?1 IS NULL OR c.project = ?1) AND m.person = ?2";
    DOCUMENTS = "SELECT d.seq, search.text FROM search_document d
        JOIN search ON search.rowid = d.number WHERE d.journal = ?1 ORDER BY d.seq";
    ADD_DOCUMENT = "INSERT INTO search_document (journal, seq) VALUES (?1, ?2)
        ON CONFLICT (journal, seq) DO NOTHING";
    ADD_TEXT = "INSERT INTO search (rowid, text) VALUES (?1, ?2)";
    ERASE_TEXTS = "DELETE FROM search WHERE rowid IN (SELECT number FROM search_document
        WHERE journal = ?1 AND (?2 IS NULL OR seq = ?2))";
    ERASE_DOCUMENTS = "DELETE FROM search_document
        WHERE journal = ?1 AND (?2 IS NULL OR seq = ?2)";
}

/// The condition of FTS5: every word, the last one perhaps only begun. Nothing without a word.
fn condition(query: &SearchQuery) -> Option<String> {
    let mut words: Vec<String> = split(&query.words)
        .map(|word| format!("\"{word}\""))
        .collect();
    let last = words.last_mut()?;
    if query.prefix {
        last.push('*');
    }
    Some(words.join(" AND "))
}

impl Session {
    pub(super) fn find(&self, query: &SearchQuery) -> Result<SearchAnswer> {
        self.write_texts()?;
        Ok(SearchAnswer {
            hits: self.hits(query)?,
            not_searched: self.not_searched(query)?,
        })
    }

    fn hits(&self, query: &SearchQuery) -> Result<Vec<SearchHit>> {
        let Some(condition) = condition(query) else {
            return Ok(Vec::new());
        };
        let (seen, more) = seen_by(&query.viewer).unwrap_or_default();
        let mut values: Vec<(&str, &dyn ToSql)> =
            vec![(":words", &condition), (":project", &query.project)];
        values.extend(more.iter().map(|(name, value)| (*name, value.as_ref())));
        let limit = query.limit as usize;
        let (mut known, mut hits) = (BTreeSet::new(), Vec::new());
        if limit == 0 {
            return Ok(hits);
        }
        self.each(
            &[FIND, seen, NEWEST_FIRST].concat(),
            values.as_slice(),
            |row| {
                if known.insert(row.get::<_, JournalId>(0)?) {
                    hits.push(SearchHit {
                        case: case_row(row)?,
                        seq: row.get::<_, Count>("found")?.0,
                    });
                }
                Ok(hits.len() < limit)
            },
        )?;
        Ok(hits)
    }

    fn not_searched(&self, query: &SearchQuery) -> Result<u64> {
        let count = |row: &rusqlite::Row<'_>| Ok(row.get::<_, Count>(0)?.0);
        let counted = match &query.viewer {
            Viewer::System => self.one(NOT_SEARCHED, [query.project], count)?,
            Viewer::Person { person, .. } => {
                self.one(NOT_SEARCHED_OF, (query.project, person), count)?
            }
        };
        Ok(counted.unwrap_or(0))
    }

    pub(super) fn documents(&self, journal: JournalId) -> Result<Vec<SearchDocument>> {
        self.write_texts()?;
        self.many(DOCUMENTS, [journal], |row| {
            Ok(SearchDocument {
                journal,
                seq: row.get::<_, Count>(0)?.0,
                text: row.get(1)?,
            })
        })
    }

    /// Indexes a text in place of the one under the same entry.
    pub(super) fn put_document(&mut self, document: &SearchDocument) -> Result<()> {
        let place = || (document.journal, Count(document.seq));
        if self.run(ADD_DOCUMENT, place())? == 0 {
            self.remove_documents(document.journal, Some(document.seq))?;
            if self.run(ADD_DOCUMENT, place())? == 0 {
                return Err(StoreError::Corrupt("a text got no number".to_owned()));
            }
        }
        let number = self.conn.last_insert_rowid();
        self.texts.get_mut().put(number, document.text.clone());
        self.writes(document.text.len());
        Ok(())
    }

    /// Writes the texts that wait; see [`super::texts`].
    pub(super) fn write_texts(&self) -> Result<()> {
        for (number, text) in self.texts.borrow_mut().write() {
            self.run(ADD_TEXT, (number, text))?;
        }
        Ok(())
    }

    /// Removes texts, and their traces from the log once that is committed.
    pub(super) fn erase_documents(&mut self, journal: JournalId, seq: Option<u64>) -> Result<()> {
        if self.remove_documents(journal, seq)? > 0 {
            self.scrub_log();
        }
        Ok(())
    }

    fn remove_documents(&self, journal: JournalId, seq: Option<u64>) -> Result<u64> {
        let seq = seq.map(bound);
        self.write_texts()?;
        self.run(ERASE_TEXTS, (journal, seq))?;
        self.run(ERASE_DOCUMENTS, (journal, seq))
    }

    /// Fails for a journal that nobody created.
    pub(super) fn must_exist(&self, journal: JournalId) -> Result<()> {
        self.journal(journal)?
            .map(drop)
            .ok_or_else(StoreError::unknown_journal)
    }
}
