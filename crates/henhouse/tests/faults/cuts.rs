//! The power goes at any call, while people report, or while the program recovers from the cut before.

use std::collections::BTreeMap;
use std::fmt;

use super::chance::Chance;
use super::disk::Loss;
use super::house::{House, Running};
use super::ledger::Ledger;
use super::mount::{Plan, Trouble};

/// So many times the power goes in one house.
const CUTS_OF_A_HOUSE: usize = 12;
/// So many things each of three people wants between two cuts.
const EACH: usize = 12;
/// So many calls the start makes, about, and a life.
const CALLS: (usize, usize) = (200, 1_600);

/// What was counted.
#[derive(Default)]
pub struct Figures {
    pub cuts: usize,
    pub at_start: usize,
    pub kept: usize,
    pub calls: BTreeMap<String, usize>,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "power cuts: {} ({} at start), {} things acknowledged, 0 lost, 0 half; at {:?}",
            self.cuts, self.at_start, self.kept, self.calls
        )
    }
}

/// Cuts the power so many times.
pub async fn run(cuts: usize, seed: u64) -> Figures {
    let house = House::found(seed).await;
    let mut chance = Chance::of(seed);
    let mut figures = Figures::default();
    while figures.cuts < cuts {
        house.anew();
        one_house(&house, &mut chance, &mut figures, cuts).await;
        if figures.cuts.is_multiple_of(20 * CUTS_OF_A_HOUSE) {
            eprintln!("{figures}");
        }
    }
    figures
}

async fn one_house(house: &House, chance: &mut Chance, figures: &mut Figures, cuts: usize) {
    let mut ledger = Ledger::default();
    let until = cuts.min(figures.cuts + CUTS_OF_A_HOUSE);
    while figures.cuts < until {
        if chance.percent(30) {
            let at = 1 + chance.below(CALLS.0) as u64;
            house.mount.plan(cut(at));
            let running = house.start();
            goes(house, running, chance, figures);
        }
        let running = house.start();
        assert!(running.listens(), "{}", running.served.log());
        let doors = house.doors(&running);
        ledger.check(&doors).await;
        assert!(ledger.again(&doors).await, "{:?}", ledger.refused);
        house.mount.plan(cut(1 + chance.below(CALLS.1) as u64));
        ledger.live(&doors, chance, EACH).await;
        assert!(ledger.refused.is_empty(), "{:?}", ledger.refused);
        goes(house, running, chance, figures);
    }
    let running = house.start();
    let doors = house.doors(&running);
    ledger.check_all(&doors).await;
    assert!(ledger.again(&doors).await, "{:?}", ledger.refused);
    drop(running);
    house.mount.back(Loss::any(chance));
    ledger.holds_all(house.examine());
    figures.kept += ledger.kept();
}

/// The program is dead, by its cut or by now, and the power comes back.
fn goes(house: &House, running: Running, chance: &mut Chance, figures: &mut Figures) {
    figures.at_start += usize::from(!running.listens());
    drop(running);
    let hit = house.mount.hit();
    let call = hit.map_or("between calls".to_owned(), |hit| format!("{:?}", hit.call));
    *figures.calls.entry(call).or_default() += 1;
    figures.cuts += 1;
    house.mount.back(Loss::any(chance));
}

fn cut(at: u64) -> Plan {
    Plan {
        trouble: Trouble::Cut,
        at,
        calls: 1,
    }
}
