//! How often somebody may try: counters in memory, by a name of what is tried and from where.
//!
//! A try counts before it is looked at, so that many at once count too. A success forgets them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So long after the first try of a row the count begins anew.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Counters beyond this many are cleared of what is over.
const KEPT: usize = 10_000;

/// Counters of tries.
#[derive(Default)]
pub struct Tries {
    counters: Mutex<BTreeMap<String, Counter>>,
}

struct Counter {
    since: Instant,
    tries: u32,
}

/// Too many; how long to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany {
    /// Seconds until the next try may be made.
    pub wait_seconds: u64,
}

impl Tries {
    /// Counts one try under a name.
    ///
    /// # Errors
    /// [`TooMany`] beyond `most` tries in a quarter of an hour.
    pub fn count(&self, name: &str, most: u32, now: Instant) -> Result<(), TooMany> {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        if counters.len() >= KEPT {
            counters.retain(|_, counter| now < counter.since + WINDOW);
        }
        let fresh = Counter {
            since: now,
            tries: 0,
        };
        let counter = counters.entry(name.to_owned()).or_insert(fresh);
        if now >= counter.since + WINDOW {
            *counter = Counter {
                since: now,
                tries: 0,
            };
        }
        if counter.tries >= most {
            let wait = (counter.since + WINDOW).saturating_duration_since(now);
            let wait_seconds = wait.as_secs() + 1;
            return Err(TooMany { wait_seconds });
        }
        counter.tries += 1;
        Ok(())
    }

    /// Forgets the tries under a name: it went well.
    pub fn forget(&self, name: &str) {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        counters.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn the_try_after_the_last_waits_and_a_success_forgets() {
        let clock = Clock::simulated(jiff::Timestamp::UNIX_EPOCH);
        let (tries, now) = (Tries::default(), clock.steady());
        for _ in 0..3 {
            assert_eq!(tries.count("jane", 3, now), Ok(()));
        }
        let refused = tries.count("jane", 3, now);
        assert_eq!(refused, Err(TooMany { wait_seconds: 901 }));
        assert_eq!(tries.count("bob", 3, now), Ok(()));
        assert_eq!(tries.count("jane", 3, now + WINDOW), Ok(()));
        tries.forget("bob");
        for _ in 0..3 {
            assert_eq!(tries.count("bob", 3, now), Ok(()));
        }
    }
}
