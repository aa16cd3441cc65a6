//! `/api/v1/sessions`: where one is signed in, and ending it; for an admin, of others too.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use schemars::JsonSchema;
use serde::Serialize;

use crate::auth::Proof;
use crate::desk::{SessionRow, session_id};
use crate::report::device;
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

/// Sessions.
#[derive(Serialize, JsonSchema)]
pub struct Sessions {
    /// The one used last first.
    pub sessions: Vec<SessionAnswer>,
}

/// Where somebody is signed in.
#[derive(Serialize, JsonSchema)]
pub struct SessionAnswer {
    /// Its public id.
    pub id: String,
    /// The browser, in words.
    pub device: String,
    /// The address that it began from; null where it is not known.
    pub address: Option<String>,
    /// How its person showed who they are.
    pub method: String,
    /// When it began (RFC 3339).
    pub created_at: String,
    /// When it was last used, to the hour.
    pub seen_at: String,
    /// When it ends, if it is not used before.
    pub expires_at: String,
    /// It is the one that asks.
    pub this: bool,
}

/// How many sessions ended.
#[derive(Serialize, JsonSchema)]
pub struct Ended {
    /// So many.
    pub ended: usize,
}

/// Lists one's own.
pub(super) async fn list(call: Call) -> Answer {
    let person = own(&call)?;
    sessions(&call, person).await
}

/// Lists somebody's.
pub(super) async fn list_of(call: Call) -> Answer {
    sessions(&call, account(&call).await?).await
}

/// Ends all of one's own but the one that asks.
pub(super) async fn end_others(call: Call) -> Answer {
    let person = own(&call)?;
    let actor = call.known()?.actor();
    let ended = call.app.desk.end_sessions(actor, person, this(&call));
    json::ok(&Ended {
        ended: ended.await?,
    })
}

/// Ends all of somebody's.
pub(super) async fn end_all_of(call: Call) -> Answer {
    let person = account(&call).await?;
    let actor = call.known()?.actor();
    let ended = call.app.desk.end_sessions(actor, person, None);
    json::ok(&Ended {
        ended: ended.await?,
    })
}

/// Ends one of one's own.
pub(super) async fn end(call: Call) -> Answer {
    let person = own(&call)?;
    end_one(&call, person).await
}

/// Ends one of somebody's.
pub(super) async fn end_of(call: Call) -> Answer {
    end_one(&call, account(&call).await?).await
}

async fn end_one(call: &Call, person: String) -> Answer {
    let (actor, id) = (call.known()?.actor(), call.param("id").to_owned());
    call.app.desk.end_session_of(actor, person, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn sessions(call: &Call, person: String) -> Answer {
    let this = this(call);
    let rows = call.app.desk.sessions(person).await?;
    let told = |row: SessionRow| SessionAnswer {
        id: session_id(&row.hash),
        device: device::words(&row.device, crate::report::Language::English),
        address: (!row.address.is_empty()).then_some(row.address),
        method: row.method,
        created_at: row.created_at.to_string(),
        seen_at: row.seen_at.to_string(),
        expires_at: row.expires_at.to_string(),
        this: this == Some(row.hash),
    };
    json::ok(&Sessions {
        sessions: rows.into_iter().map(told).collect(),
    })
}

/// The person in the path, who must have an account.
async fn account(call: &Call) -> Result<String, Problem> {
    let person = call.param("person").to_owned();
    let account = call.app.desk.account(person).await?;
    let account = account.ok_or_else(|| Problem::not_found("account"))?;
    Ok(account.person)
}

fn own(call: &Call) -> Result<String, Problem> {
    let person = call.known()?.person.clone();
    person.ok_or_else(|| Problem::not_allowed("A program is signed in nowhere; ask as a person."))
}

fn this(call: &Call) -> Option<[u8; 32]> {
    match &call.known.as_ref()?.proof {
        Proof::Session { hash, .. } => Some(*hash),
        Proof::Token { .. } | Proof::LocalSocket => None,
    }
}
