//! `/api/v1/projects/{slug}/playbook`: the procedure as data, proposed by one person and reviewed by
//! another.

use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use procedure::basis;
use procedure::playbook::{Overridden, Overrides, Playbook, check as rules};
use procedure::project::{Edition, ProjectCommand, ProjectState};
use procedure::{Text, Who};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::projects::project;
use crate::overrides::{self, MergeError};
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

pub(super) const EXAMPLE: &str =
    r#"{"playbook": {"name": "handbook", "edition": 2}, "note": "Sitreps every 30 minutes."}"#;
pub(super) const REVIEW_EXAMPLE: &str = r#"{"edition": 2, "accepted": true}"#;

/// An edition to be proposed.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "read by the schema generator alone")]
pub struct Proposal {
    /// The whole playbook, with its edition raised; or else `overrides`.
    playbook: Option<serde_json::Map<String, Value>>,
    /// Only what differs from a playbook: base, base_edition, reason, changes.
    overrides: Option<serde_json::Map<String, Value>>,
    /// What changes, and why.
    note: Option<String>,
}

/// A review.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Which edition.
    edition: u32,
    /// Whether it comes into force.
    accepted: bool,
    /// Why; needed to turn it down, and to accept one's own.
    #[serde(default)]
    note: Option<Text>,
}

/// The playbook of a project.
#[derive(Serialize, JsonSchema)]
pub struct PlaybookAnswer {
    /// The edition that new cases follow.
    pub edition: Option<u32>,
    /// The playbook itself.
    pub playbook: Option<Value>,
    /// What it says otherwise than the playbook that it was made of; null if it stands by itself.
    pub overridden: Option<Value>,
    /// Editions that wait for their review.
    pub proposed: Vec<ProposedEdition>,
    /// When it is to be read again (RFC 3339).
    pub review_due_at: Option<String>,
}

/// An edition that waits for its review.
#[derive(Serialize, JsonSchema)]
pub struct ProposedEdition {
    /// Which edition.
    pub edition: u32,
    /// Who proposed it; null for a program.
    pub author: Option<String>,
    /// When (RFC 3339).
    pub proposed_at: String,
    /// What changes, and why.
    pub note: Option<String>,
    /// What it says otherwise than the playbook that it was made of.
    pub overridden: Option<Value>,
    /// The whole playbook.
    pub playbook: Value,
}

/// What stands in the way of working by a playbook in this project.
#[derive(Serialize, JsonSchema)]
pub struct Checked {
    /// Which edition was checked.
    pub edition: u32,
    /// How many findings are errors: with them the team would be stuck.
    pub errors: usize,
    /// What was found, errors first.
    pub findings: Vec<Value>,
}

/// Shows the playbook in force; `format=text` as a document.
pub(super) async fn show(call: Call) -> Answer {
    let (_, state) = project(&call).await?;
    let fields = call.query(&["format"])?;
    match fields.get("format") {
        None | Some("json") => json::ok(&answer(&state)),
        Some("text") => {
            let edition = state
                .in_force()
                .ok_or_else(|| Problem::not_found("playbook"))?;
            let text = document(edition);
            Ok((
                [(header::CONTENT_TYPE, "text/markdown; charset=utf-8")],
                text,
            )
                .into_response())
        }
        Some(_) => Err(Problem::field("format", "Use json or text.")),
    }
}

fn document(edition: &Edition) -> String {
    let reason = edition.note.as_ref().and_then(|note| note.plain());
    match &edition.overridden {
        Some(overridden) => {
            procedure::playbook::show::show_project(&edition.playbook, overridden, reason)
        }
        None => procedure::playbook::show::show(&edition.playbook),
    }
}

/// Checks the playbook in force, or the edition named, together with the project.
pub(super) async fn check(call: Call) -> Answer {
    let (_, state) = project(&call).await?;
    let fields = call.query(&["edition"])?;
    let edition = match fields.get("edition") {
        None => state.in_force(),
        Some(number) => {
            let number: u32 = number
                .parse()
                .map_err(|_| Problem::field("edition", "Give the number of an edition."))?;
            state.editions.get(&number)
        }
    };
    let edition = edition.ok_or_else(|| Problem::not_found("playbook"))?;
    let facts = state
        .project()
        .ok_or_else(|| Problem::not_found("project"))?;
    let review = match facts.review_of(edition.playbook.edition) {
        basis::Review::Nobody => rules::Review::Missing,
        basis::Review::OnePerson => rules::Review::ByAuthor,
        basis::Review::ByAnother => rules::Review::ByAnother,
    };
    let now = call.app.desk.clock().now();
    let findings = rules::check(
        &edition.playbook,
        &rules::ProjectFacts::of(&facts, review, now),
    );
    let errors = findings
        .iter()
        .filter(|f| f.weight == rules::Weight::Error)
        .count();
    let value = |finding: &rules::Finding| serde_json::to_value(finding).unwrap_or_default();
    json::ok(&Checked {
        edition: edition.playbook.edition,
        errors,
        findings: findings.iter().map(value).collect(),
    })
}

