//! How many requests came and how they were answered, by operation. Nothing about any case.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Counts since the start.
#[derive(Default)]
pub struct Traffic {
    answers: Mutex<BTreeMap<(&'static str, u16), u64>>,
}

impl Traffic {
    /// Counts one answer.
    pub fn count(&self, operation: &'static str, status: u16) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        *answers.entry((operation, status)).or_default() += 1;
    }

    /// Every count so far: operation, status, number.
    #[must_use]
    pub fn counts(&self) -> Vec<(&'static str, u16, u64)> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers
            .iter()
            .map(|((op, status), n)| (*op, *status, *n))
            .collect()
    }
}
