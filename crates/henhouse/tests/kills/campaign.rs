//! A campaign: lives of the program that end at one point, or at any moment, until it has died often enough.

use std::time::Duration;

use henhouse::clock::Clock;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::chance::Chance;
use super::figures::Figures;
use super::house::{House, Running};
use super::ledger::Ledger;
use super::past;

/// Deaths of each campaign when nobody says how many.
const DEATHS: u32 = 5;
/// Seconds of lateness that no load of a test machine explains: a lease that had to run out takes 15.
const LATE: f64 = 8.0;
/// What is promised, where figures are asked for.
const PROMISED: f64 = 2.0;
/// What leaves later than this waits for the turn of the person it rings for (M20), and is told, not waited for.
const PATIENCE: SignedDuration = SignedDuration::from_secs(90);
/// People who report at the same time.
const REPORTERS: usize = 3;
/// What each of them does in one life, if the program lives so long.
const ACTS: usize = 25;

/// On which time it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Real,
    Drill,
}

/// When it dies.
#[derive(Clone, Copy, Debug)]
pub enum Moment {
    /// At a passing of this point.
    At(&'static str),
    /// At any moment, by SIGKILL.
    Any,
}

/// Runs a campaign to its end, checks everything, prints the figures.
pub fn run(mode: Mode, moment: Moment) {
    henhouse::tls::install_provider();
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let asked = number("HENHOUSE_KILLS").map(|deaths| u32::try_from(deaths).unwrap());
    let seed = number("HENHOUSE_SEED").unwrap_or(1);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut campaign = Campaign::begin(mode, moment, seed).await;
        while campaign.ledger.figures.deaths < asked.unwrap_or(DEATHS) {
            campaign.life().await;
        }
        let figures = campaign.end(asked.is_some()).await;
        eprintln!("{figures}");
        let allowed = if asked.is_some() { PROMISED } else { LATE };
        assert!(figures.late <= allowed, "late by {:.2} s", figures.late);
    });
}

struct Campaign {
    house: House,
    moment: Moment,
    chance: Chance,
    ledger: Ledger,
    clock: Clock,
    who: Tokens,
}

/// Who speaks to the program.
#[derive(Clone, Default)]
struct Tokens {
    program: String,
    ann: String,
}

impl Campaign {
    async fn begin(mode: Mode, moment: Moment, seed: u64) -> Self {
        let house = House::found(mode).await;
        let first = house.start(None, None);
        let who = Tokens {
            program: house.token(None),
            ann: house.token(Some("ann")),
        };
        drop(first);
        let name = match moment {
            Moment::At(point) => point,
            Moment::Any => "any moment",
        };
        let salt = name
            .bytes()
            .fold(u64::from(mode == Mode::Drill), |salt, byte| {
                salt.wrapping_mul(31).wrapping_add(u64::from(byte))
            });
        let mut ledger = Ledger::default();
        ledger.figures.name = format!("{mode:?}, {name}").to_lowercase();
        Self {
            house,
            moment,
            chance: Chance::of(seed ^ salt),
            ledger,
            clock: Clock::real(),
            who,
        }
    }

    /// One life, from the start to the death.
    async fn life(&mut self) {
        if self.house.mode == Mode::Real && self.chance.percent(60) {
            for _ in 0..=self.chance.below(2) {
                let recipe = *self.chance.pick(&past::RECIPES);
                let soon = Duration::from_millis(self.chance.below(500) as u64);
                let target = self.clock.wall() + soon;
                let text = self.ledger.text();
                let due = past::make(&self.house, recipe, target, &text).await;
                self.ledger.was_made(text, due, self.clock.wall());
            }
        }
        // Often it lives on in peace after a death, sometimes it dies again before it has caught up.
        if self.chance.percent(60) {
            let running = self.house.start(None, None);
            let up_from = self.clock.wall();
            self.quiet(Duration::from_millis(200)).await;
            self.ledger.lives.push((up_from, self.clock.wall()));
            drop(running);
        }
        let (order, kill) = match self.moment {
            Moment::At(point) => {
                let passing = 1 + self
                    .chance
                    .below(if point.ends_with("send") { 8 } else { 20 });
                (Some(format!("{point}:{passing}")), None)
            }
            Moment::Any => (
                None,
                Some(Duration::from_millis(self.chance.below(900) as u64)),
            ),
        };
        let mut running = self.house.start(order.as_deref(), kill);
        let (up_from, listened) = (self.clock.wall(), running.listened());
        if listened {
            self.acts(&running).await;
        }
        // Whoever outlives all acts dies now, and does not count.
        let by_order = !running.outlives();
        let died = self.clock.wall();
        drop(running);
        let figures = &mut self.ledger.figures;
        figures.deaths += u32::from(by_order);
        figures.at_start += u32::from(!listened);
        if listened {
            self.ledger.lives.push((up_from, died));
        }
    }

