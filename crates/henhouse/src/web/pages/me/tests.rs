//! The profile by its forms, without a script.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use crate::auth::factors::code_at;
use crate::web::stage::{Browser, PASSWORD, Said, Stage};

fn between(html: &str, before: &str, after: &str) -> String {
    let rest = html.split(before).nth(1);
    let found = rest.and_then(|rest| rest.split(after).next());
    found.unwrap_or_default().to_owned()
}

async fn send(stage: &Stage, browser: &mut Browser, path: &str, body: &str) -> Said {
    let page = browser.get(stage, "/me").await.text();
    let token = between(&page, "name=\"form_token\" value=\"", "\"");
    let body = format!("form_token={token}&{}", body.replace(' ', "+"));
    browser.form(stage, path, &body).await
}

#[tokio::test]
async fn every_form_of_the_profile_needs_the_token_of_its_page() {
    let stage = Stage::new().await;
    stage.account("ann", "member").await;
    let mut browser = stage.browser("ann").await;
    for path in ["/me", "/me/sign-in", "/me/sessions", "/me/tokens"] {
        let page = browser.get(&stage, path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        assert!(page.text().contains("name=\"form_token\""), "{path}");
        let said = browser
            .form(&stage, path, "act=password&end=others&name=x")
            .await;
        assert_eq!(said.status, 403, "{path}: {}", said.text());
    }
}

#[tokio::test]
async fn an_app_is_put_on_and_its_codes_are_shown_once() {
    let stage = Stage::new().await;
    stage.account("ann", "observer").await;
    let mut browser = stage.browser("ann").await;
    let at = "/me/sign-in";
    let wrong = send(&stage, &mut browser, at, "act=app&password=wrong").await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.text().contains("href=\"#app-password\""),
        "{}",
        wrong.text()
    );
    let begun = send(
        &stage,
        &mut browser,
        at,
        &format!("act=app&password={PASSWORD}"),
    )
    .await;
    assert_eq!(begun.status, 200, "{}", begun.text());
    assert!(begun.text().contains("<svg class=\"qr\""));
    let secret = between(&begun.text(), "<code>", "</code>").replace(' ', "");
    let token = between(&begun.text(), "name=\"token\" value=\"", "\"");
    let wrong = format!("act=confirm&token={token}&code=000000");
    let wrong = send(&stage, &mut browser, at, &wrong).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("href=\"#code\"") && wrong.text().contains("<svg"));
    let now = stage.app.desk.clock().wall().as_second();
    let code = code_at(&secret, u64::try_from(now).unwrap());
    let confirm = format!("act=confirm&token={token}&code={code}");
    let said = send(&stage, &mut browser, at, &confirm).await;
    assert_eq!(said.status, 200, "{}", said.text());
    assert_eq!(said.text().matches("<li><code>").count(), 10);
    let page = browser.get(&stage, at).await.text();
    assert!(page.contains("10 recovery codes are left"), "{page}");
    let off = format!("act=app-off&password={PASSWORD}");
    let off = send(&stage, &mut browser, at, &off).await;
    assert_eq!(
        (off.status, off.header("location")),
        (303, "/me/sign-in?done=app-off")
    );
}

