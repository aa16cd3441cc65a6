//! A file that a reporter sends: kept as an exhibit of the case in which their report is handled.
//! Their receipt opens this and nothing more.

use std::sync::Arc;

use procedure::chapters::evidence::exhibit::{AddExhibit, What};
use procedure::chapters::intake::AddDetails;
use procedure::playbook::EvidenceKind;
use procedure::{Actor, How, Order, Text, Who};
use uuid::Uuid;

use super::answers::OneUse;
use super::error::{DeskError, Result};
use super::{Desk, journal, receipt};
use crate::store::{JournalId, NoticeId, View};
use crate::vault::{Exhibits, Incoming, Kept};

/// What is said of a file that has arrived.
pub struct Arrived {
    /// The case that it belongs to.
    pub place: Place,
    /// Its bytes as they are kept.
    pub kept: Kept,
    /// What it is called; the words of whoever sent it.
    pub label: Text,
    /// What sort of evidence.
    pub kind: EvidenceKind,
    /// The media type that was given with it. Never trusted.
    pub media: String,
}

/// What became of the case that a mail answers.
pub enum ByMail {
    /// Words and files may be added to it.
    Open(Place),
    /// It is over, or there is none: somebody has to look at what is said.
    Over,
    /// It is restricted: nothing of it goes by mail, in no direction.
    Never,
}

/// The case that a file belongs to.
#[derive(Clone, Copy)]
pub struct Place(JournalId);

impl Desk {
    /// Begins to receive a file from the holder of this receipt, of at most `limit` bytes.
    ///
    /// # Errors
    /// Not found for what is no receipt; a full disk.
    pub async fn receive_from_reporter(
        &self,
        exhibits: &Exhibits,
        token: &str,
        limit: u64,
    ) -> Result<(Incoming, Place)> {
        let begun = JournalId(self.receipt_link(token)?.claims.journal);
        let inner = Arc::clone(&self.inner);
        let read = move |view: &dyn View| {
            let (journal, _) = receipt::follow(&inner, view, begun)?;
            Ok::<_, DeskError>((journal, journal::key(view, &inner.root, journal)?))
        };
        let (journal, key) = self.inner.store.read(read).await?;
        let incoming = exhibits.receive_from_anybody(&key, limit, &self.inner.ids)?;
        Ok((incoming, Place(journal)))
    }

    /// The case that a mail of ours told of which has one of these ids, or the one that has it now. Whoever knows such an id has
    /// had a mail of that case.
    ///
    /// # Errors
    /// The store's.
    pub async fn case_of_mails(&self, ids: Vec<Uuid>) -> Result<ByMail> {
        let inner = Arc::clone(&self.inner);
        let read = move |view: &dyn View| {
            for id in ids {
                let told = view.delivery(NoticeId(id))?.map(|row| row.journal);
                let journal = told.unwrap_or(JournalId(id));
                let Some(told_of) = view.case(journal)? else {
                    continue;
                };
                let (now, _) = receipt::follow(&inner, view, journal)?;
                let row = view.case(now)?;
                return Ok(match row {
                    Some(row) if row.restricted || told_of.restricted => ByMail::Never,
                    Some(row) if row.open => ByMail::Open(Place(now)),
                    _ => ByMail::Over,
                });
            }
            Ok(ByMail::Over)
        };
        self.inner.store.read(read).await
    }

    /// Begins to receive a file for a case, of at most `limit` bytes.
    ///
    /// # Errors
    /// The store's; a full disk.
    pub async fn receive_from_mail(
        &self,
        exhibits: &Exhibits,
        Place(journal): Place,
        limit: u64,
    ) -> Result<Incoming> {
        let inner = Arc::clone(&self.inner);
        let read = move |view: &dyn View| journal::key(view, &inner.root, journal);
        let key = self.inner.store.read(read).await?;
        Ok(exhibits.receive_from_anybody(&key, limit, &self.inner.ids)?)
    }

    /// Adds what a mail says to the case that it answers: to be read, and nothing else (R106). Answers the case's number.
    ///
    /// # Errors
    /// Refused by a rule; the store's.
    pub async fn add_from_mail(
        &self,
        Place(journal): Place,
        text: Text,
        once: OneUse,
    ) -> Result<String> {
        let actor = Actor {
            who: Who::Reporter,
            how: How::Open,
        };
        let order = Order::from(procedure::Command::from(AddDetails { text }));
        self.submit(journal, actor, order, Some(once)).await?;
        let read = move |view: &dyn View| Ok::<_, DeskError>(view.case(journal)?);
        let row = self.inner.store.read(read).await?;
        Ok(row.ok_or(DeskError::NotFound("case"))?.number.to_string())
    }

    /// Says in the journal that a file has arrived.
    ///
    /// # Errors
    /// The store's.
    pub async fn attach_from_reporter(&self, arrived: Arrived, once: Option<OneUse>) -> Result<()> {
        let Arrived {
            place: Place(journal),
            kept,
            label,
            kind,
            media,
        } = arrived;
        let (hash, size) = (kept.hash, kept.size);
        let what = What::Upload {
            sha256: hash.to_string(),
            size,
            media,
        };
        let add = AddExhibit {
            what,
            kind,
            asset: None,
            label,
        };
        let actor = Actor {
            who: Who::Reporter,
            how: How::ReceiptLink,
        };
        let order = Order::from(procedure::Command::from(add));
        self.submit(journal, actor, order, once).await?;
        if kind == EvidenceKind::Mail {
            self.mark_mail(journal, &hash, size).await;
        }
        Ok(())
    }
}
