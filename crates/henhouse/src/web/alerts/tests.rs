//! What becomes of alerts, by the webhook of Alertmanager.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

mod doors;
mod joins;
mod routes;
mod rules;
mod shadow;
mod signed;
mod sns;

use std::cell::Cell;
use std::pin::Pin;

use serde_json::{Value, json};

use crate::web::stage::{Said, Stage, bytes};

const AT: &str = "/in/alertmanager";

/// A source of the farm; its key and its id.
pub(super) async fn source(stage: &Stage, sender: &str, gather: u32) -> (String, String) {
    let boss = stage.token("boss", "admin").await;
    let body =
        json!({ "name": format!("{sender}-{gather}"), "sender": sender, "gather_minutes": gather });
    let said = stage
        .post("/api/v1/projects/farm/sources", Some(&boss), body)
        .await;
    assert_eq!(said.status, 201, "{}", said.text());
    let said = said.json();
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    (word(&said["key"]), word(&said["source"]["id"]))
}

fn group(name: &str, status: &str) -> Value {
    json!({
        "version": "4", "groupKey": format!("{{}}:{{alertname=\"{name}\"}}"), "status": status,
        "commonLabels": { "alertname": name }, "externalURL": "http://am.example",
        "alerts": [{ "status": status, "labels": { "alertname": name }, "annotations": {} }],
    })
}

async fn send(stage: &Stage, key: &str, body: &Value) -> Value {
    let said = stage.post(AT, Some(key), body.clone()).await;
    assert_eq!(said.status, 202, "{}", said.text());
    said.json()
}

async fn look(stage: &Stage, path: &str) -> Said {
    let boss = stage.token("boss", "admin").await;
    stage.get(path, Some(&boss)).await
}

pub(super) async fn cases(stage: &Stage) -> usize {
    let list = look(stage, "/api/v1/cases").await.json();
    list["cases"].as_array().unwrap().len()
}

/// The kinds of entry of a case that alerts wrote, with what each did.
async fn steps(stage: &Stage, number: &str) -> Vec<String> {
    let journal = look(stage, &format!("/api/v1/cases/{number}/journal")).await;
    let journal = journal.json();
    let entries = journal["entries"].as_array().unwrap().iter();
    let noted = entries.filter(|entry| entry["kind"] == "alert_noted");
    let step = |entry: &Value| entry["body"]["step"].as_str().unwrap().to_owned();
    noted.map(step).collect()
}

#[tokio::test]
async fn the_first_opens_an_event_repeats_count_and_an_end_closes_nothing() {
    let stage = Stage::new().await;
    let (key, id) = source(&stage, "alertmanager", 60).await;
    let first = send(&stage, &key, &group("Door", "firing")).await;
    assert_eq!(first["times"], 1);
    for times in 2..5 {
        let again = send(&stage, &key, &group("Door", "firing")).await;
        assert_eq!(
            (&again["alert"], &again["times"]),
            (&first["alert"], &json!(times))
        );
    }
    assert_eq!(cases(&stage).await, 1);
    assert_eq!(
        steps(&stage, "HH-1").await,
        ["opened"],
        "what repeats writes no entry"
    );
    let over = send(&stage, &key, &group("Door", "resolved")).await;
    assert_eq!(over["alert"], first["alert"]);
    let none = send(&stage, &key, &group("Door", "resolved")).await;
    assert_eq!(none["alert"], Value::Null, "it was over before");
    assert_eq!(steps(&stage, "HH-1").await, ["opened", "over"]);
    let case = look(&stage, "/api/v1/cases/HH-1").await.json();
    assert_eq!(
        (&case["status"], &case["title"]),
        (&json!("investigating"), &json!("Door"))
    );
    let sources = look(&stage, "/api/v1/projects/farm/sources").await.json();
    assert_eq!(sources["sources"][0]["id"], json!(id));
    assert_eq!(sources["sources"][0]["live_alerts"], 0);
    let live = stage.app.desk.index_lines().await;
    assert!(
        live.iter().any(|line| line.contains("times: 4")),
        "{live:?}"
    );
    stage.app.desk.rebuild().await.unwrap();
    assert_eq!(stage.app.desk.index_lines().await, live);
}

