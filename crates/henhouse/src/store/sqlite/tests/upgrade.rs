//! Upgrades: from every earlier schema to this one, one step beyond it and back to the program before, killed at any
//! moment.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rusqlite::Connection;

use super::super::migrate::{STEPS, migrate, migrate_with};
use super::super::open::connect;
use super::{add, begin, open};
use crate::clock::Clock;
use crate::store::StoreError;

/// Says to this program that it is the one that upgrades, and dies in it.
const CHILD: &str = "HENHOUSE_TEST_UPGRADE";
const ITSELF: &str =
    "store::sqlite::tests::upgrade::an_upgrade_that_is_killed_is_whole_and_comes_to_its_end";
const ENTRIES: u64 = 400;

/// What the next version may add while this one still serves: a column everywhere, a table and an index of its own.
fn expansion(conn: &Connection) -> String {
    let tables = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
        AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'schema\\_%' ESCAPE '\\'";
    let mut statement = conn.prepare(tables).unwrap();
    let names = statement.query_map([], |row| row.get::<_, String>(0));
    let columns = names.unwrap().map(|name| {
        let name = name.unwrap();
        format!("ALTER TABLE {name} ADD COLUMN of_the_next_version TEXT;\n")
    });
    let columns: String = columns.collect();
    format!(
        "{columns} CREATE TABLE perch (journal BLOB, seq INTEGER, bytes BLOB) STRICT;
        INSERT INTO perch SELECT journal, seq, bytes FROM entry;
        CREATE INDEX perch_by_bytes ON perch (bytes);"
    )
}

/// Keeps the words of the next version's step beside the database: a step's words never change, and whoever dies in
/// it must not die in writing them.
fn word(dir: &Path) {
    let conn = connect(&dir.join("henhouse.db")).unwrap();
    std::fs::write(dir.join("next.sql"), expansion(&conn)).unwrap();
}

fn ahead(dir: &Path) -> Result<(), StoreError> {
    let mut conn = connect(&dir.join("henhouse.db")).unwrap();
    let next = std::fs::read_to_string(dir.join("next.sql")).unwrap();
    migrate_with(&mut conn, &[STEPS, &[&next]].concat())
}

/// A directory whose database is one step ahead of this program.
pub(crate) fn one_step_ahead(dir: &Path) {
    drop(open(dir));
    word(dir);
    ahead(dir).unwrap();
}

fn filled(dir: &Path) {
    let (store, _) = open(dir);
    let fill = store.write_inline(|tx| {
        begin(tx, 1)?;
        for _ in 0..ENTRIES {
            add(tx, 1, 2_000)?;
        }
        Ok::<_, StoreError>(())
    });
    fill.unwrap();
}

/// Whether everything is there and the file is sound.
fn holds_all(conn: &Connection) {
    let count = "SELECT count(*), sum(length(bytes)) FROM entry";
    let there: (i64, i64) = conn
        .query_row(count, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    let all = ENTRIES.cast_signed();
    assert_eq!(there, (all, all * 2_000));
    let sound = conn.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0));
    assert_eq!(sound.unwrap(), "ok");
}

#[test]
fn every_earlier_schema_becomes_this_one_with_what_it_holds() {
    let schema = |conn: &Connection| {
        let mut statement = conn
            .prepare("SELECT type, name FROM sqlite_schema ORDER BY type, name")
            .unwrap();
        let rows = statement.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        });
        rows.unwrap().map(Result::unwrap).collect::<Vec<_>>()
    };
    let mut fresh = Connection::open_in_memory().unwrap();
    migrate(&mut fresh).unwrap();
    for steps in 1..STEPS.len() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate_with(&mut conn, &STEPS[..steps]).unwrap();
        let put = "INSERT INTO setting (name, value) VALUES ('x', x'79')";
        conn.execute(put, []).unwrap();
        migrate(&mut conn).unwrap();
        let kept = "SELECT value FROM setting WHERE name = 'x'";
        let kept: Vec<u8> = conn.query_row(kept, [], |row| row.get(0)).unwrap();
        assert_eq!(kept, b"y", "from step {steps}");
        assert_eq!(schema(&conn), schema(&fresh), "from step {steps}");
    }
}

#[test]
fn an_upgrade_that_is_killed_is_whole_and_comes_to_its_end() {
    if let Some(dir) = std::env::var_os(CHILD) {
        ahead(Path::new(&dir)).unwrap();
        return;
    }
    let clock = Clock::real();
    let times = std::env::var("HENHOUSE_UPGRADES").ok();
    let times: u32 = times.and_then(|times| times.parse().ok()).unwrap_or(20);
    let first = tempfile::tempdir().unwrap();
    filled(first.path());
    word(first.path());
    let child = |dir: &Path| {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", ITSELF])
            .env(CHILD, dir)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap()
    };
    let (mut length, mut died) = (Duration::ZERO, 0);
    for turn in 0..=times {
        let dir = tempfile::tempdir().unwrap();
        for name in ["henhouse.db", "next.sql"] {
            std::fs::copy(first.path().join(name), dir.path().join(name)).unwrap();
        }
        let began = clock.steady();
        let mut process = child(dir.path());
        if turn == 0 {
            assert!(process.wait().unwrap().success());
            length = clock.steady() - began;
        } else {
            // Moments spread over its whole length, which is taken for shorter when one was over before its moment:
            // a first run on a busy machine can last many times as long as the next.
            std::thread::sleep(length * (turn * 37 % 101) / 101);
            if process.try_wait().unwrap().is_none() {
                died += 1;
            } else {
                length = length * 3 / 4;
            }
            let _ = process.kill();
            process.wait().unwrap();
        }
        // The program before it works on what is there, old or new; then the upgrade comes to its end.
        let (store, _) = open(dir.path());
        let head = store.read_inline(|view| view.head(super::id(1)));
        assert_eq!(head.unwrap().seq, ENTRIES);
        drop(store);
        ahead(dir.path()).unwrap();
        let conn = connect(&dir.path().join("henhouse.db")).unwrap();
        holds_all(&conn);
        let copied = conn.query_row("SELECT count(*) FROM perch", [], |row| row.get::<_, i64>(0));
        assert_eq!(copied.unwrap(), ENTRIES.cast_signed());
    }
    assert!(died > 0, "nobody died");
}
