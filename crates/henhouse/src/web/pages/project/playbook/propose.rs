//! `/projects/{slug}/playbook/propose`: another edition, made by changing single values of the one in force: its numbers
//! and switches as fields, everything else (wording, lists) in the shape that the command line takes.

use std::collections::BTreeMap;

use askama::Template;
use procedure::Text;
use procedure::playbook::{Overridden, Overrides, Playbook};
use procedure::project::ProjectCommand;
use serde_json::Value;

use super::labels;
use super::leaves::{changes, leaves, said};
use crate::overrides;
use crate::web::fields::Fields;
use crate::web::pages::frame::{self, Frame};
use crate::web::pages::input::Input;
use crate::web::pages::project::Opened;
use crate::web::registry::Answer;
use crate::web::words::Words;
use crate::web::{Call, Problem};

#[derive(Template)]
#[template(path = "playbook_propose.html")]
struct ProposePage {
    frame: Frame,
    at: String,
    next: u32,
    reason: Input,
    toml: Input,
    /// The numbers and switches, by the part of the playbook they stand in.
    parts: Vec<(String, Vec<Setting>)>,
}

/// One value to be changed.
struct Setting {
    place: String,
    /// What it is called, and what it is now.
    label: String,
    now: String,
    value: String,
    flag: Option<bool>,
}

/// Shows the form.
pub(in crate::web::pages::project) async fn show(call: Call) -> Answer {
    let opened = Opened::of(&call).await?;
    let frame = opened.frame(&call, "playbook-propose", "playbook");
    page(&call, &opened, 200, frame, &Fields::default())
}

/// Proposes what is changed.
pub(in crate::web::pages::project) async fn send(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let opened = Opened::of(&call).await?;
    let frame = opened.frame(&call, "playbook-propose", "playbook");
    let w = call.words();
    let reason = frame::typed(&fields, "reason");
    if reason.is_empty() {
        let frame = frame.wrong("reason", w.say("playbook-reason-missing"));
        return page(&call, &opened, 422, frame, &fields);
    }
    let made = match changed(&opened, &fields) {
        Ok(changes) if changes.is_empty() => Err(w.say("playbook-nothing").into_owned()),
        Ok(changes) => made(&opened, changes, &reason),
        Err(words) => Err(words),
    };
    let (playbook, overridden) = match made {
        Ok(made) => made,
        Err(words) => return page(&call, &opened, 422, frame.wrong("toml", words), &fields),
    };
    let command = ProjectCommand::ProposePlaybook {
        playbook: Box::new(playbook),
        note: Some(Text::from(reason.as_str())),
        overridden: Some(overridden),
    };
    let actor = call.known()?.actor();
    let change = call
        .app
        .desk
        .change_project(opened.id, actor, command, None);
    match change.await.map_err(Problem::from) {
        Ok(_) => {
            let to = format!("/projects/{}/playbook?done=proposed", opened.slug());
            Ok(frame::lead_to(&to))
        }
        Err(problem) if matches!(problem.status, 409 | 422) => page(
            &call,
            &opened,
            problem.status,
            frame.wrong("toml", problem.detail),
            &fields,
        ),
        Err(problem) => Err(problem),
    }
}

/// What is changed: fields that say something else than the edition in force, and what stands in the box.
fn changed(opened: &Opened, fields: &Fields) -> Result<BTreeMap<String, Value>, String> {
    let mut changed = BTreeMap::new();
    for (place, value) in settable(opened) {
        let Some(said) = fields.get(&place) else {
            continue;
        };
        let new = match value {
            Value::Bool(_) => Value::Bool(said == "true"),
            _ => Value::from(
                said.trim()
                    .parse::<u32>()
                    .map_err(|_| format!("{place}: {said:?} is no whole number."))?,
            ),
        };
        if new != value {
            changed.insert(place, new);
        }
    }
    let toml = frame::typed(fields, "toml");
    let table: toml::Table = toml
        .parse()
        .map_err(|error: toml::de::Error| error.message().to_owned())?;
    for (key, value) in table {
        let value = serde_json::to_value(value).map_err(|error| error.to_string())?;
        flatten(key, value, &mut changed);
    }
    Ok(changed)
}

/// Tables are taken apart, so that they come to the other changes.
fn flatten(place: String, value: Value, into: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                flatten(format!("{place}.{key}"), value, into);
            }
        }
        value => drop(into.insert(place, value)),
    }
}

