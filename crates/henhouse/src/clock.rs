//! The only reader of time.
//!
//! Two faces. **Case time** ([`Clock::now`]) is what the journal records and what every rule of the procedure is judged
//! by; in a drill it is virtual: it stands still unless advanced or given a speed. **Steady time** ([`Clock::steady`],
//! and [`Clock::wall`] where a time must be stored) serves leases, retries, breakers, sessions: it is real even in a
//! drill. Only a simulation ([`Clock::simulated`]) moves both together.
//!
//! A node of several goes by the clock of the database that they share ([`Clock::follow`]); what its own machine shows
//! matters only until it has first heard of that.
//!
//! Nothing else may read a clock: rules take `now` as an argument, so that a replay gives the same answers.
//! Case time never goes back within a process, because no journal accepts an entry recorded before the one it follows.

#![expect(
    clippy::disallowed_methods,
    reason = "this module is the one place that reads time"
)]

mod wall;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use self::wall::Wall;

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
    wall: Mutex<Wall>,
    moving: Mutex<Moving>,
    machine: Mutex<Machine>,
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
        let shown = match face {
            Face::Real | Face::Drill => Timestamp::now(),
            Face::Simulated => at,
        };
        Self {
            inner: Arc::new(Inner {
                face,
                wall: Mutex::new(Wall::new(shown, started)),
                moving: Mutex::new(Moving {
                    base: at,
                    since: started,
                    speed: 0,
                }),
                machine: Mutex::new(Machine {
                    system: at,
                    steady: started,
                }),
                moved: watch::Sender::new(()),
            }),
        }
    }

    /// Case time: whole microseconds, never earlier than an answer given before.
    pub fn now(&self) -> Timestamp {
        match self.inner.face {
            Face::Real | Face::Simulated => self.wall(),
            Face::Drill => self.moving().at(Instant::now()),
        }
    }

    /// Steady time, for measuring: retries, breakers, how long something took. Real even in a drill.
    pub fn steady(&self) -> Instant {
        self.reads().steady
    }

    /// Steady time as a date, for what is stored and must outlive the process: retries, sessions, tokens, and leases of a
    /// store that nobody shares. Real even in a drill; whole microseconds, never earlier than an answer given before.
    pub fn wall(&self) -> Timestamp {
        let Machine { system, steady } = self.reads();
        self.told().read(system, steady)
    }

    /// From now on [`Clock::wall`], and case time unless in a drill, is the time of another clock, which showed `theirs` at
    /// some moment after `asked` and before now. It is known to within that span. Counted on by steady time, so that
    /// nobody who sets this machine's clock moves it; asked again, it is corrected. Time does not go back by it, but for
    /// the first time.
    pub fn follow(&self, theirs: Timestamp, asked: Instant) {
        let Machine { system, steady } = self.reads();
        let moved = self.told().follow(theirs, (asked, steady), system);
        if moved {
            self.inner.moved.send_replace(());
        }
    }

    /// Returns once so much steady time has passed. Dropping the future cancels it.
    pub async fn rest(&self, span: Duration) {
        if self.inner.face != Face::Simulated {
            return tokio::time::sleep(span).await;
        }
        let (mut moves, until) = (self.moves(), self.steady() + span);
        loop {
            moves.borrow_and_update();
            if self.steady() >= until {
                return;
            }
            // The sender lives as long as `self`.
            let _ = moves.changed().await;
        }
    }

    /// How far the clock of this machine is ahead of the time that is told, or behind it. Not zero where it was set back, or
    /// differs from the clock that is followed.
    pub fn machine_ahead(&self) -> SignedDuration {
        let Machine { system, steady } = self.reads();
        self.told().system_ahead(system, steady)
    }

    /// Sets the clock of a simulated machine, forward or back; time does not pass by it. Another one is not touched.
    pub fn set_machine(&self, system: Timestamp) {
        self.machine().system = system;
        self.inner.moved.send_replace(());
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

    /// So many seconds of case time pass by themselves for each real second; 0 where it stands still or is real.
    pub fn speed(&self) -> u32 {
        match self.inner.face {
            Face::Drill => self.moving().speed,
            Face::Real | Face::Simulated => 0,
        }
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
        let forward = |now: Timestamp| {
            let asked = whole_micros(to(now)?);
            if asked < now {
                return Err(CannotMove::Back { now, asked });
            }
            Ok(asked)
        };
        if self.inner.face == Face::Simulated {
            let now = self.wall();
            self.passes(forward(now)?.duration_since(now));
        } else {
            let read_at = Instant::now();
            let mut moving = self.moving();
            moving.base = forward(moving.at(read_at))?;
            moving.since = read_at;
        }
        self.inner.moved.send_replace(());
        Ok(self.now())
    }

    /// Time passes on a simulated machine: by its own clock and by its steady one.
    fn passes(&self, span: SignedDuration) {
        let mut machine = self.machine();
        let later = machine.system.saturating_add(span);
        machine.system = later.unwrap_or(Timestamp::MAX);
        machine.steady += span.unsigned_abs();
    }

    /// What the machine shows now.
    fn reads(&self) -> Machine {
        match self.inner.face {
            Face::Real | Face::Drill => Machine {
                system: Timestamp::now(),
                steady: Instant::now(),
            },
            Face::Simulated => *self.machine(),
        }
    }

    fn told(&self) -> MutexGuard<'_, Wall> {
        let wall = self.inner.wall.lock();
        wall.unwrap_or_else(PoisonError::into_inner)
    }

    fn machine(&self) -> MutexGuard<'_, Machine> {
        let machine = self.inner.machine.lock();
        machine.unwrap_or_else(PoisonError::into_inner)
    }

    fn moving(&self) -> MutexGuard<'_, Moving> {
        self.inner
            .moving
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the clocks of a machine show.
#[derive(Debug, Clone, Copy)]
struct Machine {
    system: Timestamp,
    steady: Instant,
}

/// Case time of a drill.
#[derive(Debug)]
struct Moving {
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
