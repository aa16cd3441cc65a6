//! Sources in shadow on the command line: begun, ended, and whom Henhouse would have called beside whom another pager did.

use std::path::Path;

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use super::super::Asked;
use super::super::failure::{Failure, Outcome};
use super::super::report::words;
use super::{Which, sources};

/// Where it is in the API.
fn path(project: &str) -> String {
    format!("/api/v1/projects/{project}/shadow")
}

/// Lets a source call nobody for so many days.
pub(super) async fn begin(
    asked: &Asked,
    which: &Which,
    source: &str,
    (days, why): (u32, &str),
) -> Outcome {
    let row = sources::live(asked, which, source).await?;
    let days = SignedDuration::from_hours(24 * i64::from(days));
    let now = crate::clock::Clock::real().now();
    let until = now.saturating_add(days).map_err(Failure::failed)?;
    let body = json!({ "until": until.to_string(), "why": why });
    let at = format!("{}/{}/shadow", sources::path(which), words(&row["id"]));
    let put = asked.client.call(Method::PUT, &at, Some(&body), None);
    put.await?;
    asked.print(&row, |row| {
        format!(
            "Alerts of {} call nobody until {until}. The people of the project and the admins are told.",
            words(&row["name"])
        )
    });
    Ok(())
}

/// Lets a source in shadow call people from now on.
pub(super) async fn end(asked: &Asked, which: &Which, source: &str) -> Outcome {
    let row = sources::live(asked, which, source).await?;
    let at = format!("{}/{}/shadow", sources::path(which), words(&row["id"]));
    asked.client.call(Method::DELETE, &at, None, None).await?;
    asked.print(&row, |row| {
        format!("Alerts of {} call people from now on.", words(&row["name"]))
    });
    Ok(())
}

/// Brings what another pager did, where there is anything, and shows both.
pub(in crate::cli) async fn show(asked: &Asked, project: &str, theirs: Option<Value>) -> Outcome {
    if let Some(calls) = theirs {
        let at = format!("{}/theirs", path(project));
        let body = json!({ "calls": calls });
        let put = asked.client.call(Method::PUT, &at, Some(&body), None);
        put.await?;
    }
    let answer = asked.client.get(&path(project)).await?;
    asked.print(&answer, said);
    Ok(())
}

/// The calls in a file.
pub(super) fn read(file: &Path) -> Outcome<Value> {
    let mut whole = super::project::parsed(file)?;
    Ok(match whole.get_mut("calls") {
        Some(calls) => calls.take(),
        None => whole,
    })
}

fn said(answer: &Value) -> String {
    let mut lines = Vec::new();
    for source in each(&answer["sources"]) {
        let [name, until, why] = ["name", "until", "why"].map(|field| words(&source[field]));
        lines.push(format!("{name} calls nobody until {until}: {why}"));
    }
    for event in each(&answer["events"]) {
        let [number, title, at] =
            ["number", "title", "opened_at"].map(|field| words(&event[field]));
        lines.push(format!("{number}  {at}  {title}{}", differs(event)));
        for call in each(&event["calls"]) {
            lines.push(format!("    we:   {}", ours(answer, call)));
        }
        for call in each(&event["theirs"]) {
            let quiet = if call["quiet"] == true {
                ", listed and not called"
            } else {
                ""
            };
            let (who, at) = (
                named(answer, &call["person"], "nobody here"),
                words(&call["at"]),
            );
            lines.push(format!("    they: {at} {who}{quiet}"));
        }
        if let Some(at) = event["acknowledged_at"].as_str() {
            lines.push(format!("    they: {at} taken"));
        }
    }
    for alias in each(&answer["only_there"]) {
        lines.push(format!("only there: {}", words(alias)));
    }
    lines.push(match answer["theirs_at"].is_string() {
        true => format!(
            "The same person first in {} of {} alerts for which both called somebody.",
            answer["same"], answer["compared"]
        ),
        false => {
            "Nothing of the other pager is here. Bring it: henhouse opsgenie compare, or henhouse pagerduty compare"
                .to_owned()
        }
    });
    lines.join("\n")
}

fn ours(answer: &Value, call: &Value) -> String {
    let [at, route, because] = ["at", "route", "because"].map(|field| words(&call[field]));
    let because = match (call["step"].as_u64(), call["round"].as_u64()) {
        (Some(step), Some(round)) => format!("{because} {step}, round {round}"),
        _ => because.replace('_', " "),
    };
    let mut line = format!(
        "{at} {} by {route} ({because})",
        named(answer, &call["person"], "the pager")
    );
    if call["unreachable"] == true {
        line.push_str(", no address on file");
    }
    if call["after_taken"] == true {
        line.push_str(", only if nobody had it by then");
    }
    line
}

fn differs(event: &Value) -> String {
    let said = match event["verdict"].as_str() {
        None => return String::new(),
        Some("same") => match event["later_seconds"].as_i64().unwrap_or(0) {
            late @ 0.. => format!("the same person first, {late} s later here"),
            early => format!(
                "the same person first, {} s earlier here",
                early.saturating_abs()
            ),
        },
        Some("other_person") => "another person first".to_owned(),
        Some("nobody_here") => "they called first somebody who is on no line here".to_owned(),
        Some("only_here") => "they called nobody for it".to_owned(),
        Some("only_there") => "nobody would have been called here".to_owned(),
        Some(_) => "nobody was called, there or here".to_owned(),
    };
    format!(": {said}")
}

fn named(answer: &Value, person: &Value, else_: &str) -> String {
    let Some(id) = person.as_str() else {
        return else_.to_owned();
    };
    words(&answer["names"][id].as_str().unwrap_or(id).into())
}

fn each(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}
