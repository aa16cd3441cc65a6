//! Sessions as their person, or an admin, looks after them: listed, ended one by one or all. Sessions are in no journal;
//! that an admin ended somebody's is.

use std::sync::Arc;

use procedure::Actor;
use serde_json::json;

use super::accounts::token_id;
use super::error::{DeskError, Result};
use super::{Desk, factors};
use crate::report::access;
use crate::store::{Hash, SessionRow, Tx};

/// The public id of a session: the beginning of its hash. It opens nothing.
#[must_use]
pub fn session_id(hash: &Hash) -> String {
    token_id(hash)
}

impl Desk {
    /// The sessions of a person that are not over, newest use first.
    ///
    /// # Errors
    /// The store's.
    pub async fn sessions(&self, person: String) -> Result<Vec<SessionRow>> {
        let now = self.inner.clock.wall();
        let read = self.inner.store.read(move |view| view.sessions_of(&person));
        let mut sessions: Vec<SessionRow> = read.await?;
        sessions.retain(|session| now < session.expires_at);
        sessions.sort_by_key(|session| (std::cmp::Reverse(session.seen_at), session.hash));
        Ok(sessions)
    }

    /// The session with this hash.
    ///
    /// # Errors
    /// The store's.
    pub async fn session(&self, hash: Hash) -> Result<Option<SessionRow>> {
        Ok(self
            .inner
            .store
            .read(move |view| view.session(hash))
            .await?)
    }

    /// Ends the session of a person that has this public id.
    ///
    /// # Errors
    /// Not found; the store's.
    pub async fn end_session_of(&self, actor: Actor, person: String, id: String) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            let sessions = tx.sessions_of(&person)?;
            let meant = sessions.iter().find(|row| session_id(&row.hash) == id);
            let meant = meant.ok_or(DeskError::NotFound("session"))?;
            tx.end_session(meant.hash)?;
            inner.note_ended(tx, &actor, &person, 1)
        })
        .await
    }

    /// Ends every session of a person but the one with this hash, if one is named; says how many.
    ///
    /// # Errors
    /// Not found where there is no such account; the store's.
    pub async fn end_sessions(
        &self,
        actor: Actor,
        person: String,
        but: Option<Hash>,
    ) -> Result<usize> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            tx.account(&person)?.ok_or(DeskError::NotFound("account"))?;
            let before = tx.sessions_of(&person)?.len();
            factors::end_all_but(tx, &person, but.map(|hash| (hash, hash)))?;
            let ended = before - tx.sessions_of(&person)?.len();
            inner.note_ended(tx, &actor, &person, ended)?;
            Ok(ended)
        })
        .await
    }

    /// Replaces a password by one that its person chose, who showed that they know the present one. Every other session
    /// ends, and every token; `keep` is the session that did it, and the hash under which it goes on.
    ///
    /// # Errors
    /// Not found; the store's.
    pub async fn change_own_password(
        &self,
        actor: Actor,
        person: String,
        hashed: String,
        keep: Option<(Hash, Hash)>,
    ) -> Result<usize> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| inner.change_own_password(tx, &actor, &person, hashed, keep))
            .await
    }

    /// Gives an account another name.
    ///
    /// # Errors
    /// Not found; the store's.
    pub async fn rename(&self, actor: Actor, person: String, name: String) -> Result<()> {
        let change = super::AccountChange {
            name: Some(name),
            ..super::AccountChange::default()
        };
        self.change_account(actor, person, change).await.map(drop)
    }
}

impl super::Inner {
    /// That somebody else ended sessions is told; what people do with their own is theirs.
    fn note_ended(&self, tx: &mut dyn Tx, actor: &Actor, person: &str, n: usize) -> Result<()> {
        if n == 0 || actor.as_person().is_some_and(|who| who.0 == person) {
            return Ok(());
        }
        let body = json!({ "person": person, "sessions": n });
        self.note(tx, actor, "sessions_ended", body).map(drop)
    }

    fn change_own_password(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        person: &str,
        hashed: String,
        keep: Option<(Hash, Hash)>,
    ) -> Result<usize> {
        let mut account = tx.account(person)?.ok_or(DeskError::NotFound("account"))?;
        account.password = Some(hashed);
        tx.put_account(&account)?;
        let kept = match keep {
            Some((old, _)) => tx.session(old)?,
            None => None,
        };
        let ended = super::accounts::end_what_it_opened(self, tx, actor, person, true)?;
        if let (Some(row), Some((_, hash))) = (kept, keep) {
            tx.put_session(&SessionRow { hash, ..row })?;
        }
        let told = super::accounts::password_told(account.password.as_deref());
        let body =
            json!({ "person": person, "password": true, "comes": "own", "password_hash": told });
        let seq = self.note(tx, actor, "account_changed", body)?;
        let words = access::password_changed(&account.login);
        self.tell_person(tx, seq, &account, &words)?;
        Ok(ended)
    }
}
