//! A sitrep as somebody sends it who has a browser and no script: the taps are counted.

use serde_json::json;

use crate::web::fields::escaped;
use crate::web::stage::{Said, Stage, bytes};

const HERE: &str = "/cases/HH-1/sitrep";

struct Hand {
    stage: Stage,
    ann: String,
}

impl Hand {
    async fn new() -> Self {
        let stage = Stage::new().await;
        stage.client("farm", "acme").await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        for body in [
            json!({ "command": "acknowledge" }),
            json!({ "command": "add_stakeholder", "stakeholder": "acme", "reason": "Their hens" }),
        ] {
            stage.command("HH-1", &ann, body).await;
        }
        Self { stage, ann }
    }

    async fn page(&self, path: &str) -> String {
        let said = self.stage.get(path, Some(&self.ann)).await;
        assert_eq!(said.status, 200, "{path}: {}", said.text());
        said.text()
    }

    async fn send(&self, act: &str, fields: &[(&str, &str)]) -> Said {
        let mut body = format!("act={act}");
        if !fields.iter().any(|(name, _)| *name == "audiences") {
            body.push_str("&audiences=team&audiences=inside&audiences=outside");
        }
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", escaped(value)));
        }
        let bearer = format!("Bearer {}", self.ann);
        let asking = bytes(HERE, body.as_bytes());
        self.stage.send(asking.with("authorization", &bearer)).await
    }
}

#[tokio::test]
async fn a_sitrep_is_begun_from_the_record_looked_at_by_audience_and_sent() {
    let hand = Hand::new().await;
    let step = json!({ "command": "add_step", "text": "Mend the fence", "owner": "bob" });
    hand.stage.command("HH-1", &hand.ann, step).await;
    let raise = json!({ "command": "set_severity", "severity": "high" });
    hand.stage.command("HH-1", &hand.ann, raise).await;
    let html = hand.page(HERE).await;
    for begun in [
        "The chickens are escaping: severity High",
        "Severity is High since 03:00 UTC.",
        "Suspected, not confirmed yet",
        "Mend the fence (a responder",
        "Nothing at the moment.",
    ] {
        assert!(html.contains(begun), "{begun}: {html}");
    }
    let said = [
        ("summary", "Hens are out, ann says"),
        ("known", "Confirmed: two are gone"),
        ("need", "Nothing"),
        ("outside", "ann looks after your hens"),
    ];
    let preview = hand.send("preview", &said).await;
    let html = preview.text();
    assert_eq!(preview.status, 200, "{html}");
    assert_eq!(
        html.matches("Who works on what:").count(),
        1,
        "outsiders read no panel: {html}"
    );
    let (_, outside) = html.split_once("id=\"outside\"").unwrap_or_default();
    for (said, words) in [
        (true, "We are looking into it, since"),
        (true, "ann looks after your hens"),
        (false, "Hens are out"),
        (false, "The chickens are escaping"),
        (true, "[sitrep] HH-1<"),
        (true, "You hear more by"),
        (false, "Responders:"),
        (false, "two are gone"),
        (false, "What we need"),
        (false, "About the event"),
        (false, "/cases/HH-1\n"),
    ] {
        assert_eq!(
            outside.contains(words),
            said,
            "outsiders, {words}: {outside}"
        );
    }
    let unwritten = hand.send("preview", &said[..3]).await.text();
    let (_, outside) = unwritten.split_once("id=\"outside\"").unwrap_or_default();
    assert!(
        outside.contains("We are looking into it, since") && !outside.contains("ens are out"),
        "what nobody wrote for them is made by rule: {outside}"
    );
    assert!(
        html.contains("Goes to</") || html.contains("Goes to acme"),
        "{html}"
    );
    assert!(
        html.contains("Outsiders would read these names: ann"),
        "{html}"
    );
    let case = hand
        .stage
        .get("/api/v1/cases/HH-1", Some(&hand.ann))
        .await
        .json();
    assert!(
        case["sitreps"].as_array().is_none_or(Vec::is_empty),
        "nothing was sent: {case}"
    );
    let sent = hand.send("send", &said).await;
    assert_eq!(
        sent.header("location"),
        "/cases/HH-1/sitrep/1",
        "{}",
        sent.text()
    );
    let html = hand.page("/cases/HH-1/sitrep/1").await;
    for must in ["Hens are out", "It stands in the record.", "acme", "(mail)"] {
        assert!(html.contains(must), "{must}: {html}");
    }
}

#[tokio::test]
async fn that_nothing_has_changed_is_two_taps_and_not_a_third_time() {
    let hand = Hand::new().await;
    let tap = "name=\"act\" value=\"unchanged\"";
    assert!(!hand.page(HERE).await.contains(tap), "there is none yet");
    hand.send("send", &[("summary", "Hens are out")]).await;
    for n in 2..=3 {
        // The first tap opens the page, the second one sends it.
        assert!(hand.page(HERE).await.contains(tap), "{n}");
        let sent = hand.send("unchanged", &[]).await;
        assert_eq!(
            sent.header("location"),
            format!("/cases/HH-1/sitrep/{n}"),
            "{}",
            sent.text()
        );
    }
    let html = hand.page(HERE).await;
    assert!(
        !html.contains(tap) && html.contains("/acts/change_cadence"),
        "{html}"
    );
}

