//! `GET /api/v1/openapi.json`.

use crate::web::registry::{Answer, routes};
use crate::web::{Call, json, openapi};

/// Shows the document.
pub(super) async fn show(call: Call) -> Answer {
    let site = call.app.desk.site();
    json::ok(&openapi::document(&routes(site.drill), &site.base_url))
}
