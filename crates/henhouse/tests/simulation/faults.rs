//! What a node's way to the store can do to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use henhouse::store::{Fault, FaultPoint, StoreError};

use super::times::Times;

/// The troubles between one node and the store. Clones share them.
#[derive(Clone, Default)]
pub struct Faults(Arc<Troubles>);

#[derive(Default)]
struct Troubles {
    /// Nobody answers.
    cut_off: AtomicBool,
    /// It can be read, and commits nothing, for want of its standby.
    read_only: AtomicBool,
    /// Each call takes so many seconds.
    slow: AtomicU64,
    /// This commit from now fails; none if it is negative.
    fails: AtomicI64,
    /// Of this commit from now the answer is lost.
    loses: AtomicI64,
    /// The simulation itself looks, so many times within itself.
    quiet: AtomicU64,
    /// Something went wrong since it was last asked.
    disturbed: AtomicBool,
    /// A commit was made of which nobody was told.
    lost: AtomicBool,
}

impl Faults {
    /// Troubles that stand in this way from now on.
    pub fn stand_in(&self, way: &Fault, times: &Times) {
        let (troubles, times) = (self.clone(), times.clone());
        way.set(move |at| troubles.meet(at, &times));
    }

    fn meet(&self, at: FaultPoint, times: &Times) -> Option<StoreError> {
        let troubles = &self.0;
        if troubles.quiet.load(Ordering::SeqCst) > 0 {
            return None;
        }
        if at != FaultPoint::AfterCommit {
            let slow = troubles.slow.load(Ordering::SeqCst);
            times.pass(Duration::from_millis(slow));
        }
        let cut_off = troubles.cut_off.load(Ordering::SeqCst);
        let met = match at {
            FaultPoint::Read if cut_off => Some(away()),
            FaultPoint::BeforeCommit if cut_off || troubles.read_only.load(Ordering::SeqCst) => {
                Some(away())
            }
            FaultPoint::BeforeCommit if due(&troubles.fails) => Some(StoreError::Full),
            FaultPoint::AfterCommit if due(&troubles.loses) => {
                troubles.lost.store(true, Ordering::SeqCst);
                Some(StoreError::Unknown)
            }
            _ => None,
        };
        if met.is_some() {
            troubles.disturbed.store(true, Ordering::SeqCst);
        }
        met
    }

    /// The store cannot be reached, or can again.
    pub fn cut_off(&self, cut_off: bool) {
        self.0.cut_off.store(cut_off, Ordering::SeqCst);
    }

    /// The store commits nothing, or does again.
    pub fn read_only(&self, read_only: bool) {
        self.0.read_only.store(read_only, Ordering::SeqCst);
    }

    /// Each call takes so long.
    pub fn slow(&self, millis: u64) {
        self.0.slow.store(millis, Ordering::SeqCst);
    }

    /// After so many more commits one fails.
    pub fn fails_after(&self, commits: i64) {
        self.0.fails.store(commits + 1, Ordering::SeqCst);
    }

    /// After so many more commits the answer of one is lost.
    pub fn loses_after(&self, commits: i64) {
        self.0.loses.store(commits + 1, Ordering::SeqCst);
    }

    /// All is well again.
    pub fn end(&self) {
        self.cut_off(false);
        self.read_only(false);
        self.slow(0);
        self.0.fails.store(0, Ordering::SeqCst);
        self.0.loses.store(0, Ordering::SeqCst);
    }

    /// Whether the node and the store can work together.
    pub fn works(&self) -> bool {
        let off = [&self.0.cut_off, &self.0.read_only];
        off.iter().all(|off| !off.load(Ordering::SeqCst))
    }

    /// Whether the store takes its time.
    pub fn is_slow(&self) -> bool {
        self.0.slow.load(Ordering::SeqCst) > 0
    }

    /// While the simulation itself looks nothing goes wrong, until it has looked as often as it began to.
    pub fn quiet(&self, quiet: bool) {
        match quiet {
            true => self.0.quiet.fetch_add(1, Ordering::SeqCst),
            false => self.0.quiet.fetch_sub(1, Ordering::SeqCst),
        };
    }

    /// Whether something went wrong since this was last asked.
    pub fn disturbed(&self) -> bool {
        self.0.disturbed.swap(false, Ordering::SeqCst)
    }

    /// Whether a commit was made of which nobody was told, since this was last asked.
    pub fn lost(&self) -> bool {
        self.0.lost.swap(false, Ordering::SeqCst)
    }
}

fn away() -> StoreError {
    StoreError::Away("nobody answers".to_owned())
}

/// Counts down to one; zero counts nothing.
fn due(left: &AtomicI64) -> bool {
    let down = |left| (left > 0).then(|| left - 1);
    left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, down) == Ok(1)
}
