//! The clock of a drill: kept over restarts, and moved in steps, so that everything that
//! time owes on the way happens at its own time.

use std::sync::Arc;

use jiff::Timestamp;

use super::Desk;
use super::error::{DeskError, Result};
use crate::clock::CannotMove;
use crate::store::{JournalKind, StoreError, View};

/// A drill's clock goes at most so many times as fast as a real one: whoever is faster practises nothing, and mail
/// leaves in real time.
pub const FASTEST: u32 = 60;

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
        // A clock that went by itself stood later than where it was last moved to.
        return Ok(last_entry(tx)?.map_or(kept, |last| last.max(kept)));
    }
    tx.put_setting(CLOCK_SETTING, begin.to_string().as_bytes())?;
    Ok(begin)
}

/// When the last entry of any journal was recorded: no clock may stand before it.
fn last_entry(view: &dyn View) -> std::result::Result<Option<Timestamp>, StoreError> {
    let mut last = None;
    for kind in [
        JournalKind::Installation,
        JournalKind::Project,
        JournalKind::Case,
    ] {
        for journal in view.journals(kind)? {
            let head = view.head(journal.id)?;
            let before = head.seq.saturating_sub(1);
            let newest = view.entries(journal.id, before, 1)?.pop();
            last = last.max(newest.map(|entry| entry.recorded_at));
        }
    }
    Ok(last)
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
            match clock.set(stop) {
                Ok(_) => {}
                // It goes by itself and is there already.
                Err(CannotMove::Back { .. }) if clock.speed() > 0 => {}
                Err(error) => return Err(bad("advance", &error.to_string())),
            }
            Ok((stop, wake.is_none()))
        })
        .await
    }

    /// How fast a drill's clock goes by itself; 0 where it stands still.
    #[must_use]
    pub fn clock_speed(&self) -> u32 {
        self.inner.clock.speed()
    }

    /// Lets the clock of this process go by itself, `speed` times as fast as a real one; 0 makes it stand still, as it does
    /// after every start. Where it stands is kept.
    ///
    /// # Errors
    /// Bad input for more than [`FASTEST`] and on real time; the store's.
    pub async fn set_clock_speed(&self, speed: u32) -> Result<()> {
        if speed > FASTEST {
            let sentence =
                format!("At most {FASTEST} times as fast as a real clock; advance it instead.");
            return Err(bad("speed", &sentence));
        }
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            let clock = &inner.clock;
            let cannot = |error: CannotMove| bad("speed", &error.to_string());
            clock.set_speed(speed).map_err(cannot)?;
            tx.put_setting(CLOCK_SETTING, clock.now().to_string().as_bytes())?;
            Ok(())
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
            .read(move |view| view.earliest_delivery(crate::store::Lane::Ordinary, now))
            .await?;
        Ok(earliest.is_none_or(|at| at > now))
    }
}

fn bad(field: &str, sentence: &str) -> DeskError {
    DeskError::BadInput {
        field: field.to_owned(),
        sentence: sentence.to_owned(),
    }
}
