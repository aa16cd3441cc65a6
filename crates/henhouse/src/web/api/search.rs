//! `GET /api/v1/search`.

use schemars::JsonSchema;
use serde::Serialize;

use super::cases::limit;
use super::line::{Line, Lines};
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

/// What was found.
#[derive(Serialize, JsonSchema)]
pub struct Found {
    /// Cases, each once, the newest words first.
    pub hits: Vec<Hit>,
    /// Restricted cases of yours that no search looks into.
    pub not_searched: u64,
}

/// A case in which the words stand.
#[derive(Serialize, JsonSchema)]
pub struct Hit {
    /// The case.
    pub case: Line,
    /// The newest entry with all the words.
    pub seq: u64,
}

/// Searches.
pub(super) async fn find(call: Call) -> Answer {
    let fields = call.query(&["q", "limit"])?;
    let words = fields
        .get("q")
        .ok_or_else(|| Problem::field("q", "Say what to look for."))?;
    let limit = limit(&fields, 50, 200)?;
    let lines = Lines::new(&call.app.desk).await?;
    let found = call
        .app
        .desk
        .search(&call.onlooker()?, words.to_owned(), limit)
        .await?;
    let hits = found.hits.iter().map(|hit| Hit {
        case: lines.line(&hit.case),
        seq: hit.seq,
    });
    json::ok(&Found {
        hits: hits.collect(),
        not_searched: found.not_searched,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use serde_json::json;

    use crate::web::stage::Stage;

    #[tokio::test]
    async fn what_goes_into_the_annex_is_not_found_any_more() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let found = async |word: &str| {
            let at = format!("/api/v1/search?q={word}");
            let hits = stage.get(&at, Some(&ann)).await.json();
            hits["hits"].as_array().map_or(0, Vec::len)
        };
        let index_is_right = async || {
            let live = stage.app.desk.index_lines().await;
            stage.app.desk.rebuild().await.unwrap();
            assert_eq!(stage.app.desk.index_lines().await, live);
        };
        stage
            .command("HH-1", &ann, json!({ "command": "acknowledge" }))
            .await;
        let note = json!({ "command": "add_note", "text": "a banana peel" });
        let said = stage
            .post("/api/v1/cases/HH-1/commands", Some(&ann), note)
            .await;
        let seq = said.json()["entries"][0]["seq"].clone();
        assert_eq!(found("banana").await, 1);
        let restrict = json!({ "command": "restrict_entry", "entry": seq });
        stage.command("HH-1", &ann, restrict).await;
        assert_eq!((found("banana").await, found("chick").await), (0, 1));
        index_is_right().await;
        stage
            .command(
                "HH-1",
                &ann,
                json!({ "command": "restrict", "reason": "hush" }),
            )
            .await;
        assert_eq!(found("chick").await, 0);
        stage
            .command(
                "HH-1",
                &ann,
                json!({ "command": "unrestrict", "reason": "no need" }),
            )
            .await;
        assert_eq!(
            (found("banana").await, found("chick").await),
            (0, 1),
            "found again"
        );
        index_is_right().await;
    }

    #[tokio::test]
    async fn words_are_found_by_those_who_may_see_them() {
        let stage = Stage::new().await;
        stage.report().await;
        let (ann, eve) = (
            stage.token("ann", "member").await,
            stage.token("eve", "member").await,
        );
        let hits = stage.get("/api/v1/search?q=chick", Some(&ann)).await.json();
        assert_eq!(hits["hits"][0]["case"]["number"], "HH-1");
        let none = stage.get("/api/v1/search?q=chick", Some(&eve)).await.json();
        assert_eq!(
            (
                none["hits"].as_array().map(Vec::len),
                none["not_searched"].as_u64()
            ),
            (Some(0), Some(0))
        );
        assert_eq!(stage.get("/api/v1/search", Some(&ann)).await.status, 422);
    }
}
