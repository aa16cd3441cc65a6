//! The outbox: leases, fences, lanes, attempts.

use jiff::Timestamp;

use super::on_every_store;
use super::samples::{at, create, journal, notice, queued, read, refused, write};
use crate::store::{
    AttemptOutcome, Lane, Lease, Message, OutboxRow, OutboxState, Store, StoreError, Try,
};

on_every_store!(
    the_urgent_lane_goes_first_then_the_earliest,
    the_urgent_lane_can_be_asked_alone,
    a_lease_keeps_others_away_until_it_ends,
    whoever_has_another_time_takes_no_lease_away,
    a_lease_of_a_clock_that_was_set_back_holds_nobody_up,
    a_stale_fence_is_refused,
    a_lost_lease_is_an_uncertain_attempt,
    the_leases_of_the_dead_end_at_once,
    every_attempt_is_kept_with_its_receipt,
    no_lease_lasts_longer_than_fifteen_seconds,
    a_notice_enters_once,
    a_withdrawn_delivery_is_never_leased,
    what_was_never_tried_can_be_hastened,
    what_was_never_tried_can_wait_longer,
    what_the_peer_says_later_is_noted_and_ends_a_lease,
    an_erased_message_is_gone,
    a_delivery_that_is_not_closed_can_be_reworded,
    the_next_time_to_look_is_known,
    a_bundle_is_leased_whole,
    what_cannot_be_tried_is_kept_as_failed,
    a_whole_outbox_can_be_carried_elsewhere,
);

fn fill(store: &Store, rows: &[OutboxRow]) {
    write(store, |tx| {
        if tx.journal(journal(1))?.is_none() {
            create(tx, 1)?;
        }
        for row in rows {
            tx.enqueue(row)?;
        }
        Ok(())
    });
}

fn lease(store: &Store, now: i64, limit: u32) -> Vec<Lease> {
    shows(store, now);
    write(store, move |tx| {
        tx.lease_deliveries(Lane::Ordinary, at(now), limit, 10)
    })
}

/// From now on that is the store's time.
fn shows(store: &Store, now: i64) {
    store.judge_by(move || at(now));
}

/// What somebody whose clock shows the store's time is told.
fn earliest(store: &Store, lowest: Lane) -> Option<Timestamp> {
    read(store, |view| view.earliest_delivery(lowest, view.time()?))
}

fn tried(outcome: AttemptOutcome, second: i64) -> Try {
    Try {
        at: at(second),
        outcome,
        receipt: Some(format!("250 ok {second}")),
    }
}

fn the_urgent_lane_goes_first_then_the_earliest(store: &Store) {
    fill(
        store,
        &[
            queued(1, Lane::Ordinary, 1),
            queued(2, Lane::Urgent, 9),
            queued(3, Lane::Urgent, 2),
            queued(4, Lane::Urgent, 50),
            queued(5, Lane::Ordinary, 0),
        ],
    );
    let notices = |now, limit| -> Vec<u128> {
        lease(store, now, limit)
            .iter()
            .map(|lease| lease.row.notice.0.as_u128())
            .collect()
    };
    assert_eq!(notices(10, 3), [3, 2, 5]);
    assert_eq!(notices(10, 3), [1]);
    assert_eq!(notices(10, 3), []);
}

fn the_urgent_lane_can_be_asked_alone(store: &Store) {
    let rows = [queued(1, Lane::Ordinary, 1), queued(2, Lane::Urgent, 9)];
    fill(store, &rows);
    let urgent = |now| {
        shows(store, now);
        write(store, move |tx| {
            tx.lease_deliveries(Lane::Urgent, at(now), 9, 10)
        })
    };
    assert_eq!(earliest(store, Lane::Urgent), Some(at(9)));
    assert_eq!(urgent(8), []);
    assert_eq!(urgent(9)[0].row.notice, notice(2));
    assert_eq!(earliest(store, Lane::Urgent), Some(at(19)));
    assert_eq!(earliest(store, Lane::Ordinary), Some(at(1)));
    assert_eq!(urgent(19).len(), 1, "a lost lease too");
    assert_eq!(lease(store, 19, 9)[0].row.notice, notice(1));
}

