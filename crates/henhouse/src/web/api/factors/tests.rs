//! Codes, recovery codes and sessions, by the API: what one try gives opens no other, and nothing tells more than it must.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use serde_json::{Value, json};

use crate::auth::factors::code_at;
use crate::web::stage::{Browser, PASSWORD, Said, Stage};

const AT: &str = "/api/v1/factors";

fn now(stage: &Stage) -> u64 {
    let now = stage.app.desk.clock().wall();
    u64::try_from(now.as_second()).unwrap()
}

/// Puts an app on; answers its secret and the recovery codes.
async fn app(stage: &Stage, browser: &mut Browser) -> (String, Vec<String>) {
    let again = json!({ "password": PASSWORD });
    let begun = browser.post(stage, &format!("{AT}/app"), again).await;
    assert_eq!(begun.status, 201, "{}", begun.text());
    let begun = begun.json();
    let secret = begun["secret"].as_str().unwrap().to_owned();
    let link = begun["link"].as_str().unwrap();
    assert!(link.starts_with("otpauth://totp/Henhouse:ann?secret=") && link.contains(&secret));
    let wrong = json!({ "token": begun["token"], "code": "000000" });
    let said = browser
        .post(stage, &format!("{AT}/app/confirm"), wrong)
        .await;
    assert_eq!(said.status, 422, "{}", said.text());
    let first = json!({ "token": begun["token"], "code": code_at(&secret, now(stage)) });
    let said = browser
        .post(stage, &format!("{AT}/app/confirm"), first.clone())
        .await;
    assert_eq!(said.status, 200, "{}", said.text());
    let codes = said.json()["recovery_codes"].as_array().unwrap().clone();
    let again = browser
        .post(stage, &format!("{AT}/app/confirm"), first)
        .await;
    assert_eq!(again.status, 422, "it is on already: {}", again.text());
    let text = |code: &Value| code.as_str().unwrap().to_owned();
    (secret, codes.iter().map(text).collect())
}

async fn sign_in(stage: &Stage, code: Option<&str>) -> Said {
    let body = json!({ "login": "ann", "password": PASSWORD, "code": code });
    stage.post("/api/v1/session", None, body).await
}

/// Half a minute later, and the app shows another code.
async fn later(stage: &Stage) {
    let step = std::time::Duration::from_secs(30);
    stage.app.desk.clock().advance(step).unwrap();
}

#[tokio::test]
async fn a_code_is_asked_for_and_counts_once() {
    let stage = Stage::new().await;
    stage.account("ann", "member").await;
    let mut browser = stage.browser("ann").await;
    let (secret, codes) = app(&stage, &mut browser).await;
    assert_eq!(codes.len(), 10);
    let half = sign_in(&stage, None).await;
    assert_eq!((half.status, half.header("set-cookie")), (401, ""));
    assert_eq!(half.json()["type"], "/problems/needs-code");
    let used = code_at(&secret, now(&stage));
    assert_eq!(
        sign_in(&stage, Some(&used)).await.status,
        401,
        "taken when the app was put on"
    );
    later(&stage).await;
    let code = code_at(&secret, now(&stage));
    assert_eq!(sign_in(&stage, Some(&code)).await.status, 200);
    assert_eq!(
        sign_in(&stage, Some(&code)).await.status,
        401,
        "taken before"
    );
    assert_eq!(
        sign_in(&stage, Some(&codes[0].to_lowercase())).await.status,
        200
    );
    assert_eq!(
        sign_in(&stage, Some(&codes[0])).await.status,
        401,
        "used up"
    );
    let listed = browser.get(&stage, AT).await.json();
    assert_eq!(listed["recovery_codes_left"], 9);
    let text = stage.app.desk.factors("ann".into()).await;
    assert!(text.is_ok());
    let account = stage.app.desk.account("ann".into()).await.unwrap().unwrap();
    let kept = account.second_factor.unwrap();
    let holds = |text: &str| kept.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(!holds(&secret) && !holds("argon2"), "sealed at rest");
    let checked = stage.app.desk.verify(None).await.unwrap();
    assert_eq!(checked.findings, Vec::<String>::new());
}

