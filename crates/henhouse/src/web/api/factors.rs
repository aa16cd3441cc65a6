//! `/api/v1/factors`: what one signs in with beside the password, and the password itself. Only a person in a browser
//! changes any of it, and shows first once more who they are.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::passkeys::PasskeyAnswer;
use super::session::with_session;
use crate::auth::factors::Factors;
use crate::auth::second::Changed;
use crate::desk::FactorNews;
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

pub(super) const AGAIN_EXAMPLE: &str = r#"{"password": "four words make it"}"#;
pub(super) const CODE_EXAMPLE: &str = r#"{"token": "…", "code": "123456"}"#;
pub(super) const PASSWORD_EXAMPLE: &str =
    r#"{"password": "four words make it", "new_password": "other four words"}"#;

/// Who you are, once more.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Again {
    /// Your password.
    #[serde(default)]
    pub(super) password: String,
}

/// The first code of an app.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstCode {
    /// As it was answered when the app was begun.
    token: String,
    /// What the app shows now.
    code: String,
}

/// Another password.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The present one.
    #[serde(default)]
    password: String,
    /// The new one: at least 12 characters.
    new_password: String,
}

/// What came of it.
#[derive(Serialize, JsonSchema)]
pub struct PasswordChanged {
    /// So many of your tokens ended.
    ended_tokens: usize,
}

/// An app that is being put on.
#[derive(Serialize, JsonSchema)]
pub struct NewAppAnswer {
    /// Names it until its first code has come.
    token: String,
    /// What is typed into the app: a base 32 secret, for codes of six digits each half minute.
    secret: String,
    /// The same as a link that apps open.
    link: String,
}

/// Recovery codes. They are shown this once.
#[derive(Serialize, JsonSchema)]
pub struct Codes {
    /// Each works once.
    recovery_codes: Vec<String>,
}

/// What somebody signs in with beside their password.
#[derive(Serialize, JsonSchema)]
pub struct FactorsAnswer {
    /// Since when a code of an app is asked for; null where it is not.
    app_since: Option<String>,
    /// So many recovery codes were not used.
    recovery_codes_left: usize,
    /// When the set was made.
    recovery_codes_since: Option<String>,
    /// Passkeys, each of which signs in without the password.
    passkeys: Vec<PasskeyAnswer>,
}

/// Lists them.
pub(super) async fn list(call: Call) -> Answer {
    let person = call.known()?.person.clone().unwrap_or_default();
    factors_of(&call, person).await
}

/// Lists somebody's.
pub(super) async fn list_of(call: Call) -> Answer {
    let account = call.app.desk.account(call.param("person").to_owned());
    let account = account
        .await?
        .ok_or_else(|| Problem::not_found("account"))?;
    factors_of(&call, account.person).await
}

async fn factors_of(call: &Call, person: String) -> Answer {
    let desk = &call.app.desk;
    let factors = desk.factors(person.clone()).await?;
    let passkeys = desk.passkeys(person).await?;
    json::ok(&FactorsAnswer {
        app_since: factors.app.as_ref().map(|app| app.since.to_string()),
        recovery_codes_left: factors.recovery.left(),
        recovery_codes_since: factors.recovery.since.map(|at| at.to_string()),
        passkeys: passkeys.iter().map(PasskeyAnswer::of).collect(),
    })
}

/// Begins an app.
pub(super) async fn begin_app(mut call: Call) -> Answer {
    again(&mut call).await?;
    let known = call.known()?;
    let new = call.app.gate.new_app(known).await?;
    let login = login(&call).await?;
    json::answer(
        StatusCode::CREATED,
        &NewAppAnswer {
            link: app_link(&login, &new.secret),
            token: new.token,
            secret: new.secret,
        },
    )
}

/// Puts it on.
pub(super) async fn confirm_app(mut call: Call) -> Answer {
    let first: FirstCode = json::read(call.object().await?.into())?;
    let gate = &call.app.gate;
    let changed = gate.confirm_app(call.known()?, &first.token, &first.code);
    codes(&call, changed.await?)
}

/// Takes it off.
pub(super) async fn remove_app(mut call: Call) -> Answer {
    again(&mut call).await?;
    let changed = call.app.gate.remove_app(call.known()?).await?;
    let response = StatusCode::NO_CONTENT.into_response();
    Ok(with_session(&call, response, &changed.session))
}

/// Another set of recovery codes.
pub(super) async fn new_codes(mut call: Call) -> Answer {
    again(&mut call).await?;
    let changed = call.app.gate.new_recovery_codes(call.known()?).await?;
    codes(&call, changed)
}

/// Another password.
pub(super) async fn change_password(mut call: Call) -> Answer {
    let change: PasswordChange = json::read(call.object().await?.into())?;
    let (gate, known) = (&call.app.gate, call.known()?);
    gate.prove_again(known, &change.password, &call.from())
        .await?;
    let changed = gate.change_own_password(known, &change.new_password);
    let (session, ended_tokens) = changed.await?;
    let response = json::ok(&PasswordChanged { ended_tokens })?;
    Ok(with_session(&call, response, &session))
}

/// Takes everything off somebody who lost it.
pub(super) async fn reset(call: Call) -> Answer {
    let (actor, person) = (call.known()?.actor(), call.param("person").to_owned());
    let reset = call
        .app
        .desk
        .change_factors(actor, person, None, |factors, _| {
            *factors = Factors::default();
            Ok(FactorNews::Reset)
        });
    reset.await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Reads who somebody is, once more, and holds it against what is kept.
pub(super) async fn again(call: &mut Call) -> Result<(), Problem> {
    let again: Again = json::read(call.object().await?.into())?;
    let gate = &call.app.gate;
    gate.prove_again(call.known()?, &again.password, &call.from())
        .await?;
    Ok(())
}

fn codes(call: &Call, changed: Changed) -> Answer {
    let response = json::ok(&Codes {
        recovery_codes: changed.codes,
    })?;
    Ok(with_session(call, response, &changed.session))
}

/// The login of whoever is known.
pub(in crate::web) async fn login(call: &Call) -> Result<String, Problem> {
    let person = call.known()?.person.clone().unwrap_or_default();
    let account = call.app.desk.account(person).await?;
    Ok(account.map_or_else(String::new, |account| account.login))
}

/// What an app reads from a QR code: the form that apps agree on ("Key URI Format").
#[must_use]
pub(in crate::web) fn app_link(login: &str, secret: &str) -> String {
    let login = crate::web::fields::escaped(login);
    format!("otpauth://totp/Henhouse:{login}?secret={secret}&issuer=Henhouse")
}

#[cfg(test)]
mod tests;
