//! The write-ahead log: kept small, emptied when something is destroyed.

use std::sync::mpsc;

use super::{add, begin, id, open};
use crate::store::{Record, SearchDocument, SqliteOptions, Store, StoreError};

#[test]
fn the_log_stays_in_its_budget_without_a_reader() {
    let dir = tempfile::tempdir().unwrap();
    let (store, inner) = open(dir.path());
    store.write_inline(|tx| begin(tx, 1)).unwrap();
    let mut longest = 0;
    for _ in 0..100 {
        store.write_inline(|tx| add(tx, 1, 256 << 10)).unwrap();
        longest = longest.max(inner.0.core.writer.lock().unwrap().log.bytes());
    }
    assert!(longest < 8 << 20, "{longest}");
}

#[test]
fn a_read_that_never_ends_is_made_to_end_before_the_log_outgrows_its_budget() {
    let dir = tempfile::tempdir().unwrap();
    let options = SqliteOptions { readers: 1 };
    let inner = super::SqliteStore::open(dir.path(), options).unwrap();
    let store = Store::Sqlite(inner.clone());
    inner.0.core.writer.lock().unwrap().log.set_budget(2 << 20);
    store.write_inline(|tx| begin(tx, 1)).unwrap();
    let (began, wait) = mpsc::channel();
    let reading = store.clone();
    let reader = std::thread::spawn(move || {
        reading.read_inline(|view| {
            let seen = view.head(id(1))?.seq;
            began.send(()).unwrap();
            loop {
                // A snapshot does not move, until it is too old to be kept.
                assert_eq!(view.head(id(1))?.seq, seen);
            }
            #[expect(unreachable_code, reason = "gives the loop its type")]
            Ok::<(), StoreError>(())
        })
    });
    wait.recv().unwrap();
    let mut longest = 0;
    for _ in 0..60 {
        store.write_inline(|tx| add(tx, 1, 128 << 10)).unwrap();
        longest = longest.max(inner.0.core.writer.lock().unwrap().log.bytes());
    }
    assert!(longest < 3 << 20, "{longest}");
    assert!(matches!(reader.join().unwrap(), Err(StoreError::Busy(_))));
}

#[test]
fn what_is_destroyed_is_in_no_file_any_more() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _inner) = open(dir.path());
    let canary = b"canaryinthesealedvalue";
    store
        .write_inline(|tx| {
            begin(tx, 1)?;
            add(tx, 1, 10)?;
            tx.append(&Record {
                journal: id(1),
                seq: 2,
                recorded_at: jiff::Timestamp::UNIX_EPOCH,
                kind: "noted".to_owned(),
                hash: [2; 32],
                bytes: Vec::new(),
                sealed: vec![([7; 32], canary.to_vec())],
            })?;
            for seq in 1..200 {
                let text = format!("canaryinthesearchtext and word{seq}");
                tx.search_index_put(&SearchDocument {
                    journal: id(1),
                    seq,
                    text,
                })?;
            }
            Ok::<(), StoreError>(())
        })
        .unwrap();
    let count = |needle: &str| -> usize {
        let files = std::fs::read_dir(dir.path()).unwrap();
        files
            .map(|file| std::fs::read(file.unwrap().path()).unwrap())
            .map(|bytes| {
                bytes
                    .windows(needle.len())
                    .filter(|w| *w == needle.as_bytes())
                    .count()
            })
            .sum()
    };
    assert!(count("canaryinthesealedvalue") > 0);
    assert!(count("canaryinthesearchtext") > 0);
    store
        .write_inline(|tx| tx.erase_sealed(id(1), [7; 32]))
        .unwrap();
    assert_eq!(count("canaryinthesealedvalue"), 0);
    store
        .write_inline(|tx| tx.search_index_erase(id(1), None))
        .unwrap();
    assert_eq!(count("canaryinthesearchtext"), 0);
}
