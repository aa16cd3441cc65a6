//! The engine alone: folding, and working out what a case asks for.

use std::hint::black_box;
use std::time::Duration;

use henhouse::founding::{empty_project, handbook};
use jiff::{SignedDuration, Timestamp};
use procedure::{
    Actor, Basis, Case, Command, Draft, Entry, How, Order, PersonId, Who, agenda, decide, fold,
    pulse,
};
use serde_json::json;

/// Each figure is measured for at least so long.
const TIME: Duration = Duration::from_millis(500);

/// A case in the making.
struct Making {
    case: Case,
    entries: Vec<Entry>,
    now: Timestamp,
    basis: Basis,
}

/// Measures a case with so many notes.
pub fn measure(notes: u64) {
    let Making {
        case,
        entries,
        now,
        basis,
    } = make(notes);
    println!("entries {}", entries.len());
    let once = per_call(|| drop(black_box(fold(black_box(&entries)))));
    println!("fold_entries_a_second {}", entries.len() as f64 / once);
    let once = per_call(|| {
        drop(black_box(agenda(black_box(&case), &basis, now)));
    });
    println!("agenda_us {}", once * 1e6);
    let once = per_call(|| {
        drop(black_box(pulse(black_box(&case), &basis, now)));
    });
    println!("pulse_us {}", once * 1e6);
    let (jane, note) = (person("jane"), note(1));
    let once = per_call(|| {
        drop(black_box(decide(&case, &basis, now, &jane, &note)));
    });
    println!("decide_us {}", once * 1e6);
}

/// Seconds of CPU time that one call takes: others on the machine do not count.
pub fn per_call(mut call: impl FnMut()) -> f64 {
    call();
    let (begun, mut calls, mut portion) = (on_cpu(), 0_u32, 1);
    loop {
        for _ in 0..portion {
            call();
        }
        calls += portion;
        portion *= 2;
        let took = on_cpu() - begun;
        if took >= TIME {
            return took.as_secs_f64() / f64::from(calls);
        }
    }
}

/// How long this thread has been on a CPU, as the kernel counts it.
fn on_cpu() -> Duration {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = said.split(' ').next().and_then(|n| n.parse().ok());
    Duration::from_nanos(nanos.expect("the kernel counts"))
}

fn basis() -> Basis {
    let mut project = empty_project("UTC").expect("UTC is known");
    let members = ["jane", "ann", "bob"].map(|person| {
        json!({ "person": person, "roles": ["responder", "decider"], "has_mail": true, "has_phone": true })
    });
    project.roster = serde_json::from_value(json!(members)).expect("three members");
    Basis::new(handbook(), project)
}

fn person(name: &str) -> Actor {
    Actor {
        who: Who::Person(PersonId::from(name)),
        how: How::Session,
    }
}

fn order(command: serde_json::Value) -> Order {
    let command: Command = serde_json::from_value(command).expect("a command");
    Order::from(command)
}

fn note(n: u64) -> Order {
    let text = format!("Note {n}: the fence behind the north field was looked at again.");
    order(json!({ "command": "add_note", "text": text }))
}

/// A confirmed incident with leads, steps and facts, in which people write notes while its clock
/// runs and its sitreps are due.
fn make(notes: u64) -> Making {
    let now: Timestamp = "2026-03-02T03:00:00Z".parse().expect("a time");
    let mut making = Making {
        case: Case::default(),
        entries: Vec::new(),
        now,
        basis: basis(),
    };
    making.give(
        "reporter",
        &order(json!({ "command": "report", "text": "The chickens are escaping." })),
    );
    for command in [
        json!({ "command": "acknowledge" }),
        json!({ "command": "confirm", "severity": "high", "reason": "Feathers on the road.",
                "impact": { "confidentiality": "actual", "integrity": "none",
                            "availability": "none", "privacy": "potential", "whose": ["ours"] } }),
    ] {
        making.give("jane", &order(command));
    }
    for n in 0..notes {
        making.now = making
            .now
            .saturating_add(SignedDuration::from_secs(5))
            .expect("a time");
        let who = ["jane", "ann", "bob"][(n % 3) as usize];
        match n % 50 {
            10 => making.give(
                who,
                &order(json!({ "command": "add_lead", "text": "Look at the gate.", "source": "unknown" })),
            ),
            20 => making.give(
                who,
                &order(json!({ "command": "record_fact", "text": "The gate was open." })),
            ),
            30 => making.give(
                who,
                &order(json!({ "command": "add_step", "text": "Close the gate." })),
            ),
            _ => making.give(who, &note(n)),
        }
    }
    making
}

impl Making {
    /// Carries an order out, if it is not refused, and lets happen what is due.
    fn give(&mut self, who: &str, order: &Order) {
        let actor = match who {
            "reporter" => Actor {
                who: Who::Reporter,
                how: How::Open,
            },
            name => person(name),
        };
        match decide(&self.case, &self.basis, self.now, &actor, order) {
            Ok(drafts) => drafts.into_iter().for_each(|draft| self.append(draft)),
            Err(refusal) => eprintln!("{}: {refusal:?}", order.command.name()),
        }
        while let Some(draft) = pulse(&self.case, &self.basis, self.now).pop() {
            self.append(draft);
        }
    }

    fn append(&mut self, draft: Draft) {
        let entry = Entry {
            seq: self.case.seq + 1,
            recorded_at: self.now,
            happened_at: draft.happened_at,
            actor: draft.actor,
            body: draft.body,
        };
        self.case.apply(&entry);
        self.entries.push(entry);
    }
}
