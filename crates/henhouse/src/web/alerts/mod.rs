//! Where programs send alerts to. Each address speaks as the one that the program knows, so that it need not be changed;
//! behind all of them stands one act of the desk.
//!
//! A sender hears 202 once its alert is on disk, 503 while it cannot be kept, never 429: not all of them try again then.

mod alertmanager;
mod opsgenie;

use axum::http::{Method, header};
use procedure::project::Sender;

use super::registry::{Permission, Route};
use super::{Call, Problem};
use crate::auth::secret;
use crate::desk::{Alert, DeskError, Received, Room, Sending};

/// A group of very many alerts is taken too: what is too long is not sent again by any of them.
const BODY_LIMIT: usize = 8 * 1024 * 1024;
/// Seconds after which to send again.
const SOON: u16 = 5;

/// Opsgenie's addresses below a place, named by a word.
macro_rules! of_opsgenie {
    ($below:literal, $word:literal) => {{
        const ALERTS: &str = concat!($below, "/v2/alerts");
        const ONE: &str = concat!($below, "/v2/alerts/{identifier}");
        const COUNT: &str = concat!($below, "/v2/alerts/count");
        const REQUEST: &str = concat!($below, "/v2/alerts/requests/{request}");
        const ACKNOWLEDGE: &str = concat!($below, "/v2/alerts/{identifier}/acknowledge");
        const CLOSE: &str = concat!($below, "/v2/alerts/{identifier}/close");
        const NOTES: &str = concat!($below, "/v2/alerts/{identifier}/notes");
        [
            opsgenie::takes(ALERTS, concat!($word, "_create"), "Create an alert, or count it where one of its alias is open (Opsgenie's Alert API). The key of the source comes as GenieKey.", opsgenie::create),
            opsgenie::shows(COUNT, concat!($word, "_count"), "How many alerts of the source are open.", opsgenie::count),
            opsgenie::shows(REQUEST, concat!($word, "_request"), "What became of a request.", opsgenie::request),
            opsgenie::shows(ONE, concat!($word, "_show"), "An alert of the source, by its id, or by its alias with `identifierType=alias`.", opsgenie::show),
            opsgenie::takes(ACKNOWLEDGE, concat!($word, "_acknowledge"), "Say that somebody took note of an alert; it takes no case.", opsgenie::acknowledge),
            opsgenie::takes(CLOSE, concat!($word, "_close"), "Say that an alert is over; it closes no case.", opsgenie::close),
            opsgenie::takes(NOTES, concat!($word, "_note"), "Say more about an alert.", opsgenie::note),
        ]
    }};
}

/// The addresses.
pub(super) fn routes() -> Vec<Route> {
    let mut all = webhooks();
    all.extend(of_opsgenie!("", "opsgenie"));
    // Where its successor, Jira Service Management, takes the same.
    all.extend(of_opsgenie!("/jsm/ops/integration", "jsm"));
    all
}

#[rustfmt::skip]
fn webhooks() -> Vec<Route> {
    vec![
        Route::api(Method::POST, alertmanager::PATH, "alertmanager", Permission::Source,
            "A group of alerts, as Prometheus Alertmanager's webhook sends it (version 4). The key of the source comes as a bearer token.", alertmanager::group)
            .gives::<alertmanager::Accepted>(202),
    ]
}

/// What is put into a sender of this sort as the address to send to.
pub(super) fn address(base: &str, sender: Sender) -> String {
    let path = match sender {
        Sender::Alertmanager => alertmanager::PATH,
        // Its clients append the version and what follows.
        Sender::Opsgenie => "",
    };
    format!("{base}{path}")
}

/// What goes into the settings of a sender of this sort.
pub(super) fn snippet(address: &str, sender: Sender, key: &str) -> String {
    match sender {
        Sender::Alertmanager => alertmanager::snippet(address, key),
        Sender::Opsgenie => format!("api_url: {address}/\napi_key: {key}\n"),
    }
}

/// Whoever shows this key.
async fn sending(call: &Call, key: Option<&str>) -> Result<Sending, Problem> {
    let stranger = || {
        Problem::new(
            "sign-in",
            "Send the key of an alert source that was not withdrawn.",
        )
    };
    if call.app.desk.is_away() {
        return Err(later(&DeskError::NotFound("database")));
    }
    let found = call
        .app
        .desk
        .sending(secret::hash(key.ok_or_else(stranger)?));
    let found = found.await.map_err(|error| later(&error))?;
    found.ok_or_else(stranger)
}

/// The body, once there is room for it. Whoever does not say how long it is, is given room for the longest.
async fn body(call: &mut Call) -> Result<(Vec<u8>, Room), Problem> {
    let length = call.headers.get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let length = length.unwrap_or(BODY_LIMIT).min(BODY_LIMIT);
    let room = call.app.desk.room_for_alert(length).await;
    let room = room.map_err(|error| later(&error))?;
    Ok((call.bytes(BODY_LIMIT).await?, room))
}

/// Takes an alert to the desk.
async fn take(call: &Call, from: &Sending, alert: Alert) -> Result<Received, Problem> {
    let taken = call.app.desk.take_alert(&call.app.exhibits, from, alert);
    taken.await.map_err(|error| later(&error))
}

/// Whatever is the matter, it is sent again: an alert is not lost for it.
fn later(error: &DeskError) -> Problem {
    tracing::warn!(%error, "an alert could not be kept; its sender is asked to send it again");
    let mut problem = Problem::new(
        "unavailable",
        "This could not be kept just now. Send it again.",
    );
    problem.retry_after = Some(SOON);
    problem
}

#[cfg(test)]
mod tests;
