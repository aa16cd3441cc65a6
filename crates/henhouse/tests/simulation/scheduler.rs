//! The scheduler: one seed decides what happens next. It keeps a ledger of what was promised.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use henhouse::delivery::outcome::{Fault, Outcome};
use henhouse::delivery::{self, step::Report};
use henhouse::desk::{Answer, DeskError, OneUse, OpenReport, Opened};
use henhouse::store::{FaultPoint, JournalId, JournalKind, Lane, StoreError};
use jiff::{SignedDuration, Timestamp};
use procedure::{Actor, Command, How, Order, Who};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::chance::Chance;
use super::farm::{self, PEOPLE};
use super::node::{self, Backend, Node, Running};
use super::promises;

/// A simulated node with the ledger of what it promised.
pub struct World {
    pub node: Node,
    /// What runs now: a program, or several on one store; nothing where one has died.
    programs: Vec<Option<Running>>,
    /// Whose turn it is.
    here: usize,
    pub chance: Chance,
    /// What was done, for the report of a failure.
    pub acts: Vec<String>,
    pub reached: BTreeMap<&'static str, u64>,
    /// Reports that were answered, by key.
    pub accepted: BTreeMap<String, (Value, Opened)>,
    /// Reports whose answer never came, by key: each may or may not be there.
    pub unanswered: BTreeMap<String, Value>,
    /// Commands that were answered, by key.
    pub answered: BTreeMap<String, (JournalId, Actor, Value, Answer)>,
    /// Notices whose peer, or whose outcome, was disturbed: only they may be sent twice.
    pub excused: BTreeSet<String>,
    disturbed: Arc<AtomicBool>,
    keys: u32,
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

type Held = Result<(), String>;

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
        let passed = world.node.clock.wall().duration_since(node::start());
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
        let mut node = Node::new(backend, seed);
        let running = node.start().await;
        farm::found(&running.desk, "HH").await;
        let mut programs = vec![Some(running)];
        while programs.len() < backend.programs() {
            programs.push(Some(node.start().await));
        }
        Self {
            node,
            programs,
            here: 0,
            chance: Chance::of(seed),
            acts: Vec::new(),
            reached: BTreeMap::new(),
            accepted: BTreeMap::new(),
            unanswered: BTreeMap::new(),
            answered: BTreeMap::new(),
            excused: BTreeSet::new(),
            disturbed: Arc::default(),
            keys: 0,
        }
    }

    /// What runs now.
    pub fn up(&self) -> &Running {
        self.programs[self.here].as_ref().unwrap()
    }

    /// Somebody else's turn, if there is somebody else; one that has died may start again.
    async fn turn(&mut self) -> Held {
        let there = (self.here + 1) % self.programs.len();
        if there == self.here || self.chance.percent(50) {
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

    async fn start(&mut self, there: usize) -> Held {
        self.note(format!("program {there} starts"));
        self.programs[there] = Some(self.node.start().await);
        Ok(())
    }

    /// Counts that it came to this.
    pub fn reach(&mut self, what: &'static str) {
        *self.reached.entry(what).or_default() += 1;
    }

    fn note(&mut self, act: impl Into<String>) {
        self.acts
            .push(format!("{} {}", self.node.clock.wall(), act.into()));
    }

    async fn act(&mut self) -> Held {
        self.turn().await?;
        match self.chance.below(100) {
            0..18 => self.report().await?,
            18..44 => self.command().await?,
            44..50 => self.again().await?,
            50..70 => {
                let span = *self.chance.pick(&[1, 20, 300, 900, 3_600]);
                self.live(span).await?;
            }
            70..74 => self.sleep(),
            74..77 => self.answered_meanwhile().await?,
            77..82 => self.trouble_with_the_peer(),
            82..88 => self.trouble_with_the_disk(),
            88..92 => self.slow_peer().await?,
            92..97 => self.crash("a crash between steps").await?,
            _ => promises::index(self).await?,
        }
        self.deliver().await?;
        if self.chance.percent(20) {
            promises::always(self).await?;
        }
        Ok(())
    }

    fn key(&mut self) -> String {
        self.keys += 1;
        format!("k{}", self.keys)
    }

    /// Somebody reports. If the answer does not come they try again later, with the same key.
    async fn report(&mut self) -> Held {
        let key = self.key();
        let mut report = json!({ "text": format!("The fox again, {key}") });
        if self.chance.percent(15) {
            report["restricted"] = true.into();
        }
        self.send_report(key, report).await
    }

    /// By a program, or by somebody unknown, whose reports share their pages when there are many (M24).
    async fn send_report(&mut self, key: String, report: Value) -> Held {
        let by_program = key.ends_with(['1', '3', '5', '7', '9']);
        let actor = if by_program {
            Actor {
                who: Who::Service("fence".into()),
                how: How::Token("t".into()),
            }
        } else {
            Actor {
                who: Who::Reporter,
                how: How::Open,
            }
        };
        let open = OpenReport {
            actor,
            project: None,
            report: serde_json::from_value(report.clone()).unwrap(),
            happened_at: None,
            once: Some(OneUse {
                actor: "form".into(),
                key: key.clone(),
            }),
        };
        let answer = self.up().desk.open_report(open).await;
        self.note(format!(
            "report {key}: {:?}",
            answer.as_ref().map(|opened| &opened.number)
        ));
        match answer {
            Ok(opened) => {
                self.unanswered.remove(&key);
                let before = self.accepted.insert(key, (report, opened.clone()));
                let same = before.is_none_or(|(_, before)| before == opened);
                if same {
                    Ok(())
                } else {
                    Err("a key was answered twice, differently".into())
                }
            }
            Err(DeskError::Store(_)) => {
                if !self.accepted.contains_key(&key) {
                    self.unanswered.insert(key, report);
                }
                Ok(())
            }
            Err(other) => Err(format!("a report was refused: {other:?}")),
        }
    }

    /// A page is being tried again while somebody else answers: it has become pointless.
    async fn answered_meanwhile(&mut self) -> Held {
        let later = Outcome::Temporary {
            fault: Fault::Recipient,
            reason: "451 later".into(),
        };
        self.node.peer.answer("ann@example.org", later);
        self.report().await?;
        self.deliver().await?;
        let cases = promises::journals(self.up(), JournalKind::Case)?;
        if let Some(case) = cases.last() {
            let (key, bob) = (self.key(), Actor::person(&"bob".into(), How::Session));
            let command = json!({ "command": "acknowledge" });
            self.submit(key, *case, bob, command).await?;
        }
        self.live(20).await
    }

    /// Somebody does something with a case.
    async fn command(&mut self) -> Held {
        let cases = promises::journals(self.up(), JournalKind::Case)?;
        let Some(case) = self.chance.pick_any(&cases) else {
            return Ok(());
        };
        let text = "So it is.";
        let impact =
            json!({ "confidentiality": "none", "integrity": "actual", "availability": "none" });
        let commands = [
            json!({ "command": "acknowledge" }),
            json!({ "command": "acknowledge" }),
            json!({ "command": "join" }),
            json!({ "command": "pass_on" }),
            json!({ "command": "record_fact", "text": text }),
            json!({ "command": "raise_suspicion", "reason": text }),
            json!({ "command": "confirm", "severity": "high", "reason": text, "impact": impact }),
            json!({ "command": "confirm", "severity": "low", "reason": text, "impact": impact }),
            json!({ "command": "false_alarm", "reason": text }),
            json!({ "command": "publish_sitrep", "summary": text }),
            json!({ "command": "add_step", "text": text, "owner": "bob" }),
            json!({ "command": "set_severity", "severity": "medium", "reason": text }),
        ];
        let command = self.chance.pick(&commands).clone();
        let actor = Actor::person(&(*self.chance.pick(PEOPLE)).into(), How::Session);
        let key = self.key();
        self.submit(key, case, actor, command).await
    }

    async fn submit(&mut self, key: String, case: JournalId, actor: Actor, command: Value) -> Held {
        let once = OneUse {
            actor: format!("{:?}", actor.who),
            key: key.clone(),
        };
        let order = Order::from(serde_json::from_value::<Command>(command.clone()).unwrap());
        let answer = self
            .up()
            .desk
            .submit(case, actor.clone(), order, Some(once))
            .await;
        self.note(format!(
            "{key} {:?} {} {answer:?}",
            actor.who, command["command"]
        ));
        match answer {
            Ok(answer) => {
                let before = self
                    .answered
                    .insert(key, (case, actor, command, answer.clone()));
                let same = before.is_none_or(|(.., before)| before == answer);
                if same {
                    Ok(())
                } else {
                    Err("a key was answered twice, differently".into())
                }
            }
            Err(DeskError::Refused(_) | DeskError::NotFound(_) | DeskError::Store(_)) => Ok(()),
            Err(other) => Err(format!("{command}: {other:?}")),
        }
    }

    /// Somebody sends once more what they have sent before.
    async fn again(&mut self) -> Held {
        self.reach("a key was used again");
        let unanswered: Vec<_> = self.unanswered.clone().into_iter().collect();
        if let Some((key, report)) = self.chance.pick_any(&unanswered) {
            return self.send_report(key, report).await;
        }
        let accepted: Vec<_> = self.accepted.clone().into_iter().collect();
        let answered: Vec<_> = self.answered.clone().into_iter().collect();
        match (
            self.chance.pick_any(&accepted),
            self.chance.pick_any(&answered),
        ) {
            (Some((key, (report, _))), _) if self.chance.percent(50) => {
                self.send_report(key, report).await
            }
            (_, Some((key, (case, actor, command, _)))) => {
                self.submit(key, case, actor, command).await
            }
            _ => Ok(()),
        }
    }

    /// Time passes while the node runs: it stops at every wake and at every due delivery.
    pub async fn live(&mut self, seconds: i64) -> Held {
        self.note(format!("+{seconds}s"));
        let to = self.node.clock.wall() + SignedDuration::from_secs(seconds);
        for _ in 0..20_000 {
            // A store that fails is asked again a second later, as the waker does.
            let wake = self.up().desk.next_wake().await.unwrap_or(None);
            let due = self.due()?;
            let next = [wake, due].into_iter().flatten().min();
            let now = self.node.clock.wall();
            let stop = match next {
                Some(next) if next <= now => now + SignedDuration::from_secs(1),
                Some(next) => next,
                None => to,
            };
            let stop = stop.min(to);
            self.node.clock.set(stop.max(now)).unwrap();
            self.pulse().await?;
            self.deliver().await?;
            if stop >= to {
                return Ok(());
            }
        }
        Err("time does not get on".into())
    }

    async fn pulse(&mut self) -> Held {
        match self.up().desk.pulse().await {
            Ok(_) | Err(DeskError::Store(_)) => Ok(()),
            Err(other) => Err(format!("pulse: {other:?}")),
        }
    }

    /// The machine sleeps, or nothing runs.
    fn sleep(&mut self) {
        let seconds = *self.chance.pick(&[30, 700, 700, 7_200, 40_000]);
        self.note(format!("nothing runs for {seconds} s"));
        self.reach("time passed while nothing was running");
        self.node
            .clock
            .advance(Duration::from_secs(seconds))
            .unwrap();
    }

    fn trouble_with_the_peer(&mut self) {
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
            self.node.peer.answer(&who, outcome.clone());
        }
    }

    /// One of the next commits fails, or its answer is lost.
    fn trouble_with_the_disk(&mut self) {
        let point = *self
            .chance
            .pick(&[FaultPoint::BeforeCommit, FaultPoint::AfterCommit]);
        let name = match point {
            FaultPoint::BeforeCommit => "a commit failed",
            FaultPoint::AfterCommit => "an answer was lost",
        };
        let left = AtomicU32::new(self.chance.below(4) as u32);
        self.note(format!("{name}: after {left:?} more"));
        self.reach(name);
        let disturbed = Arc::clone(&self.disturbed);
        self.up().store.fault().set(move |at| {
            if at != point {
                return None;
            }
            let before = left.fetch_sub(1, Ordering::SeqCst);
            if before != 0 {
                return None;
            }
            disturbed.store(true, Ordering::SeqCst);
            Some(StoreError::Full)
        });
    }

    /// Everything that is due is sent, until nothing is.
    async fn deliver(&mut self) -> Held {
        for _ in 0..200 {
            let due = self.due()?;
            if due.is_none_or(|due| due > self.node.clock.wall()) {
                return Ok(());
            }
            self.disturbed.store(false, Ordering::SeqCst);
            let before = self.node.peer.count();
            let step = delivery::step::step(&self.up().outbox).await;
            if self.disturbed.load(Ordering::SeqCst) {
                self.excuse(before);
            }
            match step {
                Ok(report) if report.leased == 0 => return Ok(()),
                Ok(_) | Err(StoreError::Full) => {}
                Err(other) => return Err(format!("delivery: {other:?}")),
            }
        }
        Err("delivery does not settle".into())
    }

    /// When the next delivery is due.
    fn due(&self) -> Result<Option<Timestamp>, String> {
        let due = self
            .up()
            .store
            .read_inline(|view| view.earliest_delivery(Lane::Ordinary));
        due.map_err(|error: StoreError| error.to_string())
    }

    fn excuse(&mut self, since: usize) {
        let sent = self.node.peer.sent();
        self.excused
            .extend(sent[since..].iter().map(|mail| mail.notice_id.clone()));
    }

    /// A peer thinks for longer than a lease lasts; meanwhile the node goes on, or dies.
    async fn slow_peer(&mut self) -> Held {
        // Mostly whoever is called first: of her server something is wanted at once.
        let name = if self.chance.percent(70) {
            PEOPLE[0]
        } else {
            self.chance.pick(PEOPLE)
        };
        let who = format!("{name}@example.org");
        self.note(format!("{who} thinks"));
        self.node.peer.hold(&who);
        let key = self.key();
        self.send_report(key.clone(), json!({ "text": format!("Slow, {key}") }))
            .await?;
        self.disturbed.store(false, Ordering::SeqCst);
        let before = self.node.peer.count();
        let thinking = self.carries().await;
        if self.chance.percent(50) {
            self.excuse(before);
            thinking.abort();
            let _ = thinking.await;
            self.node.peer.release(&who);
            return self.crash("a crash while a peer was thinking").await;
        }
        let runs_out = self.chance.percent(60);
        let there = (self.here + 1) % self.programs.len();
        let mut other = None;
        if runs_out {
            self.node.clock.advance(Duration::from_secs(20)).unwrap();
            self.reach("a lease ran out while a peer was thinking");
            self.turn().await?;
            other = Some(self.carries().await);
        } else if there != self.here {
            // It finds what is being sent, and leaves it alone.
            self.reach("one started while another was sending");
            self.start(there).await?;
            self.here = there;
            other = Some(self.carries().await);
        }
        self.node.peer.release(&who);
        if let Some(other) = other {
            let _ = other.await;
        }
        let _ = thinking.await;
        if runs_out || self.disturbed.load(Ordering::SeqCst) {
            self.excuse(before);
        }
        Ok(())
    }

    /// Whoever's turn it is begins to send what is due, as far as it gets before a peer makes it wait.
    async fn carries(&self) -> JoinHandle<Result<Report, StoreError>> {
        let outbox = Arc::clone(&self.up().outbox);
        let carries = tokio::spawn(async move { delivery::step::step(&outbox).await });
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        carries
    }

    /// Everything but the store is gone; the program starts again, or another one goes on.
    pub async fn crash(&mut self, how: &'static str) -> Held {
        self.note(how);
        self.reach(how);
        self.programs[self.here] = None;
        // Aborted tasks are dropped when the runtime next looks at them.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        let others = 0..self.programs.len();
        let mut others = others.filter(|there| self.programs[*there].is_some());
        match others.next() {
            Some(other) if self.chance.percent(60) => {
                self.reach("one died and another went on");
                self.here = other;
            }
            _ => self.start(self.here).await?,
        }
        if self.chance.percent(30) {
            promises::index(self).await?;
        }
        self.pulse().await?;
        self.deliver().await?;
        promises::always(self).await
    }

    /// All troubles end; what was promised is kept.
    async fn end(&mut self) -> Held {
        self.note("all troubles end");
        self.up().store.fault().clear();
        self.node.peer.forget();
        for (key, report) in self.unanswered.clone() {
            self.send_report(key, report).await?;
        }
        self.pulse().await?;
        self.live(2 * 3_600).await?;
        self.crash("a crash between steps").await?;
        self.deliver().await?;
        promises::always(self).await?;
        promises::at_the_end(self).await
    }
}
