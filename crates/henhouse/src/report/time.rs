//! Times in words: absolute in the project's zone with UTC beside it, and relative where that
//! helps. What is sent is read later, so "in 10 minutes" is never said alone.
//!
//! Days and months are said in English, or as a page asks in the language of its reader; lengths of time here are
//! English: a page says those by its own words.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};
use procedure::{Certainty, When};

use super::Language;

/// Says times as seen from one instant in one zone.
#[derive(Clone, Debug)]
pub struct Times {
    zone: TimeZone,
    now: Timestamp,
    this_year: i16,
    language: Language,
}

impl Times {
    /// Times in this zone, as seen at `now`.
    #[must_use]
    pub fn new(zone: TimeZone, now: Timestamp) -> Self {
        let this_year = now.to_zoned(zone.clone()).year();
        Self {
            zone,
            now,
            this_year,
            language: Language::English,
        }
    }

    /// The same with days and months in a language, for a page. Sentences that are English go without.
    #[must_use]
    pub fn in_words_of(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// The same in English, for sentences that are.
    #[must_use]
    pub fn in_english(&self) -> Self {
        self.clone().in_words_of(Language::English)
    }

    /// The language of days and months.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// The instant from which is told.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The name of the zone in which times are told, such as `Europe/Berlin`.
    #[must_use]
    pub fn zone_name(&self) -> String {
        self.zone.iana_name().unwrap_or("UTC").to_owned()
    }

    /// The shortest that is not mistaken, for subjects: `03:22 UTC`, `Mon 09:00 UTC`,
    /// `30 Nov 09:00 UTC`.
    #[must_use]
    pub fn short(&self, at: Timestamp) -> String {
        let (at, now) = (at.to_zoned(TimeZone::UTC), self.now.to_zoned(TimeZone::UTC));
        let apart = at.timestamp().duration_since(now.timestamp()).abs();
        let form = if at.date() == now.date() || apart < SignedDuration::from_hours(6) {
            "%H:%M UTC"
        } else if apart < SignedDuration::from_hours(24 * 6) {
            "%a %H:%M UTC"
        } else if at.year() == now.year() {
            "%-d %b %H:%M UTC"
        } else {
            "%-d %b %Y %H:%M UTC"
        };
        at.strftime(form).to_string()
    }

    /// As people type it, in the project's zone: `2026-11-22 03:00`.
    #[must_use]
    pub fn typed(&self, at: Timestamp) -> String {
        self.language.typed(self.local(at).datetime())
    }

    /// To the second, for what is seen on a screen now: `22:22:05 EST`.
    #[must_use]
    pub fn clock(&self, at: Timestamp) -> String {
        self.language.told(&self.local(at), "%H:%M:%S %Z")
    }

    /// The hour alone, for the marks of a scale that says its zone: `22:22`.
    #[must_use]
    pub fn wall(&self, at: Timestamp) -> String {
        self.local(at).strftime("%H:%M").to_string()
    }

    /// From one time to another, the day of the second only where it is another one: `Mon 23 Nov, 04:00 UTC`,
    /// `07:00 UTC`.
    #[must_use]
    pub fn from_to(&self, from: Timestamp, until: Timestamp) -> (String, String) {
        let today = self.date(self.now);
        let begins = self.with_day(from, self.date(from) != today);
        (
            begins,
            self.with_day(until, self.date(until) != self.date(from)),
        )
    }

    /// In full: `03:22 UTC`, or `22:22 EST (03:22 UTC)`, with the day where it is another one.
    #[must_use]
    pub fn at(&self, at: Timestamp) -> String {
        let near = at.duration_since(self.now).abs() < SignedDuration::from_hours(6);
        self.with_day(
            at,
            !near && self.local(self.now).date() != self.local(at).date(),
        )
    }

    /// In full, always with the day and the year: `Fri 20 Nov 2026, 22:22 EST (Sat 03:22 UTC)`.
    #[must_use]
    pub fn dated(&self, at: Timestamp) -> String {
        self.told(at, true, true)
    }

    /// In full and as seen from now: `03:22 UTC (in 10 minutes)`.
    #[must_use]
    pub fn both(&self, at: Timestamp) -> String {
        format!("{}, {}", self.at(at), self.relative(at))
    }

    /// For what is asked: `03:22 UTC, 10 minutes after this was sent`. A mail is read later.
    #[must_use]
    pub fn deadline(&self, at: Timestamp) -> String {
        let left = at.duration_since(self.now);
        if left.as_secs() < 60 {
            return self.at(at);
        }
        format!("{}, {} after this was sent", self.at(at), span(left))
    }

    /// As seen from now: `in 10 minutes`, `2 hours 41 minutes ago`, `just now`.
    #[must_use]
    pub fn relative(&self, at: Timestamp) -> String {
        let left = at.duration_since(self.now);
        match left.as_secs() {
            -59..=59 => "just now".to_owned(),
            60.. => format!("in {}", span(left)),
            _ => format!("{} ago", span(left)),
        }
    }

    /// A claimed time with how sure it is.
    #[must_use]
    pub fn claimed(&self, when: &When) -> String {
        let (local, [day, month, year]) = (self.local(when.at), self.language.in_a_sentence());
        match when.certainty {
            Certainty::Exact => self.dated(when.at),
            Certainty::About => format!("{} {}", self.language.about(), self.dated(when.at)),
            Certainty::Day => self.language.told(&local, day),
            Certainty::Month => self.language.told(&local, month),
            Certainty::Year => self.language.told(&local, year),
        }
    }

    /// For the left edge of a list: `Fri 20 Nov, 22:22 EST (Sat 03:22 UTC)`.
    #[must_use]
    pub fn stamp(&self, at: Timestamp) -> String {
        self.with_day(at, true)
    }

    /// A day as the head of a part of a list: `Fri 20 Nov 2026`.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> String {
        self.language.told(&self.local(at), "%a %-d %b %Y")
    }

