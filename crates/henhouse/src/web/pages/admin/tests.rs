//! Managing an installation by forms, without a script.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use serde_json::json;

use crate::auth::Known;
use crate::auth::factors::{App, app_secret, code_at};
use crate::auth::passkeys::device::Device;
use crate::desk::{Brings, Entrance, FactorNews};
use crate::web::stage::{Browser, Said, Stage};

/// A name that would run if it stood in a page as it is.
const HOSTILE: &str = "\"><script>alert(1)</script>";

async fn boss() -> (Stage, Browser) {
    let stage = Stage::new().await;
    stage.account("boss", "admin").await;
    let browser = stage.browser("boss").await;
    (stage, browser)
}

async fn send(stage: &Stage, browser: &mut Browser, path: &str, pairs: &[(&str, &str)]) -> Said {
    browser.press(stage, path, pairs).await
}

#[tokio::test]
async fn the_first_steps_say_what_is_missing_and_found_a_project() {
    let (stage, mut boss) = boss().await;
    let html = boss.get(&stage, "/admin").await.text();
    for must in [
        "What is still missing",
        "Say who is called",
        "Read the playbook",
        "/report/",
    ] {
        assert!(html.contains(must), "{must}: {html}");
    }
    // Where a page settles it, that page is linked, and no command line is named.
    assert!(html.contains("/playbook/editions/1\""), "{html}");
    assert!(!html.contains("henhouse playbook"), "{html}");
    let pond = [
        ("act", "found"),
        ("project", "The pond"),
        ("slug", "pond"),
        ("prefix", "PO"),
    ];
    let said = send(&stage, &mut boss, "/admin", &pond).await;
    assert_eq!(said.header("location"), "/projects/pond", "{}", said.text());
    let html = boss.get(&stage, "/admin").await.text();
    assert!(
        html.contains("Nobody can be called for The pond until this is done."),
        "{html}"
    );
    assert!(
        html.contains("Not yet for Mill, The pond; done for Farm")
            && html.contains("href=\"/projects/mill/paste\""),
        "whom it is done for, and whom not: {html}"
    );
    for (field, fields) in [
        (
            "project",
            [
                ("act", "found"),
                ("project", ""),
                ("slug", "x"),
                ("prefix", "X"),
            ],
        ),
        (
            "slug",
            [
                ("act", "found"),
                ("project", "X"),
                ("slug", "No Brings!"),
                ("prefix", "X"),
            ],
        ),
        (
            "prefix",
            [
                ("act", "found"),
                ("project", "X"),
                ("slug", "x"),
                ("prefix", "po"),
            ],
        ),
    ] {
        let said = send(&stage, &mut boss, "/admin", &fields).await;
        assert_eq!(said.status, 422, "{field}: {}", said.text());
        assert!(
            said.text().contains(&format!("href=\"#{field}\"")),
            "{field}: {}",
            said.text()
        );
    }
}

