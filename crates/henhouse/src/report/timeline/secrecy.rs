//! Who may see the case, and how far its words may travel.

use procedure::Body;

use super::{Teller, because};
use crate::report::marking;

pub(super) fn says(t: &Teller, body: &Body) -> Option<String> {
    let who = &t.who;
    Some(match body {
        Body::Restricted(restricted) => {
            format!(
                "{who} restricted the case to its members{}",
                because(Some(&restricted.reason))
            )
        }
        Body::Unrestricted(opened) => {
            format!(
                "{who} opened the case to the project again{}",
                because(Some(&opened.reason))
            )
        }
        Body::MarkingSet(set) => {
            let (to, from) = (marking::word(set.marking), marking::word(set.was));
            format!(
                "{who} changed the marking from {from} to {to}{}",
                because(set.reason.as_ref())
            )
        }
        Body::MemberAdded(added) => {
            format!("{who} let {} see the case.", t.names.person(&added.person))
        }
        Body::MemberRemoved(removed) => {
            let person = t.names.person(&removed.person);
            format!(
                "{who} took {person} off the members{}",
                because(removed.reason.as_ref())
            )
        }
        Body::EntryRestricted(restricted) => format!(
            "{who} put entry {} into the restricted annex; its words leave by no channel.",
            restricted.entry
        ),
        _ => return None,
    })
}
