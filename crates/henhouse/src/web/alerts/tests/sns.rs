//! Amazon SNS: an Amazon of our own, with its own authority, that signs and answers as Amazon does.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};

use super::{bytes, cases, look, steps};
use crate::clock::Clock;
use crate::web::stage::{Said, Stage};

const HOST: &str = "sns.eu-central-1.amazonaws.com";
const TOPIC: &str = "arn:aws:sns:eu-central-1:123456789012:alarms";
const CERTIFICATE: &str = "/SimpleNotificationService-0a1b2c.pem";

fn openssl(folder: &Path, arguments: &str) {
    let arguments = arguments.split(' ');
    let mut command = Command::new("openssl");
    let output = command.args(arguments).current_dir(folder).output();
    let output = output.expect("these tests need the openssl program: install it");
    assert!(output.status.success(), "{output:?}");
}

type Answers = Arc<Mutex<BTreeMap<String, (u16, Vec<u8>)>>>;

/// Amazon, as far as SNS goes.
struct Amazon {
    folder: tempfile::TempDir,
    answers: Answers,
    asked: Arc<Mutex<Vec<String>>>,
    at: SocketAddr,
}

impl Amazon {
    fn new() -> Self {
        crate::tls::install_provider();
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path();
        let ec = "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
        openssl(
            place,
            &format!("{ec} -x509 -days 2 -subj /CN=authority -keyout ca.key -out ca.pem"),
        );
        let leaf = |name: &str, new: &str, host: &str| {
            fs::write(
                place.join("ext"),
                format!("subjectAltName=DNS:{host}\nbasicConstraints=critical,CA:FALSE\n"),
            )
            .unwrap();
            openssl(
                place,
                &format!("{new} -subj /CN=x -keyout {name}.key -out {name}.csr"),
            );
            openssl(
                place,
                &format!(
                    "x509 -req -days 2 -in {name}.csr -CA ca.pem -CAkey ca.key -set_serial 7 -extfile ext -out {name}.pem"
                ),
            );
        };
        leaf("server", ec, HOST);
        let rsa = "req -newkey rsa:2048 -nodes";
        leaf("sns", rsa, "sns.amazonaws.com");
        leaf("evil", rsa, "sns.amazonaws.com.evil.example");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let amazon = Self {
            answers: Arc::default(),
            asked: Arc::default(),
            at,
            folder,
        };
        let pem = fs::read(amazon.folder.path().join("sns.pem")).unwrap();
        amazon.answers(CERTIFICATE, 200, pem);
        amazon.listens(listener);
        amazon
    }

