//! Secrets of 256 bits: tokens, sessions, the set-up link. What is kept is their SHA-256; there is
//! nothing in them to guess, so a slow hash would protect nothing.

use sha2::{Digest as _, Sha256};

use crate::ids::Ids;

/// What every API token begins with, so that a leaked one is found by a search.
const TOKEN_MARK: &str = "hh_";

/// A new API token: `hh_` and 43 characters.
#[must_use]
pub fn new_token(ids: &Ids) -> String {
    format!("{TOKEN_MARK}{}", ids.token())
}

/// A new key of an alert source: `hha_` and 43 characters.
#[must_use]
pub fn new_source_key(ids: &Ids) -> String {
    format!("hha_{}", ids.token())
}

/// What is kept of a secret.
#[must_use]
pub fn hash(secret: &str) -> [u8; 32] {
    Sha256::new()
        .chain_update(b"henhouse/secret/v1\0")
        .chain_update(secret)
        .finalize()
        .into()
}

/// Whether it looks like an API token; anything else is not looked up.
#[must_use]
pub fn is_token(text: &str) -> bool {
    text.len() == TOKEN_MARK.len() + 43 && text.starts_with(TOKEN_MARK)
}

/// What every form of a session carries, so that another site cannot make one. It follows from
/// the cookie and says nothing about it.
#[must_use]
pub fn form_token(session: &str) -> String {
    let digest = Sha256::new()
        .chain_update(b"henhouse/form/v1\0")
        .chain_update(session)
        .finalize();
    digest
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_recognised_and_its_hash_is_another_thing_than_the_form_token() {
        let token = new_token(&Ids::seeded(1));
        assert!(is_token(&token));
        assert!(!is_token("hh_short") && !is_token(&"x".repeat(46)));
        let hex: String = hash(&token).iter().map(|b| format!("{b:02x}")).collect();
        assert!(!hex.starts_with(&form_token(&token)));
    }
}