fn a_lease_keeps_others_away_until_it_ends(store: &Store) {
    fill(store, &[queued(1, Lane::Urgent, 0)]);
    let first = lease(store, 0, 9).remove(0);
    assert_eq!((first.fence, first.uncertain), (1, false));
    assert_eq!(first.row.state, OutboxState::Leased);
    assert!(lease(store, 9, 9).is_empty());
    shows(store, 9);
    write(store, |tx| tx.renew(notice(1), first.fence, 10));
    assert!(lease(store, 18, 9).is_empty());
    let second = lease(store, 19, 9).remove(0);
    assert_eq!((second.fence, second.uncertain), (2, true));
}

fn whoever_has_another_time_takes_no_lease_away(store: &Store) {
    fill(store, &[queued(1, Lane::Urgent, 0)]);
    let first = lease(store, 0, 9).remove(0);
    shows(store, 9);
    for ahead in [60, 3_600, 86_400] {
        let now = at(9 + ahead);
        let taken = write(store, move |tx| {
            tx.lease_deliveries(Lane::Ordinary, now, 9, 15)
        });
        assert_eq!(taken, [], "{ahead}");
        let look = read(store, move |view| view.earliest_delivery(Lane::Urgent, now));
        assert_eq!(look, Some(at(10 + ahead)), "in a second by their own clock");
    }
    shows(store, 10);
    // It waits no more, so that it is taken also by somebody for whom it is not due yet.
    let taken = write(store, |tx| {
        tx.lease_deliveries(Lane::Ordinary, at(-3_600), 9, 15)
    });
    assert_eq!(
        (taken[0].fence, taken[0].uncertain),
        (first.fence + 1, true)
    );
    assert_eq!(taken[0].row.lease_until, Some(at(25)));
}

fn a_lease_of_a_clock_that_was_set_back_holds_nobody_up(store: &Store) {
    let bundled = |n| OutboxRow {
        bundle: Some(notice(77).0),
        ..queued(n, Lane::Urgent, 0)
    };
    fill(store, &[queued(1, Lane::Urgent, 0), bundled(2), bundled(3)]);
    assert_eq!(lease(store, 3_600, 9).len(), 3);
    shows(store, 0);
    assert_eq!(earliest(store, Lane::Urgent), Some(at(0)));
    let again = lease(store, 0, 9);
    assert_eq!(again.len(), 3, "nobody waits an hour for it");
    assert!(again.iter().all(|lease| lease.fence == 2));
}

fn a_stale_fence_is_refused(store: &Store) {
    fill(
        store,
        &[queued(1, Lane::Urgent, 0), queued(2, Lane::Urgent, 0)],
    );
    let old = lease(store, 0, 1).remove(0);
    let new = lease(store, 10, 1).remove(0);
    assert_eq!(old.row.notice, new.row.notice);
    let sent = tried(AttemptOutcome::Sent, 11);
    let id = notice(1);
    for fence in [0, old.fence, new.fence + 1] {
        let refusals = [
            refused(store, |tx| tx.finish(id, fence, &sent)),
            refused(store, |tx| tx.reschedule(id, fence, &sent, at(99))),
            refused(store, |tx| tx.renew(id, fence, 10)),
            refused(store, |tx| tx.drop_delivery(id, fence)),
        ];
        assert!(
            refusals
                .iter()
                .all(|error| *error == StoreError::StaleFence),
            "{fence}"
        );
    }
    write(store, |tx| tx.finish(id, new.fence, &sent));
    assert_eq!(
        refused(store, |tx| tx.finish(id, new.fence, &sent)),
        StoreError::StaleFence
    );
    assert_eq!(
        refused(store, |tx| tx.finish(notice(2), 0, &sent)),
        StoreError::StaleFence
    );
    assert_eq!(
        refused(store, |tx| tx.finish(notice(7), 0, &sent)),
        StoreError::StaleFence
    );
}

