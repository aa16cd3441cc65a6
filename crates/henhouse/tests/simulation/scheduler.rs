//! The scheduler: one seed decides what happens next, on which node, and how time passes. It keeps a ledger of what was
//! promised.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use henhouse::delivery;
use henhouse::desk::DeskError;
use henhouse::store::{Lane, Store, StoreError};
use henhouse::timekeeper;
use jiff::{SignedDuration, Timestamp};

use super::chance::Chance;
use super::farm;
use super::faults::Faults;
use super::ledger::Ledger;
use super::ledger::Tap;
use super::node::{Backend, Nodes, Running};
use super::promises;
use super::sabotage::Sabotage;
use super::seasons;
use super::times::Stood;

/// Simulated nodes with the ledger of what they promised.
pub struct World {
    pub nodes: Nodes,
    /// What runs on each node; nothing where it has died.
    pub programs: Vec<Option<Running>>,
    /// Standing still up to this true time, and how.
    pub frozen: Vec<Option<(Timestamp, Stood)>>,
    /// Started without the store, and not heard from it since: its time is its machine's.
    pub alone: Vec<bool>,
    /// Had something on its disk last time, and nothing of it could be carried out.
    pub in_vain: Vec<bool>,
    /// All troubles have ended: whoever starts now finds the store.
    pub ending: bool,
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
    longest: i64,
    /// What is broken on purpose.
    pub broken: Option<Sabotage>,
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

/// How much is simulated of each seed.
#[derive(Clone, Copy)]
pub struct Length {
    /// How often something happens.
    pub acts: usize,
    /// The longest time that passes in one of them, in seconds.
    pub longest: i64,
    /// What is broken on purpose.
    pub broken: Option<Sabotage>,
}

/// Simulates a seed.
pub fn run(backend: Backend, seed: u64, length: Length) -> Run {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut world = World::new(backend, seed, length).await;
        let mut held = Ok(());
        for _ in 0..length.acts {
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
    async fn new(backend: Backend, seed: u64, length: Length) -> Self {
        let season = seasons::of(seed);
        let mut nodes = Nodes::new(backend, seed, season.begins);
        nodes.broken = length.broken;
        let running = nodes.start(0, true).await;
        farm::found(&running.desk, "HH", season.zone, season.begins).await;
        let mut programs = vec![Some(running)];
        for node in 1..backend.programs(seed) {
            programs.push(Some(nodes.start(node, true).await));
        }
        let mut world = Self {
            frozen: vec![None; programs.len()],
            mends: vec![None; programs.len()],
            alone: vec![false; programs.len()],
            in_vain: vec![false; programs.len()],
            ending: false,
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
            longest: length.longest,
            broken: length.broken,
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

    /// A program starts, now and then without the store, by the copy of the farm on its disk. Its machine's clock is right
    /// then: it has no other time until it has heard from the store.
    pub async fn start(&mut self, there: usize) -> Held {
        let alone = !self.ending && self.nodes.has_copy(there) && self.chance.percent(25);
        if !alone {
            return self.start_with_the_store(there).await;
        }
        self.note(format!("program {there} starts without the store"));
        self.reach("a node started without its store");
        self.nodes.times.set(there, SignedDuration::ZERO);
        self.nodes.faults[there].end();
        self.nodes.faults[there].cut_off(true);
        let span = *self.chance.pick(&[5, 40, 400, 2_000]);
        self.mends[there] = Some(self.now() + SignedDuration::from_secs(span));
        self.alone[there] = true;
        self.programs[there] = Some(self.nodes.start(there, false).await);
        Ok(())
    }

    /// A program starts where nothing stands in its way to the store.
    pub async fn start_with_the_store(&mut self, there: usize) -> Held {
        self.note(format!("program {there} starts"));
        self.nodes.faults[there].end();
        self.alone[there] = false;
        self.programs[there] = Some(self.nodes.start(there, true).await);
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
                let span = *self
                    .chance
                    .pick(&[1, 20, 300, 900, 3_600, 14_400, self.longest]);
                self.live(span).await?;
            }
            68..71 => self.sleep(),
            71..73 => self.answered_meanwhile().await?,
            73..74 => self.press_where_it_is_only_noted().await?,
            74..78 => self.trouble_with_the_peer(),
            78..83 => self.trouble_with_the_store(),
            83..86 => self.trouble_with_the_clock(),
            86..90 => self.slow_peer().await?,
            90..92 => self.stand_still(),
            92..97 => self.crash("a crash between steps").await?,
            _ if self.is_broken(Sabotage::LosesWakes) => self.loses_a_wake()?,
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
            let thaws = self.frozen.iter().flatten().map(|(until, _)| *until);
            let ends = thaws.chain(self.mends.iter().flatten().copied());
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
            if !self.nodes.is_shared() && self.nodes.times.is_slow(self.here) {
                self.reach("a program's clock went slowly");
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
        let (faults, shown) = (&self.nodes.faults[node], running.clock.wall());
        let mut next = Vec::new();
        if faults.works() {
            faults.quiet(true);
            next.push(running.desk.next_wake().await);
            faults.quiet(false);
            next.push(Ok(self.quietly(|_| earliest(&running.store, shown))?));
        }
        if let Some(beside) = &running.beside {
            next.push(beside.desk.next_wake().await);
            next.push(Ok(earliest(&beside.desk.store_and_clock().0, shown)?));
        }
        let next = next.into_iter().collect::<Result<Vec<_>, _>>();
        let mut next = next.map_err(|error| error.to_string())?;
        if running.desk.away_figures().waiting > 0 && faults.works() {
            // A tap waits for the disk of another node, maybe for days. It is tried every half second; here not so often.
            let millis = if self.in_vain[node] { 20_000 } else { 500 };
            next.push(Some(shown + SignedDuration::from_millis(millis)));
        }
        let next = next.into_iter().flatten().min();
        Ok(next.map_or(Timestamp::MAX, |at| self.nodes.times.truly(node, at)))
    }

    /// Whoever was suspended up to now goes on, and what stood in somebody's way up to now does not any more.
    fn thaw(&mut self) {
        let now = self.now();
        for (node, until) in self.frozen.iter_mut().enumerate() {
            if let Some((_, how)) = until.take_if(|(until, _)| *until <= now) {
                self.nodes.times.go_on(node, how);
            }
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

    /// The node asks what time it is and whether its store is there, and carries out what waits.
    async fn mind(&mut self) -> Held {
        let desk = self.up().desk.clone();
        if self.nodes.is_shared() && !self.is_broken(Sabotage::OwnClocks) {
            // Whoever is not answered counts on.
            let answered = timekeeper::step(&self.up().store, &self.up().clock).await;
            self.alone[self.here] &= answered.is_err();
        }
        let was_away = desk.is_away();
        let carried = desk.mind_the_spool().await;
        self.in_vain[self.here] = matches!(carried, Ok(0)) && !was_away;
        match carried {
            Ok(0) => {}
            Ok(_) => self.reach("what had waited was carried out"),
            Err(error) if of_the_store(&error) => {}
            Err(error) => return Err(format!("the spool: {error:?}")),
        }
        if was_away && !desk.is_away() {
            self.reach("the store was back");
        }
        if desk.away_figures().waiting == 0 {
            let (here, now) = (self.here, self.now());
            let here = |tap: &&mut Tap| tap.waits_on == Some(here);
            for tap in self.ledger.taps.iter_mut().filter(here) {
                (tap.waits_on, tap.by) = (None, now);
            }
        }
        Ok(())
    }

    pub async fn pulse(&mut self) -> Held {
        if self.is_broken(Sabotage::NeverWakes) {
            return Ok(());
        }
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
            let shown = self.up().clock.wall();
            let due = self.quietly(|running| earliest(&running.store, shown))?;
            if due.is_none_or(|due| due > shown) {
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
            let sent = sent.iter().map(|mail| mail.notice_id.clone());
            self.ledger.beside.extend(sent);
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
        if !self.is_calm() {
            self.calm_since = self.now();
        }
        let (now, calm_since) = self.told_time();
        // A lease of whoever died or was suspended lasts fifteen seconds.
        if now.duration_since(calm_since) < SignedDuration::from_secs(30) {
            return Ok(());
        }
        let late = now - SignedDuration::from_secs(30);
        let (wake, page) = self
            .quietly(|running| {
                running.store.read_inline(|view| {
                    Ok::<_, StoreError>((
                        view.earliest_wake()?,
                        view.earliest_delivery(Lane::Urgent, now)?,
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
        let working = |node: &usize| {
            let faults = &self.nodes.faults[*node];
            faults.works() && !faults.is_slow()
        };
        self.awake().iter().all(working)
    }

    /// What time it is, and since when all is calm, by the clock by which promises are judged: true time, whatever the
    /// machines of several nodes show; a node that is alone has no clock but its own.
    pub fn told_time(&self) -> (Timestamp, Timestamp) {
        let now = self.now();
        if self.nodes.is_shared() {
            return (now, self.calm_since);
        }
        let shown = self.up().clock.wall();
        (shown, self.calm_since + shown.duration_since(now))
    }
}

/// What the store says when it is in trouble.
pub fn of_the_store(error: &DeskError) -> bool {
    matches!(error, DeskError::Store(_))
}

fn earliest(store: &Store, now: Timestamp) -> Result<Option<Timestamp>, String> {
    let due = store.read_inline(|view| view.earliest_delivery(Lane::Ordinary, now));
    due.map_err(|error: StoreError| error.to_string())
}

/// Time passes and nothing runs.
pub fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}
