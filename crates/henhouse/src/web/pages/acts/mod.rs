//! `/cases/{number}/acts`: everything that one may do in a case, and each act as a form. Nothing is
//! decided here: a form becomes the API's own command, and what is refused is said with its rule.

mod begun;
mod clash;
mod drawn;
mod given;
mod line;
mod list;
mod look;
mod offer;
mod refused;
mod said;
mod shut;
mod taken;
mod told;
mod verb;

use std::borrow::Cow;
use std::collections::BTreeMap;

use askama::Template;
use procedure::at::At;
use procedure::chapters::retrospective::takes_short_form;
use procedure::{Permission, Refusal, RefusalKind, may};

use self::clash::Clash;
use self::drawn::{Drawn, Look};
use self::given::Given;
pub(super) use self::list::show as list;
pub(super) use self::offer::people as who_there_is;
use self::refused::{Lacks, No};
pub(super) use self::said::title_in;
use self::shut::Nothing;
pub(super) use self::shut::is_theirs;
use self::taken::{Here, Taken};
pub(super) use self::verb::Verb;
use super::case::undo;
use super::deed;
use super::frame::{self, Frame};
use crate::desk::{CaseView, DeskError};
use crate::report::by_hand::ByHand;
use crate::report::forms::{self, Control, Form};
use crate::report::{self, people};
use crate::web::api::order;
use crate::web::fields::Fields;
use crate::web::registry::Answer;
use crate::web::words::Words;
use crate::web::{Call, Problem};

/// Acts whose words leave to people outside the duty.
const LEAVING: [&str; 4] = [
    "publish_sitrep",
    "send_customer_notice",
    "send_disruption_notice",
    "send_thanks",
];

#[derive(Template)]
#[template(path = "act.html")]
struct ActPage {
    frame: Frame,
    number: String,
    case_title: String,
    command: &'static str,
    title: String,
    lead: String,
    /// What stands now of what it would change.
    stands: Option<String>,
    /// Nothing where there is nothing to choose from.
    button: Option<String>,
    /// What it does that harms.
    grave: Option<String>,
    /// What the close will still ask for, before the report goes out.
    later: Vec<Lacks>,
    /// The short form needs none of that.
    short: bool,
    /// By which rule it may be, or may not yet, of each that it can be about.
    rules: Vec<String>,
    /// What is under a hold or not captured where it would reach.
    kept: Vec<String>,
    fields: Vec<Drawn>,
    no: No,
    /// The form is opened, and nothing was sent yet.
    opened: bool,
    /// Whatever were sent, the answer would be no: there is nothing to fill in.
    shut: bool,
    waive_reason: String,
    happened: String,
    /// One tap says that nothing has changed since the last sitrep.
    no_change: bool,
    zone: String,
    /// It is looked at before it leaves, and waits there.
    looked_at: bool,
    /// When it happened is asked besides; a field of its own asks it else.
    asks_when: bool,
    /// A day for the examples of how times are written.
    day: String,
    line: String,
    /// The entry that stood last when the form was shown.
    saw: u64,
    /// What somebody else wrote meanwhile.
    clash: Option<Clash>,
}

impl ActPage {
    fn has_folded(&self) -> bool {
        self.fields.iter().any(|field| field.folded)
    }

    /// Something that is folded away says something, or is wrong.
    fn folded_says(&self) -> bool {
        let says = |field: &Drawn| {
            let chosen = field.options.iter().any(|(_, _, on)| *on);
            field.error.is_some() || !field.value.is_empty() || chosen
        };
        self.fields.iter().any(|field| field.folded && says(field))
    }
}

/// What was sent with a form, besides its fields.
#[derive(Default)]
struct Beside {
    /// The form is opened, and nothing was sent yet.
    opened: bool,
    /// It can only be refused.
    shut: bool,
    happened: String,
    waive: Vec<String>,
    reason: String,
    /// What somebody else wrote meanwhile.
    clash: Option<Clash>,
    /// What lines of the timeline tell, by their numbers.
    told: BTreeMap<String, String>,
}