fn a_lost_lease_is_an_uncertain_attempt(store: &Store) {
    fill(store, &[queued(1, Lane::Urgent, 0)]);
    lease(store, 0, 1);
    let again = lease(store, 12, 1).remove(0);
    assert_eq!(again.row.attempts, 1);
    let attempts = read(store, |view| view.attempts(notice(1)));
    assert_eq!(attempts.len(), 1);
    assert_eq!(
        (attempts[0].outcome, attempts[0].at),
        (AttemptOutcome::Uncertain, at(10))
    );
}

fn the_leases_of_the_dead_end_at_once(store: &Store) {
    fill(
        store,
        &[
            queued(1, Lane::Urgent, 0),
            queued(2, Lane::Urgent, 0),
            queued(3, Lane::Urgent, 9),
        ],
    );
    let old = lease(store, 0, 2).remove(0);
    shows(store, 3);
    write(store, |tx| tx.end_leases());
    assert_eq!(earliest(store, Lane::Urgent), Some(at(3)));
    let again = lease(store, 3, 9);
    assert_eq!(again.len(), 2, "what was not leased waits for its time");
    assert!(
        again
            .iter()
            .all(|lease| lease.uncertain && lease.fence == 2)
    );
    let sent = tried(AttemptOutcome::Sent, 4);
    let refusal = refused(store, |tx| tx.finish(notice(1), old.fence, &sent));
    assert_eq!(
        refusal,
        StoreError::StaleFence,
        "nor do the dead write an outcome"
    );
    shows(store, 20);
    write(store, |tx| tx.end_leases());
    let row = read(store, |view| view.delivery(notice(1))).unwrap();
    assert_eq!(row.lease_until, Some(at(13)), "no lease is made longer");
}

fn every_attempt_is_kept_with_its_receipt(store: &Store) {
    fill(store, &[queued(1, Lane::Urgent, 0)]);
    let fence = lease(store, 0, 1).remove(0).fence;
    let failed = tried(AttemptOutcome::Failed, 1);
    write(store, |tx| tx.reschedule(notice(1), fence, &failed, at(5)));
    assert!(lease(store, 4, 1).is_empty());
    let fence = lease(store, 5, 1).remove(0).fence;
    write(store, |tx| {
        tx.finish(notice(1), fence, &tried(AttemptOutcome::Sent, 6))
    });
    let attempts = read(store, |view| view.attempts(notice(1)));
    let told: Vec<_> = attempts
        .iter()
        .map(|a| (a.n, a.outcome, a.receipt.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (1, AttemptOutcome::Failed, Some("250 ok 1")),
            (2, AttemptOutcome::Sent, Some("250 ok 6")),
        ]
    );
    let row = read(store, |view| view.delivery(notice(1))).unwrap();
    assert_eq!(
        (row.state, row.attempts, row.lease_until),
        (OutboxState::Done, 2, None)
    );
}

fn no_lease_lasts_longer_than_fifteen_seconds(store: &Store) {
    fill(store, &[queued(1, Lane::Urgent, 0)]);
    shows(store, 0);
    let lease = write(store, |tx| {
        tx.lease_deliveries(Lane::Ordinary, at(0), 1, 3600)
    })
    .remove(0);
    assert_eq!(lease.row.lease_until, Some(at(15)));
    shows(store, 14);
    write(store, |tx| tx.renew(notice(1), lease.fence, 3600));
    let row = read(store, |view| view.delivery(notice(1))).unwrap();
    assert_eq!(row.lease_until, Some(at(29)));
}

fn a_notice_enters_once(store: &Store) {
    let row = OutboxRow {
        person: Some("ann".to_owned()),
        ..queued(1, Lane::Urgent, 0)
    };
    fill(store, std::slice::from_ref(&row));
    let later = queued(1, Lane::Ordinary, 90);
    assert!(!write(store, |tx| tx.enqueue(&later)));
    assert_eq!(
        read(store, |view| view.deliveries_of(journal(1))),
        std::slice::from_ref(&row)
    );
    let done = OutboxRow {
        notice: notice(2),
        state: OutboxState::Done,
        ..row
    };
    assert!(matches!(
        refused(store, |tx| tx.enqueue(&done)),
        StoreError::Invalid(_)
    ));
}

