//! The alert routes of a plan, carried out. What was made or changed here stays as it is and where it stands, unless it is
//! named.

use procedure::project::{AlertRoute, ORDER_OF_ROUTES};
use reqwest::Method;
use serde_json::{Value, json};

use super::super::Asked;
use super::super::failure::{Failure, Outcome};
use super::Pager;
use super::plan::Plan;

/// Whether anything changed, and what was left, a line each.
type Done = (bool, Vec<String>);

/// Brings the routes of the plan.
pub(super) async fn carry_out(
    asked: &Asked,
    at: &str,
    (plan, pager): (&Plan, &Pager),
    replace: &[String],
) -> Outcome<Done> {
    let Some(wanted) = &plan.routes else {
        return Ok((false, Vec::new()));
    };
    let path = format!("{at}/alert-routes");
    let before = asked.client.get(&path).await?;
    let body =
        json!({ "routes": wanted, "import": { "pager": pager.command, "replace": replace } });
    let after = asked.client.call(Method::PUT, &path, Some(&body), None);
    let after = after.await?;
    let left = after["left"].as_array().into_iter().flatten();
    let left = left.filter_map(Value::as_str).map(|name| match name {
        ORDER_OF_ROUTES => name.to_owned(),
        name => format!("alert route {name}"),
    });
    Ok((before["routes"] != after["routes"], left.collect()))
}

/// The routes that are there, beside what else is known of the project; none where they may not be read.
pub(super) async fn beside(asked: &Asked, at: &str, known: &mut Value) {
    if let Ok(there) = asked.client.get(&format!("{at}/alert-routes")).await {
        known["alert_routes"] = there["routes"].clone();
    }
}

/// What is here under the same name and says something else, and whether it stands as it came; the order too.
pub(super) fn differing(plan: &Plan, known: &Value) -> Vec<(String, bool)> {
    let wanted = plan.routes.iter().flatten();
    let Ok(wanted) = wanted.map(read).collect::<Outcome<Vec<AlertRoute>>>() else {
        return Vec::new();
    };
    let there = known["alert_routes"].as_array().into_iter().flatten();
    let there: Vec<AlertRoute> = there.filter_map(|route| read(route).ok()).collect();
    let came = &known["as_imported"]["routes"];
    let as_it_came = |route: &AlertRoute| {
        came.as_array()
            .is_some_and(|all| all.contains(&json!(route.name)))
    };
    let mut differing = Vec::new();
    for new in &wanted {
        let was = there.iter().find(|route| route.name == new.name);
        if let Some(was) = was.filter(|was| *was != new) {
            differing.push((new.name.clone(), as_it_came(was)));
        }
    }
    let place = |route: &AlertRoute| wanted.iter().position(|one| one.name == route.name);
    let moved = known["as_imported"]["routes_moved"] == true;
    if moved && !there.iter().filter_map(place).is_sorted() {
        differing.push((ORDER_OF_ROUTES.to_owned(), false));
    }
    differing
}

fn read(value: &Value) -> Outcome<AlertRoute> {
    serde_json::from_value(value.clone()).map_err(Failure::failed)
}
