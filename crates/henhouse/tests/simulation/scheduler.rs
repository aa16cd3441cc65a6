//! The scheduler: one seed decides what happens next, on which node, and how time passes. It keeps a ledger of what was
//! promised.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use henhouse::delivery;
use henhouse::desk::DeskError;
use henhouse::store::{Lane, NoticeId, OutboxState, Store, StoreError};
use jiff::{SignedDuration, Timestamp};

use super::chance::Chance;
use super::farm;
use super::faults::Faults;
use super::ledger::Ledger;
use super::node::{Backend, Nodes, Running};
use super::promises;
use super::seasons;

/// Simulated nodes with the ledger of what they promised.
pub struct World {
    pub nodes: Nodes,
    /// What runs on each node; nothing where it has died.
    pub programs: Vec<Option<Running>>,
    /// Suspended up to this true time.
    pub frozen: Vec<Option<Timestamp>>,
    /// Up to this true time something stands between the node and the store.
    pub mends: Vec<Option<Timestamp>>,
    /// Whose turn it is.
    pub here: usize,
    pub chance: Chance,
    /// What was done, for the report of a failure.
    pub acts: Vec<String>,
    pub reached: BTreeMap<&'static str, u64>,
    pub ledger: Ledger,
    /// Notices whose peer, or whose outcome, was disturbed: only they may be sent twice.
    pub excused: BTreeSet<String>,
    /// Since this true time nothing stood in the way of time.
    pub calm_since: Timestamp,
    pub began: Timestamp,
    /// When the zone changes its clocks.
    changes: Option<Timestamp>,
}

/// How a simulation ended.
pub struct Run {
    pub acts: Vec<String>,
    /// How often it came to each of these.
    pub reached: BTreeMap<&'static str, u64>,
    /// How long it was, in hours of its clock.
    pub hours: f64,
    pub held: Result<(), String>,
}

pub type Held = Result<(), String>;

/// Simulates a seed.
pub fn run(backend: Backend, seed: u64, acts: usize) -> Run {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut world = World::new(backend, seed).await;
        let mut held = Ok(());
        for _ in 0..acts {
            held = world.act().await;
            if held.is_err() {
                break;
            }
        }
        if held.is_ok() {
            held = world.end().await;
        }
        let passed = world.now().duration_since(world.began);
        Run {
            acts: world.acts,
            reached: world.reached,
            hours: passed.as_secs_f64() / 3_600.0,
            held,
        }
    })
}

impl World {
    async fn new(backend: Backend, seed: u64) -> Self {
        let season = seasons::of(seed);
        let mut nodes = Nodes::new(backend, seed, season.begins);
        let running = nodes.start(0).await;
        farm::found(&running.desk, "HH", season.zone, season.begins).await;
        let mut programs = vec![Some(running)];
        for node in 1..backend.programs(seed) {
            programs.push(Some(nodes.start(node).await));
        }
        let mut world = Self {
            frozen: vec![None; programs.len()],
            mends: vec![None; programs.len()],
            nodes,
            programs,
            here: 0,
            chance: Chance::of(seed),
            acts: Vec::new(),
            reached: BTreeMap::new(),
            ledger: Ledger::default(),
            excused: BTreeSet::new(),
            calm_since: season.begins,
            began: season.begins,
            changes: season.changes,
        };
        world.note(format!("in {}", season.zone));
        world
    }

    /// True time.
    pub fn now(&self) -> Timestamp {
        self.nodes.times.now()
    }

    /// What runs where it is whose turn it is.
    pub fn up(&self) -> &Running {
        self.programs[self.here].as_ref().unwrap()
    }

    /// The troubles of whose turn it is.
    pub fn faults(&self) -> Faults {
        self.nodes.faults[self.here].clone()
    }

    /// Nodes on which a program runs and is not suspended.
    pub fn awake(&self) -> Vec<usize> {
        let nodes = 0..self.programs.len();
        let awake = |node: &usize| self.programs[*node].is_some() && self.frozen[*node].is_none();
        nodes.filter(awake).collect()
    }

    /// Looks without anything going wrong.
    pub fn quietly<T>(&self, look: impl FnOnce(&Running) -> T) -> T {
        let faults = self.faults();
        faults.quiet(true);
        let seen = look(self.up());
        faults.quiet(false);
        seen
    }

    /// Somebody else's turn, if there is somebody else; one that has died may start again.
    async fn turn(&mut self) -> Held {
        let there = self.chance.below(self.programs.len());
        if there == self.here || self.frozen[there].is_some() {
            return Ok(());
        }
        if self.programs[there].is_none() {
            if self.chance.percent(50) {
                return Ok(());
            }
            self.start(there).await?;
        }
        self.reach("another one acted");
        self.here = there;
        Ok(())
    }

    /// A program starts. Without the store that it has always had it starts with what it knows.
    pub async fn start(&mut self, there: usize) -> Held {
        self.note(format!("program {there} starts"));
        // What it does without the store is not simulated.
        self.nodes.faults[there].end();
        self.programs[there] = Some(self.nodes.start(there).await);
        Ok(())
    }

