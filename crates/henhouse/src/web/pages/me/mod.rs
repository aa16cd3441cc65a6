//! `/me`: one's own name, how one is reached, and the ways to how one signs in, where, and with which tokens.

pub(super) mod push;
pub(super) mod secure;
pub(super) mod sessions;
pub(super) mod tokens;

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::Response;

use super::frame::{self, Frame};
use crate::desk::OwnContact;
use crate::web::registry::Answer;
use crate::web::words::key;
use crate::web::{Call, Problem, form};

/// So many messages to oneself in a quarter of an hour.
pub(super) const MESSAGES: u32 = 5;

#[derive(Template)]
#[template(path = "me.html")]
struct MePage {
    frame: Frame,
    name: String,
    login: String,
    contacts: Vec<OwnContact>,
    /// What was just done, by the name of its text.
    done: Option<&'static str>,
}

/// Shows it.
pub(super) async fn show(call: Call) -> Answer {
    let done = match call.page_query().get("done") {
        Some("name") => Some(key("me-done-name")),
        Some("message") => Some(key("me-done-message")),
        Some("no-message") => Some(key("me-done-no-message")),
        _ => None,
    };
    page(&call, 200, frame_of(&call, "me-title"), None, done).await
}

/// Takes another name, or sends a message to oneself.
pub(super) async fn change(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let (known, person) = (call.known()?, person(&call)?);
    let desk = &call.app.desk;
    if fields.get("act") == Some("message") {
        call.app.gate.count_message(&person, MESSAGES)?;
        let sent = desk.test_message(known.actor(), person).await?;
        let done = if sent > 0 { "message" } else { "no-message" };
        return Ok(frame::lead_to(&format!("/me?done={done}")));
    }
    let name = frame::typed(&fields, "name");
    match call.app.gate.rename(known, name.clone()).await {
        Ok(()) => Ok(frame::lead_to("/me?done=name")),
        Err(error) => {
            let problem = Problem::from(error);
            if problem.status != 422 {
                return Err(problem);
            }
            let frame = frame_of(&call, "me-title").wrong("name", problem.detail);
            page(&call, 422, frame, Some(name), None).await
        }
    }
}

async fn page(
    call: &Call,
    status: u16,
    frame: Frame,
    typed: Option<String>,
    done: Option<&'static str>,
) -> Answer {
    let (desk, person) = (&call.app.desk, person(call)?);
    let account = desk.account(person.clone()).await?;
    let account = account.ok_or_else(|| Problem::not_found("account"))?;
    let page = MePage {
        frame: frame.with_lines(desk).await,
        name: typed.unwrap_or(account.name),
        login: account.login,
        contacts: desk.own_contacts(person).await?,
        done,
    };
    frame::page(status, &page)
}

/// Whoever is known, who must be a person.
pub(super) fn person(call: &Call) -> Result<String, Problem> {
    let person = call.known()?.person.clone();
    person.ok_or_else(|| Problem::not_allowed("This is a person's page; a program has none."))
}

pub(super) fn frame_of(call: &Call, title: &str) -> Frame {
    let title = call.words().say(title);
    Frame::new(call, title).at("/me").worded("me")
}

/// The answer with the secret under which the session goes on.
pub(super) fn going_on(call: &Call, mut response: Response, session: &str) -> Response {
    let cookie = form::set_cookie(session, call.app.is_https());
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests;
