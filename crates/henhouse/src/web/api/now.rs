//! `GET /api/v1/now`: what is asked of me, and the cases that are open.

use procedure::Obligation;
use schemars::JsonSchema;
use serde::Serialize;

use super::line::{Line, Lines};
use crate::report::to_do::ToDo;
use crate::web::fields::escaped;
use crate::web::registry::Answer;
use crate::web::words::Words;
use crate::web::{Call, Problem, json, lacks, unreached};

/// What is asked of one person.
#[derive(Serialize, JsonSchema)]
pub struct Now {
    /// What is owed, soonest first, undated last.
    pub asked: Vec<Asked>,
    /// The open cases that they may see, newest change first.
    pub cases: Vec<Line>,
    /// There are more open cases than were looked into.
    pub more: bool,
    /// For admins: what is still to be set up, what keeps people from being called first.
    pub to_do: Vec<ToDo>,
    /// What keeps people from being called, where something does; it stands here as long as it is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
    /// Mail that waits to be looked at, where some does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review: Option<MailWaits>,
    /// When this was (RFC 3339).
    pub as_of: String,
}

/// How much mail waits to be looked at.
#[derive(Serialize, JsonSchema)]
pub struct MailWaits {
    /// So many.
    pub all: usize,
    /// So many of them say that they are from somebody on the contact sheet.
    pub staff: usize,
    /// When the next of these is a report by itself (RFC 3339).
    pub opens_at: Option<String>,
}

/// One thing that is asked.
#[derive(Serialize, JsonSchema)]
pub struct Asked {
    /// In which case.
    pub number: String,
    /// What that case is called.
    pub title: Option<String>,
    /// The time zone of its project, by its name.
    pub zone: String,
    /// What is asked.
    #[serde(flatten)]
    pub obligation: Obligation,
    /// The line of a command line that settles it.
    pub by_hand: Option<String>,
}

/// Shows what is asked.
pub(super) async fn show(call: Call) -> Answer {
    let now = call.app.desk.now_by_hand(&call.onlooker()?).await?;
    let waits = call.app.desk.review_waits(&call.onlooker()?).await?;
    let lines = Lines::new(&call.app.desk).await?;
    let asked = now.asked.into_iter().map(|asked| Asked {
        by_hand: asked.by_hand,
        number: asked.number.to_string(),
        title: asked.title,
        zone: asked.times.zone_name(),
        obligation: asked.obligation,
    });
    let cases = now.cases.iter().map(|open| lines.line(&open.row)).collect();
    json::ok(&Now {
        asked: asked.collect(),
        cases,
        more: now.more,
        to_do: to_do(&call, Words::default()).await?,
        warning: unreached::to_team(Words::default(), &call.app.desk.mail_reach()),
        review: (waits.all > 0).then(|| MailWaits {
            all: waits.all,
            staff: waits.staff,
            opens_at: waits.opens_at.map(|at| at.to_string()),
        }),
        as_of: call.app.desk.now().to_string(),
    })
}

/// What is still to be set up, in these words: for whoever can do something about it.
pub(crate) async fn to_do(call: &Call, w: Words) -> Result<Vec<ToDo>, Problem> {
    if !call.known()?.is_admin() {
        return Ok(Vec::new());
    }
    let mut items = call.app.desk.to_do().await?;
    for item in &mut items {
        item.what = lacks::said(w, &item.lack);
        item.page = item.page.as_deref().map(escaped);
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use crate::web::stage::Stage;

    #[tokio::test]
    async fn a_responder_is_asked_and_a_stranger_is_not() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let body = stage.get("/api/v1/now", Some(&ann)).await.json();
        assert_eq!(body["asked"][0]["number"], "HH-1");
        assert_eq!(body["asked"][0]["rule"], "R26");
        assert_eq!(body["cases"][0]["number"], "HH-1");
        let eve = stage.token("eve", "member").await;
        let body = stage.get("/api/v1/now", Some(&eve)).await.json();
        assert_eq!(
            body,
            serde_json::json!({
                "asked": [], "cases": [], "more": false, "to_do": [], "as_of": body["as_of"],
            })
        );
    }

    #[tokio::test]
    async fn who_manages_is_told_what_keeps_people_from_being_called_and_the_line_that_settles_it()
    {
        let stage = Stage::new().await;
        let (boss, ann) = (
            stage.token("boss", "admin").await,
            stage.token("ann", "member").await,
        );
        let to_do = async |who: &str| {
            let body = stage.get("/api/v1/now", Some(who)).await.json();
            body["to_do"].as_array().cloned().unwrap_or_default()
        };
        let blocking = |all: &[serde_json::Value]| {
            let stops = |item: &&serde_json::Value| item["blocks_calls"] == true;
            all.iter().filter(stops).cloned().collect::<Vec<_>>()
        };
        assert!(
            blocking(&to_do(&boss).await).is_empty(),
            "the farm can call"
        );
        let pond = serde_json::json!({ "slug": "pond", "name": "The pond", "prefix": "PO" });
        stage.post("/api/v1/projects", Some(&boss), pond).await;
        let stops = blocking(&to_do(&boss).await);
        assert_eq!(stops.len(), 1, "{stops:?}");
        let said = stops[0]["what"].as_str().unwrap_or_default();
        assert!(said.contains("contact sheet of The pond"), "{said}");
        let line = stops[0]["command"].as_str().unwrap_or_default();
        assert!(
            line.starts_with("henhouse roster add") && line.ends_with("--project pond"),
            "{line}"
        );
        let desk = &stage.app.desk;
        desk.is_surrounded_by("/srv/hen".to_owned(), || {
            crate::report::to_do::MailReach::Failing("connection refused".to_owned())
        });
        let all = to_do(&boss).await;
        let says = |words: &str| all.iter().any(|item| item.to_string().contains(words));
        assert!(
            says("connection refused") && says("/srv/hen/henhouse.toml"),
            "{all:?}"
        );
        assert!(says("--role admin --data /srv/hen"), "one admin: {all:?}");
        assert!(
            all[0]["blocks_calls"] == true,
            "first things first: {all:?}"
        );
        let html = stage.get("/now", Some(&boss)).await.text();
        assert!(
            html.contains("Still to set up, so that every report calls somebody"),
            "{html}"
        );
        assert!(to_do(&ann).await.is_empty(), "it is not hers to do");
        let html = stage.get("/now", Some(&ann)).await.text();
        assert!(
            !html.contains("Still to set up, so that every report calls somebody"),
            "{html}"
        );
    }
}
