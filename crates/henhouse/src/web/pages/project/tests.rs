//! The contact sheet by its forms, without a script; and tables as nobody should paste them.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

mod papers;

use crate::web::fields::escaped;
use crate::web::stage::{Browser, Said, Stage};

/// Boss manages, in a browser.
async fn boss() -> (Stage, Browser) {
    let stage = Stage::new().await;
    stage.account("boss", "admin").await;
    let browser = stage.browser("boss").await;
    (stage, browser)
}

/// Sends a form with the token of a page, as a browser does.
async fn send(stage: &Stage, browser: &mut Browser, path: &str, pairs: &[(&str, &str)]) -> Said {
    let page = browser.get(stage, "/me").await.text();
    let token = page.split("name=\"form_token\" value=\"").nth(1).unwrap();
    let token = token.split('"').next().unwrap();
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("&{name}={}", escaped(value)));
    let body = format!("form_token={token}{}", pairs.collect::<String>());
    browser.form(stage, path, &body).await
}

/// The ids of the farm's contact sheet, in order.
async fn order(stage: &Stage) -> Vec<String> {
    let boss = stage.token("boss", "admin").await;
    let farm = stage.get("/api/v1/projects/farm", Some(&boss)).await.json();
    let roster = farm["project"]["roster"].as_array().unwrap().clone();
    let id = |member: serde_json::Value| member["person"].as_str().unwrap().to_owned();
    roster.into_iter().map(id).collect()
}

#[tokio::test]
async fn the_sheet_says_who_is_called_and_what_is_missing_and_only_those_on_it_read_it() {
    let stage = Stage::new().await;
    for (person, role) in [("ann", "member"), ("eve", "member"), ("boss", "admin")] {
        stage.account(person, role).await;
    }
    let ann = stage.browser("ann").await;
    let html = ann.get(&stage, "/projects/farm").await.text();
    for must in [
        "Called to a report, in this order",
        "After The bob it begins again with The ann",
        "ann@example.org",
        "has no telephone number",
        "Never tried",
        "Send me a test",
    ] {
        assert!(html.contains(must), "{must}: {html}");
    }
    assert!(
        !html.contains("value=\"up\""),
        "who may not change sees no button: {html}"
    );
    let list = ann.get(&stage, "/projects").await;
    assert_eq!(
        (list.status, list.header("location")),
        (303, "/projects/farm")
    );
    let eve = stage.browser("eve").await;
    assert_eq!(eve.get(&stage, "/projects/farm").await.status, 404);
    assert_eq!(eve.get(&stage, "/projects/farm/card").await.status, 404);
    stage.revise("farm", &[("ann", "responder")]).await;
    let html = ann.get(&stage, "/projects/farm").await.text();
    assert!(
        html.contains("Nobody after The ann, who is called again until they answer."),
        "{html}"
    );
}