fn a_withdrawn_delivery_is_never_leased(store: &Store) {
    fill(
        store,
        &[queued(1, Lane::Urgent, 0), queued(2, Lane::Urgent, 0)],
    );
    assert!(write(store, |tx| tx.withdraw(notice(1))));
    assert!(!write(store, |tx| tx.withdraw(notice(1))));
    assert!(!write(store, |tx| tx.withdraw(notice(9))));
    let leases = lease(store, 100, 9);
    assert_eq!(leases.len(), 1);
    assert!(
        !write(store, |tx| tx.withdraw(notice(2))),
        "it is being sent"
    );
    write(store, |tx| tx.drop_delivery(notice(2), leases[0].fence));
    assert!(lease(store, 200, 9).is_empty());
    let counts = read(store, |view| view.outbox_counts());
    assert_eq!(
        counts.into_iter().collect::<Vec<_>>(),
        [(OutboxState::Dropped, 2)]
    );
}

fn what_was_never_tried_can_be_hastened(store: &Store) {
    let rows = [1, 2, 3].map(|n| queued(n, Lane::Urgent, 60));
    fill(store, &rows);
    let hasten = |n, now| write(store, move |tx| tx.hasten(notice(n), at(now)));
    assert!(hasten(1, 7));
    assert!(!hasten(1, 8), "it is due already");
    assert!(!hasten(9, 7));
    assert_eq!(earliest(store, Lane::Urgent), Some(at(7)));
    let leases = lease(store, 7, 9);
    assert_eq!(leases.len(), 1);
    assert!(!hasten(1, 1), "it is being sent");
    let failed = tried(AttemptOutcome::Failed, 8);
    let fence = leases[0].fence;
    write(store, move |tx| {
        tx.reschedule(notice(1), fence, &failed, at(50))
    });
    assert!(!hasten(1, 9), "it has its own rhythm by now");
    assert!(write(store, |tx| tx.withdraw(notice(2))));
    assert!(!hasten(2, 9));
}

fn what_was_never_tried_can_wait_longer(store: &Store) {
    let rows = [1, 2, 3].map(|n| queued(n, Lane::Urgent, 60));
    fill(store, &rows);
    let put_off = |n, to| write(store, move |tx| tx.put_off(notice(n), at(to)));
    assert!(put_off(1, 90));
    assert!(!put_off(1, 80), "it waits for longer already");
    assert!(!put_off(9, 90));
    let leases = lease(store, 60, 9);
    assert_eq!(leases.len(), 2);
    assert!(!put_off(2, 90), "it is being sent");
    let fence = leases[0].fence;
    let back = leases[0].row.notice;
    write(store, move |tx| tx.hand_back(back, fence, at(65)));
    let row = read(store, move |view| view.delivery(back)).unwrap();
    assert_eq!((row.state, row.attempts), (OutboxState::Queued, 0));
    assert_eq!((row.next_try, row.lease_until), (at(65), None));
    assert!(lease(store, 64, 9).is_empty());
    assert_eq!(lease(store, 65, 9).len(), 1);
    let stale = store.write_inline(move |tx| tx.hand_back(back, fence, at(80)));
    assert_eq!(stale, Err(StoreError::StaleFence));
}

