//! The spool of a node whose database is away, on a disk that is cut off, fails or is full at any call.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use henhouse::ids::Ids;
use henhouse::spool::{Earlier, Found, Spool, Writes};
use henhouse::vault::{RootKey, SpoolKey};

use super::chance::Chance;
use super::disk::{Disk, Loss};
use super::mount::{Mount, Plan, Trouble};

/// So many things it is asked to keep in one life.
const WORDS: usize = 40;
/// So many calls such a life makes, about.
const CALLS: usize = 110;

/// Lets one life of a spool go wrong, so many times; answers how much was said to be kept.
pub async fn run(times: usize, seed: u64) -> usize {
    let mount = Arc::new(Mount::new(seed).unwrap());
    let keys = tempfile::tempdir().unwrap();
    let ids = Ids::system().unwrap();
    let root = RootKey::create(&keys.path().join("root.key"), &ids).unwrap();
    let mut chance = Chance::of(seed);
    let mut sum = 0;
    for _ in 0..times {
        mount.load(&Disk::new());
        let plan = any_plan(&mut chance, CALLS);
        mount.plan(plan);
        let (kept, settled) = life(&mount, &root, &mut chance).await;
        let hit = mount.hit();
        mount.back(Loss::any(&mut chance));
        let (spool, _) = open(&mount, &root).unwrap();
        let mut waiting = BTreeMap::new();
        let look = |earlier| match earlier {
            Earlier::Kept(placed, words) => drop(waiting.insert(placed.n, words)),
            Earlier::Settled(n) => drop(waiting.remove(&n)),
        };
        spool.look_back(look).unwrap();
        for (n, words) in &kept {
            let there = waiting.get(n);
            match settled.get(n) {
                None => assert_eq!(there, Some(words), "{plan:?} {hit:?}: {n} is lost"),
                Some(true) => assert_eq!(there, None, "{plan:?} {hit:?}: {n} was settled"),
                // Nobody needs it any more, and nobody was told that it is gone.
                Some(false) => assert!(there.is_none_or(|there| there == words)),
            }
        }
        sum += kept.len();
    }
    sum
}

fn any_plan(chance: &mut Chance, calls: usize) -> Plan {
    Plan {
        trouble: *chance.pick(&[
            Trouble::Cut,
            Trouble::Broken,
            Trouble::Broken,
            Trouble::Full,
        ]),
        at: 1 + chance.below(calls) as u64,
        calls: *chance.pick(&[1, 1, 2, 3, 20]),
    }
}

fn open(mount: &Mount, root: &RootKey) -> std::io::Result<(Spool, Found)> {
    let ids = Ids::system().unwrap();
    Spool::open(
        &mount.path().join("spool"),
        SpoolKey::derive(root),
        ids,
        Writes::Apart,
    )
}

/// Keeps and settles until the power goes; without a cut all is well again once the trouble is over. Answers what was said
/// to be kept, and for what was to be settled whether it was said to be.
async fn life(
    mount: &Arc<Mount>,
    root: &RootKey,
    chance: &mut Chance,
) -> (BTreeMap<u64, Vec<u8>>, BTreeMap<u64, bool>) {
    let (mut kept, mut settled) = (BTreeMap::new(), BTreeMap::new());
    let over = Arc::new(AtomicBool::new(false));
    let power = std::thread::spawn({
        let (mount, over) = (Arc::clone(mount), Arc::clone(&over));
        move || {
            let gone = mount.wait_until_gone(|| over.load(Ordering::SeqCst));
            if gone {
                mount.dead();
            }
            gone
        }
    });
    if let Ok((spool, _)) = open(mount, root) {
        for word in 0..WORDS {
            let words = format!("The fox again, {word}").into_bytes();
            if let Ok(placed) = spool.keep(words.clone()).await {
                kept.insert(placed.n, words);
            }
            let any = chance.pick_any(&kept.keys().copied().collect::<Vec<_>>());
            if let Some(n) = any.filter(|_| chance.percent(20)) {
                let done = spool.settle(&[n]).await.is_ok();
                settled.insert(n, done || settled.get(&n) == Some(&true));
            }
            if word == WORDS / 2 && mount.heal() {
                mount.plan(any_plan(chance, CALLS / 2));
            }
        }
        if mount.heal() {
            let words = b"It works again".to_vec();
            kept.insert(spool.keep(words.clone()).await.unwrap().n, words);
        }
    }
    over.store(true, Ordering::SeqCst);
    power.join().unwrap();
    (kept, settled)
}
