//! Where mail reached a person until lately. Whoever may change a contact sheet could put their own address there and then
//! have a link to choose a password sent to it; the address that stood there before hears of that.

use casefile::chain::Chain;
use jiff::SignedDuration;
use procedure::project::ProjectBody;
use procedure::{PersonId, Text};

use super::error::Result;
use super::projects::project_entry;
use super::{Inner, journal};
use crate::store::View;

/// So long an address that was replaced still hears what is done to the account, in hours.
pub(super) const HEARS_HOURS: i64 = 24 * 30;

impl Inner {
    /// The addresses that contact sheets had of this person and that were replaced lately, without those that are known
    /// still. A journal that cannot be read to its end tells what it can: nobody is kept from a password by it.
    pub(super) fn former_addresses(
        &self,
        view: &dyn View,
        person: &str,
        known: &[String],
    ) -> Result<Vec<String>> {
        let person = PersonId::from(person);
        let since = self.clock.now() - SignedDuration::from_hours(HEARS_HOURS);
        let mut former: Vec<String> = Vec::new();
        for row in view.projects()? {
            let key = journal::key(view, &self.root, row.journal)?;
            let mut chain = Chain::new(row.journal.0);
            let mut stood: Option<String> = None;
            let read = journal::read(view, &key, &mut chain, |envelope| {
                let entry = project_entry(envelope)?;
                let ProjectBody::ProjectRevised(revised) = entry.body else {
                    return Ok(());
                };
                let contact = revised.directory.people.get(&person);
                let mail = contact.and_then(|contact| contact.mail.as_ref());
                let mail = mail.and_then(Text::plain).map(str::to_owned);
                if mail != stood && entry.recorded_at >= since {
                    former.extend(stood.take());
                }
                stood = mail;
                Ok(())
            });
            if let Err(error) = read {
                tracing::warn!(journal = %row.journal, %error, "who had which address before is known in part");
            }
        }
        let mut seen: Vec<String> = known.iter().map(|one| one.to_lowercase()).collect();
        former.retain(|address| {
            let address = address.to_lowercase();
            let new = !seen.contains(&address);
            seen.push(address);
            new
        });
        Ok(former)
    }
}
