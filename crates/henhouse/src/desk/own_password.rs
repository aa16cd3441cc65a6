//! A password is its person's own. One that somebody else made opens nothing by itself: where the person has an address,
//! a link goes there, and only who opens it chooses a password; where there is none, the first sign-in asks for another.
//! The owner of the data directory may hand such a link over themselves. What waits stands in settings, who asked in the
//! installation's journal. `docs/decisions/a-password-is-its-persons.md`.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use procedure::{Actor, How, PersonId, Refusal, Text, Who};
use serde_json::json;
use uuid::Uuid;

use super::accounts::{end_what_it_opened, password_told};
use super::break_glass::only_by_its_halves;
use super::error::{DeskError, Result};
use super::installation::Addressee;
use super::{Desk, Inner};
use crate::auth::link::{LinkClaims, Purpose};
use crate::report::invitation;
use crate::store::{Account, Tx, View};

/// So long a link to choose a password works, in hours.
const LINK_HOURS: i64 = 24 * 7;

/// So many bytes a link's id has.
const LINK_BYTES: usize = 16;

/// A link that was handed over has this behind its id where it is kept.
const HANDED: u8 = b'h';

/// What became of asking somebody to choose a password.
pub struct Asking {
    /// Whose it is.
    pub account: Account,
    /// The link, for whoever hands it over; nothing where it was mailed.
    pub link: Option<String>,
    /// So many of their tokens ended with the password before.
    pub ended_tokens: usize,
}

/// How a password comes into force.
pub(super) enum Way {
    /// At once: its person chose it, or nobody is anybody here (a drill).
    Own,
    /// It lets its person in once, to choose another.
    SetUp,
    /// Not at all: its person is asked at the first of these addresses to choose one; the others hear of it.
    Asked(Vec<String>),
    /// Not at all: its person is handed a link to choose one, and hears of it at these addresses.
    Handed(Vec<String>),
}

impl Way {
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::SetUp => "set_up",
            Self::Asked(_) => "asked",
            Self::Handed(_) => "handed",
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

    /// By which routes messages leave; others that people named are passed over. Said once, at the start.
    pub fn pages_by(&self, routes: std::collections::BTreeSet<String>) {
        let _ = self.inner.routes.set(routes);
    }

    /// By which of them what is pressed or written back is heard. Said once, at the start.
    pub fn hears_answers_by(&self, routes: std::collections::BTreeSet<String>) {
        let _ = self.inner.answering.set(routes);
    }

    /// Drills and exercises write to people outside the team too.
    pub fn drills_write_outside(&self) {
        self.inner
            .outside
            .store(true, std::sync::atomic::Ordering::Relaxed);
    }

    /// Whether they do.
    #[must_use]
    pub fn do_drills_write_outside(&self) -> bool {
        let outside = &self.inner.outside;
        outside.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// What the person still has to do before they can sign in as usual: `mailed`, open the link that was sent to them;
    /// `handed`, open the one that they are given; `first_sign_in`, choose another password there.
    ///
    /// # Errors
    /// The store's.
    pub async fn confirmation_of(&self, person: String) -> Result<Option<&'static str>> {
        let read = move |view: &dyn View| {
            let asked = view.setting(&asked(&person))?.unwrap_or_default();
            Ok(match asked.last() {
                Some(_) if asked.len() == LINK_BYTES + 1 => Some("handed"),
                Some(_) => Some("mailed"),
                None if is_set(view, &set_up(&person))? => Some("first_sign_in"),
                None => None,
            })
        };
        self.inner.store.read(read).await
    }

