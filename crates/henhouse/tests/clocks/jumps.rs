//! The wall clock of the real program jumps while an unanswered report walks its ten minutes.

use henhouse::clock::Clock;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::chance::Chance;
use super::house::House;
use super::seen::Seen;
use super::served;
use super::wall::{Wall, library};

/// What was counted.
#[derive(Default)]
pub struct Figures {
    pub runs: usize,
    pub jumps: usize,
    pub by_time: usize,
    pub late: f64,
}

/// A run: where the clock stands when the report comes, in which zone the process lives, and by how much it jumps then.
#[derive(Clone, Debug)]
pub struct Run {
    pub at: Timestamp,
    pub zone: &'static str,
    pub jumps: Vec<SignedDuration>,
}

/// Looks between two jumps, each of a twentieth of a second.
const LOOKS: usize = 20;
/// What nobody calls early: the journal was read a moment after it was written.
const SLACK: SignedDuration = SignedDuration::from_millis(20);
/// What is promised, in seconds.
const LATE: f64 = 30.0;

impl Run {
    /// An hour on and two back; and across a change of the zone's hour.
    pub fn named() -> Vec<Self> {
        let secs = SignedDuration::from_secs;
        let walk = |first: i64, back: i64| {
            // Nothing is due before ten minutes are over, whatever the clock did meanwhile.
            vec![
                secs(first),
                secs(back),
                secs(597),
                secs(3_600),
                secs(-7_200),
                secs(601),
            ]
        };
        let run = |at: &str, zone, jumps| Self {
            at: at.parse().unwrap(),
            zone,
            jumps,
        };
        vec![
            run(
                "2026-11-21T03:12:00Z",
                "UTC",
                vec![secs(540), secs(-7_200), secs(7_258), secs(3_600), secs(660)],
            ),
            run("2026-10-25T00:55:00Z", "Europe/Berlin", walk(300, -300)),
            run("2026-03-29T00:55:00Z", "Europe/Berlin", walk(300, -290)),
        ]
    }

    /// Any.
    pub fn any(chance: &mut Chance) -> Self {
        let starts = [
            ("2026-11-21T03:12:00Z", "UTC"),
            ("2026-10-25T00:56:00Z", "Europe/Berlin"),
            ("2026-03-29T00:56:00Z", "Europe/Berlin"),
            ("2026-11-01T05:56:00Z", "America/New_York"),
            ("2026-04-04T14:56:00Z", "Australia/Lord_Howe"),
        ];
        let (at, zone) = *chance.pick(&starts);
        let sizes = [1, 60, 300, 598, 3_600, 7_200, 86_400];
        let jumps = (0..6).map(|_| {
            let size = *chance.pick(&sizes) + chance.below(3) as i64;
            SignedDuration::from_secs(if chance.percent(40) { -size } else { size })
        });
        Self {
            at: at.parse().unwrap(),
            zone,
            jumps: jumps.collect(),
        }
    }
}

impl Figures {
    /// Both together.
    pub fn and(self, other: &Self) -> Self {
        Self {
            runs: self.runs + other.runs,
            jumps: self.jumps + other.jumps,
            by_time: self.by_time + other.by_time,
            late: self.late.max(other.late),
        }
    }
}

/// Carries out a run and holds it to what `clock.rs` promises.
pub async fn run(run: Run) -> Figures {
    let mut figures = Figures::default();
    let founded = run.at - SignedDuration::from_hours(1);
    let house = House::found(Clock::simulated(founded), None).await;
    let mut wall = Wall::at(house.file("ahead"), run.at);
    let library = library().expect("apt-get install libfaketime");
    let mut variables = wall.variables(&library).to_vec();
    variables.push(("TZ", run.zone));
    let mut served = house.start(&house.data(), &variables);
    drop(variables);
    let token = served::token(&house.data(), None);
    let report = reqwest::Client::new()
        .post(format!("{}/api/v1/reports", served.url))
        .bearer_auth(&token)
        .json(&json!({ "text": "The fox again" }));
    let opened: Value = report.send().await.unwrap().json().await.unwrap();
    let mut seen = Seen::of(&served.url, &token, opened["number"].as_str().unwrap());
    for jump in &run.jumps {
        seen.look(wall.real(), LOOKS).await;
        wall.jumps(*jump);
        figures.jumps += 1;
    }
    seen.look(wall.real(), 3 * LOOKS).await;
    let ended = served.process.try_wait().unwrap();
    assert!(ended.is_none(), "{run:?}: {}", served.log());
    assert!(seen.never_back(), "{run:?}: {:?}", seen.entries);
    for (due, recorded, at) in seen.by_time() {
        assert!(recorded >= due, "{run:?}: {recorded} is before {due}");
        let reached = wall.reached(due);
        let reached = reached.unwrap_or_else(|| panic!("{run:?}: {due} has not come"));
        let late = at.duration_since(reached);
        assert!(late >= -SLACK, "{run:?}: {due} came early, by {late:?}");
        figures.late = figures.late.max(late.as_secs_f64());
        figures.by_time += 1;
    }
    assert!(figures.late <= LATE, "{run:?}: late by {} s", figures.late);
    drop(served);
    let verified = served::on_the_spot(&house.data(), &["verify"]);
    assert!(verified.status.success(), "{verified:?}");
    figures.runs += 1;
    figures
}
