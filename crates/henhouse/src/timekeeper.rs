//! Sees to the time: a node of several follows the clock of the database that they share, so that all agree on what is due
//! and none is early or late because the clock of its machine is off. It tells the log when a machine's clock jumps.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use crate::clock::Clock;
use crate::desk::Desk;
use crate::store::{Store, StoreError};

/// How often the database is asked for its time. What lies between is counted by the steady clock, which loses or gains less
/// than a thousandth.
const ASKED_EVERY: Duration = Duration::from_secs(2);
/// How often the machine's clocks are compared: a suspended machine learns so soon what time it is.
const LOOKED_EVERY: Duration = Duration::from_millis(500);
/// By so much a clock may creep between two looks.
const JUMP: SignedDuration = SignedDuration::from_secs(1);

/// Asks the database once what time it is. The answer is known to within the time that it took.
///
/// # Errors
/// The store's.
pub async fn step(store: &Store, clock: &Clock) -> Result<(), StoreError> {
    let asked = clock.steady();
    let theirs = store.read(|view| view.time()).await?;
    clock.follow(theirs, asked);
    Ok(())
}

/// Before anything is decided or written: the time is the database's, if several nodes share one. While nobody answers it is
/// the machine's own.
pub async fn begin(store: &Store, clock: &Clock) {
    if store.shared().is_none() {
        return;
    }
    match step(store, clock).await {
        Ok(()) => differs(clock),
        Err(error) => {
            tracing::warn!(%error, "the time is this machine's until the database is there")
        }
    }
}

/// Runs until dropped.
pub async fn run(desk: Desk) {
    let (store, clock) = desk.store_and_clock();
    let shared = store.shared().is_some();
    let mut last = Look::at(&clock);
    let mut asked = clock.steady();
    loop {
        tokio::time::sleep(LOOKED_EVERY).await;
        let look = Look::at(&clock);
        let jumped = look.jumped_since(&last);
        last = look;
        if let Some(by) = jumped {
            let seconds = by.as_secs_f64();
            tracing::warn!(
                seconds,
                "the clock of this machine was set, or the machine was suspended"
            );
        }
        if shared && (jumped.is_some() || look.steady.duration_since(asked) >= ASKED_EVERY) {
            asked = look.steady;
            if let Err(error) = step(&store, &clock).await {
                tracing::debug!(%error, "the database does not say what time it is");
            } else if jumped.is_some() {
                differs(&clock);
            }
        }
    }
}

fn differs(clock: &Clock) {
    let ahead = clock.machine_ahead();
    if ahead.abs() > JUMP {
        let seconds = ahead.as_secs_f64();
        tracing::warn!(
            seconds,
            "the clock of this machine is ahead of the database's; the database's counts"
        );
    }
}

/// What the clocks of the machine showed.
#[derive(Clone, Copy)]
struct Look {
    system: Timestamp,
    steady: Instant,
}

impl Look {
    fn at(clock: &Clock) -> Self {
        let system = clock.wall().saturating_add(clock.machine_ahead());
        Self {
            system: system.unwrap_or(Timestamp::MAX),
            steady: clock.steady(),
        }
    }

    /// By how much the system's clock moved beside the steady one.
    fn jumped_since(&self, last: &Self) -> Option<SignedDuration> {
        let passed = self.steady.saturating_duration_since(last.steady);
        let passed = SignedDuration::try_from(passed).unwrap_or(SignedDuration::MAX);
        let by = self.system.duration_since(last.system) - passed;
        (by.abs() > JUMP).then_some(by)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn noon() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    #[tokio::test]
    async fn nodes_with_other_clocks_agree_on_the_time_of_their_store() {
        let theirs = Clock::simulated(noon());
        let store = Store::memory().judged_by(&theirs);
        for ahead in [-86_400, -60, 60, 86_400] {
            let own = Clock::simulated(theirs.now() + SignedDuration::from_secs(ahead));
            step(&store, &own).await.unwrap();
            assert_eq!(own.now(), theirs.now());
            assert_eq!(own.machine_ahead(), SignedDuration::from_secs(ahead));
            for clock in [&own, &theirs] {
                clock.advance(Duration::from_secs(600)).unwrap();
            }
            own.set_machine(noon() - SignedDuration::from_hours(9));
            assert_eq!(own.now(), theirs.now(), "whoever sets the machine's clock");
        }
    }

    #[test]
    fn a_clock_that_was_set_is_a_jump_and_one_that_goes_is_none() {
        let clock = Clock::simulated(noon());
        let first = Look::at(&clock);
        clock.advance(Duration::from_secs(3_600)).unwrap();
        assert_eq!(Look::at(&clock).jumped_since(&first), None);
        for secs in [-7_200, 60] {
            let last = Look::at(&clock);
            let by = SignedDuration::from_secs(secs);
            clock.set_machine(last.system + by);
            assert_eq!(Look::at(&clock).jumped_since(&last), Some(by));
        }
    }
}
