//! One notice in the outbox, the nodes that would send it, and the peer. Times are what is left of them, in steps, so that the
//! model has an end although time has none.

use henhouse::store::Lease;
use jiff::{SignedDuration, Timestamp};

/// How long a step of time is: a lease is renewed so often.
pub const STEP: SignedDuration = SignedDuration::from_secs(5);
/// A node whose clock is wrong is ahead by so many steps, and a database that takes over may be behind by so many.
const OFF: u8 = 4;

/// The row in the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Row {
    Queued { wait: u8 },
    Leased { left: u8 },
    Done,
}

/// How far a node is with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Has {
    Nothing,
    /// It has the lease, and has not sent yet.
    Lease,
    /// The peer has it, or not; there is no answer yet.
    Sent,
    Heard(Says),
}

/// What a peer answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Says {
    Yes,
    No,
    /// The answer is lost.
    Silence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Node {
    has: Has,
    /// Its fence is the row's: nobody has leased it since.
    current: bool,
    frozen: bool,
    cut_off: bool,
}

/// Everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct State<const NODES: usize> {
    pub row: Row,
    nodes: [Node; NODES],
    /// How often it had an effect at the peer; more than two is two.
    effects: u8,
    /// A database took over whose clock is another one: leases may end early until the next one is given.
    jumped: bool,
    /// Somebody with another key.
    keys: u8,
}

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Five seconds pass; who sends and can renews.
    Tick,
    /// `lease_deliveries`, committed and answered.
    Lease(usize),
    /// The same, but the answer is lost.
    LeaseUnheard(usize),
    /// Only within a tick.
    Renew(usize),
    /// `channel.send`: it comes to the peer, or is lost before.
    Send(usize, bool),
    Answer(usize, Says),
    /// `finish` or `reschedule`; refused under an old fence.
    Writes(usize),
    /// The same, committed, and the answer is lost.
    WritesUnheard(usize),
    /// It cannot be written: it is sent again when the lease has run out.
    CannotWrite(usize),
    /// The process dies, and another one starts.
    Crash(usize),
    Freeze(usize),
    Thaw(usize),
    CutOff(usize),
    Mend(usize),
    /// Another database takes over, whose clock is ahead.
    ClockAhead,
    /// Or behind.
    ClockBehind,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Faults {
    None,
    /// As far as one store can be held against it.
    OfTheNodes,
    All,
}

/// A protocol that is not ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// An outcome is written under any fence.
    NoFence,
    /// A lease is judged by the clock of whoever asks.
    CallersClock,
    /// It is marked done before the peer has answered.
    DoneBeforeSent,
    /// A lease that ran out is never given again (GoAlert's "sending" that becomes "failed").
    LostIsFailed,
    /// A lease that a clock gave which was set back holds for as long as it says.
    SetBackHolds,
    /// Each try has a key of its own.
    NewKey,
}

/// What is explored.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    pub faults: Faults,
    /// The peer knows a key again.
    pub keyed: bool,
    pub broken: Option<Broken>,
}

fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

fn steps(count: u8) -> SignedDuration {
    STEP * i32::from(count)
}

/// How many steps a lease lasts that is given now.
fn whole() -> u8 {
    let span = Lease::end(now(), Lease::LIMIT_SECONDS).duration_since(now());
    u8::try_from(span.as_secs() / STEP.as_secs()).unwrap()
}

impl<const NODES: usize> State<NODES> {
    pub fn begin() -> Self {
        let node = Node {
            has: Has::Nothing,
            current: false,
            frozen: false,
            cut_off: false,
        };
        Self {
            row: Row::Queued { wait: 0 },
            nodes: [node; NODES],
            effects: 0,
            jumped: false,
            keys: 0,
        }
    }

    /// The same, whichever node is which.
    pub fn in_order(mut self) -> Self {
        self.nodes.sort_unstable();
        self
    }

    pub fn is_done(&self) -> bool {
        self.row == Row::Done
    }

    /// Whether `lease_deliveries` gives it out to somebody whose time is so far ahead.
    pub fn can_be_leased(&self, rules: Rules, ahead: u8) -> bool {
        match self.row {
            Row::Queued { wait } => wait == 0,
            Row::Leased { left } => {
                if rules.broken == Some(Broken::LostIsFailed) {
                    return false;
                }
                if rules.broken == Some(Broken::SetBackHolds) {
                    return left == 0;
                }
                Lease::is_over(now() + steps(left), now() + steps(ahead))
            }
            Row::Done => false,
        }
    }

