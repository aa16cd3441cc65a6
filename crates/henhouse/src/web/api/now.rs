//! `GET /api/v1/now`: what is asked of me, and the cases that are open.

use procedure::Obligation;
use schemars::JsonSchema;
use serde::Serialize;

use super::line::{Line, Lines};
use crate::web::registry::Answer;
use crate::web::{Call, json};

/// What is asked of one person.
#[derive(Serialize, JsonSchema)]
pub struct Now {
    /// What is owed, soonest first, undated last.
    pub asked: Vec<Asked>,
    /// The open cases that they may see, newest change first.
    pub cases: Vec<Line>,
    /// There are more open cases than were looked into.
    pub more: bool,
}

/// One thing that is asked.
#[derive(Serialize, JsonSchema)]
pub struct Asked {
    /// In which case.
    pub number: String,
    /// What that case is called.
    pub title: Option<String>,
    /// What is asked.
    #[serde(flatten)]
    pub obligation: Obligation,
}

/// Shows what is asked.
pub(super) async fn show(call: Call) -> Answer {
    let now = call.app.desk.now_of(&call.onlooker()?).await?;
    let lines = Lines::new(&call.app.desk).await?;
    let asked = now.asked.into_iter().map(|asked| Asked {
        number: asked.number.to_string(),
        title: asked.title,
        obligation: asked.obligation,
    });
    let cases = now.cases.iter().map(|open| lines.line(&open.row)).collect();
    json::ok(&Now {
        asked: asked.collect(),
        cases,
        more: now.more,
    })
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
            serde_json::json!({ "asked": [], "cases": [], "more": false })
        );
    }
}
