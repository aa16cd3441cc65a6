//! What becomes of a row, step by step.

use super::*;
use crate::delivery::letter::Share;
use crate::store::AttemptOutcome;

#[tokio::test]
async fn an_accepted_page_is_done_and_its_receipt_is_kept() {
    let world = World::new();
    world.put(1, Lane::Urgent);
    let report = world.step().await;
    assert_eq!((report.leased, report.next_due), (1, None));
    assert_eq!(world.state(1), OutboxState::Done);
    let attempts = world.attempts(1);
    assert_eq!(attempts.len(), 1);
    assert_eq!(attempts[0].outcome, AttemptOutcome::Sent);
    assert_eq!(attempts[0].receipt.as_deref(), Some("250 scripted 1"));
    let told = Happened {
        notice: notice(1),
        journal: CASE,
        seq: 1,
        person: Some("person1".to_owned()),
        recipient: None,
        route: "mail".to_owned(),
        fate: Fate::Delivered("250 scripted 1".to_owned()),
        another_route: false,
    };
    assert_eq!(*world.desk.heard.lock().unwrap(), report.happened);
    assert_eq!(report.happened, [told]);
}

#[tokio::test]
async fn a_page_goes_before_a_flood_and_the_flood_leaves_room() {
    let world = World::new();
    for n in 1..=9 {
        world.put(n, Lane::Ordinary);
    }
    world.put(10, Lane::Urgent);
    assert_eq!(
        world.step().await.leased,
        4,
        "one page and three of the flood"
    );
    assert_eq!(world.tried()[0], address(10));
    for n in 11..=19 {
        world.put(n, Lane::Urgent);
    }
    assert_eq!(world.step().await.leased, 4);
    assert!(
        world.tried()[4..]
            .iter()
            .all(|to| to[6..8].parse::<u32>().unwrap() > 10),
        "pages only"
    );
}

#[tokio::test]
async fn a_pointless_notice_is_dropped_and_never_sent() {
    let world = World::new();
    world.put(1, Lane::Urgent);
    world.put(2, Lane::Urgent);
    world.desk.pointless.lock().unwrap().insert(notice(1));
    let report = world.step().await;
    assert_eq!(report.happened[0].fate, Fate::Dropped);
    assert_eq!(
        (world.state(1), world.state(2)),
        (OutboxState::Dropped, OutboxState::Done)
    );
    assert_eq!(world.tried(), [address(2)]);
    assert!(world.attempts(1).is_empty());
}

#[tokio::test]
async fn an_erased_notice_is_dropped() {
    let world = World::new();
    world.put_message(1, Lane::Urgent, Message::Erased);
    world.step().await;
    assert_eq!(world.state(1), OutboxState::Dropped);
    assert!(world.tried().is_empty());
}

#[tokio::test]
async fn a_page_is_tried_on_its_rhythm_and_the_desk_hears_after_two_failures() {
    let world = World::new();
    world.put(1, Lane::Urgent);
    for _ in 0..6 {
        world.peer.answer(&address(1), temporary(Fault::Recipient));
    }
    assert_eq!(world.play().await, [0, 5, 15, 30, 60, 120, 180]);
    let last = Fate::Delivered("250 scripted 7".to_owned());
    assert_eq!(world.fates(1), [Fate::Struggling, last]);
    assert_eq!(world.attempts(1).len(), 7);
    let sent = world.peer.sent();
    assert!(
        sent.iter().all(|mail| mail == &sent[0]),
        "every try sends the same"
    );
}

#[tokio::test]
async fn an_ordinary_mail_does_not_struggle() {
    let world = World::new();
    world.put(1, Lane::Ordinary);
    for _ in 0..3 {
        world.peer.answer(&address(1), temporary(Fault::Recipient));
    }
    assert_eq!(world.play().await, [0, 30, 120, 600]);
    assert_eq!(world.fates(1).len(), 1);
}

#[tokio::test]
async fn a_refused_recipient_is_told_to_the_desk_at_once() {
    let world = World::new();
    world.put(1, Lane::Urgent);
    world.peer.answer(
        &address(1),
        Outcome::Rejected {
            receipt: "550 unknown".to_owned(),
        },
    );
    world.step().await;
    assert_eq!(world.state(1), OutboxState::Failed);
    assert_eq!(
        world.fates(1),
        [Fate::Unreachable("550 unknown".to_owned())]
    );
    assert!(!world.outbox.channels()["mail"].health().is_broken());
}

