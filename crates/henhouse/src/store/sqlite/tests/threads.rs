//! Many callers at once, and callers that go away.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::{add, begin, id};
use crate::store::{FaultPoint, SqliteOptions, Store, StoreError};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap()
}

fn open(dir: &std::path::Path) -> Store {
    Store::sqlite(dir, SqliteOptions { readers: 2 }).unwrap()
}

/// Makes every commit slow enough for others to queue up behind it.
fn slow_commits(store: &Store) {
    store.fault().set(|point| {
        if point == FaultPoint::BeforeCommit {
            std::thread::sleep(Duration::from_millis(3));
        }
        None
    });
}

#[test]
fn many_writers_share_few_commits() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.write_inline(|tx| begin(tx, 1)).unwrap();
    slow_commits(&store);
    let before = store.figures().commits();
    let mut seqs = runtime().block_on(async {
        let writes: Vec<_> = (0..300)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move { store.write(|tx| add(tx, 1, 10)).await })
            })
            .collect();
        let mut seqs = Vec::new();
        for write in writes {
            seqs.push(write.await.unwrap().unwrap());
        }
        seqs
    });
    seqs.sort_unstable();
    assert_eq!(seqs, (1..=300).collect::<Vec<u64>>());
    let commits = store.figures().commits() - before;
    assert!(
        (3..100).contains(&commits),
        "{commits} commits for 300 writes"
    );
}

/// A crowd of a hundred comes while one job is being written, one of them perhaps urgent: in which batch and as which
/// entry each was written, the one under way first.
fn a_crowd_behind_one(urgent: Option<u64>) -> Vec<(u64, u64)> {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.write_inline(|tx| begin(tx, 1)).unwrap();
    let (in_job, wait) = std::sync::mpsc::channel();
    let (go_on, told) = std::sync::mpsc::channel();
    runtime().block_on(async {
        let stopping = store.clone();
        let stop = tokio::spawn(async move {
            let work = move |tx: &mut dyn crate::store::Tx| {
                in_job.send(()).unwrap();
                told.recv().unwrap();
                Ok::<_, StoreError>((tx.batch(), add(tx, 1, 10)?))
            };
            stopping.write(work).await
        });
        wait.recv().unwrap();
        let mut waiting = Vec::new();
        for n in 0..100_u64 {
            let work =
                |tx: &mut dyn crate::store::Tx| Ok::<_, StoreError>((tx.batch(), add(tx, 1, 10)?));
            let mut write: std::pin::Pin<Box<dyn Future<Output = _> + Send>> = match urgent {
                Some(urgent) if urgent == n => Box::pin(store.write_urgent(work)),
                _ => Box::pin(store.write(work)),
            };
            let polled = std::future::poll_fn(|cx| std::task::Poll::Ready(write.as_mut().poll(cx)));
            assert!(polled.await.is_pending());
            waiting.push(write);
        }
        go_on.send(()).unwrap();
        let mut order = vec![stop.await.unwrap().unwrap()];
        for write in waiting {
            order.push(write.await.unwrap());
        }
        order
    })
}

/// So that a page is leased, and somebody's answer counts, in the middle of a flood of reports.
#[test]
fn what_is_urgent_is_written_before_what_waits() {
    let mut order = a_crowd_behind_one(Some(90));
    order.remove(0);
    let (batch, seq) = order[90];
    assert_eq!(seq, 2, "right after the one that was under way");
    let beside = order.iter().filter(|(own, _)| *own == batch).count();
    assert!(beside < 20, "its commit waits for {beside}");
    let ordinary: Vec<u64> = order
        .iter()
        .map(|(_, seq)| *seq)
        .filter(|seq| *seq != 2)
        .collect();
    assert!(ordinary.is_sorted(), "the others keep their order");
}

/// So that the first report of a burst calls somebody at once.
#[test]
fn whoever_comes_first_does_not_wait_for_the_crowd_behind() {
    let order = a_crowd_behind_one(None);
    let first = order[0].0;
    let beside = order.iter().filter(|(own, _)| *own == first).count();
    assert!(beside < 20, "its commit waits for {beside}");
    let last = order.last().unwrap().0;
    assert!(last - first < 3, "the crowd shares its commits");
}