/// Shows the form of an act.
pub(super) async fn show(call: Call) -> Answer {
    let form = form_of(&call)?;
    let view = call.case().await?;
    let usual = ByHand::about_what_is_open(&view.case, &view.basis, form.command);
    let query = Given::sent(form, &call.page_query(), drawn::names(&view));
    let said = Given::said_of_impact(form, &view.case);
    let given = said.over(Given::known(&usual));
    let at = At::new(&view.case, &view.basis, call.app.desk.now());
    let begun = begun::begun(call.words(), form, &view, at, &query);
    let (no, shut) = stands(call.words(), form, &view, at, &query);
    let given = given.over(begun).over(query);
    let frame = around(&call, &view, form);
    let beside = Beside {
        opened: true,
        shut,
        told: told::lines(&call, &view, form).await?,
        ..Beside::default()
    };
    answer(&call, 200, frame, &view, form, &given, no, beside)
}

/// What stands against an act before anything is typed, and whether nothing that is typed would change it.
fn stands(w: Words, form: &Form, view: &CaseView, at: At, query: &Given) -> (No, bool) {
    let about = || shut::refused_about(form, view, at, query);
    if let Some(no) = shut::refused(form, view, at) {
        let says = about();
        return (
            No::of(says.as_ref().unwrap_or(&no), view, &[], w),
            !no.waivable,
        );
    }
    if let Some(none) = Nothing::of(w, form, view, at) {
        return (No::nothing(&none, view, w), true);
    }
    let no = about().map_or_else(No::default, |no| No::of(&no, view, &[], w));
    (no, false)
}

/// Carries out an act.
pub(super) async fn send(mut call: Call) -> Answer {
    let form = form_of(&call)?;
    let fields = call.form().await?;
    carry(call, form, fields).await
}

/// Carries out an act whose form was checked to be ours.
pub(super) async fn carry(call: Call, form: &'static Form, fields: Fields) -> Answer {
    let view = call.case().await?;
    let mut given = Given::sent(form, &fields, drawn::names(&view));
    let clash = Clash::settle(&call, &view, form, &fields, &mut given).await?;
    let beside = Beside {
        happened: frame::typed(&fields, "happened_at"),
        waive: fields.all("waive"),
        reason: frame::typed(&fields, "waive_reason"),
        clash,
        told: told::lines(&call, &view, form).await?,
        ..Beside::default()
    };
    let goes_on = look::is_looked_at(form) && fields.get("act") == Some("edit");
    if beside.clash.is_some() || goes_on {
        let frame = around(&call, &view, form);
        let status = if goes_on { 200 } else { 409 };
        let no = No::none(&beside.waive);
        return answer(&call, status, frame, &view, form, &given, no, beside);
    }
    let works = call.words().say("frame-time-works");
    let here = Here {
        now: call.app.desk.now(),
        zone: view.basis.project.calendar.rules(),
        works: &works,
    };
    let mut taken = Taken::read(form, &given, &here, drawn::names(&view));
    taken.ask(&call.words().say("acts-unanswered"));
    taken.happened(&beside.happened, &here);
    taken.waive(&beside.waive, &beside.reason);
    if !beside.waive.is_empty() && beside.reason.is_empty() {
        let words = call.words().say("acts-waive-needs-reason");
        let frame = around(&call, &view, form).wrong("waive_reason", words);
        let no = No::none(&beside.waive);
        return answer(&call, 422, frame, &view, form, &given, no, beside);
    }
    other_case(&call, form, &mut taken).await?;
    look::who(&call, form, &fields, &mut taken);
    begun::asks_for_blocks(&call, form, &view, &given, &mut taken);
    if !taken.wrong.is_empty() {
        let problem = Problem::fields(taken.wrong);
        return wrong(&call, &view, form, &given, problem, beside);
    }
    let order = match order(taken.object) {
        Ok(order) => order,
        Err(problem) => return wrong(&call, &view, form, &given, problem, beside),
    };
    if let Permission::No(refusal) =
        may(&view.case, &view.basis, &view.onlooker.actor, form.command)
    {
        return refuse(&call, &view, form, &given, &refusal, beside);
    }
    match look::first(&call, &view, form, &fields, &order) {
        Some(Ok(page)) => return page,
        Some(Err(deed::No::Refused(no))) => {
            return refuse(&call, &view, form, &given, &no, beside);
        }
        Some(Err(deed::No::Other(no))) => return wrong(&call, &view, form, &given, no, beside),
        None => {}
    }
    let once = frame::once(&fields).map(|key| call.one_use(key));
    let actor = view.onlooker.actor.clone();
    let submitted = call.app.desk.submit(view.row.journal, actor, order, once);
    match submitted.await {
        Ok(told) => {
            let undo = undo::entry_of(&call, form.command, &told.entries).await;
            Ok(frame::lead_to(&back(&fields, &view, form, undo)))
        }
        Err(DeskError::Refused(refusal)) => {
            let view = call.case().await?;
            refuse(&call, &view, form, &given, &refusal, beside)
        }
        Err(error) => wrong(&call, &view, form, &given, error.into(), beside),
    }
}

