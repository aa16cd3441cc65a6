//! Lists of cases: filters, pages, and who sees what.

use std::collections::BTreeSet;

use super::on_every_store;
use super::samples::{at, case, create, ids, journal, person, put_case, read, restricted, write};
use crate::store::{
    CaseFilter, CaseOrder, CaseRow, CaseTag, Cursor, SHADOW, Scope, Store, StoreError, Title,
    Viewer,
};

on_every_store!(
    pages_have_no_gap_and_no_double,
    a_cursor_of_another_order_is_refused,
    a_list_shows_a_restricted_case_to_its_members_only,
    filters_choose,
    what_stands_in_shadow_is_in_no_list_but_its_own,
    what_begins_so_is_found_among_few_and_among_many,
);

fn list(store: &Store, filter: &CaseFilter, viewer: &Viewer) -> Vec<u64> {
    let page = read(store, |view| view.list_cases(filter, viewer, None, 100));
    let count = read(store, |view| view.count_cases(filter, viewer));
    assert_eq!(
        count,
        page.rows.len() as u64,
        "the count is the count of the list"
    );
    ids(&page.rows)
}

fn pages_have_no_gap_and_no_double(store: &Store) {
    for n in 1..=23 {
        // Three cases share every time, so that the cursor must tell them apart.
        let updated_at = at(i64::try_from(n / 3).unwrap());
        put_case(
            store,
            &CaseRow {
                updated_at,
                open: n % 5 != 0,
                ..case(n)
            },
        );
    }
    for order in [CaseOrder::Updated, CaseOrder::Number] {
        for open in [None, Some(true)] {
            let filter = CaseFilter {
                order,
                open,
                ..CaseFilter::default()
            };
            let whole = list(store, &filter, &Viewer::System);
            assert_eq!(whole.len(), if open.is_some() { 19 } else { 23 });
            for limit in [1, 2, 5, 19, 23, 40] {
                assert_eq!(paged(store, &filter, limit), whole, "{order:?} by {limit}");
            }
        }
    }
}

fn paged(store: &Store, filter: &CaseFilter, limit: u32) -> Vec<u64> {
    let mut all = Vec::new();
    let mut cursor: Option<Cursor> = None;
    loop {
        let page = read(store, |view| {
            view.list_cases(filter, &Viewer::System, cursor.as_ref(), limit)
        });
        all.extend(ids(&page.rows));
        assert!(all.len() < 100, "the pages go round in a circle");
        let Some(next) = page.next else { return all };
        cursor = Some(next.to_string().parse().unwrap());
    }
}

fn a_cursor_of_another_order_is_refused(store: &Store) {
    let cursor = Cursor::behind(&case(1), CaseOrder::Number);
    let answer = store.read_inline(|view| {
        view.list_cases(&CaseFilter::default(), &Viewer::System, Some(&cursor), 1)
    });
    assert!(matches!(answer, Err(StoreError::Invalid(_))));
}

fn a_list_shows_a_restricted_case_to_its_members_only(store: &Store) {
    put_case(store, &case(1));
    put_case(store, &restricted(2));
    put_case(
        store,
        &CaseRow {
            project: journal(901),
            ..case(3)
        },
    );
    write(store, |tx| {
        tx.set_members(journal(2), &BTreeSet::from(["ann".to_owned()]))
    });
    write(store, |tx| {
        tx.set_members(journal(3), &BTreeSet::from(["bob".to_owned()]))
    });
    let any = CaseFilter::default();
    assert_eq!(list(store, &any, &Viewer::System), [3, 2, 1]);
    assert_eq!(list(store, &any, &person("ann")), [3, 2, 1]);
    assert_eq!(list(store, &any, &person("bob")), [3, 1]);
    let only = |who: &str, projects: &[u128]| Viewer::Person {
        person: who.to_owned(),
        projects: Scope::Only(projects.iter().map(|n| journal(*n)).collect()),
    };
    assert_eq!(
        list(store, &any, &only("bob", &[900])),
        [3, 1],
        "a member sees the case"
    );
    assert_eq!(list(store, &any, &only("eve", &[900])), [1]);
    assert_eq!(list(store, &any, &only("eve", &[901])), [3]);
    assert!(list(store, &any, &only("eve", &[])).is_empty());
    assert_eq!(list(store, &any, &only("ann", &[])), [2]);
}