/// The next edition. One that stands on another goes on standing on it, with what differed before and what differs now.
fn made(
    opened: &Opened,
    values: BTreeMap<String, Value>,
    reason: &str,
) -> Result<(Playbook, Overridden), String> {
    let in_force = opened
        .state
        .in_force()
        .ok_or("There is no playbook in force.")?;
    let (mut all, base_name, base_edition) = match &in_force.overridden {
        Some(before) => {
            let earlier = before.differences.iter().filter_map(|difference| {
                let value = serde_json::to_value(&difference.now).ok()?;
                Some((difference.place.clone(), value))
            });
            (earlier.collect(), before.base.clone(), before.base_edition)
        }
        None => (
            BTreeMap::new(),
            in_force.playbook.name.clone(),
            in_force.playbook.edition,
        ),
    };
    all.extend(values);
    let overrides = serde_json::json!({
        "base": base_name, "base_edition": base_edition, "reason": reason, "changes": changes(&all),
    });
    let overrides: Overrides =
        serde_json::from_value(overrides).map_err(|error| error.to_string())?;
    let base = overrides::base(&opened.state, &base_name, base_edition);
    let base =
        base.ok_or_else(|| overrides::MergeError::NoBase(base_name, base_edition).to_string())?;
    overrides::merge(&base, next(opened), &overrides).map_err(|error| error.to_string())
}

fn next(opened: &Opened) -> u32 {
    let last = opened.state.editions.keys().next_back();
    last.copied().unwrap_or(0).saturating_add(1)
}

/// The numbers and switches of the edition in force that stand in no list.
fn settable(opened: &Opened) -> BTreeMap<String, Value> {
    let all = opened
        .state
        .in_force()
        .map(|edition| leaves(&edition.playbook));
    let mut all = all.unwrap_or_default();
    let plain = |place: &str| !place.contains('[') && place != "edition";
    all.retain(|place, value| plain(place) && (value.is_u64() || value.is_boolean()));
    all
}

/// What a number is now, with its unit as the end of its place says it.
fn now(w: Words, place: &str, value: &Value) -> String {
    let Some(n) = value.as_u64() else {
        return said(place, value);
    };
    match place.rsplit(['_', '.']).next() {
        Some("minutes") => w.with("frame-minutes", "n", n).to_string(),
        Some("hours") => w.with("frame-hours", "n", n).to_string(),
        Some("days") => w.with("frame-days", "n", n).to_string(),
        Some("seconds") => w.with("figures-seconds", "n", n).to_string(),
        Some("percent") => format!("{n} %"),
        _ => n.to_string(),
    }
}

fn page(call: &Call, opened: &Opened, status: u16, frame: Frame, sent: &Fields) -> Answer {
    let w = call.words();
    let mut parts: BTreeMap<(usize, String), Vec<Setting>> = BTreeMap::new();
    for (place, value) in settable(opened) {
        let (part, rest) = place.split_once('.').unwrap_or(("", &place));
        let flag = value.as_bool();
        let typed = sent.get(&place).map(str::to_owned);
        let setting = Setting {
            label: labels::setting(w, &place).unwrap_or_else(|| rest.replace(['_', '.'], " ")),
            now: now(w, &place, &value),
            flag: flag.map(|flag| typed.as_ref().map_or(flag, |typed| typed == "true")),
            value: typed.unwrap_or_else(|| value.to_string()),
            place: place.clone(),
        };
        let named = labels::part(w, part);
        let named = named.unwrap_or_else(|| (usize::MAX, part.replace('_', " ")));
        parts.entry(named).or_default().push(setting);
    }
    let page = ProposePage {
        at: format!("/projects/{}/playbook", opened.slug()),
        next: next(opened),
        reason: Input::line(
            "reason",
            w.say("playbook-reason"),
            sent.get("reason").unwrap_or_default(),
        )
        .hint(w.say("playbook-reason-hint"))
        .needed()
        .told(&frame),
        toml: Input::long(
            "toml",
            4,
            w.say("playbook-toml"),
            sent.get("toml").unwrap_or_default(),
        )
        .hint(w.say("playbook-toml-hint"))
        .told(&frame),
        parts: parts
            .into_iter()
            .map(|((_, name), settings)| (name, settings))
            .collect(),
        frame,
    };
    frame::page(status, &page)
}
