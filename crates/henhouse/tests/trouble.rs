//! What goes wrong around the program: a disk that is full, a directory that somebody else holds, a
//! byte that was flipped. A clear answer, nothing lost, and the rest goes on.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod served;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use henhouse::desk::{DeskError, Verified};
use henhouse::serve::{Door, Installation};
use henhouse::store::{FaultPoint, SqliteOptions, Store, StoreError};
use henhouse::web;
use rusqlite::Connection;
use serde_json::{Value, json};
use tokio::sync::watch;
use tower::ServiceExt as _;

struct House {
    installation: Installation,
    router: Router,
}

impl House {
    async fn open(data: &Path) -> Self {
        let installation = Installation::open(data, "http://localhost:8400", false, None).await;
        let installation = installation.unwrap();
        installation.found("UTC").await.unwrap();
        let router = web::faces(&installation, watch::channel(false).1, Door::Local);
        Self {
            installation,
            router,
        }
    }

    async fn ask(&self, method: &str, path: &str, body: Value) -> (u16, String, Value) {
        let body = if body.is_null() {
            Body::empty()
        } else {
            Body::from(body.to_string())
        };
        let request = Request::builder().method(method).uri(path);
        let asked = self.router.clone().oneshot(request.body(body).unwrap());
        let (parts, body) = asked.await.unwrap().into_parts();
        let wait = parts.headers.get("retry-after");
        let wait = wait.map_or("", |wait| wait.to_str().unwrap()).to_owned();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let said = serde_json::from_slice(&bytes).unwrap_or_default();
        (parts.status.as_u16(), wait, said)
    }

    async fn report(&self) -> (u16, String, Value) {
        let report = json!({ "text": "The chickens are escaping" });
        self.ask("POST", "/api/v1/reports", report).await
    }

    /// A report that brings a file, which becomes the exhibit E-1.
    async fn report_with(&self, file: &Value) {
        let part = "--cut\r\nContent-Disposition: form-data; name=";
        let body = format!(
            "{part}\"text\"\r\n\r\nThe chickens are escaping\r\n{part}\"words_end\"\r\n\r\n1\r\n\
             {part}\"file\"; filename=\"a.log\"\r\n\r\n{file}\r\n--cut--\r\n"
        );
        let request = Request::post("/report")
            .header("content-type", "multipart/form-data; boundary=cut")
            .body(Body::from(body));
        let asked = self.router.clone().oneshot(request.unwrap());
        assert_eq!(asked.await.unwrap().status().as_u16(), 303);
        let got = self.get("/api/v1/cases/HH-1/exhibits/E-1").await;
        assert_eq!(got, (200, file.clone()));
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        let (status, _, said) = self.ask("GET", path, Value::Null).await;
        (status, said)
    }

    async fn verify(&self) -> String {
        let (_, _, said) = self.ask("POST", "/api/v1/admin/verify", json!({})).await;
        said.to_string()
    }
}

#[tokio::test]
async fn a_full_disk_is_said_nothing_is_lost_and_it_goes_on_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let (status, _, said) = house.report().await;
    assert_eq!(status, 201);
    let number = said["number"].as_str().unwrap().to_owned();
    let (store, _) = house.installation.desk.store_and_clock();
    let full = |point| (point == FaultPoint::BeforeCommit).then_some(StoreError::Full);
    store.fault().set(full);
    let (status, wait, said) = house.report().await;
    assert_eq!((status, wait.as_str()), (503, "30"), "{said}");
    assert_eq!(said["type"], "/problems/unavailable");
    let detail = said["detail"].as_str().unwrap();
    assert!(
        detail.contains("nothing was written") && detail.contains("Telephone"),
        "{detail}"
    );
    let command = json!({ "command": "add_details", "text": "more" });
    let at = format!("/api/v1/cases/{number}/commands");
    assert_eq!(house.ask("POST", &at, command).await.0, 503);
    let (status, _) = house.get("/api/v1/cases").await;
    assert_eq!(status, 200, "reading goes on");
    let before = house.get(&format!("/api/v1/cases/{number}")).await.1["seq"].clone();
    store.fault().clear();
    let (status, _, said) = house.report().await;
    assert_eq!(status, 201, "without a restart: {said}");
    assert!(
        said["number"].as_str().unwrap().ends_with("-2"),
        "no number was lost: {said}"
    );
    assert_eq!(
        house.get(&format!("/api/v1/cases/{number}")).await.1["seq"],
        before
    );
    assert!(!house.verify().await.contains("tampered"));
}

