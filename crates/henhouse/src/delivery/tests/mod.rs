//! A desk, a store and a sender to test delivery with: everything in memory, time moved by hand.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

mod outbox;
mod routes;
mod run;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use procedure::basis::Marking;
use uuid::Uuid;

use super::channel::{Capabilities, Channel, Sender};
use super::letter::{Bare, Letter};
use super::message::sample;
use super::origin::{Fate, Happened, Origin};
use super::outbox::{Limits, Outbox};
use super::outcome::{Fault, Outcome};
use super::scripted::Scripted;
use super::step::{Report, step};
use crate::clock::Clock;
use crate::store::{
    Attempt, FaultPoint, JournalId, JournalKind, JournalRow, Lane, Message, NoticeId, OutboxRow,
    OutboxState, Store, StoreError,
};

const CASE: JournalId = JournalId(Uuid::from_u128(142));

/// What a desk would say and hear.
#[derive(Clone, Default)]
struct Desk {
    pointless: Arc<Mutex<BTreeSet<NoticeId>>>,
    heard: Arc<Mutex<Vec<Happened>>>,
}

impl Origin for Desk {
    async fn still_wanted(&self, row: &OutboxRow) -> bool {
        !self.pointless.lock().unwrap().contains(&row.notice)
    }

    async fn unseal(&self, _row: &OutboxRow, cipher: &[u8]) -> Option<Vec<u8>> {
        // The test's cipher: every byte turned over; nothing that begins with a zero.
        (cipher.first() != Some(&0)).then(|| cipher.iter().map(|byte| !byte).collect())
    }

    async fn happened(&self, happened: &Happened) {
        self.heard.lock().unwrap().push(happened.clone());
    }
}

struct World {
    store: Store,
    clock: Clock,
    desk: Desk,
    peer: Scripted,
    outbox: Arc<Outbox<Desk>>,
}

fn notice(n: u128) -> NoticeId {
    NoticeId(Uuid::from_u128(n))
}

fn address(n: u128) -> String {
    format!("person{n}@example.org")
}

fn letter(n: u128) -> Letter {
    let mut mail = sample(&notice(n).to_string());
    mail.to.address = address(n);
    let bare = Bare {
        subject: "Henhouse needs you".to_owned(),
        text: "Sign in.\n".to_owned(),
        ..Bare::default()
    };
    Letter {
        marking: Marking::Amber,
        restricted: false,
        mail,
        bare: Some(bare),
        share: None,
    }
}

fn temporary(fault: Fault) -> Outcome {
    Outcome::Temporary {
        fault,
        reason: "451 later".to_owned(),
    }
}

fn uncertain() -> Outcome {
    Outcome::Uncertain {
        reason: "connection lost".to_owned(),
    }
}

impl World {
    fn new() -> Self {
        Self::with(Clock::simulated("2026-11-21T03:12:00Z".parse().unwrap()))
    }

    fn with(clock: Clock) -> Self {
        let store = Store::memory().judged_by(&clock);
        let (desk, peer) = (Desk::default(), Scripted::default());
        let row = JournalRow {
            id: CASE,
            kind: JournalKind::Case,
            parent: None,
            created_at: clock.now(),
        };
        store.write_inline(|tx| tx.create_journal(&row)).unwrap();
        let sender = Sender::Scripted(peer.clone());
        let channel = Channel::new(sender, Capabilities::MAIL, Marking::Amber);
        let push = Channel::new(Sender::Scripted(peer.clone()), Capabilities::PUSH, None);
        let phone = Channel::new(Sender::Scripted(peer.clone()), Capabilities::PHONE, None);
        let channels = BTreeMap::from([
            ("mail".to_owned(), channel),
            ("ntfy".to_owned(), push),
            ("sms".to_owned(), phone),
        ]);
        let limits = Limits {
            all: 4,
            ordinary: 3,
            renew_every: Duration::from_millis(1),
        };
        let outbox = Outbox::new(store.clone(), clock.clone(), desk.clone(), channels, limits);
        Self {
            store,
            clock,
            desk,
            peer,
            outbox,
        }
    }

    fn put(&self, n: u128, lane: Lane) {
        self.put_message(n, lane, Message::Plain(letter(n).to_bytes().unwrap()));
    }

    fn put_message(&self, n: u128, lane: Lane, message: Message) {
        let mut row = OutboxRow::queued(
            notice(n),
            (CASE, 1),
            "mail",
            lane,
            message,
            self.clock.wall(),
        );
        row.person = Some(format!("person{n}"));
        self.put_row(&row);
    }

    fn put_row(&self, row: &OutboxRow) {
        let entered = self.store.write_inline(|tx| tx.enqueue(row));
        assert_eq!(entered, Ok::<_, StoreError>(true));
    }

    async fn step(&self) -> Report {
        step(&self.outbox).await.unwrap()
    }

    /// Goes to the next due time and steps, until nothing waits; answers the seconds at which it stepped.
    async fn play(&self) -> Vec<i64> {
        let begin = self.clock.wall();
        let mut seconds = Vec::new();
        loop {
            seconds.push(self.clock.wall().duration_since(begin).as_secs());
            match self.step().await.next_due {
                Some(due) => self.until(due),
                None => return seconds,
            }
        }
    }

    fn until(&self, due: Timestamp) {
        assert!(due > self.clock.wall(), "a step leaves nothing that is due");
        self.clock.set(due).unwrap();
    }

    fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds)).unwrap();
    }

    fn row(&self, n: u128) -> OutboxRow {
        let row: Result<_, StoreError> = self.store.read_inline(|view| view.delivery(notice(n)));
        row.unwrap().unwrap()
    }

    fn state(&self, n: u128) -> OutboxState {
        self.row(n).state
    }

    fn attempts(&self, n: u128) -> Vec<Attempt> {
        let attempts: Result<_, StoreError> =
            self.store.read_inline(|view| view.attempts(notice(n)));
        attempts.unwrap()
    }

    fn fates(&self, n: u128) -> Vec<Fate> {
        let heard = self.desk.heard.lock().unwrap();
        let of_it = heard.iter().filter(|happened| happened.notice == notice(n));
        of_it.map(|happened| happened.fate.clone()).collect()
    }

    /// Whom the peer was given mail for, in order.
    fn tried(&self) -> Vec<String> {
        self.peer
            .sent()
            .into_iter()
            .map(|mail| mail.to.address)
            .collect()
    }
}