#[tokio::test]
async fn name_password_sessions_and_tokens_are_ones_own() {
    let stage = Stage::new().await;
    stage.account("ann", "member").await;
    let (mut browser, other) = (stage.browser("ann").await, stage.browser("ann").await);
    let said = send(&stage, &mut browser, "/me", "act=name&name=Ann Acre").await;
    assert_eq!(said.header("location"), "/me?done=name");
    let page = browser.get(&stage, "/me?done=name").await.text();
    assert!(
        page.contains("value=\"Ann Acre\"") && page.contains("ann@example.org"),
        "{page}"
    );
    assert_eq!(
        send(&stage, &mut browser, "/me", "act=name&name=")
            .await
            .status,
        422
    );
    let none = send(&stage, &mut browser, "/me", "act=message").await;
    assert_eq!(none.header("location"), "/me?done=no-message");
    stage.app.desk.mail_leaves();
    let sent = send(&stage, &mut browser, "/me", "act=message").await;
    assert_eq!(sent.header("location"), "/me?done=message");
    let listed = browser.get(&stage, "/me/sessions").await.text();
    assert_eq!(listed.matches("name=\"end\"").count(), 3, "{listed}");
    let this = listed.find("this one").unwrap();
    let theirs = listed
        .find("<button class=\"second\" name=\"end\" value=\"")
        .unwrap();
    assert!(this < theirs, "this one is the first: {listed}");
    assert!(
        listed.contains("Last used ") && listed.contains(", elsewhere."),
        "{listed}"
    );
    send(&stage, &mut browser, "/me/sessions", "end=others").await;
    assert_eq!(other.get(&stage, "/me").await.status, 303);
    let made = send(
        &stage,
        &mut browser,
        "/me/tokens",
        "name=laptop&scope=admin",
    )
    .await;
    let token = between(&made.text(), "<code>", "</code>");
    let me = stage.get("/api/v1/session", Some(&token)).await.json();
    assert_eq!(
        (me["person"].as_str(), me["scope"].as_str()),
        (Some("ann"), Some("write"))
    );
    let id = between(&made.text(), "name=\"end\" value=\"", "\"");
    send(&stage, &mut browser, "/me/tokens", &format!("end={id}")).await;
    assert_eq!(stage.get("/api/v1/session", Some(&token)).await.status, 401);
    let change = format!("act=password&password={PASSWORD}&new_password=short");
    let short = send(&stage, &mut browser, "/me/sign-in", &change).await;
    assert!(
        short.text().contains("href=\"#new_password\""),
        "{}",
        short.text()
    );
    let change = format!("act=password&password={PASSWORD}&new_password=another four words");
    let said = send(&stage, &mut browser, "/me/sign-in", &change).await;
    assert_eq!(
        (said.status, said.header("location")),
        (303, "/me/sign-in?done=password")
    );
    assert_eq!(browser.get(&stage, "/me").await.status, 200);
}

const DEVICE: &str = "p256dh=BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4&\
    auth=BTBZMqHH6r4Tts7J_aSIgg";
const AT: &str = "/me/notifications";

fn on(name: &str, endpoint: &str) -> String {
    format!("name={name}&endpoint={endpoint}&{DEVICE}")
}

