//! Bringing a database to this program's schema, or refusing it with a clear sentence.
//!
//! Steps are numbered files that never change once released; each is kept with its hash. They only add what
//! the program before does without, so that it works on a schema one step ahead of it. A print of the whole schema is kept too, so that a trigger dropped by hand is seen at the next start.

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};
use sha2::{Digest, Sha256};

use super::errors::meaning;
use super::statements;
use super::values::bound;
use crate::store::error::{Result, StoreError};
use crate::store::model::Hash;

/// The steps, in order; step n stands at n - 1.
pub(in crate::store) const STEPS: &[&str] = &[
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_bursts.sql"),
    include_str!("migrations/0003_tags.sql"),
    include_str!("migrations/0004_few.sql"),
    include_str!("migrations/0005_rare.sql"),
    include_str!("migrations/0006_sign_in.sql"),
    include_str!("migrations/0007_lists.sql"),
    include_str!("migrations/0008_passkeys.sql"),
    include_str!("migrations/0009_figures.sql"),
    include_str!("migrations/0010_alerts.sql"),
];

/// "HENH": says whose file this is.
const APPLICATION_ID: i32 = 0x4845_4E48;

const FOUNDATION: &str = "
    CREATE TABLE schema_step (n INTEGER PRIMARY KEY, sha256 BLOB NOT NULL) STRICT;
    CREATE TABLE schema_print (one INTEGER PRIMARY KEY CHECK (one = 1), sha256 BLOB NOT NULL) STRICT;
";

statements! {
    IS_EMPTY = "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)";
    DONE = "SELECT n, sha256 FROM schema_step ORDER BY n";
    NOTE_STEP = "INSERT INTO schema_step (n, sha256) VALUES (?1, ?2)";
    KEPT_PRINT = "SELECT sha256 FROM schema_print";
    KEEP_PRINT = "INSERT INTO schema_print (one, sha256) VALUES (1, ?1)
        ON CONFLICT (one) DO UPDATE SET sha256 = excluded.sha256";
    SCHEMA = "SELECT type, name, coalesce(sql, '') FROM sqlite_schema
        WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name";
}

/// Applies the steps that are missing. Nothing is changed if the database is refused.
pub(super) fn migrate(conn: &mut Connection) -> Result<()> {
    migrate_with(conn, STEPS)
}

pub(super) fn migrate_with(conn: &mut Connection, steps: &[&str]) -> Result<()> {
    let begun = conn.transaction_with_behavior(TransactionBehavior::Exclusive);
    let tx = begun.map_err(meaning)?;
    if tx
        .query_row(IS_EMPTY, [], |row| row.get(0))
        .map_err(meaning)?
    {
        tx.pragma_update(None, "application_id", APPLICATION_ID)
            .map_err(meaning)?;
        tx.execute_batch(FOUNDATION).map_err(meaning)?;
    } else {
        must_be_ours(&tx)?;
        must_be_unaltered(&tx)?;
    }
    let done = applied(&tx)?;
    must_be_known(&done, steps)?;
    for (n, step) in steps.iter().enumerate().skip(done.len()) {
        tx.execute_batch(step).map_err(meaning)?;
        tx.execute(NOTE_STEP, (bound(n as u64 + 1), hash(step)))
            .map_err(meaning)?;
    }
    if done.len() < steps.len() {
        let print = print(&tx)?;
        tx.execute(KEEP_PRINT, [print]).map_err(meaning)?;
    }
    tx.commit().map_err(meaning)
}

fn must_be_ours(tx: &Transaction<'_>) -> Result<()> {
    let id: i32 = tx
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .map_err(meaning)?;
    if id == APPLICATION_ID {
        return Ok(());
    }
    Err(StoreError::Schema(
        "this file is not a Henhouse database; choose another data directory".to_owned(),
    ))
}

fn must_be_unaltered(tx: &Transaction<'_>) -> Result<()> {
    let kept: Option<Hash> = tx
        .query_row(KEPT_PRINT, [], |row| row.get(0))
        .optional()
        .map_err(meaning)?;
    if kept == Some(print(tx)?) {
        return Ok(());
    }
    Err(StoreError::Schema(
        "the tables of this database were altered by something else than Henhouse; restore a backup, \
         or verify the journals with a copy of it before you go on"
            .to_owned(),
    ))
}