    fn leases(&self, node: usize, rules: Rules) -> bool {
        // In a broken protocol the first node's clock is ahead.
        let ahead = match rules.broken {
            Some(Broken::CallersClock) if node == 0 => OFF,
            _ => 0,
        };
        self.nodes[node].has == Has::Nothing && self.can_be_leased(rules, ahead)
    }

    /// Whether the store takes what the step brings; what brings it nothing is always taken.
    pub fn takes(&self, step: Step, rules: Rules) -> bool {
        match step {
            Step::Lease(node) => self.leases(node, rules),
            Step::Writes(node) => self.may_write(node, rules),
            _ => true,
        }
    }

    fn may_write(&self, node: usize, rules: Rules) -> bool {
        rules.broken == Some(Broken::NoFence)
            || self.nodes[node].current && matches!(self.row, Row::Leased { .. })
    }

    /// What the peer said to whoever writes it down.
    pub fn says(&self, step: Step) -> Option<Says> {
        match step {
            Step::Writes(node) => match self.nodes[node].has {
                Has::Heard(says) => Some(says),
                _ => None,
            },
            _ => None,
        }
    }

    /// Who renews its lease when a step of time has passed.
    pub fn renewing(&self) -> Vec<usize> {
        let renews = |node: &usize| {
            let node = &self.nodes[*node];
            node.has == Has::Sent && !node.frozen && !node.cut_off
        };
        (0..NODES).filter(renews).collect()
    }

    /// Everything that can happen next.
    pub fn steps(&self, rules: Rules) -> Vec<Step> {
        let (some, all) = (rules.faults != Faults::None, rules.faults == Faults::All);
        let mut steps = Vec::new();
        // Where nothing goes wrong, nobody who has something to send or to write lets time pass first.
        let busy = |node: &Node| matches!(node.has, Has::Lease | Has::Heard(_));
        if some || !self.nodes.iter().any(busy) {
            steps.push(Step::Tick);
        }
        if all {
            steps.extend([Step::ClockAhead, Step::ClockBehind]);
        }
        for (n, node) in self.nodes.iter().enumerate() {
            if some {
                steps.push(if node.frozen {
                    Step::Thaw(n)
                } else {
                    Step::Freeze(n)
                });
                steps.push(if node.cut_off {
                    Step::Mend(n)
                } else {
                    Step::CutOff(n)
                });
                if node.has != Has::Nothing {
                    steps.push(Step::Crash(n));
                }
            }
            if node.frozen {
                continue;
            }
            let reaches = !node.cut_off;
            match node.has {
                Has::Nothing if reaches && self.leases(n, rules) => {
                    steps.push(Step::Lease(n));
                    if all {
                        steps.push(Step::LeaseUnheard(n));
                    }
                }
                Has::Nothing => {}
                Has::Lease => {
                    steps.push(Step::Send(n, true));
                    if some {
                        steps.push(Step::Send(n, false));
                    }
                }
                Has::Sent => {
                    steps.push(Step::Answer(n, Says::Yes));
                    if some {
                        steps.extend([Says::No, Says::Silence].map(|says| Step::Answer(n, says)));
                    }
                }
                Has::Heard(_) if reaches => {
                    steps.push(Step::Writes(n));
                    if all {
                        steps.push(Step::WritesUnheard(n));
                    }
                }
                Has::Heard(_) => steps.push(Step::CannotWrite(n)),
            }
        }
        steps
    }

