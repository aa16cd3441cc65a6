//! `/` and `/now`: what is asked of me, soonest first, and the open cases.

use askama::Template;
use procedure::playbook::Severity;

use super::frame::{self, Frame, Mark};
use crate::desk::{CaseRow, Title};
use crate::web::Call;
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
    asked: Vec<Asked>,
    cases: Vec<Open>,
    more: bool,
    as_of: String,
}

struct Asked {
    number: String,
    title: String,
    what: String,
    due: Option<String>,
    overdue: bool,
    verb: &'static str,
}

struct Open {
    number: String,
    title: String,
    severity: Mark,
    phase: String,
    ic: String,
}

/// The first page of the server.
pub(super) async fn front(call: Call) -> Answer {
    if call.known.is_some() {
        return now(call).await;
    }
    let frame = Frame::new(&call, "Report something, or sign in");
    frame::page(200, &WelcomePage { frame })
}

/// Shows what is asked.
pub(super) async fn now(call: Call) -> Answer {
    let board = call.app.desk.now_of(&call.onlooker()?).await?;
    let times = frame::utc(call.app.desk.now());
    let asked = board.asked.into_iter().map(|asked| Asked {
        number: asked.number.to_string(),
        title: asked.title.unwrap_or_default(),
        what: asked.obligation.what,
        due: asked.obligation.due.map(|due| times.both(due)),
        overdue: asked.obligation.overdue,
        verb: verb(asked.obligation.settle_with),
    });
    let mut frame = Frame::new(&call, "What is asked of me");
    frame.wide = true;
    let page = NowPage {
        frame,
        asked: asked.collect(),
        cases: board.cases.iter().map(open).collect(),
        more: board.more,
        as_of: times.at(times.now()),
    };
    frame::page(200, &page)
}

/// One verb for what settles it; the act itself is on the case's page.
fn verb(settle_with: Option<&str>) -> &'static str {
    match settle_with {
        Some("acknowledge") => "Answer",
        Some("publish_sitrep") => "Write",
        Some("accept_handoff") => "Accept",
        _ => "Do it in",
    }
}

fn open(row: &CaseRow) -> Open {
    Open {
        number: row.number.to_string(),
        title: match &row.title {
            Title::Plain(title) => title.clone(),
            Title::Cipher(_) => "(restricted)".to_owned(),
            Title::None => String::new(),
        },
        severity: Mark::of(severity(row.severity.as_deref())),
        phase: row.phase.clone(),
        ic: row
            .ic
            .as_ref()
            .map_or_else(|| "nobody has it".to_owned(), |ic| format!("IC {ic}")),
    }
}

fn severity(word: Option<&str>) -> Severity {
    let mut chosen = Severity::CHOSEN.into_iter();
    let same = |severity: &Severity| {
        word.is_some_and(|word| format!("{severity:?}").eq_ignore_ascii_case(word))
    };
    chosen.find(same).unwrap_or_default()
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
                "Answer",
                "The chickens are escaping",
                "Not assessed",
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
}