#[tokio::test]
async fn a_directory_in_use_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let second = Installation::open(folder.path(), "http://localhost:8401", false, None).await;
    let error = second.err().unwrap().to_string();
    assert!(error.contains("in use"), "{error}");
    assert!(error.contains(folder.path().to_str().unwrap()), "{error}");
    assert_eq!(house.report().await.0, 201, "the first one goes on");
}

/// Flips a byte of an entry of the oldest journal of a kind, as a bad disk would, leaving every wall of the schema in
/// place.
fn flip(data: &Path, kind: &str, seq: u32) {
    let conn = Connection::open(data.join("henhouse.db")).unwrap();
    let wall = "SELECT sql FROM sqlite_schema WHERE name = 'entry_is_fixed'";
    let wall: String = conn.query_row(wall, [], |row| row.get(0)).unwrap();
    conn.execute_batch("DROP TRIGGER entry_is_fixed").unwrap();
    let oldest = "SELECT e.journal FROM entry e JOIN journal j ON j.id = e.journal
        WHERE j.kind = ?1 ORDER BY e.position LIMIT 1";
    let journal: Vec<u8> = conn.query_row(oldest, [kind], |row| row.get(0)).unwrap();
    let find = "SELECT bytes FROM entry WHERE journal = ?1 AND seq = ?2";
    let mut bytes: Vec<u8> = conn
        .query_row(find, (&journal, seq), |row| row.get(0))
        .unwrap();
    let place = bytes.len() / 2;
    bytes[place] ^= 1;
    let change = "UPDATE entry SET bytes = ?3 WHERE journal = ?1 AND seq = ?2";
    conn.execute(change, (&journal, seq, &bytes)).unwrap();
    conn.execute_batch(&wall).unwrap();
}

#[tokio::test]
async fn a_case_with_a_flipped_byte_is_not_served_and_the_entry_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let mut numbers = Vec::new();
    for _ in 0..2 {
        let (status, _, said) = house.report().await;
        assert_eq!(status, 201, "{said}");
        numbers.push(said["number"].as_str().unwrap().to_owned());
    }
    drop(house);
    flip(folder.path(), "case", 2);
    let house = House::open(folder.path()).await;
    for part in ["", "/agenda", "/journal", "/conformance", "/metrics"] {
        let (status, said) = house
            .get(&format!("/api/v1/cases/{}{part}", numbers[0]))
            .await;
        assert_eq!(
            (status, said["type"].as_str()),
            (500, Some("/problems/damaged")),
            "{part}: {said}"
        );
        let detail = said["detail"].as_str().unwrap();
        assert!(detail.contains("entry 2"), "{detail}");
    }
    let command = json!({ "command": "add_details", "text": "more" });
    let at = format!("/api/v1/cases/{}/commands", numbers[0]);
    let (status, ..) = house.ask("POST", &at, command).await;
    assert_eq!(status, 500, "nothing is written behind what does not hold");
    assert_eq!(
        house.get(&format!("/api/v1/cases/{}", numbers[1])).await.0,
        200
    );
    assert_eq!(house.report().await.0, 201);
    for path in ["/api/v1/cases", "/api/v1/now", "/api/v1/search?q=chickens"] {
        assert_eq!(house.get(path).await.0, 200, "{path}");
    }
    house.installation.desk.pulse().await.unwrap();
    let found = house.verify().await;
    assert!(
        found.contains("tampered") && found.contains("entry 2"),
        "{found}"
    );
    let rebuilt = house.installation.desk.rebuild().await;
    assert!(
        matches!(rebuilt, Err(DeskError::Damaged(_))),
        "an index is not made of it"
    );
    assert_eq!(
        house.get(&format!("/api/v1/cases/{}", numbers[1])).await.0,
        200
    );
}

