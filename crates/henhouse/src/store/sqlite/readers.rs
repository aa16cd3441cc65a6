//! The readers: threads with a connection each, fed from one queue.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::mpsc;

use super::session::Session;
use crate::store::dir_lock::disk;
use crate::store::error::Result;

/// One caller's read; it answers by itself.
pub(super) type ReadJob = Box<dyn FnOnce(&mut Session) + Send>;

/// Starts a reader's thread. It ends when every sender is gone.
pub(super) fn spawn(
    mut session: Session,
    waiting: Arc<Mutex<mpsc::Receiver<ReadJob>>>,
) -> Result<JoinHandle<()>> {
    let work = move || {
        loop {
            let next = waiting
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .blocking_recv();
            let Some(job) = next else { return };
            if catch_unwind(AssertUnwindSafe(|| job(&mut session))).is_err() {
                tracing::error!("a read stopped with a bug");
            }
        }
    };
    let thread = std::thread::Builder::new().name("store-reader".to_owned());
    thread.spawn(work).map_err(|error| disk(&error))
}
