//! `/api/v1/tokens`: issue, list, revoke.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::auth::{NewToken, Proof, Role, Scope};
use crate::desk::{TokenRow, token_id};
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

pub(super) const EXAMPLE: &str = r#"{"name": "laptop", "scope": "write"}"#;

/// A token to be issued.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// What it is called; a program acts under this name.
    name: String,
    /// Whose it is; yours if left out. For somebody else only the owner of the data directory issues one, on the spot.
    #[serde(default)]
    person: Option<String>,
    /// A program's own: it has no person and never becomes Incident Commander.
    #[serde(default)]
    service: bool,
    /// With which role it acts; member if left out, and never more than its person's.
    #[serde(default)]
    role: Option<Role>,
    /// How far it reaches; as far as its role, if left out.
    #[serde(default)]
    scope: Option<Scope>,
    /// From when it is worthless (RFC 3339); if left out, never, or
    /// with the token that issues it, which it may not outlive.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    expires_at: Option<Timestamp>,
}

/// A token just issued.
#[derive(Serialize, JsonSchema)]
pub struct Issued {
    /// The token itself. It is shown this once.
    pub token: String,
    /// What is kept of it.
    pub kept: TokenAnswer,
}

/// Tokens.
#[derive(Serialize, JsonSchema)]
pub struct Tokens {
    /// Oldest first within a person.
    pub tokens: Vec<TokenAnswer>,
}

/// A token, without the token.
#[derive(Serialize, JsonSchema)]
pub struct TokenAnswer {
    /// Its public id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Whose it is; null for a program's.
    pub person: Option<String>,
    /// With which role it acts.
    pub role: Role,
    /// How far it reaches.
    pub scope: Scope,
    /// When it was issued (RFC 3339).
    pub created_at: String,
    /// From when it is worthless.
    pub expires_at: Option<String>,
    /// Since when it is revoked.
    pub revoked_at: Option<String>,
}

impl From<TokenRow> for TokenAnswer {
    fn from(row: TokenRow) -> Self {
        let text = |at: Timestamp| at.to_string();
        Self {
            id: token_id(&row.hash),
            role: Role::of_word(&row.role),
            scope: Scope::of_words(&row.scopes),
            person: (!row.person.is_empty()).then_some(row.person),
            name: row.name,
            created_at: text(row.created_at),
            expires_at: row.expires_at.map(text),
            revoked_at: row.revoked_at.map(text),
        }
    }
}

/// Lists tokens: one's own, or all of them for an admin.
pub(super) async fn list(call: Call) -> Answer {
    let tokens = call.app.desk.tokens(mine(&call)?).await?;
    json::ok(&Tokens {
        tokens: tokens.into_iter().map(Into::into).collect(),
    })
}

/// Issues a token.
pub(super) async fn issue(mut call: Call) -> Answer {
    let new: TokenRequest = json::read(call.object().await?.into())?;
    let known = call.known()?;
    if new.service && new.person.is_some() {
        return Err(Problem::field(
            "/service",
            "A token is a program's or a person's, not both.",
        ));
    }
    let person = if new.service {
        None
    } else {
        new.person.or_else(|| known.person.clone())
    };
    let role = new.role.unwrap_or(Role::Member);
    let scope = new.scope.unwrap_or(role.reach());
    let farther = role > known.role || scope > known.scope;
    if !known.is_admin() && (person.is_none() || person != known.person || farther) {
        return Err(Problem::not_allowed(
            "You issue tokens for yourself, that reach no farther than you do. Ask an admin for others.",
        ));
    }
    let others = person.is_some() && person != known.person;
    if others && !call.app.desk.site().drill && known.proof != Proof::LocalSocket {
        return Err(Problem::not_allowed(
            "Whoever holds somebody's token acts in their name, so people issue their own: let them sign in. For a \
             program, say `service`.",
        ));
    }
    let now = call.app.desk.clock().wall();
    if new.expires_at.is_some_and(|end| end <= now) {
        let fix = "That time has passed: the token would be worthless. Choose a later one, or leave it out.";
        return Err(Problem::field("/expires_at", fix));
    }
    let expires_at = match (new.expires_at, end_of_proof(&call).await?) {
        (Some(wanted), Some(end)) if wanted > end => {
            let fix = "A token does not outlive the token that issues it; choose an earlier time.";
            return Err(Problem::field("/expires_at", fix));
        }
        (wanted, end) => wanted.or(end),
    };
    let new = NewToken {
        name: new.name,
        person,
        role,
        scope,
        expires_at,
    };
    let (token, row) = call
        .app
        .gate
        .issue(known.actor(), new, call.once()?)
        .await?;
    json::answer(
        StatusCode::CREATED,
        &Issued {
            token,
            kept: row.into(),
        },
    )
}

/// When the token by which somebody is known ends.
async fn end_of_proof(call: &Call) -> Result<Option<Timestamp>, Problem> {
    let Proof::Token { hash, .. } = &call.known()?.proof else {
        return Ok(None);
    };
    let token = call.app.desk.token(*hash).await?;
    Ok(token.and_then(|token| token.expires_at))
}

