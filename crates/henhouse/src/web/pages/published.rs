//! `/cases/{number}/report`: the newest published edition of the incident report, made to be read on a
//! phone and to be printed; with `?draft=1` the next one, as the record fills it now.

use askama::Template;

use super::frame::{self, Frame};
use crate::desk::{CaseView, DeskError};
use crate::report;
use crate::report::retrospective::EMPTY;
use crate::web::Call;
use crate::web::api::published::{self, Edition, IncidentReport};
use crate::web::registry::Answer;

#[derive(Template)]
#[template(path = "published.html")]
struct ReportPage {
    frame: Frame,
    report: IncidentReport,
    restricted: bool,
    /// It is not published.
    draft: bool,
    /// Names the page's head for print.
    colour: &'static str,
    /// As of when it is, and the hash of the newest entry.
    printed: (String, String),
    /// What stands where a section has nothing.
    empty: &'static str,
    link: String,
}

/// Shows the report.
pub(super) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    let mut report = published::read(&call, &view).await?;
    let draft = call.page_query().get("draft").is_some();
    if draft {
        report.newest = Some(next_edition(&call, &view, &report).await?);
    }
    let number = &report.number;
    let title = format!("{} {number}", call.words().say("retro-paper"));
    let mut frame = Frame::new(&call, title).worded("retro");
    let zone = view.basis.project.calendar.rules().clone();
    let now = call.app.desk.now();
    frame.lines = report::people::public_lines(&view.directory, &view.basis.playbook);
    frame.mark_exercise(&view.case);
    let base = call.app.desk.site().base_url.trim_end_matches('/');
    let page = ReportPage {
        frame,
        restricted: view.case.part.secrecy.restricted,
        colour: super::print::colour(view.case.marking()),
        empty: EMPTY,
        draft,
        printed: (report::Times::new(zone, now).dated(now), view.head()),
        link: format!("{base}/cases/{number}/report"),
        report,
    };
    frame::page(200, &page)
}

/// What would be published now.
async fn next_edition(
    call: &Call,
    view: &CaseView,
    report: &IncidentReport,
) -> Result<Edition, DeskError> {
    let edition = report.newest.as_ref().map_or(1, |last| last.edition + 1);
    Ok(Edition {
        edition,
        short: false,
        published_at: String::new(),
        said: format!("Draft of edition {edition}: it is not published."),
        entry: view.case.seq,
        sections: published::draft(call, view).await?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::web::stage::Stage;

    const AT: &str = "/cases/HH-1/report";

    #[tokio::test]
    async fn the_newest_edition_is_read_as_it_was_published() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let oz = stage.token("oz", "member").await;
        let none = stage.get(AT, Some(&ann)).await.text();
        assert!(none.contains("No edition is published yet."), "{none}");
        let case = stage.get("/cases/HH-1", Some(&ann)).await.text();
        assert!(!case.contains(AT), "{case}");
        let give = async |body| stage.command("HH-1", &ann, body).await;
        for body in [
            json!({ "command": "acknowledge" }),
            json!({ "command": "false_alarm", "reason": "It was the wind" }),
            json!({ "command": "add_timeline_line", "entries": [1] }),
            json!({ "command": "add_cause", "text": "The <latch> is worn" }),
            json!({ "command": "add_cause", "text": "Nobody oils it", "parents": ["C-1"] }),
            json!({ "command": "add_lesson", "text": "Oil it in autumn" }),
            json!({ "command": "add_follow_up", "text": "Buy a latch", "owner": "bob",
                "due": "2026-03-20T09:00:00Z" }),
            json!({ "command": "set_discovery_method", "value": "unknown" }),
            json!({ "command": "set_threat_actions", "none": true }),
            json!({ "command": "record_milestone", "milestone": "started", "unknown": true }),
            json!({ "command": "record_milestone", "milestone": "contained",
                "reason": "It is shut" }),
            json!({ "command": "publish_report" }),
            json!({ "command": "add_lesson", "text": "Said afterwards" }),
        ] {
            give(body).await;
        }
        let html = stage.get(AT, Some(&ann)).await.text();
        let all = [
            "Edition 1 published by The ann",
            "The chickens are escaping",
            "The &#60;latch&#62; is worn",
            "Oil it in autumn",
            "Buy a latch",
        ];
        let places = all.map(|words| html.find(words));
        assert!(places.iter().all(Option::is_some), "{places:?}: {html}");
        assert!(!html.contains("Said afterwards"), "as it was: {html}");
        assert!(
            html.contains("The ann has command, the phase Assess begins (The ann, entry ")
                && html.contains("It was a false alarm"),
            "how it went is said in sentences: {html}"
        );
        let case = stage.get("/cases/HH-1", Some(&ann)).await.text();
        assert!(case.contains(&format!("href=\"{AT}\"")), "{case}");

        let lesson = stage.get("/api/v1/cases/HH-1/journal", Some(&ann)).await;
        let entries = lesson.json()["entries"].clone();
        let mut entries = entries.as_array().into_iter().flatten();
        let lesson = entries.find(|entry| entry["kind"] == "lesson_added");
        let seq = lesson.map(|entry| entry["seq"].clone());
        give(json!({ "command": "restrict_entry", "entry": seq })).await;
        give(json!({ "command": "publish_report" })).await;
        for (who, reads) in [(&ann, true), (&oz, false)] {
            let html = stage.get(AT, Some(who)).await.text();
            assert!(html.contains("Edition 2 published by"), "{html}");
            assert!(html.contains("Edition 1 published by"), "{html}");
            assert!(html.contains("Said afterwards"), "{html}");
            assert_eq!(html.contains("Oil it in autumn"), reads, "{html}");
        }
    }
}
