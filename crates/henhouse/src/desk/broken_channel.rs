//! A channel takes nothing any more, or takes things again: written down, and told to the admins by every way that is left
//! (P6).

use std::sync::Arc;

use jiff::Timestamp;
use procedure::Actor;
use serde_json::json;

use super::error::Result;
use super::installation::Addressee;
use super::{Desk, MAIL};
use crate::report::trouble;
use crate::store::Tx;

impl Desk {
    /// Tells the admins that pages leave by this route no more since then, and what its peer says; or, without a time, that
    /// they leave again.
    ///
    /// # Errors
    /// The store's. Nobody is told then.
    pub async fn channel_changed(
        &self,
        route: &str,
        since: Option<Timestamp>,
        said: &str,
    ) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        let words = trouble::channel_letter(route, since, said);
        let route = route.to_owned();
        self.write(move |tx: &mut dyn Tx| {
            let kind = match since {
                Some(_) => "channel_broken",
                None => "channel_works",
            };
            let body = json!({ "route": route });
            let seq = inner.note(tx, &Actor::system(), kind, body)?;
            let mut to = Vec::new();
            for account in tx.accounts()? {
                if account.role != "admin" || account.disabled {
                    continue;
                }
                let mut places: Vec<(String, String)> = inner.other_routes(tx, &account.person)?;
                // Mail alone where it works; every other way where mail is what fails.
                if route != MAIL || since.is_none() {
                    places.clear();
                }
                places.extend(account.email.clone().map(|mail| (MAIL.to_owned(), mail)));
                for (by, place) in places {
                    if let Some(addressee) = Addressee::of(&account, Some(place.clone())) {
                        to.push((addressee.by(by, place), &words));
                    }
                }
            }
            inner.write_to(tx, seq, &to)
        })
        .await
    }
}
