//! Times as people say them: `03:00`, `yesterday 22:15`, `10m ago`, `2h`. Whoever was woken a minute
//! ago does not write RFC 3339.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp, Zoned};
use procedure::{Certainty, When};

/// What works, for whoever wrote something else.
pub const WORKS: &str = "Write a time such as 03:00, yesterday 22:15, mon 09:00, 10m ago, in 2h, \
    2026-11-21 03:12 (with UTC behind it if it is meant so), or 2026-11-21T03:12:00Z.";

/// What works as a length of time.
pub const LENGTHS: &str = "Write a length such as 10m, 2h, 1h30m or 3d.";

/// Which way a time lies that says neither day nor direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lies {
    /// It happened: `03:00` is the last one, `2h` is two hours ago.
    Behind,
    /// It will be: `03:00` is the next one, `2h` is in two hours.
    Ahead,
}

/// A time may lie so far on the wrong side and is still meant as of now: clocks differ.
const GRACE: SignedDuration = SignedDuration::from_mins(2);

/// Reads a time as it is said at `now` in this zone. `None` is answered for what is no time; tell
/// people [`WORKS`] then.
#[must_use]
pub fn time(said: &str, now: Timestamp, zone: &TimeZone, lies: Lies) -> Option<Timestamp> {
    let said = said.trim();
    if let Ok(exact) = said.parse::<Timestamp>() {
        return Some(exact);
    }
    let lower = in_english(&said.to_lowercase());
    let (words, zone) = match lower
        .strip_suffix("utc")
        .or_else(|| lower.strip_suffix(" z"))
    {
        Some(words) => (words.trim_end(), &TimeZone::UTC),
        None => (lower.as_str(), zone),
    };
    if words == "now" {
        return Some(now);
    }
    apart(words, now, lies).or_else(|| on_the_clock(words, &now.to_zoned(zone.clone()), lies))
}

/// Reads when something is claimed to have happened: as [`time`], or `about 03:00`, `2026-11-20`,
/// `2017-07`, `2017`, which are no surer than they sound.
#[must_use]
pub fn claim(said: &str, now: Timestamp, zone: &TimeZone) -> Option<When> {
    let said = said.trim();
    let lower = in_english(&said.to_lowercase());
    if let Some(rest) = lower.strip_prefix("about ") {
        let at = time(rest, now, zone, Lies::Behind)?;
        return Some(When {
            at,
            certainty: Certainty::About,
        });
    }
    let (date, certainty) = match (lower.len(), lower.matches('-').count()) {
        (4, 0) => (format!("{lower}-01-01"), Certainty::Year),
        (7, 1) => (format!("{lower}-01"), Certainty::Month),
        (10, 2) => (lower, Certainty::Day),
        _ => return time(said, now, zone, Lies::Behind).map(When::exact),
    };
    let day: Date = date.parse().ok()?;
    let at = day.to_zoned(zone.clone()).ok()?.timestamp();
    Some(When { at, certainty })
}

/// Reads a day as people type it: `2026-12-25`, `25.12.2026`.
#[must_use]
pub fn day(said: &str) -> Option<Date> {
    in_english(said).parse().ok()
}

/// Reads a day with an hour of no zone yet: `2026-12-25 09:00`, `25.12.2026 09:00`.
#[must_use]
pub fn day_and_hour(said: &str) -> Option<DateTime> {
    in_english(said).replacen(' ', "T", 1).parse().ok()
}

/// Reads a length of time: `10m`, `2h`, `1h30m`, `3d`, `PT10M`. Days are of 24 hours.
#[must_use]
pub fn length(said: &str) -> Option<SignedDuration> {
    // A time of day is no length, though `03:00:00` could be read as one.
    if said.contains(':') {
        return None;
    }
    let span: Span = said.trim().parse().ok()?;
    let days = SpanRelativeTo::days_are_24_hours();
    let length = span.to_duration(days).ok()?;
    (length >= SignedDuration::ZERO).then_some(length)
}