fn what_the_peer_says_later_is_noted_and_ends_a_lease(store: &Store) {
    let rows = [1, 2].map(|n| queued(n, Lane::Urgent, 0));
    fill(store, &rows);
    let leases = lease(store, 0, 9);
    let (arrived, missed) = (
        tried(AttemptOutcome::Sent, 5),
        tried(AttemptOutcome::Failed, 6),
    );
    let says = |n, said: &Try, again| write(store, |tx| tx.conclude(notice(n), said, again));
    assert!(says(1, &missed, Some(at(30))));
    let row = |n| read(store, move |view| view.delivery(notice(n))).unwrap();
    assert_eq!(
        (row(1).state, row(1).next_try),
        (OutboxState::Queued, at(30))
    );
    assert_eq!((row(1).attempts, row(1).lease_until), (1, None));
    let stale = refused(store, |tx| tx.finish(notice(1), leases[0].fence, &arrived));
    assert_eq!(stale, StoreError::StaleFence, "its sender is too late");
    assert!(says(1, &arrived, None));
    assert_eq!(row(1).state, OutboxState::Done);
    assert!(!says(1, &arrived, None), "it is known");
    assert!(says(1, &missed, None), "it did not arrive after all");
    assert_eq!((row(1).state, row(1).attempts), (OutboxState::Failed, 3));
    assert!(!says(1, &arrived, None) && !says(9, &arrived, None));
    let kept = read(store, |view| view.attempts(notice(1)));
    assert_eq!(kept.len(), 3);
    write(store, |tx| tx.drop_delivery(notice(2), leases[1].fence));
    assert!(!says(2, &missed, Some(at(9))), "nobody waits for it");
}

fn an_erased_message_is_gone(store: &Store) {
    let secret = OutboxRow {
        message: Message::Cipher(vec![7]),
        ..queued(2, Lane::Urgent, 0)
    };
    fill(store, &[queued(1, Lane::Urgent, 0), secret.clone()]);
    assert_eq!(read(store, |view| view.delivery(notice(2))), Some(secret));
    assert!(write(store, |tx| tx.erase_message(notice(1))));
    assert!(!write(store, |tx| tx.erase_message(notice(1))));
    assert!(!write(store, |tx| tx.erase_message(notice(9))));
    let row = read(store, |view| view.delivery(notice(1))).unwrap();
    assert_eq!(row.message, Message::Erased);
}

fn a_delivery_that_is_not_closed_can_be_reworded(store: &Store) {
    let rows = [1, 2, 3].map(|n| queued(n, Lane::Urgent, 0));
    fill(store, &rows);
    let bare = Message::Cipher(vec![7]);
    write(store, |tx| tx.withdraw(notice(1)));
    assert!(!write(store, |tx| tx.reword(notice(1), &bare)), "closed");
    assert!(!write(store, |tx| tx.reword(notice(9), &bare)), "unknown");
    assert!(write(store, |tx| tx.reword(notice(2), &bare)));
    let leases = lease(store, 100, 9);
    assert!(leases.iter().any(|lease| lease.row.message == bare));
    assert!(
        write(store, |tx| tx.reword(notice(3), &bare)),
        "the next attempt says less"
    );
    let row = read(store, |view| view.delivery(notice(3))).unwrap();
    assert_eq!(
        (row.message, row.state),
        (bare.clone(), OutboxState::Leased)
    );
    write(store, |tx| tx.erase_message(notice(3)));
    assert!(
        !write(store, |tx| tx.reword(notice(3), &bare)),
        "gone is gone"
    );
}

fn what_cannot_be_tried_is_kept_as_failed(store: &Store) {
    fill(store, &[]);
    let row = queued(1, Lane::Urgent, 0);
    let attempt = tried(AttemptOutcome::Failed, 3);
    assert!(write(store, |tx| tx.enqueue_closed(&row, &attempt)));
    assert!(!write(store, |tx| tx.enqueue_closed(&row, &attempt)));
    assert!(lease(store, 100, 9).is_empty());
    let kept = read(store, |view| view.delivery(notice(1))).unwrap();
    assert_eq!((kept.state, kept.attempts), (OutboxState::Failed, 1));
    let attempts = read(store, |view| view.attempts(notice(1)));
    assert_eq!(attempts.len(), 1);
    assert_eq!(attempts[0].receipt, attempt.receipt);
    let sent = tried(AttemptOutcome::Sent, 3);
    assert!(write(store, |tx| tx
        .enqueue_closed(&queued(2, Lane::Urgent, 0), &sent)));
    assert!(!write(store, |tx| tx.enqueue(&queued(2, Lane::Urgent, 0))));
    assert!(
        lease(store, 100, 9).is_empty(),
        "what was sent is not sent again"
    );
    let kept = read(store, |view| view.delivery(notice(2))).unwrap();
    assert_eq!(kept.state, OutboxState::Done);
}

