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
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use std::sync::atomic::{AtomicUsize, Ordering};

    use serde_json::json;

    use crate::store::{FaultPoint, StoreError};
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

    #[tokio::test]
    async fn a_look_that_is_made_to_end_for_others_is_taken_again() {
        let stage = Stage::new().await;
        for _ in 0..40 {
            stage.report().await;
        }
        let boss = stage.token("boss", "admin").await;
        let (store, _) = stage.app.desk.store_and_clock();
        let reads = AtomicUsize::new(0);
        store.fault().set(move |at| {
            let read = at == FaultPoint::Read && reads.fetch_add(1, Ordering::SeqCst) > 1;
            let busy = read && !reads.load(Ordering::SeqCst).is_multiple_of(3);
            busy.then(|| StoreError::Busy("this read lasted too long".to_owned()))
        });
        let checked = stage.app.desk.verify(None).await.unwrap();
        store.fault().clear();
        assert_eq!((checked.journals, checked.findings.len()), (43, 0));
        let said = stage
            .post("/api/v1/admin/verify", Some(&boss), json!({}))
            .await;
        assert_eq!(said.json()["journals"], 43);
    }
}