#[tokio::test]
async fn alerts_of_one_time_join_one_event_and_later_ones_open_their_own() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "alertmanager", 60).await;
    for name in ["Door", "Fence", "Water"] {
        send(&stage, &key, &group(name, "firing")).await;
    }
    assert_eq!(cases(&stage).await, 1);
    assert_eq!(steps(&stage, "HH-1").await, ["opened", "joined", "joined"]);
    let (each, _) = source(&stage, "alertmanager", 0).await;
    for name in ["Door", "Fence"] {
        send(&stage, &each, &group(name, "firing")).await;
    }
    assert_eq!(
        cases(&stage).await,
        3,
        "another source, whose alerts are not gathered"
    );
    let live = stage.app.desk.index_lines().await;
    stage.app.desk.rebuild().await.unwrap();
    assert_eq!(stage.app.desk.index_lines().await, live);
}

#[tokio::test]
async fn what_fires_after_people_ended_its_event_opens_another() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "alertmanager", 60).await;
    send(&stage, &key, &group("Door", "firing")).await;
    let ann = stage.token("ann", "member").await;
    for body in [
        json!({ "command": "acknowledge" }),
        json!({ "command": "false_alarm", "reason": "the cat" }),
    ] {
        stage.command("HH-1", &ann, body).await;
    }
    let again = send(&stage, &key, &group("Door", "firing")).await;
    assert_eq!((cases(&stage).await, &again["times"]), (2, &json!(1)));
    assert_eq!(steps(&stage, "HH-2").await, ["opened"]);
}

#[tokio::test]
async fn the_body_is_kept_as_it_came_and_what_nobody_understands_too() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "alertmanager", 60).await;
    let raw = b"\xff\x00 the coop is on fire";
    let bearer = format!("Bearer {key}");
    let ask = || bytes(AT, raw).with("authorization", &bearer);
    for times in 1..3 {
        let said = stage.send(ask()).await;
        assert_eq!((said.status, &said.json()["times"]), (202, &json!(times)));
    }
    let case = look(&stage, "/api/v1/cases/HH-1").await.json();
    assert_eq!(case["title"], "Unknown alert");
    let kept = look(&stage, "/api/v1/cases/HH-1/exhibits/E-1").await;
    assert_eq!((kept.status, kept.bytes().as_slice()), (200, &raw[..]));
}

#[tokio::test]
async fn alerts_sent_at_once_under_one_key_open_one_event() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "alertmanager", 0).await;
    let body = group("Door", "firing");
    let all = (0..16)
        .map(|_| -> Pin<Box<dyn Future<Output = Value>>> { Box::pin(send(&stage, &key, &body)) });
    let said = futures_all(all.collect()).await;
    let mut times: Vec<u64> = said
        .iter()
        .map(|said| said["times"].as_u64().unwrap())
        .collect();
    times.sort_unstable();
    assert_eq!(times, (1..17).collect::<Vec<_>>());
    assert_eq!(cases(&stage).await, 1);
}

/// Lets them all go on together.
async fn futures_all<'a, T>(all: Vec<Pin<Box<dyn Future<Output = T> + 'a>>>) -> Vec<T> {
    let mut all: Vec<_> = all.into_iter().map(|one| (one, None)).collect();
    std::future::poll_fn(|context| {
        for (one, done) in &mut all {
            if done.is_none()
                && let std::task::Poll::Ready(value) = one.as_mut().poll(context)
            {
                *done = Some(value);
            }
        }
        match all.iter().all(|(_, done)| done.is_some()) {
            true => std::task::Poll::Ready(()),
            false => std::task::Poll::Pending,
        }
    })
    .await;
    all.into_iter().filter_map(|(_, done)| done).collect()
}

#[tokio::test]
async fn a_report_in_a_flood_of_alerts_waits_for_a_few_of_them_only() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "alertmanager", 60).await;
    send(&stage, &key, &group("Door", "firing")).await;
    let (stage, key, kept, before) = (&stage, &*key, &Cell::new(0), &Cell::new(0));
    let mut all: Vec<Pin<Box<dyn Future<Output = ()>>>> = Vec::new();
    for n in 0..400 {
        all.push(Box::pin(async move {
            let said = stage
                .post(AT, Some(key), group(&format!("Door {n}"), "firing"))
                .await;
            assert!([202, 503].contains(&said.status), "{}", said.text());
            kept.set(kept.get() + u32::from(said.status == 202));
        }));
    }
    all.push(Box::pin(async move {
        stage.report().await;
        before.set(kept.get());
    }));
    futures_all(all).await;
    let [kept, before] = [kept, before].map(Cell::get);
    assert!(kept > 200, "{kept} were kept");
    assert!(
        before < 100,
        "the report came last and waited for {before} of {kept}"
    );
}