    /// Everybody does things until the program is gone.
    async fn acts(&mut self, running: &Running) {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(30))
            .build()
            .unwrap();
        let house = Doors {
            http,
            url: running.url.clone(),
            who: self.who.clone(),
        };
        let mut unanswered = self.ledger.unanswered();
        let mut people = tokio::task::JoinSet::new();
        for n in 0..REPORTERS {
            let mut todo = if n == 0 {
                std::mem::take(&mut unanswered)
            } else {
                Vec::new()
            };
            todo.extend((0..ACTS).map(|_| self.ledger.new_report()));
            let (house, chance) = (house.clone(), Chance::of(self.chance.below(1 << 30) as u64));
            people.spawn(async move { reports(&house, todo, chance).await });
        }
        let drill = self.house.mode == Mode::Drill;
        let (clock, chance) = (house.clone(), Chance::of(self.chance.below(1 << 30) as u64));
        let time = tokio::spawn(async move {
            if drill {
                advances(&clock, chance).await;
            }
        });
        while let Some(said) = people.join_next().await {
            self.ledger.heard(said.unwrap());
        }
        time.abort();
    }

    /// The last starts: everything that waits leaves, and everything is checked.
    async fn end(mut self, patient: bool) -> Figures {
        while let Some(until) = self.look().await {
            let now = self.clock.wall();
            if until > now && !patient || until > now + PATIENCE {
                break;
            }
            let wait = until.duration_since(now).max(SignedDuration::ZERO);
            tokio::time::sleep(wait.unsigned_abs()).await;
        }
        let (desk, store) = self.house.desk(Clock::real(), false);
        let mails = self.house.mail.received();
        self.ledger
            .check(&desk, &store, &mails, self.house.mode)
            .await;
        self.ledger.figures
    }

    /// Serves until all is quiet, then looks until when something still waits to be sent.
    async fn look(&mut self) -> Option<Timestamp> {
        let running = self.house.start(None, None);
        let up_from = self.clock.wall();
        let doors = Doors {
            http: reqwest::Client::new(),
            url: running.url.clone(),
            who: self.who.clone(),
        };
        let todo = self.ledger.unanswered();
        let said = reports(&doors, todo, Chance::of(0)).await;
        self.ledger.heard(said);
        self.quiet(Duration::from_millis(700)).await;
        let looks = &mut self.ledger.looks;
        looks.push((up_from, self.clock.wall()));
        assert!(looks.len() < 100, "the outbox is never empty");
        drop(running);
        let (_desk, store) = self.house.desk(Clock::real(), false);
        self.ledger.waits(&store, self.clock.wall())
    }

    /// Until no mail has come for so long.
    async fn quiet(&self, pause: Duration) {
        let mut before = usize::MAX;
        loop {
            let now = self.house.mail.count();
            if now == before {
                return;
            }
            before = now;
            tokio::time::sleep(pause).await;
        }
    }
}

/// The program's doors, as people see them.
#[derive(Clone)]
struct Doors {
    http: reqwest::Client,
    url: String,
    who: Tokens,
}

/// A report, and the key under which it counts once.
#[derive(Clone, Debug)]
pub struct Sent {
    pub key: String,
    pub text: String,
    /// The number that was answered; `None` if no answer came.
    pub number: Option<String>,
}

impl Doors {
    async fn post(&self, path: &str, token: &str, key: &str, body: &Value) -> Option<Value> {
        let request = self.http.post(format!("{}{path}", self.url)).json(body);
        let request = match token {
            "" => request,
            token => request.bearer_auth(token),
        };
        let response = request.header("Idempotency-Key", key).send().await.ok()?;
        response.json().await.ok()
    }
}

/// Reports and answers, one after the other, until the program is gone; answers what was heard.
async fn reports(house: &Doors, todo: Vec<Sent>, mut chance: Chance) -> Vec<Sent> {
    let mut said = Vec::new();
    for mut report in todo {
        // Of unknown people a few: the pages of many would be shared, and leave once a minute.
        let token = if report.key.ends_with("00") {
            ""
        } else {
            &house.who.program
        };
        let body = json!({ "text": report.text });
        let answer = house
            .post("/api/v1/reports", token, &report.key, &body)
            .await;
        report.number = answer
            .as_ref()
            .and_then(|a| Some(a["number"].as_str()?.to_owned()));
        said.push(report.clone());
        let Some(number) = report.number else {
            break;
        };
        let path = format!("/api/v1/cases/{number}/commands");
        if chance.percent(60) {
            let command = json!({ "command": "acknowledge" });
            let key = format!("{}-ack", report.key);
            house.post(&path, &house.who.ann, &key, &command).await;
        }
        if chance.percent(70) {
            let command = json!({ "command": "false_alarm", "reason": "It was the cat." });
            let key = format!("{}-over", report.key);
            house.post(&path, &house.who.ann, &key, &command).await;
        }
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    said
}

/// Moves the drill's clock on and on.
async fn advances(house: &Doors, mut chance: Chance) {
    loop {
        let minutes = 1 + chance.below(14);
        let body = json!({ "advance": format!("PT{minutes}M") });
        let path = "/api/v1/drill/clock";
        let answer = house.post(path, &house.who.program, "", &body).await;
        if answer.is_none() {
            return;
        }
    }
}
