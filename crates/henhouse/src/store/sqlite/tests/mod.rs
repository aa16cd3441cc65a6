//! What only SQLite has: statements, files, locks, and walls of its own against change.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod log;
mod threads;
pub(in crate::store) mod upgrade;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use jiff::Timestamp;
use rusqlite::Connection;
use uuid::Uuid;

use super::lists::{Beginning, Part, Query};
use super::{SqliteOptions, SqliteStore, migrate};
use crate::store::fold::words;
use crate::store::{
    CaseFilter, CaseOrder, Cursor, JournalId, JournalKind, JournalRow, Record, Result, Scope,
    Store, StoreError, Tx, Viewer,
};

/// A store on the caller's thread, with the means to look inside.
fn open(dir: &Path) -> (Store, SqliteStore) {
    let inner = SqliteStore::open(dir, SqliteOptions { readers: 0 }).unwrap();
    (Store::Sqlite(inner.clone()), inner)
}

fn id(n: u128) -> JournalId {
    JournalId(Uuid::from_u128(n))
}

fn begin(tx: &mut dyn Tx, n: u128) -> Result<()> {
    let created_at = Timestamp::UNIX_EPOCH;
    tx.create_journal(&JournalRow {
        id: id(n),
        kind: JournalKind::Case,
        parent: None,
        created_at,
    })
}

fn add(tx: &mut dyn Tx, n: u128, bytes: usize) -> Result<u64> {
    let seq = tx.head(id(n))?.seq + 1;
    tx.append(&Record {
        journal: id(n),
        seq,
        recorded_at: Timestamp::UNIX_EPOCH,
        kind: "noted".to_owned(),
        hash: [1; 32],
        bytes: vec![b'x'; bytes],
        sealed: Vec::new(),
    })?;
    Ok(seq)
}

#[test]
fn every_statement_can_be_prepared() {
    let mut conn = Connection::open_in_memory().unwrap();
    migrate::migrate(&mut conn).unwrap();
    let all = [
        super::access::STATEMENTS,
        super::alerts::STATEMENTS,
        super::cases::STATEMENTS,
        super::journal::STATEMENTS,
        super::lists::STATEMENTS,
        super::log::STATEMENTS,
        super::migrate::STATEMENTS,
        super::outbox::STATEMENTS,
        super::search::STATEMENTS,
        super::session::STATEMENTS,
    ];
    for (name, sql) in all.concat() {
        if let Err(error) = conn.prepare(sql) {
            panic!("{name}: {error}");
        }
    }
}

#[test]
fn every_list_can_be_prepared() {
    let mut conn = Connection::open_in_memory().unwrap();
    migrate::migrate(&mut conn).unwrap();
    let some = |bits: u32, n: u32| (bits >> n & 1 == 1).then(|| "word".to_owned());
    let list = |bits, n| some(bits, n).into_iter().collect::<Vec<_>>();
    for bits in 0..1 << 14 {
        let filter = CaseFilter {
            status: [list(bits, 0), list(bits, 1)].concat(),
            phase: list(bits, 2),
            severity: list(bits, 3),
            project: some(bits, 4).map(|_| id(1)),
            open: some(bits, 5).map(|_| true),
            ic: some(bits, 6),
            member: some(bits, 7),
            property: list(bits, 11),
            client: some(bits, 12),
            text: some(bits, 8),
            order: if bits >> 9 & 1 == 1 {
                CaseOrder::Updated
            } else {
                CaseOrder::Number
            },
        };
        let person = |projects| Viewer::Person {
            person: "ann".to_owned(),
            projects,
        };
        let cursor = Cursor {
            order: filter.order,
            key: 1,
            journal: id(1),
        };
        let cursor = some(bits, 10).map(|_| cursor);
        let beginning = some(bits, 8).map(|text| Beginning {
            beyond: format!("{text}z"),
            text,
            few: bits >> 13 & 1 == 1,
        });
        for viewer in [
            Viewer::System,
            person(Scope::All),
            person(Scope::Only([id(1)].into())),
        ] {
            let query = Query::of(&filter, &viewer, beginning.as_ref());
            conn.prepare(&query.text(Part::Count)).unwrap();
            let query = query.page(filter.order, cursor.as_ref(), 10);
            let mut rows = conn.prepare(&query.text(Part::Rows)).unwrap();
            drop(rows.query(&*query.values()).unwrap());
        }
    }
}

#[test]
fn a_directory_serves_one_process() {
    let dir = tempfile::tempdir().unwrap();
    let (store, inner) = open(dir.path());
    let Err(error) = SqliteStore::open(dir.path(), SqliteOptions::default()) else {
        panic!("opened twice");
    };
    assert_eq!(error, StoreError::DataDirInUse(dir.path().to_owned()));
    assert!(error.to_string().contains("in use by another"));
    drop((store, inner));
    open(dir.path());
}

