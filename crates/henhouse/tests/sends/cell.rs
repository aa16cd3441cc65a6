//! One manner of a mail server and some deaths: a house beside it, one page for each life.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use henhouse::clock::Clock;
use henhouse::store::{JournalKind, Lane, OutboxRow, OutboxState, Store, StoreError};
use reqwest::blocking::Client;
use serde_json::{Value, json};

use super::chance::Chance;
use super::death::Death;
use super::house::House;
use super::manners::Manner;
use super::peers::smtp::{Received, Setup, SmtpPeer};
use super::served::{self, Served};

/// A process that was told to die does so within so long, or lives on.
const DEATH: Duration = Duration::from_millis(2_500);
/// A page has left within so long after the last start: some are tried three times.
const LEFT: Duration = Duration::from_secs(60);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(50);

/// What is to be done.
pub struct Cell {
    pub manner: &'static Manner,
    /// One life for each, and all of them so many times.
    pub deaths: Vec<Death>,
    pub times: usize,
    /// At most so many attempts at a page meet the server's manner.
    pub troubles: usize,
    pub seed: u64,
}

/// A cell with its house. It is founded before any other process is started: a child that is just being started holds every
/// file that its parent has open, the lock of a new house too.
pub struct Founded {
    pub cell: Cell,
    house: House,
    reporter: Reporter,
}

/// What was counted.
#[derive(Default)]
pub struct Figures {
    pages: usize,
    died: usize,
    mails: usize,
    /// Mails that came again, byte for byte and under the same key.
    again: usize,
}

impl Figures {
    pub fn add(&mut self, more: &Self) {
        self.pages += more.pages;
        self.died += more.died;
        self.mails += more.mails;
        self.again += more.again;
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} pages, {} deaths, 0 pages missed, {} mails, {} of them again under the same key, 0 under another",
            self.pages, self.died, self.mails, self.again
        )
    }
}

/// Whoever reports.
struct Reporter {
    http: Client,
    token: String,
    ann: String,
}

impl Reporter {
    /// The number of the case, if an answer came.
    fn reports(&self, url: &str, n: usize) -> Option<String> {
        let request = self.http.post(format!("{url}/api/v1/reports"));
        let request = request
            .bearer_auth(&self.token)
            .header("Idempotency-Key", format!("page-{n:05}"));
        let report = json!({ "text": format!("Fox {n:05}") });
        let answer: Value = request.json(&report).send().ok()?.json().ok()?;
        Some(answer["number"].as_str()?.to_owned())
    }

    /// Ann takes the case.
    fn takes(&self, url: &str, number: &str) -> bool {
        let path = format!("{url}/api/v1/cases/{number}/commands");
        let request = self.http.post(path).bearer_auth(&self.ann);
        let said = request.json(&json!({ "command": "acknowledge" })).send();
        said.is_ok_and(|said| said.status().is_success())
    }

    fn has_left(&self, url: &str, number: &str) -> bool {
        let path = format!("{url}/api/v1/cases/{number}/deliveries");
        let asked = self.http.get(path).bearer_auth(&self.token).send();
        let Ok(told) = asked.and_then(|said| said.json::<Value>()) else {
            return false;
        };
        let mut pages = told["deliveries"].as_array().into_iter().flatten();
        pages.any(|row| row["page"] == true)
            && told["deliveries"]
                .as_array()
                .into_iter()
                .flatten()
                .all(|row| row["state"] == "done")
    }
}

impl Cell {
    pub fn name(&self) -> String {
        let deaths: Vec<&str> = self.deaths.iter().map(|death| death.name()).collect();
        format!("{}, {}", self.manner.name, deaths.join(" and "))
    }

    /// Founds its house.
    pub fn found(self) -> Founded {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let security = if self.manner.tls { "starttls" } else { "none" };
        let peer = SmtpPeer::start(Setup {
            security,
            login: None,
        });
        let house = runtime.block_on(House::found_beside(peer, Clock::real(), None));
        if self.manner.tls {
            speaks_tls(&house);
        }
        let reporter = Reporter {
            http: Client::builder()
                .timeout(Duration::from_secs(20))
                .build()
                .unwrap(),
            token: served::token(&house.data(), None),
            ann: served::token(&house.data(), Some("ann")),
        };
        Founded {
            cell: self,
            house,
            reporter,
        }
    }

