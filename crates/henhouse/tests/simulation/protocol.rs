//! The protocol of leases and sends (P3, P9): every interleaving of a few nodes, their peer and their database, with as many
//! crashes, freezes, partitions, lost answers and failovers as there may be. One notice, since notices do not know of each
//! other. The steps have the names of the code's; how a lease ends is the code's own ([`Lease`]), and walks through the model
//! are held against the store.
//!
//! Time goes in steps of five seconds, as often as a lease is renewed.

#[path = "protocol/model.rs"]
mod model;

use std::collections::HashMap;

use henhouse::clock::Clock;
use henhouse::store::{
    AttemptOutcome, JournalId, JournalKind, JournalRow, Lane, Lease, Message, NoticeId, OutboxRow,
    OutboxState, Store, StoreError, Try,
};
use jiff::SignedDuration;
use uuid::Uuid;

use self::model::{Broken, Faults, Row, Rules, Says, State, Step};
use super::chance::Chance;

/// What an exploration came to.
struct Explored {
    states: usize,
    steps: usize,
    /// What must not be and is, with the way to it.
    wrong: Option<String>,
}

/// A state that was found, from which one it was found first, and by which step.
type Found<const NODES: usize> = (State<NODES>, u32, Option<Step>);

/// Goes every way from the beginning, the shortest first. Where nodes are alike, it is one state whichever of them is which.
fn explore<const NODES: usize>(rules: Rules, alike: bool) -> Explored {
    let begin = State::<NODES>::begin();
    let mut known: HashMap<State<NODES>, u32> = HashMap::from([(begin, 0)]);
    let mut found: Vec<Found<NODES>> = vec![(begin, 0, None)];
    let mut ways: Vec<(u32, u32)> = Vec::new();
    let mut at = 0;
    while at < found.len() {
        let (from, state) = (at as u32, found[at].0);
        for step in state.steps(rules) {
            let (next, wrong) = state.after(step, rules);
            if let Some(wrong) = wrong {
                let wrong = format!("{wrong}: {}, {step:?}", way(&found, from));
                return Explored {
                    states: found.len(),
                    steps: ways.len(),
                    wrong: Some(wrong),
                };
            }
            let next = if alike { next.in_order() } else { next };
            let there = *known.entry(next).or_insert_with(|| {
                found.push((next, from, Some(step)));
                found.len() as u32 - 1
            });
            ways.push((there, from));
        }
        at += 1;
    }
    let steps = ways.len();
    let stuck = stuck(&found, ways);
    Explored {
        states: found.len(),
        steps,
        wrong: stuck.map(|at| format!("it is never sent: {}", way(&found, at))),
    }
}

/// How it came there.
fn way<const NODES: usize>(found: &[Found<NODES>], mut at: u32) -> String {
    let mut way = Vec::new();
    while let (_, from, Some(step)) = &found[at as usize] {
        way.push(format!("{step:?}"));
        at = *from;
    }
    way.reverse();
    way.join(", ")
}

/// From wherever it came to there is a way to the end; if not, the first from where there is none.
fn stuck<const NODES: usize>(found: &[Found<NODES>], mut ways: Vec<(u32, u32)>) -> Option<u32> {
    ways.sort_unstable();
    let mut ends: Vec<bool> = found.iter().map(|(state, ..)| state.is_done()).collect();
    let mut waiting: Vec<u32> = (0..found.len() as u32)
        .filter(|at| ends[*at as usize])
        .collect();
    while let Some(at) = waiting.pop() {
        let first = ways.partition_point(|(there, _)| *there < at);
        for (_, from) in ways[first..].iter().take_while(|(there, _)| *there == at) {
            if !std::mem::replace(&mut ends[*from as usize], true) {
                waiting.push(*from);
            }
        }
    }
    ends.iter().position(|ends| !ends).map(|at| at as u32)
}

fn holds(explored: Explored, what: &str) -> usize {
    if let Some(wrong) = explored.wrong {
        panic!("{what}: {wrong}");
    }
    eprintln!(
        "{what}: {} states, {} steps",
        explored.states, explored.steps
    );
    explored.states
}

const ALL: Rules = Rules {
    faults: Faults::All,
    keyed: true,
    broken: None,
};

#[test]
fn no_page_is_owned_twice_and_none_is_lost() {
    let without_key = Rules {
        keyed: false,
        ..ALL
    };
    holds(
        explore::<2>(ALL, false),
        "two nodes, a peer that takes a key",
    );
    holds(
        explore::<2>(without_key, false),
        "two nodes, a peer that takes none",
    );
    if super::number("HENHOUSE_SEEDS").is_some() {
        let states = holds(
            explore::<3>(ALL, false),
            "three nodes, a peer that takes a key",
        ) + holds(
            explore::<3>(without_key, false),
            "three nodes, a peer that takes none",
        ) + holds(
            explore::<4>(ALL, true),
            "four nodes, whichever is which, a peer that takes a key",
        );
        assert!(states >= 1_000_000, "{states} states are too few");
    }
}

#[test]
fn where_nothing_goes_wrong_it_is_sent_once() {
    for keyed in [true, false] {
        let calm = Rules {
            faults: Faults::None,
            keyed,
            broken: None,
        };
        holds(explore::<3>(calm, false), "three nodes and no trouble");
    }
}

