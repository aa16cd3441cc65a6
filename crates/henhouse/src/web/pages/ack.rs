//! `/ack/{token}`: one choice for somebody just woken. Looking never acts.

use askama::Template;
use procedure::playbook::Severity;
use procedure::{Refusal, RefusalKind};

use super::frame::{self, Frame, Mark};
use super::problem::ProblemPage;
use crate::desk::{Answered, Called, DeskError, Noted, Press, Stands};
use crate::report::Times;
use crate::report::time::span;
use crate::web::registry::Answer;
use crate::web::{Call, Problem};

#[derive(Template)]
#[template(path = "ack.html")]
struct AckPage {
    frame: Frame,
    heading: &'static str,
    done: Option<String>,
    next: Option<String>,
    number: String,
    noun: &'static str,
    severity: Option<Mark>,
    reported: String,
    what: Option<String>,
    lines: Vec<String>,
    buttons: Vec<(&'static str, &'static str, bool)>,
    take: bool,
}

/// What is shown without the database.
#[derive(Template)]
#[template(path = "noted.html")]
struct NotedPage {
    frame: Frame,
    heading: &'static str,
    lines: Vec<String>,
    buttons: Vec<(&'static str, &'static str, bool)>,
}

/// A page that says what is noted loads again after so many seconds.
const REFRESH: u32 = 15;

/// Shows; nothing happens.
pub(super) async fn show(call: Call) -> Answer {
    match call.app.desk.called(call.param("token")).await {
        Ok(Answered::Known(called)) => answer(&call, *called, None),
        Ok(Answered::Noted(noted)) => without_database(&call, noted),
        Err(error) => dead(&call, error),
    }
}

/// Does what was pressed, and says what came of it.
pub(super) async fn press(mut call: Call) -> Answer {
    let fields = frame::open_form(&mut call).await?;
    let press = match fields.get("act") {
        Some("take") => Press::Take,
        Some("pass_on") => Press::PassOn,
        Some("join") => Press::Join,
        _ => {
            return Err(Problem::field(
                "act",
                "Go back and press one of the buttons.",
            ));
        }
    };
    match call.app.desk.press(call.param("token"), press).await {
        Ok(Answered::Known(called)) => answer(&call, *called, Some(press)),
        Ok(Answered::Noted(noted)) => without_database(&call, noted),
        Err(error) => dead(&call, error),
    }
}

/// The choice, or what was chosen, while nobody can say how things stand.
fn without_database(call: &Call, noted: Noted) -> Answer {
    let at = |at| noted.times.at(at);
    let (heading, lines) = match noted.pressed {
        None => (
            "Please take it, or pass it on",
            vec![
                "The database is away just now, so nothing about it can be shown. What you press is noted and \
                 counts as soon as the database is back."
                    .to_owned(),
            ],
        ),
        Some((press, pressed)) => {
            let words = match press {
                Press::Take => "I have it",
                Press::PassOn => "Pass it on",
                Press::Join => "Join as responder",
            };
            let noted = format!("Noted at {}: \"{words}\". It is not yet confirmed.", at(pressed));
            let then = match press {
                Press::Take => "Please begin. If somebody else was before you, you are told as soon as the database is back.",
                Press::PassOn | Press::Join => "It counts as soon as the database is back.",
            };
            ("Noted, not yet confirmed", vec![noted, then.to_owned()])
        }
    };
    let mut frame = Frame::new(call, heading);
    frame.lines = noted.public_numbers;
    // Once something was pressed the page looks again by itself.
    frame.refresh = noted.pressed.is_some().then_some(REFRESH);
    let buttons = match noted.pressed {
        None => buttons(&Stands::Open, true),
        Some(_) => Vec::new(),
    };
    let page = NotedPage {
        frame,
        heading,
        lines,
        buttons,
    };
    frame::page(if page.buttons.is_empty() { 202 } else { 200 }, &page)
}

