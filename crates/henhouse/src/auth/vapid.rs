//! Who sends a push, told to its push service (VAPID, RFC 8292): a token signed with ES256. The key follows from the
//! installation's root key, so that all nodes have it and nobody makes a file.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::vault::RootKey;

/// What the key is derived under.
const LABEL: &str = "the key by which push services know this installation";
/// A token is good for so long; RFC 8292 allows a day.
const LASTS: SignedDuration = SignedDuration::from_hours(12);

/// The installation's key for push services.
#[derive(Clone)]
pub struct VapidKey(SigningKey);

impl VapidKey {
    /// The one of this installation, the same on every node and after every start.
    #[must_use]
    pub fn derive(root: &RootKey) -> Self {
        let mut seed = root.derived(LABEL);
        loop {
            // One seed of four thousand million is none of a key.
            match SigningKey::from_slice(&*seed) {
                Ok(key) => return Self(key),
                Err(_) => {
                    let next = Sha256::digest(*seed);
                    seed.copy_from_slice(&next);
                }
            }
        }
    }

    /// What browsers are told of it: the point, uncompressed, in base64url.
    #[must_use]
    pub fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.verifying_key().to_sec1_bytes())
    }

    /// The header by which a push service knows us. `origin` is its own, `contact` whom it may write to.
    #[must_use]
    pub fn authorization(&self, origin: &str, contact: &str, now: Timestamp) -> String {
        let until = now.saturating_add(LASTS).unwrap_or(Timestamp::MAX);
        let said = claims(origin, until.as_second(), contact);
        let signature: Signature = self.0.sign(said.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
        format!("vapid t={said}.{signature},k={}", self.public())
    }
}

/// Head and claims, as they are signed.
fn claims(origin: &str, until: i64, contact: &str) -> String {
    let head = URL_SAFE_NO_PAD.encode(br#"{"typ":"JWT","alg":"ES256"}"#);
    let claims = json!({ "aud": origin, "exp": until, "sub": contact });
    format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::Verifier as _;

    use super::*;
    use crate::ids::Ids;

    fn verifies(key: &str, said: &str, signature: &str) -> bool {
        let key = URL_SAFE_NO_PAD.decode(key).unwrap();
        let key = VerifyingKey::from_sec1_bytes(&key).unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let signature = Signature::from_slice(&signature).unwrap();
        key.verify(said.as_bytes(), &signature).is_ok()
    }

    /// RFC 8292, 2.4: what we sign for the same words is what its example signs, byte for byte.
    #[test]
    fn what_is_signed_is_what_the_example_of_the_standard_signs() {
        let said = claims(
            "https://push.example.net",
            1_453_523_768,
            "mailto:push@example.com",
        );
        assert_eq!(
            said,
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3Njgs\
             InN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0"
        );
        assert!(verifies(
            "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs",
            &said,
            "i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA"
        ));
    }

    #[test]
    fn each_installation_has_a_key_of_its_own_and_signs_for_twelve_hours() {
        let folder = tempfile::tempdir().unwrap();
        let root = |n: u64| {
            let at = folder.path().join(n.to_string());
            RootKey::open(&at, true, &Ids::seeded(n)).unwrap()
        };
        let key = VapidKey::derive(&root(1));
        assert_eq!(key.public(), VapidKey::derive(&root(1)).public());
        assert_ne!(key.public(), VapidKey::derive(&root(2)).public());
        let now = Timestamp::from_second(1_000).unwrap();
        let said = key.authorization("https://push.example", "mailto:a@b.example", now);
        let (token, public) = said
            .strip_prefix("vapid t=")
            .unwrap()
            .split_once(",k=")
            .unwrap();
        let (said, signature) = token.rsplit_once('.').unwrap();
        assert!(verifies(public, said, signature));
        assert!(!verifies(
            &VapidKey::derive(&root(2)).public(),
            said,
            signature
        ));
        let claims = URL_SAFE_NO_PAD
            .decode(said.split_once('.').unwrap().1)
            .unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["exp"], 1_000 + 12 * 3_600);
        assert_eq!(claims["aud"], "https://push.example");
    }
}
