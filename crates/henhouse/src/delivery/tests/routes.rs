//! What becomes of a page that has several routes.

use super::*;
use crate::store::AttemptOutcome;

/// The second and the third route of the page are these.
const SECOND: u128 = 20;
const THIRD: u128 = 30;

impl World {
    /// A page by mail, then by ntfy, and then by ntfy again.
    fn page(&self) -> [NoticeId; 3] {
        let first = notice(1);
        let second = first.by_next_route();
        let all = [first, second, second.by_next_route()];
        let places = [("mail", 1), ("ntfy", SECOND), ("ntfy", THIRD)];
        for (n, (route, to)) in (0..).zip(places) {
            let message = Message::Plain(letter(to).to_bytes().unwrap());
            let due = self.clock.wall() + Duration::from_secs(60 * n);
            let id = all[usize::try_from(n).unwrap()];
            let mut row = OutboxRow::queued(id, (CASE, 1), route, Lane::Urgent, message, due);
            row.person = Some("person1".to_owned());
            self.put_row(&row);
        }
        all
    }

    fn of(&self, id: NoticeId) -> OutboxRow {
        let row: Result<_, StoreError> = self.store.read_inline(|view| view.delivery(id));
        row.unwrap().unwrap()
    }

    fn states(&self, ids: [NoticeId; 3]) -> [OutboxState; 3] {
        ids.map(|id| self.of(id).state)
    }

    fn heard_of(&self, id: NoticeId) -> Vec<(Fate, bool)> {
        let heard = self.desk.heard.lock().unwrap();
        let of_it = heard.iter().filter(|happened| happened.notice == id);
        of_it
            .map(|happened| (happened.fate.clone(), happened.another_route))
            .collect()
    }
}

use OutboxState::{Done, Dropped, Failed, Leased, Queued};

#[tokio::test]
async fn what_the_first_route_takes_leaves_by_no_other() {
    let world = World::new();
    let ids = world.page();
    let report = world.step().await;
    assert_eq!((report.leased, report.next_due), (1, None));
    assert_eq!(world.states(ids), [Done, Dropped, Dropped]);
    assert_eq!(world.tried(), [address(1)]);
}

#[tokio::test]
async fn after_two_failures_the_next_route_is_used_at_once_and_ends_the_first() {
    let world = World::new();
    let ids = world.page();
    for _ in 0..2 {
        world.peer.answer(&address(1), temporary(Fault::Channel));
    }
    world.step().await;
    assert_eq!(
        world.step().await.leased,
        0,
        "one failure calls no other route"
    );
    world.pass(5);
    world.step().await;
    assert_eq!(world.heard_of(ids[0]), [(Fate::Struggling, true)]);
    assert_eq!(world.step().await.leased, 1, "no second passes");
    assert_eq!(world.tried(), [address(1), address(1), address(SECOND)]);
    assert_eq!(world.states(ids), [Queued, Done, Dropped]);
    world.pass(10);
    world.step().await;
    assert_eq!(world.states(ids), [Dropped, Done, Dropped]);
    assert_eq!(world.tried().len(), 3, "the first was not tried again");
}

#[tokio::test]
async fn a_refusal_calls_the_next_route_at_once_and_the_last_says_that_none_is_left() {
    let world = World::new();
    let ids = world.page();
    let never = || Outcome::Rejected {
        receipt: "550 nobody".to_owned(),
    };
    for to in [1, SECOND, THIRD] {
        world.peer.answer(&address(to), never());
        assert_eq!(world.step().await.leased, 1);
    }
    assert_eq!(world.states(ids), [Failed, Failed, Failed]);
    let told = ids.map(|id| world.heard_of(id)[0].1);
    assert_eq!(told, [true, true, false]);
    assert_eq!(world.step().await.next_due, None);
}

#[tokio::test]
async fn every_route_goes_on_until_one_of_them_arrives() {
    let world = World::new();
    let ids = world.page();
    for to in [1, 1, 1, SECOND, SECOND, SECOND, THIRD, THIRD] {
        world.peer.answer(&address(to), temporary(Fault::Channel));
    }
    while let Some(due) = world.step().await.next_due {
        world.clock.set(due.max(world.clock.wall())).unwrap();
    }
    let done = ids
        .map(|id| world.of(id))
        .into_iter()
        .filter(|row| row.state == Done);
    assert_eq!(done.count(), 1, "one of them arrived, and the others ended");
    assert_eq!(world.step().await.next_due, None);
    let told = ids.map(|id| world.heard_of(id)[0].clone());
    let struggles = |more| (Fate::Struggling, more);
    assert_eq!(told, [struggles(true), struggles(true), struggles(false)]);
}

