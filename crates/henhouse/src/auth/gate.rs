//! Coming in: by password, by session, by token, by the set-up link.

use std::sync::{Arc, OnceLock};

use jiff::{SignedDuration, Timestamp};
use procedure::{Actor, How, Who};
use tokio::sync::Semaphore;

use super::known::{Known, Proof, Role, Scope};
use super::password;
use super::secret;
use super::tries::{TooMany, Tries};
use crate::desk::{Account, AccountChange, Desk, DeskError, SessionRow, TokenRow, token_id};
use crate::ids::Ids;

/// A session ends after so long without use.
const IDLE_HOURS: i64 = 24 * 7;
/// A session ends after so long at the latest.
const LONGEST_HOURS: i64 = 24 * 30;
/// A use is noted at most so often.
const NOTED_MINUTES: i64 = 60;
/// Tries in a quarter of an hour: for one account from one address, from one address, for one account.
const TRIES: [u32; 3] = [10, 50, 100];
/// So many passwords are hashed at once; each takes 19 MiB.
const AT_ONCE: usize = 4;

/// The gate. Clones share it.
#[derive(Clone)]
pub struct Gate {
    desk: Desk,
    ids: Ids,
    tries: Arc<Tries>,
    hashing: Arc<Semaphore>,
    /// Verified when there is no such account, so that it takes as long as if there were. Made
    /// before the first login is looked at.
    nobody: Arc<OnceLock<String>>,
}

/// Why somebody may not come in.
#[derive(Debug, thiserror::Error)]
pub enum LoginRefused {
    /// Unknown, wrong, or locked out: which one is not told.
    #[error("Login or password is wrong. Try again, or ask an admin for a new password.")]
    Wrong,
    /// Too many tries.
    #[error("Too many tries. Wait {0} seconds.")]
    TooMany(u64),
    /// The desk could not.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl From<TooMany> for LoginRefused {
    fn from(many: TooMany) -> Self {
        Self::TooMany(many.wait_seconds)
    }
}

/// An account to be made.
#[derive(Clone)]
pub struct NewAccount {
    /// Who; the login where nothing else is said.
    pub person: Option<String>,
    /// The name to log in with.
    pub login: String,
    /// The name shown.
    pub name: String,
    /// The address for mail.
    pub email: Option<String>,
    /// The role in the installation.
    pub role: Role,
    /// The password; without one only tokens let them in.
    pub password: Option<String>,
}

/// A token to be issued.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is called; a program acts under this name.
    pub name: String,
    /// Whose it is; nobody's for a program.
    pub person: Option<String>,
    /// With which role it acts, at most its person's.
    pub role: Role,
    /// How far it reaches.
    pub scope: Scope,
    /// From when it is worthless.
    pub expires_at: Option<Timestamp>,
}

impl Gate {
    /// The gate of a desk.
    #[must_use]
    pub fn new(desk: Desk) -> Self {
        Self {
            ids: desk.ids(),
            desk,
            tries: Arc::default(),
            hashing: Arc::new(Semaphore::new(AT_ONCE)),
            nobody: Arc::default(),
        }
    }

    /// Whoever shows this token, if it is good now.
    ///
    /// # Errors
    /// The desk's.
    pub async fn by_token(&self, token: &str) -> Result<Option<Known>, DeskError> {
        if !secret::is_token(token) {
            return Ok(None);
        }
        let Some(row) = self.desk.token(secret::hash(token)).await? else {
            return Ok(None);
        };
        let now = self.desk.clock().wall();
        if row.revoked_at.is_some() || row.expires_at.is_some_and(|end| end <= now) {
            return Ok(None);
        }
        let (mut role, scope) = (Role::of_word(&row.role), Scope::of_words(&row.scopes));
        let proof = Proof::Token(token_id(&row.hash));
        let mut name = row.name;
        let person = (!row.person.is_empty()).then_some(row.person);
        if let Some(person) = &person {
            let account = self.desk.account(person.clone()).await?;
            let Some(account) = account.filter(|account| !account.disabled) else {
                return Ok(None);
            };
            role = role.min(Role::of_word(&account.role));
            name = account.name;
        }
        Ok(Some(Known {
            person,
            name,
            role,
            scope,
            proof,
        }))
    }

