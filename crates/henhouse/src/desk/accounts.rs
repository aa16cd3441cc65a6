//! Accounts, tokens and sessions: kept in plain tables, their making and ending told in the
//! installation's journal. Secrets arrive here hashed; who may do this is asked before.

use std::sync::Arc;

use jiff::Timestamp;
use procedure::{Actor, Refusal, Text};
use serde_json::{Value, json};

use super::answers::{OneUse, keep_answer, kept_answer};
use super::break_glass::only_by_its_halves;
use super::error::{DeskError, Result};
use super::own_password::Way;
use super::verify::hash_of;
use super::{Desk, Inner};
use crate::store::{Account, Hash, SessionRow, StoreError, TokenRow, Tx, View};

/// The setting that holds the hash of the one-use set-up link.
const SETUP_SETTING: &str = "setup.link";

/// How many hexadecimal digits of a token's hash are its public id.
const TOKEN_ID_DIGITS: usize = 16;

/// The public id of a token: the beginning of its hash. It opens nothing.
#[must_use]
pub fn token_id(hash: &Hash) -> String {
    let digits = hash.iter().map(|byte| format!("{byte:02x}"));
    digits.collect::<String>()[..TOKEN_ID_DIGITS].to_owned()
}

/// What changes about an account; `None` stays as it is.
#[derive(Clone, Default)]
pub struct AccountChange {
    /// Another name.
    pub name: Option<String>,
    /// Another role in the installation.
    pub role: Option<String>,
    /// Locked out, or let in again.
    pub disabled: Option<bool>,
    /// Another password, hashed. Every session of the person ends, and where it replaces one, so does every token:
    /// whoever stole a session may have issued themselves one.
    pub password: Option<String>,
}

