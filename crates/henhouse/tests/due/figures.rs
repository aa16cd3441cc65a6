//! How late pages were.

use std::fmt;

/// Lateness in seconds, each page once.
#[derive(Default)]
pub struct Late(Vec<f64>);

impl Late {
    /// In order.
    pub fn of(mut seconds: Vec<f64>) -> Self {
        seconds.sort_by(f64::total_cmp);
        Self(seconds)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// That of which so many of a hundred are not later.
    pub fn percentile(&self, of_a_hundred: usize) -> f64 {
        let last = self.0.len().saturating_sub(1);
        let place = (self.0.len() * of_a_hundred)
            .div_ceil(100)
            .saturating_sub(1);
        self.0.get(place.min(last)).copied().unwrap_or_default()
    }

    /// The latest.
    pub fn worst(&self) -> f64 {
        self.0.last().copied().unwrap_or_default()
    }
}

impl fmt::Display for Late {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} late by p50 {:.2} s, p99 {:.2} s, at most {:.2} s",
            self.count(),
            self.percentile(50),
            self.percentile(99),
            self.worst()
        )
    }
}

/// What was counted.
pub struct Figures {
    /// Pages that fell due at the instant.
    pub due: Late,
    /// First pages of what signed-in people reported meanwhile, from the moment when it was recorded.
    pub first: Late,
    /// Reports that were said to be kept in the flood, and those that were not.
    pub kept: usize,
    pub refused: usize,
    pub reports_a_second: usize,
    /// Mails that came again under their id.
    pub again: usize,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "pages due at one instant: {}; {} reports kept at {} a second, {} refused, their first pages: {}; {} mails again \
             under their id",
            self.due, self.kept, self.reports_a_second, self.refused, self.first, self.again
        )
    }
}
