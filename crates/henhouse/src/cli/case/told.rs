//! Lists at a terminal: cases, entries, deliveries, metrics.

use jiff::SignedDuration;
use serde_json::Value;

use super::super::Asked;
use super::super::failure::Outcome;
use super::super::report::words;
use super::super::times::Here;
use super::Number;
use super::show::{entry_line, is_told, name};
use crate::report::time::span;

/// Cases by number, status, severity and title.
pub(super) fn cases(answer: &Value) -> String {
    let rows = answer["cases"].as_array().cloned().unwrap_or_default();
    if rows.is_empty() {
        return "No cases.".to_owned();
    }
    let mut lines: Vec<String> = rows.iter().map(row).collect();
    if answer["next"].is_string() {
        lines.push("There are more: narrow it down with --open or --text.".to_owned());
    }
    lines.join("\n")
}

/// A case in a line.
pub(super) fn row(row: &Value) -> String {
    let severity = row["severity"]
        .as_str()
        .filter(|severity| *severity != "unknown");
    let title = match (row["restricted"] == true, row["title"].as_str()) {
        (true, None) => "(restricted)".to_owned(),
        (true, Some(_)) => format!("{} (restricted)", words(&row["title"])),
        (false, _) => words(&row["title"]),
    };
    format!(
        "{:8} {:14} {:12} {title}",
        words(&row["number"]),
        words(&row["status"]).replace('_', " "),
        severity.unwrap_or("not assessed")
    )
}

/// All entries, page by page; `everything` with those that go without saying.
pub(super) async fn journal(asked: &Asked, number: &Number, everything: bool) -> Outcome {
    let mut after = 0;
    loop {
        let answer = number
            .read(asked, &format!("/journal?after={after}&limit=500"))
            .await?;
        let here = Here::of(&answer);
        let entries = answer["entries"].as_array().cloned().unwrap_or_default();
        let Some(last) = entries.last() else {
            return Ok(());
        };
        after = last["seq"].as_u64().unwrap_or(u64::MAX);
        for entry in entries
            .iter()
            .filter(|one| asked.json || everything || is_told(one))
        {
            asked.print(entry, |entry| {
                format!("{:>4}  {}", words(&entry["seq"]), entry_line(entry, &here))
            });
        }
    }
}

/// What left because of the case, and how that went: what did not arrive first.
pub(super) fn deliveries(answer: &Value) -> String {
    let here = Here::of(answer);
    let mut all = answer["deliveries"].as_array().cloned().unwrap_or_default();
    if all.is_empty() {
        return "Nothing was sent.".to_owned();
    }
    all.sort_by_key(|one| one["state"] != "failed");
    let line = |one: &Value| {
        let log = one["log"].as_array().cloned().unwrap_or_default();
        let last = log.last();
        let to = match one["person"].as_str() {
            Some(_) => name(answer, &one["person"]),
            None => "somebody outside the team".to_owned(),
        };
        let state = match one["state"].as_str().unwrap_or_default() {
            "done" => "sent",
            "queued" | "leased" => "waits",
            "dropped" => "not needed any more",
            "withheld" => "withheld: drill",
            _ => "NOT SENT",
        };
        let kept = &one["would_say"];
        if kept.is_object() {
            let [whom, subject, text] = ["to", "subject", "text"].map(|part| words(&kept[part]));
            let text = text.replace('\n', "\n      ");
            return format!(
                "entry {:>4}  {whom:20} {state}, it would say:\n      {subject}\n      {}",
                words(&one["seq"]),
                text.trim_end()
            );
        }
        let page = if one["page"] == true { ", a page" } else { "" };
        let tried = last.map_or_else(String::new, |last| {
            let (n, at) = (log.len(), here.say(&last["at"]));
            let said = last["receipt"].as_str().map(|_| words(&last["receipt"]));
            format!(
                ", try {n} at {at}: {}",
                said.unwrap_or_else(|| words(&last["outcome"]))
            )
        });
        format!(
            "entry {:>4}  {:20} by {}{page}: {state}{tried}",
            words(&one["seq"]),
            to,
            words(&one["route"])
        )
    };
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The figures of a case; unknown is a value of its own.
pub(super) fn metrics(answer: &Value) -> String {
    let figures = answer.as_object().into_iter().flatten();
    let lines = figures.map(|(name, value)| {
        let said = match value {
            Value::Object(_) => length(&value["seconds"]),
            Value::Bool(true) => "yes".to_owned(),
            Value::Bool(false) => "no".to_owned(),
            Value::Null => "unknown".to_owned(),
            Value::Array(all) if all.is_empty() => "none".to_owned(),
            Value::Array(all) => all.iter().map(words).collect::<Vec<_>>().join(", "),
            other => words(other),
        };
        format!("{:24} {said}", name.replace('_', " "))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A length of time, and how sure it is where that is not exact.
fn length(found: &Value) -> String {
    let Some(seconds) = found["seconds"].as_i64() else {
        return "unknown".to_owned();
    };
    let said = span(SignedDuration::from_secs(seconds));
    let before = if seconds < 0 { "minus " } else { "" };
    match found["certainty"].as_str() {
        None | Some("exact") => format!("{before}{said}"),
        Some("about") => format!("about {before}{said}"),
        Some(certainty) => format!("{before}{said}, known to the {certainty}"),
    }
}