/// The same with German words in English; everything else as it was.
fn in_english(lower: &str) -> String {
    let word = |word: &str| {
        match word.trim_end_matches(',') {
            "jetzt" => "now",
            "heute" => "today",
            "gestern" => "yesterday",
            "morgen" => "tomorrow",
            "um" => "at",
            "etwa" | "ungefähr" | "gegen" | "ca." => "about",
            "minute" | "minuten" => "minutes",
            "stunde" | "stunden" => "hours",
            "tag" | "tage" | "tagen" => "days",
            "mo" | "montag" => "mon",
            "di" | "dienstag" => "tue",
            "mi" | "mittwoch" => "wed",
            "do" | "donnerstag" => "thu",
            "fr" | "freitag" => "fri",
            "sa" | "samstag" | "sonnabend" => "sat",
            "so" | "sonntag" => "sun",
            other => return dotted(other).unwrap_or_else(|| word.to_owned()),
        }
        .to_owned()
    };
    let words: Vec<String> = lower.split_whitespace().map(word).collect();
    let words = words.join(" ");
    match words.strip_prefix("vor ") {
        Some(length) => format!("{length} ago"),
        None => words,
    }
}

/// `23.11.2026` as `2026-11-23`, and `11.2026` as `2026-11`.
fn dotted(word: &str) -> Option<String> {
    let mut parts: Vec<&str> = word.split('.').collect();
    let digits = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    let year = parts.pop().filter(|year| year.len() == 4)?;
    let short = |part: &&str| (1..=2).contains(&part.len());
    if !(1..=2).contains(&parts.len())
        || !digits(&year)
        || !parts.iter().all(digits)
        || !parts.iter().all(short)
    {
        return None;
    }
    parts.reverse();
    let rest = parts.iter().map(|part| format!("-{part:0>2}"));
    Some(format!("{year}{}", rest.collect::<String>()))
}

/// `10m ago`, `in 2h`, or a bare `2h` on the side on which it lies.
fn apart(words: &str, now: Timestamp, lies: Lies) -> Option<Timestamp> {
    let (words, ahead) = if let Some(words) = words.strip_suffix("ago") {
        (words, false)
    } else if let Some(words) = words.strip_prefix("in ") {
        (words, true)
    } else if let Some(words) = words.strip_prefix('+') {
        (words, true)
    } else {
        (words, lies == Lies::Ahead)
    };
    let length = length(words)?;
    let there = if ahead {
        now.checked_add(length)
    } else {
        now.checked_sub(length)
    };
    there.ok()
}

/// `03:00`, `yesterday 22:15`, `mon 09:00`, `2026-11-21 03:12`; what is planned may be a day alone and
/// is meant up to its end.
fn on_the_clock(words: &str, now: &Zoned, lies: Lies) -> Option<Timestamp> {
    let today = now.date();
    let at = |date: Date, hour: Time| instant(date.to_datetime(hour), now);
    let (day, hour) = match words.rsplit_once([' ', 't']) {
        Some((day, hour)) => (day.trim_end_matches([',', ' ']), clock_time(hour)),
        None => ("", clock_time(words)),
    };
    match (hour, day) {
        (None, _) if lies == Lies::Ahead => {
            at(date(words, today, lies)?, Time::constant(23, 59, 0, 0))
        }
        (None, _) => None,
        (Some(hour), "" | "at") => {
            let here = at(today, hour)?;
            let off = here.duration_since(now.timestamp());
            match lies {
                Lies::Behind if off > GRACE => at(today.yesterday().ok()?, hour),
                Lies::Ahead if off < -GRACE => at(today.tomorrow().ok()?, hour),
                _ => Some(here),
            }
        }
        (Some(hour), day) => {
            let day = day.strip_suffix(" at").unwrap_or(day);
            at(date(day, today, lies)?, hour)
        }
    }
}

fn date(day: &str, today: Date, lies: Lies) -> Option<Date> {
    match day {
        "today" => Some(today),
        "yesterday" => today.yesterday().ok(),
        "tomorrow" => today.tomorrow().ok(),
        day => match weekday(day) {
            Some(weekday) => nearest(today, weekday, lies),
            None => day.parse().ok(),
        },
    }
}

/// `03:00`, `3:00`, `22:15:30`.
fn clock_time(word: &str) -> Option<Time> {
    let mut parts = word.split(':').map(|part| {
        let digits = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse::<i8>().ok()).flatten()
    });
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = match parts.next() {
        Some(second) => second?,
        None => 0,
    };
    if parts.next().is_some() {
        return None;
    }
    Time::new(hour, minute, second, 0).ok()
}