#[tokio::test]
async fn a_route_that_says_nothing_for_a_minute_is_not_waited_for() {
    let world = World::new();
    let ids = world.page();
    world.peer.hold(&address(1));
    let outbox = Arc::clone(&world.outbox);
    let first = tokio::spawn(async move { step(&outbox).await.unwrap() });
    while world.tried().is_empty() {
        tokio::task::yield_now().await;
    }
    for _ in 0..6 {
        world.pass(10);
        // Its lease is renewed beside it; a peer that thinks is not one that died.
        let fresh = world.clock.wall() + Duration::from_secs(11);
        while world
            .of(ids[0])
            .lease_until
            .is_some_and(|until| until < fresh)
        {
            tokio::task::yield_now().await;
        }
    }
    world.step().await;
    assert_eq!(world.tried(), [address(1), address(SECOND)]);
    world.peer.release(&address(1));
    first.await.unwrap();
    assert_eq!(
        world.states(ids),
        [Done, Done, Dropped],
        "two pages are better than none"
    );
}

#[tokio::test]
async fn after_a_stop_the_routes_of_a_page_leave_one_after_the_other_and_not_all_at_once() {
    let world = World::new();
    let ids = world.page();
    world.pass(300);
    world.peer.hold(&address(1));
    let outbox = Arc::clone(&world.outbox);
    let first = tokio::spawn(async move { step(&outbox).await.unwrap() });
    while world.tried().is_empty() {
        tokio::task::yield_now().await;
    }
    world.step().await;
    assert_eq!(
        world.tried(),
        [address(1)],
        "its minute begins when it could leave"
    );
    assert_eq!(world.states(ids), [Leased, Queued, Queued]);
    let waits = ids.map(|id| {
        world
            .of(id)
            .next_try
            .duration_since(world.clock.wall())
            .as_secs()
    });
    assert_eq!(waits[1..], [60, 120]);
    world.peer.release(&address(1));
    first.await.unwrap();
    assert_eq!(world.states(ids), [Done, Dropped, Dropped]);
}

#[tokio::test]
async fn nobody_is_out_of_reach_whom_another_route_has_just_reached() {
    let world = World::new();
    let ids = world.page();
    world.peer.hold(&address(1));
    let outbox = Arc::clone(&world.outbox);
    let first = tokio::spawn(async move { step(&outbox).await.unwrap() });
    while world.tried().is_empty() {
        tokio::task::yield_now().await;
    }
    world.pass(14);
    world
        .store
        .write_inline(|tx| tx.hasten(ids[1], world.clock.wall()))
        .unwrap_or_else(|error: StoreError| panic!("{error}"));
    world.step().await;
    assert_eq!(world.states(ids)[1], Done);
    let never = Outcome::Rejected {
        receipt: "550 nobody".to_owned(),
    };
    world.peer.answer(&address(1), never);
    world.peer.release(&address(1));
    first.await.unwrap();
    assert_eq!(world.states(ids), [Failed, Done, Dropped]);
    assert_eq!(world.heard_of(ids[0]), [], "the page has arrived");
}

#[tokio::test]
async fn what_became_pointless_leaves_by_no_route() {
    let world = World::new();
    let ids = world.page();
    for _ in 0..2 {
        world.peer.answer(&address(1), temporary(Fault::Channel));
    }
    world.step().await;
    world.pass(5);
    world.step().await;
    world.desk.pointless.lock().unwrap().extend(ids);
    world.play().await;
    assert_eq!(world.states(ids), [Dropped, Dropped, Dropped]);
    assert_eq!(world.tried(), [address(1), address(1)]);
}

#[tokio::test]
async fn a_channel_without_a_ceiling_carries_no_content() {
    let world = World::new();
    let message = Message::Plain(letter(SECOND).to_bytes().unwrap());
    let id = notice(7);
    let row = OutboxRow::queued(
        id,
        (CASE, 1),
        "ntfy",
        Lane::Urgent,
        message,
        world.clock.wall(),
    );
    world.put_row(&row);
    world.step().await;
    assert_eq!(world.of(id).state, Done);
    let sent = world.peer.sent();
    assert_eq!(sent[0].subject, "Henhouse needs you", "{sent:?}");
    let attempts: Result<_, StoreError> = world.store.read_inline(|view| view.attempts(id));
    assert_eq!(attempts.unwrap()[0].outcome, AttemptOutcome::Sent);
}
