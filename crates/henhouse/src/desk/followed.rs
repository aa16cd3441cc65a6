//! A case as many follow it: looked at once for all of them, while who may see what is asked for each.

use std::sync::Arc;

use procedure::{Basis, Case, Entry, may_read, may_see};

use super::error::{DeskError, Result};
use super::reading::Readable;
use super::{Desk, Onlooker, cases};
use crate::store::{CaseNumber, JournalId};

/// One look at a case, the same for all who follow it. It shows nothing by itself.
#[derive(Clone)]
pub struct Look {
    /// The number that people say.
    pub number: CaseNumber,
    /// The number of its newest entry.
    pub seq: u64,
    journal: JournalId,
    case: Arc<Case>,
    basis: Arc<Basis>,
    readable: Arc<Readable>,
}

impl Look {
    /// Whether the case exists for this onlooker.
    #[must_use]
    pub fn shows_to(&self, onlooker: &Onlooker) -> bool {
        shows(&self.case, &self.basis, onlooker)
    }

    /// Whether an onlooker for whom the case exists may read this entry of it.
    #[must_use]
    pub fn may_read(&self, onlooker: &Onlooker, seq: u64) -> bool {
        reads(&self.case, &self.basis, onlooker, seq)
    }
}

/// Whether a case exists for this onlooker. Managing the installation does not open restricted ones.
pub(super) fn shows(case: &Case, basis: &Basis, onlooker: &Onlooker) -> bool {
    let manages = onlooker.admin && !case.part.secrecy.restricted;
    manages || may_see(case, basis, &onlooker.actor)
}

/// Whether an onlooker for whom the case exists may read this entry: the restricted annex is for those who take part.
pub(super) fn reads(case: &Case, basis: &Basis, onlooker: &Onlooker, seq: u64) -> bool {
    let manages = onlooker.admin && !case.part.secrecy.is_annexed(seq);
    manages || may_read(case, basis, &onlooker.actor, seq)
}

impl Desk {
    /// Looks at a case for all who follow it.
    ///
    /// # Errors
    /// Not found where this is no case; damaged; the store's.
    pub async fn look_at(&self, journal: JournalId) -> Result<Look> {
        let inner = Arc::clone(&self.inner);
        self.inner
            .store
            .read(move |view| {
                let row = view.case(journal)?.ok_or(DeskError::NotFound("case"))?;
                let readable = inner.reading.load(view, &inner.root, journal)?;
                let case = Arc::clone(readable.case());
                let basis = inner.basis_of(view, &case)?;
                Ok(Look {
                    number: row.number,
                    seq: case.seq,
                    journal,
                    case,
                    basis,
                    readable,
                })
            })
            .await
    }

    /// The entries of a followed case after `after`, at most `limit`. Whoever is told of one is asked about first.
    ///
    /// # Errors
    /// Damaged; the store's.
    pub async fn followed(&self, look: &Look, after: u64, limit: u32) -> Result<Vec<Arc<Entry>>> {
        self.newest_or_read(&look.readable, look.journal, after, limit)
            .await
    }

    /// Entries of a case after `after`, at most `limit`: from those at hand, or else from the store.
    pub(super) async fn newest_or_read(
        &self,
        readable: &Readable,
        journal: JournalId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Arc<Entry>>> {
        if let Some(newest) = readable.newest(after, limit) {
            return Ok(newest);
        }
        let inner = Arc::clone(&self.inner);
        self.inner
            .store
            .read(move |view| cases::entries(view, &inner.root, journal, after, limit))
            .await
    }
}
