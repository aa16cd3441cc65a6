//! Whoever is on call by PagerDuty's layers is on call here, by an oracle of its own: the highest layer that is in force,
//! whose turn by handovers on the wall since its virtual beginning, and only within its restrictions.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use jiff::civil::{DateTime, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::import::oracle::{ZONES, here, instant, instants};
use super::convert;

#[derive(Clone, Debug)]
struct Layer {
    counted: DateTime,
    begins: DateTime,
    ends: Option<DateTime>,
    seconds: i64,
    users: Vec<usize>,
    /// The day of the week, the time in minutes and the length in minutes.
    restrictions: Vec<(Option<i8>, i64, i64)>,
}

fn wall() -> impl Strategy<Value = DateTime> {
    (0..700_i64, 0..1440_i64)
        .prop_map(|(day, minute)| date(2025, 1, 1).at(0, 0, 0, 0) + day.days() + minute.minutes())
}

fn layer() -> impl Strategy<Value = Layer> {
    let length = prop::sample::select(vec![
        3600,
        8 * 3600,
        12 * 3600,
        86_400,
        3 * 86_400,
        604_800,
        2 * 604_800,
    ]);
    let daily = (0..1440_i64, 30..1500_i64).prop_map(|(from, length)| (None, from, length));
    let weekly = (1..=7_i8, 0..1440_i64, 30..10_500_i64)
        .prop_map(|(day, from, length)| (Some(day), from, length));
    let restrictions = prop_oneof![
        Just(Vec::new()),
        prop::collection::vec(daily, 1..3),
        prop::collection::vec(weekly, 1..4)
    ];
    (
        wall(),
        0..90_000_i64,
        prop::option::of(0..600_i64),
        length,
        prop::collection::vec(0..4_usize, 1..5),
        restrictions,
    )
        .prop_map(|(counted, later, ends, seconds, users, restrictions)| {
            let begins = counted + later.minutes();
            let ends = ends.map(|days| begins + (days + 1).days());
            Layer {
                counted,
                begins,
                ends,
                seconds,
                users,
                restrictions,
            }
        })
}

fn told(layer: &Layer, zone: &TimeZone) -> Value {
    let restriction = |(day, from, length): &(Option<i8>, i64, i64)| {
        let kind = if day.is_some() {
            "weekly_restriction"
        } else {
            "daily_restriction"
        };
        json!({ "type": kind, "start_day_of_week": day, "duration_seconds": length * 60,
            "start_time_of_day": format!("{:02}:{:02}:00", from / 60, from % 60) })
    };
    let user = |n: &usize| json!({ "user": { "id": format!("U{n}"), "type": "user_reference", "summary": "x" } });
    json!({ "name": "Layer", "start": instant(zone, layer.begins),
        "end": layer.ends.map(|at| instant(zone, at)),
        "rotation_virtual_start": instant(zone, layer.counted),
        "rotation_turn_length_seconds": layer.seconds,
        "users": layer.users.iter().map(user).collect::<Vec<_>>(),
        "restrictions": layer.restrictions.iter().map(restriction).collect::<Vec<_>>() })
}

fn open(layer: &Layer, zone: &TimeZone, at: Timestamp) -> bool {
    let today = zone.to_datetime(at).date();
    layer.restrictions.is_empty()
        || layer.restrictions.iter().any(|(day, from, length)| {
            (-9..=1).any(|back: i64| {
                let day_of_it = today + back.days();
                let right = day.is_none_or(|day| {
                    Weekday::from_monday_one_offset(day).unwrap() == day_of_it.weekday()
                });
                let begin = day_of_it.at(0, 0, 0, 0) + from.minutes();
                let end = begin + length.minutes();
                right && instant(zone, begin) <= at && at < instant(zone, end)
            })
        })
}

/// Who has the turn: the last handover that has been.
fn turn(layer: &Layer, zone: &TimeZone, at: Timestamp) -> usize {
    let length = SignedDuration::from_secs(layer.seconds);
    let about = zone
        .to_datetime(at)
        .duration_since(layer.counted)
        .as_secs()
        .div_euclid(layer.seconds);
    let handover = |n: i64| instant(zone, layer.counted + length * i32::try_from(n).unwrap());
    let last = (about - 60..about + 60)
        .rev()
        .find(|n| handover(*n) <= at)
        .unwrap();
    let place = last.rem_euclid(i64::try_from(layer.users.len()).unwrap());
    layer.users[usize::try_from(place).unwrap()]
}

fn there(layers: &[Layer], zone: &TimeZone, at: Timestamp) -> Option<String> {
    // Highest first.
    let layer = layers.iter().find(|layer| {
        let ended = layer.ends.is_some_and(|end| instant(zone, end) <= at);
        instant(zone, layer.begins) <= at && !ended && open(layer, zone, at)
    })?;
    Some(format!("u{}", turn(layer, zone, at)))
}

