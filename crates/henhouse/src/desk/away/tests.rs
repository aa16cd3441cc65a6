//! A store whose commits fail, and a spool beside it.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use procedure::{Actor, How, Who};
use serde_json::json;

use crate::desk::{Desk, OneUse, OpenReport};
use crate::ids::Ids;
use crate::store::{FaultPoint, StoreError};
use crate::web::stage::Stage;

/// Commits fail as if the database were away; with `late` they are made all the same and only their answer is lost.
fn go_away(stage: &Stage, late: bool) {
    let point = if late {
        FaultPoint::AfterCommit
    } else {
        FaultPoint::BeforeCommit
    };
    let (store, _) = stage.app.desk.store_and_clock();
    store
        .fault()
        .set(move |at| (at == point).then_some(StoreError::Unknown));
}

fn come_back(stage: &Stage) {
    let (store, _) = stage.app.desk.store_and_clock();
    store.fault().clear();
}

async fn with_spool() -> (Stage, tempfile::TempDir) {
    let (stage, folder) = (Stage::new().await, tempfile::tempdir().unwrap());
    let spool = folder.path().join("spool");
    stage.app.desk.spool_into(&spool).await.unwrap();
    (stage, folder)
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_is_one_case_and_not_two() {
    let (stage, _folder) = with_spool().await;
    go_away(&stage, true);
    let report = json!({ "text": "fire", "project": "farm" });
    let said = stage.post("/api/v1/reports", None, report).await;
    assert_eq!(said.status, 202, "{}", said.text());
    come_back(&stage);
    assert_eq!(stage.app.desk.mind_the_spool().await.unwrap(), 1);
    let receipt = said.json()["api_receipt"].as_str().unwrap().to_owned();
    let path = receipt
        .trim_start_matches("http://localhost:8400")
        .to_owned();
    let stands = stage.get(&path, None).await.json();
    assert_eq!(
        (&stands["number"], &stands["waits"]),
        (&json!("HH-1"), &json!(false))
    );
    assert_eq!(stage.report().await, "HH-2", "nothing else was opened");
}

#[tokio::test]
async fn the_ten_minutes_begin_when_the_report_was_kept() {
    let (stage, _folder) = with_spool().await;
    go_away(&stage, false);
    let report = json!({ "text": "fire", "project": "farm" });
    let said = stage.post("/api/v1/reports", None, report).await;
    assert_eq!(said.status, 202, "{}", said.text());
    let minutes = std::time::Duration::from_secs(180);
    stage.app.desk.clock().advance(minutes).unwrap();
    assert_eq!(stage.app.desk.mind_the_spool().await.unwrap(), 0);
    come_back(&stage);
    assert_eq!(stage.app.desk.mind_the_spool().await.unwrap(), 1);
    let dee = stage.token("dee", "member").await;
    let case = stage.get("/api/v1/cases/HH-1", Some(&dee)).await.json();
    assert_eq!(case["opened_at"], "2026-03-02T03:00:00Z", "{case}");
    // The number of the receipt leads to it as well, for whoever may see it and nobody else.
    let receipt = said.json()["number"].as_str().unwrap().to_owned();
    let at = format!("/api/v1/cases/{}", receipt.to_lowercase());
    let found = stage.get(&at, Some(&dee)).await.json();
    assert_eq!(found["number"], "HH-1", "{receipt}: {found}");
    let page = stage.get(&format!("/cases/{receipt}"), None).await;
    assert_eq!(page.status, 303, "a stranger signs in first");
    assert_eq!(
        stage.get("/api/v1/cases/R-0000-1", Some(&dee)).await.status,
        404
    );
    assert_eq!(stage.app.desk.away_figures().waiting, 0);
}

#[tokio::test]
async fn the_same_key_on_two_nodes_is_one_case_and_both_receipts_lead_to_it() {
    let (stage, _folder) = with_spool().await;
    let body = json!({ "text": "fire", "project": "farm" });
    let request = stage.request("POST", "/api/v1/reports", None, Some(body));
    let request = request.with("idempotency-key", "0123456789abcdef");
    go_away(&stage, false);
    let here = stage.send(request).await.json();
    come_back(&stage);
    let inner = &stage.app.desk.inner;
    let (store, clock) = stage.app.desk.store_and_clock();
    let (root, site) = (inner.root.clone(), inner.site.clone());
    let other = Desk::new(store, root, clock, Ids::seeded(99), site);
    let there = other
        .open_report(OpenReport {
            actor: Actor {
                who: Who::Reporter,
                how: How::Open,
            },
            project: Some("farm".to_owned()),
            report: serde_json::from_value(json!({ "text": "fire" })).unwrap(),
            happened_at: None,
            once: Some(OneUse {
                actor: "open".to_owned(),
                key: "0123456789abcdef".to_owned(),
            }),
        })
        .await
        .unwrap();
    assert_eq!(there.number, "HH-1");
    assert_eq!(stage.app.desk.mind_the_spool().await.unwrap(), 1);
    let receipt = here["api_receipt"].as_str().unwrap();
    let path = receipt.trim_start_matches("http://localhost:8400");
    let stands = stage.get(path, None).await.json();
    assert_eq!(
        (&stands["number"], &stands["waits"]),
        (&json!("HH-1"), &json!(false))
    );
    assert_eq!(stage.report().await, "HH-2", "nothing else was opened");
}

#[tokio::test]
async fn one_key_of_two_people_is_two_reports_while_the_database_is_away_and_each_ones_own_afterwards()
 {
    let (stage, _folder) = with_spool().await;
    let (ann, bob) = (
        stage.token("ann", "member").await,
        stage.token("bob", "member").await,
    );
    let report = async |token: &str, text: &str| {
        let body = json!({ "text": text, "project": "farm" });
        let request = stage.request("POST", "/api/v1/reports", Some(token), Some(body));
        let said = stage
            .send(request.with("idempotency-key", "0123456789abcdef"))
            .await;
        (
            said.status,
            said.json()["number"].as_str().map(str::to_owned),
        )
    };
    go_away(&stage, false);
    let first = json!({ "text": "smoke", "project": "farm" });
    let said = stage.post("/api/v1/reports", None, first).await;
    assert_eq!(said.status, 202, "{}", said.text());
    let (hers, his) = (report(&ann, "fire").await, report(&bob, "flood").await);
    assert_eq!(
        (hers.0, his.0),
        (202, 202),
        "nobody is told of another's key"
    );
    assert_ne!(hers.1, his.1);
    assert_eq!(report(&ann, "fire").await, hers, "the same again");
    come_back(&stage);
    assert_eq!(stage.app.desk.mind_the_spool().await.unwrap(), 3);
    assert_eq!(report(&ann, "fire").await, (201, Some("HH-2".to_owned())));
    assert_eq!(report(&bob, "flood").await, (201, Some("HH-3".to_owned())));
    assert_eq!(stage.report().await, "HH-4", "nothing else was opened");
}
