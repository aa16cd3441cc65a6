//! `/api/v1/projects/{slug}/sources`: the programs that may send alerts to a project.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use procedure::project::{AlertSource, Sender, Subscription};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::projects::project;
use crate::auth::secret;
use crate::desk::{JournalId, NewSource};
use crate::web::alerts;
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

pub(super) const EXAMPLE: &str = r#"{"name": "prometheus", "sender": "alertmanager"}"#;
/// So long the alerts of a source are gathered into one event, where nothing else is said.
pub(in crate::web) const GATHER_MINUTES: u32 = 60;

/// An alert source to be added.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceRequest {
    /// Its short name: small letters, digits and hyphens.
    name: String,
    /// What sends.
    sender: Sender,
    /// So many minutes after it opened an event, its other alerts join that event; 60 if left out. With 0 each alert
    /// opens an event of its own.
    #[serde(default)]
    gather_minutes: Option<u32>,
    /// Of `sns` alone: the ARNs of the topics of Amazon SNS that it listens to, 1 to 20.
    #[serde(default)]
    topics: Vec<String>,
}

/// A source just added.
#[derive(Serialize, JsonSchema)]
pub struct Added {
    /// Its key. It is shown this once.
    pub key: String,
    /// The secret with which a `webhook` signs (Standard Webhooks 1.0.0), to the address with the source's id behind it. It
    /// is shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signing_secret: Option<String>,
    /// What is kept of it.
    pub source: SourceAnswer,
}

/// Alert sources.
#[derive(Serialize, JsonSchema)]
pub struct Sources {
    /// By name.
    pub sources: Vec<SourceAnswer>,
}

/// An alert source, without its key.
#[derive(Serialize, JsonSchema)]
pub struct SourceAnswer {
    /// Its public id.
    pub id: String,
    /// Its short name.
    pub name: String,
    /// What sends.
    pub sender: Sender,
    /// The address that it sends to.
    pub address: String,
    /// So long after it opened an event, its other alerts join that event.
    pub gather_minutes: u32,
    /// The topics of Amazon SNS that it listens to.
    pub topics: Vec<Topic>,
    /// Until when it calls nobody, while it stands in shadow (RFC 3339).
    pub shadow_until: Option<String>,
    /// How many of its alerts are not over.
    pub live_alerts: u64,
    /// When it was added (RFC 3339).
    pub added_at: String,
    /// Since when its key opens nothing.
    pub withdrawn_at: Option<String>,
}

/// A topic of Amazon SNS.
#[derive(Serialize, JsonSchema)]
pub struct Topic {
    /// Its ARN.
    pub arn: String,
    /// Whether its subscription runs. Nothing as long as none was confirmed.
    pub runs: Option<bool>,
    /// Since when it runs, or does not any more (RFC 3339).
    pub since: Option<String>,
}

/// Lists them.
pub(super) async fn list(call: Call) -> Answer {
    let (_, state) = project(&call).await?;
    let mut sources = Vec::new();
    for source in state.sources.values() {
        sources.push(told(&call, source).await?);
    }
    sources.sort_by(|a, b| (&a.name, &a.added_at).cmp(&(&b.name, &b.added_at)));
    json::ok(&Sources { sources })
}

/// Adds one.
pub(super) async fn add(mut call: Call) -> Answer {
    let (id, _) = project(&call).await?;
    let new: SourceRequest = json::read(call.object().await?.into())?;
    let new = NewSource {
        name: new.name,
        sender: new.sender,
        gather_minutes: new.gather_minutes.unwrap_or(GATHER_MINUTES),
        topics: new.topics,
    };
    let (key, source) = make(&call, id, new).await?;
    let signing_secret = secret(&call, &source);
    let source = told(&call, &source).await?;
    let added = Added {
        key,
        signing_secret,
        source,
    };
    json::answer(StatusCode::CREATED, &added)
}

/// Withdraws one.
pub(super) async fn withdraw(call: Call) -> Answer {
    let (project, _) = project(&call).await?;
    let (actor, id) = (call.known()?.actor(), call.param("id").to_owned());
    call.app.desk.withdraw_source(project, actor, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Makes a source; answers its key, which is shown this once.
///
/// # Errors
/// Refused for a name that does not do.
pub(in crate::web) async fn make(
    call: &Call,
    project: JournalId,
    new: NewSource,
) -> Result<(String, AlertSource), Problem> {
    let desk = &call.app.desk;
    let key = secret::new_source_key(&desk.ids());
    let actor = call.known()?.actor();
    let added = desk.add_source(project, actor, new, secret::hash(&key));
    Ok((key, added.await?))
}

/// What a source signs with, where it is one that signs.
pub(in crate::web) fn secret(call: &Call, source: &AlertSource) -> Option<String> {
    let signs = source.sender.signs();
    signs.then(|| call.app.desk.signing_secret(source).words())
}

/// A source, as it is told.
///
/// # Errors
/// The store's.
pub(in crate::web) async fn told(
    call: &Call,
    source: &AlertSource,
) -> Result<SourceAnswer, Problem> {
    let desk = &call.app.desk;
    Ok(SourceAnswer {
        id: source.id.clone(),
        name: source.name.clone(),
        sender: source.sender,
        address: alerts::address_of(&desk.site().base_url, source),
        gather_minutes: source.gather_minutes,
        topics: source.topics.iter().map(topic).collect(),
        shadow_until: source
            .in_shadow(desk.now())
            .map(|shadow| shadow.until.to_string()),
        live_alerts: desk.live_alerts(source.id.clone()).await?,
        added_at: source.added_at.to_string(),
        withdrawn_at: source.withdrawn_at.map(|at| at.to_string()),
    })
}

fn topic((arn, heard): (&String, &Option<Subscription>)) -> Topic {
    Topic {
        arn: arn.clone(),
        runs: heard.map(|heard| heard.runs),
        since: heard.map(|heard| heard.since.to_string()),
    }
}
