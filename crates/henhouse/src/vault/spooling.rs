//! What waits in a node's spool is encrypted as everything else that lies on disk, under a key of its own.

use zeroize::Zeroizing;

use super::cipher;
use super::root_key::RootKey;
use crate::ids::Ids;

const LABEL: &str = "henhouse/spool-key/v1";
const DOMAIN: &[u8] = b"henhouse/spool/v1\0";
const COPY_LABEL: &str = "henhouse/known-projects-key/v1";
const COPY_DOMAIN: &[u8] = b"henhouse/known-projects/v1\0";

/// The key of what the nodes of an installation keep beside the database. Wiped from memory when dropped.
pub struct SpoolKey {
    key: Zeroizing<[u8; 32]>,
    domain: &'static [u8],
}

impl SpoolKey {
    /// Derives the key of the spools from the installation's root key.
    #[must_use]
    pub fn derive(root: &RootKey) -> Self {
        Self {
            key: root.derived(LABEL),
            domain: DOMAIN,
        }
    }

    /// The same for a node's copy of the projects.
    #[must_use]
    pub fn of_the_copy(root: &RootKey) -> Self {
        Self {
            key: root.derived(COPY_LABEL),
            domain: COPY_DOMAIN,
        }
    }

    /// The content as it may lie on disk.
    #[must_use]
    pub fn close(&self, ids: &Ids, content: &[u8]) -> Vec<u8> {
        cipher::close(&self.key, ids.nonce(), self.domain, content)
    }

    /// The content again; nothing for what was cut off, changed, or closed under another key.
    #[must_use]
    pub fn open(&self, closed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        cipher::open(&self.key, self.domain, closed).ok()
    }
}
