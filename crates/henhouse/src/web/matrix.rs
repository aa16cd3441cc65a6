//! The access matrix, made from the registry: every route, asked by everybody, about cases of every
//! sort. Whoever may not see is told what they would be told if there were nothing.

use axum::http::Method;
use serde_json::{Value, json};

use super::openapi::{self, check};
use super::registry::{Face, Permission, Route};
use super::stage::{Asking, Said, Stage};

/// Whoever asks, each with a token or without.
const ASKING: [Asker; 10] = [
    Asker("nobody", None),
    Asker("a program", Some("service")),
    Asker("ann", Some("member")),
    Asker("bob", Some("member")),
    Asker("dee", Some("member")),
    Asker("oz", Some("member")),
    Asker("eve", Some("member")),
    Asker("watcher", Some("observer")),
    Asker("sue", Some("member")),
    Asker("boss", Some("admin")),
];

/// The cases: an open one, a restricted one about Sue, a false alarm.
const CASES: [&str; 3] = [OPEN, SECRET, OVER];
const OPEN: &str = "HH-1";
const SECRET: &str = "HH-2";
const OVER: &str = "HH-3";
/// A number that no case has.
const NONE: &str = "HH-99";

struct Asker(&'static str, Option<&'static str>);

/// Whether this asker may see this case; written by hand, from the rules.
fn sees(asker: &str, case: &str) -> bool {
    let on_roster = ["ann", "bob", "dee", "oz", "sue", "watcher"].contains(&asker);
    let reads_all = ["a program", "boss"].contains(&asker);
    match case {
        // Ann was called, so she is a member; Sue is whom it is about; admins do not read it.
        SECRET => asker == "ann",
        NONE => false,
        _ => on_roster || reads_all,
    }
}

struct Scene {
    stage: Stage,
    tokens: Vec<Option<String>>,
}

impl Scene {
    async fn new() -> Self {
        let stage = Stage::new().await;
        let people = [
            ("ann", "responder"),
            ("bob", "responder"),
            ("dee", "decider"),
            ("oz", "observer"),
        ];
        let more = [("sue", "responder"), ("watcher", "observer")];
        stage
            .revise("farm", &[&people[..], &more[..]].concat())
            .await;
        let mut tokens = Vec::new();
        for Asker(name, role) in ASKING {
            tokens.push(match role {
                None => None,
                Some("service") => Some(stage.service(name, "member").await),
                Some(role) => Some(stage.token(name, role).await),
            });
        }
        stage.report().await;
        let secret = json!({ "text": "zebra", "project": "farm", "about_employee": true, "about_person": "sue" });
        stage.report_as(secret).await;
        stage.report().await;
        let scene = Self { stage, tokens };
        let ann = scene.tokens[2].clone().unwrap_or_default();
        for case in CASES {
            for body in [
                json!({ "command": "acknowledge" }),
                json!({ "command": "publish_sitrep", "summary": "zebra" }),
                json!({ "command": "request_disruption", "text": "zebra" }),
            ] {
                scene.stage.command(case, &ann, body).await;
            }
        }
        let over = json!({ "command": "false_alarm", "reason": "the cat" });
        scene.stage.command(OVER, &ann, over).await;
        scene
    }

    async fn ask(&self, route: &Route, asker: usize, case: &str) -> Said {
        let path = route
            .path
            .replace("{number}", case)
            .replace("{slug}", "farm")
            .replace("{person}", "ann")
            .replace("{id}", "E-1")
            .replace("{seq}", "1")
            .replace("{token}", "x")
            .replace("{command}", "set_severity")
            .replace("{step}", "harm")
            .replace("{sitrep}", "1")
            .replace("{disruption}", "D-1")
            .replace("{link}", "x");
        let query = if route.id == "search" { "?q=zebra" } else { "" };
        let body = route
            .example
            .and_then(|text| serde_json::from_str::<Value>(text).ok());
        let body = if route.method == Method::GET {
            None
        } else {
            body
        };
        let token = self.tokens[asker].as_deref();
        let asking: Asking = self.stage.request(
            route.method.as_str(),
            &format!("{path}{query}"),
            token,
            body,
        );
        self.stage.send(asking).await
    }
}

