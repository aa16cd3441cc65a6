//! A password is its person's own. One that somebody else made opens nothing by itself: where the person has an address,
//! a link goes there, and only who opens it chooses a password; where there is none, the first sign-in asks for another.
//! What waits stands in settings, who asked in the installation's journal. `docs/decisions/a-password-is-its-persons.md`.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use procedure::{Actor, How, PersonId, Refusal, Text, Who};
use serde_json::json;
use uuid::Uuid;

use super::accounts::{password_told, revoke_all};
use super::error::{DeskError, Result};
use super::installation::Addressee;
use super::{Desk, Inner};
use crate::auth::link::{LinkClaims, Purpose};
use crate::report::invitation;
use crate::store::{Account, Tx, View};

/// So long a link to choose a password works, in hours.
const LINK_HOURS: i64 = 24 * 7;

/// How a password comes into force.
pub(super) enum Way {
    /// At once: its person chose it, or nobody is anybody here (a drill).
    Own,
    /// It lets its person in once, to choose another.
    SetUp,
    /// Not at all: its person is asked at the first of these addresses to choose one; the others hear of it.
    Asked(Vec<String>),
}

impl Way {
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::SetUp => "set_up",
            Self::Asked(_) => "asked",
        }
    }
}

impl Desk {
    /// Mail leaves this installation, so that people can be asked by it.
    pub fn mail_leaves(&self) {
        self.inner
            .mail
            .store(true, std::sync::atomic::Ordering::Relaxed);
    }

    /// What the person still has to do before they can sign in as usual: `mailed`, open the link that was sent to them;
    /// `first_sign_in`, choose another password there.
    ///
    /// # Errors
    /// The store's.
    pub async fn confirmation_of(&self, person: String) -> Result<Option<&'static str>> {
        let read = move |view: &dyn View| {
            Ok(match () {
                () if is_set(view, &asked(&person))? => Some("mailed"),
                () if is_set(view, &set_up(&person))? => Some("first_sign_in"),
                () => None,
            })
        };
        self.inner.store.read(read).await
    }

    /// The account whose person may choose a password by this link.
    ///
    /// # Errors
    /// Not found for what is no link of ours, is too late, was used, or was followed by another.
    pub async fn invited(&self, token: &str) -> Result<Account> {
        let (id, person) = self.own_password_link(token)?;
        let read = move |view: &dyn View| invited(view, id, &person);
        self.inner.store.read(read).await
    }

    /// Gives the account of this link the password, hashed, that its person chose; answers who it is.
    ///
    /// # Errors
    /// As [`Desk::invited`].
    pub async fn accept(&self, token: &str, hashed: String) -> Result<String> {
        let (id, person) = self.own_password_link(token)?;
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            let account = invited(tx, id, &person)?;
            choose(&inner, tx, account, hashed, How::SignedLink)?;
            Ok(person)
        })
        .await
    }

    /// Replaces a set-up password, which was just shown, by one that its person chose.
    ///
    /// # Errors
    /// Not found; the store's.
    pub async fn choose_password(&self, person: String, hashed: String) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            let account = tx.account(&person)?.ok_or(DeskError::NotFound("account"))?;
            choose(&inner, tx, account, hashed, How::Session)
        })
        .await
    }

    fn own_password_link(&self, token: &str) -> Result<(Uuid, String)> {
        let now = self.inner.clock.wall();
        let link = self.inner.links.verify(token, Purpose::OwnPassword, now);
        let link = link.map_err(|_| DeskError::NotFound("link"))?;
        Ok((link.id, link.claims.person))
    }
}

impl Inner {
    /// How a password made by `actor` for this account comes into force.
    ///
    /// # Errors
    /// Refused to an admin where somebody uses the account and there is no address at which to ask them.
    pub(super) fn way(&self, tx: &dyn Tx, actor: &Actor, account: &Account) -> Result<Way> {
        let themselves = actor.as_person().is_some_and(|who| who.0 == account.person);
        if self.site.drill || themselves || actor.who == Who::System {
            return Ok(Way::Own);
        }
        let used = account.password.is_some() || !tx.tokens_of(&account.person)?.is_empty();
        let addresses = self.addresses(tx, account, used)?;
        let mail = self.mail.load(std::sync::atomic::Ordering::Relaxed);
        if mail && !addresses.is_empty() {
            return Ok(Way::Asked(addresses));
        }
        if used && actor.how != How::LocalSocket {
            return Err(Refusal::forbidden(
                None,
                "Somebody uses this account, and there is no mail by which to ask whether the new password is theirs.",
                "Set up mail and put their address on the contact sheet, or let the owner of the data directory do it: \
                 henhouse admin account.",
            )
            .into());
        }
        Ok(Way::SetUp)
    }