#[tokio::test]
async fn codes_count_as_tries_and_lock_nobody_else_out() {
    let stage = Stage::new().await;
    stage.account("ann", "member").await;
    let mut browser = stage.browser("ann").await;
    let (secret, _) = app(&stage, &mut browser).await;
    later(&stage).await;
    for _ in 0..5 {
        assert_eq!(sign_in(&stage, Some("000000")).await.status, 401);
    }
    let code = code_at(&secret, now(&stage));
    assert_eq!(
        sign_in(&stage, Some(&code)).await.status,
        429,
        "a password and a code are two tries"
    );
    let gate = &stage.app.gate;
    let elsewhere = gate
        .log_in_choosing("ann", (PASSWORD, None), "192.0.2.9", "x")
        .await;
    let Ok(crate::auth::Entered::Half(half)) = elsewhere else {
        panic!("{elsewhere:?}");
    };
    assert!(
        gate.enter_code(&half, &code, "192.0.2.9", "x")
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn what_one_try_is_given_opens_no_other() {
    let stage = Stage::new().await;
    for person in ["ann", "bob"] {
        stage.account(person, "member").await;
    }
    let mut browser = stage.browser("ann").await;
    let (secret, codes) = app(&stage, &mut browser).await;
    later(&stage).await;
    let gate = &stage.app.gate;
    let half = async || {
        let entered = gate
            .log_in_choosing("ann", (PASSWORD, None), "x", "x")
            .await;
        match entered {
            Ok(crate::auth::Entered::Half(half)) => half,
            other => panic!("{other:?}"),
        }
    };
    let first = half().await;
    let code = code_at(&secret, now(&stage));
    assert!(gate.enter_code(&first, &code, "x", "x").await.is_ok());
    let again = gate.enter_code(&first, &codes[0], "x", "x").await;
    assert!(
        matches!(again, Err(crate::auth::LoginRefused::Over)),
        "it is over with its session"
    );
    let second = half().await;
    let taken = gate.enter_code(&second, &code, "x", "x").await;
    assert!(matches!(taken, Err(crate::auth::LoginRefused::WrongCode)));
    // A sign-in that waits is no app that is being put on, whoever sends it, and the other way round.
    let mut bobs = stage.browser("bob").await;
    let body = json!({ "token": second, "code": code });
    let said = bobs.post(&stage, &format!("{AT}/app/confirm"), body).await;
    assert_eq!(said.status, 422);
    let begun = browser
        .post(
            &stage,
            &format!("{AT}/app"),
            json!({ "password": PASSWORD }),
        )
        .await;
    let token = begun.json()["token"].as_str().unwrap().to_owned();
    let odd = gate.enter_code(&token, &codes[1], "x", "x").await;
    assert!(matches!(odd, Err(crate::auth::LoginRefused::Over)));
    let others = json!({ "token": token, "code": "123456" });
    let said = bobs
        .post(&stage, &format!("{AT}/app/confirm"), others)
        .await;
    assert!(said.text().contains("took too long"), "{}", said.text());
    stage
        .app
        .desk
        .clock()
        .advance(std::time::Duration::from_secs(301))
        .unwrap();
    let late = gate.enter_code(&second, &codes[1], "x", "x").await;
    assert!(matches!(late, Err(crate::auth::LoginRefused::Over)));
}

#[tokio::test]
async fn a_change_of_factors_asks_again_and_ends_every_other_session() {
    let stage = Stage::new().await;
    stage.account("ann", "member").await;
    let (mut browser, other) = (stage.browser("ann").await, stage.browser("ann").await);
    let token = stage.token("ann", "member").await;
    let again = json!({ "password": "not the password" });
    let refused = browser.post(&stage, &format!("{AT}/app"), again).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    let empty = browser.post(&stage, &format!("{AT}/app"), json!({})).await;
    assert_eq!(empty.status, 422);
    let body = json!({ "password": PASSWORD });
    let by_token = stage
        .post(&format!("{AT}/app"), Some(&token), body.clone())
        .await;
    assert_eq!(by_token.status, 403, "{}", by_token.text());
    let before = browser.cookie().to_owned();
    let (_, codes) = app(&stage, &mut browser).await;
    assert_ne!(browser.cookie(), before, "another secret");
    assert_eq!(other.get(&stage, "/api/v1/session").await.status, 401);
    let old = stage
        .request("GET", "/api/v1/session", None, None)
        .with("cookie", &before);
    assert_eq!(stage.send(old).await.status, 401);
    let more = browser
        .post(&stage, &format!("{AT}/recovery-codes"), body.clone())
        .await;
    assert_eq!(more.status, 200);
    assert_eq!(
        sign_in(&stage, Some(&codes[0])).await.status,
        401,
        "the set before"
    );
    let off = browser
        .post(&stage, &format!("{AT}/app/remove"), body)
        .await;
    assert_eq!(off.status, 204, "{}", off.text());
    assert_eq!(sign_in(&stage, None).await.status, 200);
}

#[tokio::test]
async fn an_admin_resets_what_was_lost_and_it_is_told() {
    let stage = Stage::new().await;
    stage.account("ann", "member").await;
    stage.app.desk.mail_leaves();
    let mut browser = stage.browser("ann").await;
    app(&stage, &mut browser).await;
    let boss = stage.token("boss", "admin").await;
    let reset =
        |token: &str| stage.request("DELETE", "/api/v1/accounts/ann/factors", Some(token), None);
    let bob = stage.token("bob", "member").await;
    assert_eq!(stage.send(reset(&bob)).await.status, 403);
    assert_eq!(stage.send(reset(&boss)).await.status, 204);
    assert_eq!(browser.get(&stage, "/api/v1/session").await.status, 401);
    assert_eq!(sign_in(&stage, None).await.status, 200);
    let checked = stage.app.desk.verify(None).await.unwrap();
    assert_eq!(checked.findings, Vec::<String>::new());
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one_and_all() {
    let stage = Stage::new().await;
    for person in ["ann", "bob"] {
        stage.account(person, "observer").await;
    }
    let at = "/api/v1/sessions";
    let (mine, second, third) = (
        stage.browser("ann").await,
        stage.browser("ann").await,
        stage.browser("ann").await,
    );
    let bobs = stage.browser("bob").await;
    let listed = mine.get(&stage, at).await.json();
    let all = listed["sessions"].as_array().unwrap();
    assert_eq!(all.len(), 3);
    let this = all.iter().filter(|one| one["this"] == true).count();
    assert_eq!(this, 1);
    let id = |of: &Value| of["id"].as_str().unwrap().to_owned();
    let seconds = second.get(&stage, at).await.json();
    let seconds = seconds["sessions"].as_array().unwrap().clone();
    let seconds = id(seconds.iter().find(|one| one["this"] == true).unwrap());
    let not_bobs = bobs
        .send(&stage, "DELETE", &format!("{at}/{seconds}"))
        .await;
    assert_eq!(not_bobs.status, 404);
    let ended = mine
        .send(&stage, "DELETE", &format!("{at}/{seconds}"))
        .await;
    assert_eq!(ended.status, 204, "{}", ended.text());
    assert_eq!(second.get(&stage, at).await.status, 401);
    let ended = mine.send(&stage, "DELETE", at).await;
    assert_eq!(ended.json()["ended"], 1, "{}", ended.text());
    assert_eq!(third.get(&stage, at).await.status, 401);
    assert_eq!(mine.get(&stage, at).await.status, 200);
    let boss = stage.token("boss", "admin").await;
    let anns = "/api/v1/accounts/ann/sessions";
    let listed = stage.get(anns, Some(&boss)).await.json();
    assert_eq!(listed["sessions"].as_array().unwrap().len(), 1);
    let end = stage.request("DELETE", anns, Some(&boss), None);
    assert_eq!(stage.send(end).await.json()["ended"], 1);
    assert_eq!(mine.get(&stage, at).await.status, 401);
    assert_eq!(bobs.get(&stage, at).await.status, 200);
}

#[tokio::test]
async fn ones_password_is_changed_by_whoever_knows_it() {
    let stage = Stage::new().await;
    stage.account("ann", "member").await;
    let (mut browser, other) = (stage.browser("ann").await, stage.browser("ann").await);
    let token = stage.token("ann", "member").await;
    let change = async |browser: &mut Browser, password: &str, new: &str| {
        let body = json!({ "password": password, "new_password": new });
        browser.post(&stage, "/api/v1/password", body).await
    };
    assert_eq!(
        change(&mut browser, "wrong", "another four words")
            .await
            .status,
        422
    );
    let short = change(&mut browser, PASSWORD, "short").await;
    assert_eq!(
        (short.status, short.json()["field"].as_str()),
        (422, Some("new_password"))
    );
    let said = change(&mut browser, PASSWORD, "another four words").await;
    assert_eq!(
        (said.status, said.json()["ended_tokens"].as_u64()),
        (200, Some(1))
    );
    assert_eq!(browser.get(&stage, "/api/v1/session").await.status, 200);
    assert_eq!(other.get(&stage, "/api/v1/session").await.status, 401);
    assert_eq!(stage.get("/api/v1/session", Some(&token)).await.status, 401);
    assert_eq!(sign_in(&stage, None).await.status, 401);
    let checked = stage.app.desk.verify(None).await.unwrap();
    assert_eq!(checked.findings, Vec::<String>::new());
}
