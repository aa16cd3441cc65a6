//! Counts of what the store did, for metrics and for the proof that writes share commits.

use std::sync::atomic::{AtomicU64, Ordering};

use super::batch::BatchEnd;

/// Counts since the store was opened.
#[derive(Debug, Default)]
pub struct Figures {
    batches: AtomicU64,
    commits: AtomicU64,
    failed: AtomicU64,
    jobs: AtomicU64,
}

impl Figures {
    /// Commits that succeeded.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Batches that could not be committed.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    /// Writes, refused ones included.
    #[must_use]
    pub fn jobs(&self) -> u64 {
        self.jobs.load(Ordering::Relaxed)
    }

    pub(crate) fn next_batch(&self) -> u64 {
        self.batches.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(crate) fn count(&self, end: BatchEnd) {
        let outcome = if end.committed {
            &self.commits
        } else {
            &self.failed
        };
        outcome.fetch_add(1, Ordering::Relaxed);
        self.jobs.fetch_add(end.jobs, Ordering::Relaxed);
    }
}
