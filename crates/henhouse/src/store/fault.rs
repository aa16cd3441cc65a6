//! A place for tests and the simulation to make a commit, or a read, go wrong.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use super::error::StoreError;
use crate::killpoint::FAULTS;

/// A point that every batch passes, or every read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultPoint {
    /// Nothing was read yet.
    Read,
    /// All jobs have run, nothing is committed.
    BeforeCommit,
    /// Everything is committed, nobody has been answered.
    AfterCommit,
}

type Hook = Arc<dyn Fn(FaultPoint) -> Option<StoreError> + Send + Sync>;

/// Asked at each [`FaultPoint`]; an error before the commit undoes the batch, an error after it
/// replaces the answers (as a crash would: the write is there and nobody was told); one before a read is its answer.
#[derive(Clone, Default)]
pub struct Fault(Arc<Mutex<Option<Hook>>>);

impl Fault {
    /// Installs the hook, in place of an earlier one.
    pub fn set(&self, hook: impl Fn(FaultPoint) -> Option<StoreError> + Send + Sync + 'static) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(hook));
    }

    /// Removes the hook.
    pub fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub(crate) fn ask(&self, point: FaultPoint) -> Result<(), StoreError> {
        let hook = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        match hook.and_then(|hook| hook(point)) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}

impl std::fmt::Debug for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fault")
    }
}

/// With `HENHOUSE_SLOW_DISK_MICROS` in the environment every commit takes so much longer, as on a disk
/// that is slow to flush: the bench shows with it that many writes share one commit. Not in a release.
pub(crate) fn slow_disk() {
    if !FAULTS {
        return;
    }
    static LONGER: OnceLock<Option<Duration>> = OnceLock::new();
    let longer = LONGER.get_or_init(|| {
        let micros = std::env::var("HENHOUSE_SLOW_DISK_MICROS").ok()?;
        micros.parse().ok().map(Duration::from_micros)
    });
    if let Some(longer) = longer.filter(|longer| !longer.is_zero()) {
        std::thread::sleep(longer);
    }
}
