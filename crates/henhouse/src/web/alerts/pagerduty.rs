//! PagerDuty's Events API: `POST /v2/enqueue`, `POST /v2/change/enqueue` and `POST /generic/2010-04-15/create_event.json`. The
//! key stands in the body, so that a body is read before anybody knows who sends it: it is a small one, and those of
//! strangers have a room of their own.

use axum::http::{HeaderValue, StatusCode, header};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::{sending, small_body, take};
use crate::inbound::alerts::pagerduty::{self, Version};
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

/// What it accepted.
#[derive(Serialize, JsonSchema)]
pub struct Accepted {
    /// `success`.
    status: &'static str,
    /// The same in words.
    message: &'static str,
    /// The key by which the same alert is meant again; `incident_key` in version 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    dedup_key: Option<String>,
    /// The same in version 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    incident_key: Option<String>,
}

/// What goes into a program that is set up for PagerDuty.
pub(super) fn snippet(address: &str, key: &str) -> String {
    format!(
        "- name: henhouse\n  pagerduty_configs:\n    - url: {address}\n      routing_key: {key}\n      send_resolved: true\n"
    )
}

/// Takes an event of version 2.
pub(super) async fn enqueue(call: Call) -> Answer {
    spoken(takes(call, Version::Two).await)
}

/// Takes a change.
pub(super) async fn change(call: Call) -> Answer {
    spoken(takes(call, Version::Change).await)
}

/// Takes an event of version 1.
pub(super) async fn create(call: Call) -> Answer {
    spoken(takes(call, Version::One).await)
}

async fn takes(mut call: Call, version: Version) -> Answer {
    let (raw, _room) = small_body(&mut call).await?;
    let unnamed = call
        .app
        .desk
        .ids()
        .uuid_v7(call.app.desk.now())
        .simple()
        .to_string();
    let event = pagerduty::read(&raw, version, &unnamed);
    let from = sending(&call, event.as_ref().map(|event| event.key.as_str())).await?;
    let Some(alert) = event.and_then(|event| event.alert) else {
        let wrong =
            "Say what it is about: a dedup_key to acknowledge or resolve, a summary otherwise.";
        return Err(Problem::field("dedup_key", wrong));
    };
    let key = alert.alias.clone();
    take(&call, &from, alert).await?;
    let one = version == Version::One;
    let accepted = Accepted {
        status: "success",
        message: match version {
            Version::Change => "Change event processed",
            _ => "Event processed",
        },
        dedup_key: Some(key.clone()).filter(|_| version == Version::Two),
        incident_key: Some(key).filter(|_| one),
    };
    json::answer(
        if one {
            StatusCode::OK
        } else {
            StatusCode::ACCEPTED
        },
        &accepted,
    )
}

/// What is wrong is said as PagerDuty says it.
fn spoken(answer: Answer) -> Answer {
    let problem = match answer {
        Ok(response) => return Ok(response),
        Err(problem) => problem,
    };
    let status = match problem.status_code() {
        StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
        status => status,
    };
    let said =
        json!({ "status": "invalid event", "message": problem.detail, "errors": [problem.detail] });
    let mut response = json::answer(status, &said)?;
    if let Some(seconds) = problem.retry_after {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(response)
}
