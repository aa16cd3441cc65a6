//! The page of a case, and what it does.

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
        "I have it",
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
    assert!(
        !html.contains("<b>") && !html.contains("I have it"),
        "{html}"
    );
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
async fn a_long_remediation_is_asked_about_with_its_two_answers() {
    let stage = Stage::new().await;
    stage.report().await;
    let (ann, bob) = (
        stage.token("ann", "member").await,
        stage.token("bob", "member").await,
    );
    let act = async |who: &str, command| stage.command("HH-1", who, command).await;
    act(&ann, json!({ "command": "acknowledge" })).await;
    act(&bob, json!({ "command": "join" })).await;
    act(
        &ann,
        json!({ "command": "set_severity", "severity": "high" }),
    )
    .await;
    let page = async |who: &str| stage.get("/cases/HH-1", Some(who)).await.text();
    assert!(
        !page(&ann).await.contains("id=\"long\""),
        "it has not been long"
    );
    act(
        &ann,
        json!({ "command": "record_forecast", "minutes": 600 }),
    )
    .await;
    let html = page(&ann).await;
    for must in [
        "action=\"/cases/HH-1/acts/plan_long_remediation\"",
        "name=\"mode\" value=\"business\"",
        "name=\"mode\" value=\"around_the_clock\"",
        "name=\"breach_ongoing\" value=\"true\"",
        "<option value=\"bob\">The bob</option>",
    ] {
        assert!(html.contains(must), "{must}: {html}");
    }
    let others = page(&bob).await;
    assert!(
        others.contains("id=\"long\"") && !others.contains("name=\"mode\""),
        "not his to answer: {others}"
    );
    let body = b"mode=around_the_clock&breach_ongoing=true&next_ic=bob";
    let asking = bytes("/cases/HH-1/acts/plan_long_remediation", body);
    let said = stage
        .send(asking.with("authorization", &format!("Bearer {ann}")))
        .await;
    assert_eq!(said.status, 303, "{}", said.text());
    assert!(!page(&ann).await.contains("id=\"long\""), "it is answered");
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
        !html.contains("Add a note") && !html.contains("I have it"),
        "{html}"
    );
}

#[tokio::test]
async fn what_nobody_has_stands_first_and_what_is_done_comes_back_to_its_page() {
    let stage = Stage::new().await;
    stage.report().await;
    let ann = stage.token("ann", "member").await;
    let act = async |command| stage.command("HH-1", &ann, command).await;
    act(json!({ "command": "acknowledge" })).await;
    let empty = stage.get("/cases/HH-1/leads", Some(&ann)).await.text();
    assert!(
        empty.contains("What would tell us how it came to be?"),
        "{empty}"
    );
    act(json!({ "command": "add_lead", "text": "Paw prints", "source": "Spot", "owner": "ann" }))
        .await;
    act(json!({ "command": "add_lead", "text": "A red van", "source": "a neighbour" })).await;
    act(json!({ "command": "add_step", "text": "Paint it", "class": "deferred" })).await;
    act(json!({ "command": "add_step", "text": "Mend it", "class": "immediate", "owner": "ann" }))
        .await;
    let html = stage.get("/cases/HH-1/leads", Some(&ann)).await.text();
    let place = |html: &str, words: &str| {
        html.find(words)
            .unwrap_or_else(|| panic!("{words}: {html}"))
    };
    assert!(
        place(&html, "<li id=\"L-2\" class=\"glow\">") < place(&html, "<li id=\"L-1\">"),
        "{html}"
    );
    assert!(html.contains("Source: a neighbour"), "{html}");
    let html = stage.get("/cases/HH-1/steps", Some(&ann)).await.text();
    assert!(
        place(&html, "id=\"now\"") < place(&html, "Mend it"),
        "{html}"
    );
    assert!(
        place(&html, "Nobody has these") < place(&html, "Paint it"),
        "{html}"
    );
    let asking = bytes("/cases/HH-1/acts/start_step", b"step=S-2&back=steps");
    let said = stage
        .send(asking.with("authorization", &format!("Bearer {ann}")))
        .await;
    assert_eq!(
        said.header("location"),
        "/cases/HH-1/steps?did=start_step",
        "{}",
        said.text()
    );
    let html = stage
        .get("/cases/HH-1/steps?did=start_step", Some(&ann))
        .await
        .text();
    assert!(
        html.contains("role=\"status\"") && html.contains("begun"),
        "{html}"
    );
}

#[tokio::test]
async fn evidence_says_what_is_not_captured_yet_and_what_became_of_each_exhibit() {
    let stage = Stage::new().await;
    stage.report().await;
    let ann = stage.token("ann", "member").await;
    let act = async |command| stage.command("HH-1", &ann, command).await;
    act(json!({ "command": "acknowledge" })).await;
    let page = async || stage.get("/cases/HH-1/evidence", Some(&ann)).await.text();
    let html = page().await;
    assert!(
        html.contains("Nothing captured.") && html.contains("Nothing suspicious stands."),
        "{html}"
    );
    act(json!({ "command": "raise_suspicion", "reason": "a cut fence" })).await;
    let html = page().await;
    let open = html
        .matches("/acts/record_evidence_item?class=other")
        .count();
    assert!(open > 0, "{html}");
    let kept = json!({ "command": "add_exhibit", "kind": "disk_snapshot", "label": "The <disk>",
        "what": { "reference": { "system": "the cloud", "id": "snap-1" } } });
    act(kept).await;
    let item = html
        .split("item=")
        .nth(1)
        .and_then(|rest| rest.split('&').next());
    let item = item.unwrap_or_default();
    act(json!({ "command": "record_evidence_item", "class": "other", "item": item, "state": "captured", "exhibit": "E-1" })).await;
    let html = page().await;
    assert!(
        html.matches("/acts/record_evidence_item?class=other")
            .count()
            < open,
        "{html}"
    );
    for must in [
        "E-1 The &#60;disk&#62;",
        "the cloud: snap-1",
        "Custody: 2",
        "A snapshot of a disk",
    ] {
        assert!(html.contains(must), "{must}: {html}");
    }
}

