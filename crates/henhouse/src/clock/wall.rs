//! Time that never goes back, made out of readings: of the machine's own clock, or of another one that this process
//! follows. Pure: `clock.rs` does the reading.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use super::whole_micros;

/// Where the clock behind it was set back, time loses one part in so many until that has caught up. A term of ten minutes
/// then ends three seconds late and one of an hour eighteen, where half speed would have doubled both.
const LOSES: u32 = 200;

/// What was told, and what it comes from.
#[derive(Debug)]
pub(super) struct Wall {
    last: Timestamp,
    /// When that was told.
    seen: Instant,
    /// From where on it goes slowly.
    slowly: Option<(Timestamp, Instant)>,
    lead: Option<Lead>,
}

/// What another clock showed, and when: from there on it is counted by the steady clock, which nobody sets.
#[derive(Debug, Clone, Copy)]
struct Lead {
    at: Timestamp,
    seen: Instant,
}

impl Wall {
    pub(super) fn new(last: Timestamp, seen: Instant) -> Self {
        Self {
            last: whole_micros(last),
            seen,
            slowly: None,
            lead: None,
        }
    }

    /// The time now. Standing still where it would go back would silence every escalation for that long; going on at full
    /// speed would keep the error for ever.
    pub(super) fn read(&mut self, system: Timestamp, steady: Instant) -> Timestamp {
        let source = self.source(system, steady);
        if self.slowly.is_none() && source < self.last {
            self.slowly = Some((self.last, self.seen));
        }
        let slow = self.slowly.map(|(from, since)| {
            let passed = steady.saturating_duration_since(since);
            later(from, slowed(passed)).max(self.last)
        });
        self.seen = steady;
        self.last = match slow {
            Some(slow) if slow > source => slow,
            _ => {
                self.slowly = None;
                source
            }
        };
        self.last
    }

    /// Another clock showed `theirs` at some moment between these two. What is taken for its time is moved as little as
    /// that allows, so that a slow answer spoils nothing. Before the first time nothing has been told by that clock, and
    /// what was told before is forgotten, also if it was later. Says whether time has changed by this.
    pub(super) fn follow(
        &mut self,
        theirs: Timestamp,
        (asked, answered): (Instant, Instant),
        system: Timestamp,
    ) -> bool {
        let taken = answered.saturating_duration_since(asked);
        let own = self.source(system, answered);
        let at = own.clamp(theirs, later(theirs, taken));
        if self.lead.is_none() {
            self.last = whole_micros(at);
            self.seen = answered;
            self.slowly = None;
        }
        self.lead = Some(Lead { at, seen: answered });
        at != own
    }

    /// How far the machine's own clock is ahead of the time that is told.
    pub(super) fn system_ahead(&mut self, system: Timestamp, steady: Instant) -> SignedDuration {
        whole_micros(system).duration_since(self.read(system, steady))
    }

    fn source(&self, system: Timestamp, steady: Instant) -> Timestamp {
        whole_micros(match self.lead {
            None => system,
            Some(lead) => later(lead.at, steady.saturating_duration_since(lead.seen)),
        })
    }
}

fn slowed(passed: Duration) -> Duration {
    passed - passed / LOSES
}

fn later(at: Timestamp, by: Duration) -> Timestamp {
    whole_micros(at.checked_add(by).unwrap_or(Timestamp::MAX))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn minutes(count: u64) -> Duration {
        Duration::from_secs(60 * count)
    }

    fn noon() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_system_clock_set_back_slows_time_a_little_until_it_has_caught_up() {
        let start = Instant::now();
        let mut wall = Wall::new(noon(), start);
        let back = noon() - SECOND;

        assert_eq!(wall.read(back, start), noon());
        let after_two = wall.read(back + minutes(2), start + minutes(2));
        assert_eq!(
            after_two,
            noon() + minutes(2) - Duration::from_millis(600),
            "an escalation of two minutes is not late by one"
        );
        let after_four = wall.read(back + minutes(4), start + minutes(4));
        assert_eq!(
            after_four,
            noon() + minutes(4) - SECOND,
            "and then it is the system's again"
        );
    }

    #[test]
    fn reading_a_set_back_clock_often_does_not_stop_it() {
        let start = Instant::now();
        let mut wall = Wall::new(noon(), start);
        for step in 1..=10_000_u64 {
            wall.read(
                noon() - minutes(60),
                start + Duration::from_nanos(700 * step),
            );
        }
        let moved = wall.last.duration_since(noon()).as_micros();
        assert!(
            moved > 6_900,
            "seven milliseconds passed, time moved {moved} microseconds"
        );
    }

    #[test]
    fn a_clock_that_is_followed_is_known_to_within_the_time_that_its_answer_took() {
        let start = Instant::now();
        let theirs = noon() + minutes(60);
        for ahead in [-3_600, -60, 0, 60, 3_600] {
            let system = theirs + SignedDuration::from_secs(ahead);
            let mut wall = Wall::new(system, start);
            let (asked, answered) = (start, start + Duration::from_millis(10));
            wall.follow(theirs, (asked, answered), system);
            let told = wall.read(system, answered);
            assert!(
                told >= theirs && told <= theirs + Duration::from_millis(10),
                "{ahead}: {told}"
            );
            let later = wall.read(noon(), answered + minutes(10));
            assert_eq!(
                later,
                told + minutes(10),
                "whatever becomes of the system's clock"
            );
        }
    }

    #[test]
    fn an_answer_that_took_long_moves_nothing_that_it_does_not_have_to() {
        let start = Instant::now();
        let mut wall = Wall::new(noon(), start);
        wall.follow(noon(), (start, start), noon());
        let thawed = start + minutes(10);
        let moved = wall.follow(noon() + SECOND, (start, thawed), noon());
        assert!(!moved);
        assert_eq!(wall.read(noon(), thawed), noon() + minutes(10));
    }

    #[test]
    fn a_machine_that_was_suspended_is_told_at_the_next_answer() {
        let start = Instant::now();
        let mut wall = Wall::new(noon(), start);
        wall.follow(noon(), (start, start), noon());
        // Its steady clock stood still for an hour.
        let moved = wall.follow(noon() + minutes(60), (start, start), noon());
        assert!(moved);
        assert_eq!(wall.read(noon(), start), noon() + minutes(60));
    }

    #[test]
    fn a_followed_clock_that_goes_back_does_not_take_time_back() {
        let start = Instant::now();
        let mut wall = Wall::new(noon(), start);
        wall.follow(noon(), (start, start), noon());
        assert_eq!(wall.read(noon(), start), noon());
        wall.follow(noon() - minutes(60), (start, start), noon());
        assert_eq!(wall.read(noon(), start), noon());
        assert_eq!(
            wall.read(noon(), start + minutes(10)),
            noon() + minutes(10) - Duration::from_secs(3),
            "a page of ten minutes is three seconds late"
        );
    }
}