impl House {
    /// Ann on the contact sheet, and an admin, both with an address.
    async fn staff(&self) {
        let (_, mut main) = self.get("/api/v1/projects/main").await;
        main["project"]["roster"] =
            json!([{ "person": "ann", "roles": ["responder"], "has_mail": true }]);
        main["directory"]["people"]["ann"] = json!({ "name": "Ann", "mail": "ann@example.org" });
        let revision = main["project"]["revision"].to_string();
        let body = json!({ "project": main["project"], "directory": main["directory"] });
        let request = Request::put("/api/v1/projects/main")
            .header("if-match", format!("\"{revision}\""))
            .body(Body::from(body.to_string()));
        let asked = self.router.clone().oneshot(request.unwrap());
        assert_eq!(asked.await.unwrap().status().as_u16(), 200);
        let boss = json!({ "login": "boss", "name": "Boss", "role": "admin", "email": "boss@example.org" });
        assert_eq!(self.ask("POST", "/api/v1/accounts", boss).await.0, 201);
    }

    async fn probe(&self) -> String {
        let request = Request::get("/readyz").body(Body::empty()).unwrap();
        let said = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(
            said.status().as_u16(),
            200,
            "whoever is turned away reports nothing"
        );
        let bytes = to_bytes(said.into_body(), usize::MAX).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    /// Who waits in the outbox for a mail because of this case, or of the installation's journal.
    fn waiting(&self, data: &Path, kind: &str) -> Vec<String> {
        let conn = Connection::open(data.join("henhouse.db")).unwrap();
        let waiting = "SELECT o.person FROM outbox o JOIN journal j ON j.id = o.journal
            WHERE j.kind = ?1 AND o.state = 'queued' AND o.person IS NOT NULL ORDER BY o.rowid";
        let mut waiting = conn.prepare(waiting).unwrap();
        let rows = waiting.query_map([kind], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }
}

/// How many entries the first project's journal has once it is staffed.
const PROJECT_ENTRIES: u32 = 4;

#[tokio::test]
async fn a_damaged_project_still_takes_reports_and_calls_somebody_and_the_admins_hear_of_it() {
    for damaged in 1..=PROJECT_ENTRIES + 1 {
        let folder = tempfile::tempdir().unwrap();
        let house = House::open(folder.path()).await;
        house.staff().await;
        assert_eq!(house.probe().await, "ready\n");
        drop(house);
        if damaged <= PROJECT_ENTRIES {
            flip(folder.path(), "project", damaged);
        } else {
            let key = "DELETE FROM journal_key WHERE journal = (SELECT id FROM journal WHERE kind = 'project')";
            behind(folder.path(), key);
        }
        let house = House::open(folder.path()).await;
        for n in 1..=2 {
            let (status, _, said) = house.report().await;
            assert_eq!(status, 201, "entry {damaged}, report {n}: {said}");
        }
        let called = house.waiting(folder.path(), "case");
        let somebody = if damaged < PROJECT_ENTRIES {
            "ann"
        } else {
            "boss"
        };
        assert_eq!(called, [somebody, somebody], "entry {damaged}");
        let command = json!({ "command": "add_details", "text": "more" });
        let at = "/api/v1/cases/HH-1/commands";
        assert_eq!(
            house.ask("POST", at, command).await.0,
            200,
            "entry {damaged}"
        );
        let said = house.probe().await;
        assert!(said.contains("project main is damaged: "), "{said}");
        assert_eq!(house.get("/api/v1/projects/main").await.0, 500);
        let desk = &house.installation.desk;
        assert_eq!(desk.raise_alarms().await.unwrap(), 1);
        assert_eq!(desk.raise_alarms().await.unwrap(), 0, "told once");
        assert_eq!(house.waiting(folder.path(), "installation"), ["boss"]);
    }
}

#[tokio::test]
async fn a_damaged_record_of_the_installation_is_told_and_everything_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    house.staff().await;
    drop(house);
    flip(folder.path(), "installation", 1);
    let house = House::open(folder.path()).await;
    let desk = &house.installation.desk;
    desk.look_over().await.unwrap();
    let said = house.probe().await;
    assert!(said.contains("accounts and tokens is damaged"), "{said}");
    assert_eq!(desk.raise_alarms().await.unwrap(), 1);
    assert!(
        house
            .waiting(folder.path(), "installation")
            .contains(&"boss".to_owned())
    );
    assert_eq!(house.report().await.0, 201);
}

#[tokio::test]
async fn a_counter_that_was_put_back_stops_no_report() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    for _ in 0..3 {
        assert_eq!(house.report().await.0, 201);
    }
    drop(house);
    behind(
        folder.path(),
        "UPDATE counter SET value = 1 WHERE name = 'case HH'",
    );
    let house = House::open(folder.path()).await;
    let (status, _, said) = house.report().await;
    assert_eq!((status, said["number"].as_str()), (201, Some("HH-4")));
}

