//! Alerts out of a queue of Amazon SQS: moto's, into which Amazon's own client sends, and which checks our signatures with that
//! client's code.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

mod peers;
mod served;

use std::path::PathBuf;
use std::time::Duration;

use peers::postgres::Schema;
use peers::sqs::{KEY, SECRET, SqsPeer};
use reqwest::blocking::Client;
use serde_json::{Value, json};
use served::{Served, token};
use tempfile::TempDir;

const LOOKS: u32 = 600;
const APART: Duration = Duration::from_millis(100);

struct House {
    served: Served,
    folder: TempDir,
}

impl House {
    /// A house that asks this queue.
    fn asking(peer: &SqsPeer, secret: &str) -> Self {
        Self::served(peer, secret, &[])
    }

    fn served(peer: &SqsPeer, secret: &str, arguments: &[&str]) -> Self {
        Self::on("", peer, secret, arguments)
    }

    /// A house with these settings besides.
    fn on(settings: &str, peer: &SqsPeer, secret: &str, arguments: &[&str]) -> Self {
        henhouse::tls::install_provider();
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        std::fs::write(data.join("henhouse.toml"), settings).unwrap();
        let mut served = Served::start(&data, arguments, &[]);
        let body = json!({ "name": "queue", "sender": "sqs" });
        let asked = Client::new()
            .post(format!("{}/api/v1/projects/main/sources", served.url))
            .bearer_auth(token(&data, None))
            .json(&body);
        let said: Value = asked.send().unwrap().json().unwrap();
        assert_eq!(said["source"]["address"], "", "nothing is sent to it");
        served.stop();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, format!("{text}\n")).unwrap();
            path.display().to_string()
        };
        let (id, secret) = (file("id", KEY), file("secret", secret));
        let settings = format!(
            "{settings}[sqs.alerts]\nqueue = '{}'\nregion = 'eu-central-1'\nsource = {}\naccess_key_file = '{id}'\nsecret_key_file = '{secret}'\n",
            peer.queue, said["source"]["id"]
        );
        std::fs::write(data.join("henhouse.toml"), settings).unwrap();
        let served = Served::start(&data, arguments, &[]);
        Self { served, folder }
    }

    /// Another node of the same installation.
    fn beside(first: &Self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        for file in ["root.key", "henhouse.toml"] {
            std::fs::copy(first.data().join(file), data.join(file)).unwrap();
        }
        let served = Served::start(&data, &[], &[]);
        Self { served, folder }
    }

    /// How many messages this node took off the queue.
    fn taken(&self) -> u64 {
        let metrics = self.metrics();
        let mut lines = metrics.lines();
        let taken = lines
            .find_map(|line| line.strip_prefix("henhouse_queue_messages_total{queue=\"alerts\"} "));
        taken.map_or(0, |taken| taken.parse().unwrap())
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn get(&self, path: &str) -> Value {
        let asked = Client::new()
            .get(format!("{}{path}", self.served.url))
            .bearer_auth(token(&self.data(), None));
        asked.send().unwrap().json().unwrap()
    }

    fn titles(&self) -> Vec<String> {
        let list = self.get("/api/v1/cases");
        let cases = list["cases"].as_array().unwrap().iter();
        let mut titles: Vec<_> = cases
            .map(|case| case["title"].as_str().unwrap().to_owned())
            .collect();
        titles.sort();
        titles
    }

    /// What its journal says of alerts.
    fn steps(&self, number: &str) -> Vec<String> {
        let journal = self.get(&format!("/api/v1/cases/{number}/journal"));
        let entries = journal["entries"].as_array().unwrap().iter();
        let noted = entries.filter(|entry| entry["kind"] == "alert_noted");
        noted
            .map(|entry| entry["body"]["step"].as_str().unwrap().to_owned())
            .collect()
    }

    fn metrics(&self) -> String {
        let asked = Client::new().get(format!("{}/metrics", self.served.url));
        asked
            .bearer_auth(token(&self.data(), None))
            .send()
            .unwrap()
            .text()
            .unwrap()
    }
}

/// Waits until it is so.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..LOOKS {
        if is_so() {
            return;
        }
        std::thread::sleep(APART);
    }
    panic!("never: {what}");
}

fn alarm(name: &str, state: &str) -> String {
    json!({
        "AlarmName": name, "AWSAccountId": "123456789012", "NewStateValue": state, "NewStateReason": "Threshold Crossed",
        "AlarmArn": format!("arn:aws:cloudwatch:eu-central-1:123456789012:alarm:{name}"), "Region": "EU (Frankfurt)",
    })
    .to_string()
}

