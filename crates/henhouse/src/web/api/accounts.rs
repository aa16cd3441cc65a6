//! `/api/v1/accounts`: for admins.

use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::auth::{NewAccount, Role};
use crate::desk::{Account, AccountChange};
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

pub(super) const EXAMPLE: &str =
    r#"{"login": "jane", "name": "Jane Doe", "role": "member", "password": "four words make it"}"#;
pub(super) const CHANGE_EXAMPLE: &str = r#"{"disabled": true}"#;
pub(super) const LINK_EXAMPLE: &str = r#"{"show": false}"#;

/// An account to be made.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountRequest {
    /// The person's id on contact sheets; the login if left out.
    #[serde(default)]
    person: Option<String>,
    /// The name to log in with.
    login: String,
    /// The name shown.
    name: String,
    /// The address for mail.
    #[serde(default)]
    email: Option<String>,
    /// The role in the installation.
    role: Role,
    /// At least 12 characters. If its person has an address, they are asked there to choose one instead; if not, the
    /// first sign-in asks for another. Without one only tokens let them in.
    #[serde(default)]
    password: Option<String>,
}

/// What is to change; what is left out stays.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRequest {
    /// Another name.
    #[serde(default)]
    name: Option<String>,
    /// Another role.
    #[serde(default)]
    role: Option<Role>,
    /// Locked out, or let in again.
    #[serde(default)]
    disabled: Option<bool>,
    /// Another password; every session of the person ends, and if they had a password, every token. It comes into force as in a new account.
    #[serde(default)]
    password: Option<String>,
}

/// How the link reaches its person.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkRequest {
    /// Show the link even where it could be mailed, to be handed over: only to the owner of the data directory.
    #[serde(default)]
    show: bool,
}

/// Whose password is to be chosen, and by which link.
#[derive(Serialize, JsonSchema)]
pub struct LinkAnswer {
    /// The account; its password until now, its sessions and the tokens made with it have ended.
    #[serde(flatten)]
    account: AccountAnswer,
    /// The link, where it was not mailed. It works once, for a week.
    link: Option<String>,
}

/// Every account.
#[derive(Serialize, JsonSchema)]
pub struct Accounts {
    /// By person.
    pub accounts: Vec<AccountAnswer>,
}

/// An account.
#[derive(Serialize, JsonSchema)]
pub struct AccountAnswer {
    /// The person's id.
    pub person: String,
    /// The name to log in with.
    pub login: String,
    /// The name shown.
    pub name: String,
    /// The address for mail.
    pub email: Option<String>,
    /// The role in the installation.
    pub role: Role,
    /// Locked out.
    pub disabled: bool,
    /// Can sign in by password.
    pub has_password: bool,
    /// When it was made (RFC 3339).
    pub created_at: String,
    /// What the person has to do before they can sign in as usual: `mailed`, open the link that was sent to them;
    /// `handed`, open the link that they are given; `first_sign_in`, choose another password there.
    pub confirmation: Option<&'static str>,
    /// So many of the person's tokens ended with this call: those of a password that was replaced.
    pub ended_tokens: usize,
}

impl From<Account> for AccountAnswer {
    fn from(account: Account) -> Self {
        Self {
            role: Role::of_word(&account.role),
            has_password: account.password.is_some(),
            created_at: account.created_at.to_string(),
            person: account.person,
            login: account.login,
            name: account.name,
            email: account.email,
            disabled: account.disabled,
            confirmation: None,
            ended_tokens: 0,
        }
    }
}

async fn told(call: &Call, account: Account) -> Result<AccountAnswer, Problem> {
    let confirmation = call
        .app
        .desk
        .confirmation_of(account.person.clone())
        .await?;
    Ok(AccountAnswer {
        confirmation,
        ..account.into()
    })
}

/// Lists accounts.
pub(super) async fn list(call: Call) -> Answer {
    let mut accounts = Vec::new();
    for account in call.app.desk.accounts().await? {
        accounts.push(told(&call, account).await?);
    }
    json::ok(&Accounts { accounts })
}

