//! The assessment as somebody does it who was woken a minute ago: the taps are counted.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use serde_json::{Value, json};

use crate::web::stage::{Said, Stage, bytes};

struct Hand {
    stage: Stage,
    token: String,
    taps: u32,
}

impl Hand {
    async fn of(stage: Stage, person: &str) -> Self {
        let token = stage.token(person, "member").await;
        let taps = 0;
        Self { stage, token, taps }
    }

    async fn new() -> Self {
        let stage = Stage::new().await;
        stage.report().await;
        let hand = Self::of(stage, "ann").await;
        let take = json!({ "command": "acknowledge" });
        hand.stage.command("HH-1", &hand.token, take).await;
        hand
    }

    async fn page(&self, path: &str) -> Said {
        self.stage.get(path, Some(&self.token)).await
    }

    async fn send(&mut self, path: &str, body: &str) -> Said {
        self.taps += 1;
        let asking = bytes(path, body.as_bytes());
        let bearer = format!("Bearer {}", self.token);
        self.stage.send(asking.with("authorization", &bearer)).await
    }

    /// A tap that leads on.
    async fn tap(&mut self, path: &str, body: &str) -> String {
        let said = self.send(path, body).await;
        assert_eq!(said.status, 303, "{path} {body}: {}", said.text());
        said.header("location").to_owned()
    }

    async fn case(&self) -> Value {
        self.page("/api/v1/cases/HH-1").await.json()
    }
}

#[tokio::test]
async fn a_case_is_assessed_in_seven_taps_and_the_rule_is_said_that_suggests_its_severity() {
    let mut hand = Hand::new().await;
    let case = hand.page("/cases/HH-1").await.text();
    assert!(case.contains("href=\"/cases/HH-1/assess\""), "{case}");
    let (real, html) = (
        "/cases/HH-1/assess/real",
        hand.page("/cases/HH-1/assess").await.text(),
    );
    assert!(
        html.contains("Question 1 of 5") && html.contains("Is it High?"),
        "{html}"
    );
    let harm = hand.tap(real, "answer=yes&note=I+saw+them+run").await;
    let html = hand.page(&harm).await.text();
    assert!(
        html.contains("name=\"whose\" value=\"ours\" checked"),
        "{html}"
    );
    // A tick and a button.
    hand.taps += 1;
    let data = hand
        .tap(&harm, "harmed=confidentiality&whose=ours&act=potential")
        .await;
    let dependency = hand.tap(&data, "answer=yes").await;
    let contingency = hand.tap(&dependency, "answer=no").await;
    let html = hand.page(&contingency).await.text();
    assert!(
        html.contains("No service is down."),
        "a reason is proposed: {html}"
    );
    let check = hand
        .tap(&contingency, "answer=no&note=No+service+is+down.")
        .await;
    assert_eq!(check, "/cases/HH-1/assess/check");
    let html = hand.page(&check).await.text();
    let (_, suggested) = html.split_once("Suggested:").unwrap();
    assert!(
        suggested.contains("▲ High") && suggested.contains("(R90)"),
        "{html}"
    );
    assert!(
        html.contains("I saw them run") && !html.contains("Not answered"),
        "{html}"
    );
    let main = "<button class=\"big\" name=\"severity\" value=\"high\">";
    assert!(
        html.contains(main),
        "the suggested one is the big button: {html}"
    );
    hand.tap(&check, "severity=high&reason=I+saw+them+run")
        .await;
    assert!(hand.taps <= 7, "{} taps", hand.taps);
    let html = hand.page(&check).await.text();
    assert!(
        html.contains("value=\"medium\"") && !html.contains("value=\"high\""),
        "what stands is not chosen again: {html}"
    );
    let keep = "<a class=\"button big\" href=\"/cases/HH-1\">Keep High</a>";
    let lower = "<button class=\"big second\" name=\"severity\" value=\"low\">";
    assert!(html.contains(keep) && html.contains(lower), "{html}");
    assert!(
        !html.contains("I saw them run"),
        "what shows that it is real is no reason to lower it: {html}"
    );
    let html = hand.page(real).await.text();
    assert!(
        !html.contains("Is it High?")
            && html.contains("Answered so far: Yes, it happened: I saw them run"),
        "{html}"
    );
    let case = hand.case().await;
    assert_eq!(
        (&case["status"], &case["severity"]),
        (&json!("confirmed"), &json!("high")),
        "{case}"
    );
}

#[tokio::test]
async fn at_the_last_question_nobody_is_asked_whether_it_is_high() {
    let mut hand = Hand::new().await;
    for (step, asked) in [("real", true), ("dependency", true), ("contingency", false)] {
        let html = hand
            .page(&format!("/cases/HH-1/assess/{step}"))
            .await
            .text();
        assert_eq!(html.contains("Is it High?"), asked, "{step}: {html}");
    }
    // Nor once the answers say so.
    hand.tap("/cases/HH-1/assess/real", "pick=production_root")
        .await;
    let html = hand.page("/cases/HH-1/assess/real").await.text();
    assert!(!html.contains("Is it High?"), "{html}");
}

