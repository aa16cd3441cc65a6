//! Search in PostgreSQL: `tsvector`, inside the same transaction as the entries. The words are folded by
//! the program, the same for a text and for a question, so every backend finds alike.

use std::collections::BTreeSet;

use super::cases::{CASE_COLUMNS, case_columns, case_row};
use super::lists::Query;
use super::session::Session;
use super::statements;
use super::values::{Count, Value, bound, count, values};
use crate::store::error::{Result, StoreError};
use crate::store::fold::words;
use crate::store::model::{
    JournalId, SearchAnswer, SearchDocument, SearchHit, SearchQuery, Viewer,
};
use crate::store::seam::BatchTx;

/// So many bytes of a word count; the database takes hardly more.
const WORD: usize = 1_000;
/// So many bytes of different words of one text are found; the database takes hardly more.
const WORDS: usize = 900_000;

/// The newest text with all the words, of each case that may be seen.
const FIND: &str = concat!(
    "SELECT ",
    case_columns!(),
    ", f.seq FROM (
        SELECT DISTINCT ON (d.journal) d.journal, d.seq, d.number
        FROM search_document d JOIN case_index c ON c.journal = d.journal
        WHERE d.words @@ $1::text::tsquery AND NOT c.restricted
            AND ($2::uuid IS NULL OR c.project = $2)"
);
const NEWEST_FIRST: &str = " ORDER BY d.journal, d.number DESC) f
        JOIN case_index c ON c.journal = f.journal ORDER BY f.number DESC LIMIT ?1";

statements! {
    NOT_SEARCHED = "SELECT count(*) FROM case_index c
        WHERE c.restricted AND ($1::uuid IS NULL OR c.project = $1)";
    NOT_SEARCHED_OF = "SELECT count(*) FROM member m JOIN case_index c ON c.journal = m.journal
        WHERE c.restricted AND ($1::uuid IS NULL OR c.project = $1) AND m.person = $2";
    DOCUMENTS = "SELECT seq, text FROM search_document WHERE journal = $1 ORDER BY seq";
    // What is replaced becomes the newest.
    PUT_DOCUMENT = "INSERT INTO search_document (journal, seq, text, words)
        VALUES ($1, $2, $3, array_to_tsvector($4::text[]))
        ON CONFLICT (journal, seq) DO UPDATE
            SET text = excluded.text, words = excluded.words, number = DEFAULT";
    ERASE_DOCUMENT = "DELETE FROM search_document WHERE journal = $1 AND seq = $2";
    ERASE_DOCUMENTS = "DELETE FROM search_document WHERE journal = $1";
}

/// The condition: every word, the last one perhaps only begun. Nothing without a word.
fn condition(query: &SearchQuery) -> Option<String> {
    let mut wanted: Vec<String> = words(&query.words)
        .iter()
        .map(|word| format!("'{}'", cut(word).replace('\\', "\\\\").replace('\'', "''")))
        .collect();
    if query.prefix {
        wanted.last_mut()?.push_str(":*");
    }
    (!wanted.is_empty()).then(|| wanted.join(" & "))
}

/// The different words of a text, as far as they can be indexed.
fn lexemes(text: &str) -> Vec<String> {
    let mut room = WORDS;
    let different: BTreeSet<String> = words(text).iter().map(|w| cut(w).to_owned()).collect();
    let fits = |word: &String| {
        room = room.saturating_sub(word.len() + 4);
        room > 0
    };
    different.into_iter().take_while(fits).collect()
}

fn cut(word: &str) -> &str {
    &word[..word.floor_char_boundary(WORD)]
}

impl Session {
    pub(super) fn find(&self, query: &SearchQuery) -> Result<SearchAnswer> {
        Ok(SearchAnswer {
            hits: self.hits(query)?,
            not_searched: self.not_searched(query)?,
        })
    }

    fn hits(&self, query: &SearchQuery) -> Result<Vec<SearchHit>> {
        let Some(condition) = condition(query) else {
            return Ok(Vec::new());
        };
        let begun = values![Value::Text(condition), query.project];
        let mut find = Query::begun(FIND, begun);
        find.seen_by(&query.viewer);
        find.add(NEWEST_FIRST, values![query.limit]);
        let (sql, asked) = find.done();
        self.many(&sql, asked, |row| {
            Ok(SearchHit {
                case: case_row(row)?,
                seq: row.get::<Count>(CASE_COLUMNS)?.0,
            })
        })
    }

    fn not_searched(&self, query: &SearchQuery) -> Result<u64> {
        let (sql, asked) = match &query.viewer {
            Viewer::System => (NOT_SEARCHED, values![query.project]),
            Viewer::Person { person, .. } => (NOT_SEARCHED_OF, values![query.project, person]),
        };
        let counted = self.one(sql, asked, |row| Ok(row.get::<Count>(0)?.0))?;
        Ok(counted.unwrap_or(0))
    }

    pub(super) fn documents(&self, journal: JournalId) -> Result<Vec<SearchDocument>> {
        self.many(DOCUMENTS, values![journal], |row| {
            let text = String::from_utf8(row.get(1)?);
            Ok(SearchDocument {
                journal,
                seq: row.get::<Count>(0)?.0,
                text: text.map_err(|error| StoreError::Corrupt(error.to_string()))?,
            })
        })
    }

    pub(super) fn put_document(&mut self, document: &SearchDocument) -> Result<()> {
        let text = document.text.as_bytes();
        self.writes(2 * text.len());
        let seq = count(document.seq)?;
        let put = values![document.journal, seq, text, lexemes(&document.text)];
        self.put(PUT_DOCUMENT, put)
    }

    /// Removes texts.
    pub(super) fn erase_documents(&mut self, journal: JournalId, seq: Option<u64>) -> Result<()> {
        self.scrub_log();
        match seq {
            Some(seq) => self.put(ERASE_DOCUMENT, values![journal, bound(seq)]),
            None => self.put(ERASE_DOCUMENTS, values![journal]),
        }
    }
}