#[tokio::test]
async fn whoever_is_on_a_sheet_is_asked_in_by_one_button_and_locked_out_by_another() {
    let (stage, mut boss) = boss().await;
    stage.app.desk.mail_leaves();
    let at = "/admin/accounts";
    let html = boss.get(&stage, at).await.text();
    assert!(html.contains("name=\"person\" value=\"ann\""), "{html}");
    let said = send(&stage, &mut boss, at, &[("person", "ann")]).await;
    assert_eq!(
        said.header("location"),
        "/admin/accounts?done=asked&who=ann",
        "{}",
        said.text()
    );
    let html = boss.get(&stage, at).await.text();
    assert!(html.contains("has not chosen a password yet"), "{html}");
    let twice = send(&stage, &mut boss, at, &[("login", "ann"), ("name", "Ann")]).await;
    assert_eq!(twice.status, 422, "{}", twice.text());
    stage.account("bob", "member").await;
    let (phone, desk) = (stage.browser("bob").await, stage.browser("bob").await);
    let bob = "/admin/accounts/bob";
    let html = boss.get(&stage, bob).await.text();
    assert_eq!(html.matches("name=\"end\"").count(), 2, "{html}");
    let id = html
        .split("name=\"end\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    assert_eq!(
        send(&stage, &mut boss, bob, &[("end", id)]).await.status,
        303
    );
    let left = [
        phone.get(&stage, "/me").await.status,
        desk.get(&stage, "/me").await.status,
    ];
    assert_eq!(left.iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(
        send(
            &stage,
            &mut boss,
            bob,
            &[("act", "role"), ("role", "admin")]
        )
        .await
        .status,
        303
    );
    assert_eq!(
        send(&stage, &mut boss, bob, &[("act", "lock")])
            .await
            .status,
        303
    );
    let left = [
        phone.get(&stage, "/me").await.status,
        desk.get(&stage, "/me").await.status,
    ];
    assert_eq!(left, [303, 303]);
    let own = send(
        &stage,
        &mut boss,
        "/admin/accounts/boss",
        &[("act", "lock")],
    )
    .await;
    assert_eq!(own.status, 422, "nobody locks themselves out");
    assert_eq!(boss.get(&stage, "/admin/accounts/nobody").await.status, 404);
}

#[tokio::test]
async fn the_page_of_health_says_what_is_wrong_and_ends_the_break_glass_account() {
    let (stage, mut boss) = boss().await;
    let at = "/admin/health";
    let html = boss.get(&stage, at).await.text();
    for must in [
        "Still to be set up or tried: Calling people, Backups, Who watches the watcher.",
        "Nobody makes backups.",
        "There is none.",
        "Who watches the watcher",
    ] {
        assert!(html.contains(must), "{must}: {html}");
    }
    // What its channel did says more than that nobody asked.
    let at_last = stage.app.desk.clock().wall();
    let sends = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let works = std::sync::Arc::clone(&sends);
    stage.app.desk.sends_by(move || {
        let works = works.load(std::sync::atomic::Ordering::Relaxed);
        let mail = crate::report::to_do::ChannelReach {
            route: crate::desk::MAIL.to_owned(),
            reach: crate::report::to_do::MailReach::Reached,
            last_success: Some(at_last),
            ..Default::default()
        };
        works.then_some(mail).into_iter().collect()
    });
    let html = boss.get(&stage, at).await.text();
    assert!(
        html.contains("The mail server takes mail, the last time ")
            && !html.contains("has not been tried")
            && !html.contains("Last did its work"),
        "one true sentence: {html}"
    );
    sends.store(false, std::sync::atomic::Ordering::Relaxed);
    stage.app.desk.is_surrounded_by("/srv/hen".to_owned(), || {
        crate::report::to_do::MailReach::Failing("connection refused".to_owned())
    });
    let now = stage.app.desk.clock().wall();
    stage.app.desk.reads_mailboxes_by(move || {
        let mut reach = crate::report::mailbox::MailboxReach::new("security");
        reach.failing = Some((now, "it refuses the password".to_owned()));
        (reach.left, reach.left_because) = (2, Some("it is larger than 32 MiB".to_owned()));
        vec![reach]
    });
    let entrance = |brings: Brings, at: &str, project: &str, source: Option<&str>| Entrance {
        brings,
        at: at.to_owned(),
        project: project.to_owned(),
        source: source.map(str::to_owned),
    };
    stage.app.desk.is_reached_by(vec![
        entrance(Brings::Mail, "sec@farm.example", "farm", None),
        entrance(Brings::Mail, "barn@farm.example", "barrn", None),
        entrance(Brings::AlertMail, "disk@farm.example", "farn", Some("x")),
        entrance(
            Brings::AlertMail,
            "cpu@farm.example",
            "farm",
            Some("nagios"),
        ),
        entrance(Brings::Calls, "+15005550006", "faarm", None),
        entrance(Brings::Calls, "+15005550007", "farm", None),
    ]);
    for (path, said) in [
        ("/readyz", "there is no project barrn: correct the settings"),
        (
            at,
            "Mail to barn@farm.example is turned away, because it is for the project barrn",
        ),
        ("/readyz", "there is no project farn: correct the settings"),
        (
            at,
            "No alert is made of mail to disk@farm.example, because it is for the project farn",
        ),
        ("/readyz", "the project farm has no alert source nagios"),
        (
            at,
            "No alert is made of mail to cpu@farm.example, because the project farm has no alert source nagios",
        ),
        (
            "/readyz",
            "calls to a number of [voicemail] become reports of the first project, because there is no project faarm",
        ),
        (
            at,
            "Calls to +15005550006 become reports of the first project, because they are for the project faarm",
        ),
        ("/readyz", "the mailbox security is not read"),
        ("/readyz", "2 mails are left in the mailbox security"),
        ("/metrics", "henhouse_mailbox_left{mailbox=\"security\"} 2"),
        (at, "Mail from the mailbox security"),
        (at, "Nobody reads it since"),
        (
            at,
            "2 mails in it cannot be taken (the first: it is larger than 32 MiB)",
        ),
    ] {
        let found = boss.get(&stage, path).await.text();
        assert!(found.contains(said), "{said}: {found}");
    }
    let html = boss.get(&stage, at).await.text();
    let well = ["Mail to sec@farm.example", "Calls to +15005550007"];
    assert!(!well.iter().any(|said| html.contains(said)), "{html}");
    let ready = boss.get(&stage, "/readyz").await.text();
    let secret = ["farm.example", "555"].map(|said| ready.contains(said));
    assert_eq!(secret, [false; 2], "anybody reads it: {ready}");
    let boss_token = stage.token("boss2", "admin").await;
    let new = serde_json::json!({ "name": "nagios", "sender": "opsgenie" });
    let made = stage
        .post("/api/v1/projects/farm/sources", Some(&boss_token), new)
        .await;
    assert_eq!(made.status, 201, "{}", made.text());
    let ready = boss.get(&stage, "/readyz").await.text();
    assert!(!ready.contains("nagios"), "it is there now: {ready}");
    stage.app.desk.are_silent(vec!["the waker"]);
    let html = boss.get(&stage, at).await.text();
    assert!(
        html.contains("Something needs you: ") && html.contains("connection refused"),
        "{html}"
    );
    let actor = crate::auth::Known::owner().actor();
    stage
        .app
        .desk
        .make_break_glass(actor, "hash".to_owned())
        .await
        .unwrap();
    assert!(
        boss.get(&stage, at)
            .await
            .text()
            .contains("Shut it for good")
    );
    let said = send(&stage, &mut boss, at, &[("act", "glass")]).await;
    assert_eq!(
        said.header("location"),
        "/admin/health?done=glass",
        "{}",
        said.text()
    );
    assert!(boss.get(&stage, at).await.text().contains("There is none."));
}

#[tokio::test]
async fn pages_of_admins_are_for_admins() {
    let stage = Stage::new().await;
    stage.account("ann", "member").await;
    let mut ann = stage.browser("ann").await;
    for path in [
        "/admin",
        "/admin/accounts",
        "/admin/accounts/ann",
        "/admin/accounts/ann/sign-in",
        "/admin/health",
        "/drill",
    ] {
        assert_eq!(ann.get(&stage, path).await.status, 403, "{path}");
        assert_eq!(
            send(
                &stage,
                &mut ann,
                path,
                &[("act", "role"), ("role", "admin")]
            )
            .await
            .status,
            403
        );
    }
    assert!(
        !ann.get(&stage, "/now")
            .await
            .text()
            .contains("href=\"/admin\"")
    );
}

/// Gives somebody a passkey of that name; answers the browser in which they made it.
async fn with_passkey(stage: &Stage, person: &str, name: &str) -> Browser {
    let mut browser = stage.browser(person).await;
    let at = "/api/v1/factors/passkeys";
    let asked = browser
        .post(stage, at, json!({ "name": name }))
        .await
        .json();
    let made = Device::new(1).make(&asked["options"]);
    let body = json!({ "token": asked["token"], "credential": made });
    let said = browser.post(stage, &format!("{at}/confirm"), body).await;
    assert_eq!(said.status, 204, "{}", said.text());
    browser
}

/// Lets a code of an app be asked of them, too.
async fn with_app(stage: &Stage, person: &str) {
    let (owner, person) = (Known::owner().actor(), person.to_owned());
    let put_on = stage
        .app
        .desk
        .change_factors(owner, person, None, |factors, now| {
            let secret = app_secret(&[7; 32]);
            let second = u64::try_from(now.as_second()).unwrap_or_default();
            factors.app = App::confirmed(&secret, &code_at(&secret, second), now);
            Ok(FactorNews::AppOn)
        });
    put_on.await.unwrap();
}

#[tokio::test]
async fn what_was_lost_is_taken_off_one_by_one_and_its_person_comes_in_without_it() {
    let (stage, mut boss) = boss().await;
    stage.account("bob", "member").await;
    with_passkey(&stage, "bob", HOSTILE).await;
    with_app(&stage, "bob").await;
    let at = "/admin/accounts/bob/sign-in";
    let html = boss.get(&stage, at).await.text();
    assert!(
        html.contains("A code is asked for after the password"),
        "{html}"
    );
    assert!(!html.contains("<script>alert"), "{html}");
    let id = html.split("name=\"passkey\" value=\"").nth(1).unwrap();
    let id = id.split('"').next().unwrap().to_owned();
    let said = send(&stage, &mut boss, at, &[("passkey", &id)]).await;
    let there = format!("{at}?done=passkey");
    assert_eq!(said.header("location"), there, "{}", said.text());
    let html = boss.get(&stage, &there).await.text();
    assert!(html.contains("signs nobody in any more"), "{html}");
    assert!(!html.contains("name=\"passkey\""), "{html}");
    let again = send(&stage, &mut boss, at, &[("passkey", &id)]).await;
    assert_eq!(again.status, 404, "it is gone");
    assert!(html.contains("value=\"app\""), "the app goes on: {html}");
    let said = send(&stage, &mut boss, at, &[("act", "app")]).await;
    assert_eq!(
        said.header("location"),
        format!("{at}?done=app"),
        "{}",
        said.text()
    );
    let html = boss.get(&stage, at).await.text();
    assert!(html.contains("None: no code is asked for."), "{html}");
    stage.browser("bob").await;
    assert_eq!(
        send(&stage, &mut boss, at, &[("act", "none")]).await.status,
        422
    );
}

#[tokio::test]
async fn taking_everything_off_ends_every_session_and_nobody_takes_off_their_own() {
    let (stage, mut boss) = boss().await;
    stage.account("bob", "member").await;
    let bob = with_passkey(&stage, "bob", "blue key").await;
    assert_eq!(bob.get(&stage, "/me").await.status, 200);
    let at = "/admin/accounts/bob/sign-in";
    let said = send(&stage, &mut boss, at, &[("act", "all")]).await;
    assert_eq!(
        said.header("location"),
        format!("{at}?done=all"),
        "{}",
        said.text()
    );
    assert_eq!(
        bob.get(&stage, "/me").await.status,
        303,
        "they are signed out"
    );
    let html = boss.get(&stage, at).await.text();
    assert!(
        !html.contains("blue key") && !html.contains("value=\"all\""),
        "{html}"
    );
    let own = "/admin/accounts/boss/sign-in";
    assert_eq!(
        send(&stage, &mut boss, own, &[("act", "all")]).await.status,
        422
    );
    assert!(
        boss.get(&stage, own)
            .await
            .text()
            .contains("href=\"/me/sign-in\"")
    );
    let glass = format!("/admin/accounts/{}/sign-in", crate::desk::BREAK_GLASS);
    let owner = Known::owner().actor();
    let desk = &stage.app.desk;
    desk.make_break_glass(owner, "hash".to_owned())
        .await
        .unwrap();
    assert_eq!(boss.get(&stage, &glass).await.status, 404);
}

#[tokio::test]
async fn the_organisation_stands_in_every_head_and_takes_one_line() {
    let (stage, mut boss) = boss().await;
    let name = [("act", "organisation"), ("organisation", HOSTILE)];
    let said = send(&stage, &mut boss, "/admin", &name).await;
    assert_eq!(said.header("location"), "/admin?done=1", "{}", said.text());
    for path in ["/admin", "/report", "/projects/farm/card"] {
        let html = boss.get(&stage, path).await.text();
        assert!(html.contains("&#60;script&#62;alert(1)"), "{path}: {html}");
        assert!(!html.contains("<script>alert"), "{path}: {html}");
    }
    let long = "x".repeat(61);
    for wrong in [long.as_str(), "two\nlines"] {
        let name = [("act", "organisation"), ("organisation", wrong)];
        let said = send(&stage, &mut boss, "/admin", &name).await;
        assert_eq!(said.status, 422, "{wrong}");
        assert!(
            said.text().contains("href=\"#organisation\""),
            "{}",
            said.text()
        );
    }
    let none = [("act", "organisation"), ("organisation", "")];
    assert_eq!(send(&stage, &mut boss, "/admin", &none).await.status, 303);
    let html = boss.get(&stage, "/report").await.text();
    assert!(html.contains(" - Henhouse</title>"), "{html}");
}

#[tokio::test]
async fn hostile_names_are_words_and_nothing_else() {
    let (stage, mut boss) = boss().await;
    let account = [("name", HOSTILE), ("login", "mallory"), ("role", "member")];
    let said = send(&stage, &mut boss, "/admin/accounts", &account).await;
    assert_eq!(said.status, 303, "{}", said.text());
    let hostile = |_: &mut procedure::basis::Project,
                   directory: &mut procedure::project::Directory| {
        if let Some(contact) = directory.people.get_mut(&"ann".into()) {
            contact.name = HOSTILE.into();
        }
    };
    stage.change("farm", hostile).await;
    let project = [("act", "name"), ("name", HOSTILE)];
    assert_eq!(
        send(&stage, &mut boss, "/admin", &project).await.status,
        303
    );
    let devices = format!("/admin/accounts?done=asked&who={}", "%3Cscript%3Ealert");
    for path in [
        "/admin",
        "/admin/accounts",
        "/admin/accounts/mallory",
        &devices,
        "/admin/health",
    ] {
        let said = boss.get(&stage, path).await;
        assert_eq!(said.status, 200, "{path}");
        assert!(
            !said.text().contains("<script>alert"),
            "{path}: {}",
            said.text()
        );
    }
    let typed = [
        ("act", "found"),
        ("project", HOSTILE),
        ("slug", HOSTILE),
        ("prefix", "X"),
    ];
    let said = send(&stage, &mut boss, "/admin", &typed).await;
    assert_eq!(said.status, 422, "{}", said.text());
    assert!(!said.text().contains("<script>alert"), "{}", said.text());
}

#[tokio::test]
async fn in_a_drill_without_mail_the_link_is_shown_to_whoever_hands_it_over() {
    let stage = Stage::drill().await;
    stage.account("boss", "admin").await;
    stage.account("bob", "member").await;
    let mut boss = stage.browser("boss").await;
    let said = send(&stage, &mut boss, "/admin/accounts/bob", &[("act", "ask")]).await;
    assert_eq!(said.status, 200, "{}", said.text());
    let html = said.text();
    let token = html
        .split("/password/")
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap();
    assert_eq!(
        stage.get(&format!("/password/{token}"), None).await.status,
        200
    );
}

#[tokio::test]
async fn the_first_steps_ask_in_which_zone_the_project_is_and_nothing_chosen_is_utc() {
    let (stage, mut boss) = boss().await;
    let html = boss.get(&stage, "/admin").await.text();
    for must in [
        "name=\"first_zone\"",
        "If you choose nothing it stays UTC.",
        "<option value=\"UTC\" selected>",
        "<option value=\"America/New_York\">America/New York",
    ] {
        assert!(html.contains(must), "{must}: {html}");
    }
    let named = [("act", "name"), ("name", "The farm"), ("first_zone", "")];
    assert_eq!(send(&stage, &mut boss, "/admin", &named).await.status, 303);
    let html = boss.get(&stage, "/admin").await.text();
    assert!(html.contains("<option value=\"UTC\" selected>"), "{html}");
    let named = [
        ("act", "name"),
        ("name", "The farm"),
        ("first_zone", "Europe/Berlin"),
    ];
    assert_eq!(send(&stage, &mut boss, "/admin", &named).await.status, 303);
    let html = boss.get(&stage, "/admin").await.text();
    assert!(
        html.contains("<option value=\"Europe/Berlin\" selected>"),
        "{html}"
    );
    let wrong = [
        ("act", "name"),
        ("name", "The farm"),
        ("first_zone", "Moon/Sea"),
    ];
    let said = send(&stage, &mut boss, "/admin", &wrong).await;
    assert_eq!(said.status, 422, "{}", said.text());
    assert!(
        said.text().contains("href=\"#first_zone\""),
        "{}",
        said.text()
    );
}
