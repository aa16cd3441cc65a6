//! Whom the events of alerts call, by the project's routes.

use serde_json::{Value, json};

use super::rules::{named, sound, tried};
use super::{cases, look, send, source, steps};
use crate::web::stage::Stage;

const AT: &str = "/api/v1/projects/farm/alert-routes";

async fn put(stage: &Stage, path: &str, body: Value) -> Value {
    let boss = stage.token("boss", "admin").await;
    let ask = stage.request("PUT", path, Some(&boss), Some(body));
    let said = stage.send(ask).await;
    assert_eq!(said.status, 200, "{}", said.text());
    said.json()
}

/// The policy `own` calls Bob at once, and routes by the coop decide.
async fn routed(stage: &Stage) {
    put(
        stage,
        "/api/v1/projects/farm/policies/own",
        json!({ "title": "Own", "policy": { "steps": [{ "after_minutes": 0, "to": [{ "person": "bob" }] }] } }),
    )
    .await;
    let coop = |coop: &str| json!([{ "field": "coop", "is": "equals", "value": coop }]);
    let day = json!({ "zone": "europe/berlin", "windows": [{ "each": "day", "from": "00:00:00", "to": "00:00:00" }] });
    let set = put(
        stage,
        AT,
        json!({ "routes": [
        { "name": "north", "all": coop("north"), "hours": day, "to": { "policy": "own" } },
        { "name": "chatter", "all": coop("west"), "to": "nobody" },
    ] }),
    )
    .await;
    assert_eq!(set["routes"][0]["hours"]["zone"], "Europe/Berlin");
}

/// By which route the case was opened, as its journal has it.
async fn told(stage: &Stage, case: &str) -> Value {
    let journal = look(stage, &format!("/api/v1/cases/{case}/journal")).await;
    let journal = journal.json();
    let mut entries = journal["entries"].as_array().unwrap().iter();
    let reported = entries.next().unwrap()["body"]["routed"].clone();
    let noted = entries
        .find(|entry| entry["kind"] == "alert_noted")
        .unwrap();
    assert_eq!(noted["body"]["routed"], reported);
    reported
}

#[tokio::test]
async fn the_route_of_an_alert_says_whom_its_event_calls_and_alerts_for_others_do_not_join_it() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "alertmanager", 60).await;
    routed(&stage).await;
    let (north, south) = (named("Door", "north"), named("Fence", "south"));
    let would = tried(&stage, &north).await;
    assert_eq!(
        (&would["would"], &would["route"], &would["calls"]),
        (
            &json!("opens"),
            &json!("north"),
            &json!({ "policy": "own" })
        )
    );
    send(&stage, &key, &north).await;
    let by_north = json!({ "route": "north", "to": { "policy": "own" } });
    assert_eq!(told(&stage, "HH-1").await, by_north);
    let page = look(&stage, "/cases/HH-1/timeline").await.text();
    assert!(
        page.contains("by the route north, which calls by the policy own"),
        "{page}"
    );
    send(&stage, &key, &named("Roof", "north")).await;
    assert_eq!(steps(&stage, "HH-1").await, ["opened", "joined"]);
    send(&stage, &key, &south).await;
    assert_eq!(
        cases(&stage).await,
        2,
        "those of the south are not called to the north"
    );
    assert_eq!(steps(&stage, "HH-2").await, ["opened"]);
    send(&stage, &key, &named("Tree", "south")).await;
    assert_eq!(steps(&stage, "HH-2").await, ["opened", "joined"]);
    sound(&stage).await;
}

