//! Forms that begin with words from the record, as the pages begin them that are made for the same act.

use procedure::at::At;

use super::given::Given;
use super::look;
use crate::desk::CaseView;
use crate::report::forms::Form;
use crate::report::{Names, draft};
use crate::web::words::Words;

const HANDOVER: &str = "offer_handover";

/// What stands in the fields when a form is opened, below what a link says.
pub(super) fn begun(w: Words, form: &Form, view: &CaseView, at: At, query: &Given) -> Given {
    match form.command {
        HANDOVER => briefing(w, view, at),
        _ => look::begun(form, view, query),
    }
}

/// Command is offered to somebody else: oneself is none to choose.
pub(super) fn may_be_chosen(form: &Form, field: &str, view: &CaseView, value: &str) -> bool {
    let me = view.onlooker.actor.as_person();
    !(form.command == HANDOVER && field == "to" && me.is_some_and(|me| me.0 == value))
}

fn briefing(w: Words, view: &CaseView, at: At) -> Given {
    let times = w.times(view.basis.project.calendar.rules().clone(), at.now);
    let (times, names) = (times.in_english(), Names::new(&view.directory));
    let mut given = Given::default();
    for block in &view.basis.playbook.command.handover.blocks {
        let words = draft::briefing(at, names, &times, &block.id);
        given.put(&format!("briefing.{}", block.id), vec![words]);
    }
    given
}
