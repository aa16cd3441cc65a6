//! A house that dies again and again, and the count of what it was told.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::chance::Chance;
use super::lock;
use super::plan::Plan;
use crate::bench::client::{Client, Request};
use crate::bench::server::{Data, Server};

/// People who report at the same time.
const REPORTERS: u32 = 16;
/// One death in so many comes before the node listens.
const AT_START: u64 = 10;
/// It comes within so many milliseconds of the start then.
const START_MS: u64 = 40;
/// Any other comes so many microseconds after a report was answered.
const AFTER_US: u64 = 3_000;
/// A life in which nothing more is answered ends after so long.
const LONGEST: Duration = Duration::from_secs(20);

/// What was counted.
#[derive(Default)]
pub struct Counted {
    deaths: u32,
    at_start: u32,
    acknowledged: usize,
    /// Reports that had to be repeated under their key, because no answer came.
    repeated: usize,
    lost: Vec<String>,
    doubled: Vec<String>,
    half: Vec<String>,
}

impl Counted {
    /// Adds up.
    pub fn add(&mut self, more: &Self) {
        self.deaths += more.deaths;
        self.at_start += more.at_start;
        self.acknowledged += more.acknowledged;
        self.repeated += more.repeated;
        self.lost.extend_from_slice(&more.lost);
        self.doubled.extend_from_slice(&more.doubled);
        self.half.extend_from_slice(&more.half);
    }

    /// Whether every promise was kept.
    pub fn is_kept(&self) -> bool {
        let wrong = [&self.lost, &self.doubled, &self.half];
        wrong.iter().all(|wrong| wrong.is_empty()) && self.acknowledged > 0
    }
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} SIGKILLs ({} before it listened), {} reports acknowledged ({} after they were repeated), {} lost {:?}, {} \
             doubled {:?}, {} half {:?}",
            self.deaths,
            self.at_start,
            self.acknowledged,
            self.repeated,
            self.lost.len(),
            self.lost,
            self.doubled.len(),
            self.doubled,
            self.half.len(),
            self.half
        )
    }
}

/// The house.
pub struct House {
    data: Data,
    chance: Chance,
    reports: u32,
    admin: String,
    told: Told,
}

/// What was said, and what was answered.
#[derive(Default)]
struct Told {
    next: AtomicU32,
    /// Without an answer: each is said again under its key.
    open: Mutex<Vec<u32>>,
    /// The number of each case, by the report.
    kept: Mutex<BTreeMap<u32, String>>,
}

impl House {
    /// Founds it, with somebody to call.
    ///
    /// # Errors
    /// It does not start.
    pub fn found(n: usize, plan: &Plan, database: Option<String>, mail: u16) -> Result<Self> {
        let data = Data::new(&format!("intake-{n}"), Some(mail))?;
        if let Some(database) = database {
            let settings = data.path().join("henhouse.toml");
            let rest = fs::read_to_string(&settings)?;
            fs::write(&settings, format!("database = '{database}'\n{rest}"))?;
        }
        let server = Server::start(&data)?;
        let admin = server.token("admin", None)?;
        server.staff(&admin, &["ann", "bob"])?;
        server.kill()?;
        Ok(Self {
            data,
            chance: Chance::of(plan.seed.wrapping_mul(1_000_003) ^ n as u64),
            reports: plan.reports,
            admin,
            told: Told::default(),
        })
    }

    /// Lives and dies so often, and then counts.
    ///
    /// # Errors
    /// It does not start again, or does not answer.
    pub fn dies(mut self, kills: u32) -> Result<Counted> {
        let mut counted = Counted {
            deaths: kills,
            ..Counted::default()
        };
        for _ in 0..kills {
            if self.chance.below(AT_START) == 0 {
                let after = Duration::from_millis(self.chance.below(START_MS));
                Server::dies_at_its_start(&self.data, after)?;
                counted.at_start += 1;
            } else {
                self.life(&mut counted)?;
            }
        }
        self.count(&mut counted)?;
        Ok(counted)
    }