/// Makes an account.
pub(super) async fn create(mut call: Call) -> Answer {
    let new: AccountRequest = json::read(call.object().await?.into())?;
    let new = NewAccount {
        person: new.person,
        login: new.login,
        name: new.name,
        email: new.email,
        role: new.role,
        password: new.password,
    };
    let (actor, once) = (call.known()?.actor(), call.once()?);
    let account = call.app.gate.create_account(actor, new, once).await?;
    json::answer(StatusCode::CREATED, &told(&call, account).await?)
}

/// Changes an account.
pub(super) async fn change(mut call: Call) -> Answer {
    let change: ChangeRequest = json::read(call.object().await?.into())?;
    let (known, person) = (call.known()?, call.param("person").to_owned());
    let loses =
        change.disabled == Some(true) || change.role.is_some_and(|role| role != Role::Admin);
    if loses && known.person.as_deref() == Some(&person) {
        return Err(Problem::field(
            "/role",
            "Nobody locks themselves out; ask another admin.",
        ));
    }
    let ended_tokens = match &change.password {
        Some(password) => {
            let set = call.app.gate.set_password(known.actor(), &person, password);
            set.await?
        }
        None => 0,
    };
    let change = AccountChange {
        name: change.name,
        role: change.role.map(|role| role.word().to_owned()),
        disabled: change.disabled,
        password: None,
    };
    let desk = &call.app.desk;
    let (account, _) = desk.change_account(known.actor(), person, change).await?;
    let account = AccountAnswer {
        ended_tokens,
        ..told(&call, account).await?
    };
    json::ok(&account)
}

/// Asks the person of an account to choose their password.
pub(super) async fn link(mut call: Call) -> Answer {
    let wanted: LinkRequest = json::read(call.object().await?.into())?;
    let (actor, person) = (call.known()?.actor(), call.param("person").to_owned());
    let asking = call.app.desk.ask_for_password(actor, person, wanted.show);
    let asking = asking.await?;
    let account = AccountAnswer {
        ended_tokens: asking.ended_tokens,
        ..told(&call, asking.account).await?
    };
    let answer = LinkAnswer {
        account,
        link: asking.link,
    };
    json::answer(StatusCode::CREATED, &answer)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::web::stage::Stage;

    #[tokio::test]
    async fn an_account_is_made_changed_and_locked_out() {
        let stage = Stage::new().await;
        let boss = stage.token("boss", "admin").await;
        let new = json!({ "login": "jane", "name": "Jane", "role": "member" });
        let said = stage
            .post("/api/v1/accounts", Some(&boss), new.clone())
            .await;
        assert_eq!(
            (said.status, said.json()["person"].as_str()),
            (201, Some("jane"))
        );
        let again = stage.post("/api/v1/accounts", Some(&boss), new).await;
        assert_eq!(again.status, 422);
        let jane = stage.token("jane", "member").await;
        assert_eq!(stage.get("/api/v1/session", Some(&jane)).await.status, 200);
        let out = stage.request(
            "PATCH",
            "/api/v1/accounts/jane",
            Some(&boss),
            Some(json!({ "disabled": true })),
        );
        assert_eq!(stage.send(out).await.status, 200);
        assert_eq!(stage.get("/api/v1/session", Some(&jane)).await.status, 401);
        let list = stage.get("/api/v1/accounts", Some(&boss)).await;
        assert!(!list.text().contains("argon2"), "{}", list.text());
    }

    #[tokio::test]
    async fn nobody_locks_themselves_out() {
        let stage = Stage::new().await;
        let boss = stage.token("boss", "admin").await;
        for body in [json!({ "disabled": true }), json!({ "role": "member" })] {
            let request = stage.request("PATCH", "/api/v1/accounts/boss", Some(&boss), Some(body));
            assert_eq!(stage.send(request).await.status, 422);
        }
    }
}
