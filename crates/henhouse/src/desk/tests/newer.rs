//! A journal to which a newer version has written what this one does not know.

use casefile::chain::Chain;
use serde_json::Value;

use super::*;
use crate::desk::journal::{self, Saying};
use crate::store::JournalKind;

impl Scene {
    /// The next version writes to the first journal of that kind.
    fn written_by_the_next_version(&self, kind: JournalKind) {
        self.writes(kind, "fox_seen", json!({ "by": "ann" }));
    }

    fn writes(&self, kind: JournalKind, what: &str, body: Value) {
        let inner = &self.desk.inner;
        let written: Result<()> = inner.store.write_inline(|tx| {
            let id = tx.journals(kind)?[0].id;
            let key = journal::key(tx, &inner.root, id)?;
            let mut chain = Chain::new(id.0);
            journal::read(tx, &key, &mut chain, |_| Ok(()))?;
            let saying = Saying {
                actor: serde_json::to_value(Actor::system()).unwrap(),
                happened_at: Value::Null,
                kind: what.to_owned(),
                body: body.clone(),
            };
            let now = inner.clock.now();
            journal::append(tx, &key, &inner.ids, &mut chain, now, saying).map(drop)
        });
        written.unwrap();
    }
}

#[tokio::test]
async fn what_a_newer_version_wrote_is_left_to_it_and_is_no_damage() {
    let scene = scene().await;
    scene.report("The chickens are escaping").await;
    scene.written_by_the_next_version(JournalKind::Case);
    let (desk, clock) = (&scene.desk, scene.desk.clock());
    let seen = desk.case(&onlooker("ann"), &"HH-1".parse().unwrap()).await;
    let refused = seen.err();
    assert!(matches!(refused, Some(DeskError::Newer(_))), "{refused:?}");
    clock.set(desk.next_wake().await.unwrap().unwrap()).unwrap();
    assert_eq!(desk.pulse().await.unwrap(), 0, "time is left to it too");
    assert_eq!((desk.damaged(), desk.raise_alarms().await.unwrap()), (0, 0));
    let checked = desk.verify(None).await.unwrap();
    assert_eq!(checked.verdict, Verified::Newer);
    assert_eq!(checked.findings.len(), 1, "{checked:?}");
    assert_eq!(scene.report("The disk is full").await.number, "HH-2");
}

#[tokio::test]
async fn a_new_word_in_a_kind_that_is_known_is_newer_and_a_body_that_is_none_is_damage() {
    let noted = |step: &str| json!({ "source": "s", "alert": "a", "step": step, "times": 1 });
    for (body, newer) in [(noted("flew"), true), (json!({ "step": "over" }), false)] {
        let scene = scene().await;
        scene.report("The chickens are escaping").await;
        scene.writes(JournalKind::Case, "alert_noted", body);
        let (ann, number) = (onlooker("ann"), "HH-1".parse().unwrap());
        let refused = scene.desk.case(&ann, &number).await.err();
        assert_eq!(
            matches!(refused, Some(DeskError::Newer(_))),
            newer,
            "{refused:?}"
        );
        assert_eq!(
            matches!(refused, Some(DeskError::Damaged(_))),
            !newer,
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn a_project_that_a_newer_version_has_changed_takes_reports() {
    let scene = scene().await;
    scene.written_by_the_next_version(JournalKind::Project);
    let desk = &scene.another_desk();
    let opened = scene.report("The chickens are escaping").await;
    assert_eq!(opened.number, "HH-1");
    assert_eq!(scene.queued().await, ["ann"], "and somebody is called");
    let id = desk.find_project(None).await.unwrap().journal;
    assert!(matches!(desk.project(id).await, Err(DeskError::Newer(_))));
    desk.look_over().await.unwrap();
    assert_eq!(desk.damaged(), 0);
    let checked = desk.verify(None).await.unwrap();
    assert_eq!(checked.verdict, Verified::Newer, "{checked:?}");
}
