//! `/ack/{token}`: one choice for somebody just woken. Looking never acts.

use std::borrow::Cow;

use askama::Template;
use procedure::playbook::Severity;
use procedure::{Refusal, RefusalKind};

use super::frame::{self, Due, Frame, Mark};
use super::problem::ProblemPage;
use crate::desk::{Answered, Called, DeskError, Noted, Press, Stands};
use crate::report::Times;
use crate::web::registry::Answer;
use crate::web::words::Words;
use crate::web::{Call, Problem};

#[derive(Template)]
#[template(path = "ack.html")]
struct AckPage {
    frame: Frame,
    heading: Cow<'static, str>,
    done: Option<String>,
    next: Option<String>,
    number: String,
    noun: String,
    severity: Option<Mark>,
    reported: Due,
    what: Option<String>,
    lines: Vec<String>,
    buttons: Vec<Button>,
    take: bool,
}

/// What is shown without the database.
#[derive(Template)]
#[template(path = "noted.html")]
struct NotedPage {
    frame: Frame,
    heading: Cow<'static, str>,
    lines: Vec<String>,
    buttons: Vec<Button>,
}

/// What it does, what it says, and that it is the second choice.
type Button = (&'static str, Cow<'static, str>, bool);

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
            let words = call.words().say("ack-press");
            return Err(Problem::field("act", words));
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
    let w = call.words();
    let times = noted.times.in_words_of(w.language());
    let at = |at| times.at(at);
    let (heading, lines) = match noted.pressed {
        None => (w.say("ack-please"), vec![w.say("ack-away").into_owned()]),
        Some((press, pressed)) => {
            let (what, then) = match press {
                Press::Take => (w.say("ack-take"), w.say("ack-begin")),
                Press::PassOn => (w.say("ack-pass-on"), w.say("ack-counts")),
                Press::Join => (w.say("ack-join"), w.say("ack-counts")),
            };
            let noted = w.with("ack-noted-at", "at", at(pressed)).and("what", what);
            (w.say("ack-noted"), vec![noted.into(), then.into_owned()])
        }
    };
    let mut frame = Frame::new(call, heading.clone()).worded("ack");
    frame.lines = noted.public_numbers;
    // Once something was pressed the page looks again by itself.
    frame.refresh = noted.pressed.is_some().then_some(REFRESH);
    let buttons = match noted.pressed {
        None => buttons(w, &Stands::Open, true),
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
    let w = call.words();
    let times = called.times.clone().in_words_of(w.language());
    let open = called.stands == Stands::Open;
    let take = open && press != Some(Press::PassOn);
    let heading = match (&called.stands, press) {
        (Stands::Yours, _) => w.say("ack-yours"),
        (Stands::Open, Some(Press::PassOn)) => w.say("ack-passed-on"),
        (Stands::Open, _) => w.say("ack-please"),
        (Stands::Taken { .. }, _) => w.say("ack-taken"),
        (Stands::Over, _) => w.say("ack-over"),
    };
    let title = w
        .with("ack-title", "what", heading.clone())
        .and("number", &called.number);
    let mut frame = Frame::new(call, title).worded("ack");
    frame.lines.clone_from(&called.public_numbers);
    let shown = !called.restricted;
    let page = AckPage {
        frame,
        heading,
        done: outcome(w, &called, press, &times),
        next: called
            .next
            .clone()
            .filter(|_| called.stands == Stands::Yours),
        lines: if take {
            asked(w, &called, &times)
        } else {
            Vec::new()
        },
        buttons: buttons(w, &called.stands, take),
        severity: shown.then(|| Mark::of(called.severity)),
        reported: Due::of(&times, called.reported_at),
        what: called.title.filter(|_| shown),
        number: called.number,
        noun: match called.noun {
            "event" => w.say("case-noun-event"),
            _ => w.say("case-noun-incident"),
        }
        .into_owned(),
        take,
    };
    frame::page(200, &page)
}

fn buttons(w: Words, stands: &Stands, take: bool) -> Vec<Button> {
    match stands {
        Stands::Open if take => vec![
            ("take", w.say("ack-take"), false),
            ("pass_on", w.say("ack-pass-on"), true),
        ],
        Stands::Taken { joined: false, .. } => vec![("join", w.say("ack-join"), false)],
        _ => Vec::new(),
    }
}

/// How things stand, for whoever holds the link.
fn outcome(w: Words, called: &Called, press: Option<Press>, times: &Times) -> Option<String> {
    Some(match &called.stands {
        Stands::Open if press == Some(Press::PassOn) => w.say("ack-said-passed-on").into_owned(),
        Stands::Open => return None,
        Stands::Yours => match called.since {
            Some(at) => w.with("ack-said-yours-since", "at", times.at(at)).into(),
            None => w.say("ack-said-yours").into_owned(),
        },
        Stands::Taken {
            ic,
            name,
            since: at,
            joined,
        } => {
            let who = name.as_deref().unwrap_or(ic);
            let taken = w
                .with("ack-said-taken", "who", who)
                .and("at", times.at(*at))
                .to_string();
            match joined {
                true => format!("{taken} {}", w.say("ack-said-joined")),
                false => taken,
            }
        }
        Stands::Over => w.say("ack-said-over").into_owned(),
    })
}

/// Who else was asked, and how long there is.
fn asked(w: Words, called: &Called, times: &Times) -> Vec<String> {
    let others = match called.asked {
        0 | 1 => w.say("ack-first").into_owned(),
        n => w.with("ack-asked", "n", n).into(),
    };
    let unknown = (called.severity == Severity::Unknown).then(|| w.say("ack-unknown").into_owned());
    let left = called.answer_by.map(|at| {
        let left = at.duration_since(times.now());
        if left.is_positive() {
            w.with("ack-left", "left", w.span(left))
                .and("at", times.at(at))
                .into()
        } else {
            w.with("ack-overdue", "at", times.at(at)).into()
        }
    });
    let next = called.next_call_at.map(|at| match at > times.now() {
        true => w.with("ack-next-call", "at", times.at(at)).into(),
        false => w.say("ack-next-now").into_owned(),
    });
    [Some(others), left, next, unknown]
        .into_iter()
        .flatten()
        .collect()
}

/// A link that does not work says what to do instead.
fn dead(call: &Call, error: DeskError) -> Answer {
    let w = call.words();
    let (status, title, detail) = match error {
        DeskError::NotFound(_) => (404, w.say("ack-dead"), w.say("ack-dead-why").into_owned()),
        DeskError::Refused(refusal) if is_conflict(&refusal) => {
            let (status, title) = match refusal.sentence.contains("expired") {
                true => (410, w.say("ack-expired")),
                false => (409, w.say("ack-noted-before")),
            };
            let detail = format!("{} {}", refusal.sentence, refusal.yes_when);
            (status, title, detail)
        }
        error => return Err(error.into()),
    };
    let frame = Frame::new(call, title).worded("ack");
    let steps = vec![
        w.say("ack-dead-sign-in"),
        w.say("ack-dead-newest"),
        w.say("ack-dead-telephone"),
    ];
    frame::page(
        status,
        &ProblemPage {
            frame,
            detail: &detail,
            detail_lang: "",
            steps,
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
                "Take it",
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
        let said = stage.send(bytes(&at, b"act=pass_on")).await;
        assert_eq!(said.status, 200, "{}", said.text());
        assert!(case(&stage).await["ic"].is_null());
        stage.send(bytes(&at, b"act=take")).await;
        assert_eq!(
            case(&stage).await["ic"],
            "ann",
            "they may think better of it"
        );
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
