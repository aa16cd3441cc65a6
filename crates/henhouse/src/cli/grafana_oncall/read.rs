//! Everything that Grafana OnCall's public API gives, kind by kind.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use reqwest::header::{AUTHORIZATION, HeaderName};
use serde_json::{Map, Value, json};

use super::super::failure::{Failure, Outcome};
use super::super::import::Read;
use super::super::import::pages::{Api, Page, Speech, with_id};

const SPEECH: Speech = Speech {
    accept: "application/json",
    page,
    // Addresses of alerts and calendars with their keys in them, and what is told to the receivers of webhooks.
    secret: &[
        "link",
        "inbound_email",
        "ical_url_primary",
        "ical_url_overrides",
        "url",
        "headers",
        "password",
        "authorization_header",
        "data",
    ],
};
/// Whoever is to be on call is asked for so many days, to compare.
const AHEAD_DAYS: i64 = 14;

/// Every object by its kind, and what could not be read, with the reason.
///
/// # Errors
/// Where users, teams, schedules, shifts or escalations cannot be read: half a snapshot is none.
pub(super) async fn everything(
    base: &str,
    key: &str,
    grafana: Option<&str>,
    now: Timestamp,
) -> Outcome<Read> {
    let base = base.trim_end_matches('/').trim_end_matches("/api/v1");
    let mut said = vec![(AUTHORIZATION, key)];
    if let Some(grafana) = grafana {
        said.push((HeaderName::from_static("x-grafana-url"), grafana));
    }
    let mut api = Api::with(base, &said, &SPEECH)?;
    let mut all = Map::new();
    for name in [
        "users",
        "teams",
        "schedules",
        "on_call_shifts",
        "escalation_chains",
        "escalation_policies",
    ] {
        let list = api.list(&format!("/api/v1/{name}/")).await?;
        all.insert(name.into(), list.into());
    }
    let today = now.to_zoned(TimeZone::UTC).date();
    let end = today
        .checked_add(AHEAD_DAYS.days())
        .map_err(Failure::failed)?;
    let path = format!("/api/v1/schedules/{{id}}/final_shifts?start_date={today}&end_date={end}");
    for schedule in all
        .get_mut("schedules")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        let found = api.optional(&with_id(&path, schedule)).await;
        schedule["final_shifts"] = json!(found);
    }
    let until = end
        .to_zoned(TimeZone::UTC)
        .map_err(Failure::failed)?
        .timestamp();
    all.insert("asked".into(), json!({ "since": now, "until": until }));
    for name in [
        "personal_notification_rules",
        "integrations",
        "routes",
        "webhooks",
        "shift_swaps",
    ] {
        if let Some(list) = api.optional(&format!("/api/v1/{name}/")).await {
            all.insert(name.into(), list.into());
        }
    }
    Ok((Value::Object(all), api.missing))
}

/// Of the link to the next page only its query is taken: the key goes to no other host.
fn page(path: &str, answer: &Value) -> Page {
    let items = answer["results"].as_array().cloned().unwrap_or_default();
    let place = path.split('?').next().unwrap_or_default();
    let query = answer["next"]
        .as_str()
        .and_then(|next| next.split_once('?'));
    (items, query.map(|(_, query)| format!("{place}?{query}")))
}
