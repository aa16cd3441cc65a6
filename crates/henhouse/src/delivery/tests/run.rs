//! The loop: real time, no fixed waits; a test waits for what must happen and hangs if it does not.

use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

use super::super::run::run;
use super::*;

struct Running {
    world: World,
    nudge: Arc<Notify>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    fn start() -> Self {
        let world = World::with(Clock::real());
        let (stop, stopped) = oneshot::channel();
        let nudge = Arc::new(Notify::new());
        let stopped = async move {
            let _ = stopped.await;
        };
        let task = tokio::spawn(run(Arc::clone(&world.outbox), Arc::clone(&nudge), stopped));
        Self {
            world,
            nudge,
            stop,
            task,
        }
    }

    fn put(&self, n: u128, lane: Lane) {
        self.world.put(n, lane);
        self.nudge.notify_one();
    }

    async fn wait_for(&self, n: u128, state: OutboxState) {
        let reached = async {
            while self.world.state(n) != state {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(60), reached).await;
        assert!(waited.is_ok(), "{n} is {:?}", self.world.row(n));
    }

    async fn end(self) -> World {
        self.stop.send(()).unwrap();
        self.task.await.unwrap();
        self.world
    }
}

#[tokio::test]
async fn a_nudge_sends_at_once() {
    let running = Running::start();
    tokio::task::yield_now().await;
    running.put(1, Lane::Urgent);
    running.wait_for(1, OutboxState::Done).await;
    assert_eq!(running.end().await.fates(1).len(), 1);
}

#[tokio::test]
async fn slow_recipients_hold_up_neither_pages_nor_each_other() {
    let running = Running::start();
    for n in 1..=3 {
        running.world.peer.hold(&address(n));
    }
    running.put(1, Lane::Ordinary);
    running.put(2, Lane::Ordinary);
    running.put(4, Lane::Ordinary);
    running.wait_for(4, OutboxState::Done).await;
    running.put(3, Lane::Ordinary);
    running.wait_for(3, OutboxState::Leased).await;
    // All places of the ordinary lane hang now: another one waits, a page does not.
    running.put(5, Lane::Ordinary);
    running.put(6, Lane::Urgent);
    running.wait_for(6, OutboxState::Done).await;
    assert_eq!(running.world.state(5), OutboxState::Queued);
    running.world.peer.release(&address(2));
    running.wait_for(5, OutboxState::Done).await;
    for n in 1..=3 {
        running.world.peer.release(&address(n));
        running.wait_for(n, OutboxState::Done).await;
    }
    running.end().await;
}

#[tokio::test]
async fn a_retry_needs_no_nudge() {
    let running = Running::start();
    let message = Message::Plain(letter(1).to_bytes().unwrap());
    let soon = running.world.clock.wall() + Duration::from_millis(300);
    let row = OutboxRow::queued(notice(1), (CASE, 1), "mail", Lane::Urgent, message, soon);
    running.world.put_row(&row);
    running.nudge.notify_one();
    running.wait_for(1, OutboxState::Done).await;
    assert!(running.world.clock.wall() >= soon);
    running.end().await;
}

#[tokio::test]
async fn a_stop_waits_for_the_answer_of_what_is_being_sent() {
    let running = Running::start();
    running.world.peer.hold(&address(1));
    running.put(1, Lane::Urgent);
    running.wait_for(1, OutboxState::Leased).await;
    let peer = running.world.peer.clone();
    let (ended, released) = tokio::join!(running.end(), async move {
        tokio::task::yield_now().await;
        peer.release(&address(1));
    });
    let () = released;
    assert_eq!(ended.state(1), OutboxState::Done);
}

#[tokio::test]
async fn a_store_in_trouble_is_tried_again() {
    let running = Running::start();
    running.world.put(1, Lane::Urgent);
    running
        .world
        .store
        .fault()
        .set(|at| (at != FaultPoint::Read).then_some(StoreError::Full));
    running.nudge.notify_one();
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    running.world.store.fault().clear();
    running.wait_for(1, OutboxState::Done).await;
    running.end().await;
}
