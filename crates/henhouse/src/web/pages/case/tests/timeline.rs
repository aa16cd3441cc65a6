//! The timeline of a case: small pages, what narrows it, and its corrections.

use serde_json::json;

use crate::web::stage::{Stage, bytes};

/// The numbers of the entries on a page.
fn shown(html: &str) -> Vec<u64> {
    let on_it = html.split("<li id=\"entry-").skip(1);
    let on_it = on_it.filter_map(|line| line.split('"').next()?.parse::<u64>().ok());
    on_it.collect()
}

/// Where the links to the parts of the timeline lead.
fn parts(html: &str) -> Vec<String> {
    let nav = html.split_once("class=\"chips keep pages\"");
    let nav = nav.and_then(|(_, rest)| rest.split_once("</nav>"));
    let links = nav.map_or("", |(nav, _)| nav).split("href=\"").skip(1);
    let links = links.filter_map(|rest| rest.split(['"', '#']).next());
    links.map(|link| link.replace("&#38;", "&")).collect()
}

/// The most bytes of a page (the figure of the case page).
const PAGE: usize = 60 * 1024;

/// So many entries the case has: more than a page of the timeline holds, three times over. The figure is for a thousand:
/// `HENHOUSE_TEST_ENTRIES=1000`.
fn many() -> u64 {
    let asked = std::env::var("HENHOUSE_TEST_ENTRIES").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(330)
}

#[tokio::test]
async fn every_entry_is_two_taps_away_on_small_pages_and_none_is_shown_twice() {
    let stage = Stage::new().await;
    stage.report().await;
    let ann = stage.token("ann", "member").await;
    let act = async |command| stage.command("HH-1", &ann, command).await;
    act(json!({ "command": "acknowledge" })).await;
    let long = "The sheep went through the hedge by the lower meadow, and the dog did not see it. ";
    for n in 0..30 {
        act(json!({ "command": "add_lead", "text": format!("{n}: {long}"), "source": "Spot" }))
            .await;
        act(json!({ "command": "add_step", "text": format!("{n}: {long}") })).await;
    }
    for n in 60..many() {
        act(json!({ "command": "add_note", "text": format!("Sheep number {n}. {long}") })).await;
    }
    act(json!({ "command": "add_note", "text": long.repeat(400) })).await;
    let case = stage.get("/api/v1/cases/HH-1", Some(&ann)).await.json();
    let last = case["seq"].as_u64().unwrap_or(0);
    assert!(last >= many(), "{last}");
    for page in [
        "",
        "/timeline",
        "/leads",
        "/steps",
        "/evidence",
        "/people",
        "/files",
    ] {
        let html = stage
            .get(&format!("/cases/HH-1{page}"), Some(&ann))
            .await
            .text();
        println!(
            "/cases/HH-1{page}: {} bytes with {last} entries",
            html.len()
        );
        assert!(html.len() <= PAGE, "{page}: {} bytes", html.len());
        let asked = html.matches(" src=\"").count() + html.matches("rel=\"stylesheet\"").count();
        assert!(
            asked <= 3,
            "{page}: the page, its look, its script, its stream"
        );
    }
    // One tap to the timeline, one to any part of it.
    let timeline = stage.get("/cases/HH-1/timeline", Some(&ann)).await.text();
    let mut all = Vec::new();
    for there in parts(&timeline) {
        let html = stage.get(&there, Some(&ann)).await.text();
        assert!(html.len() <= PAGE, "{there}: {} bytes", html.len());
        assert!(html.contains(&format!(" of {last}")), "{there}: n of m");
        all.extend(shown(&html));
    }
    // What people can do without is told to programs only: what the project is at the beginning.
    let told: Vec<u64> = (1..=last).rev().filter(|seq| all.contains(seq)).collect();
    assert_eq!(all, told, "newest first, none twice");
    assert!(all.len() as u64 + 2 >= last, "{} of {last}", all.len());
    let beginning = parts(&timeline).pop().unwrap_or_default();
    let html = stage.get(&beginning, Some(&ann)).await.text();
    let silent = last - all.len() as u64;
    assert!(
        html.contains(&format!("{silent} entr")) && html.contains("not listed"),
        "{silent} left out, and said: {html}"
    );
    let whole = stage
        .get(&format!("/cases/HH-1/entries/{last}"), Some(&ann))
        .await
        .text();
    assert!(whole.contains(long.repeat(400).trim()), "all of a long one");
    for odd in ["0", "1", "99999999999999999999", "18446744073709551615"] {
        let there = format!("/cases/HH-1/timeline?before={odd}");
        assert_eq!(stage.get(&there, Some(&ann)).await.status, 200, "{odd}");
    }
    let old = stage.get("/cases/HH-1?before=7", Some(&ann)).await;
    assert_eq!(old.header("location"), "/cases/HH-1/timeline?before=7");
}

