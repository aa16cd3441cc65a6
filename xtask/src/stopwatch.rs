//! How long something takes: the only reader of real time in xtask, which measures
//! the product and is no part of it.
#![expect(
    clippy::disallowed_methods,
    reason = "a measurement needs the real clock"
)]

use std::time::{Duration, Instant};

/// A running measurement.
#[derive(Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    pub fn start() -> Stopwatch {
        Stopwatch(Instant::now())
    }

    /// The time since the start.
    pub fn read(self) -> Duration {
        self.0.elapsed()
    }
}
