//! What one may do in a case, by chapter; and what one may not, with the rule that says so.

use askama::Template;
use procedure::agenda::Permit;
use procedure::{Permission, may};

use super::said;
use crate::desk::CaseView;
use crate::report::forms::{CHAPTERS, Chapter, Form};
use crate::report::{self, people};
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
    let part = |chapter: &Chapter| part(w, chapter, &view, &agenda.permits);
    let page = ActsPage {
        frame,
        number: view.row.number.to_string(),
        case_title: report::title(&view.case).unwrap_or_default(),
        chapters: CHAPTERS.iter().map(part).collect(),
    };
    frame::page(200, &page)
}

fn part(w: Words, chapter: &Chapter, view: &CaseView, permits: &[Permit]) -> Part {
    let mut part = Part {
        place: chapter.name,
        title: said::chapter(w, chapter),
        open: Vec::new(),
        closed: Vec::new(),
    };
    for form in chapter.forms {
        let of_it = permits
            .iter()
            .filter(|permit| permit.command == form.command);
        match may(&view.case, &view.basis, &view.onlooker.actor, form.command) {
            Permission::No(refusal) => {
                let more = format!("{} {}", refusal.sentence, refusal.yes_when);
                part.closed.push(row(w, form, view, None, more));
            }
            Permission::Yes => {
                let mut any = false;
                for permit in of_it {
                    any = true;
                    let on = permit.on.as_deref();
                    if let Some(refusal) = &permit.refused {
                        let rule = refusal
                            .rule
                            .map_or_else(String::new, |rule| format!("{rule}: "));
                        let more = format!("{rule}{} {}", refusal.sentence, refusal.yes_when);
                        part.closed.push(row(w, form, view, on, more));
                    } else {
                        let more = permit.allowed.clone().unwrap_or_default();
                        part.open.push(row(w, form, view, on, more));
                    }
                }
                if !any {
                    part.open.push(row(w, form, view, None, String::new()));
                }
            }
        }
    }
    part
}

fn row(w: Words, form: &Form, view: &CaseView, on: Option<&str>, more: String) -> Row {
    let field = form.fields.first().map(|field| field.name);
    let query = match (on, field) {
        (Some(on), Some(field)) => format!("?{field}={}", crate::web::fields::escaped(on)),
        _ => String::new(),
    };
    let about = on.map_or_else(String::new, |on| format!(" ({on})"));
    Row {
        href: format!("/cases/{}/acts/{}{query}", view.row.number, form.command),
        title: format!("{}{about}", said::title_in(w, form.command)),
        more,
    }
}
