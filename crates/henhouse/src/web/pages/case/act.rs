//! What the page of a case does: a note, a tick, a file, taking it, saying that one is still there, answering a
//! call-in.

use procedure::chapters::calling::AnswerCallIn;
use procedure::chapters::commander::{Acknowledge, SayStillHere};
use procedure::chapters::record::{AddNote, TickItem, UntickItem};
use procedure::{Command, Order, Permission, RefusalKind, may};

use super::exhibit::{self, Typed};
use super::{acts, answer, frame, parts, undo};
use crate::desk::{CaseView, DeskError, OneUse};
use crate::report::Names;
use crate::report::forms::{self, Form};
use crate::web::api::upload;
use crate::web::capture::{self, Captured};
use crate::web::fields::Fields;
use crate::web::form::ONCE_FIELD;
use crate::web::registry::Answer;
use crate::web::{Call, Problem};

/// Adds a note, ticks a line of the checklist, takes command, or answers what was asked.
pub(in crate::web::pages) async fn act(mut call: Call) -> Answer {
    if upload::is_form(&call) {
        return exhibit::add(call).await;
    }
    let fields = call.form().await?;
    let view = call.case().await?;
    let here = format!("/cases/{}", view.row.number);
    if let Some(command) = tick(&fields) {
        return match give(&call, &view, command, None).await {
            // Somebody was faster, or a thumb tapped twice: it is as it was wanted.
            Ok(_) | Err(Given::Already(_)) => Ok(frame::lead_to(&format!("{here}#checklist"))),
            Err(Given::No(problem)) => refused(&call, problem, String::new()).await,
        };
    }
    if let Some(seq) = fields.get("undo") {
        return undo::undo(&call, &view, seq, &fields).await;
    }
    let typed = frame::typed(&fields, "text");
    match captured(&call, &view, &fields, &typed) {
        Line::Act(form, filled) => return acts::carry(call, form, filled).await,
        Line::Nobody(name) => {
            let words = call
                .words()
                .with("case-note-nobody", "name", &name)
                .to_string();
            let frame = frame(&call, &view).wrong("text", words);
            return answer(&call, 422, frame, &view, (typed, Typed::default())).await;
        }
        Line::Plain => {}
    }
    let (command, place) = match (fields.get("act"), frame::text(&typed)) {
        (Some("take"), _) => (Command::from(Acknowledge { only_command: true }), ""),
        (Some("still_here"), _) => (SayStillHere {}.into(), "?said=here"),
        (Some("come"), _) => (comes(true), "?said=come"),
        (Some("cannot_come"), _) => (comes(false), "?said=cannot_come"),
        (_, Some(text)) if frame::too_long(&typed).is_none() => {
            let restricted = false;
            (AddNote { text, restricted }.into(), "#timeline")
        }
        _ => {
            let words = frame::too_long(&typed);
            let first = || call.words().say("case-note-first").into_owned();
            let words = words.unwrap_or_else(first);
            let frame = frame(&call, &view).wrong("text", words);
            return answer(&call, 422, frame, &view, (typed, Typed::default())).await;
        }
    };
    if let Command::AnswerCallIn(answer) = &command
        && parts::has_said(&view, answer.accept)
    {
        // A thumb tapped twice.
        return Ok(frame::lead_to(&format!("{here}{place}")));
    }
    let once = frame::once(&fields).map(|key| call.one_use(key));
    match give(&call, &view, command, once).await {
        Ok(Some(seq)) if place == "#timeline" => {
            let there = format!("{here}?did=add_note&undo={seq}{place}");
            Ok(frame::lead_to(&there))
        }
        Ok(_) => Ok(frame::lead_to(&format!("{here}{place}"))),
        Err(Given::No(problem)) => refused(&call, problem, typed).await,
        Err(Given::Already(why))
            if matches!(
                fields.get("act"),
                Some("still_here" | "come" | "cannot_come")
            ) =>
        {
            refused(&call, why, typed).await
        }
        Err(Given::Already(_)) => {
            let words = call.words().say("case-faster");
            refused(&call, Problem::new("conflict", words), typed).await
        }
    }
}

