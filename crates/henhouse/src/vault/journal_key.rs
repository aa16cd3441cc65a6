//! The key of one journal: encrypts its sealed texts and exhibits, and is itself stored wrapped by the root key.
//!
//! One key for each journal, so that a case can be handed over, or destroyed for good, without touching another.

use std::fmt;

use uuid::Uuid;
use zeroize::Zeroizing;

use super::cipher;
use super::root_key::RootKey;
use crate::ids::Ids;

const DOMAIN: &[u8] = b"henhouse/journal-key/v1\0";

/// The key of one journal. Wiped from memory when dropped, never printed.
#[derive(Clone)]
pub struct JournalKey {
    journal: Uuid,
    key: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for JournalKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JournalKey({}, ..)", self.journal)
    }
}

/// A wrapped journal key that the root key does not open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the key of journal {journal} does not open: the root key is another one than the one it was wrapped with, \
     or the stored key was changed; put back the root key that belongs to this data"
)]
pub struct WrongKey {
    /// Whose key.
    pub journal: Uuid,
}

impl JournalKey {
    /// A new random key for a new journal.
    pub fn create(journal: Uuid, ids: &Ids) -> Self {
        let key = ids.key();
        Self { journal, key }
    }

    /// The key as it may be stored: 73 bytes, bound to the journal.
    pub fn wrap(&self, root: &RootKey, ids: &Ids) -> Vec<u8> {
        let bound_to = bound_to(self.journal);
        cipher::close(root.bytes(), ids.nonce(), &bound_to, self.key.as_slice())
    }

    /// The key out of what [`JournalKey::wrap`] gave for the same journal.
    ///
    /// # Errors
    /// [`WrongKey`] for another root key, another journal, or changed bytes.
    pub fn unwrap(root: &RootKey, journal: Uuid, wrapped: &[u8]) -> Result<Self, WrongKey> {
        let wrong = || WrongKey { journal };
        let opened =
            cipher::open(root.bytes(), &bound_to(journal), wrapped).map_err(|_| wrong())?;
        let mut key = Zeroizing::new([0; 32]);
        if opened.len() != key.len() {
            return Err(wrong());
        }
        key.copy_from_slice(&opened);
        Ok(Self { journal, key })
    }

    /// Whose key.
    pub fn journal(&self) -> Uuid {
        self.journal
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.key
    }
}

fn bound_to(journal: Uuid) -> Vec<u8> {
    [DOMAIN, journal.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn root(seed: u64) -> RootKey {
        let folder = tempfile::tempdir().unwrap();
        RootKey::create(&folder.path().join("root.key"), &Ids::seeded(seed)).unwrap()
    }

    #[test]
    fn a_wrapped_key_opens_again() {
        let (root, ids) = (root(1), Ids::seeded(2));
        let key = JournalKey::create(Uuid::from_u128(142), &ids);
        let wrapped = key.wrap(&root, &ids);
        assert_eq!(wrapped.len(), 73);
        let opened = JournalKey::unwrap(&root, key.journal(), &wrapped).unwrap();
        assert_eq!(opened.bytes(), key.bytes());
        assert_ne!(
            wrapped,
            key.wrap(&root, &ids),
            "each wrapping has its own nonce"
        );
    }

    #[test]
    fn a_wrapped_key_opens_for_its_journal_and_root_key_only() {
        let ids = Ids::seeded(2);
        let key = JournalKey::create(Uuid::from_u128(142), &ids);
        let wrapped = key.wrap(&root(1), &ids);
        assert!(JournalKey::unwrap(&root(1), Uuid::from_u128(143), &wrapped).is_err());
        assert!(JournalKey::unwrap(&root(3), key.journal(), &wrapped).is_err());
    }

    #[test]
    fn any_flipped_bit_and_any_cut_of_a_wrapped_key_is_refused() {
        let (root, ids) = (root(1), Ids::seeded(2));
        let key = JournalKey::create(Uuid::from_u128(142), &ids);
        let wrapped = key.wrap(&root, &ids);
        for bit in 0..wrapped.len() * 8 {
            let mut bad = wrapped.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(
                JournalKey::unwrap(&root, key.journal(), &bad).is_err(),
                "bit {bit}"
            );
        }
        for length in 0..wrapped.len() {
            assert!(JournalKey::unwrap(&root, key.journal(), &wrapped[..length]).is_err());
        }
    }

    #[test]
    fn debug_output_keeps_the_key_to_itself() {
        let key = JournalKey::create(Uuid::from_u128(142), &Ids::seeded(2));
        assert_eq!(
            format!("{key:?}"),
            "JournalKey(00000000-0000-0000-0000-00000000008e, ..)"
        );
    }
}
