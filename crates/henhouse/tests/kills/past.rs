//! While nothing runs, a case is made as if it had been going on for a while, so that it owes something at a chosen time:
//! that is how ten minutes and hours fall due within a test of seconds, on the real clock.

use henhouse::clock::Clock;
use henhouse::desk::{Desk, Onlooker, OpenReport};
use henhouse::ids::Ids;
use henhouse::store::{JournalId, Store};
use henhouse::vault::RootKey;
use jiff::{SignedDuration, Timestamp};
use procedure::{Actor, Command, How, Order, Who};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use super::farm;
use super::house::{House, site};

/// What such a case owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipe {
    /// Nobody has answered for ten minutes: the next one is called.
    Call,
    /// A confirmed incident: the sitrep.
    Sitrep,
}

pub const RECIPES: [Recipe; 2] = [Recipe::Call, Recipe::Sitrep];

/// A case that owes something.
#[derive(Clone, Debug)]
pub struct Owing {
    pub number: String,
    pub journal: JournalId,
    /// When.
    pub due: Timestamp,
    /// How long its journal is before.
    pub seq: u64,
}

/// Makes a case that owes something at `target`.
pub async fn make(house: &House, recipe: Recipe, target: Timestamp, text: &str) -> Owing {
    static OFFSETS: [OnceCell<SignedDuration>; 2] = [OnceCell::const_new(), OnceCell::const_new()];
    let offset = OFFSETS[recipe as usize]
        .get_or_init(|| offset(recipe))
        .await;
    let clock = Clock::simulated(target - *offset);
    let (desk, _store) = house.desk(clock.clone(), false);
    let owing = play(&desk, &clock, recipe, text).await;
    assert_eq!(owing.due.as_microsecond(), target.as_microsecond());
    owing
}

/// Makes a case for each of these texts, all of which owe a call at `target`.
pub async fn make_all(house: &House, target: Timestamp, texts: &[String]) -> Vec<Owing> {
    let clock = Clock::simulated(target - offset(Recipe::Call).await);
    let (desk, _store) = house.desk(clock.clone(), false);
    let mut all = Vec::new();
    for text in texts {
        let owing = play(&desk, &clock, Recipe::Call, text).await;
        assert_eq!(owing.due.as_microsecond(), target.as_microsecond());
        all.push(owing);
    }
    all
}

/// How long after its report a case of this kind owes that.
async fn offset(recipe: Recipe) -> SignedDuration {
    let start: Timestamp = "2026-03-02T03:00:00Z".parse().unwrap();
    let (clock, ids) = (Clock::simulated(start), Ids::seeded(1));
    let folder = tempfile::tempdir().unwrap();
    let root = RootKey::open(&folder.path().join("root.key"), true, &ids).unwrap();
    let desk = Desk::new(Store::memory(), root, clock.clone(), ids, site("HH", false));
    farm::found(&desk, "HH", "UTC", start).await;
    let owing = play(&desk, &clock, recipe, "Scratch").await;
    owing.due.duration_since(start)
}

async fn play(desk: &Desk, clock: &Clock, recipe: Recipe, text: &str) -> Owing {
    let report = OpenReport {
        mailed: None,
        actor: Actor {
            who: Who::Service("fence".into()),
            how: How::Token("fence".into()),
        },
        project: None,
        report: serde_json::from_value(json!({ "text": text })).unwrap(),
        happened_at: None,
        once: None,
    };
    let began = clock.now();
    let opened = desk.open_report(report).await.unwrap();
    if recipe == Recipe::Sitrep {
        let impact =
            json!({ "confidentiality": "none", "integrity": "actual", "availability": "none" });
        let confirm = json!({ "command": "confirm", "severity": "high", "reason": "It is so.", "impact": impact });
        for command in [json!({ "command": "acknowledge" }), confirm] {
            clock.advance(std::time::Duration::from_secs(60)).unwrap();
            submit(desk, &opened.number, command).await;
        }
        // On to the first thing that is owed after most of the hour.
        while look(desk, &opened.number).await.due < began + SignedDuration::from_mins(55) {
            clock.set(look(desk, &opened.number).await.due).unwrap();
            desk.pulse().await.unwrap();
        }
    }
    look(desk, &opened.number).await
}

async fn look(desk: &Desk, number: &str) -> Owing {
    let system = Onlooker {
        actor: Actor::system(),
        admin: false,
    };
    let view = desk.case(&system, &number.parse().unwrap()).await.unwrap();
    Owing {
        number: number.to_owned(),
        journal: view.row.journal,
        due: view.row.next_wake.unwrap(),
        seq: view.case.seq,
    }
}

async fn submit(desk: &Desk, number: &str, command: Value) {
    let journal = look(desk, number).await.journal;
    let order = Order::from(serde_json::from_value::<Command>(command).unwrap());
    let ann = Actor::person(&"ann".into(), How::Session);
    desk.submit(journal, ann, order, None).await.unwrap();
}
