//! The chain of a journal: each entry names the hash of the one before, so that none can be changed, dropped, added or
//! moved unseen.
//!
//! Checking is streaming: it holds one entry at a time, so that a journal of millions needs no memory. It stops at the
//! first break, because whatever follows it proves nothing.
//!
//! A chain alone cannot show that its end was cut off, or that someone with the whole store wrote it anew. For that the
//! checker is told heads from elsewhere: [`Chain::witness`] takes any that was ever seen (in a mail, on paper),
//! [`Chain::finish`] the one that must be the last.

use std::collections::BTreeMap;

use jiff::Timestamp;
use uuid::Uuid;

use crate::envelope::{BadEnvelope, Envelope};
use crate::hash::Hash;

/// An entry as it was stored, not yet believed.
#[derive(Debug, Clone, Copy)]
pub struct Stored<'a> {
    /// The place under which it was stored.
    pub seq: u64,
    /// The hash that was stored with it.
    pub hash: Hash,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// The end of a journal: the last entry's place and hash. Place 0 with [`Hash::ZERO`] is an empty journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The place of the last entry; 0 when there is none.
    pub seq: u64,
    /// Its hash.
    pub hash: Hash,
}

impl Head {
    /// The head of a journal without entries.
    pub const EMPTY: Self = Self {
        seq: 0,
        hash: Hash::ZERO,
    };
}

/// The first break of a chain: which journal, which place, what is wrong. Its `Display` is a sentence for the person
/// who has to act.
#[derive(Debug, thiserror::Error)]
#[error("journal {journal}, entry {seq}: {fault}")]
pub struct Finding {
    /// Whose journal.
    pub journal: Uuid,
    /// The place at which the chain breaks.
    pub seq: u64,
    /// What is wrong there.
    pub fault: Fault,
}

/// What is wrong at a place of a chain.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A later entry stands here.
    #[error("it is missing; entry {found} stands where it belongs")]
    Missing {
        /// The place of the entry found instead.
        found: u64,
    },
    /// An earlier entry stands here a second time.
    #[error("entry {found} stands here once more; an entry was put in or the order was changed")]
    Repeated {
        /// The place of the entry found instead.
        found: u64,
    },
    /// Stored under one place, says another.
    #[error("it is stored here but says that it is entry {inside}; it was moved or changed")]
    Misplaced {
        /// The place that the bytes name.
        inside: u64,
    },
    /// It belongs to another journal.
    #[error("it says that it belongs to journal {inside}; it was put in from there")]
    OtherJournal {
        /// The journal that the bytes name.
        inside: Uuid,
    },
    /// Its bytes are not an entry.
    #[error("{0}; its bytes were changed or damaged")]
    Bad(#[from] BadEnvelope),
    /// Its bytes do not have the stored hash.
    #[error("its bytes have the hash {computed}, but {stored} was stored with it; one was changed")]
    OtherHash {
        /// The hash stored with it.
        stored: Hash,
        /// The hash of its bytes.
        computed: Hash,
    },
    /// It does not follow the entry before it.
    #[error(
        "it follows an entry with the hash {named}, but the entry before it has {actual}; \
         one of the two was changed"
    )]
    OtherPrev {
        /// The hash that it names.
        named: Hash,
        /// The hash of the entry before it.
        actual: Hash,
    },
    /// Recorded before the entry that it follows.
    #[error("it was recorded at {recorded_at}, before the entry that it follows ({before})")]
    TimeWentBack {
        /// When the entry before it was recorded.
        before: Timestamp,
        /// When it says that it was recorded.
        recorded_at: Timestamp,
    },
    /// The journal ends before a place at which it is known to have had an entry.
    #[error("it is missing; the journal ends at entry {last} but is known to reach entry {known}")]
    CutOff {
        /// The last place that is there.
        last: u64,
        /// The last place known from elsewhere.
        known: u64,
    },
    /// The entry is not the one that was seen here before.
    #[error(
        "its hash is {found}, but {known} was seen here before; the journal was written anew from here or earlier"
    )]
    WrittenAnew {
        /// The hash known from elsewhere.
        known: Hash,
        /// The hash of the entry that is there.
        found: Hash,
    },
    /// The journal goes on after the place that was to be its last.
    #[error("it should not be there; the journal is known to end at entry {known}")]
    TooLong {
        /// The place that was to be the last.
        known: u64,
    },
}

/// A chain while it is checked.
#[derive(Debug, Clone)]
pub struct Chain {
    journal: Uuid,
    head: Head,
    recorded_at: Option<Timestamp>,
    witnesses: BTreeMap<u64, Hash>,
}

impl Chain {
    /// Begins at the first entry of a journal.
    #[must_use]
    pub fn new(journal: Uuid) -> Self {
        Self {
            journal,
            head: Head::EMPTY,
            recorded_at: None,
            witnesses: BTreeMap::new(),
        }
    }