    /// The day on which it was, to compare it with others.
    #[must_use]
    pub fn date(&self, at: Timestamp) -> Date {
        self.local(at).date()
    }

    /// The time below such a head: `22:22 EST (03:22 UTC)`.
    #[must_use]
    pub fn hour(&self, at: Timestamp) -> String {
        self.with_day(at, false)
    }

    fn local(&self, at: Timestamp) -> Zoned {
        at.to_zoned(self.zone.clone())
    }

    fn with_day(&self, at: Timestamp, day: bool) -> String {
        self.told(at, day, self.local(at).year() != self.this_year)
    }

    fn told(&self, at: Timestamp, day: bool, year: bool) -> String {
        let local = self.local(at);
        let form = match (day, year) {
            (false, _) => "%H:%M %Z",
            (true, false) => "%a %-d %b, %H:%M %Z",
            (true, true) => "%a %-d %b %Y, %H:%M %Z",
        };
        let said = self.language.told(&local, form);
        if self.zone.to_offset_info(at).abbreviation() == "UTC" {
            return said;
        }
        let utc = at.to_zoned(TimeZone::UTC);
        let other_day = day && local.date() != utc.date();
        let form = if other_day {
            "%a %H:%M UTC"
        } else {
            "%H:%M UTC"
        };
        let utc = self.language.told(&utc, form);
        format!("{said} ({utc})")
    }
}

/// In full, in UTC, for where no project says a zone: `2026-11-20 03:22 UTC`.
#[must_use]
pub fn dated_utc(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// A length of time in its two largest units: `2 hours 41 minutes`.
#[must_use]
pub fn span(length: SignedDuration) -> String {
    let minutes = (length.abs().as_secs() + 30) / 60;
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let parts = if days > 0 {
        [(days, "day"), (hours, "hour")]
    } else {
        [(hours, "hour"), (rest, "minute")]
    };
    let said: Vec<String> = parts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, unit)| count(*n, unit))
        .collect();
    if said.is_empty() {
        return "less than a minute".to_owned();
    }
    said.join(" ")
}

/// A number of things: `1 step`, `2 steps`.
#[must_use]
pub fn count(n: impl Into<i64>, unit: &str) -> String {
    let n = n.into();
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {unit}{plural}")
}