#[tokio::test]
async fn a_withdrawn_key_and_a_persons_token_open_nothing() {
    let stage = Stage::new().await;
    let (key, id) = source(&stage, "alertmanager", 60).await;
    send(&stage, &key, &group("Door", "firing")).await;
    let boss = stage.token("boss", "admin").await;
    let at = format!("/api/v1/projects/farm/sources/{id}");
    let gone = stage.request("DELETE", &at, Some(&boss), None);
    assert_eq!(stage.send(gone.clone()).await.status, 204);
    assert_eq!(
        stage.send(gone).await.status,
        409,
        "it was withdrawn before"
    );
    for token in [Some(&*key), Some(&*boss), Some("hha_x"), None] {
        let said = stage.post(AT, token, group("Fence", "firing")).await;
        assert_eq!(said.status, 401, "{}", said.text());
    }
    assert_eq!(steps(&stage, "HH-1").await, ["opened"]);
    let journal = look(&stage, "/api/v1/projects/farm/sources").await.text();
    assert!(!journal.contains(&key), "the key is kept nowhere");
    let again = json!({ "name": "alertmanager-60", "sender": "alertmanager" });
    let list = "/api/v1/projects/farm/sources";
    assert_eq!(
        stage.post(list, Some(&boss), again.clone()).await.status,
        201
    );
    assert_eq!(stage.post(list, Some(&boss), again).await.status, 409);
}

#[tokio::test]
async fn the_page_makes_a_source_shows_its_key_once_and_withdraws_it() {
    let stage = Stage::new().await;
    stage.account("boss", "admin").await;
    let mut boss = stage.browser("boss").await;
    let path = "/projects/farm/sources";
    let token = |html: &str| {
        let token = html.split("name=\"form_token\" value=\"").nth(1).unwrap();
        token.split('"').next().unwrap().to_owned()
    };
    let form = token(&boss.get(&stage, path).await.text());
    let body = format!("form_token={form}&name=prom&sender=alertmanager&minutes=30");
    let said = boss.form(&stage, path, &body).await;
    let html = said.text();
    assert!(said.status == 200 && html.contains("<code>hha_"), "{html}");
    assert!(
        html.contains("http://localhost:8400/in/alertmanager"),
        "{html}"
    );
    let listed = boss.get(&stage, path).await.text();
    assert!(
        listed.contains("<strong>prom</strong>") && !listed.contains("hha_"),
        "{listed}"
    );
    let wrong = format!("form_token={form}&name=Not+so&sender=alertmanager&minutes=30");
    assert_eq!(boss.form(&stage, path, &wrong).await.status, 422);
    let id = listed.split("name=\"withdraw\" value=\"").nth(1).unwrap();
    let id = id.split('"').next().unwrap();
    let withdraw = format!("form_token={form}&withdraw={id}");
    assert_eq!(boss.form(&stage, path, &withdraw).await.status, 303);
    let listed = boss.get(&stage, path).await.text();
    assert!(!listed.contains("<strong>prom</strong>"), "{listed}");
}

async fn genie(stage: &Stage, method: &str, path: &str, key: &str, body: Option<Value>) -> Said {
    let asking = stage.request(method, path, None, body);
    let key = format!("GenieKey {key}");
    stage.send(asking.with("authorization", &key)).await
}

