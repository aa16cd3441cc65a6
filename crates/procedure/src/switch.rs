//! Rules can be switched off, one at a time, in a test build only.
//!
//! `cargo xtask rules --prove` uses it to show that each rule's scenarios would
//! notice if the rule were gone. In every other build [`on`] is the constant `true`.

use crate::rule::Rule;

#[cfg(feature = "prove")]
mod off {
    use core::sync::atomic::{AtomicU32, Ordering};

    const NONE: u32 = u32::MAX;
    static OFF: AtomicU32 = AtomicU32::new(NONE);

    pub fn is_off(rule: crate::rule::Rule) -> bool {
        OFF.load(Ordering::Relaxed) == rule as u32
    }

    /// Switches one rule off, or all on again with `None`.
    pub fn switch_off(rule: Option<crate::rule::Rule>) {
        OFF.store(rule.map_or(NONE, |rule| rule as u32), Ordering::Relaxed);
    }
}

#[cfg(feature = "prove")]
pub use off::switch_off;

/// Whether the rule is in force. Put it at the one place where the rule acts.
#[cfg(feature = "prove")]
#[must_use]
pub fn on(rule: Rule) -> bool {
    !off::is_off(rule)
}

/// Whether the rule is in force: always, outside the proving build.
#[cfg(not(feature = "prove"))]
#[must_use]
#[inline]
pub fn on(_rule: Rule) -> bool {
    true
}