/// A place in a row, as people say it: `first`, `second`, and from the eleventh on `11th`, `22nd`.
#[must_use]
pub fn nth(n: u32) -> String {
    const WORDS: [&str; 10] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth",
    ];
    let place = n.checked_sub(1).and_then(|n| usize::try_from(n).ok());
    if let Some(word) = place.and_then(|place| WORDS.get(place)) {
        return (*word).to_owned();
    }
    let end = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_said_as_people_say_them() {
        let said = [1, 2, 10, 11, 12, 13, 21, 22, 23, 30, 111]
            .map(nth)
            .join(" ");
        assert_eq!(
            said,
            "first second tenth 11th 12th 13th 21st 22nd 23rd 30th 111th"
        );
    }

    fn times(zone: &str) -> Times {
        let zone = TimeZone::get(zone).expect("a zone");
        Times::new(zone, at("2026-11-21T03:12:00Z"))
    }

    fn at(at: &str) -> Timestamp {
        at.parse().expect("a time")
    }

    #[test]
    fn utc_is_said_once_and_beside_every_other_zone() {
        let due = at("2026-11-21T03:22:00Z");
        assert_eq!(times("UTC").at(due), "03:22 UTC");
        assert_eq!(times("America/New_York").at(due), "22:22 EST (03:22 UTC)");
        assert_eq!(times("Europe/Berlin").at(due), "04:22 CET (03:22 UTC)");
        assert_eq!(
            times("Europe/Berlin").at(at("2026-11-23T08:00:00Z")),
            "Mon 23 Nov, 09:00 CET (08:00 UTC)"
        );
    }

    #[test]
    fn a_page_in_german_names_days_and_months_in_german_and_nothing_else_changes() {
        let german = times("Europe/Berlin").in_words_of(Language::German);
        let due = at("2026-11-23T08:00:00Z");
        assert_eq!(german.at(due), "Mo 23. Nov um 09:00 MEZ (08:00 UTC)");
        assert_eq!(
            german.dated(due),
            "Mo 23. Nov 2026 um 09:00 MEZ (08:00 UTC)"
        );
        assert_eq!(german.clock(at("2026-07-01T08:00:00Z")), "10:00:00 MESZ");
        assert_eq!(german.typed(due), "23.11.2026 09:00");
        assert_eq!(german.day(due), "Mo 23. Nov 2026");
        assert_eq!(german.short(due), "Mon 08:00 UTC");
        let new_york = times("America/New_York").in_words_of(Language::German);
        let night = at("2026-03-15T03:22:00Z");
        assert_eq!(
            new_york.dated(night),
            "Sa 14. März 2026 um 23:22 EDT (So 03:22 UTC)"
        );
        let when = |certainty| When {
            at: at("2017-07-01T00:00:00Z"),
            certainty,
        };
        let claimed = [
            (
                Certainty::About,
                "etwa Sa 1. Juli 2017 um 02:00 MESZ (00:00 UTC)",
            ),
            (Certainty::Day, "am 1. Juli 2017"),
            (Certainty::Month, "im Juli 2017"),
            (Certainty::Year, "im Jahr 2017"),
        ];
        for (certainty, said) in claimed {
            assert_eq!(german.claimed(&when(certainty)), said);
        }
    }

    #[test]
    fn every_day_and_month_has_its_german_name() {
        let german = times("UTC").in_words_of(Language::German);
        let first = at("2026-01-01T12:00:00Z");
        let days = (0..365).map(|n| german.day(first + SignedDuration::from_hours(24 * n)));
        let said: std::collections::BTreeSet<String> = days.collect();
        assert_eq!(said.len(), 365);
        for word in [
            "Do 1. Jan 2026",
            "Mi 4. März 2026",
            "Sa 31. Okt 2026",
            "Di 1. Dez 2026",
        ] {
            assert!(said.contains(word), "{word}");
        }
    }

    #[test]
    fn a_subject_names_the_day_only_when_it_must() {
        let times = times("UTC");
        assert_eq!(times.short(at("2026-11-21T03:22:00Z")), "03:22 UTC");
        assert_eq!(times.short(at("2026-11-23T09:00:00Z")), "Mon 09:00 UTC");
        assert_eq!(times.short(at("2026-12-30T09:00:00Z")), "30 Dec 09:00 UTC");
    }

    #[test]
    fn relative_times_have_two_units_at_most() {
        let times = times("UTC");
        assert_eq!(times.relative(at("2026-11-21T03:22:00Z")), "in 10 minutes");
        assert_eq!(
            times.relative(at("2026-11-21T00:31:00Z")),
            "2 hours 41 minutes ago"
        );
        assert_eq!(times.relative(at("2026-11-21T03:12:30Z")), "just now");
        assert_eq!(
            times.relative(at("2026-11-24T05:12:00Z")),
            "in 3 days 2 hours"
        );
    }

    #[test]
    fn a_claim_is_no_more_precise_than_it_was() {
        let times = times("UTC");
        let when = |certainty| When {
            at: at("2017-07-01T00:00:00Z"),
            certainty,
        };
        assert_eq!(times.claimed(&when(Certainty::Month)), "in July 2017");
        assert_eq!(times.claimed(&when(Certainty::Day)), "on 1 July 2017");
        assert_eq!(
            times.claimed(&when(Certainty::About)),
            "about Sat 1 Jul 2017, 00:00 UTC"
        );
    }
}
