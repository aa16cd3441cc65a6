//! `/api/v1/projects/{slug}/alert-routes`: whom the events of a project's alerts call first.

use std::collections::BTreeMap;

use procedure::project::{AlertRoute, ProjectCommand, ProjectState};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::projects::project;
use crate::desk::JournalId;
use crate::founding;
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

pub(super) const EXAMPLE: &str = r#"{"routes": [{"name": "chatter-at-night", "all": [{"field": "priority", "is": "equals", "value": "P5"}], "hours": {"zone": "Europe/Berlin", "windows": [{"each": "day", "from": "18:00:00", "to": "08:00:00"}]}, "to": "nobody"}]}"#;

/// The routes, whole.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoutesRequest {
    /// In the order in which they are asked: the first that fits decides. Where none fits, people are called as usual.
    routes: Vec<AlertRoute>,
}

/// The routes, and how many alerts were only kept by them.
#[derive(Serialize, JsonSchema)]
pub struct Routes {
    /// In the order in which they are asked.
    pub routes: Vec<AlertRoute>,
    /// How many alerts were kept and called nobody, by route.
    pub held: BTreeMap<String, u64>,
}

/// Shows them.
pub(super) async fn show(call: Call) -> Answer {
    let (_, state) = project(&call).await?;
    json::ok(&told(&state))
}

/// Sets them, as a whole.
pub(super) async fn set(mut call: Call) -> Answer {
    let (id, _) = project(&call).await?;
    let new: RoutesRequest = json::read(call.object().await?.into())?;
    let state = put(&call, id, new.routes).await?;
    json::ok(&told(&state))
}

/// Sets the routes, with the rules of their zones.
///
/// # Errors
/// A zone that is none. Refused where one of them cannot work.
pub(in crate::web) async fn put(
    call: &Call,
    project: JournalId,
    mut routes: Vec<AlertRoute>,
) -> Result<std::sync::Arc<ProjectState>, Problem> {
    let mut zones = BTreeMap::new();
    for hours in routes.iter_mut().filter_map(|route| route.hours.as_mut()) {
        let (spelled, rules) = founding::zone(&hours.zone)?;
        hours.zone.clone_from(&spelled);
        zones.insert(spelled, rules);
    }
    let actor = call.known()?.actor();
    let command = ProjectCommand::SetAlertRoutes { routes, zones };
    let changed = call.app.desk.change_project(project, actor, command, None);
    Ok(changed.await?)
}

fn told(state: &ProjectState) -> Routes {
    Routes {
        routes: state.alert_routes.routes.clone(),
        held: state.held.by_route.clone(),
    }
}
