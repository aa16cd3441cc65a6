//! What settles a row of a board, as a page offers it: one tap where nothing is left to say, else the
//! form, filled in.

use super::given::Given;
use super::said;
use crate::report::by_hand::ByHand;
use crate::report::forms::{self, Wanted};

/// Acts that need nothing but the tap, once it is known what they are about.
const ONE_TAP: &[&str] = &[
    "acknowledge",
    "join",
    "still_here",
    "tick_item",
    "acknowledge_hold",
    "start_lead",
    "start_step",
];

/// An act, ready to be done.
pub(in crate::web::pages) struct Verb {
    /// What it is called.
    pub title: String,
    /// Where its form is.
    pub href: String,
    /// Where it is sent, and with which fields, if a tap is enough.
    pub tap: Option<(String, Vec<(String, String)>)>,
}

impl Verb {
    /// An act of a case; nothing where it has no form.
    pub(in crate::web::pages) fn of(number: &str, act: &ByHand) -> Option<Self> {
        let form = forms::find(&act.command)?;
        let given = Given::known(act);
        let asked = form
            .fields
            .iter()
            .filter(|field| field.wanted == Wanted::Always);
        let all_known = asked
            .into_iter()
            .all(|field| !given.all(field.name).is_empty());
        let tap = ONE_TAP.contains(&form.command) && all_known;
        let place = format!("/cases/{number}/acts/{}", form.command);
        Some(Self {
            title: said::title(form.command),
            href: link(number, act),
            tap: tap.then(|| (place, given.pairs())),
        })
    }
}

/// The address of an act's form, filled in with what is known.
pub(super) fn link(number: &str, act: &ByHand) -> String {
    let query = Given::known(act).query();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/cases/{number}/acts/{}{mark}{query}", act.command)
}
