//! The index over cases: rows, due times, members, numbers.

use std::collections::BTreeSet;

use super::on_every_store;
use super::samples::{at, case, create, ids, journal, put_case, read, refused, write};
use crate::store::{
    CaseNumber, CaseRow, ExhibitRow, ProjectRow, Store, StoreError, Title, Tx, dump_index,
};

on_every_store!(
    a_case_is_found_by_journal_and_by_number,
    a_number_belongs_to_one_case,
    a_restricted_case_has_no_readable_title_in_the_index,
    due_cases_come_by_due_time,
    arrivals_are_counted_by_project_and_sort_from_a_time_on,
    whoever_writes_counts_what_was_just_written,
    numbers_count_up_from_one_per_counter,
    members_are_replaced_whole,
    exhibits_and_projects_are_found,
    clearing_the_index_keeps_the_journals,
);

fn arrivals_are_counted_by_project_and_sort_from_a_time_on(store: &Store) {
    for n in 1..=6 {
        let sort = if n == 6 { "pressing" } else { "unknown" };
        let row = CaseRow {
            arrival: sort.to_owned(),
            opened_at: at(i64::try_from(n).unwrap()),
            ..case(n)
        };
        put_case(store, &row);
    }
    put_case(store, &case(7));
    let count = |arrival: &'static str, since, limit| {
        read(store, |view| {
            view.arrivals(journal(900), arrival, at(since), limit)
        })
    };
    assert_eq!(count("unknown", 2, 9), 3, "after that time");
    assert_eq!(count("unknown", 2, 2), 2);
    assert_eq!(count("pressing", 0, 9), 1);
    assert_eq!(count("known", 0, 9), 0, "nobody known is counted");
    let elsewhere = read(store, |view| {
        view.arrivals(journal(901), "unknown", at(0), 9)
    });
    assert_eq!(elsewhere, 0);
}

fn whoever_writes_counts_what_was_just_written(store: &Store) {
    let came = |n: u64, sort: &str, seconds| CaseRow {
        arrival: sort.to_owned(),
        opened_at: at(seconds),
        ..case(n)
    };
    put_case(store, &came(1, "unknown", 10));
    let counted = write(store, move |tx| {
        let count =
            |tx: &dyn Tx, since, limit| tx.arrivals(journal(900), "unknown", at(since), limit);
        let mut counted = vec![count(tx, 5, 2)?];
        for n in 2..=4 {
            create(tx, u128::from(n))?;
            tx.put_index(&came(n, "unknown", 10 + i64::try_from(n).unwrap()))?;
            counted.push(count(tx, 5, 2)?);
        }
        // More than was asked before, and from an earlier time on.
        counted.extend([count(tx, 5, 9)?, count(tx, 12, 9)?, count(tx, 0, 9)?]);
        // A second look at the same case counts it once; another sort, or another time, counts elsewhere.
        tx.put_index(&came(2, "unknown", 12))?;
        counted.push(count(tx, 5, 9)?);
        tx.put_index(&came(2, "pressing", 12))?;
        tx.put_index(&came(3, "unknown", 3))?;
        counted.push(count(tx, 5, 9)?);
        Ok(counted)
    });
    assert_eq!(counted, [1, 2, 2, 2, 4, 2, 4, 4, 2]);
    let known = write(store, move |tx| {
        let none = tx.arrivals(journal(900), "known", at(0), 9)?;
        create(tx, 5)?;
        tx.put_index(&came(5, "known", 20))?;
        Ok((none, tx.arrivals(journal(900), "known", at(0), 9)?))
    });
    assert_eq!(known, (0, 0));
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
    assert!(read(store, |view| view.is_member(journal(2), "bob")));
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
        std::slice::from_ref(&disk)
    );
    assert_eq!(read(store, |view| view.erased_exhibits()), []);
    let erased = ExhibitRow {
        erased: true,
        ..disk
    };
    write(store, |tx| tx.put_exhibit(&erased));
    assert_eq!(read(store, |view| view.erased_exhibits()), [erased]);
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
    let barn = ProjectRow {
        journal: journal(2),
        slug: "barn".to_owned(),
        ..hall.clone()
    };
    write(store, |tx| tx.put_project(&barn));
    assert_eq!(
        read(store, |view| view.projects()),
        [barn, hall.clone()],
        "by short name, whichever is older"
    );
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
