//! Acts as somebody gives them who has a browser and no script.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use serde_json::json;

use crate::report::forms::CHAPTERS;
use crate::web::stage::{Said, Stage, bytes};

struct Hand {
    stage: Stage,
    ann: String,
}

impl Hand {
    async fn new() -> Self {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let take = json!({ "command": "acknowledge" });
        stage.command("HH-1", &ann, take).await;
        Self { stage, ann }
    }

    async fn page(&self, path: &str) -> String {
        let said = self.stage.get(path, Some(&self.ann)).await;
        assert_eq!(said.status, 200, "{path}: {}", said.text());
        said.text()
    }

    async fn send(&self, command: &str, body: &str) -> Said {
        let path = format!("/cases/HH-1/acts/{command}");
        let asking = bytes(&path, body.as_bytes());
        let bearer = format!("Bearer {}", self.ann);
        self.stage.send(asking.with("authorization", &bearer)).await
    }

    async fn does(&self, command: &str, body: &str) {
        let said = self.send(command, body).await;
        assert_eq!(said.status, 303, "{command}: {}", said.text());
    }
}

#[tokio::test]
async fn every_form_is_shown_and_the_list_leads_to_it() {
    let hand = Hand::new().await;
    let list = hand.page("/cases/HH-1/acts").await;
    for form in CHAPTERS.iter().flat_map(|chapter| chapter.forms) {
        let path = format!("/cases/HH-1/acts/{}", form.command);
        assert!(list.contains(&path), "{path} is not on the list");
        let html = hand.page(&path).await;
        let button = html.contains("<button class=\"big\">")
            || html.contains("<button class=\"big danger\">");
        let nothing = html.contains("There is nothing to choose from yet.");
        let shut = html.contains("Not now");
        assert!(button || nothing || shut, "{html}");
        assert!(!html.contains("acts-"), "a word is missing: {html}");
    }
    let none = hand.stage.get("/cases/HH-1/acts/report", Some(&hand.ann));
    assert_eq!(none.await.status, 404);
}

