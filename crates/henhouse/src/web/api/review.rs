//! `/api/v1/review`: mail that waits until somebody has looked at it, and what becomes of it (R114, M24).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use procedure::Text;
use procedure::review::Settlement;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::exhibits::as_download;
use crate::desk::{CaseNumber, Opened, QueuedMail};
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

pub(super) const JOIN: &str = r#"{"case": "HH-142"}"#;

/// What waits of the projects on whose contact sheet you stand.
#[derive(Serialize, JsonSchema)]
pub struct MailQueue {
    /// At most 50: mail of the staff first, by when it is a report by itself; then the newest.
    pub mails: Vec<MailAnswer>,
    /// How many wait in all.
    pub all: usize,
    /// How many were found to need nothing, in the whole installation.
    pub no_action: usize,
    /// How many were found in spam folders and left there, in the whole installation.
    pub in_spam: u64,
}

/// A mail in the queue. Nothing that it says of itself was checked.
#[derive(Serialize, JsonSchema)]
pub struct MailAnswer {
    /// Its number, such as M-12.
    pub mail: String,
    /// The project that it came to, by short name.
    pub project: String,
    /// Since when it waits (RFC 3339).
    pub since: String,
    /// Where it says that it comes from.
    pub sender: Option<String>,
    /// Who on the contact sheet has that address.
    pub staff: Option<String>,
    /// When it is a report by itself, unless somebody settles it before (RFC 3339).
    pub opens_at: Option<String>,
    /// Its subject.
    pub title: Option<String>,
    /// Its words.
    pub text: Option<String>,
    /// It looks like a suspicious mail that somebody passes on; whoever did is asked what they did with it.
    pub suspicious: bool,
    /// What they answered so far.
    pub phish: procedure::chapters::intake::Phish,
    /// How many bytes it has.
    pub size: u64,
    /// How many mails it carries.
    pub carries: usize,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// What became of it; null while it waits.
    pub settled: Option<MailSettlement>,
}

/// What became of a mail.
#[derive(Serialize, JsonSchema)]
pub struct MailSettlement {
    /// How it was settled.
    pub how: Settlement,
    /// The case that has it, if you may see that.
    pub case: Option<String>,
}

/// To which case a mail belongs.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinMail {
    /// Its number.
    pub case: String,
}

/// The case that has a mail now.
#[derive(Serialize, JsonSchema)]
pub struct MailCase {
    /// Its number.
    pub case: String,
}

impl From<QueuedMail> for MailAnswer {
    fn from(queued: QueuedMail) -> Self {
        let words = |text: Option<&Text>| text.and_then(Text::plain).map(str::to_owned);
        let mail = &queued.mail;
        Self {
            mail: format!("M-{}", queued.item),
            since: queued.since.to_string(),
            sender: words(mail.sender.as_ref()),
            staff: queued.staff,
            opens_at: mail.opens_at.map(|at| at.to_string()),
            title: words(mail.report.title.as_ref()),
            text: words(Some(&mail.report.text)),
            suspicious: mail.suspicious,
            phish: mail.report.phish,
            size: mail.mail.size,
            carries: mail.carried.len(),
            sha256: mail.mail.sha256.clone(),
            settled: queued.settled.map(|(how, case)| MailSettlement {
                how,
                case: case.map(|case| case.to_string()),
            }),
            project: queued.project.slug,
        }
    }
}

/// Lists what waits.
pub(super) async fn list(call: Call) -> Answer {
    let review = call.app.desk.review(&call.onlooker()?).await?;
    json::ok(&MailQueue {
        mails: review.shown.into_iter().map(MailAnswer::from).collect(),
        all: review.all,
        no_action: review.no_action,
        in_spam: review.in_spam,
    })
}

/// Shows one.
pub(super) async fn show(call: Call) -> Answer {
    let (item, onlooker) = (item(&call)?, call.onlooker()?);
    let mail = call.app.desk.queued_mail(&onlooker, item).await?;
    json::ok(&MailAnswer::from(mail))
}

