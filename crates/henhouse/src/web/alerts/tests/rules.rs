//! What the project's rules make of alerts, and what is held back.

use jiff::{SignedDuration, Timestamp};
use procedure::basis::Maintenance;
use serde_json::{Value, json};

use super::{cases, group, look, send, source, steps};
use crate::desk::Verified;
use crate::web::stage::Stage;

const AT: &str = "/api/v1/projects/farm/alert-rules";

async fn rules(stage: &Stage, rules: Value) -> Value {
    let boss = stage.token("boss", "admin").await;
    let ask = stage.request("PUT", AT, Some(&boss), Some(json!({ "rules": rules })));
    let said = stage.send(ask).await;
    assert_eq!(said.status, 200, "{}", said.text());
    said.json()
}

pub(super) async fn tried(stage: &Stage, body: &Value) -> Value {
    let boss = stage.token("boss", "admin").await;
    let ask = json!({ "source": "alertmanager-60", "body": body.to_string() });
    let said = stage.post(&format!("{AT}/try"), Some(&boss), ask).await;
    assert_eq!(said.status, 200, "{}", said.text());
    said.json()
}

pub(super) fn named(name: &str, coop: &str) -> Value {
    let mut body = group(name, "firing");
    body["commonLabels"]["coop"] = json!(coop);
    body
}

pub(super) async fn sound(stage: &Stage) {
    let desk = &stage.app.desk;
    let checked = desk.verify(None).await.unwrap();
    assert_eq!(checked.verdict, Verified::Valid, "{checked:?}");
    let live = desk.index_lines().await;
    desk.rebuild().await.unwrap();
    assert_eq!(desk.index_lines().await, live);
}

/// Planned work from now on for an hour.
pub(super) async fn planned(stage: &Stage, hours: i64) -> Timestamp {
    let now = stage.app.desk.now();
    let until = now + SignedDuration::from_hours(hours);
    let change = |project: &mut procedure::basis::Project,
                  directory: &mut procedure::project::Directory| {
        project.maintenance = vec![Maintenance {
            id: "roof".into(),
            from: now,
            until,
            assets: Default::default(),
        }];
        directory
            .maintenance
            .insert("roof".into(), procedure::Text::from("The roof"));
    };
    stage.change("farm", change).await;
    until
}

#[tokio::test]
async fn what_is_only_counted_is_kept_in_its_words_and_opens_nothing_and_a_try_says_so_before() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "alertmanager", 60).await;
    rules(&stage, json!([
        { "name": "chatter", "all": [{ "field": "coop", "is": "starts", "value": "NO" }], "then": "counts" },
        { "name": "alone", "all": [{ "field": "title", "is": "contains", "value": "fire" }], "then": "opens" },
    ]))
    .await;
    let (north, fire, other) = (
        named("Door", "north"),
        named("Fire", "south"),
        named("Door", "south"),
    );
    let would = tried(&stage, &north).await;
    assert_eq!(
        (&would["would"], &would["rule"], &would["fields"]["coop"]),
        (&json!("held"), &json!("chatter"), &json!("north"))
    );
    for times in 1..4 {
        let said = send(&stage, &key, &north).await;
        assert_eq!(said["times"], times);
    }
    assert_eq!(cases(&stage).await, 0);
    let told = look(&stage, AT).await.json();
    assert_eq!(
        (
            &told["held"]["chatter"],
            told["last"].as_array().unwrap().len()
        ),
        (&json!(1), 1)
    );
    assert!(
        told["last"][0]["words"]
            .as_str()
            .unwrap()
            .contains("firing"),
        "{told}"
    );
    let mut over = north.clone();
    over["status"] = json!("resolved");
    assert!(send(&stage, &key, &over).await["alert"].is_string());
    assert_eq!(tried(&stage, &other).await["would"], "opens");
    send(&stage, &key, &named("Fence", "south")).await;
    let mut again = other.clone();
    again["groupKey"] = json!("again");
    assert_eq!(tried(&stage, &again).await["case"], "HH-1");
    send(&stage, &key, &again).await;
    assert_eq!(tried(&stage, &again).await["would"], "repeats");
    for n in 0..2 {
        let mut fire = fire.clone();
        fire["groupKey"] = json!(n);
        fire["groupKey"] = json!(format!("fire {n}"));
        send(&stage, &key, &fire).await;
    }
    assert_eq!(
        cases(&stage).await,
        3,
        "one for the fence and the door, and one for each fire"
    );
    assert_eq!(steps(&stage, "HH-1").await, ["opened", "joined"]);
    sound(&stage).await;
}

