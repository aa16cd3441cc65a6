//! Sealed texts at rest: salt and words, encrypted under the journal's key and bound to their commitment.

use casefile::{Commitment, Opened, sealed};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::cipher;
use super::journal_key::JournalKey;
use crate::ids::Ids;

const DOMAIN: &[u8] = b"henhouse/sealed-text/v1\0";

/// A stored text that does not open. It says nothing of the words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the text {commitment} of journal {journal} does not open: it was changed, or belongs elsewhere; \
     run `henhouse verify` and restore it from a backup"
)]
pub struct CannotOpen {
    /// Whose text.
    pub journal: Uuid,
    /// Which one.
    pub commitment: Commitment,
}

impl JournalKey {
    /// What to store beside the journal for one sealed text, addressed by journal and commitment.
    pub fn encrypt(&self, opened: &Opened, ids: &Ids) -> Vec<u8> {
        let mut content = Zeroizing::new(Vec::with_capacity(32 + opened.text.len()));
        content.extend_from_slice(&opened.salt);
        content.extend_from_slice(opened.text.as_bytes());
        let bound_to = bound_to(self.journal(), &opened.commitment);
        cipher::close(self.bytes(), ids.nonce(), &bound_to, &content)
    }

    /// The text out of what [`JournalKey::encrypt`] gave. The words answered always match the commitment.
    ///
    /// # Errors
    /// [`CannotOpen`] for another journal's key, another commitment, or changed bytes.
    pub fn decrypt(&self, commitment: &Commitment, cipher: &[u8]) -> Result<Opened, CannotOpen> {
        let bound_to = bound_to(self.journal(), commitment);
        let content = cipher::open(self.bytes(), &bound_to, cipher).ok();
        content
            .and_then(|content| read(commitment, &content))
            .ok_or(CannotOpen {
                journal: self.journal(),
                commitment: *commitment,
            })
    }
}

const MESSAGE: &[u8] = b"henhouse/message/v1\0";

impl JournalKey {
    /// A frozen message of a restricted case, as the outbox may hold it.
    pub fn close_message(&self, content: &[u8], ids: &Ids) -> Vec<u8> {
        cipher::close(self.bytes(), ids.nonce(), &self.bound_message(), content)
    }

    /// The message out of what [`JournalKey::close_message`] gave; `None` if it was changed or
    /// belongs to another journal.
    pub fn open_message(&self, cipher: &[u8]) -> Option<Vec<u8>> {
        let content = cipher::open(self.bytes(), &self.bound_message(), cipher).ok()?;
        Some(content.to_vec())
    }

    fn bound_message(&self) -> Vec<u8> {
        [MESSAGE, self.journal().as_bytes()].concat()
    }
}

const ACCESS: &[u8] = b"henhouse/access/v1\0";

impl JournalKey {
    /// What opens a door, such as the factors of an account, as it may be stored. `what` says whose it is; it opens as
    /// nothing else.
    pub fn close_access(&self, what: &str, content: &[u8], ids: &Ids) -> Vec<u8> {
        cipher::close(self.bytes(), ids.nonce(), &self.bound_access(what), content)
    }

    /// The content out of what [`JournalKey::close_access`] gave; `None` if it was changed or belongs elsewhere.
    pub fn open_access(&self, what: &str, cipher: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        cipher::open(self.bytes(), &self.bound_access(what), cipher).ok()
    }

    fn bound_access(&self, what: &str) -> Vec<u8> {
        [ACCESS, self.journal().as_bytes(), what.as_bytes()].concat()
    }
}

fn read(commitment: &Commitment, content: &[u8]) -> Option<Opened> {
    let (salt, text) = content.split_first_chunk::<32>()?;
    let text = std::str::from_utf8(text).ok()?;
    (sealed::commit(salt, text) == *commitment).then(|| Opened {
        commitment: *commitment,
        salt: *salt,
        text: text.to_owned(),
    })
}

fn bound_to(journal: Uuid, commitment: &Commitment) -> Vec<u8> {
    [DOMAIN, journal.as_bytes(), commitment.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn opened(text: &str) -> Opened {
        let salt = [9; 32];
        Opened {
            commitment: sealed::commit(&salt, text),
            salt,
            text: text.to_owned(),
        }
    }

    fn key(journal: u128) -> JournalKey {
        JournalKey::create(Uuid::from_u128(journal), &Ids::seeded(5))
    }

    #[test]
    fn an_encrypted_text_opens_again_and_does_not_show_its_words() {
        let (key, ids) = (key(142), Ids::seeded(6));
        for text in ["two chickens are loose", "", "Jané 🐔"] {
            let stored = key.encrypt(&opened(text), &ids);
            assert_eq!(
                key.decrypt(&opened(text).commitment, &stored).unwrap(),
                opened(text)
            );
            assert!(
                text.is_empty()
                    || !stored
                        .windows(text.len())
                        .any(|part| part == text.as_bytes())
            );
        }
    }

    #[test]
    fn an_encrypted_text_opens_in_its_place_only() {
        let ids = Ids::seeded(6);
        let stored = key(142).encrypt(&opened("Jane"), &ids);
        assert!(
            key(142)
                .decrypt(&opened("John").commitment, &stored)
                .is_err()
        );
        assert!(
            key(143)
                .decrypt(&opened("Jane").commitment, &stored)
                .is_err(),
            "the same key bytes for another journal do not open it"
        );
        let other = JournalKey::create(Uuid::from_u128(142), &Ids::seeded(7));
        assert!(other.decrypt(&opened("Jane").commitment, &stored).is_err());
    }

    #[test]
    fn any_flipped_bit_and_any_cut_is_refused() {
        let (key, ids) = (key(142), Ids::seeded(6));
        let commitment = opened("Jane").commitment;
        let stored = key.encrypt(&opened("Jane"), &ids);
        for bit in 0..stored.len() * 8 {
            let mut bad = stored.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(key.decrypt(&commitment, &bad).is_err(), "bit {bit}");
        }
        for length in 0..stored.len() {
            assert!(key.decrypt(&commitment, &stored[..length]).is_err());
        }
    }

    #[test]
    fn words_that_do_not_match_their_commitment_are_never_answered() {
        let (key, ids) = (key(142), Ids::seeded(6));
        let forged = Opened {
            text: "John".into(),
            ..opened("Jane")
        };
        let stored = key.encrypt(&forged, &ids);
        assert!(key.decrypt(&forged.commitment, &stored).is_err());
    }
}
