//! `/me/tokens`: what one's programs come in with: made, listed with what they may do, ended.

use askama::Template;

use super::{frame_of, person};
use crate::auth::{NewToken, Role, Scope};
use crate::desk::token_id;
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;
use crate::web::words::key;
use crate::web::{Call, Problem};

#[derive(Template)]
#[template(path = "me_tokens.html")]
struct TokensPage {
    frame: Frame,
    tokens: Vec<Row>,
    /// The name that was typed.
    name: String,
    /// Scopes that may be given: the word, and the name of its text.
    scopes: Vec<(&'static str, &'static str)>,
    /// A token just made. It is shown this once.
    made: Option<String>,
}

struct Row {
    id: String,
    name: String,
    may: &'static str,
    since: String,
    until: Option<String>,
}

/// Lists them.
pub(in crate::web::pages) async fn show(call: Call) -> Answer {
    page(
        &call,
        200,
        frame_of(&call, "me-tokens"),
        String::new(),
        None,
    )
    .await
}

/// Makes one, or ends one.
pub(in crate::web::pages) async fn change(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let (known, person) = (call.known()?, person(&call)?);
    if let Some(id) = fields.get("end") {
        let desk = &call.app.desk;
        desk.revoke_token(known.actor(), id.to_owned(), Some(person))
            .await?;
        return Ok(frame::lead_to("/me/tokens"));
    }
    let name = frame::typed(&fields, "name");
    let wanted = [fields.get("scope").unwrap_or_default().to_owned()];
    let new = NewToken {
        name: name.clone(),
        person: Some(person),
        role: known.role,
        scope: Scope::of_words(&wanted).min(known.scope),
        expires_at: None,
    };
    match call.app.gate.issue(known.actor(), new, None).await {
        Ok((token, _)) => {
            let frame = frame_of(&call, "me-tokens");
            page(&call, 200, frame, String::new(), Some(token)).await
        }
        Err(error) => {
            let problem = Problem::from(error);
            if problem.status != 422 {
                return Err(problem);
            }
            let frame = frame_of(&call, "me-tokens").wrong("name", problem.detail);
            page(&call, 422, frame, name, None).await
        }
    }
}

async fn page(
    call: &Call,
    status: u16,
    frame: Frame,
    name: String,
    made: Option<String>,
) -> Answer {
    let (desk, known) = (&call.app.desk, call.known()?);
    let rows = desk.tokens(Some(person(call)?)).await?;
    let now = desk.clock().wall();
    let lives = |row: &crate::desk::TokenRow| {
        row.revoked_at.is_none() && row.expires_at.is_none_or(|end| now < end)
    };
    let times = frame::times(call).await;
    let row = |row: crate::desk::TokenRow| Row {
        id: token_id(&row.hash),
        may: may(Scope::of_words(&row.scopes).min(Role::of_word(&row.role).reach())),
        name: row.name,
        since: times.dated(row.created_at),
        until: row.expires_at.map(|at| times.dated(at)),
    };
    let scopes = [Scope::Read, Scope::Write, Scope::Admin].into_iter();
    let page = TokensPage {
        frame: frame.with_lines(desk).await,
        tokens: rows.into_iter().filter(lives).map(row).collect(),
        name,
        scopes: scopes
            .filter(|scope| *scope <= known.scope)
            .map(|scope| (scope.word(), may(scope)))
            .collect(),
        made,
    };
    frame::page(status, &page)
}

fn may(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => key("me-may-read"),
        Scope::Write => key("me-may-write"),
        Scope::Admin => key("me-may-admin"),
    }
}
