//! What of a case counts among other cases, small enough to be kept beside every case; and how such
//! figures are spread over many of them. Unknown is a value of its own, never nought (R85).

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Metrics, Span};

/// Figures that were kept under another meaning are made anew, not read.
const MEANING: u8 = 1;

/// The figures of a case that counts. Nobody who reported is among them, and nobody else (R105).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    #[serde(rename = "v")]
    meaning: u8,
    /// The entry up to which they speak.
    #[serde(rename = "q")]
    pub seq: u64,
    /// Seconds from start to awareness; `None` where that is unknown (R85).
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub discovery: Option<i64>,
    /// Seconds from awareness to containment (R86).
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub containment: Option<i64>,
    /// Seconds from report to acknowledgement (R26).
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub acknowledgement: Option<i64>,
    /// Seconds from report to the first IC (R6).
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub ic: Option<i64>,
    /// Seconds from report to the first sitrep.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub first_sitrep: Option<i64>,
    /// Sitreps that went out by their time (R76).
    #[serde(rename = "t", default, skip_serializing_if = "is_nought")]
    pub sitreps_on_time: u32,
    /// Sitreps that went out after it.
    #[serde(rename = "l", default, skip_serializing_if = "is_nought")]
    pub sitreps_late: u32,
    /// Minutes beyond the playbook's length of a shift (R69).
    #[serde(rename = "m", default, skip_serializing_if = "is_nought")]
    pub minutes_over_shifts: u32,
    /// How often the sheet was called, or somebody beside the owner of a duty.
    #[serde(rename = "e", default, skip_serializing_if = "is_nought")]
    pub escalations: u32,
    /// How it was discovered (R84); `None` until somebody said so.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub discovered_by: Option<String>,
    /// What the actor did (R87); `None` until somebody said so, empty for nothing.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub actions: Option<Vec<String>>,
}

fn is_nought(n: &u32) -> bool {
    *n == 0
}

impl Figures {
    /// The figures of a case up to that entry; `None` where it does not count: a drill, or part of another
    /// case (R124).
    #[must_use]
    pub fn of(metrics: &Metrics, seq: u64) -> Option<Self> {
        metrics.counts.then(|| Self {
            meaning: MEANING,
            seq,
            discovery: seconds(&metrics.time_to_discovery),
            containment: seconds(&metrics.time_to_containment),
            acknowledgement: seconds(&metrics.time_to_acknowledge),
            ic: seconds(&metrics.time_to_ic),
            first_sitrep: seconds(&metrics.time_to_first_sitrep),
            sitreps_on_time: metrics.sitreps_on_time,
            sitreps_late: metrics.sitreps_late,
            minutes_over_shifts: metrics.minutes_over_shifts,
            escalations: metrics.escalations,
            discovered_by: metrics.discovery_method.clone(),
            actions: metrics
                .threat_actions
                .as_ref()
                .map(|all| all.iter().cloned().collect()),
        })
    }

    /// Whether they mean what this program means by them, and speak up to that entry.
    #[must_use]
    pub fn stand_at(&self, seq: u64) -> bool {
        self.meaning == MEANING && self.seq == seq
    }
}

fn seconds(span: &Span) -> Option<i64> {
    match span {
        Span::Seconds { seconds, .. } => Some(*seconds),
        Span::Unknown => None,
    }
}

/// How a length of time is spread over several cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// The known ones in seconds, the shortest first.
    pub known: Vec<i64>,
    /// So many cases of which it is not known.
    pub unknown: usize,
}

impl Spread {
    /// Out of what each case has.
    #[must_use]
    pub fn of(all: impl IntoIterator<Item = Option<i64>>) -> Self {
        let mut spread = Self::default();
        for one in all {
            match one {
                Some(seconds) => spread.known.push(seconds),
                None => spread.unknown += 1,
            }
        }
        spread.known.sort_unstable();
        spread
    }

    /// The one in the middle; of two in the middle half way between them, rounded down.
    #[must_use]
    pub fn median(&self) -> Option<i64> {
        let n = self.known.len();
        let upper = *self.known.get(n / 2)?;
        match n % 2 {
            1 => Some(upper),
            _ => self
                .known
                .get(n / 2 - 1)
                .map(|lower| lower + (upper - lower) / 2),
        }
    }

    /// Nine of ten took at most so long: the smallest known one of which that is true (nearest rank).
    #[must_use]
    pub fn ninetieth(&self) -> Option<i64> {
        let rank = (self.known.len() * 9).div_ceil(10);
        self.known.get(rank.checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 1, 2, 3, 4, 5, 6, 7, 8, 9, 100 has its middle between 5 and 6, and nine of ten at most 9.
    #[test]
    fn the_middle_and_the_ninetieth_are_as_counted_by_hand() {
        let ten = Spread::of(
            [9, 1, 8, 2, 100, 7, 3, 6, 4, 5]
                .map(Some)
                .into_iter()
                .chain([None]),
        );
        assert_eq!(
            (ten.median(), ten.ninetieth(), ten.unknown),
            (Some(5), Some(9), 1)
        );
        let eleven = Spread::of((1..=11).map(Some));
        assert_eq!((eleven.median(), eleven.ninetieth()), (Some(6), Some(10)));
        let two = Spread::of([Some(60), Some(121)]);
        assert_eq!((two.median(), two.ninetieth()), (Some(90), Some(121)));
        let one = Spread::of([Some(60), None, None]);
        assert_eq!(
            (one.median(), one.ninetieth(), one.unknown),
            (Some(60), Some(60), 2)
        );
        let none = Spread::of([None]);
        assert_eq!((none.median(), none.ninetieth()), (None, None));
    }
}