/// The routes for programs; pages lead strangers to the sign-in.
fn routes(drill: bool) -> Vec<Route> {
    let mut all = super::registry::routes(drill);
    all.retain(|route| route.face == Face::Api);
    all
}

fn of_a_case(route: &Route) -> bool {
    route.path.contains("{number}") && !route.path.ends_with("/events")
}

#[tokio::test]
async fn who_may_not_see_a_case_is_told_that_there_is_none() {
    let scene = Scene::new().await;
    let all = routes(false);
    for route in all.iter().filter(|route| of_a_case(route)) {
        for (n, Asker(asker, role)) in ASKING.iter().enumerate() {
            let nothing = scene.ask(route, n, NONE).await;
            for case in CASES {
                let said = scene.ask(route, n, case).await;
                let what = format!(
                    "{asker} asks {} {} about {case}: {}",
                    route.method,
                    route.path,
                    said.text()
                );
                if sees(asker, case) {
                    assert_ne!(said.status, 401, "{what}");
                    let no_exhibit = route.id == "download_exhibit";
                    assert!(said.status != 404 || no_exhibit, "{what}");
                } else {
                    assert_eq!(
                        (said.status, said.text()),
                        (nothing.status, nothing.text()),
                        "{what}"
                    );
                    let expected = if role.is_none() { 401 } else { 404 };
                    let may_not_write = *role == Some("observer") && route.changes();
                    assert_eq!(
                        said.status,
                        if may_not_write { 403 } else { expected },
                        "{what}"
                    );
                }
            }
        }
    }
}

/// Pages too: whoever may not see a case is shown what they are shown where there is none.
#[tokio::test]
async fn the_pages_of_a_case_are_for_whoever_sees_it() {
    let scene = Scene::new().await;
    let all = super::registry::routes(false);
    let pages = all.iter().filter(|route| route.face == Face::Page);
    let pages: Vec<_> = pages.filter(|route| of_a_case(route)).collect();
    assert!(pages.len() >= 3, "the case, what it does, its conformance");
    for route in pages {
        for (n, Asker(asker, role)) in ASKING.iter().enumerate() {
            let nothing = scene.ask(route, n, NONE).await;
            for case in CASES {
                let said = scene.ask(route, n, case).await;
                let what = format!("{asker} asks {} {} about {case}", route.method, route.path);
                let may_not_write = *role == Some("observer") && route.changes();
                let expected = match role {
                    None if route.changes() => 401,
                    None => 303,
                    Some(_) if may_not_write => 403,
                    Some(_) if sees(asker, case) && route.changes() => 422,
                    Some(_) if sees(asker, case) => 200,
                    Some(_) => 404,
                };
                assert_eq!(said.status, expected, "{what}: {}", said.text());
                if expected == 404 {
                    assert_eq!(said.text(), nothing.text(), "{what}");
                }
            }
        }
    }
}

#[tokio::test]
async fn every_route_keeps_to_its_permission() {
    let scene = Scene::new().await;
    for route in routes(false) {
        let streams = route.path.ends_with("/events");
        for (n, Asker(asker, role)) in ASKING.iter().enumerate() {
            let known = role.is_some();
            let refused = match route.permission {
                Permission::Public | Permission::Link => continue,
                // No person's token is the key of a source.
                Permission::Source => 401,
                Permission::SignedIn | Permission::Myself if !known => 401,
                Permission::SignedIn | Permission::Myself
                    if route.changes() && *role == Some("observer") =>
                {
                    403
                }
                Permission::SignedIn | Permission::Myself => continue,
                Permission::Admin | Permission::Drill if !known => 401,
                Permission::Admin | Permission::Drill if *role == Some("admin") => continue,
                Permission::Admin | Permission::Drill => 403,
            };
            let said = scene.ask(&route, n, OPEN).await;
            let what = format!(
                "{asker} asks {} {}: {}",
                route.method,
                route.path,
                said.text()
            );
            assert_eq!(said.status, refused, "{what}");
            assert!(!streams || refused == 401 || refused == 403, "{what}");
        }
    }
}

