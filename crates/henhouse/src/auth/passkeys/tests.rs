//! Passkeys over HTTP, with a device that lies where it can: what opens a door, and that nothing else does.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use std::time::Duration;

use serde_json::{Value, json};

use super::device::{Device, PRESENT};
use crate::auth::Known;
use crate::desk::AccountChange;
use crate::store::{JournalKind, View};
use crate::web::stage::{Browser, PASSWORD, Said, Stage};

const AT: &str = "/api/v1/factors/passkeys";
const ENTER: &str = "/api/v1/session/passkey";

/// What a device says that is not so.
type Lie = fn(&mut Device);

/// Asks for a new passkey; answers the token and what is asked.
async fn asked(stage: &Stage, browser: &mut Browser) -> (Value, Value) {
    let body = json!({ "name": "blue key" });
    let said = browser.post(stage, AT, body).await;
    assert_eq!(said.status, 201, "{}", said.text());
    let said = said.json();
    (said["token"].clone(), said["options"].clone())
}

async fn confirm(stage: &Stage, browser: &mut Browser, token: &Value, credential: &Value) -> Said {
    let body = json!({ "token": token, "credential": credential });
    browser.post(stage, &format!("{AT}/confirm"), body).await
}

/// Puts a passkey of this device on.
async fn put_on(stage: &Stage, browser: &mut Browser, device: &mut Device) {
    let (token, options) = asked(stage, browser).await;
    let made = device.make(&options);
    let said = confirm(stage, browser, &token, &made).await;
    assert_eq!(said.status, 204, "{}", said.text());
}

/// What a sign-in asks for: the token and the question.
async fn question(stage: &Stage) -> (Value, Value) {
    let said = stage.post(ENTER, None, json!({})).await;
    assert_eq!(said.status, 201, "{}", said.text());
    let said = said.json();
    (said["token"].clone(), said["options"].clone())
}

async fn enter(stage: &Stage, token: &Value, credential: &Value) -> Said {
    let body = json!({ "token": token, "credential": credential });
    stage.post(&format!("{ENTER}/confirm"), None, body).await
}

/// The whole of a sign-in.
async fn sign_in(stage: &Stage, device: &mut Device) -> Said {
    let (token, options) = question(stage).await;
    let signed = device.sign(&options);
    enter(stage, &token, &signed).await
}

async fn later(stage: &Stage, minutes: u64) {
    let step = Duration::from_secs(60 * minutes);
    stage.app.desk.clock().advance(step).unwrap();
}

async fn holds(stage: &Stage) {
    let checked = stage.app.desk.verify(None).await.unwrap();
    assert_eq!(checked.findings, Vec::<String>::new());
}

/// Which entries the installation's journal has, of this kind.
fn entries(stage: &Stage, kind: &str) -> usize {
    let (store, _) = stage.app.desk.store_and_clock();
    let count = |view: &dyn View| {
        let journal = view.journals(JournalKind::Installation)?.remove(0);
        let all = view.entries(journal.id, 0, 500)?;
        let of_kind = all.iter().filter(|entry| entry.kind == kind);
        Ok::<_, crate::store::StoreError>(of_kind.count())
    };
    store.read_inline(count).unwrap()
}

async fn ann() -> (Stage, Browser) {
    let stage = Stage::new().await;
    stage.account("ann", "member").await;
    let browser = stage.browser("ann").await;
    (stage, browser)
}

