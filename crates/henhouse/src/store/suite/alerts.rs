//! Alerts in the index.

use uuid::Uuid;

use super::on_every_store;
use super::samples::{at, create, journal, read, refused, write};
use crate::store::{AlertRow, Store, StoreError};

on_every_store! {
    the_newest_alert_under_a_key_is_the_one,
    alerts_of_a_source_and_of_a_case_are_listed,
    an_alert_of_no_case_is_refused_and_the_index_drops_them_all,
}

fn alert(n: u128, source: &str, key: u8) -> AlertRow {
    AlertRow {
        id: Uuid::from_u128(n),
        source: source.to_owned(),
        key: [key; 32],
        journal: journal(1),
        opened: n == 1,
        live: true,
        times: 1,
        last_at: at(1),
    }
}

fn fill(store: &Store) {
    write(store, |tx| create(tx, 1));
    write(store, |tx| create(tx, 2));
    for row in [
        alert(1, "s", 7),
        alert(3, "s", 7),
        alert(2, "s", 8),
        alert(4, "t", 7),
    ] {
        write(store, |tx| tx.put_alert(&row));
    }
}

fn the_newest_alert_under_a_key_is_the_one(store: &Store) {
    fill(store);
    let newest = |source: &'static str, key: u8| {
        read(store, move |view| view.alert_by_key(source, [key; 32]))
    };
    assert_eq!(newest("s", 7), Some(alert(3, "s", 7)));
    assert_eq!(newest("s", 8), Some(alert(2, "s", 8)));
    assert_eq!(newest("t", 7), Some(alert(4, "t", 7)));
    assert_eq!(newest("t", 8), None);
    let again = AlertRow {
        times: u64::from(u32::MAX) + 1,
        live: false,
        last_at: at(9),
        ..alert(3, "s", 7)
    };
    write(store, |tx| tx.put_alert(&again));
    assert_eq!(newest("s", 7), Some(again.clone()));
    assert_eq!(read(store, |view| view.alert(again.id)), Some(again));
    assert_eq!(read(store, |view| view.alert(Uuid::from_u128(99))), None);
}

fn alerts_of_a_source_and_of_a_case_are_listed(store: &Store) {
    fill(store);
    let ids =
        |rows: Vec<AlertRow>| -> Vec<u128> { rows.iter().map(|row| row.id.as_u128()).collect() };
    let of_source = |limit| read(store, move |view| view.alerts_of_source("s", limit));
    assert_eq!(ids(of_source(10)), [3, 2, 1]);
    assert_eq!(ids(of_source(1)), [3]);
    let over = AlertRow {
        live: false,
        journal: journal(2),
        ..alert(2, "s", 8)
    };
    write(store, |tx| tx.put_alert(&over));
    assert_eq!(read(store, |view| view.live_alerts("s")), 2);
    assert_eq!(read(store, |view| view.live_alerts("nobody")), 0);
    assert_eq!(
        ids(read(store, |view| view.alerts_of(journal(1)))),
        [1, 3, 4]
    );
    assert_eq!(ids(read(store, |view| view.alerts_of(journal(2)))), [2]);
    assert_eq!(ids(read(store, |view| view.alerts())), [1, 2, 3, 4]);
}

fn an_alert_of_no_case_is_refused_and_the_index_drops_them_all(store: &Store) {
    fill(store);
    let stray = AlertRow {
        journal: journal(99),
        ..alert(5, "s", 9)
    };
    let refused = refused(store, |tx| tx.put_alert(&stray));
    assert!(matches!(refused, StoreError::Invalid(_)), "{refused:?}");
    write(store, |tx| tx.clear_index());
    assert_eq!(read(store, |view| view.alerts()), []);
}
