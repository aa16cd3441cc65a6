//! The only reader of time.
//!
//! Two faces. **Case time** ([`Clock::now`]) is what the journal records and what every rule of the procedure is judged
//! by; in a drill it is virtual: it stands still unless advanced or given a speed. **Steady time** ([`Clock::steady`],
//! and [`Clock::wall`] where a time must be stored) serves leases, retries, breakers, sessions: it is real even in a
//! drill. Only a simulation ([`Clock::simulated`]) moves both together.
//!
//! Nothing else may read a clock: rules take `now` as an argument, so that a replay gives the same answers.
//! Case time never goes back within a process, because no journal accepts an entry recorded before the one it follows.

#![expect(
    clippy::disallowed_methods,
    reason = "this module is the one place that reads time"
)]

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// A sleeper looks at the time again at least this often, so that a wall clock set forward, or a machine that was
/// suspended, delays no due obligation by more.
const LONGEST_SLICE: Duration = Duration::from_millis(500);

/// Why a clock did not move. The sentence is for the person who asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannotMove {
    /// Real time cannot be moved.
    #[error(
        "this installation runs on real time, which cannot be moved; start a drill to move the clock"
    )]
    Real,
    /// Case time never goes back.
    #[error(
        "the clock stands at {now} and cannot go back to {asked}; start a new drill to begin earlier"
    )]
    Back {
        /// Where the clock stands.
        now: Timestamp,
        /// Where it was asked to go.
        asked: Timestamp,
    },
    /// The time asked for is later than year 9999.
    #[error("the clock cannot be moved beyond the year 9999; ask for a smaller step")]
    TooFar,
}

/// The clock of an installation. Clones share it.
#[derive(Clone, Debug)]
pub struct Clock {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    face: Face,
    started: Instant,
    wall: Mutex<Wall>,
    moving: Mutex<Moving>,
    moved: watch::Sender<()>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Face {
    Real,
    Drill,
    Simulated,
}

impl Clock {
    /// Case time is the system's time.
    pub fn real() -> Self {
        Self::new(Face::Real, Timestamp::now())
    }

    /// For a drill: case time starts at `at` and stands still until moved; steady time is real.
    pub fn drill(at: Timestamp) -> Self {
        Self::new(Face::Drill, at)
    }

    /// For simulations and tests: both faces start at `at` and move only by [`Clock::advance`] and [`Clock::set`].
    pub fn simulated(at: Timestamp) -> Self {
        Self::new(Face::Simulated, at)
    }

    fn new(face: Face, at: Timestamp) -> Self {
        let started = Instant::now();
        let at = whole_micros(at);
        Self {
            inner: Arc::new(Inner {
                face,
                started,
                wall: Mutex::new(Wall {
                    last: whole_micros(Timestamp::now()),
                    seen: started,
                }),
                moving: Mutex::new(Moving {
                    began: at,
                    base: at,
                    since: started,
                    speed: 0,
                }),
                moved: watch::Sender::new(()),
            }),
        }
    }

    /// Case time: whole microseconds, never earlier than an answer given before.
    pub fn now(&self) -> Timestamp {
        match self.inner.face {
            Face::Real => self.real_wall(),
            Face::Drill | Face::Simulated => self.moving().at(Instant::now()),
        }
    }

    /// Steady time, for measuring: leases held in memory, retries, breakers. Real even in a drill.
    pub fn steady(&self) -> Instant {
        match self.inner.face {
            Face::Real | Face::Drill => Instant::now(),
            Face::Simulated => {
                let moving = self.moving();
                let gone = moving.base.duration_since(moving.began);
                self.inner.started + gone.unsigned_abs()
            }
        }
    }

    /// Steady time as a date, for what is stored and must outlive the process: leases, retries, sessions, tokens.
    /// Real even in a drill; whole microseconds, never earlier than an answer given before.
    pub fn wall(&self) -> Timestamp {
        match self.inner.face {
            Face::Real | Face::Drill => self.real_wall(),
            Face::Simulated => self.now(),
        }
    }

