//! Reading a whole store as a stream of rows, in one order on every backend.

use std::collections::BTreeMap;

use super::error::{BackupError, Result};
use super::row::{Row, Take};
use crate::store::{
    Attempt, BasisRow, JournalId, JournalKind, JournalRow, NoticeId, Record, StoreError, View,
};

/// Settings that speak of one copy of an installation and are never carried to another begin thus.
pub const OF_THIS_COPY: &str = "copy.";

/// Entries are read in portions of so many.
const PORTION: u32 = 500;

/// Hands every row of the store to `take`, one at a time.
///
/// # Errors
/// The store's, or what `take` answers.
pub fn gather(view: &dyn View, take: &mut Take<'_>) -> Result<()> {
    for hash in view.bases()? {
        let gone = || StoreError::Corrupt("a basis is listed and not there".to_owned());
        let bytes = view.basis(hash)?.ok_or_else(gone)?;
        take(Row::Basis(BasisRow { hash, bytes }))?;
    }
    for kind in [
        JournalKind::Installation,
        JournalKind::Project,
        JournalKind::Case,
    ] {
        for row in view.journals(kind)? {
            journal(view, row, take)?;
        }
    }
    for (name, value) in view.counters()? {
        take(Row::Counter { name, value })?;
    }
    access(view, take)
}

fn journal(view: &dyn View, row: JournalRow, take: &mut Take<'_>) -> Result<()> {
    let id = row.id;
    take(Row::Journal(row))?;
    if let Some(wrapped) = view.journal_key(id)? {
        take(Row::Key {
            journal: id,
            wrapped,
        })?;
    }
    entries(view, id, take)?;
    view.case(id)?.map_or(Ok(()), |row| take(Row::Case(row)))?;
    let project = view.project(id)?;
    project.map_or(Ok(()), |row| take(Row::Project(row)))?;
    let people = view.members(id)?;
    if !people.is_empty() {
        take(Row::Members {
            journal: id,
            people,
        })?;
    }
    for text in view.search_documents(id)? {
        take(Row::Text(text))?;
    }
    for exhibit in view.exhibits(id)? {
        take(Row::Exhibit(exhibit))?;
    }
    for alert in view.alerts_of(id)? {
        take(Row::Alert(alert))?;
    }
    let mut tried: BTreeMap<NoticeId, Vec<Attempt>> = BTreeMap::new();
    for attempt in view.attempts_of(id)? {
        tried.entry(attempt.notice).or_default().push(attempt);
    }
    for row in view.deliveries_of(id)? {
        let attempts = tried.remove(&row.notice).unwrap_or_default();
        take(Row::Delivery { row, attempts })?;
    }
    Ok(())
}

/// The entries of a journal with what lies sealed beside them.
fn entries(view: &dyn View, id: JournalId, take: &mut Take<'_>) -> Result<()> {
    let mut after = 0;
    loop {
        let rows = view.entries(id, after, PORTION)?;
        let Some(last) = rows.last().map(|row| row.seq) else {
            break;
        };
        let whole = rows.len() < PORTION as usize;
        let mut sealed = view.sealed_between(id, after, last)?.into_iter().peekable();
        for row in rows {
            let mut own = Vec::new();
            while let Some(value) = sealed.next_if(|value| value.seq <= row.seq) {
                if value.seq != row.seq {
                    return Err(stray(id, value.seq));
                }
                own.push((value.commitment, value.cipher));
            }
            take(Row::Entry(Record {
                journal: id,
                seq: row.seq,
                recorded_at: row.recorded_at,
                kind: row.kind,
                hash: row.hash,
                bytes: row.bytes,
                sealed: own,
            }))?;
        }
        after = last;
        if whole {
            break;
        }
    }
    let beyond = view.sealed_between(id, after, i64::MAX.unsigned_abs())?;
    beyond
        .first()
        .map_or(Ok(()), |value| Err(stray(id, value.seq)))
}

fn stray(id: JournalId, seq: u64) -> BackupError {
    BackupError::Damaged(format!(
        "journal {id}: a sealed text belongs to entry {seq}, which is not there"
    ))
}

fn access(view: &dyn View, take: &mut Take<'_>) -> Result<()> {
    for account in view.accounts()? {
        take(Row::Account(account))?;
    }
    for token in view.tokens()? {
        take(Row::Token(token))?;
    }
    for session in view.sessions()? {
        take(Row::Session(session))?;
    }
    for passkey in view.passkeys()? {
        take(Row::Passkey(passkey))?;
    }
    for answer in view.answers()? {
        take(Row::Answer(answer))?;
    }
    for (name, value) in view.settings()? {
        if !name.starts_with(OF_THIS_COPY) {
            take(Row::Setting { name, value })?;
        }
    }
    Ok(())
}
