//! What delivery asks of the desk about rows of the outbox, and what it tells it.

use std::sync::Arc;

use casefile::Envelope;
use procedure::{Actor, Case, Command, PersonId, agenda};

use super::error::{DeskError, Result};
use super::{Desk, OneUse, journal};
use crate::report::letter::Letter;
use crate::store::{EntryRow, JournalId, Lane, Message, OutboxRow, View};

impl Desk {
    /// Whether it still makes sense to send this. A page is pointless once what it asks for was
    /// done: somebody has the case, the offer was answered. If in doubt it is sent.
    pub async fn still_wanted(&self, row: &OutboxRow) -> bool {
        if row.lane != Lane::Urgent {
            return true;
        }
        let (inner, id, seq) = (Arc::clone(&self.inner), row.journal, row.seq);
        let person = row.person.as_deref().map(PersonId::from);
        let answered = self.inner.store.read(move |view: &dyn View| {
            if view.case(id)?.is_none() {
                return Ok(false);
            }
            // Most pages leave at once: what the writer has just folded need not be folded anew.
            let at_hand = inner.writing.committed(id);
            let head = view.head(id)?;
            let case = match at_hand.filter(|folded| folded.stands_at(head)) {
                Some(folded) => folded.case,
                None => Arc::clone(inner.reading.load(view, &inner.root, id)?.case()),
            };
            let cause = view.entries(id, seq.saturating_sub(1), 1)?.pop();
            if let Some(key) = cause.as_ref().and_then(prompted_about) {
                let basis = inner.basis_of(view, &case)?;
                let agenda = agenda(&case, &basis, inner.clock.now());
                let mut asked = agenda.obligations.iter();
                return Ok(!asked.any(|obligation| obligation.key == key));
            }
            let kind = cause.map(|entry| entry.kind).unwrap_or_default();
            Ok::<_, DeskError>(is_answered(&case, &kind, seq, person.as_ref()))
        });
        !answered.await.unwrap_or(false)
    }

    /// The words that were frozen for a delivery; nothing where they are erased or cannot be read. The caller has looked
    /// at the case before.
    pub async fn letter_of(&self, row: &OutboxRow) -> Option<Letter> {
        let bytes = match &row.message {
            Message::Plain(bytes) => bytes.clone(),
            Message::Cipher(cipher) => self.open_message(row, cipher).await?,
            Message::Erased => return None,
        };
        Letter::from_bytes(&bytes).ok()
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

/// What a prompt was about: it is pointless once that is not asked any more. It may have waited for its turn (M20).
fn prompted_about(cause: &EntryRow) -> Option<String> {
    if cause.kind != "prompted" {
        return None;
    }
    let envelope = Envelope::parse(&cause.bytes).ok()?;
    envelope.body["key"].as_str().map(str::to_owned)
}

/// Whether what an urgent notice asks of this person has been answered.
fn is_answered(case: &Case, kind: &str, seq: u64, person: Option<&PersonId>) -> bool {
    let commander = &case.part.commander;
    let taken = case.ic().is_some() && commander.silent_since.is_none();
    let in_it = person.is_some_and(|person| commander.responders.contains_key(person));
    let mut offers = commander.handovers.iter();
    let answered = match kind {
        "reported" | "called" => taken,
        "called_in" => in_it,
        "handover_offered" => !offers.any(|offer| offer.seq == seq && offer.is_pending()),
        _ => false,
    };
    answered || !case.is_active()
}
