//! The instant at which everything falls due, and what is seen of it by the mail server.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use henhouse::clock::Clock;
use henhouse::desk::{Desk, Onlooker};
use henhouse::store::{JournalId, JournalKind, Lane, OutboxRow, Store, StoreError};
use jiff::{SignedDuration, Timestamp};
use procedure::Actor;

use super::figures::{Figures, Late};
use super::flood::Flood;
use super::house::House;
use super::past::{self, Owing};
use super::peers::smtp::Received;
use super::served;

/// What is promised, in seconds: of a hundred pages ninety-nine leave within this,
const MOST: f64 = 5.0;
/// and all within this.
const ALL: f64 = 15.0;
/// Everything that was due has come within so long, or it never will.
const PATIENCE: Duration = Duration::from_secs(60);
/// From the moment when the cases are begun to be made until they fall due: nodes have to start, and the pages that they
/// find due have to leave.
const BEFORE: SignedDuration = SignedDuration::from_secs(3);

/// Cases that are made to see how long it takes.
const SOME: i32 = 10;

/// How much is asked for.
#[derive(Clone, Copy)]
pub struct Asked {
    /// Pages that fall due at one instant.
    pub pages: usize,
    /// Reports while they do.
    pub reports_a_second: usize,
    /// Whether figures were asked for: a short run may share its machine with other tests.
    pub strict: bool,
}

