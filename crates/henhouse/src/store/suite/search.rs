//! Search: words, accents, beginnings, and never a word of a restricted case.

use std::collections::BTreeSet;

use super::on_every_store;
use super::samples::{case, create, journal, person, put_case, read, refused, restricted, write};
use crate::store::{
    CaseRow, Scope, SearchAnswer, SearchDocument, SearchQuery, Store, StoreError, Viewer,
};

on_every_store!(
    all_words_must_stand_in_one_text,
    case_and_accents_do_not_count,
    the_last_word_may_go_on_if_asked,
    each_case_comes_once_newest_text_first,
    signs_of_a_query_language_are_only_signs,
    a_search_stays_in_what_the_viewer_may_see,
    a_restricted_case_loses_its_texts,
    an_erased_text_is_not_found,
    a_text_is_replaced_under_its_entry,
);

fn index(store: &Store, n: u128, seq: u64, text: &str) {
    let document = SearchDocument {
        journal: journal(n),
        seq,
        text: text.to_owned(),
    };
    write(store, |tx| tx.search_index_put(&document));
}

fn ask(store: &Store, words: &str, prefix: bool, viewer: Viewer) -> SearchAnswer {
    let query = SearchQuery {
        words: words.to_owned(),
        prefix,
        project: None,
        viewer,
        limit: 10,
    };
    read(store, |view| view.search(&query))
}

/// Case and entry of every hit.
fn found(store: &Store, words: &str, prefix: bool) -> Vec<(u64, u64)> {
    let answer = ask(store, words, prefix, Viewer::System);
    answer
        .hits
        .iter()
        .map(|hit| (hit.case.number.n, hit.seq))
        .collect()
}

fn all_words_must_stand_in_one_text(store: &Store) {
    put_case(store, &case(1));
    put_case(store, &case(2));
    index(store, 1, 1, "the fox took the brown hen");
    index(store, 2, 1, "the fox went home");
    index(store, 2, 2, "a hen is missing");
    assert_eq!(found(store, "fox", false), [(2, 1), (1, 1)]);
    assert_eq!(found(store, "hen fox", false), [(1, 1)]);
    assert!(found(store, "fox goose", false).is_empty());
    assert!(found(store, "", true).is_empty());
    assert!(found(store, " ?! ", true).is_empty());
}

fn case_and_accents_do_not_count(store: &Store) {
    put_case(store, &case(1));
    index(store, 1, 1, "Störung im Hühnerstall ŽIŽKOV, cafe\u{301}");
    for words in [
        "storung",
        "STÖRUNG",
        "hühnerstall",
        "zizkov",
        "café",
        "CAFE",
    ] {
        assert_eq!(found(store, words, false), [(1, 1)], "{words}");
    }
    assert!(found(store, "stoerung", false).is_empty());
}

fn the_last_word_may_go_on_if_asked(store: &Store) {
    put_case(store, &case(1));
    index(store, 1, 1, "ransomware on web-01");
    assert_eq!(found(store, "web ransom", true), [(1, 1)]);
    assert!(found(store, "web ransom", false).is_empty());
    assert!(
        found(store, "ransom web", true).is_empty(),
        "only the last word goes on"
    );
    assert_eq!(found(store, "WEB-0", true), [(1, 1)]);
}

fn each_case_comes_once_newest_text_first(store: &Store) {
    for n in 1..=3 {
        put_case(store, &case(n));
    }
    for (n, seq) in [(1, 1), (2, 1), (1, 2), (3, 1), (2, 9)] {
        index(store, n, seq, "a fox");
    }
    assert_eq!(found(store, "fox", false), [(2, 9), (3, 1), (1, 2)]);
    let query = SearchQuery {
        words: "fox".to_owned(),
        prefix: false,
        project: None,
        viewer: Viewer::System,
        limit: 2,
    };
    assert_eq!(read(store, |view| view.search(&query)).hits.len(), 2);
    let query = SearchQuery { limit: 0, ..query };
    assert!(read(store, |view| view.search(&query)).hits.is_empty());
}

fn signs_of_a_query_language_are_only_signs(store: &Store) {
    put_case(store, &case(1));
    index(store, 1, 1, "not and or near fox");
    assert_eq!(found(store, "fox NOT \"and", false), [(1, 1)]);
    assert_eq!(found(store, "NEAR(fox) OR -and", false), [(1, 1)]);
    for words in [
        "\"",
        "*",
        "text:fox*",
        "fox^2",
        "a'b",
        "(",
        "fox AND",
        "{text}:fox",
    ] {
        found(store, words, true);
    }
}