/// Where the record knows of something that has changed, that comes first; that nothing has is offered below it.
#[tokio::test]
async fn that_nothing_has_changed_is_not_put_first_where_something_has() {
    let hand = Hand::new().await;
    hand.send("send", &[("summary", "Hens are out")]).await;
    let (tap, draft) = ("name=\"act\" value=\"unchanged\"", "id=\"known\"");
    let form = "/cases/HH-1/acts/publish_sitrep";
    let first = "class=\"second\" name=\"no_change\"";
    let places = |html: &str| [tap, draft].map(|it| html.find(it).expect(it));
    let [unchanged, known] = places(&hand.page(HERE).await);
    assert!(unchanged < known, "nothing has changed");
    assert!(hand.page(form).await.contains(first));
    let step = json!({ "command": "add_step", "text": "Mend the fence", "owner": "bob" });
    hand.stage.command("HH-1", &hand.ann, step).await;
    let [unchanged, known] = places(&hand.page(HERE).await);
    assert!(unchanged > known, "a step was added");
    assert!(!hand.page(form).await.contains(first));
}

#[tokio::test]
async fn what_is_better_said_otherwise_is_said_and_nothing_typed_is_lost() {
    let hand = Hand::new().await;
    let html = hand
        .send(
            "preview",
            &[("summary", "The ann fixed it yesterday, password: swordfish")],
        )
        .await
        .text();
    for found in [
        "A secret? password",
        "A name: ann",
        "yesterday",
        "Say what is confirmed",
        "Say what is needed",
    ] {
        assert!(html.contains(found), "{found}: {html}");
    }
    assert!(
        html.contains("value=\"The ann fixed it yesterday, password: swordfish\""),
        "{html}"
    );
    let html = hand.send("edit", &[("known", "As typed")]).await.text();
    assert!(html.contains("As typed</textarea>"), "{html}");
    let said = hand
        .send("preview", &[("summary", "a"), ("next", "whenever")])
        .await;
    let html = said.text();
    assert!(
        said.status == 422 && html.contains("href=\"#next\"") && html.contains("whenever"),
        "{html}"
    );
    let said = hand.send("send", &[("known", "Only this")]).await;
    let html = said.text();
    assert!(
        said.status == 409 && html.contains("R42: ") && html.contains("Only this</textarea>"),
        "{html}"
    );
    hand.stage.token("eve", "member").await;
    let eve = hand.stage.token("eve", "member").await;
    assert_eq!(hand.stage.get(HERE, Some(&eve)).await.status, 404);
    assert_eq!(
        hand.stage
            .get("/cases/HH-1/sitrep/9", Some(&hand.ann))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn only_where_somebody_outside_gets_it_words_for_them_are_asked_for() {
    let hand = Hand::new().await;
    let html = hand.page(HERE).await;
    assert!(
        html.contains("name=\"outside\"") && html.contains("goes to acme. Left empty"),
        "{html}"
    );
    let off = json!({ "command": "remove_stakeholder", "stakeholder": "acme", "reason": "No hens of theirs" });
    hand.stage.command("HH-1", &hand.ann, off).await;
    let html = hand.page(HERE).await;
    assert!(!html.contains("name=\"outside\""), "{html}");
}

#[tokio::test]
async fn the_address_of_the_status_page_is_put_below_the_words_for_outsiders_by_one_tap() {
    let hand = Hand::new().await;
    let offer = "name=\"act\" value=\"link\"";
    let html = hand.page(HERE).await;
    assert!(!html.contains(offer), "nobody can open it yet: {html}");
    let owner = |project: &mut procedure::basis::Project, _: &mut procedure::project::Directory| {
        for member in &mut project.roster {
            if member.person.0 == "ann" {
                member.roles.insert(procedure::basis::Role::ProductOwner);
            }
        }
    };
    hand.stage.change("farm", owner).await;
    let team = "/cases/HH-1/status";
    for body in [
        "link=new",
        "text=Orders+are+late.&to=acme&marking=green&step=publish",
    ] {
        let bearer = format!("Bearer {}", hand.ann);
        let asking = bytes(team, body.as_bytes()).with("authorization", &bearer);
        let said = hand.stage.send(asking).await;
        assert_eq!(said.status, 303, "{body}: {}", said.text());
    }
    let html = hand.page(HERE).await;
    assert!(html.contains(offer), "{html}");
    let (look, link) = (html.find("value=\"preview\""), html.find(offer));
    assert!(look < link, "Enter looks at it and adds nothing: {html}");
    let said = hand
        .send("link", &[("outside", "We mend the fence.")])
        .await;
    let html = said.text();
    assert_eq!(said.status, 200, "{html}");
    let (_, words) = html
        .split_once("<textarea id=\"outside\"")
        .unwrap_or_default();
    let (words, _) = words.split_once("</textarea>").unwrap_or_default();
    assert!(words.contains("We mend the fence."), "{words}");
    let (_, address) = words
        .split_once("http://localhost:8400/status/")
        .unwrap_or_default();
    assert!(!html.contains(offer), "once is enough: {html}");
    let opened = hand
        .stage
        .get(&format!("/status/{}", address.trim()), None)
        .await;
    assert_eq!(opened.status, 200, "it opens without a sign-in");
    let typed = format!(
        "We mend the fence.\n\nhttp://localhost:8400/status/{}",
        address.trim()
    );
    let said = [
        ("known", "Confirmed: all"),
        ("need", "Nothing"),
        ("outside", &typed),
    ];
    let html = hand.send("preview", &said).await.text();
    assert!(html.contains("http://localhost:8400/status/"), "{html}");
    assert!(!html.contains("A secret?"), "{html}");
}

#[tokio::test]
async fn nobody_ticked_is_asked_again_and_not_everybody() {
    let hand = Hand::new().await;
    let said = [("summary", "Hens are out"), ("audiences", "")];
    for act in ["preview", "send"] {
        let asked = hand.send(act, &said).await;
        let html = asked.text();
        assert_eq!(asked.status, 422, "{html}");
        assert!(html.contains("href=\"#audiences\""), "{html}");
    }
}
