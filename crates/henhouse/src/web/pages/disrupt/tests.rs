//! A disruption by its pages: at High in two taps, at Medium with the hour seen, at Low with who has agreed.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use procedure::basis::{Asset, Environment, Project};
use procedure::project::Directory;
use serde_json::{Value, json};

use crate::web::stage::{Said, Stage, bytes};

struct Hand {
    stage: Stage,
    ann: String,
}

impl Hand {
    async fn at(severity: &str) -> Self {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let bob = stage.token("bob", "member").await;
        for (who, body) in [
            (&ann, json!({ "command": "acknowledge" })),
            (&bob, json!({ "command": "join" })),
            (
                &ann,
                json!({ "command": "set_severity", "severity": severity }),
            ),
        ] {
            stage.command("HH-1", who, body).await;
        }
        Self { stage, ann }
    }

    async fn page(&self, who: &str, path: &str) -> String {
        let said = self.stage.get(path, Some(who)).await;
        assert_eq!(said.status, 200, "{path}: {}", said.text());
        said.text()
    }

    async fn send(&self, who: &str, path: &str, body: &str) -> Said {
        let asking = bytes(path, body.as_bytes());
        let bearer = format!("Bearer {who}");
        self.stage.send(asking.with("authorization", &bearer)).await
    }

    async fn journal(&self) -> Vec<String> {
        let path = "/api/v1/cases/HH-1/journal?limit=500";
        let all = self.stage.get(path, Some(&self.ann)).await.json();
        let kind = |entry: &Value| entry["kind"].as_str().unwrap_or_default().to_owned();
        all["entries"]
            .as_array()
            .unwrap()
            .iter()
            .map(kind)
            .collect()
    }
}

const HERE: &str = "/cases/HH-1/disrupt";
const ASK: &str = "act=ask&text=Close+the+run&minutes=30&acting=Fewer+eggs&waiting=Fewer+hens";

#[tokio::test]
async fn at_high_a_service_is_disrupted_in_two_taps_with_the_rule_beside_the_button() {
    let hand = Hand::at("high").await;
    // The first tap opens the page.
    let html = hand.page(&hand.ann, HERE).await;
    let (before, after) = html.split_once("value=\"now\"").unwrap();
    let near = &before[before.len().saturating_sub(900)..];
    for field in ["minutes", "scope", "waiting"] {
        let named = format!("name=\"{field}\"");
        assert!(
            before.contains(&named) && !after.contains(&named),
            "{field} stands above the button: {html}"
        );
    }
    assert!(
        near.contains("Nobody's permission is needed")
            || near.contains("Nobody&#39;s permission is needed"),
        "{near}"
    );
    assert!(before.contains("<details>"), "the rest is folded: {before}");
    // The second one acts.
    let said = hand
        .send(&hand.ann, HERE, "act=now&text=Close+the+run")
        .await;
    assert_eq!(said.status, 303, "{}", said.text());
    assert!(
        hand.journal()
            .await
            .contains(&"disruption_started".to_owned())
    );
    let html = hand.page(&hand.ann, "/cases/HH-1/disrupt/D-1").await;
    assert!(
        html.contains("It is going on.") && html.contains("Close the run</textarea>"),
        "{html}"
    );
    for (act, kind) in [
        ("notice&notice=The+run+is+closed", "disruption_notice_sent"),
        ("end", "disruption_ended"),
    ] {
        let said = hand
            .send(&hand.ann, "/cases/HH-1/disrupt/D-1", &format!("act={act}"))
            .await;
        assert_eq!(said.status, 303, "{}", said.text());
        assert!(hand.journal().await.contains(&kind.to_owned()), "{kind}");
    }
}

