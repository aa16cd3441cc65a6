//! Between the outbox and the desk: delivery asks through here, and what it finds goes back
//! as a command. Neither knows the other.

use crate::delivery::origin::{Fate, Happened, Origin};
use crate::desk::Desk;
use crate::store::OutboxRow;

/// The desk, as delivery sees it.
#[derive(Clone)]
pub struct Post {
    desk: Desk,
}

impl Post {
    /// Speaks for this desk.
    #[must_use]
    pub fn new(desk: Desk) -> Self {
        Self { desk }
    }
}

impl Origin for Post {
    async fn still_wanted(&self, row: &OutboxRow) -> bool {
        self.desk.still_wanted(row).await
    }

    async fn unseal(&self, row: &OutboxRow, cipher: &[u8]) -> Option<Vec<u8>> {
        self.desk.open_message(row, cipher).await
    }

    async fn happened(&self, happened: &Happened) {
        match &happened.fate {
            Fate::Delivered(_) | Fate::Dropped => {}
            Fate::Unreachable(reason) => {
                tracing::warn!(journal = %happened.journal, seq = happened.seq, reason, "a notice cannot be delivered");
            }
            Fate::Struggling => {
                tracing::warn!(journal = %happened.journal, seq = happened.seq, "a page has failed twice and goes on being tried");
            }
        }
    }
}
