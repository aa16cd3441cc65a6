//! A stage on which a scenario is played: one case, its basis, a clock that moves only
//! when told, and people who give commands. It does what the desk and the waker do.

#![allow(dead_code, reason = "each test binary uses a part of the stage")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

pub mod fields;
pub mod line;
pub mod mail;
pub mod project;
pub mod script;
pub mod views;

use jiff::{SignedDuration, Timestamp};
use procedure::chapters::intake::Mailed;
use procedure::playbook::Playbook;
use procedure::{
    Actor, Agenda, Basis, Body, Case, Command, Draft, Entry, How, Notice, Order, Refusal, Waive,
    When, Who, agenda, decide, fold, notices, pulse,
};
use serde_json::{Map, Value};

/// The stage.
pub struct Stage {
    /// The journal so far.
    pub entries: Vec<Entry>,
    /// The journal folded.
    pub case: Case,
    /// What it is judged by.
    pub basis: Basis,
    /// The clock.
    pub now: Timestamp,
    /// Everything told so far, with the seq of its entry.
    pub told: Vec<(u64, Notice)>,
    /// Entries before the line that was played last.
    pub mark: u64,
    /// Editions of the playbook that the case may be moved to.
    pub editions: Vec<Playbook>,
    /// The mail that the next report comes by.
    pub mailed: Option<Mailed>,
    /// Mail that waits to be looked at.
    pub queue: Vec<mail::Waits>,
}

impl Stage {
    /// An empty stage.
    pub fn new(basis: Basis, now: Timestamp) -> Self {
        let (entries, told) = (Vec::new(), Vec::new());
        Self {
            entries,
            case: Case::default(),
            basis,
            now,
            told,
            mark: 0,
            editions: Vec::new(),
            mailed: None,
            queue: Vec::new(),
        }
    }

    /// Gives a command from its JSON form, as the API does.
    pub fn command(
        &mut self,
        actor: &Actor,
        name: &str,
        mut fields: Map<String, Value>,
        happened_at: Option<When>,
    ) -> Result<(), Refusal> {
        let waive = fields.remove("waive").map(|waive| {
            serde_json::from_value::<Vec<Waive>>(waive).unwrap_or_else(|e| panic!("waive: {e}"))
        });
        fields.insert("command".into(), name.into());
        let command: Command = serde_json::from_value(Value::Object(fields))
            .unwrap_or_else(|e| panic!("command {name}: {e}"));
        let order = Order {
            command,
            happened_at,
            waive: waive.unwrap_or_default(),
            beside: 0,
            shadow: false,
            routed: None,
            mailed: self.mailed.take(),
        };
        self.mark = self.case.seq;
        let drafts = decide(&self.case, &self.basis, self.now, actor, &order)?;
        drafts.into_iter().for_each(|draft| self.append(draft));
        Ok(())
    }

    /// What would become of an order, without giving it: the case as it would stand, time settled.
    pub fn tried(&self, actor: &Actor, order: &Order) -> Result<Case, Refusal> {
        let drafts = decide(&self.case, &self.basis, self.now, actor, order)?;
        let mut case = self.case.clone();
        for draft in drafts {
            let entry = Entry {
                seq: case.seq + 1,
                recorded_at: self.now,
                happened_at: draft.happened_at,
                actor: draft.actor,
                body: draft.body,
            };
            case.apply(&entry);
        }
        Ok(case)
    }

    /// Moves the clock, stopping at every wake on the way as the waker does.
    pub fn advance(&mut self, to: Timestamp) {
        self.mark = self.case.seq;
        for _ in 0..100_000 {
            let wake = self.agenda().next_wake.filter(|wake| *wake <= to);
            let Some(wake) = wake else {
                self.now = to;
                return;
            };
            self.now = self.now.max(wake);
            self.settle();
        }
        panic!("time never settles: {:?}", self.entries.last());
    }

    /// Lets everything happen that is due now.
    pub fn settle(&mut self) {
        for _ in 0..1_000 {
            let drafts = pulse(&self.case, &self.basis, self.now);
            if drafts.is_empty() {
                return;
            }
            drafts.into_iter().for_each(|draft| self.append(draft));
        }
        panic!("time never settles: {:?}", self.entries.last());
    }