impl Desk {
    /// Makes an account.
    ///
    /// # Errors
    /// Bad input where the person has one, or another has the login; the store's.
    pub async fn create_account(
        &self,
        actor: Actor,
        account: Account,
        once: Option<OneUse>,
    ) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        let what = (
            &account.person,
            &account.login,
            &account.name,
            &account.role,
        );
        let asked = inner.asked(once, "account", &what)?;
        self.write(move |tx| {
            if kept_answer::<String>(tx, asked.as_ref())?.is_some() {
                return Ok(());
            }
            create(&inner, tx, &actor, &account)?;
            keep_answer(tx, asked, &account.person, inner.clock.wall())
        })
        .await
    }

    /// Makes the first admin by the set-up link, which works once.
    ///
    /// # Errors
    /// Not found if the link is not the one that was given out, or was used.
    pub async fn set_up(&self, link: Hash, actor: Actor, account: Account) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            if tx.setting(SETUP_SETTING)?.as_deref() != Some(&link[..])
                || has_admin(&tx.accounts()?)
            {
                return Err(DeskError::NotFound("set-up link"));
            }
            tx.put_setting(SETUP_SETTING, &[])?;
            create(&inner, tx, &actor, &account)
        })
        .await
    }

    /// Lets this be the set-up link from now on. False, and nothing done, once there is an admin.
    ///
    /// # Errors
    /// The store's.
    pub async fn offer_set_up(&self, link: Hash) -> Result<bool> {
        self.write(move |tx| {
            let needed = !has_admin(&tx.accounts()?);
            if needed {
                tx.put_setting(SETUP_SETTING, &link)?;
            }
            Ok(needed)
        })
        .await
    }

    /// Whether this is the set-up link that works.
    ///
    /// # Errors
    /// The store's.
    pub async fn is_set_up_link(&self, link: Hash) -> Result<bool> {
        let setting = self.inner.store.read(|view| {
            let open = !has_admin(&view.accounts()?);
            Ok::<_, StoreError>(view.setting(SETUP_SETTING)?.filter(|_| open))
        });
        Ok(setting.await?.as_deref() == Some(&link[..]))
    }

    /// Changes an account. Answers how many tokens ended with a password that was replaced.
    ///
    /// # Errors
    /// Not found; the store's.
    pub async fn change_account(
        &self,
        actor: Actor,
        person: String,
        change: AccountChange,
    ) -> Result<(Account, usize)> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            let found = tx.account(&person)?;
            let mut account = found.ok_or(DeskError::NotFound("account"))?;
            let replaces = change.password.is_some() && account.password.is_some();
            let ends = change.password.is_some() || change.disabled == Some(true);
            if change.password.is_some() || change.role.is_some() {
                only_by_its_halves(&person)?;
            }
            let way = match &change.password {
                Some(_) => Some(inner.way(tx, &actor, &account)?),
                None => None,
            };
            let mut body = json!({
                "person": person, "role": change.role, "disabled": change.disabled,
                "name": change.name.as_deref().map(Text::from), "password": change.password.is_some(),
                "comes": way.as_ref().map(Way::word),
            });
            account.name = change.name.unwrap_or(account.name);
            account.role = change.role.unwrap_or(account.role);
            account.disabled = change.disabled.unwrap_or(account.disabled);
            account.password = match &way {
                None => account.password,
                Some(Way::Asked(_) | Way::Handed(_)) => None,
                Some(Way::Own | Way::SetUp) => change.password,
            };
            tx.put_account(&account)?;
            body["password_hash"] = json!(password_told(account.password.as_deref()));
            if ends {
                tx.end_sessions_of(&person)?;
            }
            inner.note(tx, &actor, "account_changed", body)?;
            let mut ended_tokens = 0;
            if replaces {
                ended_tokens = end_what_it_opened(&inner, tx, &actor, &person, true)?;
            }
            if let Some(way) = way {
                inner.follow(tx, &actor, &account, &way, ended_tokens)?;
            }
            Ok((account, ended_tokens))
        })
        .await
    }

    /// Every account, by person.
    ///
    /// # Errors
    /// The store's.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        Ok(self.inner.store.read(|view| view.accounts()).await?)
    }

    /// The account of a person.
    ///
    /// # Errors
    /// The store's.
    pub async fn account(&self, person: String) -> Result<Option<Account>> {
        let read = self.inner.store.read(move |view| view.account(&person));
        Ok(read.await?)
    }

    /// The account with this login.
    ///
    /// # Errors
    /// The store's.
    pub async fn account_by_login(&self, login: String) -> Result<Option<Account>> {
        let read = self
            .inner
            .store
            .read(move |view| view.account_by_login(&login));
        Ok(read.await?)
    }

    /// Issues a token, given by its hash.
    ///
    /// # Errors
    /// Bad input where the person has no account; a conflict where the key was used for this
    /// token before, because a token is shown once; the store's.
    pub async fn issue_token(
        &self,
        actor: Actor,
        token: TokenRow,
        once: Option<OneUse>,
    ) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        let what = (&token.person, &token.name, &token.role, &token.scopes);
        let asked = inner.asked(once, "token", &what)?;
        self.write(move |tx| {
            only_by_its_halves(&token.person)?;
            if kept_answer::<String>(tx, asked.as_ref())?.is_some() {
                return Err(Refusal::conflict(
                    "This token was issued already, and a token is shown once.",
                    "If it is lost, revoke it and issue another under a new key.",
                )
                .into());
            }
            if !token.person.is_empty() && tx.account(&token.person)?.is_none() {
                return Err(DeskError::BadInput {
                    field: "person".to_owned(),
                    sentence: "This person has no account; make one first, or leave it out for a \
                               program's token."
                        .to_owned(),
                });
            }
            tx.put_token(&token)?;
            let body = json!({
                "token": token_id(&token.hash), "person": token.person, "role": token.role,
                "scopes": token.scopes, "name": Text::from(token.name.as_str()),
                "expires_at": token.expires_at,
            });
            inner.note(tx, &actor, "token_issued", body)?;
            keep_answer(tx, asked, &token_id(&token.hash), inner.clock.wall())
        })
        .await
    }

    /// Revokes the token with this public id. `only` limits it to the tokens of one person;
    /// the person of a service's token is the empty word.
    ///
    /// # Errors
    /// Not found, or revoked before.
    pub async fn revoke_token(&self, actor: Actor, id: String, only: Option<String>) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            let tokens = tokens(tx, only.as_deref())?;
            let live = |token: &TokenRow| token.revoked_at.is_none() && token_id(&token.hash) == id;
            let token = tokens.into_iter().find(live);
            let token = token.ok_or(DeskError::NotFound("token"))?;
            tx.revoke_token(token.hash, inner.clock.wall())?;
            let body = json!({ "token": id, "person": token.person });
            inner.note(tx, &actor, "token_revoked", body).map(drop)
        })
        .await
    }

    /// The tokens of one person, or all of them, revoked ones included.
    ///
    /// # Errors
    /// The store's.
    pub async fn tokens(&self, only: Option<String>) -> Result<Vec<TokenRow>> {
        let read = move |view: &dyn View| tokens(view, only.as_deref());
        self.inner.store.read(read).await
    }

    /// The token with this hash, expired and revoked ones included.
    ///
    /// # Errors
    /// The store's.
    pub async fn token(&self, hash: Hash) -> Result<Option<TokenRow>> {
        Ok(self.inner.store.read(move |view| view.token(hash)).await?)
    }

    /// The token with this hash, and the account of its person: one look for both.
    ///
    /// # Errors
    /// The store's.
    pub async fn token_and_account(
        &self,
        hash: Hash,
    ) -> Result<Option<(TokenRow, Option<Account>)>> {
        let look = move |view: &dyn View| {
            let Some(token) = view.token(hash)? else {
                return Ok(None);
            };
            let account = view.account(&token.person)?;
            Ok::<_, StoreError>(Some((token, account)))
        };
        Ok(self.inner.store.read(look).await?)
    }

    /// The session with this hash, and the account of its person.
    ///
    /// # Errors
    /// The store's.
    pub async fn session_and_account(&self, hash: Hash) -> Result<Option<(SessionRow, Account)>> {
        let look = move |view: &dyn View| {
            let Some(session) = view.session(hash)? else {
                return Ok(None);
            };
            let account = view.account(&session.person)?;
            Ok::<_, StoreError>(account.map(|account| (session, account)))
        };
        Ok(self.inner.store.read(look).await?)
    }

    /// Begins a session, or notes that it is in use. What is long over is removed on the way.
    ///
    /// # Errors
    /// The store's.
    pub async fn put_session(&self, session: SessionRow, now: Timestamp) -> Result<()> {
        self.write(move |tx| {
            tx.purge_sessions(now)?;
            Ok(tx.put_session(&session)?)
        })
        .await
    }

    /// Ends a session. Ending it twice is fine.
    ///
    /// # Errors
    /// The store's.
    pub async fn end_session(&self, hash: Hash) -> Result<()> {
        self.write(move |tx| Ok(tx.end_session(hash).map(drop)?))
            .await
    }
}

