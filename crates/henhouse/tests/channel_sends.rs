//! The process dies in the middle of a send by each of the channels beside mail, beside peers that misbehave: every page
//! arrives, and what arrives twice says the same under the same key.
//!
//! `HENHOUSE_SENDS=50` has every manner meet every death so often, and prints the figures.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may fail loudly and tell its figures"
)]

#[path = "../../procedure/tests/walk/chance.rs"]
#[expect(dead_code, reason = "the walks use more of it")]
mod chance;
#[path = "sends/death.rs"]
mod death;
mod peers;
mod served;

use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use chance::Chance;
use death::{DEATHS, Death};
use peers::smtp::SmtpPeer;
use peers::web::{SECRET, WebPeer};
use reqwest::blocking::Client;
use serde_json::{Value, json};
use served::{HENHOUSE, Served, mail_settings, token};

/// So many cells at a time: they mostly wait for the next try.
const AT_ONCE: usize = 6;
/// A page has arrived within so many looks of 50 ms after the last start.
const LOOKS: usize = 1_200;

/// A channel: its route, where it asks, and the key by which its peer, or its reader, tells doubles.
struct Channel {
    route: &'static str,
    path: &'static str,
    key: fn(&Value, &Value) -> Value,
}

const CHANNELS: [Channel; 6] = [
    Channel {
        route: "ntfy ann-x7",
        path: "/",
        key: |_, body| body["sequence_id"].clone(),
    },
    Channel {
        route: "webhook ops",
        path: "/hook",
        key: |seen, _| seen["headers"]["webhook-id"].clone(),
    },
    Channel {
        route: "pagerduty ops",
        path: "/pd/v2/enqueue",
        key: |_, body| body["dedup_key"].clone(),
    },
    Channel {
        route: "opsgenie ops",
        path: "/og/v2/alerts",
        key: |_, body| body["alias"].clone(),
    },
    // These two know no doubles: that it is the same is seen by whoever reads it.
    Channel {
        route: "gotify jane",
        path: "/gotify/message",
        key: |_, body| body["message"].clone(),
    },
    Channel {
        route: "sms",
        path: "/sms",
        key: |_, body| body["notice"].clone(),
    },
];

/// What a peer does to the first attempts.
const MANNERS: [(&str, &[&str]); 5] = [
    ("takes everything", &[]),
    ("keeps it and loses its answer", &["close"]),
    ("is away and then loses its answer", &["503", "close"]),
    ("asks for patience", &["429"]),
    ("leads elsewhere", &["307"]),
];

