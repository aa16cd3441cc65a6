//! `/projects/{slug}/playbook/compare?from=1&to=2`: the difference between two editions, value by value.

use askama::Template;

use super::labels;
use super::leaves::{leaves, said};
use crate::web::Call;
use crate::web::Problem;
use crate::web::pages::frame::{self, Frame};
use crate::web::pages::project::Opened;
use crate::web::registry::Answer;

#[derive(Template)]
#[template(path = "playbook_compare.html")]
struct ComparePage {
    frame: Frame,
    at: String,
    from: u32,
    to: u32,
    /// Each edition, and whether it is the one compared from, and to.
    editions: Vec<(u32, bool, bool)>,
    /// Each value that differs.
    rows: Vec<Differs>,
}

/// A value that differs.
struct Differs {
    /// What it is called; none where only its place says it.
    label: Option<String>,
    place: String,
    was: Option<String>,
    is: Option<String>,
}

/// Shows it.
pub(in crate::web::pages::project) async fn show(call: Call) -> Answer {
    let opened = Opened::of(&call).await?;
    let query = call.page_query();
    let all = &opened.state.editions;
    let asked = |name: &str| {
        query
            .get(name)
            .and_then(|number| number.parse::<u32>().ok())
    };
    let last = all.keys().next_back().copied().unwrap_or_default();
    let to = asked("to").unwrap_or(last);
    let from = asked("from").unwrap_or_else(|| to.saturating_sub(1).max(1));
    let values = |number: u32| {
        let edition = all
            .get(&number)
            .ok_or_else(|| Problem::not_found("edition"));
        edition.map(|edition| leaves(&edition.playbook))
    };
    let (before, after) = (values(from)?, values(to)?);
    let mut places: Vec<&String> = before.keys().chain(after.keys()).collect();
    places.sort();
    places.dedup();
    let differs = |place: &&String| *place != "edition" && before.get(*place) != after.get(*place);
    let row = |place: &String| {
        let words = |value: Option<&serde_json::Value>| value.map(|value| said(place, value));
        Differs {
            label: labels::setting(call.words(), place),
            place: place.clone(),
            was: words(before.get(place)),
            is: words(after.get(place)),
        }
    };
    let page = ComparePage {
        at: format!("/projects/{}/playbook", opened.slug()),
        from,
        to,
        editions: all.keys().map(|n| (*n, *n == from, *n == to)).collect(),
        rows: places.into_iter().filter(differs).map(row).collect(),
        frame: opened.frame(&call, "playbook-compare", "playbook"),
    };
    frame::page(200, &page)
}
