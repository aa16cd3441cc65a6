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

/// Why the engine would refuse an act as things stand, whatever else is typed.
pub(super) fn refused(form: &Form, view: &CaseView, now: Timestamp) -> Option<Refusal> {
    let (mut body, counts) = as_it_stands(form.command)?;
    body["command"] = form.command.into();
    let order = order(body.as_object()?.clone()).ok()?;
    let actor = &view.onlooker.actor;
    let decided = decide(&view.case, &view.basis, now, actor, &order);
    decided.err().filter(|no| match counts {
        Counts::Every => no.kind != RefusalKind::Invalid,
        Counts::Standing => no.kind == RefusalKind::Conflict,
    })
}

/// Which refusals say that the act cannot be done now.
#[derive(Clone, Copy)]
enum Counts {
    /// Each: nothing that is typed would change it.
    Every,
    /// That things stand otherwise; a rule may ask for what is still to be typed.
    Standing,
}

/// The acts that stand or fall with what was done before, each with as little as is sent.
fn as_it_stands(command: &str) -> Option<(Value, Counts)> {
    let reason = json!({ "reason": "…" });
    Some(match command {
        "accept_handover" | "decline_handover" | "withdraw_handover" | "confirm_take_over"
        | "join" | "pass_on" | "still_here" | "leave" | "end_outage" => (json!({}), Counts::Every),
        "brief_handover" => (json!({ "briefing": {} }), Counts::Every),
        "read_back" => (json!({ "text": "…" }), Counts::Every),
        "accept_qa" | "send_back_qa" | "reopen" | "unrestrict" | "take_over" | "stay_alone"
        | "clear_suspicion" => (reason, Counts::Every),
        "restrict" | "false_alarm" | "activate_contingency" => (reason, Counts::Standing),
        "acknowledge" | "begin_outage" | "close" | "declare_recovered" | "publish_report" => {
            (json!({}), Counts::Standing)
        }
        "answer_call_in" => (json!({ "accept": true }), Counts::Standing),
        "disagree" | "send_thanks" => (json!({ "text": "…" }), Counts::Standing),
        "settle" => {
            let body = json!({ "what": "…", "choice": "keep", "reason": "…" });
            (body, Counts::Standing)
        }
        _ => return None,
    })
}