/// Proposes an edition: whole, or as changes to another one.
pub(super) async fn propose(mut call: Call) -> Answer {
    let (id, state) = project(&call).await?;
    let mut object = call.object().await?;
    let mut note: Option<Text> = match object.remove("note") {
        Some(note) => json::read_at("/note", note)?,
        None => None,
    };
    let (playbook, overridden) = match object.remove("overrides") {
        Some(changes) => {
            let changes: Overrides = json::read_at("/overrides", changes)?;
            let (playbook, overridden) = merged(&state, &changes)?;
            note = note.or_else(|| Some(Text::from(changes.reason.as_str())));
            (playbook, Some(overridden))
        }
        None => {
            let playbook = object.remove("playbook").unwrap_or_default();
            (json::read_at("/playbook", playbook)?, None)
        }
    };
    let playbook = Box::new(playbook);
    let command = ProjectCommand::ProposePlaybook {
        playbook,
        note,
        overridden,
    };
    let actor = call.known()?.actor();
    let once = call.once()?;
    let change = call.app.desk.change_project(id, actor, command, once);
    let state = change.await?;
    json::answer(StatusCode::CREATED, &answer(&state))
}

/// The changes merged into their base, as the project's next edition.
fn merged(state: &ProjectState, changes: &Overrides) -> Result<(Playbook, Overridden), Problem> {
    let wrong = |error: MergeError| Problem::field("/overrides", error.to_string());
    let (name, number) = (&changes.base, changes.base_edition);
    let base = overrides::base(state, name, number);
    let base = base.ok_or_else(|| wrong(MergeError::NoBase(name.clone(), number)))?;
    let next = state
        .editions
        .keys()
        .last()
        .copied()
        .unwrap_or(0)
        .saturating_add(1);
    overrides::merge(&base, next, changes).map_err(wrong)
}

/// Reviews an edition.
pub(super) async fn review(mut call: Call) -> Answer {
    let (id, _) = project(&call).await?;
    let Review {
        edition,
        accepted,
        note,
    } = json::read(call.object().await?.into())?;
    let command = ProjectCommand::ReviewPlaybook {
        edition,
        accepted,
        note,
    };
    let actor = call.known()?.actor();
    let once = call.once()?;
    let change = call.app.desk.change_project(id, actor, command, once);
    let state = change.await?;
    json::ok(&answer(&state))
}

