//! `POST /api/v1/set-up/{link}`: the first admin, by the one-use link that the server printed.

use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Deserialize;

use super::session::{begun, device};
use crate::auth::{NewAccount, Role};
use crate::web::registry::Answer;
use crate::web::{Call, json};

pub(super) const EXAMPLE: &str =
    r#"{"login": "jane", "name": "Jane Doe", "password": "four words make it"}"#;

/// The first admin.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstAdmin {
    /// The name to log in with.
    login: String,
    /// The name shown.
    name: String,
    /// At least 12 characters.
    password: String,
    /// The address for mail.
    #[serde(default)]
    email: Option<String>,
}

/// Makes the first admin and signs them in.
pub(super) async fn make(mut call: Call) -> Answer {
    let first: FirstAdmin = json::read(call.object().await?.into())?;
    let new = NewAccount {
        person: None,
        login: first.login,
        name: first.name,
        email: first.email,
        role: Role::Admin,
        password: Some(first.password),
    };
    let device = device(&call.headers);
    let session = call
        .app
        .gate
        .set_up(call.param("link"), new, (&call.from(), &device))
        .await?;
    begun(&call, StatusCode::CREATED, &session).await
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use serde_json::json;

    use crate::web::stage::Stage;

    #[tokio::test]
    async fn the_link_makes_one_admin_and_then_nothing() {
        let stage = Stage::new().await;
        let link = stage.app.gate.set_up_link().await.unwrap().unwrap();
        let at = format!("/api/v1/set-up/{link}");
        let jane = json!({ "login": "jane", "name": "Jane", "password": "four words make it" });
        let short = json!({ "login": "jane", "name": "Jane", "password": "short" });
        assert_eq!(
            stage
                .post("/api/v1/set-up/guess", None, jane.clone())
                .await
                .status,
            404
        );
        let said = stage.post(&at, None, short).await;
        assert_eq!(
            (said.status, said.json()["field"].as_str()),
            (422, Some("password"))
        );
        let said = stage.post(&at, None, jane.clone()).await;
        assert_eq!(
            (said.status, said.json()["role"].as_str()),
            (201, Some("admin"))
        );
        assert_eq!(stage.post(&at, None, jane).await.status, 404);
        assert_eq!(stage.app.gate.set_up_link().await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_new_link_ends_the_old_one() {
        let stage = Stage::new().await;
        let old = stage.app.gate.set_up_link().await.unwrap().unwrap();
        let new = stage.app.gate.set_up_link().await.unwrap().unwrap();
        assert!(!stage.app.gate.is_set_up_link(&old).await.unwrap());
        assert!(stage.app.gate.is_set_up_link(&new).await.unwrap());
    }
}