#[tokio::test]
async fn at_medium_those_who_decide_are_asked_and_the_hour_is_seen() {
    let hand = Hand::at("medium").await;
    let said = hand
        .send(&hand.ann, HERE, "act=ask&text=Close+the+run")
        .await;
    let html = said.text();
    assert!(
        said.status == 409 && html.contains("R59: ") && html.contains("Close the run</textarea>"),
        "{html}"
    );
    let said = hand.send(&hand.ann, HERE, ASK).await;
    assert_eq!(said.status, 303, "{}", said.text());
    let there = "/cases/HH-1/disrupt/D-1";
    let html = hand.page(&hand.ann, there).await;
    assert!(
        html.contains("X20: ")
            && !html.contains("value=\"start\"")
            && !html.contains("You may act without an answer"),
        "behind the team's time those who decide are still asked: {html}"
    );
    let bob = hand.stage.token("bob", "member").await;
    assert!(hand.page(&bob, there).await.contains("value=\"agree\""));
    hand.send(&bob, there, "act=agree").await;
    assert!(
        !hand.page(&bob, there).await.contains("value=\"agree\""),
        "asked once"
    );
    let html = hand.page(&hand.ann, there).await;
    assert!(
        html.contains("value=\"wrote\"") && html.contains("The dee"),
        "{html}"
    );
    // Dee has no telephone: the message is enough, and the hour runs.
    let said = hand.send(&hand.ann, there, "act=wrote&decider=dee").await;
    assert_eq!(said.status, 303, "{}", said.text());
    let html = hand.page(&hand.ann, there).await;
    assert!(
        html.contains("You may act without an answer from") && html.contains("04:00 UTC"),
        "{html}"
    );
    let dee = hand.stage.token("dee", "member").await;
    let said = hand.send(&dee, there, "act=no").await;
    let html = said.text();
    assert!(
        said.status == 409 && html.contains("href=\"#reason\""),
        "a no says why: {html}"
    );
    hand.send(&dee, there, "act=yes").await;
    let html = hand.page(&hand.ann, there).await;
    assert!(
        html.contains("value=\"start\"") && html.contains("R64: "),
        "{html}"
    );
    let said = hand.send(&hand.ann, there, "act=start").await;
    assert_eq!(said.status, 303, "{}", said.text());
}

#[tokio::test]
async fn at_low_one_waits_and_sees_who_has_agreed() {
    let hand = Hand::at("low").await;
    hand.send(&hand.ann, HERE, ASK).await;
    let there = "/cases/HH-1/disrupt/D-1";
    let bob = hand.stage.token("bob", "member").await;
    hand.send(&bob, there, "act=agree").await;
    let html = hand.page(&hand.ann, there).await;
    assert!(
        html.contains("Nothing is done until") && html.contains("<strong>The bob</strong>: agrees"),
        "{html}"
    );
    assert!(
        !html.contains("You may act without an answer") && !html.contains("value=\"start\""),
        "{html}"
    );
    let said = hand.send(&hand.ann, there, "act=start").await;
    assert_eq!(said.status, 409, "{}", said.text());
    let none = hand
        .stage
        .get("/cases/HH-1/disrupt/D-9", Some(&hand.ann))
        .await;
    assert_eq!(none.status, 404);
}

/// What needs nobody's permission is offered as an act, and nobody is asked for a yes; at Medium somebody is.
#[tokio::test]
async fn at_high_a_waiting_disruption_is_begun_and_no_sitrep_asks_for_a_yes() {
    for (severity, first) in [
        ("high", "Begin D-1"),
        // Ann is none of those who decide.
        ("medium", "Note who was asked about D-1"),
    ] {
        let hand = Hand::at(severity).await;
        let said = hand.send(&hand.ann, HERE, ASK).await;
        assert_eq!(said.status, 303, "{}", said.text());
        let html = hand.page(&hand.ann, "/cases/HH-1/steps").await;
        let mut acts = html.split("/cases/HH-1/disrupt/D-1\">").skip(1);
        let act = acts.next().unwrap_or_default();
        assert!(act.starts_with(first), "{severity}: {html}");
        let html = hand.page(&hand.ann, "/cases/HH-1/sitrep").await;
        let asks = html.contains("A yes or no to D-1");
        assert_eq!(asks, severity == "medium", "{severity}: {html}");
    }
}

