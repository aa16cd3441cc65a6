//! One trouble after the other, each told with its figures.

use std::fmt;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::cluster::{Cluster, thaw};
use super::houses::Houses;
use super::load::Load;
use super::patroni::Which;
use super::plan::Plan;
use super::{PATIENCE, pages};
use crate::bench::sink::Sink;
use crate::stopwatch::Stopwatch;

/// Another one leads within so long after a kill, or nobody may: then the one that was killed must come back itself.
const NEXT: Duration = Duration::from_secs(45);
/// A Henhouse node dies so long after the primary: it holds reports by then that the database does not have.
const ON_ITS_OWN: Duration = Duration::from_secs(10);
/// A member of etcd stays away for so long: longer than an election takes.
const WITHOUT: Duration = Duration::from_secs(15);
/// Patroni 3.0.2 that is not whole by then does not become whole by itself.
const STUCK: Duration = Duration::from_secs(45);
/// The promise (P2): the first page behind a change of leader.
const FIRST_PAGE: Duration = Duration::from_secs(30);

/// What is done to the primary.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// SIGKILL; to the Henhouse node whose turn it is, too.
    Kill {
        /// The node's turn.
        with_node: Option<usize>,
    },
    /// SIGSTOP for longer than a lease, then SIGCONT.
    Freeze,
    /// The primary is left alone; a member of etcd gets a SIGKILL and comes back.
    EtcdKill {
        /// The member's turn.
        member: usize,
    },
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Kill { with_node: None } => "kill -9",
            Kind::Kill { .. } => "kill -9, and of a Henhouse node,",
            Kind::Freeze => "SIGSTOP",
            Kind::EtcdKill { .. } => "kill -9 of a member of etcd, beside the lead",
        })
    }
}

/// What they are done to.
pub struct Run<'a> {
    cluster: &'a mut Cluster,
    houses: &'a mut Houses,
    load: &'a Load,
    mail: &'a Sink,
    plan: Plan,
    troubles: Troubles,
}

/// All of them.
#[derive(Debug, Default)]
pub struct Troubles {
    led: Vec<Duration>,
    first_pages: Vec<Duration>,
    taken_back: u32,
    remedies: u32,
}

impl Troubles {
    /// Whether the promise about first pages was kept.
    pub fn is_kept(&self) -> bool {
        self.first_pages.iter().all(|late| *late <= FIRST_PAGE)
    }
}

impl fmt::Display for Troubles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let longest = |all: &[Duration]| all.iter().max().map_or(0.0, Duration::as_secs_f64);
        write!(
            f,
            "{} troubles: another one led after {:.1} s at the latest; the first page then after {:.1} s at the latest; a \
             frozen leader took the lead back {} times; {} remedies",
            self.first_pages.len(),
            longest(&self.led),
            longest(&self.first_pages),
            self.taken_back,
            self.remedies
        )
    }
}

impl<'a> Run<'a> {
    /// Nothing was done yet.
    pub fn new(
        cluster: &'a mut Cluster,
        houses: &'a mut Houses,
        load: &'a Load,
        mail: &'a Sink,
        plan: Plan,
    ) -> Self {
        let troubles = Troubles::default();
        Self {
            cluster,
            houses,
            load,
            mail,
            plan,
            troubles,
        }
    }

    /// What all of them came to.
    pub fn end(self) -> Troubles {
        self.troubles
    }

