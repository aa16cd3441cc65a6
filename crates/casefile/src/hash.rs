//! The hash of an entry.

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
    fn the_zero_hash_is_64_zeros() {
        assert_eq!(Hash::ZERO.to_string(), "0".repeat(64));
    }
}