    /// Counts that it came to this.
    pub fn reach(&mut self, what: &'static str) {
        *self.reached.entry(what).or_default() += 1;
    }

    pub fn note(&mut self, act: impl Into<String>) {
        let act = format!("{} [{}] {}", self.now(), self.here, act.into());
        self.acts.push(act);
    }

    async fn act(&mut self) -> Held {
        self.turn().await?;
        match self.chance.below(100) {
            0..16 => self.report().await?,
            16..34 => self.command().await?,
            34..44 => self.press().await?,
            44..50 => self.again().await?,
            50..68 => {
                let span = *self.chance.pick(&[1, 20, 300, 900, 3_600, 14_400]);
                self.live(span).await?;
            }
            68..71 => self.sleep(),
            71..74 => self.answered_meanwhile().await?,
            74..78 => self.trouble_with_the_peer(),
            78..83 => self.trouble_with_the_store(),
            83..86 => self.trouble_with_the_clock(),
            86..90 => self.slow_peer().await?,
            90..92 => self.suspend(),
            92..97 => self.crash("a crash between steps").await?,
            _ => promises::index(self).await?,
        }
        self.tick(self.here).await?;
        if self.chance.percent(20) {
            promises::always(self).await?;
        }
        Ok(())
    }

    /// Time passes while the nodes run: it stops at every wake and at every due delivery of each of them.
    pub async fn live(&mut self, seconds: i64) -> Held {
        self.note(format!("+{seconds}s"));
        let to = self.now() + SignedDuration::from_secs(seconds);
        for _ in 0..20_000 {
            let now = self.now();
            let ends = self.frozen.iter().chain(&self.mends).flatten().copied();
            let mut stop = ends.fold(to, Timestamp::min);
            for node in self.awake() {
                stop = stop.min(self.next(node).await?);
            }
            // A store that fails is asked again a second later, as the waker does.
            let least = now + SignedDuration::from_secs(1);
            let stop = if stop <= now { least } else { stop }.min(to);
            self.nodes.times.pass_to(stop);
            if self.changes.is_some_and(|at| now < at && at <= stop) {
                self.reach("the clocks were changed");
            }
            if self
                .awake()
                .iter()
                .any(|node| self.nodes.times.is_slow(*node))
            {
                self.reach("a program's clock went at half speed");
            }
            self.thaw();
            let mut nodes = self.awake();
            while !nodes.is_empty() {
                let node = nodes.swap_remove(self.chance.below(nodes.len()));
                self.tick(node).await?;
            }
            self.in_time().await?;
            if self.now() >= to {
                return Ok(());
            }
        }
        Err("time does not get on".into())
    }

    /// When a node has something to do next, in true time.
    async fn next(&self, node: usize) -> Result<Timestamp, String> {
        let Some(running) = &self.programs[node] else {
            return Ok(Timestamp::MAX);
        };
        let faults = &self.nodes.faults[node];
        let mut next = Vec::new();
        if faults.works() {
            faults.quiet(true);
            next.push(running.desk.next_wake().await);
            faults.quiet(false);
            next.push(Ok(self.quietly(|_| earliest(&running.store))?));
        }
        if let Some(beside) = &running.beside {
            next.push(beside.desk.next_wake().await);
            next.push(Ok(earliest(&beside.desk.store_and_clock().0)?));
        }
        let next = next.into_iter().collect::<Result<Vec<_>, _>>();
        let mut next = next.map_err(|error| error.to_string())?;
        if running.desk.away_figures().waiting > 0 && faults.works() {
            next.push(Some(
                running.clock.wall() + SignedDuration::from_millis(500),
            ));
        }
        let next = next.into_iter().flatten().min();
        Ok(next.map_or(Timestamp::MAX, |at| self.nodes.times.truly(node, at)))
    }

    /// Whoever was suspended up to now goes on, and what stood in somebody's way up to now does not any more.
    fn thaw(&mut self) {
        let now = self.now();
        for until in &mut self.frozen {
            until.take_if(|until| *until <= now);
        }
        for (until, faults) in self.mends.iter_mut().zip(&self.nodes.faults) {
            if until.take_if(|until| *until <= now).is_some() {
                faults.end();
            }
        }
    }

    /// One round of a node: it looks after its store, lets time act, and sends what is due.
    pub async fn tick(&mut self, node: usize) -> Held {
        let before = std::mem::replace(&mut self.here, node);
        if self.programs[node].is_some() && self.frozen[node].is_none() {
            self.mind().await?;
            self.pulse().await?;
            self.deliver().await?;
            self.beside().await?;
        }
        self.here = before;
        Ok(())
    }

    /// The node looks whether its store is there, and carries out what waits.
    async fn mind(&mut self) -> Held {
        let desk = self.up().desk.clone();
        let was_away = desk.is_away();
        match desk.mind_the_spool().await {
            Ok(0) => {}
            Ok(_) => self.reach("what had waited was carried out"),
            Err(error) if of_the_store(&error) => {}
            Err(error) => return Err(format!("the spool: {error:?}")),
        }
        if was_away && !desk.is_away() {
            self.reach("the store was back");
        }
        Ok(())
    }

