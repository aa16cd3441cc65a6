//! The clock of a drill: kept over restarts, and moved in steps, so that everything that
//! time owes on the way happens at its own time.

use std::sync::Arc;

use jiff::Timestamp;

use super::Desk;
use super::error::{DeskError, Result};
use crate::store::StoreError;

/// The setting under which a drill keeps its case time.
const CLOCK_SETTING: &str = "drill.clock";

/// Where a drill's clock stands; a new drill's is set to `begin` and kept.
///
/// # Errors
/// The store's.
pub fn begin_clock(
    tx: &mut dyn crate::store::Tx,
    begin: Timestamp,
) -> std::result::Result<Timestamp, StoreError> {
    if let Some(kept) = kept_clock(tx)? {
        return Ok(kept);
    }
    tx.put_setting(CLOCK_SETTING, begin.to_string().as_bytes())?;
    Ok(begin)
}

/// Where the drill's clock stood when it was last kept.
fn kept_clock(tx: &dyn crate::store::Tx) -> std::result::Result<Option<Timestamp>, StoreError> {
    let kept = tx.setting(CLOCK_SETTING)?;
    Ok(kept.and_then(|bytes| String::from_utf8(bytes).ok()?.parse().ok()))
}

impl Desk {
    /// Moves case time forward to `to`, stopping at each wake on the way. `settled` is awaited at
    /// every stop, so that the outbox has its turn.
    ///
    /// # Errors
    /// On real time, backwards, or when the store cannot write.
    pub async fn advance<F: Future<Output = ()>>(
        &self,
        to: Timestamp,
        settled: impl Fn() -> F,
    ) -> Result<Timestamp> {
        self.pulse().await?;
        loop {
            let (stop, there) = self.next_stop(to).await?;
            self.pulse().await?;
            settled().await;
            if there {
                return Ok(stop);
            }
        }
    }

    /// Moves on to the next wake, at most to `to`; answers where that is, and whether nothing is left on the way. It
    /// happens among the writes, so that no command that is under way owes something in between; and the time is kept
    /// with it, so that after a crash the clock never stands before an entry.
    async fn next_stop(&self, to: Timestamp) -> Result<(Timestamp, bool)> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            let clock = &inner.clock;
            let wake = inner.earliest_wake(tx)?.filter(|wake| *wake <= to);
            let stop = wake.unwrap_or(to).max(clock.now());
            if kept_clock(tx)?.is_none_or(|kept| kept < stop) {
                tx.put_setting(CLOCK_SETTING, stop.to_string().as_bytes())?;
            }
            let cannot = |error: crate::clock::CannotMove| DeskError::BadInput {
                field: "advance".to_owned(),
                sentence: error.to_string(),
            };
            clock.set(stop).map_err(cannot)?;
            Ok((stop, wake.is_none()))
        })
        .await
    }

    /// Whether anything waits to be sent now.
    ///
    /// # Errors
    /// The store's.
    pub async fn outbox_is_idle(&self) -> Result<bool> {
        let now = self.inner.clock.wall();
        let earliest = self
            .inner
            .store
            .read(|view| view.earliest_delivery(crate::store::Lane::Ordinary))
            .await?;
        Ok(earliest.is_none_or(|at| at > now))
    }
}