    /// One page, a death, and a life in which it leaves.
    fn life(
        &self,
        house: &mut House,
        reporter: &Reporter,
        death: Death,
        n: usize,
        chance: &mut Chance,
    ) -> bool {
        house.mail.order(json!({ "do": "forget" }));
        for _ in 0..=chance.below(self.troubles) {
            if let Some(order) = (self.manner.order)() {
                house.mail.order(order);
            }
        }
        let order = death.order(chance);
        let order = order.as_deref().map(|order| ("HENHOUSE_KILL_AT", order));
        let mut first = Served::try_start(&house.data(), &[], order.as_slice());
        let mut number = None;
        if !first.url.is_empty() {
            number = reporter.reports(&first.url, n);
            let moment = death.moment(chance).map(Duration::from_millis);
            wait_for(moment.unwrap_or(DEATH), || {
                first.process.try_wait().unwrap().is_some()
            });
        }
        let by_order = death == Death::Any || first.process.try_wait().unwrap().is_some();
        drop(first);
        let again = Served::start(&house.data(), &[], &[]);
        let same = reporter.reports(&again.url, n).unwrap();
        assert_eq!(
            *number.get_or_insert_with(|| same.clone()),
            same,
            "one key, two cases"
        );
        let left = wait_for(LEFT, || reporter.has_left(&again.url, &same));
        assert!(
            left,
            "{}: the page of {same} did not leave: {}",
            self.name(),
            again.log()
        );
        // Else the next people are called for it some lives later.
        assert!(reporter.takes(&again.url, &same), "{}", again.log());
        by_order
    }

    /// Every page has come; what came more than once is one mail, and only came so where nobody could know.
    fn holds(&self, store: &Store, mails: &[Received]) -> Figures {
        let mut by_key = BTreeMap::<String, Vec<&Received>>::new();
        for mail in mails {
            by_key
                .entry(mail.header("X-Henhouse-Notice"))
                .or_default()
                .push(mail);
        }
        let mut figures = Figures {
            mails: mails.len(),
            ..Figures::default()
        };
        for row in pages(store) {
            let what = format!("{}: {} to {:?}", self.name(), row.notice, row.person);
            let copies = by_key.remove(&row.notice.to_string()).unwrap_or_default();
            // In a run of an hour prompts fall due as well. They wait for others, and may still wait when it ends.
            let waits = row.lane == Lane::Ordinary && row.state == OutboxState::Queued;
            assert!(
                waits || row.state == OutboxState::Done,
                "{what}: {:?}",
                row.state
            );
            assert!(waits || !copies.is_empty(), "{what} never came");
            let one = |copy: &&Received| {
                copy.mail == copies[0].mail
                    && copy.header("Message-ID") == copies[0].header("Message-ID")
            };
            assert!(
                copies.iter().all(one),
                "{}: another mail under one key",
                self.name()
            );
            figures.pages += usize::from(row.lane == Lane::Urgent);
            figures.again += copies.len().saturating_sub(1);
        }
        let strange: Vec<&String> = by_key.keys().collect();
        assert!(
            strange.is_empty(),
            "{}: nobody wrote {strange:?}",
            self.name()
        );
        let known =
            !self.manner.leaves_doubt && self.deaths.iter().all(|death| death.is_before_all());
        assert!(
            !known || figures.again == 0,
            "{}: {} came twice for nothing",
            self.name(),
            figures.again
        );
        let expected = self.times * self.deaths.len();
        assert!(
            figures.pages >= expected,
            "{}: {} of {expected} pages",
            self.name(),
            figures.pages
        );
        figures
    }
}

impl Founded {
    /// Lives all lives and holds everything against the promise.
    pub fn run(mut self) -> Figures {
        let (cell, mut chance, mut died) = (&self.cell, Chance::of(self.cell.seed), 0);
        let lives = (0..cell.times).flat_map(|_| &cell.deaths);
        for (n, death) in lives.enumerate() {
            let dies = cell.life(&mut self.house, &self.reporter, *death, n, &mut chance);
            died += usize::from(dies);
        }
        let (_desk, store) = self.house.desk(Clock::real(), false);
        let mut figures = cell.holds(&store, &self.house.mail.received());
        figures.died = died;
        figures
    }
}

fn pages(store: &Store) -> Vec<OutboxRow> {
    let rows = store.read_inline(|view| {
        let mut rows = Vec::new();
        for case in view.journals(JournalKind::Case)? {
            rows.extend(view.deliveries_of(case.id)?);
        }
        Ok::<_, StoreError>(rows)
    });
    rows.unwrap()
}

/// The settings with which mail leaves by TLS for this server.
fn speaks_tls(house: &House) {
    let file = house.data().join("henhouse.toml");
    let settings = std::fs::read_to_string(&file).unwrap();
    let trusts: &Path = &house.mail.certificate.authority;
    let settings = settings
        .replace("host = '127.0.0.1'", "host = 'localhost'")
        .replace(
            "security = 'none'",
            &format!(
                "security = 'starttls'\nextra_ca_file = '{}'",
                trusts.display()
            ),
        );
    std::fs::write(file, settings).unwrap();
}

/// Looks until it is so, or until this time has passed; says whether it is.
fn wait_for(time: Duration, mut is_so: impl FnMut() -> bool) -> bool {
    let clock = Clock::real();
    let begun = clock.steady();
    while clock.steady() - begun < time {
        if is_so() {
            return true;
        }
        std::thread::sleep(LOOK);
    }
    is_so()
}