    /// Goes on after a part that was checked before: `head` and the last entry's time as that check left them.
    #[must_use]
    pub fn resume(journal: Uuid, head: Head, recorded_at: Timestamp) -> Self {
        Self {
            head,
            recorded_at: Some(recorded_at),
            ..Self::new(journal)
        }
    }

    /// Tells of a head that was seen elsewhere. The chain must pass through it. Tell it before the entries are checked:
    /// the hash of a place that lies behind is not known any more, and such a head is not looked at.
    ///
    /// # Errors
    /// [`Fault::WrittenAnew`] when the last entry checked, or another head told for the same place, has another hash.
    pub fn witness(&mut self, seen: Head) -> Result<(), Finding> {
        let known = match seen.seq {
            seq if seq == self.head.seq => self.head.hash,
            seq if seq < self.head.seq => return Ok(()),
            seq => *self.witnesses.entry(seq).or_insert(seen.hash),
        };
        if known != seen.hash {
            let (known, found) = (seen.hash, known);
            return Err(self.finding(seen.seq, Fault::WrittenAnew { known, found }));
        }
        Ok(())
    }

    /// Checks the next entry and answers what it says. After an error the chain has not moved, and everything that
    /// follows is unproven.
    ///
    /// # Errors
    /// The [`Finding`] at this place.
    pub fn push(&mut self, stored: &Stored<'_>) -> Result<Envelope, Finding> {
        let place = self.head.seq + 1;
        let envelope = self
            .check(place, stored)
            .map_err(|fault| self.finding(place, fault))?;
        self.head = Head {
            seq: place,
            hash: stored.hash,
        };
        self.recorded_at = Some(envelope.recorded_at);
        self.witnesses.remove(&place);
        Ok(envelope)
    }

    /// Whose journal it is.
    #[must_use]
    pub fn journal(&self) -> Uuid {
        self.journal
    }

    /// The last entry checked so far.
    #[must_use]
    pub fn head(&self) -> Head {
        self.head
    }

    /// When the last entry checked so far was recorded.
    #[must_use]
    pub fn recorded_at(&self) -> Option<Timestamp> {
        self.recorded_at
    }

    /// Ends the check: every witnessed head was reached and, if `expected` is given, it is exactly the end.
    ///
    /// # Errors
    /// [`Fault::CutOff`], [`Fault::TooLong`] or [`Fault::WrittenAnew`].
    pub fn finish(mut self, expected: Option<Head>) -> Result<Head, Finding> {
        if let Some(known) = expected {
            if known.seq < self.head.seq {
                return Err(self.finding(known.seq + 1, Fault::TooLong { known: known.seq }));
            }
            self.witness(known)?;
        }
        let last = self.head.seq;
        match self.witnesses.last_key_value() {
            Some((&known, _)) => Err(self.finding(last + 1, Fault::CutOff { last, known })),
            None => Ok(self.head),
        }
    }

    fn check(&self, place: u64, stored: &Stored<'_>) -> Result<Envelope, Fault> {
        let found = stored.seq;
        if found > place {
            return Err(Fault::Missing { found });
        }
        if found < place {
            return Err(Fault::Repeated { found });
        }
        let computed = Hash::of_entry(stored.bytes);
        if computed != stored.hash {
            let stored = stored.hash;
            return Err(Fault::OtherHash { stored, computed });
        }
        let envelope = Envelope::parse(stored.bytes)?;
        if envelope.journal != self.journal {
            let inside = envelope.journal;
            return Err(Fault::OtherJournal { inside });
        }
        if envelope.seq != place {
            let inside = envelope.seq;
            return Err(Fault::Misplaced { inside });
        }
        if envelope.prev != self.head.hash {
            let (named, actual) = (envelope.prev, self.head.hash);
            return Err(Fault::OtherPrev { named, actual });
        }
        let recorded_at = envelope.recorded_at;
        if let Some(before) = self.recorded_at.filter(|before| recorded_at < *before) {
            return Err(Fault::TimeWentBack {
                before,
                recorded_at,
            });
        }
        match self.witnesses.get(&place) {
            Some(&known) if known != stored.hash => {
                let found = stored.hash;
                Err(Fault::WrittenAnew { known, found })
            }
            _ => Ok(envelope),
        }
    }

    fn finding(&self, seq: u64, fault: Fault) -> Finding {
        Finding {
            journal: self.journal,
            seq,
            fault,
        }
    }
}

/// Checks a whole journal held in memory, and its end if `expected` is given.
///
/// # Errors
/// The first [`Finding`].
pub fn verify<'a>(
    journal: Uuid,
    entries: impl IntoIterator<Item = Stored<'a>>,
    expected: Option<Head>,
) -> Result<Head, Finding> {
    let mut chain = Chain::new(journal);
    for stored in entries {
        chain.push(&stored)?;
    }
    chain.finish(expected)
}
