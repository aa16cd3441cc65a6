//! `/api/v1/projects/{slug}/alert-rules`: what becomes of a project's alerts, and what would become of one.

use std::collections::BTreeMap;

use procedure::Text;
use procedure::project::{AlertRule, HeldStep, ProjectCommand, ProjectState, RouteTo};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::projects::project;
use super::shadow::because;
use crate::desk::{Alert, Foreseen, JournalId, Would, gravity_word};
use crate::inbound::alerts;
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

pub(super) const EXAMPLE: &str = r#"{"rules": [{"name": "chatter", "all": [{"field": "gravity", "is": "equals", "value": "info"}], "then": "counts"}]}"#;
pub(super) const TRY_EXAMPLE: &str = r#"{"source": "prometheus", "body": "{}"}"#;

/// The rules, whole.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RulesRequest {
    /// In the order in which they are asked: the first that fits decides. Where none fits, an alert joins.
    rules: Vec<AlertRule>,
}

/// The rules, and what they held back.
#[derive(Serialize, JsonSchema)]
pub struct Rules {
    /// In the order in which they are asked.
    pub rules: Vec<AlertRule>,
    /// How many alerts were held back, by rule.
    pub held: BTreeMap<String, u64>,
    /// The last ones, newest first.
    pub last: Vec<HeldAnswer>,
}

/// An alert that was held back.
#[derive(Serialize, JsonSchema)]
pub struct HeldAnswer {
    /// Its id.
    pub alert: String,
    /// When it came first (RFC 3339).
    pub at: String,
    /// By which rule; empty: by a route.
    pub rule: String,
    /// By which route, where one calls nobody.
    pub route: Option<String>,
    /// The planned work that it waits for, if it still does.
    pub waits_for: Option<String>,
    /// What it is called.
    pub title: String,
    /// What it says.
    pub words: String,
}

/// An alert to be tried.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TryRequest {
    /// The name or id of the source that would send it.
    source: String,
    /// The body as its sender would send it.
    body: String,
}

/// Somebody who would be called.
#[derive(Serialize, JsonSchema)]
pub struct WouldCallLine {
    /// So many minutes after the alert.
    pub after_minutes: i64,
    /// Whom; null: the pager of the project.
    pub person: Option<String>,
    /// What people call them.
    pub name: Option<String>,
    /// `at_once`, by a step of a `policy`, or by the contact `sheet`.
    pub because: String,
    /// Which step, or which place on the sheet, from 1.
    pub step: Option<u32>,
    /// In which round.
    pub round: Option<u32>,
}

/// What would become of an alert.
#[derive(Serialize, JsonSchema)]
pub struct Tried {
    /// `opens` an event, `joins` one, `repeats` one that goes on, or is `held` back.
    pub would: String,
    /// The event that it would join, or that it is part of.
    pub case: Option<String>,
    /// The rule that fits.
    pub rule: Option<String>,
    /// The route that decides whom its event calls.
    pub route: Option<String>,
    /// Whom that calls: `usual`, `nobody`, or a policy or a schedule by its short name.
    pub calls: Option<RouteTo>,
    /// Until when its source stands in shadow: nobody is called until then (RFC 3339).
    pub shadow_until: Option<String>,
    /// Whom the event that it would open would call within the hour while nobody answers, in order; at most twenty.
    pub would_call: Vec<WouldCallLine>,
    /// The planned work that holds it back.
    pub waits_for: Option<String>,
    /// How often it was sent already, if it goes on.
    pub sent: Option<u64>,
    /// What it is called.
    pub title: String,
    /// Its sender's key for it.
    pub alias: String,
    /// How grave its sender calls it.
    pub gravity: Option<String>,
    /// What else a rule may look at.
    pub fields: BTreeMap<String, String>,
}

/// Shows them.
pub(super) async fn show(call: Call) -> Answer {
    let (_, state) = project(&call).await?;
    json::ok(&told(&state))
}

