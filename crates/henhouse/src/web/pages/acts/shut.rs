//! Why an act cannot be done now, though whoever looks may do it: there is nothing that it could be about, or the
//! engine would refuse it as things stand.

use jiff::Timestamp;
use procedure::at::At;
use procedure::{Refusal, RefusalKind, decide};
use serde_json::{Value, json};

use super::offer::offers;
use super::said;
use crate::desk::CaseView;
use crate::report::forms::{Control, Form, Wanted};
use crate::web::api::order;
use crate::web::words::Words;

/// There is nothing to choose from where something has to be chosen: the sentence that says so.
pub(super) fn nothing(w: Words, form: &Form, view: &CaseView, at: At) -> Option<String> {
    let asked = form.fields.iter();
    let mut asked = asked.filter(|field| field.wanted == Wanted::Always);
    let empty = asked.find(|field| match field.control {
        Control::One(of) | Control::Nth(of) => offers(of, form.command, view, at).is_empty(),
        _ => false,
    })?;
    let label = said::label(w, form, empty);
    Some(format!("{label} {}", w.say("acts-nothing")))
}

/// Why the engine would refuse an act that takes nothing but the tap, whatever else is typed.
pub(super) fn refused(form: &Form, view: &CaseView, now: Timestamp) -> Option<Refusal> {
    let mut body = as_it_stands(form.command)?;
    body["command"] = form.command.into();
    let order = order(body.as_object()?.clone()).ok()?;
    let actor = &view.onlooker.actor;
    let decided = decide(&view.case, &view.basis, now, actor, &order);
    decided.err().filter(|no| no.kind != RefusalKind::Invalid)
}

/// The acts that stand or fall with what others did before, each with as little as is sent.
fn as_it_stands(command: &str) -> Option<Value> {
    match command {
        "accept_handover" | "decline_handover" | "withdraw_handover" | "confirm_take_over"
        | "join" | "pass_on" | "still_here" | "leave" | "end_outage" => Some(json!({})),
        "brief_handover" => Some(json!({ "briefing": {} })),
        "read_back" => Some(json!({ "text": "…" })),
        _ => None,
    }
}
