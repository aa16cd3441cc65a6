//! Accounts, tokens, sessions, kept answers and settings in memory.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Memory, whole};
use crate::store::error::{Result, StoreError};
use crate::store::model::{
    Account, ChallengeRow, Hash, IdempotencyRow, PasskeyRow, SessionRow, TokenRow, whole_micros,
};
use crate::store::seam::{AccessTx, AccessView};

impl AccessView for Memory {
    fn account(&self, person: &str) -> Result<Option<Account>> {
        Ok(self.accounts.get(person).cloned())
    }

    fn account_by_login(&self, login: &str) -> Result<Option<Account>> {
        let login = login.to_lowercase();
        Ok(self
            .accounts
            .values()
            .find(|a| a.login.to_lowercase() == login)
            .cloned())
    }

    fn accounts(&self) -> Result<Vec<Account>> {
        Ok(self.accounts.values().cloned().collect())
    }

    fn token(&self, hash: Hash) -> Result<Option<TokenRow>> {
        Ok(self.tokens.get(&hash).cloned())
    }

    fn tokens(&self) -> Result<Vec<TokenRow>> {
        Ok(self.tokens.values().cloned().collect())
    }

    fn tokens_of(&self, person: &str) -> Result<Vec<TokenRow>> {
        let mut rows: Vec<TokenRow> = self
            .tokens
            .values()
            .filter(|row| row.person == person)
            .cloned()
            .collect();
        rows.sort_by_key(|row| (row.created_at, row.hash));
        Ok(rows)
    }

    fn session(&self, hash: Hash) -> Result<Option<SessionRow>> {
        Ok(self.sessions.get(&hash).cloned())
    }

    fn sessions(&self) -> Result<Vec<SessionRow>> {
        Ok(self.sessions.values().cloned().collect())
    }

    fn sessions_of(&self, person: &str) -> Result<Vec<SessionRow>> {
        let mut rows: Vec<SessionRow> = self
            .sessions
            .values()
            .filter(|row| row.person == person)
            .cloned()
            .collect();
        rows.sort_by_key(|row| (row.created_at, row.hash));
        Ok(rows)
    }

    fn challenge(&self, hash: Hash) -> Result<Option<ChallengeRow>> {
        Ok(self.challenges.get(&hash).cloned())
    }

    fn passkey(&self, hash: Hash) -> Result<Option<PasskeyRow>> {
        Ok(self.passkeys.get(&hash).cloned())
    }

    fn passkeys(&self) -> Result<Vec<PasskeyRow>> {
        Ok(self.passkeys.values().cloned().collect())
    }

    fn passkeys_of(&self, person: &str) -> Result<Vec<PasskeyRow>> {
        let all = self.passkeys.values();
        Ok(all.filter(|row| row.person == person).cloned().collect())
    }

    fn idempotency(&self, actor: &str, key: &str) -> Result<Option<IdempotencyRow>> {
        Ok(self
            .answers
            .get(&(actor.to_owned(), key.to_owned()))
            .cloned())
    }

    fn answers(&self) -> Result<Vec<IdempotencyRow>> {
        Ok(self.answers.values().cloned().collect())
    }

    fn settings(&self) -> Result<BTreeMap<String, Vec<u8>>> {
        let all = self.settings.iter();
        Ok(all
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect())
    }

    fn setting(&self, name: &str) -> Result<Option<Vec<u8>>> {
        Ok(self.settings.get(name).cloned())
    }
}

impl AccessTx for Memory {
    fn put_account(&mut self, account: &Account) -> Result<()> {
        if self
            .account_by_login(&account.login)?
            .is_some_and(|a| a.person != account.person)
        {
            return Err(StoreError::login_taken());
        }
        let account = Account {
            created_at: whole_micros(account.created_at),
            ..account.clone()
        };
        self.accounts.put(account.person.clone(), account);
        Ok(())
    }

    fn put_token(&mut self, token: &TokenRow) -> Result<()> {
        let token = TokenRow {
            created_at: whole_micros(token.created_at),
            expires_at: whole(token.expires_at),
            revoked_at: whole(token.revoked_at),
            ..token.clone()
        };
        self.tokens.put(token.hash, token);
        Ok(())
    }

    fn revoke_token(&mut self, hash: Hash, at: Timestamp) -> Result<bool> {
        let Some(token) = self.tokens.get(&hash).cloned() else {
            return Ok(false);
        };
        let revoked_at = token.revoked_at.or(Some(whole_micros(at)));
        self.tokens.put(
            hash,
            TokenRow {
                revoked_at,
                ..token
            },
        );
        Ok(true)
    }

    fn put_session(&mut self, session: &SessionRow) -> Result<()> {
        let session = SessionRow {
            created_at: whole_micros(session.created_at),
            seen_at: whole_micros(session.seen_at),
            expires_at: whole_micros(session.expires_at),
            ..session.clone()
        };
        self.sessions.put(session.hash, session);
        Ok(())
    }

    fn end_session(&mut self, hash: Hash) -> Result<bool> {
        Ok(self.sessions.remove(&hash))
    }

    fn end_sessions_of(&mut self, person: &str) -> Result<u64> {
        Ok(self.sessions.remove_where(|_, row| row.person == person))
    }

    fn purge_sessions(&mut self, now: Timestamp) -> Result<u64> {
        let now = whole_micros(now);
        Ok(self.sessions.remove_where(|_, row| row.expires_at <= now))
    }

    fn put_challenge(&mut self, challenge: &ChallengeRow) -> Result<()> {
        let challenge = ChallengeRow {
            expires_at: whole_micros(challenge.expires_at),
            ..challenge.clone()
        };
        self.challenges.put(challenge.hash, challenge);
        Ok(())
    }

    fn end_challenge(&mut self, hash: Hash) -> Result<bool> {
        Ok(self.challenges.remove(&hash))
    }

    fn purge_challenges(&mut self, now: Timestamp) -> Result<u64> {
        let now = whole_micros(now);
        Ok(self.challenges.remove_where(|_, row| row.expires_at <= now))
    }

    fn put_passkey(&mut self, passkey: &PasskeyRow) -> Result<()> {
        self.passkeys.put(passkey.hash, passkey.clone());
        Ok(())
    }

    fn end_passkey(&mut self, hash: Hash) -> Result<bool> {
        Ok(self.passkeys.remove(&hash))
    }

    fn put_idempotency(&mut self, row: &IdempotencyRow) -> Result<()> {
        let key = (row.actor.clone(), row.key.clone());
        if self.answers.get(&key).is_some() {
            return Err(StoreError::key_used());
        }
        self.answers.put(
            key,
            IdempotencyRow {
                at: whole_micros(row.at),
                ..row.clone()
            },
        );
        Ok(())
    }

    fn purge_idempotency(&mut self, before: Timestamp) -> Result<u64> {
        let before = whole_micros(before);
        Ok(self.answers.remove_where(|_, row| row.at < before))
    }

    fn put_setting(&mut self, name: &str, value: &[u8]) -> Result<()> {
        self.settings.put(name.to_owned(), value.to_vec());
        Ok(())
    }

    fn forget_setting(&mut self, name: &str) -> Result<bool> {
        Ok(self.settings.remove(&name.to_owned()))
    }
}
