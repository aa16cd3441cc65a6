//! Reading Opsgenie's API: page by page, patiently where it says that it was asked too often.

use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde_json::{Map, Value, json};

use super::super::failure::{Failure, Outcome};

/// A request is tried so often.
const TRIES: u32 = 8;
/// It is waited for at most so long.
const LONGEST: Duration = Duration::from_secs(60);
/// Pages of one list at most: a list that never ends is none.
const PAGES: usize = 10_000;

struct Api<'a> {
    http: Client,
    base: &'a str,
    key: &'a str,
    missing: Vec<Value>,
}

/// Every object by its kind, and what could not be read, with the reason.
///
/// # Errors
/// Where users, teams, schedules or escalations cannot be read: half a snapshot is none.
pub(super) async fn everything(base: &str, key: &str) -> Outcome<(Value, Vec<Value>)> {
    crate::tls::install_provider();
    let http = Client::builder()
        .timeout(LONGEST)
        .build()
        .map_err(Failure::failed)?;
    let base = base.trim_end_matches('/');
    let mut api = Api {
        http,
        base,
        key,
        missing: Vec::new(),
    };
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
    Ok((Value::Object(all), api.missing))
}

impl Api<'_> {
    /// What belongs to an object, beside it.
    async fn beside(&mut self, object: &mut Value, name: &str, path: &str) {
        let id = object["id"].as_str().unwrap_or_default();
        let path = path.replace("{id}", id);
        object[name] = self.optional(&path).await.unwrap_or_default().into();
    }

    /// A list that may be out of reach of this key.
    async fn optional(&mut self, path: &str) -> Option<Vec<Value>> {
        match self.list(path).await {
            Ok(list) => Some(list),
            Err(failure) => {
                self.missing
                    .push(json!({ "path": path, "why": failure.to_string() }));
                None
            }
        }
    }

    /// A list, all pages of it.
    async fn list(&self, path: &str) -> Outcome<Vec<Value>> {
        let (mut all, mut next) = (Vec::new(), Some(path.to_owned()));
        for _ in 0..PAGES {
            let Some(path) = next.take() else {
                return Ok(all);
            };
            let page = self.get(&path).await?;
            let data = &page["data"];
            let data = data.get("heartbeats").unwrap_or(data);
            all.extend(data.as_array().cloned().unwrap_or_default());
            next = page["paging"]["next"].as_str().map(same_host);
        }
        Err(Failure::failed(format!("{path} has no end")))
    }

    async fn get(&self, path: &str) -> Outcome<Value> {
        let mut last = String::new();
        for tried in 0..TRIES {
            let asking = self.http.get(format!("{}{path}", self.base));
            let asking = asking.header("authorization", format!("GenieKey {}", self.key));
            let answer = match asking.send().await {
                Ok(answer) => answer,
                Err(error) => {
                    last = error.without_url().to_string();
                    wait(None, tried).await;
                    continue;
                }
            };
            let status = answer.status();
            if status.is_success() {
                return answer.json().await.map_err(Failure::failed);
            }
            last = format!("{path} was answered {status}");
            if status != StatusCode::TOO_MANY_REQUESTS && !status.is_server_error() {
                break;
            }
            let seconds = ["retry-after", "x-ratelimit-period-in-sec"]
                .iter()
                .find_map(|name| {
                    let said = answer.headers().get(*name)?.to_str().ok()?;
                    said.parse::<u64>().ok()
                });
            wait(seconds, tried).await;
        }
        Err(Failure::failed(last))
    }
}

/// As long as was asked for, else twice as long each time.
async fn wait(seconds: Option<u64>, tried: u32) {
    let own = Duration::from_millis(500) * 2_u32.saturating_pow(tried);
    let asked = seconds.map(Duration::from_secs);
    tokio::time::sleep(asked.unwrap_or(own).min(LONGEST)).await;
}

/// The path and query of a next page: the key goes to no other host.
fn same_host(next: &str) -> String {
    let rest = next.split_once("://").map_or(next, |(_, rest)| rest);
    match rest.find('/') {
        Some(at) if next.contains("://") => rest.get(at..).unwrap_or_default().to_owned(),
        _ => rest.to_owned(),
    }
}
