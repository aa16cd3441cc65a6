//! The last backup is too old: written down, and told to the admins once a day until there is a new one.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use procedure::Actor;
use serde_json::json;

use super::Desk;
use super::error::Result;
use crate::report::trouble;
use crate::store::Tx;

/// When the admins were told last. It speaks of this copy of the installation and is in no backup.
const TOLD: &str = "copy.backup_alarm";
/// They are told again after so long.
const AGAIN: SignedDuration = SignedDuration::from_hours(24);

impl Desk {
    /// Tells the admins that the last backup is so old, or that there is none yet, and why the last try failed;
    /// unless they were told within a day. Answers whether they were told now.
    ///
    /// # Errors
    /// The store's. Nobody is told then.
    pub async fn backup_is_late(
        &self,
        age: Option<SignedDuration>,
        failed: Option<&str>,
    ) -> Result<bool> {
        let inner = Arc::clone(&self.inner);
        let failed = failed.map(str::to_owned);
        let tell = move |tx: &mut dyn Tx| {
            let now = inner.clock.wall();
            let told = tx.setting(TOLD)?;
            let told = told.and_then(|at| String::from_utf8(at).ok()?.parse::<Timestamp>().ok());
            if told.is_some_and(|told| now.duration_since(told) < AGAIN) {
                return Ok(false);
            }
            tx.put_setting(TOLD, now.to_string().as_bytes())?;
            let body = json!({ "age_seconds": age.map(|age| age.as_secs()) });
            let seq = inner.note(tx, &Actor::system(), "backup_late", body)?;
            let words = trouble::backup_letter(age, failed.as_deref());
            super::damage::tell_admins(&inner, tx, seq, &words)?;
            Ok(true)
        };
        self.write(tell).await
    }
}
