//! The hash of an entry, and the hash of an exhibit.

use sha2::{Digest as _, Sha256};

use crate::hex::spelled_in_hex;

/// Put before the canonical bytes, so that an entry's hash can never be taken for a hash of anything else.
const ENTRY_DOMAIN: &[u8] = b"henhouse/entry/v1\0";

/// SHA-256 of an entry; spelled as 64 lowercase hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

spelled_in_hex!(Hash);

impl Hash {
    /// What the first entry of a journal names as the hash before it.
    pub const ZERO: Self = Self([0; 32]);

    /// The hash of an entry: SHA-256 over `henhouse/entry/v1`, a zero byte, and the entry's canonical bytes.
    #[must_use]
    pub fn of_entry(canonical_bytes: &[u8]) -> Self {
        let digest = Sha256::new()
            .chain_update(ENTRY_DOMAIN)
            .chain_update(canonical_bytes);
        Self(digest.finalize().into())
    }
}

/// SHA-256 of an exhibit's bytes and nothing else, so that anyone can compare it with what `sha256sum` prints; spelled
/// as 64 lowercase hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExhibitHash([u8; 32]);

spelled_in_hex!(ExhibitHash);

impl ExhibitHash {
    /// The hash of an exhibit that is in memory as a whole.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn a_hash_has_one_spelling() {
        let hash = Hash::of_entry(b"{}");
        let text = hash.to_string();
        assert_eq!(text.parse::<Hash>().unwrap(), hash);
        assert_eq!(serde_json::to_string(&hash).unwrap(), format!("\"{text}\""));
        for wrong in [
            text.to_uppercase(),
            text[1..].to_owned(),
            format!("{text}0"),
            format!(" {}", &text[1..]),
            format!("+{}", &text[1..]),
            "é".repeat(32),
            String::new(),
        ] {
            assert!(wrong.parse::<Hash>().is_err(), "{wrong} was accepted");
        }
    }

    #[test]
    fn an_exhibit_has_the_hash_that_sha256sum_prints() {
        assert_eq!(
            ExhibitHash::of(b"abc").to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn the_zero_hash_is_64_zeros() {
        assert_eq!(Hash::ZERO.to_string(), "0".repeat(64));
    }
}
