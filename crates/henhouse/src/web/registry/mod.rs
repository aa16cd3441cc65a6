//! The one list of routes: page, API, feed and probe, each with the permission it needs. The
//! router, the OpenAPI document and the access matrix are made from it; there is no route outside.

mod gate;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use axum::{Router, middleware};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::{AppState, Call, Problem, alerts, api, headers, pages, phone};

/// What a handler answers.
pub type Answer = Result<Response, Problem>;

type Run = Arc<dyn Fn(Call) -> Pin<Box<dyn Future<Output = Answer> + Send>> + Send + Sync>;

/// Makes the schema of a body.
pub type Shape = fn(&mut SchemaGenerator) -> Schema;

/// Whom a route is open to. What somebody may see behind it is the desk's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Everybody.
    Public,
    /// Whoever holds the link in the address: a receipt, a page to a responder, the set-up link.
    Link,
    /// Whoever is known; to change anything, with the right to write.
    SignedIn,
    /// Whoever is known, about themselves: in a browser whatever their role, else with the right to write.
    Myself,
    /// Programs that show the key of an alert source; the route asks for it as its sender's vendor does. Nobody else is
    /// looked at.
    Source,
    /// Admins.
    Admin,
    /// Admins, in a drill. Elsewhere the route does not exist.
    Drill,
}

/// For whom an answer is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// Programs: problems are JSON.
    Api,
    /// People: problems are pages, and whoever must sign in is led there.
    Page,
}

/// A field of a query.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it does, with the values it takes.
    pub what: &'static str,
}

/// One route.
#[derive(Clone)]
pub struct Route {
    /// How it is asked.
    pub method: Method,
    /// Where.
    pub path: &'static str,
    /// Names it in the OpenAPI document and in metrics.
    pub id: &'static str,
    /// Whom it is open to.
    pub permission: Permission,
    /// What it does, in a sentence.
    pub summary: &'static str,
    /// For whom.
    pub face: Face,
    /// What its body must be.
    pub takes: Option<Shape>,
    /// How it answers when all is well.
    pub gives: (StatusCode, &'static str, Option<Shape>),
    /// The fields of its query.
    pub query: &'static [Param],
    /// An example of a body.
    pub example: Option<&'static str>,
    run: Run,
}

impl Route {
    /// A route of the API that answers JSON.
    pub fn api<F>(
        method: Method,
        path: &'static str,
        id: &'static str,
        permission: Permission,
        summary: &'static str,
        handler: fn(Call) -> F,
    ) -> Self
    where
        F: Future<Output = Answer> + Send + 'static,
    {
        Self {
            method,
            path,
            id,
            permission,
            summary,
            face: Face::Api,
            takes: None,
            gives: (StatusCode::OK, "application/json", None),
            query: &[],
            example: None,
            run: Arc::new(move |call| Box::pin(handler(call))),
        }
    }

    /// A page for people.
    pub fn page<F>(
        method: Method,
        path: &'static str,
        id: &'static str,
        permission: Permission,
        summary: &'static str,
        handler: fn(Call) -> F,
    ) -> Self
    where
        F: Future<Output = Answer> + Send + 'static,
    {
        let mut route = Self::api(method, path, id, permission, summary, handler);
        route.face = Face::Page;
        route.gives.1 = "text/html; charset=utf-8";
        route
    }

    /// Its body is one JSON object of this type.
    #[must_use]
    pub fn takes<T: JsonSchema>(mut self, example: &'static str) -> Self {
        self.takes = Some(|generator| generator.subschema_for::<T>());
        self.example = Some(example);
        self
    }

    /// It answers with this type.
    #[must_use]
    pub fn gives<T: JsonSchema>(mut self, status: u16) -> Self {
        self.gives.2 = Some(|generator| generator.subschema_for::<T>());
        self.answers(status)
    }

    /// It answers with this status when all is well.
    #[must_use]
    pub fn answers(mut self, status: u16) -> Self {
        self.gives.0 = StatusCode::from_u16(status).unwrap_or_default();
        self
    }

    /// It answers with something else than JSON.
    #[must_use]
    pub fn as_type(mut self, content_type: &'static str) -> Self {
        self.gives.1 = content_type;
        self
    }

    /// It takes these fields in its query.
    #[must_use]
    pub fn query(mut self, query: &'static [Param]) -> Self {
        self.query = query;
        self
    }

    /// Whether it changes anything.
    #[must_use]
    pub fn changes(&self) -> bool {
        self.method != Method::GET
    }
}

/// Every route of an installation. Those of a drill exist only in one.
#[must_use]
pub fn routes(drill: bool) -> Vec<Route> {
    let mut all = api::routes();
    all.extend(pages::routes());
    all.extend(alerts::routes());
    all.extend(phone::routes());
    all.retain(|route| drill || route.permission != Permission::Drill);
    all
}

/// The router over every route.
pub(super) fn router(state: AppState) -> Router {
    let mut router = Router::new();
    for route in routes(state.desk.site().drill) {
        let filter = MethodFilter::try_from(route.method.clone())
            .expect("a route's method is one of HTTP's own");
        let path = route.path;
        let route = Arc::new(route);
        let enter = move |state, params, request| gate::enter(route, state, params, request);
        router = router.route(path, on(filter, enter));
    }
    router
        .fallback(gate::nothing_here)
        .method_not_allowed_fallback(gate::not_that_way)
        .layer(middleware::map_response(headers::secure))
        .with_state(state)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_routes_share_a_name_or_a_place() {
        let all = routes(true);
        let names: BTreeSet<_> = all.iter().map(|route| route.id).collect();
        let places: BTreeSet<_> = all.iter().map(|r| (r.method.as_str(), r.path)).collect();
        assert_eq!((names.len(), places.len()), (all.len(), all.len()));
    }

    #[test]
    fn the_clock_of_a_drill_is_nowhere_else() {
        let moves = |route: &Route| route.path.contains("/drill/");
        assert!(routes(true).iter().any(moves));
        assert!(!routes(false).iter().any(moves));
    }
}
