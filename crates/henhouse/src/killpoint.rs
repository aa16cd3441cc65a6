//! Points at which a test may have the process die, as if by `kill -9`.
//!
//! `HENHOUSE_KILL_AT=<point>[:n]` aborts the process at the n-th passing of the point (the first, if n
//! is not given). Without the variable a passing costs one load. Nothing is flushed or cleaned up. A release has no such
//! points ([`FAULTS`]).

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Whether this program can be made to fail on purpose, by the environment: builds for tests can, releases cannot.
pub const FAULTS: bool = cfg!(any(debug_assertions, feature = "faults"));

/// The points, in the order in which a notice passes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// A batch of writes has run, nothing is committed.
    BeforeCommit,
    /// A batch is committed, nobody has been answered.
    AfterCommit,
    /// A delivery is leased, nothing has been sent.
    BeforeSend,
    /// The peer has answered, the outcome is not written.
    AfterSend,
    /// A mail of a mailbox is kept, and not marked there.
    BeforeMark,
}

impl Point {
    const ALL: [Self; 5] = [
        Self::BeforeCommit,
        Self::AfterCommit,
        Self::BeforeSend,
        Self::AfterSend,
        Self::BeforeMark,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::BeforeCommit => "before_commit",
            Self::AfterCommit => "after_commit",
            Self::BeforeSend => "before_send",
            Self::AfterSend => "after_send",
            Self::BeforeMark => "before_mark",
        }
    }
}

struct Order {
    point: Point,
    left: AtomicU64,
}

/// Passes a point; does not return if the order was to die here.
pub fn pass(point: Point) {
    if !FAULTS {
        return;
    }
    static ORDER: OnceLock<Option<Order>> = OnceLock::new();
    let order = ORDER.get_or_init(|| read_order(&std::env::var("HENHOUSE_KILL_AT").ok()?));
    if let Some(order) = order
        && order.point == point
        && order.left.fetch_sub(1, Ordering::SeqCst) == 1
    {
        std::process::abort();
    }
}

fn read_order(text: &str) -> Option<Order> {
    let (word, n) = text.split_once(':').unwrap_or((text, "1"));
    let point = Point::ALL.into_iter().find(|point| point.word() == word)?;
    let n = n.parse().ok().filter(|n| *n > 0)?;
    Some(Order {
        point,
        left: AtomicU64::new(n),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::{Point, read_order};

    #[test]
    fn an_order_names_a_point_and_a_count() {
        let order = read_order("after_send:3").expect("an order");
        assert_eq!(order.point, Point::AfterSend);
        assert_eq!(order.left.load(Ordering::SeqCst), 3);
        assert_eq!(
            read_order("before_commit")
                .expect("an order")
                .left
                .load(Ordering::SeqCst),
            1
        );
    }

    #[test]
    fn anything_else_is_no_order() {
        for text in ["", "nowhere", "before_send:0", "before_send:x"] {
            assert!(read_order(text).is_none(), "{text}");
        }
    }
}
