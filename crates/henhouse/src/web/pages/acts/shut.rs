//! Why an act cannot be done now, though whoever looks may do it: there is nothing that it could be about, or the
//! engine would refuse it as things stand, however it is filled in.

use procedure::Refusal;
use procedure::at::At;
use procedure::chapters::work::Step;
use serde_json::Value;

use super::drawn::Drawn;
use super::given::Given;
use super::offer::{brief, offers};
use super::{begun, said};
use crate::desk::CaseView;
use crate::report::Names;
use crate::report::by_hand::{ByHand, fits_step};
use crate::report::forms::{self, Control, Form, Of, Wanted};
use crate::report::trial::{Fit, Trial};
use crate::web::pages::case::work;
use crate::web::words::Words;

/// There is nothing to choose from where something has to be chosen.
pub(super) struct Nothing {
    /// What is asked.
    label: String,
    /// What it takes, and what stands there that it does not take.
    others: Option<(String, Vec<String>)>,
    /// The act that makes something to choose from, where there is one.
    pub first: Option<&'static str>,
}

/// So many of what stands there and does not fit are named.
const NAMED: usize = 5;

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
        let others = match of {
            Of::Step => steps(w, form, view),
            Of::Lead => leads(w, view),
            _ => Vec::new(),
        };
        let others = (!others.is_empty()).then(|| (said::takes(w, form, of), others));
        Some(Self {
            label: said::label(w, form, field),
            first: first(form, of)
                .filter(|first| others.is_none() || leads_there(first, form, view)),
            others,
        })
    }

    /// The sentence that says so.
    pub(super) fn says(&self, w: Words) -> String {
        let Some((takes, others)) = &self.others else {
            return format!("{} {}", self.label, w.say("acts-nothing"));
        };
        let mut named: Vec<&str> = others.iter().take(NAMED).map(String::as_str).collect();
        if others.len() > NAMED {
            named.push("…");
        }
        format!("{takes} {}", w.with("acts-stand", "list", named.join("; ")))
    }
}

/// The steps that there are, each with why the act is not about it.
fn steps(w: Words, form: &Form, view: &CaseView) -> Vec<String> {
    let why = |step: &Step| {
        let destroys = form.command == "decide_destruction" && step.is_open();
        match serde_json::to_value(step.kind) {
            Ok(kind) if destroys && !step.kind.destroys() => {
                said::choice(w, forms::STEP_KIND, kind.as_str().unwrap_or_default())
            }
            _ if destroys && step.destruction.is_some() => w.say("acts-decided").into_owned(),
            _ => w.say(work::of_a_step(step.state)).into_owned(),
        }
    };
    let all = view.case.part.work.steps.iter();
    let readable = all.filter(|step| view.may_read(step.seq));
    let told = readable.map(|step| {
        let words = brief(view, step.seq, &step.text);
        format!("{} {words} ({})", step.id, why(step))
    });
    told.collect()
}

fn leads(w: Words, view: &CaseView) -> Vec<String> {
    let all = view.case.part.work.leads.iter();
    let readable = all.filter(|lead| view.may_read(lead.seq));
    let told = readable.map(|lead| {
        let words = brief(view, lead.seq, &lead.text);
        format!(
            "{} {words} ({})",
            lead.id,
            w.say(work::of_a_lead(lead.state))
        )
    });
    told.collect()
}

/// Where others stand there, an act leads to what is missing only if it can.
fn leads_there(first: &str, form: &Form, view: &CaseView) -> bool {
    let mut steps = view.case.part.work.steps.iter();
    match form.command {
        "verify_step" => steps.any(|step| fits_step(first, step)),
        "start_step" | "finish_step" | "start_lead" => false,
        _ => true,
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
    on_trial(form, view, at, |trial| trial.form(form).came().refused())
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
        trial.form(form).about(field.name, &value).refused()
    })
}

/// What the act cannot be about is not offered; what a rule shuts that nobody may waive and no time opens is said with
/// that rule, and not offered either.
pub(super) fn leave_out(form: &Form, view: &CaseView, at: At, fields: &mut [Drawn]) {
    let names = Names::new(&view.directory);
    on_trial(form, view, at, |trial| {
        let tried = trial.form(form);
        for field in fields {
            let control = form.field(&field.name).map(|one| one.control);
            if !matches!(
                control,
                Some(Control::One(_) | Control::Nth(_) | Control::Choice(_))
            ) {
                continue;
            }
            let mut shut: Vec<Shut> = Vec::new();
            let name = field.name.as_str();
            field.options.retain(|(value, words, _)| {
                value.is_empty()
                    || (begun::may_be_chosen(form, name, view, value)
                        && match tried.fits(name, value) {
                            Fit::Yes => true,
                            Fit::Not => false,
                            Fit::Shut(no) => {
                                put(&mut shut, words, names.refusal(*no));
                                false
                            }
                        })
            });
            shut.truncate(SHUT);
            field.shut = shut;
        }
    });
}

/// So many rules are told that shut choices, and so many choices of each.
const SHUT: usize = 3;

/// What cannot be chosen, and why.
pub(super) struct Shut {
    pub choices: Vec<String>,
    /// There are more of them.
    pub more: bool,
    pub sentence: String,
    pub yes_when: String,
}

fn put(shut: &mut Vec<Shut>, choice: &str, no: Refusal) {
    let known = shut.iter_mut().find(|one| one.sentence == no.sentence);
    match known {
        Some(known) if known.choices.len() < SHUT => known.choices.push(choice.to_owned()),
        Some(known) => known.more = true,
        None => shut.push(Shut {
            choices: vec![choice.to_owned()],
            more: false,
            sentence: no.sentence,
            yes_when: no.yes_when,
        }),
    }
}

/// Whether an act is for whoever looks to do; else why not.
///
/// # Errors
/// Whose it is, in the engine's words.
pub(in crate::web::pages) fn is_theirs(
    view: &CaseView,
    at: At,
    act: &ByHand,
) -> Result<(), String> {
    let Some(form) = forms::find(&act.command) else {
        return Ok(());
    };
    let known: Vec<(&str, Value)> = act.known().collect();
    let theirs = on_trial(form, view, at, |trial| trial.is_theirs(form, &known));
    theirs.map_err(|no| Names::new(&view.directory).refusal(no).sentence)
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
