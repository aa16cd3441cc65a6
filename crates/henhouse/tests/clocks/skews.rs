//! Nodes of one database on machines whose clocks are wrong, by minutes or by an hour, or are set while they run.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use henhouse::clock::Clock;
use henhouse::store::{AttemptOutcome, JournalId, StoreError};
use jiff::SignedDuration;
use serde_json::json;

use super::freezes::{SOON, seen};
use super::house::House;
use super::past::{self, Recipe};
use super::peers::cluster::Cluster;
use super::served;
use super::wall::Wall;

/// What was counted.
#[derive(Default)]
pub struct Figures {
    runs: usize,
    /// The worst time from the due time to the deed, by a right clock, in seconds.
    late: f64,
    /// Mails that a slow peer took while both nodes could have sent them.
    mails: usize,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} nodes with a wrong clock, 0 early, latest {:.2} s; {} mails, 0 twice",
            self.runs, self.late, self.mails
        )
    }
}

/// What is promised, in seconds.
const LATE: f64 = 5.0;
/// What nobody calls early: the test's clock and the database's are one, but each is read in its turn.
const SLACK: SignedDuration = SignedDuration::from_millis(20);

/// Each of these is tried ahead, behind, set while the node runs, and between two nodes.
pub async fn nodes_with(skews: &[i64], library: &Path) -> Figures {
    let cluster = Cluster::start("skew", "");
    let mut house = House::found(Clock::real(), Some(cluster.address())).await;
    let real = Clock::real();
    let second = house.second();
    let token = served::token(&house.data(), None);
    let mut figures = Figures::default();
    let signed = skews.iter().flat_map(|skew| [*skew, -*skew]);
    for (n, ahead) in signed.enumerate() {
        for set_to in [ahead, -ahead] {
            let recipe = past::RECIPES[n % 2];
            let text = format!("Fox {ahead} {set_to}");
            let owing = past::make(&house, recipe, real.wall() + SOON, &text).await;
            let shown = real.wall() + SignedDuration::from_secs(ahead);
            let mut wall = Wall::at(house.file("ahead"), shown);
            let node = house.start(&house.data(), &wall.variables(library));
            wall.jumps(SignedDuration::from_secs(set_to - ahead));
            let done = seen(&real, &node, &token, &owing).await;
            let late = done.duration_since(owing.due);
            assert!(late >= -SLACK, "{text}: early by {late:?}");
            assert!(late.as_secs_f64() <= LATE, "{text}: late by {late:?}");
            figures.runs += 1;
            figures.late = figures.late.max(late.as_secs_f64());
        }
    }
    // Longer than it takes to look whether a lease has run out.
    let slow = json!({ "do": "slow", "stage": "data", "seconds": 2.5, "times": 0 });
    house.mail.order(slow);
    for (n, skew) in skews.iter().enumerate() {
        let text = format!("Two foxes {skew}");
        let owing = past::make(&house, Recipe::Call, real.wall() + SOON, &text).await;
        let walls = [-skew, *skew].map(|ahead| {
            let shown = real.wall() + SignedDuration::from_secs(ahead);
            Wall::at(house.file(&format!("ahead {n} {ahead}")), shown)
        });
        let [behind, ahead] = [(house.data(), &walls[0]), (second.clone(), &walls[1])];
        let nodes =
            [behind, ahead].map(|(data, wall)| house.start(&data, &wall.variables(library)));
        let done = seen(&real, &nodes[n % 2], &token, &owing).await;
        assert!(done >= owing.due - SLACK);
        tokio::time::sleep(Duration::from_secs(6)).await;
        drop(nodes);
        figures.mails += sent_once(&house, owing.journal);
    }
    figures
}

/// Nobody took away what another node was sending: each lease led to an answer, and each mail came once.
fn sent_once(house: &House, case: JournalId) -> usize {
    let (_desk, store) = house.desk(Clock::real(), false);
    let read = store.read_inline(|view| {
        let rows = view.deliveries_of(case)?;
        let attempts = view.attempts_of(case)?;
        Ok::<_, StoreError>((rows, attempts))
    });
    let (rows, attempts) = read.unwrap();
    let lost = attempts
        .iter()
        .find(|attempt| attempt.outcome == AttemptOutcome::Uncertain && attempt.receipt.is_none());
    assert!(lost.is_none(), "a lease was taken away: {lost:?} {rows:?}");
    let mut came: BTreeMap<String, usize> = BTreeMap::new();
    for mail in house.mail.received() {
        *came.entry(mail.header("X-Henhouse-Notice")).or_default() += 1;
    }
    let ours = rows.iter().map(|row| row.notice.to_string());
    let times: Vec<usize> = ours.filter_map(|id| came.get(&id).copied()).collect();
    assert!(times.iter().all(|times| *times == 1), "{came:?}");
    times.len()
}
