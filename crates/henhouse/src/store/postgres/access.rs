//! Accounts, tokens, sessions, kept answers and settings in PostgreSQL.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::session::{Got, Session};
use super::statements;
use super::values::{Hashed, Micros, Value, values};
use crate::store::error::{Result, StoreError};
use crate::store::model::{
    Account, ChallengeRow, Hash, IdempotencyRow, PasskeyRow, SessionRow, TokenRow,
};
use crate::store::seam::{AccessTx, AccessView};

statements! {
    ACCOUNT = "SELECT person, login, name, email, role, password, second_factor, disabled, created_at
        FROM account WHERE person = $1";
    BY_LOGIN = "SELECT person, login, name, email, role, password, second_factor, disabled,
            created_at
        FROM account WHERE login_key = $1";
    ACCOUNTS = "SELECT person, login, name, email, role, password, second_factor, disabled,
            created_at
        FROM account ORDER BY person";
    PUT_ACCOUNT = "INSERT INTO account (person, login, login_key, name, email, role, password,
            second_factor, disabled, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (person) DO UPDATE SET login = excluded.login, login_key = excluded.login_key,
            name = excluded.name, email = excluded.email, role = excluded.role,
            password = excluded.password, second_factor = excluded.second_factor,
            disabled = excluded.disabled, created_at = excluded.created_at";
    TOKEN = "SELECT hash, name, person, role, scopes, created_at, expires_at, revoked_at FROM token
        WHERE hash = $1";
    TOKENS = "SELECT hash, name, person, role, scopes, created_at, expires_at, revoked_at
        FROM token ORDER BY hash";
    TOKENS_OF = "SELECT hash, name, person, role, scopes, created_at, expires_at, revoked_at
        FROM token WHERE person = $1 ORDER BY created_at, hash";
    PUT_TOKEN = "INSERT INTO token (hash, name, person, role, scopes, created_at, expires_at,
            revoked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (hash) DO UPDATE SET name = excluded.name, person = excluded.person,
            role = excluded.role, scopes = excluded.scopes, created_at = excluded.created_at,
            expires_at = excluded.expires_at, revoked_at = excluded.revoked_at";
    REVOKE_TOKEN = "UPDATE token SET revoked_at = coalesce(revoked_at, $2) WHERE hash = $1";
    SESSION = "SELECT hash, person, method, device, created_at, seen_at, expires_at, address
            FROM session
        WHERE hash = $1";
    SESSIONS = "SELECT hash, person, method, device, created_at, seen_at, expires_at, address
            FROM session
        ORDER BY hash";
    SESSIONS_OF = "SELECT hash, person, method, device, created_at, seen_at, expires_at, address
            FROM session
        WHERE person = $1 ORDER BY created_at, hash";
    PUT_SESSION = "INSERT INTO session (hash, person, method, device, created_at, seen_at,
            expires_at, address)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (hash) DO UPDATE SET person = excluded.person, method = excluded.method,
            device = excluded.device, created_at = excluded.created_at, seen_at = excluded.seen_at,
            expires_at = excluded.expires_at, address = excluded.address";
    END_SESSION = "DELETE FROM session WHERE hash = $1";
    END_SESSIONS_OF = "DELETE FROM session WHERE person = $1";
    PURGE_SESSIONS = "DELETE FROM session WHERE expires_at <= $1";
    CHALLENGE = "SELECT hash, state, expires_at FROM challenge WHERE hash = $1";
    PUT_CHALLENGE = "INSERT INTO challenge (hash, state, expires_at) VALUES ($1, $2, $3)
        ON CONFLICT (hash) DO UPDATE SET state = excluded.state, expires_at = excluded.expires_at";
    END_CHALLENGE = "DELETE FROM challenge WHERE hash = $1";
    PURGE_CHALLENGES = "DELETE FROM challenge WHERE expires_at <= $1";
    PASSKEY = "SELECT hash, person, state FROM passkey WHERE hash = $1";
    PASSKEYS = "SELECT hash, person, state FROM passkey ORDER BY hash";
    PASSKEYS_OF = "SELECT hash, person, state FROM passkey WHERE person = $1 ORDER BY hash";
    PUT_PASSKEY = "INSERT INTO passkey (hash, person, state) VALUES ($1, $2, $3)
        ON CONFLICT (hash) DO UPDATE SET person = excluded.person, state = excluded.state";
    END_PASSKEY = "DELETE FROM passkey WHERE hash = $1";
    ANSWER = "SELECT actor, key, command, answer, at FROM idempotency WHERE actor = $1 AND key = $2";
    ANSWERS = "SELECT actor, key, command, answer, at FROM idempotency ORDER BY actor, key";
    PUT_ANSWER = "INSERT INTO idempotency (actor, key, command, answer, at)
        VALUES ($1, $2, $3, $4, $5)";
    PURGE_ANSWERS = "DELETE FROM idempotency WHERE at < $1";
    SETTINGS = "SELECT name, value FROM setting ORDER BY name";
    SETTING = "SELECT value FROM setting WHERE name = $1";
    FORGET_SETTING = "DELETE FROM setting WHERE name = $1";
    PUT_SETTING = "INSERT INTO setting (name, value) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
}

