//! The outbox against a real mail server: a page survives every kind of trouble as one and the same mail.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

mod peers;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use henhouse::clock::Clock;
use henhouse::delivery::channel::{Capabilities, Channel, Sender};
use henhouse::delivery::letter::Letter;
use henhouse::delivery::mail::{MailSender, MailSettings, Security};
use henhouse::delivery::message::{MailMessage, Recipient};
use henhouse::delivery::origin::{Happened, Origin};
use henhouse::delivery::outbox::{Limits, Outbox};
use henhouse::delivery::run::run;
use henhouse::delivery::step::step;
use henhouse::store::{
    AttemptOutcome, JournalId, JournalKind, JournalRow, Lane, Message, NoticeId, OutboxRow,
    OutboxState, Store, StoreError,
};
use peers::smtp::SmtpPeer;
use procedure::basis::Marking;
use serde_json::json;
use tokio::sync::{Notify, oneshot};
use uuid::Uuid;

const CASE: JournalId = JournalId(Uuid::from_u128(142));

/// A desk that wants everything and listens to nothing.
struct Silent;

impl Origin for Silent {
    async fn still_wanted(&self, _: &OutboxRow) -> bool {
        true
    }
    async fn unseal(&self, _: &OutboxRow, _: &[u8]) -> Option<Vec<u8>> {
        None
    }
    async fn happened(&self, _: &Happened) {}
}

struct World {
    peer: SmtpPeer,
    store: Store,
    clock: Clock,
    outbox: Arc<Outbox<Silent>>,
}

fn notice(n: u128) -> NoticeId {
    NoticeId(Uuid::from_u128(n))
}

impl World {
    fn new(clock: Clock) -> Self {
        let (peer, store) = (SmtpPeer::plain(), Store::memory().judged_by(&clock));
        let row = JournalRow {
            id: CASE,
            kind: JournalKind::Case,
            parent: None,
            created_at: clock.now(),
        };
        store.write_inline(|tx| tx.create_journal(&row)).unwrap();
        let mut settings = MailSettings::new("127.0.0.1", "hen@example.org");
        settings.port = Some(peer.port);
        settings.security = Security::None;
        let sender = Sender::Mail(Box::new(MailSender::new(&settings).unwrap()));
        let mail = Channel::new(sender, Capabilities::MAIL, Marking::Amber);
        let channels = BTreeMap::from([("mail".to_owned(), mail)]);
        let outbox = Outbox::new(
            store.clone(),
            clock.clone(),
            Silent,
            channels,
            Limits::default(),
        );
        Self {
            peer,
            store,
            clock,
            outbox,
        }
    }

    fn simulated() -> Self {
        Self::new(Clock::simulated("2026-11-21T03:12:00Z".parse().unwrap()))
    }

    fn page(&self, n: u128, to: &str) {
        let mail = MailMessage {
            notice_id: notice(n).to_string(),
            to: Recipient {
                name: None,
                address: to.to_owned(),
            },
            subject: "HH-142 High: please take it by 03:22 UTC".to_owned(),
            text: "Root login on web-2.\n".to_owned(),
            html: Some("<p>Root login on web-2.</p>".to_owned()),
            thread: CASE.to_string(),
            in_reply_to: None,
            link: None,
            follow: None,
            date: self.clock.now(),
        };
        let letter = Letter {
            marking: Marking::Amber,
            restricted: false,
            mail,
            bare: None,
            share: None,
        };
        let message = Message::Plain(letter.to_bytes().unwrap());
        let row = OutboxRow::queued(
            notice(n),
            (CASE, 1),
            "mail",
            Lane::Urgent,
            message,
            self.clock.wall(),
        );
        let entered = self.store.write_inline(|tx| tx.enqueue(&row));
        assert_eq!(entered, Ok::<_, StoreError>(true));
    }

    /// Steps, going to the next due time, until nothing waits.
    async fn play(&self) {
        while let Some(due) = step(&self.outbox).await.unwrap().next_due {
            self.clock.set(due).unwrap();
        }
    }

    fn state(&self, n: u128) -> OutboxState {
        let row: Result<_, StoreError> = self.store.read_inline(|view| view.delivery(notice(n)));
        row.unwrap().unwrap().state
    }

    fn outcomes(&self, n: u128) -> Vec<AttemptOutcome> {
        let kept: Result<_, StoreError> = self.store.read_inline(|view| view.attempts(notice(n)));
        kept.unwrap()
            .iter()
            .map(|attempt| attempt.outcome)
            .collect()
    }
}

#[tokio::test]
async fn a_greylisted_page_arrives_once() {
    let mut world = World::simulated();
    world.peer.answer_once("rcpt", "451 4.7.1 come back");
    world.page(1, "jane@example.org");
    world.play().await;
    assert_eq!(
        world.outcomes(1),
        [AttemptOutcome::Failed, AttemptOutcome::Sent]
    );
    let received = world.peer.received();
    assert_eq!(received.len(), 1);
    let id = format!("<notice.{}@example.org>", notice(1));
    assert_eq!(received[0].header("Message-ID"), id);
}

#[tokio::test]
async fn a_page_whose_answer_was_lost_is_sent_again_as_the_same_mail() {
    let mut world = World::simulated();
    world.peer.order(json!({"do": "drop", "keep": true}));
    world.page(1, "jane@example.org");
    world.play().await;
    assert_eq!(
        world.outcomes(1),
        [AttemptOutcome::Uncertain, AttemptOutcome::Sent]
    );
    let received = world.peer.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].mail, received[1].mail, "byte for byte");
}

#[tokio::test]
async fn a_refused_recipient_fails_and_the_others_get_their_page() {
    let mut world = World::simulated();
    let refusal = json!({"do": "answer", "stage": "rcpt", "reply": "550 5.1.1 gone", "to": "left@", "times": 0});
    world.peer.order(refusal);
    world.page(1, "left@example.org");
    world.page(2, "jane@example.org");
    world.play().await;
    assert_eq!(
        (world.state(1), world.state(2)),
        (OutboxState::Failed, OutboxState::Done)
    );
    assert_eq!(world.outcomes(1), [AttemptOutcome::Failed]);
}

#[tokio::test]
async fn the_loop_pages_others_while_one_server_answer_is_slow() {
    let mut world = World::new(Clock::real());
    world
        .peer
        .order(json!({"do": "slow", "stage": "rcpt", "seconds": 600, "to": "slow@"}));
    let (stop, stopped) = oneshot::channel::<()>();
    let nudge = Arc::new(Notify::new());
    let stopped = async move {
        let _ = stopped.await;
    };
    let task = tokio::spawn(run(Arc::clone(&world.outbox), Arc::clone(&nudge), stopped));
    world.page(1, "slow@example.org");
    nudge.notify_one();
    while world.state(1) != OutboxState::Leased {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    for n in 2..10 {
        world.page(n, "jane@example.org");
    }
    nudge.notify_one();
    while (2..10).any(|n| world.state(n) != OutboxState::Done) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert_eq!(
        world.state(1),
        OutboxState::Leased,
        "the slow one is still being waited for"
    );
    task.abort();
    drop(stop);
}
