//! Everything that Opsgenie's API gives, kind by kind.

use serde_json::{Map, Value};

use super::super::failure::Outcome;
use super::super::import::Read;
use super::super::import::pages::{Api, Page, Speech, same_host};
use super::mail;

const SPEECH: Speech = Speech {
    accept: "application/json",
    page,
    secret: &[],
};

/// Every object by its kind, and what could not be read, with the reason.
///
/// # Errors
/// Where users, teams, schedules or escalations cannot be read: half a snapshot is none.
pub(super) async fn everything(base: &str, key: &str) -> Outcome<Read> {
    let mut api = api(base, key)?;
    let mut all = Map::new();
    let mut users = api.list("/v2/users?limit=100").await?;
    for user in &mut users {
        api.beside(user, "contacts", "/v2/users/{id}/contacts")
            .await;
        api.beside(
            user,
            "notification_rules",
            "/v2/users/{id}/notification-rules",
        )
        .await;
    }
    all.insert("users".into(), users.into());
    let mut teams = api.list("/v2/teams").await?;
    for team in &mut teams {
        let id = team["id"].as_str().unwrap_or_default();
        let whole = api
            .get(&format!("/v2/teams/{id}?identifierType=id"))
            .await?;
        team["members"] = whole["data"]["members"].clone();
        api.beside(
            team,
            "routing_rules",
            "/v2/teams/{id}/routing-rules?teamIdentifierType=id",
        )
        .await;
    }
    all.insert("teams".into(), teams.into());
    let mut schedules = api.list("/v2/schedules?expand=rotation").await?;
    for schedule in &mut schedules {
        let path = "/v2/schedules/{id}/overrides?scheduleIdentifierType=id";
        api.beside(schedule, "overrides", path).await;
    }
    all.insert("schedules".into(), schedules.into());
    all.insert(
        "escalations".into(),
        api.list("/v2/escalations").await?.into(),
    );
    for (name, path) in [
        ("integrations", "/v2/integrations"),
        ("alert_policies", "/v2/policies/alert"),
        ("notification_policies", "/v2/policies/notification"),
        ("heartbeats", "/v2/heartbeats"),
        ("maintenance", "/v1/maintenance"),
        ("forwarding_rules", "/v2/forwarding-rules"),
    ] {
        if let Some(list) = api.optional(path).await {
            all.insert(name.into(), list.into());
        }
    }
    for one in all
        .get_mut("integrations")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        if mail::is_mail(one) {
            api.beside(one, "actions", "/v2/integrations/{id}/actions")
                .await;
        }
    }
    Ok((Value::Object(all), api.missing))
}

/// Its API, by this key.
pub(super) fn api(base: &str, key: &str) -> Outcome<Api> {
    Api::new(base, &format!("GenieKey {key}"), &SPEECH)
}

fn page(path: &str, answer: &Value) -> Page {
    let data = &answer["data"];
    if data.is_object() && path.ends_with("/actions") {
        return (vec![data.clone()], None);
    }
    let data = data.get("heartbeats").unwrap_or(data);
    let items = data.as_array().cloned().unwrap_or_default();
    (items, answer["paging"]["next"].as_str().map(same_host))
}
