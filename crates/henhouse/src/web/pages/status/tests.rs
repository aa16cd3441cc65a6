//! Outsiders read what was approved and went out, and nothing else.

use procedure::basis::Role;
use serde_json::json;

use crate::store::{JournalKind, StoreError, View};
use crate::web::stage::{Said, Stage, bytes};

const TEAM: &str = "/cases/HH-1/status";

/// A case that Ann commands, of a project whose product owner she is if asked.
async fn case(owner: bool) -> (Stage, String) {
    let stage = Stage::new().await;
    stage.client("farm", "acme").await;
    if owner {
        let add = |project: &mut procedure::basis::Project,
                   _: &mut procedure::project::Directory| {
            let ann = project
                .roster
                .iter_mut()
                .find(|member| member.person.0 == "ann");
            ann.into_iter()
                .for_each(|ann| _ = ann.roles.insert(Role::ProductOwner));
        };
        stage.change("farm", add).await;
    }
    stage.report().await;
    let ann = stage.token("ann", "member").await;
    stage
        .command("HH-1", &ann, json!({ "command": "acknowledge" }))
        .await;
    (stage, ann)
}

async fn send(stage: &Stage, who: &str, body: &str) -> Said {
    let asking = bytes(TEAM, body.as_bytes());
    stage
        .send(asking.with("authorization", &format!("Bearer {who}")))
        .await
}

async fn link(stage: &Stage, ann: &str) -> String {
    assert_eq!(send(stage, ann, "link=new").await.status, 303);
    let html = stage.get(TEAM, Some(ann)).await.text();
    let link = html
        .split("http://localhost:8400/status/")
        .nth(1)
        .unwrap_or_default();
    format!("/status/{}", link.split('"').next().unwrap_or_default())
}

const WORDS: &str =
    "text=Orders+%3Cb%3Eare%3C%2Fb%3E+late.&to=acme&marking=clear&next=2026-03-02+09%3A00";

/// A thumb that tapped twice, or a line that broke before the answer came.
#[tokio::test]
async fn the_same_form_sent_twice_tells_outsiders_once() {
    let (stage, ann) = case(true).await;
    let journal = async || {
        let at = "/api/v1/cases/HH-1/journal?limit=1000";
        stage.get(at, Some(&ann)).await.text()
    };
    for key in ["one", "one", "another"] {
        let body = format!("{WORDS}&step=publish&once={key}");
        let said = send(&stage, &ann, &body).await;
        assert_eq!(said.status, 303, "{}", said.text());
        let sent = journal().await.matches("\"customer_notice_sent\"").count();
        assert_eq!(sent, if key == "one" { 1 } else { 2 });
    }
}

#[tokio::test]
async fn words_for_nobody_by_mail_stand_on_a_page_that_somebody_can_open() {
    let (stage, ann) = case(true).await;
    let body = "text=Orders+are+late.&marking=clear&step=publish";
    let said = send(&stage, &ann, body).await;
    assert_eq!(said.status, 422, "{}", said.text());
    assert!(
        said.text().contains("Nobody would read it"),
        "{}",
        said.text()
    );
    let at = link(&stage, &ann).await;
    assert_eq!(send(&stage, &ann, body).await.status, 303);
    let html = stage.get(&at, None).await.text();
    assert!(html.contains("Orders are late."), "{html}");
}