#[tokio::test]
async fn one_tap_says_that_it_is_high_and_whoever_leaves_goes_on_where_they_were() {
    let mut hand = Hand::new().await;
    let check = hand
        .tap("/cases/HH-1/assess/real", "pick=production_root")
        .await;
    assert_eq!(check, "/cases/HH-1/assess/harm");
    // Nothing that would be refused is offered before that is said.
    let check = "/cases/HH-1/assess/check";
    let html = hand.page(check).await.text();
    assert!(
        html.contains("Say what is harmed</a>") && !html.contains("It is an incident:"),
        "{html}"
    );
    let (_, suggested) = html.split_once("Suggested:").unwrap();
    assert!(
        suggested.contains("▲ High") && suggested.matches("(R91)").count() == 1,
        "each rule once: {html}"
    );
    assert!(html.contains("Go on with the open questions"), "{html}");
    let html = hand.page("/cases/HH-1/assess").await.text();
    assert!(
        html.contains("action=\"/cases/HH-1/assess/real\""),
        "{html}"
    );
    hand.tap("/cases/HH-1/assess/real", "answer=unknown").await;
    hand.tap("/cases/HH-1/assess/data", "answer=unknown").await;
    let html = hand.page("/cases/HH-1/assess").await.text();
    assert!(
        html.contains("action=\"/cases/HH-1/assess/harm\""),
        "{html}"
    );
    let on = hand
        .tap(
            "/cases/HH-1/assess/harm",
            "act=actual&harmed=integrity&whose=ours",
        )
        .await;
    assert_eq!(on, check, "the other questions can wait");
    let said = hand.send(check, "severity=high&reason=Seen").await;
    assert_eq!(said.status, 303, "{}", said.text());
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_field_and_a_rule_that_says_no_is_named() {
    let mut hand = Hand::new().await;
    let said = hand
        .send("/cases/HH-1/assess/harm", "act=actual&whose=ours")
        .await;
    let html = said.text();
    assert!(
        said.status == 422 && html.contains("href=\"#harmed\""),
        "{html}"
    );
    let said = hand
        .send("/cases/HH-1/assess/dependency", "answer=yes")
        .await;
    let html = said.text();
    assert!(said.status == 409 && html.contains("R10: "), "{html}");
    let said = hand
        .send("/cases/HH-1/assess/contingency", "answer=no")
        .await;
    assert_eq!(said.status, 422, "{}", said.text());
    let said = hand
        .send("/cases/HH-1/assess/check", "severity=low&reason=Seen")
        .await;
    let html = said.text();
    assert!(
        said.status == 409 && html.contains("R37: ") && html.contains("Seen</textarea>"),
        "{html}"
    );
    assert_eq!(hand.page("/cases/HH-1/assess/nothing").await.status, 404);
    hand.tap("/cases/HH-1/assess/real", "answer=no&note=A+drill")
        .await;
    let html = hand.page("/cases/HH-1/assess/check").await.text();
    assert!(
        html.contains("/acts/false_alarm?reason=A%20drill"),
        "{html}"
    );
}

#[tokio::test]
async fn only_the_commander_decides_about_the_plan_and_german_is_spoken() {
    let hand = Hand::new().await;
    let mut bob = Hand::of(hand.stage, "bob").await;
    bob.tap("/cases/HH-1", "act=note&text=Here").await;
    let said = bob
        .send("/cases/HH-1/assess/contingency", "answer=no&note=Runs")
        .await;
    let html = said.text();
    assert!(said.status == 403 && html.contains("R12: "), "{html}");
    let asking = bob
        .stage
        .request("GET", "/cases/HH-1/assess/real", Some(&bob.token), None);
    let html = bob
        .stage
        .send(asking.with("accept-language", "de"))
        .await
        .text();
    assert!(
        html.contains("Ist es wirklich geschehen?") && html.contains("<html lang=\"de\""),
        "{html}"
    );
}

/// That data is involved is one thing, that somebody took it another: the second is not said where only the first was.
#[tokio::test]
async fn data_that_is_involved_is_not_said_to_have_been_taken() {
    let hand = Hand::new().await;
    let involved =
        json!({ "command": "answer_question", "question": "sensitive_data", "answer": "yes" });
    hand.stage.command("HH-1", &hand.token, involved).await;
    let html = hand.page("/cases/HH-1/assess/check").await.text();
    assert!(
        html.contains("Sensitive personal data is involved."),
        "{html}"
    );
    assert!(!html.contains("Yes: Was sensitive"), "{html}");
    let (before, _) = html.split_once("<dt>Is a service of").unwrap();
    assert!(before.contains("<dd>Yes</dd>"), "{html}");
    let taken =
        json!({ "command": "answer_criteria", "answers": { "sensitive_data_compromised": "yes" } });
    hand.stage.command("HH-1", &hand.token, taken).await;
    let html = hand.page("/cases/HH-1/assess/check").await.text();
    assert!(html.contains("Yes: Was sensitive"), "{html}");
}

#[tokio::test]
async fn data_that_somebody_took_by_the_criteria_is_said_to_be_unanswered_nowhere() {
    let hand = Hand::new().await;
    let html = hand.page("/cases/HH-1/sitrep").await.text();
    assert!(html.contains("unknown whether sensitive"), "{html}");
    let taken =
        json!({ "command": "answer_criteria", "answers": { "sensitive_data_compromised": "yes" } });
    hand.stage.command("HH-1", &hand.token, taken).await;
    let html = hand.page("/cases/HH-1/assess/check").await.text();
    assert!(html.contains("<dd>Yes, by the criteria</dd>"), "{html}");
    let html = hand.page("/cases/HH-1/assess/real").await.text();
    let (_, after) = html.split_once("/cases/HH-1/assess/data\"").unwrap();
    let (place, _) = after.split_once("</li>").unwrap();
    assert!(!place.contains("open"), "{place}");
    let html = hand.page("/cases/HH-1/sitrep").await.text();
    assert!(!html.contains("unknown whether sensitive"), "{html}");
}

#[tokio::test]
async fn what_was_decided_about_the_plan_is_shown_with_its_reason_and_stays_the_first_answer() {
    let mut hand = Hand::new().await;
    let contingency = "/cases/HH-1/assess/contingency";
    let main = |value: &str| format!("<button class=\"big\" name=\"answer\" value=\"{value}\">");
    let html = hand.page(contingency).await.text();
    assert!(
        html.contains(&main("no")) && !html.contains("Answered so far"),
        "{html}"
    );
    hand.tap("/cases/HH-1/assess/harm", "act=none").await;
    hand.tap(contingency, "answer=no&note=The+farm+has+light")
        .await;
    let html = hand.page(contingency).await.text();
    assert!(
        html.contains("Answered so far: No, not activated: The farm has light")
            && html.contains(&main("no")),
        "{html}"
    );
    assert!(!html.contains("No service is down."), "{html}");
    hand.tap(contingency, "answer=no&note=").await;
    let html = hand.page(contingency).await.text();
    assert!(html.contains(": The farm has light"), "kept: {html}");
    let said = hand.send(contingency, "answer=yes&note=").await;
    assert_eq!(said.status, 422, "another answer wants its own reason");
}

#[tokio::test]
async fn of_a_plan_that_is_active_nothing_is_asked_and_no_no_is_written_down() {
    let mut hand = Hand::new().await;
    let contingency = "/cases/HH-1/assess/contingency";
    hand.tap(contingency, "answer=yes&note=The+farm+is+dark")
        .await;
    let html = hand.page(contingency).await.text();
    assert!(
        html.contains("<h1>The contingency plan is active</h1>")
            && html.contains("Active since ")
            && html.contains("The farm is dark"),
        "{html}"
    );
    assert!(
        !html.contains("name=\"answer\"") && html.contains("Go on with the open questions"),
        "{html}"
    );
    for answer in ["no", "yes"] {
        let sent = format!("answer={answer}&note=It+is+light+again");
        let said = hand.send(contingency, &sent).await;
        let html = said.text();
        assert!(
            said.status == 409 && html.contains("active already"),
            "{html}"
        );
    }
    let html = hand.page("/cases/HH-1/assess/check").await.text();
    assert!(
        html.contains("<dd>The contingency plan is active</dd></div>"),
        "nothing to change: {html}"
    );
    let form = hand.page("/cases/HH-1/acts/decide_contingency").await;
    assert!(form.text().contains("active already"), "{}", form.text());
}

#[tokio::test]
async fn harm_that_was_said_is_kept_by_the_first_button_and_never_weakened_by_it() {
    let mut hand = Hand::new().await;
    let harm = "/cases/HH-1/assess/harm";
    hand.tap(
        harm,
        "harmed=integrity&harmed=privacy&whose=ours&act=actual",
    )
    .await;
    let html = hand.page(harm).await.text();
    let first = html.split("<button class=\"big").nth(1).unwrap();
    assert!(
        first.starts_with("\" name=\"act\" value=\"each\">Keep these"),
        "{html}"
    );
    assert!(!html.contains("name=\"act\" value=\"potential\""), "{html}");
    for name in ["integrity", "privacy"] {
        let on = format!("name=\"{name}\" value=\"actual\" checked");
        assert!(html.contains(&on), "{name}: {html}");
    }
    let kept = "act=each&confidentiality=none&integrity=actual&availability=none&privacy=actual";
    hand.tap(harm, &format!("{kept}&whose=ours")).await;
    let html = hand.page("/cases/HH-1/assess/check").await.text();
    assert_eq!(html.matches(": is harmed").count(), 2, "{html}");
}

#[tokio::test]
async fn what_is_harmed_is_called_the_same_wherever_it_is_asked() {
    let hand = Hand::new().await;
    let pages = [
        "/cases/HH-1/assess/harm",
        "/cases/HH-1/acts/assess_impact",
        "/cases/HH-1/acts/confirm",
    ];
    for page in pages {
        let html = hand.page(page).await.text();
        for words in [
            "Secrets: somebody reads what is not theirs (confidentiality)",
            "Privacy: data about people",
            "> might be harmed<",
        ] {
            assert!(html.contains(words), "{page}: {words}: {html}");
        }
    }
}