fn what_stands_in_shadow_is_in_no_list_but_its_own(store: &Store) {
    put_case(store, &case(1));
    put_case(
        store,
        &CaseRow {
            status: SHADOW.to_owned(),
            ..case(2)
        },
    );
    let of = |status: &[&str]| CaseFilter {
        status: status.iter().map(|word| (*word).to_owned()).collect(),
        ..CaseFilter::default()
    };
    assert_eq!(list(store, &of(&[]), &Viewer::System), [1]);
    assert_eq!(list(store, &of(&[SHADOW]), &Viewer::System), [2]);
    let both = of(&[SHADOW, &case(1).status]);
    assert_eq!(list(store, &both, &Viewer::System).len(), 2);
    let begins = CaseFilter {
        text: Some("HH".to_owned()),
        ..CaseFilter::default()
    };
    assert_eq!(list(store, &begins, &Viewer::System), [1]);
}

fn filters_choose(store: &Store) {
    put_case(
        store,
        &CaseRow {
            severity: Some("high".to_owned()),
            ..case(1)
        },
    );
    put_case(
        store,
        &CaseRow {
            status: "incident".to_owned(),
            open: false,
            ..case(2)
        },
    );
    put_case(
        store,
        &CaseRow {
            title: Title::Plain("Ärger im Stall".to_owned()),
            ..case(3)
        },
    );
    put_case(
        store,
        &CaseRow {
            phase: "recovery".to_owned(),
            ic: Some("jo".into()),
            tags: vec![
                CaseTag("privacy".to_owned(), Some("acme".to_owned())),
                CaseTag("integrity".to_owned(), None),
            ],
            ..case(14)
        },
    );
    write(store, |tx| {
        tx.set_members(journal(3), &BTreeSet::from(["ann".to_owned()]))
    });
    let any = CaseFilter::default;
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let text = |text: &str| CaseFilter {
        text: Some(text.to_owned()),
        ..any()
    };
    let harm = |property: &[&str], client: Option<&str>| CaseFilter {
        property: words(property),
        client: client.map(str::to_owned),
        ..any()
    };
    let expected = [
        (harm(&["privacy"], None), vec![14]),
        (harm(&[], Some("acme")), vec![14]),
        (harm(&["integrity"], Some("acme")), vec![]),
        (
            CaseFilter {
                severity: words(&["high", "low"]),
                ..any()
            },
            vec![1],
        ),
        (
            CaseFilter {
                status: words(&["incident"]),
                ..any()
            },
            vec![2],
        ),
        (
            CaseFilter {
                status: words(&["incident", "event"]),
                ..any()
            },
            vec![14, 3, 2, 1],
        ),
        (
            CaseFilter {
                open: Some(false),
                ..any()
            },
            vec![2],
        ),
        (
            CaseFilter {
                phase: words(&["recovery"]),
                open: Some(true),
                ..any()
            },
            vec![14],
        ),
        (
            CaseFilter {
                phase: words(&["recovery"]),
                open: Some(false),
                ..any()
            },
            vec![],
        ),
        (
            CaseFilter {
                ic: Some("jo".to_owned()),
                ..any()
            },
            vec![14],
        ),
        (
            CaseFilter {
                member: Some("ann".to_owned()),
                ..any()
            },
            vec![3],
        ),
        (
            CaseFilter {
                project: Some(journal(900)),
                ..any()
            },
            vec![14, 3, 2, 1],
        ),
        (
            CaseFilter {
                project: Some(journal(901)),
                ..any()
            },
            vec![],
        ),
        (text("hh-1"), vec![14, 1]),
        (text("arger"), vec![3]),
        (text("Stall"), vec![]),
        (text("case"), vec![14, 2, 1]),
        (text(""), vec![14, 3, 2, 1]),
        (text("%"), vec![]),
    ];
    for (filter, cases) in expected {
        assert_eq!(list(store, &filter, &Viewer::System), cases, "{filter:?}");
    }
}

fn what_begins_so_is_found_among_few_and_among_many(store: &Store) {
    write(store, |tx| {
        for n in 1..=620 {
            let word = if n % 6 == 0 { "Stray" } else { "Flood" };
            create(tx, u128::from(n))?;
            tx.put_index(&CaseRow {
                title: Title::Plain(format!("{word} {n}")),
                updated_at: at(i64::try_from(n).unwrap()),
                ..case(n)
            })?;
        }
        Ok(())
    });
    for (text, first, many) in [
        ("flood", 620, 517),
        ("STRAY", 618, 103),
        ("stray 60", 606, 3),
    ] {
        let filter = CaseFilter {
            text: Some(text.to_owned()),
            ..CaseFilter::default()
        };
        let count = read(store, |view| view.count_cases(&filter, &Viewer::System));
        assert_eq!(count, many, "{text}");
        let page = read(store, |view| {
            view.list_cases(&filter, &Viewer::System, None, 3)
        });
        assert_eq!(ids(&page.rows)[0], first, "{text}: the newest change first");
    }
}
