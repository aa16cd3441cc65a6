//! The cases that people look at, folded, with their newest entries opened: what a page shows is
//! decrypted when it is new and not at each look.
//!
//! Nobody tells this what changed. Each look asks the store where the journal ends, reads on from
//! there, and reads all of it anew behind an erasure, so that no text outlives its own. Who may see
//! what is asked at each look: nothing here knows who looks.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use procedure::{Agenda, Basis, Body, Case, Entry, agenda};

use super::cases::Folded;
use super::error::Result;
use crate::report::timeline::Told;
use crate::store::{JournalId, View};
use crate::vault::RootKey;

/// At most so many cases are kept, as many as a Now board looks into.
const CASES_KEPT: usize = 2_048;
/// And at most so many entries in all, folded or opened, but always the last case.
const ENTRIES_KEPT: u64 = 200_000;
/// So many entries of a case are kept opened, the newest: as many as its page shows at first.
pub(crate) const NEWEST: usize = 100;

/// A case as it was read last, the same for all who look.
pub(crate) struct Readable {
    folded: Folded,
    newest: VecDeque<Arc<Entry>>,
    asks: Mutex<Option<(Timestamp, Arc<Agenda>)>>,
    told: Mutex<Option<(ToldAs, Arc<[Told]>)>>,
}

/// What else sentences depend on than the case: in which minute they are told, and which entry of
/// the project's journal gave the people their names.
pub(super) type ToldAs = (i64, u64);

impl Readable {
    fn empty(id: JournalId) -> Self {
        Self {
            folded: Folded::empty(id),
            newest: VecDeque::new(),
            asks: Mutex::default(),
            told: Mutex::default(),
        }
    }

    /// One's own, to read on with; copied only while somebody still looks at it.
    fn own(shared: Arc<Self>) -> Self {
        Arc::try_unwrap(shared).unwrap_or_else(|shared| Self {
            folded: shared.folded.clone(),
            newest: shared.newest.clone(),
            asks: Mutex::default(),
            told: Mutex::default(),
        })
    }

    /// The case, texts readable.
    pub(crate) fn case(&self) -> &Arc<Case> {
        &self.folded.case
    }

    /// Hash of the newest entry, in hex.
    pub(super) fn head(&self) -> String {
        self.folded.chain.head().hash.to_string()
    }

    /// At most `limit` entries after `after`, if those are among the newest.
    pub(super) fn newest(&self, after: u64, limit: u32) -> Option<Vec<Arc<Entry>>> {
        let first = self.newest.front()?.seq;
        let skipped = after.saturating_add(1).checked_sub(first)?;
        let skipped = usize::try_from(skipped).ok()?;
        let wanted = self.newest.iter().skip(skipped).take(limit as usize);
        Some(wanted.cloned().collect())
    }

    /// What the case asks for, to the second: whoever looks within the same one is told the same.
    pub(super) fn agenda(&self, basis: &Basis, now: Timestamp) -> Arc<Agenda> {
        let second = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let at = second.max(self.case().changed_at);
        let mut asks = self.asks.lock().unwrap_or_else(PoisonError::into_inner);
        match &*asks {
            Some((then, known)) if *then == at => Arc::clone(known),
            _ => {
                let worked_out = Arc::new(agenda(self.case(), basis, at));
                *asks = Some((at, Arc::clone(&worked_out)));
                worked_out
            }
        }
    }

    /// The newest entries in sentences, told once for all who look; nothing where other entries are
    /// asked for.
    pub(super) fn told(
        &self,
        (after, limit): (u64, u32),
        told_as: ToldAs,
        tell: impl Fn(&Entry) -> Told,
    ) -> Option<Arc<[Told]>> {
        let (first, last) = (self.newest.front()?.seq, self.newest.back()?.seq);
        if after.saturating_add(1) != first || last - after > u64::from(limit) {
            return None;
        }
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        match &*told {
            Some((then, known)) if *then == told_as => Some(Arc::clone(known)),
            _ => {
                let worded: Arc<[Told]> = self.newest.iter().map(|entry| tell(entry)).collect();
                *told = Some((told_as, Arc::clone(&worded)));
                Some(worded)
            }
        }
    }

    fn catch_up(&mut self, view: &dyn View, root: &RootKey, id: JournalId) -> Result<()> {
        let known = self.case().seq;
        let (newest, mut erased) = (&mut self.newest, false);
        self.folded.read_on(view, root, id, |entry| {
            erased |= matches!(entry.body, Body::Redacted(_));
            if newest.len() == NEWEST {
                newest.pop_front();
            }
            newest.push_back(Arc::new(entry));
        })?;
        (self.asks, self.told) = (Mutex::default(), Mutex::default());
        if erased && known > 0 {
            *self = Self::empty(id);
            return self.catch_up(view, root, id);
        }
        Ok(())
    }
}

/// The readers' cases.
#[derive(Default)]
pub(crate) struct Reading {
    slots: Mutex<Slots>,
}

#[derive(Default)]
struct Slots {
    cases: BTreeMap<JournalId, Slot>,
    entries: u64,
    looks: u64,
}

/// The place of one case. Whoever finds it behind reads on while the others wait: they would read
/// the same.
#[derive(Default)]
struct Slot {
    kept: Arc<Mutex<Option<Arc<Readable>>>>,
    entries: u64,
    looked_at: u64,
}

impl Reading {
    /// The case as committed, reading only what is new.
    pub(crate) fn load(
        &self,
        view: &dyn View,
        root: &RootKey,
        id: JournalId,
    ) -> Result<Arc<Readable>> {
        let head = view.head(id)?;
        let slot = self.lock().slot(id);
        let mut kept = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = &*kept
            // Somebody whose look began later has read on: that was committed too.
            && (kept.folded.stands_at(head) || kept.case().seq > head.seq)
        {
            return Ok(Arc::clone(kept));
        }
        let mut readable = match kept.take() {
            Some(behind) if behind.case().seq < head.seq => Readable::own(behind),
            _ => Readable::empty(id),
        };
        readable.catch_up(view, root, id)?;
        let readable = Arc::new(readable);
        *kept = Some(Arc::clone(&readable));
        drop(kept);
        self.lock().weigh(id, readable.case().seq);
        Ok(readable)
    }

    fn lock(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slots {
    fn slot(&mut self, id: JournalId) -> Arc<Mutex<Option<Arc<Readable>>>> {
        self.looks += 1;
        let slot = self.cases.entry(id).or_default();
        slot.looked_at = self.looks;
        Arc::clone(&slot.kept)
    }

    /// Notes how long the case is, and forgets those that nobody has looked at for longest.
    fn weigh(&mut self, id: JournalId, entries: u64) {
        if let Some(slot) = self.cases.get_mut(&id) {
            self.entries = self.entries - slot.entries + entries;
            slot.entries = entries;
        }
        while self.cases.len() > 1 && (self.cases.len() > CASES_KEPT || self.entries > ENTRIES_KEPT)
        {
            let longest_ago = self.cases.iter().min_by_key(|(_, slot)| slot.looked_at);
            let Some(id) = longest_ago.map(|(id, _)| *id) else {
                return;
            };
            let forgotten = self.cases.remove(&id);
            self.entries -= forgotten.map_or(0, |slot| slot.entries);
        }
    }
}
