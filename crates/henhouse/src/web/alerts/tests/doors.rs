//! PagerDuty's words, and Slack's.

use serde_json::{Value, json};

use super::{bytes, cases, look, source, steps};
use crate::web::stage::Stage;

const V2: &str = "/v2/enqueue";

fn event(key: &str, action: &str, dedup: Option<&str>) -> Value {
    let mut body = json!({ "routing_key": key, "event_action": action, "payload": {
        "summary": "The coop is open", "source": "door-1", "severity": "error" } });
    if let Some(dedup) = dedup {
        body["dedup_key"] = json!(dedup);
    }
    body
}

#[tokio::test]
async fn pagerdutys_words_trigger_count_acknowledge_and_resolve_in_both_versions() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "pagerduty", 60).await;
    for _ in 0..2 {
        let said = stage
            .post(V2, None, event(&key, "trigger", Some("door")))
            .await;
        assert_eq!(
            (said.status, &said.json()["dedup_key"]),
            (202, &json!("door")),
            "{}",
            said.text()
        );
    }
    stage
        .post(V2, None, event(&key, "acknowledge", Some("door")))
        .await;
    let old = json!({ "service_key": key, "event_type": "resolve", "incident_key": "door" });
    let said = stage
        .post("/generic/2010-04-15/create_event.json", None, old)
        .await;
    assert_eq!(
        (said.status, &said.json()["incident_key"]),
        (200, &json!("door")),
        "{}",
        said.text()
    );
    assert_eq!(
        steps(&stage, "HH-1").await,
        ["opened", "acknowledged", "over"]
    );
    let unnamed = stage
        .post(V2, None, event(&key, "trigger", None))
        .await
        .json();
    assert_eq!(unnamed["dedup_key"].as_str().unwrap().len(), 32);
    assert_eq!(cases(&stage).await, 1);
    for (body, status) in [
        (event("hha_wrong", "trigger", None), 401),
        (event(&key, "resolve", None), 400),
        (json!({}), 401),
        (json!([]), 401),
    ] {
        let said = stage.post(V2, None, body).await;
        assert_eq!(
            (said.status, &said.json()["status"]),
            (status, &json!("invalid event")),
            "{}",
            said.text()
        );
    }
    let large = vec![b' '; 600 * 1024];
    assert_eq!(stage.send(bytes(V2, &large)).await.status, 413);
}

#[tokio::test]
async fn a_change_is_told_in_the_event_that_runs_and_kept_where_none_does() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "pagerduty", 60).await;
    let change = json!({ "routing_key": key, "payload": { "summary": "A new door was built in", "source": "ci" } });
    let at = "/v2/change/enqueue";
    assert_eq!(stage.post(at, None, change.clone()).await.status, 202);
    assert_eq!(cases(&stage).await, 0, "it wakes nobody");
    let held = look(&stage, "/api/v1/projects/farm/alert-rules")
        .await
        .json();
    assert_eq!(held["last"][0]["title"], "A new door was built in");
    stage
        .post(V2, None, event(&key, "trigger", Some("door")))
        .await;
    assert_eq!(stage.post(at, None, change).await.status, 202);
    assert_eq!(steps(&stage, "HH-1").await, ["opened", "noted"]);
    stage.app.desk.rebuild().await.unwrap();
    let checked = stage.app.desk.verify(None).await.unwrap();
    assert_eq!(checked.findings, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_written_for_slack_comes_in_by_an_address_that_holds_the_key() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "slack", 60).await;
    let body = |state: &str| json!({ "attachments": [{ "title": format!("[{state}] Door"), "text": "open" }] });
    for state in ["FIRING:1", "FIRING:1", "RESOLVED"] {
        let said = stage
            .post(&format!("/in/slack/{key}"), None, body(state))
            .await;
        assert_eq!((said.status, &*said.text()), (200, "ok"));
    }
    assert_eq!(steps(&stage, "HH-1").await, ["opened", "over"]);
    assert_eq!(
        stage.post("/in/slack/hha_x", None, body("OK")).await.status,
        401
    );
}

