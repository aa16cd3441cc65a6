//! A problem, for people: what is the matter, what is safe, what to do.

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::frame::{self, Frame};
use crate::auth::Known;
use crate::web::reader::Reader;
use crate::web::{AppState, Problem};

#[derive(Template)]
#[template(path = "problem.html")]
pub(super) struct ProblemPage<'a> {
    pub frame: Frame,
    pub detail: &'a str,
    pub steps: &'a [&'a str],
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
    let frame = frame.with_lines(&app.desk).await;
    let page = ProblemPage {
        frame,
        detail: &problem.detail,
        steps: steps(problem.status),
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

fn steps(status: u16) -> &'static [&'static str] {
    match status {
        403 => &[
            "Go back, load the page again and send it once more; what you typed is still in your browser.",
        ],
        404 => &[
            "If you followed a link, open it again from the message and see that all of it came along.",
            "If it asks for a name and you are not signed in, sign in.",
            "If it is urgent, report it again or telephone: nobody minds hearing it twice.",
        ],
        409 => &["Go back and load the page again to see how things stand."],
        413 => &["Go back and shorten the text; what you typed is still in your browser."],
        503 => &[
            "Nothing was written. Go back and send it again in a moment; if it is urgent, telephone.",
        ],
        _ => &["Go back and try again; what you typed is still in your browser."],
    }
}

#[cfg(test)]
mod tests {
    use crate::web::stage::Stage;

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
}