    /// One trouble, told with its pauses.
    ///
    /// # Errors
    /// The cluster, or a node, does not come back.
    pub fn trouble(&mut self, kind: Kind) -> Result<()> {
        let leader = self.cluster.leader(PATIENCE)?;
        let watch = Stopwatch::start();
        self.load.begin_round();
        let next = match kind {
            Kind::Kill { with_node } => self.kill(leader, with_node, watch)?,
            Kind::Freeze => self.freeze(leader, watch)?,
            Kind::EtcdKill { member } => self.etcd(leader, member, watch)?,
        };
        let (next, led) = match next {
            Some(next) => next,
            // Where nobody else could take over, the one that comes back leads again.
            None => (self.cluster.leader(PATIENCE)?, watch.read()),
        };
        let led_at = self
            .mail
            .now()
            .saturating_sub(watch.read().saturating_sub(led));
        self.houses.start_again(PATIENCE)?;
        self.wait_whole()?;
        self.load.wait_for_a_command(PATIENCE)?;
        let first_page = self.first_page(led_at)?;
        let taken = pages::first_taken(led_at, &self.load.so_far()).unwrap_or_default();
        let (reports, commands) = self.load.round();
        // Not sooner: one that was frozen believes for a moment that it still leads.
        let back = if next != leader && self.cluster.leader(PATIENCE)? == leader {
            ", and then the old one again"
        } else {
            ""
        };
        println!(
            "{kind} of pg{leader}: pg{next} leads after {:.1} s{back}; first report of \
             somebody known that it took {:.1} s later, first page {:.1} s later; whole after {:.1} s; longest \
             pause: reports {:.1} s, commands {:.1} s",
            led.as_secs_f64(),
            taken.as_secs_f64(),
            first_page.as_secs_f64(),
            watch.read().as_secs_f64(),
            reports.as_secs_f64(),
            commands.as_secs_f64()
        );
        self.troubles.led.push(led);
        self.troubles.first_pages.push(first_page);
        self.troubles.taken_back += u32::from(!back.is_empty());
        Ok(())
    }

    fn kill(
        &mut self,
        leader: usize,
        with_node: Option<usize>,
        watch: Stopwatch,
    ) -> Result<Option<(usize, Duration)>> {
        self.cluster.kill(leader)?;
        if let Some(turn) = with_node {
            sleep(ON_ITS_OWN);
            self.houses.kill(turn)?;
        }
        let next = self.cluster.leader_other_than(leader, NEXT).ok();
        let next = next.map(|next| (next, watch.read()));
        self.cluster.start_again(leader)?;
        Ok(next)
    }

    fn freeze(&self, leader: usize, watch: Stopwatch) -> Result<Option<(usize, Duration)>> {
        let frozen = self.cluster.freeze(leader)?;
        let next = self
            .cluster
            .leader_other_than(leader, self.plan.frozen)
            .ok();
        let next = next.map(|next| (next, watch.read()));
        sleep(self.plan.frozen.saturating_sub(watch.read()));
        thaw(&frozen);
        Ok(next)
    }

    fn etcd(
        &mut self,
        leader: usize,
        member: usize,
        watch: Stopwatch,
    ) -> Result<Option<(usize, Duration)>> {
        self.cluster.etcd().kill(member)?;
        sleep(WITHOUT);
        self.cluster.etcd().start_again(member)?;
        // Two of three members agree: nobody else should lead.
        let next = self.cluster.leader(NEXT)?;
        let led = if next == leader {
            Duration::ZERO
        } else {
            watch.read()
        };
        Ok(Some((next, led)))
    }

    /// Patroni 4 heals by itself; the one before sometimes needs what the guide says.
    fn wait_whole(&mut self) -> Result<()> {
        if self.plan.patroni == Which::Installed && self.cluster.wait_whole(STUCK).is_err() {
            println!(
                "not whole after {} s: synchronous mode off and on again",
                STUCK.as_secs()
            );
            self.cluster.remedy()?;
            self.troubles.remedies += 1;
        }
        self.cluster.wait_whole(PATIENCE)
    }

    /// How long after this moment the first page was there.
    fn first_page(&self, led_at: Duration) -> Result<Duration> {
        let watch = Stopwatch::start();
        loop {
            let first = pages::first_after(led_at, &self.load.so_far(), self.mail);
            if first.is_some() || watch.read() > PATIENCE {
                return first.context("no page left behind a change of leader");
            }
            sleep(Duration::from_millis(200));
        }
    }
}
