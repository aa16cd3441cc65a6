//! What delivery asks of the desk about rows of the outbox, and what it tells it.

use std::sync::Arc;

use procedure::{Actor, Case, Command};

use super::error::{DeskError, Result};
use super::{Desk, OneUse, journal};
use crate::store::{JournalId, Lane, OutboxRow, View};

impl Desk {
    /// Whether it still makes sense to send this. A page is pointless once somebody has the case;
    /// if in doubt it is sent.
    pub async fn still_wanted(&self, row: &OutboxRow) -> bool {
        if row.lane != Lane::Urgent {
            return true;
        }
        let (inner, id) = (Arc::clone(&self.inner), row.journal);
        let answered = self.inner.store.read(move |view: &dyn View| {
            let folded = inner.reading.load(view, &inner.root, id)?;
            Ok::<_, DeskError>(is_answered(&folded.case))
        });
        !answered.await.unwrap_or(false)
    }

    /// Opens a frozen message of a restricted case.
    pub async fn open_message(&self, row: &OutboxRow, cipher: &[u8]) -> Option<Vec<u8>> {
        let (inner, id, cipher) = (Arc::clone(&self.inner), row.journal, cipher.to_vec());
        let open = move |view: &dyn View| {
            let key = journal::key(view, &inner.root, id)?;
            Ok::<_, DeskError>(key.open_message(&cipher))
        };
        self.inner.store.read(open).await.ok().flatten()
    }

    /// Carries out what a channel found about a notice, as a command of the clock; once for each
    /// notice, however often it is told.
    ///
    /// # Errors
    /// Refused, or the store's.
    pub async fn channel_says(
        &self,
        journal: JournalId,
        command: Command,
        notice: String,
    ) -> Result<()> {
        let actor = "delivery".to_owned();
        let once = Some(OneUse { actor, key: notice });
        self.submit(journal, Actor::system(), command.into(), once)
            .await
            .map(drop)
    }
}

fn is_answered(case: &Case) -> bool {
    !case.is_active() || (case.ic().is_some() && case.part.commander.silent_since.is_none())
}
