//! `POST /api/v1/reports`: never refused for what it says, never for coming too often.

use axum::http::{HeaderValue, StatusCode, header};
use procedure::chapters::intake::Report;
use schemars::JsonSchema;
use serde::Serialize;

use super::commands::happened_at;
use super::times;
use crate::auth::Known;
use crate::desk::{OpenReport, Opened};
use crate::web::registry::Answer;
use crate::web::words::Words;
use crate::web::{Call, Problem, json, unreached};

pub(super) const EXAMPLE: &str =
    r#"{"text": "The chickens are escaping through the north fence."}"#;

/// A report as it is sent. For the document only: the report itself is the engine's type.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "read by the schema generator alone")]
pub struct ReportRequest {
    /// The report.
    #[schemars(flatten)]
    report: Report,
    /// The short name of the project; the first one if left out.
    project: Option<String>,
    /// When it happened, if not now: a time (RFC 3339), or a time and how sure it is.
    happened_at: Option<super::commands::Happened>,
    /// In a drill, with an admin's token: who reports.
    #[schemars(rename = "as")]
    acting: Option<String>,
}

/// What a reporter keeps. 202 in place of 201 says that it waits for the database.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Receipt {
    /// The number that people say.
    pub number: String,
    /// The address of the receipt's page: unguessable, for the reporter alone.
    pub receipt: String,
    /// The same for programs.
    pub api_receipt: String,
    /// When the report was recorded (RFC 3339).
    pub at: String,
    /// The database is away: the report is kept on this node's disk, and the receipt leads to its case when it is one.
    pub waits: bool,
    /// Whoever reported is Incident Commander: they are on the team.
    pub commands: bool,
    /// What it is called until somebody has confirmed it.
    pub noun: &'static str,
    /// What the reporter should know about how it was kept, such as that the token sent along is not valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

/// A report is never refused for the token that came along.
const TOKEN_IS_DEAD: &str =
    "Your token is not valid (any more), so this was kept as a report without a name.";

/// Nor for one that cannot be looked up now.
const TOKEN_IS_UNREAD: &str =
    "Your token cannot be checked just now, so this was kept as a report without a name.";

