//! `POST /api/v1/password/{link}`: one's own password, by the link that was mailed when somebody else asked for it.

use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Deserialize;

use super::session::{begun, device};
use crate::auth::{Entered, LoginRefused};
use crate::web::registry::Answer;
use crate::web::{Call, form, json};

pub(super) const EXAMPLE: &str = r#"{"password": "four words make it"}"#;

/// What somebody chose.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    /// At least 12 characters.
    password: String,
}

/// Takes the password and signs its person in.
pub(super) async fn choose(mut call: Call) -> Answer {
    if form::from_our_page(&call.headers, &call.app.desk.site().base_url) == Some(false) {
        return Err(form::other_site());
    }
    let chosen: Chosen = json::read(call.object().await?.into())?;
    let device = device(&call.headers);
    let link = call.param("link");
    let at = (&*call.from(), &*device);
    match call.app.gate.accept(link, &chosen.password, at).await? {
        Entered::In(session) => begun(&call, StatusCode::OK, &session).await,
        Entered::Half(_) | Entered::BreakGlass(_) => Err(LoginRefused::NeedsCode.into()),
    }
}
