//! Bringing a database to this program's schema, or refusing it with a clear sentence.
//!
//! Steps are numbered files that never change once released; each is kept with its hash. They only add
//! what the program before does without (expand), and take away what two programs before needed
//! (contract): so a program works on a schema that is one step ahead of it, and nodes of two neighbouring
//! versions serve together. A print of the schema is kept too, so that a trigger dropped by hand is seen at
//! the next start.

use sha2::{Digest, Sha256};
use tokio_postgres::Row;

use super::line::Line;
use super::statements;
use super::values::{bound, values};
use crate::store::error::{Result, StoreError};
use crate::store::model::Hash;

/// The steps, in order; step n stands at n - 1.
pub(in crate::store) const STEPS: &[&str] = &[
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_news.sql"),
    include_str!("migrations/0003_sign_in.sql"),
    include_str!("migrations/0004_passkeys.sql"),
    include_str!("migrations/0005_figures.sql"),
    include_str!("migrations/0006_alerts.sql"),
];

/// The oldest PostgreSQL that is tried by the tests.
const OLDEST: i32 = 150_000;

const FOUNDATION: &str = "
    CREATE TABLE schema_step (n bigint PRIMARY KEY, sha256 bytea NOT NULL);
    CREATE TABLE schema_print (one boolean PRIMARY KEY CHECK (one), sha256 bytea NOT NULL);
";
const BEGIN: &str =
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL statement_timeout = 0";
const COMMIT: &str = "COMMIT";

statements! {
    SERVER = "SELECT current_setting('server_version_num')::int4, current_setting('server_encoding'),
        current_schema()::text, current_setting('fsync')";
    // The writers' lock: nobody writes while the tables change.
    LOCK = "SELECT pg_advisory_xact_lock(1212501576, hashtext(current_schema()))";
    TABLES = "SELECT c.relname::text FROM pg_class c
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')";
    DONE = "SELECT n, sha256 FROM schema_step ORDER BY n";
    NOTE_STEP = "INSERT INTO schema_step (n, sha256) VALUES ($1, $2)";
    KEPT_PRINT = "SELECT sha256 FROM schema_print";
    KEEP_PRINT = "INSERT INTO schema_print (one, sha256) VALUES (true, $1)
        ON CONFLICT (one) DO UPDATE SET sha256 = excluded.sha256";
    // Names and kinds, which no version of PostgreSQL words in another way.
    SCHEMA = "SELECT what FROM (
        SELECT concat_ws(' ', 'column', c.relname, a.attname, a.atttypid::regtype, a.attnotnull) AS what
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
                AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL SELECT concat_ws(' ', 'index', c.relname, i.indisunique, i.indisvalid)
            FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid
            WHERE c.relnamespace = current_schema()::regnamespace
        UNION ALL SELECT concat_ws(' ', 'constraint', c.relname, o.conname, o.contype)
            FROM pg_class c JOIN pg_constraint o ON o.conrelid = c.oid
            WHERE c.relnamespace = current_schema()::regnamespace AND o.contype <> 'n'
        UNION ALL SELECT concat_ws(' ', 'trigger', c.relname, t.tgname, t.tgtype, t.tgenabled, p.proname)
            FROM pg_class c JOIN pg_trigger t ON t.tgrelid = c.oid JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal
        UNION ALL SELECT concat_ws(' ', 'function', p.proname, p.prosrc) FROM pg_proc p
            WHERE p.pronamespace = current_schema()::regnamespace AND p.proname = 'never_changes'
        ) everything ORDER BY what COLLATE \"C\"";
}

#[cfg(test)]
pub(super) fn steps() -> &'static [&'static str] {
    STEPS
}

/// Applies the steps that are missing. Nothing is changed if the database is refused.
///
/// # Errors
/// `Away` if nobody answers, `Schema` with what to do about it.
pub(super) fn migrate(line: &mut Line) -> Result<()> {
    migrate_with(line, STEPS)
}

/// Makes sure that somebody has put an installation there. Nothing is changed.
///
/// # Errors
/// `Away` if nobody answers, `Schema` with what to do about it.
pub(super) fn must_be_there(line: &mut Line) -> Result<()> {
    line.connect()?;
    must_be_a_server_for_us(line)?;
    match holds(line)? {
        Held::Ours => Ok(()),
        Held::Nothing => Err(StoreError::Schema(
            "this database is empty, and this node has served an installation that was not: is it the right one?"
                .to_owned(),
        )),
        Held::Others => Err(of_others()),
    }
}

/// Whose tables a schema holds.
enum Held {
    Nothing,
    Ours,
    Others,
}

