//! How a person is reached, as the contact sheets have it, and a message to oneself that shows whether it works.

use std::sync::Arc;

use procedure::project::{By, Contact};
use procedure::{Actor, PersonId, Text};
use serde_json::json;

use super::error::{DeskError, Result};
use super::installation::Addressee;
use super::{Desk, Inner, MAIL};
use crate::report::{access, routes};
use crate::store::View;

/// How one project reaches a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnContact {
    /// The project's name.
    pub project: String,
    /// Where mail goes.
    pub mail: Option<String>,
    /// Where it telephones.
    pub phone: Option<String>,
    /// By what it pages, in order, in words.
    pub routes: String,
}

impl Desk {
    /// How each project reaches this person; projects that do not know them are left out.
    ///
    /// # Errors
    /// The store's.
    pub async fn own_contacts(&self, person: String) -> Result<Vec<OwnContact>> {
        let inner = Arc::clone(&self.inner);
        let read = move |view: &dyn View| {
            let person = PersonId::from(person.as_str());
            let mut all = Vec::new();
            for row in view.projects()? {
                let directory = inner.project_as_it_is(view, row.journal)?.directory;
                let Some(contact) = directory.people.get(&person) else {
                    continue;
                };
                let plain = |text: &Option<Text>| {
                    let text = text.as_ref().and_then(Text::plain);
                    text.map(str::to_owned)
                };
                all.push(OwnContact {
                    project: row.name,
                    mail: plain(&contact.mail),
                    phone: plain(&contact.phone),
                    routes: routes::in_words(&contact.routes),
                });
            }
            Ok(all)
        };
        self.inner.store.read(read).await
    }

    /// Sends a person a message at every address and by every route of theirs; says at how many. None leaves by what is
    /// not set up, and in a drill to whoever is on no contact sheet.
    ///
    /// # Errors
    /// Not found where they have no account; the store's.
    pub async fn test_message(&self, actor: Actor, person: String) -> Result<usize> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            let account = tx.account(&person)?.ok_or(DeskError::NotFound("account"))?;
            if !inner.may_write_to(tx, &person)? {
                return Ok(0);
            }
            let words = access::test_message(&account.name);
            let mut places = Vec::new();
            if inner.mail.load(std::sync::atomic::Ordering::Relaxed) {
                let addresses = inner.addresses(tx, &account, true)?;
                places.extend(addresses.into_iter().map(|to| (MAIL.to_owned(), to)));
            }
            for place in inner.other_routes(tx, &person)? {
                if !places.contains(&place) {
                    places.push(place);
                }
            }
            if places.is_empty() {
                return Ok(0);
            }
            let to = places.into_iter();
            let to: Vec<_> = to
                .filter_map(|(route, to)| {
                    let addressee = Addressee::of(&account, Some(to.clone()))?;
                    Some((addressee.by(route, to), &words))
                })
                .collect();
            let body = json!({ "person": person, "addresses": to.len() });
            let seq = inner.note(tx, &actor, "test_message", body)?;
            inner.write_to(tx, seq, &to)?;
            inner.note_tested(tx, &person, seq, to.len())?;
            Ok(to.len())
        })
        .await
    }
}

impl Inner {
    /// The routes that the contact sheets have of a person and that are set up here, beside the addresses of theirs.
    pub(super) fn other_routes(
        &self,
        view: &dyn View,
        person: &str,
    ) -> Result<Vec<(String, String)>> {
        let person = PersonId::from(person);
        let is_open = |route: &str| {
            let routes = self.routes.get();
            routes.is_some_and(|routes| routes.contains(route))
        };
        let mut all = Vec::new();
        if is_open(routes::PUSH) && self.has_device(view, &person.0)? {
            all.push((routes::PUSH.to_owned(), person.0.clone()));
        }
        for row in view.projects()? {
            let directory = self.project_as_it_is(view, row.journal)?.directory;
            let theirs = directory.people.get(&person).map(Contact::ways);
            for (by, to) in theirs.unwrap_or_default() {
                let route = routes::channel(by, to);
                // A test is no alert for everybody there.
                let known = routes::is_forward(&route) || by == By::Push;
                if is_open(&route) && !known {
                    all.push((route, to.to_owned()));
                }
            }
        }
        Ok(all)
    }
}