#[tokio::test]
async fn those_that_have_their_words_in_common_join_one_event() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "alertmanager", 60).await;
    rules(
        &stage,
        json!([{ "name": "coops", "together_by": ["coop"] }]),
    )
    .await;
    for (name, coop) in [
        ("Door", "north"),
        ("Fire", "south"),
        ("Fence", "north"),
        ("Fox", "south"),
    ] {
        send(&stage, &key, &named(name, coop)).await;
    }
    assert_eq!(cases(&stage).await, 2);
    assert_eq!(steps(&stage, "HH-1").await, ["opened", "joined"]);
    assert_eq!(steps(&stage, "HH-2").await, ["opened", "joined"]);
    sound(&stage).await;
}

#[tokio::test]
async fn what_waits_for_planned_work_opens_an_event_when_that_is_over_unless_it_is_over_itself() {
    let stage = Stage::new().await;
    stage.app.desk.keeps_exhibits_in(stage.app.exhibits.clone());
    let (key, _) = source(&stage, "alertmanager", 60).await;
    rules(
        &stage,
        json!([{ "name": "waits", "waits_for_maintenance": true }]),
    )
    .await;
    let until = planned(&stage, 1).await;
    assert_eq!(
        tried(&stage, &named("Door", "north")).await["waits_for"],
        "roof"
    );
    for name in ["Door", "Fence", "Door"] {
        send(&stage, &key, &named(name, "north")).await;
    }
    let mut over = named("Fence", "north");
    over["status"] = json!("resolved");
    send(&stage, &key, &over).await;
    assert_eq!(cases(&stage).await, 0);
    sound(&stage).await;
    let desk = &stage.app.desk;
    assert_eq!(
        desk.next_wake().await.unwrap(),
        Some(until),
        "time will come to it"
    );
    desk.clock().set(until).unwrap();
    desk.pulse().await.unwrap();
    assert_eq!(cases(&stage).await, 1);
    let case = look(&stage, "/api/v1/cases/HH-1").await.json();
    assert_eq!(case["title"], "Door (coop=north)");
    assert_eq!(steps(&stage, "HH-1").await, ["opened"]);
    desk.pulse().await.unwrap();
    assert_eq!(cases(&stage).await, 1, "it is let go once");
    assert_eq!(
        send(&stage, &key, &named("Door", "north")).await["times"],
        2
    );
    sound(&stage).await;
}

#[tokio::test]
async fn what_waited_is_told_once_though_its_rule_only_counts_by_then() {
    let stage = Stage::new().await;
    stage.app.desk.keeps_exhibits_in(stage.app.exhibits.clone());
    let (key, _) = source(&stage, "alertmanager", 60).await;
    let waits = json!({ "name": "waits", "waits_for_maintenance": true });
    rules(&stage, json!([waits])).await;
    let until = planned(&stage, 1).await;
    let mut door = named("Door", "north");
    door["groupKey"] = json!("door ");
    send(&stage, &key, &door).await;
    door["alerts"][0]["labels"]["severity"] = json!("critical");
    for times in 2..4 {
        assert_eq!(send(&stage, &key, &door).await["times"], times);
    }
    let told = look(&stage, AT).await.json();
    assert_eq!(told["held"]["waits"], 1, "{told}");
    rules(&stage, json!([{ "name": "waits", "then": "counts" }])).await;
    let desk = &stage.app.desk;
    desk.clock().set(until).unwrap();
    desk.pulse().await.unwrap();
    assert_eq!(cases(&stage).await, 1);
    let journal = look(&stage, "/api/v1/cases/HH-1/journal").await.json();
    let entries = journal["entries"].as_array().unwrap();
    let opened = entries.iter().find(|entry| entry["kind"] == "alert_noted");
    assert_eq!(opened.unwrap()["body"]["gravity"], "critical");
    assert_eq!(desk.pulse().await.unwrap(), 0);
    sound(&stage).await;
}

#[tokio::test]
async fn what_waited_and_cannot_be_told_is_left_aside_and_a_heartbeat_is_missed_all_the_same() {
    let stage = Stage::new().await;
    let desk = &stage.app.desk;
    desk.keeps_exhibits_in(stage.app.exhibits.clone());
    let (key, _) = source(&stage, "alertmanager", 60).await;
    let (genie, id) = source(&stage, "opsgenie", 60).await;
    rules(
        &stage,
        json!([{ "name": "waits", "sources": ["alertmanager-60"], "waits_for_maintenance": true }]),
    )
    .await;
    let until = planned(&stage, 1).await;
    desk.clock().set(desk.now()).unwrap();
    for (at, body) in [
        (
            "/v2/heartbeats",
            json!({ "name": "backup", "interval": 50 }),
        ),
        ("/v2/heartbeats/backup/ping", json!({})),
    ] {
        let ask = stage.request("POST", at, None, Some(body));
        let said = stage.send(ask.with("authorization", &format!("GenieKey {genie}")));
        assert!(said.await.status < 300);
    }
    send(&stage, &key, &named("Door", "north")).await;
    desk.spoil_journal_of_alert().await;
    desk.clock().set(until).unwrap();
    assert_eq!(desk.pulse().await.unwrap(), 1, "the heartbeat");
    assert_eq!(desk.live_alerts(id).await.unwrap(), 1);
    assert!(desk.next_retry().is_some());
    let wake = desk.next_wake().await.unwrap();
    assert!(wake.is_none_or(|at| at > until), "the waker sleeps");
}

