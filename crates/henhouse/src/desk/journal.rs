//! Writing and reading journals of every kind: envelope, chain and sealed texts in one place.
//! What an entry means is not known here.

use std::collections::BTreeMap;

use casefile::chain::{Chain, Stored};
use casefile::{Commitment, Envelope, Hash, Head, Opened, sealed};
use jiff::Timestamp;
use serde_json::Value;

use super::error::{DeskError, Result};
use crate::ids::Ids;
use crate::store::{self, EntryRow, JournalId, Record, Tx, View};
use crate::vault::{JournalKey, RootKey};

/// Entries are read in portions of so many.
const PORTION: u32 = 1_000;

/// What one entry says before it is written.
pub(crate) struct Saying {
    /// Who, and how we know: an object.
    pub actor: Value,
    /// When it happened, if claimed.
    pub happened_at: Value,
    /// Its kind.
    pub kind: String,
    /// What it says, texts still readable.
    pub body: Value,
}

/// An entry as it was just written.
pub(crate) struct Written {
    /// Its place.
    pub seq: u64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// Loads the key of a journal.
pub(crate) fn key(view: &dyn View, root: &RootKey, journal: JournalId) -> Result<JournalKey> {
    let wrapped = view.journal_key(journal)?;
    let wrapped =
        wrapped.ok_or_else(|| DeskError::Damaged(format!("journal {journal} has no key")))?;
    JournalKey::unwrap(root, journal.0, &wrapped).map_err(|e| DeskError::Damaged(e.to_string()))
}

/// Appends one entry: seals its texts, chains it, hands it to the store.
pub(crate) fn append(
    tx: &mut dyn Tx,
    key: &JournalKey,
    ids: &Ids,
    chain: &mut Chain,
    now: Timestamp,
    saying: Saying,
) -> Result<Written> {
    let Saying {
        actor,
        happened_at,
        kind,
        mut body,
    } = saying;
    let opened = sealed::seal_value(&mut body, &mut || ids.salt());
    let head = chain.head();
    let recorded_at = chain.recorded_at().map_or(now, |last| now.max(last));
    let envelope = Envelope {
        journal: key.journal(),
        seq: head.seq + 1,
        recorded_at: store::whole_micros(recorded_at),
        happened_at,
        actor,
        kind: kind.clone(),
        body,
        prev: head.hash,
    };
    let chained = envelope.build().map_err(DeskError::bug)?;
    let cipher = |opened: &Opened| (*opened.commitment.as_bytes(), key.encrypt(opened, ids));
    tx.append(&Record {
        journal: JournalId(key.journal()),
        seq: envelope.seq,
        recorded_at: envelope.recorded_at,
        kind,
        hash: *chained.hash.as_bytes(),
        bytes: chained.bytes,
        sealed: opened.iter().map(cipher).collect(),
    })?;
    let head = Head {
        seq: envelope.seq,
        hash: chained.hash,
    };
    *chain = Chain::resume(key.journal(), head, envelope.recorded_at);
    Ok(Written {
        seq: envelope.seq,
        recorded_at: envelope.recorded_at,
    })
}

/// Reads on from where `chain` stands, checks every entry, opens its texts, and hands each to `take`.
pub(crate) fn read(
    view: &dyn View,
    key: &JournalKey,
    chain: &mut Chain,
    mut take: impl FnMut(Envelope) -> Result<()>,
) -> Result<()> {
    let journal = JournalId(key.journal());
    loop {
        let rows = view.entries(journal, chain.head().seq, PORTION)?;
        let texts = open_texts(view, key, &rows)?;
        let last = rows.len() < PORTION as usize;
        for row in &rows {
            let mut envelope = check(chain, row)?;
            sealed::open_value(&mut envelope.body, &|commitment| {
                texts.get(commitment).cloned()
            });
            take(envelope)?;
        }
        if last {
            return Ok(());
        }
    }
}

/// A flipped byte anywhere is found here, before anybody is shown or told anything of it.
pub(super) fn check(chain: &mut Chain, row: &EntryRow) -> Result<Envelope> {
    let stored = Stored {
        seq: row.seq,
        hash: Hash::from(row.hash),
        bytes: &row.bytes,
    };
    let envelope = chain
        .push(&stored)
        .map_err(|finding| DeskError::Damaged(finding.to_string()))?;
    if envelope.kind != row.kind || envelope.recorded_at != row.recorded_at {
        let sentence = format!(
            "journal {}, entry {}: its row was changed",
            row.journal, row.seq
        );
        return Err(DeskError::Damaged(sentence));
    }
    Ok(envelope)
}

/// The texts of these entries, which follow one another.
pub(crate) fn open_texts(
    view: &dyn View,
    key: &JournalKey,
    entries: &[EntryRow],
) -> Result<BTreeMap<Commitment, String>> {
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else {
        return Ok(BTreeMap::new());
    };
    let journal = JournalId(key.journal());
    let rows = view.sealed_between(journal, first.seq.saturating_sub(1), last.seq)?;
    let open = |row: &store::SealedRow| {
        let commitment = Commitment::from(row.commitment);
        let opened = key.decrypt(&commitment, &row.cipher);
        opened
            .map(|o| (commitment, o.text))
            .map_err(|e| DeskError::Damaged(e.to_string()))
    };
    rows.iter().map(open).collect()
}
