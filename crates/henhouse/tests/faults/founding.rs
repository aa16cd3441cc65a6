//! The power goes while a new data directory is made: it can be started all the same, and keeps what it then takes.

use super::chance::Chance;
use super::disk::{Disk, Loss};
use super::house::House;
use super::ledger::Ledger;
use super::mount::{Plan, Trouble};
use super::served;

/// So many calls the first start makes, and some more.
const CALLS: usize = 620;

/// Cuts so many first starts, at calls spread over all of them.
pub async fn run(cuts: usize, seed: u64) -> usize {
    let mut house = House::bare(seed);
    let empty = Disk::new();
    let mut chance = Chance::of(seed);
    let mut kept = 0;
    for n in 0..cuts {
        house.mount.load(&empty);
        let at = 1 + (n * CALLS / cuts) as u64;
        house.mount.plan(Plan {
            trouble: Trouble::Cut,
            at,
            calls: 1,
        });
        drop(house.start());
        let hit = house.mount.hit();
        house.mount.back(Loss::any(&mut chance));
        let mut ledger = Ledger::default();
        ledger.only_reports = true;
        for life in 0..2 {
            let running = house.start();
            let log = || running.served.log();
            assert!(running.listens(), "at {at} {hit:?}, life {life}: {}", log());
            house.token = served::token(&house.mount.data(), None);
            let doors = house.doors(&running);
            ledger.check_all(&doors).await;
            ledger.live(&doors, &mut chance, 1).await;
            assert!(ledger.again(&doors).await, "{:?}", ledger.refused);
            drop(running);
            house.mount.back(Loss::ALL);
        }
        ledger.holds_all(house.examine());
        kept += ledger.kept();
    }
    kept
}
