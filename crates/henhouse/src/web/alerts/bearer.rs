//! `POST /in/alertmanager`, `/in/grafana`, `/in/eventbridge` and `/in/webhook`: senders that show the key as a bearer token.

use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

use super::{body, sending, take};
use crate::desk::{Alert, Received};
use crate::inbound::alerts;
use crate::web::registry::Answer;
use crate::web::{Call, form, json};

pub(in crate::web) const ALERTMANAGER: &str = "/in/alertmanager";
pub(in crate::web) const GRAFANA: &str = "/in/grafana";
pub(in crate::web) const EVENTBRIDGE: &str = "/in/eventbridge";
pub(in crate::web) const WEBHOOK: &str = "/in/webhook";

/// What goes below `receivers` in Alertmanager's own settings.
pub(super) fn alertmanager_snippet(address: &str, key: &str) -> String {
    format!(
        "- name: henhouse\n  webhook_configs:\n    - url: {address}\n      send_resolved: true\n      http_config:\n        \
         authorization:\n          credentials: {key}\n"
    )
}

/// What goes into a contact point of Grafana's, by its file.
pub(super) fn grafana_snippet(address: &str, key: &str) -> String {
    format!(
        "apiVersion: 1\ncontactPoints:\n  - orgId: 1\n    name: henhouse\n    receivers:\n      - uid: henhouse\n        \
         type: webhook\n        settings:\n          url: {address}\n          httpMethod: POST\n          \
         authorization_scheme: Bearer\n          authorization_credentials: {key}\n"
    )
}

/// What goes into a connection and an API destination of EventBridge's.
pub(super) fn eventbridge_snippet(address: &str, key: &str) -> String {
    format!(
        "API destination endpoint: {address}\nHTTP method: POST\nConnection, authorization type: API key\n\
         API key name: Authorization\nValue: Bearer {key}\n"
    )
}

/// An alert that is kept.
#[derive(Serialize, JsonSchema)]
pub struct Accepted {
    /// Its id; null where the end of something was told that is not known.
    pub alert: Option<String>,
    /// How often it was sent.
    pub times: u64,
}

/// Says so.
pub(super) fn accepted(received: &Received) -> Answer {
    let accepted = Accepted {
        alert: received.id.map(|id| id.to_string()),
        times: received.times,
    };
    json::answer(StatusCode::ACCEPTED, &accepted)
}

/// Takes a group of Alertmanager's.
pub(super) async fn alertmanager(call: Call) -> Answer {
    takes(call, alerts::alertmanager::read).await
}

/// Takes a group of Grafana's.
pub(super) async fn grafana(call: Call) -> Answer {
    takes(call, alerts::grafana::read).await
}

/// Takes an event of EventBridge's.
pub(super) async fn eventbridge(call: Call) -> Answer {
    takes(call, alerts::eventbridge::read).await
}

/// Takes JSON of anybody's.
pub(super) async fn webhook(call: Call) -> Answer {
    takes(call, alerts::webhook::read).await
}

async fn takes(mut call: Call, read: fn(&[u8]) -> Alert) -> Answer {
    let from = sending(&call, form::bearer(&call.headers)).await?;
    let (raw, _room) = body(&mut call).await?;
    accepted(&take(&call, &from, read(&raw)).await?)
}
