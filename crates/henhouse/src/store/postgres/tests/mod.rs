//! What only PostgreSQL has: statements, walls of its own against change, a connection that is lost, and
//! several writers. Each test has a schema of its own in the database that `cargo xtask ci` starts.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod frozen;
mod lost;
mod upgrade;

use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use super::address::Address;
use super::line::Line;
use super::lists::{Part, Query};
use super::migrate;
use super::values::values;
use super::{PostgresOptions, PostgresStore};
use crate::store::{
    CaseFilter, CaseOrder, Cursor, JournalId, JournalKind, JournalRow, Record, Result, Scope,
    Store, StoreError, Tx, Viewer,
};

/// Says where a database for tests is.
const ADDRESS: &str = "HENHOUSE_TEST_POSTGRES";

/// An empty schema, dropped in the end.
pub(crate) struct Scratch {
    schema: String,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        let ids = crate::ids::Ids::system().unwrap();
        let schema = format!("t_{}", ids.uuid_v7(Timestamp::UNIX_EPOCH).simple());
        whole_database(&format!("CREATE SCHEMA {schema}"));
        Self { schema }
    }

    pub(in crate::store) fn options(&self, node: u128) -> PostgresOptions {
        let address = address();
        let mark = if address.contains('?') { '&' } else { '?' };
        PostgresOptions {
            address: format!("{address}{mark}options=-csearch_path%3D{}", self.schema),
            node: Uuid::from_u128(node),
            readers: 0,
            held: None,
        }
    }

    /// A store on the caller's thread.
    pub(crate) fn store(&self, node: u128) -> Store {
        Store::Postgres(PostgresStore::open(&self.options(node)).unwrap())
    }

    /// A connection into the schema, for what no store does.
    fn line(&self) -> Line {
        let address: Address = self.options(0).address.parse().unwrap();
        let mut line = Line::new(&Arc::new(address)).unwrap();
        line.connect().unwrap();
        line
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        whole_database(&format!("DROP SCHEMA {} CASCADE", self.schema));
    }
}

fn address() -> String {
    std::env::var(ADDRESS)
        .expect("`cargo xtask ci` says in HENHOUSE_TEST_POSTGRES where a database is")
}

fn whole_database(sql: &str) {
    let address: Address = address().parse().unwrap();
    let mut line = Line::new(&Arc::new(address)).unwrap();
    line.connect().unwrap();
    line.script(sql).unwrap();
}

fn id(n: u128) -> JournalId {
    JournalId(Uuid::from_u128(n))
}

fn begin(tx: &mut dyn Tx, n: u128) -> Result<()> {
    tx.create_journal(&JournalRow {
        id: id(n),
        kind: JournalKind::Case,
        parent: None,
        created_at: Timestamp::UNIX_EPOCH,
    })
}

