//! Pages for people: rendered on the server, complete without a script.

mod ack;
mod frame;
mod problem;
mod receipt;
mod report;
mod style;

use axum::http::Method;

use super::registry::Permission::{Link, Public};
use super::registry::Route;

pub use problem::problem;

const GET: Method = Method::GET;
const POST: Method = Method::POST;

/// Every page.
#[must_use]
pub fn routes() -> Vec<Route> {
    let see_other = 303;
    vec![
        Route::page(
            GET,
            "/report",
            "report_page",
            Public,
            "The form to report something.",
            report::show,
        ),
        Route::page(
            POST,
            "/report",
            "report_form",
            Public,
            "Takes a report and leads to its receipt.",
            report::send,
        )
        .answers(see_other),
        Route::page(
            GET,
            "/report/{project}",
            "project_report_page",
            Public,
            "The form to report something to a project.",
            report::show,
        ),
        Route::page(
            POST,
            "/report/{project}",
            "project_report_form",
            Public,
            "Takes a report to a project and leads to its receipt.",
            report::send,
        )
        .answers(see_other),
        Route::page(
            GET,
            "/receipt/{token}",
            "receipt_page",
            Link,
            "Where a report stands, for whoever made it.",
            receipt::show,
        ),
        Route::page(
            POST,
            "/receipt/{token}",
            "receipt_form",
            Link,
            "Adds to a report, or disagrees with how it is handled.",
            receipt::say,
        )
        .answers(see_other),
        Route::page(
            GET,
            "/ack/{token}",
            "ack_page",
            Link,
            "What a page's link leads to; nothing happens.",
            ack::show,
        ),
        Route::page(
            POST,
            "/ack/{token}",
            "ack_form",
            Link,
            "Takes it, passes it on, or joins.",
            ack::press,
        ),
        Route::page(
            GET,
            style::PATH,
            "stylesheet",
            Public,
            "The stylesheet of every page.",
            style::show,
        )
        .as_type("text/css"),
    ]
}