#[tokio::test]
async fn devices_are_ones_own_sealed_and_gone_with_a_reset() {
    let stage = Stage::new().await;
    let desk = &stage.app.desk;
    stage.account("ann", "member").await;
    stage.account("bob", "member").await;
    let (mut ann, mut bob) = (stage.browser("ann").await, stage.browser("bob").await);
    let page = ann.get(&stage, AT).await.text();
    assert!(page.contains("Nothing is pushed from here"), "{page}");
    let one = on("phone", "https://fcm.googleapis.com/SEKRET");
    assert_eq!(send(&stage, &mut ann, AT, &one).await.status, 404);

    desk.pushes_to(crate::devices::Hosts::default());
    let page = ann.get(&stage, AT).await;
    assert!(page.text().contains("data-push=\"B"), "{}", page.text());
    let policy = page.header("content-security-policy").to_owned();
    assert!(
        policy.contains("worker-src 'self'; manifest-src 'self'"),
        "{policy}"
    );
    let said = send(&stage, &mut ann, AT, &one).await;
    assert_eq!(said.header("location"), "/me/notifications?done=on");
    let said = send(
        &stage,
        &mut ann,
        AT,
        &on("tablet", "https://fcm.googleapis.com/y"),
    )
    .await;
    assert_eq!(said.status, 303);
    // The same again is the same.
    send(&stage, &mut ann, AT, &one).await;
    let names = async |who: &str| -> Vec<String> {
        let all = desk.devices(who.to_owned()).await.unwrap();
        all.into_iter().map(|device| device.name).collect()
    };
    assert_eq!(names("ann").await, ["tablet", "phone"]);
    let (store, _) = desk.store_and_clock();
    let kept = store.read(|view| view.settings()).await.unwrap();
    let kept = format!("{kept:?}{:?}", String::from_utf8_lossy(&kept["push.ann"]));
    assert!(
        !kept.contains("SEKRET") && !kept.contains("googleapis"),
        "{kept}"
    );
    assert!(!ann.get(&stage, AT).await.text().contains("SEKRET"));

    // A browser rings for whoever turned it on last.
    send(
        &stage,
        &mut bob,
        AT,
        &on("shared", "https://fcm.googleapis.com/SEKRET"),
    )
    .await;
    assert_eq!(
        (names("ann").await, names("bob").await),
        (vec!["tablet".to_owned()], vec!["shared".to_owned()])
    );
    let id = desk.devices("bob".to_owned()).await.unwrap()[0].id();
    let off = send(&stage, &mut ann, AT, &format!("off={id}")).await;
    assert_eq!(off.status, 404, "it is not hers");

    let bad = send(&stage, &mut ann, AT, &on("x", "https://10.0.0.1/x")).await;
    assert_eq!(bad.status, 422);
    assert!(bad.text().contains("10.0.0.1"), "{}", bad.text());
    let checked = desk.verify(None).await.unwrap();
    assert_eq!(checked.findings, [""; 0]);
    let reset = |_: &mut crate::auth::factors::Factors, _| Ok(crate::desk::FactorNews::Reset);
    let actor = procedure::Actor::system();
    desk.change_factors(actor, "ann".to_owned(), None, reset)
        .await
        .unwrap();
    assert!(names("ann").await.is_empty());
}

#[tokio::test]
async fn ten_devices_are_enough_and_whoever_is_locked_out_has_none() {
    let stage = Stage::new().await;
    let desk = &stage.app.desk;
    desk.pushes_to(crate::devices::Hosts::default());
    stage.account("ann", "member").await;
    let mut ann = stage.browser("ann").await;
    for n in 0..10 {
        let one = on("x", &format!("https://fcm.googleapis.com/{n}"));
        assert_eq!(send(&stage, &mut ann, AT, &one).await.status, 303, "{n}");
    }
    let more = on("x", "https://fcm.googleapis.com/10");
    assert_eq!(send(&stage, &mut ann, AT, &more).await.status, 422);
    assert_eq!(desk.devices("ann".to_owned()).await.unwrap().len(), 10);
    assert!(desk.devices("nobody".to_owned()).await.unwrap().is_empty());
}

#[tokio::test]
async fn worker_manifest_and_icon_are_there_for_everybody_and_may_do_little() {
    let stage = Stage::new().await;
    for (at, kind, policy) in [
        (
            "/push-worker.js",
            "text/javascript; charset=utf-8",
            "default-src 'none'; connect-src 'self'",
        ),
        (
            "/henhouse.webmanifest",
            "application/manifest+json",
            "default-src 'none'",
        ),
        ("/icon.svg", "image/svg+xml", "sandbox"),
        ("/icon.png", "image/png", "default-src 'none'"),
    ] {
        let said = stage.get(at, None).await;
        assert_eq!((said.status, said.header("content-type")), (200, kind));
        assert!(
            said.header("content-security-policy").contains(policy),
            "{at}"
        );
    }
    let manifest = stage.get("/henhouse.webmanifest", None).await.json();
    assert_eq!(manifest["icons"][0]["src"], "/icon.svg");
    let head = stage.get("/sign-in", None).await.text();
    assert!(head.contains(r#"<link rel="apple-touch-icon" href="/icon.png">"#));
    let asking = stage.request("POST", "/push/shown/0123456789abcdef", None, None);
    assert_eq!(stage.send(asking).await.status, 404);
}
