//! `/receipt/{token}`: what the reporter may know, and where they say more.

use std::borrow::Cow;

use askama::Template;
use procedure::chapters::intake::{AddDetails, Disagree};
use procedure::{Order, Status};

use super::frame::{self, Due, Frame};
use super::intake::{Files, Posted};
use crate::desk::{DeskError, ReceiptView, Walk};
use crate::report::Times;
use crate::web::registry::Answer;
use crate::web::words::Words;
use crate::web::{Call, Problem, unreached};

/// The page loads again after so many seconds while nobody has it.
const REFRESH: u32 = 15;

#[derive(Template)]
#[template(path = "receipt.html")]
struct ReceiptPage {
    frame: Frame,
    here: String,
    said: Vec<String>,
    number: String,
    handled_as: Option<String>,
    received: Due,
    stands: Vec<String>,
    /// Nothing is asked of whoever reported any more.
    over: bool,
    as_of: String,
    /// The form is shown; then the page does not load again under somebody's hands.
    open: bool,
    back: Option<String>,
    text: String,
}

/// Shows where the report stands.
pub(super) async fn show(call: Call) -> Answer {
    let (query, w) = (call.page_query(), call.words());
    let said = match query.get("said") {
        Some("add") => Some(w.say("receipt-added")),
        Some("disagree") => Some(w.say("receipt-disagreed")),
        _ => None,
    };
    let file = query.get("file").and_then(|word| Files::said(w, word));
    let said = said.into_iter().chain(file).map(Cow::into_owned).collect();
    let view = view(&call).await?;
    let frame = frame_of(&call, &view);
    let open = query.get("more").is_some();
    answer(&call, 200, frame, view, said, (open, String::new()))
}

fn frame_of(call: &Call, view: &ReceiptView) -> Frame {
    let words = call.words();
    let title = words.with("receipt-title", "number", &view.number);
    Frame::new(call, title)
        .worded("receipt")
        .counting_once(call)
}

/// Adds details, or disagrees.
pub(super) async fn say(mut call: Call) -> Answer {
    let posted = Posted::read(&mut call).await?;
    frame::own_or_nobodys(&mut call, &posted.fields);
    let view = view(&call).await?;
    let typed = frame::typed(&posted.fields, "text");
    let key = frame::once(&posted.fields);
    let frame = frame_of(&call, &view);
    let (act, disagrees) = match posted.fields.get("act") {
        Some("disagree") => ("disagree", true),
        _ => ("add", false),
    };
    let token = call.param("token").to_owned();
    let Some(text) = frame::text(&typed) else {
        // A file may come without words.
        let files = posted.keep(&call, &token, key.as_deref()).await;
        if files != Files::None {
            let word = files.word();
            return Ok(frame::lead_to(&format!("/receipt/{token}?file={word}")));
        }
        let words = frame.w.say("receipt-empty");
        let frame = frame.wrong("text", words);
        return answer(&call, 422, frame, view, Vec::new(), (true, typed));
    };
    if let Some(words) = frame::too_long_in(frame.w, &typed) {
        posted.skip().await;
        let frame = frame.wrong("text", words);
        return answer(&call, 422, frame, view, Vec::new(), (true, typed));
    }
    let order = Order::from(if disagrees {
        procedure::Command::from(Disagree { text })
    } else {
        AddDetails { text }.into()
    });
    let once = key.clone().map(|key| call.one_use(key));
    match call.app.desk.say_by_receipt(&token, order, once).await {
        Ok(_) => {
            let said = format!("/receipt/{token}?said={act}");
            let files = posted.keep(&call, &token, key.as_deref()).await;
            Ok(frame::lead_to(&match files {
                Files::None => said,
                files => format!("{said}&file={}", files.word()),
            }))
        }
        Err(error) => {
            posted.skip().await;
            let (status, words) = not_said(frame.w, error);
            let frame = frame.wrong("", words);
            answer(&call, status, frame, view, Vec::new(), (true, typed))
        }
    }
}

