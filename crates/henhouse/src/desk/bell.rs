//! The bell beside the waker's bed: it rings only for what falls due before the waker means to get
//! up, so that a flood of reports, whose times are far off, lets it sleep.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use jiff::Timestamp;
use tokio::sync::Notify;

/// See the module. It rings too often rather than once too few.
#[derive(Debug)]
pub struct Bell {
    ring: Notify,
    /// Until when the waker sleeps, in microseconds; the end of time while it is awake.
    asleep_until: AtomicI64,
    /// How often somebody asked whether the waker still gets up, and up to which of these it did.
    calls: AtomicU64,
    answered: AtomicU64,
}

impl Default for Bell {
    fn default() -> Self {
        Self {
            ring: Notify::new(),
            asleep_until: AtomicI64::new(i64::MAX),
            calls: AtomicU64::new(0),
            answered: AtomicU64::new(0),
        }
    }
}

impl Bell {
    /// The waker is about to look at the cases: what changes from now on rings. Answers which roll call it hears.
    pub fn awake(&self) -> u64 {
        self.asleep_until.store(i64::MAX, Ordering::SeqCst);
        self.calls.load(Ordering::SeqCst)
    }

    /// The waker has looked, and sleeps until then; for ever, if nothing is owed. It answers the roll call that it heard.
    pub fn sleeps_until(&self, next: Option<Timestamp>, heard: u64) {
        self.answered.store(heard, Ordering::SeqCst);
        let next = next.map_or(i64::MAX, Timestamp::as_microsecond);
        self.asleep_until.store(next, Ordering::SeqCst);
    }

    /// A case is committed that is owed something at that time.
    pub(super) fn due(&self, at: Option<Timestamp>) {
        let earlier =
            |at: Timestamp| at.as_microsecond() < self.asleep_until.load(Ordering::SeqCst);
        if at.is_some_and(earlier) {
            self.ring.notify_one();
        }
    }

    /// A roll call: the waker gets up, looks at the cases, and has answered when [`Self::has_answered`] says so.
    pub fn call(&self) -> u64 {
        let call = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        self.ring.notify_one();
        call
    }

    /// Whether the waker has looked at the cases since that call.
    #[must_use]
    pub fn has_answered(&self, call: u64) -> bool {
        self.answered.load(Ordering::SeqCst) >= call
    }

    /// Waits until it rings; at once, if it rang meanwhile.
    pub async fn rung(&self) {
        self.ring.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use std::task::Poll;

    use super::*;

    async fn has_rung(bell: &Bell) -> bool {
        let mut rung = std::pin::pin!(bell.rung());
        std::future::poll_fn(|cx| Poll::Ready(rung.as_mut().poll(cx).is_ready())).await
    }

    #[tokio::test]
    async fn it_rings_for_what_comes_before_the_waker_gets_up() {
        let at = |second| Timestamp::from_second(second).ok();
        let bell = Bell::default();
        bell.due(at(900));
        assert!(has_rung(&bell).await, "nobody has looked yet");
        bell.awake();
        bell.sleeps_until(at(50), 0);
        for (due, rings) in [
            (at(51), false),
            (at(50), false),
            (None, false),
            (at(49), true),
        ] {
            bell.due(due);
            assert_eq!(has_rung(&bell).await, rings, "{due:?}");
        }
        bell.awake();
        bell.due(at(51));
        bell.sleeps_until(at(50), 0);
        assert!(has_rung(&bell).await, "it came while the waker looked");
        bell.sleeps_until(None, 0);
        bell.due(at(51));
        assert!(has_rung(&bell).await, "the waker would sleep for ever");
    }

    #[tokio::test]
    async fn a_roll_call_is_answered_by_a_look_that_began_after_it() {
        let bell = Bell::default();
        let heard = bell.awake();
        let call = bell.call();
        bell.sleeps_until(None, heard);
        assert!(!bell.has_answered(call), "it had looked before");
        assert!(has_rung(&bell).await);
        let heard = bell.awake();
        bell.sleeps_until(None, heard);
        assert!(bell.has_answered(call));
    }
}
