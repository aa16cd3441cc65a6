//! The account for when everything else is away: mail, the directory, every admin's telephone. It opens with two halves of
//! a secret that two people keep on paper, for an hour, and never unseen: in the transaction that lets somebody in, the
//! installation's journal says who and why, and everybody who must know is written to.
//! `docs/decisions/break-glass.md`.

use std::collections::BTreeMap;
use std::sync::Arc;

use procedure::{Actor, How, Text};
use serde_json::json;

use super::accounts::password_told;
use super::error::Result;
use super::factors::Passed;
use super::installation::Addressee;
use super::{Desk, Inner};
use crate::auth::secret;
use crate::auth::waiting::Waiting;
use crate::report::{Words, access};
use crate::store::{Account, SessionRow, Tx, View};

/// The person and the login of the account.
pub const BREAK_GLASS: &str = "break-glass";

/// The setting that holds the hash of both halves. It is no password of the account, so that nothing else makes one.
const SECRET: &str = "break_glass.secret";

impl Desk {
    /// Makes the account, or gives it other halves; those before work no more. `hashed` is the slow hash of both.
    ///
    /// # Errors
    /// The store's.
    pub async fn make_break_glass(&self, actor: Actor, hashed: String) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            if tx.account(BREAK_GLASS)?.is_none() {
                inner.create_break_glass(tx, &actor)?;
            }
            tx.put_setting(SECRET, hashed.as_bytes())?;
            tx.end_sessions_of(BREAK_GLASS)?;
            let body = json!({ "secret_hash": password_told(Some(&hashed)) });
            let seq = inner.note(tx, &actor, "break_glass_made", body)?;
            inner.tell_who_must_know(tx, seq, &access::break_glass_made())
        })
        .await
    }

    /// Lets the account open no more. Ending it twice is fine.
    ///
    /// # Errors
    /// The store's.
    pub async fn end_break_glass(&self, actor: Actor) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            if !tx.forget_setting(SECRET)? {
                return Ok(());
            }
            tx.end_sessions_of(BREAK_GLASS)?;
            let body = json!({ "secret_hash": null });
            let seq = inner.note(tx, &actor, "break_glass_ended", body)?;
            inner.tell_who_must_know(tx, seq, &access::break_glass_ended())
        })
        .await
    }

    /// The slow hash of both halves; nothing where there is no such account.
    ///
    /// # Errors
    /// The store's.
    pub async fn break_glass_secret(&self) -> Result<Option<String>> {
        let read = |view: &dyn View| secret_of(view);
        self.inner.store.read(read).await
    }

    /// Lets in whoever showed both halves and says who they are and why: begins the session, notes it and writes to
    /// everybody who must know, or nothing of it.
    ///
    /// # Errors
    /// The store's.
    pub async fn break_glass(
        &self,
        token: &str,
        (who, why): (String, String),
        session: SessionRow,
    ) -> Result<Passed> {
        let (inner, hash) = (Arc::clone(&self.inner), secret::hash(token));
        self.write(move |tx| {
            let waits = inner.waits(tx, hash)?;
            let Some(Waiting::BreakGlass { secret }) = waits else {
                return Ok(Passed::Over);
            };
            tx.end_challenge(hash)?;
            let account = tx.account(BREAK_GLASS)?.filter(|account| !account.disabled);
            let kept = password_told(secret_of(tx)?.as_deref());
            if account.is_none() || kept.as_deref() != Some(secret.as_str()) {
                return Ok(Passed::Over);
            }
            tx.put_session(&session)?;
            let actor = Actor::person(&BREAK_GLASS.into(), How::Session);
            let text = |words: &str| Text::from(words);
            let body = json!({
                "who": text(&who), "why": text(&why), "address": text(&session.address),
                "until": session.expires_at,
            });
            let seq = inner.note(tx, &actor, "break_glass_used", body)?;
            let at = crate::report::time::dated_utc(session.created_at);
            let words = access::break_glass_used(&who, &why, &at);
            inner.tell_who_must_know(tx, seq, &words)?;
            Ok(Passed::In)
        })
        .await
    }
}

impl Inner {
    fn create_break_glass(&self, tx: &mut dyn Tx, actor: &Actor) -> Result<()> {
        let account = Account {
            person: BREAK_GLASS.to_owned(),
            login: BREAK_GLASS.to_owned(),
            name: "Break-glass account".to_owned(),
            email: None,
            role: "admin".to_owned(),
            password: None,
            second_factor: None,
            disabled: false,
            created_at: self.clock.wall(),
        };
        tx.put_account(&account)?;
        let body = super::accounts::account_told(&account, None);
        self.note(tx, actor, "account_created", body).map(drop)
    }

    /// Writes to every admin and to everybody on a contact sheet, each once, whether or not mail leaves just now: what
    /// cannot leave waits for the day on which it can.
    fn tell_who_must_know(&self, tx: &mut dyn Tx, seq: u64, words: &Words) -> Result<()> {
        let mut to: BTreeMap<String, Addressee> = BTreeMap::new();
        let mut add = |to_whom: Option<Addressee>| {
            if let Some(addressee) = to_whom {
                to.entry(addressee.key()).or_insert(addressee);
            }
        };
        for account in tx.accounts()? {
            if account.role == "admin" && !account.disabled {
                add(Addressee::of(&account, account.email.clone()));
            }
        }
        for row in tx.projects()? {
            let directory = self.project_as_it_is(tx, row.journal)?.directory;
            for (person, contact) in &directory.people {
                let plain = |text: &Text| text.plain().map(str::to_owned);
                let (name, mail) = (plain(&contact.name), contact.mail.as_ref().and_then(plain));
                add(mail.map(|mail| Addressee::named(&person.0, name, mail)));
            }
        }
        let to: Vec<_> = to
            .into_values()
            .map(|addressee| (addressee, words))
            .collect();
        self.write_to(tx, seq, &to)
    }
}

fn secret_of(view: &(impl View + ?Sized)) -> Result<Option<String>> {
    let kept = view.setting(SECRET)?;
    Ok(kept.and_then(|bytes| String::from_utf8(bytes).ok()))
}

/// What the store keeps of the secret, as entries say it.
pub(super) fn secret_told(view: &dyn View) -> Result<Option<String>> {
    Ok(password_told(secret_of(view)?.as_deref()))
}

/// Refuses what would open the account in another way.
///
/// # Errors
/// Refused where it is this person.
pub(crate) fn only_by_its_halves(person: &str) -> Result<()> {
    if !person.eq_ignore_ascii_case(BREAK_GLASS) {
        return Ok(());
    }
    Err(procedure::Refusal::forbidden(
        None,
        "The break-glass account opens with its two halves and with nothing else, so that nobody uses it unseen.",
        "The owner of the data directory makes new halves: henhouse admin break-glass.",
    )
    .into())
}
