//! What joins an event, or a group that fires already, is kept in its words and told of.

use serde_json::{Value, json};

use super::{AT, bytes, look, send, source, steps};
use crate::desk::Verified;
use crate::web::stage::Stage;

/// A group with these alerts: the name by which each is meant, and how grave it is.
fn group(alerts: &[(&str, &str)]) -> Value {
    let alert = |(name, severity): &(&str, &str)| {
        json!({
            "status": "firing", "labels": { "alertname": "Door", "coop": name, "severity": severity },
            "annotations": { "what": format!("the {name} coop is open") }, "fingerprint": format!("f-{name}"),
        })
    };
    let alerts: Vec<Value> = alerts.iter().map(alert).collect();
    json!({
        "version": "4", "groupKey": "{}:{alertname=\"Door\"}", "status": "firing", "commonLabels": { "alertname": "Door" },
        "alerts": alerts,
    })
}

fn single(name: &str, severity: &str) -> Value {
    let mut body = group(&[(name, severity)]);
    body["groupKey"] = json!(name);
    body
}

/// Whom each delivery was for, and whether it was to wake them.
async fn told(stage: &Stage) -> Vec<(String, bool)> {
    let said = look(stage, "/api/v1/cases/HH-1/deliveries").await.json();
    let all = said["deliveries"].as_array().unwrap().iter();
    let one = |row: &Value| {
        let person = row["person"].as_str().unwrap_or_default().to_owned();
        (person, row["page"] == true)
    };
    all.map(one).collect()
}

#[tokio::test]
async fn who_joins_a_group_that_fires_already_is_told_of_once_in_its_own_words() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "alertmanager", 60).await;
    send(&stage, &key, &group(&[("north", "warning")])).await;
    let both = group(&[("north", "warning"), ("south", "warning")]);
    for _ in 0..3 {
        send(&stage, &key, &both).await;
    }
    let last = send(&stage, &key, &group(&[("south", "warning")])).await;
    assert_eq!(last["times"], 5);
    assert_eq!(steps(&stage, "HH-1").await, ["opened", "grew"]);
    let journal = look(&stage, "/api/v1/cases/HH-1/journal").await.json();
    let grew = journal["entries"].as_array().unwrap().last().unwrap();
    let words = grew["body"]["words"].as_str().unwrap();
    assert!(words.contains("the south coop is open"), "{words}");
    assert!(!words.contains("north"), "only of the new one: {words}");
}

#[tokio::test]
async fn a_large_group_is_told_of_in_a_few_entries_and_beyond_measure_it_is_only_counted() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "alertmanager", 60).await;
    send(&stage, &key, &group(&[("c-0", "warning")])).await;
    let names: Vec<String> = (0..1_500).map(|n| format!("c-{n}")).collect();
    let all: Vec<(&str, &str)> = names.iter().map(|name| (&**name, "warning")).collect();
    for _ in 0..2 {
        send(&stage, &key, &group(&all)).await;
    }
    let journal = look(&stage, "/api/v1/cases/HH-1/journal?limit=1000")
        .await
        .text();
    assert!(journal.contains("the c-999 coop is open"));
    assert!(!journal.contains("the c-1000 coop is open"));
    assert!(journal.contains("is only counted"));
    let steps = steps(&stage, "HH-1").await;
    assert!((3..20).contains(&steps.len()), "{}", steps.len());
}

#[tokio::test]
async fn those_on_the_case_hear_of_what_joins_and_what_is_graver_than_all_before_wakes_the_ic() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "alertmanager", 60).await;
    send(&stage, &key, &single("north", "warning")).await;
    let ann = stage.token("ann", "member").await;
    stage
        .command("HH-1", &ann, json!({ "command": "acknowledge" }))
        .await;
    let before = told(&stage).await.len();
    for n in 0..20 {
        send(&stage, &key, &single(&format!("c-{n}"), "warning")).await;
    }
    let told_of = told(&stage).await;
    let news: Vec<_> = told_of[before..].to_vec();
    assert_eq!(
        news,
        vec![("ann".to_owned(), false); 5],
        "the 1st, 2nd, 4th, 8th and 16th"
    );
    send(&stage, &key, &single("grave", "critical")).await;
    send(&stage, &key, &single("graver", "critical")).await;
    let told_of = told(&stage).await;
    assert_eq!(told_of[before + 5..], [("ann".to_owned(), true)]);
    let mut worse = single("c-3", "warning");
    worse["alerts"][0]["fingerprint"] = json!("f-worse");
    send(&stage, &key, &worse).await;
    assert_eq!(
        told(&stage).await.len(),
        before + 6,
        "no graver than it was"
    );
}

#[tokio::test]
async fn verify_holds_the_index_of_alerts_against_the_entries() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "alertmanager", 60).await;
    for name in ["north", "south", "north"] {
        send(&stage, &key, &single(name, "warning")).await;
    }
    let desk = &stage.app.desk;
    let checked = desk.verify(None).await.unwrap();
    assert_eq!(
        (checked.verdict, &*checked.findings),
        (Verified::Valid, &[][..])
    );
    for damage in 0..3 {
        desk.damage_alerts(damage).await;
        let checked = desk.verify(None).await.unwrap();
        assert_eq!(
            checked.verdict,
            Verified::IndexDiffers,
            "{damage}: {checked:?}"
        );
        desk.rebuild().await.unwrap();
        assert_eq!(desk.verify(None).await.unwrap().verdict, Verified::Valid);
    }
}

#[tokio::test]
async fn there_is_room_for_a_few_large_bodies_and_whoever_finds_none_is_asked_to_send_again() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "alertmanager", 60).await;
    let large = 8 * 1024 * 1024;
    let desk = &stage.app.desk;
    let rooms = [
        desk.room_for_alert(large).await.unwrap(),
        desk.room_for_alert(large).await.unwrap(),
    ];
    let bearer = format!("Bearer {key}");
    let ask = bytes(AT, b"{}").with("authorization", &bearer);
    let said = stage.send(ask.clone()).await;
    assert_eq!(
        (said.status, said.header("retry-after")),
        (503, "5"),
        "{}",
        said.text()
    );
    drop(rooms);
    assert_eq!(stage.send(ask).await.status, 202);
}

#[tokio::test]
async fn a_damaged_event_of_its_source_is_joined_by_no_alert_and_keeps_none_out() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "alertmanager", 60).await;
    send(&stage, &key, &single("north", "warning")).await;
    stage.app.desk.spoil_journal_of_alert().await;
    send(&stage, &key, &single("south", "warning")).await;
    send(&stage, &key, &single("west", "warning")).await;
    assert_eq!(super::cases(&stage).await, 2);
    assert_eq!(steps(&stage, "HH-2").await, ["opened", "joined"]);
}
