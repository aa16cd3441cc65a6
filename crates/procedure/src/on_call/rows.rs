//! Somebody's own time on call.

use alloc::vec::Vec;

use jiff::Timestamp;

use super::Reading;
use crate::id::PersonId;

/// Somebody's spans of a schedule, in order.
pub type Rows = Vec<(Timestamp, Timestamp)>;

impl Reading<'_> {
    /// When this person is on call, in order; spans that touch are one.
    #[must_use]
    pub fn own(&self, person: &PersonId, from: Timestamp, until: Timestamp) -> Rows {
        let mut rows = Rows::new();
        for span in self.spans(from, until) {
            if span.on_call.people.iter().all(|one| one.person != person) {
                continue;
            }
            match rows.last_mut() {
                Some(last) if last.1 == span.from => last.1 = span.until,
                _ => rows.push((span.from, span.until)),
            }
        }
        rows
    }
}
