//! `/projects/{slug}/playbook/{edition}`: one edition as a document, and its review where it waits for one.

use askama::Template;
use procedure::playbook::show;
use procedure::project::{Edition, ProjectCommand};
use procedure::{Text, Who};

use super::document::{Piece, pieces};
use super::{findings, stands};
use crate::report::Names;
use crate::web::pages::frame::{self, Frame};
use crate::web::pages::input::Input;
use crate::web::pages::project::Opened;
use crate::web::registry::Answer;
use crate::web::{Call, Problem};

#[derive(Template)]
#[template(path = "playbook_edition.html")]
struct EditionPage {
    frame: Frame,
    at: String,
    number: u32,
    stands: String,
    /// It waits, and whoever looks may review it.
    may_review: bool,
    /// Whoever looks proposed it.
    own: bool,
    wait_minutes: u32,
    note: Input,
    findings: Vec<(bool, String, String)>,
    before: Option<u32>,
    pieces: Vec<Piece>,
}

/// Shows it.
pub(in crate::web::pages::project) async fn show(call: Call) -> Answer {
    let opened = Opened::of(&call).await?;
    let frame = opened.frame(&call, "playbook-title", "playbook");
    page(&call, &opened, 200, frame, "")
}

/// Accepts it, or turns it down.
pub(in crate::web::pages::project) async fn review(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let opened = Opened::of(&call).await?;
    let number = edition(&call, &opened)?.playbook.edition;
    let accepted = fields.get("act") == Some("accept");
    let note = frame::typed(&fields, "note");
    let command = ProjectCommand::ReviewPlaybook {
        edition: number,
        accepted,
        note: frame::text(&note),
    };
    let actor = call.known()?.actor();
    let change = call
        .app
        .desk
        .change_project(opened.id, actor, command, None);
    match change.await.map_err(Problem::from) {
        Ok(_) => {
            let done = if accepted { "accepted" } else { "turned-down" };
            let slug = opened.slug();
            Ok(frame::lead_to(&format!(
                "/projects/{slug}/playbook?done={done}"
            )))
        }
        Err(problem) if matches!(problem.status, 403 | 409 | 422) => {
            let frame = opened.frame(&call, "playbook-title", "playbook");
            page(
                &call,
                &opened,
                problem.status,
                frame.wrong("note", problem.detail),
                &note,
            )
        }
        Err(problem) => Err(problem),
    }
}

fn edition<'a>(call: &Call, opened: &'a Opened) -> Result<&'a Edition, Problem> {
    let number = call.param("edition").parse::<u32>().ok();
    let edition = number.and_then(|number| opened.state.editions.get(&number));
    edition.ok_or_else(|| Problem::not_found("edition"))
}

fn page(call: &Call, opened: &Opened, status: u16, frame: Frame, typed: &str) -> Answer {
    let (w, edition, known) = (call.words(), edition(call, opened)?, call.known()?);
    let number = edition.playbook.edition;
    let reason = edition.note.as_ref().and_then(Text::plain);
    let text = match &edition.overridden {
        Some(overridden) => show::show_project(&edition.playbook, overridden, reason),
        None => show::show(&edition.playbook),
    };
    let me = known.person.as_deref();
    let wait = opened.state.in_force();
    let wait = wait.map_or(0, |used| used.playbook.command.one_person_confirm_minutes);
    let before = opened
        .state
        .editions
        .keys()
        .rev()
        .find(|other| **other < number);
    let page = EditionPage {
        at: format!("/projects/{}/playbook", opened.slug()),
        number,
        stands: stands(
            (w, &opened.times(call)),
            Names::new(&opened.state.directory),
            edition,
        ),
        may_review: edition.verdict.is_none() && known.may_write() && me.is_some(),
        own: matches!(&edition.author, Who::Person(author) if Some(&*author.0) == me),
        wait_minutes: wait,
        note: Input::long("note", 3, w.say("playbook-note"), typed)
            .hint(w.say("playbook-note-hint"))
            .told(&frame),
        findings: findings(call, opened, edition),
        before: before.copied(),
        pieces: pieces(&text),
        frame,
    };
    frame::page(status, &page)
}
