//! Accounts, tokens, sessions, kept answers and settings in SQLite.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::session::Session;
use super::statements;
use super::values::Micros;
use crate::store::error::{Result, StoreError};
use crate::store::model::{
    Account, ChallengeRow, Hash, IdempotencyRow, PasskeyRow, SessionRow, TokenRow,
};
use crate::store::seam::{AccessTx, AccessView};

statements! {
    ACCOUNT = "SELECT person, login, name, email, role, password, second_factor, disabled, created_at
        FROM account WHERE person = ?1";
    BY_LOGIN = "SELECT person, login, name, email, role, password, second_factor, disabled,
            created_at
        FROM account WHERE login_key = ?1";
    ACCOUNTS = "SELECT person, login, name, email, role, password, second_factor, disabled,
            created_at
        FROM account ORDER BY person";
    PUT_ACCOUNT = "INSERT INTO account (person, login, login_key, name, email, role, password,
            second_factor, disabled, created_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT (person) DO UPDATE SET login = excluded.login, login_key = excluded.login_key,
            name = excluded.name, email = excluded.email, role = excluded.role,
            password = excluded.password, second_factor = excluded.second_factor,
            disabled = excluded.disabled, created_at = excluded.created_at";
    TOKEN = "SELECT hash, name, person, role, scopes, created_at, expires_at, revoked_at FROM token
        WHERE hash = ?1";
    TOKENS = "SELECT hash, name, person, role, scopes, created_at, expires_at, revoked_at
        FROM token ORDER BY hash";
    TOKENS_OF = "SELECT hash, name, person, role, scopes, created_at, expires_at, revoked_at
        FROM token WHERE person = ?1 ORDER BY created_at, hash";
    PUT_TOKEN = "INSERT INTO token (hash, name, person, role, scopes, created_at, expires_at,
            revoked_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (hash) DO UPDATE SET name = excluded.name, person = excluded.person,
            role = excluded.role, scopes = excluded.scopes, created_at = excluded.created_at,
            expires_at = excluded.expires_at, revoked_at = excluded.revoked_at";
    REVOKE_TOKEN = "UPDATE token SET revoked_at = coalesce(revoked_at, ?2) WHERE hash = ?1";
    SESSION = "SELECT hash, person, method, device, created_at, seen_at, expires_at, address
            FROM session
        WHERE hash = ?1";
    SESSIONS = "SELECT hash, person, method, device, created_at, seen_at, expires_at, address
            FROM session
        ORDER BY hash";
    SESSIONS_OF = "SELECT hash, person, method, device, created_at, seen_at, expires_at, address
            FROM session
        WHERE person = ?1 ORDER BY created_at, hash";
    PUT_SESSION = "INSERT INTO session (hash, person, method, device, created_at, seen_at,
            expires_at, address)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (hash) DO UPDATE SET person = excluded.person, method = excluded.method,
            device = excluded.device, created_at = excluded.created_at, seen_at = excluded.seen_at,
            expires_at = excluded.expires_at, address = excluded.address";
    END_SESSION = "DELETE FROM session WHERE hash = ?1";
    END_SESSIONS_OF = "DELETE FROM session WHERE person = ?1";
    PURGE_SESSIONS = "DELETE FROM session WHERE expires_at <= ?1";
    CHALLENGE = "SELECT hash, state, expires_at FROM challenge WHERE hash = ?1";
    PUT_CHALLENGE = "INSERT INTO challenge (hash, state, expires_at) VALUES (?1, ?2, ?3)
        ON CONFLICT (hash) DO UPDATE SET state = excluded.state, expires_at = excluded.expires_at";
    END_CHALLENGE = "DELETE FROM challenge WHERE hash = ?1";
    PURGE_CHALLENGES = "DELETE FROM challenge WHERE expires_at <= ?1";
    PASSKEY = "SELECT hash, person, state FROM passkey WHERE hash = ?1";
    PASSKEYS = "SELECT hash, person, state FROM passkey ORDER BY hash";
    PASSKEYS_OF = "SELECT hash, person, state FROM passkey WHERE person = ?1 ORDER BY hash";
    PUT_PASSKEY = "INSERT INTO passkey (hash, person, state) VALUES (?1, ?2, ?3)
        ON CONFLICT (hash) DO UPDATE SET person = excluded.person, state = excluded.state";
    END_PASSKEY = "DELETE FROM passkey WHERE hash = ?1";
    ANSWER = "SELECT actor, key, command, answer, at FROM idempotency WHERE actor = ?1 AND key = ?2";
    ANSWERS = "SELECT actor, key, command, answer, at FROM idempotency ORDER BY actor, key";
    PUT_ANSWER = "INSERT INTO idempotency (actor, key, command, answer, at)
        VALUES (?1, ?2, ?3, ?4, ?5)";
    PURGE_ANSWERS = "DELETE FROM idempotency WHERE at < ?1";
    SETTINGS = "SELECT name, value FROM setting ORDER BY name";
    SETTING = "SELECT value FROM setting WHERE name = ?1";
    FORGET_SETTING = "DELETE FROM setting WHERE name = ?1";
    PUT_SETTING = "INSERT INTO setting (name, value) VALUES (?1, ?2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
}

fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Ok(row.get::<_, Micros>(column)?.0)
}

fn maybe_time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<Micros>>(column)?.map(|time| time.0))
}

fn account_row(row: &Row<'_>) -> rusqlite::Result<Account> {
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

fn token_row(row: &Row<'_>) -> rusqlite::Result<TokenRow> {
    let scopes = serde_json::from_str(row.get_ref(4)?.as_str()?);
    Ok(TokenRow {
        hash: row.get(0)?,
        name: row.get(1)?,
        person: row.get(2)?,
        role: row.get(3)?,
        scopes: scopes.map_err(|error| {
            let kind = rusqlite::types::Type::Text;
            rusqlite::Error::FromSqlConversionFailure(4, kind, error.into())
        })?,
        created_at: time(row, 5)?,
        expires_at: maybe_time(row, 6)?,
        revoked_at: maybe_time(row, 7)?,
    })
}

fn session_row(row: &Row<'_>) -> rusqlite::Result<SessionRow> {
    Ok(SessionRow {
        hash: row.get(0)?,
        person: row.get(1)?,
        method: row.get(2)?,
        device: row.get(3)?,
        created_at: time(row, 4)?,
        seen_at: time(row, 5)?,
        expires_at: time(row, 6)?,
        address: row.get(7)?,
    })
}

fn challenge_row(row: &Row<'_>) -> rusqlite::Result<ChallengeRow> {
    Ok(ChallengeRow {
        hash: row.get(0)?,
        state: row.get(1)?,
        expires_at: time(row, 2)?,
    })
}

fn passkey_row(row: &Row<'_>) -> rusqlite::Result<PasskeyRow> {
    Ok(PasskeyRow {
        hash: row.get(0)?,
        person: row.get(1)?,
        state: row.get(2)?,
    })
}

fn answer_row(row: &Row<'_>) -> rusqlite::Result<IdempotencyRow> {
    Ok(IdempotencyRow {
        actor: row.get(0)?,
        key: row.get(1)?,
        command: row.get(2)?,
        answer: row.get(3)?,
        at: time(row, 4)?,
    })
}

impl AccessView for Session {
    fn account(&self, person: &str) -> Result<Option<Account>> {
        self.one(ACCOUNT, [person], account_row)
    }

    fn account_by_login(&self, login: &str) -> Result<Option<Account>> {
        self.one(BY_LOGIN, [login.to_lowercase()], account_row)
    }

    fn accounts(&self) -> Result<Vec<Account>> {
        self.many(ACCOUNTS, [], account_row)
    }

    fn token(&self, hash: Hash) -> Result<Option<TokenRow>> {
        self.one(TOKEN, [hash], token_row)
    }

    fn tokens(&self) -> Result<Vec<TokenRow>> {
        self.many(TOKENS, [], token_row)
    }

    fn tokens_of(&self, person: &str) -> Result<Vec<TokenRow>> {
        self.many(TOKENS_OF, [person], token_row)
    }

    fn session(&self, hash: Hash) -> Result<Option<SessionRow>> {
        self.one(SESSION, [hash], session_row)
    }

    fn sessions(&self) -> Result<Vec<SessionRow>> {
        self.many(SESSIONS, [], session_row)
    }

    fn sessions_of(&self, person: &str) -> Result<Vec<SessionRow>> {
        self.many(SESSIONS_OF, [person], session_row)
    }

    fn challenge(&self, hash: Hash) -> Result<Option<ChallengeRow>> {
        self.one(CHALLENGE, [hash], challenge_row)
    }

    fn passkey(&self, hash: Hash) -> Result<Option<PasskeyRow>> {
        self.one(PASSKEY, [hash], passkey_row)
    }

    fn passkeys(&self) -> Result<Vec<PasskeyRow>> {
        self.many(PASSKEYS, [], passkey_row)
    }

    fn passkeys_of(&self, person: &str) -> Result<Vec<PasskeyRow>> {
        self.many(PASSKEYS_OF, [person], passkey_row)
    }

    fn idempotency(&self, actor: &str, key: &str) -> Result<Option<IdempotencyRow>> {
        self.one(ANSWER, (actor, key), answer_row)
    }

    fn answers(&self) -> Result<Vec<IdempotencyRow>> {
        self.many(ANSWERS, [], answer_row)
    }

    fn settings(&self) -> Result<BTreeMap<String, Vec<u8>>> {
        let all = self.many(SETTINGS, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(all.into_iter().collect())
    }

    fn setting(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.one(SETTING, [name], |row| row.get(0))
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
        self.run(
            PUT_ACCOUNT,
            params![
                account.person,
                account.login,
                account.login.to_lowercase(),
                account.name,
                account.email,
                account.role,
                account.password,
                account.second_factor,
                account.disabled,
                Micros(account.created_at),
            ],
        )
        .map(drop)
    }

    fn put_token(&mut self, token: &TokenRow) -> Result<()> {
        let scopes = serde_json::Value::from(token.scopes.as_slice()).to_string();
        self.run(
            PUT_TOKEN,
            (
                token.hash,
                &token.name,
                &token.person,
                &token.role,
                scopes,
                Micros(token.created_at),
                token.expires_at.map(Micros),
                token.revoked_at.map(Micros),
            ),
        )
        .map(drop)
    }

    fn revoke_token(&mut self, hash: Hash, at: Timestamp) -> Result<bool> {
        Ok(self.run(REVOKE_TOKEN, (hash, Micros(at)))? > 0)
    }

    fn put_session(&mut self, session: &SessionRow) -> Result<()> {
        self.run(
            PUT_SESSION,
            (
                session.hash,
                &session.person,
                &session.method,
                &session.device,
                Micros(session.created_at),
                Micros(session.seen_at),
                Micros(session.expires_at),
                &session.address,
            ),
        )
        .map(drop)
    }

    fn end_session(&mut self, hash: Hash) -> Result<bool> {
        Ok(self.run(END_SESSION, [hash])? > 0)
    }

    fn end_sessions_of(&mut self, person: &str) -> Result<u64> {
        self.run(END_SESSIONS_OF, [person])
    }

    fn purge_sessions(&mut self, now: Timestamp) -> Result<u64> {
        self.run(PURGE_SESSIONS, [Micros(now)])
    }

    fn put_challenge(&mut self, challenge: &ChallengeRow) -> Result<()> {
        self.writes(challenge.state.len());
        self.run(
            PUT_CHALLENGE,
            (
                challenge.hash,
                &challenge.state,
                Micros(challenge.expires_at),
            ),
        )
        .map(drop)
    }

    fn end_challenge(&mut self, hash: Hash) -> Result<bool> {
        Ok(self.run(END_CHALLENGE, [hash])? > 0)
    }

    fn purge_challenges(&mut self, now: Timestamp) -> Result<u64> {
        self.run(PURGE_CHALLENGES, [Micros(now)])
    }

    fn put_passkey(&mut self, passkey: &PasskeyRow) -> Result<()> {
        self.writes(passkey.state.len());
        let row = (passkey.hash, &passkey.person, &passkey.state);
        self.run(PUT_PASSKEY, row).map(drop)
    }

    fn end_passkey(&mut self, hash: Hash) -> Result<bool> {
        Ok(self.run(END_PASSKEY, [hash])? > 0)
    }

    fn put_idempotency(&mut self, row: &IdempotencyRow) -> Result<()> {
        if self.idempotency(&row.actor, &row.key)?.is_some() {
            return Err(StoreError::key_used());
        }
        self.writes(row.answer.len());
        self.run(
            PUT_ANSWER,
            (
                &row.actor,
                &row.key,
                row.command,
                &row.answer,
                Micros(row.at),
            ),
        )
        .map(drop)
    }

    fn purge_idempotency(&mut self, before: Timestamp) -> Result<u64> {
        self.run(PURGE_ANSWERS, [Micros(before)])
    }

    fn put_setting(&mut self, name: &str, value: &[u8]) -> Result<()> {
        self.run(PUT_SETTING, (name, value)).map(drop)
    }

    fn forget_setting(&mut self, name: &str) -> Result<bool> {
        Ok(self.run(FORGET_SETTING, [name])? > 0)
    }
}
