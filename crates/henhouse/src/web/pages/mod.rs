//! Pages for people: rendered on the server, complete without a script.

use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::{Problem, Route};

/// Every page.
#[must_use]
pub fn routes() -> Vec<Route> {
    Vec::new()
}

/// A problem, for people.
pub fn problem(_headers: &HeaderMap, problem: &Problem) -> Response {
    let words = format!("{}\n\n{}\n", problem.title, problem.detail);
    (problem.status_code(), words).into_response()
}