fn holds(line: &mut Line) -> Result<Held> {
    let tables = line.ask(TABLES, values![])?;
    let tables: Vec<String> = tables
        .iter()
        .map(|row| column(row, 0))
        .collect::<Result<_>>()?;
    Ok(if tables.is_empty() {
        Held::Nothing
    } else if tables.iter().any(|table| table == "schema_step") {
        Held::Ours
    } else {
        Held::Others
    })
}

fn of_others() -> StoreError {
    StoreError::Schema(
        "this database holds tables that are not Henhouse's; give Henhouse a database, or a schema, \
         of its own"
            .to_owned(),
    )
}

pub(super) fn migrate_with(line: &mut Line, steps: &[&str]) -> Result<()> {
    line.connect()?;
    must_be_a_server_for_us(line)?;
    line.script(BEGIN)?;
    line.run(LOCK, values![])?;
    match holds(line)? {
        Held::Nothing => line.script(FOUNDATION)?,
        Held::Ours => must_be_unaltered(line)?,
        Held::Others => return Err(of_others()),
    }
    let done = applied(line)?;
    must_be_known(&done, steps)?;
    for (n, step) in steps.iter().enumerate().skip(done.len()) {
        line.script(step)?;
        line.run(NOTE_STEP, values![bound(n as u64 + 1), hash(step)])?;
    }
    if done.len() < steps.len() {
        let print = print(line)?;
        line.run(KEEP_PRINT, values![print])?;
    }
    line.script(COMMIT)
}

fn must_be_a_server_for_us(line: &mut Line) -> Result<()> {
    let rows = line.ask(SERVER, values![])?;
    let row = rows.first().ok_or_else(|| unreadable("its settings"))?;
    let (version, encoding): (i32, String) = (column(row, 0)?, column(row, 1)?);
    let (schema, fsync): (Option<String>, String) = (column(row, 2)?, column(row, 3)?);
    if version < OLDEST {
        return Err(StoreError::Schema(format!(
            "this is PostgreSQL {}; Henhouse needs 15 or newer",
            version / 10_000
        )));
    }
    if encoding != "UTF8" {
        return Err(StoreError::Schema(format!(
            "this database keeps its texts as {encoding}; make one with ENCODING 'UTF8'"
        )));
    }
    if schema.is_none() {
        return Err(StoreError::Schema(
            "the schema that the database's address names is not there; make it first".to_owned(),
        ));
    }
    if fsync == "off" {
        tracing::warn!("the database runs with fsync off: a power cut loses what was acknowledged");
    }
    Ok(())
}

fn must_be_unaltered(line: &mut Line) -> Result<()> {
    let kept = line.ask(KEPT_PRINT, values![])?;
    let kept: Option<Vec<u8>> = kept.first().map(|row| column(row, 0)).transpose()?;
    if kept.as_deref() == Some(print(line)?.as_slice()) {
        return Ok(());
    }
    Err(StoreError::Schema(
        "the tables of this database were altered by something else than Henhouse; restore a backup, or \
         verify the journals with a copy of it before you go on"
            .to_owned(),
    ))
}

/// One step more than we know is the next version's, which has begun to replace us.
fn must_be_known(done: &[Vec<u8>], steps: &[&str]) -> Result<()> {
    if done.len() > steps.len() + 1 {
        return Err(StoreError::Schema(format!(
            "this database was written by a newer Henhouse (its schema has {} steps, this program works \
             with up to {}); start the newer program",
            done.len(),
            steps.len() + 1
        )));
    }
    let other = |(done, step): (&Vec<u8>, &&str)| *done != hash(step);
    match done.iter().zip(steps).position(other) {
        None => Ok(()),
        Some(n) => Err(StoreError::Schema(format!(
            "step {} of this database's schema is not the one this program has; start the program that \
             wrote it",
            n + 1
        ))),
    }
}

fn applied(line: &mut Line) -> Result<Vec<Vec<u8>>> {
    let rows = line.ask(DONE, values![])?;
    rows.iter().map(|row| column(row, 1)).collect()
}

fn print(line: &mut Line) -> Result<Hash> {
    let mut print = Sha256::new();
    for row in line.ask(SCHEMA, values![])? {
        print.update(column::<String>(&row, 0)?);
        print.update([0]);
    }
    Ok(print.finalize().into())
}

fn column<'a, T: tokio_postgres::types::FromSql<'a>>(row: &'a Row, n: usize) -> Result<T> {
    row.try_get(n)
        .map_err(|error| unreadable(&error.to_string()))
}

fn unreadable(what: &str) -> StoreError {
    StoreError::Corrupt(format!("the database's schema cannot be read: {what}"))
}

fn hash(step: &str) -> Hash {
    Sha256::digest(step).into()
}
