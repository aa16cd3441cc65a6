//! Times that can be read and that nobody means: a typing error in the year, an offset that no place on
//! earth has. They are refused with their field, as what cannot be read is, before they order a timeline
//! or are silently left out. What lies in the future by little is the procedure's business.

use jiff::Timestamp;
use jiff::fmt::temporal::Pieces;
use serde_json::Value;

use crate::web::json::Object;
use crate::web::problem::{Problem, WrongField};

/// Fields that hold a time, alone or as the `at` of one that says how sure it is.
const TIMES: &[&str] = &[
    "happened_at",
    "when",
    "aware",
    "started",
    "began",
    "ended",
    "from",
    "until",
    "due",
    "at",
    "next",
];

/// The start of the year 2200, UTC: later than anything that is planned.
const TOO_LATE: Timestamp = Timestamp::constant(7_258_118_400, 0);

const DAY_SECONDS: i32 = 24 * 60 * 60;

/// Passes a body whose times can be meant.
///
/// # Errors
/// 422, naming every field that holds another.
pub(super) fn meant(object: &Object) -> Result<(), Problem> {
    let mut wrong = Vec::new();
    for (key, value) in object {
        look(key, value, &format!("/{key}"), &mut wrong);
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Problem::fields(wrong))
}

fn look(key: &str, value: &Value, at: &str, wrong: &mut Vec<WrongField>) {
    match value {
        Value::String(text) if TIMES.contains(&key) => {
            wrong.extend(unmeant(text).map(|detail| WrongField {
                field: at.to_owned(),
                detail: detail.to_owned(),
            }));
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                look(key, value, &format!("{at}/{key}"), wrong);
            }
        }
        Value::Array(items) => {
            for (n, value) in items.iter().enumerate() {
                look("", value, &format!("{at}/{n}"), wrong);
            }
        }
        _ => {}
    }
}

/// Why nobody means this time; nothing if it can be meant, or is no time.
fn unmeant(text: &str) -> Option<&'static str> {
    let at: Timestamp = text.parse().ok()?;
    let offset = Pieces::parse(text).ok()?.to_numeric_offset();
    if offset.is_some_and(|offset| offset.seconds().abs() >= DAY_SECONDS) {
        return Some(
            "No place is a day or more away from UTC; write a time such as 2026-11-21T03:12:00Z.",
        );
    }
    let can_be = (Timestamp::UNIX_EPOCH..TOO_LATE).contains(&at);
    (!can_be).then_some("The year cannot be meant: it is before 1970 or after 2199.")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::web::stage::Stage;

    #[tokio::test]
    async fn a_time_that_nobody_means_is_refused_with_its_field() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let (open, commands) = ("/api/v1/reports", "/api/v1/cases/HH-1/commands");
        let day_off = "2026-03-01T23:00:00+25:00";
        for (path, body, field) in [
            (
                open,
                json!({ "text": "a", "started": { "at": "9999-12-30T00:00:00Z" } }),
                "/started/at",
            ),
            (
                open,
                json!({ "text": "a", "aware": { "at": day_off } }),
                "/aware/at",
            ),
            (
                open,
                json!({ "text": "a", "happened_at": "-009999-01-03T00:00:00Z" }),
                "/happened_at",
            ),
            (
                commands,
                json!({ "command": "join", "happened_at": day_off }),
                "/happened_at",
            ),
            (
                commands,
                json!({ "command": "join", "happened_at": { "at": "1969-12-31T23:59:59Z" } }),
                "/happened_at/at",
            ),
        ] {
            let said = stage.post(path, Some(&ann), body).await;
            assert_eq!(said.status, 422, "{}", said.text());
            assert_eq!(said.json()["field"], field, "{}", said.text());
        }
        let long_ago = json!({ "text": "9999-12-30T00:00:00Z", "started": { "at": "1970-01-01T00:00:00+23:59" } });
        assert_eq!(stage.post(open, Some(&ann), long_ago).await.status, 422);
        let known = json!({ "text": "9999-12-30T00:00:00Z", "started": { "at": "2017-07-01T00:00:00+14:00" } });
        assert_eq!(stage.post(open, Some(&ann), known).await.status, 201);
    }
}