/// The bytes of one, as a download that nothing opens by itself.
pub(super) async fn download(call: Call) -> Answer {
    let (item, onlooker) = (item(&call)?, call.onlooker()?);
    let (desk, exhibits) = (&call.app.desk, &call.app.exhibits);
    let opened = desk.open_mail_of_queue(exhibits, &onlooker, item).await?;
    let mut response = as_download(opened, &call.headers)?;
    let name = HeaderValue::from_str(&format!("attachment; filename=\"M-{item}.eml\""));
    let name = name.map_err(|_| Problem::not_found("mail"))?;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

/// Opens an event by it.
pub(super) async fn open(call: Call) -> Answer {
    let desk = &call.app.desk;
    let Opened { number, .. } = desk.open_queued(&call.onlooker()?, item(&call)?).await?;
    json::answer(StatusCode::CREATED, &MailCase { case: number })
}

/// Adds it to a case that is there.
pub(super) async fn join(mut call: Call) -> Answer {
    let object = call.object().await?;
    let JoinMail { case } = json::read(object.into())?;
    let wrong = |_| Problem::field("case", "Give the number of a case, such as HH-142.");
    let number: CaseNumber = case.trim().to_ascii_uppercase().parse().map_err(wrong)?;
    let (desk, item) = (&call.app.desk, item(&call)?);
    let joined = desk.join_queued(&call.onlooker()?, item, &number).await?;
    let case = joined.to_string();
    json::ok(&MailCase { case })
}

/// Says that there is nothing to do about it.
pub(super) async fn dismiss(call: Call) -> Answer {
    let desk = &call.app.desk;
    desk.dismiss_queued(&call.onlooker()?, item(&call)?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The number in the path, `M-12` or `12`.
///
/// # Errors
/// 404 for what is no number.
pub(in crate::web) fn item(call: &Call) -> Result<u64, Problem> {
    let named = call.param("mail").to_ascii_uppercase();
    let digits = named.strip_prefix("M-").unwrap_or(&named);
    digits.parse().map_err(|_| Problem::not_found("mail"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use jiff::SignedDuration;
    use serde_json::{Value, json};

    use crate::inbound::{Came, Takes};
    use crate::web::stage::Stage;

    const FOX: &str = "There is a fox in the yard.";

    fn mail(from: &str, subject: &str) -> String {
        format!("From: {from}\r\nTo: security@farm.example\r\nSubject: {subject}\r\n\r\n{FOX}\r\n")
    }

    async fn comes(stage: &Stage, raw: &str) {
        let takes = Takes::new(stage.app.desk.clone(), stage.app.exhibits.clone());
        let came = Came {
            raw: raw.as_bytes(),
            from: Some("x@y.example"),
            by: None,
            project: "farm",
            suspicious: false,
            alerts: None,
        };
        takes.take(&came).await;
    }

    async fn waiting(stage: &Stage, who: &str) -> Vec<Value> {
        let answer = stage.get("/api/v1/review", Some(who)).await.json();
        answer["mails"].as_array().cloned().unwrap_or_default()
    }

    async fn later(stage: &Stage, seconds: i64) {
        let desk = &stage.app.desk;
        let to = desk.now() + SignedDuration::from_secs(seconds);
        desk.clock().set(to).unwrap();
        desk.pulse().await.unwrap();
    }

    fn number(mail: &Value) -> String {
        mail["mail"].as_str().unwrap().to_owned()
    }

    #[tokio::test]
    async fn a_mail_without_the_words_waits_for_its_project_and_is_opened_in_one_act() {
        let stage = Stage::new().await;
        let (ann, eve) = (
            stage.token("ann", "member").await,
            stage.token("eve", "member").await,
        );
        let boss = stage.token("boss", "admin").await;
        let raw = mail("Zoe <zoe@zoo.example>", "Odd thing");
        comes(&stage, &raw).await;
        comes(&stage, &raw).await;
        assert!(waiting(&stage, &eve).await.is_empty() && waiting(&stage, &boss).await.is_empty());
        let [found] = &waiting(&stage, &ann).await[..] else {
            panic!("the same mail counts once");
        };
        let at = format!("/api/v1/review/{}", number(found));
        assert_eq!(
            (&found["title"], &found["staff"]),
            (&json!("Odd thing"), &Value::Null)
        );
        assert_eq!(
            stage.get(&format!("{at}/mail"), Some(&ann)).await.bytes(),
            raw.as_bytes()
        );
        for act in ["", "/mail"] {
            assert_eq!(
                stage.get(&format!("{at}{act}"), Some(&eve)).await.status,
                404
            );
        }
        for act in ["open", "dismiss"] {
            let said = stage
                .post(&format!("{at}/{act}"), Some(&eve), json!({}))
                .await;
            assert_eq!(said.status, 404, "{}", said.text());
        }
        let cases = stage.get("/api/v1/cases", Some(&ann)).await.json();
        assert_eq!(cases["cases"], json!([]), "nobody was called");
        let said = stage
            .post(&format!("{at}/open"), Some(&ann), json!({}))
            .await;
        assert_eq!((said.status, said.json()), (201, json!({ "case": "HH-1" })));
        let mail = stage
            .get("/api/v1/cases/HH-1/exhibits/E-1", Some(&ann))
            .await;
        assert_eq!(mail.bytes(), raw.as_bytes());
        let journal = stage
            .get("/api/v1/cases/HH-1/journal", Some(&ann))
            .await
            .text();
        for must in [
            FOX,
            "zoe@zoo.example",
            "\"route\":\"mail\"",
            "review queue by",
        ] {
            assert!(journal.contains(must), "{must}: {journal}");
        }
        assert!(waiting(&stage, &ann).await.is_empty());
        let again = stage
            .post(&format!("{at}/dismiss"), Some(&ann), json!({}))
            .await;
        assert_eq!(again.status, 409, "{}", again.text());
        let shown = stage.get(&at, Some(&ann)).await.json();
        assert_eq!(shown["settled"], json!({ "how": "opened", "case": "HH-1" }));
    }

    #[tokio::test]
    async fn a_mail_joins_a_case_as_a_second_report_and_another_is_only_counted() {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "member").await;
        stage.report().await;
        comes(&stage, &mail("zoe@zoo.example", "Fox")).await;
        comes(&stage, &mail("spam@spam.example", "Buy now")).await;
        let found = waiting(&stage, &ann).await;
        let [spam, fox] = [&found[0], &found[1]].map(number);
        let nowhere = json!({ "case": "HH-99" });
        let said = stage
            .post(&format!("/api/v1/review/{fox}/join"), Some(&ann), nowhere)
            .await;
        assert_eq!(said.status, 404);
        let said = stage
            .post(
                &format!("/api/v1/review/{fox}/join"),
                Some(&ann),
                json!({ "case": "hh-1" }),
            )
            .await;
        assert_eq!(
            (said.status, said.json()),
            (200, json!({ "case": "HH-1" })),
            "{}",
            said.text()
        );
        let said = stage
            .post(
                &format!("/api/v1/review/{spam}/dismiss"),
                Some(&ann),
                json!({}),
            )
            .await;
        assert_eq!(said.status, 204, "{}", said.text());
        let journal = stage
            .get("/api/v1/cases/HH-1/journal", Some(&ann))
            .await
            .text();
        assert!(
            journal.contains("report_added") && journal.contains("exhibit_added"),
            "{journal}"
        );
        let answer = stage.get("/api/v1/review", Some(&ann)).await.json();
        assert_eq!(
            (&answer["all"], &answer["no_action"]),
            (&json!(0), &json!(1))
        );
        let cases = stage.get("/api/v1/cases", Some(&ann)).await.json();
        assert_eq!(cases["cases"].as_array().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn mail_of_the_staff_that_nobody_looked_at_is_a_report_after_ten_minutes_and_other_mail_never()
     {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "member").await;
        comes(&stage, &mail("Bob@Example.org", "Can somebody look?")).await;
        comes(&stage, &mail("zoe@zoo.example", "Offer")).await;
        // What answers by itself while Ann is away must wake nobody.
        let away = mail("ann@example.org\r\nAuto-Submitted: auto-replied", "Away");
        comes(&stage, &away).await;
        let found = waiting(&stage, &ann).await;
        let opens = found.iter().map(|mail| mail["opens_at"].is_string());
        assert_eq!(opens.collect::<Vec<_>>(), [true, false, false], "{found:?}");
        later(&stage, 599).await;
        assert_eq!(waiting(&stage, &ann).await.len(), 3);
        later(&stage, 1).await;
        let left = waiting(&stage, &ann).await;
        let titles: Vec<_> = left.iter().map(|mail| mail["title"].clone()).collect();
        assert_eq!(titles, ["Away", "Offer"]);
        let journal = stage
            .get("/api/v1/cases/HH-1/journal", Some(&ann))
            .await
            .text();
        assert!(journal.contains("nobody looked at it in time"), "{journal}");
        later(&stage, 7 * 24 * 3_600).await;
        assert_eq!(
            waiting(&stage, &ann).await.len(),
            2,
            "nobody is woken by other mail"
        );
    }

    #[tokio::test]
    async fn what_is_made_anew_and_what_is_checked_knows_the_queue() {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "member").await;
        comes(&stage, &mail("zoe@zoo.example", "Fox")).await;
        comes(&stage, &mail("zoe@zoo.example", "Hen")).await;
        let open = format!(
            "/api/v1/review/{}/open",
            number(&waiting(&stage, &ann).await[0])
        );
        stage.post(&open, Some(&ann), json!({})).await;
        let desk = &stage.app.desk;
        let before = desk.index_lines().await;
        desk.rebuild().await.unwrap();
        assert_eq!(desk.index_lines().await, before);
        let checked = desk.verify(Some(stage.app.exhibits.clone())).await.unwrap();
        assert!(checked.findings.is_empty(), "{:?}", checked.findings);
        assert_eq!(
            checked.exhibits, 3,
            "two mails of the queue, one of the case"
        );
    }

    #[tokio::test]
    async fn mail_whose_bytes_are_lost_is_opened_all_the_same() {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "member").await;
        comes(&stage, &mail("bob@example.org", "Fox")).await;
        let desk = &stage.app.desk;
        let found = waiting(&stage, &ann).await;
        let hash = found[0]["sha256"].as_str().unwrap().parse().unwrap();
        let journal = desk.journal_of_queue().await;
        assert!(stage.app.exhibits.destroy(journal, &hash).unwrap());
        let checked = desk.verify(Some(stage.app.exhibits.clone())).await.unwrap();
        assert_eq!(checked.findings.len(), 1, "{:?}", checked.findings);
        later(&stage, 600).await;
        let journal = stage.get("/api/v1/cases/HH-1/journal", Some(&ann)).await;
        assert!(journal.text().contains(FOX), "{}", journal.text());
        assert!(waiting(&stage, &ann).await.is_empty());
    }
}