#[tokio::test]
async fn after_three_days_a_notice_is_given_up_and_seen() {
    for (lane, fault) in [
        (Lane::Ordinary, Fault::Recipient),
        (Lane::Urgent, Fault::Channel),
    ] {
        let world = World::new();
        world.put(1, lane);
        for _ in 0..5_000 {
            world.peer.answer(&address(1), temporary(fault));
        }
        let hours = world.play().await.last().unwrap() / 3_600;
        assert_eq!(hours, 72);
        assert_eq!(world.state(1), OutboxState::Failed);
        let last = world.fates(1).pop();
        assert_eq!(
            last,
            Some(Fate::Unreachable("given up: 451 later".to_owned()))
        );
    }
}

#[tokio::test]
async fn an_ordinary_mail_that_may_have_arrived_four_times_is_not_sent_once_more() {
    let world = World::new();
    world.put(1, Lane::Ordinary);
    for _ in 0..9 {
        world.peer.answer(&address(1), uncertain());
    }
    world.play().await;
    assert_eq!(world.tried().len(), 4);
    assert_eq!(world.state(1), OutboxState::Failed);
}

#[tokio::test]
async fn a_page_that_may_have_arrived_is_sent_again_the_same() {
    let world = World::new();
    world.put(1, Lane::Urgent);
    for _ in 0..9 {
        world.peer.answer(&address(1), uncertain());
    }
    world.play().await;
    assert_eq!(world.tried().len(), 10);
    assert_eq!(world.state(1), OutboxState::Done);
    assert_eq!(world.attempts(1)[0].outcome, AttemptOutcome::Uncertain);
}

