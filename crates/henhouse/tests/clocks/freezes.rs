//! A node stands still while something falls due, and goes on.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use henhouse::clock::Clock;
use henhouse::store::{JournalId, StoreError};
use jiff::{SignedDuration, Timestamp};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tokio::sync::Mutex;

use super::chance::Chance;
use super::house::House;
use super::past::{self, Owing};
use super::peers::cluster::Cluster;
use super::seen::Seen;
use super::served::{self, Served};

/// Lanes go on side by side. Of those who start a process or have a store open in this one there is one at a time: a child
/// that is just being started holds every file that its parent has open.
static TURN: Mutex<()> = Mutex::const_new(());

/// What is asked of one lane.
#[derive(Clone, Copy)]
pub struct Lane {
    pub freezes: usize,
    /// The longest freeze, in seconds; the shortest takes five.
    pub longest: usize,
    pub seed: u64,
}

impl Lane {
    /// For how long the next one is: as many between five and ten seconds as between five and ten minutes.
    fn still(&self, chance: &mut Chance) -> Duration {
        let part = chance.below(1_000) as f64 / 999.0;
        let times = (self.longest.max(5) as f64 / SHORTEST).powf(part);
        Duration::from_secs_f64(SHORTEST * times)
    }
}

/// Seconds.
const SHORTEST: f64 = 5.0;

/// What was counted.
#[derive(Default)]
pub struct Figures {
    freezes: usize,
    longest: Duration,
    /// The worst time from the thaw, or where another node was up from the due time, to the deed, in seconds.
    late: f64,
    mails: usize,
    /// Mails that came again under the id that they had.
    same_id: usize,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} freezes of up to {:.0} s, 0 done twice, latest {:.2} s; {} mails, {} again under their id",
            self.freezes,
            self.longest.as_secs_f64(),
            self.late,
            self.mails,
            self.same_id
        )
    }
}

/// What is promised after a thaw, in seconds.
const LATE: f64 = 5.0;
/// The same of a node that goes on while another one stands still in the middle of a transaction: the database ends that
/// after fifteen seconds.
const HELD_UP: f64 = 15.0 + LATE;
/// From now until it is due: nodes have to start.
pub const SOON: SignedDuration = SignedDuration::from_secs(4);
/// Looks at a journal, each of a twentieth of a second, until what was due is seen.
const LOOKS: usize = 400;

/// One node over a file.
pub async fn alone(lane: Lane) -> Figures {
    let turn = TURN.lock().await;
    let house = House::found(Clock::real(), None).await;
    let (real, mut chance) = (Clock::real(), Chance::of(lane.seed));
    let token = served::token(&house.data(), None);
    drop(turn);
    let mut figures = Figures::default();
    for n in 0..lane.freezes {
        let recipe = *chance.pick(&past::RECIPES);
        let turn = TURN.lock().await;
        let owing = past::make(&house, recipe, real.wall() + SOON, &format!("Fox {n}")).await;
        let node = house.start(&house.data(), &[]);
        drop(turn);
        sleep_until(&real, owing.due - SignedDuration::from_millis(300)).await;
        stops(&node, Signal::STOP);
        let still = lane.still(&mut chance);
        figures.longest = figures.longest.max(still);
        tokio::time::sleep(still).await;
        stops(&node, Signal::CONT);
        let thawed = real.wall();
        let done = seen(&real, &node, &token, &owing).await;
        assert!(done >= thawed, "it stood still");
        figures.was_done(done.duration_since(thawed), LATE);
        drop(node);
        let _turn = TURN.lock().await;
        figures.counts(&house, owing.journal);
    }
    figures
}

