//! Collecting findings.

use super::{Finding, Weight};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

#[derive(Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    pub(super) fn error(&mut self, place: &str, sentence: impl Into<String>, fix: &str) {
        self.add(Weight::Error, place, sentence.into(), fix);
    }

    pub(super) fn warning(&mut self, place: &str, sentence: impl Into<String>, fix: &str) {
        self.add(Weight::Warning, place, sentence.into(), fix);
    }

    fn add(&mut self, weight: Weight, place: &str, sentence: String, fix: &str) {
        self.0.push(Finding {
            weight,
            place: place.to_string(),
            sentence,
            fix: fix.to_string(),
        });
    }

    pub(super) fn sorted(mut self) -> Vec<Finding> {
        self.0.sort();
        self.0.dedup();
        self.0
    }
}
