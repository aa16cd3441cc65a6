//! What goes wrong.

use std::sync::Arc;

use henhouse::delivery::outcome::{Fault, Outcome};
use henhouse::delivery::{self, step::Report};
use henhouse::store::StoreError;
use jiff::SignedDuration;
use serde_json::json;
use tokio::task::JoinHandle;

use super::farm::PEOPLE;
use super::promises;
use super::scheduler::{Held, World, seconds};
use super::times::Stood;

impl World {
    /// Nothing runs.
    pub fn sleep(&mut self) {
        let span = *self.chance.pick(&[30, 700, 7_200, 40_000, 200_000]);
        self.note(format!("nothing runs for {span} s"));
        self.reach("time passed while nothing was running");
        self.nodes.times.pass(seconds(span));
        self.calm_since = self.now();
    }

    pub fn trouble_with_the_peer(&mut self) {
        let who = format!("{}@example.org", self.chance.pick(PEOPLE));
        let said = |text: &str| text.to_owned();
        let outcomes = [
            Outcome::Temporary {
                fault: Fault::Recipient,
                reason: said("451 later"),
            },
            Outcome::Temporary {
                fault: Fault::Channel,
                reason: said("421 closing"),
            },
            Outcome::Rejected {
                receipt: said("550 unknown"),
            },
            Outcome::Uncertain {
                reason: said("connection lost"),
            },
        ];
        let times = 1 + self.chance.below(4);
        let outcome = self.chance.pick(&outcomes).clone();
        self.note(format!("the next {times} to {who}: {outcome:?}"));
        for _ in 0..times {
            self.nodes.peer.answer(&who, outcome.clone());
        }
    }

