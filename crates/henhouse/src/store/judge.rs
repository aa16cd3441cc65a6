//! By whose clock a lease is judged: by the store's own, never by that of whoever asks.
//!
//! A database has a clock, and all nodes that share it go by that one. A store that one process has for itself has none: it
//! goes by the clock of its process.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::model::whole_micros;
use crate::clock::Clock;

type Shows = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The clock by which leases are judged. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Judge(Arc<Mutex<Option<Shows>>>);

impl Judge {
    /// From now on it is this one.
    pub(crate) fn set(&self, shows: impl Fn() -> Timestamp + Send + Sync + 'static) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(shows));
    }

    /// What it shows now, if it was given.
    pub(crate) fn given(&self) -> Option<Timestamp> {
        let shows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shows.as_ref().map(|shows| whole_micros(shows()))
    }

    /// What it shows now; the system's time if it was not given.
    pub(crate) fn now(&self) -> Timestamp {
        self.given().unwrap_or_else(|| Clock::real().wall())
    }
}
