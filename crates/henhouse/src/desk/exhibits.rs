//! Exhibits on their way in and out: their bytes lie in the vault, under the case's key.

use std::collections::BTreeSet;
use std::sync::Arc;

use casefile::ExhibitHash;
use procedure::Refusal;
use procedure::chapters::evidence::exhibit::What;

use super::error::{DeskError, Result};
use super::react::BYTES;
use super::views::CaseView;
use super::{Desk, Inner, journal};
use crate::store::{JournalId, StoreError, View};
use crate::vault::{Exhibits, Incoming, JournalKey, NotKept, Reading};

/// An exhibit to be read.
pub struct OpenExhibit {
    /// Its bytes, each checked before it is answered.
    pub reading: Reading,
    /// The media type that was given with it. Never trusted.
    pub media: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
}

impl From<NotKept> for DeskError {
    fn from(error: NotKept) -> Self {
        match error {
            NotKept::NoRoom | NotKept::Reserved => StoreError::Full.into(),
            NotKept::Io(_) => StoreError::Io(error.to_string()).into(),
            NotKept::Before(_) => Self::Damaged(error.to_string()),
            NotKept::TooLarge { .. } | NotKept::GivenUp | NotKept::Source(_) => Self::BadInput {
                field: "file".to_owned(),
                sentence: error.to_string(),
            },
        }
    }
}

impl CaseView {
    /// Whether the bytes of the exhibit of this entry were erased.
    #[must_use]
    pub fn bytes_are_erased(&self, seq: u64) -> bool {
        self.case.part.record.is_redacted(seq, BYTES)
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
        let exhibit = exhibit.ok_or_else(gone)?;
        let What::Upload { sha256, media, .. } = &exhibit.what else {
            return Err(gone());
        };
        if case.bytes_are_erased(exhibit.seq) {
            let erased = "The bytes of this exhibit were erased by two people.";
            let remains = "Its hash, its label and who erased it stand in the case.";
            return Err(Refusal::conflict(erased, remains).into());
        }
        let hash = sha256.parse().map_err(|_| gone())?;
        let key = self.key_of(case).await?;
        let reading = exhibits
            .read(&key, &hash)
            .map_err(|error| DeskError::Damaged(error.to_string()))?;
        Ok(OpenExhibit {
            reading,
            media: media.clone(),
            sha256: sha256.clone(),
        })
    }

    /// Destroys the bytes of every exhibit that an entry says was erased and that is still on disk;
    /// answers how many. The index only says where to look: the journal decides, and a case whose
    /// journal cannot be read loses nothing. Bytes that another exhibit of the case shares stay.
    /// Safe to run twice.
    ///
    /// # Errors
    /// The store's; what the file system said.
    pub async fn sweep_exhibits(&self, exhibits: &Exhibits) -> Result<usize> {
        let inner = Arc::clone(&self.inner);
        let files = move |view: &dyn View| {
            let mut files = Vec::new();
            let erased_in = view.erased_exhibits()?.into_iter().map(|row| row.journal);
            for id in erased_in.collect::<BTreeSet<_>>() {
                match erased(&inner, view, id) {
                    Ok(hashes) => files.extend(hashes.into_iter().map(|hash| (id, hash))),
                    Err(DeskError::Store(error)) => return Err(error.into()),
                    Err(error) => {
                        tracing::error!(journal = %id, %error, "nothing of it is destroyed");
                    }
                }
            }
            Ok::<_, DeskError>(files)
        };
        let files = self.inner.store.read(files).await?;
        let exhibits = exhibits.clone();
        let sweep = move || {
            let files = files.into_iter();
            let destroyed = files.map(|(id, hash)| exhibits.destroy(id.0, &hash));
            destroyed.collect::<std::io::Result<Vec<bool>>>()
        };
        let swept = tokio::task::spawn_blocking(sweep).await;
        let swept = swept.map_err(DeskError::bug)?;
        let swept = swept.map_err(|error| StoreError::Io(error.to_string()))?;
        Ok(swept.into_iter().filter(|destroyed| *destroyed).count())
    }

    async fn key_of(&self, case: &CaseView) -> Result<JournalKey> {
        let (inner, id) = (Arc::clone(&self.inner), case.row.journal);
        let key = move |view: &dyn View| journal::key(view, &inner.root, id);
        self.inner.store.read(key).await
    }
}

/// The bytes of a case that its entries say were erased, and that no other exhibit of it keeps.
fn erased(inner: &Inner, view: &dyn View, id: JournalId) -> Result<Vec<ExhibitHash>> {
    let readable = inner.reading.load(view, &inner.root, id)?;
    let part = &readable.case().part;
    let (gone, kept): (Vec<_>, Vec<_>) = part
        .evidence
        .exhibits
        .iter()
        .partition(|exhibit| part.record.is_redacted(exhibit.seq, BYTES));
    let kept: Vec<_> = kept
        .iter()
        .filter_map(|exhibit| bytes_of(&exhibit.what))
        .collect();
    let gone = gone.iter().filter_map(|exhibit| bytes_of(&exhibit.what));
    Ok(gone.filter(|hash| !kept.contains(hash)).collect())
}

/// The hash of an exhibit that is kept here.
pub(super) fn bytes_of(what: &What) -> Option<ExhibitHash> {
    match what {
        What::Upload { sha256, .. } => sha256.parse().ok(),
        What::Reference { .. } => None,
    }
}
