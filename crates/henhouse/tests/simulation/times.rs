//! Time as it passes, and as each node's clock shows it: a node's system may be ahead or behind, may be set while the
//! program runs, and a program whose system was set back goes on at half speed, as `clock.rs` has it.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use henhouse::clock::Clock;
use jiff::{SignedDuration, Timestamp};

/// The time of all nodes. Clones share it, so that a slow store can let time pass while it is asked.
#[derive(Clone)]
pub struct Times(Arc<Mutex<Hands>>);

struct Hands {
    now: Timestamp,
    nodes: Vec<Hand>,
}

/// A node's time.
struct Hand {
    /// The clock of the program that runs.
    clock: Clock,
    /// How far its system's clock is ahead of true time.
    ahead: SignedDuration,
}

impl Times {
    /// Begins, with so many nodes.
    pub fn new(now: Timestamp, nodes: usize) -> Self {
        let hand = |_| Hand {
            clock: Clock::simulated(now),
            ahead: SignedDuration::ZERO,
        };
        let nodes = (0..nodes).map(hand).collect();
        Self(Arc::new(Mutex::new(Hands { now, nodes })))
    }

    /// True time.
    pub fn now(&self) -> Timestamp {
        self.hands().now
    }

    /// A program starts: its clock is its system's, whatever an earlier program took for the time.
    pub fn start(&self, node: usize) -> Clock {
        let mut hands = self.hands();
        let now = hands.now;
        let hand = &mut hands.nodes[node];
        hand.clock = Clock::simulated(now + hand.ahead);
        hand.clock.clone()
    }

    /// Sets the clock of a node's system.
    pub fn set(&self, node: usize, ahead: SignedDuration) {
        self.hands().nodes[node].ahead = ahead;
        self.pass(Duration::ZERO);
    }

    /// How far a node's program is off true time, either way.
    pub fn off(&self, node: usize) -> SignedDuration {
        let hands = self.hands();
        hands.nodes[node]
            .clock
            .wall()
            .duration_since(hands.now)
            .abs()
    }

    /// Whether a program goes slowly, because its system's clock was set back under it.
    pub fn is_slow(&self, node: usize) -> bool {
        let hands = self.hands();
        let hand = &hands.nodes[node];
        hand.clock.wall() > hands.now + hand.ahead
    }

    /// When a node's clock will show this.
    pub fn truly(&self, node: usize, at: Timestamp) -> Timestamp {
        let hands = self.hands();
        let hand = &hands.nodes[node];
        let shown = hand.clock.wall();
        let lag = shown.duration_since(hands.now + hand.ahead);
        let missing = at.duration_since(shown).max(SignedDuration::ZERO);
        hands.now + missing + missing.min(lag.max(SignedDuration::ZERO))
    }

    /// Time passes.
    pub fn pass(&self, span: Duration) {
        let mut hands = self.hands();
        let span = SignedDuration::try_from(span).unwrap();
        let before = hands.now;
        hands.now += span;
        for hand in &hands.nodes {
            let (shown, system) = (hand.clock.wall(), hands.now + hand.ahead);
            let set_back = shown > before + hand.ahead;
            let slowly = shown + span / 2;
            let shows = if set_back { system.max(slowly) } else { system };
            hand.clock.set(shows).unwrap();
        }
    }

    /// Time passes up to then, if that is to come.
    pub fn pass_to(&self, to: Timestamp) {
        let span = to.duration_since(self.now());
        self.pass(span.max(SignedDuration::ZERO).unsigned_abs());
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.0.lock().unwrap()
    }
}
