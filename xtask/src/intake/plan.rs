//! What is done in a run, from the words of a command line.

use std::collections::VecDeque;
use std::fmt;

use anyhow::{Result, bail};

const WORDS: &str = "intake: --kills N (10000)  --reports N (60 a life)  --store file|postgres (file)  --per-house N (100)  \
                     --at-once N (4)  --seed S (1)  --built optimised|plain|already (optimised)";

/// Where the houses keep what they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreKind {
    /// SQLite.
    File,
    /// PostgreSQL.
    Postgres,
}

impl fmt::Display for StoreKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// How often the node dies, and where.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Deaths in all.
    pub kills: u32,
    /// About so many reports are kept in a life.
    pub reports: u32,
    /// On what.
    pub store: StoreKind,
    /// A house dies so often; then everything in it is counted and the next one is founded.
    pub per_house: u32,
    /// Houses at the same time.
    pub at_once: u32,
    /// Of all chance.
    pub seed: u64,
    /// How the program is built first.
    pub built: Built,
}

/// How the program is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Built {
    /// As users run it.
    Optimised,
    /// As the tests have it.
    Plain,
    /// It lies beside this one already, however it was built.
    Already,
}

impl Plan {
    /// From the words of a command line.
    ///
    /// # Errors
    /// Other words.
    pub fn from_words(words: &[&str]) -> Result<Self> {
        let mut plan = Self {
            kills: 10_000,
            reports: 60,
            store: StoreKind::File,
            per_house: 100,
            at_once: 4,
            seed: 1,
            built: Built::Optimised,
        };
        for pair in words.chunks(2) {
            let said = pair.get(1).copied().unwrap_or_default();
            let number = said.parse::<u32>().ok().filter(|number| *number > 0);
            match (pair[0], said, number) {
                ("--kills", _, Some(number)) => plan.kills = number,
                ("--reports", _, Some(number)) => plan.reports = number,
                ("--per-house", _, Some(number)) => plan.per_house = number,
                ("--at-once", _, Some(number)) => plan.at_once = number,
                ("--seed", _, Some(number)) => plan.seed = number.into(),
                ("--store", "file", _) => plan.store = StoreKind::File,
                ("--store", "postgres", _) => plan.store = StoreKind::Postgres,
                ("--built", "optimised", _) => plan.built = Built::Optimised,
                ("--built", "plain", _) => plan.built = Built::Plain,
                ("--built", "already", _) => plan.built = Built::Already,
                _ => bail!("{WORDS}"),
            }
        }
        Ok(plan)
    }

    /// The houses by number, and how often each dies.
    pub fn houses(&self) -> VecDeque<(usize, u32)> {
        let mut left = self.kills;
        let mut houses = VecDeque::new();
        while left > 0 {
            let dies = left.min(self.per_house);
            houses.push_back((houses.len(), dies));
            left -= dies;
        }
        houses
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at once")]

    use super::*;

    #[test]
    fn deaths_are_shared_out_and_none_is_left() {
        let plan = Plan::from_words(&["--kills", "600", "--store", "postgres"]).unwrap();
        assert_eq!(plan.store, StoreKind::Postgres);
        assert_eq!(plan.built, Built::Optimised);
        let houses: Vec<u32> = plan.houses().into_iter().map(|(_, dies)| dies).collect();
        assert_eq!(houses, [100; 6]);
    }

    #[test]
    fn a_word_that_means_nothing_is_not_passed_over() {
        for words in [
            &["--kills"] as &[&str],
            &["--kills", "0"],
            &["--store", "paper"],
            &["7"],
        ] {
            assert!(Plan::from_words(words).is_err(), "{words:?}");
        }
    }
}
