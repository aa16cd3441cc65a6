//! Second factors and what waits for them: sealed under the installation's key, changed in one transaction with the
//! sessions that this ends, the entry that tells of it and the mail to their person. What proves what is decided in
//! `auth`; a use of a factor is judged inside the transaction that notes it, so that no code counts twice.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use procedure::{Actor, How};
use serde_json::json;

use super::accounts::password_told;
use super::error::{DeskError, Result};
use super::installation::Addressee;
use super::{Desk, Inner, devices, passkeys};
use crate::auth::factors::Factors;
use crate::auth::secret;
use crate::auth::waiting::{Half, WRONG_CODES, Waiting};
use crate::report::access;
use crate::store::{Account, ChallengeRow, Hash, JournalKind, SessionRow, Tx, View};
use crate::vault::JournalKey;

/// What became of the factors of an account, in the words of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorNews {
    /// The password is no longer enough.
    AppOn,
    /// The password is enough again.
    AppOff,
    /// Another set of recovery codes.
    NewCodes,
    /// All gone, passkeys too: an admin took them off somebody who lost them.
    Reset,
}

/// What became of a code that was sent for a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passed {
    /// The session has begun.
    In,
    /// It was wrong, or used before.
    Wrong,
    /// The sign-in is over: it took too long, was wrong too often, or ended in another way.
    Over,
}

/// What is sent for a sign-in that waits.
pub enum Code {
    /// A code of the app.
    App(String),
    /// The hash of a recovery code.
    Recovery(String),
}

impl FactorNews {
    /// The word in the journal.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::AppOn => "app_on",
            Self::AppOff => "app_off",
            Self::NewCodes => "new_codes",
            Self::Reset => "reset",
        }
    }
}

impl Desk {
    /// The factors of a person; none for whoever has no account.
    ///
    /// # Errors
    /// Damaged where they do not open; the store's.
    pub async fn factors(&self, person: String) -> Result<Factors> {
        let inner = Arc::clone(&self.inner);
        let read = move |view: &dyn View| match view.account(&person)? {
            Some(account) => inner.factors_of(view, &account),
            None => Ok(Factors::default()),
        };
        self.inner.store.read(read).await
    }

    /// Changes the factors of an account, ends its other sessions and gives the one that is left another secret, and
    /// tells its person. `keep` is the hash of the session that did it, and the one under which it goes on.
    ///
    /// # Errors
    /// Not found; what `change` refuses; the store's.
    pub async fn change_factors(
        &self,
        actor: Actor,
        person: String,
        keep: Option<(Hash, Hash)>,
        change: impl FnOnce(&mut Factors, Timestamp) -> Result<FactorNews> + Send + 'static,
    ) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            let mut account = tx.account(&person)?.ok_or(DeskError::NotFound("account"))?;
            let mut factors = inner.factors_of(tx, &account)?;
            let news = change(&mut factors, inner.clock.wall())?;
            inner.keep_factors(tx, &mut account, &factors)?;
            if news == FactorNews::Reset {
                passkeys::end_all(tx, &person)?;
                devices::forget_all(tx, &person)?;
            }
            end_all_but(tx, &person, keep)?;
            let body =
                json!({ "person": person, "what": news.word(), "factors_hash": factors.print() });
            let seq = inner.note(tx, &actor, "factors_changed", body)?;
            let own = actor.as_person().is_some_and(|who| who.0 == person);
            let words = access::factors_changed(&account.login, news.word(), own);
            inner.tell_person(tx, seq, &account, &words)
        })
        .await
    }

    /// Keeps what waits for its second half, for so many minutes; what is long over is removed on the way. Answers the
    /// secret that names it.
    ///
    /// # Errors
    /// The store's.
    pub async fn wait(&self, waiting: &Waiting, minutes: i64) -> Result<String> {
        let token = self.inner.ids.token();
        let hash = secret::hash(&token);
        let content = serde_json::to_vec(waiting).map_err(DeskError::bug)?;
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            let now = inner.clock.wall();
            tx.purge_challenges(now)?;
            let key = inner.access_key(tx)?;
            let after = now.saturating_add(SignedDuration::from_mins(minutes));
            let row = ChallengeRow {
                hash,
                state: key.close_access(&challenge(&hash), &content, &inner.ids),
                expires_at: after.unwrap_or(Timestamp::MAX),
            };
            Ok(tx.put_challenge(&row)?)
        })
        .await?;
        Ok(token)
    }

    /// What waits under this secret; nothing for what is over.
    ///
    /// # Errors
    /// The store's.
    pub async fn waiting(&self, token: &str) -> Result<Option<Waiting>> {
        let (inner, hash) = (Arc::clone(&self.inner), secret::hash(token));
        let read = move |view: &dyn View| inner.waits(view, hash);
        self.inner.store.read(read).await
    }

    /// Takes what waits under this secret, so that nobody else can; nothing for what is over.
    ///
    /// # Errors
    /// The store's.
    pub async fn take_waiting(&self, token: &str) -> Result<Option<Waiting>> {
        let (inner, hash) = (Arc::clone(&self.inner), secret::hash(token));
        self.write(move |tx| {
            let waits = inner.waits(tx, hash)?;
            Ok(waits.filter(|_| tx.end_challenge(hash).unwrap_or(false)))
        })
        .await
    }

    /// Ends a sign-in that waits under this secret with a code: begins the session, or counts the code as wrong.
    ///
    /// # Errors
    /// The store's.
    pub async fn pass(&self, token: &str, code: Code, session: SessionRow) -> Result<Passed> {
        let (inner, hash) = (Arc::clone(&self.inner), secret::hash(token));
        self.write(move |tx| inner.pass(tx, hash, &code, session))
            .await
    }
}

