//! Where programs send alerts to. Each address speaks as the one that the program knows, so that it need not be changed;
//! behind all of them stands one act of the desk.
//!
//! A sender hears 202 once its alert is on disk, 503 while it cannot be kept, never 429: not all of them try again then.

mod bearer;
mod heartbeats;
mod opsgenie;
mod opsgenie_acts;
mod pagerduty;
mod signed;
mod slack;
mod sns;

use std::time::Duration;

use axum::http::{Method, header};
use procedure::project::{AlertSource, Sender};

use opsgenie_acts as acts;

use super::registry::{Permission, Route};
use super::{Call, Problem};
use crate::auth::secret;
use crate::desk::{Alert, DeskError, Received, Room, Sending};

/// A group of very many alerts is taken too: what is too long is not sent again by any of them.
const BODY_LIMIT: usize = 8 * 1024 * 1024;
/// Of what is read before anybody knows who sends it.
const SMALL_LIMIT: usize = 512 * 1024;
/// And so long it may take to come: whoever trickles it holds a room that others wait for.
const STRANGERS_PATIENCE: Duration = Duration::from_secs(3);
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
        const BEATS: &str = concat!($below, "/v2/heartbeats");
        const BEAT: &str = concat!($below, "/v2/heartbeats/{name}");
        const PING: &str = concat!($below, "/v2/heartbeats/{name}/ping");
        [
            opsgenie::takes(ALERTS, concat!($word, "_create"), "Create an alert, or count it where one of its alias is open (Opsgenie's Alert API). The key of the source comes as GenieKey.", opsgenie::create),
            opsgenie::shows(COUNT, concat!($word, "_count"), "How many alerts of the source a query finds; those that are open, without one.", acts::count),
            opsgenie::shows(REQUEST, concat!($word, "_request"), "What became of a request.", opsgenie::request),
            opsgenie::shows(ONE, concat!($word, "_show"), "An alert of the source, by its id, or by its alias with `identifierType=alias`.", acts::show),
            opsgenie::takes(ACKNOWLEDGE, concat!($word, "_acknowledge"), "Say that somebody took note of an alert; it takes no case.", opsgenie::acknowledge),
            opsgenie::takes(CLOSE, concat!($word, "_close"), "Say that an alert is over; it closes no case.", opsgenie::close),
            opsgenie::takes(NOTES, concat!($word, "_note"), "Say more about an alert.", opsgenie::note),
            opsgenie::shows(ALERTS, concat!($word, "_list"), "The last alerts of the source, newest first.", acts::list),
            opsgenie::shows(NOTES, concat!($word, "_notes"), "The notes of an alert.", acts::notes),
            opsgenie::shows(concat!($below, "/v2/alerts/{identifier}/logs"), concat!($word, "_logs"), "Everything that was said of an alert.", acts::logs),
            opsgenie::shows(concat!($below, "/v2/alerts/{identifier}/recipients"), concat!($word, "_recipients"), "Nobody: people are called by their case.", acts::recipients),
            opsgenie::takes(concat!($below, "/v2/alerts/{identifier}/unacknowledge"), concat!($word, "_unacknowledge"), "Say that nobody takes note of an alert there any more.", acts::unacknowledge),
            opsgenie::takes(concat!($below, "/v2/alerts/{identifier}/snooze"), concat!($word, "_snooze"), "Say until when nobody is reminded of an alert there; it holds nothing back here.", acts::snooze),
            opsgenie::takes(concat!($below, "/v2/alerts/{identifier}/escalate"), concat!($word, "_escalate"), "Say that others are called there.", acts::escalate),
            opsgenie::takes(concat!($below, "/v2/alerts/{identifier}/assign"), concat!($word, "_assign"), "Say whose an alert is there.", acts::assign),
            opsgenie::takes(concat!($below, "/v2/alerts/{identifier}/responders"), concat!($word, "_responders"), "Say who is to respond there.", acts::responders),
            opsgenie::takes(concat!($below, "/v2/alerts/{identifier}/teams"), concat!($word, "_teams"), "Say which team it was given to there.", acts::teams),
            opsgenie::takes(concat!($below, "/v2/alerts/{identifier}/actions/{action}"), concat!($word, "_action"), "Say that an action of its sender's was taken.", acts::action),
            opsgenie::takes(concat!($below, "/v2/alerts/{identifier}/tags"), concat!($word, "_add_tags"), "Give an alert more tags.", acts::add_tags),
            opsgenie::accepts(Method::DELETE, concat!($below, "/v2/alerts/{identifier}/tags"), concat!($word, "_take_tags"), "Take tags off an alert.", acts::take_tags),
            opsgenie::takes(concat!($below, "/v2/alerts/{identifier}/details"), concat!($word, "_add_details"), "Give an alert more details.", acts::add_details),
            opsgenie::accepts(Method::DELETE, concat!($below, "/v2/alerts/{identifier}/details"), concat!($word, "_take_details"), "Take details off an alert.", acts::take_details),
            opsgenie::accepts(Method::PUT, concat!($below, "/v2/alerts/{identifier}/message"), concat!($word, "_message"), "Call an alert otherwise.", acts::message),
            opsgenie::accepts(Method::PUT, concat!($below, "/v2/alerts/{identifier}/description"), concat!($word, "_description"), "Describe an alert otherwise.", acts::description),
            opsgenie::accepts(Method::PUT, concat!($below, "/v2/alerts/{identifier}/priority"), concat!($word, "_priority"), "Say how pressing an alert is.", acts::set_priority),
            opsgenie::accepts(Method::DELETE, ONE, concat!($word, "_delete"), "Say that an alert is over: nothing is deleted here.", acts::delete),
            opsgenie::accepts(Method::GET, PING, concat!($word, "_ping"), "A heartbeat came.", heartbeats::ping),
            opsgenie::accepts(Method::POST, PING, concat!($word, "_ping_post"), "A heartbeat came.", heartbeats::ping),
            opsgenie::shows(BEATS, concat!($word, "_beats"), "The heartbeats of the source.", heartbeats::list),
            opsgenie::accepts(Method::POST, BEATS, concat!($word, "_beat_create"), "Listen for a heartbeat: when it stays away, that is an alert.", heartbeats::create),
            opsgenie::shows(BEAT, concat!($word, "_beat"), "A heartbeat of the source.", heartbeats::show),
            opsgenie::accepts(Method::PATCH, BEAT, concat!($word, "_beat_update"), "Change a heartbeat.", heartbeats::update),
            opsgenie::accepts(Method::DELETE, BEAT, concat!($word, "_beat_delete"), "Take a heartbeat off.", heartbeats::delete),
            opsgenie::takes(concat!($below, "/v2/heartbeats/{name}/enable"), concat!($word, "_beat_enable"), "Listen for a heartbeat again.", heartbeats::enable),
            opsgenie::takes(concat!($below, "/v2/heartbeats/{name}/disable"), concat!($word, "_beat_disable"), "Listen for a heartbeat no more.", heartbeats::disable),
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
        Route::api(Method::POST, bearer::ALERTMANAGER, "alertmanager", Permission::Source,
            "A group of alerts, as Prometheus Alertmanager's webhook sends it (version 4). The key of the source comes as a bearer token.", bearer::alertmanager)
            .gives::<bearer::Accepted>(202),
        Route::api(Method::POST, bearer::GRAFANA, "grafana", Permission::Source,
            "A group of alerts, as Grafana's webhook sends it. The key of the source comes as a bearer token.", bearer::grafana)
            .gives::<bearer::Accepted>(202),
        Route::api(Method::POST, bearer::EVENTBRIDGE, "eventbridge", Permission::Source,
            "An event of Amazon EventBridge, as an API destination sends it. The key of the source comes as a bearer token.", bearer::eventbridge)
            .gives::<bearer::Accepted>(202),
        Route::api(Method::POST, bearer::WEBHOOK, "webhook", Permission::Source,
            "An alert as any JSON. The key of the source comes as a bearer token.", bearer::webhook)
            .gives::<bearer::Accepted>(202),
        Route::api(Method::POST, signed::PATH, "webhook_signed", Permission::Source,
            "An alert as any JSON, signed as Standard Webhooks 1.0.0 has it (`webhook-id`, `webhook-timestamp`, `webhook-signature`) with the secret of the source. The same id counts once.", signed::message)
            .gives::<bearer::Accepted>(202),
        Route::api(Method::POST, sns::PATH, "sns", Permission::Source,
            "A message of Amazon SNS, as a subscription by HTTPS sends it, signed by Amazon (`SignatureVersion` 1 or 2) for a topic that the source names. The same `MessageId` counts once; a subscription is confirmed.", sns::message)
            .gives::<bearer::Accepted>(202),
        Route::api(Method::POST, "/v2/enqueue", "pagerduty", Permission::Source,
            "An event, as PagerDuty's Events API takes it (version 2). The key of the source is its `routing_key`.", pagerduty::enqueue)
            .gives::<pagerduty::Accepted>(202),
        Route::api(Method::POST, "/v2/change/enqueue", "pagerduty_change", Permission::Source,
            "A change event, as PagerDuty takes it: it is told in the event that runs, and wakes nobody.", pagerduty::change)
            .gives::<pagerduty::Accepted>(202),
        Route::api(Method::POST, "/generic/2010-04-15/create_event.json", "pagerduty_generic", Permission::Source,
            "An event, as PagerDuty's Events API takes it (version 1). The key of the source is its `service_key`.", pagerduty::create)
            .gives::<pagerduty::Accepted>(200),
        Route::api(Method::POST, slack::PATH, "slack_webhook", Permission::Source,
            "A message, as programs send it to an incoming webhook of Slack's. The key of the source is the last part of the address.", slack::message)
            .answers(200),
    ]
}