fn time(row: &Got, column: usize) -> Result<Timestamp> {
    Ok(row.get::<Micros>(column)?.0)
}

fn maybe_time(row: &Got, column: usize) -> Result<Option<Timestamp>> {
    Ok(row.get::<Option<Micros>>(column)?.map(|time| time.0))
}

fn hash(row: &Got, column: usize) -> Result<Hash> {
    Ok(row.get::<Hashed>(column)?.0)
}

fn account_row(row: &Got) -> Result<Account> {
    Ok(Account {
        person: row.get(0)?,
        login: row.get(1)?,
        name: row.get(2)?,
        email: row.get(3)?,
        role: row.get(4)?,
        password: row.get(5)?,
        second_factor: row.get(6)?,
        disabled: row.get(7)?,
        created_at: time(row, 8)?,
    })
}

fn token_row(row: &Got) -> Result<TokenRow> {
    Ok(TokenRow {
        hash: hash(row, 0)?,
        name: row.get(1)?,
        person: row.get(2)?,
        role: row.get(3)?,
        scopes: row.get(4)?,
        created_at: time(row, 5)?,
        expires_at: maybe_time(row, 6)?,
        revoked_at: maybe_time(row, 7)?,
    })
}

fn session_row(row: &Got) -> Result<SessionRow> {
    Ok(SessionRow {
        hash: hash(row, 0)?,
        person: row.get(1)?,
        method: row.get(2)?,
        device: row.get(3)?,
        created_at: time(row, 4)?,
        seen_at: time(row, 5)?,
        expires_at: time(row, 6)?,
        address: row.get(7)?,
    })
}

fn challenge_row(row: &Got) -> Result<ChallengeRow> {
    Ok(ChallengeRow {
        hash: hash(row, 0)?,
        state: row.get(1)?,
        expires_at: time(row, 2)?,
    })
}

fn passkey_row(row: &Got) -> Result<PasskeyRow> {
    Ok(PasskeyRow {
        hash: hash(row, 0)?,
        person: row.get(1)?,
        state: row.get(2)?,
    })
}

fn answer_row(row: &Got) -> Result<IdempotencyRow> {
    Ok(IdempotencyRow {
        actor: row.get(0)?,
        key: row.get(1)?,
        command: hash(row, 2)?,
        answer: row.get(3)?,
        at: time(row, 4)?,
    })
}

impl AccessView for Session {
    fn account(&self, person: &str) -> Result<Option<Account>> {
        self.one(ACCOUNT, values![person], account_row)
    }

    fn account_by_login(&self, login: &str) -> Result<Option<Account>> {
        self.one(BY_LOGIN, values![login.to_lowercase()], account_row)
    }

    fn accounts(&self) -> Result<Vec<Account>> {
        self.many(ACCOUNTS, values![], account_row)
    }

    fn token(&self, hash: Hash) -> Result<Option<TokenRow>> {
        self.one(TOKEN, values![hash], token_row)
    }

    fn tokens(&self) -> Result<Vec<TokenRow>> {
        self.many(TOKENS, values![], token_row)
    }

    fn tokens_of(&self, person: &str) -> Result<Vec<TokenRow>> {
        self.many(TOKENS_OF, values![person], token_row)
    }

    fn session(&self, hash: Hash) -> Result<Option<SessionRow>> {
        self.one(SESSION, values![hash], session_row)
    }

    fn sessions(&self) -> Result<Vec<SessionRow>> {
        self.many(SESSIONS, values![], session_row)
    }

    fn sessions_of(&self, person: &str) -> Result<Vec<SessionRow>> {
        self.many(SESSIONS_OF, values![person], session_row)
    }

    fn challenge(&self, hash: Hash) -> Result<Option<ChallengeRow>> {
        self.one(CHALLENGE, values![hash], challenge_row)
    }

    fn passkey(&self, hash: Hash) -> Result<Option<PasskeyRow>> {
        self.one(PASSKEY, values![hash], passkey_row)
    }

    fn passkeys(&self) -> Result<Vec<PasskeyRow>> {
        self.many(PASSKEYS, values![], passkey_row)
    }

    fn passkeys_of(&self, person: &str) -> Result<Vec<PasskeyRow>> {
        self.many(PASSKEYS_OF, values![person], passkey_row)
    }

