//! `POST /in/slack/{key}`: what a program writes for a channel of Slack's. Such programs can send no header: the key of the
//! source is the last part of the address.

use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::{body, sending, take};
use crate::inbound::alerts::slack;
use crate::web::Call;
use crate::web::registry::Answer;

pub(in crate::web) const PATH: &str = "/in/slack/{key}";

/// What goes below `receivers` in Alertmanager's own settings.
pub(super) fn snippet(address: &str) -> String {
    format!(
        "- name: henhouse\n  slack_configs:\n    - api_url: {address}\n      channel: '#henhouse'\n      send_resolved: true\n"
    )
}

/// Takes a message.
pub(super) async fn message(mut call: Call) -> Answer {
    let key = call.param("key").to_owned();
    let from = sending(&call, Some(&key)).await?;
    let (raw, _room) = body(&mut call).await?;
    take(&call, &from, slack::read(&raw)).await?;
    // The word that its senders look for.
    Ok((StatusCode::OK, "ok").into_response())
}