fn weekday(word: &str) -> Option<Weekday> {
    let names = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];
    let named = |(name, _): &&(&str, Weekday)| word.len() >= 3 && name.starts_with(word);
    names.iter().find(named).map(|(_, weekday)| *weekday)
}

/// The last such day up to today, or the next from today on.
fn nearest(today: Date, weekday: Weekday, lies: Lies) -> Option<Date> {
    if today.weekday() == weekday {
        return Some(today);
    }
    today
        .nth_weekday(if lies == Lies::Behind { -1 } else { 1 }, weekday)
        .ok()
}

fn instant(at: DateTime, now: &Zoned) -> Option<Timestamp> {
    Some(at.to_zoned(now.time_zone().clone()).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    /// Sat 21 Nov 2026, 04:12 in Berlin.
    const NOW: &str = "2026-11-21T03:12:00Z";

    fn said(words: &str, lies: Lies) -> String {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let read = time(words, NOW.parse().unwrap(), &zone, lies);
        read.map_or_else(|| "no time".to_owned(), |at| at.to_string())
    }

    #[test]
    fn what_happened_lies_behind() {
        for (words, at) in [
            ("03:00", "2026-11-21T02:00:00Z"),
            ("3:00", "2026-11-21T02:00:00Z"),
            ("05:00", "2026-11-20T04:00:00Z"),
            ("04:13", "2026-11-21T03:13:00Z"),
            ("today 05:00", "2026-11-21T04:00:00Z"),
            ("yesterday 22:15", "2026-11-20T21:15:00Z"),
            ("Yesterday, 22:15", "2026-11-20T21:15:00Z"),
            ("fri 09:00", "2026-11-20T08:00:00Z"),
            ("Sunday 09:00", "2026-11-15T08:00:00Z"),
            ("10m ago", "2026-11-21T03:02:00Z"),
            ("10 minutes ago", "2026-11-21T03:02:00Z"),
            ("2h", "2026-11-21T01:12:00Z"),
            ("1h30m ago", "2026-11-21T01:42:00Z"),
            ("3d ago", "2026-11-18T03:12:00Z"),
            ("now", "2026-11-21T03:12:00Z"),
            ("03:00 UTC", "2026-11-21T03:00:00Z"),
            ("2026-11-20 22:00", "2026-11-20T21:00:00Z"),
            ("2026-11-20T22:00", "2026-11-20T21:00:00Z"),
            ("2026-11-20 22:00 UTC", "2026-11-20T22:00:00Z"),
            ("2026-11-21T03:12:00Z", "2026-11-21T03:12:00Z"),
            ("2026-11-21T04:12:00+01:00", "2026-11-21T03:12:00Z"),
        ] {
            assert_eq!(said(words, Lies::Behind), at, "{words}");
        }
    }

    #[test]
    fn what_is_planned_lies_ahead() {
        for (words, at) in [
            ("03:00", "2026-11-22T02:00:00Z"),
            ("05:00", "2026-11-21T04:00:00Z"),
            ("tomorrow 09:00", "2026-11-22T08:00:00Z"),
            ("mon 09:00", "2026-11-23T08:00:00Z"),
            ("2h", "2026-11-21T05:12:00Z"),
            ("in 2h", "2026-11-21T05:12:00Z"),
            ("+2h", "2026-11-21T05:12:00Z"),
            ("tomorrow", "2026-11-22T22:59:00Z"),
            ("2026-12-01", "2026-12-01T22:59:00Z"),
            ("fri", "2026-11-27T22:59:00Z"),
            ("10m ago", "2026-11-21T03:02:00Z"),
        ] {
            assert_eq!(said(words, Lies::Ahead), at, "{words}");
        }
    }

    #[test]
    fn german_is_understood_as_its_hints_have_it() {
        for (words, at) in [
            ("jetzt", "2026-11-21T03:12:00Z"),
            ("gestern 22:15", "2026-11-20T21:15:00Z"),
            ("Gestern, 22:15", "2026-11-20T21:15:00Z"),
            ("gestern um 22:15", "2026-11-20T21:15:00Z"),
            ("heute 05:00", "2026-11-21T04:00:00Z"),
            ("Freitag 09:00", "2026-11-20T08:00:00Z"),
            ("So 09:00", "2026-11-15T08:00:00Z"),
            ("vor 10 Minuten", "2026-11-21T03:02:00Z"),
            ("vor 2h", "2026-11-21T01:12:00Z"),
            ("vor 3 Tagen", "2026-11-18T03:12:00Z"),
            ("20.11.2026 22:00", "2026-11-20T21:00:00Z"),
            ("2.3.2026, 22:00", "2026-03-02T21:00:00Z"),
            ("20.11.2026 22:00 UTC", "2026-11-20T22:00:00Z"),
        ] {
            assert_eq!(said(words, Lies::Behind), at, "{words}");
        }
        for (words, at) in [
            ("Mo 09:00", "2026-11-23T08:00:00Z"),
            ("morgen", "2026-11-22T22:59:00Z"),
            ("in 2 Stunden", "2026-11-21T05:12:00Z"),
            ("in 14 Tagen", "2026-12-05T03:12:00Z"),
            ("1.12.2026", "2026-12-01T22:59:00Z"),
        ] {
            assert_eq!(said(words, Lies::Ahead), at, "{words}");
        }
        let about = claim("etwa 03:00", NOW.parse().unwrap(), &TimeZone::UTC).unwrap();
        assert_eq!(about.certainty, Certainty::About);
    }

    #[test]
    fn what_is_no_time_is_none() {
        for words in [
            "",
            "noon",
            "25:00",
            "3",
            "03:00pm",
            "2026-13-01 03:00",
            "someday 03:00",
            "-5m",
            "03:00:00:00",
            "tomorrow",
            "ago",
            "999999999999d ago",
            "+3:00",
            "31.02.2026 03:00",
            "2026.11.20 03:00",
            "1.2.3.2026 03:00",
            "20.11.26 03:00",
            "..2026 03:00",
        ] {
            assert_eq!(said(words, Lies::Behind), "no time", "{words:?}");
        }
    }

    #[test]
    fn a_claim_is_no_surer_than_it_sounds() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let now: Timestamp = NOW.parse().unwrap();
        for (words, at, certainty) in [
            ("03:00", "2026-11-21T02:00:00Z", Certainty::Exact),
            ("about 03:00", "2026-11-21T02:00:00Z", Certainty::About),
            ("2026-11-20", "2026-11-19T23:00:00Z", Certainty::Day),
            ("2017-07", "2017-06-30T22:00:00Z", Certainty::Month),
            ("20.11.2026", "2026-11-19T23:00:00Z", Certainty::Day),
            ("7.2017", "2017-06-30T22:00:00Z", Certainty::Month),
            ("2017", "2016-12-31T23:00:00Z", Certainty::Year),
        ] {
            let when = claim(words, now, &zone).unwrap();
            assert_eq!(
                (when.at.to_string().as_str(), when.certainty),
                (at, certainty),
                "{words}"
            );
        }
        assert!(claim("soon", now, &zone).is_none() && claim("about soon", now, &zone).is_none());
    }

    #[test]
    fn an_hour_that_the_clocks_leave_out_is_the_one_after() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let now: Timestamp = "2026-03-29T06:00:00Z".parse().unwrap();
        let read = time("02:30", now, &zone, Lies::Behind).unwrap();
        assert_eq!(read.to_string(), "2026-03-29T01:30:00Z");
    }

    #[test]
    fn a_day_is_typed_as_either_language_writes_it() {
        for said in ["2026-12-05", "5.12.2026", "05.12.2026"] {
            assert_eq!(day(said).unwrap().to_string(), "2026-12-05", "{said}");
            let hour = day_and_hour(&format!("{said} 09:30")).unwrap();
            assert_eq!(hour.to_string(), "2026-12-05T09:30:00", "{said}");
        }
        assert_eq!(
            day_and_hour("2026-12-05T09:30").unwrap().to_string(),
            "2026-12-05T09:30:00"
        );
        assert!(day("12/05/2026").is_none() && day_and_hour("5.12. 09:30").is_none());
    }

    #[test]
    fn a_length_may_be_of_days() {
        for (words, minutes) in [
            ("10m", 10),
            ("2h", 120),
            ("1h30m", 90),
            ("3d", 4_320),
            ("PT10M", 10),
        ] {
            assert_eq!(length(words).unwrap().as_mins(), minutes, "{words}");
        }
        for words in ["", "x", "10", "-10m", "1mo"] {
            assert!(length(words).is_none(), "{words}");
        }
    }
}