    fn idempotency(&self, actor: &str, key: &str) -> Result<Option<IdempotencyRow>> {
        let asked = values![actor, key];
        let used = (actor.to_owned(), key.to_owned());
        if self.known.borrow().answers.contains(&used) {
            return self.one(ANSWER, asked, answer_row);
        }
        self.peek_one(ANSWER, asked, answer_row)
    }

    fn answers(&self) -> Result<Vec<IdempotencyRow>> {
        self.many(ANSWERS, values![], answer_row)
    }

    fn settings(&self) -> Result<BTreeMap<String, Vec<u8>>> {
        let all = self.many(SETTINGS, values![], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(all.into_iter().collect())
    }

    fn setting(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.one(SETTING, values![name], |row| row.get(0))
    }
}

impl AccessTx for Session {
    fn put_account(&mut self, account: &Account) -> Result<()> {
        if self
            .account_by_login(&account.login)?
            .is_some_and(|a| a.person != account.person)
        {
            return Err(StoreError::login_taken());
        }
        let text = |text: &String| Value::Text(text.clone());
        self.put(
            PUT_ACCOUNT,
            values![
                &account.person,
                &account.login,
                account.login.to_lowercase(),
                text(&account.name),
                account.email.as_ref().map(text),
                &account.role,
                &account.password,
                account.second_factor.as_ref(),
                account.disabled,
                account.created_at,
            ],
        )
    }

    fn put_token(&mut self, token: &TokenRow) -> Result<()> {
        self.put(
            PUT_TOKEN,
            values![
                token.hash,
                Value::Text(token.name.clone()),
                &token.person,
                &token.role,
                token.scopes.clone(),
                token.created_at,
                token.expires_at,
                token.revoked_at,
            ],
        )
    }

    fn revoke_token(&mut self, hash: Hash, at: Timestamp) -> Result<bool> {
        Ok(self.run(REVOKE_TOKEN, values![hash, at])? > 0)
    }

    fn put_session(&mut self, session: &SessionRow) -> Result<()> {
        self.put(
            PUT_SESSION,
            values![
                session.hash,
                &session.person,
                &session.method,
                Value::Text(session.device.clone()),
                session.created_at,
                session.seen_at,
                session.expires_at,
                &session.address,
            ],
        )
    }

    fn end_session(&mut self, hash: Hash) -> Result<bool> {
        Ok(self.run(END_SESSION, values![hash])? > 0)
    }

    fn end_sessions_of(&mut self, person: &str) -> Result<u64> {
        self.run(END_SESSIONS_OF, values![person])
    }

    fn purge_sessions(&mut self, now: Timestamp) -> Result<u64> {
        self.run(PURGE_SESSIONS, values![now])
    }

    fn put_challenge(&mut self, challenge: &ChallengeRow) -> Result<()> {
        self.writes(challenge.state.len());
        self.put(
            PUT_CHALLENGE,
            values![challenge.hash, &challenge.state, challenge.expires_at],
        )
    }

    fn end_challenge(&mut self, hash: Hash) -> Result<bool> {
        Ok(self.run(END_CHALLENGE, values![hash])? > 0)
    }

    fn purge_challenges(&mut self, now: Timestamp) -> Result<u64> {
        self.run(PURGE_CHALLENGES, values![now])
    }

    fn put_passkey(&mut self, passkey: &PasskeyRow) -> Result<()> {
        self.writes(passkey.state.len());
        let row = values![passkey.hash, &passkey.person, &passkey.state];
        self.put(PUT_PASSKEY, row)
    }

    fn end_passkey(&mut self, hash: Hash) -> Result<bool> {
        Ok(self.run(END_PASSKEY, values![hash])? > 0)
    }

    fn put_idempotency(&mut self, row: &IdempotencyRow) -> Result<()> {
        if self.idempotency(&row.actor, &row.key)?.is_some() {
            return Err(StoreError::key_used());
        }
        self.writes(row.answer.len());
        self.put(
            PUT_ANSWER,
            values![&row.actor, &row.key, row.command, &row.answer, row.at],
        )?;
        let used = (row.actor.clone(), row.key.clone());
        self.known.borrow_mut().answers.insert(used);
        Ok(())
    }

    fn purge_idempotency(&mut self, before: Timestamp) -> Result<u64> {
        self.run(PURGE_ANSWERS, values![before])
    }

    fn put_setting(&mut self, name: &str, value: &[u8]) -> Result<()> {
        self.put(PUT_SETTING, values![name, value])
    }

    fn forget_setting(&mut self, name: &str) -> Result<bool> {
        Ok(self.run(FORGET_SETTING, values![name])? > 0)
    }
}
