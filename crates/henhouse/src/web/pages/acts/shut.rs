//! Why an act cannot be done now, though whoever looks may do it: there is nothing that it could be about, or the
//! engine would refuse it as things stand, however it is filled in.

use procedure::Refusal;
use procedure::at::At;

use super::given::Given;
use super::offer::offers;
use super::{begun, said};
use crate::desk::CaseView;
use crate::report::forms::{Control, Form, Of, Wanted};
use crate::report::trial::Trial;
use crate::web::words::Words;

/// There is nothing to choose from where something has to be chosen.
pub(super) struct Nothing {
    /// What is asked.
    pub label: String,
    /// The act that makes something to choose from, where there is one.
    pub first: Option<&'static str>,
}

impl Nothing {
    /// The first field of a form for which that is so.
    pub(super) fn of(w: Words, form: &Form, view: &CaseView, at: At) -> Option<Self> {
        let asked = form.fields.iter();
        let mut asked = asked.filter(|field| field.wanted == Wanted::Always);
        let (field, of) = asked.find_map(|field| match field.control {
            Control::One(of) | Control::Nth(of) | Control::Some(of) => {
                let none = offers(of, form.command, view, at).is_empty();
                none.then_some((field, of))
            }
            _ => None,
        })?;
        Some(Self {
            label: said::label(w, form, field),
            first: first(form, of),
        })
    }

    /// The sentence that says so.
    pub(super) fn says(&self, w: Words) -> String {
        format!("{} {}", self.label, w.say("acts-nothing"))
    }
}

/// What comes before an act that is about something of this sort.
fn first(form: &Form, of: Of) -> Option<&'static str> {
    Some(match of {
        Of::Step if form.command == "verify_step" => "finish_step",
        Of::Step => "add_step",
        Of::Lead => "add_lead",
        Of::Disruption => "request_disruption",
        Of::Hold => "place_hold",
        Of::Notice => "draft_customer_notice",
        Of::Cause => "add_cause",
        Of::FollowUp => "add_follow_up",
        Of::Call => "open_call",
        Of::Redaction => "propose_redaction",
        Of::Shift => "plan_shift",
        Of::Exhibit => "add_exhibit",
        Of::Line => "add_timeline_line",
        Of::Sitrep => "publish_sitrep",
        _ => return None,
    })
}

/// Why the engine would refuse an act as things stand, whatever is typed.
pub(super) fn refused(form: &Form, view: &CaseView, at: At) -> Option<Refusal> {
    on_trial(form, view, at, |trial| trial.of(form).refused())
}

/// Why the engine would refuse it about what a link names.
pub(super) fn refused_about(
    form: &Form,
    view: &CaseView,
    at: At,
    query: &Given,
) -> Option<Refusal> {
    let chooses = |control| matches!(control, Control::One(_) | Control::Nth(_));
    let field = form.fields.first().filter(|field| chooses(field.control))?;
    let value = query.text(field.name);
    if value.is_empty() {
        return None;
    }
    on_trial(form, view, at, |trial| {
        trial.about(form, field.name, &value).refused()
    })
}

/// Whether something can be chosen in a field: what the act cannot be about is not offered.
pub(super) fn fits(form: &Form, view: &CaseView, at: At, field: &str, value: &str) -> bool {
    let found = form.field(field).map(|field| field.control);
    if !matches!(found, Some(Control::One(_) | Control::Nth(_))) || value.is_empty() {
        return true;
    }
    begun::may_be_chosen(form, field, view, value)
        && on_trial(form, view, at, |trial| trial.fits(form, field, value))
}

fn on_trial<T>(form: &Form, view: &CaseView, at: At, ask: impl FnOnce(Trial) -> T) -> T {
    let to = form.field("to").map(|field| field.control);
    let ids = |of: Of| {
        let all = offers(of, form.command, view, at).into_iter();
        let all = all.map(|(id, _)| id);
        let chosen = |id: &String| {
            to != Some(Control::One(of)) || begun::may_be_chosen(form, "to", view, id)
        };
        all.filter(chosen).collect()
    };
    ask(Trial {
        case: &view.case,
        basis: &view.basis,
        now: at.now,
        actor: &view.onlooker.actor,
        ids: &ids,
    })
}
