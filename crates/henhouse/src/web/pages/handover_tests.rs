//! Command on its way by the page: offered with a briefing, read back, accepted; and taken in two steps.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use serde_json::json;

use crate::web::fields::escaped;
use crate::web::stage::{Said, Stage, bytes};

const HERE: &str = "/cases/HH-1/handover";

struct Hand {
    stage: Stage,
    ann: String,
    bob: String,
}

impl Hand {
    async fn new() -> Self {
        let stage = Stage::new().await;
        stage.report().await;
        let (ann, bob) = (
            stage.token("ann", "member").await,
            stage.token("bob", "member").await,
        );
        for (who, body) in [
            (&ann, json!({ "command": "acknowledge" })),
            (
                &ann,
                json!({ "command": "add_step", "text": "Mend the fence", "owner": "bob" }),
            ),
        ] {
            stage.command("HH-1", who, body).await;
        }
        Self { stage, ann, bob }
    }

    async fn page(&self, who: &str) -> String {
        let said = self.stage.get(HERE, Some(who)).await;
        assert_eq!(said.status, 200, "{}", said.text());
        said.text()
    }

    async fn send(&self, who: &str, body: &str) -> Said {
        let bearer = format!("Bearer {who}");
        let asking = bytes(HERE, body.as_bytes());
        self.stage.send(asking.with("authorization", &bearer)).await
    }

    async fn ic(&self) -> String {
        let case = self
            .stage
            .get("/api/v1/cases/HH-1", Some(&self.ann))
            .await
            .json();
        case["ic"].as_str().unwrap_or_default().to_owned()
    }
}

/// What stands in the boxes of the page, as a browser sends it.
fn boxes(html: &str) -> String {
    let all = html.split("<textarea id=\"briefing.").skip(1);
    let sent = all.map(|one| {
        let (id, rest) = one.split_once('"').unwrap();
        let (_, rest) = rest.split_once('>').unwrap();
        let (text, _) = rest.split_once("</textarea>").unwrap();
        format!("&briefing.{id}={}", escaped(text.trim()))
    });
    sent.collect()
}

#[tokio::test]
async fn command_is_offered_with_a_begun_briefing_read_back_and_accepted() {
    let hand = Hand::new().await;
    let html = hand.page(&hand.ann).await;
    for begun in [
        "The chickens are escaping",
        "S-1 Mend the fence",
        "If this is not done by",
        "The bob",
    ] {
        assert!(html.contains(begun), "{begun}: {html}");
    }
    let none = hand
        .send(&hand.ann, &format!("act=offer{}", boxes(&html)))
        .await;
    assert!(
        none.status == 422 && none.text().contains("href=\"#to\""),
        "{}",
        none.text()
    );
    // Two taps and what only they know: whom, and the button.
    let offered = hand
        .send(&hand.ann, &format!("act=offer&to=bob{}", boxes(&html)))
        .await;
    assert_eq!(offered.status, 303, "{}", offered.text());
    assert_eq!(hand.ic().await, "ann", "it is still hers");
    assert!(
        hand.page(&hand.ann)
            .await
            .contains("Until they accept it, command is yours.")
    );
    let html = hand.page(&hand.bob).await;
    assert!(
        html.contains("hands command over to you") && html.contains("S-1 Mend the fence"),
        "{html}"
    );
    assert!(!html.contains("The briefing lacks"), "{html}");
    let unread = hand.send(&hand.bob, "act=accept").await;
    assert!(
        unread.status == 422 && unread.text().contains("href=\"#read_back\""),
        "{}",
        unread.text()
    );
    // One sentence and one tap.
    let taken = hand
        .send(&hand.bob, "act=accept&read_back=Hens+out,+fence+next")
        .await;
    assert_eq!(
        taken.header("location"),
        "/cases/HH-1?did=accept_handover",
        "{}",
        taken.text()
    );
    assert_eq!(hand.ic().await, "bob");
}

#[tokio::test]
async fn an_offer_is_declined_or_taken_back_and_command_stays() {
    let hand = Hand::new().await;
    let boxes = boxes(&hand.page(&hand.ann).await);
    for (who, body) in [
        (&hand.bob, "act=decline&reason=Asleep"),
        (&hand.ann, "act=withdraw"),
    ] {
        let offered = hand
            .send(&hand.ann, &format!("act=offer&to=bob{boxes}"))
            .await;
        assert_eq!(offered.status, 303, "{}", offered.text());
        let said = hand.send(who, body).await;
        assert_eq!(said.status, 303, "{}", said.text());
        assert_eq!(hand.ic().await, "ann");
    }
}

#[tokio::test]
async fn command_is_taken_in_two_steps_with_a_reason() {
    let hand = Hand::new().await;
    let html = hand.page(&hand.bob).await;
    assert!(
        html.contains("value=\"take\"") && !html.contains("value=\"confirm\""),
        "{html}"
    );
    let bare = hand.send(&hand.bob, "act=take").await;
    assert!(
        bare.status == 422 && bare.text().contains("href=\"#reason\""),
        "{}",
        bare.text()
    );
    let first = hand.send(&hand.bob, "act=take&reason=Ann+is+asleep").await;
    assert_eq!(first.status, 303, "{}", first.text());
    assert_eq!(hand.ic().await, "ann", "the first step moves nothing");
    assert!(hand.page(&hand.bob).await.contains("value=\"confirm\""));
    let second = hand.send(&hand.bob, "act=confirm").await;
    assert_eq!(second.status, 303, "{}", second.text());
    assert_eq!(hand.ic().await, "bob");
    let oz = hand.stage.token("oz", "observer").await;
    assert!(
        !hand.page(&oz).await.contains("<button class=\"danger\""),
        "onlookers look on"
    );
}

#[tokio::test]
async fn a_briefing_that_nobody_can_accept_is_not_offered_and_each_gap_is_named_and_linked() {
    let hand = Hand::new().await;
    let boxes = boxes(&hand.page(&hand.ann).await);
    let kept: Vec<&str> = boxes
        .split('&')
        .filter(|one| !one.starts_with("briefing.situation="))
        .collect();
    let bare = kept.join("&");
    let said = hand
        .send(&hand.ann, &format!("act=offer&to=bob{bare}"))
        .await;
    let html = said.text();
    assert_eq!(said.status, 422, "{html}");
    for must in [
        "href=\"#briefing.situation\"",
        "without it nobody can accept",
        "id=\"briefing.situation-error\"",
        "S-1 Mend the fence",
    ] {
        assert!(html.contains(must), "{must}: {html}");
    }
    assert!(!html.contains("href=\"#briefing.open\""), "{html}");
    // By another way it can be offered so. Whoever gets it reads what is missing, and no name of a command.
    let offer =
        json!({ "command": "offer_handover", "to": "bob", "briefing": { "open": "The gate" } });
    hand.stage.command("HH-1", &hand.ann, offer).await;
    let html = hand.page(&hand.bob).await;
    assert!(
        html.contains("Ask The ann for it") && html.contains("/acts/accept_handover"),
        "{html}"
    );
    assert!(!html.contains("value=\"accept\""), "{html}");
    let read = hand.send(&hand.bob, "act=read&read_back=Hens+out").await;
    assert_eq!(read.status, 303, "{}", read.text());
    let said = hand.send(&hand.bob, "act=accept").await;
    let html = said.text();
    assert_eq!(said.status, 409, "{html}");
    assert!(
        html.contains("Ask The ann to add what is missing") && !html.contains("brief_handover"),
        "{html}"
    );
    assert_eq!(hand.ic().await, "ann");
}