    pub async fn pulse(&mut self) -> Held {
        match self.up().desk.pulse().await {
            Ok(_) => Ok(()),
            Err(error) if of_the_store(&error) => Ok(()),
            Err(other) => Err(format!("pulse: {other:?}")),
        }
    }

    /// Everything that is due is sent, until nothing is.
    pub async fn deliver(&mut self) -> Held {
        let outbox = Arc::clone(&self.up().outbox);
        for _ in 0..200 {
            let due = self.quietly(|running| earliest(&running.store))?;
            if due.is_none_or(|due| due > self.up().clock.wall()) {
                return Ok(());
            }
            let faults = self.faults();
            faults.disturbed();
            let before = self.nodes.peer.count();
            let step = delivery::step::step(&outbox).await;
            if faults.disturbed() {
                self.excuse(before);
            }
            match step {
                Ok(report) if report.leased == 0 => return Ok(()),
                Ok(_) => {}
                Err(_) if !faults.works() => return Ok(()),
                Err(StoreError::Full | StoreError::Unknown) => {}
                Err(other) => return Err(format!("delivery: {other:?}")),
            }
        }
        Err("delivery does not settle".into())
    }

    /// The node calls people by itself, for what waits on its disk.
    async fn beside(&mut self) -> Held {
        let Some(beside) = &self.up().beside else {
            return Ok(());
        };
        let (desk, outbox) = (beside.desk.clone(), Arc::clone(&beside.outbox));
        let told = desk.pulse().await;
        told.map_err(|error| format!("beside: {error:?}"))?;
        let before = self.nodes.peer.count();
        for _ in 0..50 {
            let step = delivery::step::step(&outbox).await;
            if step.map_err(|error| format!("beside: {error:?}"))?.leased == 0 {
                break;
            }
        }
        let sent = self.nodes.peer.sent_after(before);
        if !sent.is_empty() {
            self.reach("people were called from a node without its store");
            let (store, _) = desk.store_and_clock();
            for mail in &sent {
                self.ledger.beside.insert(mail.notice_id.clone());
                if !is_done(&store, &mail.notice_id)? {
                    // What did not arrive from there is tried again as if it had not been tried.
                    *self
                        .ledger
                        .tried_beside
                        .entry(mail.notice_id.clone())
                        .or_default() += 1;
                }
            }
            // What was sent is noted within half a second.
            if self.chance.percent(90) {
                self.mind().await?;
            }
        }
        Ok(())
    }

    /// What the node sent just now may be sent twice.
    pub fn excuse(&mut self, since: usize) {
        let sent = self.nodes.peer.sent_after(since).into_iter();
        self.excused.extend(sent.map(|mail| mail.notice_id));
    }

    /// While nothing stands in the way nothing is late: what time owes is written, pages are tried.
    async fn in_time(&mut self) -> Held {
        let now = self.now();
        if !self.is_calm() {
            self.calm_since = now;
        }
        // A lease of whoever died or was suspended lasts fifteen seconds.
        if now.duration_since(self.calm_since) < SignedDuration::from_secs(30) {
            return Ok(());
        }
        let late = now - SignedDuration::from_secs(30);
        let (wake, page) = self
            .quietly(|running| {
                running.store.read_inline(|view| {
                    Ok::<_, StoreError>((
                        view.earliest_wake()?,
                        view.earliest_delivery(Lane::Urgent)?,
                    ))
                })
            })
            .map_err(|error| error.to_string())?;
        if wake.is_some_and(|at| at < late) || page.is_some_and(|at| at < late) {
            return Err(format!("late: a wake at {wake:?}, a page at {page:?}"));
        }
        Ok(())
    }

    fn is_calm(&self) -> bool {
        let second = SignedDuration::from_secs(1);
        let working = |node: &usize| {
            let faults = &self.nodes.faults[*node];
            faults.works() && !faults.is_slow() && self.nodes.times.off(*node) <= second
        };
        self.awake().iter().all(working)
    }
}

/// What the store says when it is in trouble.
pub fn of_the_store(error: &DeskError) -> bool {
    matches!(error, DeskError::Store(_))
}

fn is_done(store: &Store, notice: &str) -> Result<bool, String> {
    let Ok(notice) = notice.parse().map(NoticeId) else {
        return Ok(false);
    };
    let row = store.read_inline(|view| view.delivery(notice));
    let row = row.map_err(|error: StoreError| error.to_string())?;
    Ok(row.is_some_and(|row| row.state == OutboxState::Done))
}

fn earliest(store: &Store) -> Result<Option<Timestamp>, String> {
    let due = store.read_inline(|view| view.earliest_delivery(Lane::Ordinary));
    due.map_err(|error: StoreError| error.to_string())
}

/// Time passes and nothing runs.
pub fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}
