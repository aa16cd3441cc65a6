//! The page of a case, and what it does.

mod parts;
mod reading;
mod timeline;

use serde_json::json;

use crate::web::stage::{Stage, bytes};

#[tokio::test]
async fn a_case_is_read_taken_and_noted() {
    let stage = Stage::new().await;
    stage.report().await;
    let ann = stage.token("ann", "member").await;
    let html = stage.get("/cases/HH-1", Some(&ann)).await.text();
    for must in [
        "HH-1 The chickens are escaping",
        "event",
        "Initiate",
        "Not assessed",
        "IC <strong>nobody yet",
        "Take it",
        "Timeline",
        "Nothing captured.",
        "Add a note",
    ] {
        assert!(html.contains(must), "{must}: {html}");
    }
    let bearer = format!("Bearer {ann}");
    let send = async |body: &str| {
        let asking = bytes("/cases/HH-1", body.as_bytes()).with("authorization", &bearer);
        stage.send(asking).await
    };
    assert_eq!(send("act=take").await.status, 303);
    assert_eq!(
        send("act=note&text=the+goat+%3Cb%3E+too")
            .await
            .header("location"),
        "/cases/HH-1?did=add_note&undo=6#timeline"
    );
    let html = stage.get("/cases/HH-1", Some(&ann)).await.text();
    assert!(
        html.contains("IC <strong>The ann") && html.contains("the goat"),
        "{html}"
    );
    assert!(!html.contains("<b>") && !html.contains("Take it"), "{html}");
    let empty = send("act=note&text=+").await;
    assert_eq!(empty.status, 422);
    assert!(
        empty.text().contains("Write the note first."),
        "{}",
        empty.text()
    );
    let again = send("act=take&text=kept").await;
    assert!(
        again.status == 303 || again.text().contains("kept"),
        "{}",
        again.text()
    );
}

#[tokio::test]
async fn what_the_reporter_did_with_a_mail_stands_below_their_words() {
    let stage = Stage::new().await;
    let report = json!({ "text": "A strange mail", "phish": { "opened": true } });
    stage.post("/api/v1/reports", None, report).await;
    let ann = stage.token("ann", "member").await;
    let html = stage.get("/cases/HH-1", Some(&ann)).await.text();
    assert!(html.contains("They opened a file."), "{html}");
    assert!(!html.contains("They clicked a link."), "{html}");
}

#[tokio::test]
async fn the_checklist_is_ticked_and_a_second_tap_changes_nothing() {
    let stage = Stage::new().await;
    stage.report().await;
    let ann = stage.token("ann", "member").await;
    let watcher = stage.token("oz", "observer").await;
    let send = async |who: &str, body: &str| {
        let asking = bytes("/cases/HH-1", body.as_bytes());
        let asking = asking.with("authorization", &format!("Bearer {who}"));
        stage.send(asking).await
    };
    let take = json!({ "command": "acknowledge" });
    stage.command("HH-1", &ann, take).await;
    let html = stage.get("/cases/HH-1", Some(&ann)).await.text();
    let open = html.matches("aria-pressed=\"false\"").count();
    let id = html
        .split("name=\"tick\" value=\"")
        .nth(1)
        .unwrap_or_default();
    let id = id.split('"').next().unwrap_or_default().to_owned();
    for _ in 0..2 {
        let said = send(&ann, &format!("tick={id}")).await;
        let there = said.header("location");
        assert_eq!((said.status, there), (303, "/cases/HH-1#checklist"));
    }
    let html = stage.get("/cases/HH-1", Some(&ann)).await.text();
    assert!(html.contains("Done: The ann"), "{html}");
    assert_eq!(html.matches("aria-pressed=\"false\"").count(), open - 1);
    assert_eq!(html.matches("on the checklist").count(), 1, "{html}");
    assert_eq!(send(&watcher, &format!("untick={id}")).await.status, 403);
    assert_eq!(send(&ann, &format!("untick={id}")).await.status, 303);
    let html = stage.get("/cases/HH-1", Some(&ann)).await.text();
    assert_eq!(html.matches("aria-pressed=\"false\"").count(), open);
    assert_eq!(send(&ann, "tick=nonsense").await.status, 422);
}

