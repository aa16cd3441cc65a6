//! What waits in a node's spool is encrypted as everything else that lies on disk, under a key of its own.

use zeroize::Zeroizing;

use super::cipher;
use super::root_key::RootKey;
use crate::ids::Ids;

const LABEL: &str = "henhouse/spool-key/v1";
const DOMAIN: &[u8] = b"henhouse/spool/v1\0";

/// The key of the spools of an installation. Wiped from memory when dropped.
pub struct SpoolKey(Zeroizing<[u8; 32]>);

impl SpoolKey {
    /// Derives the key from the installation's root key.
    #[must_use]
    pub fn derive(root: &RootKey) -> Self {
        Self(root.derived(LABEL))
    }

    /// The content as it may lie on disk.
    #[must_use]
    pub fn close(&self, ids: &Ids, content: &[u8]) -> Vec<u8> {
        cipher::close(&self.0, ids.nonce(), DOMAIN, content)
    }

    /// The content again; nothing for what was cut off, changed, or closed under another key.
    #[must_use]
    pub fn open(&self, closed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        cipher::open(&self.0, DOMAIN, closed).ok()
    }
}