/// Bodies that nobody would send in earnest, through every door.
#[tokio::test]
async fn whatever_is_sent_nothing_panics_and_nothing_is_answered_as_our_fault() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "alertmanager", 60).await;
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let odd = [
        "",
        "null",
        "0",
        "[]",
        "{}",
        "\"\"",
        &deep,
        "{\"alerts\":3,\"groupKey\":\"\\u0000\",\"status\":[]}",
        "{\"groupKey\":\"x\",\"alerts\":[null,{},{\"labels\":[]},{\"labels\":{\"severity\":\"critical\"},\"fingerprint\":7}]}",
        "{\"attachments\":[{\"title\":\"[\\u202e]\",\"fields\":[1,{}]}]}",
        "{\"text\":\"\\ud83d\"}",
        "{\"message\":\"\\u0000\",\"tags\":{},\"details\":[]}",
        "{\"event_action\":{},\"payload\":{\"summary\":[]}}",
        "{\"source\":\"aws.securityhub\",\"detail-type\":\"x\",\"detail\":{\"findings\":[{\"Title\":\"a\"},3]}}",
        "{\"source\":\"aws.guardduty\",\"detail-type\":\"GuardDuty Finding\",\"detail\":{\"id\":\"a\",\"title\":\"\",\"severity\":1e308}}",
        "{\"ruleName\":\"\\u0000\",\"ruleId\":{},\"state\":7}",
    ];
    let (bearer, genie) = (format!("Bearer {key}"), format!("GenieKey {key}"));
    let slack = format!("/in/slack/{key}");
    for body in odd {
        let asks = [
            bytes("/in/alertmanager", body.as_bytes()).with("authorization", &bearer),
            bytes("/v2/alerts", body.as_bytes()).with("authorization", &genie),
            bytes(&slack, body.as_bytes()),
            bytes("/in/grafana", body.as_bytes()).with("authorization", &bearer),
            bytes("/in/eventbridge", body.as_bytes()).with("authorization", &bearer),
            bytes("/in/webhook", body.as_bytes()).with("authorization", &bearer),
            bytes("/in/webhook/x", body.as_bytes()).with("webhook-id", "\u{e9}"),
            bytes(
                V2,
                body.replacen('{', &format!("{{\"routing_key\":\"{key}\","), 1)
                    .replace(",}", "}")
                    .as_bytes(),
            ),
        ];
        for ask in asks {
            let said = stage.send(ask).await;
            assert!(
                [200, 202, 400, 401, 422].contains(&said.status),
                "{body}: {} {}",
                said.status,
                said.text()
            );
        }
    }
    stage.app.desk.rebuild().await.unwrap();
}

async fn genie(stage: &Stage, method: &str, path: &str, key: &str, body: Option<Value>) -> Value {
    let asking = stage.request(method, path, None, body);
    let said = stage
        .send(asking.with("authorization", &format!("GenieKey {key}")))
        .await;
    assert!(
        said.status < 300,
        "{method} {path}: {} {}",
        said.status,
        said.text()
    );
    said.json()["data"].clone()
}

