//! The parts of a case: evidence, shifts, people, files, and what nobody has.

use serde_json::json;

use crate::web::stage::{Stage, bytes};

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
    assert!(
        proposed.contains("<button class=\"danger\">Plan these 8 shifts all the same")
            && proposed.contains("<a class=\"button\" href=\"#who\">")
            && !proposed.contains("<button class=\"big\">"),
        "what breaks the limits is no inviting button: {proposed}"
    );
    assert_eq!(
        proposed.matches("too much").count(),
        7,
        "which of them: {proposed}"
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

/// Before anybody has it, one thing is asked; how severe it is and what is switched off comes after that.
#[tokio::test]
async fn before_it_is_taken_a_case_offers_to_be_taken_and_nothing_grave() {
    let stage = Stage::new().await;
    stage.report().await;
    let ann = stage.token("ann", "member").await;
    let page = async || stage.get("/cases/HH-1", Some(&ann)).await.text();
    let grave = [
        "data-key=\"v\"",
        "/cases/HH-1/disrupt\"",
        "/cases/HH-1/assess\"",
    ];
    let html = page().await;
    let (work, _) = html.split_once("id=\"reported\"").unwrap_or((&html, ""));
    assert!(work.contains("value=\"take\""), "{html}");
    for one in grave {
        assert!(!work.contains(one), "{one}: {html}");
    }
    let acknowledge = json!({ "command": "acknowledge" });
    stage.command("HH-1", &ann, acknowledge).await;
    let html = page().await;
    for one in grave {
        assert!(html.contains(one), "{one}: {html}");
    }
    assert!(
        html.contains("on for less than a minute (limit: 3 hours)"),
        "{html}"
    );
}

/// At High what captures and contains is put forward before the shifts of the hours to come (R13, R60, R69).
#[tokio::test]
async fn what_contains_is_put_forward_before_shifts_are_planned() {
    let stage = Stage::new().await;
    stage.report().await;
    let (ann, bob) = (
        stage.token("ann", "member").await,
        stage.token("bob", "member").await,
    );
    let act = async |who: &str, command| stage.command("HH-1", who, command).await;
    act(&ann, json!({ "command": "acknowledge" })).await;
    act(&bob, json!({ "command": "join" })).await;
    for command in [
        json!({ "command": "set_severity", "severity": "high" }),
        json!({ "command": "raise_suspicion", "reason": "A cut fence" }),
        json!({ "command": "record_forecast", "minutes": 600 }),
        json!({ "command": "plan_long_remediation", "mode": "around_the_clock", "breach_ongoing": true, "next_ic": "bob" }),
    ] {
        act(&ann, command).await;
    }
    let places = async || {
        let html = stage.get("/cases/HH-1", Some(&ann)).await.text();
        let (_, owed) = html.split_once("id=\"live-owed\"").unwrap_or_default();
        let capture = owed.find("/acts/record_evidence_item");
        let shift = owed.find("/acts/plan_shift");
        let (_, thumb) = html.split_once("id=\"live-thumb\"").unwrap_or_default();
        (capture, shift, thumb.contains("/acts/plan_shift"), html)
    };
    let (capture, shift, thumb, html) = places().await;
    assert!(capture.is_some() && capture < shift, "{html}");
    assert!(!thumb, "{html}");
    // Once nothing gets worse any more, what is due first comes first.
    let calm = json!({ "command": "record_milestone", "milestone": "contained", "reason": "The gap is closed" });
    act(&ann, calm).await;
    let (capture, shift, _, html) = places().await;
    assert!(shift < capture, "{html}");
}
