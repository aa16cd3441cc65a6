//! What stands before every handler: who is it, may they come here, did a page of ours send it.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{ConnectInfo, RawPathParams, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::{Face, Permission, Route};
use crate::auth::{Known, Proof};
use crate::neighbours::behind;
use crate::serve::Door;
use crate::web::reader::Reader;
use crate::web::{AppState, Call, Problem, fields, form, pages};

/// Whoever reports or answers waits so long for the database to say who they are.
const PATIENCE: Duration = Duration::from_secs(2);
/// The header with which our script sends a form.
const BY_SCRIPT: HeaderName = HeaderName::from_static("henhouse-script");
/// The header in which it is told where that leads.
const LEADS_TO: HeaderName = HeaderName::from_static("henhouse-to");

/// Lets a request in, or answers why not.
pub(super) async fn enter(
    route: Arc<Route>,
    State(app): State<AppState>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
) -> Response {
    let traffic = Arc::clone(&app.traffic);
    let uri = request.uri().clone();
    let reader = Reader::of(request.headers(), &uri);
    let by_script = request.headers().contains_key(BY_SCRIPT);
    let mut known = None;
    let answer = match params {
        Ok(params) => match call(&route, app.clone(), &params, request).await {
            Ok(call) => {
                known.clone_from(&call.known);
                (route.run)(call).await
            }
            Err(problem) => Err(problem),
        },
        Err(_) => Err(Problem::not_found("address")),
    };
    let mut response = match answer {
        Ok(response) => response,
        Err(problem) => refuse(&route, &app, (known.as_ref(), reader), &uri, &problem).await,
    };
    if route.face == Face::Page {
        // Without it a browser would send `Origin: null` with our own forms.
        let own = HeaderValue::from_static("same-origin");
        response
            .headers_mut()
            .entry(header::REFERRER_POLICY)
            .or_insert(own);
        if by_script && response.status() == StatusCode::SEE_OTHER {
            tell_where(&mut response);
        }
    }
    traffic.count(route.id, response.status().as_u16());
    response
}

/// A script that sends a form cannot see where it is led, and would load that page only to load it again.
/// So it is told, and goes there by itself.
fn tell_where(response: &mut Response) {
    *response.status_mut() = StatusCode::NO_CONTENT;
    if let Some(place) = response.headers_mut().remove(header::LOCATION) {
        response.headers_mut().insert(LEADS_TO, place);
    }
}

async fn call(
    route: &Route,
    app: AppState,
    params: &RawPathParams,
    request: Request,
) -> Result<Call, Problem> {
    let (parts, body) = request.into_parts();
    let ours = form::from_our_page(&parts.headers, &app.desk.site().base_url);
    let source = route.permission == Permission::Source;
    let open = source || matches!(route.permission, Permission::Public | Permission::Link);
    let mut known = if source {
        None
    } else if open {
        who_if_possible(&app, &parts.headers).await?
    } else if app.desk.is_away() {
        return Err(Problem::away());
    } else {
        who(&app, &parts.headers).await?
    };
    if route.changes() && is_browser(known.as_ref()) && ours != Some(true) {
        // A report or a tap on a link counts all the same, only not in somebody's name.
        if !open {
            return Err(form::other_site());
        }
        known = None;
    }
    if route.permission == Permission::Link && route.changes() && ours == Some(false) {
        return Err(form::other_site());
    }
    if known.is_none() && !open {
        return Err(stranger(&app, &parts.headers).await?);
    }
    may_enter(route, known.as_ref())?;
    // Nothing has such a name, and a store that cannot even be asked for it would say "fault".
    if params.iter().any(|(_, value)| value.contains('\0')) {
        return Err(Problem::not_found("address"));
    }
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let params = params
        .iter()
        .map(|(key, value)| (key.to_owned(), value.to_owned()));
    Ok(Call {
        known,
        address: address.map(|info| sender(info.0.ip(), &parts.headers, &app.proxies)),
        params: params.collect(),
        uri: parts.uri,
        headers: parts.headers,
        body: Mutex::new(Some(body)),
        app,
    })
}

