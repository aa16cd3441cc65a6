//! When a message to themselves last left to each person, and what became of it: the contact sheet says it, so that
//! nobody finds out at night that an address is dead. Kept as a setting beside the entry that tells of the message, by
//! which it can be found again.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::Result;
use super::notify::notice_id;
use super::{Desk, Inner};
use crate::store::{JournalKind, LAST_TAKEN as TAKEN, OutboxState, Tx, View, last_taken};

/// Before the person in the setting's name.
const TESTED: &str = "tested.";

/// In the place of a channel: they answered a page, by whichever it came. No channel has such a name.
pub const ANSWERED: &str = "(answered)";

/// The last message to oneself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// When it was asked for.
    pub at: Timestamp,
    /// What became of it.
    pub came: Came,
    /// The same by each route that it went, by its name.
    pub routes: BTreeMap<String, Came>,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// It waits to leave.
    Waiting,
    /// It was taken at one address at least.
    Taken,
    /// No address of theirs took it.
    Refused,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    at: Timestamp,
    seq: u64,
    addresses: u32,
}

impl Desk {
    /// The last message to oneself of everybody who ever asked for one, by person.
    ///
    /// # Errors
    /// The store's.
    pub async fn tested(&self) -> Result<BTreeMap<String, Tested>> {
        let read = |view: &dyn View| {
            let Some(journal) = view.journals(JournalKind::Installation)?.into_iter().next() else {
                return Ok(BTreeMap::new());
            };
            let mut all = BTreeMap::new();
            for (name, value) in view.settings()? {
                let person = name.strip_prefix(TESTED);
                let kept = serde_json::from_slice::<Kept>(&value).ok();
                let Some((person, kept)) = person.zip(kept) else {
                    continue;
                };
                let mut states: BTreeMap<String, Vec<OutboxState>> = BTreeMap::new();
                for n in 0..kept.addresses {
                    if let Some(row) = view.delivery(notice_id(journal.id, kept.seq, n))? {
                        states.entry(row.route).or_default().push(row.state);
                    }
                }
                let whole: Vec<OutboxState> = states.values().flatten().copied().collect();
                let tested = Tested {
                    at: kept.at,
                    came: came(&whole),
                    routes: states
                        .into_iter()
                        .map(|(route, states)| (route, came(&states)))
                        .collect(),
                };
                all.insert(person.to_owned(), tested);
            }
            Ok(all)
        };
        self.inner.store.read(read).await
    }
}

impl Desk {
    /// Notes that somebody answered a page. Their answer does not depend on it.
    pub(super) async fn note_answered(&self, person: &str) {
        let (name, at) = (last_taken(person, ANSWERED), self.inner.clock.wall());
        let note = move |tx: &mut dyn Tx| {
            Ok::<_, super::DeskError>(tx.put_setting(&name, &at.as_microsecond().to_be_bytes())?)
        };
        if let Err(error) = self.write(note).await {
            tracing::warn!(%error, "that a page was answered does not stand on the contact sheet");
        }
    }

    /// When each channel last took a page or a test for somebody, by person and channel; and when they last answered
    /// one, under [`ANSWERED`].
    ///
    /// # Errors
    /// The store's.
    pub async fn last_taken(&self) -> Result<BTreeMap<(String, String), Timestamp>> {
        let read = |view: &dyn View| {
            let settings = view.settings()?;
            let all = settings.iter().filter_map(|(name, value)| {
                let (channel, person) = name.strip_prefix(TAKEN)?.split_once('.')?;
                let micros = i64::from_be_bytes(value.as_slice().try_into().ok()?);
                let at = Timestamp::from_microsecond(micros).ok()?;
                Some(((person.to_owned(), channel.to_owned()), at))
            });
            Ok(all.collect())
        };
        self.inner.store.read(read).await
    }
}

fn came(states: &[OutboxState]) -> Came {
    let waits = |state: &OutboxState| matches!(state, OutboxState::Queued | OutboxState::Leased);
    if states.contains(&OutboxState::Done) {
        Came::Taken
    } else if states.iter().any(waits) {
        Came::Waiting
    } else {
        Came::Refused
    }
}

impl Inner {
    /// Notes that a message to oneself was put into the outbox because of entry `seq`, at so many addresses.
    pub(super) fn note_tested(
        &self,
        tx: &mut dyn Tx,
        person: &str,
        seq: u64,
        addresses: usize,
    ) -> Result<()> {
        let kept = Kept {
            at: self.clock.wall(),
            seq,
            addresses: u32::try_from(addresses).unwrap_or(u32::MAX),
        };
        let value = serde_json::to_vec(&kept).map_err(super::DeskError::bug)?;
        Ok(tx.put_setting(&format!("{TESTED}{person}"), &value)?)
    }
}
