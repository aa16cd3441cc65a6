//! The bar at the thumb on a phone, on every page of a case: what the reader is asked to do next, a note, and
//! everything else. Nobody who only reads has one; they keep the links of the site there.

use procedure::at::At;
use procedure::{Permission, may};

use super::parts;
use crate::auth::Known;
use crate::desk::CaseView;
use crate::report::by_hand::ByHand;
use crate::web::Call;
use crate::web::pages::acts::Verb;
use crate::web::words::key;

/// The bar.
pub(super) struct Thumb {
    /// What the case's own page asks of the reader: what is sent, and the name of the button's text.
    pub asked: Option<(&'static str, &'static str)>,
    /// Else what settles the first thing that falls to them.
    pub owed: Option<Verb>,
    /// The reader may write a note.
    pub note: bool,
}

impl Thumb {
    pub(super) fn of(call: &Call, view: &CaseView, at: At) -> Option<Self> {
        let known = call.known.as_ref()?;
        if !known.may_write() || known.person.is_none() {
            return None;
        }
        let asked = asked(known, view);
        let owed = match asked {
            Some(_) => None,
            None => owed(view, at),
        };
        let note = can(known, view, "add_note");
        Some(Self { asked, owed, note })
    }
}

fn asked(known: &Known, view: &CaseView) -> Option<(&'static str, &'static str)> {
    if takes(known, view) {
        return Some(("take", key("case-take")));
    }
    if parts::is_asked_for_a_sign(view) && can(known, view, "still_here") {
        return Some(("still_here", key("case-still-do")));
    }
    let called = parts::called_in_by(view).is_some() && can(known, view, "answer_call_in");
    called.then(|| ("come", key("case-come")))
}

/// Whether nobody commands, and the reader could.
pub(super) fn takes(known: &Known, view: &CaseView) -> bool {
    let case = &view.case;
    known.person.is_some()
        && case.ic().is_none()
        && !case.is_over()
        && can(known, view, "acknowledge")
}

/// Whether the reader may do this here.
pub(super) fn can(known: &Known, view: &CaseView, command: &str) -> bool {
    let may = may(&view.case, &view.basis, &view.onlooker.actor, command);
    known.may_write() && !matches!(may, Permission::No(_))
}

fn owed(view: &CaseView, at: At) -> Option<Verb> {
    let me = view.onlooker.actor.as_person()?;
    let agenda = view.agenda(at.now);
    let mut mine = agenda.as_taken_up(at).into_iter();
    mine.find_map(|owed| {
        let mine = at.asked(owed).contains(me);
        let act = mine.then(|| ByHand::settling(at.case, at.basis, owed))??;
        Verb::here(view, &act)
    })
}