fn answer(call: &Call, called: Called, press: Option<Press>) -> Answer {
    let times = called.times.clone();
    let open = called.stands == Stands::Open;
    let take = open && press != Some(Press::PassOn);
    let title = match (&called.stands, press) {
        (Stands::Yours, _) => "You have it",
        (Stands::Open, Some(Press::PassOn)) => "Passed on",
        (Stands::Open, _) => "Please take it, or pass it on",
        (Stands::Taken { .. }, _) => "Somebody has it",
        (Stands::Over, _) => "It is over",
    };
    let mut frame = Frame::new(call, format!("{title}: {}", called.number));
    frame.lines.clone_from(&called.public_numbers);
    let shown = !called.restricted;
    let page = AckPage {
        frame,
        heading: title,
        done: outcome(&called, press, &times),
        next: called
            .next
            .clone()
            .filter(|_| called.stands == Stands::Yours),
        lines: if take {
            asked(&called, &times)
        } else {
            Vec::new()
        },
        buttons: buttons(&called.stands, take),
        severity: shown.then(|| Mark::of(called.severity)),
        reported: times.both(called.reported_at),
        what: called.title.filter(|_| shown),
        number: called.number,
        noun: called.noun,
        take,
    };
    frame::page(200, &page)
}

fn buttons(stands: &Stands, take: bool) -> Vec<(&'static str, &'static str, bool)> {
    match stands {
        Stands::Open if take => vec![
            ("take", "I have it", false),
            ("pass_on", "Pass it on", true),
        ],
        Stands::Taken { joined: false, .. } => vec![("join", "Join as responder", false)],
        _ => Vec::new(),
    }
}

/// How things stand, for whoever holds the link.
fn outcome(called: &Called, press: Option<Press>, times: &Times) -> Option<String> {
    let since = |at| format!("since {}", times.at(at));
    match &called.stands {
        Stands::Open if press == Some(Press::PassOn) => {
            Some("You passed it on. The next person is being called.".to_owned())
        }
        Stands::Open => None,
        Stands::Yours => Some(match called.since {
            Some(at) => format!("You have it: you are Incident Commander {}.", since(at)),
            None => "You have it: you are Incident Commander.".to_owned(),
        }),
        Stands::Taken {
            ic,
            name,
            since: at,
            joined,
        } => {
            let who = name.as_deref().unwrap_or(ic);
            let you = if *joined {
                " You are in the response too."
            } else {
                ""
            };
            Some(format!("{who} has had it {}.{you}", since(*at)))
        }
        Stands::Over => Some("It is over. Nothing is asked of you.".to_owned()),
    }
}

/// Who else was asked, and how long there is.
fn asked(called: &Called, times: &Times) -> Vec<String> {
    let others = match called.asked {
        0 | 1 => "You are the first to be asked. Nobody has it yet.".to_owned(),
        n => format!("{n} were asked so far, you among them. Nobody has it yet."),
    };
    let unknown = (called.severity == Severity::Unknown)
        .then(|| "Not assessed yet: treat it like High.".to_owned());
    let left = called.answer_by.map(|at| {
        let left = at.duration_since(times.now());
        if left.is_positive() {
            format!("{} left: please answer by {}.", span(left), times.at(at))
        } else {
            format!("An answer is overdue since {}.", times.at(at))
        }
    });
    let next = called.next_call_at.map(|at| match at > times.now() {
        true => format!("At {} the next person is called too.", times.at(at)),
        false => "The next person is being called now.".to_owned(),
    });
    [Some(others), left, next, unknown]
        .into_iter()
        .flatten()
        .collect()
}

/// A link that does not work says what to do instead.
fn dead(call: &Call, error: DeskError) -> Answer {
    const STEPS: &[&str] = &[
        "If nobody has told you that somebody has it, sign in and take it there.",
        "Open the newest message about it: each has a link of its own. See that all of the link came along.",
        "No account, or no network? Telephone the person before you or after you on the contact sheet.",
    ];
    let (status, title, detail) = match error {
        DeskError::NotFound(_) => (
            404,
            "This link does not work",
            "It is not complete, or what it led to is not open to you any more. Nothing was done."
                .to_owned(),
        ),
        DeskError::Refused(refusal) if is_conflict(&refusal) => {
            let status = if refusal.sentence.contains("expired") {
                410
            } else {
                409
            };
            let title = if status == 410 {
                "This link has expired"
            } else {
                "This link was used"
            };
            (
                status,
                title,
                format!("{} {}", refusal.sentence, refusal.yes_when),
            )
        }
        error => return Err(error.into()),
    };
    let frame = Frame::new(call, title);
    frame::page(
        status,
        &ProblemPage {
            frame,
            detail: &detail,
            steps: STEPS,
        },
    )
}

