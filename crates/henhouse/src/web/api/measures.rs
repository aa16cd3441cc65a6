//! `GET /api/v1/cases/{number}/metrics`.

use crate::web::registry::Answer;
use crate::web::{Call, json};

/// Shows the response metrics.
pub(super) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    json::ok(&procedure::metrics(&view.case))
}

#[cfg(test)]
mod tests {
    use crate::web::stage::Stage;

    #[tokio::test]
    async fn what_nobody_knows_is_unknown() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let body = stage
            .get("/api/v1/cases/HH-1/metrics", Some(&ann))
            .await
            .json();
        assert_eq!(body["time_to_acknowledge"], "unknown", "{body}");
    }
}
