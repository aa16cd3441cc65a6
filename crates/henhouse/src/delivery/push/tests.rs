//! What is sent to which device, and what comes of it.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;
use crate::delivery::message::sample;
use crate::vault::RootKey;

const KEY: &str =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

type Came = Arc<Mutex<Vec<(Vec<String>, Vec<String>)>>>;

/// Ann has these; what is told of them is kept.
struct Ann {
    devices: Vec<Device>,
    came: Came,
}

impl Devices for Ann {
    fn of<'a>(&'a self, person: &'a str) -> Done<'a, Vec<Device>> {
        assert_eq!(person, "ann");
        Box::pin(async { self.devices.clone() })
    }

    fn shown_at(&self, _notice: &str) -> Option<String> {
        Some("/push/shown/x".to_owned())
    }

    fn came<'a>(
        &'a self,
        _person: &'a str,
        took: Vec<String>,
        gone: Vec<String>,
        _now: Timestamp,
    ) -> Done<'a, ()> {
        self.came.lock().unwrap().push((took, gone));
        Box::pin(async {})
    }
}

/// A push service that reads each request's head and answers it with this line.
async fn service(answer: &'static str) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap().to_string();
    let heads = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&heads);
    tokio::spawn(async move {
        while let Ok((mut peer, _)) = listener.accept().await {
            let mut all = Vec::new();
            let head = loop {
                let mut some = [0; 8_192];
                let n = peer.read(&mut some).await.unwrap();
                all.extend_from_slice(&some[..n]);
                let text = String::from_utf8_lossy(&all);
                if let Some((head, _)) = text.split_once("\r\n\r\n") {
                    break head.to_lowercase();
                }
            };
            seen.lock().unwrap().push(head);
            let _ = peer.write_all(answer.as_bytes()).await;
            // What was not read would break the answer off.
            let _ = tokio::time::timeout(std::time::Duration::from_millis(50), async {
                while peer.read(&mut [0; 8_192]).await.is_ok_and(|n| n > 0) {}
            })
            .await;
        }
    });
    (at, heads)
}

fn device(host: &str, n: u8) -> Device {
    Device {
        name: format!("device {n}"),
        since: Timestamp::UNIX_EPOCH,
        taken: None,
        endpoint: format!("http://{host}/push/SEKRET{n}"),
        p256dh: KEY.to_owned(),
        auth: AUTH.to_owned(),
    }
}

fn sender(hosts: &[&str], devices: Vec<Device>) -> (PushSender, Came) {
    let folder = tempfile::tempdir().unwrap();
    let root = RootKey::open(&folder.path().join("key"), true, &Ids::seeded(7)).unwrap();
    let settings = PushSettings {
        contact: "mailto:ops@farm.example".to_owned(),
        hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
        content_up_to: None,
    };
    let came = Came::default();
    let ann = Ann {
        devices,
        came: Arc::clone(&came),
    };
    let (key, ids) = (VapidKey::derive(&root), Ids::seeded(8));
    let sender = PushSender::new(&settings, key, ids, Box::new(ann)).unwrap();
    (sender, came)
}

fn page() -> MailMessage {
    let mut page = sample("01890000-0000-7000-8000-000000000001");
    page.to.address = "ann".to_owned();
    page.link = Some("https://hen.example/ack/x".to_owned());
    page
}

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

#[tokio::test]
async fn a_page_is_urgent_for_an_hour_and_what_can_wait_for_a_day() {
    let (at, heads) =
        service("HTTP/1.1 201 C\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").await;
    let (sender, came) = sender(&[&at], vec![device(&at, 1), device(&at, 2)]);
    let outcome = sender.send(&page(), true, NOW).await;
    assert_eq!(
        (outcome.word(), outcome.receipt()),
        ("handed", "201, devices: 2 of 2")
    );
    let told = came.lock().unwrap().clone();
    assert_eq!((told.len(), told[0].0.len(), told[0].1.len()), (1, 2, 0));
    sender.send(&page(), false, NOW).await;
    let heads = heads.lock().unwrap().clone();
    assert_eq!(heads.len(), 4);
    let field = |head: &str, name: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(name));
        line.map(str::trim).unwrap_or_default().to_owned()
    };
    for (head, urgency, ttl) in [(&heads[0], "high", "3600"), (&heads[2], "normal", "86400")] {
        assert_eq!(field(head, "urgency:"), urgency);
        assert_eq!(field(head, "ttl:"), ttl);
        assert_eq!(field(head, "content-encoding:"), "aes128gcm");
        assert!(field(head, "authorization:").starts_with("vapid t="));
    }
    let topics: Vec<String> = heads.iter().map(|head| field(head, "topic:")).collect();
    assert!(topics.iter().all(|topic| topic.len() == 32), "{topics:?}");
    assert_ne!(
        topics[0], topics[1],
        "two devices are not seen to be one person's"
    );
}

