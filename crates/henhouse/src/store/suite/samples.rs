//! Rows to test with: plain, and told apart by one number.

use jiff::Timestamp;
use uuid::Uuid;

use crate::store::{
    CaseNumber, CaseRow, JournalId, JournalKind, JournalRow, Lane, Message, NoticeId, OutboxRow,
    Record, Result, Scope, Store, StoreError, Title, Tx, View, Viewer,
};

/// So many seconds into the tests' time.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + seconds).unwrap()
}

pub(super) fn journal(n: u128) -> JournalId {
    JournalId(Uuid::from_u128(n))
}

pub(super) fn notice(n: u128) -> NoticeId {
    NoticeId(Uuid::from_u128(n))
}

pub(super) fn write<T: Send>(
    store: &Store,
    work: impl FnOnce(&mut dyn Tx) -> Result<T> + Send,
) -> T {
    store.write_inline(work).unwrap()
}

pub(super) fn refused<T: Send>(
    store: &Store,
    work: impl FnOnce(&mut dyn Tx) -> Result<T> + Send,
) -> StoreError {
    store.write_inline(work).err().unwrap()
}

pub(super) fn read<T: Send>(store: &Store, work: impl FnOnce(&dyn View) -> Result<T> + Send) -> T {
    store.read_inline(work).unwrap()
}

pub(super) fn create(tx: &mut dyn Tx, n: u128) -> Result<JournalId> {
    let id = journal(n);
    tx.create_journal(&JournalRow {
        id,
        kind: JournalKind::Case,
        parent: Some(journal(900)),
        created_at: at(0),
    })?;
    Ok(id)
}

pub(super) fn record(journal: JournalId, seq: u64) -> Record {
    let mark = u8::try_from(seq % 251).unwrap();
    Record {
        journal,
        seq,
        recorded_at: at(i64::try_from(seq).unwrap()),
        kind: "noted".to_owned(),
        hash: [mark; 32],
        bytes: format!("entry {seq}").into_bytes(),
        sealed: Vec::new(),
    }
}

/// Case `n`: number HH-n, updated at second n, project 900.
pub(super) fn case(n: u64) -> CaseRow {
    CaseRow {
        journal: journal(u128::from(n)),
        number: CaseNumber {
            prefix: "HH".to_owned(),
            n,
        },
        project: journal(900),
        title: Title::Plain(format!("Case {n}")),
        status: "event".to_owned(),
        phase: "triage".to_owned(),
        severity: None,
        restricted: false,
        kind: "security".to_owned(),
        arrival: "known".to_owned(),
        tags: Vec::new(),
        opened_at: at(0),
        updated_at: at(i64::try_from(n).unwrap()),
        next_wake: None,
        seq: 1,
        ic: None,
        open: true,
        figures: None,
    }
}

/// The same case, restricted.
pub(super) fn restricted(n: u64) -> CaseRow {
    CaseRow {
        restricted: true,
        title: Title::Cipher(vec![1, 2, 3]),
        ..case(n)
    }
}

/// Puts a case with its journal.
pub(super) fn put_case(store: &Store, row: &CaseRow) {
    write(store, |tx| {
        if tx.journal(row.journal)?.is_none() {
            create(tx, row.journal.0.as_u128())?;
        }
        tx.put_index(row)
    });
}

pub(super) fn person(who: &str) -> Viewer {
    Viewer::Person {
        person: who.to_owned(),
        projects: Scope::All,
    }
}

pub(super) fn queued(n: u128, lane: Lane, next_try: i64) -> OutboxRow {
    let message = Message::Plain(format!("notice {n}").into_bytes());
    OutboxRow::queued(
        notice(n),
        (journal(1), 1),
        "mail",
        lane,
        message,
        at(next_try),
    )
}

/// The counts in the numbers of these cases.
pub(super) fn ids(rows: &[CaseRow]) -> Vec<u64> {
    rows.iter().map(|row| row.number.n).collect()
}
