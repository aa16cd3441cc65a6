//! The key of one backup: encrypts its files, and stands at the head of each of them, wrapped by the root key.
//!
//! So a backup opens with the root key and nothing else, and the root key is in none.

use std::io::{self, Read, Write};

use uuid::Uuid;
use zeroize::Zeroizing;

use super::cipher;
use super::root_key::RootKey;
use super::stream::{Binding, Decoder, Encoder};
use crate::ids::Ids;

const HEAD: &[u8; 8] = b"HHBACKUP";
const VERSION: u8 = 1;
const MAGIC: &[u8; 8] = b"HHSTREAM";
const KEY_DOMAIN: &[u8] = b"henhouse/backup-key/v1\0";
const DOMAIN: &[u8] = b"henhouse/backup/v1\0";
const WRAPPED_BYTES: usize = 73;

/// Which file of a backup: one never opens as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackupPart {
    /// The rows.
    Rows,
    /// What the backup says of itself.
    Manifest,
}

impl BackupPart {
    fn mark(self) -> &'static [u8] {
        match self {
            Self::Rows => b"rows",
            Self::Manifest => b"manifest",
        }
    }
}

/// The key of one backup. Wiped from memory when dropped, never printed.
pub struct BackupKey {
    id: Uuid,
    key: Zeroizing<[u8; 32]>,
    wrapped: Vec<u8>,
}

impl std::fmt::Debug for BackupKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BackupKey({}, ..)", self.id)
    }
}

impl BackupKey {
    /// A new random key for a new backup.
    pub fn create(id: Uuid, root: &RootKey, ids: &Ids) -> Self {
        let key = ids.key();
        let bound_to = [KEY_DOMAIN, id.as_bytes()].concat();
        let wrapped = cipher::close(root.bytes(), ids.nonce(), &bound_to, key.as_slice());
        Self { id, key, wrapped }
    }

    /// Which backup.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Begins an encrypted file. Nothing of it is whole before [`Closing::finish`].
    ///
    /// # Errors
    /// What `out` says.
    pub fn close<W: Write>(
        &self,
        mut out: W,
        part: BackupPart,
        ids: &Ids,
    ) -> io::Result<Closing<W>> {
        out.write_all(HEAD)?;
        out.write_all(&[VERSION])?;
        out.write_all(self.id.as_bytes())?;
        out.write_all(&self.wrapped)?;
        let encoder = Encoder::new(out, self.binding(part), ids.nonce())?;
        Ok(Closing(encoder))
    }

    fn binding(&self, part: BackupPart) -> Binding<'_> {
        Binding {
            magic: MAGIC,
            key: &self.key,
            bound_to: [DOMAIN, self.id.as_bytes(), part.mark()].concat(),
        }
    }
}

/// Opens a file of a backup: which backup it belongs to, and its content, of which no byte comes that was not
/// checked, and the end only if it is whole.
///
/// # Errors
/// It is no such file, the root key is another one, or what `from` says.
pub fn open_backup<R: Read>(
    mut from: R,
    part: BackupPart,
    root: &RootKey,
) -> io::Result<(Uuid, impl Read)> {
    let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let mut head = [0; HEAD.len() + 1 + 16 + WRAPPED_BYTES];
    from.read_exact(&mut head)
        .map_err(|cause| match cause.kind() {
            io::ErrorKind::UnexpectedEof => wrong("it was cut off"),
            _ => cause,
        })?;
    let (magic, rest) = head.split_at(HEAD.len());
    let (version, rest) = rest.split_at(1);
    let (id, wrapped) = rest.split_at(16);
    if magic != HEAD {
        return Err(wrong("it is no backup of this program"));
    }
    if version != [VERSION] {
        return Err(wrong("it was made by a newer Henhouse"));
    }
    let id = Uuid::from_slice(id).map_err(|_| wrong("it was changed"))?;
    let bound_to = [KEY_DOMAIN, id.as_bytes()].concat();
    let opened = cipher::open(root.bytes(), &bound_to, wrapped)
        .ok()
        .and_then(|key| Some(Zeroizing::new(<[u8; 32]>::try_from(key.as_slice()).ok()?)));
    let key = opened.ok_or_else(|| {
        wrong("the root key does not open it: the key is another installation's, or the file was changed")
    })?;
    let key = BackupKey {
        id,
        key,
        wrapped: Vec::new(),
    };
    let decoder = Decoder::new(from, key.binding(part), None)?;
    Ok((id, decoder))
}

/// A file of a backup that is being written.
pub struct Closing<W>(Encoder<W>);

impl<W: Write> Closing<W> {
    /// Ends the file; answers where it was written.
    ///
    /// # Errors
    /// What the place says.
    pub fn finish(self) -> io::Result<W> {
        Ok(self.0.finish()?.0)
    }
}

impl<W: Write> Write for Closing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