/// The model finds what it is there to find.
#[test]
fn a_protocol_that_is_broken_on_purpose_is_found_out() {
    let found = |broken, keyed| {
        let rules = Rules {
            broken: Some(broken),
            keyed,
            ..ALL
        };
        explore::<2>(rules, false).wrong
    };
    for (broken, says) in [
        (
            Broken::NoFence,
            "somebody whose lease another one has wrote the outcome",
        ),
        (
            Broken::CallersClock,
            "a lease was taken from a node that lives",
        ),
        (Broken::DoneBeforeSent, "done, and never sent"),
        (Broken::LostIsFailed, "it is never sent"),
        (Broken::SetBackHolds, "a lease lasts longer than it may"),
        (Broken::NewKey, "it came twice to a peer that can tell"),
    ] {
        let wrong = found(broken, true).unwrap_or_default();
        assert!(wrong.starts_with(says), "{broken:?}: {wrong}");
        eprintln!("{broken:?}: {wrong}");
    }
}

/// What a store does with the same steps.
struct Held {
    store: Store,
    clock: Clock,
    leases: Vec<Option<Lease>>,
}

const NOTICE: NoticeId = NoticeId(Uuid::from_u128(1));

impl Held {
    fn new(nodes: usize) -> Self {
        let clock = Clock::simulated("2026-11-21T03:12:00Z".parse().unwrap());
        let store = Store::memory().judged_by(&clock);
        let journal = JournalId(Uuid::from_u128(9));
        let row = JournalRow {
            id: journal,
            kind: JournalKind::Case,
            parent: None,
            created_at: clock.now(),
        };
        let message = Message::Plain(vec![1]);
        let now = clock.now();
        let page = OutboxRow::queued(NOTICE, (journal, 1), "mail", Lane::Urgent, message, now);
        let made = store.write_inline(|tx| {
            tx.create_journal(&row)?;
            tx.enqueue(&page)
        });
        assert_eq!(made, Ok::<_, StoreError>(true));
        Self {
            store,
            clock,
            leases: vec![None; nodes],
        }
    }

    /// Does it as the delivery does; says whether the store took it.
    fn does(&mut self, step: Step, says: Option<Says>) -> bool {
        let now = self.clock.wall();
        let tried = |outcome| Try {
            at: now,
            outcome,
            receipt: Some("x".to_owned()),
        };
        match step {
            Step::Tick => {
                self.clock.advance(model::STEP.unsigned_abs()).unwrap();
                true
            }
            Step::Lease(node) => {
                self.leases[node] = self.lease();
                self.leases[node].is_some()
            }
            Step::Renew(node) => self.as_holder(node, |tx, fence| tx.renew(NOTICE, fence, 15)),
            Step::Writes(node) => {
                let took = self.as_holder(node, |tx, fence| match says {
                    Some(Says::Yes) => tx.finish(NOTICE, fence, &tried(AttemptOutcome::Sent)),
                    Some(Says::No) => {
                        let failed = tried(AttemptOutcome::Failed);
                        tx.reschedule(NOTICE, fence, &failed, now + model::STEP)
                    }
                    _ => {
                        let unknown = tried(AttemptOutcome::Uncertain);
                        tx.reschedule(NOTICE, fence, &unknown, now + model::STEP)
                    }
                });
                self.leases[node] = None;
                took
            }
            Step::Crash(node) => {
                self.leases[node] = None;
                true
            }
            _ => true,
        }
    }

    fn lease(&self) -> Option<Lease> {
        let now = self.clock.wall();
        let taken = self
            .store
            .write_inline(|tx| tx.lease_deliveries(Lane::Urgent, now, 1, 15));
        let taken: Result<Vec<Lease>, StoreError> = taken;
        taken.unwrap().into_iter().next()
    }

    fn as_holder(
        &self,
        node: usize,
        work: impl FnOnce(&mut dyn henhouse::store::Tx, u64) -> Result<(), StoreError> + Send,
    ) -> bool {
        let Some(fence) = self.leases[node].as_ref().map(|lease| lease.fence) else {
            return false;
        };
        match self.store.write_inline(|tx| work(tx, fence)) {
            Ok(()) => true,
            Err(StoreError::StaleFence) => false,
            Err(other) => panic!("{other:?}"),
        }
    }

    fn row(&self) -> Row {
        let row = self.store.read_inline(|view| view.delivery(NOTICE));
        let row: Result<Option<OutboxRow>, StoreError> = row;
        let row = row.unwrap().unwrap();
        let steps = |span: SignedDuration| (span.as_secs() / model::STEP.as_secs()).max(0) as u8;
        let now = self.clock.wall();
        match row.state {
            OutboxState::Queued => Row::Queued {
                wait: steps(row.next_try.duration_since(now)),
            },
            OutboxState::Leased => Row::Leased {
                left: steps(row.lease_until.unwrap().duration_since(now)),
            },
            _ => Row::Done,
        }
    }
}

/// The store takes and refuses what the model says.
#[test]
fn the_store_does_what_the_model_says() {
    for seed in 0..400 {
        let mut chance = Chance::of(seed);
        let (mut state, mut held) = (State::<3>::begin(), Held::new(3));
        let rules = Rules {
            faults: Faults::OfTheNodes,
            ..ALL
        };
        let mut way = Vec::new();
        for _ in 0..80 {
            let step = *chance.pick(&state.steps(rules));
            way.push(step);
            let took = held.does(step, state.says(step));
            let (next, _) = state.after(step, rules);
            if let Step::Tick = step {
                for node in state.renewing() {
                    let _ = held.does(Step::Renew(node), None);
                }
            }
            assert_eq!(took, state.takes(step, rules), "{seed}: {way:?}");
            state = next;
            if !state.can_be_leased(rules, 0) {
                assert_eq!(held.lease(), None, "{seed}: {way:?}");
            }
            assert_eq!(held.row(), state.row, "{seed}: {way:?}");
        }
    }
}