fn add(tx: &mut dyn Tx, n: u128) -> Result<u64> {
    let seq = tx.head(id(n))?.seq + 1;
    tx.append(&Record {
        journal: id(n),
        seq,
        recorded_at: Timestamp::UNIX_EPOCH,
        kind: "noted".to_owned(),
        hash: [1; 32],
        bytes: b"an entry".to_vec(),
        sealed: Vec::new(),
    })?;
    Ok(seq)
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn every_statement_can_be_prepared() {
    let scratch = Scratch::new();
    drop(scratch.store(1));
    let mut line = scratch.line();
    let all = [
        super::access::STATEMENTS,
        super::alerts::STATEMENTS,
        super::cases::STATEMENTS,
        super::journal::STATEMENTS,
        super::migrate::STATEMENTS,
        super::news::STATEMENTS,
        super::outbox::STATEMENTS,
        super::search::STATEMENTS,
        super::session::STATEMENTS,
        super::writer::STATEMENTS,
    ];
    for (name, sql) in all.concat() {
        if let Err(error) = line.prepare(sql) {
            panic!("{name}: {error}");
        }
    }
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn every_part_of_a_list_can_be_asked() {
    let scratch = Scratch::new();
    drop(scratch.store(1));
    let mut line = scratch.line();
    let word = || "word".to_owned();
    let whole = CaseFilter {
        status: vec![word(), word()],
        phase: vec![word()],
        severity: vec![word()],
        project: Some(id(1)),
        open: Some(true),
        ic: Some(word()),
        member: Some(word()),
        property: vec![word()],
        client: Some(word()),
        text: Some(word()),
        order: CaseOrder::Updated,
    };
    let closed = CaseFilter {
        open: Some(false),
        order: CaseOrder::Number,
        ..CaseFilter::default()
    };
    let person = |projects| Viewer::Person {
        person: word(),
        projects,
    };
    for filter in [whole, closed, CaseFilter::default()] {
        let cursor = Cursor {
            order: filter.order,
            key: 1,
            journal: id(1),
        };
        for viewer in [
            Viewer::System,
            person(Scope::All),
            person(Scope::Only([id(1)].into())),
        ] {
            let (sql, asked) = Query::of(&Part::Count, &filter, &viewer).done();
            line.ask(&sql, asked).unwrap();
            for cursor in [None, Some(&cursor)] {
                let query = Query::of(&Part::Rows, &filter, &viewer);
                let (sql, asked) = query.page(filter.order, cursor, 10).done();
                line.ask(&sql, asked).unwrap();
            }
        }
    }
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn journals_entries_and_bases_cannot_be_changed_by_anyone() {
    let scratch = Scratch::new();
    let store = scratch.store(1);
    store
        .write_inline(|tx| {
            begin(tx, 1)?;
            add(tx, 1)?;
            tx.put_basis(&crate::store::BasisRow {
                hash: [2; 32],
                bytes: b"b".to_vec(),
            })
        })
        .unwrap();
    let mut line = scratch.line();
    for table in ["journal", "entry", "basis"] {
        let key = match table {
            "journal" => "created_at",
            _ => "bytes",
        };
        for sql in [
            format!("UPDATE {table} SET {key} = {key}"),
            format!("DELETE FROM {table}"),
            format!("TRUNCATE {table} CASCADE"),
        ] {
            let error = line.script(&sql).unwrap_err().to_string();
            assert!(error.contains("never changes"), "{sql}: {error}");
        }
    }
    assert_eq!(store.read_inline(|view| view.head(id(1))).unwrap().seq, 1);
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn steps_are_applied_once_and_a_program_works_one_step_behind() {
    const NEXT: &str = "CREATE TABLE perch (height bigint)";
    const BEYOND: &str = "CREATE TABLE nest (eggs bigint)";
    let scratch = Scratch::new();
    drop(scratch.store(1));
    drop(scratch.store(2));
    let mut line = scratch.line();
    let known = migrate::steps();
    let next: Vec<&str> = known.iter().copied().chain([NEXT]).collect();
    migrate::migrate_with(&mut line, &next).unwrap();
    drop(scratch.store(3));
    let beyond: Vec<&str> = next.iter().copied().chain([BEYOND]).collect();
    migrate::migrate_with(&mut line, &beyond).unwrap();
    let refused = PostgresStore::open(&scratch.options(4)).err().unwrap();
    assert!(refused.to_string().contains("newer Henhouse"), "{refused}");
    migrate::migrate_with(&mut line, &beyond).unwrap();
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn what_was_altered_or_is_somebody_elses_is_refused() {
    let scratch = Scratch::new();
    drop(scratch.store(1));
    let mut line = scratch.line();
    line.script("ALTER TABLE entry DISABLE TRIGGER entry_is_fixed")
        .unwrap();
    let refused = PostgresStore::open(&scratch.options(1)).err().unwrap();
    assert!(refused.to_string().contains("altered"), "{refused}");
    let scratch = Scratch::new();
    scratch
        .line()
        .script("CREATE TABLE eggs (n bigint)")
        .unwrap();
    let refused = PostgresStore::open(&scratch.options(1)).err().unwrap();
    assert!(refused.to_string().contains("not Henhouse's"), "{refused}");
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn what_no_column_takes_is_refused_for_its_own_job_alone() {
    let scratch = Scratch::new();
    let store = scratch.store(1);
    for setting in ["a\0b".to_owned(), "x".repeat(3_000)] {
        let refused = store.write_inline(|tx| {
            begin(tx, 1)?;
            tx.put_setting(&setting, b"v")
        });
        assert!(
            matches!(refused, Err(StoreError::Invalid(_))),
            "{refused:?}"
        );
    }
    let kept = store.read_inline(|view| view.journal(id(1))).unwrap();
    assert!(kept.is_none(), "nothing of it was kept");
    store.write_inline(|tx| begin(tx, 1)).unwrap();
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn an_error_of_the_database_undoes_its_job_and_not_the_neighbours() {
    let scratch = Scratch::new();
    let store = scratch.store(1);
    let full_disk = "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION SQLSTATE '53100'; END $$;
        CREATE TRIGGER no_room BEFORE UPDATE ON outbox
            FOR EACH STATEMENT EXECUTE FUNCTION no_room()";
    scratch.line().script(full_disk).unwrap();
    let overlooked = store.write_inline(|tx| {
        begin(tx, 1)?;
        assert_eq!(
            tx.withdraw(crate::store::NoticeId(Uuid::nil())),
            Err(StoreError::Full)
        );
        begin(tx, 2)
    });
    assert_eq!(
        overlooked,
        Err(StoreError::Full),
        "a job cannot overlook it"
    );
    store.write_inline(|tx| begin(tx, 1)).unwrap();
    assert!(
        store
            .read_inline(|view| view.journal(id(2)))
            .unwrap()
            .is_none()
    );
}

/// Ends every connection into the database but the caller's own that was idle or in a transaction here.
fn cut(line: &mut Line, schema: &str) {
    let sql = "SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a
        WHERE a.pid <> pg_backend_pid() AND a.application_name = $1";
    line.ask(sql, values![schema]).unwrap();
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn a_lost_connection_is_made_anew_and_loses_no_acknowledged_write() {
    let scratch = Scratch::new();
    let name = scratch.schema.clone();
    let mut options = scratch.options(1);
    options
        .address
        .push_str(&format!("&application_name={name}"));
    let store = Store::Postgres(PostgresStore::open(&options).unwrap());
    let mut line = scratch.line();
    store.write_inline(|tx| begin(tx, 1)).unwrap();
    assert_eq!(store.read_inline(|view| view.head(id(1))).unwrap().seq, 0);
    cut(&mut line, &name);
    assert_eq!(
        store.write_inline(|tx| add(tx, 1)),
        Ok(1),
        "nothing was open"
    );
    assert_eq!(store.read_inline(|view| view.head(id(1))).unwrap().seq, 1);
    // In the middle of a job the write is lost, and said to be.
    let mid = store.write_inline(|tx| {
        add(tx, 1)?;
        cut(&mut line, &name);
        tx.setting("x").map(drop)
    });
    assert!(matches!(mid, Err(StoreError::Away(_))), "{mid:?}");
    assert_eq!(store.read_inline(|view| view.head(id(1))).unwrap().seq, 1);
    assert_eq!(store.write_inline(|tx| add(tx, 1)), Ok(2));
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn two_nodes_take_turns_and_none_believes_what_it_remembers() {
    let scratch = Scratch::new();
    let nodes = [scratch.store(1), scratch.store(2)];
    nodes[0].write_inline(|tx| begin(tx, 1)).unwrap();
    for turn in 0..20 {
        let seq = nodes[turn % 3 % 2].write_inline(|tx| add(tx, 1)).unwrap();
        assert_eq!(seq, turn as u64 + 1);
    }
    let threads = nodes.map(|node| {
        std::thread::spawn(move || {
            for _ in 0..50 {
                node.write_inline(|tx| {
                    add(tx, 1)?;
                    tx.next_number("HH")
                })
                .unwrap();
            }
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
    let view = scratch.store(3);
    assert_eq!(view.read_inline(|view| view.head(id(1))).unwrap().seq, 120);
    assert_eq!(view.read_inline(|view| view.counters()).unwrap()["HH"], 100);
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn a_node_hears_what_others_wrote_and_not_what_it_wrote_itself() {
    let scratch = Scratch::new();
    let name = scratch.schema.clone();
    let mut options = scratch.options(2);
    options
        .address
        .push_str(&format!("&application_name={name}"));
    let hearing = Store::Postgres(PostgresStore::open(&options).unwrap());
    let (send, heard) = std::sync::mpsc::channel();
    let other = scratch.store(1);
    other.write_inline(|tx| begin(tx, 1)).unwrap();
    hearing
        .follow(move |news| send.send(news).unwrap())
        .unwrap();
    let next = || {
        heard
            .recv_timeout(std::time::Duration::from_secs(20))
            .unwrap()
    };
    // Until the first look nothing is news.
    while heard.try_recv().is_err() {
        other.write_inline(|tx| add(tx, 1)).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let last = other.write_inline(|tx| add(tx, 1)).unwrap();
    while next() != Some((id(1), last)) {}
    hearing.write_inline(|tx| add(tx, 1)).unwrap();
    // A lost connection loses no news.
    cut(&mut scratch.line(), &name);
    let last = other.write_inline(|tx| add(tx, 1)).unwrap();
    assert_eq!(next(), Some((id(1), last)), "its own write is no news");
    drop(hearing);
    assert!(heard.recv().is_err(), "nobody follows a closed store");
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn a_database_that_is_not_there_says_so() {
    let options = PostgresOptions {
        address: "postgres://nobody@127.0.0.1:1/none?connect_timeout=2".to_owned(),
        node: Uuid::nil(),
        readers: 0,
        held: None,
    };
    let away = PostgresStore::open(&options).err().unwrap();
    assert!(matches!(away, StoreError::Away(_)), "{away:?}");
}
