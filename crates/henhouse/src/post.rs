//! Between the outbox and the desk: delivery asks through here, and what it finds goes back
//! as a command. Neither knows the other.

use jiff::Timestamp;
use procedure::Recipient;
use procedure::chapters::calling::NoteUndelivered;
use procedure::playbook::Channel;

use crate::delivery::origin::{Fate, Happened, Origin};
use crate::delivery::push::{Devices, Done};
use crate::desk::{Desk, MAIL};
use crate::devices::Device;
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
        let Some(to) = recipient(happened) else {
            return;
        };
        let note = NoteUndelivered {
            to,
            route: (happened.route == MAIL).then_some(Channel::Mail),
            more_routes: happened.another_route,
        };
        let (journal, notice) = (happened.journal, happened.notice.to_string());
        let told = self.desk.channel_says(journal, note.into(), notice).await;
        if let Err(error) = told {
            tracing::debug!(%error, "the procedure did not take it");
        }
    }
}

fn recipient(happened: &Happened) -> Option<Recipient> {
    let named = happened.recipient.as_deref();
    let named = named.and_then(|to| serde_json::from_str(to).ok());
    named.or_else(|| {
        happened
            .person
            .as_deref()
            .map(|person| Recipient::Person(person.into()))
    })
}

impl Devices for Post {
    fn of<'a>(&'a self, person: &'a str) -> Done<'a, Vec<Device>> {
        Box::pin(async move {
            let devices = self.desk.devices(person.to_owned()).await;
            devices.unwrap_or_else(|error| {
                tracing::error!(%error, "the devices of somebody cannot be read: nothing is pushed to them");
                Vec::new()
            })
        })
    }

    fn shown_at(&self, notice: &str) -> Option<String> {
        Some(self.desk.shown_at(notice.parse().ok()?))
    }

    fn came<'a>(
        &'a self,
        person: &'a str,
        took: Vec<String>,
        gone: Vec<String>,
        now: Timestamp,
    ) -> Done<'a, ()> {
        Box::pin(async move {
            let came = self.desk.devices_came(person.to_owned(), took, gone, now);
            if let Err(error) = came.await {
                tracing::error!(%error, "what became of a push was not noted");
            }
        })
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
            Fate::Unreachable(_) => {
                // The reason stands with the delivery: a mail server may repeat the address in it.
                tracing::warn!(
                    journal = %happened.journal,
                    seq = happened.seq,
                    notice = %happened.notice,
                    "a notice cannot be delivered"
                );
                self.unreachable(happened).await;
            }
            Fate::Struggling => {
                // It goes on being tried; the walk does not wait for it (P6, M17).
                tracing::warn!(journal = %happened.journal, seq = happened.seq, "a page has failed twice and goes on being tried");
                self.unreachable(happened).await;
            }
        }
    }
}

#[cfg(test)]
mod tests;
