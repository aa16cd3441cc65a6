//! Search in memory: every text is read again for every question.

use std::collections::BTreeSet;

use super::Memory;
use crate::store::fold::words;
use crate::store::model::{SearchAnswer, SearchHit, SearchQuery, Viewer};

impl Memory {
    pub(super) fn find(&self, query: &SearchQuery) -> SearchAnswer {
        SearchAnswer {
            hits: self.hits(query),
            not_searched: self.not_searched(query),
        }
    }

    fn hits(&self, query: &SearchQuery) -> Vec<SearchHit> {
        let wanted = words(&query.words);
        let mut seen = BTreeSet::new();
        let mut hits = Vec::new();
        for document in self.documents.values().rev() {
            if hits.len() as u64 >= u64::from(query.limit) {
                break;
            }
            let Some(case) = self.cases.get(&document.journal) else {
                continue;
            };
            if !case.restricted
                && query.project.is_none_or(|project| project == case.project)
                && self.may_see(case, &query.viewer)
                && has_all(&document.text, &wanted, query.prefix)
                && seen.insert(document.journal)
            {
                hits.push(SearchHit {
                    case: case.clone(),
                    seq: document.seq,
                });
            }
        }
        hits
    }

    fn not_searched(&self, query: &SearchQuery) -> u64 {
        let hidden = self.cases.values().filter(|case| {
            case.restricted
                && query.project.is_none_or(|project| project == case.project)
                && match &query.viewer {
                    Viewer::System => true,
                    Viewer::Person { person, .. } => self.belongs(case.journal, person),
                }
        });
        hidden.count() as u64
    }
}

fn has_all(text: &str, wanted: &[String], prefix: bool) -> bool {
    let Some((last, whole)) = wanted.split_last() else {
        return false;
    };
    let text = words(text);
    whole.iter().all(|word| text.contains(word))
        && text.iter().any(|word| {
            if prefix {
                word.starts_with(last)
            } else {
                word == last
            }
        })
}
