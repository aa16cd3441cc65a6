//! Forms that were on trial: what they leave out, what they say of it, and what the trials cost.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use serde_json::{Value, json};

use crate::report::trial;
use crate::web::stage::Stage;

struct Farm {
    stage: Stage,
    ann: String,
    bob: String,
}

impl Farm {
    /// Ann commands, Bob responds.
    async fn new() -> Self {
        let stage = Stage::new().await;
        stage.report().await;
        let (ann, bob) = (
            stage.token("ann", "member").await,
            stage.token("bob", "member").await,
        );
        let farm = Self { stage, ann, bob };
        farm.gives(&farm.ann, json!({ "command": "acknowledge" }))
            .await;
        farm.gives(&farm.bob, json!({ "command": "join" })).await;
        farm
    }

    async fn gives(&self, who: &str, command: Value) {
        self.stage.command("HH-1", who, command).await;
    }

    async fn page(&self, who: &str, end: &str) -> String {
        let said = self
            .stage
            .get(&format!("/cases/HH-1{end}"), Some(who))
            .await;
        assert_eq!(said.status, 200, "{end}: {}", said.text());
        said.text()
    }
}

#[tokio::test]
async fn a_choice_that_a_rule_shuts_for_good_is_left_out_and_the_rule_is_said() {
    let farm = Farm::new().await;
    let html = farm.page(&farm.ann, "/acts/send_home").await;
    let offered = |html: &str, field: &str, value: &str| {
        html.contains(&format!("name=\"{field}\" value=\"{value}\""))
    };
    assert!(
        offered(&html, "person", "bob") && !offered(&html, "person", "ann"),
        "{html}"
    );
    let (_, shut) = html.split_once("Cannot be chosen now:").unwrap();
    assert!(
        shut.contains("The ann") && shut.contains("somebody commands at each moment"),
        "{html}"
    );
    let html = farm.page(&farm.ann, "/acts/assign_role").await;
    assert!(
        offered(&html, "role", "deputy") && !offered(&html, "role", "incident_commander"),
        "{html}"
    );
    let (_, shut) = html.split_once("Cannot be chosen now:").unwrap();
    assert!(
        shut.contains("Incident Commander: <span")
            && shut.contains("There is one Incident Commander"),
        "{html}"
    );
}

/// Whoever is not in the response gets no role, and that, rather than what keeps a role from everybody, is why.
#[tokio::test]
async fn what_is_said_of_a_person_is_the_reason_of_that_person() {
    let farm = Farm::new().await;
    farm.stage.roster(&["ann", "bob", "rose"]).await;
    let html = farm.page(&farm.ann, "/acts/assign_role").await;
    let offered = |who: &str| html.contains(&format!("name=\"person\" value=\"{who}\""));
    assert!(offered("bob") && !offered("rose"), "{html}");
    let (people, roles) = html.split_once("id=\"role\"").unwrap();
    assert!(
        !people.contains("There is one Incident Commander") && roles.contains("There is one"),
        "{html}"
    );
    assert!(people.contains("Of those in the response"), "{html}");
    let html = farm.page(&farm.ann, "/acts/assign_role?person=rose").await;
    assert!(
        html.contains("is not in the response.") && html.contains("Call them in first"),
        "{html}"
    );
    // Who asks is looked at before what is asked for.
    let html = farm.page(&farm.bob, "/acts/assign_role").await;
    assert!(
        html.contains("Only the Incident Commander can do this.")
            && !html.contains("There is one Incident Commander"),
        "{html}"
    );
}

/// Whoever did a step does not verify it, but may when nobody else did for long enough: it stays among the choices.
#[tokio::test]
async fn what_time_opens_stays_among_the_choices() {
    let farm = Farm::new().await;
    for owner in ["ann", "bob"] {
        let step = json!({ "command": "add_step", "text": "Mend", "owner": owner });
        farm.gives(&farm.ann, step).await;
    }
    for (who, step) in [(&farm.ann, "S-1"), (&farm.bob, "S-2")] {
        let done = json!({ "command": "finish_step", "step": step, "result": "Mended" });
        farm.gives(who, done).await;
    }
    let html = farm.page(&farm.ann, "/acts/verify_step").await;
    assert!(
        html.contains("value=\"S-1\"") && html.contains("value=\"S-2\""),
        "{html}"
    );
}

