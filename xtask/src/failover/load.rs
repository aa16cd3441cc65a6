//! Reports without a pause, each repeated under its key until it is answered, now at one node and now at the other: four a
//! second from somebody unknown, and one from somebody who is signed in, whose reports are called for at once and each by
//! itself (M24); and a command twice a second, to see how long what needs the database was away. Ann takes what was reported
//! some time ago and paged: where nobody ever does, the calls of ten minutes ago drown those of now.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{JoinHandle, sleep};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::houses::{Houses, Ports};
use crate::bench::client::{Client, Request};
use crate::stopwatch::Stopwatch;

/// Between two reports of somebody unknown.
const PACE: Duration = Duration::from_millis(250);
/// Between two reports of somebody who is signed in.
const KNOWN_PACE: Duration = Duration::from_secs(1);
/// What was reported so long ago is taken, once its page has left.
const TAKEN_AFTER: Duration = Duration::from_secs(45);
/// A client gives up so late and asks again, at the other node.
const PATIENCE: Duration = Duration::from_secs(10);

/// A report that was answered.
#[derive(Clone, Debug)]
pub struct Acknowledged {
    /// The address of its receipt, from the path on.
    pub receipt: String,
    /// It waited for the database.
    pub waited: bool,
    /// What it says: the last words of its page's subject.
    pub text: String,
    /// When it was answered, by the clock of the mails.
    pub at: Duration,
}

impl Acknowledged {
    /// Whether the database took it from somebody whom it knows.
    pub fn is_known(&self) -> bool {
        !self.waited && self.text.starts_with(KNOWN)
    }
}

/// So begins what somebody who is signed in reports.
const KNOWN: &str = "known";

/// What was answered so far.
#[derive(Clone, Debug, Default)]
pub struct Answered {
    /// Every report, each once.
    pub acknowledged: Vec<Acknowledged>,
    /// The longest time that a report had to be repeated until it was answered.
    pub longest_pause: Duration,
    /// The longest time without a command being carried out.
    pub longest_pause_of_commands: Duration,
    round: (Duration, Duration),
    commands: u64,
}

/// The load, while it runs.
pub struct Load {
    answered: Arc<Mutex<Answered>>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Load {
    /// Starts it.
    ///
    /// # Errors
    /// The case on which commands are carried out cannot be opened.
    pub fn start(houses: &Houses, clock: Stopwatch) -> Result<Self> {
        let answered = Arc::<Mutex<Answered>>::default();
        let stop = Arc::<AtomicBool>::default();
        let begun = send(
            houses.ports.of_turn(0),
            &report("begun", "", "the-first-one-of-all"),
        )?;
        let receipt = receipt(&begun.1).context("no receipt")?;
        let first = Acknowledged {
            waited: false,
            receipt: receipt.clone(),
            text: "begun".to_owned(),
            at: clock.read(),
        };
        lock(&answered).acknowledged.push(first);
        let reporter = |name, token: &str, pace| Reporter {
            name,
            token: token.to_owned(),
            pace,
            ports: houses.ports.clone(),
            clock,
        };
        let both = [
            reporter("fire", "", PACE),
            reporter(KNOWN, &houses.jane, KNOWN_PACE),
        ];
        let mut threads = Vec::new();
        for reporter in both {
            let (a, s) = (Arc::clone(&answered), Arc::clone(&stop));
            threads.push(std::thread::spawn(move || reporter.reports(&a, &s)));
        }
        let taker = Taker {
            ports: houses.ports.clone(),
            admin: houses.admin.clone(),
            ann: houses.ann.clone(),
            clock,
        };
        let (a, s) = (Arc::clone(&answered), Arc::clone(&stop));
        threads.push(std::thread::spawn(move || taker.takes(&a, &s)));
        let (a, s) = (Arc::clone(&answered), Arc::clone(&stop));
        let (ports, admin) = (houses.ports.clone(), houses.admin.clone());
        threads.push(std::thread::spawn(move || {
            commands(&ports, &receipt, &admin, &a, &s)
        }));
        Ok(Self {
            answered,
            stop,
            threads,
        })
    }

    /// What was answered so far.
    pub fn so_far(&self) -> Answered {
        lock(&self.answered).clone()
    }

    /// Pauses count anew from here.
    pub fn begin_round(&self) {
        lock(&self.answered).round = Default::default();
    }

    /// The longest pauses since: of reports, of commands.
    pub fn round(&self) -> (Duration, Duration) {
        lock(&self.answered).round
    }

    /// Waits until a command is carried out.
    ///
    /// # Errors
    /// None is within the patience.
    pub fn wait_for_a_command(&self, patience: Duration) -> Result<()> {
        let (watch, before) = (Stopwatch::start(), lock(&self.answered).commands);
        while watch.read() < patience {
            if lock(&self.answered).commands > before {
                return Ok(());
            }
            sleep(PACE);
        }
        bail!("no command is carried out after {} s", patience.as_secs())
    }

    /// Ends it.
    pub fn stop(self) -> Answered {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads {
            drop(thread.join());
        }
        lock(&self.answered).clone()
    }
}

fn lock(answered: &Mutex<Answered>) -> MutexGuard<'_, Answered> {
    answered.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Somebody who reports.
struct Reporter {
    name: &'static str,
    token: String,
    pace: Duration,
    ports: Ports,
    clock: Stopwatch,
}

impl Reporter {
    fn reports(&self, answered: &Mutex<Answered>, stop: &AtomicBool) {
        let mut turn = 0;
        for n in 0_u64.. {
            // One that was begun is brought to its end: whoever reports goes on until there is an answer.
            if stop.load(Ordering::Relaxed) {
                return;
            }
            let text = format!("{} {n:05}", self.name);
            let key = format!("failover-{}-{n:08}", self.name);
            let request = report(&text, &self.token, &key);
            let begun = Stopwatch::start();
            let (status, said) = loop {
                turn += 1;
                match send(self.ports.of_turn(turn), &request) {
                    Ok((status, said)) if status == 201 || status == 202 => break (status, said),
                    _ => sleep(Duration::from_millis(200)),
                }
            };
            let pause = begun.read();
            let report = receipt(&said).map(|receipt| Acknowledged {
                receipt,
                waited: status == 202,
                text,
                at: self.clock.read(),
            });
            let mut answered = lock(answered);
            answered.longest_pause = answered.longest_pause.max(pause);
            answered.round.0 = answered.round.0.max(pause);
            answered.acknowledged.extend(report);
            drop(answered);
            sleep(self.pace);
        }
    }
}

/// Whoever takes what was reported.
struct Taker {
    ports: Ports,
    admin: String,
    ann: String,
    clock: Stopwatch,
}

impl Taker {
    /// All of it in its order, but for the first, which the commands are about.
    fn takes(&self, answered: &Mutex<Answered>, stop: &AtomicBool) {
        let mut next = 1;
        while !stop.load(Ordering::Relaxed) {
            let report = lock(answered).acknowledged.get(next).cloned();
            let old = report.filter(|report| report.at + TAKEN_AFTER < self.clock.read());
            // What cannot be taken now, because its page has not left or the database is away, is asked for again.
            match old {
                Some(report) if self.take(next, &report.receipt) == Some(true) => next += 1,
                _ => sleep(PACE),
            }
        }
    }

