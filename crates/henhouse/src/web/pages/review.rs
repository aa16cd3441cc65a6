//! `/review`: mail that does not say that it is a report, for whoever stands on the contact sheet of its project. Each is
//! looked at, and then opens an event, belongs to a case, or needs nothing (R114).

use std::borrow::Cow;

use askama::Template;
use axum::http::Method;
use procedure::Text;
use procedure::chapters::intake::Follows;
use procedure::review::Settlement;

use super::frame::{self, Due, Frame};
use crate::desk::{CaseNumber, DeskError, QueuedMail};
use crate::web::api::review::item;
use crate::web::fields::Fields;
use crate::web::registry::Permission::SignedIn;
use crate::web::registry::{Answer, Route};
use crate::web::words::{Words, key};
use crate::web::{Call, Problem};

/// The pages of the queue.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(
            Method::GET,
            "/review",
            "review_page",
            SignedIn,
            "Mail that waits until somebody has looked at it.",
            list,
        ),
        Route::page(
            Method::GET,
            "/review/{mail}",
            "review_mail_page",
            SignedIn,
            "One mail of the review queue, and what can be done with it.",
            show,
        ),
        Route::page(
            Method::POST,
            "/review/{mail}",
            "review_mail_form",
            SignedIn,
            "Opens an event by a mail, adds it to a case, or says that it needs nothing.",
            settle,
        )
        .answers(303),
    ]
}

#[derive(Template)]
#[template(path = "review.html")]
struct ListPage {
    frame: Frame,
    mails: Vec<Mail>,
    all: usize,
    no_action: usize,
    in_spam: u64,
}

#[derive(Template)]
#[template(path = "review_mail.html")]
struct MailPage {
    frame: Frame,
    mail: Mail,
    text: String,
    carries: usize,
    /// What became of it.
    settled: Option<Cow<'static, str>>,
    /// The case that has it.
    case: Option<String>,
    may_act: bool,
    /// What was written into the field of the case.
    written: String,
}

/// A mail, as a line says it.
struct Mail {
    number: String,
    title: String,
    sender: String,
    staff: Option<String>,
    project: String,
    since: Due,
    /// When it is a report by itself.
    opens: Option<Due>,
    /// What whoever passed it on answered, where it looks like a suspicious mail.
    asked: Option<Cow<'static, str>>,
}

impl Mail {
    fn of(queued: &QueuedMail, w: Words) -> Self {
        let words = |text: Option<&Text>| text.and_then(Text::plain).map(str::to_owned);
        let mail = &queued.mail;
        let times = queued.times.clone().in_words_of(w.language());
        let or = |words: Option<String>, none| words.unwrap_or_else(|| w.say(none).into_owned());
        Self {
            number: format!("M-{}", queued.item),
            title: or(words(mail.report.title.as_ref()), key("review-no-subject")),
            sender: or(words(mail.sender.as_ref()), key("review-no-sender")),
            staff: queued.staff.clone(),
            project: queued.project.name.clone(),
            since: Due::of(&times, queued.since),
            opens: mail.opens_at.map(|at| Due::of(&times, at)),
            asked: mail.suspicious.then(|| match mail.report.phish.follows() {
                Follows::Asking => w.say("review-asked"),
                Follows::Event => w.say("review-acted"),
                Follows::Advice => w.say("review-not-acted"),
                Follows::Nothing => w.say("review-in-spam"),
            }),
        }
    }
}

async fn list(call: Call) -> Answer {
    let review = call.app.desk.review(&call.onlooker()?).await?;
    let w = call.words();
    let frame = Frame::new(&call, w.say("review-title")).worded("review");
    let mut frame = frame.with_lines(&call.app.desk).await;
    frame.wide = true;
    let mails = review.shown.iter().map(|queued| Mail::of(queued, w));
    let page = ListPage {
        frame,
        mails: mails.collect(),
        all: review.all,
        no_action: review.no_action,
        in_spam: review.in_spam,
    };
    frame::page(200, &page)
}

async fn show(call: Call) -> Answer {
    let (item, onlooker) = (item(&call)?, call.onlooker()?);
    let queued = call.app.desk.queued_mail(&onlooker, item).await?;
    page(&call, queued, &Fields::default(), None).await
}