    /// Jumps without looking on the way, as after a time when nothing was running.
    pub fn sleep(&mut self, duration: SignedDuration) {
        self.mark = self.case.seq;
        self.now += duration;
        self.settle();
    }

    /// The case against its basis, now.
    pub fn at(&self) -> procedure::at::At<'_> {
        procedure::at::At::new(&self.case, &self.basis, self.now)
    }

    /// What the case asks for now.
    pub fn agenda(&self) -> Agenda {
        agenda(&self.case, &self.basis, self.now)
    }

    pub fn append(&mut self, draft: Draft) {
        let seq = self.case.seq + 1;
        let Draft {
            happened_at,
            actor,
            body,
        } = draft;
        let entry = Entry {
            seq,
            recorded_at: self.now,
            happened_at,
            actor,
            body,
        };
        let stored = serde_json::to_string(&entry.body).unwrap();
        let read: Body = serde_json::from_str(&stored).unwrap_or_else(|e| panic!("{e}: {stored}"));
        assert_eq!(
            read, entry.body,
            "an entry reads back as it was written: {stored}"
        );
        self.case.apply(&entry);
        let told = notices(&self.case, &self.basis, &entry);
        self.told
            .extend(told.into_iter().map(|notice| (seq, notice)));
        if let Body::PlaybookAdopted(adopted) = &entry.body {
            self.adopt(adopted.edition);
        }
        self.entries.push(entry);
        self.check_command();
    }

    /// As the desk does it: another playbook, the one before it kept.
    fn adopt(&mut self, edition: u32) {
        let next = self.editions.iter().find(|book| book.edition == edition);
        if let Some(next) = next.cloned() {
            let project = self.basis.project.clone();
            self.basis = self.basis.adopting(next, project);
        }
    }

    /// Invariant 1: one IC at each instant from the first acknowledgement to the close.
    fn check_command(&self) {
        let intervals = &self.case.part.commander.intervals;
        for pair in intervals.windows(2) {
            assert_eq!(
                pair[0].until,
                Some(pair[1].from),
                "command has no gap and no overlap"
            );
        }
    }

    /// Invariants 4 to 6, checked when a scenario is over.
    pub fn check_at_the_end(&self) {
        assert_eq!(
            fold(&self.entries),
            self.case,
            "folding at once gives the same case"
        );
        let agenda = self.agenda();
        if !agenda.obligations.is_empty() {
            assert!(agenda.next_wake.is_some(), "what is owed has a next wake");
        }
        let sealed: Vec<Entry> = self.entries.iter().map(sealed).collect();
        let blind = procedure::agenda(&fold(&sealed), &self.basis, self.now);
        assert_eq!(
            blind.obligations, agenda.obligations,
            "no rule reads a text"
        );
        assert_eq!(blind.next_wake, agenda.next_wake, "no rule reads a text");
    }
}

/// The same entry with every text sealed, as an outsider's copy has it.
pub fn sealed(entry: &Entry) -> Entry {
    let mut value = serde_json::to_value(&entry.body).unwrap();
    seal(&mut value);
    Entry {
        body: serde_json::from_value(value).unwrap(),
        ..entry.clone()
    }
}

fn seal(value: &mut Value) {
    match value {
        Value::Object(map) if map.len() == 1 && map.contains_key("$text") => {
            *value = serde_json::json!({ "$sealed": "00" });
        }
        Value::Object(map) => map.values_mut().for_each(seal),
        Value::Array(list) => list.iter_mut().for_each(seal),
        _ => {}
    }
}

/// The actor of that name in a scenario.
pub fn actor(name: &str) -> Actor {
    match name {
        "reporter" => Actor {
            who: Who::Reporter,
            how: How::ReceiptLink,
        },
        "system" => Actor::system(),
        "service" => Actor {
            who: Who::Service("monitor".into()),
            how: How::Token("t1".into()),
        },
        person => Actor::person(&person.into(), How::Session),
    }
}
