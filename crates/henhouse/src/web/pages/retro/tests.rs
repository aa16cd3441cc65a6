//! What is pressed on the page of a retrospective, and what stands on it afterwards.

use serde_json::json;

use crate::web::stage::{Said, Stage, bytes};

const AT: &str = "/cases/HH-1/retrospective";

/// A case that is over, and whoever led it.
async fn over() -> (Stage, String) {
    let stage = Stage::new().await;
    stage.report().await;
    let ann = stage.token("ann", "member").await;
    for body in [
        json!({ "command": "acknowledge" }),
        json!({ "command": "add_note", "text": "The <goat> is out" }),
        json!({ "command": "false_alarm", "reason": "It was the wind" }),
    ] {
        stage.command("HH-1", &ann, body).await;
    }
    (stage, ann)
}

async fn send(stage: &Stage, at: &str, who: &str, body: &str) -> Said {
    let asking = bytes(at, body.as_bytes());
    stage
        .send(asking.with("authorization", &format!("Bearer {who}")))
        .await
}

/// The part of a page from this heading to the next.
fn part<'a>(html: &'a str, id: &str) -> &'a str {
    let from = html
        .find(&format!("id=\"{id}\""))
        .unwrap_or_else(|| panic!("{id}: {html}"));
    let rest = &html[from..];
    rest.find("<h2").map_or(rest, |until| &rest[..until])
}

#[tokio::test]
async fn the_draft_is_there_without_typing_and_one_tap_takes_an_entry_over() {
    let (stage, ann) = over().await;
    let html = stage.get(AT, Some(&ann)).await.text();
    let curated = part(&html, "curated");
    assert!(
        curated.contains("is Incident Commander") && !curated.contains("goat"),
        "{curated}"
    );
    let draft = stage
        .get("/cases/HH-1/report?draft=1", Some(&ann))
        .await
        .text();
    for words in [
        "Draft",
        "is Incident Commander",
        "It was a false alarm",
        "From start to discovery",
    ] {
        assert!(draft.contains(words), "{words}: {draft}");
    }
    let note = html
        .split("<li id=\"log-")
        .find(|row| row.contains("goat"))
        .unwrap_or_default();
    let seq = note.split('"').next().unwrap_or_default().to_owned();
    assert!(
        note.contains(&format!("name=\"take\" value=\"{seq}\"")),
        "{note}"
    );
    for _ in 0..2 {
        let said = send(&stage, AT, &ann, &format!("take={seq}")).await;
        assert_eq!(
            (said.status, said.header("location")),
            (303, &*format!("{AT}#log-{seq}"))
        );
    }
    let html = stage.get(AT, Some(&ann)).await.text();
    let curated = part(&html, "curated");
    assert_eq!(
        curated.matches("The &#60;goat&#62; is out").count(),
        2,
        "in its line and in its field: a second tap adds nothing: {curated}"
    );
    let line = curated
        .split("<li id=\"")
        .find(|row| row.contains("goat"))
        .unwrap_or_default();
    let line = line.split('"').next().unwrap_or_default().to_owned();
    assert_eq!(
        send(
            &stage,
            AT,
            &ann,
            &format!("line={line}&text=A+goat+was+out.")
        )
        .await
        .status,
        303
    );
    let html = stage.get(AT, Some(&ann)).await.text();
    let curated = part(&html, "curated");
    assert!(
        curated.contains("A goat was out.") && !curated.contains("goat&#62;"),
        "{curated}"
    );
    let line = curated
        .split("<li id=\"")
        .find(|row| row.contains("A goat"))
        .unwrap_or_default();
    let line = line.split('"').next().unwrap_or_default().to_owned();
    for _ in 0..2 {
        assert_eq!(
            send(&stage, AT, &ann, &format!("leave={line}"))
                .await
                .header("location"),
            format!("{AT}#curated")
        );
    }
    let html = stage.get(AT, Some(&ann)).await.text();
    assert!(!part(&html, "curated").contains("goat"), "left out");
    assert!(part(&html, "log").contains("goat"), "and still in the log");
    assert_eq!(send(&stage, AT, &ann, "take=x").await.status, 422);
    assert_eq!(send(&stage, AT, &ann, "take=9999").await.status, 409);
}

#[tokio::test]
async fn causes_are_an_outline_and_drawn_and_what_is_missing_leads_to_its_form() {
    let (stage, ann) = over().await;
    let html = stage.get(AT, Some(&ann)).await.text();
    assert!(
        html.contains("Nothing is said about the causes.") && !html.contains("<svg"),
        "{html}"
    );
    let add = "/cases/HH-1/acts/add_cause";
    let said = send(
        &stage,
        add,
        &ann,
        "text=The+%3Clatch%3E+broke&kind=how&back=retrospective",
    )
    .await;
    assert_eq!(
        said.header("location"),
        format!("{AT}?did=add_cause#causes")
    );
    send(
        &stage,
        add,
        &ann,
        "text=Nobody+oils+it&kind=why&parents=C-1&back=retrospective",
    )
    .await;
    let html = stage.get(AT, Some(&ann)).await.text();
    let causes = part(&html, "causes");
    assert!(
        causes.contains("<svg") && causes.contains("<text"),
        "{causes}"
    );
    assert_eq!(
        causes.matches("The &#60;latch&#62; broke").count(),
        2,
        "outline and drawing: {causes}"
    );
    let (over, under) = (causes.find(">C-1<"), causes.find(">C-2<"));
    assert!(
        over < under && causes.contains("<ul><li id=\"C-2\">"),
        "{causes}"
    );
    assert!(
        !html.contains("style=") && !html.contains("<script>"),
        "{html}"
    );
    assert!(
        !html.contains("Nothing is said about the causes."),
        "{html}"
    );
    let follow = "text=Oil+it&owner=bob&due=2026-03-20+17%3A00&back=retrospective";
    let said = send(&stage, "/cases/HH-1/acts/add_follow_up", &ann, follow).await;
    assert_eq!(
        said.header("location"),
        format!("{AT}?did=add_follow_up#follow-ups")
    );
    let html = stage.get(AT, Some(&ann)).await.text();
    assert!(part(&html, "follow-ups").contains("The bob"), "{html}");
}

#[tokio::test]
async fn whoever_may_only_read_is_offered_nothing_to_press() {
    let (stage, _) = over().await;
    let watcher = stage.token("oz", "observer").await;
    let html = stage.get(AT, Some(&watcher)).await.text();
    assert!(
        html.contains("is Incident Commander") && !html.contains("name=\"take\""),
        "{html}"
    );
    assert_eq!(send(&stage, AT, &watcher, "take=1").await.status, 403);
    let eve = stage.token("eve", "member").await;
    assert_eq!(stage.get(AT, Some(&eve)).await.status, 404);
}
