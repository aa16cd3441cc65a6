//! What a reader remembers of the mails in a folder, as long as it runs and the folder lives. Losing it costs nothing but
//! work: the same mail counts once.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

/// A mail that its server does not hand over is asked for again after so long.
const AGAIN: Duration = Duration::from_secs(600);
/// A mail over which the line breaks so often is passed over for as long.
const BREAKS: u32 = 3;

/// Why a mail is left where it is.
struct Left {
    why: String,
    /// When it is tried again; never, if it can never be taken.
    again: Option<Instant>,
}

/// What is remembered.
#[derive(Default)]
pub struct Memory {
    validity: u32,
    left: BTreeMap<NonZeroU32, Left>,
    /// Kept, and not marked yet, with what the server says against that.
    kept: BTreeMap<NonZeroU32, String>,
    /// These could not be kept when they were tried last.
    later: BTreeSet<NonZeroU32>,
    /// The mail that is being fetched, and how often the line broke over it.
    trying: Option<(NonZeroU32, u32)>,
}

impl Memory {
    /// The folder was opened, in this life of it. In another one the numbers mean other mails.
    pub fn begin(&mut self, validity: u32) {
        if self.validity != validity {
            *self = Self {
                validity,
                ..Self::default()
            };
        }
    }

    /// Forgets what is not there any more.
    pub fn only(&mut self, waiting: &BTreeSet<NonZeroU32>) {
        self.left.retain(|number, _| waiting.contains(number));
        self.kept.retain(|number, _| waiting.contains(number));
        self.later.retain(|number| waiting.contains(number));
    }

    /// In which order they are tried: what could not be kept before stands behind what was not tried yet.
    pub fn in_order(&self, waiting: BTreeSet<NonZeroU32>) -> Vec<NonZeroU32> {
        let (again, mut first): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|number| self.later.contains(number));
        first.extend(again);
        first
    }

    /// It cannot be kept just now.
    pub fn try_later(&mut self, number: NonZeroU32) {
        self.later.insert(number);
    }

    /// Whether it is passed over now.
    pub fn passes_over(&self, number: NonZeroU32, now: Instant) -> bool {
        let left = self.left.get(&number);
        left.is_some_and(|left| left.again.is_none_or(|again| now < again))
    }

    /// It can never be taken. Whether that is news.
    pub fn leave(&mut self, number: NonZeroU32, why: String) -> bool {
        self.trying = None;
        let again = None;
        self.left.insert(number, Left { why, again }).is_none()
    }

    /// It cannot be had now. Whether that is news.
    pub fn leave_for_now(&mut self, number: NonZeroU32, why: String, now: Instant) -> bool {
        self.trying = None;
        let again = Some(now + AGAIN);
        self.left.insert(number, Left { why, again }).is_none()
    }

    /// It is fetched now.
    pub fn try_now(&mut self, number: NonZeroU32) {
        let before = self.trying.filter(|(one, _)| *one == number);
        self.trying = Some((number, before.map_or(0, |(_, breaks)| breaks)));
    }

    /// It was fetched.
    pub fn has_come(&mut self) {
        self.trying = None;
    }

    /// The line broke. A mail over which it does so again and again does not stand in the way of those behind it.
    pub fn broke(&mut self, said: &str, now: Instant) {
        let Some((number, breaks)) = &mut self.trying else {
            return;
        };
        *breaks += 1;
        if *breaks >= BREAKS {
            let number = *number;
            self.leave_for_now(
                number,
                format!("its server breaks off over it ({said})"),
                now,
            );
        }
    }

    /// It is kept and only to be marked.
    pub fn is_kept(&self, number: NonZeroU32) -> bool {
        self.kept.contains_key(&number)
    }

    /// It is kept; the server says so much against marking it.
    pub fn keep(&mut self, number: NonZeroU32, against: String) {
        self.left.remove(&number);
        self.kept.insert(number, against);
    }

    /// It is marked.
    pub fn settle(&mut self, number: NonZeroU32) {
        self.kept.remove(&number);
    }

    /// How many are left, and why the first of them is.
    pub fn left(&self) -> (usize, Option<String>) {
        let first = self.left.values().next();
        (self.left.len(), first.map(|left| left.why.clone()))
    }

    /// What the server says against marking what is kept.
    pub fn unmarked(&self) -> Option<&str> {
        let mut said = self.kept.values().map(String::as_str);
        said.find(|said| !said.is_empty())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    #[test]
    fn a_mail_over_which_the_line_breaks_is_passed_over_for_a_while() {
        let (now, number) = (
            crate::clock::Clock::real().steady(),
            NonZeroU32::new(7).unwrap(),
        );
        let mut memory = Memory::default();
        for _ in 0..BREAKS {
            assert!(!memory.passes_over(number, now));
            memory.try_now(number);
            memory.broke("it ended the line", now);
        }
        assert!(memory.passes_over(number, now));
        assert!(!memory.passes_over(number, now + AGAIN));
        memory.begin(2);
        assert!(!memory.passes_over(number, now), "it is another mail");
    }
}
