//! A backup, a restore and a move to another store are killed at any moment, again and again. After each death the old
//! installation or the new one is whole, never are both to be served, and nothing half is taken for whole; the same
//! command, called again, comes to the end.
//!
//! `cargo xtask chaos moves --times 200 --seed 7` kills more often; beside a PostgreSQL
//! (`cargo xtask postgres cargo xtask chaos moves`) it moves too.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may fail loudly and tell its figures"
)]

#[path = "../../procedure/tests/walk/chance.rs"]
#[expect(dead_code, reason = "the walks use more of it")]
mod chance;
mod peers;
mod served;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use chance::Chance;
use henhouse::backup::{self, Depth, Place, Sum};
use henhouse::clock::Clock;
use henhouse::serve::Installation;
use henhouse::store::{PostgresOptions, SqliteOptions, Store};
use henhouse::vault::RootKey;
use tempfile::TempDir;

fn number(variable: &str, usual: u64) -> u64 {
    let said = std::env::var(variable).ok();
    said.and_then(|said| said.parse().ok()).unwrap_or(usual)
}

/// Who is killed: so often, at moments that a seed gives.
struct Killer {
    times: u64,
    chance: Chance,
    killed: u64,
}

impl Killer {
    fn new() -> Self {
        Self {
            times: number("HENHOUSE_MOVES", 5),
            chance: Chance::of(number("HENHOUSE_SEED", 1)),
            killed: 0,
        }
    }

    /// Runs the program and kills it somewhere within `longest`, if it is not through by then.
    fn run(&mut self, words: &[&str], input: &str, longest: Duration) {
        let mut process = program(words, input);
        let thousandth = longest / 1_000;
        let after = self.chance.below(1_000) as u32;
        std::thread::sleep(thousandth * after);
        self.killed += u64::from(process.try_wait().unwrap().is_none());
        let _ = process.kill();
        process.wait().unwrap();
    }

    fn tell(&self, what: &str) {
        eprintln!("{what}: {} runs, {} died in it", self.times, self.killed);
    }
}

fn program(words: &[&str], input: &str) -> std::process::Child {
    let mut process = Command::new(served::HENHOUSE)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A pipe that nobody reads any more is the program's own business.
    let _ = process.stdin.take().unwrap().write_all(input.as_bytes());
    process
}

/// Runs it to its end; answers whether it went well, what it said and how long it took.
fn to_the_end(words: &[&str], input: &str) -> (bool, String, Duration) {
    let clock = Clock::real();
    let began = clock.steady();
    let run = program(words, input).wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    (run.status.success(), said, clock.steady() - began)
}

/// A drill with the handbook's case in it.
fn house() -> (TempDir, PathBuf, Sum) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let opened = Installation::open(data.as_path(), "http://localhost", true, None).await;
        henhouse::demo::fill(&opened.unwrap().desk).await.unwrap();
    });
    let sum = backup::sum_of(&file(&data)).unwrap();
    (folder, data, sum)
}

fn file(data: &Path) -> Store {
    Store::sqlite(data, SqliteOptions { readers: 0 }).unwrap()
}