#[tokio::test]
async fn a_line_that_stands_for_several_names_each_by_its_number() {
    let stage = Stage::new().await;
    stage.report().await;
    let ann = stage.token("ann", "member").await;
    for _ in 0..2 {
        stage
            .change("farm", |project, _| project.roster.swap(0, 1))
            .await;
    }
    let case = stage.get("/api/v1/cases/HH-1", Some(&ann)).await.json();
    let last = case["seq"].as_u64().unwrap_or(0);
    let html = stage.get("/cases/HH-1/timeline", Some(&ann)).await.text();
    let link = |seq: u64| format!("href=\"/cases/HH-1/entries/{seq}\">#{seq}</a>");
    let both = format!(
        "<a id=\"entry-{}\" {}–<a {}",
        last - 1,
        link(last - 1),
        link(last)
    );
    assert!(html.contains(&both), "{both}: {html}");
    let lines = html.matches("people are called in another order").count();
    assert_eq!(lines, 1, "one line: {html}");
}

#[tokio::test]
async fn the_timeline_is_narrowed_by_sort_by_person_and_by_words_but_not_to_what_is_not_for_the_reader()
 {
    let stage = Stage::new().await;
    stage.report().await;
    let (ann, bob, oz) = (
        stage.token("ann", "member").await,
        stage.token("bob", "member").await,
        stage.token("oz", "member").await,
    );
    for (who, command) in [
        (&ann, json!({ "command": "acknowledge" })),
        (&bob, json!({ "command": "join" })),
        (
            &bob,
            json!({ "command": "add_note", "text": "The Gate stands open" }),
        ),
        (
            &ann,
            json!({ "command": "record_fact", "text": "We wait", "kind": "decision" }),
        ),
        (
            &ann,
            json!({ "command": "publish_sitrep", "summary": "Ten sheep are out" }),
        ),
        (
            &ann,
            json!({ "command": "add_note", "text": "a zebra", "restricted": true }),
        ),
    ] {
        stage.command("HH-1", who, command).await;
    }
    let find = async |who: &str, query: &str| {
        let at = format!("/cases/HH-1/timeline?{query}");
        stage.get(&at, Some(who)).await.text()
    };
    for (query, has, lacks) in [
        ("only=decisions", "We wait", "stands open"),
        ("only=sitreps", "Ten sheep", "We wait"),
        ("only=roles", "joined", "We wait"),
        ("by=bob", "stands open", "We wait"),
        ("by=henhouse", "got its number", "We wait"),
        ("q=gate+OPEN", "stands open", "We wait"),
        ("by=ann&q=zebra", "a zebra", "We wait"),
        ("only=nonsense&by=nobody", "We wait", "Nothing found"),
    ] {
        let html = find(&ann, query).await;
        let log = html
            .split("id=\"live-timeline\"")
            .nth(1)
            .unwrap_or_default();
        assert!(log.contains(has) && !log.contains(lacks), "{query}: {log}");
    }
    let hers = find(&oz, "q=zebra").await;
    assert!(
        hers.contains("Nothing found") && hers.contains("Not looked through: 1"),
        "{hers}"
    );
    assert!(
        !find(&oz, "only=notes").await.contains("(for those"),
        "no hint of what it is"
    );
    let entry = stage.get("/cases/HH-1", Some(&ann)).await.text();
    let seq = shown(&entry).first().copied().unwrap_or(0);
    let there = format!("/cases/HH-1/entries/{seq}");
    let shut = stage.get(&there, Some(&oz)).await.text();
    assert!(
        shut.contains("for those who take part") && !shut.contains("zebra"),
        "{shut}"
    );
    for nothing in ["0", "999", "x"] {
        let there = format!("/cases/HH-1/entries/{nothing}");
        assert_eq!(stage.get(&there, Some(&ann)).await.status, 404, "{nothing}");
    }
}