#[tokio::test]
async fn the_contact_sheet_of_the_newest_case_stands_in_for_a_lost_one() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    house.staff().await;
    let ann =
        json!({ "login": "ann", "name": "Ann", "role": "member", "email": "ann@example.org" });
    assert_eq!(house.ask("POST", "/api/v1/accounts", ann).await.0, 201);
    assert_eq!(house.report().await.0, 201);
    drop(house);
    flip(folder.path(), "project", PROJECT_ENTRIES);
    let house = House::open(folder.path()).await;
    assert_eq!(house.report().await.0, 201);
    assert_eq!(house.waiting(folder.path(), "case"), ["ann", "ann"]);
}

#[tokio::test]
async fn evidence_is_destroyed_only_where_an_entry_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let file = json!({ "who": "was there" });
    house.report_with(&file).await;
    drop(house);
    let conn = Connection::open(folder.path().join("henhouse.db")).unwrap();
    let one_bit = conn.execute("UPDATE exhibit_index SET erased = 1", []);
    assert_eq!(one_bit, Ok(1));
    drop(conn);
    let house = House::open(folder.path()).await;
    let Installation { desk, exhibits, .. } = &house.installation;
    assert_eq!(desk.sweep_exhibits(exhibits).await.unwrap(), 0);
    let got = house.get("/api/v1/cases/HH-1/exhibits/E-1").await;
    assert_eq!(got, (200, file));
}