    /// How far [`Clock::wall`] is ahead of the system's clock because that was set back: zero when all is well.
    pub fn ahead_of_system(&self) -> SignedDuration {
        match self.inner.face {
            Face::Real | Face::Drill => self
                .real_wall()
                .duration_since(whole_micros(Timestamp::now()))
                .max(SignedDuration::ZERO),
            Face::Simulated => SignedDuration::ZERO,
        }
    }

    /// Whether case time can be moved.
    pub fn is_virtual(&self) -> bool {
        self.inner.face != Face::Real
    }

    /// Moves case time forward by `step` and wakes every sleeper. Answers the new case time.
    ///
    /// # Errors
    /// [`CannotMove`] on real time or beyond the year 9999.
    pub fn advance(&self, step: Duration) -> Result<Timestamp, CannotMove> {
        self.shift(|now| now.checked_add(step).map_err(|_| CannotMove::TooFar))
    }

    /// Moves case time forward to `at` and wakes every sleeper. Answers the new case time.
    ///
    /// # Errors
    /// [`CannotMove`] on real time or when `at` is earlier than now.
    pub fn set(&self, at: Timestamp) -> Result<Timestamp, CannotMove> {
        self.shift(|_| Ok(at))
    }

    /// Lets case time pass by itself, `speed` seconds for each real second; 0 makes it stand still.
    ///
    /// # Errors
    /// [`CannotMove`] on real time, and in a simulation, where only explicit steps repeat exactly.
    pub fn set_speed(&self, speed: u32) -> Result<(), CannotMove> {
        if self.inner.face != Face::Drill {
            return Err(CannotMove::Real);
        }
        let read_at = Instant::now();
        {
            let mut moving = self.moving();
            moving.base = moving.at(read_at);
            moving.since = read_at;
            moving.speed = speed;
        }
        self.inner.moved.send_replace(());
        Ok(())
    }

    /// Tells of every move and change of speed. Mark it as seen before reading the time, then wait on it.
    pub fn moves(&self) -> watch::Receiver<()> {
        self.inner.moved.subscribe()
    }

    /// Returns once case time has reached `due`: at once if it has, never while a drill stands still before it.
    /// Dropping the future cancels the sleep.
    pub async fn sleep_until(&self, due: Timestamp) {
        let mut moves = self.moves();
        loop {
            moves.borrow_and_update();
            let missing = due.duration_since(self.now());
            if missing <= SignedDuration::ZERO {
                return;
            }
            let moved = async {
                // The sender lives as long as `self`, so that this ends by a move only.
                let _ = moves.changed().await;
            };
            match self.real_wait(missing.unsigned_abs()) {
                None => moved.await,
                Some(wait) => {
                    let _ = tokio::time::timeout(wait.min(LONGEST_SLICE), moved).await;
                }
            }
        }
    }

    /// Real time until `missing` of case time has passed; `None` if only a move can bring it.
    fn real_wait(&self, missing: Duration) -> Option<Duration> {
        match self.inner.face {
            Face::Real => Some(missing),
            Face::Drill | Face::Simulated => match self.moving().speed {
                0 => None,
                speed => Some((missing / speed).max(Duration::from_millis(1))),
            },
        }
    }

    fn shift(
        &self,
        to: impl FnOnce(Timestamp) -> Result<Timestamp, CannotMove>,
    ) -> Result<Timestamp, CannotMove> {
        if self.inner.face == Face::Real {
            return Err(CannotMove::Real);
        }
        let read_at = Instant::now();
        let asked = {
            let mut moving = self.moving();
            let now = moving.at(read_at);
            let asked = whole_micros(to(now)?);
            if asked < now {
                return Err(CannotMove::Back { now, asked });
            }
            moving.base = asked;
            moving.since = read_at;
            asked
        };
        self.inner.moved.send_replace(());
        Ok(asked)
    }