#[tokio::test]
async fn people_are_moved_changed_added_and_taken_off_by_buttons() {
    let (stage, mut boss) = boss().await;
    let at = "/projects/farm";
    let up = send(&stage, &mut boss, at, &[("person", "bob"), ("act", "up")]).await;
    assert_eq!(up.status, 303, "{}", up.text());
    assert_eq!(order(&stage).await, ["bob", "ann", "dee", "oz"]);
    send(&stage, &mut boss, at, &[("person", "bob"), ("act", "down")]).await;
    assert_eq!(order(&stage).await, ["ann", "bob", "dee", "oz"]);
    let edit = "/projects/farm/people/bob";
    let was = boss.get(&stage, edit).await.text();
    let was = was.split("name=\"was\" value=\"").nth(1).unwrap();
    let was = was.split('"').next().unwrap().to_owned();
    let line = [
        ("name", "Bob B"),
        ("mail", "bob(at)x"),
        ("phone", "555"),
        ("routes", "pigeon 7"),
        ("was", &was),
    ];
    let wrong = send(&stage, &mut boss, edit, &line).await;
    assert_eq!(wrong.status, 422);
    for must in [
        "href=\"#mail\"",
        "href=\"#phone\"",
        "href=\"#routes\"",
        "value=\"pigeon 7\"",
        "href=\"#roles\"",
        "value=\"Bob B\"",
    ] {
        assert!(wrong.text().contains(must), "{must}: {}", wrong.text());
    }
    let good = [
        ("name", "Bob B"),
        ("phone", "+1 555 0101"),
        ("routes", "ntfy bob-SEKRET; mail bob@home.example"),
        ("roles", "responder"),
        ("roles", "decider"),
        ("was", &was),
    ];
    assert_eq!(send(&stage, &mut boss, edit, &good).await.status, 303);
    let html = boss.get(&stage, at).await.text();
    assert!(
        html.contains("Pages go by ntfy (nothing taken yet); mail (nothing taken yet).")
            && !html.contains("SEKRET"),
        "{html}"
    );
    let html = boss.get(&stage, edit).await.text();
    assert!(
        html.contains("value=\"ntfy bob-SEKRET, mail bob@home.example\""),
        "{html}"
    );
    let late = send(&stage, &mut boss, edit, &good).await;
    assert_eq!(
        late.status, 409,
        "what somebody changed meanwhile is not written over unseen"
    );
    assert!(
        late.text().contains("Somebody changed this line meanwhile"),
        "{}",
        late.text()
    );
    let new = [
        ("name", "Jürgen <b>Weiß</b>"),
        ("mail", "j@example.org"),
        ("roles", "responder"),
    ];
    let new = send(&stage, &mut boss, "/projects/farm/person", &new).await;
    assert_eq!(new.status, 303, "{}", new.text());
    assert_eq!(order(&stage).await[4], "juergen");
    let html = boss.get(&stage, at).await.text();
    assert!(
        html.contains("Jürgen &#60;b&#62;Weiß") && !html.contains("<b>Weiß"),
        "{html}"
    );
    let off = send(
        &stage,
        &mut boss,
        at,
        &[("person", "juergen"), ("act", "off")],
    )
    .await;
    assert!(
        off.header("location").contains("done=off"),
        "{}",
        off.header("location")
    );
    assert_eq!(order(&stage).await, ["ann", "bob", "dee", "oz"]);
}

#[tokio::test]
async fn a_message_to_oneself_is_one_tap_and_the_sheet_says_when_it_was() {
    let stage = Stage::new().await;
    stage.account("ann", "member").await;
    stage.app.desk.mail_leaves();
    let mut ann = stage.browser("ann").await;
    let sent = send(&stage, &mut ann, "/projects/farm/test", &[]).await;
    assert_eq!(
        sent.header("location"),
        "/projects/farm?done=test",
        "{}",
        sent.text()
    );
    let html = ann.get(&stage, "/projects/farm").await.text();
    assert!(
        html.contains("Tried Mon 2 Mar 2026, 03:00 UTC, it has not left yet."),
        "{html}"
    );
}

const PASTE: &str = "/projects/farm/paste";