fn not_said(w: Words, error: DeskError) -> (u16, String) {
    if matches!(error, DeskError::KeyReused) {
        return (409, w.say("receipt-sent-before").into_owned());
    }
    let problem = Problem::from(error);
    let words = w.with("receipt-not-sent", "why", &problem.detail);
    (problem.status, words.into())
}

async fn view(call: &Call) -> Result<ReceiptView, Problem> {
    let onlooker = call.onlooker().ok();
    Ok(call.app.desk.receipt(call.param("token"), onlooker).await?)
}

fn answer(
    call: &Call,
    status: u16,
    mut frame: Frame,
    view: ReceiptView,
    said: Vec<String>,
    (open, text): (bool, String),
) -> Answer {
    let times = view.times.clone().in_words_of(frame.w.language());
    let here = format!("/receipt/{}", call.param("token"));
    let waits = view.walk.is_some() || view.waits;
    frame.refresh = (waits && !open).then_some(REFRESH);
    let stands = stands(frame.w, &view, &times);
    frame.lines = view.public_numbers;
    let page = ReceiptPage {
        said,
        number: view.number,
        handled_as: view.handled_as,
        received: Due::of(&times, view.reported_at),
        stands,
        over: matches!(view.status, Status::FalseAlarm | Status::Closed),
        as_of: times.clock(times.now()),
        open,
        back: waits.then(|| here.clone()),
        here,
        frame,
        text,
    };
    frame::page(status, &page)
}

/// Where it stands, in sentences.
fn stands(w: Words, view: &ReceiptView, times: &Times) -> Vec<String> {
    let walked = |walk: &Walk| {
        let unreached = unreached::to_reporter(w, &view.mail, &view.public_numbers);
        unreached.map_or_else(|| asking(w, walk, times), |said| vec![said])
    };
    if view.waits {
        let kept = w.say("receipt-away").into_owned();
        let walk = view.walk.iter().flat_map(walked);
        return std::iter::once(kept).chain(walk).collect();
    }
    let over = match view.status {
        Status::FalseAlarm => Some(w.say("receipt-false-alarm")),
        Status::ReadyForQa => Some(w.say("receipt-dealt-with")),
        Status::Closed => Some(w.say("receipt-closed")),
        Status::Investigating | Status::Confirmed => None,
    };
    let taken = view.taken_at.map(|at| match &view.ic {
        Some(ic) => w.with("receipt-has-it", "ic", ic).and("at", times.at(at)),
        None => w.with("receipt-taken", "at", times.at(at)),
    });
    match (over, &view.walk) {
        (Some(over), _) => vec![over.into_owned()],
        (None, Some(walk)) => walked(walk),
        (None, None) => {
            let taken = taken.map(String::from);
            let taken = taken.unwrap_or_else(|| w.say("receipt-looked-at").into_owned());
            vec![taken, w.say("receipt-questions").into_owned()]
        }
    }
}

