//! Journals: gapless, unchangeable, with sealed values beside them.

use super::on_every_store;
use super::samples::{create, journal, read, record, refused, write};
use crate::store::{BasisRow, Head, Record, Store, StoreError};

on_every_store!(
    an_empty_journal_has_the_empty_head,
    entries_come_back_in_order_and_in_pages,
    an_entry_that_is_not_the_next_is_a_conflict,
    a_journal_must_be_created_first,
    a_sealed_value_can_be_erased_and_the_entry_stays,
    a_basis_never_changes,
    keys_are_replaced_whole,
);

fn an_empty_journal_has_the_empty_head(store: &Store) {
    let id = write(store, |tx| create(tx, 1));
    assert_eq!(read(store, |view| view.head(id)), Head::EMPTY);
    assert_eq!(read(store, |view| view.head(journal(77))), Head::EMPTY);
}

fn entries_come_back_in_order_and_in_pages(store: &Store) {
    let id = write(store, |tx| {
        let other = create(tx, 2)?;
        tx.append(&record(other, 1))?;
        let id = create(tx, 1)?;
        for seq in 1..=5 {
            tx.append(&record(id, seq))?;
        }
        Ok(id)
    });
    let seqs = |after, limit| -> Vec<u64> {
        let entries = read(store, |view| view.entries(id, after, limit));
        entries.iter().map(|entry| entry.seq).collect()
    };
    assert_eq!(seqs(0, 2), [1, 2]);
    assert_eq!(seqs(2, 2), [3, 4]);
    assert_eq!(seqs(4, 2), [5]);
    assert!(seqs(5, 2).is_empty());
    let first = read(store, |view| view.entries(id, 0, 1)).remove(0);
    assert_eq!(first, record(id, 1).entry());
    assert_eq!(
        read(store, |view| view.head(id)),
        Head {
            seq: 5,
            hash: [5; 32]
        }
    );
}

fn an_entry_that_is_not_the_next_is_a_conflict(store: &Store) {
    let id = write(store, |tx| {
        let id = create(tx, 1)?;
        tx.append(&record(id, 1))?;
        Ok(id)
    });
    for seq in [0, 1, 3] {
        let error = refused(store, |tx| tx.append(&record(id, seq)));
        assert!(matches!(error, StoreError::Conflict(_)), "{seq}: {error}");
    }
    assert_eq!(read(store, |view| view.head(id)).seq, 1);
}

fn a_journal_must_be_created_first(store: &Store) {
    let error = refused(store, |tx| tx.append(&record(journal(9), 1)));
    assert!(matches!(error, StoreError::Invalid(_)), "{error}");
    write(store, |tx| create(tx, 9));
    let error = refused(store, |tx| create(tx, 9));
    assert!(matches!(error, StoreError::Conflict(_)), "{error}");
}

fn a_sealed_value_can_be_erased_and_the_entry_stays(store: &Store) {
    let id = write(store, |tx| {
        let id = create(tx, 1)?;
        let sealed = vec![([8; 32], b"eight".to_vec()), ([7; 32], b"seven".to_vec())];
        tx.append(&Record {
            sealed,
            ..record(id, 1)
        })?;
        tx.append(&Record {
            sealed: vec![([1; 32], b"one".to_vec())],
            ..record(id, 2)
        })?;
        Ok(id)
    });
    assert_eq!(
        read(store, |view| view.sealed(id, [7; 32])),
        Some(b"seven".to_vec())
    );
    let commitments = |after, last| -> Vec<(u64, u8)> {
        let rows = read(store, |view| view.sealed_between(id, after, last));
        rows.iter()
            .map(|row| (row.seq, row.commitment[0]))
            .collect()
    };
    assert_eq!(commitments(0, 2), [(1, 7), (1, 8), (2, 1)]);
    assert_eq!(commitments(0, 1), [(1, 7), (1, 8)]);
    assert_eq!(commitments(1, u64::MAX), [(2, 1)]);
    assert!(write(store, |tx| tx.erase_sealed(id, [7; 32])));
    assert!(!write(store, |tx| tx.erase_sealed(id, [7; 32])));
    assert_eq!(read(store, |view| view.sealed(id, [7; 32])), None);
    assert_eq!(read(store, |view| view.entries(id, 0, 9)).len(), 2);
}

fn a_basis_never_changes(store: &Store) {
    let basis = BasisRow {
        hash: [3; 32],
        bytes: b"people".to_vec(),
    };
    write(store, |tx| tx.put_basis(&basis));
    write(store, |tx| tx.put_basis(&basis));
    let other = BasisRow {
        bytes: b"others".to_vec(),
        ..basis
    };
    assert!(matches!(
        refused(store, |tx| tx.put_basis(&other)),
        StoreError::Invalid(_)
    ));
    assert_eq!(
        read(store, |view| view.basis([3; 32])),
        Some(b"people".to_vec())
    );
    assert_eq!(read(store, |view| view.basis([4; 32])), None);
    assert_eq!(read(store, |view| view.bases()), [[3; 32]]);
    let kept = |hash| read(store, move |view| view.has_basis(hash));
    assert_eq!((kept([3; 32]), kept([4; 32])), (true, false));
}

fn keys_are_replaced_whole(store: &Store) {
    let id = write(store, |tx| create(tx, 1));
    assert_eq!(read(store, |view| view.journal_key(id)), None);
    write(store, |tx| tx.put_journal_key(id, b"old"));
    write(store, |tx| tx.put_journal_key(id, b"new"));
    assert_eq!(
        read(store, |view| view.journal_keys()),
        [(id, b"new".to_vec())]
    );
}