/// Sets them, as a whole.
pub(super) async fn set(mut call: Call) -> Answer {
    let (id, _) = project(&call).await?;
    let new: RulesRequest = json::read(call.object().await?.into())?;
    let state = put(&call, id, new.rules).await?;
    json::ok(&told(&state))
}

/// Says what would become of an alert.
pub(super) async fn attempt(mut call: Call) -> Answer {
    let (id, _) = project(&call).await?;
    let asked: TryRequest = json::read(call.object().await?.into())?;
    json::ok(&tried(&call, id, &asked.source, &asked.body).await?)
}

/// Sets the rules.
///
/// # Errors
/// Refused where one of them cannot work.
pub(in crate::web) async fn put(
    call: &Call,
    project: JournalId,
    rules: Vec<AlertRule>,
) -> Result<std::sync::Arc<ProjectState>, Problem> {
    let actor = call.known()?.actor();
    let command = ProjectCommand::SetAlertRules { rules };
    let changed = call.app.desk.change_project(project, actor, command, None);
    Ok(changed.await?)
}

/// Tries an alert. Nothing is kept of it.
///
/// # Errors
/// Not found where there is no such source.
pub(in crate::web) async fn tried(
    call: &Call,
    project: JournalId,
    source: &str,
    body: &str,
) -> Result<Tried, Problem> {
    let desk = &call.app.desk;
    let from = desk.source_of(project, source).await?;
    let alert = alerts::read(from.source.sender, body.as_bytes());
    let would = desk.would_become(&from, alert.clone()).await?;
    Ok(said(&would, alert))
}

fn said(would: &Would, alert: Alert) -> Tried {
    let word = match (would.held, would.repeats, &would.case) {
        (_, Some(_), _) => "repeats",
        (true, ..) => "held",
        (_, _, Some(_)) => "joins",
        (_, _, None) => "opens",
    };
    let routed = would.verdict.routed.as_ref();
    Tried {
        would: word.to_owned(),
        case: would.case.as_ref().map(ToString::to_string),
        rule: would.verdict.rule.as_ref().map(|rule| rule.name.clone()),
        route: routed.map(|routed| routed.route.clone()),
        calls: routed.map(|routed| routed.to.clone()),
        shadow_until: would.shadow_until.map(|until| until.to_string()),
        would_call: would.calls.iter().map(line).collect(),
        waits_for: would.verdict.window.as_ref().map(|window| window.0.clone()),
        sent: would.repeats,
        title: alert.title,
        alias: alert.alias,
        gravity: alert
            .gravity
            .map(|gravity| gravity_word(gravity).to_owned()),
        fields: alert.fields,
    }
}

fn line(call: &Foreseen) -> WouldCallLine {
    let (because, step, round) = because(call.because);
    WouldCallLine {
        after_minutes: call.after_minutes,
        person: call.person.as_ref().map(ToString::to_string),
        name: call.name.clone(),
        because: because.to_owned(),
        step,
        round,
    }
}

/// The rules of a project and what they held back.
#[must_use]
pub(in crate::web) fn told(state: &ProjectState) -> Rules {
    let plain = |text: Option<&Text>| text.and_then(Text::plain).unwrap_or_default().to_owned();
    let held = state.held.last.iter().rev();
    let held = held.filter(|(_, held)| held.step == HeldStep::Held);
    let answer = |(at, held): &(jiff::Timestamp, procedure::project::AlertHeld)| {
        let waits = state.held.waiting.get(&held.alert);
        HeldAnswer {
            alert: held.alert.clone(),
            at: at.to_string(),
            rule: held.rule.clone(),
            route: held.route.clone(),
            waits_for: waits
                .and_then(|held| held.window.as_ref())
                .map(|window| window.0.clone()),
            title: plain(held.title.as_ref()),
            words: plain(held.words.as_ref()),
        }
    };
    Rules {
        rules: state.alert_rules.clone(),
        held: state.held.by_rule.clone(),
        last: held.map(answer).collect(),
    }
}
