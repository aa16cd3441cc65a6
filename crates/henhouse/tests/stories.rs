//! The handbook's chickens and our own stories, told by API and by command line, each once as
//! it should go and once sloppily; and a count of the rules that they show.
//!
//! `STORY=rooted` tells one of them, without the count.

mod peers;
mod served;
mod story;

use std::panic::{AssertUnwindSafe, catch_unwind};

use story::seen::{NEVER_BROKEN, NEVER_DONE, Seen};
use story::server::Ground;
use story::ways::{Api, Cli};

const STORIES: [&str; 4] = ["chickens.txt", "disk.txt", "phished.txt", "rooted.txt"];

/// Tells a story and its twin in both ways. What was seen by API counts.
fn tell(file: &str) -> Seen {
    let stories = story::read(file);
    assert!(stories.len() >= 2, "{file}: a story and its sloppy twin");
    let mut seen = Seen::default();
    for told in &stories {
        seen.add(story::play(told, Ground::Sqlite, |_| Box::new(Api)));
        story::play(told, Ground::Sqlite, |_| Box::new(Cli));
    }
    seen
}

/// One test, so that the count has every report without a story being told twice for it.
#[test]
fn the_stories_come_true_and_show_every_rule() {
    let only = std::env::var("STORY").unwrap_or_default();
    let chosen = STORIES.into_iter().filter(|file| file.contains(&only));
    let told: Vec<_> = std::thread::scope(|scope| {
        let tell = |file| scope.spawn(move || catch_unwind(AssertUnwindSafe(|| tell(file))));
        let threads: Vec<_> = chosen.map(tell).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().flatten())
            .collect()
    });
    let failed = told.iter().filter(|told| told.is_err()).count();
    assert!(
        failed == 0,
        "{failed} of {} stories failed, see above",
        told.len()
    );
    if told.len() < STORIES.len() {
        return;
    }
    let mut seen = Seen::default();
    told.into_iter().flatten().for_each(|told| seen.add(told));
    let mut faults = NEVER_DONE.faults(&seen.done, "done");
    faults.extend(NEVER_BROKEN.faults(&seen.broken, "late, waived or missing"));
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn tell_all(ground: Ground) {
    std::thread::scope(|scope| {
        for file in STORIES {
            scope.spawn(move || {
                for told in &story::read(file) {
                    story::play(told, ground, |_| Box::new(Api));
                }
            });
        }
    });
}

/// The same stories where the rows are kept in a database.
#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn the_stories_come_true_on_postgres() {
    tell_all(Ground::Postgres);
}

/// And where two nodes serve it, each call at one of them by chance; now and then one is killed, and comes back.
#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn the_stories_come_true_on_two_nodes_over_one_postgres() {
    tell_all(Ground::TwoNodes);
}
