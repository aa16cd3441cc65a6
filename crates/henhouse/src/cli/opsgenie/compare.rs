//! What Opsgenie did about its alerts: whom it told of each, and when somebody took note. Only the first time of each person
//! stands in what its API lists as recipients.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::super::failure::Outcome;
use super::read;

/// Each call since then; and what could not be read, with the reason.
///
/// # Errors
/// Where the alerts themselves cannot be read.
pub(super) async fn calls(
    base: &str,
    key: &str,
    since: Timestamp,
) -> Outcome<(Vec<Value>, Vec<Value>)> {
    let mut api = read::api(base, key)?;
    let from = since.as_millisecond();
    let alerts = api
        .list(&format!(
            "/v2/alerts?limit=100&sort=createdAt&order=asc&query=createdAt%3E{from}"
        ))
        .await?;
    let mut all = Vec::new();
    for alert in &alerts {
        let id = alert["id"].as_str().unwrap_or_default();
        let path = format!("/v2/alerts/{id}/recipients?identifierType=id");
        let Some(recipients) = api.optional(&path).await else {
            continue;
        };
        let taken = taken_at(alert, &recipients);
        all.extend(recipients.iter().filter_map(|one| call(alert, one, taken)));
    }
    Ok((all, api.missing))
}

fn call(alert: &Value, one: &Value, taken: Option<Timestamp>) -> Option<Value> {
    let alias = alert["alias"].as_str().or_else(|| alert["id"].as_str())?;
    let at: Timestamp = one["createdAt"].as_str()?.parse().ok()?;
    let mut call = json!({
        "alias": alias,
        "mail": one["user"]["username"].as_str()?,
        "at": at.to_string(),
        "quiet": one["state"] == "notactive",
    });
    if let Some(taken) = taken {
        call["acknowledged_at"] = json!(taken.to_string());
    }
    Some(call)
}

/// When somebody took note of it: as a recipient, or so many milliseconds after it was made.
fn taken_at(alert: &Value, recipients: &[Value]) -> Option<Timestamp> {
    let time = |value: &Value| value.as_str()?.parse::<Timestamp>().ok();
    let took = recipients
        .iter()
        .filter(|one| one["state"] == "action" && one["method"] == "Acknowledge");
    let by_recipient = took.filter_map(|one| time(&one["updatedAt"])).min();
    let reported = || {
        let after = alert["report"]["ackTime"].as_i64()?;
        let made = time(&alert["createdAt"])?;
        made.checked_add(SignedDuration::from_millis(after)).ok()
    };
    by_recipient.or_else(reported)
}
