//! `POST /in/webhook/{source}`: JSON that its sender signs as Standard Webhooks 1.0.0 has it. The body is read before anybody
//! knows who sends it, as it is with PagerDuty's: it is a small one. What comes twice under one id counts once.

use axum::http::HeaderMap;

use super::bearer::accepted;
use super::{later, small_body, stranger, take};
use crate::auth::signature::Signed;
use crate::desk::DeskError;
use crate::inbound::alerts::webhook;
use crate::web::registry::Answer;
use crate::web::{Call, Problem};

pub(in crate::web) const PATH: &str = "/in/webhook/{source}";

/// The longest id of a message.
const LONGEST_ID: usize = 200;

/// What goes into its sender.
pub(super) fn snippet(address: &str, source: &str, secret: &str, key: &str) -> String {
    format!(
        "# signed (Standard Webhooks 1.0.0)\nurl: {address}/{source}\nsecret: {secret}\n\n# or with the key\nurl: {address}\n\
         Authorization: Bearer {key}\n"
    )
}

/// Takes a message.
pub(super) async fn message(mut call: Call) -> Answer {
    let (raw, _room) = small_body(&mut call).await?;
    let desk = &call.app.desk;
    if desk.is_away() {
        return Err(later(&DeskError::NotFound("database")));
    }
    let found = desk.signing_source(call.param("source").to_owned()).await;
    let from = found.map_err(|error| later(&error))?.ok_or_else(stranger)?;
    let signed = signed(&call.headers).ok_or_else(stranger)?;
    let secret = desk.signing_secret(&from.source);
    let verified = secret.verify(&signed, &raw, desk.now());
    verified.map_err(|error| Problem::new("sign-in", error.to_string()))?;
    let mut alert = webhook::read(&raw);
    alert.message = Some(signed.id.to_owned());
    accepted(&take(&call, &from, alert).await?)
}

/// Its headers, by the standard's names or by those of the library that it came from.
fn signed(headers: &HeaderMap) -> Option<Signed<'_>> {
    let named = |prefix: &str| {
        let word = |name: &str| headers.get(format!("{prefix}-{name}"))?.to_str().ok();
        Some(Signed {
            id: word("id").filter(|id| !id.is_empty() && id.len() <= LONGEST_ID)?,
            timestamp: word("timestamp")?,
            signature: word("signature")?,
        })
    };
    named("webhook").or_else(|| named("svix"))
}