fn is_conflict(refusal: &Refusal) -> bool {
    refusal.kind == RefusalKind::Conflict
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::web::stage::{Stage, bytes};

    async fn link(stage: &Stage, person: &str) -> String {
        stage
            .ack_link(person)
            .await
            .replace("/api/v1/links/", "/ack/")
    }

    async fn case(stage: &Stage) -> serde_json::Value {
        let dee = stage.token("dee", "member").await;
        stage.get("/api/v1/cases/HH-1", Some(&dee)).await.json()
    }

    #[tokio::test]
    async fn looking_never_acts_and_one_tap_takes_it() {
        let stage = Stage::new().await;
        stage.report().await;
        let at = link(&stage, "ann").await;
        for _ in 0..2 {
            let html = stage.get(&at, None).await.text();
            for must in [
                "I have it",
                "Pass it on",
                "The chickens are escaping",
                "Not assessed",
                "10 minutes left: please answer by 03:10 UTC.",
                "At 03:05 UTC the next person is called too.",
            ] {
                assert!(html.contains(must), "{must}: {html}");
            }
        }
        assert!(case(&stage).await["ic"].is_null());
        for _ in 0..2 {
            let said = stage.send(bytes(&at, b"act=take")).await;
            let html = said.text();
            assert_eq!(said.status, 200, "{html}");
            assert!(
                html.contains("You have it: you are Incident Commander since 03:00 UTC."),
                "{html}"
            );
            assert!(html.contains("Next: "), "{html}");
        }
        assert_eq!(case(&stage).await["ic"], "ann");
    }

    #[tokio::test]
    async fn the_late_one_hears_who_has_it_and_may_join() {
        let stage = Stage::new().await;
        stage.report().await;
        let at = link(&stage, "ann").await;
        let bob = stage.token("bob", "member").await;
        stage
            .command("HH-1", &bob, json!({ "command": "acknowledge" }))
            .await;
        let html = stage.send(bytes(&at, b"act=take")).await.text();
        assert!(
            html.contains("The bob has had it since 03:00 UTC."),
            "{html}"
        );
        assert!(html.contains("Join as responder"), "{html}");
    }

    #[tokio::test]
    async fn who_passes_it_on_is_told_so() {
        let stage = Stage::new().await;
        stage.report().await;
        let at = link(&stage, "ann").await;
        let html = stage.send(bytes(&at, b"act=pass_on")).await.text();
        assert!(html.contains("You passed it on."), "{html}");
        let said = stage.send(bytes(&at, b"act=take")).await;
        assert_eq!(said.status, 409, "{}", said.text());
        assert!(said.text().contains("What you can do"), "{}", said.text());
        assert!(case(&stage).await["ic"].is_null());
    }

    #[tokio::test]
    async fn a_link_that_is_none_and_a_tap_from_elsewhere_do_nothing() {
        let stage = Stage::new().await;
        stage.report().await;
        let at = link(&stage, "ann").await;
        for path in [format!("{at}A"), "/ack/x".to_owned()] {
            let said = stage.get(&path, None).await;
            assert_eq!(said.status, 404);
            assert!(
                said.text().contains("This link does not work"),
                "{}",
                said.text()
            );
        }
        let foreign = bytes(&at, b"act=take").with("sec-fetch-site", "cross-site");
        assert_eq!(stage.send(foreign).await.status, 403);
        assert_eq!(stage.send(bytes(&at, b"act=dance")).await.status, 422);
        assert!(case(&stage).await["ic"].is_null());
    }

    #[tokio::test]
    async fn a_restricted_case_is_neutral_on_the_links_page() {
        let stage = Stage::new().await;
        let secret = json!({ "text": "zebra", "project": "farm", "restricted": true });
        stage.report_as(secret).await;
        let at = link(&stage, "ann").await;
        let html = stage.get(&at, None).await.text();
        assert!(
            !html.contains("zebra") && !html.contains("class=\"severity"),
            "{html}"
        );
        assert!(html.contains("A restricted case."), "{html}");
    }
}