/// Lets them fall due on so many nodes; everything is held against the promise.
pub async fn run(asked: Asked, database: Option<String>, nodes: usize) -> Figures {
    let real = Clock::real();
    let house = House::found(Clock::real(), database).await;
    let texts: Vec<String> = (0..asked.pages).map(|n| format!("Fox {n:05}")).collect();
    let (each, others) = making(&house).await;
    let target = real.wall() + BEFORE + each * i32::try_from(asked.pages).unwrap();
    let owing = past::make_all(&house, target, &texts).await;
    let token = served::token(&house.data(), None);
    let mut data = vec![house.data()];
    data.extend((1..nodes).map(|_| house.second()));
    let nodes: Vec<_> = data.iter().map(|data| house.start(data, &[])).collect();
    let urls = nodes.iter().map(|node| node.url.clone()).collect();
    assert!(real.wall() < target, "this machine made them too slowly");
    let flood = Flood::begin(urls, &token, asked.reports_a_second);
    let left = target.duration_since(real.wall());
    tokio::time::sleep(left.max(SignedDuration::ZERO).unsigned_abs()).await;
    let begun = real.steady();
    while !all_came(&house, target, asked.pages) && real.steady() - begun < PATIENCE {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let said = flood.end().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    drop(nodes);
    let (desk, store) = house.desk(Clock::real(), false);
    let mails = by_id(house.mail.received());
    let again = mails.values().map(|times| times.len() - 1).sum();
    let (due, first) = late(&desk, &store, (&owing, &others), &mails).await;
    let figures = Figures {
        due: Late::of(due),
        first: Late::of(first),
        kept: said.kept,
        refused: said.refused,
        reports_a_second: asked.reports_a_second,
        again,
    };
    assert_eq!(said.refused, 0, "{figures}");
    let kept = cases(&store).len() - owing.len() - SOME as usize;
    assert_eq!(kept, said.kept, "lost or doubled: {figures}");
    assert!(figures.due.count() >= asked.pages, "{figures}");
    for late in [&figures.due, &figures.first] {
        let most = if asked.strict { MOST } else { ALL };
        let in_time = late.percentile(99) <= most && late.worst() <= ALL;
        assert!(in_time, "{figures}");
    }
    figures
}

/// How long is to be allowed for a case: to be made, and for its first page, which leaves at the start. What is made to find
/// out falls due minutes later.
async fn making(house: &House) -> (SignedDuration, BTreeSet<JournalId>) {
    let real = Clock::real();
    let texts: Vec<String> = (0..SOME).map(|n| format!("Hen {n:05}")).collect();
    let begun = real.steady();
    let later = real.wall() + SignedDuration::from_mins(9);
    let others = past::make_all(house, later, &texts).await;
    let each = SignedDuration::try_from(real.steady() - begun).unwrap() / SOME;
    let others = others.iter().map(|case| case.journal).collect();
    (each * 2 + SignedDuration::from_millis(5), others)
}

/// Whether for so many cases a mail has come since then that is about one of those that fell due.
fn all_came(house: &House, target: Timestamp, pages: usize) -> bool {
    if house.mail.count() < 2 * pages {
        return false;
    }
    let since = target.as_microsecond() as f64 / 1e6;
    let mails = house.mail.received();
    let mails = mails.iter().filter(|mail| at(mail) >= since);
    let subjects = mails.map(|mail| mail.header("Subject"));
    let about: BTreeSet<String> = subjects
        .filter_map(|subject| Some(subject.split_once("Fox ")?.1.to_owned()))
        .collect();
    about.len() >= pages
}

fn at(mail: &Received) -> f64 {
    mail.facts["at"].as_f64().unwrap()
}

/// When each mail came, each time.
fn by_id(mails: Vec<Received>) -> BTreeMap<String, Vec<f64>> {
    let mut by_id = BTreeMap::<String, Vec<f64>>::new();
    for mail in mails {
        let id = mail.header("X-Henhouse-Notice");
        by_id.entry(id).or_default().push(at(&mail));
    }
    by_id
}

fn cases(store: &Store) -> Vec<JournalId> {
    let rows = store.read_inline(|view| view.journals(JournalKind::Case));
    let rows = rows.map_err(|e: StoreError| e.to_string()).unwrap();
    rows.into_iter().map(|row| row.id).collect()
}

/// How late each page was that fell due at the instant, and each first page of the flood that nobody shares.
async fn late(
    desk: &Desk,
    store: &Store,
    (owing, others): (&[Owing], &BTreeSet<JournalId>),
    mails: &BTreeMap<String, Vec<f64>>,
) -> (Vec<f64>, Vec<f64>) {
    let made: BTreeMap<JournalId, &Owing> = owing.iter().map(|case| (case.journal, case)).collect();
    let (mut due, mut first) = (Vec::new(), Vec::new());
    for case in cases(store) {
        let rows = store.read_inline(|view| view.deliveries_of(case));
        let rows = rows.map_err(|e: StoreError| e.to_string()).unwrap();
        let pages = rows.iter().filter(|row| row.lane == Lane::Urgent);
        match made.get(&case) {
            Some(owing) => {
                let rows: Vec<_> = pages.filter(|row| row.seq > owing.seq).collect();
                assert!(!rows.is_empty(), "nobody was called for {}", owing.number);
                due.extend(rows.iter().map(|row| came(row, mails) - seconds(owing.due)));
            }
            None if others.contains(&case) => {}
            None => {
                for row in pages.filter(|row| row.bundle.is_none()) {
                    let recorded = recorded(desk, store, row).await;
                    first.push(came(row, mails) - seconds(recorded));
                }
            }
        }
    }
    assert!(
        due.iter().all(|late| *late >= 0.0),
        "one was early: {due:?}"
    );
    (due, first)
}

/// When what caused it was recorded.
async fn recorded(desk: &Desk, store: &Store, row: &OutboxRow) -> Timestamp {
    let system = Onlooker {
        actor: Actor::system(),
        admin: false,
    };
    let case = store.read_inline(|view| view.case(row.journal));
    let case = case
        .map_err(|e: StoreError| e.to_string())
        .unwrap()
        .unwrap();
    let view = desk.case(&system, &case.number).await.unwrap();
    let entries = desk.entries(&view, 0, 10_000).await.unwrap();
    let caused = entries.iter().find(|entry| entry.seq == row.seq);
    caused.unwrap().recorded_at
}

fn came(row: &OutboxRow, mails: &BTreeMap<String, Vec<f64>>) -> f64 {
    let mails = mails.get(&row.notice.to_string());
    mails.unwrap_or_else(|| panic!("it never came: {row:?}"))[0]
}

fn seconds(at: Timestamp) -> f64 {
    at.as_microsecond() as f64 / 1e6
}
