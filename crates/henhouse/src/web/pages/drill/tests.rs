//! Drills by forms, without a script: begun, conducted and scored.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use crate::web::stage::{Browser, Stage};

async fn signed_in(stage: &Stage, person: &str, role: &str) -> Browser {
    stage.account(person, role).await;
    stage.browser(person).await
}

/// Begins the drill of this id at the farm; answers the page on which it is conducted.
async fn begin(stage: &Stage, boss: &mut Browser, id: &str) -> String {
    let said = boss
        .press(stage, "/drill", &[("begin", id), ("project", "farm")])
        .await;
    assert_eq!(said.status, 303, "{}", said.text());
    said.header("location").to_owned()
}

#[tokio::test]
async fn a_canned_drill_is_begun_by_one_button_and_calls_people_as_a_drill() {
    let stage = Stage::new().await;
    let mut boss = signed_in(&stage, "boss", "admin").await;
    let html = boss.get(&stage, "/drill").await.text();
    assert!(
        html.contains("value=\"phished\"") && html.contains("mill"),
        "{html}"
    );
    assert!(
        !html.contains("name=\"clock\""),
        "time is real here: {html}"
    );
    let at = begin(&stage, &mut boss, "phished").await;
    assert_eq!(at, "/cases/HH-1/drill");
    let ann = stage.token("ann", "member").await;
    let case = stage.get("/api/v1/cases/HH-1", Some(&ann)).await.json();
    assert!(
        case["ic"].is_null(),
        "whoever conducts it is not in command: {case}"
    );
    let said = stage
        .get("/api/v1/cases/HH-1/deliveries", Some(&ann))
        .await
        .json();
    let all = said["deliveries"].as_array().unwrap();
    assert!(
        all.iter()
            .any(|one| one["person"] == "ann" && one["page"] == true),
        "{said}"
    );
    let html = boss.get(&stage, "/cases/HH-1").await.text();
    assert!(
        html.contains("class=\"drill\""),
        "it is marked among real cases: {html}"
    );
    assert!(
        !boss
            .get(&stage, "/cases")
            .await
            .text()
            .contains("class=\"drill\"")
    );
    let none = boss.press(&stage, "/drill", &[("begin", "war")]).await;
    assert_eq!(none.status, 422);
}

#[tokio::test]
async fn what_happens_meanwhile_is_given_once_and_seen_before_by_whoever_conducts_it_alone() {
    let stage = Stage::new().await;
    let mut boss = signed_in(&stage, "boss", "admin").await;
    let mut ann = signed_in(&stage, "ann", "member").await;
    let at = begin(&stage, &mut boss, "phished").await;
    let first = "Should I switch my computer off?";
    assert!(boss.get(&stage, &at).await.text().contains(first));
    let html = ann.get(&stage, &at).await.text();
    assert!(
        html.contains("Score sheet") && !html.contains(first),
        "{html}"
    );
    assert_eq!(ann.press(&stage, &at, &[("inject", "0")]).await.status, 403);
    for _ in 0..2 {
        let said = boss.press(&stage, &at, &[("inject", "0")]).await;
        assert_eq!(
            said.header("location"),
            format!("{at}#injects"),
            "{}",
            said.text()
        );
    }
    let html = boss.get(&stage, &at).await.text();
    assert!(
        html.contains("Given at") && !html.contains("value=\"0\""),
        "{html}"
    );
    let log = ann.get(&stage, "/cases/HH-1/timeline").await.text();
    assert_eq!(log.matches(first).count(), 1, "{log}");
    assert!(log.contains("DRILL. Pat, by telephone"), "{log}");
    let hostile = "<script>alert(1)</script>";
    let own = [("act", "say"), ("from", "A customer"), ("text", hostile)];
    assert_eq!(boss.press(&stage, &at, &own).await.status, 303);
    let log = ann.get(&stage, "/cases/HH-1/timeline").await.text();
    assert!(
        log.contains("&#60;script&#62;") && !log.contains(hostile),
        "{log}"
    );
    let half = [("act", "say"), ("from", hostile), ("text", "")];
    let said = boss.press(&stage, &at, &half).await;
    assert_eq!(said.status, 422);
    assert!(!said.text().contains(hostile), "{}", said.text());
}

#[tokio::test]
async fn a_real_case_is_no_drill_and_has_its_score_all_the_same() {
    let stage = Stage::new().await;
    stage.report().await;
    let mut boss = signed_in(&stage, "boss", "admin").await;
    let at = "/cases/HH-1/drill";
    let html = boss.get(&stage, at).await.text();
    assert!(
        html.contains("This is no drill.") && html.contains("Score sheet"),
        "{html}"
    );
    let own = [("act", "say"), ("from", "A customer"), ("text", "Hello")];
    assert_eq!(boss.press(&stage, at, &own).await.status, 422);
    for clock in ["minutes 10", "until due", "speed 1"] {
        assert_eq!(
            boss.press(&stage, at, &[("clock", clock)]).await.status,
            422,
            "{clock}"
        );
        assert_eq!(
            boss.press(&stage, "/drill", &[("clock", clock)])
                .await
                .status,
            422,
            "{clock}"
        );
    }
}

#[tokio::test]
async fn the_clock_of_a_drill_is_moved_by_its_buttons() {
    let stage = Stage::drill().await;
    // Nobody is called, so that no mail has to leave before the clock goes on.
    stage.revise("farm", &[]).await;
    let mut boss = signed_in(&stage, "boss", "admin").await;
    let at = begin(&stage, &mut boss, "shop").await;
    let html = boss.get(&stage, &at).await.text();
    assert!(html.contains("Go to what is due next"), "{html}");
    let before = stage.app.desk.now();
    let said = boss.press(&stage, &at, &[("clock", "minutes 10")]).await;
    assert_eq!(
        said.header("location"),
        format!("{at}#clock"),
        "{}",
        said.text()
    );
    let ten = stage.app.desk.now().duration_since(before);
    assert_eq!(ten.as_mins(), 10);
    for wrong in [
        "",
        "minutes",
        "minutes -1",
        "until never",
        "speed 61",
        "speed x",
    ] {
        let said = boss.press(&stage, &at, &[("clock", wrong)]).await;
        assert_eq!(said.status, 422, "{wrong}: {}", said.text());
    }
    let number = at.split('/').nth(2).unwrap();
    assert!(boss.get(&stage, "/drill").await.text().contains(number));
    let band = boss.get(&stage, "/now").await.text();
    assert!(
        band.contains("href=\"/drill\""),
        "one tap from every page: {band}"
    );
    // It may be days off, so that the session is over behind it.
    let due = stage.app.desk.next_wake().await.unwrap().unwrap();
    boss.press(&stage, "/drill", &[("clock", "until due")])
        .await;
    assert!(stage.app.desk.now() >= due);
}

#[tokio::test]
async fn whom_a_drill_writes_to_is_what_the_settings_say() {
    let stage = Stage::new().await;
    let mut boss = signed_in(&stage, "boss", "admin").await;
    let at = begin(&stage, &mut boss, "phished").await;
    let (inside, outside) = (
        "Messages leave to the team alone",
        "Messages leave to customers and others outside too",
    );
    for path in ["/drill", &at] {
        let html = boss.get(&stage, path).await.text();
        assert!(
            html.contains(inside) && !html.contains(outside),
            "{path}: {html}"
        );
    }
    stage.app.desk.drills_write_outside();
    for path in ["/drill", &at] {
        let html = boss.get(&stage, path).await.text();
        assert!(
            html.contains(outside) && !html.contains(inside),
            "{path}: {html}"
        );
    }
}