#[tokio::test]
async fn a_day_of_shifts_is_filled_from_the_contact_sheet_in_few_taps_and_gaps_are_said_in_words() {
    let stage = Stage::new().await;
    stage.report().await;
    let ann = stage.token("ann", "member").await;
    let act = async |command| stage.command("HH-1", &ann, command).await;
    act(json!({ "command": "acknowledge" })).await;
    act(json!({ "command": "set_severity", "severity": "high" })).await;
    let page = async |query: &str| {
        let at = format!("/cases/HH-1/people{query}");
        stage.get(&at, Some(&ann)).await.text()
    };
    let html = page("").await;
    assert!(
        html.contains("No shift is planned from 03:00 UTC on."),
        "{html}"
    );
    // The fold, two people, show, plan: five taps.
    let html = page("?fill=yes&as=responder&who=ann&who=bob").await;
    let shifts = html.split("name=\"shift\" value=\"").skip(1);
    let shifts: Vec<&str> = shifts.filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(shifts.len(), 8, "three hours each: {html}");
    assert!(
        shifts[0].starts_with("bob "),
        "Ann works already: {shifts:?}"
    );
    assert!(shifts[1].starts_with("ann "), "they take turns: {shifts:?}");
    assert!(html.contains("Plan these 8 shifts"), "{html}");
    let alone = page("?fill=yes&as=responder&who=ann").await;
    let (_, proposed) = alone.split_once("id=\"check\"").unwrap_or_default();
    assert!(
        proposed.contains("a day takes 4 people in turns, and only 1 is chosen."),
        "what is proposed is warned of before it is planned: {proposed}"
    );
    assert!(
        !proposed.contains("longer than allowed") && proposed.contains("/acts/call_in\""),
        "once, with what to do: {proposed}"
    );
    let mut body = String::from("as=responder&once=0123456789abcdef");
    for shift in &shifts {
        body.push_str(&format!("&shift={}", crate::web::fields::escaped(shift)));
    }
    for _ in 0..2 {
        let asking = bytes("/cases/HH-1/people", body.as_bytes());
        let said = stage
            .send(asking.with("authorization", &format!("Bearer {ann}")))
            .await;
        assert_eq!(
            said.header("location"),
            "/cases/HH-1/people?planned=8#shifts",
            "{}",
            said.text()
        );
    }
    let html = page("?planned=8").await;
    for must in [
        "Planned: 8 shifts.",
        "A shift is planned for the whole time.",
        "03:00 UTC to 06:00 UTC",
        "class=\"on\"",
    ] {
        assert!(html.contains(must), "{must}: {html}");
    }
    assert_eq!(
        html.matches("/acts/cancel_shift?shift=").count(),
        8,
        "tapped twice, planned once: {html}"
    );
    let none = page("?fill=yes").await;
    assert!(none.contains("Choose somebody first."), "{none}");
    let later = stage.app.desk.now() + jiff::SignedDuration::from_secs(3 * 3600 + 60);
    let moved = stage.app.desk.advance(later, || async {}).await;
    assert!(moved.is_ok(), "{moved:?}");
    assert!(
        page("").await.contains("without a rest"),
        "the prompt at three hours"
    );
}

#[tokio::test]
async fn more_than_eight_who_answer_to_one_are_warned_of_and_files_lists_what_was_opened() {
    let stage = Stage::new().await;
    let names = ["ann", "bob", "c1", "c2", "c3", "c4", "c5", "c6", "c7"];
    stage.roster(&names).await;
    stage.report().await;
    let ann = stage.token("ann", "member").await;
    stage
        .command("HH-1", &ann, json!({ "command": "acknowledge" }))
        .await;
    for (n, name) in names.iter().enumerate().skip(1) {
        let html = stage.get("/cases/HH-1", Some(&ann)).await.text();
        let people = if n == 1 { "person" } else { "people" };
        assert!(html.contains(&format!("{n} {people} on it")), "{html}");
        assert!(!html.contains("Beyond eight"), "{n}");
        let token = stage.token(name, "member").await;
        stage
            .command("HH-1", &token, json!({ "command": "join" }))
            .await;
    }
    let html = stage.get("/cases/HH-1", Some(&ann)).await.text();
    assert!(html.contains("Beyond eight"), "{html}");
    let open = json!({ "command": "open_call", "link": "https://talk.example/1" });
    stage.command("HH-1", &ann, open).await;
    let html = stage.get("/cases/HH-1/files", Some(&ann)).await.text();
    assert!(
        html.contains("Call 1") && html.contains("going on"),
        "{html}"
    );
    assert!(html.contains("None yet."), "no sitrep: {html}");
}

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
        for must in ["value=\"take\"", "HH-1#text\"", "HH-1/acts\"", "I have it"] {
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
        html.contains("<strong>Ereignis</strong>, Beginnen"),
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