#[tokio::test]
async fn words_are_checked_beside_what_stands_there_and_read_once_they_are_out() {
    let (stage, ann) = case(true).await;
    let at = link(&stage, &ann).await;
    let html = stage.get(&at, None).await.text();
    assert!(
        html.contains("The team has nothing to tell here") && !html.contains("chickens"),
        "{html}"
    );
    let check = send(&stage, &ann, WORDS).await;
    assert_eq!(check.status, 200);
    let check = check.text();
    assert!(
        check.contains("Check it before it leaves") && check.contains(">Publish<"),
        "{check}"
    );
    assert!(
        !check.contains("<textarea"),
        "what is checked stands: {check}"
    );
    let change = send(&stage, &ann, &format!("{WORDS}&step=change")).await;
    let change = change.text();
    assert!(
        change.contains("<textarea") && !change.contains(">Publish<"),
        "{change}"
    );
    assert!(
        !stage.get(&at, None).await.text().contains("late"),
        "nothing has left"
    );
    assert_eq!(
        send(&stage, &ann, &format!("{WORDS}&step=publish"))
            .await
            .status,
        303
    );
    let html = stage.get(&at, None).await.text();
    for words in [
        "Orders &#60;b&#62;are&#60;/b&#62; late.",
        "We are looking into it",
        "Next news:",
        "09:00 UTC",
    ] {
        assert!(html.contains(words), "{words}: {html}");
    }
    assert!(
        !html.contains("chickens") && !html.contains("ann"),
        "only approved words: {html}"
    );
    let feed = stage.get(&format!("{at}/feed"), None).await;
    assert_eq!(
        feed.header("content-type"),
        "application/atom+xml; charset=utf-8"
    );
    assert!(
        feed.text()
            .contains("<content type=\"text\">Orders &lt;b&gt;are&lt;/b&gt; late.</content>"),
        "{}",
        feed.text()
    );
    send(&stage, &ann, "link=none").await;
    assert_eq!(stage.get(&at, None).await.status, 404, "taken back");
    assert_ne!(link(&stage, &ann).await, at);
    for odd in [
        "/status/x",
        "/status/x/feed",
        "/public/farm",
        "/public/nothing",
    ] {
        assert_eq!(stage.get(odd, None).await.status, 404, "{odd}");
    }
}

#[tokio::test]
async fn nothing_leaves_that_the_product_owner_has_not_approved() {
    let (stage, ann) = case(false).await;
    let at = link(&stage, &ann).await;
    let check = send(&stage, &ann, WORDS).await.text();
    assert!(
        check.contains("Ask the product owner to approve it") && !check.contains(">Publish<"),
        "{check}"
    );
    send(&stage, &ann, &format!("{WORDS}&step=publish")).await;
    assert!(!stage.get(&at, None).await.text().contains("late"));
    let html = stage.get(TEAM, Some(&ann)).await.text();
    assert!(
        html.contains("N-1 waits") && html.contains("The product owner is asked"),
        "{html}"
    );
    for (body, status) in [
        ("approve=N-1", 403),
        ("send=N-1", 409),
        ("text=&to=acme", 422),
        ("text=x&to=acme&next=soonish", 422),
    ] {
        assert_eq!(send(&stage, &ann, body).await.status, status, "{body}");
    }
    let oz = stage.token("oz", "observer").await;
    assert_eq!(send(&stage, &oz, "link=new").await.status, 403);
}

#[tokio::test]
async fn nobody_outside_reads_of_an_exercise() {
    let (stage, ann) = case(true).await;
    stage
        .change("farm", |project, _| project.public_status = true)
        .await;
    let exercise = json!({ "text": "Exercise: a fox", "drill": true });
    let said = stage.post("/api/v1/reports", Some(&ann), exercise).await;
    assert_eq!(said.json()["number"], "HH-2", "{}", said.text());
    for (number, text) in [("HH-1", "It+is+real"), ("HH-2", "Change+your+password")] {
        let words = format!("text={text}&to=acme&marking=clear&step=publish");
        let asking = bytes(&format!("/cases/{number}/status"), words.as_bytes());
        let said = stage.send(asking.with("authorization", &format!("Bearer {ann}")));
        assert_eq!(said.await.status, 303, "{number}");
    }
    let html = stage.get("/public/farm", None).await.text();
    assert!(html.contains("It is real"), "{html}");
    assert!(
        !html.contains("password") && !html.contains("HH-2"),
        "{html}"
    );
}