struct Cell {
    channel: &'static Channel,
    manner: (&'static str, &'static [&'static str]),
    death: Death,
    seed: u64,
}

impl Cell {
    fn name(&self) -> String {
        format!(
            "{} {}, {}",
            self.channel.route,
            self.manner.0,
            self.death.name()
        )
    }

    /// One page, a death, and a life in which it leaves. How often it came.
    fn live(&self) -> usize {
        let (folder, web, mail) = (
            tempfile::tempdir().unwrap(),
            WebPeer::start(),
            SmtpPeer::plain(),
        );
        let data = folder.path().join("data");
        let (url, secret) = (&web.url, web.secret_file());
        let secret = secret.display();
        mail_settings(
            &data,
            mail.port,
            &format!(
                "[ntfy]\nserver = '{url}'\n[webhook.ops]\nurl = '{url}/hook'\nsecret_file = '{secret}'\n\
             [gotify.jane]\nserver = '{url}/gotify'\ntoken_file = '{secret}'\n\
             [pagerduty.ops]\nserver = '{url}/pd'\nkey_file = '{secret}'\n\
             [opsgenie.ops]\nserver = '{url}/og'\nkey_file = '{secret}'\n\
             [sms.http]\nurl = '{url}/sms'\nheaders = {{ content-type = 'application/json', authorization = 'Bearer {{{{key}}}}' }}\n\
             body = '{{\"to\": \"{{{{to}}}}\", \"text\": \"{{{{text}}}}\", \"notice\": \"{{{{notice}}}}\"}}'\nsecrets = {{ key = '{secret}' }}\n"
            ),
        );
        let founding = Served::start(&data, &[], &[]);
        let said = Command::new(HENHOUSE)
            .args([
                "roster",
                "add",
                "ann",
                "--name",
                "Ann",
                "--phone",
                "+1 555 0100 001",
            ])
            .args(["--mail", "ann@farm.example", "--routes", self.channel.route])
            .env("HENHOUSE_URL", &founding.url)
            .env("HENHOUSE_TOKEN", token(&data, None))
            .output()
            .unwrap();
        assert!(said.status.success(), "{said:?}");
        drop(founding);
        web.answer(self.manner.1);
        let mut chance = Chance::of(self.seed);
        let order = self.death.order(&mut chance);
        let order = order.as_deref().map(|order| ("HENHOUSE_KILL_AT", order));
        let mut first = Served::try_start(&data, &[], order.as_slice());
        if !first.url.is_empty() {
            let _ = report(&first.url);
            let moment = self.death.moment(&mut chance).unwrap_or(2_500);
            for _ in 0..moment / 50 {
                if first.process.try_wait().unwrap().is_some() {
                    break;
                }
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        drop(first);
        let again = Served::start(&data, &[], &[]);
        report(&again.url).unwrap();
        let pages = || -> Vec<Value> {
            let asked = Client::new().get(format!("{}/api/v1/cases/HH-1/deliveries", again.url));
            let said: Value = asked
                .bearer_auth(token(&data, None))
                .send()
                .unwrap()
                .json()
                .unwrap();
            let all = said["deliveries"].as_array().unwrap().clone().into_iter();
            let route = self.channel.route.replace(' ', ":");
            all.filter(|one| {
                one["page"] == true && route.starts_with(one["route"].as_str().unwrap())
            })
            .collect()
        };
        let arrived = || {
            let all = pages();
            !all.is_empty()
                && all.iter().all(|one| {
                    let mut log = one["log"].as_array().unwrap().iter();
                    one["state"] == "done" || log.any(|attempt| attempt["outcome"] == "sent")
                })
        };
        let left = (0..LOOKS).any(|_| {
            std::thread::sleep(Duration::from_millis(50));
            arrived()
        });
        assert!(
            left,
            "{}: it did not leave: {:#?}\n{}",
            self.name(),
            pages(),
            again.log()
        );
        let seen = web.seen();
        let read =
            |one: &Value| serde_json::from_str::<Value>(one["body"].as_str().unwrap()).unwrap();
        let first = read(&seen[0]);
        for one in &seen {
            let what = format!("{}: {seen:#?}", self.name());
            assert_eq!(one["path"], self.channel.path, "{what}");
            assert_eq!(read(one), first, "{what}");
            let key = (self.channel.key)(one, &read(one));
            assert!(
                !key.is_null() && key == (self.channel.key)(&seen[0], &first),
                "{what}"
            );
        }
        assert!(!again.log().contains(SECRET));
        let doubtful = self.manner.1.contains(&"close") || !self.death.is_before_all();
        let taken = seen.iter().filter(|one| one["answer"] == "200").count();
        assert!(
            doubtful || taken == 1,
            "{}: it came {taken} times for nothing",
            self.name()
        );
        seen.len()
    }
}

/// The same report each time: one case.
fn report(url: &str) -> Option<()> {
    let asked = Client::new().post(format!("{url}/api/v1/reports"));
    let asked = asked.header("Idempotency-Key", "one-page-and-no-other-than-this-one");
    let said = asked
        .json(&json!({ "text": "Root login on web-2" }))
        .send()
        .ok()?;
    said.status().is_success().then_some(())
}

/// In the long form every manner meets every death; in the short one each channel meets each manner and one death.
fn cells() -> Vec<Cell> {
    let times = std::env::var("HENHOUSE_SENDS")
        .ok()
        .and_then(|times| times.parse::<usize>().ok());
    let mut cells = Vec::new();
    for (c, channel) in CHANNELS.iter().enumerate() {
        for (m, manner) in MANNERS.into_iter().enumerate() {
            let deaths = match times {
                Some(_) => (0..DEATHS.len()).collect(),
                None => vec![(c + m) % DEATHS.len()],
            };
            for death in deaths {
                for n in 0..times.unwrap_or(1) {
                    let seed = (c * 1_009 + m * 31 + n) as u64;
                    cells.push(Cell {
                        channel,
                        manner,
                        death: DEATHS[death],
                        seed,
                    });
                }
            }
        }
    }
    cells
}

#[test]
fn every_page_arrives_by_every_channel_whatever_its_peer_does_and_wherever_the_process_dies() {
    henhouse::tls::install_provider();
    let all = cells();
    let pages = all.len();
    let (all, came) = (Mutex::new(all), Mutex::new(0));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some(cell) = all.lock().unwrap().pop() else {
                        return;
                    };
                    *came.lock().unwrap() += cell.live();
                }
            });
        }
    });
    let (came, channels) = (came.into_inner().unwrap(), CHANNELS.len());
    let (manners, deaths) = (MANNERS.len(), DEATHS.len());
    eprintln!(
        "{channels} channels, {manners} manners, {deaths} deaths: {pages} pages, 0 missed, {came} sends, each page under one key"
    );
}
