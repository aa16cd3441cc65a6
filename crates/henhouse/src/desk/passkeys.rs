//! Passkeys as they are kept: each sealed in a row of its own under the hash of its id, bound to its person. That one was
//! made or ended, or may have been copied, stands in the installation's journal and is told to its person by mail; that it
//! was used is not. What an answer of a device is worth is judged in `auth`.

use std::sync::Arc;

use procedure::{Actor, Text};
use serde_json::json;

use super::accounts::token_id;
use super::break_glass::only_by_its_halves;
use super::error::{DeskError, Result};
use super::factors::{Passed, end_all_but};
use super::{Desk, Inner};
use crate::auth::passkeys::{Kept, MOST};
use crate::report::access;
use crate::store::{Hash, PasskeyRow, SessionRow, Tx, View};

/// The public id of a passkey: the beginning of its hash. It opens nothing.
#[must_use]
pub fn passkey_id(hash: &Hash) -> String {
    token_id(hash)
}

impl Desk {
    /// The passkeys of a person, each with its hash, the first that was made first.
    ///
    /// # Errors
    /// Damaged where one does not open; the store's.
    pub async fn passkeys(&self, person: String) -> Result<Vec<(Hash, Kept)>> {
        let inner = Arc::clone(&self.inner);
        let read = move |view: &dyn View| {
            let rows = view.passkeys_of(&person)?.into_iter();
            let open = |row: PasskeyRow| Ok((row.hash, inner.open_passkey(view, &row)?));
            let mut all: Vec<_> = rows.map(open).collect::<Result<_>>()?;
            all.sort_by_key(|(hash, kept)| (kept.since, *hash));
            Ok(all)
        };
        self.inner.store.read(read).await
    }

    /// The passkey with this hash.
    ///
    /// # Errors
    /// Damaged where it does not open; the store's.
    pub async fn passkey(&self, hash: Hash) -> Result<Option<(PasskeyRow, Kept)>> {
        let inner = Arc::clone(&self.inner);
        let read = move |view: &dyn View| match view.passkey(hash)? {
            Some(row) => {
                let kept = inner.open_passkey(view, &row)?;
                Ok(Some((row, kept)))
            }
            None => Ok(None),
        };
        self.inner.store.read(read).await
    }