    fn take(&self, turn: usize, receipt: &str) -> Option<bool> {
        let port = self.ports.of_turn(turn);
        let (_, stands) = send(port, &Request::get(receipt, "")).ok()?;
        let case = format!("/api/v1/cases/{}", stands["number"].as_str()?);
        let deliveries = Request::get(format!("{case}/deliveries"), &self.admin);
        let (_, told) = send(port, &deliveries).ok()?;
        let mut rows = told["deliveries"].as_array()?.iter();
        if !rows.any(|row| row["page"] == true && row["state"] == "done") {
            return Some(false);
        }
        let take = json!({ "command": "acknowledge" });
        let take = Request::post(format!("{case}/commands"), &self.ann, &take);
        let (status, _) = send(port, &take).ok()?;
        // A refusal (somebody has it already, because the answer before was lost) is an end as well.
        Some(status < 500)
    }
}

/// Adds to the first report again and again.
fn commands(
    ports: &Ports,
    receipt: &str,
    admin: &str,
    answered: &Mutex<Answered>,
    stop: &AtomicBool,
) {
    let mut last = Stopwatch::start();
    let mut n = 0_usize;
    while !stop.load(Ordering::Relaxed) {
        n += 1;
        let more = json!({ "command": "add_details", "text": format!("more {n}") });
        let request = Request::post(receipt, admin, &more);
        if send(ports.of_turn(n), &request).is_ok_and(|(status, _)| status == 200) {
            let pause = last.read();
            last = Stopwatch::start();
            let mut answered = lock(answered);
            let longest = answered.longest_pause_of_commands.max(pause);
            answered.longest_pause_of_commands = longest;
            answered.commands += 1;
            answered.round.1 = answered.round.1.max(pause);
        }
        sleep(PACE * 2);
    }
}

fn report(text: &str, token: &str, key: &str) -> Request {
    Request {
        headers: format!("Idempotency-Key: {key}\r\n"),
        ..Request::post("/api/v1/reports", token, &json!({ "text": text }))
    }
}

fn send(port: u16, request: &Request) -> Result<(u16, Value)> {
    let answer = Client::connect_within(port, PATIENCE)?.call(request)?;
    Ok((
        answer.status,
        serde_json::from_slice(&answer.body).unwrap_or_default(),
    ))
}

/// The path of a receipt of the API.
fn receipt(said: &Value) -> Option<String> {
    let address = said["api_receipt"].as_str()?;
    Some(address[address.find("/api/")?..].to_owned())
}
