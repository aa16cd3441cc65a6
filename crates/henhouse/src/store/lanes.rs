//! The two queues before a writer: what is urgent is taken first.
//!
//! Both lanes share the writer's batches, so that a page being leased or a commander's answer costs
//! no commit of its own. But a batch with something urgent in it soon takes no more of the others
//! along, and is committed. And a batch takes along what waited when it began, and of what comes while it is written
//! only a few: whoever comes first in a crowd is answered, and paged for, without waiting for the crowd behind them, which
//! meanwhile gathers for the next commit.

use tokio::runtime;
use tokio::sync::mpsc;

use super::batch::{JOBS_PER_BATCH, Job};
use super::error::{Result, StoreError};
use super::model::Lane;

/// So many jobs may wait in a lane; whoever comes then waits to be let in.
const QUEUE: usize = 1024;
/// A batch with something urgent in it takes only so many others along from then on, and one that found nobody waiting
/// only so many of those who come meanwhile: its commit comes soon, and the others still come forward.
const A_FEW: usize = 16;

/// Where jobs are handed in.
pub(crate) struct Lanes {
    urgent: mpsc::Sender<Box<dyn Job>>,
    ordinary: mpsc::Sender<Box<dyn Job>>,
}

/// Where the writer takes them.
pub(crate) struct Waiting {
    urgent: mpsc::Receiver<Box<dyn Job>>,
    ordinary: mpsc::Receiver<Box<dyn Job>>,
    /// So many more ordinary ones may join the batch.
    room: usize,
    /// On which the writer's thread waits for either lane.
    waits: runtime::Runtime,
}

/// Two empty lanes.
///
/// # Errors
/// The system has no room for what waiting needs.
pub(crate) fn lanes() -> Result<(Lanes, Waiting)> {
    let (urgent, first) = mpsc::channel(QUEUE);
    let (ordinary, then) = mpsc::channel(QUEUE);
    let waits = runtime::Builder::new_current_thread()
        .build()
        .map_err(|error| StoreError::Io(error.to_string()))?;
    let waiting = Waiting {
        urgent: first,
        ordinary: then,
        room: JOBS_PER_BATCH,
        waits,
    };
    Ok((Lanes { urgent, ordinary }, waiting))
}

impl Lanes {
    /// Hands a job in, waiting for room.
    ///
    /// # Errors
    /// `Closed` if the writer is gone.
    pub(crate) async fn send(&self, lane: Lane, job: Box<dyn Job>) -> Result<()> {
        let queue = match lane {
            Lane::Urgent => &self.urgent,
            Lane::Ordinary => &self.ordinary,
        };
        queue.send(job).await.map_err(|_| StoreError::Closed)
    }
}

impl Waiting {
    /// Waits for the first job of a batch. Nothing once the lanes are closed and everything that was
    /// handed in is taken.
    pub(crate) fn first(&mut self) -> Option<Box<dyn Job>> {
        let first = self.waits.block_on(async {
            tokio::select! {
                biased;
                Some(job) = self.urgent.recv() => Some((job, A_FEW)),
                Some(job) = self.ordinary.recv() => Some((job, JOBS_PER_BATCH)),
                else => None,
            }
        });
        let (job, room) = first?;
        self.room = room.min(self.ordinary.len().max(A_FEW));
        Some(job)
    }

    /// What may join the batch, if anything waits.
    pub(crate) fn next(&mut self) -> Option<Box<dyn Job>> {
        if let Ok(job) = self.urgent.try_recv() {
            self.room = self.room.min(A_FEW);
            return Some(job);
        }
        self.room = self.room.checked_sub(1)?;
        self.ordinary.try_recv().ok()
    }
}
