//! The OpenAPI 3.1 document, made from the registry and the types' own schemas.

#[cfg(test)]
pub(crate) mod check;

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::problem::Problem;
use super::registry::{Permission, Route};

/// The document for these routes.
#[must_use]
pub fn document(routes: &[Route], base_url: &str) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
    });
    let mut generator = settings.into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for route in routes {
        let place = paths.entry(route.path).or_insert_with(|| json!({}));
        let method = route.method.as_str().to_lowercase();
        place[method.as_str()] = operation(route, &mut generator);
    }
    let problem = generator.subschema_for::<Problem>();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Henhouse",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Incident response by the procedure. Times are RFC 3339, UTC. Lists come \
                in pages with `next` and a Link header. `Idempotency-Key` (an IETF draft) is optional \
                on every POST that opens a case or gives a command. Problems are RFC 9457.",
        },
        "servers": [{ "url": base_url }],
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "responses": {
                "Problem": {
                    "description": "What went wrong, and what to do.",
                    "content": { "application/problem+json": { "schema": problem } },
                },
            },
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "bearerFormat": "hh_<43 characters>" },
                "source": { "type": "http", "scheme": "bearer", "bearerFormat": "hha_<43 characters>" },
                "session": { "type": "apiKey", "in": "cookie", "name": "henhouse" },
            },
        },
    })
}

fn operation(route: &Route, generator: &mut SchemaGenerator) -> Value {
    let (status, content_type, shape) = route.gives;
    let mut answer = json!({ "description": route.summary });
    // Neither nothing nor a way to somewhere else has content.
    if status.as_u16() != 204 && !status.is_redirection() {
        let schema = shape.map_or_else(|| json!({}), |shape| shape(generator).to_value());
        let media = content_type.split(';').next().unwrap_or(content_type);
        answer["content"] = json!({ media: { "schema": schema } });
    }
    let mut operation = json!({
        "operationId": route.id,
        "summary": route.summary,
        "security": security(route.permission),
        "parameters": parameters(route),
        "responses": {
            status.as_str(): answer,
            "default": { "$ref": "#/components/responses/Problem" },
        },
    });
    if let Some(shape) = route.takes {
        let example = route
            .example
            .and_then(|text| serde_json::from_str::<Value>(text).ok());
        operation["requestBody"] = json!({
            "required": true,
            "content": { "application/json": { "schema": shape(generator), "example": example } },
        });
    }
    operation
}

fn security(permission: Permission) -> Value {
    match permission {
        Permission::Public | Permission::Link => json!([]),
        Permission::Source => json!([{ "source": [] }]),
        Permission::SignedIn | Permission::Myself | Permission::Admin | Permission::Drill => {
            json!([{ "token": [] }, { "session": [] }])
        }
    }
}

fn parameters(route: &Route) -> Vec<Value> {
    let in_path = path_names(route.path).map(|name| {
        json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
    });
    let in_query = route.query.iter().map(|param| {
        json!({
            "name": param.name, "in": "query", "description": param.what,
            "schema": { "type": "string" },
        })
    });
    in_path.chain(in_query).collect()
}

/// The variable parts of a path.
fn path_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use std::collections::BTreeSet;

    use super::*;
    use crate::web::registry::routes;

    fn the_document() -> Value {
        document(&routes(true), "http://localhost:8400")
    }

    #[test]
    fn every_route_is_in_the_document_and_nothing_else_is() {
        let document = the_document();
        let mut told = BTreeSet::new();
        for (path, place) in document["paths"].as_object().unwrap() {
            for method in place.as_object().unwrap().keys() {
                told.insert((method.to_uppercase(), path.clone()));
            }
        }
        let all = routes(true)
            .into_iter()
            .map(|r| (r.method.to_string(), r.path.to_owned()));
        assert_eq!(told, all.collect());
    }

    #[test]
    fn every_command_is_in_the_document() {
        let document = the_document();
        let request = &document["components"]["schemas"]["CommandRequest"];
        let text = request.to_string();
        for name in procedure::Command::NAMES {
            assert!(
                text.contains(&format!("\"const\":\"{name}\"")),
                "{name} is missing"
            );
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = the_document();
        let mut open = vec![&document];
        while let Some(value) = open.pop() {
            match value {
                Value::Object(fields) => {
                    if let Some(Value::String(to)) = fields.get("$ref") {
                        assert!(
                            document.pointer(to.trim_start_matches('#')).is_some(),
                            "{to}"
                        );
                    }
                    open.extend(fields.values());
                }
                Value::Array(items) => open.extend(items),
                _ => {}
            }
        }
    }

    #[test]
    fn every_example_fits_its_schema() {
        let document = the_document();
        for route in routes(true) {
            let Some(shape) = route.takes else { continue };
            let example: Value = serde_json::from_str(route.example.unwrap()).unwrap();
            let settings = SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = "/components/schemas".into();
            });
            let schema = shape(&mut settings.into_generator()).to_value();
            assert_eq!(
                check::misfit(&document, &schema, &example),
                None,
                "{}",
                route.id
            );
        }
    }
}