    /// People report until so many were answered; a moment later it dies.
    fn life(&mut self, counted: &mut Counted) -> Result<()> {
        let server = Server::start(&self.data).context("it does not start again")?;
        // From 1 to twice as many, as many as asked for on the average.
        let most = 1 + self.chance.below(u64::from(self.reports) * 2);
        let after = Duration::from_micros(self.chance.below(AFTER_US));
        let (answered, repeated) = (AtomicU32::new(0), AtomicU32::new(0));
        let (told, port) = (&self.told, server.port);
        thread::scope(|scope| {
            for _ in 0..REPORTERS {
                scope.spawn(|| told.reports(port, &answered, &repeated));
            }
            let watch = crate::stopwatch::Stopwatch::start();
            while u64::from(answered.load(Ordering::Relaxed)) < most && watch.read() < LONGEST {
                thread::sleep(Duration::from_micros(200));
            }
            thread::sleep(after);
            server.kill()
        })?;
        counted.repeated += repeated.load(Ordering::Relaxed) as usize;
        Ok(())
    }

    /// What is open is said again; then everything that was answered is looked for, and everything that is there.
    fn count(&self, counted: &mut Counted) -> Result<()> {
        let server = Server::start(&self.data)?;
        let mut client = Client::connect(server.port)?;
        for report in std::mem::take(&mut *lock(&self.told.open)) {
            let number = number(&client.call(&request(report))?.json()?)?;
            self.told.heard(report, number);
        }
        let mut there = titles(&server, &self.admin)?;
        let kept = lock(&self.told.kept);
        counted.acknowledged = kept.len();
        for (report, number) in kept.iter() {
            match there.remove(number) {
                // Also where two reports were given one number: the second finds it taken.
                None => counted.lost.push(format!("{number}, report {report}")),
                Some(title) if title != text(*report) => {
                    counted.half.push(format!("{number}: {title}"))
                }
                Some(_) => {}
            }
        }
        counted.doubled.extend(
            there
                .into_iter()
                .map(|(number, title)| format!("{number}: {title}")),
        );
        server.stop()?;
        Server::verify(&self.data)
    }
}

impl Told {
    /// One report after the other, until nobody answers.
    fn reports(&self, port: u16, answered: &AtomicU32, repeated: &AtomicU32) {
        let Ok(mut client) = Client::connect(port) else {
            return;
        };
        loop {
            let again = lock(&self.open).pop();
            let report = again.unwrap_or_else(|| self.next.fetch_add(1, Ordering::Relaxed));
            let said = client
                .call(&request(report))
                .and_then(|said| number(&said.json()?));
            let Ok(number) = said else {
                lock(&self.open).push(report);
                return;
            };
            self.heard(report, number);
            repeated.fetch_add(u32::from(again.is_some()), Ordering::Relaxed);
            answered.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn heard(&self, report: u32, number: String) {
        lock(&self.kept).insert(report, number);
    }
}

fn text(report: u32) -> String {
    format!("The fox was here, {report:06}")
}

fn request(report: u32) -> Request {
    Request {
        headers: format!("Idempotency-Key: intake-{report:08}\r\n"),
        ..Request::post("/api/v1/reports", "", &json!({ "text": text(report) }))
    }
}

fn number(said: &Value) -> Result<String> {
    Ok(said["number"].as_str().context("no number")?.to_owned())
}

/// Every case, and what it is called.
fn titles(server: &Server, admin: &str) -> Result<BTreeMap<String, String>> {
    let mut titles = BTreeMap::new();
    let mut path = "/api/v1/cases?limit=100".to_owned();
    loop {
        let page = server.call(&Request::get(path, admin))?;
        for case in page["cases"].as_array().into_iter().flatten() {
            let word = |name: &str| case[name].as_str().unwrap_or_default().to_owned();
            titles.insert(word("number"), word("title"));
        }
        match page["next"].as_str() {
            Some(next) => path = format!("/api/v1/cases?limit=100&cursor={next}"),
            None => return Ok(titles),
        }
    }
}
