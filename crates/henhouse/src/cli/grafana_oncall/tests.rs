//! Whoever is on call by Grafana OnCall's shifts is on call here, by an oracle of its own: each time that a shift comes, one by
//! one, with the people whose turn it is.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use std::collections::BTreeSet;

use jiff::civil::{DateTime, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::import::oracle::{ZONES, here, instant, instants};
use super::convert;

const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

#[derive(Clone, Debug)]
struct Shift {
    frequency: &'static str,
    interval: i64,
    by_day: BTreeSet<usize>,
    week_start: usize,
    start: DateTime,
    minutes: i64,
    /// Days after the start from which on it is in force.
    later: i64,
    level: u64,
    groups: Vec<Vec<usize>>,
    first: usize,
}

fn wall() -> impl Strategy<Value = DateTime> {
    (0..600_i64, 0..1440_i64)
        .prop_map(|(day, minute)| date(2025, 1, 1).at(0, 0, 0, 0) + day.days() + minute.minutes())
}

fn shift() -> impl Strategy<Value = Shift> {
    let kind = prop_oneof![
        (Just("hourly"), 1..30_i64, Just(BTreeSet::new())),
        (Just("daily"), 1..5_i64, Just(BTreeSet::new())),
        (Just("weekly"), 1..4_i64, Just(BTreeSet::new())),
        (
            Just("daily"),
            1..3_i64,
            prop::collection::btree_set(0..7_usize, 1..7)
        ),
        (
            Just("weekly"),
            1..4_i64,
            prop::collection::btree_set(0..7_usize, 1..7)
        ),
    ];
    let groups = prop::collection::vec(prop::collection::vec(0..5_usize, 1..3), 1..4);
    (
        kind,
        0..7_usize,
        wall(),
        1..=100_i64,
        0..100_i64,
        0..3_u64,
        groups,
        0..3_usize,
    )
        .prop_map(
            |(
                (frequency, interval, by_day),
                week_start,
                start,
                part,
                later,
                level,
                groups,
                first,
            )| {
                let period = match (frequency, by_day.is_empty()) {
                    ("hourly", _) => interval * 60,
                    ("daily", true) => interval * 1440,
                    ("weekly", true) => interval * 7 * 1440,
                    _ => 1440,
                };
                let minutes = match frequency {
                    "hourly" => (period * part / 100 / 60 * 60).max(60),
                    _ => (period * part / 100).max(1),
                };
                Shift {
                    frequency,
                    interval,
                    by_day,
                    week_start,
                    start,
                    minutes,
                    later,
                    level,
                    groups,
                    first,
                }
            },
        )
}

impl Shift {
    fn told(&self, number: usize, zone: Option<&str>) -> Value {
        let user = |n: &usize| json!(format!("U{n}"));
        let group = |group: &Vec<usize>| group.iter().map(user).collect::<Vec<_>>();
        let by_day: Vec<&str> = self.by_day.iter().map(|day| DAYS[*day]).collect();
        json!({ "id": format!("O{number}"), "name": format!("shift {number}"), "type": "rolling_users", "time_zone": zone,
            "schedule": "S", "level": self.level, "start": self.start.to_string(),
            "rotation_start": (self.start + self.later.days()).to_string(), "duration": self.minutes * 60,
            "frequency": self.frequency, "interval": self.interval, "week_start": DAYS[self.week_start],
            "by_day": by_day, "rolling_users": self.groups.iter().map(group).collect::<Vec<_>>(),
            "start_rotation_from_user_index": self.first })
    }

    /// Each time that it comes and whose it is.
    fn times(&self) -> Vec<(DateTime, usize)> {
        let day = |at: DateTime| usize::try_from(at.weekday().to_monday_zero_offset()).unwrap();
        let since = |weekday: usize| (weekday + 7 - self.week_start) % 7;
        let mut start = self.start;
        if !self.by_day.is_empty() && !self.by_day.contains(&day(start)) {
            let wanted = self
                .by_day
                .iter()
                .copied()
                .min_by_key(|one| since(*one))
                .unwrap();
            while day(start) != wanted {
                start += 1.day();
            }
        }
        let until = start + 1300.days();
        let mut all = Vec::new();
        if self.by_day.is_empty() {
            let step = match self.frequency {
                "hourly" => SignedDuration::from_hours(self.interval),
                "daily" => SignedDuration::from_hours(24 * self.interval),
                _ => SignedDuration::from_hours(7 * 24 * self.interval),
            };
            let (mut at, mut number) = (start, 0);
            while at < until {
                all.push((at, number));
                at += step;
                number += 1;
            }
            return all;
        }
        let begin = start - i64::try_from(since(day(start))).unwrap().days();
        let (mut at, mut count) = (start, 0_i64);
        while at < until {
            let weeks = at.duration_since(begin).as_hours() / (7 * 24);
            if self.by_day.contains(&day(at)) {
                if self.frequency == "daily" {
                    all.push((at, usize::try_from(count / self.interval).unwrap()));
                    count += 1;
                } else if weeks % self.interval == 0 {
                    all.push((at, usize::try_from(weeks / self.interval).unwrap()));
                }
            }
            at += 1.day();
        }
        all
    }

    fn people(
        &self,
        zone: &TimeZone,
        at: Timestamp,
        times: &[(DateTime, usize)],
    ) -> BTreeSet<String> {
        let near = zone.to_datetime(at);
        let lasts = SignedDuration::from_mins(self.minutes);
        let mut people = BTreeSet::new();
        let (low, high) = (near - lasts - 2.days(), near + 2.days());
        for (begin, number) in times
            .iter()
            .filter(|(begin, _)| low <= *begin && *begin <= high)
        {
            if instant(zone, *begin) <= at && at < instant(zone, *begin + lasts) {
                let group = &self.groups[(number
                    + self.first.min(99) * usize::from(self.first < self.groups.len()))
                    % self.groups.len()];
                people.extend(group.iter().map(|n| format!("u{n}")));
            }
        }
        people
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn whoever_is_on_call_there_is_on_call_here(
        shifts in prop::collection::vec(shift(), 1..3),
        zone_name in prop::sample::select(ZONES.to_vec()),
        taken in wall(),
        some in prop::collection::vec(0..10_000_000_i64, 30),
    ) {
        let zone = TimeZone::get(zone_name).unwrap();
        let taken_at = instant(&zone, taken + 200.days());
        let user = |n| json!({ "id": format!("U{n}"), "username": format!("u{n}"), "email": format!("u{n}@farm.example") });
        let told: Vec<Value> = shifts.iter().enumerate().map(|(n, one)| one.told(n, Some(zone_name))).collect();
        let objects = json!({ "users": (0..5).map(user).collect::<Vec<_>>(), "on_call_shifts": told,
            "schedules": [{ "id": "S", "name": "s", "type": "web", "time_zone": "Asia/Tokyo" }] });
        let whole = json!({ "taken_at": taken_at, "objects": objects });
        let plan = convert::plan(&whole, &json!({}), taken_at);
        let fate = plan.fates.iter().find(|fate| fate.object == "schedule s").unwrap();
        // What cannot be said is told, and only then is it not there.
        let lasts_on = |one: &Shift| one.frequency == "weekly" && !one.by_day.is_empty() && one.minutes > 1440;
        prop_assert!(fate.why.is_empty() || shifts.iter().any(lasts_on), "{:?}", fate.why);
        prop_assume!(fate.why.is_empty());
        let times: Vec<_> = shifts.iter().map(Shift::times).collect();
        let at: Vec<Timestamp> = instants(&zone, taken_at, &some)
            .into_iter()
            .filter(|at| *at < instant(&zone, shifts.iter().map(|one| one.start).min().unwrap() + 1200.days()))
            .collect();
        for (at, people) in at.iter().zip(here(&plan, &at)) {
            // The first time that it comes after it is put into force may have been under way.
            let edge = |one: &Shift| {
                let from = one.start + one.later.days();
                let edge = instant(&zone, from) > taken_at && *at < instant(&zone, from + one.minutes.minutes() + 8.days());
                edge || *at < instant(&zone, one.start + 8.days())
            };
            if shifts.iter().any(edge) {
                continue;
            }
            let of = |level: u64| {
                let same = shifts.iter().zip(&times).filter(move |(one, _)| one.level == level);
                same.flat_map(|(one, times)| one.people(&zone, *at, times)).collect::<BTreeSet<_>>()
            };
            let wanted = [2, 1, 0].into_iter().map(of).find(|people| !people.is_empty()).unwrap_or_default();
            prop_assert_eq!(people, wanted, "{} {:?}", at, plan.schedules);
        }
    }

    #[test]
    fn no_snapshot_panics(text in "[a-z\"{}:,0-9\\[\\]-]{0,40}", number in any::<i64>(), at in "[-0-9T:]{0,22}",
        frequency in prop::sample::select(vec!["hourly", "daily", "weekly", "monthly", ""]), days in any::<bool>()) {
        let by_day = if days { json!(["MO", "FR"]) } else { json!([]) };
        let shift = |interval: i64, seconds: i64, start: &str| json!({ "id": text, "schedule": "S", "type": "rolling_users",
            "start": start, "rotation_start": "9999-12-30T00:00:00", "duration": seconds, "frequency": frequency, "interval": interval,
            "by_day": by_day, "rolling_users": [["U"], [text], []], "start_rotation_from_user_index": number, "until": at });
        let objects = json!({ "users": [{ "id": "U", "username": text, "email": text }, 5],
            "teams": [{ "id": text }], "schedules": [{ "id": "S", "type": "web", "final_shifts": [{ "shift_start": at }] }, { "type": text }],
            "on_call_shifts": [shift(number, number, "2026-01-01T00:00:00"), shift(1, number, &at), shift(number, 60, "9999-12-30T00:00:00"),
                shift(3, 3600, "-009998-01-01T00:00:00"), { "schedule": "S", "type": text },
                { "schedule": "S", "type": "override", "start": "2026-01-01T00:00:00", "duration": number, "users": ["U"] },
                { "schedule": "S", "type": "single_event", "start": "2026-01-01T00:00:00", "duration": number, "users": ["U", text] }],
            "escalation_chains": [{ "id": "F", "name": text }],
            "escalation_policies": [{ "escalation_chain_id": "F", "type": "wait", "duration": number, "position": 0 },
                { "escalation_chain_id": "F", "type": "notify_persons", "persons_to_notify": ["U", 3], "position": 1 },
                { "escalation_chain_id": "F", "type": "wait", "duration": number, "position": 2 },
                { "escalation_chain_id": "F", "type": "notify_on_call_from_schedule", "notify_on_call_from_schedule": "S", "position": 3 },
                { "escalation_chain_id": "F", "type": "repeat_escalation", "position": 4 }],
            "integrations": [{ "default_route": 3 }], "routes": [3], "asked": { "since": at, "until": at } });
        let now = Timestamp::UNIX_EPOCH;
        let plan = convert::plan(&json!({ "taken_at": now, "objects": objects }), &json!({}), now);
        prop_assert!(!plan.fates.is_empty());
        drop(here(&plan, &[now]));
    }
}

#[test]
fn a_weekday_is_counted_from_monday() {
    assert_eq!(date(2026, 11, 23).weekday(), Weekday::Monday);
    assert_eq!(
        DAYS[usize::try_from(Weekday::Sunday.to_monday_zero_offset()).unwrap()],
        "SU"
    );
}
