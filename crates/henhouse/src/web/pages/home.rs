//! `/` and `/now`: what is asked of me, soonest first, and the open cases.

use askama::Template;

use super::frame::{self, Frame};
use super::list::Row;
use crate::desk::Asked;
use crate::report::to_do::ToDo;
use crate::web::Call;
use crate::web::api::to_do;
use crate::web::registry::Answer;

#[derive(Template)]
#[template(path = "welcome.html")]
struct WelcomePage {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "now.html")]
struct NowPage {
    frame: Frame,
    asked: Vec<Wanted>,
    cases: Vec<Row>,
    more: bool,
    as_of: String,
    /// What is still to be set up, for admins.
    to_do: Vec<ToDo>,
    /// Some of it keeps people from being called.
    nobody_called: bool,
}

struct Wanted {
    number: String,
    title: String,
    what: String,
    due: Option<String>,
    overdue: bool,
    /// It can be taken from here, in one tap.
    take: bool,
    /// The first of all.
    first: bool,
}

/// The first page of the server.
pub(super) async fn front(call: Call) -> Answer {
    if call.known.is_some() {
        return now(call).await;
    }
    let frame = Frame::new(&call, "Report something, or sign in");
    let frame = frame.with_lines(&call.app.desk).await;
    frame::page(200, &WelcomePage { frame })
}

/// Shows what is asked.
pub(super) async fn now(call: Call) -> Answer {
    let board = call.app.desk.now_of(&call.onlooker()?).await?;
    let may_take = call.known()?.may_write() && call.known()?.person.is_some();
    let first = board.asked.first().map(|asked| asked.times.clone());
    let times = first.or_else(|| board.cases.first().map(|open| open.times.clone()));
    let asked = board.asked.into_iter().enumerate();
    let asked = asked.map(|(place, asked)| wanted(asked, may_take, place == 0));
    let frame = Frame::new(&call, "What is asked of me").at("/now");
    let mut frame = frame.with_lines(&call.app.desk).await;
    frame.wide = true;
    let now = call.app.desk.now();
    let to_do = to_do(&call).await?;
    let page = NowPage {
        nobody_called: to_do.iter().any(|item| item.blocks_calls),
        to_do,
        frame,
        asked: asked.collect(),
        cases: board.cases.into_iter().map(Row::open).collect(),
        more: board.more,
        as_of: times.map_or_else(
            || now.strftime("%H:%M UTC").to_string(),
            |times| times.at(now),
        ),
    };
    frame::page(200, &page)
}

fn wanted(asked: Asked, may_take: bool, first: bool) -> Wanted {
    let owed = asked.obligation;
    Wanted {
        number: asked.number.to_string(),
        title: asked.title.unwrap_or_default(),
        due: owed.due.map(|due| asked.times.both(due)),
        overdue: owed.overdue,
        take: may_take && owed.settle_with == Some("acknowledge"),
        what: owed.what,
        first,
    }
}

#[cfg(test)]
mod tests {
    use crate::web::stage::Stage;

    #[tokio::test]
    async fn strangers_are_asked_to_report_and_responders_what_is_theirs() {
        let stage = Stage::new().await;
        let html = stage.get("/", None).await.text();
        assert!(
            html.contains("Report something") && html.contains("Sign in"),
            "{html}"
        );
        assert!(!html.contains("Open cases"), "{html}");
        let ann = stage.token("ann", "member").await;
        let html = stage.get("/now", Some(&ann)).await.text();
        assert!(html.contains("Nothing is asked of you."), "{html}");
        stage.report().await;
        for path in ["/", "/now"] {
            let html = stage.get(path, Some(&ann)).await.text();
            for must in [
                "HH-1",
                "Take it",
                "The chickens are escaping",
                "Not assessed",
                "nobody has it",
            ] {
                assert!(html.contains(must), "{must}: {html}");
            }
        }
        let eve = stage.token("eve", "member").await;
        assert!(!stage.get("/now", Some(&eve)).await.text().contains("HH-1"));
        let led = stage.get("/now", None).await;
        assert_eq!(
            (led.status, led.header("location")),
            (303, "/sign-in?next=/now")
        );
    }

    #[tokio::test]
    async fn people_are_named_and_times_are_the_projects() {
        let stage = Stage::in_zone("Europe/Berlin").await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let html = stage.get("/now", Some(&ann)).await.text();
        assert!(html.contains("04:10 CET (03:10 UTC)"), "{html}");
        let take = serde_json::json!({ "command": "acknowledge" });
        stage.command("HH-1", &ann, take).await;
        let html = stage.get("/now", Some(&ann)).await.text();
        assert!(html.contains("The ann has it"), "{html}");
    }
}
