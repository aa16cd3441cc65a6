//! `/sign-in` and `/sign-out`.

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::Response;

use super::frame::{self, Frame};
use crate::auth::{Entered, Proof};
use crate::web::call::BODY_LIMIT;
use crate::web::fields::Fields;
use crate::web::registry::Answer;
use crate::web::{Call, Problem, fields, form};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    next: String,
    login: String,
    /// Browsers take passkeys for this address.
    passkeys: bool,
}

/// Shows the form.
pub(super) async fn show(call: Call) -> Answer {
    let next = next(call.page_query().get("next"));
    let frame = frame_of(&call);
    let frame = frame.with_lines(&call.app.desk).await;
    page(&call, 200, frame, next, String::new())
}

fn page(call: &Call, status: u16, frame: Frame, next: String, login: String) -> Answer {
    let passkeys = call.app.gate.party().is_some();
    let page = SignInPage {
        frame,
        next,
        login,
        passkeys,
    };
    frame::page(status, &page)
}

fn frame_of(call: &Call) -> Frame {
    let title = call.words().say("sign-in-title");
    Frame::new(call, title).at("/sign-in").worded("sign-in")
}

/// Begins a session and leads on.
pub(super) async fn begin(mut call: Call) -> Answer {
    if form::from_our_page(&call.headers, &call.app.desk.site().base_url) == Some(false) {
        return Err(form::other_site());
    }
    let fields = Fields::parse(&call.bytes(BODY_LIMIT).await?)?.without_nul()?;
    let login = frame::typed(&fields, "login");
    let password = fields.get("password").unwrap_or_default();
    let chosen = fields
        .get("new_password")
        .filter(|chosen| !chosen.is_empty());
    let next = next(fields.get("next"));
    let device = device(&call);
    let begun = call
        .app
        .gate
        .log_in_choosing(&login, (password, chosen), &call.from(), &device)
        .await;
    match begun.map_err(Problem::from) {
        Ok(entered) => enter(&call, entered, &next).await,
        Err(problem) if problem.status < 500 => {
            let frame = frame_of(&call);
            let frame = frame.with_lines(&call.app.desk).await;
            let chooses = problem
                .field
                .as_deref()
                .is_some_and(|field| field.contains("password"));
            let field = if chooses { "new_password" } else { "login" };
            let frame = frame.wrong(field, problem.detail);
            page(&call, problem.status, frame, next, login)
        }
        Err(problem) => Err(problem),
    }
}

/// Leads on with a session, or to the page that asks for a code.
pub(super) async fn enter(call: &Call, entered: Entered, next: &str) -> Answer {
    match entered {
        Entered::In(session) => {
            call.leave_former_session().await?;
            Ok(with_session(call, &session, next))
        }
        Entered::Half(half) | Entered::BreakGlass(half) => {
            let next = fields::escaped(next);
            let mut response = frame::lead_to(&format!("/sign-in/code?next={next}"));
            set(&mut response, &form::try_cookie(&half, call.app.is_https()));
            Ok(response)
        }
    }
}

/// Ends the session.
pub(super) async fn end(mut call: Call) -> Answer {
    if form::from_our_page(&call.headers, &call.app.desk.site().base_url) == Some(false) {
        return Err(form::other_site());
    }
    call.form().await?;
    if let Some(known) = call
        .known
        .as_ref()
        .filter(|known| matches!(known.proof, Proof::Session { .. }))
    {
        call.app.gate.log_out(known).await?;
    }
    let mut response = frame::lead_to("/");
    set(&mut response, &form::clear_cookie(call.app.is_https()));
    Ok(response)
}

/// Leads on with a session.
pub(super) fn with_session(call: &Call, session: &str, next: &str) -> Response {
    let mut response = frame::lead_to(next);
    set(
        &mut response,
        &form::set_cookie(session, call.app.is_https()),
    );
    response
}

fn set(response: &mut Response, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
}

/// The browser as it calls itself, for the list of sessions.
pub(super) fn device(call: &Call) -> String {
    let agent = call.headers.get(header::USER_AGENT);
    let agent = agent.and_then(|agent| agent.to_str().ok());
    agent.unwrap_or("unknown").to_owned()
}

/// Where to lead: only to a page of ours.
pub(super) fn next(asked: Option<&str>) -> String {
    let plain = |c: char| c.is_ascii_graphic() && c != '\\';
    let ours = asked
        .filter(|path| path.starts_with('/') && !path.starts_with("//") && path.chars().all(plain));
    ours.unwrap_or("/now").to_owned()
}

#[cfg(test)]
mod tests {
    use super::next;
    use crate::web::stage::{PASSWORD, Stage, bytes};

    #[tokio::test]
    async fn a_password_leads_on_and_a_wrong_one_keeps_the_login() {
        let stage = Stage::new().await;
        stage.account("ann", "member").await;
        let led = stage.get("/cases/HH-1", None).await;
        assert_eq!(
            (led.status, led.header("location")),
            (303, "/sign-in?next=/cases/HH-1")
        );
        let form = stage.get(led.header("location"), None).await.text();
        assert!(
            form.contains("name=\"next\" value=\"/cases/HH-1\""),
            "{form}"
        );
        let send = async |password: &str| {
            let body = format!(
                "login=ann&next=/cases/HH-1&password={}",
                password.replace(' ', "+")
            );
            stage.send(bytes("/sign-in", body.as_bytes())).await
        };
        let wrong = send("wrong").await;
        assert_eq!(wrong.status, 401);
        assert!(wrong.text().contains("value=\"ann\""), "{}", wrong.text());
        let said = send(PASSWORD).await;
        assert_eq!((said.status, said.header("location")), (303, "/cases/HH-1"));
        let cookie = said
            .header("set-cookie")
            .split(';')
            .next()
            .unwrap_or_default()
            .to_owned();
        let board = stage
            .request("GET", "/now", None, None)
            .with("cookie", &cookie);
        let html = stage.send(board.clone()).await.text();
        assert!(html.contains("Sign out"), "{html}");
        let token = html
            .split("name=\"form_token\" value=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        let out = format!("form_token={}", token.unwrap_or_default());
        let out = bytes("/sign-out", out.as_bytes()).with("cookie", &cookie);
        let by_another = bytes("/sign-out", b"").with("sec-fetch-site", "cross-site");
        let said = stage.send(by_another).await;
        assert_eq!((said.status, said.header("set-cookie")), (403, ""));
        let said = stage.send(out.with("sec-fetch-site", "same-origin")).await;
        assert_eq!(said.status, 303, "{}", said.text());
        assert_eq!(stage.send(board).await.status, 303, "the session is over");
    }

    #[test]
    fn nobody_is_led_to_another_site() {
        for asked in [
            "//evil.example",
            "https://evil.example",
            "/\\evil",
            "",
            "/a\nb",
        ] {
            assert_eq!(next(Some(asked)), "/now", "{asked}");
        }
        assert_eq!(next(Some("/cases/HH-1?after=2")), "/cases/HH-1?after=2");
    }
}