    /// Asks the person of an account to choose a password: by mail where that reaches them; else, or where `show` wants
    /// it, by a link that whoever asks hands over. That is the owner of the data directory alone.
    ///
    /// # Errors
    /// Not found; refused to others where the link would not be mailed; the store's.
    pub async fn ask_for_password(
        &self,
        actor: Actor,
        person: String,
        show: bool,
    ) -> Result<Asking> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            let mut account = tx.account(&person)?.ok_or(DeskError::NotFound("account"))?;
            only_by_its_halves(&person)?;
            let way = inner.way_of_asking(tx, &actor, &account, show)?;
            let replaces = account.password.take().is_some();
            tx.put_account(&account)?;
            let body = json!({ "person": person, "password": true, "comes": way.word(),
                "password_hash": null });
            inner.note(tx, &actor, "account_changed", body)?;
            let ended_tokens = end_what_it_opened(&inner, tx, &actor, &person, replaces)?;
            let link = inner.follow(tx, &actor, &account, &way, ended_tokens)?;
            Ok(Asking {
                account,
                link,
                ended_tokens,
            })
        })
        .await
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

    /// How the person of this account is asked to choose a password.
    ///
    /// # Errors
    /// Refused where the link would be shown to somebody who is not the owner of the data directory.
    fn way_of_asking(
        &self,
        tx: &dyn Tx,
        actor: &Actor,
        account: &Account,
        show: bool,
    ) -> Result<Way> {
        let used = account.password.is_some() || !tx.tokens_of(&account.person)?.is_empty();
        let mut addresses = self.addresses(tx, account, used)?;
        if !self.mail.load(std::sync::atomic::Ordering::Relaxed)
            || !self.may_write_to(tx, &account.person)?
        {
            addresses.clear();
        }
        if !show && !addresses.is_empty() {
            return Ok(Way::Asked(addresses));
        }
        if actor.how != How::LocalSocket && !self.site.drill {
            return Err(Refusal::forbidden(
                None,
                "Whoever opens this link can sign in as its person, so it is mailed to them or shown to the owner of \
                 the data directory, nobody else.",
                "Set up mail and put their address on the contact sheet, or let the owner of the data directory do it: \
                 henhouse admin account.",
            )
            .into());
        }
        Ok(Way::Handed(addresses))
    }

    /// Where the person can be asked. Nobody has used a new account: the contact sheets know their address better than
    /// whoever makes it. One in use keeps the address it was made with.
    pub(super) fn addresses(
        &self,
        tx: &dyn Tx,
        account: &Account,
        used: bool,
    ) -> Result<Vec<String>> {
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

    /// Leaves word of how a password came into force, and asks its person where that is needed. Answers the link that
    /// whoever asks hands over, if they do. So many tokens ended with the password before.
    pub(super) fn follow(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        account: &Account,
        way: &Way,
        ended_tokens: usize,
    ) -> Result<Option<String>> {
        tx.put_setting(&asked(&account.person), &[])?;
        tx.put_setting(&set_up(&account.person), &[])?;
        match way {
            Way::Own => {}
            Way::SetUp => tx.put_setting(&set_up(&account.person), b"1")?,
            Way::Asked(addresses) | Way::Handed(addresses) => {
                let handed = matches!(way, Way::Handed(_));
                let (seq, link) = self.link_for(tx, actor, account, handed)?;
                let by = asker(tx, actor)?;
                let (choose, hear) = match handed {
                    true => (invitation::handed(&by, &account.login), None),
                    false => (
                        invitation::choose(&by, &account.login, &link, ended_tokens),
                        Some(invitation::hear(&by, &account.login)),
                    ),
                };
                let words = std::iter::once(&choose)
                    .chain(std::iter::repeat(hear.as_ref().unwrap_or(&choose)));
                let gone = invitation::hear_at_the_old(&by, &account.login);
                let before = match addresses.is_empty() {
                    true => Vec::new(),
                    false => self.former_addresses(tx, &account.person, addresses)?,
                };
                let before = before.iter().map(|address| (address, &gone));
                let to = addresses.iter().zip(words).chain(before);
                let to: Vec<_> = to
                    .filter_map(|(address, words)| {
                        Some((Addressee::of(account, Some(address.clone()))?, words))
                    })
                    .collect();
                self.write_to(tx, seq, &to)?;
                return Ok(Some(link).filter(|_| handed));
            }
        }
        Ok(None)
    }

    /// Makes the link by which a person chooses a password, and the entry that tells of it.
    fn link_for(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        account: &Account,
        handed: bool,
    ) -> Result<(u64, String)> {
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
        let kept: Vec<u8> = match handed {
            true => [id.as_bytes(), &[HANDED][..]].concat(),
            false => id.as_bytes().to_vec(),
        };
        tx.put_setting(&asked(&account.person), &kept)?;
        let body = json!({ "person": account.person, "handed": handed });
        let seq = self.note(tx, actor, "password_asked", body)?;
        Ok((seq, format!("{}/password/{token}", self.site.base_url)))
    }
}

/// What whoever asks is called, at the beginning of a sentence.
/// Who asks, in words for whoever is written to.
pub(super) fn asker(tx: &dyn Tx, actor: &Actor) -> Result<String> {
    Ok(match &actor.who {
        Who::Person(person) => {
            let account = tx.account(&person.0)?;
            account.map_or_else(|| person.to_string(), |account| account.name)
        }
        Who::Service(_) if actor.how == How::LocalSocket => {
            "Whoever looks after your team's Henhouse".to_owned()
        }
        Who::Service(name) => format!("An admin (by the token \u{201C}{name}\u{201D})"),
        Who::Reporter | Who::System => "Henhouse".to_owned(),
    })
}

fn invited(view: &(impl View + ?Sized), id: Uuid, person: &str) -> Result<Account> {
    let waits = view.setting(&asked(person))?;
    let account = view.account(person)?.filter(|account| !account.disabled);
    let waits = waits.unwrap_or_default();
    let account = account.filter(|_| waits.get(..LINK_BYTES) == Some(&id.as_bytes()[..]));
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
    // The tokens of a password that this replaces ended when it was asked for; one's own go on.
    inner.follow(tx, &actor, &account, &Way::Own, 0)?;
    let body = json!({ "person": account.person, "password": true, "comes": Way::Own.word(),
        "password_hash": password_told(account.password.as_deref()) });
    inner.note(tx, &actor, "account_changed", body).map(drop)
}

/// Whether this person was asked to choose a password and has not yet.
pub(super) fn is_asked(view: &dyn View, person: &str) -> Result<bool> {
    is_set(view, &asked(person))
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
