//! What a backup says of itself: when, of what, how much, and which exhibits belong to it. Encrypted, and
//! written last.

use std::io::{Read as _, Write as _};

use casefile::ExhibitHash;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::{BackupError, Result};
use super::place::{MANIFEST, Place};
use super::tally::Sum;
use super::wire;
use crate::ids::Ids;
use crate::store::Hash;
use crate::vault::{BackupKey, BackupPart, RootKey, open_backup};

/// The format that this program writes; a newer one is refused.
pub(super) const FORMAT: u32 = 1;
/// No manifest is longer.
const LONGEST: u64 = 1 << 30;

/// One exhibit of a backup.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    /// Whose.
    pub journal: Uuid,
    /// Of its plain bytes: its name.
    #[serde(with = "wire::hash")]
    pub sha256: Hash,
}

impl Piece {
    /// Its name.
    #[must_use]
    pub fn hash(&self) -> ExhibitHash {
        self.sha256.into()
    }
}

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of the format.
    pub format: u32,
    /// Which backup.
    pub id: Uuid,
    /// The moment that it shows: when its reading began.
    pub made_at: Timestamp,
    /// By which version of the program.
    pub program: String,
    /// What kept the rows.
    pub backend: String,
    /// All rows.
    pub rows: Sum,
    /// How long the file of the rows is, in bytes.
    pub rows_bytes: u64,
    /// The exhibits that belong to it.
    pub exhibits: Vec<Piece>,
    /// Exhibits that should be there and were missing or damaged when it was made.
    pub missing: Vec<Piece>,
    /// One sentence for each chain that did not hold when it was made.
    pub findings: Vec<String>,
    /// The settings file of the data directory, if there was one.
    pub settings: Option<String>,
}

impl Manifest {
    /// Writes it, which makes the backup whole.
    ///
    /// # Errors
    /// What the place says.
    pub(super) fn write(
        &self,
        place: &Place,
        name: &str,
        key: &BackupKey,
        ids: &Ids,
    ) -> Result<()> {
        let json = serde_json::to_vec(self)
            .map_err(|error| BackupError::Damaged(format!("no manifest: {error}")))?;
        let failed = |cause| place.failed(&format!("{name}/{MANIFEST}"), "written", cause);
        let wrote = place.put(name, MANIFEST, |out| {
            let mut closing = key.close(out, BackupPart::Manifest, ids).map_err(failed)?;
            closing.write_all(&json).map_err(failed)?;
            closing.finish().map(drop).map_err(failed)
        });
        wrote.map(drop)
    }

    /// Reads it.
    ///
    /// # Errors
    /// The backup did not come to its end, was changed, or is another installation's.
    pub(super) fn read(place: &Place, name: &str, root: &RootKey) -> Result<Self> {
        let file = place.open(name, MANIFEST)?;
        let mut json = Vec::new();
        let path = place.path(&format!("{name}/{MANIFEST}"));
        let damaged = |what: String| BackupError::Damaged(format!("{}: {what}", path.display()));
        let (id, opened) = open_backup(file, BackupPart::Manifest, root)
            .map_err(|cause| damaged(cause.to_string()))?;
        let read = opened.take(LONGEST).read_to_end(&mut json);
        read.map_err(|cause| damaged(cause.to_string()))?;
        let manifest: Self =
            serde_json::from_slice(&json).map_err(|error| damaged(error.to_string()))?;
        if manifest.format != FORMAT || manifest.id != id {
            return Err(damaged(
                "it was made by a newer Henhouse, or moved here".to_owned(),
            ));
        }
        Ok(manifest)
    }
}