#[tokio::test]
async fn a_worker_that_dies_leaves_a_page_to_the_next_one() {
    let world = World::new();
    world.put(1, Lane::Urgent);
    let now = world.clock.wall();
    let lost = world
        .store
        .write_inline(|tx| tx.lease_deliveries(Lane::Urgent, now, 9, 15));
    assert_eq!(lost.map(|leases| leases.len()), Ok::<_, StoreError>(1));
    let report = world.step().await;
    assert_eq!(
        (report.leased, report.next_due),
        (0, Some(now + Duration::from_secs(15)))
    );
    assert_eq!(world.play().await.len(), 2);
    assert_eq!(world.state(1), OutboxState::Done);
    let outcomes: Vec<_> = world
        .attempts(1)
        .iter()
        .map(|attempt| attempt.outcome)
        .collect();
    assert_eq!(outcomes, [AttemptOutcome::Uncertain, AttemptOutcome::Sent]);
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_does_not_write_the_outcome() {
    let world = World::new();
    world.put(1, Lane::Urgent);
    let slow = hanging(&world).await;
    world.pass(20);
    world.peer.release(&address(1));
    let now = world.clock.wall();
    let stolen = world
        .store
        .write_inline(|tx| tx.lease_deliveries(Lane::Urgent, now, 9, 15));
    assert_eq!(stolen.map(|leases| leases[0].fence), Ok::<_, StoreError>(2));
    assert!(slow.await.unwrap().happened.is_empty());
    let row = world.row(1);
    assert_eq!(
        (row.state, row.fence, row.attempts),
        (OutboxState::Leased, 2, 1)
    );
}

#[tokio::test]
async fn a_restricted_notice_leaves_without_its_content() {
    let world = World::new();
    let mut secret = letter(1);
    secret.restricted = true;
    let cipher = |letter: &Letter| {
        letter
            .to_bytes()
            .unwrap()
            .iter()
            .map(|byte| !byte)
            .collect()
    };
    world.put_message(1, Lane::Urgent, Message::Cipher(cipher(&secret)));
    secret.bare = None;
    world.put_message(2, Lane::Urgent, Message::Cipher(cipher(&secret)));
    world.step().await;
    let sent = world.peer.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(
        (sent[0].subject.as_str(), sent[0].text.as_str()),
        ("Henhouse needs you", "Sign in.\n")
    );
    assert_eq!(world.state(2), OutboxState::Failed);
    assert!(matches!(&world.fates(2)[..], [Fate::Unreachable(why)] if why.starts_with("withheld")));
}

#[tokio::test]
async fn what_cannot_be_opened_or_read_is_seen_and_not_repeated() {
    let world = World::new();
    world.put_message(1, Lane::Urgent, Message::Cipher(vec![0, 1]));
    world.put_message(2, Lane::Urgent, Message::Plain(b"{}".to_vec()));
    world.play().await;
    for n in [1, 2] {
        assert_eq!(
            (world.state(n), world.attempts(n).len()),
            (OutboxState::Failed, 1)
        );
        assert!(matches!(&world.fates(n)[..], [Fate::Unreachable(_)]));
    }
    assert!(world.tried().is_empty());
}

#[tokio::test]
async fn a_route_that_nobody_set_up_is_told_and_waits_for_it() {
    let world = World::new();
    let message = Message::Plain(letter(1).to_bytes().unwrap());
    let row = OutboxRow::queued(
        notice(1),
        (CASE, 1),
        "slack",
        Lane::Urgent,
        message,
        world.clock.wall(),
    );
    world.put_row(&row);
    world.step().await;
    world.pass(5);
    world.step().await;
    assert_eq!(world.state(1), OutboxState::Queued);
    assert_eq!(world.fates(1), [Fate::Struggling]);
    let said = world.attempts(1).pop().unwrap().receipt;
    assert_eq!(said.as_deref(), Some("no channel is set up for slack"));
}

#[tokio::test]
async fn a_broken_channel_is_seen_and_heals() {
    let world = World::new();
    world.put(1, Lane::Urgent);
    world.peer.answer(&address(1), temporary(Fault::Channel));
    world.peer.answer(&address(1), temporary(Fault::Channel));
    world.step().await;
    assert!(!world.outbox.channels()["mail"].health().is_broken());
    world.pass(5);
    world.step().await;
    let health = world.outbox.channels()["mail"].health();
    assert!(health.is_broken());
    assert_eq!(
        health.last_failure,
        Some((world.clock.wall(), "451 later".to_owned()))
    );
    world.pass(10);
    world.step().await;
    let health = world.outbox.channels()["mail"].health();
    assert_eq!(
        (health.consecutive_failures, health.last_success),
        (0, Some(world.clock.wall()))
    );
}

#[tokio::test]
async fn nothing_is_leased_while_the_store_cannot_write() {
    let world = World::new();
    world.put(1, Lane::Urgent);
    world
        .store
        .fault()
        .set(|at| (at != FaultPoint::Read).then_some(StoreError::Full));
    assert_eq!(step(&world.outbox).await, Err(StoreError::Full));
    assert!(world.tried().is_empty(), "without a lease nothing is sent");
    world.store.fault().clear();
    world.play().await;
    assert_eq!(world.state(1), OutboxState::Done);
}

/// Starts a step in the background whose first recipient gets no answer yet.
async fn hanging(world: &World) -> tokio::task::JoinHandle<Report> {
    world.peer.hold(&address(1));
    let outbox = Arc::clone(&world.outbox);
    let slow = tokio::spawn(async move { step(&outbox).await.unwrap() });
    while world.tried().is_empty() {
        tokio::task::yield_now().await;
    }
    slow
}

#[tokio::test]
async fn a_lease_is_renewed_while_its_peer_thinks() {
    let world = World::new();
    world.put(1, Lane::Urgent);
    let slow = hanging(&world).await;
    for _ in 0..6 {
        world.pass(10);
        let now = world.clock.wall();
        while world.row(1).lease_until.unwrap() <= now + Duration::from_secs(10) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(world.step().await.leased, 0, "nobody else gets it");
    }
    world.peer.release(&address(1));
    slow.await.unwrap();
    assert_eq!(
        (world.state(1), world.tried().len()),
        (OutboxState::Done, 1)
    );
}

#[tokio::test]
async fn an_outcome_that_could_not_be_written_is_told_again() {
    let world = World::new();
    world.put(1, Lane::Urgent);
    let slow = hanging(&world).await;
    world
        .store
        .fault()
        .set(|at| (at != FaultPoint::Read).then_some(StoreError::Full));
    world.peer.release(&address(1));
    assert!(slow.await.unwrap().happened.is_empty());
    assert_eq!(
        world.fates(1).len(),
        1,
        "the desk was told before the outbox"
    );
    assert_eq!(world.state(1), OutboxState::Leased);
    world.store.fault().clear();
    world.play().await;
    assert_eq!(world.state(1), OutboxState::Done);
    assert_eq!(world.fates(1).len(), 2);
}

impl World {
    /// Puts a row that leaves together with the others for Jane.
    fn put_bundled(&self, n: u128) {
        self.put_bundled_by("mail", n);
    }

    fn put_bundled_by(&self, route: &str, n: u128) {
        let mut letter = letter(n);
        letter.mail.to.address = "jane@example.org".to_owned();
        letter.share = Some(Share {
            number: format!("HH-{n}"),
            words: format!("fire {n}"),
            link: format!("http://x/ack/{n}"),
            ..Share::standing_for(&letter.mail)
        });
        let message = Message::Plain(letter.to_bytes().unwrap());
        let (cause, now) = ((CASE, 1), self.clock.wall());
        let row = OutboxRow::queued(notice(n), cause, route, Lane::Urgent, message, now);
        let bundle = Some(Uuid::from_u128(77));
        self.put_row(&OutboxRow { bundle, ..row });
    }
}

#[tokio::test]
async fn a_bundle_is_one_mail_that_names_each_and_closes_each() {
    let world = World::new();
    (1..=9).for_each(|n| world.put_bundled(n));
    world.put(10, Lane::Urgent);
    world.desk.pointless.lock().unwrap().insert(notice(3));
    world.peer.answer("jane@example.org", uncertain());
    world.play().await;
    let sent = world.peer.sent();
    let to_jane: Vec<_> = sent
        .iter()
        .filter(|m| m.to.address.starts_with("jane"))
        .collect();
    assert_eq!(
        to_jane.len(),
        2,
        "one try that nobody knows of, and one more"
    );
    assert_eq!(to_jane[0], to_jane[1], "the same mail under the same id");
    assert_eq!(to_jane[0].subject, "HH-1 and 7 more: please read them");
    for n in (1..=9).filter(|n| *n != 3) {
        assert!(to_jane[0].text.contains(&format!("HH-{n}: fire {n}")));
        assert!(to_jane[0].text.contains(&format!("http://x/ack/{n}")));
        assert_eq!(
            (world.state(n), world.attempts(n).len()),
            (OutboxState::Done, 2)
        );
    }
    assert!(!to_jane[0].text.contains("fire 3"));
    assert_eq!(world.state(3), OutboxState::Dropped);
    assert_eq!(world.state(10), OutboxState::Done);
}

#[tokio::test]
async fn a_bundle_by_telephone_is_known_by_one_of_its_deliveries() {
    let world = World::new();
    (1..=3).for_each(|n| world.put_bundled_by("sms", n));
    world.step().await;
    let sent = world.peer.sent();
    assert_eq!(sent.len(), 1);
    let known = (1..=3).any(|n| sent[0].notice_id == notice(n).to_string());
    assert!(known, "{}", sent[0].notice_id);
}

#[tokio::test]
async fn what_is_left_of_a_bundle_alone_says_what_was_frozen_for_it() {
    let world = World::new();
    (1..=2).for_each(|n| world.put_bundled(n));
    world.desk.pointless.lock().unwrap().insert(notice(1));
    world.step().await;
    assert_eq!(world.peer.sent()[0].notice_id, notice(2).to_string());
}

#[tokio::test]
async fn a_bundle_that_cannot_be_delivered_is_told_for_each() {
    let world = World::new();
    (1..=3).for_each(|n| world.put_bundled(n));
    let gone = Outcome::Rejected {
        receipt: "550".to_owned(),
    };
    world.peer.answer("jane@example.org", gone);
    world.step().await;
    for n in 1..=3 {
        assert_eq!(world.fates(n), [Fate::Unreachable("550".to_owned())]);
        assert_eq!(world.state(n), OutboxState::Failed);
    }
}
