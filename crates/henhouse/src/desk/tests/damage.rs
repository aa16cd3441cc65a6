//! A case that does not hold: time goes on for the others, and is not wasted on it.

use std::time::Duration;

use super::*;
use crate::store::Tx;

impl Scene {
    /// The journals of the cases, oldest first.
    fn cases(&self) -> Vec<JournalId> {
        let store = &self.desk.inner.store;
        let rows = store.read_inline(|view| view.journals(crate::store::JournalKind::Case));
        rows.unwrap_or_else(|error: StoreError| panic!("{error}"))
            .into_iter()
            .map(|row| row.id)
            .collect()
    }

    /// Puts another key in the place of a case's; answers the one that fits.
    fn spoil(&self, id: JournalId, key: Vec<u8>) -> Vec<u8> {
        let swap = move |tx: &mut dyn Tx| {
            let fits = tx.journal_key(id)?;
            tx.put_journal_key(id, &key)?;
            Ok::<_, StoreError>(fits)
        };
        let fits = self.desk.inner.store.write_inline(swap);
        fits.unwrap().unwrap()
    }
}

#[tokio::test]
async fn a_damaged_case_is_left_alone_for_a_while_and_the_others_go_on() {
    let scene = scene().await;
    scene.report("The chickens are escaping").await;
    scene.report("The disk is full").await;
    let damaged = scene.cases()[0];
    let key = scene.spoil(damaged, b"no key".to_vec());
    let (desk, clock) = (&scene.desk, scene.desk.clock());
    clock.set(desk.next_wake().await.unwrap().unwrap()).unwrap();
    assert_eq!(desk.pulse().await.unwrap(), 1, "the sound one");
    let mut wait = Duration::from_secs(1);
    for _ in 0..3 {
        assert_eq!(desk.next_retry(), Some(wait));
        let wake = desk.next_wake().await.unwrap();
        assert!(wake.is_none_or(|at| at > desk.now()), "the waker sleeps");
        assert_eq!(desk.pulse().await.unwrap(), 0);
        assert_eq!(desk.next_retry(), Some(wait), "it was not tried again");
        clock.advance(wait).unwrap();
        assert_eq!(desk.pulse().await.unwrap(), 0, "tried, in vain");
        wait *= 2;
    }
    scene.spoil(damaged, key);
    clock.advance(wait).unwrap();
    assert_eq!(desk.pulse().await.unwrap(), 1, "repaired");
    assert_eq!(desk.next_retry(), None);
}

#[tokio::test]
async fn a_drill_moves_on_past_a_damaged_case() {
    let scene = scene().await;
    scene.report("The chickens are escaping").await;
    scene.spoil(scene.cases()[0], b"no key".to_vec());
    let to: Timestamp = "2026-03-02T03:16:00Z".parse().unwrap();
    let there = scene.desk.advance(to, || std::future::ready(())).await;
    assert_eq!(there.unwrap(), to);
}
