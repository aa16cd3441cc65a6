//! What the page of a case does: a note, a tick, a file, taking it, saying that one is still there.

use procedure::chapters::commander::{Acknowledge, SayStillHere};
use procedure::chapters::record::{AddNote, TickItem, UntickItem};
use procedure::{Command, Order, Permission, RefusalKind, may};

use super::exhibit::{self, Typed};
use super::{answer, frame};
use crate::desk::{CaseView, DeskError, OneUse};
use crate::web::api::upload;
use crate::web::fields::Fields;
use crate::web::registry::Answer;
use crate::web::{Call, Problem};

/// Adds a note, ticks a line of the checklist, or takes command.
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
            Ok(()) | Err(Given::Already(_)) => Ok(frame::lead_to(&format!("{here}#checklist"))),
            Err(Given::No(problem)) => refused(&call, problem, String::new()).await,
        };
    }
    let typed = frame::typed(&fields, "text");
    let (command, place) = match (fields.get("act"), frame::text(&typed)) {
        (Some("take"), _) => (Command::from(Acknowledge { only_command: true }), ""),
        (Some("still_here"), _) => (SayStillHere {}.into(), "?said=here"),
        (_, Some(text)) if frame::too_long(&typed).is_none() => {
            let restricted = false;
            (AddNote { text, restricted }.into(), "#timeline")
        }
        _ => {
            let words = frame::too_long(&typed);
            let words = words.unwrap_or_else(|| "Write the note first.".to_owned());
            let frame = frame(&call, &view).wrong("text", words);
            return answer(&call, 422, frame, &view, None, (typed, Typed::default())).await;
        }
    };
    let once = frame::once(&fields).map(|key| call.one_use(key));
    match give(&call, &view, command, once).await {
        Ok(()) => Ok(frame::lead_to(&format!("{here}{place}"))),
        Err(Given::No(problem)) => refused(&call, problem, typed).await,
        Err(Given::Already(why)) if fields.get("act") == Some("still_here") => {
            refused(&call, why, typed).await
        }
        Err(Given::Already(_)) => {
            let words = "Somebody was faster: see how things stand now.";
            refused(&call, Problem::new("conflict", words), typed).await
        }
    }
}

/// Why a command was not carried out.
enum Given {
    /// It was so already, or somebody was faster.
    Already(Problem),
    /// It cannot be.
    No(Problem),
}

fn tick(fields: &Fields) -> Option<Command> {
    if let Some(item) = fields.get("tick") {
        let (item, proof) = (item.to_owned(), None);
        return Some(TickItem { item, proof }.into());
    }
    let item = fields.get("untick")?.to_owned();
    Some(UntickItem { item, reason: None }.into())
}

async fn give(
    call: &Call,
    view: &CaseView,
    command: Command,
    once: Option<OneUse>,
) -> Result<(), Given> {
    let actor = call.onlooker().map_err(Given::No)?.actor;
    if let Permission::No(refusal) = may(&view.case, &view.basis, &actor, command.name()) {
        return Err(Given::No(refusal.into()));
    }
    let order = Order::from(command);
    let given = call.app.desk.submit(view.row.journal, actor, order, once);
    match given.await {
        Ok(_) => Ok(()),
        Err(DeskError::Refused(no)) if no.kind == RefusalKind::Conflict => {
            Err(Given::Already(DeskError::Refused(no).into()))
        }
        Err(error) => Err(Given::No(error.into())),
    }
}

async fn refused(call: &Call, problem: Problem, typed: String) -> Answer {
    let view = call.case().await?;
    let frame = frame(call, &view).wrong("", problem.detail);
    let unsent = (typed, Typed::default());
    answer(call, problem.status, frame, &view, None, unsent).await
}