#[tokio::test]
async fn opsgenies_words_create_count_acknowledge_and_close_below_both_addresses() {
    for below in ["/v2/alerts", "/jsm/ops/integration/v2/alerts"] {
        let stage = Stage::new().await;
        let (key, _) = source(&stage, "opsgenie", 60).await;
        let body = json!({ "message": "The coop is open", "alias": "coop/door" });
        let mut ids = Vec::new();
        for _ in 0..2 {
            let said = genie(&stage, "POST", below, &key, Some(body.clone())).await;
            assert_eq!(said.status, 202, "{}", said.text());
            ids.push(said.json()["requestId"].as_str().unwrap().to_owned());
        }
        assert_eq!(ids[0], ids[1]);
        let look = async |path: String| {
            let said = genie(&stage, "GET", &format!("{below}/{path}"), &key, None).await;
            assert_eq!(said.status, 200, "{}", said.text());
            said.json()["data"].clone()
        };
        let request = look(format!("requests/{}", ids[0])).await;
        assert_eq!(
            (&request["isSuccess"], &request["alias"]),
            (&json!(true), &json!("coop/door"))
        );
        let at = "coop%2Fdoor?identifierType=alias";
        let alert = look(at.to_owned()).await;
        assert_eq!(alert, look(ids[0].clone()).await);
        assert_eq!(
            (&alert["count"], &alert["status"]),
            (&json!(2), &json!("open"))
        );
        assert_eq!(look("count".to_owned()).await["count"], 1);
        for act in ["acknowledge", "notes", "close"] {
            let path = format!("{below}/coop%2Fdoor/{act}?identifierType=alias");
            let said = genie(
                &stage,
                "POST",
                &path,
                &key,
                Some(json!({ "note": "a fox" })),
            )
            .await;
            assert_eq!(
                (said.status, &said.json()["requestId"]),
                (202, &json!(ids[0]))
            );
        }
        assert_eq!(
            steps(&stage, "HH-1").await,
            ["opened", "acknowledged", "noted", "over"]
        );
        let alert = look(at.to_owned()).await;
        assert_eq!(
            (&alert["acknowledged"], &alert["status"]),
            (&json!(true), &json!("closed"))
        );
        assert_eq!(look("count".to_owned()).await["count"], 0);
        let said = genie(&stage, "POST", below, &key, Some(body.clone())).await;
        assert_ne!(
            said.json()["requestId"],
            json!(ids[0]),
            "a closed one is not counted on"
        );
        assert_eq!(cases(&stage).await, 1);
        let case = look_at_case(&stage).await;
        assert_eq!(case["status"], "investigating");
    }
}

async fn look_at_case(stage: &Stage) -> Value {
    look(stage, "/api/v1/cases/HH-1").await.json()
}

#[tokio::test]
async fn a_source_sees_its_own_alerts_only_and_what_is_not_there_is_said_so() {
    let stage = Stage::new().await;
    let (key, _) = source(&stage, "opsgenie", 0).await;
    let (other, _) = source(&stage, "opsgenie", 60).await;
    let at = "/v2/alerts";
    let body = json!({ "message": "m", "alias": "a" });
    let said = genie(&stage, "POST", at, &key, Some(body)).await;
    let id = said.json()["requestId"].as_str().unwrap().to_owned();
    for path in [
        format!("{at}/{id}"),
        format!("{at}/a?identifierType=alias"),
        format!("{at}/requests/{id}"),
    ] {
        assert_eq!(genie(&stage, "GET", &path, &key, None).await.status, 200);
        let said = genie(&stage, "GET", &path, &other, None).await;
        assert_eq!(said.status, 404, "{}", said.text());
    }
    let close = format!("{at}/a/close?identifierType=alias");
    let said = genie(&stage, "POST", &close, &other, None).await;
    let request = said.json()["requestId"].as_str().unwrap().to_owned();
    let said = genie(
        &stage,
        "GET",
        &format!("{at}/requests/{request}"),
        &other,
        None,
    )
    .await;
    assert_eq!(said.json()["data"]["isSuccess"], false);
    assert_eq!(steps(&stage, "HH-1").await, ["opened"]);
    let said = genie(&stage, "POST", at, "hha_x", Some(json!({ "message": "m" }))).await;
    assert_eq!(
        (said.status, said.json()["requestId"].is_string()),
        (401, true)
    );
    assert!(said.json()["message"].as_str().unwrap().contains("key"));
    let unnamed = [
        json!({ "message": "m" }),
        json!({ "message": "m" }),
        json!({ "alias": 3 }),
    ];
    for body in unnamed {
        assert_eq!(
            genie(&stage, "POST", at, &key, Some(body)).await.status,
            202
        );
    }
    assert_eq!(
        cases(&stage).await,
        4,
        "without an alias each is its own; what is not understood too"
    );
}