/// Revokes a token.
pub(super) async fn revoke(call: Call) -> Answer {
    let (known, id) = (call.known()?, call.param("id").to_owned());
    call.app
        .desk
        .revoke_token(known.actor(), id, mine(&call)?)
        .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Whose tokens somebody may see: their own; nothing stands for everybody's.
fn mine(call: &Call) -> Result<Option<String>, Problem> {
    let known = call.known()?;
    if known.is_admin() {
        return Ok(None);
    }
    let person = known.person.clone();
    person
        .map(Some)
        .ok_or_else(|| Problem::not_allowed("A program has no tokens to manage; ask an admin."))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use serde_json::json;

    use crate::web::stage::Stage;

    const AT: &str = "/api/v1/tokens";

    #[tokio::test]
    async fn a_token_that_opens_nothing_says_why() {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "member").await;
        let said = async |token: &str| {
            let said = stage.get("/api/v1/now", Some(token)).await;
            assert_eq!(said.status, 401, "{}", said.text());
            said.json()["detail"].as_str().unwrap().to_owned()
        };
        assert!(said("hunter2").await.contains("no token of Henhouse"));
        let other = format!(
            "{}{}",
            &ann[..ann.len() - 1],
            if ann.ends_with('A') { 'B' } else { 'A' }
        );
        let words = said(&other).await;
        assert!(
            words.contains("not known here") && words.contains("Ask an admin"),
            "{words}"
        );
        let made = json!({ "name": "x", "scope": "read" });
        let made = stage.post(AT, Some(&ann), made).await.json();
        let token = made["token"].as_str().unwrap();
        let at = format!("{AT}/{}", made["kept"]["id"].as_str().unwrap());
        let revoke = stage.request("DELETE", &at, Some(&ann), None);
        assert_eq!(stage.send(revoke).await.status, 204);
        assert!(said(token).await.contains("was ended on 20"));
        let none = stage.get("/api/v1/now", None).await;
        assert!(none.text().contains("send a token"), "{}", none.text());
    }

    #[tokio::test]
    async fn a_token_reaches_no_farther_than_whoever_issues_it() {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "member").await;
        stage.account("bob", "member").await;
        for body in [
            json!({ "name": "x", "scope": "admin" }),
            json!({ "name": "x", "scope": "write", "role": "admin" }),
            json!({ "name": "x", "scope": "write", "person": "bob" }),
            json!({ "name": "x", "scope": "write", "service": true }),
        ] {
            let said = stage.post(AT, Some(&ann), body).await;
            assert_eq!(said.status, 403, "{}", said.text());
        }
        let said = stage
            .post(AT, Some(&ann), json!({ "name": "x", "scope": "read" }))
            .await;
        assert_eq!(said.status, 201);
        let boss = stage.token("boss", "admin").await;
        let others = json!({ "name": "x", "scope": "write", "person": "bob" });
        let said_no = stage.post(AT, Some(&boss), others).await;
        assert_eq!(
            said_no.status,
            403,
            "nobody acts in Bob's name: {}",
            said_no.text()
        );
        let read = said.json()["token"].as_str().unwrap().to_owned();
        assert_eq!(
            stage
                .post(AT, Some(&read), json!({ "name": "y", "scope": "read" }))
                .await
                .status,
            403
        );
    }

    #[tokio::test]
    async fn a_token_does_not_outlive_the_one_that_issued_it() {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "member").await;
        let until = async |by: &str, end: Option<&str>| {
            let body = json!({ "name": "x", "scope": "write", "expires_at": end });
            let said = stage.post(AT, Some(by), body).await;
            (said.status, said.json())
        };
        let (_, short) = until(&ann, Some("2026-03-03T00:00:00Z")).await;
        let short = short["token"].as_str().unwrap();
        assert_eq!(until(short, Some("2026-03-03T00:00:01Z")).await.0, 422);
        let (status, said) = until(&ann, Some("2026-01-01T00:00:00Z")).await;
        assert_eq!(
            (status, &said["field"]),
            (422, &json!("/expires_at")),
            "{said}"
        );
        for end in [None, Some("2026-03-03T00:00:00Z")] {
            let (status, said) = until(short, end).await;
            assert_eq!(status, 201, "{said}");
            assert_eq!(said["kept"]["expires_at"], "2026-03-03T00:00:00Z");
        }
    }

    #[tokio::test]
    async fn a_revoked_token_opens_nothing() {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "member").await;
        let bob = stage.token("bob", "member").await;
        let id = stage.get(AT, Some(&ann)).await.json()["tokens"][0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let revoke = |by: &str| stage.request("DELETE", &format!("{AT}/{id}"), Some(by), None);
        assert_eq!(stage.send(revoke(&bob)).await.status, 404, "not bob's");
        assert_eq!(stage.send(revoke(&ann)).await.status, 204);
        assert_eq!(stage.get(AT, Some(&ann)).await.status, 401);
    }

    #[tokio::test]
    async fn a_token_is_shown_once_also_under_a_key() {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "member").await;
        let issue = async |name: &str| {
            let body = json!({ "name": name, "scope": "read" });
            let request = stage.request("POST", AT, Some(&ann), Some(body));
            stage
                .send(request.with("idempotency-key", "k1"))
                .await
                .status
        };
        assert_eq!(
            (issue("x").await, issue("x").await, issue("y").await),
            (201, 409, 422)
        );
        let all = stage.get(AT, Some(&ann)).await.json();
        assert_eq!(all["tokens"].as_array().unwrap().len(), 2);
    }
}
