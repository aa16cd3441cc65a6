//! Somebody whose address is changed hears of it at the address that stood there before: a link to choose their password
//! goes to the new one, so whoever changes it unasked could act in their name.

use procedure::project::{Contact, Directory};
use procedure::{Actor, Text};
use serde_json::json;

use super::Inner;
use super::error::Result;
use super::installation::Addressee;
use super::own_password::asker;
use crate::report::access;
use crate::store::Tx;

impl Inner {
    /// Tells everybody with an account whose address another changed or took away, where they were reached until now.
    pub(super) fn tell_who_moved(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        before: &Directory,
        after: &Directory,
    ) -> Result<()> {
        let mail = self.mail.load(std::sync::atomic::Ordering::Relaxed);
        if self.site.drill || !mail {
            return Ok(());
        }
        for (person, was) in &before.people {
            let Some(former) = left(was, after.people.get(person)) else {
                continue;
            };
            let Some(account) = tx.account(&person.0)? else {
                continue;
            };
            let words = access::address_changed(&asker(tx, actor)?, &account.login);
            let to = Addressee::of(&account, Some(former));
            let to: Vec<_> = to.into_iter().map(|to| (to, &words)).collect();
            let seq = self.note(tx, actor, "address_changed", json!({ "person": person }))?;
            self.write_to(tx, seq, &to)?;
        }
        Ok(())
    }
}

/// The address that somebody had and has no more.
fn left(was: &Contact, now: Option<&Contact>) -> Option<String> {
    let address = |contact: &Contact| {
        contact
            .mail
            .as_ref()
            .and_then(Text::plain)
            .map(str::to_owned)
    };
    let former = address(was)?;
    let same = now
        .and_then(address)
        .is_some_and(|now| now.eq_ignore_ascii_case(&former));
    (!same).then_some(former)
}
