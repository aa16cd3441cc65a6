//! `/api/v1/session`: sign in, who am I, sign out.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::auth::{Entered, Known, LoginRefused, Proof, Role, Scope};
use crate::web::registry::Answer;
use crate::web::{Call, Problem, form, json};

pub(super) const EXAMPLE: &str = r#"{"login": "jane", "password": "four words make it"}"#;

/// Login and password.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The name to log in with.
    login: String,
    /// The password.
    password: String,
    /// Your own, where the password was made by somebody else and is asked to be replaced.
    #[serde(default)]
    new_password: Option<String>,
    /// A code of your app, or a recovery code, where your account asks for one.
    #[serde(default)]
    code: Option<String>,
    /// At the break-glass account: who you are, both of you.
    #[serde(default)]
    who: Option<String>,
    /// At the break-glass account: why you need it.
    #[serde(default)]
    why: Option<String>,
}

/// Who somebody is to this server.
#[derive(Serialize, JsonSchema)]
pub struct Me {
    /// The person; null for a program.
    pub person: Option<String>,
    /// What they are called.
    pub name: String,
    /// What they are to the installation.
    pub role: Role,
    /// How far the session or the token reaches.
    pub scope: Scope,
    /// What every form of this session carries under `form_token`; null for a token.
    pub form_token: Option<String>,
    /// The server is a drill.
    pub drill: bool,
}

/// Begins a session.
pub(super) async fn begin(mut call: Call) -> Answer {
    if form::from_our_page(&call.headers, &call.app.desk.site().base_url) == Some(false) {
        return Err(form::other_site());
    }
    let login: Login = json::read(call.object().await?.into())?;
    let gate = &call.app.gate;
    let device = device(&call.headers);
    let from = call.from();
    let entered = gate
        .log_in_choosing(
            &login.login,
            (&login.password, login.new_password.as_deref()),
            &from,
            &device,
        )
        .await?;
    let session = match (entered, login.code) {
        (Entered::In(session), _) => session,
        (Entered::Half(half), Some(code)) => gate.enter_code(&half, &code, &from, &device).await?,
        (Entered::BreakGlass(half), _) => {
            let (Some(who), Some(why)) = (&login.who, &login.why) else {
                return Err(LoginRefused::NeedsReason.into());
            };
            gate.break_glass(&half, (who, why), &from, &device).await?
        }
        (Entered::Half(_), None) => return Err(LoginRefused::NeedsCode.into()),
    };
    begun(&call, StatusCode::OK, &session).await
}

/// The answer that gives the browser its session.
pub(super) async fn begun(call: &Call, status: StatusCode, session: &str) -> Answer {
    let known = call
        .app
        .gate
        .by_session(session)
        .await?
        .ok_or_else(Problem::sign_in)?;
    let response = json::answer(status, &me(&known, call.app.desk.site().drill))?;
    call.leave_former_session().await?;
    Ok(with_session(call, response, session))
}

/// The answer with the secret under which the session goes on.
pub(super) fn with_session(call: &Call, mut response: Response, session: &str) -> Response {
    set(
        &mut response,
        &form::set_cookie(session, call.app.is_https()),
    );
    response
}

/// Says who asks.
pub(super) async fn show(call: Call) -> Answer {
    json::ok(&me(call.known()?, call.app.desk.site().drill))
}

/// Ends the session.
pub(super) async fn end(call: Call) -> Answer {
    call.app.gate.log_out(call.known()?).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    set(&mut response, &form::clear_cookie(call.app.is_https()));
    Ok(response)
}

fn me(known: &Known, drill: bool) -> Me {
    let form_token = match &known.proof {
        Proof::Session { form_token, .. } => Some(form_token.clone()),
        Proof::Token { .. } | Proof::LocalSocket => None,
    };
    Me {
        person: known.person.clone(),
        name: known.name.clone(),
        role: known.role,
        scope: known.scope,
        form_token,
        drill,
    }
}

fn set(response: &mut Response, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
}

/// The browser as it calls itself, for the list of sessions.
pub(super) fn device(headers: &HeaderMap) -> String {
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    agent.unwrap_or("unknown").to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::web::stage::{PASSWORD, Stage};

    const AT: &str = "/api/v1/session";

    #[tokio::test]
    async fn a_password_opens_a_session_and_the_cookie_is_out_of_reach_of_scripts() {
        let stage = Stage::new().await;
        stage.account("ann", "member").await;
        let said = stage
            .post(AT, None, json!({ "login": "Ann", "password": PASSWORD }))
            .await;
        assert_eq!(said.status, 200, "{}", said.text());
        let cookie = said.header("set-cookie").to_owned();
        assert!(
            cookie.starts_with("henhouse=") && cookie.contains("HttpOnly; SameSite=Lax"),
            "{cookie}"
        );
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let me = stage
            .send(stage.request("GET", AT, None, None).with("cookie", &cookie))
            .await;
        assert_eq!(
            (me.status, me.json()["person"].as_str()),
            (200, Some("ann"))
        );
        let out = stage
            .request("DELETE", AT, None, None)
            .with("cookie", &cookie);
        let foreign = stage
            .send(out.clone().with("sec-fetch-site", "cross-site"))
            .await;
        assert_eq!(
            (foreign.status, foreign.json()["type"].as_str()),
            (403, Some("/problems/other-site"))
        );
        let silent = stage.send(out.clone()).await;
        assert_eq!(
            silent.status, 403,
            "a browser that does not say where it comes from"
        );
        assert_eq!(
            stage
                .send(out.with("sec-fetch-site", "same-origin"))
                .await
                .status,
            204
        );
        let me = stage
            .send(stage.request("GET", AT, None, None).with("cookie", &cookie))
            .await;
        assert_eq!(me.status, 401);
    }

    #[tokio::test]
    async fn a_wrong_password_and_an_unknown_login_are_answered_alike() {
        let stage = Stage::new().await;
        stage.account("ann", "member").await;
        let ask = async |login: &str, password: &str| {
            stage
                .post(AT, None, json!({ "login": login, "password": password }))
                .await
        };
        let (wrong, unknown) = (
            ask("ann", "not the password").await,
            ask("zoe", PASSWORD).await,
        );
        assert_eq!(
            (wrong.status, wrong.text()),
            (unknown.status, unknown.text())
        );
        assert_eq!(wrong.status, 401);
        let empty = ask("ann", "").await;
        assert_eq!(empty.status, 401);
        stage.account_without_password("bob").await;
        assert_eq!(ask("bob", "").await.status, 401);
    }

    #[tokio::test]
    async fn the_eleventh_try_waits() {
        let stage = Stage::new().await;
        stage.account("ann", "member").await;
        let ask = async |password: &str| {
            stage
                .post(AT, None, json!({ "login": "ann", "password": password }))
                .await
        };
        for _ in 0..10 {
            assert_eq!(ask("not the password").await.status, 401);
        }
        let said = ask(PASSWORD).await;
        assert_eq!(said.status, 429);
        assert!(!said.header("retry-after").is_empty());
    }
}
