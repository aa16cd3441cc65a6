//! What is done in a run, from the words of a command line.

use std::time::Duration;

use anyhow::{Result, bail};

use super::patroni::Which;

const WORDS: &str = "failover: --kills N (15)  --freezes N (5)  --frozen SECONDS (26)  --node-kills N (0)  --etcd-kills N (3)  --patroni 4|installed (4)  --strict yes  --built already";

/// What is done to the primaries, and to the nodes above them.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Patroni and PostgreSQL of the primary end by SIGKILL.
    pub kills: u32,
    /// They are stopped for longer than a lease, and then go on.
    pub freezes: u32,
    /// In so many of the kills a Henhouse node dies too, while the database is away.
    pub node_kills: u32,
    /// So often a member of etcd dies.
    pub etcd_kills: u32,
    /// For so long: longer than the leader's lease, so that another one takes over.
    pub frozen: Duration,
    /// The Patroni of the cluster.
    pub patroni: Which,
    /// The nodes lie beside this program already, however they were built.
    pub is_built: bool,
    /// Nothing is written while no standby is in step.
    pub strict: bool,
}

impl Plan {
    /// What `cargo xtask ci` does: one of each, with no node killed.
    pub const SHORT: Self = Self {
        kills: 1,
        freezes: 1,
        node_kills: 0,
        etcd_kills: 0,
        frozen: Duration::from_secs(26),
        patroni: Which::Four,
        strict: false,
        is_built: false,
    };

    /// From the words of a command line.
    ///
    /// # Errors
    /// Other words.
    pub fn from_words(words: &[&str]) -> Result<Self> {
        let mut plan = Self {
            kills: 15,
            freezes: 5,
            etcd_kills: 3,
            ..Self::SHORT
        };
        for pair in words.chunks(2) {
            let said = pair.get(1).copied().unwrap_or_default();
            match (pair[0], said.parse().ok()) {
                ("--kills", Some(number)) => plan.kills = number,
                ("--freezes", Some(number)) => plan.freezes = number,
                ("--node-kills", Some(number)) => plan.node_kills = number,
                ("--etcd-kills", Some(number)) => plan.etcd_kills = number,
                ("--frozen", Some(seconds)) => plan.frozen = Duration::from_secs(seconds.into()),
                ("--patroni", Some(4)) => plan.patroni = Which::Four,
                ("--patroni", None) if said == "installed" => plan.patroni = Which::Installed,
                ("--built", None) if said == "already" => plan.is_built = true,
                ("--strict", None) if said == "yes" => plan.strict = true,
                _ => bail!("{WORDS}"),
            }
        }
        Ok(plan)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at once")]

    use super::*;

    #[test]
    fn words_make_a_plan_and_others_are_refused() {
        let words = [
            "--kills",
            "2",
            "--node-kills",
            "1",
            "--patroni",
            "installed",
        ];
        let plan = Plan::from_words(&words).unwrap();
        assert_eq!((plan.kills, plan.freezes, plan.node_kills), (2, 5, 1));
        assert_eq!(plan.patroni, Which::Installed);
        for wrong in [&["--patroni", "3"] as &[&str], &["--kills"], &["4"]] {
            assert!(Plan::from_words(wrong).is_err(), "{wrong:?}");
        }
    }
}
