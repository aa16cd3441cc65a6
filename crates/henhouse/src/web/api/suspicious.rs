//! `POST /api/v1/suspicious`: the three questions about a suspicious mail, and the mail itself (R107 to R112).

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use procedure::Text;
use procedure::chapters::intake::{Follows, Phish, Report, Route};
use procedure::playbook::EvidenceKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::sign_in_first;
use crate::desk::{Arrived, OpenReport, Opened, QueueMail};
use crate::vault::{Incoming, Kept};
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

pub(super) const EXAMPLE: &str =
    r#"{"phish": {"clicked": true}, "text": "A mail about my wages."}"#;
const MEDIA: &str = "message/rfc822";

/// What somebody did with a suspicious mail.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Suspicious {
    /// The answers; at least one of them is true.
    phish: Phish,
    /// What else there is to say.
    #[serde(default)]
    text: Option<String>,
    /// How to reach whoever says it.
    #[serde(default)]
    contact: Option<String>,
    /// The short name of the project; the first one if left out.
    #[serde(default)]
    project: Option<String>,
    /// The mail as it came, in base64 (RFC 4648). A large one is rather forwarded.
    #[serde(default)]
    mail: Option<String>,
    /// The mail cannot be sent along: there is advice without it.
    #[serde(default)]
    without: bool,
}

/// What follows from the answers.
#[derive(Serialize, JsonSchema)]
pub struct SuspiciousAnswer {
    /// `event`: somebody is called. `advice`: nothing was done. `nothing`: it stays in the spam folder.
    pub follows: &'static str,
    /// The number of the event.
    pub number: Option<String>,
    /// The address of its receipt, for whoever reported it alone.
    pub receipt: Option<String>,
    /// The number under which the mail is kept for the team.
    pub mail: Option<String>,
    /// Where the answers can be changed, should something have been done with it after all.
    pub answers: Option<String>,
    /// What to do now. It says that the mail may be deleted: it is to be kept first, so send it along. Empty
    /// until then, unless `without` says that it cannot be sent.
    pub advice: Vec<String>,
}

/// Takes the answers.
pub(super) async fn take(mut call: Call) -> Answer {
    let said: Suspicious = json::read(call.object().await?.into())?;
    let mail = match &said.mail {
        Some(mail) => {
            let wrong = |_| Problem::field("mail", "Give the mail's bytes in base64.");
            Some(STANDARD.decode(mail.trim()).map_err(wrong)?)
        }
        None => None,
    };
    let desk = &call.app.desk;
    let (row, state) = desk.project_for_reports(said.project.clone()).await?;
    let basis = state.basis();
    let project = state.project();
    if call.known.is_none() && project.is_some_and(|project| project.known_reporters_only) {
        return Err(Problem::sign_in());
    }
    let words = said.text.filter(|text| !text.trim().is_empty());
    let words = words.unwrap_or_else(|| "A suspicious mail.".to_owned());
    let report = Report {
        contact: said.contact.as_deref().map(Text::from),
        route: Route::Api,
        phish: said.phish,
        ..Report::saying(Text::from(words.as_str()))
    };
    let mut answer = SuspiciousAnswer {
        follows: "nothing",
        number: None,
        receipt: None,
        mail: None,
        answers: None,
        advice: Vec::new(),
    };
    let base = &desk.site().base_url;
    match said.phish.follows() {
        Follows::Asking => {
            return Err(Problem::field(
                "phish",
                "Say what was done with the mail: clicked, opened or entered; or none, or in_spam.",
            ));
        }
        Follows::Nothing => desk.left_in_spam(Some(row.slug)).await?,
        Follows::Advice => {
            answer.follows = "advice";
            // It says that the mail may be deleted: not before it is kept (R111).
            let basis = basis.filter(|_| mail.is_some() || said.without);
            answer.advice = basis.map_or_else(Vec::new, |basis| {
                basis.playbook.intake.phishing_advice.clone()
            });
            if let Some(mail) = mail {
                let incoming = desk.receive_for_review(&call.app.exhibits, mail.len() as u64);
                let mail = written(incoming.await?, mail).await?;
                let once = call.once()?;
                // The same bytes from somebody else are another mail, with a link of their own.
                let once = once.unwrap_or_else(|| call.one_use(desk.ids().token()));
                let queued = QueueMail {
                    project: row.slug,
                    mail,
                    carried: Vec::new(),
                    report,
                    sender: None,
                    suspicious: true,
                    asked: None,
                    discounted: true,
                };
                let item = desk.queue_mail(queued, once).await?;
                answer.mail = Some(format!("M-{item}"));
                answer.answers = Some(format!("{base}/answer/{}", desk.link_about(item).await?));
            }
        }
        Follows::Event => {
            answer.follows = "event";
            let opened = open_event(&call, row.slug, report, mail).await?;
            answer.receipt = Some(format!("{base}/receipt/{}", opened.receipt));
            answer.number = Some(opened.number);
        }
    }
    json::answer(StatusCode::CREATED, &answer)
}

