//! What people do about their own way in: show once more who they are, choose another password.

use jiff::SignedDuration;

use super::Known;
use super::gate::{Gate, LoginRefused};
use super::issue::short;
use super::known::Proof;
use super::second::person_of;
use super::secret;
use crate::desk::DeskError;

/// A sign-in shows for so long who it is, in minutes.
const FRESH_MINUTES: i64 = 10;

impl Gate {
    /// Shows once more who somebody is, by their password, before they change how they sign in.
    ///
    /// # Errors
    /// [`LoginRefused::NotAgain`]; too many tries, which count as at the sign-in.
    pub async fn prove_again(
        &self,
        known: &Known,
        password: &str,
        address: &str,
    ) -> Result<(), LoginRefused> {
        let person = person_of(known)?.to_owned();
        let account = self.desk.account(person).await?;
        let account = account.ok_or(LoginRefused::NotAgain)?;
        self.count_try(&account.login, address)?;
        let hashed = account.password.ok_or(LoginRefused::NotAgain)?;
        if !self.is_password(password.to_owned(), hashed).await {
            return Err(LoginRefused::NotAgain);
        }
        self.forget_tries(&account.login, address);
        Ok(())
    }

    /// The same for whoever has just signed in, who need not type it again.
    ///
    /// # Errors
    /// As [`Gate::prove_again`].
    pub async fn prove_again_or_lately(
        &self,
        known: &Known,
        password: &str,
        address: &str,
    ) -> Result<(), LoginRefused> {
        if password.is_empty() && self.is_fresh(known).await? {
            return Ok(());
        }
        self.prove_again(known, password, address).await
    }

    /// Whether somebody has just signed in, so that it is still them.
    ///
    /// # Errors
    /// The desk's.
    pub async fn is_fresh(&self, known: &Known) -> Result<bool, DeskError> {
        let Proof::Session { hash, .. } = &known.proof else {
            return Ok(false);
        };
        let session = self.desk.session(*hash).await?;
        let now = self.desk.clock().wall();
        let lately = SignedDuration::from_mins(FRESH_MINUTES);
        Ok(session.is_some_and(|session| now.duration_since(session.created_at) < lately))
    }

    /// Gives oneself another name.
    ///
    /// # Errors
    /// Bad input for none, or one that is too long; the desk's.
    pub async fn rename(&self, known: &Known, name: String) -> Result<(), DeskError> {
        let name = short("name", name)?;
        let person = known.person.clone().ok_or(DeskError::NotFound("account"))?;
        self.desk.rename(known.actor(), person, name).await
    }

    /// Counts a message to oneself.
    ///
    /// # Errors
    /// Too many in a quarter of an hour.
    pub fn count_message(&self, person: &str, most: u32) -> Result<(), LoginRefused> {
        let now = self.desk.clock().steady();
        Ok(self.tries.count(&format!("message {person}"), most, now)?)
    }

    /// Replaces one's password; who it is was shown before. Every other session and every token ends; answers the
    /// session's new secret, and how many tokens ended.
    ///
    /// # Errors
    /// Bad input for a password that does not do; the desk's.
    pub async fn change_own_password(
        &self,
        known: &Known,
        password: &str,
    ) -> Result<(String, usize), DeskError> {
        let person = person_of(known)?.to_owned();
        let account = self.desk.account(person.clone()).await?;
        let account = account.ok_or(DeskError::NotFound("account"))?;
        let hashed = self.hash_password(password, &account.login).await;
        let hashed = hashed.map_err(|error| match error {
            DeskError::BadInput { sentence, .. } => DeskError::BadInput {
                field: "new_password".to_owned(),
                sentence,
            },
            error => error,
        })?;
        let session = self.ids.token();
        let keep = match known.proof {
            Proof::Session { hash, .. } => Some((hash, secret::hash(&session))),
            Proof::Token { .. } | Proof::LocalSocket => None,
        };
        let change = self
            .desk
            .change_own_password(known.actor(), person, hashed, keep);
        let ended = change.await?;
        Ok((session, ended))
    }
}