fn answer(state: &ProjectState) -> PlaybookAnswer {
    let in_force = state.in_force();
    let value = |edition: &Edition| serde_json::to_value(&edition.playbook).unwrap_or_default();
    let differs = |edition: &Edition| {
        let overridden = edition.overridden.as_ref();
        overridden.and_then(|overridden| serde_json::to_value(overridden).ok())
    };
    let proposed = state.proposed().map(|edition| ProposedEdition {
        edition: edition.playbook.edition,
        author: match &edition.author {
            Who::Person(person) => Some(person.to_string()),
            _ => None,
        },
        proposed_at: edition.proposed_at.to_string(),
        note: edition
            .note
            .as_ref()
            .and_then(|note| note.plain())
            .map(str::to_owned),
        overridden: differs(edition),
        playbook: value(edition),
    });
    PlaybookAnswer {
        edition: in_force.map(|edition| edition.playbook.edition),
        playbook: in_force.map(value),
        overridden: in_force.and_then(differs),
        proposed: proposed.collect(),
        review_due_at: state.review_due_at().map(|at| at.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::web::stage::Stage;

    const AT: &str = "/api/v1/projects/farm/playbook";

    #[tokio::test]
    async fn an_edition_is_proposed_by_one_and_accepted_by_another() {
        let stage = Stage::new().await;
        let (ann, bob) = (
            stage.token("ann", "member").await,
            stage.token("bob", "member").await,
        );
        let mut playbook = stage.get(AT, Some(&ann)).await.json()["playbook"].clone();
        playbook["edition"] = 2.into();
        let said = stage
            .post(
                AT,
                Some(&ann),
                json!({ "playbook": playbook, "note": "new" }),
            )
            .await;
        assert_eq!(
            (said.status, said.json()["proposed"][0]["author"].as_str()),
            (201, Some("ann")),
            "{}",
            said.text()
        );
        let review = json!({ "edition": 2, "accepted": true });
        let own = stage
            .post(&format!("{AT}/review"), Some(&ann), review.clone())
            .await;
        assert_eq!(
            (own.status, own.json()["rule"].as_str()),
            (409, Some("X30"))
        );
        let other = stage
            .post(&format!("{AT}/review"), Some(&bob), review)
            .await;
        assert_eq!(
            (other.status, other.json()["edition"].as_u64()),
            (200, Some(2)),
            "{}",
            other.text()
        );
    }

    #[tokio::test]
    async fn a_proposal_under_a_key_counts_once() {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "member").await;
        let mut playbook = stage.get(AT, Some(&ann)).await.json()["playbook"].clone();
        playbook["edition"] = 2.into();
        let propose = async |note: &str| {
            let body = json!({ "playbook": playbook, "note": note });
            let request = stage.request("POST", AT, Some(&ann), Some(body));
            stage.send(request.with("idempotency-key", "k1")).await
        };
        let first = propose("new").await;
        let again = propose("new").await;
        assert_eq!((first.status, again.status), (201, 201), "{}", again.text());
        assert_eq!(first.json(), again.json());
        let other = propose("newer").await;
        assert_eq!(other.status, 422);
        assert_eq!(other.json()["type"], "/problems/key-reused");
        let review = async |accepted: bool| {
            let body = json!({ "edition": 2, "accepted": accepted, "note": "no" });
            let bob = stage.token("bob", "member").await;
            let at = format!("{AT}/review");
            let request = stage.request("POST", &at, Some(&bob), Some(body));
            stage
                .send(request.with("idempotency-key", "k1"))
                .await
                .status
        };
        assert_eq!((review(true).await, review(true).await), (200, 200));
        assert_eq!(review(false).await, 422);
    }

    #[tokio::test]
    async fn the_playbook_reads_as_a_document() {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "member").await;
        let said = stage.get(&format!("{AT}?format=text"), Some(&ann)).await;
        assert!(said.text().starts_with('#'), "{}", said.text());
    }

    #[tokio::test]
    async fn x29_a_project_writes_only_what_differs_and_shows_it() {
        let stage = Stage::new().await;
        let (ann, bob) = (
            stage.token("ann", "member").await,
            stage.token("bob", "member").await,
        );
        let changes = json!({ "alarm": { "ack_limit_minutes": 5 } });
        let overrides = json!({ "base": "handbook", "base_edition": 1, "reason": "We are near.", "changes": changes });
        let body = json!({ "overrides": overrides });
        let said = stage.post(AT, Some(&ann), body).await;
        assert_eq!(said.status, 201, "{}", said.text());
        assert_eq!(
            said.json()["proposed"][0]["playbook"]["alarm"]["ack_limit_minutes"],
            5
        );
        let review = json!({ "edition": 2, "accepted": true });
        stage
            .post(&format!("{AT}/review"), Some(&bob), review)
            .await;
        let shown = stage
            .get(&format!("{AT}?format=text"), Some(&ann))
            .await
            .text();
        let line = "`alarm.ack_limit_minutes`: this project: 5 minutes instead of 10 minutes.";
        assert!(
            shown.contains(line) && shown.contains("We are near."),
            "{shown}"
        );
        let said = stage.get(AT, Some(&ann)).await.json();
        assert_eq!(said["overridden"]["differences"][0]["was"], 10);
    }

    #[tokio::test]
    async fn an_edition_that_cannot_work_is_not_even_proposed() {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "member").await;
        let slow =
            json!({ "severities": { "high": { "cadence": { "every": { "minutes": 90 } } } } });
        for (changes, base, status) in [
            (slow, 1, 422),
            (json!({ "alarm": { "akc": 1 } }), 1, 422),
            (json!({}), 9, 422),
        ] {
            let overrides = json!({ "base": "handbook", "base_edition": base, "reason": "So", "changes": changes });
            let said = stage
                .post(AT, Some(&ann), json!({ "overrides": overrides }))
                .await;
            assert_eq!(said.status, status, "{}", said.text());
        }
    }

    #[tokio::test]
    async fn the_playbook_is_checked_with_the_project() {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "member").await;
        let said = stage.get(&format!("{AT}/check"), Some(&ann)).await.json();
        assert_eq!(said["edition"], 1, "{said}");
        let findings = said["findings"].as_array().cloned().unwrap_or_default();
        let found = |place: &str| findings.iter().any(|finding| finding["place"] == place);
        assert!(found("project.playbook.review"), "{said}");
        let errors = findings
            .iter()
            .filter(|finding| finding["weight"] == "error")
            .count();
        assert_eq!(said["errors"], errors);
        let none = stage
            .get(&format!("{AT}/check?edition=9"), Some(&ann))
            .await;
        assert_eq!(none.status, 404);
    }
}
