//! The alert sources of a project on the command line.

use reqwest::Method;
use serde_json::Value;

use super::super::Asked;
use super::super::failure::{Failure, Outcome};
use super::super::report::words;
use super::Which;

/// What may send.
pub(super) const SENDERS: [&str; 2] = ["alertmanager", "opsgenie"];

/// Where they are in the API.
pub(super) fn path(which: &Which) -> String {
    format!("/api/v1/projects/{}/sources", which.project)
}

/// Withdraws the live one of this name or id.
pub(super) async fn withdraw(asked: &Asked, which: &Which, source: &str) -> Outcome {
    let answer = asked.client.get(&path(which)).await?;
    let mut all = answer["sources"].as_array().into_iter().flatten();
    let meant = |row: &&Value| {
        row["withdrawn_at"].is_null() && (row["name"] == source || row["id"] == source)
    };
    let Some(row) = all.find(meant) else {
        return Err(Failure::Usage(format!(
            "There is no live alert source {source} here. See: henhouse project sources --project {}",
            which.project
        )));
    };
    let id = words(&row["id"]);
    let at = format!("{}/{id}", path(which));
    let gone = asked.client.call(Method::DELETE, &at, None, None);
    gone.await?;
    asked.print(row, |row| {
        format!("{} opens nothing any more.", words(&row["name"]))
    });
    Ok(())
}

pub(super) fn list(answer: &Value) -> String {
    let rows = answer["sources"].as_array().cloned().unwrap_or_default();
    let row = |row: &Value| {
        let [id, name, sender] = ["id", "name", "sender"].map(|field| words(&row[field]));
        let state = match row["withdrawn_at"].as_str() {
            Some(at) => format!("withdrawn {at}"),
            None => format!("{} firing", row["live_alerts"]),
        };
        format!("{id}  {name:16} {sender:14} {state}")
    };
    match rows.is_empty() {
        true => {
            "None. Next: henhouse project add-source prometheus --sender alertmanager".to_owned()
        }
        false => rows.iter().map(row).collect::<Vec<_>>().join("\n"),
    }
}

pub(super) fn added(answer: &Value) -> String {
    let source = &answer["source"];
    format!(
        "{}\nThis is the key of {}. It is not shown again. It sends to {}",
        words(&answer["key"]),
        words(&source["name"]),
        words(&source["address"])
    )
}