#[tokio::test]
async fn a_restricted_case_leaves_no_trace_in_lists_search_and_now() {
    let scene = Scene::new().await;
    let all = routes(false);
    let lists = all
        .iter()
        .filter(|route| ["list_cases", "search", "now", "metrics"].contains(&route.id));
    for route in lists {
        for (n, Asker(asker, _)) in ASKING.iter().enumerate() {
            let text = scene.ask(route, n, OPEN).await.text();
            let what = format!("{asker} asks {}: {text}", route.path);
            let told = text.contains(SECRET) || text.contains("zebra");
            let own_board = sees(asker, SECRET) && ["list_cases", "now"].contains(&route.id);
            assert_eq!(told, own_board, "{what}");
            if route.id == "search" && text.contains("not_searched") {
                let not_searched = u64::from(sees(asker, SECRET));
                assert!(
                    text.contains(&format!("\"not_searched\":{not_searched}")),
                    "{what}"
                );
            }
        }
    }
}

#[tokio::test]
async fn answers_fit_what_the_document_says() {
    let scene = Scene::new().await;
    let document = openapi::document(&routes(false), "http://localhost:8400");
    let problem = json!({ "$ref": "#/components/schemas/Problem" });
    for route in routes(false) {
        if route.path.ends_with("/events") || route.id == "openapi" {
            continue;
        }
        let method = route.method.as_str().to_lowercase();
        let operation = &document["paths"][route.path][method.as_str()];
        for (n, Asker(asker, _)) in ASKING.iter().enumerate() {
            let said = scene.ask(&route, n, OPEN).await;
            let what = format!("{asker} asks {} {}", route.method, route.path);
            if route.permission == Permission::Source {
                // As the vendor of its senders says it.
                assert_eq!(said.status, 401, "{what}: {}", said.text());
            } else if said
                .header("content-type")
                .starts_with("application/problem+json")
            {
                assert_eq!(
                    check::misfit(&document, &problem, &said.json()),
                    None,
                    "{what}"
                );
                assert_eq!(said.json()["status"], said.status, "{what}");
            } else {
                assert_eq!(
                    said.status,
                    route.gives.0.as_u16(),
                    "{what}: {}",
                    said.text()
                );
                let told = &operation["responses"][route.gives.0.as_str()]["content"];
                let schema = &told["application/json"]["schema"];
                if !schema.is_null() {
                    assert_eq!(
                        check::misfit(&document, schema, &said.json()),
                        None,
                        "{what}: {}",
                        said.text()
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect() {
    let scene = Scene::new().await;
    for path in [
        "/api/v1/cases",
        "/healthz",
        "/nowhere",
        "/api/v1/openapi.json",
    ] {
        let said = scene.stage.get(path, None).await;
        assert_eq!(said.header("x-content-type-options"), "nosniff", "{path}");
        assert!(
            said.header("content-security-policy")
                .starts_with("default-src 'none'"),
            "{path}"
        );
        assert!(!said.header("referrer-policy").is_empty(), "{path}");
        assert_eq!(said.header("server"), "", "{path}");
    }
    let said = scene
        .stage
        .send(scene.stage.request("PUT", "/healthz", None, None))
        .await;
    assert_eq!(
        (said.status, said.json()["type"].as_str()),
        (405, Some("/problems/wrong-method"))
    );
    let said = scene.stage.get("/nowhere", None).await;
    assert_eq!(
        (said.status, said.json()["type"].as_str()),
        (404, Some("/problems/not-found"))
    );
}
