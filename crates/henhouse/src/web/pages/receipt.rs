//! `/receipt/{token}`: what the reporter may know, and where they say more.

use askama::Template;
use jiff::Timestamp;
use procedure::chapters::intake::{AddDetails, Disagree};
use procedure::{Order, Status};

use super::frame::{self, Frame};
use crate::desk::{DeskError, ReceiptView, Walk};
use crate::report::Times;
use crate::web::registry::Answer;
use crate::web::{Call, Problem, form};

/// The page loads again after so many seconds while nobody has it.
const REFRESH: u32 = 15;

#[derive(Template)]
#[template(path = "receipt.html")]
struct ReceiptPage {
    frame: Frame,
    here: String,
    said: Option<&'static str>,
    number: String,
    received: String,
    stands: Vec<String>,
    as_of: String,
    /// The form is shown; then the page does not load again under somebody's hands.
    open: bool,
    back: Option<String>,
    text: String,
}

/// Shows where the report stands.
pub(super) async fn show(call: Call) -> Answer {
    let query = call.query(&["more", "said"])?;
    let said = match query.get("said") {
        Some("add") => Some("Thank you. Your details were added."),
        Some("disagree") => Some("Thank you. The team was told that you disagree."),
        _ => None,
    };
    let view = view(&call).await?;
    let frame = Frame::new(&call, format!("Your report {}", view.number)).counting_once(&call);
    let open = query.get("more").is_some();
    answer(&call, 200, frame, view, said, (open, String::new()))
}

/// Adds details, or disagrees.
pub(super) async fn say(mut call: Call) -> Answer {
    let fields = frame::open_form(&mut call).await?;
    let view = view(&call).await?;
    let typed = frame::typed(&fields, "text");
    let key = fields.get(form::ONCE_FIELD).filter(|key| key.len() <= 255);
    let key = key.map(str::to_owned);
    let frame = Frame::new(&call, format!("Your report {}", view.number)).counting_once(&call);
    let (act, disagrees) = match fields.get("act") {
        Some("disagree") => ("disagree", true),
        _ => ("add", false),
    };
    let Some(text) = frame::text(&typed) else {
        let frame = frame.wrong("text", "Write what you want to say; a sentence is enough.");
        return answer(&call, 422, frame, view, None, (true, typed));
    };
    if let Some(words) = frame::too_long(&typed) {
        return answer(
            &call,
            422,
            frame.wrong("text", words),
            view,
            None,
            (true, typed),
        );
    }
    let order = Order::from(if disagrees {
        procedure::Command::from(Disagree { text })
    } else {
        AddDetails { text }.into()
    });
    let once = key.map(|key| call.one_use(key));
    let token = call.param("token").to_owned();
    match call.app.desk.say_by_receipt(&token, order, once).await {
        Ok(_) => Ok(frame::lead_to(&format!("/receipt/{token}?said={act}"))),
        Err(error) => {
            let (status, words) = not_said(error);
            answer(
                &call,
                status,
                frame.wrong("", words),
                view,
                None,
                (true, typed),
            )
        }
    }
}

fn not_said(error: DeskError) -> (u16, String) {
    if matches!(error, DeskError::KeyReused) {
        let words = "This form was sent before, with other words, and those arrived. To send these \
            too, press the button again.";
        return (409, words.to_owned());
    }
    let problem = Problem::from(error);
    let words = format!(
        "Not sent yet: {} What you typed is still here.",
        problem.detail
    );
    (problem.status, words)
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
    said: Option<&'static str>,
    (open, text): (bool, String),
) -> Answer {
    let times = frame::utc(call.app.desk.now());
    let here = format!("/receipt/{}", call.param("token"));
    let waits = view.walk.is_some();
    frame.refresh = (waits && !open).then_some(REFRESH);
    let stands = stands(&view, &times);
    frame.lines = view.public_numbers;
    let page = ReceiptPage {
        said,
        number: view.number,
        received: times.both(view.reported_at),
        stands,
        as_of: as_of(times.now()),
        open,
        back: waits.then(|| here.clone()),
        here,
        frame,
        text,
    };
    frame::page(status, &page)
}

