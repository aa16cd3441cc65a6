//! The disk fails, or is full, at any call: what is not kept is not said to be, the server says what is wrong, and once
//! the trouble is over it goes on without a restart.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::chance::Chance;
use super::disk::Loss;
use super::house::{Doors, House, Running};
use super::ledger::Ledger;
use super::mount::{Plan, Trouble};

/// So many things each of three people wants while the disk is in trouble.
const EACH: usize = 8;
/// Looks, so far apart, until everything is kept again.
const LOOKS: (usize, Duration) = (200, Duration::from_millis(50));

/// What was counted.
#[derive(Default)]
pub struct Figures {
    pub name: String,
    pub errors: usize,
    /// The program did not start, and said why.
    pub at_start: usize,
    /// It was ended by a signal, because it uses this file as memory.
    pub in_memory: usize,
    /// Somebody got no answer at all.
    pub unanswered: usize,
    pub kept: usize,
    pub refused: BTreeMap<String, usize>,
    pub calls: BTreeMap<String, usize>,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} errors ({} kept it from starting, {} in the log's index ended it, in {} somebody got no answer), {} \
             things acknowledged, 0 lost; at {:?}; told {:#?}",
            self.name,
            self.errors,
            self.at_start,
            self.in_memory,
            self.unanswered,
            self.kept,
            self.calls,
            self.refused
        )
    }
}

/// Lets the disk fail so many times, at calls spread over the first so many.
pub async fn run(errors: usize, over: u64, seed: u64, trouble: Trouble) -> Figures {
    let house = House::found(seed).await;
    let mut chance = Chance::of(seed);
    let mut figures = Figures {
        name: format!("{trouble:?}").to_lowercase(),
        ..Figures::default()
    };
    for n in 0..errors as u64 {
        let at = 1 + n * over / errors as u64;
        // Mostly one call fails, at times all do for a while.
        let calls = *chance.pick(&[1, 1, 1, 2, 5, 50, u64::MAX]);
        let plan = Plan { trouble, at, calls };
        house.anew();
        house.mount.plan(plan);
        one(&house, &mut chance, &mut figures)
            .await
            .unwrap_or_else(|wrong| panic!("{plan:?} {:?}: {wrong}", house.mount.hit()));
        figures.errors += 1;
        if figures.errors.is_multiple_of(200) {
            eprintln!("{figures}");
        }
    }
    figures
}

/// One life in which the disk fails, and the life after it.
async fn one(house: &House, chance: &mut Chance, figures: &mut Figures) -> Result<(), String> {
    let mut ledger = Ledger::default();
    let mut running = house.start();
    if !running.listens() {
        figures.at_start += 1;
        running = again(house, running, chance).await?;
    }
    let mut doors = house.doors(&running);
    if !ledger.live(&doors, chance, EACH).await {
        figures.unanswered += 1;
        tokio::time::sleep(LOOKS.1).await;
        if running.ended() {
            // A page of the log's index that cannot be read ends whoever has it as memory.
            let hit = house.mount.hit();
            if !hit.is_some_and(|hit| hit.file.to_string_lossy().ends_with("-shm")) {
                return Err(format!("it has ended: {}", running.served.log()));
            }
            figures.in_memory += 1;
            running = again(house, running, chance).await?;
            doors = house.doors(&running);
        }
    }
    let hit = house.mount.hit().map(|hit| format!("{:?}", hit.call));
    *figures
        .calls
        .entry(hit.unwrap_or_else(|| "none".to_owned()))
        .or_default() += 1;
    house.mount.heal();
    recovers(&mut ledger, &doors).await?;
    ledger.check_all(&doors).await;
    // What the disk said lasts must last, whatever it said of anything else.
    drop(running);
    house.mount.back(Loss::any(chance));
    let running = house.start();
    if !running.listens() {
        return Err(running.served.log());
    }
    ledger.check_all(&house.doors(&running)).await;
    drop(running);
    ledger.holds_all(house.examine());
    figures.kept += ledger.kept();
    for (words, times) in ledger.refused {
        *figures.refused.entry(words).or_default() += times;
    }
    Ok(())
}

/// It ended, and said why; without the trouble it starts again.
async fn again(house: &House, mut ended: Running, chance: &mut Chance) -> Result<Running, String> {
    for _ in 0..LOOKS.0 {
        if ended.ended() {
            break;
        }
        tokio::time::sleep(LOOKS.1).await;
    }
    let log = ended.served.log();
    drop(ended);
    house.mount.heal();
    house.mount.back(Loss::any(chance));
    let running = house.start();
    if !running.listens() {
        return Err(format!("{log} and then {}", running.served.log()));
    }
    Ok(running)
}

/// Without a restart everything is taken that was refused.
async fn recovers(ledger: &mut Ledger, doors: &Doors) -> Result<(), String> {
    let mut said = String::new();
    for _ in 0..LOOKS.0 {
        said = doors.readiness().await;
        if ledger.again(doors).await && said.starts_with("ready") {
            return Ok(());
        }
        tokio::time::sleep(LOOKS.1).await;
    }
    Err(format!("it does not recover: {:?}, {said}", ledger.refused))
}