#[test]
fn what_was_written_is_there_after_opening_again() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("new/data");
    let (store, inner) = open(&data);
    store
        .write_inline(|tx| begin(tx, 1).and_then(|()| add(tx, 1, 10)))
        .unwrap();
    drop((store, inner));
    let (store, _inner) = open(&data);
    assert_eq!(store.read_inline(|view| view.head(id(1))).unwrap().seq, 1);
    for entry in std::fs::read_dir(&data).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.file_name());
    }
    assert_eq!(data.metadata().unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn journals_entries_and_bases_cannot_be_changed_by_anyone() {
    let dir = tempfile::tempdir().unwrap();
    let (store, inner) = open(dir.path());
    store
        .write_inline(|tx| {
            begin(tx, 1)?;
            add(tx, 1, 10)?;
            tx.put_basis(&crate::store::BasisRow {
                hash: [2; 32],
                bytes: b"b".to_vec(),
            })
        })
        .unwrap();
    let writer = inner.0.core.writer.lock().unwrap();
    for sql in [
        "UPDATE entry SET bytes = x'00'",
        "UPDATE entry SET seq = 2",
        "DELETE FROM entry",
        "REPLACE INTO entry SELECT * FROM entry",
        "UPDATE OR REPLACE journal SET created_at = 1",
        "DELETE FROM journal",
        "UPDATE basis SET bytes = x'00'",
        "DELETE FROM basis",
        "REPLACE INTO basis VALUES (zeroblob(32), x'')",
    ] {
        let touched = writer.session.conn.execute(sql, []);
        if sql.contains("zeroblob") {
            touched.unwrap();
            let sql = "REPLACE INTO basis VALUES (zeroblob(32), x'01')";
            assert!(writer.session.conn.execute(sql, []).is_err(), "{sql}");
        } else {
            let error = touched.unwrap_err().to_string();
            assert!(error.contains("never"), "{sql}: {error}");
        }
    }
}

#[test]
fn a_full_disk_is_said_and_survived() {
    let dir = tempfile::tempdir().unwrap();
    let (store, inner) = open(dir.path());
    store
        .write_inline(|tx| begin(tx, 1).and_then(|()| add(tx, 1, 10)))
        .unwrap();
    let limit = |pages: i64| {
        let writer = inner.0.core.writer.lock().unwrap();
        let used: i64 = writer
            .session
            .conn
            .pragma_query_value(None, "page_count", |row| row.get(0))
            .unwrap();
        writer
            .session
            .conn
            .pragma_update_and_check(None, "max_page_count", used + pages, |_| Ok(()))
            .unwrap();
    };
    limit(4);
    let big = store.write_inline(|tx| add(tx, 1, 1 << 20));
    assert_eq!(big, Err(StoreError::Full));
    let ignored = store.write_inline(|tx| {
        assert!(add(tx, 1, 1 << 20).is_err());
        Ok::<(), StoreError>(())
    });
    assert_eq!(ignored, Err(StoreError::Full), "a job cannot overlook it");
    assert_eq!(store.read_inline(|view| view.head(id(1))).unwrap().seq, 1);
    limit(10_000);
    assert_eq!(store.write_inline(|tx| add(tx, 1, 1 << 20)), Ok(2));
}

#[test]
fn a_job_that_overlooks_damage_is_undone_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (store, inner) = open(dir.path());
    let writer = inner.0.core.writer.lock().unwrap();
    let sql = "INSERT INTO journal VALUES (zeroblob(16), 'case', NULL, 9223372036854775807)";
    writer.session.conn.execute(sql, []).unwrap();
    drop(writer);
    let overlooked = store.write_inline(|tx| {
        assert!(tx.journal(id(0)).is_err());
        begin(tx, 1)
    });
    assert!(
        matches!(overlooked, Err(StoreError::Corrupt(_))),
        "{overlooked:?}"
    );
    assert!(
        store
            .read_inline(|view| view.journal(id(1)))
            .unwrap()
            .is_none()
    );
    store.write_inline(|tx| begin(tx, 1)).unwrap();
}

#[test]
fn letters_fold_as_in_the_search_of_sqlite() {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(
        "CREATE VIRTUAL TABLE t USING fts5 (x, tokenize = 'unicode61 remove_diacritics 2');
         CREATE VIRTUAL TABLE terms USING fts5vocab (t, 'row');",
    )
    .unwrap();
    let ranges = [
        '!'..='\u{24f}',
        '\u{1e00}'..='\u{1eff}',
        'α'..='ω',
        'а'..='я',
        '०'..='९',
    ];
    let mut differing = Vec::new();
    for letter in ranges.into_iter().flatten() {
        conn.execute("DELETE FROM t", []).unwrap();
        conn.execute("INSERT INTO t VALUES (?1)", [letter.to_string()])
            .unwrap();
        let mut terms = conn.prepare_cached("SELECT term FROM terms").unwrap();
        let theirs: Vec<String> = terms
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let ours = words(&letter.to_string());
        if ours != theirs {
            differing.push(format!(
                "{letter} {:04x}: {ours:?} {theirs:?}",
                u32::from(letter)
            ));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}
