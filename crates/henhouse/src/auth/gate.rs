//! Coming in: by password, by session, by token, by the set-up link.

use std::sync::{Arc, OnceLock};

use jiff::{SignedDuration, Timestamp};

use super::break_glass;
use super::dead::DeadToken;
use super::hashing::Hashing;
use super::known::{Known, Proof, Role, Scope};
use super::password;
use super::secret;
use super::tries::{TooMany, Tries};
use crate::desk::{Account, Desk, DeskError, SessionRow, token_id};
use crate::ids::Ids;

/// A session ends after so long without use.
const IDLE_HOURS: i64 = 24 * 7;
/// A session ends after so long at the latest.
const LONGEST_HOURS: i64 = 24 * 30;
/// An admin's session ends after so long without use, ...
const ADMIN_IDLE_HOURS: i64 = 24;
/// ... and after so long at the latest.
const ADMIN_LONGEST_HOURS: i64 = 24 * 7;
/// A use is noted at most so often.
const NOTED_MINUTES: i64 = 60;
/// Tries in a quarter of an hour: for one account from one address, from one address, for one account.
pub(super) const TRIES: [u32; 3] = [10, 50, 100];
/// No account has a longer login, in bytes.
const LONGEST_LOGIN: usize = 64;

/// The gate. Clones share it.
#[derive(Clone)]
pub struct Gate {
    pub(super) desk: Desk,
    pub(super) ids: Ids,
    pub(super) tries: Arc<Tries>,
    hashing: Arc<Hashing>,
    /// Verified when there is no such account, so that it takes as long as if there were. Made
    /// before the first login is looked at.
    nobody: Arc<OnceLock<String>>,
}

/// What a right password leads to.
#[derive(Debug)]
pub enum Entered {
    /// A session, by its secret.
    In(String),
    /// A sign-in that waits for a code, by its secret.
    Half(String),
    /// The break-glass account, which waits for who and why, by its secret.
    BreakGlass(String),
}

/// Why somebody may not come in.
#[derive(Debug, thiserror::Error)]
pub enum LoginRefused {
    /// Unknown, wrong, or locked out: which one is not told.
    #[error("Login or password is wrong. Try again, or ask an admin for a new password.")]
    Wrong,
    /// The password is right, and somebody else made it: its person chooses another first.
    #[error(
        "This password was made by somebody else. Choose your own: at least 12 characters; four words make it."
    )]
    ChooseOwn,
    /// The password is right, and the account asks for a code too: a program sends it along.
    #[error(
        "This account asks for a code after the password: send it as `code`, of the app or a recovery code."
    )]
    NeedsCode,
    /// Both halves of the break-glass account are right: a program sends who and why along.
    #[error(
        "Say who you are and why you need this, as `who` and `why`: everybody who must know is told."
    )]
    NeedsReason,
    /// Whoever is signed in did not show once more who they are.
    #[error("This is not your password. Type it again.")]
    NotAgain,
    /// The code is wrong, or was used before.
    #[error(
        "The code is wrong, or was used before. Wait for the next one, or use a recovery code."
    )]
    WrongCode,
    /// The sign-in that waited for a code is over.
    #[error(
        "This sign-in is over: it took too long, or too many codes were wrong. Begin again with your password."
    )]
    Over,
    /// No passkey of anybody here, or not in time; which one is not told.
    #[error(
        "This passkey does not sign you in here, or it took too long. Try again, or use your password."
    )]
    Passkey,
    /// The passkey counted no further than before.
    #[error(
        "This passkey may have been copied: it counted no further than before. It let nobody in, and its person is written \
         to. Sign in with your password and end it."
    )]
    PasskeyCopied,
    /// No browser takes a passkey for the address of this server.
    #[error("There are no passkeys here: they need an address that is a name, with https.")]
    NoPasskeys,
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

