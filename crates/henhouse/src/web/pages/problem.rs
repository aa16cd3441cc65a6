//! A problem, for people: what is the matter, what is safe, what to do.

use askama::Template;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use super::frame::{self, Frame};
use super::style;
use crate::web::Problem;

#[derive(Template)]
#[template(path = "problem.html")]
pub(super) struct ProblemPage<'a> {
    pub frame: Frame,
    pub detail: &'a str,
    pub steps: &'a [&'a str],
}

/// A problem, for people.
pub fn problem(_headers: &HeaderMap, problem: &Problem) -> Response {
    let frame = Frame {
        title: problem.title.to_owned(),
        style: style::address(),
        ..Frame::default()
    };
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
            "If you are signed in with another name, or not at all, sign in.",
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
}