/// What the capture line says.
enum Line {
    /// A note, or it was not used.
    Plain,
    /// More than a note: the form of the act, filled in.
    Act(&'static Form, Fields),
    /// It names somebody who is not there.
    Nobody(String),
}

fn captured(call: &Call, view: &CaseView, fields: &Fields, typed: &str) -> Line {
    let known = call.known().ok();
    let Some(known) = known.filter(|_| fields.get("act") == Some("note")) else {
        return Line::Plain;
    };
    let people = acts::who_there_is(view, Names::new(&view.directory));
    let (command, said) = match capture::read(typed, &people, &known.name) {
        Captured::Act(command, said) => (command, said),
        Captured::Nobody(name) => return Line::Nobody(name),
        Captured::Note => return Line::Plain,
    };
    let mut filled = Fields::default();
    for (name, value) in said {
        filled.push(name.to_owned(), value);
    }
    if let Some(key) = frame::once(fields) {
        filled.push(ONCE_FIELD.to_owned(), key);
    }
    forms::find(command).map_or(Line::Plain, |form| Line::Act(form, filled))
}

/// Why a command was not carried out.
enum Given {
    /// It was so already, or somebody was faster.
    Already(Problem),
    /// It cannot be.
    No(Problem),
}

fn comes(accept: bool) -> Command {
    let reason = None;
    AnswerCallIn { accept, reason }.into()
}

fn tick(fields: &Fields) -> Option<Command> {
    if let Some(item) = fields.get("tick") {
        let (item, proof) = (item.to_owned(), None);
        return Some(TickItem { item, proof }.into());
    }
    let item = fields.get("untick")?.to_owned();
    Some(UntickItem { item, reason: None }.into())
}

/// Carries it out; answers the entry that can be undone, if there is one.
async fn give(
    call: &Call,
    view: &CaseView,
    command: Command,
    once: Option<OneUse>,
) -> Result<Option<u64>, Given> {
    let actor = call.onlooker().map_err(Given::No)?.actor;
    if let Permission::No(refusal) = may(&view.case, &view.basis, &actor, command.name()) {
        return Err(Given::No(refusal.into()));
    }
    let name = command.name();
    let order = Order::from(command);
    let given = call.app.desk.submit(view.row.journal, actor, order, once);
    match given.await {
        Ok(told) => Ok(undo::entry_of(call, name, &told.entries).await),
        Err(DeskError::Refused(no)) if no.kind == RefusalKind::Conflict => {
            Err(Given::Already(DeskError::Refused(no).into()))
        }
        Err(error) => Err(Given::No(error.into())),
    }
}

pub(super) async fn refused(call: &Call, problem: Problem, typed: String) -> Answer {
    let view = call.case().await?;
    let frame = frame(call, &view).wrong("", problem.detail);
    let unsent = (typed, Typed::default());
    answer(call, problem.status, frame, &view, unsent).await
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::web::stage::{Stage, bytes};

    const BUTTONS: [&str; 2] = ["value=\"come\"", "value=\"cannot_come\""];

    #[tokio::test]
    async fn whoever_is_called_in_says_in_one_tap_whether_they_come() {
        let stage = Stage::new().await;
        let (ann, bob, dee) = (
            stage.token("ann", "member").await,
            stage.token("bob", "member").await,
            stage.token("dee", "member").await,
        );
        let secret = json!({ "text": "zebra", "project": "farm", "restricted": true });
        stage.report_as(secret).await;
        let shows = async |who: &str| {
            let html = stage.get("/cases/HH-1", Some(who)).await.text();
            BUTTONS.map(|button| html.contains(button))
        };
        let tap = async |who: &str, act: &str| {
            let asking = bytes("/cases/HH-1", format!("act={act}").as_bytes());
            let asking = asking.with("authorization", &format!("Bearer {who}"));
            stage.send(asking).await
        };
        let acknowledge = json!({ "command": "acknowledge" });
        stage.command("HH-1", &ann, acknowledge).await;
        assert_eq!(shows(&ann).await, [false; 2], "nobody is called in");
        assert_eq!(tap(&dee, "come").await.status, 404, "not hers to know of");
        for (who, token, act, said) in [
            (
                "dee",
                &dee,
                "cannot_come",
                "Noted: you cannot come. Whoever asked",
            ),
            ("dee", &dee, "come", "Noted: you come. Whoever asked"),
            ("bob", &bob, "come", "Noted: you come. Whoever asked"),
        ] {
            let call_in = json!({ "command": "call_in", "person": who });
            stage.command("HH-1", &ann, call_in).await;
            assert_eq!(shows(token).await, [true; 2], "{who} is asked");
            assert_eq!(shows(&ann).await, [false; 2], "nobody else is");
            let html = stage.get("/cases/HH-1", Some(token)).await.text();
            assert!(
                html.contains("The ann asks you to come and help."),
                "{html}"
            );
            assert_eq!(tap(&ann, act).await.status, 409, "nobody asked Ann");
            let answered = tap(token, act).await;
            let there = answered.header("location").to_owned();
            assert_eq!(
                (answered.status, &*there),
                (303, &*format!("/cases/HH-1?said={act}"))
            );
            let html = stage.get(&there, Some(token)).await.text();
            assert!(html.contains(said), "{html}");
            assert_eq!(shows(token).await, [false; 2], "{who} has answered");
            let again = tap(token, act).await;
            assert_eq!(
                (again.status, again.header("location")),
                (303, &*there),
                "tapped twice"
            );
            let other = if act == "come" { "cannot_come" } else { "come" };
            let other = tap(token, other).await.status;
            assert!([403, 409].contains(&other), "answered already: {other}");
        }
        let case = stage.get("/api/v1/cases/HH-1", Some(&ann)).await.json();
        let responders = case["responders"].to_string();
        assert!(
            responders.contains("dee") && responders.contains("bob"),
            "{case}"
        );
    }
}
