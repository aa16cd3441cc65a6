//! Carrying a plan out over the API: only what differs is changed, and what was made here stays.

use jiff::Timestamp;
use procedure::on_call::{Policy, Schedule};
use reqwest::Method;
use serde_json::{Value, json};

use super::super::Asked;
use super::super::failure::{Failure, Outcome};
use super::plan::Plan;
use super::{Pager, check, routes};

/// What became of it, a line each. What is refused keeps nothing else back.
#[derive(Default)]
pub(super) struct Done {
    pub changed: Vec<String>,
    /// What was refused, and why.
    pub failed: Vec<String>,
    /// What was made or changed here, and stays as it is.
    pub left: Vec<String>,
}

/// Carries it out. Covers whose id begins with the pager's mark are the pager's; all others are people's and stay. What was
/// made or changed here stays too, unless its title is among `replace`.
pub(super) async fn carry_out(
    asked: &Asked,
    project: &str,
    (plan, pager): (&Plan, &Pager),
    replace: &[String],
) -> Outcome<Done> {
    let at = format!("/api/v1/projects/{project}");
    let (tag, mut left) = (pager.covers, Vec::new());
    let import =
        |title: &String| json!({ "pager": pager.command, "replace": replace.contains(title) });
    let mut failed = Vec::new();
    let mut changed = people(asked, &at, plan).await.unwrap_or_else(|failure| {
        failed.push(format!("people: {failure}"));
        Vec::new()
    });
    let now = crate::clock::Clock::real().now();
    let known = asked.client.get(&at).await?;
    let (there, titles) = (&known["project"]["schedules"], &known["directory"]);
    for (id, (title, people)) in &plan.teams {
        if there["teams"][id] == json!(people) && same(&titles["teams"][id], title) {
            continue;
        }
        let what = format!("team {title}");
        let differs = !there["teams"][id].is_null() && there["teams"][id] != json!(people);
        if differs && stays(&known, "teams", id) && !replace.contains(title) {
            left.push(what);
            continue;
        }
        let body = json!({ "title": title, "people": people, "import": import(title) });
        match put(asked, &format!("{at}/teams/{id}"), &body).await {
            Ok(_) => changed.push(what),
            Err(failure) => failed.push(format!("{what}: {failure}")),
        }
    }
    for (id, (title, schedule)) in &plan.schedules {
        let was = &there["all"][id];
        let mut wanted = schedule.clone();
        let covers_read = schedule["covers"].is_array();
        keep_covers(was, &mut wanted, tag, now);
        if read::<Schedule>(was).ok() == Some(read(&wanted)?)
            && same(&titles["schedules"][id], title)
        {
            continue;
        }
        let what = format!("schedule {title}");
        let turns = check::turns_of(was);
        let differs = turns.is_some() && turns != check::turns_of(&wanted);
        if differs && stays(&known, "schedules", id) && !replace.contains(title) {
            left.push(what);
            continue;
        }
        // Without covers the server keeps those that are there.
        let sent = if covers_read { &wanted } else { schedule };
        let body = json!({ "title": title, "schedule": sent, "import": import(title) });
        match put(asked, &format!("{at}/schedules/{id}"), &body).await {
            Ok(_) => changed.push(what),
            Err(failure) => failed.push(format!("{what}: {failure}")),
        }
    }
    for (id, (title, policy)) in &plan.policies {
        let was = read::<Policy>(&there["policies"][id]).ok();
        if was == Some(read(policy)?) && same(&titles["policies"][id], title) {
            continue;
        }
        let what = format!("escalation {title}");
        let differs = was.is_some() && was != Some(read(policy)?);
        if differs && stays(&known, "policies", id) && !replace.contains(title) {
            left.push(what);
            continue;
        }
        let body = json!({ "title": title, "policy": policy, "import": import(title) });
        match put(asked, &format!("{at}/policies/{id}"), &body).await {
            Ok(_) => changed.push(what),
            Err(failure) => failed.push(format!("{what}: {failure}")),
        }
    }
    match routes::carry_out(asked, &at, (plan, pager), replace).await {
        Ok((differed, others)) => {
            changed.extend(differed.then(|| "alert routes".to_owned()));
            left.extend(others);
        }
        Err(failure) => failed.push(format!("alert routes: {failure}")),
    }
    Ok(Done {
        changed,
        failed,
        left,
    })
}

/// Whether what is here of that kind does not stand as it came.
pub(super) fn stays(known: &Value, kind: &str, id: &str) -> bool {
    let came = known["as_imported"][kind].as_array();
    !came.is_some_and(|came| came.iter().any(|one| one == id))
}

/// Whoever is not on the contact sheet comes onto it, as a responder; of those who are, only what is missing is filled in.
async fn people(asked: &Asked, at: &str, plan: &Plan) -> Outcome<Vec<String>> {
    let mut whole = asked.client.get(at).await?;
    let mut changed = Vec::new();
    for (id, contact) in &plan.people {
        let roster = whole["project"]["roster"].as_array().into_iter().flatten();
        let listed = roster.into_iter().any(|member| member["person"] == **id);
        let known = whole["directory"]["people"][id].is_object();
        if !known {
            whole["directory"]["people"][id] = contact.clone();
        }
        let mut more = !known || !listed;
        if known
            && whole["directory"]["people"][id]["phone"].is_null()
            && contact["phone"].is_string()
        {
            whole["directory"]["people"][id]["phone"] = contact["phone"].clone();
            more = true;
        }
        if !listed && let Some(roster) = whole["project"]["roster"].as_array_mut() {
            roster.push(json!({ "person": id, "roles": ["responder"] }));
        }
        if more {
            changed.push(format!("person {id}"));
        }
    }
    if !changed.is_empty() {
        let body = json!({ "project": whole["project"], "directory": whole["directory"] });
        let revision = whole["project"]["revision"].to_string();
        asked.client.replace(at, &body, &revision).await?;
    }
    Ok(changed)
}

/// Whoever stands in here, and not by the other pager, goes on doing so, and whoever did stays known; where its overrides
/// were not read, everybody does.
fn keep_covers(was: &Value, wanted: &mut Value, tag: &str, now: Timestamp) {
    let covers = was["covers"].as_array().into_iter().flatten();
    let Some(all) = wanted["covers"].as_array_mut() else {
        wanted["covers"] = covers.cloned().collect();
        return;
    };
    let stays = |cover: &&Value| {
        let ours = cover["id"].as_str().unwrap_or_default().starts_with(tag);
        let until = cover["until"].as_str().unwrap_or_default();
        !ours || until.parse::<Timestamp>().is_ok_and(|until| until <= now)
    };
    all.extend(covers.filter(stays).cloned());
}

async fn put(asked: &Asked, path: &str, body: &Value) -> Outcome<Value> {
    asked.client.call(Method::PUT, path, Some(body), None).await
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> Outcome<T> {
    serde_json::from_value(value.clone()).map_err(Failure::failed)
}

fn same(title: &Value, wanted: &str) -> bool {
    let said = title.as_str().or_else(|| title["$text"].as_str());
    said == Some(wanted)
}
