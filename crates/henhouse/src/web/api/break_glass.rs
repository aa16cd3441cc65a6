//! `/api/v1/admin/break-glass`: the account for when everything else is away. Its halves are shown to the owner of the data
//! directory and to nobody else.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::auth::Proof;
use crate::desk::BREAK_GLASS;
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

pub(super) const EXAMPLE: &str = "{}";

/// Nothing need be said.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeRequest {}

/// The account. What it opens with is shown this once.
#[derive(Serialize, JsonSchema)]
pub struct Made {
    /// The name to sign in with.
    login: &'static str,
    /// Two halves, for two people: both are needed, one after the other.
    halves: [String; 2],
}

/// Makes it, or new halves.
pub(super) async fn make(mut call: Call) -> Answer {
    let MakeRequest {} = json::read(call.object().await?.into())?;
    let known = call.known()?;
    if known.proof != Proof::LocalSocket {
        return Err(Problem::not_allowed(
            "Whoever sees both halves could use them alone, so they are printed on the server and nowhere else: henhouse \
             admin break-glass.",
        ));
    }
    let halves = call.app.gate.make_break_glass(known.actor()).await?;
    let login = BREAK_GLASS;
    json::answer(StatusCode::CREATED, &Made { login, halves })
}

/// Ends it.
pub(super) async fn end(call: Call) -> Answer {
    let actor = call.known()?.actor();
    call.app.desk.end_break_glass(actor).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