/// Where an act leads: to the board or the page it was done from, or to the case, which says what was done, and
/// offers to undo it.
fn back(fields: &Fields, view: &CaseView, form: &Form, undo: Option<u64>) -> String {
    let undo = undo.map_or_else(String::new, |seq| format!("&undo={seq}"));
    match fields.get("back") {
        Some("now") => "/now".to_owned(),
        Some(page @ ("leads" | "steps" | "evidence" | "people")) => {
            let (number, did) = (&view.row.number, form.command);
            format!("/cases/{number}/{page}?did={did}{undo}")
        }
        Some("retrospective") => {
            let place = super::retro::place(form.command);
            let (number, did) = (&view.row.number, form.command);
            format!("/cases/{number}/retrospective?did={did}{place}")
        }
        _ => format!("/cases/{}?did={}{undo}", view.row.number, form.command),
    }
}

fn form_of(call: &Call) -> Result<&'static Form, Problem> {
    forms::find(call.param("command")).ok_or_else(|| Problem::not_found("act"))
}

fn around(call: &Call, view: &CaseView, form: &Form) -> Frame {
    let title = said::title_in(call.words(), form.command);
    let title = format!("{}: {title}", view.row.number);
    let mut frame = Frame::new(call, title).counting_once(call).worded("acts");
    if LEAVING.contains(&form.command) {
        frame = frame.unhurried(view.case.part.assess.severity);
    }
    frame.lines = people::public_lines(&view.directory, &view.basis.playbook);
    frame.mark_exercise(&view.case);
    frame
}

/// People name another case by its number; the engine knows it by its journal.
async fn other_case(call: &Call, form: &Form, taken: &mut Taken) -> Result<(), Problem> {
    let fields = form.fields.iter();
    for field in fields.filter(|field| field.control == Control::OtherCase) {
        let Some(said) = taken
            .object
            .get(field.name)
            .and_then(|value| value.as_str())
        else {
            continue;
        };
        let number = said.trim().to_ascii_uppercase().parse();
        let found = match number {
            Ok(number) => call.app.desk.case(&call.onlooker()?, &number).await.ok(),
            Err(_) => None,
        };
        match found {
            Some(other) => {
                let id = other.row.journal.to_string();
                taken.object.insert(field.name.to_owned(), id.into());
            }
            None => taken.wrong.push(crate::web::problem::WrongField {
                field: format!("/{}", field.name),
                detail: call.words().say("acts-no-such-case").into_owned(),
            }),
        }
    }
    Ok(())
}

/// The same page with what is wrong, everything typed kept.
fn wrong(
    call: &Call,
    view: &CaseView,
    form: &'static Form,
    given: &Given,
    problem: Problem,
    beside: Beside,
) -> Answer {
    let mut frame = around(call, view, form);
    for one in problem.wrong_fields() {
        let field = form.field_at(&one.field).map(|field| field.name);
        let place = match one.field.as_str() {
            at if at.starts_with("/happened_at") => "happened_at",
            at if at.starts_with("/waive") => "waive_reason",
            _ => field.unwrap_or_default(),
        };
        if frame.error_of(place).is_none() || place.is_empty() {
            frame = frame.wrong(place, one.detail.clone());
        }
    }
    if problem.wrong_fields().is_empty() {
        frame = frame.wrong("", problem.detail.clone());
    }
    let no = No::none(&beside.waive);
    answer(call, problem.status, frame, view, form, given, no, beside)
}