/// The mark under which a table was checked.
fn checked(html: &str) -> String {
    let mark = html
        .split("name=\"checked\" value=\"")
        .nth(1)
        .unwrap_or_default();
    mark.split('"').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_table_is_checked_first_and_wrong_lines_lose_nobody_else_their_place() {
    let (stage, mut boss) = boss().await;
    let table = "Name;Mail;Telefon;Rollen\n\
        Jane Doe;jane@example.org;+1 555 0100;responder\n\
        =HYPERLINK(\"http://evil.example\");x@example.org;;responder\n\
        <script>alert(1)</script>;s@example.org;;observer\n\
        Bob Neu;bob@example.org;;\n\
        Nobody;no address;;captain";
    let first = send(
        &stage,
        &mut boss,
        PASTE,
        &[("table", table), ("act", "take")],
    )
    .await;
    assert_eq!(first.status, 422, "what nobody checked is not taken");
    let html = first.text();
    for must in [
        "2 lines cannot be taken yet",
        "Line 3",
        "Line 6",
        "captain is no role here",
        "3 lines are right",
    ] {
        assert!(html.contains(must), "{must}: {html}");
    }
    assert!(!html.contains("<script>alert"), "{html}");
    assert!(html.contains("=HYPERLINK"), "nothing is lost: {html}");
    assert_eq!(order(&stage).await, ["ann", "bob", "dee", "oz"]);
    let mark = checked(&html);
    let fields = [("table", table), ("act", "take"), ("checked", &mark)];
    let taken = send(&stage, &mut boss, PASTE, &fields).await;
    assert_eq!(taken.status, 200, "{}", taken.text());
    let html = taken.text();
    assert!(html.contains("3 people are on the sheet now."), "{html}");
    assert!(
        html.contains("=HYPERLINK") && !html.contains("Jane Doe;jane"),
        "only what is wrong stays: {html}"
    );
    assert_eq!(
        order(&stage).await,
        ["ann", "bob", "dee", "oz", "jane", "scriptalert1script"]
    );
    let html = boss.get(&stage, "/projects/farm").await.text();
    assert!(html.contains("Bob Neu"), "known by the address: {html}");
}

#[tokio::test]
async fn whoever_has_an_account_is_the_same_on_the_sheet_and_nobody_else_becomes_them() {
    let (stage, mut boss) = boss().await;
    // Boss has an account without an address, and zoe one with another than the Zoe who is pasted.
    stage.account("zoe", "member").await;
    let html = boss.get(&stage, "/projects/farm").await.text();
    assert!(html.contains("or boss in the column"), "{html}");
    let table = "name,mail\nThe boss,boss@farm.example\nZoe Zander,zz@farm.example";
    let html = send(
        &stage,
        &mut boss,
        PASTE,
        &[("table", table), ("act", "check")],
    )
    .await;
    let html = html.text();
    assert!(
        html.contains("the same as boss, who is known already"),
        "{html}"
    );
    let mark = checked(&html);
    let fields = [("table", table), ("act", "take"), ("checked", &mark)];
    assert_eq!(send(&stage, &mut boss, PASTE, &fields).await.status, 303);
    assert_eq!(
        order(&stage).await,
        ["ann", "bob", "dee", "oz", "boss", "zoe-z"]
    );
    let fields = [("name", "The zoe"), ("mail", ""), ("roles", "responder")];
    send(&stage, &mut boss, "/projects/farm/person", &fields).await;
    assert!(
        order(&stage).await.contains(&"zoe".to_owned()),
        "by the name of her account"
    );
}

#[tokio::test]
async fn a_whole_sheet_replaces_the_one_before_and_says_who_comes_off() {
    let (stage, mut boss) = boss().await;
    let table = "name,mail\nThe bob,bob@example.org\nZoe,zoe@example.org\nThe ann,ann@example.org";
    let fields = [("table", table), ("mode", "replace"), ("act", "check")];
    let html = send(&stage, &mut boss, PASTE, &fields).await.text();
    assert!(
        html.contains("come off the sheet: The dee, The oz"),
        "{html}"
    );
    let mark = checked(&html);
    let fields = [
        ("table", table),
        ("mode", "replace"),
        ("act", "take"),
        ("checked", &mark),
    ];
    let taken = send(&stage, &mut boss, PASTE, &fields).await;
    assert_eq!(
        taken.header("location"),
        "/projects/farm?done=pasted",
        "{}",
        taken.text()
    );
    assert_eq!(order(&stage).await, ["bob", "zoe", "ann"]);
}

#[tokio::test]
async fn hostile_tables_change_nothing_and_are_answered_in_words() {
    let (stage, mut boss) = boss().await;
    let long = "Jane,jane@example.org\n".repeat(10_000);
    let said = send(
        &stage,
        &mut boss,
        PASTE,
        &[("table", &long), ("act", "check")],
    )
    .await;
    assert_eq!(said.status, 422);
    assert!(
        said.text().contains("The table has 10000 lines"),
        "{}",
        &said.text()[..2000]
    );
    let wide = format!("name,mail\n{},a@b.c", "x".repeat(70_000));
    let said = send(
        &stage,
        &mut boss,
        PASTE,
        &[("table", &wide), ("act", "check")],
    )
    .await;
    assert!(
        said.text().contains("longer than 200 letters"),
        "a cell of 70,000 letters"
    );
    let torn = "name,mail\n\"Jane,a@b.c\nBob,bob@example.org";
    let said = send(
        &stage,
        &mut boss,
        PASTE,
        &[("table", torn), ("act", "check")],
    )
    .await
    .text();
    assert!(
        said.contains("quotation mark") && said.contains("1 line is right"),
        "{said}"
    );
    let latin = "name,mail\nJ\u{fffd}rgen,j@example.org";
    let said = send(
        &stage,
        &mut boss,
        PASTE,
        &[("table", latin), ("act", "check")],
    )
    .await
    .text();
    assert!(said.contains("Save the file as UTF-8"), "{said}");
    let page = boss.get(&stage, PASTE).await.text();
    let token = page.split("name=\"form_token\" value=\"").nth(1).unwrap();
    let token = token.split('"').next().unwrap();
    for raw in ["table=J%FCrgen,j@x.y", "table=a%00b"] {
        let said = boss
            .form(&stage, PASTE, &format!("form_token={token}&{raw}"))
            .await;
        assert_eq!(said.status, 422, "{raw}: {}", said.text());
    }
    assert_eq!(order(&stage).await, ["ann", "bob", "dee", "oz"]);
}

#[tokio::test]
async fn the_pages_of_alerts_stand_below_one_tab() {
    let (stage, boss) = boss().await;
    let sheet = boss.get(&stage, "/projects/farm").await.text();
    assert!(
        sheet.contains(r#"<a href="/projects/farm/sources">Alerts</a>"#),
        "{sheet}"
    );
    assert!(!sheet.contains("/projects/farm/alert-routes"), "{sheet}");
    assert!(sheet.contains(r#"href="/projects/farm/card""#), "{sheet}");
    let routes = boss.get(&stage, "/projects/farm/alert-routes").await.text();
    for must in [
        r#"<a href="/projects/farm/sources" aria-current="true">Alerts</a>"#,
        r#"<a href="/projects/farm/alert-routes" aria-current="page">"#,
        r#"<a href="/projects/farm/shadow">"#,
    ] {
        assert!(routes.contains(must), "{must}: {routes}");
    }
    stage.account("ann", "member").await;
    let ann = stage.browser("ann").await;
    let seen = ann.get(&stage, "/projects/farm").await.text();
    assert!(
        !seen.contains(">Alerts</a>"),
        "there is none for her: {seen}"
    );
}

#[tokio::test]
async fn who_is_no_admin_changes_nothing() {
    let stage = Stage::new().await;
    stage.account("ann", "member").await;
    let mut ann = stage.browser("ann").await;
    for path in [
        "/projects/farm",
        "/projects/farm/person",
        "/projects/farm/people/bob",
        PASTE,
    ] {
        let said = send(&stage, &mut ann, path, &[("person", "bob"), ("act", "up")]).await;
        assert_eq!(said.status, 403, "{path}");
    }
    assert_eq!(order(&stage).await[0], "ann");
}

#[tokio::test]
async fn every_setting_is_a_form_that_keeps_what_was_typed() {
    let (stage, mut boss) = boss().await;
    let at = "/projects/farm/settings";
    let html = boss.get(&stage, at).await.text();
    for must in [
        "Stakeholders and customers",
        "Time zone",
        "Who is called to restricted cases?",
        "numbered HH-1",
    ] {
        assert!(html.contains(must), "{must}: {html}");
    }
    let bad = [
        ("act", "hours"),
        ("zone", "Moon/Base"),
        ("monday", "nine"),
        ("holidays", "xmas"),
    ];
    let said = send(&stage, &mut boss, at, &bad).await;
    assert_eq!(said.status, 422);
    for must in [
        "href=\"#zone\"",
        "href=\"#monday\"",
        "href=\"#holidays\"",
        "value=\"nine\"",
    ] {
        assert!(said.text().contains(must), "{must}: {}", said.text());
    }
    let good = [
        ("act", "hours"),
        ("zone", "Europe/Berlin"),
        ("monday", "9-12, 13-17"),
        ("holidays", "25.12.2026\n2026-12-26"),
    ];
    assert_eq!(send(&stage, &mut boss, at, &good).await.status, 303);
    let about = [
        ("act", "about"),
        ("name", "The big farm"),
        ("reports", "known"),
    ];
    assert_eq!(send(&stage, &mut boss, at, &about).await.status, 303);
    let holds = [("act", "holds"), ("sensitive_pii", "yes")];
    assert_eq!(send(&stage, &mut boss, at, &holds).await.status, 303);
    let chain = [
        ("act", "chain"),
        ("second_chain", "dee"),
        ("second_chain", "ann"),
    ];
    assert_eq!(send(&stage, &mut boss, at, &chain).await.status, 303);
    let token = stage.token("boss", "admin").await;
    let farm = stage
        .get("/api/v1/projects/farm", Some(&token))
        .await
        .json();
    let facts = &farm["project"];
    assert_eq!(farm["name"], "The big farm");
    assert_eq!(facts["calendar"]["zone"], "Europe/Berlin");
    assert_eq!(
        facts["calendar"]["business_hours"]["monday"][1]["from"],
        "13:00:00"
    );
    let holidays = &facts["calendar"]["holidays"];
    assert_eq!(*holidays, serde_json::json!(["2026-12-25", "2026-12-26"]));
    assert_eq!(facts["known_reporters_only"], true);
    assert_eq!(
        facts["profile"],
        serde_json::json!({ "high_value_assets": null, "sensitive_pii": true })
    );
    assert_eq!(facts["second_chain"], serde_json::json!(["dee", "ann"]));
    let stale = [("act", "about"), ("name", "Mine"), ("was", "0000")];
    let said = send(&stage, &mut boss, at, &stale).await;
    assert_eq!(said.status, 409);
    assert!(said.text().contains("value=\"Mine\""), "{}", said.text());
}

/// A list, the form for one of it, and what is then shown.
type List = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

#[tokio::test]
async fn every_list_takes_one_changes_it_and_lets_it_go() {
    let (stage, mut boss) = boss().await;
    let lists: [List; 7] = [
        (
            "stakeholders",
            &[
                ("name", "Acme <Corp>"),
                ("mail", "sec@acme.example"),
                ("whose", "outside"),
                ("ceiling", "green"),
                ("standing", "true"),
            ],
            "Acme &#60;Corp&#62;",
        ),
        (
            "numbers",
            &[("label", "on duty"), ("number", "+1 555 0100")],
            "+1 555 0100",
        ),
        (
            "duty",
            &[
                ("person", "ann"),
                ("from", "2026-03-03 09:00"),
                ("until", "2026-03-04 09:00"),
            ],
            "The ann",
        ),
        (
            "assets",
            &[
                ("name", "web-2"),
                ("class", "host"),
                ("environment", "production"),
                ("volatile", "true"),
            ],
            "web-2",
        ),
        (
            "dependencies",
            &[
                ("name", "DNS"),
                ("status_page", "https://status.example"),
                ("fallback", "the hosts file"),
            ],
            "the hosts file",
        ),
        (
            "maintenance",
            &[
                ("what", "New kernel"),
                ("from", "2026-03-03 09:00"),
                ("until", "2026-03-03 10:00"),
            ],
            "New kernel",
        ),
        (
            "places",
            &[("name", "chat"), ("place", "#incident")],
            "#incident",
        ),
    ];
    for (part, fields, shown) in lists {
        let at = format!("/projects/farm/lists/{part}");
        let empty = send(&stage, &mut boss, &at, &[("act", "keep")]).await;
        assert_eq!(empty.status, 422, "{part}: {}", empty.text());
        let mut add = fields.to_vec();
        add.push(("act", "keep"));
        let said = send(&stage, &mut boss, &at, &add).await;
        assert_eq!(said.status, 303, "{part}: {}", said.text());
        let html = boss.get(&stage, &at).await.text();
        assert!(html.contains(shown), "{part}: {html}");
        let id = html
            .split("?id=")
            .nth(1)
            .unwrap()
            .split('#')
            .next()
            .unwrap()
            .to_owned();
        let form = boss.get(&stage, &format!("{at}?id={id}")).await.text();
        assert!(
            form.contains(&format!("name=\"id\" value=\"{id}\"")),
            "{part}: {form}"
        );
        add.push(("id", &id));
        assert_eq!(
            send(&stage, &mut boss, &at, &add).await.status,
            303,
            "{part} is changed"
        );
        let html = boss.get(&stage, &at).await.text();
        assert_eq!(
            html.matches("?id=").count(),
            1,
            "{part} is not doubled: {html}"
        );
        assert_eq!(
            send(&stage, &mut boss, &at, &[("act", "off"), ("id", &id)])
                .await
                .status,
            303,
            "{part}"
        );
        assert!(
            boss.get(&stage, &at).await.text().contains("Nothing yet."),
            "{part}"
        );
    }
    let wrong = [
        ("act", "keep"),
        ("name", "X"),
        ("status_page", "javascript:alert(1)"),
    ];
    let said = send(
        &stage,
        &mut boss,
        "/projects/farm/lists/dependencies",
        &wrong,
    )
    .await;
    assert!(
        said.text().contains("href=\"#status_page\""),
        "{}",
        said.text()
    );
    assert_eq!(
        boss.get(&stage, "/projects/farm/lists/nothing")
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn an_edition_is_proposed_by_one_compared_and_reviewed_by_another_on_pages() {
    let stage = Stage::new().await;
    for person in ["ann", "bob"] {
        stage.account(person, "member").await;
    }
    let (mut ann, mut bob) = (stage.browser("ann").await, stage.browser("bob").await);
    let at = "/projects/farm/playbook";
    let html = ann.get(&stage, at).await.text();
    assert!(
        html.contains("In force, and nobody has reviewed it yet"),
        "{html}"
    );
    let propose = format!("{at}/propose");
    assert!(
        ann.get(&stage, &propose)
            .await
            .text()
            .contains("alarm.ack_limit_minutes")
    );
    for (fields, must) in [
        (&[("alarm.ack_limit_minutes", "5")][..], "href=\"#reason\""),
        (&[("reason", "So")], "Nothing is changed yet."),
        (
            &[("reason", "So"), ("alarm.ack_limit_minutes", "soon")],
            "is no whole number",
        ),
        (&[("reason", "So"), ("toml", "alarm.akc = 1")], "akc"),
        (&[("reason", "So"), ("toml", "]]")], "href=\"#toml\""),
    ] {
        let said = send(&stage, &mut ann, &propose, fields).await;
        assert_eq!(said.status, 422, "{must}: {}", said.text());
        assert!(said.text().contains(must), "{must}: {}", said.text());
    }
    let fields = [
        ("reason", "We are <near>."),
        ("alarm.ack_limit_minutes", "5"),
        ("toml", "roles.skills = [\"hens\"]"),
    ];
    let said = send(&stage, &mut ann, &propose, &fields).await;
    assert_eq!(
        said.header("location"),
        "/projects/farm/playbook?done=proposed",
        "{}",
        said.text()
    );
    let html = bob
        .get(&stage, &format!("{at}/compare?from=1&to=2"))
        .await
        .text();
    for must in [
        "alarm.ack_limit_minutes",
        "<del>10 minutes</del>",
        "<ins>5 minutes</ins>",
        "2 values differ",
    ] {
        assert!(html.contains(must), "{must}: {html}");
    }
    let edition = format!("{at}/editions/2");
    let html = bob.get(&stage, &edition).await.text();
    assert!(
        html.contains("Accept it")
            && html.contains("this project: 5 minutes instead of 10 minutes"),
        "{html}"
    );
    let own = send(&stage, &mut ann, &edition, &[("act", "accept")]).await;
    assert_eq!(own.status, 409);
    assert!(
        own.text().contains("somebody other than its author"),
        "{}",
        own.text()
    );
    let silent = send(&stage, &mut bob, &edition, &[("act", "turn-down")]).await;
    assert_eq!(silent.status, 422, "turning it down needs a reason");
    let yes = send(&stage, &mut bob, &edition, &[("act", "accept")]).await;
    assert_eq!(
        yes.header("location"),
        "/projects/farm/playbook?done=accepted",
        "{}",
        yes.text()
    );
    let html = bob.get(&stage, at).await.text();
    assert!(
        html.contains("edition 2") && html.contains("Accepted by The bob"),
        "{html}"
    );
    // What differs from the shipped one goes on differing with the next change.
    let fields = [("reason", "Slower"), ("alarm.ack_limit_minutes", "7")];
    assert_eq!(send(&stage, &mut bob, &propose, &fields).await.status, 303);
    let html = ann
        .get(&stage, &format!("{at}/compare?from=2&to=3"))
        .await
        .text();
    assert!(
        html.contains("1 value differs") && html.contains("<ins>7 minutes</ins>"),
        "{html}"
    );
    assert_eq!(
        ann.get(&stage, &format!("{at}/editions/9")).await.status,
        404
    );
}

#[tokio::test]
async fn whoever_answered_a_page_was_reached_though_no_test_was_ever_sent() {
    let stage = Stage::new().await;
    stage.report().await;
    let ann = stage.token("ann", "member").await;
    let sheet = async || stage.get("/projects/farm", Some(&ann)).await.text();
    assert_eq!(sheet().await.matches("Never tried").count(), 4);
    let link = stage.ack_link("ann").await;
    let link = link.replace("/api/v1/links/", "/ack/");
    let said = stage.send(crate::web::stage::bytes(&link, b"act=take"));
    assert_eq!(said.await.status, 200);
    let html = sheet().await;
    assert_eq!(html.matches("Never tried").count(), 3, "{html}");
    assert!(html.contains("They answered a call"), "{html}");
}

#[tokio::test]
async fn a_german_reads_times_in_german_and_raw_keys_stand_folded_away() {
    let stage = Stage::in_zone("Europe/Berlin").await;
    let ann = stage.token("ann", "admin").await;
    let read = async |page: &str| {
        let asking = stage.request("GET", page, Some(&ann), None);
        let said = stage.send(asking.with("accept-language", "de")).await;
        assert_eq!(said.status, 200, "{page}: {}", said.text());
        said.text()
    };
    let html = read("/projects/farm/playbook").await;
    assert!(
        html.contains("Mo 2. März 2026 um 04:00 MEZ") && !html.contains("2026-03-02 03:00 UTC"),
        "{html}"
    );
    let html = read("/projects/farm/playbook/propose").await;
    let (before, folded) = html
        .split_once("Wie diese Einstellungen in der Datei heißen, für Programme")
        .unwrap_or_default();
    assert!(!before.contains("<code"), "{before}");
    assert!(folded.contains("<code lang=\"en\">"), "{folded}");
}
