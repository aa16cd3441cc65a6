//! Between the outbox and the desk: delivery asks through here, and what it finds goes back
//! as a command. Neither knows the other.

use procedure::Recipient;
use procedure::chapters::calling::NoteUndelivered;
use procedure::playbook::Channel;

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

impl Post {
    /// The procedure hears that somebody cannot be reached. Under the notice's id it counts once,
    /// however often it is told.
    async fn unreachable(&self, happened: &Happened) {
        let Some(person) = happened.person.as_deref() else {
            return;
        };
        let note = NoteUndelivered {
            to: Recipient::Person(person.into()),
            route: Some(Channel::Mail),
            more_routes: false,
        };
        let (journal, notice) = (happened.journal, happened.notice.to_string());
        let told = self.desk.channel_says(journal, note.into(), notice).await;
        if let Err(error) = told {
            tracing::debug!(%error, "the procedure did not take it");
        }
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
                tracing::warn!(
                    journal = %happened.journal,
                    seq = happened.seq,
                    reason,
                    "a notice cannot be delivered"
                );
                self.unreachable(happened).await;
            }
            Fate::Struggling => {
                tracing::warn!(journal = %happened.journal, seq = happened.seq, "a page has failed twice and goes on being tried");
            }
        }
    }
}