    /// What comes of it, and what is wrong with that.
    pub fn after(mut self, step: Step, rules: Rules) -> (Self, Option<&'static str>) {
        let mut wrong = None;
        match step {
            Step::Tick => self.passes(),
            Step::Renew(_) => {}
            Step::ClockAhead => {
                self.jumped = true;
                self.less(OFF);
            }
            Step::ClockBehind => {
                self.jumped = true;
                self.more();
            }
            Step::Lease(n) | Step::LeaseUnheard(n) => {
                let lives = |node: &Node| node.current && !node.frozen && !node.cut_off;
                let at_work = |node: &Node| !matches!(node.has, Has::Nothing | Has::Heard(_));
                let robbed = self.nodes.iter().any(|node| lives(node) && at_work(node));
                if robbed && !self.jumped && matches!(self.row, Row::Leased { left } if left > 0) {
                    wrong = Some("a lease was taken from a node that lives");
                }
                self.nodes.iter_mut().for_each(|node| node.current = false);
                self.jumped = false;
                self.row = Row::Leased { left: whole() };
                if matches!(step, Step::Lease(_)) {
                    self.nodes[n].has = Has::Lease;
                    self.nodes[n].current = true;
                }
                if rules.broken == Some(Broken::DoneBeforeSent) {
                    self.row = Row::Done;
                }
                if rules.broken == Some(Broken::NewKey) {
                    self.keys = (self.keys + 1).min(2);
                }
            }
            Step::Send(n, arrives) => {
                self.nodes[n].has = Has::Sent;
                if arrives {
                    let known = rules.keyed && self.effects > 0 && self.keys < 2;
                    self.effects = (self.effects + u8::from(!known)).min(2);
                }
                if !arrives {
                    self.nodes[n].has = Has::Heard(Says::Silence);
                }
            }
            Step::Answer(n, says) => self.nodes[n].has = Has::Heard(says),
            Step::Writes(n) | Step::WritesUnheard(n) => wrong = self.writes(n, rules),
            Step::CannotWrite(n) | Step::Crash(n) => self.nodes[n].has = Has::Nothing,
            Step::Freeze(n) => self.nodes[n].frozen = true,
            Step::Thaw(n) => self.nodes[n].frozen = false,
            Step::CutOff(n) => self.nodes[n].cut_off = true,
            Step::Mend(n) => self.nodes[n].cut_off = false,
        }
        self.forgets();
        (self, wrong.or_else(|| self.wrong(rules)))
    }

    /// What no step may lead to.
    fn wrong(&self, rules: Rules) -> Option<&'static str> {
        let owners = self.nodes.iter().filter(|node| node.current).count();
        if owners > 1 {
            return Some("two own it");
        }
        let too_long = matches!(self.row, Row::Leased { left } if left > whole());
        let given_again = rules.broken != Some(Broken::LostIsFailed);
        if too_long && given_again && !self.can_be_leased(rules, 0) {
            return Some("a lease lasts longer than it may");
        }
        if self.is_done() && self.effects == 0 {
            return Some("done, and never sent");
        }
        if rules.keyed && self.effects > 1 {
            return Some("it came twice to a peer that can tell");
        }
        if rules.faults == Faults::None && self.effects > 1 {
            return Some("it came twice, and nothing had gone wrong");
        }
        None
    }

    fn writes(&mut self, n: usize, rules: Rules) -> Option<&'static str> {
        let Has::Heard(says) = self.nodes[n].has else {
            return None;
        };
        let (took, current) = (self.may_write(n, rules), self.nodes[n].current);
        self.nodes[n].has = Has::Nothing;
        self.nodes[n].current = false;
        if !took {
            return None;
        }
        self.row = match says {
            Says::Yes => Row::Done,
            Says::No | Says::Silence => Row::Queued { wait: 1 },
        };
        (!current).then_some("somebody whose lease another one has wrote the outcome")
    }

    fn passes(&mut self) {
        self.less(1);
        let renewed = self.renewing().into_iter();
        let mut renewed = renewed.filter(|node| self.nodes[*node].current);
        if let (Row::Leased { left }, Some(_)) = (&mut self.row, renewed.next()) {
            *left = whole();
        }
    }

    fn less(&mut self, count: u8) {
        match &mut self.row {
            Row::Queued { wait: left } | Row::Leased { left } => *left = left.saturating_sub(count),
            Row::Done => {}
        }
    }

    /// The clock is set back. What waits is due by the nodes' time, which does not go back.
    fn more(&mut self) {
        if let Row::Leased { left } = &mut self.row {
            *left = (*left + OFF).min(whole() + OFF);
        }
    }

    /// Whoever has nothing has no fence.
    fn forgets(&mut self) {
        for node in &mut self.nodes {
            node.current &= node.has != Has::Nothing;
        }
    }
}
