//! `/api/v1/links/{token}`: what a page's link leads to. GET shows, POST acts, once.

use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::desk::{Answered, Called, Noted, Press, Stands};
use crate::web::registry::Answer;
use crate::web::{Call, json};

pub(super) const EXAMPLE: &str = r#"{"act": "take"}"#;

/// What is pressed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PressRequest {
    /// Take it, have the next person called, or join somebody who has it.
    act: Act,
}

/// What can be pressed.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// I have it.
    Take,
    /// Not me: call the next.
    PassOn,
    /// Somebody has it, and I help.
    Join,
}

/// How things stand for whoever holds the link.
#[derive(Serialize, JsonSchema)]
pub struct CalledAnswer {
    /// The number that people say.
    pub number: String,
    /// What the case is called.
    pub noun: &'static str,
    /// Its title.
    pub title: Option<String>,
    /// When it was reported (RFC 3339).
    pub reported_at: String,
    /// Who was called by this link.
    pub person: String,
    /// open: nobody has it; yours; taken: somebody else has it; over.
    pub stands: &'static str,
    /// Who has it, if somebody else.
    pub ic: Option<String>,
    /// What they are called.
    pub ic_name: Option<String>,
    /// Since when.
    pub since: Option<String>,
    /// You are in the response too.
    pub joined: bool,
    /// By when the team owes an answer, as long as nobody has given one (RFC 3339).
    pub answer_by: Option<String>,
    /// When the next person is called, as long as people are being called (RFC 3339).
    pub next_call_at: Option<String>,
}

/// What is said while the database is away, with the status 202: nobody can say how things stand.
#[derive(Serialize)]
struct NotedAnswer {
    /// noted.
    stands: &'static str,
    /// What was pressed, if anything was: it counts as soon as the database is back.
    act: Option<Press>,
    /// When (RFC 3339).
    at: Option<String>,
}

/// Shows; nothing happens.
pub(super) async fn show(call: Call) -> Answer {
    let called = call.app.desk.called(call.param("token")).await?;
    told(called)
}

/// Acts.
pub(super) async fn press(mut call: Call) -> Answer {
    let request: PressRequest = json::read(call.object().await?.into())?;
    let press = match request.act {
        Act::Take => Press::Take,
        Act::PassOn => Press::PassOn,
        Act::Join => Press::Join,
    };
    let called = call.app.desk.press(call.param("token"), press).await?;
    told(called)
}

/// What is known, or 202 for what is noted while the database is away.
fn told(answered: Answered) -> Answer {
    match answered {
        Answered::Known(called) => json::ok(&answer(*called)),
        Answered::Noted(Noted { pressed, .. }) => {
            let noted = NotedAnswer {
                stands: "noted",
                act: pressed.map(|(press, _)| press),
                at: pressed.map(|(_, at)| at.to_string()),
            };
            json::answer(StatusCode::ACCEPTED, &noted)
        }
    }
}