#[tokio::test]
async fn a_passkey_signs_in_alone_until_it_is_ended() {
    let (stage, mut browser) = ann().await;
    let (other, before) = (stage.browser("ann").await, browser.cookie().to_owned());
    let mut device = Device::new(1);
    let (token, options) = asked(&stage, &mut browser).await;
    assert_eq!(options["rp"]["id"], "localhost");
    let select = &options["authenticatorSelection"];
    assert_eq!(
        (&select["residentKey"], &select["userVerification"]),
        (&json!("required"), &json!("required"))
    );
    let made = device.make(&options);
    let said = confirm(&stage, &mut browser, &token, &made).await;
    assert_eq!(said.status, 204, "{}", said.text());
    assert_ne!(browser.cookie(), before, "another secret");
    assert_eq!(other.get(&stage, "/me").await.status, 303, "it has ended");
    let listed = browser.get(&stage, "/api/v1/factors").await.json();
    let listed = listed["passkeys"][0].clone();
    assert_eq!(
        (&listed["name"], &listed["used_at"]),
        (&json!("blue key"), &Value::Null)
    );

    let (_, options) = question(&stage).await;
    assert_eq!(options["userVerification"], "required");
    let said = sign_in(&stage, &mut device).await;
    assert_eq!(
        (said.status, said.json()["person"].as_str()),
        (200, Some("ann"))
    );
    assert!(said.header("set-cookie").starts_with("henhouse="));
    let sessions = browser.get(&stage, "/api/v1/sessions").await.text();
    assert!(sessions.contains("\"passkey\""), "{sessions}");
    let listed = browser.get(&stage, "/api/v1/factors").await.json();
    assert!(listed["passkeys"][0]["used_at"].is_string(), "{listed}");
    holds(&stage).await;

    let id = listed["passkeys"][0]["id"].as_str().unwrap().to_owned();
    let end = format!("{AT}/{id}/remove");
    let said = browser.post(&stage, &end, json!({})).await;
    assert_eq!(said.status, 204, "{}", said.text());
    assert_eq!(sign_in(&stage, &mut device).await.status, 401, "ended");
    assert_eq!(browser.post(&stage, &end, json!({})).await.status, 404);
    assert_eq!(
        (
            entries(&stage, "passkey_added"),
            entries(&stage, "passkey_ended")
        ),
        (1, 1)
    );
    holds(&stage).await;
}

#[tokio::test]
async fn a_question_takes_one_answer_and_not_for_long() {
    let (stage, mut browser) = ann().await;
    let mut device = Device::new(1);
    let (token, options) = asked(&stage, &mut browser).await;
    let made = device.make(&options);
    assert_eq!(
        confirm(&stage, &mut browser, &token, &made).await.status,
        204
    );
    let again = confirm(&stage, &mut browser, &token, &made).await;
    assert_eq!(again.status, 422, "it was answered: {}", again.text());
    let (token, options) = asked(&stage, &mut browser).await;
    let made = Device::new(2).make(&options);
    later(&stage, 5).await;
    let late = confirm(&stage, &mut browser, &token, &made).await;
    assert!(late.text().contains("took too long"), "{}", late.text());

    let (token, options) = question(&stage).await;
    let signed = device.sign(&options);
    assert_eq!(enter(&stage, &token, &signed).await.status, 200);
    let replayed = enter(&stage, &token, &signed).await;
    assert_eq!((replayed.status, replayed.header("set-cookie")), (401, ""));
    let (token, options) = question(&stage).await;
    let signed = device.sign(&options);
    later(&stage, 5).await;
    assert_eq!(enter(&stage, &token, &signed).await.status, 401, "too late");
    let (first, one) = question(&stage).await;
    let (_, other) = question(&stage).await;
    let signed = device.sign(&other);
    assert_eq!(
        enter(&stage, &first, &signed).await.status,
        401,
        "another's"
    );
    let signed = device.sign(&one);
    assert_eq!(
        enter(&stage, &first, &signed).await.status,
        401,
        "it was answered, if wrongly"
    );
    assert_eq!(sign_in(&stage, &mut device).await.status, 200);
}

#[tokio::test]
async fn whatever_is_not_right_is_refused_alike() {
    let (stage, mut browser) = ann().await;
    let mut device = Device::new(1);
    put_on(&stage, &mut browser, &mut device).await;
    let lies: [(&str, Lie); 6] = [
        ("another site's page", |device| {
            device.origin = "https://evil.example".to_owned();
        }),
        ("another port", |device| {
            device.origin = "http://localhost:9".to_owned()
        }),
        ("signed for another name", |device| {
            device.name = "evil.example".to_owned()
        }),
        ("nobody showed that it is them", |device| {
            device.flags = PRESENT
        }),
        ("somebody else's", |device| {
            device.handle = "AAAAAAAAAAAAAAAAAAAAAA".to_owned()
        }),
        ("not known here", |device| device.id = vec![9; 20]),
    ];
    let mut words = std::collections::BTreeSet::new();
    for (what, lie) in lies {
        let mut liar = device.clone();
        lie(&mut liar);
        let said = sign_in(&stage, &mut liar).await;
        assert_eq!(
            (said.status, said.header("set-cookie")),
            (401, ""),
            "{what}"
        );
        words.insert(said.text());
    }
    let (token, options) = question(&stage).await;
    let mut signed = device.clone().sign(&options);
    signed["response"]["signature"] = "MAYCAQECAQE".into();
    words.insert(enter(&stage, &token, &signed).await.text());
    words.insert(enter(&stage, &json!("x"), &signed).await.text());
    let (token, _) = question(&stage).await;
    words.insert(
        enter(&stage, &token, &json!({ "type": "public-key" }))
            .await
            .text(),
    );
    assert_eq!(words.len(), 1, "{words:?}");

    let (token, options) = question(&stage).await;
    let body = json!({ "token": token, "credential": device.sign(&options) });
    let foreign = stage.request("POST", &format!("{ENTER}/confirm"), None, Some(body));
    let foreign = stage
        .send(foreign.with("sec-fetch-site", "cross-site"))
        .await;
    assert_eq!(foreign.status, 403, "sent by another site's page");
    let lies: [Lie; 3] = [
        |device| device.origin = "https://evil.example".to_owned(),
        |device| device.name = "evil.example".to_owned(),
        |device| device.flags = PRESENT,
    ];
    for lie in lies {
        let (token, options) = asked(&stage, &mut browser).await;
        let mut liar = Device::new(2);
        lie(&mut liar);
        let made = liar.make(&options);
        let said = confirm(&stage, &mut browser, &token, &made).await;
        assert_eq!(said.status, 422, "{}", said.text());
    }
    assert_eq!(entries(&stage, "passkey_added"), 1);
}

