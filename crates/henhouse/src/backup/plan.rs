//! When backups are made by themselves, and from when on their age is an alarm.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::bucket::S3Settings;
use super::error::Result;
use super::place::Place;

/// `[backup]` in the settings.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The folder in which backups lie, best on another machine's disk; or `s3://bucket/prefix`.
    pub to: String,
    /// A backup is made so many hours after the last one.
    #[serde(default = "daily")]
    pub every_hours: u32,
    /// So many of the newest ones are kept.
    #[serde(default = "fortnight")]
    pub keep: usize,
    /// The admins are told when the last one is so many hours old; one and a half times `every_hours`, if
    /// nothing is said.
    pub alarm_after_hours: Option<u32>,
    /// How the bucket is reached.
    #[serde(default)]
    pub s3: S3Settings,
}

const fn daily() -> u32 {
    24
}

const fn fortnight() -> usize {
    14
}

impl Plan {
    /// The place that is meant. Blocking.
    ///
    /// # Errors
    /// As [`Place::of`].
    pub fn place(&self) -> Result<Place> {
        Place::of(&self.to, &self.s3)
    }

    /// Whether it is time for the next one.
    #[must_use]
    pub fn is_due(&self, last: Option<Timestamp>, now: Timestamp) -> bool {
        let every = SignedDuration::from_hours(self.every_hours.into());
        last.is_none_or(|last| now.duration_since(last) >= every)
    }

    /// Whether the last one, or the moment since which one is wanted, is too long ago.
    #[must_use]
    pub fn is_late(&self, since: Timestamp, now: Timestamp) -> bool {
        let half_as_much_again = i64::from(self.every_hours) * 90;
        let minutes = match self.alarm_after_hours {
            Some(hours) => i64::from(hours) * 60,
            None => half_as_much_again,
        };
        now.duration_since(since) > SignedDuration::from_mins(minutes)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn a_backup_is_due_after_its_hours_and_late_half_as_much_later() {
        let plan: Plan = toml::from_str("to = '/mnt/backups'").unwrap();
        let last: Timestamp = "2026-03-02T03:00:00Z".parse().unwrap();
        let after = |hours| last + SignedDuration::from_hours(hours);
        assert!(plan.is_due(None, last));
        assert!(!plan.is_due(Some(last), after(23)));
        assert!(plan.is_due(Some(last), after(24)));
        assert!(!plan.is_late(last, after(36)));
        assert!(plan.is_late(last, after(37)));
        let strict = Plan {
            alarm_after_hours: Some(25),
            ..plan
        };
        assert!(strict.is_late(last, after(26)) && !strict.is_late(last, after(25)));
        assert!(toml::from_str::<Plan>("to = '/x'\nkeeep = 3").is_err());
    }
}