fn as_of(now: Timestamp) -> String {
    now.strftime("%H:%M:%S UTC").to_string()
}

/// Where it stands, in sentences.
fn stands(view: &ReceiptView, times: &Times) -> Vec<String> {
    let over = match view.status {
        Status::FalseAlarm => {
            Some("It was looked at and was a false alarm. Thank you all the same.")
        }
        Status::ReadyForQa => Some("It is dealt with. What happened is being written down."),
        Status::Closed => Some("It is dealt with and closed. Thank you."),
        Status::Investigating | Status::Confirmed => None,
    };
    let taken = view.taken_at.map(|at| match &view.ic {
        Some(ic) => format!("{ic} has it. Somebody took it at {}.", times.at(at)),
        None => format!("Somebody has it since {}.", times.at(at)),
    });
    match (over, &view.walk) {
        (Some(over), _) => vec![over.to_owned()],
        (None, Some(walk)) => asking(walk, times),
        (None, None) => {
            let taken = taken.unwrap_or_else(|| "Somebody looks at it.".to_owned());
            vec![
                taken,
                "They will come to you if they have questions.".to_owned(),
            ]
        }
    }
}

fn asking(walk: &Walk, times: &Times) -> Vec<String> {
    if walk.of == 0 {
        let alone = "Nobody is on the contact sheet, so nobody is being called. Please telephone.";
        return vec![alone.to_owned()];
    }
    let by = walk.next_step_at.map(|at| times.short(at));
    let (called, of) = (walk.called, walk.of);
    let who = match called {
        0 => "Asking whoever is on call.".to_owned(),
        _ => format!("Asking the {} of {of} now.", place(called)),
    };
    let next = by.map(|by| match called {
        0 => format!("If nobody answers by {by} we call the 1st of {of}."),
        _ if called >= of => format!("If nobody answers by {by} we begin again with the first."),
        _ => format!("If nobody answers by {by} we call the next."),
    });
    let mut said = vec![
        [Some(who), next]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" "),
    ];
    if walk.round > 1 {
        said.push(format!(
            "This is round {}: nobody answered before. If you can, telephone.",
            walk.round
        ));
    }
    said
}

/// `1st`, `2nd`, `3rd`, `4th`, `11th`, `21st`.
fn place(n: u32) -> String {
    let end = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{end}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::place;
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
        let walk = "Asking the 1st of 2 now. If nobody answers by 03:05 UTC we call the next.";
        assert!(html.contains(walk), "{html}");
        assert!(
            html.contains("http-equiv=\"refresh\" content=\"15\""),
            "{html}"
        );
        let ann = stage.token("ann", "member").await;
        let take = json!({ "command": "acknowledge" });
        stage.command("HH-1", &ann, take).await;
        let html = stage.get(&at, None).await.text();
        assert!(html.contains("Somebody has it since 03:00 UTC."), "{html}");
        assert!(
            !html.contains("The ann") && !html.contains("refresh"),
            "{html}"
        );
        let html = stage.get(&at, Some(&ann)).await.text();
        assert!(html.contains("The ann has it."), "{html}");
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
    async fn a_guess_is_no_receipt() {
        let stage = Stage::new().await;
        let at = receipt(&stage).await;
        assert_eq!(stage.get(&format!("{at}A"), None).await.status, 404);
        assert_eq!(stage.send(bytes("/receipt/x", b"text=a")).await.status, 404);
    }

    #[test]
    fn places_are_said_as_people_say_them() {
        let said: Vec<_> = [1, 2, 3, 4, 11, 12, 21].map(place).into();
        assert_eq!(said, ["1st", "2nd", "3rd", "4th", "11th", "12th", "21st"]);
    }
}
