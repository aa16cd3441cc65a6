//! How the page reads: its language, its order, and what stands at the thumb.

use serde_json::json;

use crate::web::stage::Stage;

#[tokio::test]
async fn a_case_is_read_in_german_with_the_procedures_words_marked_as_english() {
    let stage = Stage::new().await;
    stage.report().await;
    let ann = stage.token("ann", "member").await;
    for page in [
        "",
        "/timeline",
        "/leads",
        "/steps",
        "/evidence",
        "/people",
        "/files",
        "/entries/1",
    ] {
        let asking = stage.request("GET", &format!("/cases/HH-1{page}"), Some(&ann), None);
        let html = stage
            .send(asking.with("accept-language", "de"))
            .await
            .text();
        assert!(html.contains("Verlauf"), "{page}: {html}");
        assert!(!html.contains("<main id=\"main\" lang=\"en\""), "{page}");
    }
}

/// What stands at the thumb on a phone.
fn thumb(html: &str) -> Option<&str> {
    let (_, bar) = html.split_once("<nav class=\"thumb\"")?;
    bar.split_once("</nav>").map(|(bar, _)| bar)
}

#[tokio::test]
async fn at_the_thumb_stand_the_next_act_a_note_and_everything_else_and_nothing_for_who_only_reads()
{
    let stage = Stage::new().await;
    stage.report().await;
    let (ann, watcher) = (
        stage.token("ann", "member").await,
        stage.token("oz", "observer").await,
    );
    for page in [
        "",
        "/timeline",
        "/leads",
        "/steps",
        "/evidence",
        "/people",
        "/files",
    ] {
        let at = format!("/cases/HH-1{page}");
        let html = stage.get(&at, Some(&ann)).await.text();
        let bar = thumb(&html).unwrap_or_else(|| panic!("{page}: {html}"));
        for must in ["value=\"take\"", "HH-1#text\"", "HH-1/acts\"", "Take it"] {
            assert!(bar.contains(must), "{page}: {must}: {bar}");
        }
        let main = html.find("</main>").unwrap_or(usize::MAX);
        assert!(
            html.find("class=\"thumb\"") > Some(main),
            "it is the last in the order: {html}"
        );
        let html = stage.get(&at, Some(&watcher)).await.text();
        assert_eq!(thumb(&html), None, "{page}");
    }
    let take = json!({ "command": "acknowledge" });
    stage.command("HH-1", &ann, take).await;
    let html = stage.get("/cases/HH-1", Some(&ann)).await.text();
    let bar = thumb(&html).unwrap_or_default();
    assert!(!bar.contains("value=\"take\""), "{bar}");
    // The first of what falls to her that has an act.
    let owed = html.split_once("id=\"owed\"").map_or("", |(_, owed)| owed);
    let first = owed.split_once("class=\"button second\" href=\"");
    let first = first.and_then(|(_, rest)| rest.split('"').next());
    assert!(bar.contains(first.unwrap_or("none")), "{first:?}: {bar}");
}

#[tokio::test]
async fn the_line_for_a_note_comes_before_the_checklist_in_the_order_of_the_page() {
    let stage = Stage::new().await;
    stage.report().await;
    let ann = stage.token("ann", "member").await;
    let html = stage.get("/cases/HH-1", Some(&ann)).await.text();
    let places = ["reported", "owed", "text", "checklist", "timeline"]
        .map(|id| html.find(&format!("id=\"{id}\"")));
    assert!(places.is_sorted() && places[0].is_some(), "{places:?}");
}

#[tokio::test]
async fn days_are_named_in_german_on_a_german_page_and_in_english_in_what_the_engine_says() {
    let stage = Stage::new().await;
    stage.report().await;
    let ann = stage.token("ann", "member").await;
    let page = async |path: &str, language: &str| {
        let asking = stage.request("GET", path, Some(&ann), None);
        let said = stage.send(asking.with("accept-language", language));
        said.await.text()
    };
    let day = |html: &str| {
        let (_, rest) = html.split_once("id=\"live-timeline\"").unwrap_or_default();
        let (_, rest) = rest.split_once("<h3>").unwrap_or_default();
        rest.split('<').next().unwrap_or_default().to_owned()
    };
    let (english, german) = (
        day(&page("/cases/HH-1/timeline", "en").await),
        day(&page("/cases/HH-1/timeline", "de").await),
    );
    assert!(english.starts_with("Mon 2 Mar"), "{english}");
    assert!(german.starts_with("Mo 2. März"), "{german}");
    let html = page("/cases/HH-1/entries/1", "de").await;
    let (facts, raw) = html.split_once("<details><summary>").unwrap_or_default();
    assert!(facts.contains("Mo 2. März 2026"), "{facts}");
    assert!(!raw.contains("März"), "{raw}");
}

#[tokio::test]
async fn what_a_case_is_its_phase_and_its_checklist_are_german_on_a_german_page() {
    let stage = Stage::new().await;
    stage.report().await;
    let ann = stage.token("ann", "member").await;
    let read = async |path: &str| {
        let asking = stage.request("GET", path, Some(&ann), None);
        let said = stage.send(asking.with("accept-language", "de")).await;
        said.text()
    };
    let html = read("/cases/HH-1").await;
    assert!(
        html.contains("<strong>Ereignis</strong>, Beginn<"),
        "{html}"
    );
    let line = "<span>Alles lassen, wie es ist";
    assert!(
        html.contains(line) && !html.contains("Leave everything"),
        "{html}"
    );
    let take = json!({ "command": "acknowledge" });
    stage.command("HH-1", &ann, take).await;
    let html = read("/cases/HH-1/handover").await;
    assert!(html.contains(">Wo wir stehen"), "{html}");
    let lead = json!({ "command": "add_lead", "text": "Who opened it?", "source": "unknown" });
    stage.command("HH-1", &ann, lead).await;
    let html = read("/cases/HH-1/leads").await;
    assert!(html.contains("(noch niemand, offen)"), "{html}");
    let html = read("/cases/HH-1/conformance").await;
    assert!(html.contains(" eingehalten, 0 zu spät, "), "{html}");
    assert!(html.contains(">Gilt hier nicht, "), "{html}");
}

#[tokio::test]
async fn before_anybody_commands_it_is_taken_or_passed_on_and_nothing_else_that_cannot_be() {
    let stage = Stage::new().await;
    stage.report().await;
    let ann = stage.token("ann", "member").await;
    let offers = async || {
        let html = stage.get("/cases/HH-1", Some(&ann)).await.text();
        [
            "value=\"take\"",
            "action=\"/cases/HH-1/acts/pass_on\"",
            "href=\"/cases/HH-1/sitrep\"",
            "href=\"/cases/HH-1/handover\"",
        ]
        .map(|what| html.contains(what))
    };
    assert_eq!(offers().await, [true, true, false, false]);
    let take = json!({ "command": "acknowledge" });
    stage.command("HH-1", &ann, take).await;
    assert_eq!(offers().await, [false, false, true, true]);
}