#[test]
fn a_caller_that_goes_away_does_not_cancel_the_write() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    slow_commits(&store);
    runtime().block_on(async {
        let mut write = Box::pin(store.write(|tx| begin(tx, 1)));
        let nothing = std::future::poll_fn(|cx| {
            let polled = write.as_mut().poll(cx);
            std::task::Poll::Ready(polled.is_pending())
        });
        assert!(nothing.await, "the commit is slow");
        drop(write);
        store.write(|tx| begin(tx, 2)).await.unwrap();
        let kept = store.read(|view| view.journal(id(1))).await.unwrap();
        assert!(kept.is_some());
    });
}

#[test]
fn writes_in_the_queue_are_written_when_the_store_closes() {
    let dir = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let store = open(dir.path());
    slow_commits(&store);
    let polled = Arc::new(AtomicU64::new(0));
    for n in 1..=20 {
        let (store, polled) = (store.clone(), Arc::clone(&polled));
        runtime.spawn(async move {
            let write = store.write(move |tx| begin(tx, n));
            polled.fetch_add(1, Ordering::SeqCst);
            write.await
        });
    }
    while polled.load(Ordering::SeqCst) < 20 {
        std::thread::yield_now();
    }
    drop(runtime);
    drop(store);
    let store = open(dir.path());
    let all = store
        .read_inline(|view| view.journals(crate::store::JournalKind::Case))
        .unwrap();
    assert_eq!(all.len(), 20);
}

#[test]
fn reads_run_beside_a_write_and_see_only_what_is_committed() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    runtime().block_on(async {
        let (in_job, wait) = std::sync::mpsc::channel();
        let (go_on, told) = std::sync::mpsc::channel();
        let writing = store.clone();
        let write = tokio::spawn(async move {
            let work = move |tx: &mut dyn crate::store::Tx| {
                begin(tx, 1)?;
                in_job.send(()).unwrap();
                told.recv().unwrap();
                Ok::<(), StoreError>(())
            };
            writing.write(work).await
        });
        wait.recv().unwrap();
        assert!(
            store
                .read(|view| view.journal(id(1)))
                .await
                .unwrap()
                .is_none()
        );
        go_on.send(()).unwrap();
        write.await.unwrap().unwrap();
        assert!(
            store
                .read(|view| view.journal(id(1)))
                .await
                .unwrap()
                .is_some()
        );
    });
}

#[test]
fn a_read_with_a_bug_is_answered_and_the_reader_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    runtime().block_on(async {
        for _ in 0..5 {
            let answer = store
                .read(|view| -> Result<(), StoreError> {
                    view.head(id(1))?;
                    panic!("a bug, on purpose");
                })
                .await;
            assert_eq!(answer, Err(StoreError::Panicked));
        }
        assert_eq!(store.read(|view| view.head(id(1))).await.unwrap().seq, 0);
    });
}

/// Runs `child` in a process of its own, told where to die; gives what it printed.
fn die_at(point: &str, dir: &std::path::Path) -> String {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "store::sqlite::tests::threads::child",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .env("HENHOUSE_KILL_AT", point)
        .env("HENHOUSE_TEST_DIR", dir)
        .output()
        .unwrap();
    assert!(!output.status.success(), "it was to die at {point}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
#[ignore = "the child of the test below"]
fn child() {
    let dir = std::env::var("HENHOUSE_TEST_DIR").unwrap();
    let store = open(dir.as_ref());
    runtime().block_on(async {
        store.write(|tx| begin(tx, 1)).await.unwrap();
        loop {
            let seq = store.write(|tx| add(tx, 1, 10)).await.unwrap();
            println!("told {seq}.");
        }
    });
}

#[test]
fn a_process_killed_around_its_commit_loses_nothing_that_was_told() {
    for (point, told, kept) in [("before_commit:5", 3, 3), ("after_commit:5", 3, 4)] {
        let dir = tempfile::tempdir().unwrap();
        let printed = die_at(point, dir.path());
        assert!(
            printed.contains(&format!("told {told}.")),
            "{point}: {printed}"
        );
        assert!(
            !printed.contains(&format!("told {}.", told + 1)),
            "{point}: {printed}"
        );
        let store = open(dir.path());
        assert_eq!(
            store.read_inline(|view| view.head(id(1))).unwrap().seq,
            kept,
            "{point}"
        );
    }
}
