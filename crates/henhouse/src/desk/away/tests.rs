//! A store whose commits fail, and a spool beside it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failed unwrap is the test's failure"
)]

use std::net::IpAddr;
use std::path::Path;

use procedure::{Actor, How, Who};
use serde_json::json;

use crate::desk::{Answered, Desk, DeskError, OneUse, OpenReport, Press, Stands};
use crate::founding;
use crate::ids::Ids;
use crate::store::{
    AttemptOutcome, FaultPoint, JournalId, JournalKind, Lane, Lease, OutboxState, Store,
    StoreError, Try,
};
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

/// Nothing can be read either, as behind a start.
fn is_not_there(store: &Store) {
    let gone = || Some(StoreError::Away("nobody answers".to_owned()));
    store.fault().set(move |_| gone());
}

/// Another process over the same store, on that folder, whose way to the store is cut.
async fn start_without_store(stage: &Stage, folder: &Path) -> (Desk, Store) {
    let inner = &stage.app.desk.inner;
    let (store, clock) = stage.app.desk.store_and_clock();
    let Store::Memory(memory) = store else {
        panic!("the stage's store is in memory");
    };
    let store = Store::Memory(memory.beside());
    is_not_there(&store);
    let (root, site) = (inner.root.clone(), inner.site.clone());
    let desk = Desk::new(store.clone(), root, clock, Ids::seeded(98), site);
    desk.spool_here(&folder.join("spool")).await.unwrap();
    (desk, store)
}