#[tokio::test]
async fn whoever_has_command_is_not_told_to_take_it() {
    let farm = Farm::new().await;
    for (who, command) in [
        (
            &farm.ann,
            json!({ "command": "offer_handover", "to": "bob" }),
        ),
        (
            &farm.bob,
            json!({ "command": "take_over", "reason": "Ann sleeps" }),
        ),
        (&farm.bob, json!({ "command": "confirm_take_over" })),
    ] {
        farm.gives(who, command).await;
    }
    let html = farm.page(&farm.bob, "/acts/accept_handover").await;
    assert!(
        html.contains("you have command since") && !html.contains("take command with a reason"),
        "{html}"
    );
    assert!(html.contains("/cases/HH-1/handover"), "{html}");
}

#[tokio::test]
async fn of_a_case_that_is_not_restricted_it_is_said_that_the_project_sees_it_all_the_same() {
    let farm = Farm::new().await;
    for (act, words) in [
        ("add_member", "everybody of the project sees it already"),
        ("remove_member", "everybody of the project keeps seeing it"),
    ] {
        let html = farm.page(&farm.ann, &format!("/acts/{act}")).await;
        assert!(
            html.contains(words) && !html.contains("They lose the case at once"),
            "{act}: {html}"
        );
    }
    farm.gives(
        &farm.ann,
        json!({ "command": "restrict", "reason": "An employee" }),
    )
    .await;
    let html = farm.page(&farm.ann, "/acts/remove_member").await;
    assert!(
        html.contains("They lose the case at once") && !html.contains("keeps seeing it"),
        "{html}"
    );
}

#[tokio::test]
async fn steps_that_stand_there_are_named_with_why_they_do_not_fit() {
    let farm = Farm::new().await;
    let look = json!({ "command": "add_step", "text": "Look around", "owner": "bob", "kind": "investigate" });
    farm.gives(&farm.ann, look).await;
    let html = farm.page(&farm.ann, "/acts/decide_destruction").await;
    assert!(
        html.contains("It takes an open step that stops, ends, wipes or deletes")
            && html.contains("S-1 Look around (Looks, changes nothing)"),
        "{html}"
    );
    assert!(!html.contains("nothing to choose from"), "{html}");
    farm.gives(&farm.bob, json!({ "command": "start_step", "step": "S-1" }))
        .await;
    let html = farm.page(&farm.ann, "/acts/start_step").await;
    assert!(
        html.contains("S-1 Look around (begun)") && !html.contains("/acts/add_step"),
        "{html}"
    );
}

#[tokio::test]
async fn before_a_report_goes_out_it_is_said_what_the_close_will_still_ask_for() {
    let farm = Farm::new().await;
    let words = "Closing the case will still ask for this";
    let impact = json!({ "confidentiality": "none", "integrity": "none", "availability": "actual", "whose": ["ours"] });
    let confirm =
        json!({ "command": "confirm", "severity": "medium", "reason": "Seen", "impact": impact });
    farm.gives(&farm.ann, confirm).await;
    let html = farm.page(&farm.ann, "/acts/publish_report").await;
    assert!(!html.contains(words), "it is still going on: {html}");
    let waive: Vec<Value> = ["R3", "X40", "R71", "R54", "X16", "R40", "X38"]
        .map(|rule| json!({ "rule": rule, "reason": "A drill" }))
        .into();
    let over = json!({ "command": "ready_for_qa", "reviewer": "bob", "waive": waive });
    farm.gives(&farm.ann, over).await;
    let html = farm.page(&farm.ann, "/acts/publish_report").await;
    let (_, left) = html.split_once(words).unwrap();
    let (left, _) = left.split_once("<button").unwrap();
    assert!(
        left.contains("still lacks lessons") && left.contains("/acts/add_lesson"),
        "{html}"
    );
    farm.gives(
        &farm.ann,
        json!({ "command": "add_lesson", "text": "Count the hens" }),
    )
    .await;
    let html = farm.page(&farm.ann, "/acts/publish_report").await;
    assert!(!html.contains("still lacks lessons"), "{html}");
}

