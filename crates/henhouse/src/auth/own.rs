//! What people do about their own way in: show once more who they are, choose another password.

use super::Known;
use super::gate::{Gate, LoginRefused};
use super::known::Proof;
use super::second::person_of;
use super::secret;
use crate::desk::DeskError;

impl Gate {
    /// Shows once more who somebody is, before they change how they sign in: by their password, or by a passkey with
    /// which their session began less than ten minutes ago.
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
        if password.is_empty() && self.is_fresh(known).await? {
            return Ok(());
        }
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

    /// Whether the session began with a passkey less than ten minutes ago.
    ///
    /// # Errors
    /// The desk's.
    pub async fn is_fresh(&self, known: &Known) -> Result<bool, DeskError> {
        let Proof::Session { hash, .. } = known.proof else {
            return Ok(false);
        };
        let row = self.desk.session(hash).await?;
        let now = self.desk.clock().wall();
        Ok(row.is_some_and(|row| row.is_fresh_passkey(now)))
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