    fn real_wall(&self) -> Timestamp {
        let mut wall = self
            .inner
            .wall
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        wall.read(Timestamp::now(), Instant::now())
    }

    fn moving(&self) -> MutexGuard<'_, Moving> {
        self.inner
            .moving
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The system's time made to never go back.
#[derive(Debug)]
struct Wall {
    last: Timestamp,
    seen: Instant,
}

impl Wall {
    /// When the system's clock was set back, time goes on at half speed until the system has caught up: standing still
    /// would silence every escalation for that long, and going on at full speed would keep the error for ever.
    fn read(&mut self, system: Timestamp, steady: Instant) -> Timestamp {
        let system = whole_micros(system);
        if system >= self.last {
            self.last = system;
            self.seen = steady;
            return system;
        }
        let half = steady.saturating_duration_since(self.seen) / 2;
        // A step below a microsecond stays in `seen`, or reading often would make time stand still.
        if half >= Duration::from_micros(1) {
            let slow = whole_micros(self.last.checked_add(half).unwrap_or(Timestamp::MAX));
            self.last = slow.max(self.last);
            self.seen = steady;
        }
        self.last
    }
}

/// Case time of a drill or a simulation.
#[derive(Debug)]
struct Moving {
    began: Timestamp,
    base: Timestamp,
    since: Instant,
    speed: u32,
}

impl Moving {
    fn at(&self, steady: Instant) -> Timestamp {
        let passed = steady
            .saturating_duration_since(self.since)
            .saturating_mul(self.speed);
        whole_micros(self.base.checked_add(passed).unwrap_or(Timestamp::MAX))
    }
}

/// Case time has whole microseconds, so that the time in memory is the time in the journal.
fn whole_micros(at: Timestamp) -> Timestamp {
    let nanos = at.as_nanosecond();
    Timestamp::from_nanosecond(nanos - nanos.rem_euclid(1000))
        .expect("rounding a valid time down to its microsecond leaves it valid")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn three_in_the_morning() -> Timestamp {
        "2026-11-21T03:12:00Z".parse().unwrap()
    }

    fn minutes(count: u64) -> Duration {
        Duration::from_secs(60 * count)
    }

    #[test]
    fn real_time_has_whole_microseconds_and_never_goes_back() {
        let clock = Clock::real();
        let mut last = clock.now();
        for _ in 0..10_000 {
            let now = clock.now();
            assert!(now >= last);
            assert_eq!(now.as_nanosecond() % 1000, 0);
            last = now;
        }
    }

    #[test]
    fn rounding_goes_down_also_before_1970() {
        let before: Timestamp = "1969-12-31T23:59:59.9999995Z".parse().unwrap();
        assert_eq!(
            whole_micros(before).to_string(),
            "1969-12-31T23:59:59.999999Z"
        );
        assert_eq!(whole_micros(Timestamp::MIN), Timestamp::MIN);
        assert!(whole_micros(Timestamp::MAX) < Timestamp::MAX);
    }

    #[test]
    fn a_system_clock_set_back_slows_time_until_it_has_caught_up() {
        let start = Instant::now();
        let noon: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let mut wall = Wall {
            last: noon,
            seen: start,
        };
        let an_hour_back = noon - minutes(60);

        assert_eq!(wall.read(an_hour_back, start), noon);
        let after_ten = wall.read(an_hour_back + minutes(10), start + minutes(10));
        assert_eq!(after_ten, noon + minutes(5), "time goes on, at half speed");
        let caught_up = wall.read(noon + minutes(60), start + minutes(120));
        assert_eq!(
            caught_up,
            noon + minutes(60),
            "and then it is the system's again"
        );
    }

    #[test]
    fn reading_a_set_back_clock_often_does_not_stop_it() {
        let start = Instant::now();
        let noon: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let mut wall = Wall {
            last: noon,
            seen: start,
        };
        for step in 1..=10_000_u64 {
            wall.read(noon - minutes(60), start + Duration::from_nanos(700 * step));
        }
        let moved = wall.last.duration_since(noon).as_micros();
        assert!(
            moved > 2000,
            "seven milliseconds passed, time moved {moved} microseconds"
        );
    }

    #[test]
    fn a_drill_stands_still_until_advanced() {
        let clock = Clock::drill(three_in_the_morning());
        assert_eq!(clock.now(), three_in_the_morning());
        assert_eq!(
            clock.advance(minutes(10)).unwrap().to_string(),
            "2026-11-21T03:22:00Z"
        );
        assert_eq!(clock.now().to_string(), "2026-11-21T03:22:00Z");
    }

    #[test]
    fn case_time_cannot_be_set_back_and_says_so() {
        let clock = Clock::drill(three_in_the_morning());
        let refusal = clock.set(three_in_the_morning() - minutes(1)).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "the clock stands at 2026-11-21T03:12:00Z and cannot go back to 2026-11-21T03:11:00Z; \
             start a new drill to begin earlier"
        );
        assert_eq!(
            clock.set(three_in_the_morning()),
            Ok(three_in_the_morning())
        );
        assert_eq!(clock.advance(Duration::MAX), Err(CannotMove::TooFar));
        assert_eq!(clock.now(), three_in_the_morning());
    }

