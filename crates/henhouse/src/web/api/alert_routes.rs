//! `/api/v1/projects/{slug}/alert-routes`: whom the events of a project's alerts call first.

use std::collections::BTreeMap;
use std::sync::Arc;

use procedure::calendar::Zone;
use procedure::project::{AlertRoute, ORDER_OF_ROUTES, ProjectCommand, ProjectState, RoutesImport};
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
    /// They come from another pager: they are put among what was made or changed here, which stays.
    #[serde(default)]
    import: Option<RoutesImport>,
}

/// The routes, and how many alerts were only kept by them.
#[derive(Serialize, JsonSchema)]
pub struct Routes {
    /// In the order in which they are asked.
    pub routes: Vec<AlertRoute>,
    /// How many alerts were kept and called nobody, by route.
    pub held: BTreeMap<String, u64>,
    /// Of what came from another pager, the routes that were made or changed here and stayed, by name; `order of alert routes`
    /// where that did.
    pub left: Vec<String>,
}

/// Shows them.
pub(super) async fn show(call: Call) -> Answer {
    let (_, state) = project(&call).await?;
    json::ok(&told(&state, Vec::new()))
}

/// Sets them, as a whole; those of another pager among what was made here.
pub(super) async fn set(mut call: Call) -> Answer {
    let (id, _) = project(&call).await?;
    let mut new: RoutesRequest = json::read(call.object().await?.into())?;
    let zones = zones(&mut new.routes)?;
    let brought = new.import.as_ref().map(|_| new.routes.clone());
    let state = change(&call, id, (new.routes, zones), new.import).await?;
    let left = brought.map_or_else(Vec::new, |brought| left(&state, &brought));
    json::ok(&told(&state, left))
}

/// Sets the routes, with the rules of their zones.
///
/// # Errors
/// A zone that is none. Refused where one of them cannot work.
pub(in crate::web) async fn put(
    call: &Call,
    project: JournalId,
    mut routes: Vec<AlertRoute>,
) -> Result<Arc<ProjectState>, Problem> {
    let zones = zones(&mut routes)?;
    change(call, project, (routes, zones), None).await
}

/// The rules of the zones that routes name, which are spelled as their rules are.
fn zones(routes: &mut [AlertRoute]) -> Result<BTreeMap<String, Zone>, Problem> {
    let mut zones = BTreeMap::new();
    for hours in routes.iter_mut().filter_map(|route| route.hours.as_mut()) {
        let (spelled, rules) = founding::zone(&hours.zone)?;
        hours.zone.clone_from(&spelled);
        zones.insert(spelled, rules);
    }
    Ok(zones)
}

async fn change(
    call: &Call,
    project: JournalId,
    (routes, zones): (Vec<AlertRoute>, BTreeMap<String, Zone>),
    import: Option<RoutesImport>,
) -> Result<Arc<ProjectState>, Problem> {
    let actor = call.known()?.actor();
    let command = ProjectCommand::SetAlertRoutes {
        routes,
        zones,
        import,
    };
    let changed = call.app.desk.change_project(project, actor, command, None);
    Ok(changed.await?)
}

/// What was brought and does not stand so.
fn left(state: &ProjectState, brought: &[AlertRoute]) -> Vec<String> {
    let there = &state.alert_routes.routes;
    let differs = brought.iter().filter(|route| !there.contains(route));
    let mut left: Vec<String> = differs.map(|route| route.name.clone()).collect();
    let place = |route: &AlertRoute| brought.iter().position(|one| one.name == route.name);
    if !there.iter().filter_map(place).is_sorted() {
        left.push(ORDER_OF_ROUTES.to_owned());
    }
    left
}

fn told(state: &ProjectState, left: Vec<String>) -> Routes {
    Routes {
        routes: state.alert_routes.routes.clone(),
        held: state.held.by_route.clone(),
        left,
    }
}