fn create(inner: &Inner, tx: &mut dyn Tx, actor: &Actor, account: &Account) -> Result<()> {
    only_by_its_halves(&account.person)?;
    only_by_its_halves(&account.login)?;
    let taken = |field: &str, sentence: &str| DeskError::BadInput {
        field: field.to_owned(),
        sentence: sentence.to_owned(),
    };
    if tx.account(&account.person)?.is_some() {
        return Err(taken(
            "person",
            "This person has an account; change that one.",
        ));
    }
    if tx.account_by_login(&account.login)?.is_some() {
        return Err(taken(
            "login",
            "Another account has this login; choose another one.",
        ));
    }
    let mut account = account.clone();
    let way = match account.password.take() {
        Some(password) => {
            let way = inner.way(tx, actor, &account)?;
            account.password = Some(password).filter(|_| !matches!(way, Way::Asked(_)));
            Some(way)
        }
        None => None,
    };
    tx.put_account(&account)?;
    let body = account_told(&account, way.as_ref());
    inner.note(tx, actor, "account_created", body)?;
    match way {
        Some(way) => inner.follow(tx, actor, &account, &way, 0).map(drop),
        None => Ok(()),
    }
}

/// Ends the sessions of a person, and their tokens too where a password is replaced: whoever knew it may have issued
/// themselves one. A first password replaces none. Answers how many tokens ended.
pub(super) fn end_what_it_opened(
    inner: &Inner,
    tx: &mut dyn Tx,
    actor: &Actor,
    person: &str,
    replaces: bool,
) -> Result<usize> {
    tx.end_sessions_of(person)?;
    let mut live = match replaces {
        true => tx.tokens_of(person)?,
        false => Vec::new(),
    };
    live.retain(|token| token.revoked_at.is_none());
    for token in &live {
        tx.revoke_token(token.hash, inner.clock.wall())?;
        let body = json!({ "token": token_id(&token.hash), "person": person });
        inner.note(tx, actor, "token_revoked", body)?;
    }
    Ok(live.len())
}

pub(super) fn account_told(account: &Account, way: Option<&Way>) -> Value {
    let text = |words: &str| Text::from(words);
    json!({
        "person": account.person, "role": account.role, "login": text(&account.login),
        "name": text(&account.name), "email": account.email.as_deref().map(text),
        "comes": way.map(Way::word), "password_hash": password_told(account.password.as_deref()),
    })
}

/// What an entry says of a password: the hash of its salted hash, so that nobody exchanges it unseen and nothing can be
/// guessed from it.
pub(super) fn password_told(hashed: Option<&str>) -> Option<String> {
    hashed.map(hash_of)
}

/// Whether an admin can sign in: whoever was asked to choose a password and has not yet is none so far, nor is the
/// break-glass account, which has no password.
fn has_admin(accounts: &[Account]) -> bool {
    let signs_in = |account: &Account| !account.disabled && account.password.is_some();
    let mut admins = accounts.iter().filter(|account| account.role == "admin");
    admins.any(signs_in)
}

fn tokens(
    view: &(impl crate::store::AccessView + ?Sized),
    only: Option<&str>,
) -> Result<Vec<TokenRow>> {
    if let Some(person) = only {
        return Ok(view.tokens_of(person)?);
    }
    let mut all = view.tokens_of("")?;
    for account in view.accounts()? {
        all.extend(view.tokens_of(&account.person)?);
    }
    Ok(all)
}