    /// Where the person can be asked. Nobody has used a new account: the contact sheets know their address better than
    /// whoever makes it. One in use keeps the address it was made with.
    fn addresses(&self, tx: &dyn Tx, account: &Account, used: bool) -> Result<Vec<String>> {
        let person = PersonId::from(account.person.as_str());
        let mut addresses = Vec::new();
        for row in tx.projects()? {
            let directory = self.project_as_it_is(tx, row.journal)?.directory;
            let contact = directory.people.get(&person);
            let mail = contact.and_then(|contact| contact.mail.as_ref());
            addresses.extend(mail.and_then(Text::plain).map(str::to_owned));
        }
        let place = if used { 0 } else { addresses.len() };
        addresses.splice(place..place, account.email.clone());
        let mut seen = std::collections::BTreeSet::new();
        addresses.retain(|address| seen.insert(address.to_lowercase()));
        Ok(addresses)
    }

    /// Leaves word of how a password came into force, and asks its person where that is needed.
    pub(super) fn follow(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        account: &Account,
        way: &Way,
    ) -> Result<()> {
        tx.put_setting(&asked(&account.person), &[])?;
        tx.put_setting(&set_up(&account.person), &[])?;
        match way {
            Way::Own => Ok(()),
            Way::SetUp => Ok(tx.put_setting(&set_up(&account.person), b"1")?),
            Way::Asked(addresses) => self.ask(tx, actor, account, addresses),
        }
    }

    fn ask(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        account: &Account,
        addresses: &[String],
    ) -> Result<()> {
        let now = self.clock.wall();
        let id = self.ids.uuid_v7(now);
        let claims = LinkClaims {
            purpose: Purpose::OwnPassword,
            journal: Uuid::nil(),
            person: account.person.clone(),
            notice: id.to_string(),
            expires: now
                .saturating_add(SignedDuration::from_hours(LINK_HOURS))
                .unwrap_or(Timestamp::MAX),
        };
        let token = self.links.encode(id, &claims).map_err(DeskError::bug)?;
        tx.put_setting(&asked(&account.person), id.as_bytes())?;
        let seq = self.note(
            tx,
            actor,
            "password_asked",
            json!({ "person": account.person }),
        )?;
        let by = asker(tx, actor)?;
        let link = format!("{}/password/{token}", self.site.base_url);
        let choose = invitation::choose(&by, &account.login, &link);
        let hear = invitation::hear(&by, &account.login);
        let words = std::iter::once(&choose).chain(std::iter::repeat(&hear));
        let to = addresses.iter().zip(words);
        let to: Vec<_> = to
            .filter_map(|(address, words)| {
                Some((Addressee::of(account, Some(address.clone()))?, words))
            })
            .collect();
        self.write_to(tx, seq, &to)
    }
}

/// What whoever asks is called.
fn asker(tx: &dyn Tx, actor: &Actor) -> Result<String> {
    Ok(match &actor.who {
        Who::Person(person) => {
            let account = tx.account(&person.0)?;
            account.map_or_else(|| person.to_string(), |account| account.name)
        }
        Who::Service(name) => name.clone(),
        Who::Reporter | Who::System => "Henhouse".to_owned(),
    })
}

fn invited(view: &(impl View + ?Sized), id: Uuid, person: &str) -> Result<Account> {
    let waits = view.setting(&asked(person))?;
    let account = view.account(person)?.filter(|account| !account.disabled);
    let account = account.filter(|_| waits.as_deref() == Some(&id.as_bytes()[..]));
    account.ok_or(DeskError::NotFound("link"))
}

fn choose(
    inner: &Inner,
    tx: &mut dyn Tx,
    mut account: Account,
    hashed: String,
    how: How,
) -> Result<()> {
    let actor = Actor::person(&account.person.as_str().into(), how);
    account.password = Some(hashed);
    tx.put_account(&account)?;
    tx.end_sessions_of(&account.person)?;
    inner.follow(tx, &actor, &account, &Way::Own)?;
    let body = json!({ "person": account.person, "password": true, "comes": Way::Own.word(),
        "password_hash": password_told(account.password.as_deref()) });
    inner.note(tx, &actor, "account_changed", body)?;
    revoke_all(inner, tx, &actor, &account.person)
}

fn is_set(view: &dyn View, name: &str) -> Result<bool> {
    Ok(view.setting(name)?.is_some_and(|value| !value.is_empty()))
}

/// The setting that holds the id of the link by which a person is asked; empty when there is none.
fn asked(person: &str) -> String {
    format!("password.asked {person}")
}

/// The setting that says that a person's password was made by somebody else.
fn set_up(person: &str) -> String {
    format!("password.set_up {person}")
}
