//! The index over cases: rows, lists, due times, members, numbers.

use std::collections::BTreeSet;

use super::on_every_store;
use super::samples::{
    at, case, create, journal, person, put_case, read, refused, restricted, write,
};
use crate::store::{
    CaseFilter, CaseNumber, CaseOrder, CaseRow, Cursor, ExhibitRow, ProjectRow, Scope, Store,
    StoreError, Title, Viewer, dump_index,
};

on_every_store!(
    a_case_is_found_by_journal_and_by_number,
    a_number_belongs_to_one_case,
    a_restricted_case_has_no_readable_title_in_the_index,
    due_cases_come_by_due_time,
    numbers_count_up_from_one_per_counter,
    pages_have_no_gap_and_no_double,
    a_cursor_of_another_order_is_refused,
    a_list_shows_a_restricted_case_to_its_members_only,
    filters_choose,
    members_are_replaced_whole,
    exhibits_and_projects_are_found,
    clearing_the_index_keeps_the_journals,
);

fn ids(rows: &[CaseRow]) -> Vec<u64> {
    rows.iter().map(|row| row.number.n).collect()
}

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

fn a_case_is_found_by_journal_and_by_number(store: &Store) {
    let mut row = case(142);
    put_case(store, &row);
    assert_eq!(
        read(store, |view| view.case(row.journal)),
        Some(row.clone())
    );
    assert_eq!(
        read(store, |view| view.case_by_number(&row.number)),
        Some(row.clone())
    );
    row.number = CaseNumber {
        prefix: "KI".to_owned(),
        n: 1,
    };
    row.severity = Some("high".to_owned());
    row.ic = Some("jane".to_owned());
    row.next_wake = Some(at(9));
    put_case(store, &row);
    assert_eq!(
        read(store, |view| view.case_by_number(&row.number)),
        Some(row)
    );
    assert_eq!(
        read(store, |view| view.case_by_number(&case(142).number)),
        None
    );
}

fn a_number_belongs_to_one_case(store: &Store) {
    put_case(store, &case(1));
    write(store, |tx| create(tx, 2));
    let thief = CaseRow {
        journal: journal(2),
        ..case(1)
    };
    assert!(matches!(
        refused(store, |tx| tx.put_index(&thief)),
        StoreError::Conflict(_)
    ));
    let nobody = case(3);
    assert!(matches!(
        refused(store, |tx| tx.put_index(&nobody)),
        StoreError::Invalid(_)
    ));
}

fn a_restricted_case_has_no_readable_title_in_the_index(store: &Store) {
    put_case(store, &case(1));
    let open_title = CaseRow {
        restricted: true,
        ..case(1)
    };
    assert!(matches!(
        refused(store, |tx| tx.put_index(&open_title)),
        StoreError::Invalid(_)
    ));
    for title in [Title::None, Title::Cipher(vec![9])] {
        let row = CaseRow {
            restricted: true,
            title,
            ..case(1)
        };
        put_case(store, &row);
        assert_eq!(read(store, |view| view.case(row.journal)), Some(row));
    }
}

fn due_cases_come_by_due_time(store: &Store) {
    for (n, wake) in [
        (1, Some(30)),
        (2, Some(10)),
        (3, None),
        (4, Some(20)),
        (5, Some(20)),
    ] {
        put_case(
            store,
            &CaseRow {
                next_wake: wake.map(at),
                ..case(n)
            },
        );
    }
    let due = |now, limit| ids(&read(store, |view| view.due_cases(at(now), limit)));
    assert!(due(9, 10).is_empty());
    assert_eq!(due(20, 10), [2, 4, 5]);
    assert_eq!(due(20, 2), [2, 4]);
    assert_eq!(due(99, 10), [2, 4, 5, 1]);
    assert_eq!(read(store, |view| view.earliest_wake()), Some(at(10)));
    put_case(store, &case(2));
    assert_eq!(read(store, |view| view.earliest_wake()), Some(at(20)));
}