#[tokio::test]
async fn a_copy_is_noticed_by_its_count() {
    let (stage, mut browser) = ann().await;
    stage.app.desk.mail_leaves();
    let mut device = Device::new(1);
    put_on(&stage, &mut browser, &mut device).await;
    let mut copy = device.clone();
    for _ in 0..2 {
        assert_eq!(sign_in(&stage, &mut device).await.status, 200);
    }
    let said = sign_in(&stage, &mut copy).await;
    assert_eq!((said.status, said.header("set-cookie")), (401, ""));
    assert!(said.text().contains("copied"), "{}", said.text());
    assert_eq!(entries(&stage, "passkey_suspected"), 1);
    assert_eq!(sign_in(&stage, &mut device).await.status, 200);
    holds(&stage).await;
}

#[tokio::test]
async fn passkeys_are_for_the_person_in_the_browser_who_shows_that_it_is_them() {
    let (stage, mut browser) = ann().await;
    stage.account("bob", "observer").await;
    let token = stage.token("ann", "member").await;
    let by_token = stage.post(AT, Some(&token), json!({ "name": "x" })).await;
    assert_eq!(by_token.status, 403, "{}", by_token.text());
    let nameless = browser.post(&stage, AT, json!({ "name": " " })).await;
    assert_eq!(nameless.status, 422);
    let mut device = Device::new(1);
    let (token, options) = asked(&stage, &mut browser).await;
    let made = device.make(&options);
    let mut bobs = stage.browser("bob").await;
    let said = confirm(&stage, &mut bobs, &token, &made).await;
    assert_eq!(said.status, 422, "asked of Ann: {}", said.text());
    assert_eq!(
        confirm(&stage, &mut browser, &token, &made).await.status,
        204
    );
    let (token, options) = asked(&stage, &mut bobs).await;
    let same = Device::new(1).make(&options);
    let said = confirm(&stage, &mut bobs, &token, &same).await;
    assert!(said.text().contains("already"), "Ann's: {}", said.text());
    let anns = browser.get(&stage, "/api/v1/factors").await.json();
    let anns = anns["passkeys"][0]["id"].as_str().unwrap().to_owned();
    let end = format!("{AT}/{anns}/remove");
    assert_eq!(bobs.post(&stage, &end, json!({})).await.status, 404);

    later(&stage, 10).await;
    for (path, body) in [(AT, json!({ "name": "x" })), (end.as_str(), json!({}))] {
        let said = browser.post(&stage, path, body).await;
        assert_eq!(
            (said.status, said.json()["field"].as_str()),
            (422, Some("/password"))
        );
    }
    let body = json!({ "name": "x", "password": PASSWORD });
    assert_eq!(browser.post(&stage, AT, body).await.status, 201);

    let owner = Known::owner().actor();
    let gate = &stage.app.gate;
    let [one, two] = gate.make_break_glass(owner).await.unwrap();
    let halves = format!("{one} {two}");
    let body =
        json!({ "login": "break-glass", "password": halves, "who": "Jo and Mo", "why": "drill" });
    let mut glass = Browser::nobody();
    assert_eq!(
        glass.post(&stage, "/api/v1/session", body).await.status,
        200
    );
    let said = glass.post(&stage, AT, json!({ "name": "x" })).await;
    assert_eq!(said.status, 403, "only by its halves: {}", said.text());
}

