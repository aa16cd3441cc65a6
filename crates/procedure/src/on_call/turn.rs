//! Whose turn it is in one rotation, and until when.

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};

use super::{Rotation, Seat, Unit};
use crate::calendar::Zone;

/// A handover is looked for at most so many turns beside the place where the wall clock says it is. A clock is set by a
/// day at most, which is twenty-four turns of an hour.
const BESIDE: i64 = 30;

/// A turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn<'a> {
    /// Which, from 0.
    pub number: i64,
    /// Who has it.
    pub seat: &'a Seat,
    /// From this instant on.
    pub from: Timestamp,
    /// Up to, not including.
    pub until: Timestamp,
}

impl Rotation {
    /// The length of a turn on the wall.
    fn turn(&self) -> SignedDuration {
        let hours: i64 = match self.unit {
            Unit::Hour => 1,
            Unit::Day => 24,
            Unit::Week => 7 * 24,
        };
        SignedDuration::from_hours(hours * i64::from(self.length.max(1)))
    }

    /// The local time at which a turn begins.
    fn begins(&self, number: i64) -> Option<DateTime> {
        let seconds = self.turn().as_secs().checked_mul(number)?;
        self.start
            .checked_add(SignedDuration::from_secs(seconds))
            .ok()
    }

    /// When a turn begins.
    pub(super) fn handover(&self, zone: &Zone, number: i64) -> Option<Timestamp> {
        zone.instant(self.begins(number)?)
    }

    /// When the whole rotation is over.
    pub(super) fn over_at(&self, zone: &Zone) -> Timestamp {
        let end = self.end.and_then(|end| zone.instant(end));
        end.unwrap_or(Timestamp::MAX)
    }

    /// The turn at an instant, if the rotation has begun and is not over.
    #[must_use]
    pub fn turn_at(&self, zone: &Zone, at: Timestamp) -> Option<Turn<'_>> {
        let over = self.over_at(zone);
        if at < self.handover(zone, 0)? || at >= over || self.seats.is_empty() {
            return None;
        }
        let passed = zone.local(at).duration_since(self.start).as_secs();
        let mut number = passed.div_euclid(self.turn().as_secs());
        for _ in 0..BESIDE {
            if self.handover(zone, number)? <= at {
                break;
            }
            number -= 1;
        }
        for _ in 0..BESIDE {
            if self.handover(zone, number + 1).is_none_or(|next| next > at) {
                break;
            }
            number += 1;
        }
        let until = self.handover(zone, number + 1).unwrap_or(Timestamp::MAX);
        let seats = i64::try_from(self.seats.len()).ok()?;
        let place = usize::try_from(number.rem_euclid(seats)).ok()?;
        Some(Turn {
            number,
            seat: self.seats.get(place)?,
            from: self.handover(zone, number)?,
            until: until.min(over),
        })
    }
}
