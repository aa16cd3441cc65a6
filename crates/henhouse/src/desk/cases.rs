//! Folded cases: how they are loaded, and the writer's cache that spares folding them anew.
//!
//! The writer owns its copy of a case and changes it in place, so that a note costs the
//! same in a case of a thousand entries as in an empty one. Readers have copies of
//! their own, in `reading`. What the writer did in a batch becomes common only after the commit.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use casefile::chain::Chain;
use casefile::{Envelope, Hash};
use procedure::{Actor, Body, Case, Entry, When};
use serde_json::Value;

use super::error::{DeskError, Result};
use super::journal;
use crate::store::{self, JournalId, View};
use crate::vault::RootKey;

/// At most so many cases are kept folded.
const KEPT: usize = 1_024;

/// A case with the end of its chain.
#[derive(Clone)]
pub(crate) struct Folded {
    /// The case, texts readable. Shared with those who look; changed only in a copy of one's own.
    pub case: Arc<Case>,
    /// Where its journal ends.
    pub chain: Chain,
}

impl Folded {
    /// A journal without entries.
    pub(crate) fn empty(journal: JournalId) -> Self {
        Self {
            case: Arc::default(),
            chain: Chain::new(journal.0),
        }
    }

    /// Folds what the journal says beyond what is folded already.
    pub(crate) fn catch_up(
        &mut self,
        view: &dyn View,
        root: &RootKey,
        id: JournalId,
    ) -> Result<()> {
        let head = view.head(id)?;
        if self.stands_at(head) {
            return Ok(());
        }
        if head.seq <= self.case.seq {
            *self = Self::empty(id);
        }
        let (known, mut erased) = (self.case.seq, false);
        self.read_on(view, root, id, |entry| {
            erased |= matches!(entry.body, Body::Redacted(_));
        })?;
        if erased && known > 0 {
            // Another node erased a text that is still readable in what was folded here.
            *self = Self::empty(id);
            self.read_on(view, root, id, drop)?;
        }
        Ok(())
    }

    /// Whether this is all that a journal with this head says.
    pub(super) fn stands_at(&self, head: store::Head) -> bool {
        head.seq == self.case.seq && Hash::from(head.hash) == self.chain.head().hash
    }

    /// Folds every entry behind those that are folded already, and gives each away.
    pub(super) fn read_on(
        &mut self,
        view: &dyn View,
        root: &RootKey,
        id: JournalId,
        mut give: impl FnMut(Entry),
    ) -> Result<()> {
        let key = journal::key(view, root, id)?;
        let case = Arc::make_mut(&mut self.case);
        journal::read(view, &key, &mut self.chain, |envelope| {
            let entry = entry(envelope)?;
            case.apply(&entry);
            give(entry);
            Ok(())
        })
    }
}

/// The engine's view of an envelope.
pub(crate) fn entry(envelope: Envelope) -> Result<Entry> {
    let seq = envelope.seq;
    let unreadable = |error: serde_json::Error| {
        DeskError::Damaged(format!("entry {seq} cannot be understood: {error}"))
    };
    if !Body::KINDS.contains(&envelope.kind.as_str()) {
        return Err(DeskError::newer(seq, &envelope.kind));
    }
    let kind = envelope.kind.clone();
    let body = Body::read(&kind, envelope.body).map_err(|error| match is_newer(&error) {
        true => DeskError::newer(seq, &format!("{kind}, with a word that is not known here")),
        false => unreadable(error),
    })?;
    let actor: Actor = serde_json::from_value(envelope.actor).map_err(unreadable)?;
    let happened_at: Option<When> =
        serde_json::from_value(envelope.happened_at).map_err(unreadable)?;
    Ok(Entry {
        seq: envelope.seq,
        recorded_at: envelope.recorded_at,
        happened_at,
        actor,
        body,
    })
}

/// Whether a newer version has a word more in a kind that is known. The chain was found to hold before: nobody changed it.
pub(super) fn is_newer(error: &serde_json::Error) -> bool {
    error.is_data() && error.to_string().starts_with("unknown variant")
}

/// What an engine's draft says, for the journal.
pub(crate) fn saying(draft: &procedure::Draft) -> Result<journal::Saying> {
    let body = serde_json::to_value(&draft.body).map_err(DeskError::bug)?;
    let Value::Object(mut tagged) = body else {
        return Err(DeskError::bug("an entry is not an object"));
    };
    let value = |v: serde_json::Result<Value>| v.map_err(DeskError::bug);
    Ok(journal::Saying {
        actor: value(serde_json::to_value(&draft.actor))?,
        happened_at: value(serde_json::to_value(draft.happened_at))?,
        kind: draft.body.kind().to_owned(),
        body: tagged.remove("body").unwrap_or_default(),
    })
}

/// The writer's copies.
#[derive(Default)]
pub(crate) struct Writing {
    slots: Mutex<Slots>,
}

#[derive(Default)]
struct Slots {
    committed: BTreeMap<JournalId, Folded>,
    batch: u64,
    uncommitted: BTreeMap<JournalId, Folded>,
}

impl Writing {
    /// Takes a case out, for a job of this batch, and says whether an earlier job of the
    /// batch changed it. A batch that was lost is forgotten here.
    pub(crate) fn take(&self, batch: u64, id: JournalId) -> (Folded, bool) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.batch != batch {
            slots.batch = batch;
            slots.uncommitted.clear();
        }
        if let Some(changed) = slots.uncommitted.remove(&id) {
            return (changed, true);
        }
        let slot = slots.committed.remove(&id);
        (slot.unwrap_or_else(|| Folded::empty(id)), false)
    }

    /// The case as committed, if the writer has it at hand.
    pub(crate) fn committed(&self, id: JournalId) -> Option<Folded> {
        let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.committed.get(&id).cloned()
    }

    /// Puts a case back as it stands within this batch, changed by it or not.
    pub(crate) fn put_back(&self, batch: u64, id: JournalId, folded: Folded, changed: bool) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.batch != batch {
            return;
        }
        if changed {
            slots.uncommitted.insert(id, folded);
        } else {
            bound(&mut slots.committed);
            slots.committed.insert(id, folded);
        }
    }

    /// The batch is committed: what it did to this case counts from now on.
    pub(crate) fn publish(&self, batch: u64, id: JournalId) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.batch != batch {
            return;
        }
        if let Some(folded) = slots.uncommitted.remove(&id) {
            bound(&mut slots.committed);
            slots.committed.insert(id, folded);
        }
    }
}

/// Journal ids begin with their time, so the first is the oldest case.
fn bound<T>(slots: &mut BTreeMap<JournalId, T>) {
    while slots.len() >= KEPT {
        slots.pop_first();
    }
}

/// The entries of a case, opened, after `after`, at most `limit`.
pub(crate) fn entries(
    view: &dyn View,
    root: &RootKey,
    id: JournalId,
    after: u64,
    limit: u32,
) -> Result<Vec<Arc<Entry>>> {
    let key = journal::key(view, root, id)?;
    let rows = view.entries(id, after, limit)?;
    let texts = journal::open_texts(view, &key, &rows)?;
    let opened = |row: &store::EntryRow| {
        let mut envelope =
            Envelope::parse(&row.bytes).map_err(|e| DeskError::Damaged(e.to_string()))?;
        let text = |c: &casefile::Commitment| texts.get(c).cloned();
        casefile::sealed::open_value(&mut envelope.body, &text);
        entry(envelope).map(Arc::new)
    };
    rows.iter().map(opened).collect()
}