#[test]
fn what_amazons_client_sends_and_publishes_opens_an_event_and_leaves_the_queue() {
    let mut peer = SqsPeer::start();
    let house = House::asking(&peer, SECRET);
    peer.send(&alarm("Door", "ALARM"));
    until("the alarm opened an event", || house.titles() == ["Door"]);
    // The same alarm by its topic, and by EventBridge: it is one.
    peer.publish("OK: Door", &alarm("Door", "OK"));
    until("the alarm is over", || {
        house.steps("HH-1") == ["opened", "over"]
    });
    let event = json!({ "source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change", "account": "123456789012",
        "region": "eu-central-1", "detail": { "alarmName": "Door", "state": { "value": "ALARM" } } });
    peer.send(&event.to_string());
    peer.publish("", "The fox is at the fence \u{1f98a}\n\"twice\"");
    peer.send("no JSON <at> all");
    peer.send("[1, {}]");
    until("all of it is there", || house.steps("HH-1").len() == 6);
    assert_eq!(
        house.steps("HH-1")[2..],
        ["joined"; 4],
        "one event, of one source"
    );
    until("the queue is empty", || peer.left() == 0);
    let metrics = house.metrics();
    assert!(
        metrics.contains("henhouse_queue_messages_total{queue=\"alerts\"} 6"),
        "{metrics}"
    );
    assert!(
        metrics.contains("henhouse_queue_failing_seconds{queue=\"alerts\"} 0"),
        "{metrics}"
    );
    assert!(!house.served.log().contains(SECRET));
}

#[test]
fn what_could_not_be_taken_off_comes_again_and_counts_once_also_after_a_kill() {
    let mut peer = SqsPeer::start();
    let mut house = House::asking(&peer, SECRET);
    peer.spoil("DeleteMessage", 500, 0);
    peer.send(&alarm("Door", "ALARM"));
    until("the alarm opened an event", || house.titles() == ["Door"]);
    peer.publish("OK: Door", &alarm("Door", "OK"));
    until("the alarm is over", || {
        house.steps("HH-1") == ["opened", "over"]
    });
    until("both were kept, and could not be deleted", || {
        peer.asked("DeleteMessage") >= 2
    });
    let failing = "henhouse_queue_failing_seconds{queue=\"alerts\"} ";
    until("it says so", || {
        let metrics = house.metrics();
        metrics.contains(failing) && !metrics.contains(&format!("{failing}0"))
    });
    assert_eq!(peer.left(), 2);
    // Both come again, to this process and to the next one: an alarm that is over is not begun again by that.
    peer.show_again();
    until("both came again", || peer.asked("DeleteMessage") >= 4);
    house.served.process.kill().unwrap();
    house.served.process.wait().unwrap();
    peer.forget();
    peer.show_again();
    house.served = Served::start(&house.data(), &[], &[]);
    until("the queue is empty", || peer.left() == 0);
    assert_eq!(house.steps("HH-1"), ["opened", "over"]);
    assert_eq!(house.titles(), ["Door"]);
    let sources = house.get("/api/v1/projects/main/sources");
    assert_eq!(sources["sources"][0]["live_alerts"], 0);
    let index = served::on_the_spot(&house.data(), &["verify"]);
    assert!(
        index.status.success(),
        "{}",
        String::from_utf8_lossy(&index.stdout)
    );
}