/// What is put into a sender of this sort as the address to send to.
pub(super) fn address(base: &str, sender: Sender) -> String {
    let path = match sender {
        Sender::Alertmanager => bearer::ALERTMANAGER,
        // Its clients append the version and what follows.
        Sender::Opsgenie => "",
        Sender::Pagerduty => "/v2/enqueue",
        Sender::Slack => "/in/slack/",
        Sender::Grafana => bearer::GRAFANA,
        Sender::Eventbridge => bearer::EVENTBRIDGE,
        Sender::Webhook => bearer::WEBHOOK,
        Sender::Sns => "/in/sns",
        // This server asks; nothing is sent to it.
        Sender::Sqs => return String::new(),
    };
    format!("{base}{path}")
}

/// The address that the sender of this source sends to.
pub(super) fn address_of(base: &str, source: &AlertSource) -> String {
    let address = address(base, source.sender);
    match source.sender {
        Sender::Sns => format!("{address}/{}", source.id),
        _ => address,
    }
}

/// What goes into the settings of a source's sender. `secret` is what it signs with.
pub(super) fn snippet(
    address: &str,
    source: &AlertSource,
    key: &str,
    secret: Option<&str>,
) -> String {
    match source.sender {
        Sender::Alertmanager => bearer::alertmanager_snippet(address, key),
        Sender::Opsgenie => format!("api_url: {address}/\napi_key: {key}\n"),
        Sender::Pagerduty => pagerduty::snippet(address, key),
        Sender::Slack => slack::snippet(&format!("{address}{key}")),
        Sender::Grafana => bearer::grafana_snippet(address, key),
        Sender::Eventbridge => bearer::eventbridge_snippet(address, key),
        Sender::Sns => sns::snippet(&format!("{address}/{}", source.id), source.topics.keys()),
        Sender::Sqs => sqs_snippet(source),
        Sender::Webhook => signed::snippet(address, &source.id, secret.unwrap_or_default(), key),
    }
}

