//! What somebody may have meant who asked for something that is not there, among what they may see.

use serde_json::Value;

use super::Asked;
use super::failure::Failure;
use crate::report::nearest::{did_you_mean, nearest};

/// What was looked for.
pub(super) enum Sought {
    /// A case, by number.
    Case(String),
    /// A project, by short name.
    Project(String),
    /// Nothing that has a name.
    Nothing,
}

/// Fields of commands that name people.
const PEOPLE: [&str; 7] = [
    "owner", "person", "to", "reviewer", "decider", "by", "leader",
];

/// The failure with the nearest of what there is, where something was not there.
pub(super) async fn hint(asked: &Asked, sought: &Sought, failure: Failure) -> Failure {
    let Failure::Missing(said) = failure else {
        return failure;
    };
    let more = match sought {
        Sought::Case(number) => case(asked, number).await,
        Sought::Project(slug) => project(asked, slug).await,
        Sought::Nothing => String::new(),
    };
    Failure::Missing(format!("{said}{more}"))
}

async fn case(asked: &Asked, typed: &str) -> String {
    let answer = asked.client.get("/api/v1/cases?limit=200").await;
    let known = names(&answer.unwrap_or(Value::Null)["cases"], "number");
    let exact = known.iter().find(|known| known.eq_ignore_ascii_case(typed));
    if let (Some(number), Some(person)) = (exact, &asked.acting_as) {
        return acting(asked, number, person).await;
    }
    // The number alone, or with the hyphen forgotten.
    let tail = |number: &&String| number.rsplit('-').next() == Some(typed);
    let mut same = known.iter().filter(tail);
    match (same.next(), same.next()) {
        (Some(one), None) => format!(" Did you mean {one}?"),
        _ if known.is_empty() => " You see no case yet.".to_owned(),
        _ => match did_you_mean(typed, known.iter().map(String::as_str)) {
            none if none.is_empty() => " Yours are listed by `henhouse case list`.".to_owned(),
            meant => meant,
        },
    }
}

/// There is such a case, and whoever is acted for does not see it: perhaps there is no such person.
async fn acting(asked: &Asked, number: &str, person: &str) -> String {
    let path = format!("/api/v1/cases/{number}");
    let answer = asked.client.get(&path).await.unwrap_or(Value::Null);
    let people = answer["names"].as_object();
    let known: Vec<&str> = people.map_or(Vec::new(), |names| {
        names.keys().map(String::as_str).collect()
    });
    if known.contains(&person) {
        return format!(" You act as {person}, who does not see it.");
    }
    let meant = did_you_mean(person, known.iter().copied());
    format!(
        " {person} is nobody of its project.{meant} --as takes: {}.",
        known.join(", ")
    )
}

async fn project(asked: &Asked, typed: &str) -> String {
    let answer = asked.client.get("/api/v1/projects").await;
    let known = names(&answer.unwrap_or(Value::Null)["projects"], "slug");
    match did_you_mean(typed, known.iter().map(String::as_str)) {
        none if none.is_empty() && !known.is_empty() => {
            format!(" There are: {}.", known.join(", "))
        }
        meant => meant,
    }
}

/// People in a command whom the case does not know, each with the nearest whom it does.
pub(super) async fn people(asked: &Asked, case: &str, sent: &Value) -> String {
    let named = PEOPLE.iter().filter_map(|field| sent[*field].as_str());
    let named: Vec<&str> = named.collect();
    if named.is_empty() {
        return String::new();
    }
    let answer = asked.client.get(case).await.unwrap_or(Value::Null);
    let known: Vec<&str> = match answer["names"].as_object() {
        Some(names) => names.keys().map(String::as_str).collect(),
        None => return String::new(),
    };
    let strangers = named.iter().filter(|name| !known.contains(name));
    let meant = strangers.filter_map(|name| nearest(name, known.iter().copied()));
    meant.map(|name| format!(" Did you mean {name}?")).collect()
}

fn names(rows: &Value, field: &str) -> Vec<String> {
    let rows = rows.as_array().into_iter().flatten();
    rows.filter_map(|row| row[field].as_str().map(str::to_owned))
        .collect()
}