    /// Whoever shows this session, if it is good now.
    ///
    /// # Errors
    /// The desk's.
    pub async fn by_session(&self, session: &str) -> Result<Option<Known>, DeskError> {
        let hash = secret::hash(session);
        let Some(row) = self.desk.session(hash).await? else {
            return Ok(None);
        };
        let now = self.desk.clock().wall();
        if row.expires_at <= now {
            return Ok(None);
        }
        let account = self.desk.account(row.person.clone()).await?;
        let Some(account) = account.filter(|account| !account.disabled) else {
            return Ok(None);
        };
        if now.duration_since(row.seen_at) >= SignedDuration::from_mins(NOTED_MINUTES) {
            let expires_at = expiry(row.created_at, now);
            let seen = SessionRow {
                seen_at: now,
                expires_at,
                ..row
            };
            self.desk.put_session(seen, now).await?;
        }
        let role = Role::of_word(&account.role);
        Ok(Some(Known {
            person: Some(account.person),
            name: account.name,
            role,
            scope: role.reach(),
            proof: Proof::Session {
                hash,
                form_token: secret::form_token(session),
            },
        }))
    }

    /// Begins a session by login and password; answers its secret, for the cookie.
    ///
    /// # Errors
    /// [`LoginRefused`], which never says whether the login exists.
    pub async fn log_in(
        &self,
        login: &str,
        password: &str,
        address: &str,
        device: &str,
    ) -> Result<String, LoginRefused> {
        let now = self.desk.clock().steady();
        let account_name = format!("account {}", login.to_lowercase());
        let pair = format!("{account_name} from {address}");
        self.tries
            .count(&format!("from {address}"), TRIES[1], now)?;
        self.tries.count(&account_name, TRIES[2], now)?;
        self.tries.count(&pair, TRIES[0], now)?;
        let nobody = self.nobody().await?;
        let account = self.desk.account_by_login(login.to_owned()).await?;
        let account = account.filter(|account| !account.disabled);
        let hashed = account
            .as_ref()
            .and_then(|account| account.password.clone());
        let known = hashed.is_some();
        let hashed = hashed.unwrap_or(nobody);
        let right = self.is_password(password.to_owned(), hashed).await;
        let Some(account) = account.filter(|_| right && known) else {
            return Err(LoginRefused::Wrong);
        };
        self.tries.forget(&pair);
        self.tries.forget(&account_name);
        Ok(self.begin(account.person, device).await?)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The desk's.
    pub async fn log_out(&self, known: &Known) -> Result<(), DeskError> {
        match known.proof {
            Proof::Session { hash, .. } => self.desk.end_session(hash).await,
            Proof::Token(_) | Proof::LocalSocket => Ok(()),
        }
    }

    /// Makes a new set-up link's secret, unless there is an admin; the one before works no more.
    ///
    /// # Errors
    /// The desk's.
    pub async fn set_up_link(&self) -> Result<Option<String>, DeskError> {
        let link = self.ids.token();
        let offered = self.desk.offer_set_up(secret::hash(&link)).await?;
        Ok(offered.then_some(link))
    }

    /// Whether this set-up link works.
    ///
    /// # Errors
    /// The desk's.
    pub async fn is_set_up_link(&self, link: &str) -> Result<bool, DeskError> {
        self.desk.is_set_up_link(secret::hash(link)).await
    }

    /// Makes the first admin and begins their session.
    ///
    /// # Errors
    /// Not found where the link does not work; bad input, naming the field.
    pub async fn set_up(
        &self,
        link: &str,
        new: NewAccount,
        device: &str,
    ) -> Result<String, DeskError> {
        let account = self
            .account(NewAccount {
                role: Role::Admin,
                ..new
            })
            .await?;
        let actor = Actor {
            who: Who::Person(account.person.as_str().into()),
            how: How::SignedLink,
        };
        let person = account.person.clone();
        self.desk.set_up(secret::hash(link), actor, account).await?;
        self.begin(person, device).await
    }

    /// Makes an account.
    ///
    /// # Errors
    /// Bad input, naming the field; the desk's.
    pub async fn create_account(
        &self,
        actor: Actor,
        new: NewAccount,
    ) -> Result<Account, DeskError> {
        let account = self.account(new).await?;
        self.desk.create_account(actor, account.clone()).await?;
        Ok(account)
    }

    /// Gives an account another password; every session of it ends.
    ///
    /// # Errors
    /// Bad input for a password that does not do; not found.
    pub async fn set_password(
        &self,
        actor: Actor,
        person: &str,
        password: &str,
    ) -> Result<(), DeskError> {
        let account = self.desk.account(person.to_owned()).await?;
        let account = account.ok_or(DeskError::NotFound("account"))?;
        let hashed = self.hash_password(password, &account.login).await?;
        let change = AccountChange {
            password: Some(hashed),
            ..AccountChange::default()
        };
        let changed = self.desk.change_account(actor, person.to_owned(), change);
        changed.await.map(drop)
    }

    /// Issues a token; answers the secret, which is shown this once, and what is kept. A person
    /// without an account gets one that has no password.
    ///
    /// # Errors
    /// The desk's.
    pub async fn issue(
        &self,
        actor: Actor,
        new: NewToken,
    ) -> Result<(String, TokenRow), DeskError> {
        if let Some(person) = &new.person
            && self.desk.account(person.clone()).await?.is_none()
        {
            self.account_for(&actor, person, new.role).await?;
        }
        let token = secret::new_token(&self.ids);
        let row = TokenRow {
            hash: secret::hash(&token),
            name: short("name", new.name)?,
            person: new.person.unwrap_or_default(),
            role: new.role.word().to_owned(),
            scopes: vec![new.scope.word().to_owned()],
            created_at: self.desk.clock().wall(),
            expires_at: new.expires_at,
            revoked_at: None,
        };
        self.desk.issue_token(actor, row.clone()).await?;
        Ok((token, row))
    }

    async fn account_for(&self, actor: &Actor, person: &str, role: Role) -> Result<(), DeskError> {
        let new = NewAccount {
            person: None,
            login: person.to_owned(),
            name: person.to_owned(),
            email: None,
            role,
            password: None,
        };
        self.create_account(actor.clone(), new).await.map(drop)
    }

    async fn nobody(&self) -> Result<String, DeskError> {
        let (nobody, ids) = (Arc::clone(&self.nobody), self.ids.clone());
        let made = move || {
            nobody
                .get_or_init(|| password::hash(&ids.token(), &ids))
                .clone()
        };
        match self.nobody.get() {
            Some(made) => Ok(made.clone()),
            None => self.apart(made).await,
        }
    }

    async fn account(&self, new: NewAccount) -> Result<Account, DeskError> {
        let login = word("login", &new.login)?;
        let person = word("person", new.person.as_deref().unwrap_or(&login))?;
        let password = match &new.password {
            Some(password) => Some(self.hash_password(password, &login).await?),
            None => None,
        };
        Ok(Account {
            person,
            login,
            name: short("name", new.name)?,
            email: new.email,
            role: new.role.word().to_owned(),
            password,
            second_factor: None,
            disabled: false,
            created_at: self.desk.clock().wall(),
        })
    }

    async fn begin(&self, person: String, device: &str) -> Result<String, DeskError> {
        let session = self.ids.token();
        let now = self.desk.clock().wall();
        let row = SessionRow {
            hash: secret::hash(&session),
            person,
            method: "password".to_owned(),
            device: device.chars().take(200).collect(),
            created_at: now,
            seen_at: now,
            expires_at: expiry(now, now),
        };
        self.desk.put_session(row, now).await?;
        Ok(session)
    }

    async fn hash_password(&self, password: &str, login: &str) -> Result<String, DeskError> {
        password::check(password, login).map_err(|unfit| bad("password", &unfit.to_string()))?;
        let (password, ids) = (password.to_owned(), self.ids.clone());
        self.apart(move || password::hash(&password, &ids)).await
    }

    async fn is_password(&self, password: String, hashed: String) -> bool {
        // Nobody has a longer one, so it need not be hashed to know.
        let password = if password.len() > 4 * password::MOST {
            String::new()
        } else {
            password
        };
        let verified = self.apart(move || password::verify(&password, &hashed));
        verified.await.unwrap_or(false)
    }

    async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, DeskError> {
        let _turn = self.hashing.acquire().await;
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|error| DeskError::Bug(error.to_string()))
    }
}

fn expiry(created_at: Timestamp, now: Timestamp) -> Timestamp {
    let after = |at: Timestamp, hours| {
        at.saturating_add(SignedDuration::from_hours(hours))
            .unwrap_or(Timestamp::MAX)
    };
    after(now, IDLE_HOURS).min(after(created_at, LONGEST_HOURS))
}

fn bad(field: &str, sentence: &str) -> DeskError {
    DeskError::BadInput {
        field: field.to_owned(),
        sentence: sentence.to_owned(),
    }
}

/// A login or the id of a person: a short word without spaces.
fn word(field: &str, text: &str) -> Result<String, DeskError> {
    let fits = |c: char| c.is_alphanumeric() || "-_.@+".contains(c);
    if text.is_empty() || text.len() > 64 || !text.chars().all(fits) {
        let sentence = "Use letters, digits and - _ . @ +, at most 64.";
        return Err(bad(field, sentence));
    }
    Ok(text.to_owned())
}

fn short(field: &str, text: String) -> Result<String, DeskError> {
    if text.trim().is_empty() || text.len() > 200 {
        return Err(bad(field, "Write a name of 1 to 200 bytes."));
    }
    Ok(text)
}
