//! Writing a stream of rows into an empty store: all of it in one transaction, or nothing.

use std::sync::mpsc::{Receiver, sync_channel};

use super::error::{BackupError, Result};
use super::gather::gather;
use super::row::{Row, Take};
use super::tally::{Sum, Tally};
use crate::store::{JournalKind, Store, Tx, View};

/// So many rows wait between the one who reads and the one who writes.
const WAITING: usize = 256;

/// Marks a store that was filled and not read again yet: nobody serves it.
pub const UNPROVEN: &str = "copy.unproven";

/// Whether nothing was ever kept in a store, settings of its own aside.
///
/// # Errors
/// The store's.
pub fn is_empty(view: &dyn View) -> Result<bool> {
    let mut empty = view.accounts()?.is_empty() && view.bases()?.is_empty();
    for kind in [
        JournalKind::Installation,
        JournalKind::Project,
        JournalKind::Case,
    ] {
        empty = empty && view.journals(kind)?.is_empty();
    }
    let own = |name: &String| name.starts_with(super::gather::OF_THIS_COPY);
    Ok(empty && view.settings()?.keys().all(own))
}

/// Marks an empty store, so that nobody founds an installation in it or serves it before it was filled and proven.
/// Answers whether it is empty; one that was filled and not proven is not, and may be filled all the same.
///
/// # Errors
/// It holds something else.
pub fn reserve(target: &Store) -> Result<bool> {
    let (empty, unproven) = target.read_inline(|view| {
        let unproven = view.setting(UNPROVEN)?.is_some();
        Ok::<_, BackupError>((is_empty(view)?, unproven))
    })?;
    if !empty && !unproven {
        return Err(BackupError::Refused(
            "the target is not empty: give it an empty database, or an empty data directory"
                .to_owned(),
        ));
    }
    if !unproven {
        target.write_inline(|tx| tx.put_setting(UNPROVEN, b""))?;
    }
    Ok(empty)
}

/// Fills an empty store with what `source` hands over, reads it again, and answers what it holds and
/// which chains do not hold. A store that was filled by an earlier call that died is only read again. It
/// stays marked, and nobody serves it, until it is released.
///
/// # Errors
/// Whatever went wrong on either side: nothing is kept then. Where what is read again is not what was
/// handed over the store stays marked, and nobody serves it.
pub fn fill<S>(target: &Store, source: S) -> Result<(Sum, Vec<String>)>
where
    S: FnOnce(&mut Take<'_>) -> Result<()> + Send,
{
    let empty = reserve(target)?;
    let (sum, findings) = if empty {
        write(target, source).inspect_err(|_| {
            // It is as empty as it was; whoever died instead leaves the mark.
            let _ = release(target);
        })?
    } else {
        let mut tally = Tally::default();
        source(&mut |row| tally.take(&row).map(drop))?;
        tally.finish()
    };
    prove(target, &sum)?;
    Ok((sum, findings))
}

fn write<S>(target: &Store, source: S) -> Result<(Sum, Vec<String>)>
where
    S: FnOnce(&mut Take<'_>) -> Result<()> + Send,
{
    let (send, waiting) = sync_channel::<Result<Option<Row>>>(WAITING);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut hand_over = |row| send.send(Ok(Some(row))).map_err(|_| BackupError::BrokenOff);
            let ended = source(&mut hand_over);
            // Nobody who waits any more has failed by itself.
            let _ = send.send(ended.map(|()| None));
        });
        target.write_inline(move |tx| write_all(tx, &waiting))
    })
}

fn write_all(
    tx: &mut dyn Tx,
    waiting: &Receiver<Result<Option<Row>>>,
) -> Result<(Sum, Vec<String>)> {
    let mut tally = Tally::default();
    for row in waiting {
        let Some(row) = row? else {
            return Ok(tally.finish());
        };
        tally.take(&row)?;
        put(tx, &row)?;
    }
    Err(BackupError::BrokenOff)
}

/// What a store holds: counts, and the hash over all of its rows.
///
/// # Errors
/// The store's.
pub fn sum_of(store: &Store) -> Result<Sum> {
    store.read_inline(|view| {
        let mut tally = Tally::default();
        gather(view, &mut |row| tally.take(&row).map(drop))?;
        Ok(tally.finish().0)
    })
}

/// Reads the store again; only what is the same may be served.
fn prove(target: &Store, sum: &Sum) -> Result<()> {
    let read = sum_of(target)?;
    if read != *sum {
        return Err(BackupError::Damaged(format!(
            "what the target holds is not what was handed over ({} rows of {}): it stays marked and is \
             not served; empty it and begin again",
            read.counts.rows, sum.counts.rows
        )));
    }
    Ok(())
}

/// Lets a store that was filled be served.
///
/// # Errors
/// The store's; it stays marked then, and filling it again ends well.
pub(super) fn release(target: &Store) -> Result<()> {
    target.write_inline(|tx| Ok::<_, BackupError>(tx.forget_setting(UNPROVEN).map(drop)?))
}

/// Writes one row.
fn put(tx: &mut dyn Tx, row: &Row) -> Result<()> {
    match row {
        Row::Basis(basis) => tx.put_basis(basis),
        Row::Journal(journal) => tx.create_journal(journal),
        Row::Key { journal, wrapped } => tx.put_journal_key(*journal, wrapped),
        Row::Entry(record) => tx.append(record),
        Row::Case(case) => tx.put_index(case),
        Row::Project(project) => tx.put_project(project),
        Row::Members { journal, people } => tx.set_members(*journal, people),
        Row::Text(text) => tx.search_index_put(text),
        Row::Exhibit(exhibit) => tx.put_exhibit(exhibit),
        Row::Alert(alert) => tx.put_alert(alert),
        Row::Delivery { row, attempts } => tx.keep_delivery(row, attempts),
        Row::Counter { name, value } => tx.raise_counter(name, *value),
        Row::Account(account) => tx.put_account(account),
        Row::Token(token) => tx.put_token(token),
        Row::Session(session) => tx.put_session(session),
        Row::Passkey(passkey) => tx.put_passkey(passkey),
        Row::Answer(answer) => tx.put_idempotency(answer),
        Row::Setting { name, value } => tx.put_setting(name, value),
    }?;
    Ok(())
}