/// One step more than we know is the next version's, which was here before it was taken back.
fn must_be_known(done: &[Hash], steps: &[&str]) -> Result<()> {
    if done.len() > steps.len() + 1 {
        return Err(StoreError::Schema(format!(
            "this database was written by a newer Henhouse (its schema has {} steps, this program \
             works with up to {}); start the newer program",
            done.len(),
            steps.len() + 1
        )));
    }
    match done
        .iter()
        .zip(steps)
        .position(|(done, step)| *done != hash(step))
    {
        None => Ok(()),
        Some(n) => Err(StoreError::Schema(format!(
            "step {} of this database's schema is not the one this program has; start the program \
             that wrote it",
            n + 1
        ))),
    }
}

fn applied(tx: &Transaction<'_>) -> Result<Vec<Hash>> {
    let mut statement = tx.prepare(DONE).map_err(meaning)?;
    let rows = statement.query_map([], |row| row.get(1)).map_err(meaning)?;
    rows.collect::<rusqlite::Result<_>>().map_err(meaning)
}

fn print(tx: &Transaction<'_>) -> Result<Hash> {
    let mut statement = tx.prepare(SCHEMA).map_err(meaning)?;
    let mut rows = statement.query([]).map_err(meaning)?;
    let mut print = Sha256::new();
    while let Some(row) = rows.next().map_err(meaning)? {
        for column in 0..3 {
            print.update(row.get::<_, String>(column).map_err(meaning)?);
            print.update([0]);
        }
    }
    Ok(print.finalize().into())
}

fn hash(step: &str) -> Hash {
    Sha256::digest(step).into()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

    use rusqlite::Connection;

    use super::{STEPS, migrate, migrate_with};
    use crate::store::error::StoreError;

    const NEXT: &str = "CREATE TABLE perch (height INTEGER) STRICT;";

    fn refusal(conn: &mut Connection, steps: &[&str]) -> String {
        match migrate_with(conn, steps) {
            Err(StoreError::Schema(sentence)) => sentence,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn steps_are_applied_once_and_one_after_another() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn).unwrap();
        migrate(&mut conn).unwrap();
        let more: Vec<&str> = STEPS.iter().copied().chain([NEXT]).collect();
        migrate_with(&mut conn, &more).unwrap();
        conn.execute("INSERT INTO perch VALUES (2)", []).unwrap();
        migrate_with(&mut conn, &more).unwrap();
    }

    #[test]
    fn a_database_two_steps_ahead_is_refused_untouched_and_one_step_ahead_is_taken() {
        const BEYOND: &str = "CREATE TABLE nest (eggs INTEGER) STRICT;";
        let mut conn = Connection::open_in_memory().unwrap();
        let more: Vec<&str> = STEPS.iter().copied().chain([NEXT]).collect();
        migrate_with(&mut conn, &more).unwrap();
        migrate(&mut conn).unwrap();
        let more: Vec<&str> = more.iter().copied().chain([BEYOND]).collect();
        migrate_with(&mut conn, &more).unwrap();
        assert!(refusal(&mut conn, STEPS).contains("newer Henhouse"));
        migrate_with(&mut conn, &more).unwrap();
    }

    #[test]
    fn a_dropped_trigger_is_seen() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn).unwrap();
        conn.execute("DROP TRIGGER entry_is_fixed", []).unwrap();
        assert!(refusal(&mut conn, STEPS).contains("altered"));
    }

    #[test]
    fn a_changed_step_is_refused() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate_with(&mut conn, &[NEXT]).unwrap();
        assert!(refusal(&mut conn, STEPS).contains("step 1"));
    }

    #[test]
    fn somebody_elses_file_is_refused() {
        let mut conn = Connection::open_in_memory().unwrap();
        conn.execute(NEXT, []).unwrap();
        assert!(refusal(&mut conn, STEPS).contains("not a Henhouse database"));
    }

    #[test]
    fn a_step_that_fails_leaves_nothing() {
        let mut conn = Connection::open_in_memory().unwrap();
        assert!(migrate_with(&mut conn, &[NEXT, "CREATE nonsense"]).is_err());
        migrate(&mut conn).unwrap();
    }
}
