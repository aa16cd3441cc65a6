//! Passkeys by JSON, as the script of the pages speaks it: what a device is asked, and what it answers. Only a person in a
//! browser makes or ends one, and shows first once more who they are, unless they have just signed in.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::factors::Again;
use super::session::{begun, device, with_session};
use crate::auth::passkeys::{Asked, Kept};
use crate::desk::passkey_id;
use crate::web::registry::Answer;
use crate::web::{Call, form, json};

pub(super) const NEW_EXAMPLE: &str = r#"{"name": "blue key", "password": "four words make it"}"#;
pub(super) const ANSWER_EXAMPLE: &str = r#"{"token": "…", "credential": {"type": "public-key"}}"#;

/// A passkey to be made.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPasskey {
    /// What you call it, such as the device that holds it.
    name: String,
    /// Your password; not needed within ten minutes of signing in.
    #[serde(default)]
    password: String,
}

/// What a device is asked.
#[derive(Serialize, JsonSchema)]
pub struct Asks {
    /// Names it, for five minutes and one answer.
    token: String,
    /// As WebAuthn has it in JSON: for `PublicKeyCredential.parseCreationOptionsFromJSON` or
    /// `parseRequestOptionsFromJSON`.
    options: Value,
}

/// What a device answered.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// As it was answered when it was begun.
    token: String,
    /// As the `toJSON` of the credential has it.
    credential: Value,
}

/// A passkey.
#[derive(Serialize, JsonSchema)]
pub struct PasskeyAnswer {
    /// Its public id.
    id: String,
    /// What its person calls it.
    name: String,
    /// When it was made (RFC 3339).
    since: String,
    /// When it signed its person in last; null if it never did.
    used_at: Option<String>,
}

impl PasskeyAnswer {
    pub(super) fn of((hash, kept): &([u8; 32], Kept)) -> Self {
        Self {
            id: passkey_id(hash),
            name: kept.name.clone(),
            since: kept.since.to_string(),
            used_at: kept.used.map(|at| at.to_string()),
        }
    }
}

impl From<Asked> for Asks {
    fn from(asked: Asked) -> Self {
        Self {
            token: asked.token,
            options: asked.options,
        }
    }
}

/// Asks for a new one.
pub(super) async fn begin(mut call: Call) -> Answer {
    let new: NewPasskey = json::read(call.object().await?.into())?;
    let (gate, known) = (&call.app.gate, call.known()?);
    gate.prove_again_or_lately(known, &new.password, &call.from())
        .await?;
    let asked = gate.new_passkey(known, &new.name).await?;
    json::answer(StatusCode::CREATED, &Asks::from(asked))
}

/// Keeps it.
pub(super) async fn confirm(mut call: Call) -> Answer {
    let answered: Answered = json::read(call.object().await?.into())?;
    let (gate, known) = (&call.app.gate, call.known()?);
    let session = gate.confirm_passkey(known, &answered.token, answered.credential);
    let session = session.await?;
    let response = StatusCode::NO_CONTENT.into_response();
    Ok(with_session(&call, response, &session))
}

/// Ends one.
pub(super) async fn remove(mut call: Call) -> Answer {
    let again: Again = json::read(call.object().await?.into())?;
    let (gate, known) = (&call.app.gate, call.known()?);
    gate.prove_again_or_lately(known, &again.password, &call.from())
        .await?;
    let session = gate.end_passkey(known, call.param("id")).await?;
    let response = StatusCode::NO_CONTENT.into_response();
    Ok(with_session(&call, response, &session))
}

/// Asks whoever is there to sign.
pub(super) async fn ask(call: Call) -> Answer {
    if form::from_our_page(&call.headers, &call.app.desk.site().base_url) == Some(false) {
        return Err(form::other_site());
    }
    let asked = call.app.gate.ask_for_passkey(&call.from()).await?;
    json::answer(StatusCode::CREATED, &Asks::from(asked))
}

/// Begins a session for whoever signed.
pub(super) async fn enter(mut call: Call) -> Answer {
    if form::from_our_page(&call.headers, &call.app.desk.site().base_url) == Some(false) {
        return Err(form::other_site());
    }
    let answered: Answered = json::read(call.object().await?.into())?;
    let (from, device) = (call.from(), device(&call.headers));
    let whence = (from.as_str(), device.as_str());
    let gate = &call.app.gate;
    let session = gate.enter_by_passkey(&answered.token, answered.credential, whence);
    let session = session.await?;
    begun(&call, StatusCode::OK, &session).await
}