/// Opens an event, with the mail as its evidence.
async fn open_event(
    call: &Call,
    project: String,
    report: Report,
    mail: Option<Vec<u8>>,
) -> Result<Opened, Problem> {
    let desk = &call.app.desk;
    let open = OpenReport {
        mailed: None,
        actor: call.actor_or_reporter(),
        project: Some(project),
        report,
        happened_at: None,
        once: call.once()?,
    };
    let opened = desk.open_report_from(open, call.address).await;
    let opened = opened.map_err(|error| sign_in_first(call, error.into()))?;
    if let Some(mail) = mail {
        let limit = mail.len() as u64;
        let begun = desk.receive_from_reporter(&call.app.exhibits, &opened.receipt, limit);
        let (incoming, place) = begun.await?;
        let arrived = Arrived {
            place,
            kept: written(incoming, mail).await?,
            label: Text::from("The suspicious mail as it came"),
            kind: EvidenceKind::Mail,
            media: MEDIA.to_owned(),
        };
        let once = call.once()?.map(|mut once| {
            once.key.push_str(" mail");
            once
        });
        desk.attach_from_reporter(arrived, once).await?;
    }
    Ok(opened)
}

/// The whole of it, on disk, before anything looks into it.
async fn written(mut incoming: Incoming, bytes: Vec<u8>) -> Result<Kept, Problem> {
    let kept = tokio::task::spawn_blocking(move || {
        incoming.write(&bytes)?;
        incoming.finish()
    });
    let gone = |_| Problem::new("fault", "The server is ending. Send it again.");
    let kept = kept.await.map_err(gone)?;
    kept.map_err(|error| crate::desk::DeskError::from(error).into())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use serde_json::{Value, json};

    use super::*;
    use crate::desk::Became;
    use crate::web::stage::Stage;

    #[tokio::test]
    async fn nothing_says_delete_before_it_is_kept_and_the_same_bytes_twice_are_two_mails() {
        let stage = Stage::new().await;
        let asks = async |more: Value| {
            let mut body = json!({ "phish": { "none": true }, "project": "farm" });
            for (name, value) in more.as_object().into_iter().flatten() {
                body[name] = value.clone();
            }
            let said = stage.post("/api/v1/suspicious", None, body).await;
            assert_eq!(said.status, 201, "{}", said.text());
            said.json()
        };
        assert_eq!(asks(json!({})).await["advice"], json!([]));
        let told = asks(json!({ "without": true })).await;
        assert_ne!(told["advice"], json!([]));
        let mail = json!({ "mail": STANDARD.encode("From: b@evil.example\r\n\r\nx") });
        let (first, second) = (asks(mail.clone()).await, asks(mail).await);
        assert_ne!(first["advice"], json!([]));
        assert_ne!(first["mail"], second["mail"]);
        assert_ne!(first["answers"], second["answers"]);
    }

    #[tokio::test]
    async fn a_yes_is_never_lost_and_a_graver_one_is_one_more_report() {
        let stage = Stage::new().await;
        let mail = STANDARD.encode("From: b@evil.example\r\n\r\nx");
        let body = json!({ "phish": { "none": true }, "project": "farm", "mail": mail });
        let said = stage.post("/api/v1/suspicious", None, body).await.json();
        let link = said["answers"].as_str().unwrap();
        let token = link.rsplit('/').next().unwrap();
        stage.known_reporters_only("farm").await;
        let desk = &stage.app.desk;
        let clicked = Phish {
            clicked: true,
            ..Phish::default()
        };
        let entered = Phish {
            entered: true,
            ..Phish::default()
        };
        let opened = desk.answer_about(token, clicked).await.unwrap();
        assert_eq!(desk.answer_about(token, clicked).await.unwrap(), opened);
        let ann = stage.token("ann", "member").await;
        let reports = async || {
            let case = stage.get("/api/v1/cases/HH-1", Some(&ann)).await.json();
            case["reports"].clone()
        };
        assert_eq!(reports().await.as_array().unwrap().len(), 1);
        let more = desk.answer_about(token, entered).await.unwrap();
        assert!(matches!(more, Became::Event(_)) && more != opened);
        let all = reports().await;
        assert_eq!(all.as_array().unwrap().len(), 2);
        assert_eq!(all[1]["report"]["phish"]["clicked"], true);
        assert_eq!(all[1]["report"]["phish"]["entered"], true);
        desk.answer_about(token, clicked).await.unwrap();
        assert_eq!(reports().await, all);
        // What is for the members of its case only is not told to everybody by its other number.
        let acknowledge = json!({ "command": "acknowledge" });
        stage.command("HH-1", &ann, acknowledge).await;
        let restrict = json!({ "command": "restrict", "reason": "It is about somebody" });
        stage.command("HH-1", &ann, restrict).await;
        for of in [json!("HH-1"), said["mail"].clone()] {
            let warning = json!({ "of": of, "text": "Careful" });
            let told = stage.post("/api/v1/warnings", Some(&ann), warning).await;
            assert_eq!(told.status, 403, "{of}: {}", told.text());
        }
        // A case that is over takes no report: a yes is an event of its own, once, with the mail.
        let over = json!({ "command": "false_alarm", "reason": "the cat" });
        stage.command("HH-1", &ann, over).await;
        let file = Phish {
            opened: true,
            ..Phish::default()
        };
        let anew = desk.answer_about(token, file).await.unwrap();
        assert!(matches!(anew, Became::Event(_)));
        assert_eq!(desk.answer_about(token, file).await.unwrap(), opened);
        let mail = stage
            .get("/api/v1/cases/HH-2/exhibits/E-1", Some(&ann))
            .await;
        assert_eq!(mail.status, 200);
        let none = stage.get("/api/v1/cases/HH-3", Some(&ann)).await;
        assert_eq!(none.status, 404);
    }
}
