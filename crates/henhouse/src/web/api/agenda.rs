//! `GET /api/v1/cases/{number}/agenda`.

use crate::web::registry::Answer;
use crate::web::{Call, json};

/// Shows what the case asks for now.
pub(super) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    json::ok(&*view.agenda(call.app.desk.now()))
}

#[cfg(test)]
mod tests {
    use crate::web::stage::Stage;

    #[tokio::test]
    async fn somebody_must_answer() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let body = stage
            .get("/api/v1/cases/HH-1/agenda", Some(&ann))
            .await
            .json();
        assert_eq!(body["obligations"][0]["rule"], "R26", "{body}");
        assert_eq!(body["next_wake"], "2026-03-02T03:05:00Z", "{body}");
    }
}
