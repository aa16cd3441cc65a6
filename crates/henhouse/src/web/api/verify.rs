//! `POST /api/v1/admin/verify`: checks the data directory that is being served.

use crate::web::registry::Answer;
use crate::web::{Call, json};

/// Checks everything.
pub(super) async fn run(call: Call) -> Answer {
    let exhibits = call.app.exhibits.clone();
    json::ok(&call.app.desk.verify(Some(exhibits)).await?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::web::stage::Stage;

    #[tokio::test]
    async fn what_was_written_is_valid_the_installation_too() {
        let stage = Stage::new().await;
        stage.report().await;
        let boss = stage.token("boss", "admin").await;
        let said = stage
            .post("/api/v1/admin/verify", Some(&boss), json!({}))
            .await;
        let body = said.json();
        assert_eq!(
            (said.status, body["verdict"].as_str()),
            (200, Some("valid")),
            "{body}"
        );
        assert_eq!(
            body["journals"], 4,
            "a case, two projects, the installation: {body}"
        );
    }
}