async fn settle(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let (item, onlooker) = (item(&call)?, call.onlooker()?);
    let desk = &call.app.desk;
    let done = match fields.get("act") {
        Some("open") => desk
            .open_queued(&onlooker, item)
            .await
            .map(|opened| opened.number),
        Some("none") => match desk.dismiss_queued(&onlooker, item).await {
            Ok(()) => return Ok(frame::lead_to("/review")),
            Err(error) => Err(error),
        },
        _ => {
            let said = fields
                .get("case")
                .unwrap_or_default()
                .trim()
                .to_ascii_uppercase();
            let case: Result<CaseNumber, _> = said.parse();
            let gone = |_| DeskError::NotFound("case");
            match case.map_err(gone) {
                Ok(case) => desk.join_queued(&onlooker, item, &case).await,
                Err(error) => Err(error),
            }
            .map(|case| case.to_string())
        }
    };
    match done {
        Ok(case) => Ok(frame::lead_to(&format!("/cases/{case}"))),
        Err(error @ (DeskError::NotFound("case") | DeskError::Refused(_))) => {
            let queued = desk.queued_mail(&onlooker, item).await?;
            // A second tap, or somebody else's: it is done, and this is where it is.
            if let Some((_, Some(case))) = &queued.settled {
                return Ok(frame::lead_to(&format!("/cases/{case}")));
            }
            page(&call, queued, &fields, Some(error)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The page of one mail, with what kept the last act from being done.
async fn page(call: &Call, queued: QueuedMail, fields: &Fields, no: Option<DeskError>) -> Answer {
    let w = call.words();
    let mail = Mail::of(&queued, w);
    let title = format!("{} {}", mail.number, mail.title);
    let frame = Frame::new(call, title).worded("review");
    let mut frame = frame.with_lines(&call.app.desk).await;
    let mut status = 200;
    if let Some(error) = no {
        let words = match &error {
            DeskError::NotFound(_) => w.say("review-no-case").into_owned(),
            error => error.to_string(),
        };
        status = Problem::from(error).status;
        frame = frame.wrong("case", words);
    }
    let settled = queued.settled.as_ref().map(|(how, _)| match how {
        Settlement::Opened => w.say("review-opened"),
        Settlement::Joined => w.say("review-joined"),
        Settlement::NoAction => w.say("review-needs-nothing"),
    });
    let case = queued.settled.and_then(|(_, case)| case);
    let page = MailPage {
        may_act: call.known()?.may_write() && settled.is_none(),
        text: queued
            .mail
            .report
            .text
            .plain()
            .unwrap_or_default()
            .to_owned(),
        carries: queued.mail.carried.len(),
        case: case.map(|case| case.to_string()),
        written: fields.get("case").unwrap_or_default().to_owned(),
        frame,
        mail,
        settled,
    };
    frame::page(status, &page)
}

#[cfg(test)]
mod tests {
    use crate::inbound::{Came, Takes};
    use crate::web::stage::Stage;

    const RAW: &str =
        "From: <zoe@zoo.example>\r\nSubject: <b>Odd</b>\r\n\r\n<i>There</i> is a fox.\r\n";

    async fn queued(stage: &Stage) {
        let takes = Takes::new(stage.app.desk.clone(), stage.app.exhibits.clone());
        let came = Came {
            raw: RAW.as_bytes(),
            from: Some("zoe@zoo.example"),
            by: None,
            project: "farm",
            suspicious: false,
            alerts: None,
        };
        takes.take(&came).await;
    }

    #[tokio::test]
    async fn the_roster_sees_mail_on_its_board_and_settles_it_on_its_page() {
        let stage = Stage::new().await;
        stage.account("ann", "member").await;
        let ann = stage.token("ann", "member").await;
        let eve = stage.token("eve", "member").await;
        assert!(
            !stage
                .get("/now", Some(&ann))
                .await
                .text()
                .contains("/review")
        );
        queued(&stage).await;
        let html = stage.get("/now", Some(&ann)).await.text();
        assert!(
            html.contains("One mail waits") && html.contains("href=\"/review\""),
            "{html}"
        );
        assert!(
            !stage
                .get("/now", Some(&eve))
                .await
                .text()
                .contains("/review")
        );
        let html = stage.get("/review", Some(&ann)).await.text();
        let place = html
            .split("href=\"/review/")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        let place = format!("/review/{}", place.unwrap_or_default());
        let html = stage.get(&place, Some(&ann)).await.text();
        for must in [
            "&#60;i&#62;There",
            "zoe@zoo.example",
            "Open an event",
            "It needs nothing",
        ] {
            assert!(html.contains(must), "{must}: {html}");
        }
        assert_eq!(stage.get(&place, Some(&eve)).await.status, 404);
        let mut browser = stage.browser("ann").await;
        let said = browser
            .press(&stage, &place, &[("act", "join"), ("case", "HH-99")])
            .await;
        assert_eq!(said.status, 404, "{}", said.text());
        assert!(said.text().contains("HH-99") && said.text().contains("There is no such case"));
        for _ in 0..2 {
            let said = browser.press(&stage, &place, &[("act", "open")]).await;
            assert_eq!((said.status, said.header("location")), (303, "/cases/HH-1"));
        }
        let html = stage.get(&place, Some(&ann)).await.text();
        assert!(
            html.contains("/cases/HH-1") && !html.contains("It needs nothing"),
            "{html}"
        );
        let html = stage.get("/review", Some(&ann)).await.text();
        assert!(html.contains("Nothing waits"), "{html}");
    }
}