/// What goes into the settings of this server.
fn sqs_snippet(source: &AlertSource) -> String {
    format!(
        "[sqs.{}]\nsource = \"{}\"\nqueue = \"https://sqs.eu-central-1.amazonaws.com/123456789012/alerts\"\n\
         access_key_file = \"/etc/henhouse/sqs-key-id\"\nsecret_key_file = \"/etc/henhouse/sqs-key\"\n",
        source.name, source.id
    )
}

/// Whoever shows nothing that opens this.
fn stranger() -> Problem {
    Problem::new(
        "sign-in",
        "Send the key of an alert source that was not withdrawn, or sign with its secret.",
    )
}

/// Whoever shows this key.
async fn sending(call: &Call, key: Option<&str>) -> Result<Sending, Problem> {
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

/// The body of somebody who is not known yet: as much as PagerDuty itself takes.
async fn small_body(call: &mut Call) -> Result<(Vec<u8>, Room), Problem> {
    let length = call.headers.get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let length = length.unwrap_or(SMALL_LIMIT).min(SMALL_LIMIT);
    let room = call.app.desk.room_for_stranger(length).await;
    let room = room.map_err(|error| later(&error))?;
    let raw = call.bytes_within(SMALL_LIMIT, STRANGERS_PATIENCE).await?;
    Ok((raw, room))
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