#[tokio::test]
async fn a_case_is_assessed_by_its_forms() {
    let hand = Hand::new().await;
    hand.does(
        "answer_question",
        "question=happened&answer=yes&note=I+saw+it",
    )
    .await;
    hand.does(
        "assess_impact",
        "confidentiality=none&integrity=none&availability=actual&whose=ours",
    )
    .await;
    hand.does(
        "answer_criteria",
        "answers.limited_outage=no&answers.many_customers_down=no",
    )
    .await;
    hand.does("set_severity", "severity=high").await;
    let html = hand.page("/cases/HH-1/acts/confirm").await;
    for said in [
        "name=\"impact.availability\" value=\"actual\" checked",
        "name=\"impact.whose\" value=\"ours\" checked",
    ] {
        assert!(
            html.contains(said),
            "{said}: nothing said before is taken back: {html}"
        );
    }
    hand.does("confirm", "severity=low&reason=Counted&impact.availability=actual&impact.whose=ours&impact.integrity=none&impact.confidentiality=none").await;
    let case = hand
        .stage
        .get("/api/v1/cases/HH-1", Some(&hand.ann))
        .await
        .json();
    assert_eq!(
        (case["status"].as_str(), case["severity"].as_str()),
        (Some("confirmed"), Some("low")),
        "{case}"
    );
    let html = hand.page("/cases/HH-1/acts/assess_impact").await;
    assert!(
        html.contains("name=\"availability\" value=\"actual\" checked"),
        "what was said stands there: {html}"
    );
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost() {
    let hand = Hand::new().await;
    let said = hand
        .send(
            "add_step",
            "text=Mend+%3Cb%3E&due=never&happened_at=10m+ago",
        )
        .await;
    let html = said.text();
    assert_eq!(said.status, 422, "{html}");
    for must in [
        "There is a problem",
        "href=\"#due\"",
        "id=\"due-error\"",
        "Mend &#60;b&#62;",
        "value=\"never\"",
        "value=\"10m ago\"",
    ] {
        assert!(html.contains(must), "{must}: {html}");
    }
    let empty = hand.send("set_severity", "reason=kept").await;
    assert_eq!(empty.status, 422);
    assert!(
        empty.text().contains("href=\"#severity\"") && empty.text().contains("kept"),
        "{}",
        empty.text()
    );
    let when = hand.send("add_note", "text=a&happened_at=soonish").await;
    assert!(
        when.status == 422 && when.text().contains("href=\"#happened_at\""),
        "{}",
        when.text()
    );
}

#[tokio::test]
async fn a_question_left_open_is_asked_again_and_is_no_yes() {
    let hand = Hand::new().await;
    hand.does("add_step", "text=Mend+the+fence&owner=ann").await;
    hand.does("finish_step", "step=S-1&result=Mended").await;
    let verify = "/cases/HH-1/acts/verify_step";
    let html = hand.page(verify).await;
    let (_, works) = html.split_once("<fieldset id=\"works\"").unwrap();
    let (works, _) = works.split_once("</fieldset>").unwrap();
    assert!(
        !works.contains(" checked") && !works.contains("Not said"),
        "{works}"
    );
    let said = hand.send("verify_step", "step=S-1&reason=Alone").await;
    assert!(
        said.status == 422 && said.text().contains("href=\"#works\""),
        "{}",
        said.text()
    );
    let html = hand.page(verify).await;
    assert!(html.contains("value=\"S-1\""), "it still waits: {html}");
    hand.does(
        "propose_redaction",
        "entry=1&field=report.text&reason=A+name",
    )
    .await;
    let bob = hand.stage.token("bob", "member").await;
    let second = "/cases/HH-1/acts/second_redaction";
    let html = hand.stage.get(second, Some(&bob)).await.text();
    assert!(
        html.contains("No, it stays") && html.contains("Yes, it is erased"),
        "{html}"
    );
    for (act, field) in [
        ("approve_customer_notice", "approve"),
        ("second_redaction", "declined"),
        ("record_normal_again", "outcome"),
        ("request_disruption", "project_impact"),
    ] {
        let said = hand.send(act, "reason=Because&how=So").await;
        let asked = said.text().contains(&format!("href=\"#{field}\""));
        assert!(said.status == 422 && asked, "{act}: {}", said.text());
    }
}

#[tokio::test]
async fn nothing_is_chosen_in_advance_but_what_is_alone_and_harmless() {
    let hand = Hand::new().await;
    hand.does("add_step", "text=Look+around&owner=ann&kind=investigate")
        .await;
    hand.does("add_step", "text=Wipe+web1&owner=ann&kind=wipe")
        .await;
    let destroy = hand.page("/cases/HH-1/acts/decide_destruction").await;
    assert!(
        destroy.contains("S-2 Wipe web1") && !destroy.contains("S-1 Look around"),
        "what destroys nothing is not offered: {destroy}"
    );
    assert!(!destroy.contains("value=\"S-2\" checked"), "{destroy}");
    assert!(
        destroy.contains("big danger") && destroy.contains("cannot be taken back"),
        "{destroy}"
    );
    let start = hand.page("/cases/HH-1/acts/start_step").await;
    assert!(
        start.contains("S-1") && start.contains("S-2") && !start.contains(" checked"),
        "one of two: {start}"
    );
    let named = hand.page("/cases/HH-1/acts/start_step?step=S-2").await;
    assert!(named.contains("value=\"S-2\" checked"), "{named}");
    hand.does("start_step", "step=S-1").await;
    let start = hand.page("/cases/HH-1/acts/start_step").await;
    assert!(start.contains("value=\"S-2\" checked"), "alone: {start}");
}

#[tokio::test]
async fn what_cannot_be_done_now_stands_apart_and_its_form_has_no_button() {
    let hand = Hand::new().await;
    let list = hand.page("/cases/HH-1/acts").await;
    let closed: String = list
        .split("<details>")
        .skip(1)
        .filter_map(|rest| rest.split("</details>").next())
        .collect();
    for act in [
        "accept_handover",
        "decline_handover",
        "withdraw_handover",
        "confirm_take_over",
        "cancel_shift",
        "approve_customer_notice",
        "done_follow_up",
        "second_redaction",
        "verify_step",
    ] {
        let row = format!("/cases/HH-1/acts/{act}\"");
        assert!(closed.contains(&row), "{act}: {closed}");
        assert_eq!(list.matches(&row).count(), 1, "{act}");
    }
    assert!(
        closed.contains("Which shift? There is nothing to choose from yet."),
        "{closed}"
    );
    let form = hand.page("/cases/HH-1/acts/cancel_shift").await;
    assert!(!form.contains("<button class=\"big"), "{form}");
    for (act, why) in [
        ("reopen", "This case is open."),
        ("accept_qa", "There is nothing to review"),
        ("unrestrict", "It is not restricted."),
        ("settle", "This is for what a false alarm leaves standing."),
        ("take_over", "You have command."),
        ("clear_suspicion", "Nothing is suspected now."),
    ] {
        let form = hand.page(&format!("/cases/HH-1/acts/{act}")).await;
        assert!(form.contains(why), "{act}: {form}");
        assert!(!form.contains("<button class=\"big"), "{act}: {form}");
        let row = format!("/cases/HH-1/acts/{act}\"");
        assert!(closed.contains(&row), "{act}: {closed}");
    }
    let form = hand.page("/cases/HH-1/acts/accept_handover").await;
    assert!(
        form.contains("There is no such offer now") && form.contains(" UTC."),
        "with a time that can be read: {form}"
    );
    assert!(
        list.matches("/cases/HH-1/acts/tick_item").count() < 3,
        "one row for the whole checklist: {list}"
    );
}

#[tokio::test]
async fn the_line_of_a_form_has_a_blank_for_what_nobody_has_said() {
    let hand = Hand::new().await;
    for (act, line) in [
        (
            "raise_suspicion",
            "raise_suspicion reason=&#34;&#60;reason&#62;&#34;",
        ),
        (
            "assign_role",
            "assign_role person=&#60;person&#62; role=&#60;role&#62;",
        ),
        (
            "add_exhibit",
            "what=&#39;{&#34;reference&#34;:{&#34;id&#34;:&#34;&#60;id&#62;&#34;,&#34;system&#34;:&#34;&#60;system&#62;&#34;}}&#39;",
        ),
    ] {
        let html = hand.page(&format!("/cases/HH-1/acts/{act}")).await;
        assert!(html.contains(line), "{act}: {html}");
    }
}

#[tokio::test]
async fn a_refusal_leads_to_what_settles_it_and_is_waived_with_a_reason_alone() {
    let hand = Hand::new().await;
    hand.does("confirm", "severity=low&reason=Counted&impact.availability=actual&impact.whose=ours&impact.integrity=none&impact.confidentiality=none").await;
    let said = hand.send("ready_for_qa", "reviewer=bob&reason=Over").await;
    let html = said.text();
    assert_eq!(said.status, 409, "{html}");
    assert!(
        html.contains("The procedure says no") && html.contains("/cases/HH-1/acts/"),
        "{html}"
    );
    let (_, panel) = html.split_once("id=\"refused\"").unwrap();
    let (panel, _) = panel.split_once("</div>").unwrap();
    assert!(
        panel.contains("href=\"/cases/HH-1/acts/"),
        "it leads on: {panel}"
    );
    let rules: Vec<&str> = html
        .split("name=\"waive\" value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(!rules.is_empty(), "it can be waived: {html}");
    let ticked: String = rules.iter().map(|rule| format!("&waive={rule}")).collect();
    let without = hand
        .send("ready_for_qa", &format!("reviewer=bob{ticked}"))
        .await;
    assert!(
        without.status == 422 && without.text().contains("href=\"#waive_reason\""),
        "{}",
        without.text()
    );
}

#[tokio::test]
async fn whoever_may_not_is_told_and_can_read_the_form() {
    let hand = Hand::new().await;
    let oz = hand.stage.token("oz", "observer").await;
    let html = hand
        .stage
        .get("/cases/HH-1/acts/false_alarm", Some(&oz))
        .await
        .text();
    assert!(html.contains("Not now"), "{html}");
    for never in ["role=\"alert\"", "Nothing was done.", "class=\"big"] {
        assert!(!html.contains(never), "{never}: nothing was sent: {html}");
    }
    let eve = hand.stage.token("eve", "member").await;
    for path in ["/cases/HH-1/acts", "/cases/HH-1/acts/add_note"] {
        assert_eq!(hand.stage.get(path, Some(&eve)).await.status, 404);
    }
}

#[tokio::test]
async fn sent_twice_counts_once() {
    let hand = Hand::new().await;
    for _ in 0..2 {
        hand.does(
            "add_lead",
            "text=Paw+prints&source=Spot&owner=bob&once=0123456789abcdef",
        )
        .await;
    }
    let html = hand.page("/cases/HH-1/acts/start_lead").await;
    assert!(
        html.contains("L-1 Paw prints") && !html.contains("L-2"),
        "{html}"
    );
}

#[tokio::test]
async fn the_capture_line_makes_leads_steps_and_decisions_and_asks_for_what_is_missing() {
    let hand = Hand::new().await;
    let write = async |text: &str| {
        let body = format!("act=note&text={}", crate::web::fields::escaped(text));
        let bearer = format!("Bearer {}", hand.ann);
        let asking = bytes("/cases/HH-1", body.as_bytes());
        hand.stage.send(asking.with("authorization", &bearer)).await
    };
    for (text, leads_to) in [
        ("!Paw prints @bob", "/cases/HH-1?did=add_lead"),
        ("-Mend the fence @bob", "/cases/HH-1?did=add_step"),
        ("#We wait for the light", "/cases/HH-1?did=record_fact"),
        ("- only a list", "/cases/HH-1?did=add_note"),
    ] {
        let said = write(text).await;
        let there = said.header("location");
        let there = there.split("&undo=").next().unwrap_or_default();
        assert_eq!(there, leads_to, "{text}: {}", said.text());
    }
    let html = hand.page("/cases/HH-1").await;
    for must in [
        "L-1",
        "Paw prints",
        "S-1",
        "Mend the fence",
        "We wait for the light",
    ] {
        assert!(html.contains(must), "{must}: {html}");
    }
    assert!(
        html.contains("action=\"/cases/HH-1/acts/start_step\""),
        "its row has its verb: {html}"
    );
    let said = write("+Photo of the hole").await;
    assert!(
        said.status == 422 && said.text().contains("value=\"Photo of the hole\""),
        "{}",
        said.text()
    );
}

#[tokio::test]
async fn that_nothing_has_changed_is_said_in_two_taps_and_a_severity_too() {
    let hand = Hand::new().await;
    let sitrep = "/cases/HH-1/acts/publish_sitrep";
    let tap = "name=\"no_change\" value=\"true\">";
    assert!(
        !hand
            .page(sitrep)
            .await
            .contains(&format!("class=\"second\" {tap}")),
        "there is none yet"
    );
    hand.does(
        "publish_sitrep",
        "act=send&summary=They+are+out&audiences=team",
    )
    .await;
    let case = hand.page("/cases/HH-1").await;
    assert!(
        case.contains("href=\"/cases/HH-1/sitrep\""),
        "the first tap: {case}"
    );
    assert!(
        hand.page(sitrep)
            .await
            .contains(&format!("class=\"second\" {tap}")),
        "the second tap"
    );
    let form = hand.page(sitrep).await;
    assert_eq!(
        form.matches("name=\"no_change\"").count(),
        1,
        "once: {form}"
    );
    hand.does("publish_sitrep", "no_change=true").await;
    assert!(
        case.contains(">Severity</summary>") && case.contains("name=\"severity\" value=\"high\""),
        "{case}"
    );
    hand.does("set_severity", "severity=high").await;
}

#[tokio::test]
async fn a_line_of_the_timeline_is_offered_by_what_it_tells() {
    let hand = Hand::new().await;
    hand.does("false_alarm", "reason=It+was+the+wind").await;
    let form = hand.page("/cases/HH-1/acts/remove_timeline_line").await;
    assert!(
        form.contains("is Incident Commander") && !form.contains("(entries"),
        "{form}"
    );
}

#[tokio::test]
async fn what_can_be_taken_back_is_not_said_to_be_for_good() {
    let hand = Hand::new().await;
    for act in ["set_title", "propose_redaction"] {
        let form = hand.page(&format!("/cases/HH-1/acts/{act}")).await;
        let calm = form.contains("<button class=\"big\">");
        assert!(calm && !form.contains("cannot be taken back"), "{act}");
    }
    // What harms otherwise says how, over a red button.
    let alarm = hand.page("/cases/HH-1/acts/false_alarm").await;
    let (_, rest) = alarm
        .split_once("It can be reopened with a reason")
        .unwrap();
    assert!(
        rest.contains("<button class=\"big danger\">") && !alarm.contains("cannot be taken back"),
        "{alarm}"
    );
    hand.does("restrict", "reason=It+may+be+one+of+us").await;
    let form = hand.page("/cases/HH-1/acts/unrestrict").await;
    assert!(
        form.contains("<button class=\"big danger\">") && form.contains("cannot be taken back"),
        "{form}"
    );
}

#[tokio::test]
async fn when_it_happened_is_asked_once() {
    let hand = Hand::new().await;
    let asks = "name=\"happened_at\"";
    for act in ["begin_outage", "end_outage", "record_milestone"] {
        let form = hand.page(&format!("/cases/HH-1/acts/{act}")).await;
        assert!(!form.contains(asks), "{act}: {form}");
    }
    let form = hand.page("/cases/HH-1/acts/add_note").await;
    assert!(form.contains(asks), "{form}");
    assert_eq!(
        form.matches("When did it happen?").count(),
        1,
        "once: {form}"
    );
}

#[tokio::test]
async fn a_sitrep_by_its_form_is_seen_as_others_read_it_before_it_leaves() {
    let hand = Hand::new().await;
    let out = async || {
        let case = hand.stage.get("/api/v1/cases/HH-1", Some(&hand.ann)).await;
        case.json()["sitreps"].as_array().map_or(0, Vec::len)
    };
    let words = "summary=They+are+out&known=Confirmed:+two";
    let nobody = hand.send("publish_sitrep", words).await;
    assert!(
        nobody.status == 422 && nobody.text().contains("href=\"#audiences\""),
        "nobody ticked is not everybody: {}",
        nobody.text()
    );
    let team = format!("{words}&audiences=team");
    let look = hand.send("publish_sitrep", &team).await;
    assert_eq!((look.status, out().await), (200, 0), "{}", look.text());
    let html = look.text();
    for must in [
        "Nothing has been sent.",
        "Goes to",
        "action=\"/cases/HH-1/acts/publish_sitrep\"",
        "name=\"audiences\" value=\"team\"",
        "name=\"act\" value=\"send\"",
    ] {
        assert!(html.contains(must), "{must}: {html}");
    }
    let edit = hand
        .send("publish_sitrep", &format!("{team}&act=edit"))
        .await;
    let html = edit.text();
    assert!(
        edit.status == 200 && html.contains("They are out"),
        "{html}"
    );
    hand.does("publish_sitrep", &format!("{team}&act=send"))
        .await;
    assert_eq!(out().await, 1);
    let form = hand
        .page("/cases/HH-1/acts/publish_sitrep?correction_of=1")
        .await;
    for begun in ["They are out</textarea>", "Confirmed: two</textarea>"] {
        assert!(form.contains(begun), "{begun}: {form}");
    }
    assert!(
        !form.contains("Who gets it? <span class=\"hint\">(may stay empty)"),
        "{form}"
    );
    for word in ["team", "inside", "outside"] {
        let ticked = format!("name=\"audiences\" value=\"{word}\" checked");
        assert!(form.contains(&ticked), "{word}: {form}");
    }
}

#[tokio::test]
async fn a_hand_over_by_its_form_begins_with_the_briefing_and_never_offers_oneself() {
    let hand = Hand::new().await;
    let form = hand.page("/cases/HH-1/acts/offer_handover").await;
    assert!(form.contains("No sitrep has gone out yet."), "{form}");
    let to = |who: &str| form.contains(&format!("name=\"to\" value=\"{who}\""));
    assert!(to("bob") && !to("ann"), "{form}");
}

#[tokio::test]
async fn a_disruption_begins_beside_its_rule_wherever_it_is_begun() {
    let hand = Hand::new().await;
    for body in [
        json!({ "command": "set_severity", "severity": "high" }),
        json!({ "command": "request_disruption", "text": "Cut the line" }),
    ] {
        hand.stage.command("HH-1", &hand.ann, body).await;
    }
    for (page, button) in [
        (
            "/cases/HH-1/acts/start_disruption",
            "<button class=\"big danger\">",
        ),
        (
            "/cases/HH-1/disrupt/D-1",
            "<button class=\"big danger\" name=\"act\" value=\"start\">",
        ),
    ] {
        let html = hand.page(page).await;
        let (_, rest) = html.split_once("This cannot be taken back.").unwrap();
        let (rule, _) = rest.split_once(button).unwrap();
        assert!(rule.contains("R60: "), "{page}: {rule}");
    }
}

/// What can only be refused shows its name, why, what opens it, and nothing to fill in.
fn is_shut(html: &str) -> bool {
    let (_, main) = html.split_once("<main").unwrap_or_default();
    let (main, _) = main.split_once("</main>").unwrap_or_default();
    let nothing = !["<form", "<input", "<textarea", "<select", "<details"]
        .iter()
        .any(|tag| main.contains(tag));
    nothing && main.contains("<h2 id=\"refused\">Not now</h2>")
}

#[tokio::test]
async fn what_can_only_be_refused_is_shut_with_the_reason_and_what_opens_it() {
    let hand = Hand::new().await;
    for (act, why, opens) in [
        ("end_outage", "No outage is going on.", "begin_outage"),
        (
            "declare_recovered",
            "plan is not active",
            "activate_contingency",
        ),
        (
            "plan_postmortem",
            "plan is not active",
            "activate_contingency",
        ),
        ("close", "not the next phase", "ready_for_qa"),
        ("publish_report", "still going on", "ready_for_qa"),
        ("explain_lowering", "No lowering of the severity", ""),
        ("acknowledge", "You have command already.", ""),
        ("adopt_playbook", "follows edition", ""),
        ("verify_step", "nothing to choose from", "finish_step"),
        ("done_follow_up", "nothing to choose from", "add_follow_up"),
        ("end_disruption", "nothing to choose from", ""),
    ] {
        let html = hand.page(&format!("/cases/HH-1/acts/{act}")).await;
        assert!(is_shut(&html) && html.contains(why), "{act}: {html}");
        let link = format!("/cases/HH-1/acts/{opens}");
        assert!(html.contains(&link), "{act} leads to {opens}: {html}");
    }
    // One that was asked for and did not begin: it can begin, and neither end nor be settled by a deputy of nobody.
    let ask = json!({ "command": "request_disruption", "text": "Close the run", "expected_minutes": 30,
        "risk_of_acting": "Eggs", "risk_of_waiting": "Hens" });
    for body in [json!({ "command": "set_severity", "severity": "low" }), ask] {
        hand.stage.command("HH-1", &hand.ann, body).await;
    }
    let html = hand.page("/cases/HH-1/acts/end_disruption").await;
    assert!(
        is_shut(&html) && html.contains("D-1 is not going on."),
        "{html}"
    );
    let bob = hand.stage.token("bob", "member").await;
    let settle = "/cases/HH-1/acts/settle_disruption";
    let html = hand.stage.get(settle, Some(&bob)).await.text();
    assert!(
        is_shut(&html) && html.contains("Only the Incident Commander"),
        "{html}"
    );
    assert!(!is_shut(&hand.page(settle).await), "the IC settles it");
    // The answer to what is sent all the same is a conflict.
    let said = hand.send("end_outage", "").await;
    assert_eq!(said.status, 409, "{}", said.text());
}

#[tokio::test]
async fn command_is_offered_to_those_alone_who_may_have_it() {
    let hand = Hand::new().await;
    let html = hand.page("/cases/HH-1/acts/offer_handover").await;
    let offered = |who: &str| html.contains(&format!("name=\"to\" value=\"{who}\""));
    assert!(
        offered("bob") && !offered("oz") && !offered("ann"),
        "{html}"
    );
}
