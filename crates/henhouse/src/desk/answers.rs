//! What was asked under a key, so that it counts once: remembered without its words, and not for ever.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::SignedDuration;
use sha2::Sha256;

use super::error::{DeskError, Result};
use super::{Desk, Inner};
use crate::store::Hash;

/// What the key of these hashes is derived under.
const LABEL: &str = "what was asked under an idempotency key";
/// A repetition later than this is a new request.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

impl Inner {
    /// What was asked under a key, told apart from anything else. Keyed, so that whoever has the
    /// database without the root key cannot confirm a guess at a text that was erased.
    pub(super) fn asked(&self, what: &str, asked: &impl serde::Serialize) -> Result<Hash> {
        let bytes = serde_json::to_vec(&(what, asked)).map_err(DeskError::bug)?;
        let key = self.root.derived(LABEL);
        let mut mac = Hmac::<Sha256>::new_from_slice(&*key).map_err(DeskError::bug)?;
        mac.update(&bytes);
        Ok(mac.finalize().into_bytes().into())
    }
}

impl Desk {
    /// Forgets the answers kept for repeated requests once they are 30 days old; says how many.
    ///
    /// # Errors
    /// The store's.
    pub async fn forget_answers(&self) -> Result<u64> {
        let now = self.inner.clock.wall();
        let before = now.saturating_sub(KEPT).map_err(DeskError::bug)?;
        self.write(move |tx| Ok(tx.purge_idempotency(before)?))
            .await
    }
}