#[tokio::test]
async fn a_project_that_shows_it_shows_words_for_everybody_and_no_others() {
    let (stage, ann) = case(true).await;
    send(&stage, &ann, &format!("{WORDS}&step=publish")).await;
    assert_eq!(stage.get("/public/farm", None).await.status, 404);
    stage
        .change("farm", |project, _| project.public_status = true)
        .await;
    let html = stage.get("/public/farm", None).await.text();
    assert!(html.contains("late.") && html.contains("HH-1"), "{html}");
    let amber = "text=Inside+only&to=acme&marking=amber&step=publish";
    assert_eq!(send(&stage, &ann, amber).await.status, 303);
    let later = stage.app.desk.now() + jiff::SignedDuration::from_secs(6);
    assert!(stage.app.desk.advance(later, || async {}).await.is_ok());
    let html = stage.get("/public/farm", None).await.text();
    assert!(
        html.contains("late.") && !html.contains("Inside only"),
        "{html}"
    );
    let at = link(&stage, &ann).await;
    assert!(
        stage.get(&at, None).await.text().contains("Inside only"),
        "by the link"
    );
    stage
        .command(
            "HH-1",
            &ann,
            json!({ "command": "restrict", "reason": "an employee" }),
        )
        .await;
    let later = stage.app.desk.now() + jiff::SignedDuration::from_secs(6);
    assert!(stage.app.desk.advance(later, || async {}).await.is_ok());
    for at in [at.as_str(), "/public/farm"] {
        let html = stage.get(at, None).await.text();
        assert!(
            !html.contains("late.") && !html.contains("Inside"),
            "{html}"
        );
    }
}

/// Which entries the installation's journal has about links, oldest first.
fn doors(stage: &Stage) -> Vec<String> {
    let (store, _) = stage.app.desk.store_and_clock();
    let read = |view: &dyn View| {
        let journal = view.journals(JournalKind::Installation)?.remove(0);
        let all = view.entries(journal.id, 0, 500)?;
        let kinds = all.into_iter().map(|entry| entry.kind);
        let of_links = kinds.filter(|kind| kind.starts_with("status_link"));
        Ok::<_, StoreError>(of_links.collect())
    };
    store.read_inline(read).unwrap_or_default()
}

#[tokio::test]
async fn who_makes_a_link_or_takes_it_back_leaves_an_entry() {
    let (stage, ann) = case(true).await;
    link(&stage, &ann).await;
    assert_eq!(doors(&stage), ["status_link_made"]);
    assert_eq!(send(&stage, &ann, "link=none").await.status, 303);
    assert_eq!(doors(&stage), ["status_link_made", "status_link_withdrawn"]);
    let checked = stage.app.desk.verify(None).await;
    assert!(checked.is_ok_and(|checked| checked.findings.is_empty()));
}

/// Whoever heard when the next sitrep comes is not promised another time here.
#[tokio::test]
async fn the_next_words_are_promised_for_when_the_sitrep_promised_them() {
    let (stage, ann) = case(true).await;
    for command in [
        json!({ "command": "set_severity", "severity": "high" }),
        json!({ "command": "publish_sitrep", "summary": "Orders are late", "next": "2026-03-02T03:25:00Z" }),
    ] {
        stage.command("HH-1", &ann, command).await;
    }
    let html = stage.get(TEAM, Some(&ann)).await.text();
    assert!(
        html.contains("name=\"next\" value=\"2026-03-02 03:25\""),
        "{html}"
    );
}

#[tokio::test]
async fn nothing_is_chosen_that_makes_words_more_public_than_the_case() {
    let (stage, ann) = case(true).await;
    let chosen = async |marking: &str| {
        let set = json!({ "command": "set_marking", "marking": marking, "reason": "Said so" });
        stage.command("HH-1", &ann, set).await;
        let html = stage.get(TEAM, Some(&ann)).await.text();
        let mut all = ["clear", "green", "amber"].into_iter();
        all.find(|one| html.contains(&format!("name=\"marking\" value=\"{one}\" checked")))
            .map(str::to_owned)
    };
    assert_eq!(chosen("amber").await.as_deref(), Some("amber"));
    assert_eq!(chosen("red").await, None);
    let said = send(&stage, &ann, "text=Orders+are+late.&to=acme").await;
    assert!(
        said.status == 422 && said.text().contains("href=\"#marking\""),
        "{}",
        said.text()
    );
}