#[tokio::test]
async fn what_the_reader_owes_comes_before_what_others_owe_and_before_the_checklist() {
    let stage = Stage::new().await;
    stage.report().await;
    let (ann, bob) = (
        stage.token("ann", "member").await,
        stage.token("bob", "member").await,
    );
    for (who, command) in [(&ann, "acknowledge"), (&bob, "join")] {
        let command = json!({ "command": command });
        stage.command("HH-1", who, command).await;
    }
    let hold = json!({ "command": "add_step", "text": "Shut the gate", "owner": "bob" });
    stage.command("HH-1", &ann, hold).await;
    for who in [&ann, &bob] {
        let html = stage.get("/cases/HH-1", Some(who)).await.text();
        let place = |words: &str| {
            html.find(words)
                .unwrap_or_else(|| panic!("{words}: {html}"))
        };
        let owed = &html[place("id=\"owed\"")..place("id=\"checklist\"")];
        assert!(place("id=\"owed\"") < place("id=\"checklist\""));
        let rows: Vec<bool> = owed
            .split("<li>")
            .skip(1)
            .map(|row| row.contains("(you, "))
            .collect();
        let own = rows.iter().filter(|own| **own).count();
        assert!(0 < own && own < rows.len(), "{owed}");
        assert!(rows.iter().take(own).all(|own| *own), "{owed}");
    }
}

#[tokio::test]
async fn an_ic_who_was_not_heard_of_says_in_one_tap_that_they_are_there() {
    let stage = Stage::new().await;
    stage.report().await;
    let (ann, bob) = (
        stage.token("ann", "member").await,
        stage.token("bob", "member").await,
    );
    let take = json!({ "command": "acknowledge" });
    stage.command("HH-1", &ann, take).await;
    let button = "value=\"still_here\"";
    let shows =
        async |path: &str, who: &str| stage.get(path, Some(who)).await.text().contains(button);
    assert!(
        !shows("/now", &ann).await && !shows("/cases/HH-1", &ann).await,
        "nothing rang yet"
    );
    let later = stage.app.desk.now() + jiff::SignedDuration::from_secs(601);
    let moved = stage.app.desk.advance(later, || async {}).await;
    assert!(moved.is_ok(), "{moved:?}");
    assert!(
        shows("/now", &ann).await && shows("/cases/HH-1", &ann).await,
        "it rang"
    );
    assert!(
        !shows("/now", &bob).await && !shows("/cases/HH-1", &bob).await,
        "not for Bob"
    );
    let tap = async |who: &str| {
        let asking = bytes("/cases/HH-1", b"act=still_here");
        stage
            .send(asking.with("authorization", &format!("Bearer {who}")))
            .await
    };
    assert_eq!(tap(&bob).await.status, 409);
    let said = tap(&ann).await;
    assert_eq!(
        (said.status, said.header("location")),
        (303, "/cases/HH-1?said=here")
    );
    let html = stage.get("/cases/HH-1?said=here", Some(&ann)).await.text();
    assert!(
        html.contains("Noted: you are on it.") && !html.contains(button),
        "{html}"
    );
    assert!(!shows("/now", &ann).await, "it is settled");
}

#[tokio::test]
async fn what_a_scanner_adds_to_a_link_breaks_nothing() {
    let stage = Stage::new().await;
    stage.report().await;
    let ann = stage.token("ann", "member").await;
    let case = stage.get("/cases/HH-1?utm_source=%ff&before=x", Some(&ann));
    assert_eq!(case.await.status, 200);
    let receipt = stage
        .receipt()
        .await
        .replace("/api/v1/receipts/", "/receipt/");
    let link = stage.ack_link("ann").await;
    let ack = link.replace("/api/v1/links/", "/ack/");
    for at in [receipt, ack, "/report".to_owned(), "/sign-in".to_owned()] {
        let said = stage
            .get(&format!("{at}?utm_source=mail&x=%ff"), None)
            .await;
        assert_eq!(said.status, 200, "{at}");
    }
    let strict = stage.get("/api/v1/cases?utm_source=mail", Some(&ann)).await;
    assert_eq!(strict.status, 422, "programs are told");
}

#[tokio::test]
async fn who_may_not_see_it_is_told_that_there_is_none() {
    let stage = Stage::new().await;
    stage.report().await;
    let secret = json!({ "text": "zebra", "project": "farm", "restricted": true });
    stage.report_as(secret).await;
    let (eve, boss) = (
        stage.token("eve", "member").await,
        stage.token("boss", "admin").await,
    );
    for (number, asker) in [("HH-1", &eve), ("HH-2", &eve), ("HH-2", &boss)] {
        let nothing = stage.get("/cases/HH-99", Some(asker)).await;
        let said = stage.get(&format!("/cases/{number}"), Some(asker)).await;
        assert_eq!((said.status, said.text()), (404, nothing.text()));
        let note = bytes(&format!("/cases/{number}"), b"act=note&text=a");
        let said = stage
            .send(note.with("authorization", &format!("Bearer {asker}")))
            .await;
        assert_eq!(said.status, 404);
    }
    assert_eq!(stage.get("/cases/HH-1", None).await.status, 303);
    let watcher = stage.token("oz", "observer").await;
    let html = stage.get("/cases/HH-1", Some(&watcher)).await.text();
    assert!(
        !html.contains("Add a note") && !html.contains("value=\"take\""),
        "{html}"
    );
}