#[tokio::test]
async fn each_answer_says_what_it_is_and_never_where() {
    for (answer, word, gone) in [
        (
            "HTTP/1.1 404 N\r\ncontent-length: 0\r\n\r\n",
            "rejected",
            true,
        ),
        (
            "HTTP/1.1 410 G\r\ncontent-length: 0\r\n\r\n",
            "rejected",
            true,
        ),
        (
            "HTTP/1.1 413 T\r\ncontent-length: 0\r\n\r\n",
            "rejected",
            false,
        ),
        (
            "HTTP/1.1 400 B\r\ncontent-length: 0\r\n\r\n",
            "rejected",
            false,
        ),
        (
            "HTTP/1.1 403 F\r\ncontent-length: 0\r\n\r\n",
            "temporary",
            false,
        ),
        (
            "HTTP/1.1 429 T\r\nretry-after: 9\r\ncontent-length: 0\r\n\r\n",
            "temporary",
            false,
        ),
        (
            "HTTP/1.1 503 E\r\ncontent-length: 0\r\n\r\n",
            "temporary",
            false,
        ),
        (
            "HTTP/1.1 307 T\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n",
            "temporary",
            false,
        ),
        ("nonsense", "uncertain", false),
    ] {
        let (at, heads) = service(answer).await;
        let (sender, came) = sender(&[&at], vec![device(&at, 1)]);
        let outcome = sender.send(&page(), true, NOW).await;
        assert_eq!(outcome.word(), word, "{answer}: {outcome:?}");
        let told = format!("{outcome:?}");
        assert!(
            !told.contains("SEKRET") && !told.contains("127.0"),
            "{told}"
        );
        let taken_away = came
            .lock()
            .unwrap()
            .iter()
            .any(|(_, gone)| !gone.is_empty());
        assert_eq!(taken_away, gone, "{answer}");
        assert_eq!(heads.lock().unwrap().len(), 1, "no redirect is followed");
    }
}

#[tokio::test]
async fn one_device_that_takes_it_is_enough_and_a_dead_one_is_taken_away_beside_it() {
    let (works, _) =
        service("HTTP/1.1 201 C\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").await;
    let (dead, _) = service("HTTP/1.1 410 G\r\ncontent-length: 0\r\n\r\n").await;
    let devices = vec![device(&dead, 1), device(&works, 2)];
    let ids: Vec<String> = devices.iter().map(Device::id).collect();
    let (sender, came) = sender(&[&works, &dead], devices);
    let outcome = sender.send(&page(), true, NOW).await;
    assert_eq!(outcome.receipt(), "201, devices: 1 of 2");
    let told = came.lock().unwrap().clone();
    assert_eq!(told, [(vec![ids[1].clone()], vec![ids[0].clone()])]);
}

#[tokio::test]
async fn nothing_leaves_to_a_host_that_the_settings_do_not_name_any_more() {
    let (at, heads) =
        service("HTTP/1.1 201 C\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").await;
    let (sender, _) = sender(&[], vec![device(&at, 1)]);
    let outcome = sender.send(&page(), true, NOW).await;
    assert_eq!(
        (outcome.word(), outcome.receipt()),
        ("rejected", "this device cannot be written to")
    );
    assert!(heads.lock().unwrap().is_empty());
    let (sender, _) = super::tests::sender(&[], Vec::new());
    let outcome = sender.send(&page(), true, NOW).await;
    assert_eq!(outcome.receipt(), "no device of theirs is turned on");
}

#[test]
fn what_is_said_fits_whatever_it_is() {
    for letter in ["x", "\u{1f414}", "\"", "\u{1}"] {
        let mut long = page();
        long.subject = letter.repeat(9_000);
        long.text = letter.repeat(9_000);
        let said = payload(&long, true, Some("/push/shown/x"));
        assert!(said.len() <= TEXT_BYTES, "{letter:?}: {}", said.len());
        let said: serde_json::Value = serde_json::from_slice(&said).unwrap();
        assert!(said["body"].as_str().unwrap().len() > 100, "{said}");
        assert_eq!(said["data"], "https://hen.example/ack/x");
    }
    let said = payload(&page(), true, None);
    let said: serde_json::Value = serde_json::from_slice(&said).unwrap();
    assert_eq!(said["tag"], "c1");
    assert_eq!(
        (&said["renotify"], &said["requireInteraction"]),
        (&json!(true), &json!(true))
    );
}

#[test]
fn a_push_service_must_have_somebody_to_ask() {
    for (contact, good) in [
        ("mailto:ops@farm.example", true),
        ("https://farm.example/contact", true),
        ("ops@farm.example", false),
        ("mailto:", false),
        ("http://farm.example", false),
        ("", false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let root = RootKey::open(&folder.path().join("key"), true, &Ids::seeded(7)).unwrap();
        let settings = PushSettings {
            contact: contact.to_owned(),
            hosts: Vec::new(),
            content_up_to: None,
        };
        let ann = Ann {
            devices: Vec::new(),
            came: Came::default(),
        };
        let key = VapidKey::derive(&root);
        let made = PushSender::new(&settings, key, Ids::seeded(8), Box::new(ann));
        assert_eq!(made.is_ok(), good, "{contact}");
    }
}
