//! Everything that PagerDuty's REST API gives, kind by kind.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::super::failure::{Failure, Outcome};
use super::super::import::Read;
use super::super::import::pages::{Api, Page, Speech, with_id};
use super::super::import::plan::{list, text};

const SPEECH: Speech = Speech {
    accept: "application/vnd.pagerduty+json;version=2",
    page,
    // Calendars of people and schedules, the keys of integrations, and what webhooks tell their receivers.
    secret: &[
        "http_cal_url",
        "web_cal_url",
        "personal_http_cal_url",
        "personal_web_cal_url",
        "private_url",
        "integration_key",
        "integration_email",
        "routing_key",
        "routing_keys",
        "service_key",
        "endpoint_url",
        "url",
        "secret",
        "custom_headers",
        "config",
    ],
};
/// Whoever is to be on call is asked for so long, to compare.
const AHEAD: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Overrides are asked for in so many pieces of so long: more at once is refused.
const PIECES: i32 = 4;
const PIECE: SignedDuration = SignedDuration::from_hours(89 * 24);

/// Every object by its kind, and what could not be read, with the reason.
///
/// # Errors
/// Where users, teams, schedules or escalation policies cannot be read: half a snapshot is none.
pub(super) async fn everything(base: &str, key: &str, now: Timestamp) -> Outcome<Read> {
    // It is asked in whole seconds.
    let now = Timestamp::from_second(now.as_second()).map_err(Failure::failed)?;
    let mut api = api(base, key)?;
    let mut all = Map::new();
    let users = "/users?limit=100&include[]=contact_methods&include[]=notification_rules";
    let mut users = api.list(users).await?;
    for user in &mut users {
        let named = list(user, "contact_methods");
        // Where they were only named, they are asked for.
        if named
            .into_iter()
            .any(|one| text(one, "type").ends_with("_reference"))
        {
            let path = "/users/{id}/contact_methods";
            api.beside(user, "contact_methods", path).await;
        }
    }
    all.insert("users".into(), users.into());
    let mut teams = api.list("/teams?limit=100").await?;
    for team in &mut teams {
        let path = with_id("/teams/{id}/members?limit=100", team);
        team["members"] = api.list(&path).await?.into();
    }
    all.insert("teams".into(), teams.into());
    let until = later(now, AHEAD)?;
    let mut schedules = Vec::new();
    for one in api.list("/schedules?limit=100").await? {
        let path = format!("/schedules/{{id}}?time_zone=UTC&since={now:.0}&until={until:.0}");
        let whole = api.get(&with_id(&path, &one)).await?;
        let mut schedule = whole["schedule"].clone();
        overrides(&mut api, &mut schedule, now).await?;
        schedules.push(schedule);
    }
    all.insert("schedules".into(), schedules.into());
    all.insert(
        "escalation_policies".into(),
        api.list("/escalation_policies?limit=100").await?.into(),
    );
    all.insert("asked".into(), json!({ "since": now, "until": until }));
    for (name, path) in [
        ("services", "/services?limit=100"),
        ("maintenance_windows", "/maintenance_windows?limit=100"),
        ("oncalls", "/oncalls?limit=100&time_zone=UTC"),
        ("orchestrations", "/event_orchestrations?limit=100"),
        ("rulesets", "/rulesets?limit=100"),
        ("business_services", "/business_services?limit=100"),
        ("incident_workflows", "/incident_workflows?limit=100"),
        ("extensions", "/extensions?limit=100"),
        ("webhook_subscriptions", "/webhook_subscriptions?limit=100"),
    ] {
        if let Some(list) = api.optional(path).await {
            all.insert(name.into(), list.into());
        }
    }
    let mut shift_based = api.optional("/v3/schedules?limit=100").await;
    for one in shift_based.iter_mut().flatten() {
        match api.get(&with_id("/v3/schedules/{id}", one)).await {
            Ok(whole) => one["schedule"] = whole["schedule"].clone(),
            Err(failure) => api.missing.push(json!({
                "path": with_id("/v3/schedules/{id}", one), "why": failure.to_string() })),
        }
    }
    all.insert(
        "shift_based_schedules".into(),
        shift_based.unwrap_or_default().into(),
    );
    Ok((Value::Object(all), api.missing))
}

/// Its API, by this key.
pub(super) fn api(base: &str, key: &str) -> Outcome<Api> {
    Api::new(base, &format!("Token token={key}"), &SPEECH)
}

/// The overrides of about a year ahead, each once.
async fn overrides(api: &mut Api, schedule: &mut Value, now: Timestamp) -> Outcome {
    let (mut all, mut known) = (Vec::new(), BTreeSet::new());
    for piece in 0..PIECES {
        let since = later(now, PIECE * piece)?;
        let until = later(since, PIECE)?;
        let path =
            format!("/schedules/{{id}}/overrides?overflow=true&since={since:.0}&until={until:.0}");
        let Some(some) = api.optional(&with_id(&path, schedule)).await else {
            continue;
        };
        for one in some {
            if known.insert(text(&one, "id").to_owned()) {
                all.push(one);
            }
        }
    }
    schedule["overrides"] = all.into();
    Ok(())
}

fn later(at: Timestamp, by: SignedDuration) -> Outcome<Timestamp> {
    at.checked_add(by).map_err(Failure::failed)
}

/// What is on a page stands below the last name of its path.
fn page(path: &str, answer: &Value) -> Page {
    let (place, query) = path.split_once('?').unwrap_or((path, ""));
    let kind = place.rsplit('/').next().unwrap_or_default();
    let kind = match kind {
        "event_orchestrations" => "orchestrations",
        kind => kind,
    };
    let items = answer[kind].as_array().cloned().unwrap_or_default();
    let offset = answer["offset"].as_u64().unwrap_or(0);
    let length = u64::try_from(items.len()).unwrap_or(0);
    let after = offset.saturating_add(length);
    let more = answer["more"] == true && length > 0;
    let kept: Vec<&str> = query
        .split('&')
        .filter(|one| !one.starts_with("offset="))
        .collect();
    let next = more.then(|| format!("{place}?{}&offset={after}", kept.join("&")));
    (items, next)
}