    /// Keeps a new passkey, ends the other sessions of its person and tells them. `keep` is the hash of the session that
    /// did it, and the one under which it goes on.
    ///
    /// # Errors
    /// Bad input for one that is known, or one too many; refused for the break-glass account; the store's.
    pub async fn add_passkey(
        &self,
        actor: Actor,
        person: String,
        keep: (Hash, Hash),
        kept: Kept,
    ) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            only_by_its_halves(&person)?;
            let account = tx.account(&person)?.ok_or(DeskError::NotFound("account"))?;
            let hash = kept.key.hash();
            if tx.passkey(hash)?.is_some() {
                return Err(bad("This passkey is kept here already."));
            }
            if tx.passkeys_of(&person)?.len() >= MOST {
                return Err(bad("You have twenty passkeys. End one of them first."));
            }
            inner.keep_passkey(tx, hash, &person, &kept)?;
            end_all_but(tx, &person, Some(keep))?;
            let body = json!({
                "person": person, "passkey": hex(&hash), "name": Text::from(kept.name.as_str()),
                "key_hash": kept.key.print(),
            });
            let seq = inner.note(tx, &actor, "passkey_added", body)?;
            let words = access::passkey_added(&account.login, &kept.name);
            inner.tell_person(tx, seq, &account, &words)
        })
        .await
    }

    /// Ends the passkey of a person that has this public id, ends their other sessions and tells them. `keep` as above;
    /// nothing is kept where an admin takes off one that was lost.
    ///
    /// # Errors
    /// Not found; the store's.
    pub async fn end_passkey(
        &self,
        actor: Actor,
        person: String,
        keep: Option<(Hash, Hash)>,
        id: String,
    ) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            let account = tx.account(&person)?.ok_or(DeskError::NotFound("account"))?;
            let rows = tx.passkeys_of(&person)?;
            let meant = rows.into_iter().find(|row| passkey_id(&row.hash) == id);
            let meant = meant.ok_or(DeskError::NotFound("passkey"))?;
            // What does not open any more can be ended all the same.
            let name = inner.open_passkey(tx, &meant).map(|kept| kept.name);
            tx.end_passkey(meant.hash)?;
            end_all_but(tx, &person, keep)?;
            let body = json!({ "person": person, "passkey": hex(&meant.hash) });
            let seq = inner.note(tx, &actor, "passkey_ended", body)?;
            let own = actor.as_person().is_some_and(|who| who.0 == person);
            let words = access::passkey_ended(&account.login, &name.unwrap_or_default(), own);
            inner.tell_person(tx, seq, &account, &words)
        })
        .await
    }

    /// Begins a session for whoever signed with this passkey, and keeps how far it counted. `seen` is what the signature
    /// was held against: if it was used or ended meanwhile, nothing begins.
    ///
    /// # Errors
    /// The store's.
    pub async fn pass_by_passkey(
        &self,
        seen: PasskeyRow,
        kept: Kept,
        session: SessionRow,
    ) -> Result<Passed> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            if tx.passkey(seen.hash)?.as_ref() != Some(&seen) {
                return Ok(Passed::Over);
            }
            let account = tx.account(&seen.person)?;
            if account.is_none_or(|account| account.disabled) {
                return Ok(Passed::Over);
            }
            let now = inner.clock.wall();
            let kept = Kept {
                used: Some(now),
                ..kept
            };
            inner.keep_passkey(tx, seen.hash, &seen.person, &kept)?;
            tx.purge_sessions(now)?;
            tx.put_session(&SessionRow {
                person: seen.person,
                ..session
            })?;
            Ok(Passed::In)
        })
        .await
    }

    /// Notes that a passkey counted no further than before, from this address, and tells its person.
    ///
    /// # Errors
    /// The store's.
    pub async fn suspect_passkey(&self, row: PasskeyRow, address: String) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            let account = tx.account(&row.person)?;
            let account = account.ok_or(DeskError::NotFound("account"))?;
            let name = inner.open_passkey(tx, &row)?.name;
            let body = json!({
                "person": row.person, "passkey": hex(&row.hash), "address": Text::from(address.as_str()),
            });
            let seq = inner.note(tx, &Actor::system(), "passkey_suspected", body)?;
            let words = access::passkey_suspected(&account.login, &name, &address);
            inner.tell_person(tx, seq, &account, &words)
        })
        .await
    }
}

impl Inner {
    /// What is kept of a passkey.
    ///
    /// # Errors
    /// Damaged where it does not open: somebody changed it, and then it signs nobody in.
    pub(super) fn open_passkey(
        &self,
        view: &(impl View + ?Sized),
        row: &PasskeyRow,
    ) -> Result<Kept> {
        let key = self.kept_access_key(view)?;
        let content = key.and_then(|key| key.open_access(&bound_to(row), &row.state));
        let opened = content.and_then(|content| serde_json::from_slice(&content).ok());
        opened.ok_or_else(|| {
            let (id, person) = (passkey_id(&row.hash), &row.person);
            DeskError::Damaged(format!(
                "passkey {id} of {person} does not open; an admin can reset what they sign in with"
            ))
        })
    }

    fn keep_passkey(&self, tx: &mut dyn Tx, hash: Hash, person: &str, kept: &Kept) -> Result<()> {
        let mut row = PasskeyRow {
            hash,
            person: person.to_owned(),
            state: Vec::new(),
        };
        let content = serde_json::to_vec(kept).map_err(DeskError::bug)?;
        let key = self.access_key(tx)?;
        row.state = key.close_access(&bound_to(&row), &content, &self.ids);
        Ok(tx.put_passkey(&row)?)
    }
}

/// Ends every passkey of a person.
pub(super) fn end_all(tx: &mut dyn Tx, person: &str) -> Result<()> {
    for row in tx.passkeys_of(person)? {
        tx.end_passkey(row.hash)?;
    }
    Ok(())
}

/// The whole hash, as entries say it.
pub(super) fn hex(hash: &Hash) -> String {
    casefile::Hash::from(*hash).to_string()
}

fn bound_to(row: &PasskeyRow) -> String {
    format!("passkey {} {}", hex(&row.hash), row.person)
}

fn bad(sentence: &str) -> DeskError {
    DeskError::BadInput {
        field: "credential".to_owned(),
        sentence: sentence.to_owned(),
    }
}