fn asking(w: Words, walk: &Walk, times: &Times) -> Vec<String> {
    if walk.of == 0 {
        return vec![w.say("receipt-nobody").into_owned()];
    }
    let by = walk.next_step_at.map(|at| times.at(at));
    let Walk {
        called, of, round, ..
    } = *walk;
    let who = match (called, of) {
        (0, _) if round > 1 => w.say("receipt-all-called").into_owned(),
        (0, _) => w.say("receipt-on-call").into_owned(),
        (_, 1) => w.say("receipt-only-one").into_owned(),
        _ => w
            .with("receipt-calling", "nth", w.nth(called))
            .and("of", of)
            .into(),
    };
    let next = by.map(|by| match (called, of) {
        (0, 1) if round > 1 => w.with("receipt-again-them", "by", by),
        (0, _) if round > 1 => w.with("receipt-again-first", "by", by),
        (0, _) => w.with("receipt-then-sheet", "by", by),
        (_, 1) => w.with("receipt-then-them", "by", by),
        _ if called >= of => w.with("receipt-then-first", "by", by),
        _ => w
            .with("receipt-then-next", "by", by)
            .and("nth", w.nth(called + 1)),
    });
    let mut said = vec![match next {
        Some(next) => format!("{who} {next}"),
        None => who,
    }];
    if round > 1 {
        said.push(match called {
            0 => w.say("receipt-telephone").into_owned(),
            _ => w.with("receipt-round", "nth", w.nth(round)).into(),
        });
    }
    said
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Times, Walk, Words, asking};
    use crate::report::to_do::MailReach;
    use crate::web::stage::{Stage, bytes};

    async fn receipt(stage: &Stage) -> String {
        stage
            .receipt()
            .await
            .replace("/api/v1/receipts/", "/receipt/")
    }

    #[tokio::test]
    async fn it_tells_how_far_the_walk_is_and_then_that_somebody_has_it() {
        let stage = Stage::new().await;
        let at = receipt(&stage).await;
        let html = stage.get(&at, None).await.text();
        let walk = "We are calling the first of 2 people now. If nobody answers by 03:05 UTC, we call the second.";
        assert!(html.contains(walk), "{html}");
        assert!(
            html.contains("<noscript><meta http-equiv=\"refresh\" content=\"15\"></noscript>"),
            "{html}"
        );
        let ann = stage.token("ann", "member").await;
        let take = json!({ "command": "acknowledge" });
        stage.command("HH-1", &ann, take).await;
        let html = stage.get(&at, None).await.text();
        assert!(
            html.contains("Somebody has had it since 03:00 UTC."),
            "{html}"
        );
        assert!(
            !html.contains("The ann") && !html.contains("refresh"),
            "{html}"
        );
        let html = stage.get(&at, Some(&ann)).await.text();
        assert!(html.contains("The ann has it."), "{html}");
    }

    #[tokio::test]
    async fn without_a_mail_server_nobody_is_said_to_be_called() {
        let stage = Stage::new().await;
        stage
            .app
            .desk
            .is_surrounded_by("/srv/hen".to_owned(), || MailReach::NotSet);
        let at = receipt(&stage).await;
        let html = stage.get(&at, None).await.text();
        assert!(
            html.contains("But nobody is called: no mail server is set"),
            "{html}"
        );
        assert!(html.contains("Please telephone"), "{html}");
        assert!(!html.contains("We are calling"), "{html}");
        let body = json!({ "text": "fire" });
        let said = stage.post("/api/v1/reports", None, body).await.json();
        let warning = said["warning"].as_str().unwrap_or_default();
        assert!(
            warning.contains("nobody is called") && warning.contains("telephone"),
            "{said}"
        );
        let ann = stage.token("ann", "member").await;
        let now = stage.get("/api/v1/now", Some(&ann)).await.json();
        let warning = now["warning"].as_str().unwrap_or_default();
        assert!(
            warning.starts_with("Nobody is called: no mail server is set."),
            "{now}"
        );
        let html = stage.get("/now", Some(&ann)).await.text();
        assert!(html.contains(warning), "{html}");
    }

    #[tokio::test]
    async fn one_adds_and_disagrees_without_losing_a_word() {
        let stage = Stage::new().await;
        let at = receipt(&stage).await;
        let form = stage.get(&format!("{at}?more=1"), None).await.text();
        assert!(
            form.contains("<textarea") && !form.contains("refresh"),
            "{form}"
        );
        for (body, said) in [
            ("text=a+goat&act=add", "add"),
            ("text=no&act=disagree", "disagree"),
        ] {
            let answer = stage.send(bytes(&at, body.as_bytes())).await;
            assert_eq!(answer.status, 303, "{}", answer.text());
            assert!(answer.header("location").ends_with(said));
        }
        let empty = stage.send(bytes(&at, b"text=+&act=add")).await;
        assert_eq!(empty.status, 422);
        assert!(empty.text().contains("<title>Error: "), "{}", empty.text());
        let ann = stage.token("ann", "member").await;
        let journal = stage.get("/api/v1/cases/HH-1/journal", Some(&ann)).await;
        let journal = journal.text();
        assert!(
            journal.contains("a goat") && journal.contains("disagreed"),
            "{journal}"
        );
    }

    #[tokio::test]
    async fn a_report_that_became_part_of_another_case_is_followed_there() {
        let stage = Stage::new().await;
        let at = receipt(&stage).await;
        let ann = stage.token("ann", "member").await;
        let secret = json!({ "text": "zebra", "project": "farm", "restricted": true });
        assert_eq!(
            (stage.report().await, stage.report_as(secret).await),
            ("HH-2".into(), "HH-3".into())
        );
        for number in ["HH-1", "HH-2", "HH-3"] {
            let take = json!({ "command": "acknowledge" });
            stage.command(number, &ann, take).await;
        }
        let html = stage.get(&at, None).await.text();
        assert!(!html.contains("handled together"), "{html}");
        let merge = async |number: &str, into: &str| {
            let onlooker = crate::desk::Onlooker {
                actor: procedure::Actor::person(&"ann".into(), procedure::How::Session),
                admin: false,
            };
            let into = into.parse().unwrap_or_else(|_| panic!("a number"));
            let case = stage
                .app
                .desk
                .case(&onlooker, &into)
                .await
                .map(|case| case.row.journal);
            let other = case.map(|id| id.to_string()).unwrap_or_default();
            let merge = json!({ "command": "merge_case", "other": other, "reason": "the same" });
            stage.command(number, &ann, merge).await;
        };
        merge("HH-1", "HH-2").await;
        let html = stage.get(&at, None).await.text();
        assert!(
            html.contains("<strong>HH-2</strong>") && html.contains("HH-1"),
            "{html}"
        );
        let said = stage.send(bytes(&at, b"text=a+goat&act=add")).await;
        assert_eq!(said.status, 303, "{}", said.text());
        let journal = stage
            .get("/api/v1/cases/HH-2/journal", Some(&ann))
            .await
            .text();
        assert!(
            journal.contains("a goat"),
            "what is added is read where it is handled"
        );
        merge("HH-2", "HH-3").await;
        let html = stage.get(&at, None).await.text();
        assert!(html.contains("Somebody has had it"), "{html}");
        assert!(!html.contains("HH-3") && !html.contains("HH-2"), "{html}");
    }

    #[test]
    fn between_two_rounds_nobody_is_said_to_be_called() {
        let at = "2026-03-02T03:16:00Z".parse().unwrap_or_default();
        let times = Times::new(jiff::tz::TimeZone::UTC, at);
        let said = |round, called, of| {
            let next_step_at = Some(at);
            let walk = Walk {
                round,
                called,
                of,
                next_step_at,
            };
            asking(Words::default(), &walk, &times).join(" ")
        };
        assert_eq!(
            said(2, 0, 3),
            "Everybody on the contact sheet was called, and nobody has answered yet. At 03:16 UTC we \
             begin again with the first. If you can, telephone."
        );
        assert_eq!(
            said(2, 1, 3),
            "We are calling the first of 3 people now. If nobody answers by 03:16 UTC, we call the \
             second. Nobody answered before: it is the second time. If you can, telephone."
        );
        assert_eq!(
            said(1, 3, 3),
            "We are calling the third of 3 people now. If nobody answers by 03:16 UTC, we begin again \
             with the first."
        );
    }

    #[tokio::test]
    async fn a_guess_is_no_receipt() {
        let stage = Stage::new().await;
        let at = receipt(&stage).await;
        assert_eq!(stage.get(&format!("{at}A"), None).await.status, 404);
        assert_eq!(stage.send(bytes("/receipt/x", b"text=a")).await.status, 404);
    }
}
