//! One step of delivery: everything that is due now and has room, side by side, to its outcome. The
//! simulation calls this; the loop in `run` does the same without waiting for the slowest.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::task::JoinSet;

use super::origin::{Happened, Origin};
use super::outbox::{InFlight, Outbox};
use crate::store::StoreError;

/// What a step did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows that were leased.
    pub leased: usize,
    /// What became of deliveries, in the order of their leases. The origin was told already.
    pub happened: Vec<Happened>,
    /// When the next step has something to do, by the clock's wall time.
    pub next_due: Option<Timestamp>,
}

/// Leases what is due, carries it side by side and answers when all of it has an outcome. It takes no
/// hints and may run again at any time.
///
/// # Errors
/// The store's, if nothing could be leased; what was leased by then is tried again when its lease ends.
pub async fn step<O: Origin>(outbox: &Arc<Outbox<O>>) -> Result<Report, StoreError> {
    let parcels = outbox.lease(InFlight::default()).await?;
    let leased = parcels.iter().map(|parcel| parcel.leases.len()).sum();
    let mut carried = JoinSet::new();
    for (place, parcel) in parcels.into_iter().enumerate() {
        let outbox = Arc::clone(outbox);
        carried.spawn(async move { (place, outbox.carry(parcel).await) });
    }
    let mut happened = Vec::new();
    while let Some(joined) = carried.join_next().await {
        match joined {
            Ok((place, all)) => happened.extend(all.into_iter().map(|what| (place, what))),
            Err(bug) => tracing::error!(%bug, "a delivery stopped with a bug; its lease runs out"),
        }
    }
    happened.sort_by_key(|(place, _)| *place);
    let happened = happened.into_iter().map(|(_, what)| what).collect();
    Ok(Report {
        leased,
        happened,
        next_due: outbox.earliest(InFlight::default()).await?,
    })
}