    fn answers(&self, path: &str, status: u16, body: Vec<u8>) {
        self.answers
            .lock()
            .unwrap()
            .insert(path.to_owned(), (status, body));
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn listens(&self, listener: TcpListener) {
        let place = self.folder.path();
        let chain = CertificateDer::from_pem_file(place.join("server.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(place.join("server.key")).unwrap();
        let config = rustls::ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![chain], key)
            .unwrap();
        let (config, answers) = (Arc::new(config), Arc::clone(&self.answers));
        let asked = Arc::clone(&self.asked);
        std::thread::spawn(move || {
            for socket in listener.incoming() {
                let mut socket = socket.unwrap();
                let mut tls = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
                let mut stream = rustls::Stream::new(&mut tls, &mut socket);
                let (mut head, mut byte) = (Vec::new(), [0]);
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
                    head.push(byte[0]);
                }
                let head = String::from_utf8_lossy(&head).into_owned();
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                let answer = answers.lock().unwrap().get(&path).cloned();
                if path.is_empty() {
                    continue;
                }
                asked.lock().unwrap().push(path);
                let (status, body) = answer.unwrap_or((404, Vec::new()));
                let said = format!(
                    "HTTP/1.1 {status} x\r\nlocation: https://evil.example/\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream
                    .write_all(said.as_bytes())
                    .and_then(|()| stream.write_all(&body));
                tls.send_close_notify();
                let _ = tls.write_tls(&mut socket);
            }
        });
    }

    /// What asks it, as if it were there where Amazon is. `trusting`: and believes its authority.
    fn client(&self, trusting: bool) -> reqwest::Client {
        let mut client = reqwest::Client::builder()
            .no_proxy()
            .https_only(true)
            .redirect(reqwest::redirect::Policy::none())
            .resolve(HOST, self.at);
        if trusting {
            let pem = fs::read(self.folder.path().join("ca.pem")).unwrap();
            let authority = reqwest::Certificate::from_pem_bundle(&pem).unwrap();
            client = client.tls_certs_only(authority);
        }
        client.build().unwrap()
    }

    /// Signs a message with this key.
    fn signed_by(&self, key: &str, mut message: Value) -> Value {
        let fields: &[&str] = match message["Type"].as_str() {
            Some("Notification") => &[
                "Message",
                "MessageId",
                "Subject",
                "Timestamp",
                "TopicArn",
                "Type",
            ],
            _ => &[
                "Message",
                "MessageId",
                "SubscribeURL",
                "Timestamp",
                "Token",
                "TopicArn",
                "Type",
            ],
        };
        let lines = fields
            .iter()
            .filter_map(|name| Some(format!("{name}\n{}\n", message[name].as_str()?)));
        let (place, text) = (self.folder.path(), lines.collect::<String>());
        fs::write(place.join("text"), text).unwrap();
        let digest = if message["SignatureVersion"] == "1" {
            "sha1"
        } else {
            "sha256"
        };
        openssl(
            place,
            &format!("dgst -{digest} -sign {key}.key -out signature text"),
        );
        message["Signature"] = json!(STANDARD.encode(fs::read(place.join("signature")).unwrap()));
        message
    }

    fn signed(&self, message: Value) -> Value {
        self.signed_by("sns", message)
    }
}

/// A farm that listens to the topic, and Amazon.
struct Scene {
    stage: Stage,
    amazon: Amazon,
    source: String,
}

impl Scene {
    async fn new() -> Self {
        let (stage, amazon) = (Stage::new().await, Amazon::new());
        // The certificates are of today.
        stage.app.desk.clock().set(Clock::real().now()).unwrap();
        stage.app.sns.asks_by(amazon.client(true));
        let source = source(&stage, &[TOPIC]).await;
        Self {
            stage,
            amazon,
            source,
        }
    }

    fn notification(&self, id: &str, subject: Option<&str>, message: &str) -> Value {
        let mut body = json!({
            "Type": "Notification", "MessageId": id, "TopicArn": TOPIC, "Message": message,
            "Timestamp": self.stage.app.desk.now().to_string(), "SignatureVersion": "2",
            "SigningCertURL": format!("https://{HOST}{CERTIFICATE}"),
            "UnsubscribeURL": format!("https://{HOST}/?Action=Unsubscribe"),
        });
        if let Some(subject) = subject {
            body["Subject"] = json!(subject);
        }
        body
    }

    fn subscription(&self, kind: &str, topic: &str) -> Value {
        let url =
            format!("https://{HOST}/?Action=ConfirmSubscription&TopicArn={topic}&Token=t0k3n");
        json!({
            "Type": kind, "MessageId": "s1", "Token": "t0k3n", "TopicArn": topic,
            "Message": format!("You have chosen to subscribe to the topic {topic}.\nTo confirm, visit the link."),
            "SubscribeURL": url, "Timestamp": self.stage.app.desk.now().to_string(), "SignatureVersion": "1",
            "SigningCertURL": format!("https://{HOST}{CERTIFICATE}"),
        })
    }

    async fn send(&self, body: &Value) -> Said {
        self.send_raw(body.to_string().as_bytes(), body["Type"].as_str())
            .await
    }

    async fn send_raw(&self, body: &[u8], kind: Option<&str>) -> Said {
        let mut asking = bytes(&format!("/in/sns/{}", self.source), body)
            .with("content-type", "text/plain; charset=UTF-8");
        if let Some(kind) = kind {
            asking = asking.with("x-amz-sns-message-type", kind);
        }
        self.stage.send(asking).await
    }

    /// What the list of sources says of the topic.
    async fn topic(&self) -> Value {
        let sources = look(&self.stage, "/api/v1/projects/farm/sources")
            .await
            .json();
        sources["sources"][0]["topics"][0].clone()
    }

    async fn is_sound(&self) {
        self.stage.app.desk.rebuild().await.unwrap();
        let checked = self.stage.app.desk.verify(None).await.unwrap();
        assert_eq!(checked.findings, Vec::<String>::new());
    }
}

async fn source(stage: &Stage, topics: &[&str]) -> String {
    let boss = stage.token("boss", "admin").await;
    let body = json!({ "name": "aws", "sender": "sns", "topics": topics });
    let said = stage
        .post("/api/v1/projects/farm/sources", Some(&boss), body)
        .await;
    assert_eq!(said.status, 201, "{}", said.text());
    let said = said.json();
    let id = said["source"]["id"].as_str().unwrap().to_owned();
    assert!(
        said["source"]["address"]
            .as_str()
            .unwrap()
            .ends_with(&format!("/in/sns/{id}"))
    );
    id
}

fn alarm(state: &str) -> String {
    let alarm = json!({
        "AlarmName": "Door", "AlarmDescription": "The coop is open", "AWSAccountId": "123456789012",
        "NewStateValue": state, "OldStateValue": "OK", "NewStateReason": "Threshold Crossed",
        "StateChangeTime": "2026-11-23T03:00:00.000+0000", "Region": "EU (Frankfurt)",
        "AlarmArn": "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:Door",
        "Trigger": { "MetricName": "open", "Namespace": "Farm" },
    });
    alarm.to_string()
}

#[tokio::test]
async fn an_alarm_by_sns_opens_an_event_once_and_ok_ends_it() {
    let scene = Scene::new().await;
    let fires = scene
        .amazon
        .signed(scene.notification("m1", Some("ALARM: Door"), &alarm("ALARM")));
    for _ in 0..3 {
        let said = scene.send(&fires).await;
        assert_eq!(
            (said.status, &said.json()["times"]),
            (202, &json!(1)),
            "{}",
            said.text()
        );
    }
    let again = scene.notification("m2", None, &alarm("ALARM"));
    let again = scene.amazon.signed(again);
    assert_eq!(scene.send(&again).await.json()["times"], 2);
    for (id, state) in [("m3", "INSUFFICIENT_DATA"), ("m4", "OK")] {
        let said = scene
            .amazon
            .signed(scene.notification(id, None, &alarm(state)));
        assert_eq!(scene.send(&said).await.status, 202);
    }
    // The first comes late once more: it opens nothing again.
    assert_eq!(scene.send(&fires).await.json()["times"], 1);
    assert_eq!(
        steps(&scene.stage, "HH-1").await,
        ["opened", "noted", "over"]
    );
    assert_eq!(cases(&scene.stage).await, 1);
    let case = look(&scene.stage, "/api/v1/cases/HH-1").await.json();
    assert_eq!(case["title"], "Door");
    let kept = look(&scene.stage, "/api/v1/cases/HH-1/exhibits/E-1").await;
    assert_eq!(kept.bytes(), fires.to_string().into_bytes());
    assert_eq!(
        scene.amazon.asked(),
        [CERTIFICATE],
        "the certificate is fetched once"
    );
    scene.is_sound().await;
}

#[tokio::test]
async fn both_versions_of_the_signature_hold_with_and_without_a_subject() {
    let scene = Scene::new().await;
    for (n, (version, subject)) in [
        ("1", None),
        ("1", Some("Door")),
        ("2", None),
        ("2", Some("Door")),
    ]
    .into_iter()
    .enumerate()
    {
        let mut body = scene.notification(
            &format!("m{n}"),
            subject,
            "Die Tür\nist offen \u{1f414} \"\\",
        );
        body["SignatureVersion"] = json!(version);
        let said = scene.send(&scene.amazon.signed(body)).await;
        assert_eq!(said.status, 202, "{version} {subject:?}: {}", said.text());
    }
    let live = scene.stage.app.desk.index_lines().await;
    assert_eq!(
        live.iter().filter(|line| line.contains("times: 2")).count(),
        2,
        "{live:?}"
    );
}

#[tokio::test]
async fn a_subscription_is_confirmed_at_amazon_and_its_end_is_said() {
    let scene = Scene::new().await;
    assert_eq!(
        scene.topic().await,
        json!({ "arn": TOPIC, "runs": null, "since": null })
    );
    let path = format!("/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=t0k3n");
    let subscribed = scene
        .amazon
        .signed(scene.subscription("SubscriptionConfirmation", TOPIC));
    // Amazon does not say yes: it is sent again.
    let said = scene.send(&subscribed).await;
    assert_eq!(
        (said.status, scene.topic().await["runs"].clone()),
        (503, Value::Null),
        "{}",
        said.text()
    );
    scene.amazon.answers(&path, 302, Vec::new());
    assert_eq!(
        scene.send(&subscribed).await.status,
        503,
        "a redirect is no yes"
    );
    scene
        .amazon
        .answers(&path, 200, b"<ConfirmSubscriptionResponse/>".to_vec());
    for _ in 0..2 {
        assert_eq!(scene.send(&subscribed).await.status, 202);
        assert_eq!(scene.topic().await["runs"], true);
    }
    assert_eq!(
        scene.amazon.asked(),
        [CERTIFICATE, &path, &path, &path, &path]
    );
    let ended = scene
        .amazon
        .signed(scene.subscription("UnsubscribeConfirmation", TOPIC));
    assert_eq!(scene.send(&ended).await.status, 202);
    assert_eq!(scene.topic().await["runs"], false);
    assert_eq!(
        scene.amazon.asked().len(),
        5,
        "what was ended is not begun again"
    );
    assert_eq!(cases(&scene.stage).await, 0);
    scene.stage.account("chief", "admin").await;
    let boss = scene.stage.browser("chief").await;
    let page = boss
        .get(&scene.stage, "/projects/farm/sources")
        .await
        .text();
    assert!(
        page.contains(TOPIC) && page.contains("Nothing comes from it any more"),
        "{page}"
    );
    scene.is_sound().await;
}

/// Each of these must be refused, and none may make the server ask anybody but Amazon.
#[tokio::test]
async fn nothing_that_amazon_did_not_sign_for_this_source_is_taken() {
    let scene = Scene::new().await;
    let good = scene
        .amazon
        .signed(scene.notification("m1", Some("Door"), "open"));
    for name in [
        "Message",
        "MessageId",
        "Subject",
        "Timestamp",
        "TopicArn",
        "Type",
        "Signature",
        "SignatureVersion",
    ] {
        let mut changed = good.clone();
        changed[name] = json!(match name {
            "Timestamp" => (scene.stage.app.desk.now() - SignedDuration::from_mins(1)).to_string(),
            "TopicArn" => "arn:aws:sns:eu-central-1:123456789012:other".to_owned(),
            "Type" => "UnsubscribeConfirmation".to_owned(),
            "SignatureVersion" => "1".to_owned(),
            "Signature" => STANDARD.encode([7; 256]),
            _ => "other".to_owned(),
        });
        let said = scene.send(&changed).await;
        assert_eq!(said.status, 401, "{name}: {}", said.text());
    }
    let mut without = good.clone();
    without.as_object_mut().unwrap().remove("Subject");
    assert_eq!(scene.send(&without).await.status, 401);
    let by_another = scene
        .amazon
        .signed_by("evil", scene.notification("m2", None, "open"));
    assert_eq!(scene.send(&by_another).await.status, 401);
    // Signed in truth, for a topic that Amazon has and nobody named here.
    let mut other = scene.notification("m3", None, "open");
    other["TopicArn"] = json!("arn:aws:sns:eu-central-1:999999999999:alarms");
    assert_eq!(scene.send(&scene.amazon.signed(other)).await.status, 401);
    let elsewhere = scene.amazon.signed(scene.subscription(
        "SubscriptionConfirmation",
        "arn:aws:sns:eu-central-1:999999999999:alarms",
    ));
    assert_eq!(scene.send(&elsewhere).await.status, 401);
    for minutes in [71, -11] {
        let mut old = scene.notification("m4", None, "open");
        old["Timestamp"] =
            json!((scene.stage.app.desk.now() - SignedDuration::from_mins(minutes)).to_string());
        assert_eq!(
            scene.send(&scene.amazon.signed(old)).await.status,
            401,
            "{minutes}"
        );
    }
    assert_eq!(cases(&scene.stage).await, 0);
    assert_eq!(scene.amazon.asked(), [CERTIFICATE]);
    assert_eq!(
        scene.send(&good).await.status,
        202,
        "it was good all the time"
    );
}

#[tokio::test]
async fn a_certificate_is_believed_from_the_host_of_the_topic_alone() {
    let scene = Scene::new().await;
    let evil = fs::read(scene.amazon.folder.path().join("evil.pem")).unwrap();
    scene
        .amazon
        .answers("/SimpleNotificationService-e.pem", 200, evil);
    scene
        .amazon
        .answers("/SimpleNotificationService-b.pem", 200, vec![b'-'; 20_000]);
    scene.amazon.answers(
        "/SimpleNotificationService-c.pem",
        200,
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec(),
    );
    scene
        .amazon
        .answers("/SimpleNotificationService-d.pem", 302, Vec::new());
    for url in [
        "http://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0a1b2c.pem",
        "https://evil.example/SimpleNotificationService-0a1b2c.pem",
        "https://sns.eu-central-1.amazonaws.com.evil.example/SimpleNotificationService-0a1b2c.pem",
        "https://sns.eu-central-1.amazonaws.com@evil.example/SimpleNotificationService-0a1b2c.pem",
        "https://sns.eu-central-1.amazonaws.com:8443/SimpleNotificationService-0a1b2c.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0a1b2c.pem",
        "https://sns.eu-central-1.amazonaws.com.cn/SimpleNotificationService-0a1b2c.pem",
        "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-../x.pem",
        "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-.pem",
        "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-a.pem?x=.pem",
        "https://sns.eu-central-1.amazonaws.com/?Action=Publish",
        "file:///etc/passwd",
        "",
    ] {
        let mut body = scene.notification("m1", None, "open");
        body["SigningCertURL"] = json!(url);
        let said = scene.send(&scene.amazon.signed(body)).await;
        assert_eq!(said.status, 401, "{url}: {}", said.text());
    }
    assert_eq!(scene.amazon.asked(), Vec::<String>::new());
    for (name, key, status) in [
        ("e", "evil", 401),
        ("b", "sns", 503),
        ("c", "sns", 401),
        ("d", "sns", 503),
        ("f", "sns", 503),
    ] {
        let mut body = scene.notification("m1", None, "open");
        body["SigningCertURL"] = json!(format!(
            "https://{HOST}/SimpleNotificationService-{name}.pem"
        ));
        let said = scene.send(&scene.amazon.signed_by(key, body)).await;
        assert_eq!(said.status, status, "{name}: {}", said.text());
    }
    assert_eq!(
        (scene.stage.app.sns.keeps(), cases(&scene.stage).await),
        (0, 0)
    );
    // Of another time than ours.
    let later = scene.stage.app.desk.now() + SignedDuration::from_hours(72);
    let good = scene.amazon.signed(scene.notification("m2", None, "open"));
    assert_eq!(scene.send(&good).await.status, 202);
    scene.stage.app.desk.clock().set(later).unwrap();
    let late = scene.amazon.signed(scene.notification("m3", None, "open"));
    let said = scene.send(&late).await;
    assert!(
        said.status == 401 && said.text().contains("not of this time"),
        "{}",
        said.text()
    );
}

#[tokio::test]
async fn a_host_that_nobody_vouches_for_is_not_believed() {
    let (stage, amazon) = (Stage::new().await, Amazon::new());
    stage.app.desk.clock().set(Clock::real().now()).unwrap();
    stage.app.sns.asks_by(amazon.client(false));
    let source = source(&stage, &[TOPIC]).await;
    let scene = Scene {
        stage,
        amazon,
        source,
    };
    let said = scene
        .send(&scene.amazon.signed(scene.notification("m1", None, "open")))
        .await;
    assert!(
        said.status == 503 && said.text().contains("no trusted connection"),
        "{}",
        said.text()
    );
    assert_eq!(said.header("retry-after"), "5");
    assert_eq!(
        (scene.amazon.asked().len(), cases(&scene.stage).await),
        (0, 0)
    );
}

#[tokio::test]
async fn a_link_of_a_subscription_that_leads_elsewhere_is_not_visited() {
    let scene = Scene::new().await;
    for url in [
        format!("https://evil.example/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=t0k3n"),
        format!("http://{HOST}/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=t0k3n"),
        format!("https://{HOST}:444/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=t0k3n"),
        format!("https://{HOST}/?Action=DeleteTopic&TopicArn={TOPIC}&Token=t0k3n"),
        format!(
            "https://{HOST}/?Action=ConfirmSubscription&Action=DeleteTopic&TopicArn={TOPIC}&Token=t0k3n"
        ),
        format!("https://{HOST}/?Action=ConfirmSubscription&TopicArn={TOPIC}2&Token=t0k3n"),
        format!("https://{HOST}/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=other"),
        format!("https://{HOST}/x?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=t0k3n"),
    ] {
        let mut body = scene.subscription("SubscriptionConfirmation", TOPIC);
        body["SubscribeURL"] = json!(url);
        let said = scene.send(&scene.amazon.signed(body)).await;
        assert_eq!(said.status, 401, "{url}: {}", said.text());
    }
    assert_eq!(scene.amazon.asked(), [CERTIFICATE]);
    assert_eq!(scene.topic().await["runs"], Value::Null);
}

#[tokio::test]
async fn raw_delivery_and_what_is_no_message_are_refused_with_what_to_do() {
    let scene = Scene::new().await;
    let at = format!("/in/sns/{}", scene.source);
    let raw = bytes(&at, alarm("ALARM").as_bytes()).with("x-amz-sns-rawdelivery", "true");
    let said = scene.stage.send(raw).await;
    assert!(
        said.status == 422 && said.text().contains("raw message delivery"),
        "{}",
        said.text()
    );
    let said = scene
        .send_raw(b"The coop is open", Some("Notification"))
        .await;
    assert!(
        said.status == 422 && said.text().contains("raw message delivery"),
        "{}",
        said.text()
    );
    let good = scene.amazon.signed(scene.notification("m1", None, "open"));
    let said = scene
        .send_raw(
            good.to_string().as_bytes(),
            Some("SubscriptionConfirmation"),
        )
        .await;
    assert_eq!(said.status, 422, "{}", said.text());
    let twice = good
        .to_string()
        .replacen('{', &format!("{{\"TopicArn\":{TOPIC:?},"), 1);
    assert_eq!(
        scene.send_raw(twice.as_bytes(), None).await.status,
        422,
        "a value that stands twice"
    );
    for (name, value) in [
        ("MessageId", json!("m\nTopicArn")),
        ("Subject", json!("a\nTimestamp")),
        ("MessageId", json!("")),
        ("Type", json!("Other")),
        ("Message", json!(3)),
        ("TopicArn", json!("alarms")),
        ("Timestamp", Value::Null),
    ] {
        let mut odd = good.clone();
        odd[name] = value;
        let said = scene.send_raw(odd.to_string().as_bytes(), None).await;
        assert_eq!(said.status, 422, "{name}: {}", said.text());
    }
    for body in ["", "null", "[]", "{}", "\u{0}", &"[".repeat(5_000)] {
        assert_eq!(
            scene.send_raw(body.as_bytes(), None).await.status,
            422,
            "{body:.20}"
        );
    }
    let large = vec![b' '; 600 * 1024];
    assert_eq!(scene.send_raw(&large, None).await.status, 413);
    assert_eq!(scene.amazon.asked(), Vec::<String>::new());
    // Nobody's source, one of another sort, and one that was withdrawn.
    let (_, other) = super::source(&scene.stage, "webhook", 60).await;
    for id in ["nobody", &other] {
        let said = scene
            .stage
            .send(bytes(&format!("/in/sns/{id}"), good.to_string().as_bytes()))
            .await;
        assert_eq!(said.status, 401);
    }
    let boss = scene.stage.token("boss", "admin").await;
    let gone = format!("/api/v1/projects/farm/sources/{}", scene.source);
    let gone = scene.stage.request("DELETE", &gone, Some(&boss), None);
    assert_eq!(scene.stage.send(gone).await.status, 204);
    assert_eq!(scene.send(&good).await.status, 401);
    assert_eq!(cases(&scene.stage).await, 0);
}
