//! The auditor finds what the waker and the outbox left lying, and arms what would never have woken.

use jiff::SignedDuration;

use super::*;
use crate::desk::Lag;
use crate::store::Tx;

#[tokio::test]
async fn what_stands_still_is_found() {
    let scene = scene().await;
    let desk = &scene.desk;
    scene.report("The chickens are escaping").await;
    assert_eq!(desk.audit().await.unwrap(), Lag::default());
    assert_eq!(desk.lag().troubles(), Vec::<String>::new());
    let due = desk.next_wake().await.unwrap().unwrap();
    desk.clock()
        .set(due + SignedDuration::from_secs(90))
        .unwrap();
    let lag = desk.audit().await.unwrap();
    assert_eq!(lag.wake, SignedDuration::from_secs(90), "nobody woke it");
    assert!(lag.page > lag.wake, "nobody sent the page: {lag:?}");
    let said = desk.lag().troubles();
    assert!(said[0].starts_with("time is late: "), "{said:?}");
    assert!(said[1].starts_with("pages wait: "), "{said:?}");
    desk.pulse().await.unwrap();
    assert_eq!(desk.audit().await.unwrap().wake, SignedDuration::ZERO);
}

#[tokio::test]
async fn a_case_without_its_wake_is_told_and_armed_again() {
    let scene = scene().await;
    let desk = &scene.desk;
    scene.report("The chickens are escaping").await;
    let due = desk.next_wake().await.unwrap();
    let lose = |tx: &mut dyn Tx| {
        let id = tx.journals(crate::store::JournalKind::Case)?[0].id;
        let mut row = tx.case(id)?.unwrap();
        row.next_wake = None;
        tx.put_index(&row)
    };
    desk.inner.store.write_inline(lose).unwrap();
    assert_eq!(desk.next_wake().await.unwrap(), None);
    let lag = desk.audit().await.unwrap();
    assert_eq!(lag.unarmed, 1);
    assert_eq!(lag.troubles().len(), 1);
    assert_eq!(desk.next_wake().await.unwrap(), due);
    assert_eq!(desk.audit().await.unwrap().unarmed, 0);
}