    /// A commit fails, or its answer is lost; or something stands between a node and the store for a while.
    pub fn trouble_with_the_store(&mut self) {
        let faults = self.faults();
        let several = self.programs.len() > 1;
        let commits = self.chance.below(4) as i64;
        let (what, lasts): (&'static str, bool) =
            match self.chance.below(if several { 9 } else { 5 }) {
                0 => {
                    faults.fails_after(commits);
                    ("a commit failed", false)
                }
                1..4 => {
                    faults.loses_after(commits);
                    ("an answer was lost", false)
                }
                4 => {
                    faults.slow(*self.chance.pick(&[200, 1_500, 6_000]));
                    ("the store was slow", true)
                }
                5 => {
                    faults.read_only(true);
                    ("the store committed nothing", true)
                }
                6 => {
                    // The last thing that it does may be there.
                    faults.loses_after(0);
                    faults.cut_off(true);
                    ("a node was cut off from the store", true)
                }
                _ => {
                    faults.cut_off(true);
                    ("a node was cut off from the store", true)
                }
            };
        self.reach(what);
        self.note(format!("{what}: after {commits} more"));
        if lasts {
            let span = *self.chance.pick(&[5, 40, 400, 2_000, 20_000]);
            self.mends[self.here] = Some(self.now() + SignedDuration::from_secs(span));
        }
    }

    /// The clock of a machine is off, or somebody sets it.
    pub fn trouble_with_the_clock(&mut self) {
        if self.alone[self.here] {
            return;
        }
        let spans = [1, 2, 10, 14, 60, 900, 3_600, 86_400];
        let span = *self.chance.pick(&spans);
        if self.nodes.times.ahead(self.here) > SignedDuration::from_secs(-span) {
            self.reach("a clock was set back");
        }
        let (what, ahead) = match self.chance.below(4) {
            0 => ("a clock ran ahead", span),
            1 => ("a clock was behind", -span),
            _ => ("a clock was right again", 0),
        };
        self.reach(what);
        self.note(format!("{what} by {ahead} s"));
        let ahead = SignedDuration::from_secs(ahead);
        self.nodes.times.set(self.here, ahead);
        if !self.nodes.is_shared() {
            // What time it is nobody else can say.
            self.calm_since = self.now();
        }
    }

    /// The machine of a node stands still, and goes on later as if nothing had been; another node goes on meanwhile.
    pub fn stand_still(&mut self) {
        let awake = self.awake();
        if awake.len() < 2 {
            return self.sleep();
        }
        let span = *self.chance.pick(&[5, 20, 600, 20_000]);
        let how = *self.chance.pick(&[Stood::Frozen, Stood::Suspended]);
        self.note(format!("{how:?} for {span} s"));
        self.reach("a node stood still");
        self.nodes.times.stop(self.here);
        let until = self.now() + SignedDuration::from_secs(span);
        self.frozen[self.here] = Some((until, how));
        self.calm_since = self.now();
        let others = self.awake();
        self.here = *self.chance.pick(&others);
    }

    /// A peer thinks for longer than a lease lasts; meanwhile the node goes on, dies, or loses its store.
    pub async fn slow_peer(&mut self) -> Held {
        // Mostly whoever is called first: of her server something is wanted at once.
        let name = if self.chance.percent(70) {
            PEOPLE[0]
        } else {
            self.chance.pick(PEOPLE)
        };
        let who = format!("{name}@example.org");
        self.note(format!("{who} thinks"));
        self.nodes.peer.hold(&who);
        let key = self.ledger.key();
        self.send_report(key.clone(), json!({ "text": format!("Slow, {key}.") }))
            .await?;
        let (faults, before) = (self.faults(), self.nodes.peer.count());
        faults.disturbed();
        let thinking = self.carries().await;
        if self.chance.percent(40) {
            self.excuse(before);
            thinking.abort();
            let _ = thinking.await;
            self.nodes.peer.release(&who);
            return self.crash("a crash while a peer was thinking").await;
        }
        let (sender, others) = (self.here, self.others());
        let happens = self.chance.below(10);
        let mut other = None;
        let mut runs_out = false;
        match happens {
            // It says nothing for longer than a lease lasts; whoever asked keeps it.
            0..3 => {
                for _ in 0..3 + self.chance.below(9) {
                    self.nodes.times.pass(seconds(5));
                    self.let_go_on().await;
                }
                self.calm_since = self.now();
                self.reach("a peer was silent for longer than a lease lasts");
                if self.chance.percent(50) {
                    let reason = "no answer".to_owned();
                    self.nodes.peer.answer(&who, Outcome::Uncertain { reason });
                }
                if let Some(there) = self.chance.pick_any(&others) {
                    self.here = there;
                    other = Some(self.carries().await);
                }
            }
            // Another one finds what is being sent, and leaves it alone.
            3..5 => {
                if let Some(there) = self.chance.pick_any(&others) {
                    self.reach("one started while another was sending");
                    self.forget(there);
                    self.start(there).await?;
                    self.here = there;
                    other = Some(self.carries().await);
                }
            }
            _ => {
                runs_out = true;
                other = Some(self.lease_runs_out(&others).await);
            }
        }
        self.nodes.peer.release(&who);
        let took = match other {
            Some(other) => matches!(other.await, Ok(Ok(report)) if report.leased > 0),
            None => false,
        };
        let back = matches!(thinking.await, Ok(Ok(report)) if report.happened.is_empty());
        if runs_out && took && back && self.here != sender {
            self.reach("a fence refused whoever came back");
        }
        let both = [&faults, &self.faults()];
        // Where a store takes its time, a renewal may come too late.
        if runs_out || both.iter().any(|way| way.disturbed() || way.is_slow()) {
            self.excuse(before);
        }
        if runs_out && !self.nodes.is_shared() {
            faults.end();
        }
        Ok(())
    }

    fn others(&self) -> Vec<usize> {
        let mut awake = self.awake();
        awake.retain(|there| *there != self.here);
        awake
    }

    /// Whoever sends cannot keep its lease: its machine stands still, or it has lost the store. Somebody takes over.
    async fn lease_runs_out(&mut self, others: &[usize]) -> JoinHandle<Result<Report, StoreError>> {
        let (sender, faults) = (self.here, self.faults());
        let stands = !others.is_empty() && self.chance.percent(50);
        if stands {
            self.nodes.times.stop(sender);
        } else {
            self.reach("a node was cut off while a peer was thinking");
            faults.cut_off(true);
        }
        self.nodes.times.pass(seconds(20));
        self.calm_since = self.now();
        self.reach("a lease ran out while a peer was thinking");
        if let Some(there) = self.chance.pick_any(others) {
            self.here = there;
        } else {
            self.let_go_on().await;
            faults.cut_off(false);
        }
        let other = self.carries().await;
        if stands {
            let how = *self.chance.pick(&[Stood::Frozen, Stood::Suspended]);
            self.nodes.times.go_on(sender, how);
        } else if self.nodes.is_shared() {
            self.mends[sender] = Some(self.now() + SignedDuration::from_secs(100));
        }
        other
    }

    /// What runs in the background goes on as far as it gets.
    async fn let_go_on(&self) {
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
    }

    /// Whoever's turn it is begins to send what is due, as far as it gets before a peer makes it wait.
    async fn carries(&self) -> JoinHandle<Result<Report, StoreError>> {
        let outbox = Arc::clone(&self.up().outbox);
        let carries = tokio::spawn(async move { delivery::step::step(&outbox).await });
        self.let_go_on().await;
        carries
    }

    /// Everything but what is on a disk is gone; the program starts again, or another one goes on.
    pub async fn crash(&mut self, how: &'static str) -> Held {
        self.note(how);
        self.reach(how);
        let died = self.here;
        self.forget(died);
        // Aborted tasks are dropped when the runtime next looks at them.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        let others = self.awake();
        match self.chance.pick_any(&others) {
            Some(other) if self.chance.percent(60) => {
                self.reach("one died and another went on");
                self.here = other;
            }
            _ => self.start(self.here).await?,
        }
        if self.chance.percent(30) {
            promises::index(self).await?;
        }
        self.tick(self.here).await?;
        promises::always(self).await
    }

    /// What was in the memory of a node is gone.
    fn forget(&mut self, node: usize) {
        let Some(gone) = self.programs[node].take() else {
            return;
        };
        self.calm_since = self.now();
        if gone.desk.away_figures().waiting > 0 {
            self.reach("a node died with something on its disk");
            // What left just now may not be noted there.
            self.excused.extend(self.ledger.beside.iter().cloned());
        }
        drop(gone);
        if self.programs.len() > 1 && self.chance.percent(30) {
            let torn: Vec<u8> = (0..self.chance.below(60))
                .map(|_| self.chance.below(256) as u8)
                .collect();
            if self.nodes.tear(node, &torn) {
                self.reach("the end of a spool was torn");
            }
        }
    }

    /// All troubles end; what was promised is kept.
    pub async fn end(&mut self) -> Held {
        self.note("all troubles end");
        self.ending = true;
        for node in 0..self.programs.len() {
            self.nodes.faults[node].end();
            self.nodes.times.set(node, SignedDuration::ZERO);
            if let Some((_, how)) = self.frozen[node].take() {
                self.nodes.times.go_on(node, how);
            }
            self.mends[node] = None;
            if self.programs[node].is_none() {
                self.start(node).await?;
            }
        }
        self.calm_since = self.now();
        self.nodes.peer.forget();
        self.live(5).await?;
        for (key, report) in self.ledger.unanswered.clone() {
            self.send_report(key, report).await?;
        }
        self.live(2 * 3_600).await?;
        self.crash("a crash between steps").await?;
        self.live(60).await?;
        promises::always(self).await?;
        promises::at_the_end(self).await
    }
}