#[tokio::test]
async fn the_duty_of_somebody_else_has_no_button_that_leads_to_a_shut_form() {
    let farm = Farm::new().await;
    let owed = |html: &str| {
        let (_, rest) = html.split_once("id=\"live-owed\"").unwrap_or_default();
        rest.split_once("</section>")
            .unwrap_or_default()
            .0
            .to_owned()
    };
    let decide = "/cases/HH-1/assess/contingency";
    let html = owed(&farm.page(&farm.ann, "").await);
    assert!(html.contains(decide), "the IC decides: {html}");
    let html = owed(&farm.page(&farm.bob, "").await);
    assert!(
        html.contains("Decide whether the contingency plan") && html.contains("(the IC)"),
        "{html}"
    );
    assert!(!html.contains(decide), "not Bob: {html}");
    assert!(
        html.contains("/assess/"),
        "what he may do for others: {html}"
    );
}

#[tokio::test]
async fn a_button_on_a_row_names_what_it_is_about() {
    let farm = Farm::new().await;
    let lead =
        json!({ "command": "add_lead", "text": "Paw prints", "source": "Spot", "owner": "bob" });
    farm.gives(&farm.ann, lead).await;
    for end in ["", "/leads"] {
        let html = farm.page(&farm.bob, end).await;
        assert!(html.contains(">Begin L-1</button>"), "{end}: {html}");
        assert!(!html.contains("Begin a lead"), "{end}: {html}");
    }
    let asking = farm
        .stage
        .request("GET", "/cases/HH-1/leads", Some(&farm.bob), None);
    let html = farm
        .stage
        .send(asking.with("accept-language", "de"))
        .await
        .text();
    assert!(html.contains(">L-1 nachgehen</button>"), "{html}");
}

/// So many ways are asked of the engine for a page of a case with many people, leads and steps: each costs some
/// microseconds.
#[tokio::test]
async fn pages_of_a_large_case_ask_little_of_the_engine() {
    let farm = Farm::new().await;
    let hands: Vec<String> = (0..58).map(|n| format!("hand-{n}")).collect();
    let mut people = vec!["ann", "bob"];
    people.extend(hands.iter().map(String::as_str));
    farm.stage.roster(&people).await;
    for n in 0..60 {
        let owner = ["ann", "bob"][n % 2];
        let lead =
            json!({ "command": "add_lead", "text": "A trace", "source": "Spot", "owner": owner });
        let step =
            json!({ "command": "add_step", "text": "A plank", "owner": owner, "kind": "change" });
        farm.gives(&farm.ann, lead).await;
        farm.gives(&farm.ann, step).await;
    }
    let (mut told, mut over) = (String::new(), false);
    for (who, name) in [(&farm.ann, "ann"), (&farm.bob, "bob")] {
        for (end, most) in [
            ("", 40),
            ("/leads", 100),
            ("/steps", 100),
            ("/acts", 1_200),
            ("/acts/add_step", 150),
            ("/acts/assign_step", 250),
            ("/acts/release_role", 600),
            ("/acts/send_home", 120),
            ("/acts/record_contact", 150),
        ] {
            let before = trial::given();
            farm.page(who, end).await;
            let given = trial::given() - before;
            told.push_str(&format!("{name} {end}: {given} of {most}\n"));
            over |= given > most;
        }
    }
    println!("{told}");
    assert!(!over, "\n{told}");
}
