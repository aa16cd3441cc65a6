//! The loop around the outbox. It decides nothing: it starts what is due as soon as there is room, and
//! sleeps until the next row is due, a delivery ends, or somebody nudges. A slow recipient holds one
//! place, never the loop.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use tokio::task::{Id, JoinSet};

use super::origin::Origin;
use super::outbox::{InFlight, Outbox};
use crate::store::Lane;

/// Longest sleep while something waits: a machine that was suspended or a clock that was set must not
/// delay a page by more.
const LONGEST_SLEEP: Duration = Duration::from_secs(5);
/// Pause after the store refused, so that a full disk is not hammered.
const AFTER_TROUBLE: Duration = Duration::from_secs(1);
/// How long what is being sent may take to end when the program stops; the rest is sent again later.
const DRAIN: Duration = Duration::from_secs(10);

/// Runs until `stop` is done, then waits a little for what is in flight. Whoever commits a row of the
/// outbox calls `nudge.notify_one()` after the commit.
pub async fn run<O: Origin>(
    outbox: Arc<Outbox<O>>,
    nudge: Arc<Notify>,
    stop: impl Future<Output = ()>,
) {
    let mut stop = std::pin::pin!(stop);
    let mut places = Places::default();
    loop {
        let wait = match places.fill(&outbox).await {
            Ok(due) => due.map(|due| until(due, outbox.clock.wall())),
            Err(error) => {
                tracing::error!(%error, "the outbox cannot be read; trying again");
                Some(AFTER_TROUBLE)
            }
        };
        let sleep = async {
            match wait {
                Some(wait) => tokio::time::sleep(wait).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = &mut stop => break,
            () = places.one_ends(), if !places.carried.is_empty() => {}
            () = nudge.notified() => {}
            () = sleep => {}
        }
    }
    let drain = async {
        while !places.carried.is_empty() {
            places.one_ends().await;
        }
    };
    let _ = tokio::time::timeout(DRAIN, drain).await;
}

fn until(due: Timestamp, now: Timestamp) -> Duration {
    let missing = due.duration_since(now).max(SignedDuration::ZERO);
    missing.unsigned_abs().min(LONGEST_SLEEP)
}

/// The deliveries in flight.
#[derive(Default)]
struct Places {
    carried: JoinSet<()>,
    lanes: HashMap<Id, Lane>,
    flight: InFlight,
}

impl Places {
    /// Starts what is due and has room; answers when more is due.
    async fn fill<O: Origin>(
        &mut self,
        outbox: &Arc<Outbox<O>>,
    ) -> Result<Option<Timestamp>, crate::store::StoreError> {
        for parcel in outbox.lease(self.flight).await? {
            let lane = parcel.lane();
            let carry = Arc::clone(outbox).carry(parcel);
            let task = self.carried.spawn(async move {
                let _told_already = carry.await;
            });
            self.lanes.insert(task.id(), lane);
            *self.flight.of(lane) += 1;
        }
        let earliest = outbox.earliest(self.flight).await?;
        outbox.looked();
        Ok(earliest)
    }

    async fn one_ends(&mut self) {
        let Some(joined) = self.carried.join_next_with_id().await else {
            return;
        };
        let id = match joined {
            Ok((id, ())) => id,
            Err(bug) => {
                tracing::error!(%bug, "a delivery stopped with a bug; its lease runs out");
                bug.id()
            }
        };
        if let Some(lane) = self.lanes.remove(&id) {
            *self.flight.of(lane) -= 1;
        }
    }
}