fn answer(called: Called) -> CalledAnswer {
    let (stands, taken) = match called.stands {
        Stands::Open => ("open", None),
        Stands::Yours => ("yours", None),
        Stands::Over => ("over", None),
        Stands::Taken {
            ic,
            name,
            since,
            joined,
        } => ("taken", Some((ic, name, since, joined))),
    };
    let joined = taken.as_ref().is_some_and(|taken| taken.3);
    CalledAnswer {
        number: called.number,
        noun: called.noun,
        title: called.title,
        reported_at: called.reported_at.to_string(),
        person: called.person,
        stands,
        since: taken.as_ref().map(|taken| taken.2.to_string()),
        ic_name: taken.as_ref().and_then(|taken| taken.1.clone()),
        ic: taken.map(|taken| taken.0),
        joined,
        answer_by: called.answer_by.map(|at| at.to_string()),
        next_call_at: called.next_call_at.map(|at| at.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::web::stage::Stage;

    #[tokio::test]
    async fn looking_never_acts_and_a_press_takes_it() {
        let stage = Stage::new().await;
        stage.report().await;
        let at = stage.ack_link("ann").await;
        for _ in 0..3 {
            assert_eq!(stage.get(&at, None).await.json()["stands"], "open");
        }
        let said = stage.post(&at, None, json!({ "act": "take" })).await;
        assert_eq!(
            (said.status, said.json()["stands"].as_str()),
            (200, Some("yours"))
        );
        let again = stage.post(&at, None, json!({ "act": "take" })).await;
        assert_eq!(
            (again.status, again.json()["stands"].as_str()),
            (200, Some("yours"))
        );
        let other = stage.post(&at, None, json!({ "act": "pass_on" })).await;
        assert_eq!(
            (other.status, other.json()["stands"].as_str()),
            (200, Some("yours")),
            "what somebody has they hand over, by the case"
        );
    }

    #[tokio::test]
    async fn the_link_the_board_and_the_mail_name_one_deadline_and_the_next_call_apart() {
        let stage = Stage::new().await;
        stage.report().await;
        let at = stage.ack_link("ann").await;
        let ann = stage.token("ann", "member").await;
        let called = stage.get(&at, None).await.json();
        let now = stage.get("/api/v1/now", Some(&ann)).await.json();
        // Nobody is on call, so the sheet is called at once, while the answer is owed ten minutes after the report.
        assert_eq!(called["answer_by"], "2026-03-02T03:10:00Z", "{called}");
        assert_eq!(now["asked"][0]["due"], called["answer_by"], "{now}");
        assert_eq!(called["next_call_at"], "2026-03-02T03:05:00Z");
        stage
            .command("HH-1", &ann, json!({ "command": "acknowledge" }))
            .await;
        let called = stage.get(&at, None).await.json();
        assert!(
            called["answer_by"].is_null() && called["next_call_at"].is_null(),
            "{called}"
        );
    }

    #[tokio::test]
    async fn whoever_is_late_hears_who_has_it_and_may_join() {
        let stage = Stage::new().await;
        stage.report().await;
        let at = stage.ack_link("ann").await;
        let bob = stage.token("bob", "member").await;
        stage
            .command("HH-1", &bob, json!({ "command": "acknowledge" }))
            .await;
        let late = stage.post(&at, None, json!({ "act": "take" })).await.json();
        assert_eq!(
            (late["stands"].as_str(), late["ic_name"].as_str()),
            (Some("taken"), Some("The bob"))
        );
        assert_eq!(
            (late["since"].as_str(), late["joined"].as_bool()),
            (Some("2026-03-02T03:00:00Z"), Some(false))
        );
        let joined = stage.post(&at, None, json!({ "act": "join" })).await.json();
        assert_eq!(joined["joined"], true, "{joined}");
    }

    #[tokio::test]
    async fn a_press_passes_it_on_to_the_next() {
        let stage = Stage::new().await;
        stage.report().await;
        let at = stage.ack_link("ann").await;
        let said = stage.post(&at, None, json!({ "act": "pass_on" })).await;
        assert_eq!(
            (said.status, said.json()["stands"].as_str()),
            (200, Some("open")),
            "{}",
            said.text()
        );
        assert!(
            stage.ack_link("bob").await.contains("/links/"),
            "bob was called at once"
        );
    }

    #[tokio::test]
    async fn a_forged_link_is_nothing() {
        let stage = Stage::new().await;
        stage.report().await;
        let mut at = stage.ack_link("ann").await;
        assert_eq!(
            stage
                .post(&at, None, json!({ "act": "dance" }))
                .await
                .status,
            422
        );
        at.pop();
        assert_eq!(stage.get(&at, None).await.status, 404);
        assert_eq!(
            stage.post(&at, None, json!({ "act": "take" })).await.status,
            404
        );
        let receipt = stage.receipt().await.replace("receipts", "links");
        assert_eq!(
            stage.get(&receipt, None).await.status,
            404,
            "another purpose"
        );
    }
}