#[tokio::test]
async fn an_admin_takes_them_off_and_a_lock_holds() {
    let (stage, mut browser) = ann().await;
    let mut device = Device::new(1);
    put_on(&stage, &mut browser, &mut device).await;
    let desk = &stage.app.desk;
    let lock = async |disabled: bool| {
        let change = AccountChange {
            disabled: Some(disabled),
            ..AccountChange::default()
        };
        let owner = Known::owner().actor();
        desk.change_account(owner, "ann".into(), change)
            .await
            .unwrap();
    };
    lock(true).await;
    assert_eq!(sign_in(&stage, &mut device).await.status, 401);
    lock(false).await;
    assert_eq!(sign_in(&stage, &mut device).await.status, 200);
    let boss = stage.token("boss", "admin").await;
    let of_ann = "/api/v1/accounts/ann/factors";
    let listed = stage.get(of_ann, Some(&boss)).await.json();
    assert_eq!(listed["passkeys"][0]["name"], "blue key");
    let reset = stage.request("DELETE", of_ann, Some(&boss), None);
    assert_eq!(stage.send(reset).await.status, 204);
    assert_eq!(sign_in(&stage, &mut device).await.status, 401);
    let listed = stage.get(of_ann, Some(&boss)).await.json();
    assert_eq!(listed["passkeys"], json!([]));
    holds(&stage).await;
}

#[tokio::test]
async fn a_row_that_no_entry_made_is_found() {
    let (stage, mut browser) = ann().await;
    let mut device = Device::new(1);
    put_on(&stage, &mut browser, &mut device).await;
    let (store, _) = stage.app.desk.store_and_clock();
    let mut row = store
        .read_inline(|view| view.passkeys_of("ann"))
        .unwrap()
        .remove(0);
    row.person = "boss".to_owned();
    store.write_inline(|tx| tx.put_passkey(&row)).unwrap();
    let said = sign_in(&stage, &mut device).await;
    assert!(said.status >= 400, "{}", said.text());
    let checked = stage.app.desk.verify(None).await.unwrap();
    assert!(
        checked.findings[0].contains("passkey"),
        "{:?}",
        checked.findings
    );
    store.write_inline(|tx| tx.end_passkey(row.hash)).unwrap();
    let checked = stage.app.desk.verify(None).await.unwrap();
    assert!(
        checked.findings[0].contains("not here"),
        "{:?}",
        checked.findings
    );
}

#[tokio::test]
async fn the_pages_lead_to_passkeys_and_end_them_without_a_script() {
    let (stage, mut browser) = ann().await;
    let mut device = Device::new(1);
    put_on(&stage, &mut browser, &mut device).await;
    let door = stage.get("/sign-in?next=/cases/HH-1", None).await.text();
    assert!(
        door.contains("data-then=\"/cases/HH-1\"") && door.contains("<noscript>"),
        "{door}"
    );
    let page = browser.get(&stage, "/me/sign-in").await.text();
    assert!(
        page.contains("blue key") && page.contains("Not used yet"),
        "{page}"
    );
    assert!(!page.contains("passkey-off-password"), "just signed in");
    later(&stage, 10).await;
    let page = browser.get(&stage, "/me/sign-in").await.text();
    assert!(page.contains("id=\"passkey-off-password\""), "{page}");
    let between = |before: &str| {
        let rest = page.split(before).nth(1);
        let found = rest.and_then(|rest| rest.split('"').next());
        found.unwrap_or_default().to_owned()
    };
    let token = between("name=\"form_token\" value=\"");
    let id = between("name=\"id\" value=\"");
    let form = format!("form_token={token}&act=passkey-off&id={id}");
    let said = browser.form(&stage, "/me/sign-in", &form).await;
    assert_eq!(said.status, 422);
    assert!(
        said.text().contains("href=\"#passkey-off-password\""),
        "{}",
        said.text()
    );
    let form = format!("{form}&password={}", PASSWORD.replace(' ', "+"));
    let said = browser.form(&stage, "/me/sign-in", &form).await;
    assert_eq!(said.header("location"), "/me/sign-in?done=passkey-off");
    assert_eq!(sign_in(&stage, &mut device).await.status, 401);
}