#[test]
fn a_queue_that_refuses_is_asked_again_and_what_is_wrong_is_said_without_keys() {
    let mut peer = SqsPeer::start();
    let house = House::asking(&peer, "AnotherSecretThanTheQueues");
    peer.send(&alarm("Door", "ALARM"));
    until("it says so", || {
        house.served.log().contains("SignatureDoesNotMatch")
    });
    assert_eq!((house.titles().len(), peer.left()), (0, 1));
    let said = house.served.log();
    assert!(
        !said.contains("AnotherSecret") && !said.contains(KEY),
        "{said}"
    );
    let ready = || {
        let asked = Client::new().get(format!("{}/readyz", house.served.url));
        asked.send().unwrap().text().unwrap()
    };
    let silent = "no alerts come out of the queue alerts";
    until("the probe says so", || ready().contains(silent));
    // Somebody writes the right key: it is believed without a restart.
    std::fs::write(house.folder.path().join("secret"), SECRET).unwrap();
    until("the alarm opened an event", || house.titles() == ["Door"]);
    until("the queue is empty", || peer.left() == 0);
    until("the probe says nothing more", || !ready().contains(silent));
    let source = house.get("/api/v1/projects/main/sources")["sources"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let gone = Client::new().delete(format!(
        "{}/api/v1/projects/main/sources/{source}",
        house.served.url
    ));
    gone.bearer_auth(token(&house.data(), None)).send().unwrap();
    peer.send(&alarm("Gate", "ALARM"));
    until("it says that the source is gone", || {
        house
            .served
            .log()
            .contains("no project has a live alert source")
    });
    assert_eq!(house.titles(), ["Door"]);
}

#[test]
fn a_drill_leaves_the_queue_alone() {
    let mut peer = SqsPeer::start();
    let house = House::served(&peer, SECRET, &["--drill"]);
    peer.send(&alarm("Door", "ALARM"));
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!((peer.asked("ReceiveMessage"), peer.left()), (0, 1));
    assert_eq!(house.titles(), Vec::<String>::new());
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn postgres_of_two_nodes_at_one_queue_each_message_counts_once_and_where_one_dies_the_other_goes_on()
 {
    let schema = Schema::new();
    let mut peer = SqsPeer::start();
    let database = format!("database = '{}'\n", schema.address());
    let first = House::on(&database, &peer, SECRET, &[]);
    let second = House::beside(&first);
    let mut nodes = [first, second];
    let all = |up_to: usize| -> Vec<String> {
        let mut all: Vec<_> = (0..up_to).map(|n| format!("Door {n}")).collect();
        all.sort();
        all
    };
    // Each alarm opens an event or joins the one that runs, once: an alarm that is over and begins again would stand there twice.
    let entries = |node: &House, steps: &[&str]| -> Vec<String> {
        let list = node.get("/api/v1/cases");
        let cases = list["cases"].as_array().unwrap().iter();
        let mut all = Vec::new();
        for case in cases {
            let number = case["number"].as_str().unwrap();
            let journal = node.get(&format!("/api/v1/cases/{number}/journal"));
            let noted = journal["entries"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|entry| {
                    let step = entry["body"]["step"].as_str().unwrap_or_default();
                    entry["kind"] == "alert_noted" && steps.contains(&step)
                });
            all.extend(noted.map(|entry| {
                let title = entry["body"]["title"].as_str();
                let title = title.or_else(|| entry["body"]["title"]["$text"].as_str());
                title
                    .unwrap_or_else(|| case["title"].as_str().unwrap())
                    .to_owned()
            }));
        }
        all.sort();
        all
    };
    let noted = |node: &House| entries(node, &["opened", "joined"]);
    let over = |node: &House| entries(node, &["over"]).len();
    for n in 0..20 {
        peer.send(&alarm(&format!("Door {n}"), "ALARM"));
    }
    until("all are there", || noted(&nodes[0]).len() >= 20);
    until("the queue is empty", || peer.left() == 0);
    assert_eq!(noted(&nodes[1]), all(20), "each once, on either node");
    assert!(nodes[0].taken() + nodes[1].taken() >= 20);
    // What could not be deleted is given to both nodes again and again, and counts once.
    peer.spoil("DeleteMessage", 500, 0);
    (20..25).for_each(|n| peer.send(&alarm(&format!("Door {n}"), "ALARM")));
    until("they are kept", || noted(&nodes[0]).len() >= 25);
    (20..25).for_each(|n| peer.send(&alarm(&format!("Door {n}"), "OK")));
    until("they are over", || over(&nodes[0]) >= 5);
    let asked = peer.asked("DeleteMessage");
    peer.show_again();
    until("all came again", || {
        peer.asked("DeleteMessage") >= asked + 10
    });
    assert_eq!((noted(&nodes[1]), over(&nodes[1])), (all(25), 5));
    // One dies without a word, with messages on its hands.
    nodes[0].served.process.kill().unwrap();
    nodes[0].served.process.wait().unwrap();
    peer.forget();
    (25..30).for_each(|n| peer.send(&alarm(&format!("Door {n}"), "ALARM")));
    until("the other goes on", || {
        peer.show_again();
        peer.left() == 0
    });
    assert_eq!(noted(&nodes[1]), all(30));
    let said = nodes[1].metrics();
    assert!(
        said.contains("henhouse_queue_failing_seconds{queue=\"alerts\"} 0"),
        "{said}"
    );
    // Whoever comes back finds nothing left to do, and nothing twice.
    nodes[0].served = Served::start(&nodes[0].data(), &[], &[]);
    (30..35).for_each(|n| peer.send(&alarm(&format!("Door {n}"), "ALARM")));
    until("all are there", || noted(&nodes[0]).len() >= 35);
    until("the queue is empty", || peer.left() == 0);
    assert_eq!(noted(&nodes[1]), all(35));
}