/// Where a request came from: the connection's address, or what our own proxies say of it.
fn sender(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    let said = headers.get_all("x-forwarded-for").iter();
    let said: Vec<&str> = said.filter_map(|line| line.to_str().ok()).collect();
    behind(peer, &said.join(","), proxies)
}

async fn who(app: &AppState, headers: &HeaderMap) -> Result<Option<Known>, Problem> {
    if app.door == Door::Local {
        return Ok(Some(Known::owner()));
    }
    if let Some(token) = form::bearer(headers) {
        return Ok(app.gate.by_token(token).await?);
    }
    match form::session_of(headers, app.is_https()) {
        Some(session) => Ok(app.gate.by_session(session).await?),
        None => Ok(None),
    }
}

/// What is said to somebody unknown: what became of the token or the session that they sent, if they sent one.
async fn stranger(app: &AppState, headers: &HeaderMap) -> Result<Problem, Problem> {
    let dead = match form::bearer(headers) {
        Some(token) => app.gate.why_dead(token).await?,
        None => None,
    };
    Ok(match dead {
        Some(dead) => Problem::dead_token(dead),
        None if form::session_of(headers, app.is_https()).is_some() => Problem::session_over(),
        None => Problem::sign_in(),
    })
}

/// Whoever it is, where nobody need be known: without the database, nobody.
async fn who_if_possible(app: &AppState, headers: &HeaderMap) -> Result<Option<Known>, Problem> {
    if app.desk.is_away() && app.door == Door::Network {
        return Ok(None);
    }
    match tokio::time::timeout(PATIENCE, who(app, headers)).await {
        Ok(Err(problem)) if problem.status == 503 => Ok(None),
        Ok(known) => known,
        Err(_) => Ok(None),
    }
}

fn is_browser(known: Option<&Known>) -> bool {
    known.is_some_and(|known| matches!(known.proof, Proof::Session { .. }))
}

fn may_enter(route: &Route, known: Option<&Known>) -> Result<(), Problem> {
    let asks_itself = [Permission::Public, Permission::Link, Permission::Source];
    if asks_itself.contains(&route.permission) {
        return Ok(());
    }
    let known = known.ok_or_else(Problem::sign_in)?;
    if matches!(route.permission, Permission::Admin | Permission::Drill) && !known.is_admin() {
        return Err(Problem::not_allowed("Only an admin may do this; ask one."));
    }
    let own = route.permission == Permission::Myself && is_browser(Some(known));
    if route.changes() && !known.may_write() && !own {
        return Err(Problem::not_allowed(
            "You may read, not change. Ask an admin for another role, or use a token that may write.",
        ));
    }
    Ok(())
}

async fn refuse(
    route: &Route,
    app: &AppState,
    (known, reader): (Option<&Known>, Reader),
    uri: &Uri,
    problem: &Problem,
) -> Response {
    match route.face {
        Face::Api => problem.clone().into_response(),
        Face::Page if problem.status == 401 && !route.changes() && problem.is_sign_in() => {
            let next = uri.path_and_query().map_or("/", |all| all.as_str());
            Redirect::to(&format!("/sign-in?next={}", fields::escaped(next))).into_response()
        }
        Face::Page => pages::problem(app, known, reader, problem).await,
    }
}

/// Any other address: people are told on a page, programs in JSON.
pub(super) async fn nothing_here(State(app): State<AppState>, request: Request) -> Response {
    let problem = Problem::not_found("address");
    let wants = request.headers().get(header::ACCEPT);
    let wants = wants.and_then(|value| value.to_str().ok());
    let a_page = wants.is_some_and(|wants| wants.contains("text/html"));
    if !a_page || request.uri().path().starts_with("/api/") {
        return problem.into_response();
    }
    let reader = Reader::of(request.headers(), request.uri());
    let known = who_if_possible(&app, request.headers()).await;
    let known = known.unwrap_or_default();
    pages::problem(&app, known.as_ref(), reader, &problem).await
}

/// A known address asked in another way.
pub(super) async fn not_that_way() -> Response {
    Problem::new(
        "wrong-method",
        "This address cannot be asked so; see /api/v1/openapi.json.",
    )
    .into_response()
}
