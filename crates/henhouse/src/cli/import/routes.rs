//! The alert routes of a plan, carried out. Routes that were made here stay where they are.

use procedure::project::AlertRoute;
use reqwest::Method;
use serde_json::{Value, json};

use super::super::Asked;
use super::super::failure::{Failure, Outcome};
use super::plan::Plan;

/// Puts the routes of the plan in the place of those that came before. Answers whether anything differed.
pub(super) async fn carry_out(asked: &Asked, at: &str, plan: &Plan, tag: &str) -> Outcome<bool> {
    let Some(wanted) = &plan.routes else {
        return Ok(false);
    };
    let path = format!("{at}/alert-routes");
    let there = asked.client.get(&path).await?;
    let there: Vec<AlertRoute> = read(&there["routes"])?;
    let came = |route: &AlertRoute| route.name.starts_with(tag);
    let place = there.iter().position(came).unwrap_or(there.len());
    let stays = |routes: &[AlertRoute]| -> Vec<AlertRoute> {
        let routes = routes.iter().filter(|route| !came(route));
        routes.cloned().collect()
    };
    let mut all = stays(&there[..place]);
    all.extend(read::<Vec<AlertRoute>>(&json!(wanted))?);
    all.extend(stays(&there[place..]));
    if all == there {
        return Ok(false);
    }
    let body = json!({ "routes": all });
    asked
        .client
        .call(Method::PUT, &path, Some(&body), None)
        .await?;
    Ok(true)
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> Outcome<T> {
    serde_json::from_value(value.clone()).map_err(Failure::failed)
}
