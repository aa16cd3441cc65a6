//! A file that a reporter sends: kept as an exhibit of the case in which their report is handled.
//! Their receipt opens this and nothing more.

use std::sync::Arc;

use procedure::chapters::evidence::exhibit::{AddExhibit, What};
use procedure::playbook::EvidenceKind;
use procedure::{Actor, How, Order, Text, Who};

use super::answers::OneUse;
use super::error::{DeskError, Result};
use super::{Desk, journal, receipt};
use crate::store::{JournalId, View};
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
        let what = What::Upload {
            sha256: kept.hash.to_string(),
            size: kept.size,
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
        self.submit(journal, actor, order, once).await.map(drop)
    }
}