#[tokio::test]
async fn what_opsgenies_clients_say_of_an_alert_is_there_when_they_ask_for_it() {
    for below in ["/v2", "/jsm/ops/integration/v2"] {
        let stage = Stage::new().await;
        let (key, _) = source(&stage, "opsgenie", 60).await;
        let all = format!("{below}/alerts");
        let create = |alias: &str, tag: &str| json!({ "message": format!("The {alias} is open"), "alias": alias, "tags": [tag], "priority": "P4" });
        for (alias, tag) in [("door", "north"), ("gate", "south")] {
            genie(&stage, "POST", &all, &key, Some(create(alias, tag))).await;
        }
        let act = async |method: &str, what: &str, body: Value| {
            let with = if what.contains('?') { "&" } else { "?" };
            let slash = if what.is_empty() { "" } else { "/" };
            let path = format!("{all}/door{slash}{what}{with}identifierType=alias");
            genie(&stage, method, &path, &key, Some(body)).await
        };
        act("POST", "tags", json!({ "tags": ["roof", "north"] })).await;
        act("DELETE", "tags?tags=north,none", json!({})).await;
        act(
            "POST",
            "details",
            json!({ "details": { "hens": "12", "cocks": "1" } }),
        )
        .await;
        act("DELETE", "details?keys=cocks", json!({})).await;
        act(
            "PUT",
            "message",
            json!({ "message": "The door is wide open" }),
        )
        .await;
        act(
            "PUT",
            "description",
            json!({ "description": "Since three" }),
        )
        .await;
        act("PUT", "priority", json!({ "priority": "P1" })).await;
        act(
            "POST",
            "snooze",
            json!({ "endTime": "2026-11-24T00:00:00Z" }),
        )
        .await;
        for what in [
            "responders",
            "teams",
            "assign",
            "escalate",
            "acknowledge",
            "unacknowledge",
        ] {
            act("POST", what, json!({ "user": "jane", "note": "n" })).await;
        }
        act("POST", "actions/restart", json!({})).await;
        let one = act("GET", "", Value::Null).await;
        for (field, value) in [
            ("tags", json!(["roof"])),
            ("details", json!({ "hens": "12" })),
            ("message", json!("The door is wide open")),
            ("description", json!("Since three")),
            ("priority", json!("P1")),
            ("snoozed", json!(true)),
            ("acknowledged", json!(false)),
        ] {
            assert_eq!(one[field], value, "{one}");
        }
        let list = genie(
            &stage,
            "GET",
            &format!("{all}?query=tag%3Aroof%20AND%20status%3Aopen"),
            &key,
            None,
        )
        .await;
        assert_eq!((list.as_array().unwrap().len(), &list[0]), (1, &one));
        assert_eq!(
            genie(
                &stage,
                "GET",
                &format!("{all}?limit=1&offset=1"),
                &key,
                None
            )
            .await[0]["alias"],
            "door"
        );
        assert_eq!(
            genie(
                &stage,
                "GET",
                &format!("{all}/count?query=status%3Dclosed"),
                &key,
                None
            )
            .await["count"],
            0
        );
        assert!(
            act("GET", "logs", Value::Null)
                .await
                .as_array()
                .unwrap()
                .len()
                > 10
        );
        let notes = act("GET", "notes", Value::Null).await;
        assert!(notes.to_string().contains("user: jane"), "{notes}");
        let odd = stage.request(
            "GET",
            &format!("{all}?query=tag%3Aa%20OR%20tag%3Ab"),
            None,
            None,
        );
        let said = stage
            .send(odd.with("authorization", &format!("GenieKey {key}")))
            .await;
        assert_eq!(
            said.status,
            422,
            "a query that is not understood gives no list: {}",
            said.text()
        );
        act("DELETE", "", json!({})).await;
        assert_eq!(
            act("GET", "", Value::Null).await["status"],
            "closed",
            "nothing is deleted"
        );
        assert_eq!(cases(&stage).await, 1);
        stage.app.desk.rebuild().await.unwrap();
        let checked = stage.app.desk.verify(None).await.unwrap();
        assert_eq!(checked.findings, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_heartbeat_that_stays_away_is_an_alert_until_it_comes_again() {
    let stage = Stage::new().await;
    stage.app.desk.keeps_exhibits_in(stage.app.exhibits.clone());
    let (key, _) = source(&stage, "opsgenie", 60).await;
    let desk = &stage.app.desk;
    let beat = json!({ "name": "backup", "interval": 2, "intervalUnit": "hours", "alertMessage": "No backup was made", "alertPriority": "P1" });
    genie(&stage, "POST", "/v2/heartbeats", &key, Some(beat)).await;
    let wake = desk.next_wake().await.unwrap();
    let at = desk.now();
    desk.clock().set(at).unwrap();
    assert_eq!(wake, None, "it is listened for from its first coming on");
    genie(&stage, "POST", "/v2/heartbeats/backup/ping", &key, None).await;
    let due = at + jiff::SignedDuration::from_hours(2);
    assert_eq!(desk.next_wake().await.unwrap(), Some(due));
    desk.clock()
        .set(due - jiff::SignedDuration::from_secs(1))
        .unwrap();
    desk.pulse().await.unwrap();
    assert_eq!(cases(&stage).await, 0);
    desk.clock().set(due).unwrap();
    for _ in 0..2 {
        desk.pulse().await.unwrap();
        assert_eq!(cases(&stage).await, 1);
    }
    let case = look(&stage, "/api/v1/cases/HH-1").await.json();
    assert_eq!(case["title"], "No backup was made");
    let one = genie(
        &stage,
        "GET",
        "/jsm/ops/integration/v2/heartbeats/backup",
        &key,
        None,
    )
    .await;
    assert_eq!(
        (&one["expired"], &one["interval"]),
        (&json!(true), &json!(120))
    );
    genie(&stage, "GET", "/v2/heartbeats/backup/ping", &key, None).await;
    assert_eq!(steps(&stage, "HH-1").await, ["opened", "over"]);
    genie(
        &stage,
        "POST",
        "/v2/heartbeats/backup/disable",
        &key,
        Some(json!({})),
    )
    .await;
    desk.clock()
        .set(due + jiff::SignedDuration::from_hours(9))
        .unwrap();
    desk.pulse().await.unwrap();
    assert_eq!(
        steps(&stage, "HH-1").await,
        ["opened", "over"],
        "nobody listens for it"
    );
    genie(
        &stage,
        "PATCH",
        "/v2/heartbeats/backup",
        &key,
        Some(json!({ "enabled": true, "interval": 1 })),
    )
    .await;
    desk.pulse().await.unwrap();
    assert_eq!(
        steps(&stage, "HH-1").await,
        ["opened", "over"],
        "it is listened for from its next coming on"
    );
    assert_eq!(cases(&stage).await, 1);
    genie(&stage, "DELETE", "/v2/heartbeats/backup", &key, None).await;
    let none = genie(&stage, "GET", "/v2/heartbeats", &key, None).await;
    assert_eq!(none["heartbeats"], json!([]));
    let ping = stage.request("POST", "/v2/heartbeats/backup/ping", None, None);
    assert_eq!(
        stage
            .send(ping.with("authorization", &format!("GenieKey {key}")))
            .await
            .status,
        404
    );
}
