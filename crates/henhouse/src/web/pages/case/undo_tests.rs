//! What was just done is undone by its opposite, as somebody does it who has a browser and no script.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use super::ACTS;
use crate::report::forms;
use crate::web::stage::{Said, Stage, bytes};

/// Somebody at the page of the case.
struct Hand<'a> {
    stage: &'a Stage,
    token: String,
}

impl Hand<'_> {
    async fn send(&self, path: &str, body: &str) -> Said {
        let bearer = format!("Bearer {}", self.token);
        let asking = bytes(path, body.as_bytes());
        self.stage.send(asking.with("authorization", &bearer)).await
    }

    /// Does something, and answers the entry that can be undone.
    async fn does(&self, path: &str, body: &str) -> Option<String> {
        let said = self.send(path, body).await;
        assert_eq!(said.status, 303, "{}", said.text());
        // A browser keeps the place on the page to itself.
        let there = said.header("location").split('#').next()?;
        let html = self.stage.get(there, Some(&self.token)).await.text();
        let (_, rest) = there.split_once("&undo=")?;
        let seq = rest.to_owned();
        let button =
            format!("name=\"undo\" value=\"{seq}\"><button class=\"second\" data-key=\"u\">");
        assert!(html.contains(&button), "{html}");
        Some(seq)
    }

    async fn undo(&self, seq: &str) -> Said {
        self.send("/cases/HH-1", &format!("undo={seq}")).await
    }

    async fn undone(&self, seq: &str) {
        let said = self.undo(seq).await;
        let there = said.header("location").to_owned();
        assert_eq!(there, "/cases/HH-1?said=undone#timeline", "{}", said.text());
        let html = self.stage.get(&there, Some(&self.token)).await.text();
        assert!(
            html.contains("Undone. Both stand in the timeline."),
            "{html}"
        );
    }
}

#[tokio::test]
async fn what_one_has_just_done_is_undone_by_an_entry_of_its_own() {
    let stage = Stage::new().await;
    stage.report().await;
    let ann = Hand {
        stage: &stage,
        token: stage.token("ann", "member").await,
    };
    let bob = Hand {
        stage: &stage,
        token: stage.token("bob", "member").await,
    };
    let case = async || {
        stage
            .get("/api/v1/cases/HH-1", Some(&ann.token))
            .await
            .json()
    };
    let at = "/cases/HH-1";
    assert_eq!(
        ann.does(at, "act=take").await,
        None,
        "taking it has no opposite"
    );

    let note = ann.does(at, "act=note&text=the+goat").await.unwrap();
    let not_his = bob.undo(&note).await;
    assert_eq!(not_his.status, 409, "{}", not_his.text());
    assert!(
        not_his.text().contains("Only what you have done yourself"),
        "{}",
        not_his.text()
    );
    let before = case().await["seq"].as_u64().unwrap();
    ann.undone(&note).await;
    assert_eq!(case().await["seq"], before + 1, "nothing is taken away");
    let html = stage
        .get(&format!("{at}/timeline"), Some(&ann.token))
        .await
        .text();
    assert!(
        html.contains("the goat") && html.contains("it was a slip"),
        "{html}"
    );

    let lead = ann
        .does(at, "act=note&text=!Paw+prints+@ann")
        .await
        .unwrap();
    ann.undone(&lead).await;
    let twice = ann.undo(&lead).await;
    assert!(twice.status >= 400, "once only: {}", twice.text());
    let set = "/cases/HH-1/acts/set_severity";
    assert_eq!(
        ann.does(set, "severity=medium").await,
        None,
        "nobody had said"
    );
    let high = ann.does(set, "severity=high").await.unwrap();
    ann.undone(&high).await;
    let now = case().await;
    assert_eq!(now["severity"], "medium", "{now}");

    let late = ann.does(at, "act=note&text=the+cow").await.unwrap();
    let step = std::time::Duration::from_secs(660);
    stage.app.desk.clock().advance(step).unwrap();
    let said = ann.undo(&late).await;
    assert!(said.text().contains("too long ago"), "{}", said.text());
    for odd in ["0", "1", "x", "999"] {
        assert_eq!(ann.undo(odd).await.status, 409, "{odd}");
    }
}

#[test]
fn every_act_with_an_opposite_is_an_act() {
    for (act, _) in ACTS {
        assert!(forms::find(act).is_some() || act == "add_note", "{act}");
    }
}
