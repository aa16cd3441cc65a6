//! A node's copy of the projects on its own disk, so that it can take reports and call people also where it starts while
//! the database is away: `known` beside the spool, in one encrypted piece, replaced as a whole.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::Ids;
use crate::store::{
    EntryRow, Hash, JournalId, JournalKind, JournalRow, PersonId, ProjectRow, SealedRow,
};
use crate::vault::{RootKey, SpoolKey};

const FILE: &str = "known";
/// Before the box; the last byte says which format it is.
const MARK: [u8; 4] = *b"HKP\x01";

/// A project as it was copied: all of it, or what had come to it since.
pub(super) struct Copy {
    pub(super) journal: JournalRow,
    pub(super) row: ProjectRow,
    pub(super) key: Vec<u8>,
    pub(super) people: BTreeSet<PersonId>,
    pub(super) entries: Vec<EntryRow>,
    pub(super) sealed: Vec<SealedRow>,
}

/// The copy on disk.
#[derive(Serialize, Deserialize)]
struct Written {
    at: Timestamp,
    projects: Vec<Project>,
}

#[derive(Serialize, Deserialize)]
struct Project {
    journal: Uuid,
    created_at: Timestamp,
    slug: String,
    name: String,
    prefix: String,
    basis: Option<Hash>,
    archived: bool,
    seq: u64,
    key: Bytes,
    people: BTreeSet<PersonId>,
    entries: Vec<Entry>,
    sealed: Vec<Sealed>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    seq: u64,
    at: Timestamp,
    kind: String,
    hash: Hash,
    bytes: Bytes,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    seq: u64,
    commitment: Hash,
    cipher: Bytes,
}

/// Bytes as base64.
#[derive(Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[derive(Clone)]
struct Bytes(Vec<u8>);

impl From<Bytes> for String {
    fn from(bytes: Bytes) -> Self {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(bytes.0)
    }
}

impl TryFrom<String> for Bytes {
    type Error = base64::DecodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        use base64::Engine as _;
        let bytes = base64::engine::general_purpose::STANDARD.decode(text)?;
        Ok(Self(bytes))
    }
}

/// Reads the copy, with the time at which it was true. Nothing if there is none, or none that this key opens whole.
pub(super) fn read(folder: &Path, root: &RootKey) -> Option<(Timestamp, Vec<Copy>)> {
    let bytes = match std::fs::read(folder.join(FILE)) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return None,
        read => read
            .inspect_err(
                |error| tracing::error!(%error, "this node's copy of the projects cannot be read"),
            )
            .ok()?,
    };
    let opened = bytes.strip_prefix(&MARK).and_then(|closed| {
        let opened = SpoolKey::of_the_copy(root).open(closed)?;
        serde_json::from_slice::<Written>(&opened).ok()
    });
    let Some(written) = opened else {
        tracing::error!(
            "this node's copy of the projects is damaged, or of another installation or version, and is not used"
        );
        return None;
    };
    let copies = written.projects.into_iter().map(Project::copy).collect();
    Some((written.at, copies))
}

/// Replaces the copy; on disk when this returns.
///
/// # Errors
/// The file system's: the one before is still there.
pub(super) fn write(
    folder: &Path,
    root: &RootKey,
    ids: &Ids,
    at: Timestamp,
    copies: Vec<Copy>,
) -> io::Result<()> {
    let projects = copies.into_iter().map(Project::of).collect();
    let written = serde_json::to_vec(&Written { at, projects })?;
    let closed = SpoolKey::of_the_copy(root).close(ids, &written);
    let aside = folder.join("known.new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&aside)?;
    file.write_all(&MARK)?;
    file.write_all(&closed)?;
    file.sync_all()?;
    std::fs::rename(&aside, folder.join(FILE))?;
    File::open(folder)?.sync_all()
}

impl Project {
    fn of(copy: Copy) -> Self {
        Self {
            journal: copy.journal.id.0,
            created_at: copy.journal.created_at,
            slug: copy.row.slug,
            name: copy.row.name,
            prefix: copy.row.prefix,
            basis: copy.row.basis,
            archived: copy.row.archived,
            seq: copy.row.seq,
            key: Bytes(copy.key),
            people: copy.people,
            entries: copy.entries.into_iter().map(Entry::of).collect(),
            sealed: copy.sealed.into_iter().map(Sealed::of).collect(),
        }
    }

    fn copy(self) -> Copy {
        let id = JournalId(self.journal);
        let entries = self.entries.into_iter().map(|entry| EntryRow {
            journal: id,
            seq: entry.seq,
            recorded_at: entry.at,
            kind: entry.kind,
            hash: entry.hash,
            bytes: entry.bytes.0,
        });
        let sealed = self.sealed.into_iter().map(|sealed| SealedRow {
            seq: sealed.seq,
            commitment: sealed.commitment,
            cipher: sealed.cipher.0,
        });
        Copy {
            journal: JournalRow {
                id,
                kind: JournalKind::Project,
                parent: None,
                created_at: self.created_at,
            },
            entries: entries.collect(),
            sealed: sealed.collect(),
            key: self.key.0,
            people: self.people,
            row: ProjectRow {
                journal: id,
                slug: self.slug,
                name: self.name,
                prefix: self.prefix,
                basis: self.basis,
                archived: self.archived,
                seq: self.seq,
            },
        }
    }
}

impl Entry {
    fn of(row: EntryRow) -> Self {
        Self {
            seq: row.seq,
            at: row.recorded_at,
            kind: row.kind,
            hash: row.hash,
            bytes: Bytes(row.bytes),
        }
    }
}

impl Sealed {
    fn of(row: SealedRow) -> Self {
        Self {
            seq: row.seq,
            commitment: row.commitment,
            cipher: Bytes(row.cipher),
        }
    }
}