impl Inner {
    fn pass(
        &self,
        tx: &mut dyn Tx,
        hash: Hash,
        code: &Code,
        session: SessionRow,
    ) -> Result<Passed> {
        let Some(Waiting::Half(mut half)) = self.waits(tx, hash)? else {
            return Ok(Passed::Over);
        };
        let account = tx.account(&half.person)?;
        let same = |account: &Account| password_told(account.password.as_deref()) == half.password;
        let Some(mut account) = account.filter(|account| !account.disabled && same(account)) else {
            tx.end_challenge(hash)?;
            return Ok(Passed::Over);
        };
        let mut factors = self.factors_of(tx, &account)?;
        let now = self.clock.wall();
        let right = match code {
            Code::App(code) => factors.app.as_mut().is_some_and(|app| app.takes(code, now)),
            Code::Recovery(hash) => factors.recovery.uses(hash),
        };
        if !right {
            half.wrong += 1;
            return self.wrong_code(tx, hash, half);
        }
        tx.end_challenge(hash)?;
        self.keep_factors(tx, &mut account, &factors)?;
        if matches!(code, Code::Recovery(_)) {
            let actor = Actor::person(&account.person.as_str().into(), How::Session);
            let left = factors.recovery.left();
            let body = json!({ "person": account.person, "left": left });
            let seq = self.note(tx, &actor, "recovery_code_used", body)?;
            let words = access::recovery_used(&account.login, left);
            self.tell_person(tx, seq, &account, &words)?;
        }
        tx.purge_sessions(now)?;
        tx.put_session(&SessionRow {
            person: half.person,
            ..session
        })?;
        Ok(Passed::In)
    }

    /// Counts a wrong code; too many end the sign-in.
    fn wrong_code(&self, tx: &mut dyn Tx, hash: Hash, half: Half) -> Result<Passed> {
        let row = tx.challenge(hash)?.ok_or(DeskError::NotFound("sign-in"))?;
        if half.wrong >= WRONG_CODES {
            tx.end_challenge(hash)?;
            return Ok(Passed::Over);
        }
        let content = serde_json::to_vec(&Waiting::Half(half)).map_err(DeskError::bug)?;
        let key = self.access_key(tx)?;
        let state = key.close_access(&challenge(&hash), &content, &self.ids);
        tx.put_challenge(&ChallengeRow { state, ..row })?;
        Ok(Passed::Wrong)
    }