#[tokio::test]
async fn an_alert_that_calls_nobody_is_kept_and_shown_and_one_that_cannot_be_kept_calls_as_usual() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "alertmanager", 60).await;
    routed(&stage).await;
    send(&stage, &key, &named("Door", "south")).await;
    let west = named("Wind", "west");
    assert_eq!(tried(&stage, &west).await["would"], "held");
    for times in 1..3 {
        assert_eq!(send(&stage, &key, &west).await["times"], times);
    }
    assert_eq!(cases(&stage).await, 1, "it joins nothing either");
    assert_eq!(look(&stage, AT).await.json()["held"]["chatter"], 1);
    let rules = look(&stage, "/api/v1/projects/farm/alert-rules")
        .await
        .json();
    assert_eq!(rules["last"][0]["route"], "chatter");
    assert!(
        rules["last"][0]["words"]
            .as_str()
            .unwrap()
            .contains("firing")
    );
    for n in 1..procedure::project::MOST_HELD {
        send(&stage, &key, &named(&format!("Wind {n}"), "west")).await;
    }
    assert_eq!(cases(&stage).await, 1);
    send(&stage, &key, &named("One too many", "west")).await;
    assert_eq!(
        steps(&stage, "HH-1").await,
        ["opened", "joined"],
        "told as any other"
    );
    put(&stage, AT, json!({ "routes": [] })).await;
    send(&stage, &key, &west).await;
    assert_eq!(
        steps(&stage, "HH-1").await.len(),
        3,
        "what still fires is told once nothing keeps it"
    );
    sound(&stage).await;
}

#[tokio::test]
async fn what_waited_for_planned_work_calls_by_the_route_of_what_its_sender_said() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "alertmanager", 60).await;
    routed(&stage).await;
    put(
        &stage,
        "/api/v1/projects/farm/alert-rules",
        json!({ "rules": [{ "name": "roof", "waits_for_maintenance": true }] }),
    )
    .await;
    stage.app.desk.keeps_exhibits_in(stage.app.exhibits.clone());
    let until = super::rules::planned(&stage, 1).await;
    send(&stage, &key, &named("Door", "north")).await;
    assert_eq!(cases(&stage).await, 0);
    let desk = &stage.app.desk;
    desk.clock().set(until).unwrap();
    desk.pulse().await.unwrap();
    assert_eq!(told(&stage, "HH-1").await["route"], "north");
    sound(&stage).await;
}

#[tokio::test]
async fn a_pattern_decides_at_the_time_and_one_that_cannot_be_used_is_refused_with_the_reason() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "alertmanager", 60).await;
    routed(&stage).await;
    let matching =
        |is: &str, pattern: &str| json!([{ "field": "coop", "is": is, "value": pattern }]);
    let routes = |all: Value| json!({ "routes": [{ "name": "by-pattern", "all": all, "to": { "policy": "own" } }] });
    let boss = stage.token("boss2", "admin").await;
    for (pattern, why) in [
        ("(?=n)orth", "it looks ahead or behind"),
        ("(n)\\1", "it says again what it found before"),
        ("n++orth", "gives nothing back"),
        ("(((n{99}){99}){99}){99}", "too large"),
        ("(north", "cannot be read"),
    ] {
        let ask = stage.request(
            "PUT",
            AT,
            Some(&boss),
            Some(routes(matching("matches", pattern))),
        );
        let said = stage.send(ask).await;
        assert_eq!(said.status, 422, "{}", said.text());
        assert!(said.text().contains(why), "{pattern}: {}", said.text());
        let rules = json!({ "rules": [{ "name": "x", "all": matching("one_matches", pattern), "then": "counts" }] });
        let at = "/api/v1/projects/farm/alert-rules";
        let ask = stage.request("PUT", at, Some(&boss), Some(rules));
        assert_eq!(stage.send(ask).await.status, 422, "{pattern}");
    }
    put(&stage, AT, routes(matching("matches", "(?i)NOR.*"))).await;
    for (coop, route) in [("north", json!("by-pattern")), ("the north", json!(null))] {
        let would = tried(&stage, &named("Door", coop)).await;
        assert_eq!(would["route"], route, "{coop}: {would}");
    }
    send(&stage, &key, &named("Door", "north")).await;
    let by_pattern = json!({ "route": "by-pattern", "to": { "policy": "own" } });
    assert_eq!(told(&stage, "HH-1").await, by_pattern);
    put(&stage, AT, routes(matching("one_matches", "north-\\d+"))).await;
    let would = tried(&stage, &named("Roof", "south, north-2")).await;
    assert_eq!(would["route"], "by-pattern", "{would}");
    assert_eq!(
        told(&stage, "HH-1").await,
        by_pattern,
        "what was decided stays"
    );
    sound(&stage).await;
}