/// What may be served from here, if anything.
fn servable(store: &Store) -> Option<Sum> {
    let refused = store.read_inline(backup::not_to_be_served).unwrap();
    let sum = backup::sum_of(store).unwrap();
    (refused.is_none() && sum.counts.rows > 0).then_some(sum)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_backup_that_is_killed_is_none_and_harms_nothing() {
    let (folder, data, sum) = house();
    let to = folder.path().join("backups");
    let root = RootKey::read(&data.join("root.key")).unwrap();
    let words = ["backup", "--data", text(&data), "--to", text(&to)];
    let (well, said, longest) = to_the_end(&words, "");
    assert!(well, "{said}");
    let mut killer = Killer::new();
    let (place, mut known) = (Place::at(&to), BTreeSet::new());
    for _ in 0..killer.times {
        killer.run(&words, "", longest);
        for found in place.backups().unwrap() {
            if found.whole && known.insert(found.name.clone()) {
                let checked = backup::check(&place, &found.name, &root, Depth::Everything);
                let checked = checked.unwrap();
                assert_eq!(checked.problems, Vec::<String>::new());
                assert_eq!(checked.manifest.rows, sum);
            }
        }
        assert_eq!(servable(&file(&data)), Some(sum));
    }
    let (well, said, _) = to_the_end(&words, "");
    assert!(well, "{said}");
    killer.tell("backup");
}

#[test]
fn a_restore_that_is_killed_is_not_served_and_comes_to_its_end_when_it_is_called_again() {
    let (folder, data, sum) = house();
    let to = folder.path().join("backups");
    let made = to_the_end(&["backup", "--data", text(&data), "--to", text(&to)], "");
    assert!(made.0, "{}", made.1);
    let key = data.join("root.key");
    let mut killer = Killer::new();
    let mut longest = Duration::ZERO;
    for turn in 0..=killer.times {
        let into = folder.path().join(format!("{turn}"));
        let (from, into_text) = (text(&to), text(&into));
        let words = [
            "restore",
            "--from",
            from,
            "--key",
            text(&key),
            "--data",
            into_text,
        ];
        if turn == 0 {
            longest = to_the_end(&words, "").2;
        } else {
            killer.run(&words, "", longest);
        }
        if into.join("henhouse.db").exists() {
            let store = file(&into);
            let state = servable(&store);
            assert!(state.is_none() || state == Some(sum), "{state:?}");
            // A key and a store that nobody refuses would be served as a new, empty installation.
            let refused = store.read_inline(backup::not_to_be_served).unwrap();
            let open = state.is_none() && refused.is_none() && into.join("root.key").exists();
            assert!(!open, "killed, and to be served empty");
            drop(store);
            if state.is_some() {
                continue;
            }
        }
        let (well, said, _) = to_the_end(&words, "");
        assert!(well, "{said}");
        assert_eq!(servable(&file(&into)), Some(sum));
    }
    killer.tell("restore");
}

/// Calls it again until it goes through or says that it has been through; a dead one's connection may live a moment.
fn finish(words: &[&str], input: &str) {
    let mut last = String::new();
    for _ in 0..100 {
        let (well, said, _) = to_the_end(words, input);
        if well || said.contains("was moved to") {
            return;
        }
        assert!(said.contains("being served"), "{said}");
        last = said;
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(last.is_empty(), "{last}");
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn a_move_to_postgres_and_back_that_is_killed_leaves_one_installation_to_be_served() {
    let (_folder, data, sum) = house();
    let mut killer = Killer::new();
    let mut longest = Duration::ZERO;
    for turn in 0..=killer.times {
        let schema = peers::postgres::Schema::new();
        let address = schema.address();
        let there = || {
            let options = PostgresOptions {
                address: address.clone(),
                node: uuid::Uuid::from_u128(7),
                readers: 0,
                held: None,
            };
            Store::postgres(&options).unwrap()
        };
        for way in ["--to", "--from"] {
            let words = ["migrate-store", "--data", text(&data), way, "-"];
            if turn == 0 {
                let (well, said, took) = to_the_end(&words, &address);
                assert!(well, "{said}");
                longest = longest.max(took);
            } else {
                killer.run(&words, &address, longest);
            }
            let both = [servable(&file(&data)), servable(&there())];
            let whole: Vec<Sum> = both.iter().flatten().copied().collect();
            assert!(whole.len() < 2, "two that may be served: {whole:?}");
            assert!(whole.iter().all(|one| *one == sum), "half: {whole:?}");
            finish(&words, &address);
            let both = [servable(&file(&data)), servable(&there())];
            let expected = match way {
                "--to" => [None, Some(sum)],
                _ => [Some(sum), None],
            };
            assert_eq!(both, expected, "{way}");
        }
    }
    killer.tell("migrate-store, there and back");
}
