//! Whether a name is known here cannot be told from how long a refusal takes: Welch's t between a name that nobody has and
//! each sort of name that somebody has stays below 4.5, the bound of leakage tests (ISO 17825).
//!
//! The short form tries each sort a few times, enough to see a hash that is left out.
//! `HENHOUSE_TIMING_TRIES=10000 cargo test --release -p henhouse --lib auth::alike -- --nocapture` is the long one.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use std::sync::Arc;

use super::{Gate, Known, LoginRefused, NewAccount, Role};
use crate::clock::Clock;
use crate::desk::{AccountChange, BREAK_GLASS, Desk, Site};
use crate::ids::Ids;
use crate::store::{SqliteOptions, Store};
use crate::vault::RootKey;

const SHORT: usize = 10;
/// Beyond this the two can be told apart.
const BOUND: f64 = 4.5;
/// A machine that does something else in the middle may look like a leak once; a leak does every time.
const ROUNDS: usize = 4;
/// A name that nobody has, then one of each sort that somebody has.
const NAMES: [&str; 5] = ["zoe", "ann", "bob", "eve", BREAK_GLASS];

/// Ann has a password, Bob none, Eve is locked out; and there is a break-glass account.
async fn house(folder: &std::path::Path) -> Gate {
    let ids = Ids::seeded(7);
    let root = RootKey::open(&folder.join("root.key"), true, &ids).unwrap();
    let store = Store::sqlite(folder, SqliteOptions { readers: 1 }).unwrap();
    let clock = Clock::simulated("2026-03-02T03:00:00Z".parse().unwrap());
    let site = Site {
        base_url: "http://localhost:8400".to_owned(),
        drill: false,
        prefix: "HH".to_owned(),
    };
    let gate = Gate::new(Desk::new(store, root, clock, ids, site));
    let owner = Known::owner().actor();
    for name in ["ann", "bob", "eve"] {
        let new = NewAccount {
            person: None,
            login: name.to_owned(),
            name: name.to_owned(),
            email: None,
            role: Role::Member,
            password: (name != "bob").then(|| "four words make it".to_owned()),
        };
        gate.create_account(owner.clone(), new, None).await.unwrap();
    }
    let lock = AccountChange {
        disabled: Some(true),
        ..AccountChange::default()
    };
    let locked = gate
        .desk
        .change_account(owner.clone(), "eve".to_owned(), lock);
    locked.await.unwrap();
    gate.make_break_glass(owner).await.unwrap();
    gate
}

/// How long each sort of name took to be refused, in seconds, so many times each. They take turns, in another order each
/// time, so that what else the machine does meets all alike.
async fn measure(gate: &Gate, tries: usize) -> [Vec<f64>; NAMES.len()] {
    let clock = Clock::real();
    let mut times = NAMES.map(|_| Vec::with_capacity(tries));
    let mut order: Vec<usize> = (0..NAMES.len()).collect();
    let chance = Ids::seeded(11);
    for _ in 0..tries {
        let keys = chance.salt();
        order.sort_by_key(|n| keys[*n]);
        for &n in &order {
            let mut gate = gate.clone();
            gate.tries = Arc::default();
            let began = clock.steady();
            let refused = gate
                .log_in(NAMES[n], "not the password", "192.0.2.1", "x")
                .await;
            times[n].push((clock.steady() - began).as_secs_f64());
            assert!(matches!(refused, Err(LoginRefused::Wrong)), "{}", NAMES[n]);
        }
    }
    times
}

/// Welch's t of two samples; and of what is left of them below the slowest twentieth of both, where interruptions lie.
fn furthest(one: &[f64], other: &[f64]) -> f64 {
    let mut all = [one, other].concat();
    all.sort_by(f64::total_cmp);
    let most = all[all.len() * 19 / 20];
    let below = |of: &[f64]| -> Vec<f64> { of.iter().copied().filter(|t| *t <= most).collect() };
    let cropped = welch(&below(one), &below(other));
    welch(one, other).abs().max(cropped.abs())
}

fn welch(one: &[f64], other: &[f64]) -> f64 {
    let (mean, spread) = shape(one);
    let (others_mean, others_spread) = shape(other);
    (mean - others_mean) / (spread + others_spread).sqrt()
}

/// The mean, and its variance.
fn shape(of: &[f64]) -> (f64, f64) {
    let n = f64::from(u32::try_from(of.len()).unwrap());
    let mean = of.iter().sum::<f64>() / n;
    let squares: f64 = of.iter().map(|t| (t - mean).powi(2)).sum();
    (mean, squares / (n - 1.0) / n)
}

#[tokio::test]
async fn whether_a_name_is_known_cannot_be_told_from_the_time() {
    let tries = std::env::var("HENHOUSE_TIMING_TRIES").ok();
    let tries = tries.and_then(|n| n.parse().ok()).unwrap_or(SHORT);
    let folder = tempfile::tempdir().unwrap();
    let gate = house(folder.path()).await;
    measure(&gate, 2).await;
    let mut told = Vec::new();
    for _ in 0..ROUNDS {
        let times = measure(&gate, tries).await;
        let each = NAMES.iter().zip(&times).skip(1);
        let each: Vec<(&str, f64)> = each
            .map(|(name, of)| (*name, furthest(&times[0], of)))
            .collect();
        let milliseconds = times.each_ref().map(|of| shape(of).0 * 1e3);
        let line = format!("{tries} tries each; ms {milliseconds:.3?}; t against {each:.2?}");
        eprintln!("{line}");
        if each.iter().all(|(_, t)| *t < BOUND) {
            return;
        }
        told.push(line);
    }
    panic!("a stranger can tell: {told:#?}");
}