    pub(super) fn waits(&self, view: &(impl View + ?Sized), hash: Hash) -> Result<Option<Waiting>> {
        let row = view.challenge(hash)?;
        let Some(row) = row.filter(|row| self.clock.wall() < row.expires_at) else {
            return Ok(None);
        };
        let Some(key) = self.kept_access_key(view)? else {
            return Ok(None);
        };
        let content = key.open_access(&challenge(&hash), &row.state);
        Ok(content.and_then(|content| serde_json::from_slice(&content).ok()))
    }

    /// The factors of an account.
    ///
    /// # Errors
    /// Damaged where they do not open: somebody changed them, and then nobody comes in without.
    pub(super) fn factors_of(
        &self,
        view: &(impl View + ?Sized),
        account: &Account,
    ) -> Result<Factors> {
        let Some(closed) = &account.second_factor else {
            return Ok(Factors::default());
        };
        let key = self.kept_access_key(view)?;
        let content = key.and_then(|key| key.open_access(&factors(&account.person), closed));
        let opened = content.and_then(|content| serde_json::from_slice(&content).ok());
        opened.ok_or_else(|| {
            let person = &account.person;
            DeskError::Damaged(format!(
                "the factors of {person} do not open; an admin can reset them"
            ))
        })
    }

    pub(super) fn keep_factors(
        &self,
        tx: &mut dyn Tx,
        account: &mut Account,
        kept: &Factors,
    ) -> Result<()> {
        account.second_factor = match kept.is_empty() {
            true => None,
            false => {
                let content = serde_json::to_vec(kept).map_err(DeskError::bug)?;
                let content = zeroize::Zeroizing::new(content);
                let key = self.access_key(tx)?;
                Some(key.close_access(&factors(&account.person), &content, &self.ids))
            }
        };
        Ok(tx.put_account(account)?)
    }

    /// Writes to whoever has this account, if mail leaves and they have an address.
    pub(super) fn tell_person(
        &self,
        tx: &mut dyn Tx,
        seq: u64,
        account: &Account,
        words: &crate::report::Words,
    ) -> Result<()> {
        if !self.mail.load(std::sync::atomic::Ordering::Relaxed) {
            return Ok(());
        }
        let addresses = self.addresses(tx, account, true)?;
        let to = addresses.into_iter();
        let to: Vec<_> = to
            .filter_map(|address| Some((Addressee::of(account, Some(address))?, words)))
            .collect();
        self.write_to(tx, seq, &to)
    }

    pub(super) fn access_key(&self, tx: &mut dyn Tx) -> Result<JournalKey> {
        self.installation(tx).map(|(key, _)| key)
    }

    pub(super) fn kept_access_key(
        &self,
        view: &(impl View + ?Sized),
    ) -> Result<Option<JournalKey>> {
        let row = view.journals(JournalKind::Installation)?.into_iter().next();
        let Some(row) = row else { return Ok(None) };
        let wrapped = view.journal_key(row.id)?;
        let key =
            wrapped.and_then(|wrapped| JournalKey::unwrap(&self.root, row.id.0, &wrapped).ok());
        let lost = || DeskError::Damaged(format!("journal {} has no key that opens", row.id));
        key.map(Some).ok_or_else(lost)
    }
}

/// Ends every session of a person but one, which goes on under another hash.
pub(super) fn end_all_but(tx: &mut dyn Tx, person: &str, keep: Option<(Hash, Hash)>) -> Result<()> {
    let kept = match keep {
        Some((old, new)) => tx.session(old)?.map(|row| SessionRow { hash: new, ..row }),
        None => None,
    };
    tx.end_sessions_of(person)?;
    match kept.filter(|row| row.person == person) {
        Some(row) => Ok(tx.put_session(&row)?),
        None => Ok(()),
    }
}

fn factors(person: &str) -> String {
    format!("factors {person}")
}

fn challenge(hash: &Hash) -> String {
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("challenge {hex}")
}