    #[test]
    fn real_time_cannot_be_moved() {
        let clock = Clock::real();
        assert_eq!(clock.advance(minutes(1)), Err(CannotMove::Real));
        assert_eq!(clock.set_speed(60), Err(CannotMove::Real));
        assert!(!clock.is_virtual());
    }

    #[test]
    fn a_drill_keeps_steady_time_real_and_a_simulation_moves_it() {
        let drill = Clock::drill(three_in_the_morning());
        let before = drill.steady();
        drill.advance(minutes(60 * 24 * 365)).unwrap();
        assert!(drill.steady() - before < minutes(60 * 24));
        assert!(
            drill.wall() < drill.now(),
            "the drill plays in the future, its leases do not"
        );

        let simulation = Clock::simulated(three_in_the_morning());
        let before = simulation.steady();
        simulation.advance(minutes(10)).unwrap();
        assert_eq!(simulation.steady() - before, minutes(10));
        assert_eq!(simulation.wall(), simulation.now());
    }

    #[test]
    fn a_drill_given_a_speed_moves_by_itself_and_stops_again() {
        let mut moving = Moving {
            began: three_in_the_morning(),
            base: three_in_the_morning(),
            since: Instant::now(),
            speed: 60,
        };
        let later = moving.since + Duration::from_secs(2);
        assert_eq!(moving.at(later), three_in_the_morning() + minutes(2));
        moving.speed = 0;
        assert_eq!(moving.at(later), three_in_the_morning());
    }

    #[tokio::test]
    async fn an_advance_wakes_the_sleeper_that_is_due_and_no_other() {
        let clock = Clock::drill(three_in_the_morning());
        let due = three_in_the_morning() + minutes(10);
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep_until(due).await }
        });
        tokio::task::yield_now().await;
        clock.advance(minutes(9)).unwrap();
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        clock.advance(minutes(1)).unwrap();
        sleeper.await.unwrap();
    }

    #[tokio::test]
    async fn a_speed_wakes_a_sleeper_without_a_move() {
        let clock = Clock::drill(three_in_the_morning());
        let due = three_in_the_morning() + minutes(1);
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep_until(due).await }
        });
        tokio::task::yield_now().await;
        clock.set_speed(6000).unwrap();
        sleeper.await.unwrap();
        assert!(clock.now() >= due);
    }

    #[tokio::test]
    async fn a_sleep_until_the_past_ends_at_once() {
        let clock = Clock::real();
        clock.sleep_until(clock.now()).await;
        clock
            .sleep_until(clock.now() + Duration::from_millis(2))
            .await;
    }
}
