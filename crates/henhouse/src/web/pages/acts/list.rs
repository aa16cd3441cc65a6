//! What one may do in a case, by chapter; and what one may not, with the rule that says so.

use std::cell::OnceCell;

use askama::Template;
use procedure::agenda::Permit;
use procedure::at::At;
use procedure::{Permission, Refusal, may};

use super::offer::{Offer, offers};
use super::shut::Nothing;
use super::{said, shut};
use crate::desk::CaseView;
use crate::report::forms::{CHAPTERS, Chapter, Control, Form, Of};
use crate::report::{self, Names, people};
use crate::web::Call;
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "acts.html")]
struct ActsPage {
    frame: Frame,
    number: String,
    case_title: String,
    chapters: Vec<Part>,
}

/// A chapter.
struct Part {
    place: &'static str,
    title: String,
    open: Vec<Row>,
    closed: Vec<Row>,
}

/// An act.
struct Row {
    href: String,
    title: String,
    /// What it would be about, and with whose consent, or why not.
    more: String,
}

/// Shows the list.
pub(in crate::web::pages) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    let w = call.words();
    let title = format!("{}: {}", view.row.number, w.say("acts-list"));
    let mut frame = Frame::new(&call, title).worded("acts");
    frame.wide = true;
    frame.lines = people::public_lines(&view.directory, &view.basis.playbook);
    frame.mark_exercise(&view.case);
    let agenda = view.agenda(call.app.desk.now());
    let at = At::new(&view.case, &view.basis, call.app.desk.now());
    let part = |chapter: &Chapter| part(w, chapter, &view, at, &agenda.permits);
    let page = ActsPage {
        frame,
        number: view.row.number.to_string(),
        case_title: report::title(&view.case).unwrap_or_default(),
        chapters: CHAPTERS.iter().map(part).collect(),
    };
    frame::page(200, &page)
}

fn part(w: Words, chapter: &Chapter, view: &CaseView, at: At, permits: &[Permit]) -> Part {
    let mut part = Part {
        place: chapter.name,
        title: said::chapter(w, chapter),
        open: Vec::new(),
        closed: Vec::new(),
    };
    let names = Names::new(&view.directory);
    for form in chapter.forms {
        let of_it = permits
            .iter()
            .filter(|permit| permit.command == form.command);
        let things = OnceCell::new();
        let things = || things.get_or_init(|| things_of(form, view, at)).as_slice();
        let row =
            |on: Option<&str>, more: String| row(w, form, view, on.map(|on| (on, things())), more);
        // What is said of each thing that it can be about says more.
        let each = of_it.clone().any(|permit| permit.on.is_some());
        let refused = shut::refused(form, view, at).map(|no| why(names, no));
        let refused = refused.filter(|_| !each || !is_allowed(form, view));
        let nothing = || Nothing::of(w, form, view, at).map(|none| none.says(w));
        if let Some(more) = refused.or_else(nothing) {
            part.closed.push(row(None, more));
            continue;
        }
        let allowed = |permit: &Permit| {
            let said = permit.allowed.as_deref();
            said.map_or_else(String::new, |said| names.in_words(said))
        };
        let (mut any, mut listed) = (false, false);
        for permit in of_it {
            let on = permit.on.as_deref();
            match &permit.refused {
                Some(refusal) => part.closed.push(row(on, why(names, refusal.clone()))),
                // The form shows the checklist; a row for each of its lines says nothing more.
                None if is_about_a_line(form) => {
                    if !listed {
                        part.open.push(row(None, String::new()));
                    }
                    listed = true;
                }
                None => part.open.push(row(on, allowed(permit))),
            }
            any = true;
        }
        if !any {
            part.open.push(row(None, String::new()));
        }
    }
    part
}

fn is_allowed(form: &Form, view: &CaseView) -> bool {
    let may = may(&view.case, &view.basis, &view.onlooker.actor, form.command);
    may == Permission::Yes
}

fn why(names: Names, refusal: Refusal) -> String {
    let refusal = names.refusal(refusal);
    let rule = refusal
        .rule
        .map_or_else(String::new, |rule| format!("{rule}: "));
    format!("{rule}{} {}", refusal.sentence, refusal.yes_when)
}

fn is_about_a_line(form: &Form) -> bool {
    let first = form.fields.first();
    first.is_some_and(|field| field.control == Control::One(Of::Item))
}

/// Everything that an act may be about: what it is called, by its number.
fn things_of(form: &Form, view: &CaseView, at: At) -> Vec<Offer> {
    match form.fields.first().map(|field| field.control) {
        Some(Control::One(of) | Control::Nth(of)) => offers(of, form.command, view, at),
        _ => Vec::new(),
    }
}

fn row(w: Words, form: &Form, view: &CaseView, on: Option<(&str, &[Offer])>, more: String) -> Row {
    let query = match (on, form.fields.first()) {
        (Some((on, _)), Some(field)) => {
            format!("?{}={}", field.name, crate::web::fields::escaped(on))
        }
        _ => String::new(),
    };
    // What it would be about, in words where it has some.
    let about = on.map(|(on, things)| {
        let found = things.iter().find(|(number, _)| number == on);
        format!(" ({})", found.map_or(on, |(_, words)| words.as_str()))
    });
    let about = about.unwrap_or_default();
    Row {
        href: format!("/cases/{}/acts/{}{query}", view.row.number, form.command),
        title: format!("{}{about}", said::title_in(w, form.command)),
        more,
    }
}
