//! Seeded walks over everything that moves command: at each instant there is one IC.

mod stage;

use jiff::SignedDuration;
use serde_json::{Map, Value, json};
use stage::{Stage, actor, project};

const WALKS: u64 = 300;
const STEPS: u32 = 60;

/// A small generator of our own, so that a seed gives the same walk for ever.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn one_of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        let index = self.below(list.len() as u64);
        list[usize::try_from(index).expect("a small index")]
    }
}

const PEOPLE: [&str; 4] = ["ann", "bob", "cat", "dan"];

/// A command that somebody might give, sensible or not.
fn command(seeded: &mut Seeded) -> (&'static str, Value) {
    let to = seeded.one_of(&PEOPLE);
    let whole = json!({"situation":"1","done":"2","open":"3","next":"4","people":"5"});
    match seeded.below(14) {
        0 | 1 => (
            "acknowledge",
            json!({ "only_command": seeded.below(2) == 0 }),
        ),
        2 => ("join", json!({})),
        3 => ("leave", json!({})),
        4 | 5 => ("offer_handover", json!({ "to": to, "briefing": whole })),
        6 => ("read_back", json!({ "text": "Yes" })),
        7 => ("accept_handover", json!({})),
        8 => ("decline_handover", json!({})),
        9 => ("withdraw_handover", json!({})),
        10 => ("take_over", json!({ "reason": "Asleep" })),
        11 => ("confirm_take_over", json!({})),
        12 => ("send_home", json!({ "person": to })),
        _ => ("call_in", json!({ "person": to })),
    }
}

fn fields(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn check(stage: &Stage, seed: u64) {
    let commander = &stage.case.part.commander;
    let (intervals, ic) = (&commander.intervals, commander.ic());
    let open = intervals.iter().filter(|i| i.until.is_none()).count();
    assert_eq!(
        open,
        intervals.len().min(1),
        "seed {seed}: one IC, never two"
    );
    if let Some(ic) = ic {
        let in_it = commander.responders.contains_key(ic);
        assert!(in_it, "seed {seed}: the IC {ic} is in the response");
    }
    let fits =
        |pair: &[procedure::chapters::commander::Interval]| pair[0].until == Some(pair[1].from);
    assert!(
        intervals.windows(2).all(fits),
        "seed {seed}: no gap, no overlap"
    );
}

#[test]
fn whatever_people_do_there_is_one_commander_at_each_instant() {
    for seed in 1..=WALKS {
        let mut seeded = Seeded(seed);
        let start = "2026-03-02T03:00Z".parse().expect("a time");
        let mut stage = Stage::new(project::basis(), start);
        let report = fields(json!({ "text": "The chickens are escaping" }));
        let reporter = actor("reporter");
        let _ = stage.command(&reporter, "report", report, None);
        for _ in 0..STEPS {
            let (name, body) = command(&mut seeded);
            let person = actor(seeded.one_of(&PEOPLE));
            let had_one = stage.case.ic().is_some();
            let _ = stage.command(&person, name, fields(body), None);
            if seeded.below(3) == 0 {
                let minutes = i64::try_from(seeded.below(25)).expect("a small number");
                stage.advance(stage.now + SignedDuration::from_mins(minutes));
            }
            assert!(
                !had_one || stage.case.ic().is_some(),
                "seed {seed}: never none again"
            );
            check(&stage, seed);
        }
        stage.check_at_the_end();
    }
}
