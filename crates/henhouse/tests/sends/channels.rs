//! The channels beside mail: one house, one peer, one page, one death.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use reqwest::blocking::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::chance::Chance;
use super::death::{DEATHS, Death};
use super::peers::smtp::SmtpPeer;
use super::peers::web::{SECRET, WebPeer};
use super::served::{HENHOUSE, Served, mail_settings, token};

/// A page has left within so many looks after the last start: what is asked to be patient is tried again after half a minute.
const LOOKS: usize = 1_200;
const LOOK: Duration = Duration::from_millis(50);
/// A process that was told to die does so within so many milliseconds, or lives on.
const DEATH: u64 = 2_500;

/// A channel: its route, where it asks, and the key by which its peer, or its reader, tells doubles.
pub struct Channel {
    route: &'static str,
    path: &'static str,
    key: fn(&Value, &Value) -> Value,
}

pub const CHANNELS: [Channel; 6] = [
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
pub const MANNERS: [(&str, &[&str]); 5] = [
    ("takes everything", &[]),
    ("keeps it and loses its answer", &["close"]),
    ("is away and then loses its answer", &["503", "close"]),
    ("asks for patience", &["429"]),
    ("leads elsewhere", &["307"]),
];

/// What is to be done.
pub struct Cell {
    pub channel: &'static Channel,
    pub manner: (&'static str, &'static [&'static str]),
    pub death: Death,
    pub seed: u64,
}

/// In the long form every manner meets every death; in the short one each channel meets two manners and a death in each.
pub fn cells(times: Option<usize>, seed: u64) -> Vec<Cell> {
    let mut cells = Vec::new();
    for (c, channel) in CHANNELS.iter().enumerate() {
        for (m, manner) in MANNERS.into_iter().enumerate() {
            let deaths = match times {
                Some(_) => 0..DEATHS.len(),
                None if (c + m) % 5 < 2 => m..m + 1,
                None => 0..0,
            };
            for (death, n) in
                deaths.flat_map(|death| (0..times.unwrap_or(1)).map(move |n| (death, n)))
            {
                cells.push(Cell {
                    channel,
                    manner,
                    death: DEATHS[death],
                    seed: seed.wrapping_mul(1_000_003) ^ ((c * 1_009 + m * 31 + n) as u64),
                });
            }
        }
    }
    cells
}

impl Cell {
    pub fn name(&self) -> String {
        let (manner, death) = (self.manner.0, self.death.name());
        format!("{} {manner}, {death}", self.channel.route)
    }

    /// One page, a death, and a life in which it leaves. How often it came by the channel, and how often by mail.
    pub fn live(&self) -> (usize, usize) {
        let (web, mail) = (WebPeer::start(), SmtpPeer::plain());
        let house = House::found(self.channel, &web, &mail);
        web.answer(self.manner.1);
        self.die(&house);
        let again = Served::start(&house.data, &[], &[]);
        report(&again.url).unwrap();
        let left = (0..LOOKS).any(|_| {
            std::thread::sleep(LOOK);
            house.has_left(&again.url)
        });
        let (name, pages) = (self.name(), house.pages(&again.url));
        assert!(
            left,
            "{name}: it did not leave: {pages:#?}\n{}",
            again.log()
        );
        assert!(!again.log().contains(SECRET));
        (self.judge(&web.seen()), mail.received().len())
    }

    /// The first life: it takes the report, unless it dies before.
    fn die(&self, house: &House) {
        let mut chance = Chance::of(self.seed);
        let order = self.death.order(&mut chance);
        let order = order.as_deref().map(|order| ("HENHOUSE_KILL_AT", order));
        let mut first = Served::try_start(&house.data, &[], order.as_slice());
        if first.url.is_empty() {
            return;
        }
        let _ = report(&first.url);
        let moment = self.death.moment(&mut chance).unwrap_or(DEATH);
        for _ in 0..moment / 50 {
            if first.process.try_wait().unwrap().is_some() {
                return;
            }
            std::thread::sleep(LOOK);
        }
    }

    /// Whatever came by the channel is one and the same; and it came once where nothing was in doubt.
    fn judge(&self, seen: &[Value]) -> usize {
        let read =
            |one: &Value| serde_json::from_str::<Value>(one["body"].as_str().unwrap()).unwrap();
        let first = read(&seen[0]);
        let key = (self.channel.key)(&seen[0], &first);
        let what = format!("{}: {seen:#?}", self.name());
        assert!(!key.is_null(), "{what}");
        for one in seen {
            assert_eq!(one["path"], self.channel.path, "{what}");
            assert_eq!(read(one), first, "{what}");
            assert_eq!((self.channel.key)(one, &first), key, "{what}");
        }
        let doubtful = self.manner.1.contains(&"close") || !self.death.is_before_all();
        let taken = seen.iter().filter(|one| one["answer"] == "200").count();
        assert!(
            doubtful || taken == 1,
            "it came {taken} times for nothing: {what}"
        );
        seen.len()
    }
}

/// A house with one person, who is paged by one channel.
struct House {
    data: std::path::PathBuf,
    _folder: TempDir,
    token: String,
    http: Client,
}

impl House {
    fn found(channel: &Channel, web: &WebPeer, mail: &SmtpPeer) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        mail_settings(&data, mail.port, &settings(&web.url, &web.secret_file()));
        let founding = Served::start(&data, &[], &[]);
        let token = token(&data, None);
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
            .args(["--mail", "ann@farm.example", "--routes", channel.route])
            .env("HENHOUSE_URL", &founding.url)
            .env("HENHOUSE_TOKEN", &token)
            .output()
            .unwrap();
        assert!(said.status.success(), "{said:?}");
        Self {
            data,
            _folder: folder,
            token,
            http: Client::new(),
        }
    }

    /// What is on its way, or was, to page Ann.
    fn pages(&self, url: &str) -> Vec<Value> {
        let asked = self.http.get(format!("{url}/api/v1/cases/HH-1/deliveries"));
        let said = asked.bearer_auth(&self.token).send().unwrap();
        let said: Value = said.json().unwrap();
        let all = said["deliveries"].as_array().unwrap().clone().into_iter();
        all.filter(|one| one["page"] == true).collect()
    }

    /// By her channel, or by mail once that has failed twice.
    fn has_left(&self, url: &str) -> bool {
        self.pages(url).iter().any(|one| {
            let mut log = one["log"].as_array().unwrap().iter();
            log.any(|attempt| attempt["outcome"] == "sent")
        })
    }
}

/// The channels of a house, all of them at this peer.
fn settings(url: &str, secret: &Path) -> String {
    let secret = secret.display();
    format!(
        "[ntfy]\nserver = '{url}'\n[webhook.ops]\nurl = '{url}/hook'\nsecret_file = '{secret}'\n\
         [gotify.jane]\nserver = '{url}/gotify'\ntoken_file = '{secret}'\n\
         [pagerduty.ops]\nserver = '{url}/pd'\nkey_file = '{secret}'\n\
         [opsgenie.ops]\nserver = '{url}/og'\nkey_file = '{secret}'\n\
         [sms.http]\nurl = '{url}/sms'\nheaders = {{ content-type = 'application/json', authorization = 'Bearer {{{{key}}}}' }}\n\
         body = '{{\"to\": \"{{{{to}}}}\", \"text\": \"{{{{text}}}}\", \"notice\": \"{{{{notice}}}}\"}}'\nsecrets = {{ key = '{secret}' }}\n"
    )
}

/// The same report each time: one case.
fn report(url: &str) -> Option<()> {
    let asked = Client::new().post(format!("{url}/api/v1/reports"));
    let asked = asked.header("Idempotency-Key", "one-page-and-no-other-than-this-one");
    let report = json!({ "text": "Root login on web-2" });
    let said = asked.json(&report).send().ok()?;
    said.status().is_success().then_some(())
}