#[tokio::test]
async fn an_entry_is_corrected_from_its_line_and_both_are_shown() {
    let stage = Stage::new().await;
    stage.report().await;
    let ann = stage.token("ann", "member").await;
    let note = json!({ "command": "add_note", "text": "Nine <sheep> are out" });
    stage.command("HH-1", &ann, note).await;
    let html = stage.get("/cases/HH-1/timeline", Some(&ann)).await.text();
    let seq = shown(&html).first().copied().unwrap_or(0);
    let entry = format!("/cases/HH-1/entries/{seq}");
    assert!(
        html.contains(&format!("href=\"{entry}\"")),
        "its line leads to it: {html}"
    );
    let html = stage.get(&entry, Some(&ann)).await.text();
    let form =
        format!("/cases/HH-1/acts/correct_note?note={seq}&#38;text=Nine%20%3Csheep%3E%20are%20out");
    assert!(
        html.contains(&form) && html.contains("by a token"),
        "{html}"
    );
    let body = format!("note={seq}&text=Ten+sheep+are+out");
    let asking = bytes("/cases/HH-1/acts/correct_note", body.as_bytes());
    let said = stage
        .send(asking.with("authorization", &format!("Bearer {ann}")))
        .await;
    assert_eq!(said.status, 303, "{}", said.text());
    let html = stage.get("/cases/HH-1/timeline", Some(&ann)).await.text();
    let newest = shown(&html).first().copied().unwrap_or(0);
    for must in [
        format!("Corrected in entry {newest}."),
        format!("Corrects entry {seq}."),
        "Nine &#60;sheep&#62; are out".to_owned(),
        "Ten sheep are out".to_owned(),
    ] {
        assert!(html.contains(&must), "{must}: {html}");
    }
    // What is no note is corrected by one that says of what it speaks.
    let first = stage.get("/cases/HH-1/entries/1", Some(&ann)).await.text();
    assert!(
        first.contains("/acts/add_note?text=About%20entry%201%20"),
        "{first}"
    );
    let (_, fields) = first.split_once("<details><summary>").unwrap_or_default();
    assert!(
        fields.contains("<dt><code>report.text</code></dt>")
            && !fields.contains("<dd class=\"written\">false"),
        "what nobody ticked is left out, the rest is folded: {first}"
    );
}

#[tokio::test]
async fn several_turns_of_one_change_of_the_project_are_one_line() {
    use procedure::basis::{Project, Role};
    use procedure::project::Directory;

    let stage = Stage::new().await;
    stage.report().await;
    let ann = stage.token("ann", "member").await;
    for role in [Role::Reviewer, Role::ProjectManager] {
        let add = |project: &mut Project, _: &mut Directory| {
            let mut roster = project.roster.iter_mut();
            let bob = roster.find(|member| member.person.0 == "bob");
            bob.into_iter().for_each(|bob| _ = bob.roles.insert(role));
        };
        stage.change("farm", add).await;
    }
    for page in ["/cases/HH-1", "/cases/HH-1/timeline"] {
        let html = stage.get(page, Some(&ann)).await.text();
        let lines = html.matches("The project changed:").count();
        assert_eq!(lines, 1, "{page}: {html}");
    }
}