/// What is touched is under a hold, and nothing of it was captured: that stands before the button.
#[tokio::test]
async fn what_is_held_and_not_captured_is_said_above_the_button_that_begins() {
    let hand = Hand::at("high").await;
    let act = async |command: Value| {
        hand.stage.command("HH-1", &hand.ann, command).await;
    };
    let barn = ["barn-9"];
    hand.stage
        .change(
            "farm",
            |project: &mut Project, directory: &mut Directory| {
                directory.assets.insert("barn-9".into(), "barn-9".into());
                project.assets.push(Asset {
                    id: "barn-9".into(),
                    class: "host".into(),
                    environment: Environment::Production,
                    volatile: true,
                });
            },
        )
        .await;
    act(json!({ "command": "raise_suspicion", "reason": "a cut fence", "assets": barn })).await;
    act(json!({ "command": "place_hold", "text": "Leave it", "people": ["bob"], "assets": barn }))
        .await;
    act(
        json!({ "command": "request_disruption", "text": "Close the run", "assets": barn,
        "expected_minutes": 30, "risk_of_acting": "Eggs", "risk_of_waiting": "Hens" }),
    )
    .await;
    // The same words on each page that begins one, and a field for why it cannot wait.
    for (page, button) in [
        ("/cases/HH-1/disrupt", "value=\"now\""),
        ("/cases/HH-1/disrupt/D-1", "Begin it now"),
        ("/cases/HH-1/acts/start_disruption", "Begin it now"),
        (
            "/cases/HH-1/acts/start_disruption?disruption=D-1",
            "Begin it now",
        ),
    ] {
        let html = hand.page(&hand.ann, page).await;
        let (before, _) = html.split_once(button).unwrap();
        let (main, _) = before.split_once("<form").unwrap_or_default();
        let form = before.strip_prefix(main).unwrap_or_default();
        for must in [
            "barn-9 is under hold H-1, and",
            "href=\"/cases/HH-1/evidence\">To the evidence",
            "Why can it not wait for that?",
            "name=\"reason\"",
        ] {
            assert!(form.contains(must), "{page}: {must}: {html}");
        }
    }
    // A step that begins it says so first: its button on the page of steps leads to its form.
    act(json!({ "command": "add_step", "text": "Cut it", "owner": "ann", "asset": "barn-9" }))
        .await;
    act(
        json!({ "command": "request_disruption", "text": "Cut the run", "steps": ["S-1"],
        "expected_minutes": 30, "risk_of_acting": "Eggs", "risk_of_waiting": "Hens" }),
    )
    .await;
    let html = hand.page(&hand.ann, "/cases/HH-1/steps").await;
    assert!(
        html.contains("href=\"/cases/HH-1/acts/start_step?step=S-1\"")
            && !html.contains("action=\"/cases/HH-1/acts/start_step\""),
        "{html}"
    );
    let html = hand
        .page(&hand.ann, "/cases/HH-1/acts/start_step?step=S-1")
        .await;
    for must in [
        "It begins D-2: Cut the run",
        "barn-9 is under hold H-1, and",
    ] {
        assert!(html.contains(must), "{must}: {html}");
    }
    let there = "/cases/HH-1/disrupt/D-1";
    let said = hand.send(&hand.ann, there, "act=start&reason=They+are+inside");
    assert_eq!(said.await.status, 303);
    let html = hand.page(&hand.ann, "/cases/HH-1/timeline").await;
    assert!(html.contains("They are inside"), "{html}");
}

/// Where nothing is under a hold and nothing is missing, nobody is asked why it cannot wait.
#[tokio::test]
async fn where_nothing_is_kept_nobody_is_asked_why_it_cannot_wait() {
    let hand = Hand::at("high").await;
    let ask = json!({ "command": "request_disruption", "text": "Close the run" });
    hand.stage.command("HH-1", &hand.ann, ask).await;
    for page in [
        "/cases/HH-1/disrupt",
        "/cases/HH-1/disrupt/D-1",
        "/cases/HH-1/acts/start_disruption",
    ] {
        let html = hand.page(&hand.ann, page).await;
        assert!(!html.contains("Why can it not wait"), "{page}: {html}");
    }
}

/// Its step begins it, so it is asked for only: what was said of the hold waits beside the button that begins it.
#[tokio::test]
async fn why_it_cannot_wait_is_not_lost_where_a_step_begins_it() {
    let hand = Hand::at("high").await;
    for command in [
        json!({ "command": "place_hold", "text": "Leave it", "people": ["bob"] }),
        json!({ "command": "add_step", "text": "Close the run", "owner": "bob" }),
    ] {
        hand.stage.command("HH-1", &hand.ann, command).await;
    }
    let body = "act=now&text=Close+the+run&steps=S-1&reason=They+are+inside";
    let said = hand.send(&hand.ann, HERE, body).await;
    assert_eq!(said.status, 303, "{}", said.text());
    let html = hand.page(&hand.ann, said.header("location")).await;
    assert!(
        html.contains("Whatever it touches is under hold H-1")
            && html.contains("value=\"They are inside\""),
        "{html}"
    );
}