fn whole(objects: &Value, taken_at: Timestamp) -> Value {
    json!({ "taken_at": taken_at, "not_read": [], "objects": objects })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn whoever_is_on_call_there_is_on_call_here(
        layers in prop::collection::vec(layer(), 1..4),
        zone_name in prop::sample::select(ZONES.to_vec()),
        taken in wall(),
        some in prop::collection::vec(0..10_000_000_i64, 30),
    ) {
        let zone = TimeZone::get(zone_name).unwrap();
        let taken_at = instant(&zone, taken);
        let user = |n| json!({ "id": format!("U{n}"), "name": format!("u{n}"), "email": format!("u{n}@farm.example") });
        let layers_told: Vec<Value> = layers.iter().map(|one| told(one, &zone)).collect();
        let objects = json!({
            "users": (0..4).map(user).collect::<Vec<_>>(),
            "schedules": [{ "id": "S", "name": "s", "time_zone": zone_name, "schedule_layers": layers_told }] });
        let plan = convert::plan(&whole(&objects, taken_at), &json!({}), taken_at);
        let at = instants(&zone, taken_at, &some);
        for (at, people) in at.iter().zip(here(&plan, &at)) {
            let wanted = there(&layers, &zone, *at).into_iter().collect();
            prop_assert_eq!(people, wanted, "{} {:?}", at, plan.schedules);
        }
    }

    #[test]
    fn no_snapshot_panics(text in "[a-z\"{}:,0-9\\[\\]-]{0,40}", number in any::<i64>(), at in "[-0-9TZ:]{0,22}") {
        let odd = json!({ "id": text, "name": text, "email": text, "role": text, "time_zone": "Europe/Berlin",
            "type": text, "start": at, "end": at, "summary": text });
        let layer = json!({ "name": text, "start": "2026-01-01T00:00:00Z", "rotation_virtual_start": at,
            "rotation_turn_length_seconds": number, "users": [{ "user": odd }, {}, 3],
            "restrictions": [{ "type": "weekly_restriction", "start_time_of_day": at, "duration_seconds": number,
                "start_day_of_week": number }, { "type": "daily_restriction", "start_time_of_day": "08:00:00",
                "duration_seconds": number }] });
        let far = json!({ "name": "é".repeat(100), "start": "9999-12-30T00:00:00Z", "rotation_virtual_start": "-009999-01-02T00:00:00Z",
            "rotation_turn_length_seconds": number, "users": [{}, {}] });
        let objects = json!({ "users": [odd, 7], "teams": [odd, { "members": [odd] }],
            "schedules": [odd, { "id": "S", "time_zone": "UTC", "schedule_layers": [layer, far, 1], "overrides": [odd],
                "final_schedule": { "rendered_schedule_entries": [odd] } }],
            "escalation_policies": [{ "num_loops": number, "escalation_rules": [
                { "escalation_delay_in_minutes": number, "targets": [odd, { "type": "schedule_reference", "id": "S" }] },
                { "escalation_delay_in_minutes": number, "targets": [{ "type": "schedule_reference", "id": "S" }] }] }],
            "services": [odd], "oncalls": [odd], "asked": { "since": at, "until": at } });
        let now = Timestamp::UNIX_EPOCH;
        let plan = convert::plan(&whole(&objects, now), &json!({}), now);
        prop_assert!(!plan.fates.is_empty());
        drop(here(&plan, &[now]));
    }
}

#[test]
fn an_alias_of_a_day_or_a_layer_above_is_not_lost() {
    let at = "2026-06-01T00:00:00Z".parse().unwrap();
    let objects = json!({ "users": [{ "id": "A", "name": "ann", "email": "a@x" }, { "id": "R", "name": "r", "email": "r@x",
            "role": "read_only_user" }],
        "schedules": [{ "id": "S", "name": "S", "time_zone": "Eastern Time (US & Canada)", "schedule_layers": [
            { "name": "odd", "start": "2026-01-01T00:00:00Z", "rotation_virtual_start": "2026-01-01T00:00:00Z",
              "rotation_turn_length_seconds": 5400, "users": [{ "user": { "id": "A" } }, { "user": { "id": "R", "summary": "Rob" } }] },
            { "name": "alone", "start": "2026-01-01T00:00:00Z", "rotation_virtual_start": "2026-01-01T00:00:00Z",
              "rotation_turn_length_seconds": 5400, "users": [{ "user": { "id": "A" } }] },
            { "name": "old", "start": "2025-01-01T00:00:00Z", "end": "2025-02-01T00:00:00Z", "rotation_virtual_start": "2025-01-01T00:00:00Z",
              "rotation_turn_length_seconds": 3600, "users": [{ "user": { "id": "A" } }] }] }] });
    let plan = convert::plan(&whole(&objects, at), &json!({}), at);
    let fate = plan
        .fates
        .iter()
        .find(|fate| fate.object == "schedule S")
        .unwrap();
    assert_eq!(fate.word(), "partly");
    assert!(
        fate.why.iter().any(|why| why
            == "its layer odd: its turns are 90 minutes long, and turns here are whole hours"),
        "{:?}",
        fate.why
    );
    assert!(
        fate.why
            .iter()
            .any(|why| why.starts_with("a turn of Rob is nobody's")),
        "{:?}",
        fate.why
    );
    assert!(
        fate.said
            .iter()
            .any(|said| said == "1 of its layers are over and left out"),
        "{:?}",
        fate.said
    );
    let (_, schedule) = &plan.schedules["s"];
    assert_eq!(schedule["zone"], "America/New_York");
    assert_eq!(schedule["rotations"].as_object().unwrap().len(), 1);
}
