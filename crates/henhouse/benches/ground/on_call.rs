//! Who is on call, in a project of very many people and schedules.

use std::hint::black_box;

use henhouse::clock::Clock;
use henhouse::founding::{empty_project, zone};
use jiff::{SignedDuration, Timestamp};
use procedure::basis::Project;
use procedure::id::ScheduleId;
use procedure::on_call::Schedule;
use serde_json::json;

use super::engine::per_call;

const ZONES: [&str; 4] = [
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Sydney",
];

/// Measures so many schedules of ten people each.
pub fn measure(schedules: u64) {
    let project = made(schedules);
    let id = |n: u64| ScheduleId(format!("s{:06}", n % schedules));
    let begin: Timestamp = "2026-11-23T00:00:00Z".parse().expect("a time");
    let clock = Clock::real();
    let (mut times, mut n) = (Vec::new(), 0_u64);
    while times.len() < 20_000 {
        n += 1;
        let at = begin + SignedDuration::from_mins(i64::try_from(n * 37 % 525_600).unwrap_or(0));
        let (name, begun) = (id(n.wrapping_mul(7_919)), clock.steady());
        let reading = project.reading(black_box(&name)).expect("it is there");
        drop(black_box(reading.on_call_at(at)));
        times.push(clock.steady() - begun);
    }
    times.sort_unstable();
    let at = |part: usize| times[times.len() * part / 1000].as_secs_f64() * 1e3;
    println!("people {}", project.roster.len());
    println!("p50_ms {}", at(500));
    println!("p99_ms {}", at(990));
    let all = per_call(|| drop(black_box(project.on_call_at(black_box(begin)))));
    println!("all_ms {}", all * 1e3);
    let year = begin + SignedDuration::from_hours(365 * 24);
    for (name, schedule) in [("week", id(1)), ("hours", id(0))] {
        let reading = project.reading(&schedule).expect("it is there");
        let once = per_call(|| drop(black_box(reading.spans(begin, year))));
        println!("year_{name}_ms {}", once * 1e3);
    }
}

/// Schedules with two layers, hours of the week and somebody who stands in; the first has turns of three hours.
fn made(schedules: u64) -> Project {
    let mut project = empty_project("UTC").expect("UTC is known");
    for name in ZONES {
        let (name, rules) = zone(name).expect("it is known");
        project.schedules.zones.insert(name, rules);
    }
    for n in 0..schedules {
        let people: Vec<String> = (0..10).map(|m| format!("p{:07}", n * 10 + m)).collect();
        for person in &people {
            let member = json!({ "person": person, "roles": ["responder"], "has_mail": true });
            project
                .roster
                .push(serde_json::from_value(member).expect("a member"));
        }
        let seats: Vec<_> = people
            .iter()
            .map(|person| json!({ "person": person }))
            .collect();
        let (unit, length) = if n == 0 { ("hour", 3) } else { ("week", 1) };
        let schedule = json!({ "zone": ZONES[(n % 4) as usize], "rotations": {
            "days": { "unit": unit, "length": length, "start": "2026-01-05T09:00:00", "seats": seats },
            "nights": { "unit": "day", "length": 1, "start": "2026-01-05T22:00:00", "layer": 1, "seats": seats,
                "hours": [{ "each": "week", "from_day": "friday", "from": "22:00:00", "to_day": "monday", "to": "06:00:00" }] },
        }, "covers": [{ "id": "c1", "seat": { "person": people[3] }, "from": "2026-12-24T00:00:00Z",
            "until": "2026-12-27T00:00:00Z", "instead_of": people[4] }] });
        let schedule: Schedule = serde_json::from_value(schedule).expect("a schedule");
        project
            .schedules
            .all
            .insert(ScheduleId(format!("s{n:06}")), schedule);
    }
    project
}
