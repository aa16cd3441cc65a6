//! What is pressed on the retrospective's page: an entry is taken over into the timeline, a line is left
//! out of it, or said in other words.

use std::collections::BTreeSet;

use procedure::chapters::retrospective::{AddTimelineLine, Line, RemoveTimelineLine};
use procedure::{Command, Order, Permission, may};

use super::{answer, around};
use crate::desk::CaseView;
use crate::web::fields::Fields;
use crate::web::pages::frame;
use crate::web::registry::Answer;
use crate::web::{Call, Problem};

/// Does it, and leads back to where it was pressed.
pub(in crate::web::pages) async fn press(mut call: Call) -> Answer {
    let fields = call.form().await?;
    let view = call.case().await?;
    let (commands, place) = match wanted(&view, &fields) {
        Ok(wanted) => wanted,
        Err(problem) => return refused(&call, &view, problem).await,
    };
    for command in commands {
        if let Err(problem) = give(&call, &view, command).await {
            return refused(&call, &view, problem).await;
        }
    }
    let here = format!("/cases/{}/retrospective", view.row.number);
    let after = fields
        .get("after")
        .and_then(|after| after.parse::<u64>().ok());
    let query = after.map_or_else(String::new, |after| format!("?after={after}"));
    Ok(frame::lead_to(&format!("{here}{query}{place}")))
}

/// The commands that it takes, and the place on the page. Pressed twice it changes nothing more.
fn wanted(view: &CaseView, fields: &Fields) -> Result<(Vec<Command>, String), Problem> {
    let shown = |id: &str| {
        view.case
            .part
            .retrospective
            .shown()
            .find(|line| line.id == id)
    };
    if let Some(seq) = fields.get("take") {
        let seq: u64 = seq
            .parse()
            .map_err(|_| Problem::field("take", "Name an entry."))?;
        let place = format!("#log-{seq}");
        let entries = BTreeSet::from([seq]);
        let mut lines = view.case.part.retrospective.shown();
        if lines.any(|line| line.entries == entries) {
            return Ok((Vec::new(), place));
        }
        return Ok((
            vec![
                AddTimelineLine {
                    entries,
                    text: None,
                }
                .into(),
            ],
            place,
        ));
    }
    if let Some(id) = fields.get("leave") {
        let leave = shown(id).map(remove);
        return Ok((leave.into_iter().collect(), "#curated".to_owned()));
    }
    let line = fields.get("line").and_then(shown);
    let line = line.ok_or_else(|| Problem::field("line", "Name a line of the timeline."))?;
    let typed = frame::typed(fields, "text");
    if let Some(long) = frame::too_long(&typed) {
        return Err(Problem::field("text", long));
    }
    let (entries, text) = (line.entries.clone(), frame::text(&typed));
    let reworded = AddTimelineLine { entries, text };
    Ok((vec![reworded.into(), remove(line)], "#curated".to_owned()))
}

fn remove(line: &Line) -> Command {
    let line = line.id.clone();
    RemoveTimelineLine { line }.into()
}

async fn give(call: &Call, view: &CaseView, command: Command) -> Result<(), Problem> {
    let actor = call.onlooker()?.actor;
    if let Permission::No(refusal) = may(&view.case, &view.basis, &actor, command.name()) {
        return Err(refusal.into());
    }
    let given = call
        .app
        .desk
        .submit(view.row.journal, actor, Order::from(command), None);
    Ok(given.await.map(drop)?)
}

async fn refused(call: &Call, view: &CaseView, problem: Problem) -> Answer {
    let frame = around(call, view).wrong("", problem.detail);
    answer(call, problem.status, frame, view).await
}