impl Gate {
    /// The gate of a desk.
    #[must_use]
    pub fn new(desk: Desk) -> Self {
        Self {
            ids: desk.ids(),
            desk,
            tries: Arc::default(),
            hashing: Arc::default(),
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
        self.by_token_hash(secret::hash(token)).await
    }

    async fn by_token_hash(&self, hash: [u8; 32]) -> Result<Option<Known>, DeskError> {
        let Some((row, account)) = self.desk.token_and_account(hash).await? else {
            return Ok(None);
        };
        let now = self.desk.clock().wall();
        if DeadToken::of(&row, account.as_ref(), now).is_some() {
            return Ok(None);
        }
        let (mut role, scope) = (Role::of_word(&row.role), Scope::of_words(&row.scopes));
        let id = token_id(&hash);
        let mut name = row.name;
        let person = (!row.person.is_empty()).then_some(row.person);
        if let (Some(_), Some(account)) = (&person, account) {
            role = role.min(Role::of_word(&account.role));
            name = account.name;
        }
        Ok(Some(Known {
            person,
            name,
            role,
            scope,
            proof: Proof::Token { id, hash },
        }))
    }

    /// Whoever shows this session, if it is good now.
    ///
    /// # Errors
    /// The desk's.
    pub async fn by_session(&self, session: &str) -> Result<Option<Known>, DeskError> {
        let hash = secret::hash(session);
        let Some((row, account)) = self.session(hash).await? else {
            return Ok(None);
        };
        let now = self.desk.clock().wall();
        if now.duration_since(row.seen_at) >= SignedDuration::from_mins(NOTED_MINUTES) {
            let seen = SessionRow {
                seen_at: now,
                ..row
            };
            let seen = seen.until(Role::of_word(&account.role));
            self.desk.put_session(seen, now).await?;
        }
        let role = Role::of_word(&account.role);
        let form_token = secret::form_token(session);
        Ok(Some(Known {
            person: Some(account.person),
            name: account.name,
            role,
            scope: role.reach(),
            proof: Proof::Session { hash, form_token },
        }))
    }

    async fn session(&self, hash: [u8; 32]) -> Result<Option<(SessionRow, Account)>, DeskError> {
        let now = self.desk.clock().wall();
        let known = self.desk.session_and_account(hash).await?;
        Ok(known.filter(|(row, account)| now < row.expires_at && !account.disabled))
    }

    /// Whether somebody who came in a while ago might still come in, as the same.
    pub async fn is_still(&self, known: &Known) -> bool {
        match &known.proof {
            Proof::LocalSocket => true,
            Proof::Token { hash, .. } => {
                let again = self.by_token_hash(*hash).await;
                again.is_ok_and(|again| again.as_ref() == Some(known))
            }
            Proof::Session { hash, .. } => {
                let again = self.session(*hash).await;
                let same = |account: Account| Role::of_word(&account.role) == known.role;
                again.is_ok_and(|again| again.is_some_and(|(_, account)| same(account)))
            }
        }
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
        let entered = self.log_in_choosing(login, (password, None), address, device);
        match entered.await? {
            Entered::In(session) => Ok(session),
            Entered::Half(_) => Err(LoginRefused::NeedsCode),
            Entered::BreakGlass(_) => Err(LoginRefused::NeedsReason),
        }
    }

    /// The same with a password that the person chooses in place of one that somebody else made.
    ///
    /// # Errors
    /// As [`Gate::log_in`]; bad input for a chosen password that does not do.
    pub async fn log_in_choosing(
        &self,
        login: &str,
        (password, chosen): (&str, Option<&str>),
        address: &str,
        device: &str,
    ) -> Result<Entered, LoginRefused> {
        let now = self.desk.clock().steady();
        if login.len() > LONGEST_LOGIN {
            self.tries
                .count(&format!("from {address}"), TRIES[1], now)?;
            return Err(LoginRefused::Wrong);
        }
        self.count_try(login, address)?;
        let nobody = self.nobody().await?;
        let account = self.desk.account_by_login(login.to_owned()).await?;
        let account = account.filter(|account| !account.disabled);
        let breaks_glass = break_glass::is_it(login);
        let halves = self.desk.break_glass_secret().await?;
        let hashed = match &account {
            Some(_) if breaks_glass => halves,
            Some(account) => account.password.clone(),
            None => None,
        };
        let password = match breaks_glass {
            true => break_glass::plain(password),
            false => password.to_owned(),
        };
        let known = hashed.is_some();
        let hashed = hashed.unwrap_or(nobody);
        let right = self.is_password(password.clone(), hashed).await;
        let Some(account) = account.filter(|_| right && known) else {
            return Err(LoginRefused::Wrong);
        };
        if breaks_glass {
            return Ok(Entered::BreakGlass(self.wait_for_reason().await?));
        }
        let waits = self.desk.confirmation_of(account.person.clone()).await?;
        if waits.is_some() {
            let chosen = chosen.ok_or(LoginRefused::ChooseOwn)?;
            if chosen == password.as_str() {
                return Err(LoginRefused::ChooseOwn);
            }
            let hashed = self.hash_password(chosen, &account.login).await?;
            let person = account.person.clone();
            self.desk.choose_password(person, hashed).await?;
        }
        let (person, login) = (account.person, account.login);
        let entered = self.begin_or_wait(person, address, device).await?;
        // Whoever still has to send a code has not got in: their tries go on counting.
        if matches!(entered, Entered::In(_)) {
            self.forget_tries(&login, address);
        }
        Ok(entered)
    }

    /// Counts a try to prove who somebody with this login is.
    pub(super) fn count_try(&self, login: &str, address: &str) -> Result<(), TooMany> {
        let now = self.desk.clock().steady();
        let account = format!("account {}", login.to_lowercase());
        self.tries
            .count(&format!("from {address}"), TRIES[1], now)?;
        // What one address is refused does not count on the account: else two lock anybody out.
        self.tries
            .count(&format!("{account} from {address}"), TRIES[0], now)?;
        self.tries.count(&account, TRIES[2], now)
    }

    pub(super) fn forget_tries(&self, login: &str, address: &str) {
        let account = format!("account {}", login.to_lowercase());
        self.tries.forget(&format!("{account} from {address}"));
        self.tries.forget(&account);
    }

    /// Begins a session, or, where the account asks for a code, a sign-in that waits for it.
    pub(super) async fn begin_or_wait(
        &self,
        person: String,
        address: &str,
        device: &str,
    ) -> Result<Entered, DeskError> {
        if !self.desk.factors(person.clone()).await?.ask_for_code() {
            return self.begin(person, address, device).await.map(Entered::In);
        }
        self.wait_for_code(person).await.map(Entered::Half)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The desk's.
    pub async fn log_out(&self, known: &Known) -> Result<(), DeskError> {
        match known.proof {
            Proof::Session { hash, .. } => self.desk.end_session(hash).await,
            Proof::Token { .. } | Proof::LocalSocket => Ok(()),
        }
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

    pub(super) async fn begin(
        &self,
        person: String,
        address: &str,
        device: &str,
    ) -> Result<String, DeskError> {
        let (session, row) = self.new_session("password", (address, device));
        let role = self.role_of(&person).await?;
        let row = SessionRow { person, ..row }.until(role);
        let now = row.created_at;
        self.desk.put_session(row, now).await?;
        Ok(session)
    }

    /// The secret of a new session and its row; whose it is, and until when, is still to be said.
    pub(super) fn new_session(
        &self,
        method: &str,
        (address, device): (&str, &str),
    ) -> (String, SessionRow) {
        let session = self.ids.token();
        let now = self.desk.clock().wall();
        let row = SessionRow {
            hash: secret::hash(&session),
            person: String::new(),
            method: method.to_owned(),
            device: device.chars().take(200).collect(),
            address: address.chars().take(64).collect(),
            created_at: now,
            seen_at: now,
            expires_at: expiry(Role::Member, now, now),
        };
        (session, row)
    }

    pub(super) async fn role_of(&self, person: &str) -> Result<Role, DeskError> {
        let account = self.desk.account(person.to_owned()).await?;
        Ok(account.map_or(Role::Member, |account| Role::of_word(&account.role)))
    }

    pub(super) async fn is_password(&self, password: String, hashed: String) -> bool {
        // Nobody has a longer one, so it need not be hashed to know.
        let password = if password.len() > 4 * password::MOST {
            String::new()
        } else {
            password
        };
        let verified = self.apart(move || password::verify(&password, &hashed));
        verified.await.unwrap_or(false)
    }

    pub(super) async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, DeskError> {
        let done = self.hashing.run(work).await;
        done.ok_or_else(|| DeskError::Bug("a password could not be hashed".into()))
    }
}

impl SessionRow {
    /// Lasts as long as a session of somebody with this role may.
    #[must_use]
    pub(super) fn until(self, role: Role) -> Self {
        let mut expires_at = expiry(role, self.created_at, self.seen_at);
        if self.method == break_glass::METHOD {
            let hour = SignedDuration::from_hours(1);
            expires_at = self.created_at.saturating_add(hour).unwrap_or(expires_at);
        }
        Self { expires_at, ..self }
    }
}

fn expiry(role: Role, created_at: Timestamp, now: Timestamp) -> Timestamp {
    let (idle, longest) = match role {
        Role::Admin => (ADMIN_IDLE_HOURS, ADMIN_LONGEST_HOURS),
        Role::Member | Role::Observer => (IDLE_HOURS, LONGEST_HOURS),
    };
    let after = |at: Timestamp, hours| {
        at.saturating_add(SignedDuration::from_hours(hours))
            .unwrap_or(Timestamp::MAX)
    };
    after(now, idle).min(after(created_at, longest))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;
    use crate::auth::NewToken;
    use crate::desk::AccountChange;
    use crate::web::stage::{PASSWORD, Stage};

    fn token_of(person: &str) -> NewToken {
        NewToken {
            name: "laptop".into(),
            person: Some(person.into()),
            role: Role::Member,
            scope: Scope::Write,
            expires_at: None,
        }
    }

    #[tokio::test]
    async fn two_addresses_lock_nobody_out() {
        let stage = Stage::new().await;
        stage.account("ann", "member").await;
        let gate = &stage.app.gate;
        for address in ["192.0.2.1", "192.0.2.2"] {
            for n in 0..60 {
                let refused = gate.log_in("Ann", "wrong", address, "x").await.unwrap_err();
                let waits = matches!(refused, LoginRefused::TooMany(_));
                assert_eq!(waits, n >= 10, "try {n}: {refused}");
            }
        }
        gate.log_in("ann", PASSWORD, "192.0.2.3", "x")
            .await
            .unwrap();
        let long = "a".repeat(65);
        for _ in 0..12 {
            let refused = gate.log_in(&long, PASSWORD, "192.0.2.4", "x").await;
            assert!(matches!(refused, Err(LoginRefused::Wrong)), "not kept");
        }
    }

    #[tokio::test]
    async fn a_password_reset_ends_what_a_stolen_session_made() {
        let stage = Stage::new().await;
        stage.account("ann", "member").await;
        stage.account_without_password("bob").await;
        let gate = &stage.app.gate;
        let session = gate.log_in("ann", PASSWORD, "x", "x").await.unwrap();
        let known = gate.by_session(&session).await.unwrap().unwrap();
        let issued = gate.issue(known.actor(), token_of("ann"), None).await;
        let (token, _) = issued.unwrap();
        let (bobs, _) = gate
            .issue(known.actor(), token_of("bob"), None)
            .await
            .unwrap();
        assert!(gate.by_token(&token).await.unwrap().is_some());
        let boss = Known::owner().actor();
        for person in ["ann", "bob"] {
            let set = gate.set_password(boss.clone(), person, "another four words");
            set.await.unwrap();
        }
        assert_eq!(gate.by_session(&session).await.unwrap(), None);
        assert_eq!(gate.by_token(&token).await.unwrap(), None);
        let first = gate.by_token(&bobs).await.unwrap();
        assert!(first.is_some(), "a first password replaces none");
    }

    #[tokio::test]
    async fn a_stream_of_somebody_demoted_ends() {
        let stage = Stage::new().await;
        stage.account("ann", "admin").await;
        let gate = &stage.app.gate;
        let session = gate.log_in("ann", PASSWORD, "x", "x").await.unwrap();
        let known = gate.by_session(&session).await.unwrap().unwrap();
        assert!(gate.is_still(&known).await);
        let change = AccountChange {
            role: Some("member".into()),
            ..AccountChange::default()
        };
        let desk = &stage.app.desk;
        let changed = desk.change_account(Known::owner().actor(), "ann".into(), change);
        changed.await.unwrap();
        assert!(!gate.is_still(&known).await);
    }
}