fn refuse(
    call: &Call,
    view: &CaseView,
    form: &'static Form,
    given: &Given,
    refusal: &Refusal,
    beside: Beside,
) -> Answer {
    match refusal.kind {
        RefusalKind::Invalid => {
            let problem = DeskError::Refused(Box::new(refusal.clone())).into();
            wrong(call, view, form, given, problem, beside)
        }
        kind => {
            let status = if kind == RefusalKind::Forbidden {
                403
            } else {
                409
            };
            let no = No::of(refusal, view, &beside.waive, call.words());
            let frame = around(call, view, form);
            answer(call, status, frame, view, form, given, no, beside)
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "what a page is made of")]
fn answer(
    call: &Call,
    status: u16,
    frame: Frame,
    view: &CaseView,
    form: &'static Form,
    given: &Given,
    no: No,
    beside: Beside,
) -> Answer {
    let at = At::new(&view.case, &view.basis, call.app.desk.now());
    let number = view.row.number.to_string();
    let usual = ByHand::about_what_is_open(&view.case, &view.basis, form.command);
    let w = frame.w;
    let mut fields = match beside.shut {
        true => Vec::new(),
        false => drawn::fields(form, given, &frame, view, at),
    };
    let no_change = look::can_be_unchanged(form, at);
    // It has a button of its own, unless it was sent with something else.
    fields.retain(|field| !no_change || field.name != "no_change" || !field.value.is_empty());
    shut::leave_out(form, view, at, &mut fields);
    for field in &mut fields {
        field.required |= look::must_say(form, &field.name);
    }
    told::ask_why_it_is_lowered(form, view, &mut fields);
    let kept = told::kept(w, form, view, at, &fields);
    // Why it cannot wait for that is asked where there is something to wait for.
    let waits = |field: &Drawn| !kept.is_empty() || !field.value.is_empty();
    fields.retain(|field| form.command != told::BEGINS || field.name != "reason" || waits(field));
    fields.retain(|field| !field.is_idle());
    let options = fields.iter_mut().flat_map(|field| &mut field.options);
    for (value, words, _) in options {
        if let Some(told) = beside.told.get(value) {
            words.clone_from(told);
        }
    }
    let empty = |field: &Drawn| field.required && field.is_empty();
    let button = (!fields.iter().any(empty)).then(|| said::button(w, form).into_owned());
    let seen = told::who_sees_it(w, form, view);
    let (lead, grave) = match form.grave {
        true => (said::lead(w, form), seen.or_else(|| said::grave(w, form))),
        false => (seen.or_else(|| said::lead(w, form)), None),
    };
    let page = ActPage {
        fields,
        case_title: report::title(&view.case).unwrap_or_default(),
        command: form.command,
        title: said::title_in(w, form.command).into_owned(),
        lead: lead.unwrap_or_default().into_owned(),
        stands: told::stands(w, form, view),
        button,
        grave: grave.map(Cow::into_owned),
        later: told::left_for_the_close(w, form, view, at),
        short: takes_short_form(at),
        rules: told::rules(form, view, at),
        kept,
        no,
        opened: beside.opened,
        shut: beside.shut,
        waive_reason: beside.reason,
        no_change,
        looked_at: look::is_looked_at(form),
        zone: view.basis.project.calendar.zone().to_owned(),
        asks_when: !form
            .fields
            .iter()
            .any(|field| field.control == Control::Claim)
            || !beside.happened.is_empty()
            || frame.is_wrong("happened_at"),
        happened: beside.happened,
        day: drawn::yesterday(frame.w, view, at),
        line: line::of(&number, form, &usual, view),
        number,
        frame,
        saw: view.case.seq,
        clash: beside.clash,
    };
    frame::page(status, &page)
}

#[cfg(test)]
pub(crate) use self::said::keys as keys_of_acts;

#[cfg(test)]
mod asked_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod trial_tests;
