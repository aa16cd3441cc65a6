//! `POST /in/alertmanager`.

use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

use super::{body, sending, take};
use crate::inbound::alerts::alertmanager;
use crate::web::registry::Answer;
use crate::web::{Call, form, json};

pub(in crate::web) const PATH: &str = "/in/alertmanager";

/// What goes below `receivers` in Alertmanager's own settings.
pub(super) fn snippet(address: &str, key: &str) -> String {
    format!(
        "- name: henhouse\n  webhook_configs:\n    - url: {address}\n      send_resolved: true\n      http_config:\n        \
         authorization:\n          credentials: {key}\n"
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

/// Takes a group.
pub(super) async fn group(mut call: Call) -> Answer {
    let from = sending(&call, form::bearer(&call.headers)).await?;
    let (raw, _room) = body(&mut call).await?;
    let received = take(&call, &from, alertmanager::read(&raw)).await?;
    let accepted = Accepted {
        alert: received.id.map(|id| id.to_string()),
        times: received.times,
    };
    json::answer(StatusCode::ACCEPTED, &accepted)
}
