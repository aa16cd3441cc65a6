//! The alert routes of a project on the command line.

use serde_json::Value;

use super::super::report::words;
use super::Which;

/// Where they are in the API.
pub(super) fn path(which: &Which) -> String {
    format!("/api/v1/projects/{}/alert-routes", which.project)
}

/// The routes, whom each calls, and how many alerts it only kept.
pub(super) fn list(answer: &Value) -> String {
    let routes = answer["routes"].as_array().into_iter().flatten();
    let line = |route: &Value| {
        let name = words(&route["name"]);
        let to = match &route["to"] {
            Value::Object(to) => {
                let to = to.iter().map(|(what, id)| format!("{what} {}", words(id)));
                to.collect::<Vec<_>>().join(" ")
            }
            to => words(to),
        };
        match answer["held"][&name].as_u64() {
            Some(held) => format!("{name:20} {to}, kept {held}"),
            None => format!("{name:20} {to}"),
        }
    };
    let lines: Vec<String> = routes.map(line).collect();
    match lines.is_empty() {
        true => "No routes: every event calls people as usual.".to_owned(),
        false => lines.join("\n"),
    }
}
