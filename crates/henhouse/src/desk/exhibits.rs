//! Exhibits on their way in and out: their bytes lie in the vault, under the case's key.

use std::sync::Arc;

use procedure::chapters::evidence::exhibit::What;

use super::error::{DeskError, Result};
use super::views::CaseView;
use super::{Desk, journal};
use crate::store::{StoreError, View};
use crate::vault::{Exhibits, Incoming, JournalKey, NotKept, Reading};

/// An exhibit to be read.
pub struct OpenExhibit {
    /// Its bytes, each checked before it is answered.
    pub reading: Reading,
    /// The media type that was given with it. Never trusted.
    pub media: String,
}

impl From<NotKept> for DeskError {
    fn from(error: NotKept) -> Self {
        match error {
            NotKept::NoRoom => StoreError::Full.into(),
            NotKept::Io(_) => StoreError::Io(error.to_string()).into(),
            NotKept::Before(_) => Self::Damaged(error.to_string()),
            NotKept::TooLarge { .. } | NotKept::GivenUp | NotKept::Source(_) => Self::BadInput {
                field: "file".to_owned(),
                sentence: error.to_string(),
            },
        }
    }
}

impl Desk {
    /// Begins to receive the bytes of an exhibit. The caller has asked whether they may add one.
    ///
    /// # Errors
    /// The store's; a full disk.
    pub async fn receive_exhibit(
        &self,
        exhibits: &Exhibits,
        case: &CaseView,
        limit: u64,
    ) -> Result<Incoming> {
        let key = self.key_of(case).await?;
        Ok(exhibits.receive(&key, limit, &self.inner.ids)?)
    }

    /// Opens an exhibit that is kept here.
    ///
    /// # Errors
    /// Not found where there is none, it is held elsewhere, or it is not for whoever looks; damaged.
    pub async fn open_exhibit(
        &self,
        exhibits: &Exhibits,
        case: &CaseView,
        id: &str,
    ) -> Result<OpenExhibit> {
        let gone = || DeskError::NotFound("exhibit");
        let exhibit = case.case.part.evidence.exhibit(id);
        let exhibit = exhibit.filter(|exhibit| case.may_read(exhibit.seq));
        let What::Upload { sha256, media, .. } = &exhibit.ok_or_else(gone)?.what else {
            return Err(gone());
        };
        let hash = sha256.parse().map_err(|_| gone())?;
        let key = self.key_of(case).await?;
        let reading = exhibits
            .read(&key, &hash)
            .map_err(|error| DeskError::Damaged(error.to_string()))?;
        Ok(OpenExhibit {
            reading,
            media: media.clone(),
        })
    }

    async fn key_of(&self, case: &CaseView) -> Result<JournalKey> {
        let (inner, id) = (Arc::clone(&self.inner), case.row.journal);
        let key = move |view: &dyn View| journal::key(view, &inner.root, id);
        self.inner.store.read(key).await
    }
}