/// Opens a case.
pub(super) async fn open(mut call: Call) -> Answer {
    let mut object = call.object().await?;
    let acting = call.acting(object.remove("as"))?;
    let actor = acting.map_or_else(|| call.actor_or_reporter(), |onlooker| onlooker.actor);
    let meant = times::meant(&object);
    let happened_at = happened_at(object.remove("happened_at"));
    let project: Result<Option<String>, _> = match object.remove("project") {
        Some(value) => json::read_at("/project", value).map(Some),
        None => Ok(None),
    };
    let report = json::read::<Report>(object.into());
    let (mut report, (happened_at, (project, ()))) = Problem::both(
        report,
        Problem::both(happened_at, Problem::both(project, meant)),
    )?;
    // Who may only read takes nothing out of the figures, as nobody outside does (R124). What they report counts.
    report.drill &= call.known.as_ref().is_none_or(Known::may_write);
    let once = call.once()?;
    let open = OpenReport {
        mailed: None,
        actor,
        project,
        report,
        happened_at,
        once,
    };
    let opened = call.app.desk.open_report_from(open, call.address).await;
    let opened = opened.map_err(|error| sign_in_first(&call, error.into()))?;
    let base = &call.app.desk.site().base_url;
    let token = (call.known.is_none() && shows_token(&call)).then_some(
        match opened.waits || call.app.desk.is_away() {
            true => TOKEN_IS_UNREAD,
            false => TOKEN_IS_DEAD,
        },
    );
    let unreached = unreached(&call, &opened).await;
    let warnings = token.map(str::to_owned).into_iter().chain(unreached);
    let warnings: Vec<String> = warnings.collect();
    let receipt = Receipt {
        receipt: format!("{base}/receipt/{}", opened.receipt),
        api_receipt: format!("{base}/api/v1/receipts/{}", opened.receipt),
        at: opened.at.to_string(),
        noun: "event",
        waits: opened.waits,
        commands: opened.commands,
        warning: (!warnings.is_empty()).then(|| warnings.join(" ")),
        number: opened.number,
    };
    let status = if receipt.waits {
        StatusCode::ACCEPTED
    } else {
        StatusCode::CREATED
    };
    let mut response = json::answer(status, &receipt)?;
    let location = HeaderValue::from_str(&receipt.receipt)
        .map_err(|_| Problem::new("fault", "The receipt has no address."))?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

/// That nobody is called, and whom to telephone, where that is so.
async fn unreached(call: &Call, opened: &Opened) -> Option<String> {
    let desk = &call.app.desk;
    let mail = desk.mail_reach();
    if mail.calls_somebody() {
        return None;
    }
    let numbers = match &opened.public_numbers {
        Some(known) => known.clone(),
        None => {
            let view = desk.receipt(&opened.receipt, None).await;
            view.map_or_else(|_| Vec::new(), |view| view.public_numbers)
        }
    };
    unreached::to_reporter(Words::default(), &mail, &numbers)
}

fn shows_token(call: &Call) -> bool {
    let shown = call.headers.get(header::AUTHORIZATION);
    shown.is_some_and(|shown| !shown.is_empty())
}

/// A project may take reports only from people it knows; whoever is unknown can change that.
pub(in crate::web) fn sign_in_first(call: &Call, problem: Problem) -> Problem {
    if call.known.is_some() || problem.status != 403 {
        return problem;
    }
    Problem::new("sign-in", problem.detail)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use serde_json::json;

    use crate::web::stage::{Stage, bytes};

    #[tokio::test]
    async fn a_sentence_from_nobody_opens_a_case() {
        let stage = Stage::new().await;
        let said = stage
            .post("/api/v1/reports", None, json!({ "text": "fire" }))
            .await;
        assert_eq!(said.status, 201, "{}", said.text());
        let body = said.json();
        assert_eq!(body["number"], "HH-1");
        assert_eq!(body["noun"], "event");
        let receipt = body["receipt"].as_str().unwrap();
        assert!(
            receipt.starts_with("http://localhost:8400/receipt/"),
            "{receipt}"
        );
        assert_eq!(said.header("location"), receipt);
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_named_and_opens_nothing() {
        let stage = Stage::new().await;
        for (body, field) in [
            (json!({}), "/text"),
            (json!({ "text": "" }), "/text"),
            (json!({ "text": "a", "tekst": "b" }), "/tekst"),
            (json!({ "text": "x".repeat(65_537) }), "/text"),
            (json!({ "text": { "$text": "a" } }), "/text"),
            (json!({ "text": "a", "project": 3 }), "/project"),
            (
                json!({ "text": "a", "happened_at": "yesterday" }),
                "/happened_at",
            ),
            (
                json!({ "text": "a", "started": { "at": "yesterday" } }),
                "/started/at",
            ),
        ] {
            let said = stage.post("/api/v1/reports", None, body).await;
            assert_eq!(said.status, 422, "{}", said.text());
            assert_eq!(said.json()["field"], field, "{}", said.text());
        }
        let said = stage
            .send(bytes("/api/v1/reports", b"{\"text\": \"\xff\"}"))
            .await;
        assert_eq!(
            (said.status, said.json()["field"].as_str()),
            (422, Some("/text"))
        );
        let said = stage.send(bytes("/api/v1/reports", b"text=fire")).await;
        assert_eq!(said.status, 400);
        let said = stage
            .send(bytes("/api/v1/reports", &vec![b' '; 1024 * 1024 + 1]))
            .await;
        assert_eq!(said.status, 413, "{}", said.text());
        let said = stage
            .post(
                "/api/v1/reports",
                None,
                json!({ "text": "a", "project": "x" }),
            )
            .await;
        assert_eq!(said.status, 404);
        assert_eq!(stage.report().await, "HH-1", "nothing was opened before");
    }

    #[tokio::test]
    async fn of_a_body_with_very_many_values_the_wrong_one_is_not_looked_for() {
        let stage = Stage::new().await;
        let many = json!({ "text": "x", "signs": vec![1; 200_000] });
        let said = stage.post("/api/v1/reports", None, many).await;
        assert_eq!(said.status, 422);
        assert_eq!(said.json()["field"], "", "{}", said.text());
        let few = json!({ "text": "x", "signs": ["a", 1] });
        let said = stage.post("/api/v1/reports", None, few).await;
        assert_eq!(said.json()["field"], "/signs/1", "{}", said.text());
    }

    #[tokio::test]
    async fn a_key_counts_once_and_another_body_is_refused() {
        let stage = Stage::new().await;
        let report = async |text: &str, key: &str| {
            let request = stage.request(
                "POST",
                "/api/v1/reports",
                None,
                Some(json!({ "text": text })),
            );
            stage.send(request.with("idempotency-key", key)).await
        };
        let first = report("fire", "k1").await;
        assert_eq!(report("fire", "k1").await.json(), first.json());
        let other = report("water", "k1").await;
        assert_eq!(other.status, 422);
        assert_eq!(other.json()["type"], "/problems/key-reused");
        assert_eq!(report("water", "k2").await.json()["number"], "HH-2");
        assert_eq!(report("water", "").await.status, 422);
    }

    #[tokio::test]
    async fn a_report_with_a_dead_token_is_kept_as_nobodys_and_says_so() {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "member").await;
        let report = json!({ "text": "fire" });
        let said = stage.post("/api/v1/reports", Some(&ann), report.clone());
        assert_eq!(said.await.json().get("warning"), None);
        let said = stage.post("/api/v1/reports", None, report.clone()).await;
        assert_eq!(
            said.json().get("warning"),
            None,
            "who sends none has nothing wrong"
        );
        for dead in ["hen_bogus", &ann[..ann.len() - 1]] {
            let said = stage.post("/api/v1/reports", Some(dead), report.clone());
            let said = said.await;
            assert_eq!(said.status, 201, "{}", said.text());
            let warning = said.json()["warning"].as_str().unwrap().to_owned();
            assert!(
                warning.contains("not valid") && warning.contains("without a name"),
                "{warning}"
            );
        }
    }

    #[tokio::test]
    async fn nobody_names_another_outside_a_drill() {
        let stage = Stage::new().await;
        let admin = stage.token("boss", "admin").await;
        let body = json!({ "text": "fire", "as": "ann" });
        let said = stage
            .post("/api/v1/reports", Some(&admin), body.clone())
            .await;
        assert_eq!(
            (said.status, said.json()["field"].as_str()),
            (403, Some("/as"))
        );
        let drill = Stage::drill().await;
        let admin = drill.token("boss", "admin").await;
        assert_eq!(
            drill
                .post("/api/v1/reports", None, body.clone())
                .await
                .status,
            403
        );
        let said = drill.post("/api/v1/reports", Some(&admin), body).await;
        assert_eq!(
            (said.status, said.json()["number"].as_str()),
            (201, Some("DR-1"))
        );
        let case = drill.get("/api/v1/cases/DR-1", Some(&admin)).await;
        assert_eq!(
            case.json()["ic"],
            "ann",
            "a responder who reports commands it"
        );
    }

    #[tokio::test]
    async fn a_project_may_ask_who_reports_and_says_what_to_do() {
        let stage = Stage::new().await;
        stage.known_reporters_only("farm").await;
        let body = json!({ "text": "fire", "project": "farm" });
        let said = stage.post("/api/v1/reports", None, body.clone()).await;
        assert_eq!(said.status, 401, "{}", said.text());
        let detail = said.json()["detail"].as_str().unwrap().to_owned();
        assert!(
            detail.contains("Sign in and send it again, or telephone."),
            "{detail}"
        );
        let elsewhere = json!({ "text": "fire", "project": "mill" });
        let said = stage.post("/api/v1/reports", None, elsewhere).await;
        assert_eq!(said.status, 201, "the other project asks nobody");
        let oz = stage.token("oz", "observer").await;
        let probe = stage.service("probe", "member").await;
        for token in [oz, probe] {
            let said = stage
                .post("/api/v1/reports", Some(&token), body.clone())
                .await;
            assert_eq!(said.status, 201, "{}", said.text());
        }
    }

    #[tokio::test]
    async fn who_may_only_read_does_not_say_that_it_is_a_drill() {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "member").await;
        let oz = stage.token("oz", "observer").await;
        for (n, (token, believed)) in [(&ann, true), (&oz, false)].into_iter().enumerate() {
            let body = json!({ "text": "fire", "drill": true });
            let said = stage.post("/api/v1/reports", Some(token), body).await;
            assert_eq!(said.status, 201, "{}", said.text());
            let path = format!("/api/v1/cases/HH-{}/journal", n + 1);
            let journal = stage.get(&path, Some(&ann)).await.text();
            assert_eq!(journal.contains("\"drill\":true"), believed, "{journal}");
        }
    }

    #[tokio::test]
    async fn a_flood_of_reports_is_taken() {
        let stage = Stage::new().await;
        for n in 0..60 {
            let said = stage
                .post(
                    "/api/v1/reports",
                    None,
                    json!({ "text": format!("fire {n}") }),
                )
                .await;
            assert_eq!(said.status, 201);
        }
    }
}
