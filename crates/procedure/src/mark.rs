//! An entry that matters later.

use jiff::Timestamp;

use crate::actor::Who;
use crate::conformance::{Judged, Outcome};
use crate::entry::Entry;

/// Which entry says it, when, by whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The entry.
    pub seq: u64,
    /// When it was written down.
    pub at: Timestamp,
    /// By whom.
    pub by: Who,
}

impl Mark {
    /// The mark of an entry.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        Self {
            seq: entry.seq,
            at: entry.recorded_at,
            by: entry.actor.who.clone(),
        }
    }

    /// The mark of a later entry instead. Room for a name is used again.
    pub(crate) fn renew(&mut self, entry: &Entry) {
        (self.seq, self.at) = (entry.seq, entry.recorded_at);
        match (&mut self.by, &entry.actor.who) {
            (Who::Person(known), Who::Person(person)) => known.0.clone_from(&person.0),
            (by, who) => by.clone_from(who),
        }
    }

    /// Kept, as this entry shows.
    #[must_use]
    pub fn done(&self) -> Judged {
        Judged::done(self.at, &self.by, self.seq)
    }

    /// Passed over on purpose, as this entry shows, by one person where two were asked for (M16).
    #[must_use]
    pub fn by_one_person(&self) -> Judged {
        let (at, by) = (self.at, self.by.clone());
        Judged::from(Outcome::Waived {
            at,
            by,
            automatic: false,
            reason: None,
        })
        .shown_by(self.seq)
    }
}
