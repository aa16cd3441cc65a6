//! Why a token opens nothing: whoever holds it is told, so that they know what to do about it.

use jiff::Timestamp;

use super::gate::Gate;
use super::secret;
use crate::desk::{Account, DeskError, TokenRow};

/// Why a token that was sent opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeadToken {
    /// It does not look like one.
    #[error("What was sent is no token of Henhouse, or not the whole of one.")]
    Odd,
    /// Nobody made it here.
    #[error(
        "The token that was sent is not known here: it was mistyped, or another installation made it."
    )]
    Unknown,
    /// It ran out.
    #[error("The token that was sent ran out on {}.", .0.strftime("%Y-%m-%d at %H:%M UTC"))]
    RanOut(Timestamp),
    /// Somebody ended it: by hand, or with the password of its person.
    #[error(
        "The token that was sent was ended on {}, by hand or with a password that was replaced.",
        .0.strftime("%Y-%m-%d at %H:%M UTC")
    )]
    Ended(Timestamp),
    /// Its person is locked out.
    #[error("The account of the token that was sent is locked.")]
    Locked,
}

impl DeadToken {
    /// What keeps this token from opening anything now, if something does.
    pub(super) fn of(row: &TokenRow, account: Option<&Account>, now: Timestamp) -> Option<Self> {
        if let Some(ended) = row.revoked_at {
            return Some(Self::Ended(ended));
        }
        if let Some(end) = row.expires_at.filter(|end| *end <= now) {
            return Some(Self::RanOut(end));
        }
        let open = row.person.is_empty() || account.is_some_and(|account| !account.disabled);
        (!open).then_some(Self::Locked)
    }
}

impl Gate {
    /// Why this token opens nothing; nothing where it does.
    ///
    /// # Errors
    /// The desk's.
    pub async fn why_dead(&self, token: &str) -> Result<Option<DeadToken>, DeskError> {
        if !secret::is_token(token) {
            return Ok(Some(DeadToken::Odd));
        }
        let known = self.desk.token_and_account(secret::hash(token)).await?;
        let now = self.desk.clock().wall();
        Ok(known.map_or(Some(DeadToken::Unknown), |(row, account)| {
            DeadToken::of(&row, account.as_ref(), now)
        }))
    }
}