/// Two nodes over a database: one goes on, the other stands still, in the middle of whatever it does.
pub async fn of_two(lane: Lane) -> Figures {
    let turn = TURN.lock().await;
    let cluster = Cluster::start(&format!("freeze{}", lane.seed), "");
    let house = House::found(Clock::real(), Some(cluster.address())).await;
    let (real, mut chance) = (Clock::real(), Chance::of(lane.seed));
    let second = house.second();
    let token = served::token(&house.data(), None);
    drop(turn);
    let mut figures = Figures::default();
    for n in 0..lane.freezes {
        let recipe = *chance.pick(&past::RECIPES);
        let turn = TURN.lock().await;
        let owing = past::make(&house, recipe, real.wall() + SOON, &format!("Fox {n}")).await;
        // Made while nothing runs: a node would act on what is overdue until it is complete.
        let nodes = [house.data(), second.clone()].map(|data| house.start(&data, &[]));
        drop(turn);
        let (frozen, awake) = (&nodes[n % 2], &nodes[(n + 1) % 2]);
        let busy = tokio::spawn(reports(frozen.url.clone(), token.clone(), n));
        let before = 100 + chance.below(900) as i64;
        sleep_until(&real, owing.due - SignedDuration::from_millis(before)).await;
        stops(frozen, Signal::STOP);
        let asleep = real.wall();
        let done = seen(&real, awake, &token, &owing).await;
        figures.was_done(done.duration_since(owing.due), HELD_UP);
        let still = lane.still(&mut chance);
        figures.longest = figures.longest.max(still);
        sleep_until(&real, asleep + SignedDuration::try_from(still).unwrap()).await;
        stops(frozen, Signal::CONT);
        busy.await.unwrap();
        tokio::time::sleep(Duration::from_secs(2)).await;
        figures.counts(&house, owing.journal);
    }
    figures
}

/// So that the node is in the middle of something when it stands still.
async fn reports(url: String, token: String, n: usize) {
    let http = reqwest::Client::new();
    for report in 0..60 {
        let body = json!({ "text": format!("Busy {n} {report}") });
        let request = http.post(format!("{url}/api/v1/reports")).json(&body);
        // After a thaw it may end connections that were silent for long: nothing was said then.
        if let Ok(said) = request.bearer_auth(&token).send().await {
            assert!(said.status().is_success(), "{said:?}");
        }
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
}

/// When what is owed was seen to be done.
pub async fn seen(real: &Clock, node: &Served, token: &str, owing: &Owing) -> Timestamp {
    let mut seen = Seen::of(&node.url, token, &owing.number);
    for _ in 0..LOOKS {
        seen.look(real, 1).await;
        let done = seen.by_time().into_iter();
        let mut done = done.filter(|(due, ..)| *due >= owing.due);
        if let Some((due, recorded, at)) = done.next() {
            assert!(recorded >= due && seen.never_back());
            return at;
        }
    }
    panic!("it was never done: {owing:?} {}", node.log());
}

impl Figures {
    /// Of two lanes together.
    pub fn and(mut self, more: &Self) -> Self {
        self.freezes += more.freezes;
        self.longest = self.longest.max(more.longest);
        self.late = self.late.max(more.late);
        self.mails += more.mails;
        self.same_id += more.same_id;
        self
    }

    fn was_done(&mut self, late: SignedDuration, allowed: f64) {
        self.freezes += 1;
        self.late = self.late.max(late.as_secs_f64());
        assert!(late.as_secs_f64() <= allowed, "late by {late:?}");
    }

    /// What time did it did once, and every mail about it has an id that somebody gave it.
    fn counts(&mut self, house: &House, case: JournalId) {
        let (_desk, store) = house.desk(Clock::real(), false);
        let read = store.read_inline(|view| {
            let number = view.case(case)?.map(|row| row.number.to_string());
            Ok::<_, StoreError>((number, view.deliveries_of(case)?))
        });
        let (number, rows) = read.unwrap();
        let deeds = rows.iter().map(|row| {
            (
                row.seq,
                row.person.clone(),
                row.recipient.clone(),
                row.route.clone(),
            )
        });
        let once: BTreeSet<_> = deeds.collect();
        assert_eq!(once.len(), rows.len(), "{rows:?}");
        let (number, mails) = (number.unwrap(), house.mail.received());
        let about = mails.iter().filter(|mail| {
            let subject = mail.header("Subject");
            let mut words = subject.split(|c: char| !c.is_alphanumeric() && c != '-');
            words.any(|word| word == number)
        });
        let ids: Vec<String> = about.map(|mail| mail.header("X-Henhouse-Notice")).collect();
        let different: BTreeSet<&String> = ids.iter().collect();
        for id in &different {
            let known = rows.iter().any(|row| row.notice.to_string() == **id);
            assert!(known, "nobody wrote {id}");
        }
        self.mails += ids.len();
        self.same_id += ids.len() - different.len();
    }
}

fn stops(node: &Served, signal: Signal) {
    kill_process(Pid::from_child(&node.process), signal).unwrap();
}

async fn sleep_until(real: &Clock, at: Timestamp) {
    let left = at.duration_since(real.wall()).max(SignedDuration::ZERO);
    tokio::time::sleep(left.unsigned_abs()).await;
}
