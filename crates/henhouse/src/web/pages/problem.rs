//! A problem, for people: what is the matter, what is safe, what to do.

use std::borrow::Cow;

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::frame::{self, Frame};
use crate::auth::Known;
use crate::web::reader::Reader;
use crate::web::words::{Language, Words};
use crate::web::{AppState, Problem};

#[derive(Template)]
#[template(path = "problem.html")]
pub(super) struct ProblemPage<'a> {
    pub frame: Frame,
    pub detail: &'a str,
    /// The language of the detail, where it is not the page's.
    pub detail_lang: &'static str,
    pub steps: Vec<Cow<'static, str>>,
}

/// A problem, for people.
pub async fn problem(
    app: &AppState,
    known: Option<&Known>,
    mut reader: Reader,
    problem: &Problem,
) -> Response {
    // What is told must not depend on what was asked for.
    "/".clone_into(&mut reader.here);
    let frame = Frame::around(app, known, reader, problem.title);
    let mut frame = frame.worded("problem").with_lines(&app.desk).await;
    let w = frame.w;
    // The engine's sentences are English.
    let own = own_words(w, problem.status).filter(|_| w.language() != Language::English);
    let in_english = w.language() != Language::English && own.is_none();
    if let Some((title, _)) = &own {
        frame.title = title.clone().into_owned();
    }
    let page = ProblemPage {
        frame,
        detail: own.as_ref().map_or(&problem.detail, |(_, detail)| detail),
        detail_lang: if in_english { "en" } else { "" },
        steps: steps(w, problem.status),
    };
    let mut response = match frame::page(problem.status, &page) {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    };
    if let Some(seconds) = problem.retry_after {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// What is the matter, where it is the same for everybody who hears it: in the reader's own language.
fn own_words(w: Words, status: u16) -> Option<(Cow<'static, str>, Cow<'static, str>)> {
    (status == 404).then(|| (w.say("problem-not-found"), w.say("problem-not-there")))
}

fn steps(w: Words, status: u16) -> Vec<Cow<'static, str>> {
    match status {
        403 => vec![w.say("problem-load-again")],
        404 => vec![
            w.say("problem-whole-link"),
            w.say("problem-name"),
            w.say("problem-report-again"),
        ],
        409 => vec![w.say("problem-see")],
        413 => vec![w.say("problem-shorten")],
        503 => vec![w.say("problem-moment")],
        _ => vec![w.say("problem-try-again")],
    }
}

#[cfg(test)]
mod tests {
    use crate::web::stage::Stage;

    #[tokio::test]
    async fn what_is_not_there_is_said_in_the_readers_language() {
        let stage = Stage::new().await;
        let asking = stage.request("GET", "/receipt/x", None, None);
        let said = stage.send(asking.with("accept-language", "de")).await;
        let html = said.text();
        assert_eq!(said.status, 404);
        assert!(
            html.contains("Nicht gefunden") && !html.contains("There is no"),
            "{html}"
        );
    }

    #[tokio::test]
    async fn people_are_told_in_html_and_what_to_do() {
        let stage = Stage::new().await;
        let said = stage.get("/receipt/x", None).await;
        assert_eq!(said.status, 404);
        assert_eq!(said.header("content-type"), "text/html; charset=utf-8");
        assert!(said.text().contains("What you can do"), "{}", said.text());
    }

    #[tokio::test]
    async fn a_drill_and_a_wrong_address_are_told_as_everywhere() {
        let stage = Stage::drill().await;
        for path in ["/receipt/x", "/no/such/page"] {
            let asking = stage.request("GET", path, None, None);
            let said = stage.send(asking.with("accept", "text/html,*/*")).await;
            let html = said.text();
            assert_eq!(said.status, 404, "{html}");
            assert!(html.contains("<title>DRILL: Not found"), "{html}");
            assert!(html.contains("class=\"drill\""), "{html}");
        }
        let said = stage.get("/no/such/page", None).await;
        assert_eq!(said.header("content-type"), "application/problem+json");
        let page = stage.request("GET", "/api/v1/nothing", None, None);
        let said = stage.send(page.with("accept", "text/html")).await;
        assert_eq!(said.header("content-type"), "application/problem+json");
    }

    #[tokio::test]
    async fn whoever_is_signed_in_is_not_asked_to_sign_in_where_nothing_is() {
        let stage = Stage::new().await;
        stage.account("ann", "member").await;
        let ann = stage.browser("ann").await;
        let html = ann.get(&stage, "/no/such/page").await.text();
        assert!(html.contains("Not found"), "{html}");
        assert!(!html.contains("href=\"/sign-in"), "{html}");
    }
}