/// Changes the database behind the program's back, leaving every wall of the schema in place.
fn behind(data: &Path, change: &str) {
    let conn = Connection::open(data.join("henhouse.db")).unwrap();
    let walls = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'";
    let mut walls = conn.prepare(walls).unwrap();
    let walls: Vec<(String, String)> = walls
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for (name, _) in &walls {
        conn.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    conn.execute_batch(change).unwrap();
    for (_, wall) in &walls {
        conn.execute_batch(wall).unwrap();
    }
}

#[tokio::test]
async fn whatever_was_changed_or_lost_beside_the_entries_is_found() {
    let case = "(SELECT id FROM journal WHERE kind = 'case')";
    let last = format!("(SELECT max(seq) FROM entry WHERE journal = {case})");
    for (change, found) in [
        (String::new(), None),
        ("DELETE FROM exhibit_index".into(), Some("E-1")),
        ("UPDATE exhibit_index SET erased = 1".into(), Some("E-1")),
        (
            format!("DELETE FROM sealed WHERE journal = {case} AND seq = 1"),
            Some("no entry says that it was erased"),
        ),
        (
            format!("UPDATE entry SET kind = 'noted' WHERE journal = {case} AND seq = 2"),
            Some("entry 2: its row was changed"),
        ),
        (
            format!("DELETE FROM journal_key WHERE journal = {case}"),
            Some("has no key"),
        ),
        (
            format!("DELETE FROM entry WHERE journal = {case} AND seq = {last}"),
            Some("its end was cut off"),
        ),
        (
            "UPDATE case_index SET severity = 'none'".into(),
            Some("run `henhouse rebuild`"),
        ),
        (
            "UPDATE counter SET value = 2 WHERE name = 'case HH'".into(),
            Some("case HH-2: its number was given"),
        ),
        (
            "UPDATE counter SET value = 0 WHERE name = 'case HH'".into(),
            Some("the next case of HH would be numbered after 0, and 1 is taken"),
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let house = House::open(folder.path()).await;
        house.report_with(&json!(["proof"])).await;
        drop(house);
        behind(folder.path(), &change);
        let house = House::open(folder.path()).await;
        let Installation { desk, exhibits, .. } = &house.installation;
        let checked = desk.verify(Some(exhibits.clone())).await.unwrap();
        let said = checked.findings.join("\n");
        assert!(said.contains(found.unwrap_or_default()), "{change}: {said}");
        let sound = checked.verdict <= Verified::ValidWithRedactions;
        assert_eq!(sound, found.is_none(), "{change}: {checked:?}");
        assert_eq!(said.is_empty(), found.is_none(), "{change}: {said}");
        assert!(
            checked.journals >= 2,
            "the others are looked at: {checked:?}"
        );
    }
}

#[tokio::test]
async fn whom_the_entries_have_told_is_proven_by_the_outbox_and_receipts_by_their_cases() {
    let receipt =
        "INSERT INTO setting (name, value) VALUES ('receipt number R-0A0A-77', zeroblob(16))";
    for (change, found) in [
        ("", None),
        (
            "DELETE FROM outbox",
            Some("told somebody, and that is not in the outbox"),
        ),
        (
            "UPDATE outbox SET recipient = '{\"person\":\"zed\"}'",
            Some("as told to somebody else"),
        ),
        (
            "UPDATE outbox SET state = 'done'",
            Some("was tried 0 times, and 0 attempts are kept"),
        ),
        (receipt, Some("receipt R-0A0A-77: it leads to another case")),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let house = House::open(folder.path()).await;
        house.staff().await;
        house.report_with(&json!(["proof"])).await;
        drop(house);
        behind(folder.path(), change);
        let house = House::open(folder.path()).await;
        let checked = house.installation.desk.verify(None).await.unwrap();
        let said = checked.findings.join("\n");
        assert!(said.contains(found.unwrap_or_default()), "{change}: {said}");
        assert_eq!(said.is_empty(), found.is_none(), "{change}: {said}");
        assert_eq!(checked.verdict == Verified::Valid, found.is_none());
    }
}

#[tokio::test]
async fn the_index_is_told_apart_from_the_record_and_rebuild_mends_it() {
    for change in [
        "UPDATE search SET text = 'something else'",
        "DELETE FROM member",
        "UPDATE case_index SET phase = 'done'",
        "UPDATE project_index SET prefix = 'XX'",
        "DELETE FROM exhibit_index",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let house = House::open(folder.path()).await;
        house.staff().await;
        house.report_with(&json!(["proof"])).await;
        drop(house);
        behind(folder.path(), change);
        let house = House::open(folder.path()).await;
        let Installation { desk, exhibits, .. } = &house.installation;
        let verify = async || desk.verify(Some(exhibits.clone())).await.unwrap();
        let checked = verify().await;
        assert_eq!(
            checked.verdict,
            Verified::IndexDiffers,
            "{change}: {checked:?}"
        );
        desk.rebuild().await.unwrap();
        let checked = verify().await;
        assert_eq!(checked.verdict, Verified::Valid, "{change}: {checked:?}");
    }
}

#[tokio::test]
async fn an_account_or_a_token_that_no_entry_made_is_found() {
    for (change, found) in [
        ("", None),
        (
            "UPDATE account SET role = 'admin' WHERE person = 'jo'",
            Some("account jo: its role"),
        ),
        (
            "UPDATE account SET disabled = 0 WHERE person = 'jo'",
            Some("account jo: its lock"),
        ),
        (
            "UPDATE account SET password = 'x' WHERE person = 'jo'",
            Some("account jo: its password"),
        ),
        (
            "UPDATE account SET email = 'x' WHERE person = 'boss'",
            Some("account boss: its email"),
        ),
        (
            "UPDATE account SET person = 'zoe' WHERE person = 'jo'",
            Some("account zoe: no entry made it"),
        ),
        (
            "DELETE FROM account WHERE person = 'boss'",
            Some("account boss: an entry made it"),
        ),
        (
            "UPDATE token SET role = 'admin'",
            Some("it is not what the entries say"),
        ),
        (
            "UPDATE token SET revoked_at = NULL",
            Some("it is not what the entries say"),
        ),
        (
            "UPDATE token SET hash = zeroblob(32)",
            Some("no entry issued it"),
        ),
        ("DELETE FROM token", Some("an entry issued it")),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let house = House::open(folder.path()).await;
        house.staff().await;
        let jo = json!({ "login": "jo", "name": "Jo", "role": "member", "password": "four words make it" });
        assert_eq!(house.ask("POST", "/api/v1/accounts", jo).await.0, 201);
        let out = json!({ "disabled": true, "name": "Jo Doe" });
        assert_eq!(house.ask("PATCH", "/api/v1/accounts/jo", out).await.0, 200);
        let bot = json!({ "name": "bot", "service": true, "expires_at": "2030-01-01T00:00:00.123456789Z" });
        let (status, _, said) = house.ask("POST", "/api/v1/tokens", bot).await;
        assert_eq!(status, 201, "{said}");
        let at = format!("/api/v1/tokens/{}", said["kept"]["id"].as_str().unwrap());
        assert_eq!(house.ask("DELETE", &at, Value::Null).await.0, 204);
        drop(house);
        if !change.is_empty() {
            behind(folder.path(), change);
        }
        let house = House::open(folder.path()).await;
        let checked = house.installation.desk.verify(None).await.unwrap();
        let said = checked.findings.join("\n");
        assert!(said.contains(found.unwrap_or_default()), "{change}: {said}");
        assert_eq!(
            checked.verdict == Verified::Valid,
            found.is_none(),
            "{change}: {said}"
        );
    }
}

#[tokio::test]
async fn evidence_whose_index_and_file_are_gone_is_missed() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    house.report_with(&json!(["proof"])).await;
    drop(house);
    behind(folder.path(), "DELETE FROM exhibit_index");
    std::fs::remove_dir_all(folder.path().join("exhibits")).unwrap();
    let house = House::open(folder.path()).await;
    let Installation { desk, exhibits, .. } = &house.installation;
    let checked = desk.verify(Some(exhibits.clone())).await.unwrap();
    assert_eq!(checked.verdict, Verified::Tampered);
    let lost = checked
        .findings
        .iter()
        .filter(|found| found.contains("E-1"));
    assert_eq!(lost.count(), 2, "its row and its bytes: {checked:?}");
}

/// An outside monitor that counts the heartbeats it got, and where they go.
fn monitor() -> (String, Arc<AtomicUsize>) {
    let (listener, beats) = (TcpListener::bind("127.0.0.1:0").unwrap(), Arc::default());
    let url = format!("http://{}/ping/hen", listener.local_addr().unwrap());
    let counted: Arc<AtomicUsize> = Arc::clone(&beats);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut asked = [0; 512];
            let n = stream.read(&mut asked).unwrap_or_default();
            assert!(asked[..n].starts_with(b"GET /ping/hen HTTP/1.1\r\n"));
            counted.fetch_add(1, Ordering::SeqCst);
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        }
    });
    (url, beats)
}

