//! Time as it passes, and as each machine's clocks show it: a machine may be ahead or behind, may be set while its program runs,
//! and may stand still. What the program makes of that is the program's own (`clock.rs`). The database's clock is right.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use henhouse::clock::Clock;
use jiff::{SignedDuration, Timestamp};

/// The time of all machines. Clones share it, so that a slow store can let time pass while it is asked.
#[derive(Clone)]
pub struct Times(Arc<Mutex<Hands>>);

struct Hands {
    now: Timestamp,
    database: Clock,
    nodes: Vec<Hand>,
}

/// A node's time.
struct Hand {
    /// The clock of the program that runs.
    clock: Clock,
    /// How far its machine's clock is ahead of true time.
    ahead: SignedDuration,
    /// Since when its machine stands still.
    still: Option<Timestamp>,
}

/// How a machine stood still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stood {
    /// Its program was frozen, while its clocks went on.
    Frozen,
    /// It was suspended, and its steady clock with it.
    Suspended,
}

impl Times {
    /// Begins, with machines that are so far ahead.
    pub fn new(now: Timestamp, ahead: &[SignedDuration]) -> Self {
        let hand = |ahead: &SignedDuration| Hand {
            clock: Clock::simulated(now + *ahead),
            ahead: *ahead,
            still: None,
        };
        Self(Arc::new(Mutex::new(Hands {
            now,
            database: Clock::simulated(now),
            nodes: ahead.iter().map(hand).collect(),
        })))
    }

    /// True time.
    pub fn now(&self) -> Timestamp {
        self.hands().now
    }

    /// The clock of the database's machine.
    pub fn database(&self) -> Clock {
        self.hands().database.clone()
    }

    /// A program starts: its clock is its machine's, whatever an earlier program took for the time.
    pub fn start(&self, node: usize) -> Clock {
        let mut hands = self.hands();
        let now = hands.now;
        let hand = &mut hands.nodes[node];
        hand.clock = Clock::simulated(now + hand.ahead);
        hand.clock.clone()
    }

    /// Sets the clock of a machine.
    pub fn set(&self, node: usize, ahead: SignedDuration) {
        let mut hands = self.hands();
        let now = hands.now;
        let hand = &mut hands.nodes[node];
        hand.ahead = ahead;
        if hand.still.is_none() {
            hand.clock.set_machine(now + ahead);
        }
    }

    /// How far ahead of true time a machine's clock is.
    pub fn ahead(&self, node: usize) -> SignedDuration {
        self.hands().nodes[node].ahead
    }

    /// Whether a program goes slowly, because its machine's clock was set back under it.
    pub fn is_slow(&self, node: usize) -> bool {
        let hands = self.hands();
        let hand = &hands.nodes[node];
        hand.clock.wall() > hands.now + hand.ahead
    }

    /// When a program's clock will show this.
    pub fn truly(&self, node: usize, at: Timestamp) -> Timestamp {
        let hands = self.hands();
        let shown = hands.nodes[node].clock.wall();
        let missing = at.duration_since(shown).max(SignedDuration::ZERO);
        hands.now + missing
    }

    /// Time passes.
    pub fn pass(&self, span: Duration) {
        let mut hands = self.hands();
        hands.now += span;
        hands.database.advance(span).unwrap();
        for hand in hands.nodes.iter().filter(|hand| hand.still.is_none()) {
            hand.clock.advance(span).unwrap();
        }
    }

    /// Time passes up to then, if that is to come.
    pub fn pass_to(&self, to: Timestamp) {
        let span = to.duration_since(self.now());
        self.pass(span.max(SignedDuration::ZERO).unsigned_abs());
    }

    /// A machine stands still from now on.
    pub fn stop(&self, node: usize) {
        let mut hands = self.hands();
        let now = hands.now;
        hands.nodes[node].still = Some(now);
    }

    /// A machine goes on.
    pub fn go_on(&self, node: usize, how: Stood) {
        let mut hands = self.hands();
        let now = hands.now;
        let hand = &mut hands.nodes[node];
        let Some(since) = hand.still.take() else {
            return;
        };
        if how == Stood::Frozen {
            let gone = now.duration_since(since).unsigned_abs();
            hand.clock.advance(gone).unwrap();
        }
        // It may have been set meanwhile.
        hand.clock.set_machine(now + hand.ahead);
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.0.lock().unwrap()
    }
}