#[tokio::test]
async fn what_is_only_counted_hides_no_event_and_a_blank_in_a_label_parts_none() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "alertmanager", 60).await;
    rules(&stage, json!([
        { "name": "chatter", "all": [{ "field": "title", "is": "contains", "value": "hum" }], "then": "counts" },
        { "name": "coops", "together_by": ["coop"] },
    ]))
    .await;
    send(&stage, &key, &named("Door", "north ")).await;
    for n in 0..70 {
        let mut hum = named("hum", "north");
        hum["groupKey"] = json!(format!("hum {n}"));
        send(&stage, &key, &hum).await;
    }
    send(&stage, &key, &named("Fence", "north ")).await;
    assert_eq!(cases(&stage).await, 1);
    assert_eq!(steps(&stage, "HH-1").await, ["opened", "joined"]);
}

#[tokio::test]
async fn a_rule_that_holds_back_a_flood_hides_it_for_a_thousand_alerts_only() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "alertmanager", 60).await;
    rules(&stage, json!([{ "name": "all", "then": "counts" }])).await;
    for n in 0..1_001 {
        let mut body = group("Door", "firing");
        body["groupKey"] = json!(format!("n {n}"));
        send(&stage, &key, &body).await;
        if n == 999 {
            assert_eq!(cases(&stage).await, 0);
        }
    }
    assert_eq!(cases(&stage).await, 1);
}

#[tokio::test]
async fn a_rule_that_cannot_work_is_refused_with_what_is_wrong() {
    let stage = Stage::new().await;
    let boss = stage.token("boss", "admin").await;
    for (rule, what) in [
        (json!({ "name": "Not so" }), "name"),
        (json!({ "name": "a", "sources": ["nobody"] }), "nobody"),
        (json!({ "name": "a", "assets": ["barn-9"] }), "barn-9"),
        (
            json!({ "name": "a", "all": [{ "field": "", "is": "equals", "value": "x" }] }),
            "empty",
        ),
        (json!({ "name": "a", "gather_minutes": 2000 }), "day"),
    ] {
        let body = json!({ "rules": [rule] });
        let said = stage
            .send(stage.request("PUT", AT, Some(&boss), Some(body)))
            .await;
        assert!(
            [409, 422].contains(&said.status) && said.text().contains(what),
            "{}",
            said.text()
        );
    }
}

#[tokio::test]
async fn the_page_adds_moves_tries_and_takes_off_rules_and_what_is_hostile_stays_text() {
    let stage = Stage::new().await;
    stage.account("boss", "admin").await;
    let (key, _) = source(&stage, "alertmanager", 60).await;
    let mut boss = stage.browser("boss").await;
    let path = "/projects/farm/alert-rules";
    let html = boss.get(&stage, path).await.text();
    let token = html
        .split("name=\"form_token\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    for name in ["first", "second"] {
        let body = format!(
            "form_token={token}&name={name}&source=&field=title&is=contains&value=%3Cb%3E&then=counts&minutes="
        );
        assert_eq!(boss.form(&stage, path, &body).await.status, 303);
    }
    let up = format!("form_token={token}&up=second");
    assert_eq!(boss.form(&stage, path, &up).await.status, 303);
    let mut body = group("<b>door", "firing");
    body["alerts"][0]["labels"]["alertname"] = json!("<script>alert(1)</script>");
    send(&stage, &key, &body).await;
    let html = boss.get(&stage, path).await.text();
    assert!(
        html.contains("<strong>second</strong>")
            && !html.contains("<script>alert(1)")
            && !html.contains("<b>door"),
        "{html}"
    );
    assert!(html.find("<strong>second").unwrap() < html.find("<strong>first").unwrap());
    let attempt = format!("form_token={token}&act=try&source=alertmanager-60&body=%7B%7D");
    let said = boss.form(&stage, path, &attempt).await;
    assert!(
        said.status == 200 && said.text().contains("It would open an event"),
        "{}",
        said.text()
    );
    let gone = format!("form_token={token}&remove=second");
    assert_eq!(boss.form(&stage, path, &gone).await.status, 303);
    let told = look(&stage, AT).await.json();
    assert_eq!(told["rules"].as_array().unwrap().len(), 1);
}
