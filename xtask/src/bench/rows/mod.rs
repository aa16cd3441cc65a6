//! The rows of the table, by what they measure.

mod alerts;
mod browser;
mod engine;
mod idle;
mod lateness;
mod lists;
mod machine;
mod notes;
mod on_call;
mod pages;
mod postgres;
mod reading;
mod reports;
mod space;
mod starting;
mod streams;

use anyhow::Result;
use serde_json::{Value, json};

use super::Bench;
use super::client::Request;

/// Measures a few rows that belong together.
type Measure = fn(&mut Bench) -> Result<()>;

/// Every group of rows, in the order of the table.
pub const ROWS: &[(&str, Measure)] = &[
    ("machine", machine::measure),
    ("starting", starting::measure),
    ("reports", reports::measure),
    ("alerts", alerts::measure),
    ("notes", notes::measure),
    ("reading", reading::measure),
    ("browser", browser::measure),
    ("streams", streams::measure),
    ("engine", engine::measure),
    ("on-call", on_call::measure),
    ("lists", lists::measure),
    ("pages", pages::measure),
    ("idle", idle::measure),
    ("lateness", lateness::measure),
    ("space", space::measure),
    ("postgres", postgres::measure),
];

/// A report from nobody in particular, each with words of its own.
fn report(n: u64) -> Request {
    let text = format!("The chickens are escaping through the north fence, for the {n}th time.");
    Request::post("/api/v1/reports", "", &json!({ "text": text }))
}

/// A command in a case.
fn command(number: &str, token: &str, command: &Value) -> Request {
    Request::post(format!("/api/v1/cases/{number}/commands"), token, command)
}

/// A note in a case.
fn note(number: &str, token: &str, n: u64) -> Request {
    let text = format!("Note {n}: the fence behind the north field was looked at again.");
    command(
        number,
        token,
        &json!({ "command": "add_note", "text": text }),
    )
}
