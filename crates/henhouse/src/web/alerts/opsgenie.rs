//! Opsgenie's Alert API v2, below `/v2` and below `/jsm/ops/integration/v2`, as its clients use it. What it accepts it has
//! done: the id of a request is the id of its alert, so that nobody has to keep requests.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{body, sending, take};
use crate::desk::{By, KnownAlert, Sending, Sent};
use crate::inbound::alerts::opsgenie;
use crate::web::registry::{Answer, Param, Permission, Route};
use crate::web::{Call, Problem, json};

/// The request that was about an alert that is not there.
pub(super) const OF_NOTHING: Uuid = Uuid::nil();

/// A request that was accepted.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Accepted {
    /// Always the same words.
    result: &'static str,
    /// Seconds. Not measured.
    took: f64,
    /// Under which the outcome can be asked for.
    request_id: String,
}

/// Something that was asked for.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// What it says.
    data: Value,
    /// Seconds. Not measured.
    took: f64,
    /// Names this answer.
    request_id: String,
}

/// By what an alert may be named.
const NAMED: &[Param] = &[Param {
    name: "identifierType",
    what: "id (the default) or alias",
}];

/// A route that accepts something.
pub(super) fn takes<F>(
    path: &'static str,
    id: &'static str,
    what: &'static str,
    run: fn(Call) -> F,
) -> Route
where
    F: Future<Output = Answer> + Send + 'static,
{
    accepts(Method::POST, path, id, what, run)
}

/// A route that accepts something by another method.
pub(super) fn accepts<F>(
    method: Method,
    path: &'static str,
    id: &'static str,
    what: &'static str,
    run: fn(Call) -> F,
) -> Route
where
    F: Future<Output = Answer> + Send + 'static,
{
    let route = Route::api(method, path, id, Permission::Source, what, run);
    route.query(NAMED).gives::<Accepted>(202)
}

/// A route that shows something.
pub(super) fn shows<F>(
    path: &'static str,
    id: &'static str,
    what: &'static str,
    run: fn(Call) -> F,
) -> Route
where
    F: Future<Output = Answer> + Send + 'static,
{
    let route = Route::api(Method::GET, path, id, Permission::Source, what, run);
    route.query(NAMED).gives::<Shown>(200)
}

/// Creates an alert, or counts it where one of its alias is open.
pub(super) async fn create(call: Call) -> Answer {
    spoken(creates(call).await)
}

/// Notes that somebody took note of it.
pub(super) async fn acknowledge(call: Call) -> Answer {
    spoken(notes(call, Sent::Acknowledged).await)
}

/// Notes that it is over.
pub(super) async fn close(call: Call) -> Answer {
    spoken(notes(call, Sent::Over).await)
}

/// Notes what else is said of it.
pub(super) async fn note(call: Call) -> Answer {
    spoken(notes(call, Sent::Noted).await)
}

/// Says what became of a request.
pub(super) async fn request(call: Call) -> Answer {
    spoken(outcome(call).await)
}

async fn creates(mut call: Call) -> Answer {
    let from = sending(&call, key(&call.headers)).await?;
    let (raw, _room) = body(&mut call).await?;
    let ids = call.app.desk.ids();
    let unnamed = ids.uuid_v7(call.app.desk.now()).to_string();
    let received = take(&call, &from, opsgenie::create(&raw, &unnamed)).await?;
    accepted(received.id)
}

async fn notes(mut call: Call, sent: Sent) -> Answer {
    let from = sending(&call, key(&call.headers)).await?;
    let (raw, _room) = body(&mut call).await?;
    let alias = match meant(&call)? {
        By::Alias(alias) => Some(alias),
        by @ By::Id(_) => {
            let alert = known(&call, &from, by).await?;
            alert.filter(|alert| !alert.over).map(|alert| alert.alias)
        }
    };
    let Some(alias) = alias else {
        return accepted(None);
    };
    let received = take(&call, &from, opsgenie::noted(sent, alias, &raw)).await?;
    accepted(received.id)
}

async fn outcome(call: Call) -> Answer {
    let from = sending(&call, key(&call.headers)).await?;
    let id = call.param("request").parse::<Uuid>();
    let none = || Problem::not_found("request");
    let id = id.map_err(|_| none())?;
    if id == OF_NOTHING {
        return shown(json!({
            "success": false, "isSuccess": false, "status": "Alert does not exist",
            "integrationId": from.source.id,
        }));
    }
    let found = known(&call, &from, By::Id(id)).await?;
    let alert = found.ok_or_else(none)?;
    shown(json!({
        "success": true, "isSuccess": true, "action": "Create", "status": "Created alert",
        "processedAt": alert.last_at.to_string(), "integrationId": from.source.id,
        "alertId": alert.id.to_string(), "alias": alert.alias,
    }))
}

pub(super) async fn known(
    call: &Call,
    from: &Sending,
    by: By,
) -> Result<Option<KnownAlert>, Problem> {
    let found = call.app.desk.known_alert(from, by).await;
    found.map_err(|error| super::later(&error))
}

/// Which alert the path means.
pub(super) fn meant(call: &Call) -> Result<By, Problem> {
    let (word, query) = (call.param("identifier"), call.page_query());
    match query.get("identifierType").unwrap_or("id") {
        "alias" => Ok(By::Alias(word.to_owned())),
        "id" => Ok(By::Id(word.parse().unwrap_or(OF_NOTHING))),
        _ => Err(Problem::field(
            "identifierType",
            "An alert is named here by its id or its alias.",
        )),
    }
}

/// What stands behind `GenieKey`.
pub(super) fn key(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("geniekey").then(|| key.trim())
}

pub(super) fn accepted(id: Option<Uuid>) -> Answer {
    let accepted = Accepted {
        result: "Request will be processed",
        took: 0.0,
        request_id: id.unwrap_or(OF_NOTHING).to_string(),
    };
    json::answer(StatusCode::ACCEPTED, &accepted)
}

pub(super) fn shown(data: Value) -> Answer {
    let shown = Shown {
        data,
        took: 0.0,
        request_id: OF_NOTHING.to_string(),
    };
    json::answer(StatusCode::OK, &shown)
}

/// An answer with the headers that its clients look for; what is wrong is said as Opsgenie says it.
pub(super) fn spoken(answer: Answer) -> Answer {
    let mut response: Response = match answer {
        Ok(response) => response,
        Err(problem) => {
            let status = problem.status_code();
            let said = json!({
                "message": problem.detail, "took": 0.0, "requestId": OF_NOTHING.to_string(),
            });
            let mut response = json::answer(status, &said)?;
            if let Some(seconds) = problem.retry_after {
                let seconds = HeaderValue::from(seconds);
                response.headers_mut().insert(header::RETRY_AFTER, seconds);
            }
            response
        }
    };
    let headers = response.headers_mut();
    headers.insert("x-ratelimit-state", HeaderValue::from_static("OK"));
    Ok(response)
}
