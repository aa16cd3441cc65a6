//! When to try again. Pages and other mail have their own rhythm; a table, not a formula, because
//! people must be able to say what happens at night.

use jiff::{SignedDuration, Timestamp};

use super::outcome::Fault;
use crate::store::Lane;

/// Nothing is tried for longer than this after its first attempt, in hours: then a person must know.
const GIVE_UP_HOURS: i64 = 72;
/// While the channel is away nobody's mailbox is to blame, so no mail waits longer than this, in
/// seconds, once the channel is back.
const CHANNEL_WAIT_SECONDS: i64 = 300;
/// Pages: tries at 0, 5, 15, 30 and 60 s, then every minute. The gaps, in seconds.
const URGENT_GAPS: [i64; 5] = [5, 10, 15, 30, 60];
/// Other mail: tries at 0 and 30 s, 2, 10 and 30 min, then every hour. The gaps, in seconds.
const ORDINARY_GAPS: [i64; 5] = [30, 90, 480, 1_200, 3_600];

/// When the next attempt is due, or `None` if it is time to give up.
///
/// `attempts` counts those made, the last one included; `first` is when the first one ended.
#[must_use]
pub fn next_try(
    lane: Lane,
    attempts: u32,
    fault: Fault,
    first: Timestamp,
    now: Timestamp,
) -> Option<Timestamp> {
    if now.duration_since(first) >= SignedDuration::from_hours(GIVE_UP_HOURS) {
        return None;
    }
    let gaps = match lane {
        Lane::Urgent => URGENT_GAPS,
        Lane::Ordinary => ORDINARY_GAPS,
    };
    let place = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    let gap = gaps[place.min(gaps.len() - 1)];
    let gap = match fault {
        Fault::Channel => gap.min(CHANNEL_WAIT_SECONDS),
        Fault::Recipient => gap,
    };
    now.checked_add(SignedDuration::from_secs(gap)).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]
    use super::*;

    /// The seconds after the first attempt at which the first `count` attempts are made.
    fn tries(lane: Lane, fault: Fault, count: u32) -> Vec<i64> {
        let first = Timestamp::UNIX_EPOCH;
        let mut now = first;
        let mut seconds = vec![0];
        for attempts in 1..count {
            now = next_try(lane, attempts, fault, first, now).unwrap();
            seconds.push(now.as_second());
        }
        seconds
    }

    #[test]
    fn a_page_is_tried_within_seconds_and_then_every_minute() {
        for fault in [Fault::Recipient, Fault::Channel] {
            assert_eq!(
                tries(Lane::Urgent, fault, 8),
                [0, 5, 15, 30, 60, 120, 180, 240]
            );
        }
    }

    #[test]
    fn other_mail_backs_off_to_an_hour() {
        let expected = [0, 30, 120, 600, 1_800, 5_400, 9_000];
        assert_eq!(tries(Lane::Ordinary, Fault::Recipient, 7), expected);
    }

    #[test]
    fn a_channel_that_comes_back_does_not_find_mail_waiting_for_an_hour() {
        let expected = [0, 30, 120, 420, 720, 1_020];
        assert_eq!(tries(Lane::Ordinary, Fault::Channel, 6), expected);
    }

    #[test]
    fn after_three_days_a_person_must_know() {
        let first = Timestamp::UNIX_EPOCH;
        let last = first + SignedDuration::from_hours(72);
        let before = last - SignedDuration::from_secs(1);
        for lane in [Lane::Urgent, Lane::Ordinary] {
            assert!(next_try(lane, 70, Fault::Recipient, first, before).is_some());
            assert_eq!(next_try(lane, 70, Fault::Recipient, first, last), None);
        }
    }
}
