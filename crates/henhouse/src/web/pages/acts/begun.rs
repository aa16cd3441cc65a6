//! Forms that begin with words from the record, as the pages begin them that are made for the same act.

use procedure::at::At;

use super::given::Given;
use super::look;
use super::taken::Taken;
use crate::desk::CaseView;
use crate::report::forms::Form;
use crate::report::{Names, draft};
use crate::web::Call;
use crate::web::problem::WrongField;
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

/// Command is offered with every block that is asked for, as on the page of the hand-over: without one nobody can accept.
pub(super) fn asks_for_blocks(
    call: &Call,
    form: &Form,
    view: &CaseView,
    given: &Given,
    taken: &mut Taken,
) {
    let command = ["", "incident_commander"].contains(&given.text("role").as_str());
    if form.command != HANDOVER || !command {
        return;
    }
    let mut blocks = view.basis.playbook.command.handover.blocks.iter();
    let bare = |id: &str| given.text(&format!("briefing.{id}")).is_empty();
    if blocks.any(|block| block.required && bare(&block.id)) {
        let detail = call.words().say("handover-all-needed").into_owned();
        let field = "/briefing".to_owned();
        taken.wrong.push(WrongField { field, detail });
    }
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