fn wait_for(what: &str, come: impl Fn() -> bool) {
    for _ in 0..1_500 {
        if come() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(come(), "{what}");
}

#[test]
fn an_outside_monitor_hears_when_the_process_stands_still() {
    let (url, beats) = monitor();
    let folder = tempfile::tempdir().unwrap();
    let settings = format!("[watcher]\nbeat = '{url}'\nevery_seconds = 1\n");
    std::fs::write(folder.path().join("henhouse.toml"), settings).unwrap();
    let server = served::Served::start(folder.path(), &[], &[]);
    let heard = || beats.load(Ordering::SeqCst);
    wait_for("it beats while all is well", || heard() >= 3);
    let signal = |name: &str| {
        let id = server.process.id().to_string();
        assert!(
            Command::new("kill")
                .args([name, &id])
                .status()
                .unwrap()
                .success()
        );
    };
    signal("-STOP");
    std::thread::sleep(Duration::from_millis(500));
    let before = heard();
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(heard(), before, "it is frozen, and says that it is well");
    signal("-CONT");
    wait_for("it beats again", || heard() > before);
}

/// The database is there, and the start that made it came no further.
#[tokio::test]
async fn a_first_start_that_ended_before_it_made_the_root_key_is_begun_again() {
    let folder = tempfile::tempdir().unwrap();
    drop(Store::sqlite(folder.path(), SqliteOptions::default()).unwrap());
    let open = || Installation::open(folder.path(), "http://localhost", false, None);
    let installation = open().await.unwrap();
    installation.found("UTC").await.unwrap();
    drop(installation);
    // Once something was founded the key is never made anew.
    std::fs::remove_file(folder.path().join("root.key")).unwrap();
    let error = open().await.err().unwrap().to_string();
    assert!(error.contains("is missing"), "{error}");
}
