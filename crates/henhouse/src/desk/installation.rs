//! The installation's own journal: accounts, tokens and whatever else belongs to no case
//! and no project. An entry is written in the transaction of what it tells of.

use casefile::chain::Chain;
use casefile::{Hash, Head};
use procedure::Actor;
use serde_json::Value;

use super::Inner;
use super::error::{DeskError, Result};
use super::journal::{self, Saying};
use crate::store::{JournalId, JournalKind, JournalRow, Tx, View};
use crate::vault::JournalKey;

impl Inner {
    /// Appends one entry. Texts and personal data in `body` are `procedure::Text`s, which are
    /// sealed on the way. The journal is begun with its first entry.
    pub(super) fn note(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        kind: &str,
        body: Value,
    ) -> Result<u64> {
        let (key, mut chain) = self.installation(tx)?;
        let saying = Saying {
            actor: serde_json::to_value(actor).map_err(DeskError::bug)?,
            happened_at: Value::Null,
            kind: kind.to_owned(),
            body,
        };
        let now = self.clock.now();
        Ok(journal::append(tx, &key, &self.ids, &mut chain, now, saying)?.seq)
    }

    /// Key and end of the installation's journal.
    fn installation(&self, tx: &mut dyn Tx) -> Result<(JournalKey, Chain)> {
        let Some(row) = tx.journals(JournalKind::Installation)?.into_iter().next() else {
            return self.begin_installation(tx);
        };
        let key = journal::key(tx, &self.root, row.id)?;
        Ok((key, end_of(tx, row.id)?))
    }

    fn begin_installation(&self, tx: &mut dyn Tx) -> Result<(JournalKey, Chain)> {
        let now = self.clock.now();
        let id = JournalId(self.ids.uuid_v7(now));
        let key = JournalKey::create(id.0, &self.ids);
        let kind = JournalKind::Installation;
        tx.create_journal(&JournalRow {
            id,
            kind,
            parent: None,
            created_at: now,
        })?;
        tx.put_journal_key(id, &key.wrap(&self.root, &self.ids))?;
        Ok((key, Chain::new(id.0)))
    }
}

/// Where a journal ends; what stands before it is checked by `verify`, not here.
fn end_of(view: &dyn View, id: JournalId) -> Result<Chain> {
    let head = view.head(id)?;
    let Some(before) = head.seq.checked_sub(1) else {
        return Ok(Chain::new(id.0));
    };
    let last = view.entries(id, before, 1)?.into_iter().next();
    let last = last.ok_or_else(|| DeskError::Damaged(format!("journal {id} has lost its end")))?;
    let head = Head {
        seq: head.seq,
        hash: Hash::from(head.hash),
    };
    Ok(Chain::resume(id.0, head, last.recorded_at))
}
