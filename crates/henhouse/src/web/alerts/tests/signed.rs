//! JSON of anybody's: with the key, and signed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{bytes, cases, steps};
use crate::web::stage::{Said, Stage};

/// A source that signs: its key, its id, its secret.
async fn source(stage: &Stage) -> (String, String, String) {
    let boss = stage.token("boss", "admin").await;
    let body = json!({ "name": "farm-door", "sender": "webhook" });
    let said = stage
        .post("/api/v1/projects/farm/sources", Some(&boss), body)
        .await
        .json();
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    (
        word(&said["key"]),
        word(&said["source"]["id"]),
        word(&said["signing_secret"]),
    )
}

struct Message<'a> {
    id: &'a str,
    secret: &'a str,
    seconds_ago: i64,
    prefix: &'a str,
}

impl Message<'_> {
    async fn send(&self, stage: &Stage, source: &str, body: &Value) -> Said {
        let raw = body.to_string();
        let at = stage.app.desk.now().as_second() - self.seconds_ago;
        let secret = STANDARD
            .decode(self.secret.strip_prefix("whsec_").unwrap())
            .unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&secret).unwrap();
        mac.update(format!("{}.{at}.{raw}", self.id).as_bytes());
        let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        let named = |name: &str| format!("{}-{name}", self.prefix);
        let asking = bytes(&format!("/in/webhook/{source}"), raw.as_bytes())
            .with(&named("id"), self.id)
            .with(&named("timestamp"), &at.to_string())
            .with(&named("signature"), &signature);
        stage.send(asking).await
    }
}

#[tokio::test]
async fn what_is_signed_is_taken_once_and_nothing_else_is() {
    let stage = Stage::new().await;
    let (key, id, secret) = source(&stage).await;
    let (fires, over) = (
        json!({ "title": "Door", "key": "d", "status": "open" }),
        json!({ "title": "Door", "key": "d", "status": "resolved" }),
    );
    let message = Message {
        id: "msg_1",
        secret: &secret,
        seconds_ago: 0,
        prefix: "webhook",
    };
    for _ in 0..3 {
        let said = message.send(&stage, &id, &fires).await;
        assert_eq!(
            (said.status, &said.json()["times"]),
            (202, &json!(1)),
            "{}",
            said.text()
        );
    }
    let second = Message {
        id: "msg_2",
        prefix: "svix",
        seconds_ago: 299,
        ..message
    };
    assert_eq!(second.send(&stage, &id, &fires).await.json()["times"], 2);
    let third = Message {
        id: "msg_3",
        ..message
    };
    assert_eq!(third.send(&stage, &id, &over).await.status, 202);
    // The one before comes late once more: it opens nothing again.
    assert_eq!(message.send(&stage, &id, &fires).await.json()["times"], 1);
    assert_eq!(steps(&stage, "HH-1").await, ["opened", "over"]);
    assert_eq!(cases(&stage).await, 1);

    let other = format!("whsec_{}", STANDARD.encode([7; 32]));
    let forged = [
        Message {
            id: "msg_4",
            secret: &other,
            ..message
        },
        Message {
            id: "msg_5",
            seconds_ago: 301,
            ..message
        },
        Message {
            id: "msg_6",
            seconds_ago: -301,
            ..message
        },
        Message {
            id: "msg_7",
            prefix: "x",
            ..message
        },
    ];
    for message in forged {
        assert_eq!(
            message.send(&stage, &id, &fires).await.status,
            401,
            "{}",
            message.id
        );
    }
    assert_eq!(message.send(&stage, "nobody", &fires).await.status, 401);
    let with_the_key = stage
        .post("/in/webhook", Some(&key), json!({ "title": "Gate" }))
        .await;
    assert_eq!(with_the_key.status, 202, "{}", with_the_key.text());
    let checked = stage.app.desk.verify(None).await.unwrap();
    assert_eq!(checked.findings, Vec::<String>::new());
}

#[tokio::test]
async fn only_who_signs_has_a_secret_and_a_withdrawn_one_opens_nothing() {
    let stage = Stage::new().await;
    let (_, id, secret) = source(&stage).await;
    let (_, other) = super::source(&stage, "alertmanager", 60).await;
    let message = Message {
        id: "msg_1",
        secret: &secret,
        seconds_ago: 0,
        prefix: "webhook",
    };
    assert_eq!(message.send(&stage, &other, &json!({})).await.status, 401);
    let boss = stage.token("boss", "admin").await;
    let gone = stage.request(
        "DELETE",
        &format!("/api/v1/projects/farm/sources/{id}"),
        Some(&boss),
        None,
    );
    assert_eq!(stage.send(gone).await.status, 204);
    assert_eq!(message.send(&stage, &id, &json!({})).await.status, 401);
    assert_eq!(cases(&stage).await, 0);
}

#[tokio::test]
async fn grafana_and_eventbridge_come_in_by_doors_of_their_own() {
    let stage = Stage::new().await;
    let (key, _) = super::source(&stage, "grafana", 60).await;
    for status in ["firing", "resolved"] {
        let said = stage
            .post("/in/grafana", Some(&key), super::group("Door", status))
            .await;
        assert_eq!(said.status, 202, "{}", said.text());
    }
    assert_eq!(steps(&stage, "HH-1").await, ["opened", "over"]);
    let (key, _) = super::source(&stage, "eventbridge", 60).await;
    for state in ["ALARM", "OK"] {
        let event = json!({ "source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change",
            "account": "1", "region": "eu-central-1", "detail": { "alarmName": "Door", "state": { "value": state } } });
        let said = stage.post("/in/eventbridge", Some(&key), event).await;
        assert_eq!(said.status, 202, "{}", said.text());
    }
    assert_eq!(steps(&stage, "HH-2").await, ["opened", "over"]);
}