fn a_bundle_is_leased_whole(store: &Store) {
    let bundled = |n, next_try| OutboxRow {
        bundle: Some(notice(77).0),
        recipient: Some("pager".to_owned()),
        ..queued(n, Lane::Urgent, next_try)
    };
    let rows = [
        bundled(1, 2),
        bundled(2, 2),
        queued(3, Lane::Urgent, 3),
        bundled(4, 90),
        bundled(5, 2),
    ];
    fill(store, &rows);
    assert_eq!(
        read(store, |view| view.delivery(notice(4))).as_ref(),
        Some(&rows[3])
    );
    let notices = |leases: &[Lease]| -> Vec<u128> {
        leases.iter().map(|l| l.row.notice.0.as_u128()).collect()
    };
    let first = lease(store, 10, 1);
    assert_eq!(
        notices(&first),
        [1, 2, 5],
        "beyond the limit, and only what is due"
    );
    assert_eq!(notices(&lease(store, 10, 1)), [3]);
    let again = lease(store, 20, 1);
    assert_eq!(notices(&again), [1, 2, 5], "a lost lease is lost whole");
    assert!(again.iter().all(|lease| lease.uncertain));
}

fn the_next_time_to_look_is_known(store: &Store) {
    assert_eq!(earliest(store, Lane::Ordinary), None);
    fill(
        store,
        &[queued(1, Lane::Urgent, 3), queued(2, Lane::Ordinary, 30)],
    );
    assert_eq!(earliest(store, Lane::Ordinary), Some(at(3)));
    let fence = lease(store, 5, 1).remove(0).fence;
    assert_eq!(
        earliest(store, Lane::Ordinary),
        Some(at(15)),
        "the lease's end"
    );
    write(store, |tx| {
        tx.finish(notice(1), fence, &tried(AttemptOutcome::Sent, 6))
    });
    assert_eq!(earliest(store, Lane::Ordinary), Some(at(30)));
}

fn a_whole_outbox_can_be_carried_elsewhere(store: &Store) {
    let waiting = queued(1, Lane::Ordinary, 1);
    let leased = OutboxRow {
        state: OutboxState::Leased,
        lease_until: Some(at(9)),
        fence: 3,
        attempts: 2,
        person: Some("p".to_owned()),
        recipient: Some("the IC".to_owned()),
        bundle: Some(notice(70).0),
        ..queued(2, Lane::Urgent, 2)
    };
    let done = OutboxRow {
        state: OutboxState::Done,
        attempts: 1,
        message: Message::Erased,
        ..queued(3, Lane::Urgent, 3)
    };
    let attempt = |n: u128, count, outcome| crate::store::Attempt {
        notice: notice(n),
        n: count,
        at: at(5),
        outcome,
        receipt: (count == 1).then(|| "250 \0 ok".to_owned()),
    };
    let twice = [
        attempt(2, 1, AttemptOutcome::Failed),
        attempt(2, 2, AttemptOutcome::Uncertain),
    ];
    let once = [attempt(3, 1, AttemptOutcome::Sent)];
    write(store, |tx| {
        create(tx, 1)?;
        create(tx, 2)?;
        tx.keep_delivery(&done, &once)?;
        tx.keep_delivery(&leased, &twice)?;
        tx.keep_delivery(&waiting, &[])
    });
    let rows = read(store, |view| view.deliveries_of(journal(1)));
    assert_eq!(rows, [waiting, leased.clone(), done]);
    let attempts = read(store, |view| view.attempts_of(journal(1)));
    assert_eq!(attempts, [&twice[..], &once[..]].concat());
    assert!(read(store, |view| view.attempts_of(journal(2))).is_empty());
    let again = refused(store, |tx| tx.keep_delivery(&leased, &[]));
    assert!(matches!(again, StoreError::Conflict(_)), "{again}");
    let lost = lease(store, 10, 9);
    assert!(lost[0].uncertain && lost[0].fence == 4, "{lost:?}");
    assert_eq!(lost.len(), 2, "{lost:?}");
}