fn numbers_count_up_from_one_per_counter(store: &Store) {
    let next = |name: &'static str| write(store, move |tx| tx.next_number(name));
    assert_eq!(
        [next("HH"), next("HH"), next("KI"), next("HH")],
        [1, 2, 1, 3]
    );
    write(store, |tx| tx.raise_counter("HH", 10));
    write(store, |tx| tx.raise_counter("HH", 5));
    write(store, |tx| tx.raise_counter("MU", 7));
    assert_eq!([next("HH"), next("MU")], [11, 8]);
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
    let expected = [
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

fn members_are_replaced_whole(store: &Store) {
    put_case(store, &case(1));
    put_case(store, &case(2));
    let set = |names: &[&str]| -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    };
    write(store, |tx| {
        tx.set_members(journal(1), &set(&["ann", "bob"]))
    });
    write(store, |tx| tx.set_members(journal(2), &set(&["bob"])));
    write(store, |tx| tx.set_members(journal(1), &set(&["bob", "cy"])));
    assert_eq!(
        read(store, |view| view.members(journal(1))),
        set(&["bob", "cy"])
    );
    assert!(!read(store, |view| view.is_member(journal(1), "ann")));
    assert!(read(store, |view| view.is_member(journal(1), "cy")));
    let of_bob = read(store, |view| view.memberships("bob"));
    assert_eq!(of_bob, BTreeSet::from([journal(1), journal(2)]));
}

fn exhibits_and_projects_are_found(store: &Store) {
    put_case(store, &case(1));
    let disk = ExhibitRow {
        journal: journal(1),
        id: "disk".to_owned(),
        seq: 4,
        sha256: Some([6; 32]),
        size: 1 << 40,
        kind: "image".to_owned(),
        erased: false,
        at: at(4),
    };
    let cloud = ExhibitRow {
        id: "cloud".to_owned(),
        seq: 9,
        sha256: None,
        ..disk.clone()
    };
    let hall = ProjectRow {
        journal: journal(1),
        slug: "hall".to_owned(),
        name: "The hall".to_owned(),
        prefix: "HA".to_owned(),
        basis: Some([2; 32]),
        archived: false,
        seq: 1,
    };
    write(store, |tx| {
        tx.put_exhibit(&cloud)?;
        tx.put_exhibit(&disk)?;
        tx.put_project(&hall)
    });
    assert_eq!(
        read(store, |view| view.exhibits(journal(1))),
        [disk.clone(), cloud.clone()]
    );
    assert_eq!(
        read(store, |view| view.exhibit(journal(1), "cloud")),
        Some(cloud)
    );
    assert_eq!(
        read(store, |view| view.exhibits_with_bytes([6; 32])),
        [disk]
    );
    assert_eq!(
        read(store, |view| view.project(journal(1))),
        Some(hall.clone())
    );
    assert_eq!(
        read(store, |view| view.project_by_slug("hall")),
        Some(hall.clone())
    );
    assert_eq!(read(store, |view| view.projects()).len(), 1);
    write(store, |tx| create(tx, 2));
    let twin = ProjectRow {
        journal: journal(2),
        ..hall
    };
    assert!(matches!(
        refused(store, |tx| tx.put_project(&twin)),
        StoreError::Conflict(_)
    ));
}

fn clearing_the_index_keeps_the_journals(store: &Store) {
    let fill = || {
        put_case(store, &case(1));
        write(store, |tx| {
            tx.set_members(journal(1), &BTreeSet::from(["ann".to_owned()]))
        });
        write(store, |tx| tx.raise_counter("HH", 1));
        read(store, dump_index)
    };
    let live = fill();
    assert_eq!(live.len(), 3, "{live:?}");
    write(store, |tx| {
        tx.append(&super::samples::record(journal(1), 1))
    });
    write(store, |tx| tx.clear_index());
    assert_eq!(read(store, dump_index), Vec::<String>::new());
    assert_eq!(read(store, |view| view.head(journal(1))).seq, 1);
    assert_eq!(fill(), live);
}