fn a_search_stays_in_what_the_viewer_may_see(store: &Store) {
    put_case(store, &case(1));
    put_case(
        store,
        &CaseRow {
            project: journal(901),
            ..case(2)
        },
    );
    put_case(store, &restricted(3));
    put_case(
        store,
        &CaseRow {
            project: journal(901),
            ..restricted(4)
        },
    );
    write(store, |tx| {
        tx.set_members(journal(3), &BTreeSet::from(["ann".to_owned()]))
    });
    write(store, |tx| {
        tx.set_members(journal(2), &BTreeSet::from(["bob".to_owned()]))
    });
    index(store, 1, 1, "a fox");
    index(store, 2, 1, "a fox");
    let only_900 = |who: &str| Viewer::Person {
        person: who.to_owned(),
        projects: Scope::Only(BTreeSet::from([journal(900)])),
    };
    let answered = |viewer, project: Option<u128>| -> (Vec<u64>, u64) {
        let query = SearchQuery {
            words: "fox".to_owned(),
            prefix: true,
            project: project.map(journal),
            viewer,
            limit: 10,
        };
        let answer = read(store, |view| view.search(&query));
        (
            answer.hits.iter().map(|hit| hit.case.number.n).collect(),
            answer.not_searched,
        )
    };
    assert_eq!(answered(Viewer::System, None), (vec![2, 1], 2));
    assert_eq!(answered(Viewer::System, Some(901)), (vec![2], 1));
    assert_eq!(answered(person("eve"), None), (vec![2, 1], 0));
    assert_eq!(answered(person("ann"), None), (vec![2, 1], 1));
    assert_eq!(answered(person("ann"), Some(901)), (vec![2], 0));
    assert_eq!(answered(only_900("eve"), None), (vec![1], 0));
    assert_eq!(
        answered(only_900("bob"), None),
        (vec![2, 1], 0),
        "a member finds it"
    );
}

fn a_restricted_case_loses_its_texts(store: &Store) {
    put_case(store, &case(1));
    index(store, 1, 1, "a fox");
    put_case(store, &restricted(1));
    assert!(read(store, |view| view.search_documents(journal(1))).is_empty());
    let document = SearchDocument {
        journal: journal(1),
        seq: 2,
        text: "a fox".to_owned(),
    };
    let error = refused(store, |tx| tx.search_index_put(&document));
    assert!(matches!(error, StoreError::Invalid(_)), "{error}");
    put_case(store, &case(1));
    assert!(
        found(store, "fox", false).is_empty(),
        "what is gone stays gone"
    );
    index(store, 1, 2, "a fox");
    assert_eq!(found(store, "fox", false), [(1, 2)]);
    // Also if the text was there before the case stood in the index.
    write(store, |tx| create(tx, 2));
    index(store, 2, 1, "a fox");
    put_case(store, &restricted(2));
    assert!(read(store, |view| view.search_documents(journal(2))).is_empty());
}

fn an_erased_text_is_not_found(store: &Store) {
    put_case(store, &case(1));
    for seq in 1..=3 {
        index(store, 1, seq, "a fox");
    }
    write(store, |tx| tx.search_index_erase(journal(1), Some(3)));
    assert_eq!(found(store, "fox", false), [(1, 2)]);
    write(store, |tx| tx.search_index_erase(journal(1), None));
    assert!(found(store, "fox", false).is_empty());
    write(store, |tx| tx.search_index_erase(journal(7), None));
}

fn a_text_is_replaced_under_its_entry(store: &Store) {
    put_case(store, &case(1));
    index(store, 1, 1, "a fox");
    index(store, 1, 1, "a dog");
    assert!(found(store, "fox", false).is_empty());
    assert_eq!(found(store, "dog", false), [(1, 1)]);
    let texts = read(store, |view| view.search_documents(journal(1)));
    assert_eq!(texts.len(), 1);
    let nowhere = SearchDocument {
        journal: journal(5),
        seq: 1,
        text: "a fox".to_owned(),
    };
    assert!(matches!(
        refused(store, |tx| tx.search_index_put(&nowhere)),
        StoreError::Invalid(_)
    ));
    // A journal that is no case (yet) can have texts, but they are no hits.
    write(store, |tx| create(tx, 5));
    write(store, |tx| tx.search_index_put(&nowhere));
    assert!(found(store, "fox", false).is_empty());
}
