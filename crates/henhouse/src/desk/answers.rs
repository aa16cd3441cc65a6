//! What was asked under a key, so that it counts once: remembered without its words, and not for ever.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::error::{DeskError, Result};
use super::{Desk, Inner};
use crate::store::{Hash, IdempotencyRow, Tx};

/// What the key of these hashes is derived under.
const LABEL: &str = "what was asked under an idempotency key";
/// A repetition later than this is a new request.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A key under which a command is carried out once, however often it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneUse {
    /// Whose key; keys of two actors never meet.
    pub actor: String,
    /// The key.
    pub key: String,
}

/// How the keys begin of whoever is known only by what they showed.
const SHOWN: &str = "shown ";

impl OneUse {
    /// The key of somebody whose token or session cannot be looked up: by its hash.
    #[must_use]
    pub fn shown(hash: &Hash, key: String) -> Self {
        let digits = hash.iter().map(|byte| format!("{byte:02x}"));
        let actor = format!("{SHOWN}{}", digits.collect::<String>());
        Self { actor, key }
    }

    /// The hash of the token or session that was shown, where that is all that is known.
    pub(super) fn shown_hash(&self) -> Option<Hash> {
        let digits = self.actor.strip_prefix(SHOWN)?;
        let mut hash = Hash::default();
        if digits.len() != 2 * hash.len() {
            return None;
        }
        for (n, byte) in hash.iter_mut().enumerate() {
            *byte = u8::from_str_radix(digits.get(2 * n..2 * n + 2)?, 16).ok()?;
        }
        Some(hash)
    }
}

/// What is asked under a key.
pub(super) struct Asked {
    once: OneUse,
    command: Hash,
}

impl Inner {
    /// What is asked under a key, if there is one, told apart from anything else. Keyed, so that
    /// whoever has the database without the root key cannot confirm a guess at a text that was erased.
    pub(super) fn asked(
        &self,
        once: Option<OneUse>,
        what: &str,
        asked: &impl Serialize,
    ) -> Result<Option<Asked>> {
        let Some(once) = once else { return Ok(None) };
        let bytes = serde_json::to_vec(&(what, asked)).map_err(DeskError::bug)?;
        let key = self.root.derived(LABEL);
        let mut mac = Hmac::<Sha256>::new_from_slice(&*key).map_err(DeskError::bug)?;
        mac.update(&bytes);
        let command = mac.finalize().into_bytes().into();
        Ok(Some(Asked { once, command }))
    }
}

/// The answer that was given to this key before.
pub(super) fn kept_answer<T: for<'de> Deserialize<'de>>(
    tx: &dyn Tx,
    asked: Option<&Asked>,
) -> Result<Option<T>> {
    let Some(Asked { once, command }) = asked else {
        return Ok(None);
    };
    let Some(kept) = tx.idempotency(&once.actor, &once.key)? else {
        return Ok(None);
    };
    if kept.command != *command {
        return Err(DeskError::KeyReused);
    }
    serde_json::from_slice(&kept.answer)
        .map(Some)
        .map_err(DeskError::bug)
}

/// Keeps the answer in the transaction of its command.
pub(super) fn keep_answer(
    tx: &mut dyn Tx,
    asked: Option<Asked>,
    answer: &impl Serialize,
    at: Timestamp,
) -> Result<()> {
    let Some(Asked { once, command }) = asked else {
        return Ok(());
    };
    let answer = serde_json::to_vec(answer).map_err(DeskError::bug)?;
    Ok(tx.put_idempotency(&IdempotencyRow {
        actor: once.actor,
        key: once.key,
        command,
        answer,
        at,
    })?)
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