fn report(text: &str) -> OpenReport {
    OpenReport {
        mailed: None,
        actor: Actor {
            who: Who::Reporter,
            how: How::Open,
        },
        project: Some("farm".to_owned()),
        report: serde_json::from_value(json!({ "text": text })).unwrap(),
        happened_at: None,
        once: None,
    }
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
    let link = link_from(&stage, "ann").await;
    come_back(&stage);
    let inner = &stage.app.desk.inner;
    let (store, clock) = stage.app.desk.store_and_clock();
    let (root, site) = (inner.root.clone(), inner.site.clone());
    let other = Desk::new(store, root, clock, Ids::seeded(99), site);
    let there = other
        .open_report(OpenReport {
            mailed: None,
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
    let pressed = stage.app.desk.press(&link, Press::Take).await.unwrap();
    let Answered::Known(called) = pressed else {
        panic!("its case is there");
    };
    assert_eq!((&*called.number, called.stands), ("HH-1", Stands::Yours));
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

/// Another node of the same store, with a spool of its own; its clones and the stage's node do not share troubles.
async fn another_node(stage: &Stage, folder: &Path) -> (Desk, Store) {
    let inner = &stage.app.desk.inner;
    let (store, clock) = stage.app.desk.store_and_clock();
    let Store::Memory(memory) = store else {
        panic!("the stage's store is in memory");
    };
    let store = Store::Memory(memory.beside());
    let (root, site) = (inner.root.clone(), inner.site.clone());
    let desk = Desk::new(store.clone(), root, clock, Ids::seeded(97), site);
    desk.spool_here(&folder.join("another")).await.unwrap();
    (desk, store)
}

/// The link in the page by which this node calls somebody while it is cut off.
async fn link_from(stage: &Stage, person: &str) -> String {
    let alone = stage.app.desk.without_database().unwrap();
    alone.page_link(person).await.unwrap()
}

#[tokio::test]
async fn a_tap_on_one_node_waits_for_the_report_that_waits_on_another() {
    let (stage, folder) = with_spool().await;
    let (there, _store) = another_node(&stage, folder.path()).await;
    go_away(&stage, false);
    let desk = &stage.app.desk;
    desk.open_report(report("fire")).await.unwrap();
    let link = link_from(&stage, "ann").await;
    let seen = there.called(&link).await.unwrap();
    assert!(matches!(seen, Answered::Noted(_)), "no dead link");
    let noted = there.press(&link, Press::Take).await.unwrap();
    assert!(matches!(noted, Answered::Noted(_)));
    for _ in 0..2 {
        assert_eq!(there.mind_the_spool().await.unwrap(), 0, "it waits");
    }
    come_back(&stage);
    assert_eq!(desk.mind_the_spool().await.unwrap(), 1);
    assert_eq!(there.mind_the_spool().await.unwrap(), 1);
    let boss = stage.token("boss", "admin").await;
    let case = stage.get("/api/v1/cases/HH-1", Some(&boss)).await.json();
    assert_eq!(case["ic"], "ann", "{case}");
}

async fn found_dairy(desk: &Desk) {
    let names = ("Dairy", "dairy", "DA");
    let founded = founding::found(desk, Actor::system(), names, "UTC", None).await;
    founded.unwrap();
}

#[tokio::test]
async fn a_node_knows_at_once_what_was_founded_on_it() {
    let (stage, folder) = with_spool().await;
    let (desk, store) = another_node(&stage, folder.path()).await;
    found_dairy(&desk).await;
    is_not_there(&store);
    let opened = OpenReport {
        mailed: None,
        project: Some("dairy".to_owned()),
        ..report("fire")
    };
    let opened = desk.open_report(opened).await.unwrap();
    assert!(opened.waits);
    let figures = desk.away_figures();
    assert_eq!((figures.waiting, figures.uncalled), (1, 0), "called for");
}

#[tokio::test]
async fn a_report_to_a_project_that_this_node_has_not_heard_of_is_kept_for_it() {
    let (stage, folder) = with_spool().await;
    let (desk, store) = another_node(&stage, folder.path()).await;
    is_not_there(&store);
    found_dairy(&stage.app.desk).await;
    let to_it = OpenReport {
        mailed: None,
        project: Some("dairy".to_owned()),
        ..report("fire")
    };
    let opened = desk.open_report(to_it).await.unwrap();
    assert!(opened.waits);
    let figures = desk.away_figures();
    assert_eq!(
        (figures.waiting, figures.uncalled),
        (1, 1),
        "it is said that nobody is called yet"
    );
    let seen = desk.receipt(&opened.receipt, None).await.unwrap();
    assert!(seen.waits && seen.public_numbers.is_empty());
    store.fault().clear();
    assert_eq!(desk.mind_the_spool().await.unwrap(), 1);
    let seen = desk.receipt(&opened.receipt, None).await.unwrap();
    assert_eq!((&*seen.number, seen.waits), ("DA-1", false));
}

#[tokio::test]
async fn a_node_that_starts_without_its_store_takes_reports_and_calls_people_by_its_copy() {
    let (stage, folder) = with_spool().await;
    let (desk, store) = start_without_store(&stage, folder.path()).await;
    assert!(desk.is_away());
    let opened = desk.open_report(report("fire")).await.unwrap();
    assert!(opened.waits && opened.number.starts_with("R-"));
    let alone = desk.without_database().unwrap();
    let pages = alone.inner.store.read_inline(|view| {
        let case = view.journals(JournalKind::Case)?[0].id;
        view.deliveries_of(case)
    });
    let pages: Result<Vec<_>, StoreError> = pages;
    assert!(
        pages.unwrap().iter().any(|row| row.lane == Lane::Urgent),
        "somebody is called"
    );
    // It dies, and starts again, and the store is still not there.
    drop((desk, alone));
    let (desk, _) = start_without_store(&stage, folder.path()).await;
    assert_eq!(desk.mind_the_spool().await.unwrap(), 0);
    let figures = desk.away_figures();
    assert_eq!(
        (figures.waiting, figures.uncalled),
        (1, 0),
        "called for anew"
    );
    store.fault().clear();
    let (other, _) = desk.store_and_clock();
    other.fault().clear();
    assert_eq!(desk.mind_the_spool().await.unwrap(), 1);
    assert_eq!(stage.report().await, "HH-2", "it was HH-1, once");
    let in_memory = desk
        .without_database()
        .unwrap()
        .inner
        .store
        .read_inline(|view| view.journals(JournalKind::Case));
    let in_memory: Result<Vec<_>, StoreError> = in_memory;
    assert!(in_memory.unwrap().is_empty(), "nothing stays behind");
}

#[tokio::test]
async fn a_copy_that_was_touched_is_not_used_and_without_one_nothing_is_served() {
    let (stage, folder) = with_spool().await;
    let copy = folder.path().join("spool/known");
    let whole = std::fs::read(&copy).unwrap();
    assert!(
        !whole.windows(4).any(|part| part == b"Farm"),
        "it is sealed"
    );
    let mut bytes = whole;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&copy, &bytes).unwrap();
    let inner = &stage.app.desk.inner;
    assert!(!crate::desk::has_copy(
        &folder.path().join("spool"),
        &inner.root
    ));
    let store = Store::memory();
    is_not_there(&store);
    let (root, site) = (inner.root.clone(), inner.site.clone());
    let desk = Desk::new(
        store,
        root,
        stage.app.desk.clock().clone(),
        Ids::seeded(97),
        site,
    );
    let refused = desk.spool_here(&folder.path().join("spool")).await;
    assert!(matches!(
        refused,
        Err(DeskError::Store(StoreError::Away(_)))
    ));
}

#[tokio::test]
async fn an_address_that_reports_without_end_has_its_share_and_others_find_room() {
    let (stage, _folder) = with_spool().await;
    go_away(&stage, false);
    let desk = &stage.app.desk;
    let flood: Option<IpAddr> = Some("192.0.2.7".parse().unwrap());
    let taken = 16 * (1 << 20) - 4_096;
    let away = desk.inner.away.get().unwrap();
    away.index().shares_mut().take(flood, taken);
    let long = "the coop is on fire ".repeat(300);
    let refused = desk.open_report_from(report(&long), flood).await;
    assert!(matches!(refused, Err(DeskError::ShareTaken)), "{refused:?}");
    let short = desk.open_report_from(report("one more"), flood).await;
    assert!(short.is_ok(), "what is short has still room: {short:?}");
    let neighbour = Some("192.0.2.8".parse().unwrap());
    let other = desk.open_report_from(report(&long), neighbour).await;
    assert!(other.is_ok(), "{other:?}");
    let said = crate::web::Problem::from(DeskError::ShareTaken);
    assert_eq!((said.status, said.retry_after), (503, Some(60)));
    assert!(said.detail.contains("telephone now"), "{}", said.detail);
    come_back(&stage);
    assert_eq!(desk.mind_the_spool().await.unwrap(), 2);
    let left = away.index().shares().has_room(flood, 4_096);
    assert!(left, "what was carried out is given back");
}

#[tokio::test]
async fn every_attempt_that_a_node_made_meanwhile_is_carried_into_the_store() {
    let (stage, _folder) = with_spool().await;
    go_away(&stage, false);
    let desk = &stage.app.desk;
    desk.open_report(report("fire")).await.unwrap();
    let alone = desk.without_database().unwrap();
    let now = alone.clock().wall();
    let attempt = |outcome, said: &str| Try {
        at: now,
        outcome,
        receipt: Some(said.to_owned()),
    };
    let lease = |tx: &mut dyn crate::store::Tx| {
        let leased = tx.lease_deliveries(Lane::Urgent, now, 1, Lease::LIMIT_SECONDS)?;
        Ok::<_, StoreError>(leased[0].clone())
    };
    let store = &alone.inner.store;
    let first = store.write_inline(lease).unwrap();
    let failed = attempt(AttemptOutcome::Failed, "451 try later");
    let notice = first.row.notice;
    let mut second = first;
    for _ in 0..7 {
        let fence = second.fence;
        store
            .write_inline(|tx| tx.reschedule(notice, fence, &failed, now))
            .unwrap();
        assert_eq!(desk.mind_the_spool().await.unwrap(), 0);
        second = store.write_inline(lease).unwrap();
        assert_eq!(second.row.notice, notice);
    }
    let away = desk.inner.away.get().unwrap();
    let kept = away.tries_for(second.row.journal.0).unwrap().len();
    assert_eq!(
        kept, 5,
        "a mail server that is away does not fill the spool"
    );
    let sent = attempt(AttemptOutcome::Sent, "250 taken");
    store
        .write_inline(|tx| tx.finish(notice, second.fence, &sent))
        .unwrap();
    come_back(&stage);
    assert_eq!(desk.mind_the_spool().await.unwrap(), 1);
    let row = desk.inner.store.read_inline(|view| {
        let row = view.delivery(notice)?.unwrap();
        Ok::<_, StoreError>((row.state, row.attempts, view.attempts(notice)?))
    });
    let (state, count, attempts) = row.unwrap();
    let said: Vec<_> = attempts
        .iter()
        .filter_map(|one| one.receipt.clone())
        .collect();
    assert_eq!((state, count), (OutboxState::Done, 8));
    assert_eq!(said[..7], ["451 try later"; 7]);
    assert_eq!(said[7], "250 taken");
    let checked = desk.verify(None).await.unwrap();
    assert_eq!(checked.findings, [""; 0]);
}

#[tokio::test]
async fn projects_that_were_put_back_in_the_store_are_learnt_anew() {
    let (stage, _folder) = with_spool().await;
    let desk = &stage.app.desk;
    let alone = desk.without_database().unwrap();
    let journals = |desk: &Desk| {
        let all = desk.inner.store.read_inline(|view| view.projects());
        let all: Result<Vec<_>, StoreError> = all;
        all.unwrap()
    };
    // As if the store had been put back to where it holds another end of this project.
    let id: JournalId = journals(&alone)[0].journal;
    alone.inner.store.let_go(id);
    let half = journals(&alone).len();
    assert_eq!(half, 1);
    desk.mind_the_spool().await.unwrap();
    assert_eq!(journals(&alone), journals(desk));
}

/// What outsiders read stays there; what nobody has looked at before cannot be said.
#[tokio::test]
async fn outsiders_read_what_stood_there_last_while_the_database_is_away() {
    let stage = Stage::new().await;
    stage.client("farm", "acme").await;
    let open = |project: &mut procedure::basis::Project, _: &mut procedure::project::Directory| {
        project.public_status = true;
        let ann = project.roster.iter_mut();
        let ann = ann.filter(|member| member.person.0 == "ann");
        ann.for_each(|ann| _ = ann.roles.insert(procedure::basis::Role::ProductOwner));
    };
    stage.change("farm", open).await;
    stage.report().await;
    let ann = stage.token("ann", "member").await;
    for command in [
        json!({ "command": "acknowledge" }),
        json!({ "command": "draft_customer_notice", "text": "Orders are late.", "to": ["acme"], "marking": "clear" }),
        json!({ "command": "approve_customer_notice", "notice": "N-1", "approve": true }),
        json!({ "command": "send_customer_notice", "notice": "N-1" }),
    ] {
        stage.command("HH-1", &ann, command).await;
    }
    let gone = "We cannot reach our records";
    let before = stage.get("/public/farm", None).await.text();
    assert!(
        before.contains("Orders are late.") && !before.contains(gone),
        "{before}"
    );
    let (store, clock) = stage.app.desk.store_and_clock();
    is_not_there(&store);
    clock.advance(std::time::Duration::from_secs(60)).unwrap();
    for page in ["/public/farm", "/public/farm/feed"] {
        let said = stage.get(page, None).await;
        assert_eq!(said.status, 200, "{page}: {}", said.text());
        assert!(said.text().contains("Orders are late."), "{}", said.text());
    }
    let html = stage.get("/public/farm", None).await.text();
    assert!(html.contains(gone) && html.contains("03:0"), "{html}");
    assert_eq!(stage.get("/public/barn", None).await.status, 503);
    come_back(&stage);
    let html = stage.get("/public/farm", None).await.text();
    assert!(
        html.contains("Orders are late.") && !html.contains(gone),
        "{html}"
    );
}
